"""Which facts decided the class and timing of a pair of entries.

`weigh.opposition` and `weigh.classification` make the decisions. The functions here name the
criteria that those rules applied, so that a report can explain a result.
"""

from enum import StrEnum
from typing import NamedTuple

from claimtrack.facts import EntryFacts, Span, StanceFacts
from claimtrack.vocab import EntryKind, PairClass, Timing
from claimtrack.weigh.attribution import share_voice
from claimtrack.weigh.chronology import (
    PeriodFit,
    are_disjoint,
    compare_to_period,
    get_action_span,
    get_period,
    is_surely_before,
)
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.opposition import Ground, Via, list_stance_grounds


class Criterion(StrEnum):
    """A question about two entries that a rule of classification depends on."""

    VOICE = "voice"
    """Whether they share a voice."""
    OWN_DEED = "own_deed"
    """Whether the action is by the party that speaks in the other entry or is spoken of."""
    PRINCIPAL = "principal"
    """Whether both are on behalf of the same principal."""
    REPLY = "reply"
    """Whether one responds to the other."""
    ORDER = "order"
    """Whether one is surely before the other."""
    PERIOD = "period"
    """Whether the action lies inside the period of the other entry."""
    CONDITION = "condition"
    """Whether at least one ground is unconditional."""
    STRENGTH = "strength"
    """The strength and the basis of the best ground."""


def list_criteria(pair: Pair) -> tuple[Criterion, ...]:
    """Return the criteria that decided the class of a pair, in the order in which they apply.

    Empty if the kinds of the two entries alone decide, or if the pair has no class. A criterion is
    left out if an earlier one made it irrelevant.
    """
    if pair.klass is None:
        return ()
    if pair.klass in (PairClass.INCONSISTENT_LINE, PairClass.DISPUTE):
        return _list_residual_criteria(pair)
    in_time = Criterion.PERIOD if compare_times(pair.subject, pair.counter) else Criterion.ORDER
    answered = (Criterion.VOICE, Criterion.ORDER) if pair.links.replies else ()
    found: dict[PairClass, tuple[Criterion, ...]] = {
        PairClass.BREACH: (Criterion.VOICE, Criterion.ORDER, Criterion.PERIOD, Criterion.CONDITION),
        PairClass.BELIED_BY_ACTION: (Criterion.OWN_DEED, Criterion.STRENGTH, in_time),
        PairClass.AT_ODDS_WITH_ACTION: (Criterion.OWN_DEED, Criterion.STRENGTH, in_time),
        PairClass.COUNTERED_BY_ACTION: (Criterion.OWN_DEED,),
        PairClass.DENIAL: (Criterion.REPLY, Criterion.VOICE, Criterion.ORDER),
        PairClass.AT_ODDS_WITH_RECORD: (Criterion.REPLY, *answered),
        PairClass.REVERSAL: (Criterion.VOICE, Criterion.ORDER),
    }
    return found.get(pair.klass, ())


def _list_residual_criteria(pair: Pair) -> tuple[Criterion, ...]:
    """Return the criteria of a pair in one of the last two classes, which no other rule fits."""
    subject, counter = pair.subject, pair.counter
    kinds = (subject.kind, counter.kind)
    promise_and_deed = kinds == (EntryKind.COMMITMENT, EntryKind.ACTION)
    reply = (Criterion.REPLY,) if EntryKind.STATEMENT in kinds else ()
    if kinds != (EntryKind.STATEMENT, EntryKind.STATEMENT) and not promise_and_deed:
        return reply
    if not share_voice(subject, counter):
        return (*reply, Criterion.VOICE, Criterion.PRINCIPAL)
    if promise_and_deed:
        return (Criterion.VOICE, Criterion.ORDER, Criterion.PERIOD, Criterion.CONDITION)
    return (*reply, Criterion.VOICE, Criterion.ORDER)


class TimeRelation(StrEnum):
    """How the times of two entries relate.

    The first three relate the span of an action to a period, the others two periods.
    """

    INSIDE = "inside"
    POSSIBLY_INSIDE = "possibly_inside"
    OUTSIDE = "outside"
    OVERLAP = "overlap"
    DISJOINT = "disjoint"


_RELATIONS = {
    PeriodFit.INSIDE: TimeRelation.INSIDE,
    PeriodFit.POSSIBLY: TimeRelation.POSSIBLY_INSIDE,
    PeriodFit.OUTSIDE: TimeRelation.OUTSIDE,
}


class Times(NamedTuple):
    """The times of two entries, compared.

    Attributes:
        one: The action, if there is one; else the first entry.
        span: The span of the action, else the period of `one`.
        other: The other entry.
        period: The period of `other`.
        relation: How the span and the period relate.
    """

    one: EntryFacts
    span: Span
    other: EntryFacts
    period: Span
    relation: TimeRelation


def compare_times(one: EntryFacts, other: EntryFacts) -> Times | None:
    """Return the comparison of the times of two entries that the rules of opposition make.

    The span of an action is compared with the period of the other entry; failing that, the periods
    of both. None if neither is possible.
    """
    of_deeds = [
        Times(
            deed,
            get_action_span(deed),
            entry,
            period,
            _RELATIONS[compare_to_period(get_action_span(deed), period)],
        )
        for deed, entry in ((other, one), (one, other))
        if deed.kind is EntryKind.ACTION and (period := get_period(entry)) is not None
    ]
    if of_deeds:  # if both are actions with a period, the comparison that leaves a doubt
        not_inside = (times for times in of_deeds if times.relation is not TimeRelation.INSIDE)
        return next(not_inside, of_deeds[0])
    mine, theirs = get_period(one), get_period(other)
    if mine is None or theirs is None:
        return None
    relation = TimeRelation.DISJOINT if are_disjoint(mine, theirs) else TimeRelation.OVERLAP
    return Times(one, mine, other, theirs, relation)


class Doubt(StrEnum):
    """Why the timing of a pair is `possible` and not `certain`."""

    ORDER = "order"
    """The action of a breach may have come before the commitment."""
    PERIOD = "period"
    """The action may lie outside the period of the other entry."""


def list_doubts(pair: Pair) -> tuple[Doubt, ...]:
    """Return why the timing of a pair is `possible`; empty if it is not."""
    if pair.timing is not Timing.POSSIBLE:
        return ()
    times = compare_times(pair.subject, pair.counter)
    found = []
    if pair.klass is PairClass.BREACH and not is_surely_before(pair.subject, pair.counter):
        found.append(Doubt.ORDER)
    if times is not None and times.relation is TimeRelation.POSSIBLY_INSIDE:
        found.append(Doubt.PERIOD)
    return tuple(found)


def get_unopposed_stances(
    one: EntryFacts, other: EntryFacts
) -> tuple[tuple[StanceFacts, StanceFacts], ...]:
    """Return the pairs of stances on one proposition that do not have opposite signs."""
    return tuple(
        (mine, theirs)
        for mine in one.stances
        for theirs in other.stances
        if mine.proposition == theirs.proposition and mine.value * theirs.value >= 0
    )


def get_agreed_exclusive_topics(one: EntryFacts, other: EntryFacts) -> frozenset[int]:
    """Return the exclusive topics under which two entries differ without opposing each other.

    They affirm different propositions directly under such a topic, but also one and the same, so
    that there is no `exclusive_topic` ground. Returns the keys of the topics.
    """
    affirmed = [
        {
            (stance.exclusive_topic, stance.proposition)
            for stance in entry.stances
            if stance.value > 0
        }
        for entry in (one, other)
    ]
    different = {
        topic
        for topic, mine in affirmed[0]
        for other_topic, theirs in affirmed[1]
        if topic is not None and topic == other_topic and mine != theirs
    }
    return frozenset(
        different - {get_exclusive_topic(ground) for ground in list_stance_grounds(one, other)}
    )


def get_exclusive_topic(ground: Ground) -> int | None:
    """Return the key of the topic of an `exclusive_topic` ground; None for other grounds."""
    return ground.one.exclusive_topic if ground.via is Via.EXCLUSIVE_TOPIC else None
