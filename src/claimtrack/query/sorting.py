"""Sorting and paging the rows of reports and lists."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    func,
)

from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.models import Texts
from claimtrack.query.external_sort import sort_rows_on_disk
from claimtrack.query.filters import Filters
from claimtrack.sql import Query, Rows, plain_text, stream
from claimtrack.vocab import column_of, fields_of

RowT = TypeVar("RowT")


def stream_sorted(
    session: Session,
    query: Select[Any],
    made: Callable[[Iterator[Any]], Iterator[RowT]],
    row: type[RowT],
    filters: Filters,
    *usual: SQLColumnExpression[Any],
    completing: Callable[[Subquery], Select[Any]] | None = None,
) -> Iterator[RowT]:
    """Stream the sorted rows of one page of a report. Sends one statement.

    The database sorts by columns that it computes itself, the labels of the query. To sort by any
    other column, such as a list, all rows are fetched and sorted on disk first.

    Args:
        session: The session.
        query: Selects the rows of the database, unordered.
        made: Turns an iterator of database rows into one of report rows, lazily.
        row: The type of the rows of the report.
        filters: The page, and the columns to sort by.
        usual: The default order, which also decides between equals under a `sort` filter.
        completing: Adds columns to the rows of the page that would be too large to sort along with
            all rows. It is passed the page as a subquery and must order it by its column `place`.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    sortable = _sortable_columns(query, row)

    def completed(ordered: Select[Any], terms: Sequence[SQLColumnExpression[Any]]) -> Select[Any]:
        if completing is None:
            return ordered
        place = func.row_number().over(order_by=terms).label("place")
        return completing(ordered.add_columns(place).subquery("rows"))

    if not all(_column_name(name) in sortable for name in filters.sort):
        ordered = completed(query.order_by(*usual), usual)
        return sort_and_page(made(stream(session, ordered)), filters, row)
    terms = (*_order_terms(filters, sortable), *usual)
    whole = _page(query.order_by(*terms), filters)

    def ask(most: int | None) -> Query:
        limits = [limit for limit in (most, filters.limit) if limit is not None]
        return completed(whole.limit(min(limits)) if limits else whole, terms)

    return Rows(session, ask, made, whole)


def _column_name(term: str) -> str:
    return term.removeprefix("-")


def order_and_page(
    query: Select[Any],
    filters: Filters,
    columns: Mapping[str, ColumnElement[Any]],
    *usual: SQLColumnExpression[Any],
) -> Select[*tuple[Any, ...]]:
    """Return a query ordered by the `sort` filter, then by `usual`, and limited to the page.

    Nulls come last, texts by code point.

    Args:
        query: The query.
        filters: The page, and the columns to sort by.
        columns: The columns that it can be sorted by, by name.
        usual: The default order, which also decides between equals under a `sort` filter.

    Raises:
        InvalidValue: The filters name a column that is not among `columns`.
    """
    return _page(query.order_by(*_order_terms(filters, columns), *usual), filters)


def _order_terms(
    filters: Filters, columns: Mapping[str, ColumnElement[Any]]
) -> Iterator[ColumnElement[Any]]:
    for name in filters.sort:
        column = columns.get(_column_name(name))
        if column is None:
            raise InvalidValue("sort column", name, f"one of {', '.join(columns)}")
        if isinstance(column.type, String):
            column = plain_text(column)
        term = column.desc() if name.startswith("-") else column.asc()
        yield term.nulls_last()


def _page(query: Select[*tuple[Any, ...]], filters: Filters) -> Select[*tuple[Any, ...]]:
    if filters.limit is not None:
        query = query.limit(filters.limit)
    return query if filters.offset is None else query.offset(filters.offset)


def _sortable_columns(query: Select[Any], row: type[Any]) -> Mapping[str, ColumnElement[Any]]:
    """Return the columns of a row type that the database can sort by, by name: no lists."""
    labels = query.selected_columns
    names = [name for name in fields_of(row) if name in labels]
    plain = [name for name in names if not isinstance(labels[name].type, JSON | Texts)]
    return {column_of(name): labels[name] for name in plain}


def read_sort_terms(filters: Filters, row: type[Any]) -> list[tuple[str, bool]]:
    """Return the fields of a row type to sort by, each with True if it is descending.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    names = {column_of(name): name for name in fields_of(row)}
    for term in filters.sort:
        if _column_name(term) not in names:
            raise InvalidValue("sort column", term, f"one of {', '.join(names)}")
    return [(names[_column_name(term)], term.startswith("-")) for term in filters.sort]


def sort_and_page(rows: Iterator[RowT], filters: Filters, row: type[Any]) -> Iterator[RowT]:
    """Yield one page of rows, sorted by columns that Python and not the database has computed.

    Without a `sort` filter, rows keep their order and stream; else they are sorted on disk
    (`external_sort`). Missing values and empty lists come last.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    terms = read_sort_terms(filters, row)
    if terms:
        names = [name for name, _ in terms]
        descending = [down for _, down in terms]
        rows = sort_rows_on_disk(
            rows, lambda row: [getattr(row, name) for name in names], descending
        )
    return take_page(rows, filters)


def take_page(rows: Iterator[RowT], filters: Filters) -> Iterator[RowT]:
    """Yield the rows of one page, by `offset` and `limit`."""
    first = filters.offset or 0
    return islice(rows, first, None if filters.limit is None else first + filters.limit)
