"""What is surely before what, and what lies inside a period.

* A missing end of an entry's date is unknown: it is never surely before or after anything. A
  missing end of the period that an entry is about is open.
* One entry is **surely before** another when the latest end of its date lies before the earliest
  end of the other's. If both ends have an instant, the instants are compared; otherwise the days
  are, and equal days are not "before".
* The **period** of an entry is what it is about. That of a commitment begins on its own earliest
  date if it names no beginning; a commitment that names no period and is undated has none.
* The **span** of an action is what it is about, else its date.
* A span is **inside** a period when both of its ends are known and neither is outside; **outside**
  when the two are disjoint; else **possibly inside**. If two ends fall on the same day and only one
  has an instant, neither is before the other, and nothing is surely inside.
"""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from claimtrack.facts import EntryFacts, Moment, Span
from claimtrack.vocab import EntryKind

KINDS_IN_ORDER = (
    *(EntryKind.COMMITMENT, EntryKind.CLAIM, EntryKind.STATEMENT),
    *(EntryKind.ASSESSMENT, EntryKind.ACTION, EntryKind.WINDOW),
)
"""The entry of a pair whose kind comes first in this order is its subject."""
_COMMITMENT = EntryKind.COMMITMENT  # looked up once: enum members are slow, pairs are millions
_UNBOUNDED = Span(None, None)
_RANKS = {kind: rank for rank, kind in enumerate(KINDS_IN_ORDER)}


class Dated(Protocol):
    """Anything with a date."""

    @property
    def date(self) -> Span:
        """When it was said or done; a missing end is unknown."""


class PeriodFit(Enum):
    """Whether a span of time lies inside a period."""

    INSIDE = auto()
    POSSIBLY = auto()
    OUTSIDE = auto()


def is_before(end: Moment | None, start: Moment | None) -> bool:
    """Whether one end of a span surely lies before another; False if either is missing."""
    if end is None or start is None:
        return False
    if end.instant is not None and start.instant is not None:
        return end.instant < start.instant
    return end.day < start.day


def is_surely_before(one: Dated, other: Dated) -> bool:
    """Whether the first entry's date ends before the other's begins, both ends being known."""
    return is_before(one.date.last, other.date.first)


def are_disjoint(one: Span, other: Span) -> bool:
    """Whether two spans surely have no time in common."""
    return is_before(one.last, other.first) or is_before(other.last, one.first)


def compare_to_period(span: Span, period: Span) -> PeriodFit:
    """Return whether a span lies inside a period.

    A missing end of the span is unknown; a missing end of the period is open.
    """
    if are_disjoint(span, period):
        return PeriodFit.OUTSIDE
    ends = ((period.first, span.first), (span.last, period.last))
    sure = all(_within(*end, moment) for end, moment in zip(ends, span, strict=True))
    return PeriodFit.INSIDE if sure else PeriodFit.POSSIBLY


def _within(earlier: Moment | None, later: Moment | None, moment: Moment | None) -> bool:
    """Whether one end of a span surely lies on the inner side of the same end of a period.

    `earlier` and `later` are the two ends in the order that "inside" requires; `moment` is the one
    of them that belongs to the span.
    """
    if moment is None:
        return False
    if earlier is None or later is None:
        return True  # the period is open at this end
    if earlier.day == later.day and (earlier.instant is None) != (later.instant is None):
        return False
    return not is_before(later, earlier)


def get_period(entry: EntryFacts) -> Span | None:
    """Return the period of an entry, or None if it has none."""
    if entry.kind is not _COMMITMENT:
        return entry.about
    first, last = entry.about or _UNBOUNDED
    found = Span(first or entry.date.first, last)
    return None if found == _UNBOUNDED else found


def lies_within(inner: Span, outer: Span) -> bool:
    """Whether a period surely lies within another, or is equal to it.

    A missing end is open, so that it lies within nothing but a period that is open there as well.
    """
    ends = ((outer.first, inner.first), (inner.last, outer.last))
    bounds = ((outer.first, inner.first), (outer.last, inner.last))
    return all(
        bound is None or (known is not None and _within(*end, known))
        for (bound, known), end in zip(bounds, ends, strict=True)
    )


def get_action_span(action: EntryFacts) -> Span:
    """Return the span of an action: what it is about, else its date."""
    return action.about or action.date


def count_days_between(one: EntryFacts, other: EntryFacts) -> int | None:
    """Return the days from one entry to another; negative if the other is earlier.

    The days are counted between the nearest ends of the two dates. Returns 0 if the dates overlap
    and all ends are known, or if the nearest ends have instants less than 24 hours apart; None if
    neither entry is surely before the other and an end is missing.
    """
    (first, last), (other_first, other_last) = one.date, other.date
    if last is not None and other_first is not None and is_before(last, other_first):
        return _gap(last, other_first)
    if other_last is not None and first is not None and is_before(other_last, first):
        return -_gap(other_last, first)
    return None if None in (first, last, other_first, other_last) else 0


def _gap(end: Moment, start: Moment) -> int:
    """Return the days from an end to a later start; 0 if their instants are closer than a day."""
    if (
        end.instant is not None
        and start.instant is not None
        and start.instant - end.instant < timedelta(days=1)
    ):
        return 0
    return (start.day - end.day).days


def comes_first(one: EntryFacts, other: EntryFacts) -> bool:
    """Whether the first of two entries is the subject of their pair.

    The subject is the entry whose kind comes first in `KINDS_IN_ORDER`; of one kind, the earlier
    (by their first known instants if both have one, else by the first known day; undated last);
    then the lower ref.
    """
    if one.kind is not other.kind:
        return _RANKS[one.kind] < _RANKS[other.kind]
    mine, theirs = one.date.first or one.date.last, other.date.first or other.date.last
    if mine is None or theirs is None:
        return one.ref < other.ref if mine is theirs else theirs is None
    at, other_at = _get_first_instant(one.date), _get_first_instant(other.date)
    if at is not None and other_at is not None:
        return (at, one.ref) < (other_at, other.ref)
    return (mine.day, one.ref) < (theirs.day, other.ref)


def _get_first_instant(span: Span) -> datetime | None:
    """Return the instant of the first end that has one."""
    return next((end.instant for end in span if end is not None and end.instant is not None), None)
