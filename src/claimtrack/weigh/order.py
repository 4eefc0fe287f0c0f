"""Order and periods (model.md 3.1): what is surely before what, and what lies inside a period.

* A missing end of a date is unknown, and never surely before or after anything; a missing end of
  what is spoken of is open.
* One entry is **surely before** another when the latest end of its date lies before the earliest
  of the other's. Two instants decide by themselves; otherwise days decide, and equal days are not
  before.
* The **period** of an entry is what it speaks of; that of a commitment begins with its own earliest
  date where it names no beginning, and there is none where it names neither and is undated. The
  **span** of an action is what it speaks of, else its date.
* A span is **inside** a period when both of its ends are known and neither is outside; **outside**
  when the two are disjoint; else **possibly inside**. Where of two ends on one day only one has an
  instant, neither is before the other, and nothing is surely inside.
"""

from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

from claimtrack.facts import EntryFacts, Moment, Span
from claimtrack.vocab import EntryKind

KINDS_IN_ORDER = (
    *(EntryKind.COMMITMENT, EntryKind.CLAIM, EntryKind.STATEMENT),
    *(EntryKind.ASSESSMENT, EntryKind.ACTION, EntryKind.WINDOW),
)
"""Of a pair, the entry whose kind comes first is the subject."""
_COMMITMENT = EntryKind.COMMITMENT  # looked up once: there are millions of pairs
_UNBOUNDED = Span(None, None)
_RANKS = {kind: rank for rank, kind in enumerate(KINDS_IN_ORDER)}


class Dated(Protocol):
    """What was said or done at some time."""

    @property
    def date(self) -> Span:
        """When, as known."""


class Fit(Enum):
    """How a span of time lies to a period."""

    INSIDE = auto()
    POSSIBLY = auto()
    OUTSIDE = auto()


def before(end: Moment | None, start: Moment | None) -> bool:
    """Whether one end surely lies before another; an end that is missing never does."""
    if end is None or start is None:
        return False
    if end.instant is not None and start.instant is not None:
        return end.instant < start.instant
    return end.day < start.day


def surely_before(one: Dated, other: Dated) -> bool:
    """Whether all of one entry's date lies before all of the other's."""
    return before(one.date.last, other.date.first)


def disjoint(one: Span, other: Span) -> bool:
    """Whether two spans surely share no time."""
    return before(one.last, other.first) or before(other.last, one.first)


def fit(span: Span, period: Span) -> Fit:
    """Return how a span lies to a period, whose missing ends are open."""
    if disjoint(span, period):
        return Fit.OUTSIDE
    ends = ((period.first, span.first), (span.last, period.last))
    sure = all(_within(*end, known) for end, known in zip(ends, span, strict=True))
    return Fit.INSIDE if sure else Fit.POSSIBLY


def _within(earlier: Moment | None, later: Moment | None, known: Moment | None) -> bool:
    """Whether an end that is known surely keeps within the end of a period."""
    if known is None:
        return False
    if earlier is None or later is None:
        return True  # the period is open there
    if earlier.day == later.day and (earlier.instant is None) != (later.instant is None):
        return False
    return not before(later, earlier)


def period_of(entry: EntryFacts) -> Span | None:
    """Return the period that an entry speaks of, or None where it names none."""
    if entry.kind is not _COMMITMENT:
        return entry.about
    first, last = entry.about or _UNBOUNDED
    found = Span(first or entry.date.first, last)
    return None if found == _UNBOUNDED else found


def span_of(action: EntryFacts) -> Span:
    """Return the time that an action took."""
    return action.about or action.date


def days_between(one: EntryFacts, other: EntryFacts) -> int | None:
    """Return the days from one entry to another, negative where the other is the earlier.

    0 where their dates overlap, all ends known, and where the nearest ends have instants less than
    a day apart; None where neither is surely before the other and an end is missing.
    """
    (first, last), (other_first, other_last) = one.date, other.date
    if last is not None and other_first is not None and before(last, other_first):
        return _gap(last, other_first)
    if other_last is not None and first is not None and before(other_last, first):
        return -_gap(other_last, first)
    return None if None in (first, last, other_first, other_last) else 0


def _gap(end: Moment, start: Moment) -> int:
    if (
        end.instant is not None
        and start.instant is not None
        and start.instant - end.instant < timedelta(days=1)
    ):
        return 0
    return (start.day - end.day).days


def comes_first(one: EntryFacts, other: EntryFacts) -> bool:
    """Whether of a pair the first is the subject.

    By kind: commitment, claim, statement, assessment, action, window; then the earlier (by instant
    where both have one, else by the first known day), undated last; then the lower ref.
    """
    if one.kind is not other.kind:
        return _RANKS[one.kind] < _RANKS[other.kind]
    mine, theirs = one.date.first or one.date.last, other.date.first or other.date.last
    if mine is None or theirs is None:
        return one.ref < other.ref if mine is theirs else theirs is None
    if before(mine, theirs):
        return True
    return one.ref < other.ref and not before(theirs, mine)
