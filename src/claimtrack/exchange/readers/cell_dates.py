"""Dates as spreadsheets and feeds write them, parsed into bounds.

ISO 8601 and EDTF are always parsed. Digits such as 05/02/2024 are parsed only if the order is set:
a day that could be a month is never guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from claimtrack import dates
from claimtrack.dates import Span
from claimtrack.errors import InvalidValue
from claimtrack.vocab import Precision

_TIME = r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?.{0,6})?"
_ISO = re.compile(rf"([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[/.]([0-9]{{1,2}})[/.]([0-9]{{1,2}}){_TIME}")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DIGITS = re.compile(rf"([0-9]{{1,2}})([/.-])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_MONTH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})")
_END = r"(?:\.\.|[0-9X]{4}(?:-[0-9X]{1,2}){0,2}[~?%]?)?"
_EDTF = re.compile(f"{_END}(?:/{_END})?")
_UNPADDED = re.compile(r"-([0-9])(?![0-9X])")
_WIDER = {Precision.MONTH: slice(7), Precision.YEAR: slice(4)}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the dates of a column are written.

    Attributes:
        day_first: Whether 05/02 is 5 February; None if unknown.
        formats: Formats of Python's strptime.
    """

    day_first: bool | None = None
    formats: Sequence[str] = ()


def read_date(text: str, reading: Reading = Reading(), *, what: str = "date") -> Span:
    """Return the bounds and the precision of a date; the time of day is dropped.

    Args:
        text: The date.
        reading: How dates are written.
        what: What the value is, for the sentence of an error.

    Raises:
        InvalidValue: it is no date, or its day and month could be exchanged.
    """
    try:
        return _read(text.strip(), reading)
    except InvalidValue as error:
        raise InvalidValue(what, text, error.expected) from None


def _read(text: str, reading: Reading) -> Span:
    for form in reading.formats:
        span = _by_format(text, form)
        if span is not None:
            return span
    for pattern in (_ISO, _YEAR_FIRST, _COMPACT):
        if found := pattern.fullmatch(text):
            return dates.parse_span("-".join(part.zfill(2) for part in found.groups()))
    if _EDTF.fullmatch(text):
        return dates.parse_span(_UNPADDED.sub(r"-0\1", text))
    if found := _DIGITS.fullmatch(text):
        return _by_order(found, text, reading.day_first)
    if found := _MONTH.fullmatch(text):
        return dates.parse_span(f"{found[2]}-{found[1].zfill(2)}")
    if found := _YEAR_MONTH.fullmatch(text):  # 2024/5, which is no interval
        return dates.parse_span(f"{found[1]}-{found[2].zfill(2)}")
    return dates.parse_span(text)


def _by_order(found: re.Match[str], text: str, day_first: bool | None) -> Span:
    first, second, year = found[1], found[3], found[4]
    if day_first is None and max(int(first), int(second)) <= 12 and first != second:
        raise InvalidValue(
            "date", text, "to know whether the day comes first: set day_first in the profile"
        )
    if day_first is None:
        day_first = int(first) > 12
    day, month = (first, second) if day_first else (second, first)
    if not 1 <= int(month) <= 12:
        order = "day first" if day_first else "month first"
        raise InvalidValue(
            "date", text, f"a date that is written {order}: there is no month {month}"
        )
    return dates.parse_span(f"{year}-{month.zfill(2)}-{day.zfill(2)}")


def _by_format(text: str, form: str) -> Span | None:
    try:
        at = datetime.strptime(text, form)  # noqa: DTZ007  the time of day is left out
    except ValueError:
        return None
    written = at.date().isoformat()
    return dates.parse_span(written[: {"d": 10, "m": 7}.get(_finest(form), 4)])


@cache
def _finest(form: str) -> str:
    """Return the smallest unit of a date that a format parses: d, m or y."""
    read = _read_by(form)
    if read & set("djcxD"):
        return "d"
    return "m" if read & set("mbB") else "y"


def reads_year(form: str) -> bool:
    """Return whether a format parses a year; without one strptime would assume 1900."""
    return bool(_read_by(form) & set("YyGcxD"))


def _read_by(form: str) -> set[str]:
    return set(re.findall(r"%-?([A-Za-z])", form.replace("%%", "")))


def widen(span: Span, to: str) -> Span:
    """Return bounds widened to the week, month or year to which a source says a date is exact.

    A week is any seven days that include the date.
    """
    first, last = span.first, span.last
    if first is None or last is None:
        return span
    if to == "week":
        days = timedelta(days=6)
        early = first - days if first > date.min + days else date.min
        late = last + days if last < date.max - days else date.max
        return Span(early, late, Precision.VAGUE)
    part = _WIDER[Precision(to)]
    begin = dates.parse_span(first.isoformat()[part])
    end = dates.parse_span(last.isoformat()[part])
    return replace(begin, last=end.last)
