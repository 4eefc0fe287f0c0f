"""How often a source was right about propositions that have been resolved.

Each source and resolved proposition make one case: the source's last stance whose latest date is on
or before the day of the resolution. There is no case if that value is 0, or if the source took both
sides on that date.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import exp, isqrt, lgamma, log, log1p

from claimtrack.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a source was right about one resolved proposition.

    Attributes:
        right: Whether its last stance was right.
        changed: Whether its first stance (other than 0) was on the other side.
    """

    right: bool
    changed: bool


def find_outcome(
    words: Iterable[tuple[date | None, int]], truth: bool, resolved_on: date
) -> Outcome | None:
    """Return whether a source was right about a resolved proposition, or None if it is no case.

    Args:
        words: The latest date and the value, -2 to 2, of each of the source's stances on it.
        truth: Whether the proposition turned out to be true.
        resolved_on: The day of its resolution.
    """
    by_then = sorted(
        (last, value) for last, value in words if last is not None and last <= resolved_on
    )
    if not by_then:
        return None
    final = {_sign(value) for last, value in by_then if last == by_then[-1][0]}
    definite = [(last, _sign(value)) for last, value in by_then if value != 0]
    if len(final) != 1 or 0 in final:
        return None
    (side,) = final
    began = {sign for last, sign in definite if last == definite[0][0]}
    return Outcome(right=(side > 0) == truth, changed=began == {-side})


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)


@dataclass(frozen=True, slots=True)
class Share:
    """An estimate of the share of cases in which a source is right.

    Attributes:
        n: The number of cases.
        mean: The estimated share, 0 to 1.
        low: The lower end of its 95 % interval.
        high: The upper end.
    """

    n: int
    mean: float
    low: float
    high: float


def estimate_share_right(right: int, wrong: int) -> Share | None:
    """Estimate the share of cases that a source gets right, with a 95 % interval.

    Mean and equal-tailed interval of Beta(right + 1/2, wrong + 1/2), the posterior of Jeffreys'
    prior; the quantiles are accurate to about 1e-12. The interval assumes that the cases are
    independent, have one underlying share and were not selected for their outcome. Where that does
    not hold, as with several propositions of one topic, it is too narrow.

    Args:
        right: How many cases the source got right, 0 or more.
        wrong: How many it got wrong, 0 or more.

    Returns:
        The estimate; None without any case, since no record is not a poor record.

    Raises:
        InvalidValue: A count is negative.

    Source: Brown, Cai and DasGupta 2001, Interval Estimation for a Binomial Proportion, Statistical
    Science 16(2), section 3.1.3; here without their changes to the limits at and next to 0 and `n`.
    """
    for what, count in (("right", right), ("wrong", wrong)):
        if count < 0:
            raise InvalidValue(what, count, "a count of 0 or more")
    n = right + wrong
    if n == 0:
        return None
    a, b = right + 0.5, wrong + 0.5
    # The upper quantile is computed from the lower one, so that swapping right and wrong gives the
    # exact mirror image.
    low, high = _lower_quantile(a, b), 1 - _lower_quantile(b, a)
    return Share(n=n, mean=a / (n + 1), low=low, high=high)


def _lower_quantile(a: float, b: float) -> float:
    """Return the 2.5 % quantile of Beta(a, b), by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):  # halving an interval 60 times exhausts the precision of a float
        middle = (low + high) / 2
        if _beta_cdf(middle, a, b) < 0.025:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b) for 0 < x < 1.

    Source: the continued fraction DLMF 8.17.22 and 8.17.23, which converges fast for
    x < (a + 1) / (a + b + 2); for a greater x the symmetry 8.17.4. https://dlmf.nist.gov/8.17
    """
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_cdf(1 - x, b, a)
    fraction = 1.0
    # Evaluated from its tail. The number of terms needed grows with the square root of a + b.
    for term in range(40 + 4 * isqrt(int(a + b)), 0, -1):
        m = term // 2
        top = m * (b - m) if term % 2 == 0 else -(a + m) * (a + b + m)
        fraction = 1 + top * x / ((a + term - 1) * (a + term)) / fraction
    scale = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(scale) / (a * fraction)
