"""A database handle, a session with the state of its command, and the mask of protected names."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Result, orm
from sqlalchemy.orm import SessionTransaction

from claimtrack.db.instants import format_instant


@dataclass(frozen=True)
class Database:
    """A database that can be connected to.

    Attributes:
        engine: The engine; it has no pool, so every use opens a connection of its own.
        name: The path or address as messages show it, without passwords.
    """

    engine: Engine
    name: str


@dataclass(frozen=True)
class Change:
    """The author, reason, id and time that a command or request writes into each of its revisions.

    Attributes:
        author: Who made the change.
        message: Why; None without a reason.
        id: 12 random hexadecimal digits, the same for all revisions of the command.
        at: When, as `format_instant` writes it.
    """

    author: str
    message: str | None
    id: str
    at: str


def new_change(author: str, message: str | None = None) -> Change:
    """Return a change with a new random id, at the present time."""
    now = format_instant(datetime.now(UTC))
    return Change(author=author, message=message, id=secrets.token_hex(6), at=now)


class Mask(Protocol):
    """Replaces the names of protected records in whatever is shown; `protection` implements it."""

    @property
    def pseudonyms(self) -> frozenset[str]:
        """The pseudonyms of the records that are protected now."""

    @property
    def names(self) -> Mapping[str, str]:
        """The pseudonym for each name of a record that is or was protected."""

    def __call__(self, text: str) -> str:
        """Return a text with those names replaced by their pseudonyms."""

    def hidden(self, table: str, image: Mapping[str, Any], seq: int) -> frozenset[str]:
        """Return the columns of a logged row that must not be shown.

        Args:
            table: The table of the row.
            image: The columns of the row before or after a revision.
            seq: The number of that revision.
        """

    def key(self, table: str, key: str, seq: int | None = None) -> str:
        """Return the key of a row without the names of protected records.

        Args:
            table: The table of the row.
            key: Its key in the log.
            seq: The revision that logged the key; None for the key that the row has now.
        """


class _NoMask:
    """A mask that hides nothing."""

    pseudonyms: frozenset[str] = frozenset()
    names: Mapping[str, str] = {}

    def __call__(self, text: str) -> str:
        return text

    def hidden(self, table: str, image: Mapping[str, Any], seq: int) -> frozenset[str]:
        return frozenset()

    def key(self, table: str, key: str, seq: int | None = None) -> str:
        return key


NO_MASK: Mask = _NoMask()


class State:
    """The state of one command while its session is open, other than what the database holds.

    Attributes:
        mask: Hides the names of protected records from whoever reads the output.
        warnings: Sentences about what was written, in order.
        streams: Results that are still being read, to be closed with the session.
        cached_records: Records already fetched by ref, by model and ref.
        nearest_refs: The most similar refs for each ref that was not found, by model and ref.
        head: The end of the log, as the transaction in which it was read, its seq and its hash.
        unchecked_addresses: Sentences about malformed addresses that were stored unchecked; None
            while every address is checked.
        unchecked_documents: Documents whose quotations are still to be checked; None while each is
            checked at once.
    """

    def __init__(self) -> None:
        self.mask: Mask = NO_MASK
        self.warnings: list[str] = []
        self.streams: set[Result[*tuple[Any, ...]]] = set()
        self.cached_records: dict[tuple[type[Any], str], Any] = {}
        self.nearest_refs: dict[tuple[type[Any], str], Sequence[str]] = {}
        self.head: tuple[SessionTransaction, int, str] | None = None
        self.unchecked_addresses: dict[str, None] | None = None
        self.unchecked_documents: set[Any] | None = None
        self._change: Change | None = None

    @property
    def change(self) -> Change:
        """The author, reason, id and time of what this session writes.

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
    """A SQLAlchemy session without autoflush, with the `State` of the command that opened it."""

    def __init__(self, connection: Connection, **options: Any) -> None:
        super().__init__(connection, autoflush=False, **options)
        self.state = State()


def is_masked(session: Session) -> bool:
    """Return whether the output of a session must not name protected records."""
    return session.state.mask is not NO_MASK
