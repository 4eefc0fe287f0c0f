"""Whether dates cluster in windows: the exact circular-shift test.

The test takes one date for each group of entries that `repeats` links join, at either strength.
Entries that merely may have the same origin are not joined: a party that spoke on ten days has ten
dates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from claimtrack.errors import InvalidValue
from claimtrack.weigh.origins import RepeatLinks
from claimtrack.weigh.union_find import UnionFind


@dataclass(frozen=True, slots=True)
class ShiftTest:
    """The result of a circular-shift test.

    Attributes:
        dates: Number of dates inside the period; equal dates are counted each time.
        outside: Number of dates that were left out because they lie outside the period.
        inside: Number of dates in a window, the statistic T.
        coverage: Share of the period's days that lie in a window, 0 to 1.
        expected: `dates` times `coverage`, the mean of T over all shifts.
        effect: Share of the dates that lie in a window minus `coverage`, -1 to 1; 0 if the windows
            hold exactly their share of the dates.
        shifts: Number of rotations compared, one for each day of the period, the identity included.
        p: Share of the rotations whose T is at least as large, 1 / `shifts` to 1.
    """

    dates: int
    outside: int
    inside: int
    coverage: float
    expected: float
    effect: float
    shifts: int
    p: float


def group_repetitions(keys: Iterable[int], repeats: RepeatLinks) -> list[frozenset[int]]:
    """Return entries in groups that `repeats` links join, directly or in a chain.

    Args:
        keys: The keys of the entries to be grouped.
        repeats: The links; they may lead through entries that are not in `keys`.
    """
    groups = UnionFind(keys)
    for one, others in repeats.items():
        for other, _ in others:
            groups.connect(one, other)
    return groups.list_groups()


def run_circular_shift_test(
    days: Sequence[date],
    windows: Sequence[tuple[date, date]],
    period: tuple[date, date],
) -> ShiftTest:
    """Test whether dates cluster in windows more than the same dates rotated over the period do.

    All rotations by whole days are compared, so p is exact and never 0, and the dates keep their
    distances from each other.

    p is worthless if the windows were drawn by someone who had seen the dates. It depends on the
    period, which must be the span that was searched for dates, not the span of the dates found. The
    test assumes a steady rate over the period, joins the period's end to its beginning, and takes
    each date as exact to the day.

    Args:
        days: One date for each group of entries that repeat each other. Dates outside the period
            are left out and counted.
        windows: First and last day of each window; they may overlap, and are clipped to the period.
        period: First and last day of the observation period.

    Raises:
        InvalidValue: No date lies in the period, or the period or a window ends before it begins.

    Source: a permutation test over the group of whole-day rotations; p counts the identity, as in
    Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9(1), 39; time shifts in finite samples:
    arXiv 2512.17372.
    """
    _refuse_disorder("period", [period])
    _refuse_disorder("window", windows)
    counts = _counts_by_day(days, period)
    runs = _runs(windows, period[0], len(counts))
    inside = _inside_by_shift(counts, runs)
    dates, shifts = sum(counts), len(counts)
    coverage = sum(end - begin for begin, end in runs) / shifts
    return ShiftTest(
        dates=dates,
        outside=len(days) - dates,
        inside=inside[0],
        coverage=coverage,
        expected=dates * coverage,
        effect=inside[0] / dates - coverage,
        shifts=shifts,
        p=sum(count >= inside[0] for count in inside) / shifts,
    )


def _refuse_disorder(what: str, spans: Sequence[tuple[date, date]]) -> None:
    """Raise InvalidValue if a span ends before it begins; `what` names the argument."""
    for span in spans:
        if span[0] > span[1]:
            raise InvalidValue(what, _shown(span), "an end that is not before its beginning")


def _counts_by_day(days: Sequence[date], period: tuple[date, date]) -> list[int]:
    """Return the number of dates on each day of the period, in order.

    Raises:
        InvalidValue: No date lies in the period.
    """
    first, last = period
    counts = [0] * ((last - first).days + 1)
    for day in days:
        if first <= day <= last:
            counts[(day - first).days] += 1
    if not any(counts):
        raise InvalidValue(
            "period",
            _shown(period),
            f"one with dates in it, but it has none of the {len(days)} given",
        )
    return counts


def _shown(span: tuple[date, date]) -> str:
    return f"{span[0]}/{span[1]}"


def _runs(windows: Sequence[tuple[date, date]], first: date, length: int) -> list[tuple[int, int]]:
    """Return the union of the windows as half-open intervals of days of the period.

    Day 0 is the first day of the period. The intervals are in order and do not touch.
    """
    runs: list[tuple[int, int]] = []
    for opens, closes in sorted(windows):
        begin = max((opens - first).days, 0)
        end = min((closes - first).days + 1, length)
        if begin >= end:
            continue
        if runs and begin <= runs[-1][1]:
            begin, end = runs[-1][0], max(end, runs.pop()[1])
        runs.append((begin, end))
    return runs


def _inside_by_shift(counts: Sequence[int], runs: Sequence[tuple[int, int]]) -> list[int]:
    """Return the number of dates in the intervals for each shift by 0, 1, ... days.

    Takes time in proportion to days times intervals: the counts are summed once, and a shift needs
    two look-ups for each interval.
    """
    length = len(counts)
    before = list(accumulate([*counts, *counts], initial=0))
    inside = [0] * length
    for begin, end in runs:
        for shift in range(length):
            # The dates that a shift moves into the interval are those `shift` days before it, going
            # around the end of the period: hence the counts are repeated once above.
            origin = (begin - shift) % length
            inside[shift] += before[origin + end - begin] - before[origin]
    return inside
