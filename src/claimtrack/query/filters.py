"""The filters of reports and lists as SQL conditions.

A function `match_...` returns conditions to be passed to `where`, all of which must hold; the list
is empty if no filter applies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.errors import UnknownRef
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Link,
    Proposition,
    Stance,
)
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
from claimtrack.sql import is_in_subquery
from claimtrack.vocab import EntryKind, Relation


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
