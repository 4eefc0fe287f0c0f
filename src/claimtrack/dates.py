"""Dates as people write them, read into the earliest and the latest day they can mean.

Source: ISO 8601-2:2019 and EDTF, levels 0 and 1 (loc.gov/standards/datetime), for years, months,
seasons 21 to 24, intervals, open ends and the qualifiers `~ ? %`. Not read: unspecified digits
(`202X`), times of day, years beyond four digits.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache

from claimtrack.errors import InvalidValue
from claimtrack.vocab import Precision

_EXPECTED = (
    "a date such as 2024-05-24, 2024-05, 2024, 2023-24 (winter) or 2023-12/2024-02, "
    "where one end may be open, as in 2024-05-24/.."
)
# [0-9] and not \d, which takes the digits of every script.
_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")
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
    """The earliest and the latest day a date can mean, both included, and how exactly it was given.

    An open end is None.
    """

    first: date | None
    last: date | None
    precision: Precision


def parse_span(text: str, *, what: str = "date") -> Span:
    """The bounds and the precision of a date, a season or an interval.

    An interval runs from the earliest day of its first part to the latest day of its second and has
    the coarser precision of the two; an open end (`..`, or nothing) has none. White space around
    the text is ignored. Season 21 (spring) begins on 1 March, 22 on 1 June, 23 on 1 September, and
    24 (winter) on 1 December, to end with the next February. `~`, `?` or `%` after a part makes the
    whole vague and leaves the bounds as they are.

    Raises:
        InvalidValue: not a date, no such day, or it ends before it begins. `what` names the value
        in the sentence.
    """
    begin, slash, end = text.strip().partition("/")
    if not slash:
        return _read(begin, text, what)
    if begin == end == "..":
        return Span(None, None, Precision.VAGUE)
    lower = None if begin in _OPEN else _read(begin, text, what)
    upper = None if end in _OPEN else _read(end, text, what)
    given = [part.precision for part in (lower, upper) if part]
    if not given:
        raise InvalidValue(what, text, _EXPECTED)
    first = lower.first if lower else None
    last = upper.last if upper else None
    if first and last and first > last:
        raise InvalidValue(
            what, text, f"an interval in order, but it ends ({last}) before it begins ({first})"
        )
    return Span(first, last, max(given, key=_COARSENESS.index))


def parse_day(text: str, *, what: str = "date") -> date:
    """The one day that `text` names, as in 2024-05-24, white space around it ignored.

    Raises:
        InvalidValue: anything else, months, intervals and qualified days included.
    """
    stripped = text.strip()
    if not _DAY.fullmatch(stripped):
        raise InvalidValue(what, text, "one day such as 2024-05-24")
    year, month, day = (int(digits) for digits in stripped.split("-"))
    return _day(year, month, day, text, what)


def parse_moment(text: str) -> int | datetime:
    """A point of the log: a sequence number, or an instant in UTC.

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
    """An instant in UTC; a time without an offset is UTC.

    Raises:
        InvalidValue: it is none, or a day without a time.
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


@lru_cache(maxsize=4096)  # a page says the same few days thousands of times
def format_span(first: date | None, last: date | None) -> str:
    """An expression that `parse_span` reads back to the same bounds, for people to read.

    One year, month or day where that is enough (2024-05), else an interval of years, months or
    days, the coarsest that fits both ends; open ends are `..`. Empty when both are None. Bounds
    alone do not say how they were meant: 1 to 31 May, given as days, comes out as 2024-05.
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


def _read(part: str, text: str, what: str) -> Span:
    match = _PART.fullmatch(part)
    if match is None or match[1] == "0000":
        raise InvalidValue(what, text, _EXPECTED)
    year, unit = int(match[1]), int(match[2] or 0)
    if match[3]:
        first = last = _day(year, unit, int(match[3]), text, what)
        precision = Precision.DAY
    elif match[2] is None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        precision = Precision.YEAR
    elif 1 <= unit <= 12:
        first, last = date(year, unit, 1), _month_end(year, unit)
        precision = Precision.MONTH
    elif 21 <= unit <= 24:
        first, last = _season(year, unit, text, what)
        precision = Precision.SEASON
    else:
        raise InvalidValue(what, text, _EXPECTED)
    return Span(first, last, Precision.VAGUE if match[4] else precision)


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
