"""How often a source was right on what has been resolved since (model.md 5, track record).

One case for each source and resolved proposition: its last stance whose latest date is on or before
the day of the resolution. A last value of 0, or both signs on that date, is no case.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import exp, isqrt, lgamma, log, log1p

from claimtrack.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last word of a source on a resolved proposition turned out.

    Attributes:
        right: Whether it came true.
        changed: Whether the source began on the other side.
    """

    right: bool
    changed: bool


def outcome(
    words: Iterable[tuple[date | None, int]], truth: bool, resolved_on: date
) -> Outcome | None:
    """Return how what a source said of a proposition turned out, or None where that is no case.

    `words` are the latest date and the value, -2 to 2, of each of its stances on the proposition.
    """
    by_then = sorted(
        (last, value) for last, value in words if last is not None and last <= resolved_on
    )
    if not by_then:
        return None
    final = {_sign(value) for last, value in by_then if last == by_then[-1][0]}
    taken = [(last, _sign(value)) for last, value in by_then if value != 0]
    if len(final) != 1 or 0 in final:
        return None
    (side,) = final
    began = {sign for last, sign in taken if last == taken[0][0]}
    return Outcome(right=(side > 0) == truth, changed=began == {-side})


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


@dataclass(frozen=True, slots=True)
class Share:
    """How often a source was right, with the uncertainty of so few cases.

    `n` is the number of resolved cases; `mean`, `low` and `high` are shares from 0 to 1.
    """

    n: int
    mean: float
    low: float
    high: float


def jeffreys(right: int, wrong: int) -> Share | None:
    """The share of resolved cases that a source got right, with its 95 % interval.

    None when nothing is resolved: no record is not a poor one. Mean and equal-tailed interval of
    Beta(right + 1/2, wrong + 1/2), the posterior of Jeffreys' prior; the quantiles are good to
    about 1e-12. The interval assumes cases that are independent, that were not picked for their
    outcome and that one share governs, and it is too narrow where they were not, as with several
    propositions of one topic.

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
    return Share(n=n, mean=a / (n + 1), low=low, high=high)


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
