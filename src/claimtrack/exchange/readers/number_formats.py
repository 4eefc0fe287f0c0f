"""Number formats of workbooks: which part of a date a cell shows."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
"""Literal parts of a format: quoted or escaped text, padding, colours and languages."""
_NO_DATE = re.compile(r"am/pm|a/p|general", re.IGNORECASE)
_MINUTES = re.compile(r"(\[?h+\]?[^a-z]*)m+|\[m+\]|m+(?=[^a-z]*s)")
"""An `m` that means minutes: after hours, or before seconds."""


class FinestPart(StrEnum):
    """The smallest unit of a date that a format shows."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TIME = "time"


@cache
def get_finest_part(form: str) -> FinestPart:
    """Return the smallest unit of a date that a number format shows; TIME where it shows no date.

    Source: ECMA-376 part 1, 18.8.31; `q`, the quarter, is LibreOffice's.
    """
    letters = _letters(form)
    for sign, part in (("d", FinestPart.DAY), ("m", FinestPart.MONTH), ("q", FinestPart.QUARTER)):
        if sign in letters:
            return part
    return FinestPart.YEAR if letters & set("yeb") else FinestPart.TIME


@cache
def shows_year(form: str) -> bool:
    """Return whether a number format shows a year, of any calendar."""
    return bool(_letters(form) & set("yeb"))


def _letters(form: str) -> set[str]:
    shown = _NO_DATE.sub(" ", _LITERAL.sub(" ", form).partition(";")[0]).lower()
    return set(_MINUTES.sub(r"\1 ", shown))


def format_date(value: date, form: str) -> str:
    """Return a date in ISO 8601, as exact as its format shows it; a quarter as an interval."""
    match get_finest_part(form):
        case FinestPart.MONTH:
            return value.isoformat()[:7]
        case FinestPart.YEAR:
            return value.isoformat()[:4]
        case FinestPart.QUARTER:
            first = value.month - (value.month - 1) % 3
            return f"{value.year}-{first:02}/{value.year}-{first + 2:02}"
    return format_cell_value(value)


def hides_day(value: date, form: str) -> bool:
    """Return whether a cell's format hides its day, unless that is the first of the period."""
    part = get_finest_part(form)
    begins = value.day == 1 and (
        part is FinestPart.MONTH
        or (part is FinestPart.QUARTER and value.month % 3 == 1)
        or (part is FinestPart.YEAR and value.month == 1)
    )
    return part not in (FinestPart.DAY, FinestPart.TIME) and not begins


def format_cell_value(value: object) -> str:
    """Return the value of a cell as text; of an instant at midnight, the day."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
    return str(value)
