"""Whether two figures for one measure cannot both be right.

A figure is a number or a range for a measure. A **count** adds up over a period, a **level** holds
at a time. The **period** of a figure is what its entry is about; of a level whose entry is about
no period, the day of that entry, if it is dated to a single day. An action whose figure has neither
may serve with its date where the question is whether it lies within the other figure's period, and
never the reverse: an attack gives its own number and not that of the whole day. A figure without
any of these can be compared with none.

With A and B the periods of the two figures, they cannot both be right

* as levels, when A lies within B or B within A, and their ranges have no number in common;
* as counts, when A and B are the same and their ranges have no number in common, or when A lies
  within B and the least number of A is more than the greatest of B.
"""

from collections.abc import Iterator
from typing import NamedTuple

from claimtrack.facts import EntryFacts, FigureFacts, Moment, Span
from claimtrack.vocab import EntryKind
from claimtrack.weigh.chronology import lies_within


class FigurePeriod(NamedTuple):
    """The period of a figure.

    Attributes:
        span: The period.
        is_proper: True if the figure is of this period; False if the period is only the date of an
            action, which can lie within another period but contain none.
    """

    span: Span
    is_proper: bool


def get_figure_period(entry: EntryFacts, figure: FigureFacts) -> FigurePeriod | None:
    """Return the period of a figure, or None if it can be compared with no other figure."""
    if entry.about is not None:
        return FigurePeriod(entry.about, is_proper=True)
    first, last = entry.date
    if not figure.counts and first is not None and last is not None and first.day == last.day:
        day = Moment(first.day)  # a level is of the day, whatever the time
        return FigurePeriod(Span(day, day), is_proper=True)
    if entry.kind is EntryKind.ACTION and entry.date != _UNKNOWN:
        return FigurePeriod(entry.date, is_proper=False)
    return None


_UNKNOWN = Span(None, None)


def list_conflicting_figures(
    one: EntryFacts, other: EntryFacts
) -> Iterator[tuple[FigureFacts, FigureFacts]]:
    """Yield the pairs of figures of two entries that cannot both be right.

    Each with the figure of the first entry first, in the order of its figures; whether or not the
    times of the two entries exclude each other.
    """
    for mine in one.figures:
        for theirs in other.figures:
            if mine.measure == theirs.measure and _conflict(one, mine, other, theirs):
                yield mine, theirs


def _conflict(one: EntryFacts, mine: FigureFacts, other: EntryFacts, theirs: FigureFacts) -> bool:
    ours, its = get_figure_period(one, mine), get_figure_period(other, theirs)
    if ours is None or its is None:
        return False
    if mine.counts:
        both = ours.is_proper and its.is_proper
        return (
            (both and ours.span == its.span and are_ranges_disjoint(mine, theirs))
            or (_is_within(ours, its) and _exceeds(mine, theirs))
            or (_is_within(its, ours) and _exceeds(theirs, mine))
        )
    nested = _is_within(ours, its) or _is_within(its, ours)
    return nested and are_ranges_disjoint(mine, theirs)


def _is_within(inner: FigurePeriod, outer: FigurePeriod) -> bool:
    return outer.is_proper and lies_within(inner.span, outer.span)


def are_ranges_disjoint(one: FigureFacts, other: FigureFacts) -> bool:
    """Whether the ranges of two figures have no number in common."""
    return _exceeds(one, other) or _exceeds(other, one)


def _exceeds(one: FigureFacts, other: FigureFacts) -> bool:
    """Whether the least number of a figure is more than the greatest of another."""
    return one.low is not None and other.high is not None and one.low > other.high
