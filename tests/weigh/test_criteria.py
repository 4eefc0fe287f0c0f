"""By which facts pairs are what they are: what is told agrees with what decided."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from claimtrack.facts import UNLINKED, EntryFacts, PairLinks
from claimtrack.vocab import PairClass, PairStatus, Timing
from claimtrack.weigh.attribution import (
    get_shared_principals,
    get_shared_voices,
    is_own_deed,
    share_voice,
)
from claimtrack.weigh.chronology import is_surely_before
from claimtrack.weigh.classification import RULES, STATUSES, Pair, weigh_pair
from claimtrack.weigh.criteria import (
    Criterion,
    Doubt,
    TimeRelation,
    compare_times,
    get_agreed_exclusive_topics,
    get_exclusive_topic,
    get_unopposed_stances,
    list_criteria,
    list_doubts,
)
from claimtrack.weigh.opposition import (
    TimeExclusion,
    Via,
    find_time_exclusion,
    list_stance_grounds,
    oppose,
)
from drawn_casebooks import draw_dossier
from facts_of import DossierFacts
from weighed import fact, says

SEEDS = range(60)
MARCH, APRIL = "2025-03-01/2025-03-31", "2025-04-01/2025-04-30"
YES, NO = says(1, 2), says(1, -2)


def drawn() -> Iterator[tuple[EntryFacts, EntryFacts, PairLinks]]:
    """Every two entries of casebooks by chance."""
    for seed in SEEDS:
        casebook = DossierFacts(draw_dossier(seed))
        for names in combinations(sorted(casebook.entries), 2):
            yield casebook.facts(names[0]), casebook.facts(names[1]), casebook.links(*names)


def pairs() -> Iterator[tuple[Pair, PairLinks]]:
    for one, other, links in drawn():
        pair = weigh_pair(one, other, links)
        if pair is not None and pair.opposition is not None:
            yield pair, links


def weighed(one: EntryFacts, other: EntryFacts, links: PairLinks = UNLINKED) -> Pair:
    pair = weigh_pair(one, other, links)
    assert pair is not None
    return pair


def test_every_class_and_status_has_its_rule() -> None:
    assert list(RULES) == list(PairClass)
    assert list(STATUSES) == list(PairStatus)


def test_voices_are_shared_and_deeds_are_own_where_somebody_makes_them_so() -> None:
    for one, other, _ in drawn():
        assert bool(get_shared_voices(one, other)) is share_voice(one, other)
        assert bool(get_shared_principals(one, other)) is is_own_deed(one, other)
    ministry, state = fact("statement", 1, actor=11, over=(10,)), fact("statement", 2, actor=10)
    assert get_shared_voices(ministry, state) == get_shared_voices(state, ministry) == {10}
    assert (
        get_shared_principals(fact("action", 3, actor=10), fact("claim", 4, actor=20))
        == frozenset()
    )


def holds(criterion: Criterion, pair: Pair, links: PairLinks) -> bool:
    """Whether a criterion is met in favour of the narrower class."""
    subject, counter, found = pair.subject, pair.counter, pair.opposition
    assert found is not None
    times = compare_times(subject, counter)
    match criterion:
        case Criterion.VOICE:
            return share_voice(subject, counter)
        case Criterion.OWN_DEED:
            return is_own_deed(counter, subject)
        case Criterion.PRINCIPAL:
            return subject.principal == counter.principal
        case Criterion.REPLY:
            return bool(links.replies)
        case Criterion.ORDER:
            return is_surely_before(subject, counter)
        case Criterion.PERIOD:
            return times is None or times.relation is not TimeRelation.OUTSIDE
        case Criterion.CONDITION:
            return found.unconditional
        case Criterion.FIGURES:
            return found.via == {Via.FIGURE}
        case Criterion.STRENGTH:
            return found.strength == 2 and found.explicit is True


MET: dict[PairClass, dict[Criterion, bool]] = {
    PairClass.BREACH: {
        Criterion.VOICE: True,
        Criterion.PERIOD: True,
        Criterion.CONDITION: True,
    },
    PairClass.BELIED_BY_ACTION: {Criterion.OWN_DEED: True, Criterion.STRENGTH: True},
    PairClass.AT_ODDS_WITH_ACTION: {Criterion.OWN_DEED: True},
    PairClass.COUNTERED_BY_ACTION: {Criterion.OWN_DEED: False},
    PairClass.DENIAL: {Criterion.REPLY: True, Criterion.VOICE: False},
    PairClass.REVERSAL: {Criterion.VOICE: True},
    PairClass.DISPUTE: {Criterion.PRINCIPAL: False, Criterion.VOICE: False},
}
"""What is always so of a criterion that is told of a pair of a class."""


def test_what_is_told_of_a_class_is_what_its_rule_wants() -> None:
    seen = set()
    for pair, links in pairs():
        assert pair.klass is not None
        told = list_criteria(pair)
        assert len(set(told)) == len(told)
        seen.add(pair.klass)
        for criterion, met in MET.get(pair.klass, {}).items():
            if criterion in told:
                assert holds(criterion, pair, links) is met, (pair, criterion)
            else:
                assert pair.klass is PairClass.DISPUTE
    assert seen == set(PairClass)


def test_of_the_weaker_of_two_classes_something_told_does_not_hold() -> None:
    for pair, links in pairs():
        told = {one: holds(one, pair, links) for one in list_criteria(pair)}
        match pair.klass:
            case PairClass.AT_ODDS_WITH_ACTION:
                certain = pair.timing is not Timing.POSSIBLE
                assert not (told[Criterion.STRENGTH] and told.get(Criterion.ORDER, certain))
            case PairClass.INCONSISTENT_LINE | PairClass.AT_ODDS_WITH_RECORD if told:
                assert not all(told.values())


def test_the_timing_is_possible_where_there_is_a_doubt() -> None:
    seen = set[Doubt]()
    for pair, _ in pairs():
        doubts = list_doubts(pair)
        seen.update(doubts)
        assert bool(doubts) is (pair.timing is Timing.POSSIBLE)
        assert Doubt.ORDER not in doubts or pair.klass is PairClass.BREACH
    assert seen == set(Doubt)


def test_what_keeps_two_apart_is_how_their_times_lie() -> None:
    seen = set[TimeExclusion]()
    for one, other, _ in drawn():
        apart, times = find_time_exclusion(one, other), compare_times(one, other)
        if apart in (TimeExclusion.DISJOINT_PERIODS, TimeExclusion.DEED_OUTSIDE_PERIOD):
            assert times is not None
            assert times.relation in (TimeRelation.DISJOINT, TimeRelation.OUTSIDE)
        elif apart is None:
            assert times is None or times.relation not in (
                TimeRelation.DISJOINT,
                TimeRelation.OUTSIDE,
            )
        seen.update({apart} if apart else ())
    assert seen == set(TimeExclusion)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"about": MARCH}, {"about": "2025-03-31/"}, TimeRelation.OVERLAP, id="meet"),
        pytest.param({"about": MARCH}, {"about": APRIL}, TimeRelation.DISJOINT, id="apart"),
        pytest.param({"about": MARCH}, {}, None, id="one speaks of none"),
        pytest.param({"on": MARCH}, {"on": MARCH}, None, id="the days of words are no period"),
    ],
)
def test_the_periods_of_words_meet_or_are_disjoint(
    one: dict[str, Any], other: dict[str, Any], expected: TimeRelation | None
) -> None:
    times = compare_times(fact("claim", 1, **one), fact("statement", 2, **other))
    assert (times and times.relation) == expected


def test_the_days_of_a_deed_are_held_against_the_period_of_a_promise() -> None:
    promise = fact("commitment", 1, YES, on="2025-03-01", about="/2025-03-31")
    deed = fact("action", 2, NO, on="2025-03-30/2025-04-02")
    times = compare_times(promise, deed)
    assert times is not None
    assert (times.one, times.other, times.relation) == (deed, promise, TimeRelation.POSSIBLY_INSIDE)
    assert times.period.first == promise.date.first
    assert list_doubts(weighed(promise, deed)) == (Doubt.PERIOD,)


@pytest.mark.parametrize(
    ("subject", "counter", "links", "expected"),
    [
        pytest.param(
            fact("claim", 1, YES), fact("claim", 2, NO), UNLINKED, (), id="two claims: kinds alone"
        ),
        pytest.param(
            fact("claim", 1, YES), fact("statement", 2, NO, actor=30), UNLINKED,
            (Criterion.REPLY,), id="no reply",
        ),
        pytest.param(
            fact("claim", 1, YES), fact("statement", 2, NO), PairLinks(replies=frozenset({2})),
            (Criterion.REPLY, Criterion.VOICE, Criterion.ORDER), id="a reply of one voice",
        ),
        pytest.param(
            fact("action", 1, YES), fact("action", 2, NO), UNLINKED, (), id="two deeds"
        ),
        pytest.param(
            fact("commitment", 1, says(1, 2, condition="if"), on="2025-03-01"),
            fact("action", 2, NO, on="2025-03-05"), UNLINKED,
            (Criterion.VOICE, Criterion.ORDER, Criterion.PERIOD, Criterion.CONDITION),
            id="a promise under a condition",
        ),
        pytest.param(
            fact("commitment", 1, YES, on="2025-03-01"),
            fact("action", 2, NO, on="2025-03-05", actor=30), UNLINKED,
            (Criterion.VOICE, Criterion.PRINCIPAL), id="a deed of another",
        ),
    ],
)  # fmt: skip
def test_only_what_the_kinds_leave_open_is_told(
    subject: EntryFacts, counter: EntryFacts, links: PairLinks, expected: tuple[Criterion, ...]
) -> None:
    assert list_criteria(weighed(subject, counter, links)) == expected


def test_what_is_shared_is_what_is_not_opposed() -> None:
    one = fact("claim", 1, says(1, 2), says(2, -1), says(3, 2), says(4, 0), says(5, 1))
    other = fact("claim", 2, says(1, 1), says(2, -2), says(3, -2), says(4, 2))
    found = {
        (mine.proposition, mine.value, theirs.value)
        for mine, theirs in get_unopposed_stances(one, other)
    }
    assert found == {(1, 2, 1), (2, -1, -2), (4, 0, 2)}


def test_an_exclusive_topic_is_settled_where_both_affirm_one_proposition_of_it() -> None:
    both = [says(p, 2, exclusive_topic=7) for p in (1, 2)]
    one, other = fact("claim", 1, *both), fact("claim", 2, both[0])
    assert get_agreed_exclusive_topics(one, other) == {7}
    assert get_agreed_exclusive_topics(fact("claim", 1, both[1]), other) == frozenset()
    assert get_agreed_exclusive_topics(other, other) == frozenset()
    for mine, theirs, _ in drawn():
        topics = {get_exclusive_topic(ground) for ground in list_stance_grounds(mine, theirs)} - {
            None
        }
        assert get_agreed_exclusive_topics(mine, theirs).isdisjoint(topics)
        found = oppose(mine, theirs, UNLINKED)
        if found and Via.EXCLUSIVE_TOPIC in found.via:
            assert topics
