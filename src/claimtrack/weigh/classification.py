"""The class, timing and status of a pair of entries that oppose each other.

The class is the first of `RULES` that fits, the status the first of `STATUSES`.

A pair has a **timing** when one entry is an action and the other has a period, and when it is a
breach. The timing is *possible* when an action's span is only possibly inside the other's period,
or when a breach's action is not surely after the commitment; else it is *certain*. A pair that is
supported by links alone has a timing only as a breach.
"""

from collections.abc import Mapping
from typing import NamedTuple

from claimtrack.facts import EntryFacts, PairLinks
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing
from claimtrack.weigh.attribution import is_own_deed, share_voice
from claimtrack.weigh.chronology import (
    PeriodFit,
    comes_first,
    compare_to_period,
    count_days_between,
    get_action_span,
    get_period,
    is_surely_before,
)
from claimtrack.weigh.opposition import Opposition, Via, oppose

RULES: Mapping[PairClass, str] = {
    PairClass.BREACH: "a commitment and an action that share a voice; the action is not surely "
    "before it and not outside its period, and some ground depends on no condition",
    PairClass.SOURCE_CONFLICT: "two claims",
    PairClass.BELIED_BY_ACTION: "a claim, statement or assessment and an action of the party that "
    "speaks or is spoken of, at strength 2 and explicit; the action surely falls into the period "
    "spoken of, or, where there is none, surely comes after the words",
    PairClass.AT_ODDS_WITH_ACTION: "a claim, statement or assessment and an action of the party "
    "that speaks or is spoken of, where it is not plain that the action belies the words",
    PairClass.COUNTERED_BY_ACTION: "a claim, statement or assessment and an action of somebody who "
    "neither speaks nor is spoken of",
    PairClass.ASSESSED_AGAINST: "an assessment, and what it judges otherwise",
    PairClass.DENIAL: "a statement that responds to the other, shares no voice with it and is not "
    "surely before it",
    PairClass.AT_ODDS_WITH_RECORD: "a claim and a statement",
    PairClass.REVERSAL: "two statements that share a voice, one surely before the other, on more "
    "than figures",
    PairClass.INCONSISTENT_LINE: "two statements, or a commitment and an action, that share a "
    "voice or are on behalf of one principal",
    PairClass.DISPUTE: "two entries that oppose each other in no other way",
}
"""The rule of each class, as people see it, in the order in which the classes are tried."""

STATUSES: Mapping[PairStatus, str] = {
    PairStatus.RECONCILED: "every judge of its grounds finds the two compatible",
    PairStatus.DISPUTED: "some judge finds the two compatible, or perhaps so",
    PairStatus.CONFIRMED: "a judge links the two as contradicting, in addition to what they say",
    PairStatus.LINKED: "a judge links the two as contradicting, and nothing else sets them apart",
    PairStatus.DERIVED: "it follows from what the two say, as judges read them",
}
"""The rule of each status, as people see it, in the order in which they are tried."""


class Pair(NamedTuple):
    """Two entries that oppose each other, or that a judge reconciled although they do not.

    Attributes:
        subject: The entry that comes first (`chronology.comes_first`).
        counter: The other entry.
        opposition: The grounds on which they oppose each other, `one` of each being the stance or
            figure of the subject; None if they do not.
        klass: The class of the pair; None if they do not oppose each other.
        timing: Whether the deed surely falls into the period; None if the pair has no timing.
        status: The status of the pair.
        days: The days from subject to counter (`chronology.count_days_between`).
        links: The links between the two.
    """

    subject: EntryFacts
    counter: EntryFacts
    opposition: Opposition | None
    klass: PairClass | None
    timing: Timing | None
    status: PairStatus
    days: int | None
    links: PairLinks

    @property
    def is_contradiction(self) -> bool:
        """Whether the two oppose each other and the pair is not reconciled."""
        return self.opposition is not None and self.status is not PairStatus.RECONCILED

    @property
    def reconciled_by(self) -> frozenset[int]:
        """The keys of the judges who find the two compatible, at either strength."""
        return frozenset(self.links.reconciles)


# Looked up once: enum members are slow to look up, and there are millions of pairs.
_CLAIM, _STATEMENT, _ASSESSMENT = EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.ASSESSMENT
_ACTION, _COMMITMENT = EntryKind.ACTION, EntryKind.COMMITMENT
_FIGURES_ALONE = frozenset({Via.FIGURE})
_SPOKEN = frozenset({_CLAIM, _STATEMENT, _ASSESSMENT})


def weigh_pair(one: EntryFacts, other: EntryFacts, links: PairLinks) -> Pair | None:
    """Return the pair that two entries make, or None if they do not oppose each other.

    A pair that a judge reconciled is returned even if the two do not oppose each other, to show
    that it was considered; it has no opposition, class or timing then. The order of the arguments
    does not matter.
    """
    subject, counter = (one, other) if comes_first(one, other) else (other, one)
    opposition = oppose(subject, counter, links)
    if opposition is None and not links.reconciles:
        return None
    klass, timing, status = None, None, PairStatus.RECONCILED
    if opposition is not None:
        klass, timing = classify(subject, counter, links, opposition)
        status = get_status(links, opposition)
    days = count_days_between(subject, counter)
    return Pair(subject, counter, opposition, klass, timing, status, days, links)


def classify(
    subject: EntryFacts, counter: EntryFacts, links: PairLinks, opposition: Opposition
) -> tuple[PairClass, Timing | None]:
    """Return the class and the timing of a pair of opposing entries.

    Args:
        subject: The entry that comes first (`chronology.comes_first`).
        counter: The other entry.
        links: The links between the two.
        opposition: The grounds on which they oppose each other.
    """
    if subject.kind is not _ACTION is not counter.kind:
        return _choose_class(subject, counter, links, opposition, None), None
    fits = _compare_periods(subject, counter)
    if _is_breach(subject, counter, opposition, fits):
        sure = is_surely_before(subject, counter) and PeriodFit.POSSIBLY not in fits
        return PairClass.BREACH, Timing.CERTAIN if sure else Timing.POSSIBLE
    timing = None
    if fits and opposition.grounds:
        timing = Timing.POSSIBLE if PeriodFit.POSSIBLY in fits else Timing.CERTAIN
    return _choose_class(subject, counter, links, opposition, timing), timing


def _compare_periods(subject: EntryFacts, counter: EntryFacts) -> list[PeriodFit]:
    """Return for each action of a pair whether it lies inside the other's period, if it has one."""
    return [
        compare_to_period(get_action_span(deed), period)
        for deed, other in ((subject, counter), (counter, subject))
        if deed.kind is _ACTION and (period := get_period(other)) is not None
    ]


def _is_breach(
    subject: EntryFacts, counter: EntryFacts, opposition: Opposition, fits: list[PeriodFit]
) -> bool:
    """Whether a pair is a breach; `fits` are the results of `_compare_periods`."""
    return opposition.unconditional and _could_breach(subject, counter, fits)


def could_breach(promise: EntryFacts, deed: EntryFacts) -> bool:
    """Whether two entries are a breach if they oppose each other on an unconditional ground."""
    return _could_breach(promise, deed, _compare_periods(promise, deed))


def _could_breach(subject: EntryFacts, counter: EntryFacts, fits: list[PeriodFit]) -> bool:
    return (
        subject.kind is _COMMITMENT
        and counter.kind is _ACTION
        and share_voice(subject, counter)
        and not is_surely_before(counter, subject)
        and PeriodFit.OUTSIDE not in fits
    )


def _choose_class(
    subject: EntryFacts,
    counter: EntryFacts,
    links: PairLinks,
    opposition: Opposition,
    timing: Timing | None,
) -> PairClass:
    """Return the class of a pair that is no breach, by the order of `RULES`."""
    one, other = subject.kind, counter.kind
    if one is _CLAIM and other is _CLAIM:
        return PairClass.SOURCE_CONFLICT
    if other is _ACTION and one in _SPOKEN:
        if not is_own_deed(counter, subject):
            return PairClass.COUNTERED_BY_ACTION
        in_time = is_surely_before(subject, counter) if timing is None else timing is Timing.CERTAIN
        sure = opposition.strength == 2 and opposition.explicit and in_time
        return PairClass.BELIED_BY_ACTION if sure else PairClass.AT_ODDS_WITH_ACTION
    if one is _ASSESSMENT or other is _ASSESSMENT:
        return PairClass.ASSESSED_AGAINST
    if _is_denial(subject, counter, links) or _is_denial(counter, subject, links):
        return PairClass.DENIAL
    if one is _CLAIM and other is _STATEMENT:
        return PairClass.AT_ODDS_WITH_RECORD
    return _classify_by_voice(subject, counter, opposition)


def _is_denial(reply: EntryFacts, answered: EntryFacts, links: PairLinks) -> bool:
    """Whether the first of two entries is a statement that replies to the other as a denial."""
    return reply.kind is _STATEMENT and is_reply(reply, answered, links)


def is_reply(reply: EntryFacts, answered: EntryFacts, links: PairLinks) -> bool:
    """Whether the first of two entries replies to the other.

    It is linked as a reply, shares no voice with the other, and is not surely before it.
    """
    return (
        reply.id in links.replies
        and not share_voice(reply, answered)
        and not is_surely_before(reply, answered)
    )


def _classify_by_voice(
    subject: EntryFacts, counter: EntryFacts, opposition: Opposition
) -> PairClass:
    """Return reversal, inconsistent line or dispute: the classes that depend on who speaks."""
    statements = subject.kind is _STATEMENT and counter.kind is _STATEMENT
    deed_on_promise = subject.kind is _COMMITMENT and counter.kind is _ACTION
    if not (statements or deed_on_promise):
        return PairClass.DISPUTE
    shared = share_voice(subject, counter)
    if (
        statements
        and shared
        and opposition.via != _FIGURES_ALONE  # a new count is no change of position
        and (is_surely_before(subject, counter) or is_surely_before(counter, subject))
    ):
        return PairClass.REVERSAL
    one_line = shared or subject.principal == counter.principal
    return PairClass.INCONSISTENT_LINE if one_line else PairClass.DISPUTE


def get_status(links: PairLinks, opposition: Opposition) -> PairStatus:
    """Return the status of a pair of opposing entries."""
    if links.reconciles:
        fully_reconciled = {judge for judge, strength in links.reconciles.items() if strength == 2}
        return (
            PairStatus.RECONCILED if opposition.judges <= fully_reconciled else PairStatus.DISPUTED
        )
    if not opposition.links:
        return PairStatus.DERIVED
    return PairStatus.CONFIRMED if opposition.grounds else PairStatus.LINKED
