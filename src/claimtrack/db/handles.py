"""What is handed around: a database by name, a command, an instant, and what must not be said."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, DateTime, Dialect, Engine, Result, TypeDecorator, orm
from sqlalchemy.orm import SessionTransaction

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


class State:
    """What one command keeps while its session is open, beside what is in the database.

    Attributes:
        veil: What must not be shown to whoever reads what the session yields.
        warnings: Sentences about what was written, in order.
        streams: Results that are still being read.
        found: Records that were fetched by ref, by model and ref.
        nearest: The refs that look most like one that nothing has, likewise.
        head: Where the log ends: the transaction in which that is so, a seq and a hash.
        unchecked_addresses: Sentences about addresses that were kept as they are; None where each
            is checked.
        unproved_documents: Documents whose quotations are proved later; None where at once.
    """

    def __init__(self) -> None:
        self.veil: Veil = OPEN
        self.warnings: list[str] = []
        self.streams: set[Result[*tuple[Any, ...]]] = set()
        self.found: dict[tuple[type[Any], str], Any] = {}
        self.nearest: dict[tuple[type[Any], str], Sequence[str]] = {}
        self.head: tuple[SessionTransaction, int, str] | None = None
        self.unchecked_addresses: dict[str, None] | None = None
        self.unproved_documents: set[Any] | None = None
        self._change: Change | None = None

    @property
    def change(self) -> Change:
        """Who writes, when and why.

        Raises:
            RuntimeError: the session only reads.
        """
        if self._change is None:
            raise RuntimeError("a session that only reads stamps no revision")
        return self._change

    @change.setter
    def change(self, change: Change) -> None:
        self._change = change


class Session(orm.Session):
    """A session, with the state of the command that opened it."""

    def __init__(self, connection: Connection, **options: Any) -> None:
        super().__init__(connection, autoflush=False, **options)
        self.state = State()


def withholds(session: Session) -> bool:
    """Return whether the person who reads what a session says must not know what is protected."""
    return session.state.veil is not OPEN
