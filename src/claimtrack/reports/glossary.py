"""What the reports share, each defined once, as parts that their statements are made of.

* An entry, stance or link **counts** when it is public by `known_by`, when its judge is asked for,
  and when nothing supersedes the entry.
* The **principal** of an entry is the root of the actor on whose behalf it was made, else of its
  actor.
* Two entries **oppose** each other when (i) one affirms a proposition that the other denies, (ii)
  they affirm two propositions of one exclusive topic, or (iii) a judge links them as contradicting;
  unless both speak of periods, and those are disjoint. A **ground** is one such pair of stances, or
  one such link.
* Two stances take the **same side** when both affirm a proposition or both deny it. An entry
  **affirms** another when stances of theirs do, or when a judge links the two as corroborating.
* Whether entries are of one **origin** is told in `origins`.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    not_,
    null,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Actor, Citation, Document, Entry, Link, Proposition, Stance, Topic
from claimtrack.sql import row_by_row, unsought
from claimtrack.vocab import Basis, CitationRole, EntryKind, Relation

SHOWS = (CitationRole.PRIMARY, CitationRole.RELAY)
"""Roles in which a document makes an entry known; support only gives context."""

SUBJECT_ORDER = (
    EntryKind.COMMITMENT,
    EntryKind.CLAIM,
    EntryKind.STATEMENT,
    EntryKind.ASSESSMENT,
    EntryKind.ACTION,
    EntryKind.WINDOW,
)
"""Of a pair, the entry whose kind comes first is the subject."""

Span: TypeAlias = tuple[SQLColumnExpression[Any], SQLColumnExpression[Any]]
"""The first and the last day of something, as SQL; null is open."""

# Spelled out, as the indexes of `Entry` have them.
_NEVER: ColumnElement[date] = literal_column("'0001-01-01'", Date)
_EVER: ColumnElement[date] = literal_column("'9999-12-31'", Date)


class Scope(Protocol):
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
    document, canonical = aliased(Document), aliased(Document)
    of = func.coalesce(document.published_to, document.published_from)
    of_canonical = func.coalesce(canonical.published_to, canonical.published_from)
    return exists(
        select(document.id)
        .outerjoin(canonical, document.canonical_id == canonical.id)
        .where(document.id == document_id, or_(of <= day, of_canonical <= day))
    )


def stance_counts(stance: type[Stance], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a stance counts, its entry apart."""
    return _judgement_counts(stance, scope)


def link_counts(link: type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a link counts, its entries apart."""
    return _judgement_counts(link, scope)


def citation_counts(citation: type[Citation], scope: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions under which a citation counts: its document was out by the day."""
    return [published_by(citation.document_id, scope.known_by)] if scope.known_by else []


def _judgement_counts(row: type[Stance] | type[Link], scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if scope.asserted_by:
        judges = select(Actor.id).where(Actor.ref.in_(scope.asserted_by))
        conditions.append(row.asserted_by_id.in_(judges))
    if scope.known_by:
        public = published_by(row.document_id, scope.known_by)
        conditions.append(or_(row.document_id.is_(None), public))
    return conditions


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
        link = aliased(Link)
        better = and_(link.to_id == entry.id, link.relation == Relation.SUPERSEDES)
        counts = [*link_counts(link, scope), *end_known(link, link.from_id, scope)]
        conditions.append(not_(exists().where(better, *counts)))
    return conditions


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


def principal(entry: type[Entry]) -> ScalarSelect[int]:
    """Return the key of an entry's principal: the root above its agent."""
    start = aliased(Actor)
    above = (
        select(start.id, start.parent_id)
        .where(start.id == agent(entry))
        .correlate(entry)
        .cte("above", recursive=True, nesting=True)
    )
    parent = aliased(Actor)
    above = above.union_all(
        select(parent.id, parent.parent_id).join(above, parent.id == above.c.parent_id)
    )
    return select(above.c.id).where(above.c.parent_id.is_(None)).scalar_subquery()


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


# --- opposition and agreement ---------------------------------------------------------------------


def rank(entry: type[Entry]) -> tuple[SQLColumnExpression[Any], ...]:
    """Return what orders the two of a pair: kind, earlier day (undated last), ref."""
    kinds = case(
        {kind.value: number for number, kind in enumerate(SUBJECT_ORDER)}, value=entry.kind
    )
    return kinds, day(entry), entry.ref


def day(entry: Any) -> ColumnElement[date]:
    """Return the day by which entries, or their columns, are ordered: undated last."""
    return func.coalesce(entry.date_from, entry.date_to, _EVER)


def precedes(subject: type[Entry], counter: type[Entry]) -> ColumnElement[bool]:
    """Whether the first of two entries is the subject of the pair."""
    return tuple_(*rank(subject)) < tuple_(*rank(counter))


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


def may_oppose(first: type[Entry], second: type[Entry]) -> ColumnElement[bool]:
    """Whether what two entries speak of can collide: no two given periods that are disjoint.

    Against a commitment, an action's dates are its period.
    """
    one, other = _period(first, second), _period(second, first)
    not_given = [and_(span[0].is_(None), span[1].is_(None)) for span in (one, other)]
    return or_(*not_given, overlap(one, other))


def _period(entry: type[Entry], against: type[Entry]) -> Span:
    deed = and_(entry.kind == EntryKind.ACTION, against.kind == EntryKind.COMMITMENT)
    return (
        case((deed, entry.date_from), else_=entry.about_from),
        case((deed, entry.date_to), else_=entry.about_to),
    )


def _stance_pair(
    scope: Scope, *, exclusive: bool, of_known: bool = False
) -> tuple[type[Stance], type[Stance], list[Any]]:
    """Return two stances that oppose each other, and the conditions of that.

    Where the entries of both are known, the other is found by its entry; else by its value.
    """
    one, other = aliased(Stance), aliased(Stance)
    counts = [*stance_counts(one, scope), *stance_counts(other, scope)]
    if exclusive:
        topic, proposition, second = aliased(Topic), aliased(Proposition), aliased(Proposition)
        joined = [
            one.value > 0,
            proposition.id == one.proposition_id,
            topic.id == proposition.topic_id,
            topic.exclusive.is_(True),
            second.topic_id == topic.id,
            second.id != proposition.id,
            other.proposition_id == second.id,
            other.value > 0,
        ]
    else:
        # As a range, so that an index on (proposition, value) finds the other side at once.
        affirms, value = one.value > 0, unsought(other.value) if of_known else other.value
        joined = [
            one.value != 0,
            other.proposition_id == one.proposition_id,
            value.between(case((affirms, -2), else_=1), case((affirms, -1), else_=2)),
        ]
    return one, other, [*joined, *counts]


def weaker(one: type[Stance], other: type[Stance]) -> ColumnElement[int]:
    """Return the strength of two stances together: the |value| that is not the greater."""
    mine, theirs = func.abs(one.value), func.abs(other.value)
    return case((mine < theirs, mine), else_=theirs)


def same_side(
    one: type[Stance], other: type[Stance], *, of_known: bool = False
) -> ColumnElement[bool]:
    """Whether two stances both affirm one proposition, or both deny it.

    Where the entries of both are known, the other is found by its entry; else by its value.
    """
    affirms, value = one.value > 0, unsought(other.value) if of_known else other.value
    return and_(
        one.value != 0,
        other.proposition_id == one.proposition_id,
        value.between(case((affirms, 1), else_=-2), case((affirms, 2), else_=-1)),
    )


def side(stance: type[Stance]) -> ColumnElement[int]:
    """Return the side that a stance takes: 1 affirms, -1 denies, 0 neither."""
    return case((stance.value > 0, 1), (stance.value < 0, -1), else_=0)


def affirming(entry: type[Entry], scope: Scope) -> CompoundSelect[int]:
    """Select the keys of the entries that affirm an entry, itself apart.

    Whether they count remains to be asked of them.
    """
    taking_its_side = siding(entry, aliased(Stance), scope)
    return union(taking_its_side, *_links_corroborating(entry, scope))


def siding(entry: type[Entry], own: type[Stance], scope: Scope) -> Select[int]:
    """Select the keys of the entries that take a side with an entry, whose own stance it is."""
    other = aliased(Stance)
    return (
        select(other.entry_id)
        .where(own.entry_id == entry.id, other.entry_id != entry.id, same_side(own, other))
        .where(*stance_counts(own, scope), *stance_counts(other, scope))
        .correlate(entry)
    )


def corroborating(entry: type[Entry], scope: Scope) -> CompoundSelect[int]:
    """Select the keys of the entries that a judge links with an entry as corroborating."""
    return union(*_links_corroborating(entry, scope))


def _links_corroborating(entry: type[Entry], scope: Scope) -> list[Select[int]]:
    ends = (("from_id", "to_id"), ("to_id", "from_id"))
    arms = (_linked_with(entry, near, far, Relation.CORROBORATES, scope) for near, far in ends)
    return [arm.correlate(entry) for arm in arms]


def _linked_with(
    entry: type[Entry], near: str, far: str, relation: Relation, scope: Scope
) -> Select[int]:
    link = aliased(Link)
    here = getattr(link, near) == entry.id
    conditions = [here, link.relation == relation, *link_counts(link, scope)]
    return select(getattr(link, far)).where(*conditions)


Asked: TypeAlias = Callable[[SQLColumnExpression[int]], list[ColumnElement[bool]]]
"""The conditions that a key is of a row that is wanted; none when all are."""


def anything(_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """Ask nothing of a key: all are wanted."""
    return []


def opposed_to(
    entry: type[Entry],
    scope: Scope,
    on_what: Asked = anything,
    whom: Asked = anything,
) -> CompoundSelect[int]:
    """Select the keys of the entries that have a ground against an entry.

    On which propositions, and of which entries, may be asked; a link is a ground on anything, and
    of anyone. Whether they may oppose it, and whether they count, remains to be asked of them.
    """
    arms: list[Select[int]] = []
    for exclusive in (False, True):
        one, other, conditions = _stance_pair(scope, exclusive=exclusive)
        sides = (one, other) if exclusive else (one,)
        wanted = [and_(*on_it) for side in sides if (on_it := on_what(side.proposition_id))]
        conditions += [row_by_row(or_(*wanted))] if wanted else []
        conditions += [row_by_row(*whom(other.entry_id))]
        arms.append(select(other.entry_id).where(one.entry_id == entry.id, *conditions))
    for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
        arms.append(_linked_with(entry, near, far, Relation.CONTRADICTS, scope))
    return union(*(arm.correlate(entry) for arm in arms))


def stance_grounds(first: type[Entry], second: type[Entry], scope: Scope) -> Subquery:
    """Return the pairs of stances by which two entries oppose each other.

    One row per ground: strength, explicit (1 or 0), arm, proposition and second proposition (refs;
    null but in exclusive topics), the two conditions and the two judges (refs). Its order is
    unspecified.
    """
    arms = []
    for exclusive in (False, True):
        one, other, conditions = _stance_pair(scope, exclusive=exclusive, of_known=True)
        inferred = or_(one.basis == Basis.INFERRED, other.basis == Basis.INFERRED)
        arms.append(
            select(
                weaker(one, other).label("strength"),
                case((inferred, 0), else_=1).label("explicit"),
                literal("exclusive_topic" if exclusive else "proposition").label("arm"),
                _ref(Proposition, one.proposition_id).label("proposition"),
                (_ref(Proposition, other.proposition_id) if exclusive else null()).label(
                    "second_proposition"
                ),
                one.condition.label("condition"),
                other.condition.label("other_condition"),
                _ref(Actor, one.asserted_by_id).label("judge"),
                _ref(Actor, other.asserted_by_id).label("other_judge"),
            )
            .where(one.entry_id == first.id, other.entry_id == second.id, *conditions)
            .correlate(first, second)
        )
    return union_all(*arms).subquery()


def _ref(model: type[Actor] | type[Proposition], key: SQLColumnExpression[int]) -> Any:
    """Return the ref of a row, looked up where it is told and not before."""
    row = aliased(model)
    return select(row.ref).where(row.id == key).scalar_subquery()


def linked(
    first: type[Entry], second: type[Entry], relation: Relation, scope: Scope
) -> Select[Any]:
    """Select the links of a relation between two entries, whichever way they run."""
    link = aliased(Link)
    either_way = or_(
        and_(link.from_id == first.id, link.to_id == second.id),
        and_(link.from_id == second.id, link.to_id == first.id),
    )
    return (
        select(link)
        .where(either_way, link.relation == relation, *link_counts(link, scope))
        .correlate(first, second)
    )


def responds(reply: type[Entry], answered: type[Entry], scope: Scope) -> ColumnElement[bool]:
    """Whether one entry is recorded as a reply to another."""
    link = aliased(Link)
    return exists(
        select(link.id)
        .where(link.from_id == reply.id, link.to_id == answered.id)
        .where(link.relation == Relation.RESPONDS_TO, *link_counts(link, scope))
        .correlate(reply, answered)
    )
