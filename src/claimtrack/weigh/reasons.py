"""By which facts two entries are what they are to each other (model.md 3).

`weigh.opposition` and `weigh.pair` decide; this says what their rules looked at, for who asks why.
"""

from enum import StrEnum
from typing import NamedTuple

from claimtrack.facts import EntryFacts, Span, StanceFacts
from claimtrack.vocab import EntryKind, PairClass, Timing
from claimtrack.weigh.opposition import Ground, Via, stance_grounds
from claimtrack.weigh.order import Fit, disjoint, fit, period_of, span_of, surely_before
from claimtrack.weigh.pair import Pair
from claimtrack.weigh.voices import share_voice


class Criterion(StrEnum):
    """What a rule asks of two entries."""

    VOICE = "voice"
    """Whether they share a voice."""
    OWN_DEED = "own_deed"
    """Whether the action is of the party that speaks in the other, or is spoken of."""
    PRINCIPAL = "principal"
    """Whether both are on behalf of one principal."""
    REPLY = "reply"
    """Whether one responds to the other."""
    ORDER = "order"
    """Whether one is surely before the other."""
    PERIOD = "period"
    """How the action lies to the period that the other speaks of."""
    CONDITION = "condition"
    """Whether some ground depends on no condition."""
    STRENGTH = "strength"
    """How strong the best ground is, and on which basis."""


def criteria_of(pair: Pair) -> tuple[Criterion, ...]:
    """Return what the rules asked that gave a pair its class, in their order.

    What the kinds of the two decide alone is no criterion; what one before it has settled is left
    out.
    """
    if pair.klass is None:
        return ()
    if pair.klass in (PairClass.INCONSISTENT_LINE, PairClass.DISPUTE):
        return _criteria_of_what_remains(pair)
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


def _criteria_of_what_remains(pair: Pair) -> tuple[Criterion, ...]:
    """Return what was asked of a pair for which no narrower rule fits."""
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
    """How the times of two entries lie to each other."""

    INSIDE = "inside"
    POSSIBLY_INSIDE = "possibly_inside"
    OUTSIDE = "outside"
    OVERLAP = "overlap"
    DISJOINT = "disjoint"


_RELATIONS = {
    Fit.INSIDE: TimeRelation.INSIDE,
    Fit.POSSIBLY: TimeRelation.POSSIBLY_INSIDE,
    Fit.OUTSIDE: TimeRelation.OUTSIDE,
}


class Times(NamedTuple):
    """The times of two entries that are held against each other.

    Attributes:
        one: The action, where one is; else the first.
        span: The time of it: that of an action, else the period that it speaks of.
        other: The other entry.
        period: The period that this speaks of.
        relation: How the span lies to the period.
    """

    one: EntryFacts
    span: Span
    other: EntryFacts
    period: Span
    relation: TimeRelation


def compare_times(one: EntryFacts, other: EntryFacts) -> Times | None:
    """Return how the times of two entries lie, or None where they are not held against another."""
    of_deeds = [
        Times(deed, span_of(deed), entry, period, _RELATIONS[fit(span_of(deed), period)])
        for deed, entry in ((other, one), (one, other))
        if deed.kind is EntryKind.ACTION and (period := period_of(entry)) is not None
    ]
    if of_deeds:  # of two deeds that speak of a period, the one that leaves a doubt
        doubtful = (times for times in of_deeds if times.relation is not TimeRelation.INSIDE)
        return next(doubtful, of_deeds[0])
    mine, theirs = period_of(one), period_of(other)
    if mine is None or theirs is None:
        return None
    relation = TimeRelation.DISJOINT if disjoint(mine, theirs) else TimeRelation.OVERLAP
    return Times(one, mine, other, theirs, relation)


class Doubt(StrEnum):
    """Why the timing of a pair is possible and not certain."""

    ORDER = "order"
    """Whether a breach's action came after the commitment is not known."""
    PERIOD = "period"
    """The action may lie outside the period that the other speaks of."""


def doubts_of(pair: Pair) -> tuple[Doubt, ...]:
    """Return why the timing of a pair is possible; nothing where it is not."""
    if pair.timing is not Timing.POSSIBLE:
        return ()
    times = compare_times(pair.subject, pair.counter)
    found = []
    if pair.klass is PairClass.BREACH and not surely_before(pair.subject, pair.counter):
        found.append(Doubt.ORDER)
    if times is not None and times.relation is TimeRelation.POSSIBLY_INSIDE:
        found.append(Doubt.PERIOD)
    return tuple(found)


def shared_stances(
    one: EntryFacts, other: EntryFacts
) -> tuple[tuple[StanceFacts, StanceFacts], ...]:
    """Return what two entries say of the same propositions, where it is not opposed."""
    return tuple(
        (mine, theirs)
        for mine in one.stances
        for theirs in other.stances
        if mine.proposition == theirs.proposition and mine.value * theirs.value >= 0
    )


def settled_topics(one: EntryFacts, other: EntryFacts) -> frozenset[int]:
    """Return the exclusive topics of which two entries affirm different propositions in vain.

    They affirm one and the same directly under it, too, so that nothing is a ground.
    """
    affirmed = [
        {(said.exclusive_topic, said.proposition) for said in entry.stances if said.value > 0}
        for entry in (one, other)
    ]
    different = {
        topic
        for topic, mine in affirmed[0]
        for other_topic, theirs in affirmed[1]
        if topic is not None and topic == other_topic and mine != theirs
    }
    return frozenset(different - {topic_of(ground) for ground in stance_grounds(one, other)})


def topic_of(ground: Ground) -> int | None:
    """Return the key of the exclusive topic that makes a ground one; None of any other ground."""
    return ground.one.exclusive_topic if ground.via is Via.EXCLUSIVE_TOPIC else None
