"""Which entries oppose each other, on what grounds, and which affirm each other.

* Two entries **oppose** each other when (i) one affirms a proposition that the other denies, (ii)
  they affirm two propositions of one exclusive topic, or (iii) a judge links them as contradicting;
  unless both speak of periods, and those are disjoint. A **ground** is one such pair of stances, or
  one such link.
* Two stances take the **same side** when both affirm a proposition or both deny it. An entry
  **affirms** another when stances of theirs do, or when a judge links the two as corroborating.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Actor, Entry, Link, Proposition, Stance, Topic
from claimtrack.query.visibility import Scope, Span, day, link_counts, overlap, stance_counts
from claimtrack.sql import row_by_row, unsought
from claimtrack.vocab import Basis, EntryKind, Relation

SUBJECT_ORDER = (
    EntryKind.COMMITMENT,
    EntryKind.CLAIM,
    EntryKind.STATEMENT,
    EntryKind.ASSESSMENT,
    EntryKind.ACTION,
    EntryKind.WINDOW,
)
"""Of a pair, the entry whose kind comes first is the subject."""


def rank(entry: type[Entry]) -> tuple[SQLColumnExpression[Any], ...]:
    """Return what orders the two of a pair: kind, earlier day (undated last), ref."""
    kinds = case(
        {kind.value: number for number, kind in enumerate(SUBJECT_ORDER)}, value=entry.kind
    )
    return kinds, day(entry), entry.ref


def precedes(subject: type[Entry], counter: type[Entry]) -> ColumnElement[bool]:
    """Whether the first of two entries is the subject of the pair."""
    return tuple_(*rank(subject)) < tuple_(*rank(counter))


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
