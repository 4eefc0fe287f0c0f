"""Dates as spreadsheets write them."""

import pytest

from claimtrack.errors import InvalidValue
from claimtrack.exchange.readers.cell_dates import Reading, read_date, widen

MONTH_FIRST, DAY_FIRST = Reading(day_first=False), Reading(day_first=True)


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        pytest.param("05/02/2014 00:00", MONTH_FIRST, ("2014-05-02", "2014-05-02", "day"), id="us"),
        pytest.param("1/22/2014 12:00:00 AM", MONTH_FIRST, ("2014-01-22",) * 2, id="us with am"),
        pytest.param("05/02/2014", DAY_FIRST, ("2014-02-05",) * 2, id="day first"),
        pytest.param("17/9/2024", DAY_FIRST, ("2024-09-17",) * 2, id="one digit"),
        pytest.param("31.12.2025", Reading(), ("2025-12-31",) * 2, id="no month is 31"),
        pytest.param("7/7/2025", Reading(), ("2025-07-07",) * 2, id="day and month are the same"),
        pytest.param("2014-01-22T10:00:00Z", Reading(), ("2014-01-22",) * 2, id="iso with time"),
        pytest.param("2014-01-22 00:00:00.000", Reading(), ("2014-01-22",) * 2, id="sql"),
        pytest.param("2014/5/2", MONTH_FIRST, ("2014-05-02",) * 2, id="year first"),
        pytest.param("20240526", Reading(), ("2024-05-26",) * 2, id="digits alone"),
        pytest.param("5/2014", Reading(), ("2014-05-01", "2014-05-31", "month"), id="a month"),
        pytest.param("2014-5", Reading(), ("2014-05-01", "2014-05-31", "month"), id="iso month"),
        pytest.param("2014", Reading(), ("2014-01-01", "2014-12-31", "year"), id="a year"),
        pytest.param("2014-5-2/2014-6", Reading(), ("2014-05-02", "2014-06-30"), id="from to"),
        pytest.param("../2014-5-2", Reading(), ("None", "2014-05-02", "day"), id="open, one digit"),
        pytest.param("2014-5-2/", Reading(), ("2014-05-02", "None", "day"), id="unknown end"),
        pytest.param("2014-5~/2015-1-9?", Reading(), ("2014-05-01", "2015-01-09"), id="qualified"),
        pytest.param("199X", Reading(), ("1990-01-01", "1999-12-31", "vague"), id="unspecified"),
        pytest.param("2014-5-XX", Reading(), ("2014-05-01", "2014-05-31", "month"), id="no day"),
        pytest.param("2023-24", Reading(), ("2023-12-01", "2024-02-29", "season"), id="winter"),
        pytest.param(
            "26 May 2024", Reading(formats=("%d %B %Y",)), ("2024-05-26",) * 2, id="a format"
        ),
        pytest.param(
            "May 2024",
            Reading(formats=("%d %B %Y", "%B %Y")),
            ("2024-05-01", "2024-05-31", "month"),
            id="a format of a month",
        ),
    ],
)
def test_a_date_is_read_as_it_is_written(
    text: str, reading: Reading, expected: tuple[str, ...]
) -> None:
    span = read_date(text, reading)
    assert (str(span.first), str(span.last), str(span.precision))[: len(expected)] == expected


@pytest.mark.parametrize(
    ("text", "reading", "told"),
    [
        pytest.param("05/02/2014", Reading(), "set day_first in the profile", id="ambiguous"),
        pytest.param("13/05/2014", MONTH_FIRST, "there is no month 13", id="not exchanged"),
        pytest.param("31/02/2014", DAY_FIRST, "the calendar has no 2014-02-31", id="no such day"),
        pytest.param("soon", Reading(), "expected a date such as", id="words"),
        pytest.param("99999999", Reading(), "has no 9999-99-99", id="no month 99"),
    ],
)
def test_a_date_that_is_none_is_refused_and_never_guessed(
    text: str, reading: Reading, told: str
) -> None:
    with pytest.raises(InvalidValue, match=told):
        read_date(text, reading)


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        pytest.param("week", ("2024-05-20", "2024-06-01", "vague"), id="any seven days around it"),
        pytest.param("month", ("2024-05-01", "2024-05-31", "month"), id="month"),
        pytest.param("year", ("2024-01-01", "2024-12-31", "year"), id="year"),
    ],
)
def test_an_inexact_date_is_widened_to_its_bounds(to: str, expected: tuple[str, str, str]) -> None:
    span = widen(read_date("2024-05-26"), to)
    assert (str(span.first), str(span.last), str(span.precision)) == expected
