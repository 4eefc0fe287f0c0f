"""What is handed around: a database by name, a command, an instant, and what must not be said."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import DateTime, Dialect, Engine, TypeDecorator
from sqlalchemy.orm import Session

from claimtrack.errors import InvalidValue


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, UTC on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What its values are."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone, and store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidValue("instant", value.isoformat(), "a time with its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps no zone: what was stored was UTC."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Database:
    """A database that can be reached, and its path or address, for messages: without secrets."""

    engine: Engine
    name: str


@dataclass(frozen=True)
class Change:
    """One command or request: who, when and why, stamped on each revision that it leaves."""

    author: str
    message: str | None
    id: str
    at: str


def new_change(author: str, message: str | None = None) -> Change:
    """Name a new command: its id is random, its time now."""
    now = instant(datetime.now(UTC))
    return Change(author=author, message=message, id=secrets.token_hex(6), at=now)


def instant(at: datetime) -> str:
    """Return an instant as the log has it: ISO 8601 in UTC with microseconds and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Veil(Protocol):
    """What must not be said: see `protection`."""

    @property
    def pseudonyms(self) -> frozenset[str]:
        """What is said instead."""

    @property
    def names(self) -> Mapping[str, str]:
        """What is said for each name that is or was protected."""

    def __call__(self, text: str) -> str:
        """Return a text without it."""

    def hidden(self, table: str, image: Mapping[str, Any], seq: int) -> frozenset[str]:
        """Return the columns of a row, logged by a revision, that are not shown."""

    def key(self, table: str, key: str, seq: int | None = None) -> str:
        """Return what names a row, as a revision logged it or as it is now, without it."""


class _Open:
    """A veil that withholds nothing."""

    pseudonyms: frozenset[str] = frozenset()
    names: Mapping[str, str] = {}

    def __call__(self, text: str) -> str:
        return text

    def hidden(self, table: str, image: Mapping[str, Any], seq: int) -> frozenset[str]:
        return frozenset()

    def key(self, table: str, key: str, seq: int | None = None) -> str:
        return key


OPEN: Veil = _Open()


def withholds(session: Session) -> bool:
    """Return whether the person who reads what a session says must not know what is protected."""
    return session.info.get("veil", OPEN) is not OPEN
