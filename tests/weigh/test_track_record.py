"""How often a source was right, and how sure that is."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import InvalidValue
from claimtrack.weigh.track_record import Outcome, Share, estimate_share_right, find_outcome

RESOLVED = date(2025, 6, 1)


def day(number: int) -> date:
    return date(2025, 5, number)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([(day(1), 2)], Outcome(right=True, changed=False), id="right"),
        pytest.param([(day(1), -1)], Outcome(right=False, changed=False), id="wrong"),
        pytest.param([(day(1), -2), (day(2), 1)], Outcome(right=True, changed=True), id="changed"),
        pytest.param(
            [(day(2), 1), (day(1), -2)], Outcome(right=True, changed=True), id="any order"
        ),
        pytest.param(
            [(day(1), 0), (day(2), 1)], Outcome(right=True, changed=False), id="from open"
        ),
        pytest.param([(day(1), 1), (day(2), 0)], None, id="withdrawn"),
        pytest.param([(day(1), 1), (day(1), -1)], None, id="both signs on the last day"),
        pytest.param([(day(1), 1), (day(1), 0)], None, id="open on the last day too"),
        pytest.param([(RESOLVED, 1)], Outcome(right=True, changed=False), id="on the day"),
        pytest.param([(date(2025, 6, 2), 1)], None, id="after it"),
        pytest.param([(day(1), -1), (date(2025, 6, 2), 1)], Outcome(False, False), id="later word"),
        pytest.param([(None, 1)], None, id="undated"),
        pytest.param(
            [(day(1), 1), (day(1), -1), (day(2), 1)], Outcome(True, False), id="began on both"
        ),
        pytest.param([], None, id="silent"),
    ],
)
def test_the_last_word_before_the_resolution_is_the_case(
    words: list[tuple[date | None, int]], expected: Outcome | None
) -> None:
    assert find_outcome(words, True, RESOLVED) == expected


def test_a_denial_of_what_turned_out_false_is_right() -> None:
    assert find_outcome([(day(1), -1)], False, RESOLVED) == Outcome(right=True, changed=False)


def record(right: int, wrong: int) -> Share:
    found = estimate_share_right(right, wrong)
    assert found is not None
    return found


def beta_cdf(x: float, right: int, wrong: int) -> float:
    """I_x(right + 1/2, wrong + 1/2), built up from the arcsine law: exact, and not our way.

    Source: DLMF 8.17.20 and 8.17.21, from I_x(1/2, 1/2) = 2/pi asin(sqrt(x)).
    """
    total = 2 / math.pi * math.asin(math.sqrt(x))
    a = b = 0.5
    for _ in range(right):
        total -= x**a * (1 - x) ** b * math.gamma(a + b) / math.gamma(a + 1) / math.gamma(b)
        a += 1
    for _ in range(wrong):
        total += x**a * (1 - x) ** b * math.gamma(a + b) / math.gamma(a) / math.gamma(b + 1)
        b += 1
    return total


def test_a_source_with_nothing_resolved_has_no_record() -> None:
    assert estimate_share_right(0, 0) is None


@pytest.mark.parametrize(
    ("right", "wrong"), [pytest.param(-1, 2, id="right"), pytest.param(2, -1, id="wrong")]
)
def test_a_negative_count_is_refused(right: int, wrong: int) -> None:
    with pytest.raises(InvalidValue, match="a count of 0 or more"):
        estimate_share_right(right, wrong)


@pytest.mark.parametrize(
    ("right", "low", "high"),
    [
        pytest.param(10, 0.02599340, 0.08687509, id="10 of 200"),
        pytest.param(20, 0.06416642, 0.14729862, id="20 of 200"),
        pytest.param(25, 0.08462743, 0.176126, id="25 of 200"),
        pytest.param(50, 0.19387268, 0.31330266, id="50 of 200"),
        pytest.param(80, 0.33393964, 0.46893129, id="80 of 200"),
    ],
)
def test_the_interval_is_the_published_one(right: int, low: float, high: float) -> None:
    # RSurveillance::binom.jeffreys: rdrr.io/cran/RSurveillance/man/binom.jeffreys.html
    found = record(right, 200 - right)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-9, rel=5e-7)


@given(st.integers(0, 40), st.integers(0, 40))
def test_each_limit_leaves_one_fortieth_outside(right: int, wrong: int) -> None:
    if right + wrong:
        found = record(right, wrong)
        assert beta_cdf(found.low, right, wrong) == pytest.approx(0.025, abs=1e-9)
        assert beta_cdf(found.high, right, wrong) == pytest.approx(0.975, abs=1e-9)


def test_the_limits_at_none_and_all_are_plain_quantiles_not_0_and_1() -> None:
    assert record(0, 10).low > 0
    assert record(10, 0).high < 1


def test_the_mean_adds_half_a_case_to_each_side() -> None:
    found = record(3, 1)
    assert (found.n, found.mean) == (4, 3.5 / 5)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_mean_lies_in_the_interval(right: int, wrong: int) -> None:
    if right + wrong:
        found = record(right, wrong)
        assert 0 < found.low < found.mean < found.high < 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_exchanging_right_and_wrong_mirrors_the_interval(right: int, wrong: int) -> None:
    if right + wrong:
        found, mirrored = record(right, wrong), record(wrong, right)
        assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low))


@given(st.integers(0, 500), st.integers(0, 500))
def test_one_more_right_raises_the_whole_interval(right: int, wrong: int) -> None:
    if right + wrong:
        found, better = record(right, wrong), record(right + 1, wrong)
        assert (better.low, better.mean, better.high) > (found.low, found.mean, found.high)
        assert better.low > found.low
        assert better.high > found.high


def test_a_million_cases_are_counted_as_well() -> None:
    found = record(500_000, 500_000)
    # The normal approximation: 0.5 plus or minus 1.959964 * 0.5 / 1000.
    assert (found.low, found.high) == pytest.approx((0.499020, 0.500980), abs=1e-6)
