"""Rows as they are stored, in the canonical JSON of the log, with faults for invalid values.

SQLite stores a value of any type in any column, and SQLAlchemy converts it to the type of the
column: 2 becomes True. So rows are read here without conversion, and a value outside the domain of
its column is reported.
"""

import json
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence, Set
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
from claimtrack.history import DIGESTED_COLUMNS, canonical_json, casebook_digest
from claimtrack.models import Casebook, Texts
from claimtrack.records import (
    ADDED_COLUMNS,
    IN_ORDER,
    TABLES,
    key_column,
    refers,
    selected,
)
from claimtrack.sql import plain_text, stream

RowT = TypeVar("RowT")


class StoredRow(NamedTuple):
    """A row of the database.

    Attributes:
        key: Its key in the log; its internal key (`id 7`) when it has none.
        state: Its canonical JSON, as in the log; None when a value is outside its domain.
        fault: Which columns are, and what was expected; None when none is. Shows no values.
        keyed: Whether it has a key.
    """

    key: str
    state: str | None
    fault: str | None
    keyed: bool = True


def stream_stored_rows(session: Session, table: str) -> Generator[StoredRow, None, None]:
    """Yield the rows of a table by key; one statement, streamed."""
    query, spelled = _build_reader(session, table)
    for row in stream(session, query):
        yield spelled(row)


def stream_invalid_rows(session: Session) -> Iterator[tuple[str, StoredRow]]:
    """Yield each row with a value outside its column's domain, as table and row.

    By table and key.
    """
    for table in IN_ORDER:
        with closing(stream_stored_rows(session, table)) as rows:
            for row in rows:
                if row.fault:
                    yield table, row


def stream_stored_casebooks(session: Session) -> Iterator[StoredRow]:
    """Yield the casebook row (there should be one), with the digest in place of its secret."""
    native = session.get_bind().dialect.supports_native_boolean
    columns = sorted(inspect(Casebook).columns, key=lambda column: column.name)
    convert = _build_converter(
        [_Field(one.name, at, *_get_formatter(one)) for at, one in enumerate(columns)]
    )
    read = [select_raw(column, column, native=native) for column in columns]
    key = type_coerce(Casebook.id, NullType())
    for found in session.execute(select(*_labelled([*read, literal(0), key])).order_by(key)):
        row = convert(found)
        yield row if row.state is None else row._replace(state=_replace_secret(row.state))


def _replace_secret(state: str) -> str:
    values = json.loads(state)
    values |= {"created_at": datetime.fromisoformat(values["created_at"])}
    digest = casebook_digest(*(values[name] for name in DIGESTED_COLUMNS))
    return canonical_json(
        {"id": values["id"], "created_at": values["created_at"], "digest": digest}
    )


def retry_undecoded(session: Session, check: Callable[[], Iterator[RowT]]) -> Iterator[RowT]:
    """Yield what a check yields, also where it meets text that is not UTF-8.

    The check first runs without `accept_invalid_utf8`, which is slow; on an error it runs again
    with it, and what was yielded already is skipped.
    """
    found = 0
    try:
        for row in check():
            found += 1
            yield row
    except DBAPIError as error:
        if "Could not decode to UTF-8" not in str(error.orig):
            raise
        with accept_invalid_utf8(session):
            yield from islice(check(), found, None)


@contextmanager
def accept_invalid_utf8(session: Session) -> Iterator[None]:
    """Have SQLite return text that is not UTF-8, each invalid byte of it as a lone surrogate.

    Does nothing on PostgreSQL, which stores no such text.
    """
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
    """A field of a row as it is read: its position in the row, and how it is formatted."""

    name: str
    at: int
    spell: Callable[[Any], str]
    """Formats its value as JSON; raises LookupError, TypeError or ValueError outside the domain."""
    expected: str
    key_at: int | None = None
    """The position of the foreign key that was joined: a dangling key is not the same as NULL."""


_OUTSIDE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def _build_reader(session: Session, table: str) -> tuple[Select[Any], Callable[[Any], StoredRow]]:
    """Return the statement that reads a table by key, and the function that converts its rows."""
    native = session.get_bind().dialect.supports_native_boolean  # types are enforced
    query = selected(table)
    shown, columns = query.selected_columns, inspect(TABLES[table]).columns
    read: list[ColumnElement[Any]] = []
    fields = []
    for column in columns:
        if column.name == "id":
            continue
        name = column.name.removesuffix("_id") if refers(column) else column.name
        read.append(select_raw(column, shown[name], native=native))
        key_at = len(read) if refers(column) and column.nullable else None
        if key_at is not None:
            read.append(column)
        spell, expected = _get_formatter(column)
        fields.append(_Field(name, len(read) - (key_at is not None) - 1, spell, expected, key_at))
    key = key_column(table, query)
    read += [columns["id"] if "id" in columns else literal(0), type_coerce(key, NullType())]
    query = query.with_only_columns(*_labelled(read)).order_by(key)
    added = ADDED_COLUMNS.get(table, frozenset())
    return query, _build_converter(sorted(fields, key=lambda field: field.name), added)


def _labelled(columns: Sequence[ColumnElement[Any]]) -> Iterator[ColumnElement[Any]]:
    return (column.label(f"c{at}") for at, column in enumerate(columns))


def _build_converter(
    fields: Sequence[_Field], added: Set[str] = frozenset()
) -> Callable[[Any], StoredRow]:
    """Return a function that converts rows; fields in `added` are left out where they are empty."""
    heads = [
        (f"{encode_basestring(field.name)}:", field.at, field.spell, field.name in added)
        for field in fields
    ]
    pointers = [(field.at, field.key_at) for field in fields if field.key_at is not None]

    def convert(row: Any) -> StoredRow:
        key = row[-1]
        if type(key) is not str:
            return StoredRow(f"id {row[-2]}", None, "ref holds no text", keyed=False)
        if not key.isascii():  # lone surrogates, for invalid UTF-8, cannot be printed
            key = key.encode(errors="backslashreplace").decode()
        try:
            parts = [
                head + spell(row[at])
                for head, at, spell, is_added in heads
                if not (is_added and row[at] is None)
            ]
            state = f"{{{','.join(parts)}}}"
        except _OUTSIDE:
            return StoredRow(key, None, _faults(fields, row))
        for at, key_at in pointers:
            if row[at] is None and row[key_at] is not None:
                return StoredRow(key, None, _faults(fields, row))
        return StoredRow(key, state, None)

    return convert


def _faults(fields: Sequence[_Field], row: Any) -> str:
    """Return which fields of a row are outside their domain, without their values."""
    found = []
    for field in fields:
        value = row[field.at]
        if field.key_at is not None and value is None and row[field.key_at] is not None:
            found.append(f"{field.name} refers to a missing record")
            continue
        try:
            field.spell(value)
        except _OUTSIDE:
            found.append(
                f"{field.name} holds {_describe_type(value)}, and should hold {field.expected}"
            )
    return "; ".join(found)


def _describe_type(value: object) -> str:
    kinds = {bytes: "bytes", str: "text", int: "an integer", float: "a number"}
    return "nothing" if value is None else kinds.get(type(value), type(value).__name__)


def select_raw(column: Column[Any], shown: ColumnElement[Any], *, native: bool) -> Any:
    """Return an expression that reads a column without conversion.

    Args:
        column: The column.
        shown: The expression that reads it, such as that of a joined ref.
        native: Whether the database enforces types, as PostgreSQL does. Its driver cannot represent
            all dates and instants, so they are read in the text form of SQLite.
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


def _get_formatter(column: Column[Any]) -> tuple[Callable[[Any], str], str]:
    """Return the function that formats a column's values as JSON, and the domain in words."""
    spell, expected = _get_type_formatter(column)
    if not column.nullable:
        return spell, expected
    return (lambda value: "null" if value is None else spell(value)), f"{expected}, or nothing"


def _get_type_formatter(column: Column[Any]) -> tuple[Callable[[Any], str], str]:
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


@lru_cache(8192)  # many rows have the same day
def _day(value: Any) -> str:
    if date.fromisoformat(value).isoformat() != value:
        raise ValueError(value)
    return f'"{value}"'


def _instant(value: Any) -> str:
    """Format an instant as the log does: SQLite stores a space in place of the T, and no zone."""
    at = datetime.fromisoformat(value)
    if at.isoformat(" ", "microseconds") != value:
        raise ValueError(value)
    return encode_basestring(format_instant(at.replace(tzinfo=UTC)))


def _texts(value: Any) -> str:
    """Format a list of texts; it must be stored exactly as claimtrack stores it."""
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
