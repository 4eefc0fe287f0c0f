"""The times of entries as people see them: with the offset that they have in the source's zone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Dialect, Text, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from claimtrack import times
from claimtrack.models import Entry

_SECONDS = len("2025-04-19 15:00:00")


class _LocalTime(TypeDecorator[datetime]):
    """An instant and the zone in which it is shown, read as a datetime with its offset there."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """The type of its values."""
        return datetime

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the time; raises LookupError for what is none."""
        if value is None:
            return None
        at, zone = value[:_SECONDS], value[_SECONDS:].rpartition(" ")[2]
        try:
            return times.to_local(datetime.fromisoformat(at).replace(tzinfo=UTC), zone)
        except (ValueError, OverflowError, ZoneInfoNotFoundError):
            raise LookupError(f"a time and its zone were expected, not {value!r}") from None


class local_time(GenericFunction[datetime]):  # noqa: N801 - used as an SQL function
    """An instant as shown in a zone; null without the instant. Ordered by instant, then zone."""

    type = _LocalTime()
    inherit_cache = True


@compiles(local_time, "sqlite")
def _local_time_sqlite(element: local_time, compiler: SQLCompiler, **kw: Any) -> str:
    at, zone = (compiler.process(part, **kw) for part in element.clauses)
    return f"({at} || ' ' || {zone})"


@compiles(local_time, "postgresql")
def _local_time_postgresql(element: local_time, compiler: SQLCompiler, **kw: Any) -> str:
    at, zone = (compiler.process(part, **kw) for part in element.clauses)
    utc = f"to_char({at} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    return f"""(({utc} || ' ' || {zone}) COLLATE "C")"""


def get_local_times(entry: Any) -> tuple[ColumnElement[datetime], ColumnElement[datetime]]:
    """Return the earliest and the latest time of an entry's date, as its source has them.

    `entry` is the mapped class or anything else with the columns `time_from`, `time_to`, `zone`.
    """
    return local_time(entry.time_from, entry.zone), local_time(entry.time_to, entry.zone)


def format_entry_date(entry: Entry) -> str:
    """Return the date of an entry, with its times as its source has them."""
    instants = _to_local(entry.zone, entry.time_from, entry.time_to)
    return times.format_span(entry.date_from, entry.date_to, *instants)


def format_entry_period(entry: Entry) -> str:
    """Return the period that an entry is about, likewise."""
    instants = _to_local(entry.about_zone, entry.about_time_from, entry.about_time_to)
    return times.format_span(entry.about_from, entry.about_to, *instants)


def _to_local(zone: str | None, *instants: datetime | None) -> Iterator[datetime | None]:
    return (at and times.to_local(at, zone or "+00:00") for at in instants)
