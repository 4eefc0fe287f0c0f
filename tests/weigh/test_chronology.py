"""Order and periods: what is surely before what, and what lies inside a period."""

from itertools import pairwise

import pytest

from claimtrack.weigh.chronology import (
    PeriodFit,
    are_disjoint,
    comes_first,
    compare_to_period,
    count_days_between,
    get_action_span,
    get_period,
    is_before,
    is_surely_before,
)
from weighed import UNKNOWN, fact, moment, span


@pytest.mark.parametrize(
    ("end", "start", "expected"),
    [
        pytest.param("2025-01-01", "2025-01-02", True, id="days"),
        pytest.param("2025-01-01", "2025-01-01", False, id="one day"),
        pytest.param("2025-01-02", "2025-01-01", False, id="later"),
        pytest.param("2025-01-01T10:00", "2025-01-01T11:00", True, id="instants of one day"),
        pytest.param("2025-01-01T11:00", "2025-01-01T11:00", False, id="one instant"),
        pytest.param("2025-01-02T01:00", "2025-01-01T23:00", False, id="instants, later"),
        pytest.param("2025-01-01T10:00", "2025-01-01", False, id="an instant and its day"),
        pytest.param("2025-01-01", "2025-01-01T10:00", False, id="a day and its instant"),
        pytest.param("2025-01-01T10:00", "2025-01-02", True, id="an instant and the next day"),
        pytest.param(None, "2025-01-02", False, id="no end"),
        pytest.param("2025-01-01", None, False, id="no start"),
    ],
)
def test_an_end_is_before_a_start_only_when_it_surely_is(
    end: str | None, start: str | None, expected: bool
) -> None:
    assert is_before(moment(end), moment(start)) is expected


def test_an_instant_decides_over_the_local_days() -> None:
    # 23:30 in New York is 05:30 of the next day in Kyiv: the days are in order, the instants not.
    late, early = moment("2025-01-01T04:30"), moment("2025-01-01T03:30")
    assert late is not None
    assert early is not None
    local_day = (
        late._replace(day=late.day.replace(day=1)),
        early._replace(day=early.day.replace(day=2)),
    )
    assert not is_before(*local_day)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("2025-01-01/2025-01-05", "2025-01-06/", True, id="before"),
        pytest.param("2025-01-01/2025-01-05", "2025-01-05/", False, id="touching"),
        pytest.param("/", "2025-01-05", False, id="unknown"),
    ],
)
def test_dates_are_before_others_by_their_nearest_ends(
    one: str, other: str, expected: bool
) -> None:
    assert is_surely_before(fact("claim", 1, on=one), fact("claim", 2, on=other)) is expected


@pytest.mark.parametrize(
    ("found", "period", "expected"),
    [
        pytest.param(
            "2025-03-02/2025-03-03", "2025-03-01/2025-03-09", PeriodFit.INSIDE, id="inside"
        ),
        pytest.param(
            "2025-03-01/2025-03-09", "2025-03-01/2025-03-09", PeriodFit.INSIDE, id="equal"
        ),
        pytest.param(
            "2025-03-01/2025-04-01", "2025-03-01/2025-03-09", PeriodFit.POSSIBLY, id="beyond"
        ),
        pytest.param("2025-02-01/2025-03-02", "2025-03-01/", PeriodFit.POSSIBLY, id="from before"),
        pytest.param("2025-04-01", "2025-03-01/2025-03-09", PeriodFit.OUTSIDE, id="after"),
        pytest.param("2025-02-01", "2025-03-01/", PeriodFit.OUTSIDE, id="before"),
        pytest.param("2025-03-05", "/", PeriodFit.INSIDE, id="open at both ends"),
        pytest.param("/2025-03-05", "2025-03-01/", PeriodFit.POSSIBLY, id="unknown beginning"),
        pytest.param("2025-03-05/", "/2025-03-09", PeriodFit.POSSIBLY, id="unknown end"),
        pytest.param("2025-03-10/", "/2025-03-09", PeriodFit.OUTSIDE, id="surely begins after"),
        pytest.param("/", "/", PeriodFit.POSSIBLY, id="undated"),
        pytest.param("2025-03-01", "2025-03-01T18:00/", PeriodFit.POSSIBLY, id="a day and an hour"),
        pytest.param(
            "2025-03-01T09:00", "2025-03-01T18:00/", PeriodFit.OUTSIDE, id="an earlier hour"
        ),
        pytest.param("2025-03-01T19:00", "2025-03-01T18:00/", PeriodFit.INSIDE, id="a later hour"),
        pytest.param("2025-03-01T19:00", "/2025-03-01", PeriodFit.POSSIBLY, id="an hour and a day"),
        pytest.param(
            "2025-03-02T19:00", "2025-03-01T18:00/2025-03-09", PeriodFit.INSIDE, id="days on"
        ),
    ],
)
def test_a_span_lies_inside_outside_or_possibly_inside_a_period(
    found: str, period: str, expected: PeriodFit
) -> None:
    assert compare_to_period(span(found), span(period)) is expected
    assert are_disjoint(span(found), span(period)) is (expected is PeriodFit.OUTSIDE)


def test_the_period_of_an_entry_is_what_it_speaks_of() -> None:
    assert get_period(fact("claim", 1, on="2025-01-01")) is None
    assert get_period(fact("claim", 1, about="2025-01-01/")) == span("2025-01-01/")


@pytest.mark.parametrize(
    ("on", "about", "expected"),
    [
        pytest.param("2025-01-05", None, "2025-01-05/", id="from its own day"),
        pytest.param("2025-01-05", "/2025-02-01", "2025-01-05/2025-02-01", id="until a day"),
        pytest.param("2025-01-05", "2025-02-01/", "2025-02-01/", id="from a day"),
        pytest.param(None, "/2025-02-01", "/2025-02-01", id="undated, until a day"),
    ],
)
def test_a_promise_holds_from_its_own_day_unless_it_names_another(
    on: str | None, about: str | None, expected: str
) -> None:
    assert get_period(fact("commitment", 1, on=on, about=about)) == span(expected)


def test_an_undated_promise_that_names_no_time_has_no_period() -> None:
    assert get_period(fact("commitment", 1)) is None


def test_a_deed_took_the_time_it_speaks_of_else_its_date() -> None:
    assert get_action_span(fact("action", 1, on="2025-01-01")) == span("2025-01-01")
    about = fact("action", 1, on="2025-01-01", about="2024-12-01/2024-12-31")
    assert get_action_span(about) == span("2024-12-01/2024-12-31")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("2025-01-01", "2025-01-04", 3, id="after"),
        pytest.param("2025-01-04", "2025-01-01", -3, id="before"),
        pytest.param("2025-01-01/2025-01-05", "2025-01-03", 0, id="overlapping"),
        pytest.param("/2025-01-01", "2025-01-04/", 3, id="nearest ends known"),
        pytest.param("2025-01-04/", "/2025-01-01", -3, id="nearest ends known, before"),
        pytest.param("2025-01-01/", "2025-01-04", None, id="an end missing"),
        pytest.param("/", "2025-01-04", None, id="undated"),
        pytest.param("2025-01-01T20:00", "2025-01-02T10:00", 0, id="within a day"),
        pytest.param("2025-01-02T10:00", "2025-01-01T20:00", 0, id="within a day, before"),
        pytest.param("2025-01-01T20:00", "2025-01-02T20:00", 1, id="a day later"),
        pytest.param("2025-01-01T20:00", "2025-01-02", 1, id="an instant and a day"),
    ],
)
def test_the_days_between_two_entries(one: str, other: str, expected: int | None) -> None:
    found = count_days_between(fact("claim", 1, on=one), fact("claim", 2, on=other))
    assert found == expected


def test_the_subject_is_the_one_whose_kind_comes_first() -> None:
    kinds = ["commitment", "claim", "statement", "assessment", "action", "window"]
    facts = [fact(kind, 9 - number) for number, kind in enumerate(kinds)]
    for one, other in pairwise(facts):
        assert comes_first(one, other)
        assert not comes_first(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("2025-01-01", "2025-01-02", id="the earlier"),
        pytest.param("/2025-01-01", "2025-01-02", id="by its only end"),
        pytest.param("2025-01-02", None, id="undated last"),
        pytest.param("2025-01-01T10:00", "2025-01-01T11:00", id="the earlier instant"),
        pytest.param("2025-01-01", "2025-01-01T11:00", id="then the lower ref"),
        pytest.param(None, None, id="undated both"),
    ],
)
def test_of_one_kind_the_earlier_is_the_subject_then_the_lower_ref(
    one: str | None, other: str | None
) -> None:
    first, second = fact("claim", 1, on=one), fact("claim", 2, on=other)
    assert comes_first(first, second)
    assert not comes_first(second, first)


def test_what_is_unknown_is_before_nothing() -> None:
    assert not is_surely_before(fact("claim", 1), fact("claim", 2, on="2025-01-01"))
    assert span("/") == UNKNOWN
