"""SQL expressions that compile for both databases, and reading rows in batches."""

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

from claimtrack.db import Session, UtcDateTime

RowT = TypeVar("RowT")
Query: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
BATCH_SIZE = 500
"""Rows that are fetched or written together. SQLite takes at most 32,766 parameters a statement."""


class json_list(GenericFunction[Any]):  # noqa: N801 - used as an SQL function
    """Aggregate a value over rows into one JSON list; the empty list without rows."""

    type = JSON()
    inherit_cache = True


@compiles(json_list, "sqlite")
def _json_list_sqlite(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(json_list, "postgresql")
def _json_list_postgresql(element: json_list, compiler: SQLCompiler, **kw: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **kw)}), '[]'::json)"


class json_row(GenericFunction[Any]):  # noqa: N801 - used as an SQL function
    """A JSON list of several values, which may be JSON themselves."""

    type = JSON()
    inherit_cache = True


@compiles(json_row, "sqlite")
def _json_row_sqlite(element: json_row, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(json_row, "postgresql")
def _json_row_postgresql(element: json_row, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **kw)})"


class days_between(GenericFunction[int]):  # noqa: N801 - used as an SQL function
    """The number of days from one date to another; negative when the second is earlier."""

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
    """A value as text, ordered by code point.

    Dates and instants are in ISO 8601, as the log writes them.
    """

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


class last_second(GenericFunction[datetime]):  # noqa: N801 - used as an SQL function
    """The last second of the hour of an instant if the second argument is true, else of its minute.

    The hours are those of UTC.
    """

    type = UtcDateTime()
    inherit_cache = True


@compiles(last_second, "sqlite")
def _last_second_sqlite(element: last_second, compiler: SQLCompiler, **kw: Any) -> str:
    at, whole_hour = (compiler.process(part, **kw) for part in element.clauses)
    minutes = f"CASE WHEN {whole_hour} THEN '59' ELSE substr({at}, 15, 2) END"
    return f"(substr({at}, 1, 14) || {minutes} || ':59.000000')"


@compiles(last_second, "postgresql")
def _last_second_postgresql(element: last_second, compiler: SQLCompiler, **kw: Any) -> str:
    at, whole_hour = (compiler.process(part, **kw) for part in element.clauses)
    hour = f"date_trunc('hour', {at}, 'UTC') + INTERVAL '59 minutes 59 seconds'"
    minute = f"date_trunc('minute', {at}, 'UTC') + INTERVAL '59 seconds'"
    return f"CASE WHEN {whole_hour} THEN {hour} ELSE {minute} END"


class each_text(GenericFunction[str]):  # noqa: N801 - used as an SQL function
    """The texts of a JSON list, one row each, in a column `value`."""

    inherit_cache = True


@compiles(each_text, "sqlite")
def _each_text_sqlite(element: each_text, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(each_text, "postgresql")
def _each_text_postgresql(element: each_text, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_array_elements_text({compiler.process(element.clauses, **kw)})"


class is_in_subquery(GenericFunction[bool]):  # noqa: N801 - used as an SQL operator
    """Whether a key is in the result of a subquery, which may be correlated.

    The databases plan `IN` differently: SQLite looks each key of the subquery up in an index.
    PostgreSQL does that for `= ANY (ARRAY(...))`, and would scan all rows for `IN`.
    """

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Return the expression unchanged.

        SQLAlchemy sends SQLite booleans as `... = 1`, and behind that `IN` would not use an index.
        """
        return self


@compiles(is_in_subquery, "sqlite")
def _is_in_subquery_sqlite(element: is_in_subquery, compiler: SQLCompiler, **kw: Any) -> str:
    key, found = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{key} IN {found}"


@compiles(is_in_subquery, "postgresql")
def _is_in_subquery_postgresql(element: is_in_subquery, compiler: SQLCompiler, **kw: Any) -> str:
    key, found = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{key} = ANY (ARRAY{found})"


class without_index(GenericFunction[Any]):  # noqa: N801 - used as an SQL operator
    """A column that SQLite must not use to look rows up, as a better index is available.

    Without statistics SQLite takes any index for selective, even that of a column with few values.
    The unary plus disqualifies the column (Source: SQLite, Query Planner, "Disqualifying WHERE
    Clause Terms"); PostgreSQL has statistics, and needs nothing.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column, type_=column.type)


@compiles(without_index, "sqlite")
def _without_index_sqlite(element: without_index, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(without_index, "postgresql")
def _without_index_postgresql(element: without_index, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)})"


def row_by_row(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return conditions joined by AND that are evaluated for each row found by other conditions.

    Neither database looks rows up by the CASE expression, nor turns a subquery in it into a join,
    which PostgreSQL does badly where its estimates of rows are poor. Without conditions, true.
    """
    return case((and_(*conditions), 1), else_=0) == 1 if conditions else true()


def stream(
    session: Session,
    query: Query,
    values: Mapping[str, Any] | None = None,
    *,
    batch_size: int = BATCH_SIZE,
) -> Iterator[Any]:
    """Yield the rows of a query as they arrive; the cursor is closed when the caller stops.

    It is closed with the session too, at the latest.

    Args:
        session: The session.
        query: A query for columns, not for records.
        values: The values of parameters that the query leaves open, such as those of `is_one_of`.
        batch_size: How many rows are fetched at a time.
    """
    yield from _iterate(session, _execute(session, query, values, yield_per=batch_size))


def stream_records(session: Session, query: Select[RowT]) -> Iterator[RowT]:
    """Yield the records that a query selects, as they arrive; closed as by `stream`."""
    rows = session.execute(query, execution_options={"yield_per": BATCH_SIZE})
    for (record,) in _iterate(session, rows):
        yield record


def _iterate(session: Session, rows: Result[*tuple[Any, ...]]) -> Iterator[Any]:
    streams = session.state.streams
    with rows:
        streams.add(rows)
        try:
            for part in rows.partitions():
                yield from part
        finally:
            streams.discard(rows)


def fetch_all(
    session: Session, query: Query, values: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """Return all rows of a query for columns; for queries with few rows.

    PostgreSQL answers them without the cursor that streaming needs, in one round trip.
    """
    return _execute(session, query, values).all()


def _execute(
    session: Session, query: Query, values: Mapping[str, Any] | None, **options: Any
) -> CursorResult[*tuple[Any, ...]]:
    # Through the connection: the session would copy each row to look for ORM objects in it.
    return session.connection().execute(query, values, execution_options=options)


def is_one_of(column: SQLColumnExpression[Any], values: str) -> ColumnElement[bool]:
    """Whether a column equals one of a list of values; the list is bound as the parameter `values`.

    One parameter whatever the length, so that a statement sent thousands of times is compiled and
    prepared once.
    """
    of: TypeEngine[Any] = column.type  # type: ignore[attr-defined]  # every expression has one
    return _is_in_list(column, bindparam(values, type_=_List(of)))


class _is_in_list(GenericFunction[bool]):  # noqa: N801 - used as an SQL operator
    """Whether a column equals one of the values of a list."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Return the expression unchanged, as `is_in_subquery` does."""
        return self


class _List(TypeDecorator[Sequence[Any]]):
    """A list of values of one type: an array on PostgreSQL, JSON on SQLite."""

    impl = JSON
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type for a database."""
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else JSON())


@compiles(_is_in_list, "sqlite")
def _is_in_list_sqlite(element: _is_in_list, compiler: SQLCompiler, **kw: Any) -> str:
    # One parameter; SQLite looks the values up in the column's index one by one.
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a parameter


@compiles(_is_in_list, "postgresql")
def _is_in_list_postgresql(element: _is_in_list, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY ({values})"


def batches(rows: Iterator[RowT]) -> Iterator[list[RowT]]:
    """Yield rows in lists of `BATCH_SIZE` at most, as they arrive."""
    return iter(lambda: list(islice(rows, BATCH_SIZE)), [])


def growing_batches(rows: Iterator[RowT], most: int = 4_000) -> Iterator[list[RowT]]:
    """Yield rows in lists of 100, then twice as many each time, up to `most`.

    The first lists are short so that a page of results comes soon.
    """
    size = 100
    while batch := list(islice(rows, size)):
        yield batch
        size = min(2 * size, most)


class Rows(Iterator[RowT]):
    """An iterator over converted rows of a query; the query is sent on the first `next`.

    Rows can be counted and a first few be fetched without reading all.

    Args:
        session: The session.
        ask: Returns the query for a number of rows at most, or for all.
        to_rows: Converts rows of the query, as they arrive.
        bare: A query with the same number of rows, unordered; only its first column is counted.
        whole: Returns all rows, where there is a faster way than the query for all.
    """

    def __init__(
        self,
        session: Session,
        ask: Callable[[int | None], Query],
        to_rows: Callable[[Iterator[Any]], Iterator[RowT]],
        bare: Select[*tuple[Any, ...]],
        whole: Callable[[], Iterator[RowT]] | None = None,
    ) -> None:
        self._session, self._ask, self._to_rows, self._bare = session, ask, to_rows, bare
        self._whole = whole or (lambda: to_rows(stream(session, ask(None))))
        self._rows: Iterator[RowT] | None = None

    def __next__(self) -> RowT:
        if self._rows is None:
            self._rows = self._whole()
        return next(self._rows)

    def first(self, count: int) -> list[RowT]:
        """Return at most `count` rows; the database returns no more."""
        return list(self._to_rows(stream(self._session, self._ask(count))))

    def count(self, most: int) -> int:
        """Return the number of rows, or `most` where there are more; one statement."""
        first = self._bare.with_only_columns(self._bare.selected_columns[0]).order_by(None)
        some = select(first.subquery()).limit(most)
        return self._session.scalar(select(func.count()).select_from(some.subquery())) or 0


class json_field(GenericFunction[str]):  # noqa: N801 - used as an SQL function
    """The text of one field of a JSON object that is stored as text."""

    type = Text()
    inherit_cache = True


@compiles(json_field, "sqlite")
def _json_field_sqlite(element: json_field, compiler: SQLCompiler, **kw: Any) -> str:
    stored, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_extract({stored}, '$.' || {name})"


@compiles(json_field, "postgresql")
def _json_field_postgresql(element: json_field, compiler: SQLCompiler, **kw: Any) -> str:
    stored, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({stored} AS json) ->> {name})"
