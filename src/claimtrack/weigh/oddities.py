"""What looks odd, or left out, where two entries oppose each other; the lints of `check` ask it.

The pairs are those of model.md 3; which of them look odd is decided in interface.md 4.
Pairs that are reconciled are let be: every judge of their grounds has explained them. What each
lint is for is in `reports.check`.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from claimtrack.facts import EntryFacts, StanceFacts
from claimtrack.vocab import EntryKind, PairStatus
from claimtrack.weigh.opposition import same_side
from claimtrack.weigh.order import span_of
from claimtrack.weigh.pair import Pair
from claimtrack.weigh.voices import share_voice

DAYS_TO_REPLY = 3
"""How long after an entry another may be taken for a reply to it."""
ACCOUNTS = (EntryKind.CLAIM, EntryKind.STATEMENT)
"""Kinds of entries that give an account of something."""


# --- links that do not go with what the two say ---------------------------------------------------


def agreed(pair: Pair) -> frozenset[int]:
    """Return the propositions on which entries that are linked as contradicting take one side.

    None where their stances oppose each other as well.
    """
    if pair.found is None or pair.found.grounds:
        return frozenset()
    return same_side(pair.subject, pair.counter)


def corroborators(pair: Pair) -> frozenset[int]:
    """Return the judges who link entries as corroborating that oppose each other.

    Whoever reconciles the two, certainly or perhaps, has said how both can be.
    """
    if not pair.opposes:
        return frozenset()
    return frozenset(pair.links.corroborates.keys() - pair.links.reconciles.keys())


def disputants(pair: Pair) -> frozenset[int]:
    """Return the judges of the grounds who do not reconcile what another judge reconciles."""
    if pair.found is None or pair.status is not PairStatus.DISPUTED:
        return frozenset()
    return pair.found.judges - pair.reconciled_by


def is_unrelated(pair: Pair) -> bool:
    """Whether a judge finds two entries unrelated whose stances oppose each other."""
    return bool(pair.links.unrelated and pair.opposes and pair.found and pair.found.grounds)


# --- conditions -----------------------------------------------------------------------------------


def conditions_alone(pair: Pair, bound: EntryFacts) -> frozenset[StanceFacts]:
    """Return the stances by which one of a pair opposes the other under a condition of its own.

    That is, where the other sets none.
    """
    if pair.found is None or not pair.opposes:
        return frozenset()
    sides = ((ground.one, ground.other) for ground in pair.found.grounds)
    if bound is pair.counter:
        sides = ((other, one) for one, other in sides)
    return frozenset(one for one, other in sides if one.condition and not other.condition)


# --- promises -------------------------------------------------------------------------------------


def is_deed_of_principal(pair: Pair) -> bool:
    """Whether a promise is opposed by a deed of its maker's principal that is not the maker's own.

    The principal itself did it, or anybody below it.
    """
    promise, deed = pair.subject, pair.counter
    return (
        _is_promise_and_deed(pair)
        and promise.principal != promise.actor
        and promise.principal in deed.principals
        and promise.actor not in deed.voices
    )


def is_long_after(pair: Pair) -> bool:
    """Whether a promise that names no end is opposed by a deed surely more than a year later.

    Than the last day on which it can have been made, and than the first of which it speaks.
    """
    promise, first = pair.subject, span_of(pair.counter).first
    if not _is_promise_and_deed(pair) or promise.date.last is None or first is None:
        return False
    begins = promise.date.last.day
    if promise.about is not None:
        if promise.about.last is not None:
            return False
        if promise.about.first is not None:
            begins = max(begins, promise.about.first.day)
    return _as_numbers(first.day) > (begins.year + 1, begins.month, begins.day)


def _is_promise_and_deed(pair: Pair) -> bool:
    kinds = pair.subject.kind, pair.counter.kind
    return kinds == (EntryKind.COMMITMENT, EntryKind.ACTION) and pair.opposes


def _as_numbers(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day  # a year after 29 February is no date


# --- replies --------------------------------------------------------------------------------------


def may_reply(pair: Pair) -> bool:
    """Whether the counter may be a reply to the subject that nobody has recorded.

    A statement that opposes a claim or a statement of another principal, shares no voice with it,
    is not surely before it, and is surely at most `DAYS_TO_REPLY` days from it. A pair that
    somebody has linked as a reply, or as unrelated, is let be.
    """
    first, reply = pair.subject, pair.counter
    return (
        reply.kind is EntryKind.STATEMENT
        and first.kind in ACCOUNTS
        and not (pair.links.replies or pair.links.unrelated)
        and first.principal != reply.principal
        and pair.days is not None
        and pair.days >= 0
        and _farthest_apart(first, reply) <= DAYS_TO_REPLY
        and pair.opposes
        and not share_voice(first, reply)
    )


def _farthest_apart(one: EntryFacts, other: EntryFacts) -> float:
    """Return the days that may at most lie between two entries; infinite where an end is missing.

    Two entries of one month are no day apart by `days_between`, and may be thirty.
    """
    ends = (one.date.first, other.date.last), (other.date.first, one.date.last)
    return max(
        float("inf") if first is None or last is None else (last.day - first.day).days
        for first, last in ends
    )


# --- what two say of each other -------------------------------------------------------------------


class Account(NamedTuple):
    """That an entry affirms something of somebody.

    Attributes:
        topic: The key of the topic directly above the proposition.
        by: The key of the principal of the entry.
        of: The key of the principal of whom it speaks.
        proposition: The key of what it affirms.
    """

    topic: int | None
    by: int
    of: int
    proposition: int


def accounts(entry: EntryFacts) -> Iterator[Account]:
    """Yield what a claim or a statement affirms of others, those of whom it speaks."""
    if entry.kind not in ACCOUNTS:
        return
    for of in entry.subjects - {entry.principal}:
        for stance in entry.stances:
            if stance.value > 0:
                yield Account(stance.topic, entry.principal, of, stance.proposition)


class Parties(NamedTuple):
    """Two principals who speak of each other under a topic: keys, the lower first."""

    topic: int | None
    one: int
    other: int

    @classmethod
    def of(cls, account: Account) -> "Parties":
        """Return those of an account: who gives it, and of whom."""
        return cls(account.topic, *sorted((account.by, account.of)))


def parties(pair: Pair) -> frozenset[Parties]:
    """Return whose accounts of each other a pair is, by topic; none where it is not such a pair.

    The pair opposes, or a judge reconciled it: either way it has been set side by side.
    """
    one, other = pair.subject, pair.counter
    if one.principal not in other.subjects or other.principal not in one.subjects:
        return frozenset()
    mine, theirs = (
        {Parties.of(account) for account in accounts(entry) if account.of == of}
        for entry, of in ((one, other.principal), (other, one.principal))
    )
    return frozenset(mine & theirs)
