"""Whether dates gather in windows."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import InvalidValue
from claimtrack.weigh.clustering import run_circular_shift_test

DAY_0 = date(2024, 1, 1)
SEED_CLAIMS = [date(2023, 12, 23), date(2024, 1, 25), date(2024, 2, 13), date(2024, 5, 24)]
SEED_STATEMENT = date(2022, 12, 16)
SEED_WINDOWS = [
    (date(2022, 12, 1), date(2022, 12, 31)),
    (date(2023, 12, 1), date(2024, 2, 29)),
    (date(2024, 5, 1), date(2024, 5, 24)),
]


def after(days: int) -> date:
    return DAY_0 + timedelta(days=days)


def span(first: int, last: int) -> tuple[date, date]:
    return after(first), after(last)


@pytest.mark.parametrize(
    ("start", "dates", "days", "covered", "at_least"),
    [
        pytest.param(date(2022, 2, 24), 5, 821, 146, 16, id="from the invasion"),
        pytest.param(date(2022, 12, 1), 5, 541, 146, 38, id="from the first window"),
        pytest.param(date(2023, 3, 1), 4, 451, 115, 23, id="from March 2023"),
    ],
)
def test_the_seed_gives_the_worked_table(
    start: date, dates: int, days: int, covered: int, at_least: int
) -> None:
    # Coverage 17.8, 27.0, 25.5 %, p 0.0195, 0.0702, 0.0510: the design's run over ISW's claims
    # (24 May 2024). The period ends with the assessment; December 2022 is taken at its middle,
    # the open decision as the month in which it is mentioned.
    found = run_circular_shift_test(
        [SEED_STATEMENT, *SEED_CLAIMS], SEED_WINDOWS, (start, date(2024, 5, 24))
    )
    assert (found.dates, found.outside, found.inside) == (dates, 5 - dates, dates)
    assert found.shifts == days
    assert found.coverage == covered / days
    assert found.p == at_least / days


def test_a_hand_made_ring_of_ten_days_is_counted_out() -> None:
    # Days 0 and 1 in a window of days 0 to 2: both inside, as they are after shift 1 alone.
    found = run_circular_shift_test([after(0), after(1)], [span(0, 2)], span(0, 9))
    assert (found.dates, found.inside, found.shifts) == (2, 2, 10)
    assert found.p == 2 / 10
    assert found.coverage == 0.3
    assert found.expected == pytest.approx(0.6)
    assert found.effect == pytest.approx(0.7)


def test_rotation_joins_the_end_of_the_period_to_its_beginning() -> None:
    # Days 9 and 0 are neighbours on the ring, so that shifts 1 and 2 bring both into days 0 to 2.
    found = run_circular_shift_test([after(9), after(0)], [span(0, 2)], span(0, 9))
    assert found.inside == 1
    assert found.p == 4 / 10


def test_overlapping_touching_and_nested_windows_count_as_their_union() -> None:
    windows = [span(5, 9), span(2, 4), span(3, 6), span(7, 8), span(2, 2)]
    assert run_circular_shift_test([after(5)], windows, span(0, 19)).coverage == 8 / 20


def test_windows_are_clipped_to_the_period() -> None:
    windows = [span(-30, 1), span(8, 30), span(-9, -5), span(12, 15)]
    found = run_circular_shift_test([after(0), after(5)], windows, span(0, 9))
    assert (found.coverage, found.inside) == (0.4, 1)


def test_dates_outside_the_period_are_left_out_and_counted() -> None:
    found = run_circular_shift_test(
        [after(-1), after(0), after(9), after(10)], [span(0, 0)], span(0, 9)
    )
    assert (found.dates, found.outside, found.inside) == (2, 2, 1)


def test_dates_on_one_day_count_each_time() -> None:
    found = run_circular_shift_test([after(0)] * 3, [span(0, 0)], span(0, 9))
    assert (found.dates, found.inside, found.p) == (3, 3, 0.1)


@pytest.mark.parametrize(
    ("windows", "coverage"),
    [pytest.param([], 0, id="no window"), pytest.param([span(0, 9)], 1, id="nothing else")],
)
def test_windows_that_hold_none_or_all_of_the_period_show_nothing(
    windows: Sequence[tuple[date, date]], coverage: float
) -> None:
    found = run_circular_shift_test([after(3), after(4)], windows, span(0, 9))
    assert (found.coverage, found.effect, found.p) == (coverage, 0, 1)


def test_a_period_of_one_day_has_one_shift() -> None:
    assert run_circular_shift_test([after(0)], [span(0, 0)], span(0, 0)).p == 1


@pytest.mark.parametrize(
    ("days", "windows", "period", "sentence"),
    [
        pytest.param([], [], span(0, 9), "it has none of the 0 given", id="no dates"),
        pytest.param([after(10)], [], span(0, 9), "it has none of the 1 given", id="none inside"),
        pytest.param([after(0)], [], span(9, 0), "^period '2024-01-10/2024-01-01'", id="period"),
        pytest.param([after(0)], [span(3, 2)], span(0, 9), "^window '2024-01-04/", id="window"),
    ],
)
def test_without_dates_or_with_days_out_of_order_there_is_no_test(
    days: list[date],
    windows: list[tuple[date, date]],
    period: tuple[date, date],
    sentence: str,
) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        run_circular_shift_test(days, windows, period)


DAYS = st.lists(st.integers(0, 29), min_size=1, max_size=12)
WINDOWS = st.lists(st.tuples(st.integers(-5, 34), st.integers(0, 9)), max_size=5)


@given(DAYS, WINDOWS)
def test_the_test_agrees_with_counting_every_rotation_day_by_day(
    days: list[int], windows: list[tuple[int, int]]
) -> None:
    spans = [(begin, begin + length) for begin, length in windows]
    covered = {day for day in range(30) if any(begin <= day <= end for begin, end in spans)}
    inside = [sum((day + shift) % 30 in covered for day in days) for shift in range(30)]
    found = run_circular_shift_test(
        [after(day) for day in days], [span(*each) for each in spans], span(0, 29)
    )
    assert found.inside == inside[0]
    assert found.coverage == len(covered) / 30
    assert found.expected == pytest.approx(sum(inside) / 30)
    assert found.p == sum(count >= inside[0] for count in inside) / 30


@given(DAYS, WINDOWS, st.randoms())
def test_the_order_of_dates_and_windows_does_not_matter(
    days: list[int], windows: list[tuple[int, int]], random: Random
) -> None:
    dates = [after(day) for day in days]
    spans = [span(begin, begin + length) for begin, length in windows]
    expected = run_circular_shift_test(dates, spans, span(0, 29))
    random.shuffle(dates)
    random.shuffle(spans)
    assert run_circular_shift_test(dates, spans, span(0, 29)) == expected


@given(DAYS, WINDOWS)
def test_p_is_never_0_and_rejects_a_random_rotation_no_more_often_than_it_says(
    days: list[int], windows: list[tuple[int, int]]
) -> None:
    # Over all rotations of one series, at most a share x of the p-values is x or less.
    spans = [span(begin, begin + length) for begin, length in windows]
    values = [
        run_circular_shift_test([after((day + shift) % 30) for day in days], spans, span(0, 29)).p
        for shift in range(30)
    ]
    assert min(values) >= 1 / 30
    for value in set(values):
        assert sum(other <= value for other in values) / 30 <= value + 1e-12
