"""Signs of a slip or an omission in pairs of opposing entries, for the lints of `check`.

Each function decides one lint for one pair of entries; `reports.check` describes the lints. Unless
its docstring says otherwise, a function finds nothing in a reconciled pair, since every judge of
its grounds has explained it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from claimtrack.facts import EntryFacts, FigureFacts, StanceFacts
from claimtrack.vocab import EntryKind, PairStatus
from claimtrack.weigh.attribution import share_voice
from claimtrack.weigh.chronology import get_action_span
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.opposition import get_agreed_propositions

MAX_REPLY_DAYS = 3
"""The most days after an entry at which another may be taken for a reply to it."""
ACCOUNT_KINDS = (EntryKind.CLAIM, EntryKind.STATEMENT)
"""The kinds of entry in which a party says what another did."""


# --- links that do not fit the stances ------------------------------------------------------------


def get_propositions_agreed_despite_link(pair: Pair) -> frozenset[int]:
    """Return the propositions on which entries that are linked as contradicting agree.

    Keys; empty if their stances or figures oppose each other as well, or if no `contradicts` link
    exists.
    """
    if pair.opposition is None or pair.opposition.grounds:
        return frozenset()
    return get_agreed_propositions(pair.subject, pair.counter)


def get_corroborating_judges(pair: Pair) -> frozenset[int]:
    """Return the keys of the judges who link opposing entries as corroborating.

    Judges who also reconcile the two, at either strength, are left out: they have said how both can
    be true.
    """
    if not pair.is_contradiction:
        return frozenset()
    return frozenset(pair.links.corroborates.keys() - pair.links.reconciles.keys())


def get_unreconciled_judges(pair: Pair) -> frozenset[int]:
    """Return the keys of the judges of a disputed pair's grounds who do not reconcile it.

    Empty if the pair is not disputed: no judge reconciles it, or all do.
    """
    if pair.opposition is None or pair.status is not PairStatus.DISPUTED:
        return frozenset()
    return pair.opposition.judges - pair.reconciled_by


def is_linked_as_unrelated(pair: Pair) -> bool:
    """Whether a judge links two entries as unrelated although they oppose each other."""
    return bool(
        pair.links.unrelated
        and pair.is_contradiction
        and pair.opposition
        and pair.opposition.grounds
    )


# --- conditions -----------------------------------------------------------------------------------


def get_one_sided_conditions(pair: Pair, bound: EntryFacts) -> frozenset[StanceFacts | FigureFacts]:
    """Return the conditional stances and figures by which one entry opposes an unconditional one.

    Args:
        pair: The pair.
        bound: The entry whose stances and figures are returned, one of the pair.
    """
    if pair.opposition is None or not pair.is_contradiction:
        return frozenset()
    sides: Iterable[tuple[StanceFacts | FigureFacts, StanceFacts | FigureFacts]] = (
        (ground.one, ground.other) for ground in pair.opposition.grounds
    )
    if bound is pair.counter:
        sides = ((other, one) for one, other in sides)
    return frozenset(one for one, other in sides if one.condition and not other.condition)


# --- promises -------------------------------------------------------------------------------------


def is_deed_of_principal(pair: Pair) -> bool:
    """Whether a commitment is opposed by a deed of its maker's principal, not of the maker.

    The deed is by the principal or by anybody below it; the maker is none of its voices. Such a
    commitment may have been meant `on_behalf_of` the principal.
    """
    promise, deed = pair.subject, pair.counter
    return (
        _is_promise_and_deed(pair)
        and promise.principal != promise.actor
        and promise.principal in deed.principals
        and promise.actor not in deed.voices
    )


def is_deed_long_after_promise(pair: Pair) -> bool:
    """Whether a commitment without an end is opposed by a deed surely more than a year later.

    The year runs from the last day on which the commitment can have been made, or from the
    beginning of the period it is about, if that is later. False if one of these dates is unknown.
    """
    promise, first = pair.subject, get_action_span(pair.counter).first
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
    """Whether a pair is a commitment and an action that opposes it, and is not reconciled."""
    kinds = pair.subject.kind, pair.counter.kind
    return kinds == (EntryKind.COMMITMENT, EntryKind.ACTION) and pair.is_contradiction


def _as_numbers(day: date) -> tuple[int, int, int]:
    # Compared as numbers, since the day one year after 29 February does not exist.
    return day.year, day.month, day.day


# --- replies --------------------------------------------------------------------------------------


def may_be_unrecorded_reply(pair: Pair) -> bool:
    """Whether the counter may be a reply to the subject that nobody has recorded.

    It may if it is a statement that opposes a claim or a statement of another principal, shares no
    voice with it, is not surely before it, and is surely at most `MAX_REPLY_DAYS` days from it.
    False if somebody has linked the pair as a reply or as unrelated.
    """
    first, reply = pair.subject, pair.counter
    return (
        reply.kind is EntryKind.STATEMENT
        and first.kind in ACCOUNT_KINDS
        and not (pair.links.replies or pair.links.unrelated)
        and first.principal != reply.principal
        and pair.days is not None
        and pair.days >= 0
        and _farthest_apart(first, reply) <= MAX_REPLY_DAYS
        and pair.is_contradiction
        and not share_voice(first, reply)
    )


def _farthest_apart(one: EntryFacts, other: EntryFacts) -> float:
    """Return the greatest number of days that may lie between two entries.

    Infinite if an end of a date is missing. Unlike `count_days_between`, which is 0 for two entries
    dated to the same month, this is 30 for them.
    """
    ends = (one.date.first, other.date.last), (other.date.first, one.date.last)
    return max(
        float("inf") if first is None or last is None else (last.day - first.day).days
        for first, last in ends
    )


# --- two parties' accounts of each other ----------------------------------------------------------


class Account(NamedTuple):
    """One proposition that one party affirms about another.

    Attributes:
        topic: The key of the topic of the proposition.
        by: The key of the principal who gives the account.
        of: The key of the principal whom the account is about.
        proposition: The key of the proposition that is affirmed.
    """

    topic: int | None
    by: int
    of: int
    proposition: int


def iter_accounts(entry: EntryFacts) -> Iterator[Account]:
    """Yield an account for each subject of a claim or statement and each proposition it affirms.

    Subjects who are the entry's own principal are left out. Yields nothing for other kinds.
    """
    if entry.kind not in ACCOUNT_KINDS:
        return
    for of in entry.subjects - {entry.principal}:
        for stance in entry.stances:
            if stance.value > 0:
                yield Account(stance.topic, entry.principal, of, stance.proposition)


class Parties(NamedTuple):
    """Two principals who give accounts of each other on one topic.

    Attributes:
        topic: The key of the topic.
        one: The lower key of the two principals.
        other: The higher key.
    """

    topic: int | None
    one: int
    other: int

    @classmethod
    def of(cls, account: Account) -> "Parties":
        """Return the two parties of an account, whichever of them gives it."""
        return cls(account.topic, *sorted((account.by, account.of)))


def get_parties(pair: Pair) -> frozenset[Parties]:
    """Return the parties, one for each topic, whose accounts of each other a pair consists of.

    Empty if the two entries are not about each other. Reconciled pairs are included: these accounts
    have been compared.
    """
    one, other = pair.subject, pair.counter
    if one.principal not in other.subjects or other.principal not in one.subjects:
        return frozenset()
    mine, theirs = (
        {Parties.of(account) for account in iter_accounts(entry) if account.of == of}
        for entry, of in ((one, other.principal), (other, one.principal))
    )
    return frozenset(mine & theirs)
