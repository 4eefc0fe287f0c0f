"""The arithmetic that several reports share. It reads no database and knows no tables.

What a number cannot say stands beside it in the docstring, and belongs beside it on the page.
"""

from collections import ChainMap
from collections.abc import Hashable, Iterable, MutableMapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import exp, isqrt, lgamma, log, log1p
from typing import Generic, Self, TypeVar

from claimtrack.errors import InvalidValue

Id = TypeVar("Id", bound=Hashable)
Value = TypeVar("Value")

_MANY = 200
"""Items from which on they are not copied for a branch."""
_ACH_LETTERS = {-2: "II", -1: "I", 0: "N", 1: "C", 2: "CC"}


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """How often a source was right, with the uncertainty of so few cases.

    `n` is the number of resolved cases; `mean`, `low` and `high` are shares from 0 to 1.
    """

    n: int
    mean: float
    low: float
    high: float


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


def layer(below: MutableMapping[Id, Value]) -> MutableMapping[Id, Value]:
    """Return what holds the same and can be written to; what is below stays as it is.

    Of few items a copy, which is faster to read; above many a layer, which is faster to make, and
    shows what is written below it later.
    """
    return dict(below) if len(below) < _MANY else ChainMap({}, below)


class Groups(Generic[Id]):
    """Members in groups of one origin: those that are connected, directly or in a chain.

    An outsider connects members, and makes no group.

    Attributes:
        size: How many members there are.
        count: How many groups they make.
    """

    def __init__(self, members: Iterable[Id] = ()) -> None:
        self.size = self.count = 0
        self._members: MutableMapping[Id, None] = {}
        self._above: MutableMapping[Id, Id] = {}
        self._inside: MutableMapping[Id, bool] = {}
        for member in members:
            self.add(member)

    def branch(self) -> Self:
        """Return groups that begin as these and may grow; until it is let go, these must not."""
        other = copy(self)
        other._members = layer(self._members)
        other._above, other._inside = layer(self._above), layer(self._inside)
        return other

    def add(self, member: Id) -> bool:
        """Make an id a member; False when it is one."""
        if member in self._members:
            return False
        self._members[member] = None
        self.size += 1
        root = self._root(member)
        if not self._inside.get(root):
            self._inside[root] = True
            self.count += 1
        return True

    def merge(self, other: "Groups[Id]") -> None:
        """Take in the members of other groups, and let be connected what is connected there."""
        for member in other._members:
            self.add(member)
        for one in list(other._above):
            self.connect(other._root(one), one)

    def connect(self, one: Id, other: Id) -> None:
        """Let two ids be of one group, members or not."""
        root, joined = self._root(one), self._root(other)
        if root == joined:
            return
        self._above[joined] = root
        if self._inside.get(joined):
            self.count -= bool(self._inside.get(root))
            self._inside[root] = True

    def groups(self) -> list[frozenset[Id]]:
        """Return the groups, in the order of their first member."""
        found: dict[Id, set[Id]] = {}
        for member in self._members:
            found.setdefault(self._root(member), set()).add(member)
        return [frozenset(group) for group in found.values()]

    def _root(self, one: Id) -> Id:
        above = self._above
        while (parent := above.get(one, one)) != one:
            above[one] = grandparent = above.get(parent, parent)
            one = grandparent
        return one


def ach_cell(value: int | None) -> str:
    """The cell of a stance in an ACH matrix: -2 to 2 as II, I, N, C, CC; empty when there is none.

    Source: Heuer, Psychology of Intelligence Analysis, 1999, ch. 8; the letters as in the technical
    note on ACH of PARC and Pherson.

    Raises:
        InvalidValue: not a stance, -2 to 2.
    """
    if value is None:
        return ""
    if value not in _ACH_LETTERS:
        raise InvalidValue("stance", value, "a whole number from -2 to 2")
    return _ACH_LETTERS[value]


def inconsistency(cells: Iterable[tuple[Hashable, int]]) -> int:
    """What speaks against one hypothesis: the sum of |value| over its negative cells, 0 or more.

    A cell is (origin, value); each origin counts once, at its largest |value|, so that an item
    which is repeated does not weigh more. It only grows as items are added, so it compares
    hypotheses over the same items alone; it weighs no item by its credibility, and it is never a
    probability: the matrix showed no gain in coherence over unaided judgement (Karvetski and Mandel
    2020).

    Source: Heuer 1999, ch. 8, step 5 (the hypothesis with the least against it, not the most for
    it); II counts 2 and I counts 1 as in the technical note on ACH of PARC and Pherson, without its
    weights.
    """
    worst: dict[Hashable, int] = {}
    for origin, value in cells:
        worst[origin] = min(value, worst.get(origin, 0))
    return -sum(worst.values())


def diagnosticity(values: Sequence[int | None]) -> int | None:
    """How far an item tells the hypotheses apart: its greatest value minus its least, 0 to 4.

    `values` holds one stance, -2 to 2, for each hypothesis, None where it is not rated; None comes
    out when fewer than two are rated. An item that is equal for all hypotheses has none, however
    strong. It says nothing of whether the item is true.

    Source: Heuer 1999, ch. 8, step 3, measured as the range of the rated cells.
    """
    rated = [value for value in values if value is not None]
    return max(rated) - min(rated) if len(rated) >= 2 else None


def track_record(right: int, wrong: int) -> TrackRecord | None:
    """The share of resolved cases that a source got right, with its 95 % interval.

    None when nothing is resolved: no record is not a poor one. Mean and equal-tailed interval of
    Beta(right + 1/2, wrong + 1/2), the posterior of Jeffreys' prior; the quantiles are good to
    about 1e-12. Count one case for each independent origin and resolved proposition: the interval
    assumes cases that are independent, that were not picked for their outcome and that one share
    governs, and it is too narrow where they were not.

    Source: Brown, Cai and DasGupta 2001, Interval Estimation for a Binomial Proportion, Statistical
    Science 16(2), section 3.1.3; here without their changes to the limits at and next to 0 and `n`.

    Raises:
        InvalidValue: a negative count.
    """
    for what, count in (("right", right), ("wrong", wrong)):
        if count < 0:
            raise InvalidValue(what, count, "a count of 0 or more")
    n = right + wrong
    if n == 0:
        return None
    a, b = right + 0.5, wrong + 0.5
    # The upper quantile from the lower one, so that exchanging right and wrong mirrors both.
    low, high = _lower_quantile(a, b), 1 - _lower_quantile(b, a)
    return TrackRecord(n=n, mean=a / (n + 1), low=low, high=high)


def circular_shift(
    days: Sequence[date],
    windows: Sequence[tuple[date, date]],
    period: tuple[date, date],
) -> ShiftTest:
    """Whether dates gather in windows more than the same dates rotated over their period do.

    Give one date for each independent origin. Windows and period include both their ends; windows
    are clipped to the period and may overlap; dates outside the period are left out and counted.
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


def _lower_quantile(a: float, b: float) -> float:
    """The 2.5 % quantile of Beta(a, b), by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _beta_cdf(middle, a, b) < 0.025:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for 0 < x < 1 by its continued fraction.

    Source: DLMF 8.17.22 and 8.17.23, which converge fast for x < (a + 1) / (a + b + 2); beyond it
    by the symmetry 8.17.4. https://dlmf.nist.gov/8.17
    """
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_cdf(1 - x, b, a)
    fraction = 1.0
    # Evaluated from its tail; the terms it takes grow with the square root of the parameters.
    for term in range(40 + 4 * isqrt(int(a + b)), 0, -1):
        m = term // 2
        top = m * (b - m) if term % 2 == 0 else -(a + m) * (a + b + m)
        fraction = 1 + top * x / ((a + term - 1) * (a + term)) / fraction
    scale = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(scale) / (a * fraction)
