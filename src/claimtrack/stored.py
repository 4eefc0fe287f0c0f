"""Rows as the database holds them, spelled as the log spells them.

SQLite keeps a value of any type in any column, and SQLAlchemy makes a value of the column's type of
it: 2 becomes True. So rows are read past its types here, and what is not of the domain of its
column is named.
"""

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from json.encoder import encode_basestring
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Enum,
    Float,
    Integer,
    Select,
    String,
    Text,
    case,
    cast,
    func,
    inspect,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from claimtrack.db import Session, UtcDateTime, format_instant
from claimtrack.history import SEALED, canonical, casebook_digest
from claimtrack.models import Casebook, Texts
from claimtrack.records import IN_ORDER, TABLES, key_column, refers, selected
from claimtrack.sql import plain_text, stream

RowT = TypeVar("RowT")


class Stored(NamedTuple):
    """A row of the database.

    Attributes:
        key: What names it in the log.
        state: Its canonical JSON, as the log has it; None when a value is outside its domain.
        fault: Which values are, and what was expected; None when there are none. It shows none.
        keyed: Whether it has a key; its internal key is given instead where it has none.
    """

    key: str
    state: str | None
    fault: str | None
    keyed: bool = True


def stored_rows(session: Session, table: str) -> Generator[Stored, None, None]:
    """Yield the rows of a table in the order of their keys, streamed; one statement."""
    query, spelled = _reading(session, table)
    for row in stream(session, query):
        yield spelled(row)


def outside_domain(session: Session) -> Iterator[tuple[str, Stored]]:
    """Yield each row that holds what is outside the domain of its column, with its table."""
    for table in IN_ORDER:
        with closing(stored_rows(session, table)) as rows:
            for row in rows:
                if row.fault:
                    yield table, row


def stored_casebooks(session: Session) -> Iterator[Stored]:
    """Yield the casebook row, of which there should be one, with the digest for its secret."""
    native = session.get_bind().dialect.supports_native_boolean
    columns = sorted(inspect(Casebook).columns, key=lambda column: column.name)
    made = _stored([_Field(one.name, at, *_spelling(one)) for at, one in enumerate(columns)])
    read = [as_stored(column, column, native=native) for column in columns]
    key = type_coerce(Casebook.id, NullType())
    for found in session.execute(select(*_labelled([*read, literal(0), key])).order_by(key)):
        row = made(found)
        yield row if row.state is None else row._replace(state=_sealed(row.state))


def _sealed(state: str) -> str:
    values = json.loads(state)
    values |= {"created_at": datetime.fromisoformat(values["created_at"])}
    digest = casebook_digest(*(values[name] for name in SEALED))
    return canonical({"id": values["id"], "created_at": values["created_at"], "digest": digest})


def whatever_is_stored(session: Session, check: Callable[[], Iterator[RowT]]) -> Iterator[RowT]:
    """Yield what a check finds, also where it comes upon text that is not UTF-8: see `undecoded`.

    To let such text through takes time, and so the check is begun anew where there is some.
    """
    found = 0
    try:
        for row in check():
            found += 1
            yield row
    except DBAPIError as error:
        if "Could not decode to UTF-8" not in str(error.orig):
            raise
        with undecoded(session):
            yield from islice(check(), found, None)


@contextmanager
def undecoded(session: Session) -> Iterator[None]:
    """Let SQLite hand out text that is not UTF-8, each wrong byte of it as a lone surrogate."""
    connection = session.connection().connection.dbapi_connection
    if not isinstance(connection, sqlite3.Connection):
        yield
        return
    before = connection.text_factory
    connection.text_factory = lambda text: text.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before


# --- one row --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Field:
    """A field of a row as it is read: where it is in the row, how it is spelled, what it may be."""

    name: str
    at: int
    spell: Callable[[Any], str]
    """Raises LookupError, TypeError or ValueError for what is outside the domain."""
    expected: str
    key_at: int | None = None
    """Where the key is that it was found by: one that finds nothing is no NULL."""


_OUTSIDE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def _reading(session: Session, table: str) -> tuple[Select[Any], Callable[[Any], Stored]]:
    """Return the statement that reads a table by key, and what makes a `Stored` of its rows."""
    native = session.get_bind().dialect.supports_native_boolean  # types are enforced
    query = selected(table)
    shown, columns = query.selected_columns, inspect(TABLES[table]).columns
    read: list[ColumnElement[Any]] = []
    fields = []
    for column in columns:
        if column.name == "id":
            continue
        name = column.name.removesuffix("_id") if refers(column) else column.name
        read.append(as_stored(column, shown[name], native=native))
        key_at = len(read) if refers(column) and column.nullable else None
        if key_at is not None:
            read.append(column)
        spell, expected = _spelling(column)
        fields.append(_Field(name, len(read) - (key_at is not None) - 1, spell, expected, key_at))
    key = key_column(table, query)
    read += [columns["id"] if "id" in columns else literal(0), type_coerce(key, NullType())]
    query = query.with_only_columns(*_labelled(read)).order_by(key)
    return query, _stored(sorted(fields, key=lambda field: field.name))


def _labelled(columns: Sequence[ColumnElement[Any]]) -> Iterator[ColumnElement[Any]]:
    return (column.label(f"c{at}") for at, column in enumerate(columns))


def _stored(fields: Sequence[_Field]) -> Callable[[Any], Stored]:
    heads = [(f"{encode_basestring(field.name)}:", field.at, field.spell) for field in fields]
    pointers = [(field.at, field.key_at) for field in fields if field.key_at is not None]

    def made(row: Any) -> Stored:
        key = row[-1]
        if type(key) is not str:
            return Stored(f"id {row[-2]}", None, "ref holds no text", keyed=False)
        if not key.isascii():  # what is not UTF-8 could not be written
            key = key.encode(errors="backslashreplace").decode()
        try:
            state = f"{{{','.join([head + spell(row[at]) for head, at, spell in heads])}}}"
        except _OUTSIDE:
            return Stored(key, None, _faults(fields, row))
        for at, key_at in pointers:
            if row[at] is None and row[key_at] is not None:
                return Stored(key, None, _faults(fields, row))
        return Stored(key, state, None)

    return made


def _faults(fields: Sequence[_Field], row: Any) -> str:
    """Return which fields of a row are outside their domain, without their values."""
    found = []
    for field in fields:
        value = row[field.at]
        if field.key_at is not None and value is None and row[field.key_at] is not None:
            found.append(f"{field.name} points at nothing")
            continue
        try:
            field.spell(value)
        except _OUTSIDE:
            found.append(f"{field.name} holds {_kind(value)}, and should hold {field.expected}")
    return "; ".join(found)


def _kind(value: object) -> str:
    kinds = {bytes: "bytes", str: "text", int: "an integer", float: "a number"}
    return "nothing" if value is None else kinds.get(type(value), type(value).__name__)


def as_stored(column: Column[Any], shown: ColumnElement[Any], *, native: bool) -> Any:
    """Return what reads a column as it is stored, without a value of Python's made of it.

    Args:
        column: The column.
        shown: The expression that reads it.
        native: Whether the database enforces types, as PostgreSQL does. Its driver cannot read
            all dates and instants, so they are read as the text that SQLite has.
    """
    kind = column.type
    if native and isinstance(kind, Texts):
        return cast(shown, Text)
    if native and isinstance(kind, Date | UtcDateTime):
        first, last = (date.min, date.max) if isinstance(kind, Date) else _INSTANTS
        within = column.between(literal(first, kind), literal(last, kind))
        spelled = func.translate(plain_text(shown), "TZ", " ")
        return case((within, spelled), (column.is_not(None), "out of range"))
    return type_coerce(shown, NullType())


_INSTANTS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _spelling(column: Column[Any]) -> tuple[Callable[[Any], str], str]:
    """Return how the values of a column are spelled, and what they are."""
    spell, expected = _spelling_of(column)
    if not column.nullable:
        return spell, expected
    return (lambda value: "null" if value is None else spell(value)), f"{expected}, or nothing"


def _spelling_of(column: Column[Any]) -> tuple[Callable[[Any], str], str]:
    kind = column.type
    if refers(column):
        return encode_basestring, "the key of a record"
    if isinstance(kind, Enum):
        words = {word: encode_basestring(word) for word in kind.enums}
        return words.__getitem__, "a word of its vocabulary"
    if isinstance(kind, UtcDateTime):
        return _instant, "an instant"
    for types, spell, expected in _SPELLINGS:
        if isinstance(kind, types):
            return spell, expected
    raise TypeError(f"{column} is of a type that the log does not have")


def _flag(value: Any) -> str:
    return _FLAGS[type(value), value]


_FLAGS = {(int, 0): "false", (int, 1): "true", (bool, False): "false", (bool, True): "true"}


def _integer(value: Any) -> str:
    if type(value) is not int:
        raise TypeError(value)
    return str(value)


def _number(value: Any) -> str:
    if type(value) is not float:
        raise TypeError(value)
    return f'"{value!r}"'


@lru_cache(8192)
def _day(value: Any) -> str:
    if date.fromisoformat(value).isoformat() != value:
        raise ValueError(value)
    return f'"{value}"'


def _instant(value: Any) -> str:
    """Spell an instant as the log does: stored are a space in the place of T, and no zone."""
    at = datetime.fromisoformat(value)
    if at.isoformat(" ", "microseconds") != value:
        raise ValueError(value)
    return encode_basestring(format_instant(at.replace(tzinfo=UTC)))


def _texts(value: Any) -> str:
    """Spell a list of texts; stored as claimtrack stores it, to the letter."""
    texts = json.loads(value)
    if type(texts) is not list or json.dumps(texts) != value:
        raise ValueError(value)
    return f"[{','.join(map(encode_basestring, texts))}]"


_SPELLINGS: tuple[tuple[Any, Callable[[Any], str], str], ...] = (
    (Boolean, _flag, "0 or 1"),
    (Texts, _texts, "a list of texts"),
    (Date, _day, "a date"),
    (Float, _number, "a number"),
    (Integer, _integer, "an integer"),
    (String, encode_basestring, "text"),
)
