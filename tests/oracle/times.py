"""Dates and times of a casebook: how they are written, and which lies before which.

Implements "Order and time" (section 3.1 of the model), and the notes of section 2 on dates.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo

Date = datetime.date
DAY = datetime.timedelta(days=1)
SEASON_MONTHS = {21: 3, 22: 6, 23: 9, 24: 12}
OFFSET = re.compile(r"^([+-])(\d\d):?(\d\d)?$")
MOMENT = re.compile(
    r"^(\d{4}-\d\d-\d\d)[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$"
)


@dataclasses.dataclass(frozen=True)
class End:
    """One known end of a stretch of time: a local date, and the instant when there is one."""

    date: Date
    instant: datetime.datetime | None = None


@dataclasses.dataclass(frozen=True)
class Stretch:
    """Two ends; None is an unknown end of a date and an open end of a period."""

    first: End | None = None
    last: End | None = None

    @property
    def empty(self) -> bool:
        """Neither end is there."""
        return self.first is None and self.last is None

    @property
    def full(self) -> bool:
        """Both ends are there."""
        return self.first is not None and self.last is not None


NOTHING = Stretch()


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────


def read_stretch(record: dict[str, Any], name: str, prefix: str, zone: str | None) -> Stretch:
    """Read the dates and times of a record (section 2, notes; section 3 of the interface).

    `name` is the key of the short form (date, about, published), `prefix` that of the long forms:
    {name}_from and {name}_to for dates, {prefix}_from and {prefix}_to for instants.
    """
    first, last = read_short(record.get(name), zone)
    if record.get(f"{name}_from") is not None:
        first = read_short(record[f"{name}_from"], zone)[0]
    if record.get(f"{name}_to") is not None:
        last = read_short(record[f"{name}_to"], zone)[1]
    return Stretch(
        refined(first, record.get(f"{prefix}_from"), zone),
        refined(last, record.get(f"{prefix}_to"), zone),
    )


def refined(end: End | None, moment: Any, zone: str | None) -> End | None:
    """Give an end its instant; an end without a date gets the local date of the instant."""
    if moment is None:
        return end
    read = read_moment(str(moment), zone)
    if read is None:
        message = f"not a time: {moment!r}"
        raise ValueError(message)
    return read if end is None else End(end.date, read.instant)


def read_short(value: Any, zone: str | None = None) -> tuple[End | None, End | None]:
    """Read the short form of a date: its earliest and its latest possible end."""
    if value is None:
        return None, None
    if isinstance(value, datetime.datetime):
        value = value.isoformat()
    text = str(value).strip()
    if "/" in text:
        left, right = text.split("/")
        return read_short(left, zone)[0], read_short(right, zone)[1]
    if text in {"", ".."}:
        return None, None
    moment = read_moment(text, zone)
    if moment is not None:
        return moment, moment
    return read_calendar(text.rstrip("~?%"))


def read_calendar(text: str) -> tuple[End, End]:
    """Read a day, a month, a season (21 to 24), a year, or one with unspecified digits (X)."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = Date.fromisoformat(text)
        return End(day), End(day)
    if re.fullmatch(r"\d{4}-2[1-4]", text):
        year, month = int(text[:4]), SEASON_MONTHS[int(text[5:])]
        later = (year, month + 2) if month < 12 else (year + 1, 2)
        return End(Date(year, month, 1)), End(last_day(*later))
    if re.fullmatch(r"\d{4}-(\d\d|XX)-XX", text) or text.endswith("-XX"):
        return read_calendar(text[:-3])
    if re.fullmatch(r"\d{4}-\d\d", text):
        year, month = int(text[:4]), int(text[5:])
        return End(Date(year, month, 1)), End(last_day(year, month))
    if re.fullmatch(r"\d{2}[\dX][\dX]", text):
        low, high = int(text.replace("X", "0")), int(text.replace("X", "9"))
        return End(Date(low, 1, 1)), End(Date(high, 12, 31))
    message = f"not a date: {text!r}"
    raise ValueError(message)


def last_day(year: int, month: int) -> Date:
    """The last day of a month."""
    return Date(year, month, calendar.monthrange(year, month)[1])


def read_moment(text: str, zone: str | None) -> End | None:
    """Read a date with a time of day; its date is the local one at its offset or in its zone."""
    found = MOMENT.match(text)
    if found is None:
        return None
    day, hour, minute, second, offset = found.groups()
    naive = datetime.datetime.combine(
        Date.fromisoformat(day), datetime.time(int(hour), int(minute or 0), int(second or 0))
    )
    if offset is None:
        if zone is None:
            message = f"a time without an offset: {text!r}"
            raise ValueError(message)
        return End(naive.date(), naive.replace(tzinfo=zone_of(zone)).astimezone(datetime.UTC))
    aware = naive.replace(tzinfo=datetime.UTC if offset == "Z" else zone_of(offset))
    local = aware.astimezone(zone_of(zone)) if zone is not None else aware
    return End(local.date(), aware.astimezone(datetime.UTC))


def zone_of(text: str) -> datetime.tzinfo:
    """An offset such as +03:00, or an IANA zone."""
    found = OFFSET.match(text)
    if found is None:
        return ZoneInfo(text)
    sign, hours, minutes = found.groups()
    ahead = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0))
    return datetime.timezone(ahead if sign == "+" else -ahead)


def run_to_the_end(said: Stretch, precision: str | None) -> Stretch:
    """Section 3.1: precision `hour` runs to :59:59, `minute` to :59.

    A time without a precision of hour or minute is one to the minute.
    """
    last = said.last
    if last is None or last.instant is None:
        return said
    if precision == "hour":
        instant = last.instant.replace(minute=59, second=59)
    else:
        instant = last.instant.replace(second=59)
    return Stretch(said.first, End(last.date, instant))


# ── Order ───────────────────────────────────────────────────────────────────────────────────────


def end_before(one: End | None, other: End | None) -> bool:
    """Section 3.1: an end lies before another.

    Where both have an instant, the instants decide; else the dates, and equal dates are not
    "before". An unknown or open end lies neither before nor after anything.
    """
    if one is None or other is None:
        return False
    if one.instant is not None and other.instant is not None:
        return one.instant < other.instant
    return one.date < other.date


def unordered(one: End, other: End) -> bool:
    """Section 3.1: two ends on one day of which only one has an instant have no order."""
    return one.date == other.date and (one.instant is None) != (other.instant is None)


def surely_before(one: Stretch, other: Stretch) -> bool:
    """Section 3.1: the latest end of the one lies before the earliest end of the other."""
    return end_before(one.last, other.first)


def disjoint(one: Stretch, other: Stretch) -> bool:
    """Section 3.1: no day in common; an end that is not there excludes nothing."""
    return surely_before(one, other) or surely_before(other, one)


def place(span: Stretch, period: Stretch) -> str:
    """Section 3.1: where a span lies as to a period: inside, outside, or possibly (inside).

    Outside when they are disjoint. Inside when both ends of the span are known and neither is
    outside, and neither end is unordered with that of the period ("nothing is surely inside").
    """
    if disjoint(span, period):
        return "outside"
    if span.first is None or span.last is None:
        return "possibly"
    if end_before(span.first, period.first) or end_before(period.last, span.last):
        return "possibly"
    if period.first is not None and unordered(span.first, period.first):
        return "possibly"
    if period.last is not None and unordered(span.last, period.last):
        return "possibly"
    return "inside"


def within(one: Stretch, other: Stretch) -> bool:
    """Section 3.1: the one lies within the other.

    At each end the other is open, or both ends are there and the one's is not outside. Decision:
    ends of one day of which only one has an instant are not within ("nothing is surely inside").
    """
    if other.first is not None and (
        one.first is None or end_before(one.first, other.first) or unordered(one.first, other.first)
    ):
        return False
    return other.last is None or not (
        one.last is None or end_before(other.last, one.last) or unordered(one.last, other.last)
    )


def days_between(subject: Stretch, counter: Stretch) -> int | None:
    """Section 3.3, `days`: from the subject to the counter.

    0 when the date bounds overlap (both ends of both known), or when both of the nearest ends have
    an instant and are less than 24 hours apart; else the signed difference of the local dates of
    the nearest ends; None when neither is surely before the other and an end is missing.
    """
    if surely_before(subject, counter):
        near, far = subject.last, counter.first
    elif surely_before(counter, subject):
        near, far = subject.first, counter.last
    else:
        return 0 if subject.full and counter.full else None
    assert near is not None
    assert far is not None
    if near.instant is not None and far.instant is not None:
        apart = abs(far.instant - near.instant)
        if apart < DAY:
            return 0
    return (far.date - near.date).days
