"""Times of day as people write them, in an offset or an IANA zone, and as they are shown.

A time refines one end of a date: `2025-04-19 18:00+03:00`, or with `T` in place of the space, to
the minute, to the second or to the hour (`2025-04-19 18+03:00`); `Z` is +00:00. The day of that end
is the local day. In a zone, a local time that its clocks skip or show twice is refused: it names no
instant, or two.

Source: ISO 8601-1:2019; the zones are those of the IANA Time Zone Database, by `zoneinfo`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from claimtrack import dates
from claimtrack.errors import InvalidValue
from claimtrack.vocab import Precision

_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ]"
    r"(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.0+)?)?)?"
    r" ?(?P<offset>Z|[+-][0-9]{2}(?::?[0-9]{2})?)?(?P<qualifier>[~?%]?)"
)
_OFFSET = re.compile(r"([+-])([0-9]{2})(?::?([0-9]{2}))?")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})
"""Files beside the zones that name no place: what they mean depends on the machine."""
_EXPECTED = "a time with its offset, such as 2025-04-19 18:00+03:00"
_EXPECTED_ZONE = "an offset such as +03:00, or a zone such as Europe/Kyiv"
_COARSENESS = (
    *(Precision.MINUTE, Precision.HOUR, Precision.DAY, Precision.MONTH),
    *(Precision.SEASON, Precision.YEAR, Precision.VAGUE),
)


@dataclass(frozen=True, slots=True)
class TimedSpan:
    """The earliest and the latest moment that a date can mean, and its precision.

    Attributes:
        first: The earliest day; None if that end is open.
        last: The latest day; None if that end is open.
        precision: The coarser precision of the two ends.
        time_from: The instant of the earliest end, in UTC; None if it has no time.
        time_to: The same for the latest end.
        zone: The offset or zone of the times; None if there are none.
    """

    first: date | None
    last: date | None
    precision: Precision
    time_from: datetime | None = None
    time_to: datetime | None = None
    zone: str | None = None

    @property
    def has_time(self) -> bool:
        """Whether an end has a time."""
        return self.zone is not None


class _LocalTime(NamedTuple):
    """A time as written: the clock's time, the offset if there is one, and its precision."""

    clock: datetime
    offset: str | None
    precision: Precision


def parse_span(text: str, *, what: str = "date", zone: str | None = None) -> TimedSpan:
    """Return the bounds of a date or an interval of which any end may have a time.

    Without a time, as `dates.parse_span`. The days are the local days: in `zone`, else at the
    offset of the time.

    Args:
        text: The date.
        what: What the value is, for the sentence of an error.
        zone: The offset or IANA zone of times without an offset, in which all are shown.

    Raises:
        InvalidValue: it is no date or time; a time has no offset, and there is no zone; the clocks
            of the zone never show it, or show it twice; or it ends before it begins.
    """
    begin, slash, end = (part.strip() for part in text.strip().partition("/"))
    times = [_read_time(part, text, what) for part in ((begin, end) if slash else (begin,))]
    if not any(times):
        plain = dates.parse_span(text, what=what)
        return TimedSpan(plain.first, plain.last, plain.precision)
    shown = _choose_zone([one for one in times if one], text, what, zone)
    first, *_ = ends = [
        _to_moment(one, shown, text, what) if one else _to_day(part, text, what)
        for one, part in zip(times, (begin, end), strict=False)
    ]
    last = ends[-1]
    if slash:
        _refuse_disorder(first, last, text, what)
    precisions = [one.precision for one in ends if one.first or one.last]
    return TimedSpan(
        first.first,
        last.last,
        max(precisions, key=_COARSENESS.index),
        first.time_from,
        last.time_to,
        shown,
    )


def needs_zone(text: object) -> bool:
    """Whether a date or a time has a time of day without an offset."""
    parts = (_TIME.fullmatch(part.strip()) for part in str(text).strip().split("/"))
    return any(found is not None and found["offset"] is None for found in parts)


def parse_time(
    value: object, *, what: str = "time", zone: str | None = None
) -> tuple[datetime, str]:
    """Return the instant of one time in UTC, and its zone: `zone`, else its own offset.

    Raises:
        InvalidValue: as `parse_span`; or it is a day, an interval or approximate.
    """
    if isinstance(value, datetime):
        value = value.isoformat()
    text = str(value)
    read = _read_time(text.strip(), text, what)
    if read is None or read.precision is Precision.VAGUE:
        raise InvalidValue(what, text, _EXPECTED)
    shown = _choose_zone([read], text, what, zone)
    at, _ = _resolve(read, shown, text, what)
    return at, shown


def check_zone(text: str, *, what: str = "zone") -> str:
    """Return an offset as `+03:00`, or the name of an IANA zone as it is.

    Raises:
        InvalidValue: it is neither.
    """
    stripped = text.strip()
    if stripped == "Z":
        return "+00:00"
    if found := _OFFSET.fullmatch(stripped):
        stripped = f"{found[1]}{found[2]}:{found[3] or '00'}"
        stripped = "+00:00" if stripped == "-00:00" else stripped
    try:
        get_zone(stripped)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        raise InvalidValue(what, text, _EXPECTED_ZONE) from None
    return stripped


@lru_cache(maxsize=256)
def get_zone(name: str) -> tzinfo:
    """Return an offset or an IANA zone.

    Raises:
        ValueError: it is neither.
        ZoneInfoNotFoundError: there is no zone of that name.
    """
    if found := _OFFSET.fullmatch(name):
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 14 or minutes > 59:  # UTC+14 is the greatest offset in use
            raise ValueError(name)
        ahead = timedelta(hours=hours, minutes=minutes)
        return timezone(ahead if found[1] == "+" else -ahead)
    if not _ZONE.fullmatch(name) or name in _OF_THE_MACHINE:
        raise ValueError(name)
    return ZoneInfo(name)


@lru_cache(maxsize=4096)  # the rows of a report repeat the same few times
def to_local(at: datetime, zone: str) -> datetime:
    """Return an instant with the offset that it has in a zone."""
    local = at.astimezone(get_zone(zone))
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta()))


def run_to_end(at: datetime, zone: str, precision: Precision | None) -> datetime:
    """Return the last second that a time can mean, in UTC.

    That of its hour if it is precise to the hour, else that of its minute.
    """
    if precision is not Precision.HOUR:
        return at.replace(second=59)
    return to_local(at, zone).replace(minute=59, second=59).astimezone(UTC)


def format_span(
    first: date | None,
    last: date | None,
    time_from: datetime | None = None,
    time_to: datetime | None = None,
) -> str:
    """Return a date that `parse_span` parses to these bounds; empty if all are None.

    Without a time, that of `dates.format_span`.

    Args:
        first: The earliest day.
        last: The latest day.
        time_from: The time of the earliest end, with the offset in which it is shown.
        time_to: The time of the latest end, likewise.
    """
    if time_from is None and time_to is None:
        return dates.format_span(first, last)
    begin, end = _format_end(first, time_from), _format_end(last, time_to)
    return begin if begin == end else f"{begin}/{end}"


def has_unstored_detail(text: str, span: TimedSpan) -> bool:
    """Whether a date as written says more than its bounds, so that its words must be stored."""
    if span.has_time:
        return dates.has_unstored_detail(text)
    return text.strip() != dates.format_span(span.first, span.last)


def with_default_zone(
    values: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], zone: str
) -> dict[str, Any]:
    """Return a record with a zone in which it has times without an offset, and names no zone.

    Args:
        values: The keys and values of the record.
        keys: For the key of each zone, the keys of the dates and times that it is for.
        zone: The zone.
    """
    missing = {
        key
        for key, of in keys.items()
        if values.get(key) is None and any(needs_zone(values.get(name)) for name in of)
    }
    return {**values, **dict.fromkeys(missing, zone)}


def _format_end(day: date | None, at: datetime | None) -> str:
    if at is None:
        return ".." if day is None else day.isoformat()
    return at.isoformat(" ", "seconds" if at.second else "minutes")


def _read_time(part: str, text: str, what: str) -> _LocalTime | None:
    found = _TIME.fullmatch(part)
    if found is None:
        return None
    day = dates.parse_day(found["day"], what=what)
    try:
        of_day = time(int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError:
        raise InvalidValue(what, text, "a time of day from 00:00 to 23:59:59") from None
    offset = None if found["offset"] is None else check_zone(found["offset"], what="offset")
    precision = Precision.HOUR if found["minute"] is None else Precision.MINUTE
    if found["qualifier"]:
        precision = Precision.VAGUE
    return _LocalTime(datetime.combine(day, of_day), offset, precision)


def _choose_zone(times: list[_LocalTime], text: str, what: str, zone: str | None) -> str:
    """Return the zone in which all times of a date are shown."""
    if zone is not None:
        return check_zone(zone)
    offsets = {one.offset for one in times}
    if None in offsets:
        raise InvalidValue(
            what,
            text,
            f"{_EXPECTED}, or name the zone of all times without one (zone), such as Europe/Kyiv",
        )
    if len(offsets) > 1:
        raise InvalidValue(
            what,
            text,
            f"one offset at both ends (and not {' and '.join(sorted(map(str, offsets)))}), or "
            "name the zone in which both are shown, such as Europe/Kyiv",
        )
    return str(offsets.pop())


def _to_moment(one: _LocalTime, zone: str, text: str, what: str) -> TimedSpan:
    """Return one time as both of its ends, with its local day in a zone."""
    at, day = _resolve(one, zone, text, what)
    return TimedSpan(day, day, one.precision, at, at, zone)


def _resolve(one: _LocalTime, zone: str, text: str, what: str) -> tuple[datetime, date]:
    """Return the instant of a time in UTC, and its local day in a zone."""
    try:
        if one.offset is None:
            at = _get_instant(one.clock, zone, text, what)
        else:
            at = one.clock.replace(tzinfo=get_zone(one.offset)).astimezone(UTC)
        return at, to_local(at, zone).date()
    except OverflowError:
        raise InvalidValue(what, text, "a time from the year 0001 to 9999") from None


def _get_instant(clock: datetime, zone: str, text: str, what: str) -> datetime:
    """Return the one instant at which the clocks of a zone show a time, in UTC."""
    local = get_zone(zone)
    found = {clock.replace(tzinfo=local, fold=fold).astimezone(UTC): fold for fold in (0, 1)}
    if len(found) == 1:
        return next(iter(found))
    offsets = [datetime.isoformat(at.astimezone(local))[-6:] for at in sorted(found)]
    shown = clock.isoformat(" ", "minutes")
    both = f"{shown}{offsets[0]} or {shown}{offsets[1]}"
    if all(at.astimezone(local).replace(tzinfo=None) == clock for at in found):
        raise InvalidValue(
            what, text, f"an offset: the clocks of {zone} show {shown} twice, so write {both}"
        )
    shown_then = [at.astimezone(local).strftime("%H:%M") for at in sorted(found)]
    raise InvalidValue(
        what,
        text,
        f"a time that exists: the clocks of {zone} skip {shown} (they show {shown_then[0]} or "
        f"{shown_then[1]}), so write the time with the offset that the source means, "
        f"{offsets[0]} or {offsets[1]}",
    )


def _to_day(part: str, text: str, what: str) -> TimedSpan:
    """Return the end of an interval that has no time; it may be open."""
    if part in ("", ".."):
        return TimedSpan(None, None, Precision.VAGUE)
    try:
        plain = dates.parse_span(part, what=what)
    except InvalidValue as error:
        raise InvalidValue(what, text, error.expected) from None
    return TimedSpan(plain.first, plain.last, plain.precision)


def _refuse_disorder(first: TimedSpan, last: TimedSpan, text: str, what: str) -> None:
    if first.time_from and last.time_to:
        in_order = first.time_from <= last.time_to
    else:
        in_order = first.first is None or last.last is None or first.first <= last.last
    if not in_order:
        ends = _format_end(last.last, last.time_to), _format_end(first.first, first.time_from)
        raise InvalidValue(
            what,
            text,
            f"an interval in order, but it ends ({ends[0]}) before it begins ({ends[1]})",
        )


def format_row(row: Any, side: str = "") -> str:
    """Return the date of a row, from its columns `date_from`, `date_to`, `time_from`, `time_to`.

    Args:
        row: The row; it may lack the columns of times.
        side: What precedes the names of the columns, such as `subject_`.
    """
    bounds = (getattr(row, f"{side}{name}") for name in ("date_from", "date_to"))
    instants = (getattr(row, f"{side}{name}", None) for name in ("time_from", "time_to"))
    return format_span(*bounds, *instants)
