"""The filters of reports and lists as SQL conditions, and the sorting and paging of their rows.

A function `match_...` returns conditions to be passed to `where`, all of which must hold; the list
is empty if no filter applies.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.errors import InvalidValue, UnknownRef
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Link,
    Proposition,
    Stance,
    Texts,
)
from claimtrack.query.external_sort import sort_rows_on_disk
from claimtrack.query.options import SCOPE, Option
from claimtrack.query.visibility import (
    SHOWING_ROLES,
    entry_in_scope,
    get_agent,
    link_in_scope,
    select_actors_below,
    select_topics_below,
    stance_in_scope,
)
from claimtrack.records import NAMED, find, get, nearest
from claimtrack.sql import Query, Rows, is_in_subquery, plain_text, stream
from claimtrack.vocab import EntryKind, Relation, column_of, fields_of

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a report or a list, its page and its order.

    An empty value does not filter. Several values of one filter are alternatives. It is also a
    `Scope`: `known_by`, `asserted_by` and `include_superseded` limit which entries, stances and
    links are taken into account at all.
    """

    kinds: tuple[EntryKind, ...] = ()
    actors: tuple[str, ...] = ()
    """Refs; includes everyone below these actors."""
    principal: str | None = None
    """The ref of an actor: entries on its behalf or on behalf of anyone below it."""
    sources: tuple[str, ...] = ()
    """Refs of documents, or of publishers for all of their documents."""
    topics: tuple[str, ...] = ()
    """Refs; includes everything below these topics."""
    propositions: tuple[str, ...] = ()
    """Refs."""
    since: date | None = None
    until: date | None = None
    known_by: date | None = None
    asserted_by: tuple[str, ...] = ()
    """Refs of judges."""
    min_strength: int | None = None
    """The least |value| of a stance, or strength of a pair: 1 or 2."""
    affirming: bool = False
    denying: bool = False
    include_superseded: bool = False
    limit: int | None = None
    offset: int | None = None
    sort: tuple[str, ...] = ()
    """Names of columns, with a leading hyphen for descending; empty for the report's own order."""


def resolve_refs(session: Session, filters: Filters) -> Filters:
    """Return the filters with each name in them, such as an actor's alias, replaced by the ref.

    Sends one statement for each ref or name.

    Raises:
        UnknownRef: No record has that ref or name.
    """
    values = {option.field: getattr(filters, option.field) for option in SCOPE if option.nouns}
    return replace(filters, **checked_values(session, SCOPE, values))


def checked_values(
    session: Session, options: Iterable[Option], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return values with each name in them replaced by the ref of the record that has it.

    Sends one statement for each ref or name.

    Args:
        session: The session.
        options: The options that set the values; `Option.nouns` says what their refs refer to.
        values: The values, by the `field` of their option.

    Raises:
        UnknownRef: No record has that ref or name.
    """
    found = dict(values)
    for option in options:
        value = values.get(option.field)
        if option.nouns and value:
            names = [_ref(session, option, name) for name in (value if option.several else [value])]
            found[option.field] = tuple(names) if option.several else names[0]
    return found


def _ref(session: Session, option: Option, name: str) -> str:
    if len(option.nouns) > 1:
        return _resolve_source(session, name)
    return get(session, NAMED.get(option.nouns[0], Entry), name).ref  # a kind of entry is no table


def _resolve_source(session: Session, name: str) -> str:
    """Return the ref of a document, or of the publisher with a name.

    Raises:
        UnknownRef: There is neither.
    """
    if find(session, Document, name) is not None:
        return name
    try:
        return get(session, Actor, name).ref
    except UnknownRef as error:
        close = [*nearest(session, Document, name), *error.nearest]
        raise UnknownRef("document or publisher", name, close[:3]) from None


def match_entry(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters on an entry itself: kind, actor, source and date.

    The filters on topics and stances are those of `match_any_stance`.
    """
    conditions: list[ColumnElement[bool]] = []
    if filters.kinds:
        conditions.append(entry.kind.in_(filters.kinds))
    if filters.actors:
        below = select_actors_below(filters.actors)
        conditions.append(or_(entry.actor_id.in_(below), entry.on_behalf_of_id.in_(below)))
    if filters.principal:
        conditions.append(get_agent(entry).in_(select_actors_below([filters.principal])))
    if filters.sources:
        citation = aliased(Citation)
        conditions.append(
            exists()
            .where(
                citation.entry_id == entry.id,
                citation.role.in_(SHOWING_ROLES),
                citation.document_id.in_(select_documents(filters.sources)),
            )
            .correlate(entry)
        )
    return [*conditions, *match_dates(entry, filters)]


def match_dates(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry may lie between `since` and `until`.

    A missing end of its date is unknown and may lie anywhere; undated entries never match.
    """
    conditions: list[ColumnElement[bool]] = []
    if filters.since or filters.until:
        conditions.append(or_(entry.date_from.is_not(None), entry.date_to.is_not(None)))
    if filters.since:
        conditions.append(or_(entry.date_to.is_(None), entry.date_to >= filters.since))
    if filters.until:
        conditions.append(or_(entry.date_from.is_(None), entry.date_from <= filters.until))
    return conditions


def select_documents(sources: tuple[str, ...]) -> Select[int]:
    """Select the keys of documents by their refs or their publishers' refs.

    All addresses of such a document are included: the canonical document and its duplicates.
    """
    named, address = aliased(Document), aliased(Document)
    filters = or_(named.ref.in_(sources), named.publisher_id.in_(select_actors_below(sources)))
    chosen = select(func.coalesce(named.canonical_id, named.id)).where(filters)
    return select(address.id).where(func.coalesce(address.canonical_id, address.id).in_(chosen))


def match_proposition(
    proposition_id: SQLColumnExpression[Any], filters: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters `topics` and `propositions` on a proposition's key."""
    conditions: list[ColumnElement[bool]] = []
    proposition = aliased(Proposition)
    if filters.topics:
        topics = select_topics_below(filters.topics).scalar_subquery()
        under = select(proposition.id).where(is_in_subquery(proposition.topic_id, topics))
        conditions.append(proposition_id.in_(under))
    if filters.propositions:
        named = select(proposition.id).where(proposition.ref.in_(filters.propositions))
        conditions.append(proposition_id.in_(named))
    return conditions


def find_proposition_keys(session: Session, filters: Filters) -> frozenset[int] | None:
    """Return the keys of the propositions that the filters select, or None if they select all.

    Sends at most one statement.
    """
    conditions = match_proposition(Proposition.id, filters)
    if not conditions:
        return None
    return frozenset(session.scalars(select(Proposition.id).where(*conditions)))


def match_stance(stance: type[Stance], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters on a stance: its proposition, strength and side."""
    conditions = [
        *match_proposition(stance.proposition_id, filters),
        *match_strength(stance, filters),
    ]
    if filters.affirming and filters.denying:
        conditions.append(stance.value != 0)
    elif filters.affirming:
        conditions.append(stance.value > 0)
    elif filters.denying:
        conditions.append(stance.value < 0)
    return conditions


def match_scope_and_strength(stance: type[Stance], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that a stance is in scope and has at least `min_strength`."""
    return [*stance_in_scope(stance, filters), *match_strength(stance, filters)]


def match_strength(stance: type[Stance], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the condition that the |value| of a stance is at least `min_strength`."""
    if filters.min_strength is None:
        return []
    return [func.abs(stance.value) >= filters.min_strength]


def match_any_stance(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the condition that an entry has a stance in scope that matches the filters.

    Empty if no filter concerns stances.
    """
    stance = aliased(Stance)
    conditions = match_stance(stance, filters)
    if not conditions:
        return []
    counts = stance_in_scope(stance, filters)
    return [exists().where(and_(stance.entry_id == entry.id, *conditions, *counts))]


def match_filters(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is in scope and matches all filters."""
    return [
        *entry_in_scope(entry, filters),
        *match_entry(entry, filters),
        *match_any_stance(entry, filters),
    ]


def match_judges(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the condition that one of the judges in `asserted_by` reads or links an entry.

    That is, asserted a stance of the entry or a link from or to it. `unrelated` links do not count,
    since they have no effect on any report. Empty without `asserted_by`.
    """
    if not filters.asserted_by:
        return []
    stance, link = aliased(Stance), aliased(Link)
    ends = or_(link.from_id == entry.id, link.to_id == entry.id)
    return [
        or_(
            exists().where(stance.entry_id == entry.id, *stance_in_scope(stance, filters)),
            exists().where(
                ends, link.relation != Relation.UNRELATED, *link_in_scope(link, filters)
            ),
        )
    ]


def stream_sorted(
    session: Session,
    query: Select[Any],
    to_rows: Callable[[Iterator[Any]], Iterator[RowT]],
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
        to_rows: Turns an iterator of database rows into one of report rows, lazily.
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
        return sort_and_page(to_rows(stream(session, ordered)), filters, row)
    terms = (*_order_terms(filters, sortable), *usual)
    whole = _page(query.order_by(*terms), filters)

    def ask(most: int | None) -> Query:
        limits = [limit for limit in (most, filters.limit) if limit is not None]
        return completed(whole.limit(min(limits)) if limits else whole, terms)

    return Rows(session, ask, to_rows, whole)


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
    """Yield the terms of ORDER BY for the requested sort columns, missing values last.

    Raises:
        InvalidValue: There is no such column.
    """
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
