"""Which rows are in scope, as SQL conditions that the statements of all reports share.

* A stance, figure or link is **in scope** when its judge is among `asserted_by` (if set) and it was
  public by `known_by` (if set).
* An entry is in scope when it was public by `known_by` and no other entry supersedes it, unless
  superseded entries are included.
* That one entry repeats, supersedes, responds to or concerns another is a fact and no judgement:
  such links are in scope whoever asserted them.

A function `..._in_scope` returns conditions to be passed to `where`, all of which must hold; the
list is empty if everything is in scope.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

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

from claimtrack.models import Actor, Citation, Document, Entry, Figure, Link, Stance, Topic
from claimtrack.protection import UNMASKED_DOCUMENT
from claimtrack.sql import last_second
from claimtrack.vocab import CitationRole, Precision, Relation

SHOWING_ROLES = (CitationRole.PRIMARY, CitationRole.RELAY)
"""The roles of citations in which a document shows an entry; `support` only gives context."""

_Judgement: TypeAlias = type[Stance] | type[Figure] | type[Link]
DaySpan: TypeAlias = tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]
"""The first and the last day of something, as SQL expressions; null is an open end."""

# Literals and not parameters: the indexes of `Entry` are on expressions with these very literals.
_NEVER: ColumnElement[date] = literal_column("'0001-01-01'", Date)
_EVER: ColumnElement[date] = literal_column("'9999-12-31'", Date)


class Scope(Hashable, Protocol):
    """The part of the filters that decides which entries, stances and links reports use at all.

    Hashable, so that statements can be cached by it.
    """

    @property
    def known_by(self) -> date | None:
        """The day by which everything must have been public; None for no limit."""

    @property
    def asserted_by(self) -> tuple[str, ...]:
        """The refs of the judges whose stances and links are used; empty for all judges."""

    @property
    def include_superseded(self) -> bool:
        """Whether entries that another supersedes are in scope."""


@dataclass(frozen=True)
class _ScopeAlone:
    """A scope without the other filters."""

    known_by: date | None
    asserted_by: tuple[str, ...]
    include_superseded: bool


P = ParamSpec("P")
Result = TypeVar("Result")


def cached_by_scope(
    build: Callable[Concatenate[Scope, P], Result],
) -> Callable[Concatenate[Scope, P], Result]:
    """Cache the statements that a function builds, by the scope and its other arguments.

    Filters that differ in a topic, an order or a page have the same scope, and so one statement: to
    build it takes longer than to run it on a small casebook.
    """
    cached: Callable[..., Result] = lru_cache(maxsize=8)(build)

    @wraps(build)
    def find_or_build(scope: Scope, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        alone = _ScopeAlone(scope.known_by, scope.asserted_by, scope.include_superseded)
        return cached(alone, *args, **kwargs)

    return find_or_build


# --- what is in scope -----------------------------------------------------------------------------


def was_published_by(document_id: SQLColumnExpression[Any], last_day: date) -> ColumnElement[bool]:
    """Whether a document, or its canonical document, was published on or before a day.

    False if neither has a date of publication. Follows the true link to the canonical document even
    if protection hides it.
    """
    document, canonical, true = aliased(Document), aliased(Document), UNMASKED_DOCUMENT.alias()
    of = func.coalesce(document.published_to, document.published_from)
    of_canonical = func.coalesce(canonical.published_to, canonical.published_from)
    return exists(
        select(document.id)
        .join(true, true.c.id == document.id)
        .outerjoin(canonical, true.c.canonical_id == canonical.id)
        .where(document.id == document_id, or_(of <= last_day, of_canonical <= last_day))
    )


def stance_in_scope(stance: type[Stance], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a stance is in scope, apart from its entry."""
    return _judgement_in_scope(stance, scope)


def figure_in_scope(figure: type[Figure], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a figure is in scope, apart from its entry."""
    return _judgement_in_scope(figure, scope)


def link_in_scope(link: type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a judgement link is in scope, apart from its entries."""
    return _judgement_in_scope(link, scope)


JUDGEMENT_RELATIONS = (
    *(Relation.CONTRADICTS, Relation.RECONCILES, Relation.CORROBORATES),
    Relation.UNRELATED,
)
"""The relations that are a judge's reading; links of the others are in scope whoever made them."""


def any_link_in_scope(link: type[Link], scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a link of any relation is in scope, apart from its entries."""
    judged = and_(link.relation.in_(JUDGEMENT_RELATIONS), *link_in_scope(link, scope))
    lineage = and_(link.relation.not_in(JUDGEMENT_RELATIONS), *factual_link_in_scope(link, scope))
    return or_(judged, lineage)


def factual_link_in_scope(link: type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a link which is no judge's reading, such as repeats, is in scope.

    Apart from its entries, and whoever asserted it.
    """
    return _was_public(link, scope)


def citation_in_scope(citation: type[Citation], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a citation is in scope: its document was published in time."""
    return [was_published_by(citation.document_id, scope.known_by)] if scope.known_by else []


def _judgement_in_scope(row: _Judgement, scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a judge's reading or link is in scope, apart from its entries."""
    conditions: list[ColumnElement[bool]] = []
    if scope.asserted_by:
        judges = select(Actor.id).where(Actor.ref.in_(scope.asserted_by))
        conditions.append(row.asserted_by_id.in_(judges))
    return [*conditions, *_was_public(row, scope)]


def _was_public(row: _Judgement, scope: Scope) -> list[ColumnElement[bool]]:
    """Return the condition on `known_by`; a row without a document is public with its entry."""
    if not scope.known_by:
        return []
    public = was_published_by(row.document_id, scope.known_by)
    return [or_(row.document_id.is_(None), public)]


def entry_was_public(entry: type[Entry], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry was public by `known_by`.

    A document published by then shows it, and it is not itself dated later.
    """
    if not scope.known_by:
        return []
    shown = aliased(Citation)
    shown_by_then = exists().where(
        shown.entry_id == entry.id,
        shown.role.in_(SHOWING_ROLES),
        was_published_by(shown.document_id, scope.known_by),
    )
    # coalesce and not OR: for OR, SQLite would collect the rows of both halves and sort them.
    return [shown_by_then, func.coalesce(entry.date_from, scope.known_by) <= scope.known_by]


def entry_in_scope(entry: type[Entry], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is in scope: public in time, and not superseded."""
    conditions = entry_was_public(entry, scope)
    if not scope.include_superseded:
        conditions.append(
            not_(exists().where(*superseding_link_in_scope(aliased(Link), entry.id, scope)))
        )
    return conditions


def superseding_link_in_scope(
    link: type[Link], key: SQLColumnExpression[int] | int, scope: Scope
) -> list[ColumnElement[bool]]:
    """Return the conditions that a link in scope supersedes an entry.

    Args:
        link: The link; the entry that supersedes is at its `from` end and must have been public.
        key: The key of the entry that is superseded.
        scope: The scope.
    """
    better = [link.to_id == key, link.relation == Relation.SUPERSEDES]
    return [
        *better,
        *factual_link_in_scope(link, scope),
        *link_end_was_public(link, link.from_id, scope),
    ]


def link_end_was_public(
    link: type[Link], end: SQLColumnExpression[int], scope: Scope
) -> list[ColumnElement[bool]]:
    """Return the conditions that the entry at one end of a link was public by `known_by`.

    Always true of a link with a document of its own, which is in scope from the publication of that
    document on.
    """
    if not scope.known_by:
        return []
    entry = aliased(Entry)
    public = exists(select(entry.id).where(entry.id == end, *entry_was_public(entry, scope)))
    return [or_(link.document_id.is_not(None), public)]


# --- actors and topics ----------------------------------------------------------------------------


def get_agent(entry: type[Entry]) -> ColumnElement[int]:
    """Return the key of an entry's agent: the actor on whose behalf it is, else its actor."""
    return func.coalesce(entry.on_behalf_of_id, entry.actor_id)


def select_actors_below(refs: Collection[str]) -> Select[int]:
    """Select the keys of the actors with these refs and of everyone below them."""
    below = select(Actor.id).where(Actor.ref.in_(refs)).cte(recursive=True)
    child = aliased(Actor)
    below = below.union(select(child.id).join(below, child.parent_id == below.c.id))
    return select(below.c.id)


def select_topics_below(refs: Collection[str]) -> Select[int]:
    """Select the keys of the topics with these refs and of everything below them."""
    below = select(Topic.id).where(Topic.ref.in_(refs)).cte(recursive=True)
    child = aliased(Topic)
    below = below.union(select(child.id).join(below, child.parent_id == below.c.id))
    return select(below.c.id)


# --- days -----------------------------------------------------------------------------------------


def get_sort_day(entry: Any) -> ColumnElement[date]:
    """Return the day by which entries are sorted: their first known day, undated entries last.

    `entry` is the mapped class or anything else with the columns `date_from` and `date_to`.
    """
    return func.coalesce(entry.date_from, entry.date_to, _EVER)


def get_sort_instant(entry: Any) -> ColumnElement[datetime]:
    """Return the first instant of an entry's date; null without a time.

    That of the latest end is the last second that it can mean.
    """
    of_last = last_second(entry.time_to, entry.precision == Precision.HOUR)
    return func.coalesce(entry.time_from, of_last)


def spans_overlap(
    first: DaySpan,
    second: DaySpan,
) -> ColumnElement[bool]:
    """Whether two spans have a day in common; a null end is open."""
    return and_(
        or_(first[1].is_(None), second[0].is_(None), first[1] >= second[0]),
        or_(second[1].is_(None), first[0].is_(None), second[1] >= first[0]),
    )


def select_entries_during(window: type[Entry]) -> CompoundSelect[int]:
    """Select the keys of the dated entries whose dates overlap the date of a window.

    As a union of those that begin in the window and those that began before and last into it: an
    index finds either half, but not the general condition of `spans_overlap`.
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
