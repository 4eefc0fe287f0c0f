"""Dates as people write them, parsed into the earliest and the latest day that they can mean.

Source: ISO 8601-2:2019 and the Extended Date/Time Format of the Library of Congress, levels 0 and 1
(loc.gov/standards/datetime): years, months, seasons 21 to 24, unspecified digits (`199X`,
`2004-XX`), intervals, open and unknown ends and the qualifiers `~ ? %`. Not supported: times of
day, and years before 0001 or after 9999, which Python's calendar lacks.
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

from claimtrack.errors import InvalidValue
from claimtrack.vocab import Precision

_EXPECTED = (
    "a date such as 2024-05-24, 2024-05, 2024, 2023-24 (winter) or 2023-12/2024-02, "
    "where one end may be open, as in 2024-05-24/.."
)
_YEARS = "a year from 0001 to 9999, in four digits"
# [0-9] and not \d, which takes the digits of every script.
_PART = re.compile(
    r"(?:(?P<digits>[0-9]{3}X|[0-9]{2}XX|[0-9]XXX)|(?P<year>[0-9]{4})"
    r"(?:-XX(?:-XX)?|-(?P<unit>[0-9]{2})(?:-(?:(?P<day>[0-9]{2})|(?P<no_day>XX)))?)?)"
    r"(?P<qualifier>[~?%]?)"
)
_OTHER_YEAR = re.compile(r"(?:^|/)(?:Y-?[0-9]+|-[0-9]{4}|[0-9]{5,7})(?![0-9])")
_QUALIFIER = re.compile(r"[~?%](?=/|$)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OPEN = ("", "..")
_COARSENESS = (
    Precision.DAY,
    Precision.MONTH,
    Precision.SEASON,
    Precision.YEAR,
    Precision.VAGUE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """The earliest and the latest day that a date can mean, both included, and its precision.

    An open end is None.
    """

    first: date | None
    last: date | None
    precision: Precision


def parse_span(text: str, *, what: str = "date") -> Span:
    """Return the bounds and the precision of a date, a season or an interval.

    An interval runs from the earliest day of its first part to the latest day of its second and has
    the coarser precision of the two; an open or unknown end (`..`, or nothing) has none. White
    space around the text is ignored. Season 21 (spring) begins on 1 March, 22 on 1 June, 23 on 1
    September, and 24 (winter) on 1 December, to end with the next February. A year with unspecified
    last digits (`199X`) is vague; `2004-XX` is a year, `2004-06-XX` a month. `~`, `?` or `%` after
    a part makes the whole vague and leaves the bounds unchanged.

    Args:
        text: The date.
        what: What the value is, for the sentence of an error.

    Raises:
        InvalidValue: it is no date, there is no such day, or it ends before it begins.
    """
    begin, slash, end = text.strip().partition("/")
    if not slash:
        return _read(begin, text, what)
    if begin == end == "..":
        return Span(None, None, Precision.VAGUE)
    lower = None if begin in _OPEN else _read(begin, text, what)
    upper = None if end in _OPEN else _read(end, text, what)
    precisions = [part.precision for part in (lower, upper) if part]
    if not precisions:
        raise InvalidValue(what, text, _EXPECTED)
    first = lower.first if lower else None
    last = upper.last if upper else None
    if first and last and first > last:
        raise InvalidValue(
            what, text, f"an interval in order, but it ends ({last}) before it begins ({first})"
        )
    return Span(first, last, max(precisions, key=_COARSENESS.index))


def describe_qualifiers(text: str) -> str:
    """Return the meaning of a date's qualifiers in words; empty without any.

    "approximate" for `~`, "uncertain" for `?`, and both for `%`.
    """
    signs = set(_QUALIFIER.findall(text.strip()))
    words = [("approximate", {"~", "%"}), ("uncertain", {"?", "%"})]
    return " and ".join(word for word, of in words if signs & of)


def describe_lost_detail(text: str, span: Span, *, is_published: bool = False) -> str:
    """Return in words what of a date is lost when its bounds alone are stored; empty if nothing is.

    Args:
        text: The date as written.
        span: Its bounds.
        is_published: Whether it is the publication of a document, which without a last day counts
            as published on its first.
    """
    parts = []
    if doubt := describe_qualifiers(text):
        parts.append(f"is {doubt}: read as {format_span(span.first, span.last)}")
    if is_published and span.first and not span.last:
        parts.append(f"has no last day: it counts as published on {span.first}")
    return "; ".join(parts)


def has_unstored_detail(text: str) -> bool:
    """Return whether a date says more than its bounds.

    A qualifier, unspecified digits or an unknown end is lost when the bounds alone are stored.
    """
    date = text.strip()
    return bool(describe_qualifiers(date)) or "X" in date or date[:1] == "/" or date[-1:] == "/"


def parse_day(text: str, *, what: str = "date") -> date:
    """Return the one day that a text names, as in 2024-05-24; white space around it is ignored.

    Raises:
        InvalidValue: anything else, months, intervals and qualified days included.
    """
    stripped = text.strip()
    if not _DAY.fullmatch(stripped):
        raise InvalidValue(what, text, "one day such as 2024-05-24")
    year, month, day = (int(digits) for digits in stripped.split("-"))
    return _day(year, month, day, text, what)


def parse_moment(text: str) -> int | datetime:
    """Return a point in the log: a sequence number, or an instant in UTC.

    A time without an offset is UTC; a day alone means its end.

    Raises:
        InvalidValue: it is neither.
    """
    stripped = text.strip()
    if re.fullmatch(r"[0-9]{1,18}", stripped):
        return int(stripped)
    try:
        if _DAY.fullmatch(stripped):
            return datetime.combine(date.fromisoformat(stripped), time.max, UTC)
        return parse_instant(stripped)
    except (ValueError, InvalidValue):
        expected = "a sequence number, or a time such as 2024-05-24T12:00 (UTC) or 2024-05-24"
        raise InvalidValue("moment", text, expected) from None


def parse_instant(text: str, *, what: str = "time") -> datetime:
    """Return an instant in UTC; a time without an offset is taken as UTC.

    Raises:
        InvalidValue: it is no time, or a day without one.
    """
    stripped = text.strip()
    try:
        if _DAY.fullmatch(stripped):
            raise ValueError
        read = datetime.fromisoformat(stripped)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        expected = "a time such as 2024-05-24T12:00 (UTC) or 2024-05-24T14:00+02:00"
        raise InvalidValue(what, text, expected) from None


@lru_cache(maxsize=4096)  # the rows of a report repeat the same few days thousands of times
def format_span(first: date | None, last: date | None) -> str:
    """Return the shortest date that `parse_span` parses to these bounds; empty when both are None.

    One year, month or day where that suffices (2024-05), else an interval of years, months or days,
    the coarsest that fits both ends; open ends are `..`. The bounds do not say how a date was
    written: 1 to 31 May becomes 2024-05.
    """
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return f"{first or '..'}/{last or '..'}"
    for length in (4, 7, 10):
        begin, end = first.isoformat()[:length], last.isoformat()[:length]
        shown = begin if begin == end else f"{begin}/{end}"
        if first <= last:
            span = parse_span(shown)
            if (span.first, span.last) == (first, last):
                return shown
    return f"{first}/{last}"


def format_published(first: date | None, last: date | None) -> str:
    """Return the publication date of a document in words of `format_span`; empty when undated.

    Without a latest day it counts as published on its earliest, as for `--known-by`.
    """
    return format_span(first, last or first)


def _read(part: str, text: str, what: str) -> Span:
    match = _PART.fullmatch(part)
    if match is None:
        other = _OTHER_YEAR.search(text.strip())
        raise InvalidValue(what, text, _YEARS if other else _EXPECTED)
    span = _in_decades(match["digits"]) if match["digits"] else _in_year(match, text, what)
    if span is None:
        raise InvalidValue(what, text, _EXPECTED)
    return replace(span, precision=Precision.VAGUE) if match["qualifier"] else span


def _in_decades(digits: str) -> Span | None:
    """Return the years that begin with some digits, as 199X; None where they include year 0."""
    first, last = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    return Span(date(first, 1, 1), date(last, 12, 31), Precision.VAGUE) if first else None


def _in_year(match: re.Match[str], text: str, what: str) -> Span | None:
    """Return a year, or the season, month or day of it; None if there is no such one."""
    year, unit = int(match["year"]), int(match["unit"] or 0)
    if year == 0:
        return None
    if match["day"]:
        day = _day(year, unit, int(match["day"]), text, what)
        return Span(day, day, Precision.DAY)
    if match["unit"] is None:
        return Span(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    if 1 <= unit <= 12:
        return Span(date(year, unit, 1), _month_end(year, unit), Precision.MONTH)
    if 21 <= unit <= 24 and not match["no_day"]:
        return Span(*_season(year, unit, text, what), Precision.SEASON)
    return None


def _day(year: int, month: int, day: int, text: str, what: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValue(
            what, text, f"a day that exists: the calendar has no {year:04}-{month:02}-{day:02}"
        ) from None


def _season(year: int, season: int, text: str, what: str) -> tuple[date, date]:
    first = date(year, 3 * (season - 20), 1)
    if season != 24:
        return first, _month_end(year, first.month + 2)
    if year == date.max.year:
        raise InvalidValue(what, text, "a winter that ends by the year 9999")
    return first, _month_end(year + 1, 2)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
