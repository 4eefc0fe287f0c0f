"""What the reports share, each defined once, as parts that their statements are made of.

* An entry, stance or link **counts** when it is public by `known_by`, when its judge is asked for,
  and when nothing supersedes the entry. That one entry repeats or supersedes another counts
  whichever judges are asked for.
* The **principal** of an entry is the root of the actor on whose behalf it was made, else of its
  actor.
* Which entries oppose each other or agree is defined in `weigh.opposition`, to how many **origins**
  they go back in `weigh.origins`.
"""

from collections.abc import Collection, Hashable
from datetime import date
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Actor, Citation, Document, Entry, Link, Stance, Topic
from claimtrack.protection import UNMASKED_DOCUMENT
from claimtrack.vocab import CitationRole, Relation

SHOWS = (CitationRole.PRIMARY, CitationRole.RELAY)
"""Roles in which a document makes an entry known; support only gives context."""

Span: TypeAlias = tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]
"""The first and the last day of something, as SQL; null is open."""

# Spelled out, as the indexes of `Entry` have them.
_NEVER: ColumnElement[date] = literal_column("'0001-01-01'", Date)
_EVER: ColumnElement[date] = literal_column("'9999-12-31'", Date)


class Scope(Hashable, Protocol):
    """What counts: the part of the filters that applies before anything is derived."""

    @property
    def known_by(self) -> date | None:
        """Only what was public on that day."""

    @property
    def asserted_by(self) -> tuple[str, ...]:
        """Only the stances and links of these judges; of all when empty."""

    @property
    def include_superseded(self) -> bool:
        """Whether entries that another supersedes count."""


# --- what counts ----------------------------------------------------------------------------------


def published_by(document_id: SQLColumnExpression[Any], day: date) -> ColumnElement[bool]:
    """Whether a document, or the one of which it is another address, was published by a day."""
    document, canonical, true = aliased(Document), aliased(Document), UNMASKED_DOCUMENT.alias()
    of = func.coalesce(document.published_to, document.published_from)
    of_canonical = func.coalesce(canonical.published_to, canonical.published_from)
    return exists(
        select(document.id)
        .join(true, true.c.id == document.id)
        .outerjoin(canonical, true.c.canonical_id == canonical.id)
        .where(document.id == document_id, or_(of <= day, of_canonical <= day))
    )


def stance_counts(stance: type[Stance], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a stance counts, its entry apart."""
    return _judgement_counts(stance, scope)


def link_counts(link: type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a link counts, its entries apart."""
    return _judgement_counts(link, scope)


JUDGED = (
    *(Relation.CONTRADICTS, Relation.RECONCILES, Relation.CORROBORATES),
    Relation.UNRELATED,
)
"""Relations that are a judge's reading; the others hold whichever judges are asked for."""


def of_relation_counts(link: type[Link], scope: Scope) -> ColumnElement[bool]:
    """Return the condition under which a link counts, whatever its relation; its entries apart."""
    judged = and_(link.relation.in_(JUDGED), *link_counts(link, scope))
    lineage = and_(link.relation.not_in(JUDGED), *lineage_counts(link, scope))
    return or_(judged, lineage)


def lineage_counts(link: type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a link counts that is no judge's reading, such as repeats.

    Its entries apart. It holds whichever judges are asked for.
    """
    return _is_known(link, scope)


def citation_counts(citation: type[Citation], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a citation counts: its document was out by the day."""
    return [published_by(citation.document_id, scope.known_by)] if scope.known_by else []


def _judgement_counts(row: type[Stance] | type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if scope.asserted_by:
        judges = select(Actor.id).where(Actor.ref.in_(scope.asserted_by))
        conditions.append(row.asserted_by_id.in_(judges))
    return [*conditions, *_is_known(row, scope)]


def _is_known(row: type[Stance] | type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    if not scope.known_by:
        return []
    public = published_by(row.document_id, scope.known_by)
    return [or_(row.document_id.is_(None), public)]


def known(entry: type[Entry], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which an entry was public by the day asked about."""
    if not scope.known_by:
        return []
    shown = aliased(Citation)
    shown_by_then = exists().where(
        shown.entry_id == entry.id,
        shown.role.in_(SHOWS),
        published_by(shown.document_id, scope.known_by),
    )
    # Not as an alternative: SQLite would gather both of its halves, and sort what it found.
    return [shown_by_then, func.coalesce(entry.date_from, scope.known_by) <= scope.known_by]


def entry_counts(entry: type[Entry], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which an entry counts: known by the day, and not superseded."""
    conditions = known(entry, scope)
    if not scope.include_superseded:
        conditions.append(not_(exists().where(*supersedes(aliased(Link), entry.id, scope))))
    return conditions


def supersedes(
    link: type[Link], key: SQLColumnExpression[int] | int, scope: Scope
) -> list[ColumnElement[bool]]:
    """Return the conditions that by a link another entry takes the place of one, and it counts."""
    better = [link.to_id == key, link.relation == Relation.SUPERSEDES]
    return [*better, *lineage_counts(link, scope), *end_known(link, link.from_id, scope)]


def end_known(
    link: type[Link], end: SQLColumnExpression[int], scope: Scope
) -> list[ColumnElement[bool]]:
    """Return the conditions that the entry at an end of a link was public with it.

    A link with a document of its own counts from that document's publication.
    """
    if not scope.known_by:
        return []
    entry = aliased(Entry)
    public = exists(select(entry.id).where(entry.id == end, *known(entry, scope)))
    return [or_(link.document_id.is_not(None), public)]


# --- actors and topics ----------------------------------------------------------------------------


def agent(entry: type[Entry]) -> ColumnElement[int]:
    """Return the actor for whom an entry was made: on whose behalf, else its own."""
    return func.coalesce(entry.on_behalf_of_id, entry.actor_id)


def actors_below(refs: Collection[str]) -> Select[int]:
    """Select the keys of the actors of those refs and of everyone below them."""
    below = select(Actor.id).where(Actor.ref.in_(refs)).cte(recursive=True)
    child = aliased(Actor)
    below = below.union(select(child.id).join(below, child.parent_id == below.c.id))
    return select(below.c.id)


def topics_below(refs: Collection[str]) -> Select[int]:
    """Select the keys of the topics of those refs and of everything below them."""
    below = select(Topic.id).where(Topic.ref.in_(refs)).cte(recursive=True)
    child = aliased(Topic)
    below = below.union(select(child.id).join(below, child.parent_id == below.c.id))
    return select(below.c.id)


# --- days -----------------------------------------------------------------------------------------


def day(entry: Any) -> ColumnElement[date]:
    """Return the day by which entries, or their columns, are ordered: undated last."""
    return func.coalesce(entry.date_from, entry.date_to, _EVER)


def overlap(
    first: Span,
    second: Span,
) -> ColumnElement[bool]:
    """Whether two spans of days share one; an end that is null is open."""
    return and_(
        or_(first[1].is_(None), second[0].is_(None), first[1] >= second[0]),
        or_(second[1].is_(None), first[0].is_(None), second[1] >= first[0]),
    )


def during(window: type[Entry]) -> CompoundSelect[int]:
    """Select the keys of the dated entries whose bounds overlap those of an entry, as `overlap`.

    Those that begin in it, and those that last into it: an index finds either.
    """
    begins, lasts = aliased(Entry), aliased(Entry)
    first = func.coalesce(window.date_from, _NEVER)
    last = func.coalesce(window.date_to, _EVER)
    return union(
        select(begins.id).where(begins.date_from.between(first, last)).correlate(window),
        select(lasts.id)
        .where(
            lasts.date_from.is_distinct_from(lasts.date_to),
            func.coalesce(lasts.date_to, _EVER) >= first,
            func.coalesce(lasts.date_from, _NEVER) <= first,
        )
        .correlate(window),
    )
