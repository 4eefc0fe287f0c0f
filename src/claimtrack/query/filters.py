"""What reports and lists can be narrowed by, and what each of them asks of an entry."""

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
from claimtrack.query.options import SCOPE, Option
from claimtrack.query.spool import rows_in_order
from claimtrack.query.visibility import (
    SHOWS,
    actors_below,
    agent,
    entry_counts,
    link_counts,
    stance_counts,
    topics_below,
)
from claimtrack.records import NAMED, find, get, nearest
from claimtrack.sql import Query, Rows, is_in_subquery, plain_text, stream
from claimtrack.vocab import EntryKind, Relation, column_of, fields_of

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted; empty means all. Several values of one filter are alternatives."""

    kinds: tuple[EntryKind, ...] = ()
    actors: tuple[str, ...] = ()
    """Refs; everyone below them is taken in."""
    principal: str | None = None
    """The ref of an actor: entries on its behalf or on that of anyone below it."""
    sources: tuple[str, ...] = ()
    """Refs of documents, or of publishers: all of their documents."""
    topics: tuple[str, ...] = ()
    """Refs; everything below them is taken in."""
    propositions: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    known_by: date | None = None
    asserted_by: tuple[str, ...] = ()
    min_strength: int | None = None
    affirming: bool = False
    denying: bool = False
    include_superseded: bool = False
    limit: int | None = None
    offset: int | None = None
    sort: tuple[str, ...] = ()
    """Columns, each with a hyphen before it for descending; instead of the report's own order."""


def checked(session: Session, wanted: Filters) -> Filters:
    """Return the filters with every name in them a ref that exists; sends a query for each name.

    Raises:
        UnknownRef: a filter names nothing.
    """
    values = {option.field: getattr(wanted, option.field) for option in SCOPE if option.nouns}
    return replace(wanted, **checked_values(session, SCOPE, values))


def checked_values(
    session: Session, options: Iterable[Option], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return values by field, with every name in them a ref that exists; a query for each name.

    Args:
        session: Where the records are.
        options: The options whose values these are: each says which record types its refs name.
        values: What was set, by field.

    Raises:
        UnknownRef: a value names nothing.
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
        return _source(session, name)
    return get(session, NAMED.get(option.nouns[0], Entry), name).ref  # a kind of entry is no table


def _source(session: Session, name: str) -> str:
    if find(session, Document, name) is not None:
        return name
    try:
        return get(session, Actor, name).ref
    except UnknownRef as error:
        close = [*nearest(session, Document, name), *error.nearest]
        raise UnknownRef("document or publisher", name, close[:3]) from None


def entry_matches(entry: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of all entry filters, those on topics and stances apart."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.kinds:
        conditions.append(entry.kind.in_(wanted.kinds))
    if wanted.actors:
        below = actors_below(wanted.actors)
        conditions.append(or_(entry.actor_id.in_(below), entry.on_behalf_of_id.in_(below)))
    if wanted.principal:
        conditions.append(agent(entry).in_(actors_below([wanted.principal])))
    if wanted.sources:
        citation = aliased(Citation)
        conditions.append(
            exists()
            .where(
                citation.entry_id == entry.id,
                citation.role.in_(SHOWS),
                citation.document_id.in_(documents_of(wanted.sources)),
            )
            .correlate(entry)
        )
    return [*conditions, *date_matches(entry, wanted)]


def date_matches(entry: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry's bounds overlap the days wanted; undated never do."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.since or wanted.until:
        conditions.append(or_(entry.date_from.is_not(None), entry.date_to.is_not(None)))
    if wanted.since:
        conditions.append(or_(entry.date_to.is_(None), entry.date_to >= wanted.since))
    if wanted.until:
        conditions.append(or_(entry.date_from.is_(None), entry.date_from <= wanted.until))
    return conditions


def documents_of(sources: tuple[str, ...]) -> Select[int]:
    """Select the keys of the documents that sources name, and of their other addresses."""
    named, address = aliased(Document), aliased(Document)
    wanted = or_(named.ref.in_(sources), named.publisher_id.in_(actors_below(sources)))
    chosen = select(func.coalesce(named.canonical_id, named.id)).where(wanted)
    return select(address.id).where(func.coalesce(address.canonical_id, address.id).in_(chosen))


def proposition_matches(
    proposition_id: SQLColumnExpression[Any], wanted: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that a proposition is one of those wanted, by itself or by topic."""
    conditions: list[ColumnElement[bool]] = []
    proposition = aliased(Proposition)
    if wanted.topics:
        topics = topics_below(wanted.topics).scalar_subquery()
        under = select(proposition.id).where(is_in_subquery(proposition.topic_id, topics))
        conditions.append(proposition_id.in_(under))
    if wanted.propositions:
        named = select(proposition.id).where(proposition.ref.in_(wanted.propositions))
        conditions.append(proposition_id.in_(named))
    return conditions


def propositions_wanted(session: Session, wanted: Filters) -> frozenset[int] | None:
    """Return the keys of the propositions wanted; None where all are. Sends at most one query."""
    conditions = proposition_matches(Proposition.id, wanted)
    if not conditions:
        return None
    return frozenset(session.scalars(select(Proposition.id).where(*conditions)))


def stance_matches(stance: type[Stance], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that a stance is on what is wanted, on a side and as strong as is."""
    conditions = [
        *proposition_matches(stance.proposition_id, wanted),
        *strong_enough(stance, wanted),
    ]
    if wanted.affirming and wanted.denying:
        conditions.append(stance.value != 0)
    elif wanted.affirming:
        conditions.append(stance.value > 0)
    elif wanted.denying:
        conditions.append(stance.value < 0)
    return conditions


def counts_strongly(stance: type[Stance], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions under which a stance counts, and is as strong as is wanted."""
    return [*stance_counts(stance, wanted), *strong_enough(stance, wanted)]


def strong_enough(stance: type[Stance], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the condition that the |value| of a stance is not less than `min_strength`."""
    if wanted.min_strength is None:
        return []
    return [func.abs(stance.value) >= wanted.min_strength]


def takes_stance(entry: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry takes such a stance as is wanted, on what is wanted."""
    stance = aliased(Stance)
    conditions = stance_matches(stance, wanted)
    if not conditions:
        return []
    counts = stance_counts(stance, wanted)
    return [exists().where(and_(stance.entry_id == entry.id, *conditions, *counts))]


def entries_wanted(entry: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return every condition of the filters on one entry: what lists and most reports ask."""
    return [
        *entry_counts(entry, wanted),
        *entry_matches(entry, wanted),
        *takes_stance(entry, wanted),
    ]


def judged(entry: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the condition that a judge asked for takes a stance on an entry, or links it.

    `unrelated` is no such link: it has no effect on any report.
    """
    if not wanted.asserted_by:
        return []
    stance, link = aliased(Stance), aliased(Link)
    ends = or_(link.from_id == entry.id, link.to_id == entry.id)
    return [
        or_(
            exists().where(stance.entry_id == entry.id, *stance_counts(stance, wanted)),
            exists().where(ends, link.relation != Relation.UNRELATED, *link_counts(link, wanted)),
        )
    ]


def sorted_rows(
    session: Session,
    query: Select[Any],
    made: Callable[[Iterator[Any]], Iterator[RowT]],
    row: type[RowT],
    wanted: Filters,
    *usual: SQLColumnExpression[Any],
    completing: Callable[[Subquery], Select[Any]] | None = None,
) -> Iterator[RowT]:
    """Stream the rows made of a query's, sorted as wanted, else as usual, and cut to the page.

    The database sorts by the columns that it works out, which are labels of the query. To sort by
    any other, such as a list, all rows wait outside memory first. Sends one statement.

    Args:
        session: Where it is sent.
        query: Selects the rows.
        made: Makes rows of the query's, as they come.
        row: The type of the rows.
        wanted: The page, and the columns to sort by.
        usual: The columns to sort by otherwise.
        completing: Adds to the rows of a page what is too long to be sorted with all of them, and
            orders them by their column `place`.

    Raises:
        InvalidValue: there is no such column.
    """
    there = _columns(query, row)

    def completed(ordered: Select[Any], terms: Sequence[SQLColumnExpression[Any]]) -> Select[Any]:
        if completing is None:
            return ordered
        place = func.row_number().over(order_by=terms).label("place")
        return completing(ordered.add_columns(place).subquery("rows"))

    if not all(_named(name) in there for name in wanted.sort):
        ordered = completed(query.order_by(*usual), usual)
        return in_order(made(stream(session, ordered)), wanted, row)
    terms = (*_terms(wanted, there), *usual)
    whole = _cut(query.order_by(*terms), wanted)

    def ask(most: int | None) -> Query:
        limits = [limit for limit in (most, wanted.limit) if limit is not None]
        return completed(whole.limit(min(limits)) if limits else whole, terms)

    return Rows(session, ask, made, whole)


def _named(term: str) -> str:
    return term.removeprefix("-")


def ordered_by(
    query: Select[Any],
    wanted: Filters,
    columns: Mapping[str, ColumnElement[Any]],
    *usual: SQLColumnExpression[Any],
) -> Select[*tuple[Any, ...]]:
    """Order a query as wanted, else as usual, and cut it to the page wanted.

    `columns` are those that may be asked for. Nulls come last, texts by code point.

    Raises:
        InvalidValue: there is no such column.
    """
    return _cut(query.order_by(*_terms(wanted, columns), *usual), wanted)


def _terms(
    wanted: Filters, columns: Mapping[str, ColumnElement[Any]]
) -> Iterator[ColumnElement[Any]]:
    for name in wanted.sort:
        column = columns.get(_named(name))
        if column is None:
            raise InvalidValue("sort column", name, f"one of {', '.join(columns)}")
        if isinstance(column.type, String):
            column = plain_text(column)
        term = column.desc() if name.startswith("-") else column.asc()
        yield term.nulls_last()


def _cut(query: Select[*tuple[Any, ...]], wanted: Filters) -> Select[*tuple[Any, ...]]:
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    return query if wanted.offset is None else query.offset(wanted.offset)


def _columns(query: Select[Any], row: type[Any]) -> Mapping[str, ColumnElement[Any]]:
    """Return the columns of a row by which the database can sort."""
    labels = query.selected_columns
    names = [name for name in fields_of(row) if name in labels]
    plain = [name for name in names if not isinstance(labels[name].type, JSON | Texts)]
    return {column_of(name): labels[name] for name in plain}


def sort_terms(wanted: Filters, row: type[Any]) -> list[tuple[str, bool]]:
    """Return the fields of a row to sort by, each with whether the greatest comes first.

    Raises:
        InvalidValue: there is no such column.
    """
    names = {column_of(name): name for name in fields_of(row)}
    for term in wanted.sort:
        if _named(term) not in names:
            raise InvalidValue("sort column", term, f"one of {', '.join(names)}")
    return [(names[_named(term)], term.startswith("-")) for term in wanted.sort]


def in_order(rows: Iterator[RowT], wanted: Filters, row: type[Any]) -> Iterator[RowT]:
    """Sort and cut rows of which some columns are worked out here and not by the database.

    Without a column to sort by, the rows keep their order and stream; else they wait outside
    memory (`spool`). What is missing comes last, and so does an empty list.

    Raises:
        InvalidValue: there is no such column.
    """
    terms = sort_terms(wanted, row)
    if terms:
        names = [name for name, _ in terms]
        descending = [down for _, down in terms]
        rows = rows_in_order(rows, lambda row: [getattr(row, name) for name in names], descending)
    return page_of(rows, wanted)


def page_of(rows: Iterator[RowT], wanted: Filters) -> Iterator[RowT]:
    """Return the page of rows that is wanted."""
    first = wanted.offset or 0
    return islice(rows, first, None if wanted.limit is None else first + wanted.limit)
