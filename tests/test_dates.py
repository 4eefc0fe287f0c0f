from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.dates import (
    Span,
    describe_qualifiers,
    format_span,
    has_unstored_detail,
    parse_day,
    parse_span,
)
from claimtrack.errors import InvalidValue
from claimtrack.vocab import Precision

DATE_CHARACTERS = st.text(alphabet="0123456789-/.~?%X ", max_size=24)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        pytest.param("2024-05-24", "2024-05-24", "2024-05-24", "day", id="a day"),
        pytest.param("2024-02-29", "2024-02-29", "2024-02-29", "day", id="a leap day"),
        pytest.param("2024-05", "2024-05-01", "2024-05-31", "month", id="a month"),
        pytest.param("2023-02", "2023-02-01", "2023-02-28", "month", id="a short February"),
        pytest.param("2024", "2024-01-01", "2024-12-31", "year", id="a year"),
        pytest.param("0001", "0001-01-01", "0001-12-31", "year", id="the first year"),
        pytest.param("9999-12", "9999-12-01", "9999-12-31", "month", id="the last month"),
        pytest.param("2023-21", "2023-03-01", "2023-05-31", "season", id="spring"),
        pytest.param("2023-22", "2023-06-01", "2023-08-31", "season", id="summer"),
        pytest.param("2023-23", "2023-09-01", "2023-11-30", "season", id="autumn"),
        pytest.param("2023-24", "2023-12-01", "2024-02-29", "season", id="winter to a leap year"),
        pytest.param("2022-24", "2022-12-01", "2023-02-28", "season", id="winter"),
    ],
)
def test_a_single_date_gives_its_first_and_last_day_and_its_precision(
    text: str, first: str, last: str, precision: str
) -> None:
    assert parse_span(text) == Span(day(first), day(last), Precision(precision))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        pytest.param("2023-12/2024-02", "2023-12-01", "2024-02-29", "month", id="months"),
        pytest.param("2024-05-01/2024-05-31", "2024-05-01", "2024-05-31", "day", id="whole days"),
        pytest.param("2024-05-24/2024-05-24", "2024-05-24", "2024-05-24", "day", id="one day"),
        pytest.param("2024-05-10/2024-06", "2024-05-10", "2024-06-30", "month", id="day to month"),
        pytest.param("2023-24/2024-04", "2023-12-01", "2024-04-30", "season", id="season to month"),
        pytest.param("2023-21/2024", "2023-03-01", "2024-12-31", "year", id="season to year"),
        pytest.param("1991/2014", "1991-01-01", "2014-12-31", "year", id="years"),
        pytest.param("2024/2024-01-26", "2024-01-01", "2024-01-26", "year", id="year to day in it"),
        pytest.param(
            "2024-05-10/2024-05", "2024-05-10", "2024-05-31", "month", id="day to its month"
        ),
    ],
)
def test_an_interval_runs_from_the_earliest_to_the_latest_day_at_the_coarser_precision(
    text: str, first: str, last: str, precision: str
) -> None:
    assert parse_span(text) == Span(day(first), day(last), Precision(precision))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        pytest.param("2024-01-01/..", "2024-01-01", None, "day", id="no end"),
        pytest.param("../2024-05", None, "2024-05-31", "month", id="no beginning"),
        pytest.param("2024/", "2024-01-01", None, "year", id="no end, ISO"),
        pytest.param("/2024", None, "2024-12-31", "year", id="no beginning, ISO"),
        pytest.param("2023-24/..", "2023-12-01", None, "season", id="from a season on"),
        pytest.param("../..", None, None, "vague", id="neither"),
    ],
)
def test_an_open_end_has_no_bound_and_leaves_the_precision_to_the_other(
    text: str, first: str | None, last: str | None, precision: str
) -> None:
    assert parse_span(text) == Span(day(first), day(last), Precision(precision))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("2024-05-24~", "2024-05-24", id="approximate day"),
        pytest.param("2024-05?", "2024-05", id="uncertain month"),
        pytest.param("2024%", "2024", id="both, year"),
        pytest.param("2023-24?", "2023-24", id="uncertain season"),
        pytest.param("2023-12~/2024-02", "2023-12/2024-02", id="at the beginning of an interval"),
        pytest.param("2023-12/2024-02?", "2023-12/2024-02", id="at the end of an interval"),
        pytest.param("2024-05?/..", "2024-05/..", id="before an open end"),
    ],
)
def test_a_qualifier_makes_a_date_vague_and_keeps_its_bounds(text: str, plain: str) -> None:
    expected = parse_span(plain)
    assert parse_span(text) == Span(expected.first, expected.last, Precision.VAGUE)


def test_white_space_around_a_date_is_ignored() -> None:
    assert parse_span(" \t2024-05\n") == parse_span("2024-05")
    assert parse_day(" 2024-05-24\n") == date(2024, 5, 24)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("..", id="an open end alone"),
        pytest.param("/", id="two empty ends"),
        pytest.param("../", id="an open and an empty end"),
        pytest.param("/..", id="an empty and an open end"),
        pytest.param("May 2024", id="words"),
        pytest.param("24.05.2024", id="dots"),
        pytest.param("05/24/2024", id="month first"),
        pytest.param("20240524", id="without hyphens"),
        pytest.param("2024-5", id="one digit"),
        pytest.param("2024-00", id="month 0"),
        pytest.param("2024-13", id="month 13"),
        pytest.param("2024-20", id="season 20"),
        pytest.param("2024-25", id="season 25"),
        pytest.param("0000", id="year 0"),
        pytest.param("0000-01-01", id="day in year 0"),
        pytest.param("000X", id="unspecified digits with year 0"),
        pytest.param("XXXX", id="no digit"),
        pytest.param("2X24", id="an unspecified digit before others"),
        pytest.param("199X-05", id="a month of no year"),
        pytest.param("2024-XX-05", id="a day of no month"),
        pytest.param("2024-1X", id="half a month"),
        pytest.param("2024-21-XX", id="a day of a season"),
        pytest.param("199x", id="a small X"),
        pytest.param("2024-05-24T10:00", id="time of day"),
        pytest.param("2024-05-24~?", id="two qualifiers"),
        pytest.param("~2024", id="qualifier in front"),
        pytest.param("2023-12 / 2024-02", id="white space inside"),
        pytest.param("2023/2024/2025", id="three parts"),
        pytest.param("2023-12--2024-02", id="hyphens for a slash"),
        pytest.param("\u0662\u0660\u0662\u0664", id="Arabic-Indic digits"),
        pytest.param("\uff12\uff10\uff12\uff14", id="full-width digits"),
        pytest.param("2024-05-2\u2074", id="superscript digit"),
    ],
)
def test_anything_else_is_refused_with_the_forms_that_are_read(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parse_span(text, what="published")
    sentence = str(refusal.value)
    assert sentence.startswith(f"published {text!r} is not valid: expected a date such as ")
    assert "2023-24 (winter)" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "impossible"),
    [
        pytest.param("2024-02-30", "2024-02-30", id="30 February"),
        pytest.param("2023-02-29", "2023-02-29", id="leap day of a common year"),
        pytest.param("2024-01-01/2024-04-31", "2024-04-31", id="at the end of an interval"),
        pytest.param("2024-13-01", "2024-13-01", id="month 13"),
        pytest.param("2024-21-01", "2024-21-01", id="day of a season"),
        pytest.param("2024-05-00", "2024-05-00", id="day 0"),
    ],
)
def test_a_day_that_does_not_exist_is_named(text: str, impossible: str) -> None:
    with pytest.raises(InvalidValue, match=f"the calendar has no {impossible}$"):
        parse_span(text)


@pytest.mark.parametrize("text", ["-0044", "12024", "Y12024", "Y-170000002", "-0044/0100"])
def test_a_year_that_the_calendar_does_not_have_is_refused_and_says_so(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"expected a year from 0001 to 9999, in four digits$"):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        pytest.param("199X", "1990-01-01", "1999-12-31", "vague", id="a decade"),
        pytest.param("19XX", "1900-01-01", "1999-12-31", "vague", id="a century"),
        pytest.param("1XXX", "1000-01-01", "1999-12-31", "vague", id="a millennium"),
        pytest.param("2004-XX", "2004-01-01", "2004-12-31", "year", id="no month"),
        pytest.param("2004-XX-XX", "2004-01-01", "2004-12-31", "year", id="neither"),
        pytest.param("2004-06-XX", "2004-06-01", "2004-06-30", "month", id="no day"),
        pytest.param("2004-XX~", "2004-01-01", "2004-12-31", "vague", id="no month, about"),
        pytest.param("199X/2004-06-XX", "1990-01-01", "2004-06-30", "vague", id="an interval"),
        pytest.param("2004-06-XX/..", "2004-06-01", None, "month", id="before an open end"),
    ],
)
def test_unspecified_digits_span_all_that_they_can_be_and_claim_no_more(
    text: str, first: str, last: str | None, precision: str
) -> None:
    assert parse_span(text) == Span(day(first), day(last), Precision(precision))


@pytest.mark.parametrize(
    ("text", "said", "more"),
    [
        pytest.param("1723~", "approximate", True, id="approximate"),
        pytest.param(" 1723-05? ", "uncertain", True, id="uncertain"),
        pytest.param("1723%", "approximate and uncertain", True, id="both"),
        pytest.param("1723~/1724?", "approximate and uncertain", True, id="at both ends"),
        pytest.param("1723?/..", "uncertain", True, id="at the beginning"),
        pytest.param("199X", "", True, id="unspecified"),
        pytest.param("1723/", "", True, id="unknown end"),
        pytest.param("/1723", "", True, id="unknown beginning"),
        pytest.param("1723/..", "", False, id="open end"),
        pytest.param("1723-24", "", False, id="season"),
    ],
)
def test_what_the_bounds_of_a_date_do_not_say_is_found(text: str, said: str, more: bool) -> None:
    assert (describe_qualifiers(text), has_unstored_detail(text)) == (said, more)


YEARS = st.integers(1, 9999).map("{:04}".format)
PARTS = st.one_of(
    YEARS,
    YEARS.map(lambda year: f"{year}-XX"),
    YEARS.map(lambda year: f"{max(year[:3], '001')}X"),
    st.dates().map(str),
    st.dates().map(lambda found: str(found)[:7]),
    st.dates().map(lambda found: f"{str(found)[:7]}-XX"),
)
ENDS = st.builds("{}{}".format, PARTS, st.sampled_from(["", "~", "?", "%"]))


@given(ENDS, ENDS | st.sampled_from(["", ".."]))
def test_an_interval_has_the_bounds_of_its_ends(one: str, other: str) -> None:
    first = parse_span(one)
    last = parse_span(other) if other not in ("", "..") else None
    if last and first.first and last.last and first.first > last.last:
        return
    whole = parse_span(f"{one}/{other}")
    assert (whole.first, whole.last) == (first.first, last and last.last)


def test_a_winter_that_ends_after_the_last_year_is_refused() -> None:
    with pytest.raises(InvalidValue, match="a winter that ends by the year 9999"):
        parse_span("9999-24")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024-05-24/2024-05-23", id="days"),
        pytest.param("2024-02/2023-12", id="months"),
        pytest.param("2024/2023-11~", id="a year and a vague month"),
    ],
)
def test_an_interval_that_ends_before_it_begins_is_refused_and_says_so(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"it ends \(.*\) before it begins \(.*\)"):
        parse_span(text)


def test_one_whole_day_is_read_as_a_day() -> None:
    assert parse_day("2024-05-24") == date(2024, 5, 24)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2024-05", id="month"),
        pytest.param("2024-05-24~", id="qualified"),
        pytest.param("2024-05-24/2024-05-24", id="interval"),
        pytest.param("20240524", id="without hyphens"),
        pytest.param("2024-W21-5", id="week date"),
        pytest.param("0000-01-01", id="year 0"),
        pytest.param("2024-02-30", id="30 February"),
        pytest.param(
            "\u0662\u0660\u0662\u0664-\u0660\u0665-\u0662\u0664", id="Arabic-Indic digits"
        ),
        pytest.param("", id="nothing"),
    ],
)
def test_where_one_day_is_needed_everything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"^on .* is not valid: expected (one|a) day"):
        parse_day(text, what="on")


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        pytest.param("2024-05-24", "2024-05-24", "2024-05-24", id="a day"),
        pytest.param("2024-01-01", "2024-01-01", "2024-01-01", id="New Year's Day"),
        pytest.param("2024-05-01", "2024-05-31", "2024-05", id="a month"),
        pytest.param("2024-01-01", "2024-01-31", "2024-01", id="a January"),
        pytest.param("2024-12-01", "2024-12-31", "2024-12", id="a December"),
        pytest.param("2024-01-01", "2024-12-31", "2024", id="a year"),
        pytest.param("2023-12-01", "2024-02-29", "2023-12/2024-02", id="a winter, as months"),
        pytest.param("1991-01-01", "2014-12-31", "1991/2014", id="years"),
        pytest.param("2024-05-10", "2024-05-12", "2024-05-10/2024-05-12", id="days"),
        pytest.param("2024-05-24", None, "2024-05-24/..", id="no end"),
        pytest.param("2024-01-01", None, "2024-01-01/..", id="from a year on"),
        pytest.param(None, "2024-05-31", "../2024-05-31", id="no beginning"),
        pytest.param("0987-06-01", "0987-06-30", "0987-06", id="a year below 1000"),
        pytest.param(None, None, "", id="neither"),
    ],
)
def test_bounds_are_shown_in_the_coarsest_form_that_fits(
    first: str | None, last: str | None, text: str
) -> None:
    assert format_span(day(first), day(last)) == text


def edges(earliest: date, latest: date) -> st.SearchStrategy[date | None]:
    """Days, with the beginnings and ends of months and years as often as any other, or none."""
    days = st.dates(earliest, latest)
    return st.one_of(
        st.none(),
        days,
        days.map(lambda found: found.replace(day=1)),
        days.map(lambda found: found.replace(month=1, day=1)),
        days.map(lambda found: found.replace(month=12, day=31)),
        days.map(lambda found: found.replace(month=5, day=31)),
    )


@given(edges(date.min, date.max), edges(date.min, date.max))
def test_what_is_shown_reads_back_to_the_same_bounds(one: date | None, other: date | None) -> None:
    if one and other:
        one, other = min(one, other), max(one, other)
    span = parse_span(format_span(one, other) or "../..")
    assert (span.first, span.last) == (one, other)


@given(st.one_of(st.text(), DATE_CHARACTERS))
def test_any_text_is_read_in_order_or_refused_as_an_invalid_value(text: str) -> None:
    try:
        span = parse_span(text)
    except InvalidValue:
        return
    if span.first and span.last:
        assert span.first <= span.last


@given(st.one_of(st.text(), DATE_CHARACTERS))
def test_any_text_is_one_day_or_refused_as_an_invalid_value(text: str) -> None:
    try:
        found = parse_day(text)
    except InvalidValue:
        return
    assert found.isoformat() == text.strip()
