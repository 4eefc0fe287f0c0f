"""What the two databases spell differently, as expressions that know both spellings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Self, TypeAlias, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    ColumnElement,
    CompoundSelect,
    CursorResult,
    Dialect,
    Integer,
    Result,
    Select,
    SQLColumnExpression,
    Text,
    TypeDecorator,
    and_,
    bindparam,
    case,
    func,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from claimtrack.db import Session

RowT = TypeVar("RowT")
Query: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
AT_ONCE = 500
"""Rows that are read, or written, together."""


class json_list(GenericFunction[Any]):  # noqa: N801 - used as an SQL function
    """Aggregate a value of each row into one JSON list; empty when there are no rows."""

    type = JSON()
    inherit_cache = True


@compiles(json_list, "sqlite")
def _json_list_sqlite(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(json_list, "postgresql")
def _json_list_postgresql(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **kw)}), '[]'::json)"


class json_row(GenericFunction[Any]):  # noqa: N801 - used as an SQL function
    """One JSON list of several values, which may be JSON themselves."""

    type = JSON()
    inherit_cache = True


@compiles(json_row, "sqlite")
def _json_row_sqlite(element: json_row, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(json_row, "postgresql")
def _json_row_postgresql(element: json_row, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **kw)})"


class days_between(GenericFunction[int]):  # noqa: N801 - used as an SQL function
    """The days from one date to another, negative when the other is earlier."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_between_sqlite(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    first, last = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_between_postgresql(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    first, last = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({last} - {first})"


class plain_text(GenericFunction[str]):  # noqa: N801 - used as an SQL function
    """A value as text, ordered by code point; dates and instants ISO 8601, as the log has them."""

    type = Text()
    inherit_cache = True


@compiles(plain_text, "sqlite")
def _plain_text_sqlite(element: plain_text, compiler: SQLCompiler, **kw: Any) -> str:
    value = f"CAST({compiler.process(element.clauses, **kw)} AS TEXT)"
    return f"replace({value}, ' ', 'T') || 'Z'" if _type(element) is datetime else value


@compiles(plain_text, "postgresql")
def _plain_text_postgresql(element: plain_text, compiler: SQLCompiler, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    if _type(element) is date:
        return f"to_char({value}, 'YYYY-MM-DD')"
    if _type(element) is datetime:
        return f"""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f'CAST({value} AS TEXT) COLLATE "C"'


def _type(element: plain_text) -> type[Any]:
    return next(iter(element.clauses)).type.python_type


class each_text(GenericFunction[str]):  # noqa: N801 - used as an SQL function
    """The texts of a JSON list, one row each, in a column `value`."""

    inherit_cache = True


@compiles(each_text, "sqlite")
def _each_text_sqlite(element: each_text, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(each_text, "postgresql")
def _each_text_postgresql(element: each_text, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array_elements_text({compiler.process(element.clauses, **kw)})"


class among(GenericFunction[bool]):  # noqa: N801 - used as an SQL operator
    """Whether a key is among those that a subquery finds, which may depend on the row outside.

    SQLite looks the found keys up one by one for IN; PostgreSQL does that for an array, and would
    compare every row for IN.
    """

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stay as it is: behind `= 1`, as SQLite is sent booleans, IN would look up no key."""
        return self


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    key, found = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{key} IN {found}"


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    key, found = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{key} = ANY (ARRAY{found})"


class unsought(GenericFunction[Any]):  # noqa: N801 - used as an SQL operator
    """A column as it is, by which SQLite is not to look rows up: a better way in is there.

    It knows nothing of how many rows a value has, and takes an index of few values for a good one.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column, type_=column.type)


@compiles(unsought, "sqlite")
def _unsought_sqlite(element: unsought, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(unsought, "postgresql")
def _unsought_postgresql(element: unsought, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)})"


def row_by_row(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return conditions as one that is asked of each row found in another way; of none, true.

    Neither database looks rows up by it, or makes a join of a subquery in it, which PostgreSQL does
    badly where it knows little of how many rows there are.
    """
    return case((and_(*conditions), 1), else_=0) == 1 if conditions else true()


def stream(
    session: Session,
    query: Query,
    values: Mapping[str, Any] | None = None,
    *,
    together: int = AT_ONCE,
) -> Iterator[Any]:
    """Yield the rows of a query on columns as they come; when the caller stops, the rest is left.

    So it is when the session ends. `values` are those that the query names and does not hold, as
    `is_one_of` has it; so many rows are fetched `together`.
    """
    yield from _as_they_come(session, _execute(session, query, values, yield_per=together))


def stream_records(session: Session, query: Select[RowT]) -> Iterator[RowT]:
    """Yield the records that a query selects, likewise."""
    rows = session.execute(query, execution_options={"yield_per": AT_ONCE})
    for (record,) in _as_they_come(session, rows):
        yield record


def _as_they_come(session: Session, rows: Result[*tuple[Any, ...]]) -> Iterator[Any]:
    streams = session.state.streams
    with rows:
        streams.add(rows)
        try:
            for part in rows.partitions():
                yield from part
        finally:
            streams.discard(rows)


def fetch(session: Session, query: Query, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Return all rows of a query on columns, of which there are few; else like `stream`.

    PostgreSQL answers at once what is not streamed.
    """
    return _execute(session, query, values).all()


def _execute(
    session: Session, query: Query, values: Mapping[str, Any] | None, **options: Any
) -> CursorResult[*tuple[Any, ...]]:
    # By the connection: the session would make each row once more, to look for objects in it.
    return session.connection().execute(query, values, execution_options=options)


def is_one_of(column: SQLColumnExpression[Any], values: str) -> ColumnElement[bool]:
    """Whether a column is one of a list of values, given by that name when the statement is sent.

    The list is one parameter: what is asked thousands of times is built once, and prepared once.
    """
    of: TypeEngine[Any] = column.type  # type: ignore[attr-defined]  # every expression has one
    return _given(column, bindparam(values, type_=_List(of)))


class _given(GenericFunction[bool]):  # noqa: N801 - used as an SQL operator
    """Whether a column is one of the values of a list."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stay as it is, as `among` does."""
        return self


class _List(TypeDecorator[Sequence[Any]]):
    """A list of values of one type: an array, and in SQLite JSON."""

    impl = JSON
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that a database knows."""
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else JSON())


@compiles(_given, "sqlite")
def _given_sqlite(element: _given, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a parameter


@compiles(_given, "postgresql")
def _given_postgresql(element: _given, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY ({values})"


def batches(rows: Iterator[RowT]) -> Iterator[list[RowT]]:
    """Yield rows in lists of `AT_ONCE` at most, as they come."""
    return iter(lambda: list(islice(rows, AT_ONCE)), [])


def growing_batches(rows: Iterator[RowT], most: int = 4_000) -> Iterator[list[RowT]]:
    """Yield rows in lists: short ones at first, so that a page comes soon, then of so many."""
    size = 100
    while batch := list(islice(rows, size)):
        yield batch
        size = min(2 * size, most)


class Rows(Iterator[RowT]):
    """Rows made of a query's, which is sent when the first is asked for; they can be counted.

    Args:
        session: Where it is sent.
        ask: Returns the query for so many rows at most, or for all.
        made: Makes rows of the query's, as they come.
        bare: A query with as many rows in all, in no order, of which the first column is enough.
        whole: Returns all rows, where there is a better way to them than the query for all.
    """

    def __init__(
        self,
        session: Session,
        ask: Callable[[int | None], Query],
        made: Callable[[Iterator[Any]], Iterator[RowT]],
        bare: Select[*tuple[Any, ...]],
        whole: Callable[[], Iterator[RowT]] | None = None,
    ) -> None:
        self._session, self._ask, self._made, self._bare = session, ask, made, bare
        self._whole = whole or (lambda: made(stream(session, ask(None))))
        self._rows: Iterator[RowT] | None = None

    def __next__(self) -> RowT:
        if self._rows is None:
            self._rows = self._whole()
        return next(self._rows)

    def first(self, count: int) -> list[RowT]:
        """Return so many rows at most; the database is asked for no more."""
        return list(self._made(stream(self._session, self._ask(count))))

    def count(self, most: int) -> int:
        """Return how many rows there are, or `most` where there are more; one statement."""
        first = self._bare.with_only_columns(self._bare.selected_columns[0]).order_by(None)
        some = select(first.subquery()).limit(most)
        return self._session.scalar(select(func.count()).select_from(some.subquery())) or 0


class json_field(GenericFunction[str]):  # noqa: N801 - used as an SQL function
    """The text of one field of a JSON object that is kept as text."""

    type = Text()
    inherit_cache = True


@compiles(json_field, "sqlite")
def _json_field_sqlite(element: json_field, compiler: SQLCompiler, **kw: Any) -> str:
    kept, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_extract({kept}, '$.' || {name})"


@compiles(json_field, "postgresql")
def _json_field_postgresql(element: json_field, compiler: SQLCompiler, **kw: Any) -> str:
    kept, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({kept} AS json) ->> {name})"
