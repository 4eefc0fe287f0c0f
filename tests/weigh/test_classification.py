"""Who opposes whom, on which grounds, and what the pair is called."""

from typing import Any

import pytest

from claimtrack.facts import UNLINKED, EntryFacts, PairLinks
from claimtrack.weigh.attribution import is_own_deed, share_voice
from claimtrack.weigh.classification import classify, get_status
from claimtrack.weigh.opposition import Opposition, Via, find_agreement, oppose
from weighed import fact, says

YES, NO = says(1, 2), says(1, -2)
MARCH, APRIL = "2025-03-01/2025-03-31", "2025-04-01/2025-04-30"


def opposition(one: EntryFacts, other: EntryFacts, links: PairLinks = UNLINKED) -> Opposition:
    found = oppose(one, other, links)
    assert found is not None
    return found


def named(one: EntryFacts, other: EntryFacts, links: PairLinks = UNLINKED) -> tuple[str, Any]:
    klass, timing = classify(one, other, links, opposition(one, other, links))
    return klass.value, timing and timing.value


@pytest.mark.parametrize(
    ("mine", "theirs", "strength"),
    [
        pytest.param([says(1, 2)], [says(1, -2)], 2, id="outright"),
        pytest.param([says(1, 2)], [says(1, -1)], 1, id="the weaker"),
        pytest.param([says(1, -1)], [says(1, 2)], 1, id="the other way round"),
        pytest.param([says(1, 1), says(2, 2)], [says(1, -1), says(2, -2)], 2, id="the best"),
        pytest.param([says(1, 2)], [says(1, 2)], None, id="one side"),
        pytest.param([says(1, 2)], [says(1, 0)], None, id="open"),
        pytest.param([says(1, 2)], [says(2, -2)], None, id="another proposition"),
        pytest.param([], [], None, id="nothing"),
    ],
)
def test_opposite_signs_on_one_proposition_are_a_ground(
    mine: list[Any], theirs: list[Any], strength: int | None
) -> None:
    found = oppose(fact("claim", 1, *mine), fact("claim", 2, *theirs), UNLINKED)
    assert (found and found.strength) == strength
    if found:
        assert found.via == {Via.PROPOSITION}


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        pytest.param([(1, 2, 7)], [(2, 1, 7)], 1, id="both affirmed"),
        pytest.param([(1, 2, 7)], [(2, -1, 7)], None, id="one denied"),
        pytest.param([(1, 2, 7)], [(2, 1, 8)], None, id="of two topics"),
        pytest.param([(1, 2, None)], [(2, 1, None)], None, id="of a topic that is not exclusive"),
        pytest.param([(1, 2, 7), (2, 1, 7)], [(2, 1, 7)], None, id="both affirm one of them"),
        pytest.param([(1, 2, 7), (3, 1, 8)], [(2, 1, 7), (3, 1, 8)], 1, id="agreed elsewhere"),
    ],
)
def test_two_propositions_of_an_exclusive_topic_are_a_ground(
    mine: list[Any], theirs: list[Any], expected: int | None
) -> None:
    one, other = (
        fact("claim", key, *(says(p, v, exclusive_topic=topic) for p, v, topic in taken))
        for key, taken in enumerate((mine, theirs), 1)
    )
    found = oppose(one, other, UNLINKED)
    assert (found and found.strength) == expected
    if found:
        assert found.via == {Via.EXCLUSIVE_TOPIC}


def test_a_link_is_a_ground_and_decides_only_alone() -> None:
    links = PairLinks(contradicts={91: 2, 92: 1})
    alone = opposition(fact("claim", 1), fact("claim", 2), links)
    assert (alone.strength, alone.explicit, alone.judges) == (2, None, frozenset({91, 92}))
    beside = opposition(fact("claim", 1, YES), fact("claim", 2, says(1, -1)), links)
    assert (beside.strength, beside.explicit, beside.judges) == (1, True, frozenset({90, 91, 92}))


def test_of_equally_strong_grounds_the_explicit_decides() -> None:
    weak, sure = says(1, -2, explicit=False), says(2, -2)
    both = opposition(fact("claim", 1, YES, says(2, 2)), fact("claim", 2, weak, sure))
    assert both.explicit is True
    alone = opposition(fact("claim", 1, YES), fact("claim", 2, weak, says(3, -2)))
    assert alone.explicit is False


@pytest.mark.parametrize(
    ("one", "other", "opposed"),
    [
        pytest.param(
            fact("claim", 1, YES, about=MARCH), fact("claim", 2, NO, about=APRIL), False, id="apart"
        ),
        pytest.param(
            fact("claim", 1, YES, about=MARCH), fact("claim", 2, NO), True, id="one without"
        ),
        pytest.param(
            fact("claim", 1, YES, about=MARCH), fact("action", 2, NO, on="2025-04-05"), False,
            id="a deed outside",
        ),
        pytest.param(
            fact("claim", 1, YES, about=MARCH), fact("action", 2, NO, on="2025-03-31/2025-04-05"),
            True, id="a deed possibly inside",
        ),
        pytest.param(
            fact("commitment", 1, YES, on="2025-03-01"), fact("action", 2, NO, on="2025-02-01"),
            False, id="a deed before the promise",
        ),
        pytest.param(
            fact("commitment", 1, YES, on="2025-03-01", about="2025-02-01/"),
            fact("action", 2, NO, on="2025-02-15"), False, id="before it and in its period",
        ),
        pytest.param(
            fact("action", 1, YES, on="2025-02-01"), fact("action", 2, NO, on="2025-04-01"), True,
            id="deeds without a period",
        ),
    ],
)  # fmt: skip
def test_periods_and_the_order_of_promise_and_deed_keep_stances_apart(
    one: EntryFacts, other: EntryFacts, opposed: bool
) -> None:
    assert (oppose(one, other, UNLINKED) is not None) is opposed
    assert (oppose(other, one, UNLINKED) is not None) is opposed
    linked = opposition(one, other, PairLinks(contradicts={91: 1}))
    assert bool(linked.grounds) is opposed


def test_entries_agree_by_side_or_link_unless_they_are_kept_apart() -> None:
    one, other = fact("claim", 1, YES), fact("statement", 2, says(1, 1))
    assert find_agreement(one, other, UNLINKED)
    assert not find_agreement(one, fact("claim", 3, NO), UNLINKED)
    assert not find_agreement(one, fact("claim", 3, says(1, 0)), UNLINKED)
    corroborates = PairLinks(corroborates={90: 1})
    assert find_agreement(one, fact("claim", 3), corroborates)
    apart = fact("claim", 4, YES, about=MARCH), fact("claim", 5, YES, about=APRIL)
    assert not find_agreement(*apart, UNLINKED)
    assert find_agreement(*apart, corroborates)


def test_a_voice_is_shared_with_oneself_and_with_those_above() -> None:
    ministry = fact("statement", 1, actor=11, over=(10,))
    state = fact("statement", 2, actor=10)
    other_ministry = fact("statement", 3, actor=12, over=(10,))
    joint = fact(
        "statement", 4, actor=30, voices=frozenset({30, 11}), ancestry=frozenset({30, 11, 10})
    )
    assert share_voice(ministry, state)
    assert share_voice(state, ministry)
    assert share_voice(ministry, joint)
    assert not share_voice(ministry, other_ministry)


def test_a_deed_is_own_to_whom_speaks_or_is_spoken_of() -> None:
    deed = fact("action", 1, actor=11, over=(10,))
    assert is_own_deed(deed, fact("claim", 2, actor=12, over=(10,)))
    assert is_own_deed(deed, fact("claim", 2, actor=30, subjects=frozenset({10})))
    assert is_own_deed(deed, fact("claim", 2, actor=30, principals=frozenset({30, 10})))
    assert not is_own_deed(deed, fact("claim", 2, actor=30))
    joint = fact("action", 1, actor=30, principals=frozenset({30, 10}))
    assert is_own_deed(joint, fact("claim", 2, actor=10))


PROMISE = fact("commitment", 1, YES, on="2025-03-01", actor=10)


@pytest.mark.parametrize(
    ("promise", "deed", "expected"),
    [
        pytest.param(PROMISE, {"on": "2025-03-05"}, ("breach", "certain"), id="breach"),
        pytest.param(PROMISE, {"on": "2025-03-01"}, ("breach", "possible"), id="on the same day"),
        pytest.param(PROMISE, {}, ("breach", "possible"), id="undated"),
        pytest.param(
            fact("commitment", 1, YES, on="2025-03-01", about="2025-03-01/2025-03-31"),
            {"on": "2025-03-30/2025-04-02"}, ("breach", "possible"), id="may lie outside",
        ),
        pytest.param(
            fact("commitment", 1, says(1, 2, condition="if"), on="2025-03-01"),
            {"on": "2025-03-05"}, ("inconsistent_line", "certain"), id="under a condition",
        ),
        pytest.param(
            PROMISE, {"on": "2025-03-05", "actor": 30}, ("dispute", "certain"), id="of another"
        ),
        pytest.param(
            fact("commitment", 1, YES, on="2025-03-01", actor=11, over=(10,)),
            {"on": "2025-03-05", "actor": 12, "over": (10,)}, ("inconsistent_line", "certain"),
            id="of another voice of one state",
        ),
    ],
)  # fmt: skip
def test_a_promise_and_a_deed(
    promise: EntryFacts, deed: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert named(promise, fact("action", 2, NO, **deed)) == expected


def test_a_link_makes_a_breach_of_what_a_condition_excuses() -> None:
    promise = fact("commitment", 1, says(1, 2, condition="if"), on="2025-03-01")
    deed = fact("action", 2, NO, on="2025-03-05")
    assert named(promise, deed, PairLinks(contradicts={91: 1})) == ("breach", "certain")


def test_only_a_breach_has_timing_by_a_link_alone() -> None:
    links = PairLinks(contradicts={91: 2})
    deed = fact("action", 2, on="2025-03-05")
    assert named(fact("commitment", 1, on="2025-03-01"), deed, links) == ("breach", "certain")
    claim = fact("claim", 1, about=MARCH)
    assert named(claim, deed, links) == ("at_odds_with_action", None)


@pytest.mark.parametrize("kind", ["claim", "statement", "assessment"])
@pytest.mark.parametrize(
    ("words", "deed", "expected"),
    [
        pytest.param({"on": "2025-03-01"}, {"on": "2025-03-05"}, "belied_by_action", id="after"),
        pytest.param(
            {"on": "2025-03-09"}, {"on": "2025-03-05"}, "at_odds_with_action", id="before"
        ),
        pytest.param({"about": MARCH}, {"on": "2025-03-05"}, "belied_by_action", id="inside"),
        pytest.param({"about": MARCH}, {}, "at_odds_with_action", id="possibly inside"),
        pytest.param(
            {"on": "2025-03-01"}, {"on": "2025-03-05", "actor": 30}, "countered_by_action",
            id="of another",
        ),
    ],
)  # fmt: skip
def test_words_and_a_deed(
    kind: str, words: dict[str, Any], deed: dict[str, Any], expected: str
) -> None:
    assert named(fact(kind, 1, YES, **words), fact("action", 2, NO, **deed))[0] == expected


@pytest.mark.parametrize(
    "stance", [says(1, -1), says(1, -2, explicit=False)], ids=["leaning", "inferred"]
)
def test_a_weaker_deed_of_ones_own_is_at_odds(stance: Any) -> None:
    words, deed = fact("claim", 1, YES, on="2025-03-01"), fact("action", 2, stance, on="2025-03-05")
    assert named(words, deed) == ("at_odds_with_action", None)


OFFICE: dict[str, Any] = {"actor": 30}


@pytest.mark.parametrize(
    ("one", "other", "links", "expected"),
    [
        pytest.param(fact("claim", 1, YES), fact("claim", 2, NO), UNLINKED, "source_conflict",
                     id="two claims"),
        pytest.param(fact("claim", 1, YES), fact("assessment", 2, NO), UNLINKED, "assessed_against",
                     id="an assessment"),
        pytest.param(fact("claim", 1, YES), fact("statement", 2, NO, **OFFICE),
                     PairLinks(replies=frozenset({2})), "denial", id="a reply"),
        pytest.param(fact("statement", 1, YES), fact("statement", 2, NO, **OFFICE),
                     PairLinks(replies=frozenset({1})), "denial", id="the subject replies"),
        pytest.param(fact("claim", 1, YES), fact("statement", 2, NO),
                     PairLinks(replies=frozenset({2})), "at_odds_with_record",
                     id="a reply of one voice"),
        pytest.param(fact("claim", 1, YES, on="2025-03-05"),
                     fact("statement", 2, NO, on="2025-03-01", **OFFICE),
                     PairLinks(replies=frozenset({2})), "at_odds_with_record", id="a reply before"),
        pytest.param(fact("claim", 1, YES), fact("statement", 2, NO), UNLINKED,
                     "at_odds_with_record", id="no reply"),
        pytest.param(fact("statement", 1, YES, on="2025-03-01"),
                     fact("statement", 2, NO, on="2025-03-05"), UNLINKED, "reversal",
                     id="one voice in order"),
        pytest.param(fact("statement", 1, YES, on="2025-03-01"),
                     fact("statement", 2, NO, on="2025-03-01"), UNLINKED, "inconsistent_line",
                     id="one voice on one day"),
        pytest.param(fact("statement", 1, YES, actor=11, over=(10,)),
                     fact("statement", 2, NO, actor=12, over=(10,)), UNLINKED, "inconsistent_line",
                     id="two voices of one state"),
        pytest.param(fact("statement", 1, YES), fact("statement", 2, NO, **OFFICE), UNLINKED,
                     "dispute", id="two states"),
        pytest.param(fact("commitment", 1, YES), fact("statement", 2, NO), UNLINKED, "dispute",
                     id="a promise and a statement"),
        pytest.param(fact("action", 1, YES), fact("action", 2, NO), UNLINKED, "dispute",
                     id="two deeds"),
    ],
)  # fmt: skip
def test_pairs_without_a_deed_against_words(
    one: EntryFacts, other: EntryFacts, links: PairLinks, expected: str
) -> None:
    assert named(one, other, links) == (expected, None)


def test_a_deed_between_deeds_has_timing_where_one_names_a_period() -> None:
    strike = fact("action", 1, YES, about=MARCH)
    assert named(strike, fact("action", 2, NO, on="2025-03-05")) == ("dispute", "certain")
    assert named(strike, fact("action", 2, NO, on="2025-03-05/")) == ("dispute", "possible")


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param(UNLINKED, "derived", id="stances alone"),
        pytest.param(PairLinks(contradicts={91: 1}), "confirmed", id="a link beside"),
        pytest.param(PairLinks(reconciles={90: 2, 93: 2}), "reconciled", id="every judge"),
        pytest.param(PairLinks(reconciles={90: 2}), "disputed", id="one of two"),
        pytest.param(PairLinks(reconciles={90: 2, 93: 1}), "disputed", id="one only perhaps"),
        pytest.param(PairLinks(reconciles={99: 1}), "disputed", id="somebody else perhaps"),
        pytest.param(
            PairLinks(contradicts={91: 1}, reconciles={90: 2, 93: 2}), "disputed",
            id="not who linked it",
        ),
    ],
)  # fmt: skip
def test_the_status_is_what_judges_say(links: PairLinks, expected: str) -> None:
    one, other = fact("claim", 1, YES), fact("claim", 2, says(1, -2, judge=93))
    assert get_status(links, opposition(one, other, links)).value == expected


def test_a_pair_that_only_a_link_supports_is_linked() -> None:
    links = PairLinks(contradicts={91: 2})
    found = opposition(fact("claim", 1), fact("claim", 2), links)
    assert get_status(links, found).value == "linked"
    settled = PairLinks(contradicts={91: 2}, reconciles={91: 2})
    assert get_status(settled, found).value == "reconciled"
