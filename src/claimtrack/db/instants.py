"""Instants: how columns store them, and how the log writes them."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, TypeDecorator

from claimtrack.errors import InvalidValue


class UtcDateTime(TypeDecorator[datetime]):
    """A column type for instants: takes aware datetimes, stores and returns them in UTC.

    Raises:
        InvalidValue: a datetime without a zone is bound.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """The type of its values."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC.

        Raises:
            InvalidValue: the datetime has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidValue("instant", value.isoformat(), "a time with its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant with its zone: SQLite stores none, so what it returns is UTC."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def format_instant(at: datetime) -> str:
    """Return an instant as the log writes it: ISO 8601 in UTC with microseconds and `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
