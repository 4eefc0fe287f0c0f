"""Whether dates gather in windows (model.md 5): the exact circular-shift test.

It takes one date for each group of entries that repeat each other, at either strength: what merely
may be of one origin is not joined, so that a party which spoke on ten days has ten dates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from claimtrack.errors import InvalidValue
from claimtrack.weigh.groups import Groups
from claimtrack.weigh.origins import Repeats


@dataclass(frozen=True, slots=True)
class ShiftTest:
    """How far dates gather in windows, against the same dates rotated over the period.

    Attributes:
        dates: Dates inside the period, repeated dates counted each time.
        outside: Dates left out because they lie outside the period.
        inside: Dates in a window, the statistic T.
        coverage: Share of the period's days that lie in a window, 0 to 1.
        expected: `dates` times `coverage`, the mean of T over all shifts.
        effect: Share of the dates in a window minus `coverage`, -1 to 1; 0 when the windows hold
            just their share of the dates.
        shifts: Rotations compared, as many as the period has days, the identity included.
        p: Share of the shifts whose T is at least as large, 1 / `shifts` to 1.
    """

    dates: int
    outside: int
    inside: int
    coverage: float
    expected: float
    effect: float
    shifts: int
    p: float


def join_repetitions(keys: Iterable[int], repeats: Repeats) -> list[frozenset[int]]:
    """Return entries in groups of those that repeat each other, or one another, in a chain."""
    groups = Groups(keys)
    for one, others in repeats.items():
        for other, _ in others:
            groups.connect(one, other)
    return groups.groups()


def circular_shift(
    days: Sequence[date],
    windows: Sequence[tuple[date, date]],
    period: tuple[date, date],
) -> ShiftTest:
    """Whether dates gather in windows more than the same dates rotated over their period do.

    Give one date for each group of entries that repeat each other. Windows and period include both
    their ends; windows are clipped to the period and may overlap; dates outside the period are left
    out and counted.
    All shifts by whole days are compared: p is exact and never 0, and dates keep their distances.

    Limits: p is worthless when the windows were drawn by someone who had seen the dates, and it
    changes with the period, which has to be the span that was searched for dates, not the span of
    those found. It assumes a steady rate over the period, joins its end to its beginning, and takes
    each date as exact to the day.

    Source: a permutation test whose group is the whole-day rotations; p counts the identity, as in
    Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9(1), 39; time shifts in finite samples:
    arXiv 2512.17372.

    Raises:
        InvalidValue: no date in the period, or a period or a window that ends before it begins.
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
    for span in spans:
        if span[0] > span[1]:
            raise InvalidValue(what, _shown(span), "an end that is not before its beginning")


def _counts_by_day(days: Sequence[date], period: tuple[date, date]) -> list[int]:
    """The number of dates on each day of the period."""
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
    """The union of the windows as runs of day numbers from 0, in order and apart, ends excluded."""
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
    """The number of dates in the runs for each shift; takes time in proportion to days x runs."""
    length = len(counts)
    before = list(accumulate([*counts, *counts], initial=0))
    inside = [0] * length
    for begin, end in runs:
        for shift in range(length):
            # What moves into the run is what lay `shift` days before it, around the ring.
            origin = (begin - shift) % length
            inside[shift] += before[origin + end - begin] - before[origin]
    return inside
