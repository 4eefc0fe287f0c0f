"""What a pair of entries that oppose each other is called (model.md 3.3 and 3.4).

Its class is the first of `RULES` that fits, its status the first of `STATUSES`.

**Timing** is given where an action meets an entry that has a period, and of a breach. It is
*possible* when an action's span is only possibly inside the other's period, or when a breach's
action is not surely after the commitment; else *certain*. A pair that only a link supports has
timing only as a breach.
"""

from collections.abc import Mapping
from typing import NamedTuple

from claimtrack.facts import EntryFacts, PairLinks
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing
from claimtrack.weigh.opposition import Opposition, oppose
from claimtrack.weigh.order import (
    Fit,
    comes_first,
    days_between,
    fit,
    period_of,
    span_of,
    surely_before,
)
from claimtrack.weigh.voices import is_own_deed, share_voice

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
    PairClass.REVERSAL: "two statements that share a voice, one surely before the other",
    PairClass.INCONSISTENT_LINE: "two statements, or a commitment and an action, that share a "
    "voice or are on behalf of one principal",
    PairClass.DISPUTE: "two entries that oppose each other in no other way",
}
"""What makes a pair one of a class, in the order in which the classes are tried."""

STATUSES: Mapping[PairStatus, str] = {
    PairStatus.RECONCILED: "every judge of its grounds finds the two compatible",
    PairStatus.DISPUTED: "some judge finds the two compatible, or perhaps so",
    PairStatus.CONFIRMED: "a judge links the two as contradicting beside what they say",
    PairStatus.LINKED: "a judge links the two as contradicting, and nothing else sets them apart",
    PairStatus.DERIVED: "it follows from what the two say, as judges read them",
}
"""What makes a pair one of a status, in the order in which these are tried."""


class Pair(NamedTuple):
    """Two entries that oppose each other, or that a judge reconciled though they do not.

    Attributes:
        subject: The one that comes first (`order.comes_first`).
        counter: The other.
        found: On which grounds they oppose each other, `one` of each being the stance of the
            subject; None where they do not.
        klass: What the pair is called; None where they do not oppose each other.
        timing: Whether the deed surely falls into the time; None where that is not asked.
        status: What judges say of the pair.
        days: The days from subject to counter; None where that is not known.
        links: What judges recorded of the two.
    """

    subject: EntryFacts
    counter: EntryFacts
    found: Opposition | None
    klass: PairClass | None
    timing: Timing | None
    status: PairStatus
    days: int | None
    links: PairLinks

    @property
    def opposes(self) -> bool:
        """Whether the two oppose each other, and it is not so that every judge reconciles them."""
        return self.found is not None and self.status is not PairStatus.RECONCILED

    @property
    def reconciled_by(self) -> frozenset[int]:
        """The keys of the judges who find the two compatible, certainly or perhaps."""
        return frozenset(self.links.reconciles)


# Looked up once: members of an enumeration are looked up slowly, and there are millions of pairs.
_CLAIM, _STATEMENT, _ASSESSMENT = EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.ASSESSMENT
_ACTION, _COMMITMENT = EntryKind.ACTION, EntryKind.COMMITMENT
_SPOKEN = frozenset({_CLAIM, _STATEMENT, _ASSESSMENT})


def weigh(one: EntryFacts, other: EntryFacts, links: PairLinks) -> Pair | None:
    """Return what two entries are to each other, or None where they do not oppose each other.

    What a judge reconciled is returned also where they do not: it was considered.
    """
    subject, counter = (one, other) if comes_first(one, other) else (other, one)
    found = oppose(subject, counter, links)
    if found is None and not links.reconciles:
        return None
    klass, timing, status = None, None, PairStatus.RECONCILED
    if found is not None:
        klass, timing = classify(subject, counter, links, found)
        status = status_of(links, found)
    days = days_between(subject, counter)
    return Pair(subject, counter, found, klass, timing, status, days, links)


def classify(
    subject: EntryFacts, counter: EntryFacts, links: PairLinks, found: Opposition
) -> tuple[PairClass, Timing | None]:
    """Return what a pair is called, and its timing; the subject is that of `order.comes_first`."""
    if subject.kind is not _ACTION is not counter.kind:
        return _class(subject, counter, links, found, None), None
    fits = _fits(subject, counter)
    if _is_breach(subject, counter, found, fits):
        sure = surely_before(subject, counter) and Fit.POSSIBLY not in fits
        return PairClass.BREACH, Timing.CERTAIN if sure else Timing.POSSIBLE
    timing = None
    if fits and found.grounds:
        timing = Timing.POSSIBLE if Fit.POSSIBLY in fits else Timing.CERTAIN
    return _class(subject, counter, links, found, timing), timing


def _fits(subject: EntryFacts, counter: EntryFacts) -> list[Fit]:
    """Return how each deed of a pair lies to the other's period, where it has one."""
    return [
        fit(span_of(deed), period)
        for deed, other in ((subject, counter), (counter, subject))
        if deed.kind is _ACTION and (period := period_of(other)) is not None
    ]


def _is_breach(
    subject: EntryFacts, counter: EntryFacts, found: Opposition, fits: list[Fit]
) -> bool:
    return (
        subject.kind is _COMMITMENT
        and counter.kind is _ACTION
        and share_voice(subject, counter)
        and not surely_before(counter, subject)
        and Fit.OUTSIDE not in fits
        and found.unconditional
    )


def _class(
    subject: EntryFacts,
    counter: EntryFacts,
    links: PairLinks,
    found: Opposition,
    timing: Timing | None,
) -> PairClass:
    one, other = subject.kind, counter.kind
    if one is _CLAIM and other is _CLAIM:
        return PairClass.SOURCE_CONFLICT
    if other is _ACTION and one in _SPOKEN:
        if not is_own_deed(counter, subject):
            return PairClass.COUNTERED_BY_ACTION
        in_time = surely_before(subject, counter) if timing is None else timing is Timing.CERTAIN
        sure = found.strength == 2 and found.explicit and in_time
        return PairClass.BELIED_BY_ACTION if sure else PairClass.AT_ODDS_WITH_ACTION
    if one is _ASSESSMENT or other is _ASSESSMENT:
        return PairClass.ASSESSED_AGAINST
    if links.replies and (_denies(subject, counter, links) or _denies(counter, subject, links)):
        return PairClass.DENIAL
    if one is _CLAIM and other is _STATEMENT:
        return PairClass.AT_ODDS_WITH_RECORD
    return _among_principals(subject, counter)


def _denies(reply: EntryFacts, answered: EntryFacts, links: PairLinks) -> bool:
    return (
        reply.kind is _STATEMENT
        and reply.id in links.replies
        and not share_voice(reply, answered)
        and not surely_before(reply, answered)
    )


def _among_principals(subject: EntryFacts, counter: EntryFacts) -> PairClass:
    statements = subject.kind is _STATEMENT and counter.kind is _STATEMENT
    deed_on_promise = subject.kind is _COMMITMENT and counter.kind is _ACTION
    if not (statements or deed_on_promise):
        return PairClass.DISPUTE
    shared = share_voice(subject, counter)
    if (
        statements
        and shared
        and (surely_before(subject, counter) or surely_before(counter, subject))
    ):
        return PairClass.REVERSAL
    one_line = shared or subject.principal == counter.principal
    return PairClass.INCONSISTENT_LINE if one_line else PairClass.DISPUTE


def status_of(links: PairLinks, found: Opposition) -> PairStatus:
    """Return what judges say of a pair."""
    if links.reconciles:
        settled = {judge for judge, strength in links.reconciles.items() if strength == 2}
        return PairStatus.RECONCILED if found.judges <= settled else PairStatus.DISPUTED
    if not found.links:
        return PairStatus.DERIVED
    return PairStatus.CONFIRMED if found.grounds else PairStatus.LINKED
