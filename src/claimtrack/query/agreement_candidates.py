"""Selects the entries that may agree with an entry; `weigh.opposition` decides.

They take the same side on a proposition, or a link joins the two as corroborating. Every entry that
agrees is a candidate; some candidates do not agree.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    select,
    union,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link, Stance
from claimtrack.query.visibility import Scope, entry_in_scope, link_in_scope, stance_in_scope
from claimtrack.sql import is_in_subquery, without_index
from claimtrack.vocab import EntryKind, Relation

_LARGE = 10
"""A side is large if it has this many times more stances than the rows requested for an entry."""


def select_agreement_candidates(
    scope: Scope,
    most: int | None,
    *conditions: ColumnElement[bool],
    kind: EntryKind | None = None,
) -> Select[int, int]:
    """Select the keys of entries and of those that may agree with each, by the refs of both.

    Args:
        scope: The scope.
        most: The greatest number of candidates for each entry, the first by ref; None for all.
        conditions: Conditions on `Entry`, which the first of the two meets.
        kind: The kind of the candidates; None for all kinds. Only without `most`.
    """
    other = aliased(Entry)
    of_kind = [] if kind is None else [without_index(other.kind) == kind]
    return (
        select(Entry.id, other.id)
        .select_from(Entry)
        .join(other, is_in_subquery(other.id, _select_candidate_keys(scope, most)))
        .where(*conditions, *of_kind)
        .order_by(Entry.ref, other.ref)
    )


def _select_candidate_keys(scope: Scope, most: int | None) -> ScalarSelect[Any]:
    """Select the keys of the entries that may agree with `Entry`: the first `most` by ref."""
    affirmer, own = aliased(Entry), aliased(Stance)
    near = (
        [_select_same_side(own, scope)]
        if most is None
        else _select_first_of_same_side(own, scope, most)
    )
    candidates = union(*near, *_corroborating(scope)).scalar_subquery()
    return (
        select(affirmer.id)
        .where(is_in_subquery(affirmer.id, candidates), *entry_in_scope(affirmer, scope))
        .correlate(Entry)
        .order_by(affirmer.ref)
        .limit(most)
        .scalar_subquery()
    )


def _select_same_side(
    own: type[Stance], scope: Scope, *conditions: ColumnElement[bool]
) -> Select[int]:
    """Select the keys of the entries that take the same side as a stance of an entry.

    Args:
        own: The stance of the entry `Entry`.
        scope: The scope.
        conditions: Further conditions.
    """
    other = aliased(Stance)
    # A range and not `sign = sign`, so that an index on (proposition, value) finds the same side.
    low, high = case((own.value > 0, 1), else_=-2), case((own.value > 0, 2), else_=-1)
    return (
        select(other.entry_id)
        .where(own.entry_id == Entry.id, own.value != 0, *conditions)
        .where(other.proposition_id == own.proposition_id, other.value.between(low, high))
        .where(other.entry_id != Entry.id)
        .where(*stance_in_scope(own, scope), *stance_in_scope(other, scope))
        .correlate(Entry)
    )


def _corroborating(scope: Scope) -> list[Select[int]]:
    """Select the keys of the entries that a `corroborates` link joins with `Entry`, either way."""
    arms = []
    for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
        link = aliased(Link)
        here = (getattr(link, near) == Entry.id, link.relation == Relation.CORROBORATES)
        arm = select(getattr(link, far)).where(*here, *link_in_scope(link, scope))
        arms.append(arm.correlate(Entry))
    return arms


# --- a large side ---------------------------------------------------------------------------------


def _select_first_of_same_side(own: type[Stance], scope: Scope, most: int) -> list[Select[int]]:
    """Select as `_select_same_side` does, but only the first entries by ref of a large side.

    Returns one statement for small sides and one for large ones. The first entries of a large side
    are selected once, and not for each of the thousands of entries on it.
    """
    large = _large_sides(most)
    first = _first_entries(large, scope, most)

    def is_own(of: FromClause) -> ColumnElement[bool]:
        return and_(of.c.proposition_id == own.proposition_id, of.c.side == _side(own))

    few = _select_same_side(own, scope, not_(exists(select(large).where(is_own(large)))))
    of_many = (
        select(first.c.entry_id)
        .select_from(own)
        .join(first, is_own(first))
        .where(own.entry_id == Entry.id, first.c.entry_id != Entry.id, *stance_in_scope(own, scope))
        .correlate(Entry)
    )
    return [few, of_many]


def _side(stance: type[Stance]) -> ColumnElement[int]:
    """Return the side that a stance takes: 1 affirms, -1 denies, 0 neither."""
    return case((stance.value > 0, 1), (stance.value < 0, -1), else_=0)


def _large_sides(most: int) -> CTE:
    """Return the sides with many stances, whether or not these are in scope."""
    stance = aliased(Stance)
    key = stance.proposition_id, _side(stance)
    sides = select(key[0], key[1].label("side")).where(stance.value != 0).group_by(*key)
    large = sides.having(func.count() > _LARGE * most).cte("large")
    # PostgreSQL would merge the CTE into the statement and compute it for each entry.
    return large.prefix_with("MATERIALIZED", dialect="postgresql")


def _first_entries(large: CTE, scope: Scope, most: int) -> CTE:
    """Return the first entries by ref on each large side.

    One more than `most`, since the entry itself may be among them.
    """
    stance, entry = aliased(Stance), aliased(Entry)
    same_side = and_(stance.proposition_id == large.c.proposition_id, _side(stance) == large.c.side)
    place = func.dense_rank().over(partition_by=large.c, order_by=entry.ref)
    ranked = (
        select(large, entry.id.label("entry_id"), place.label("place"))
        .join(stance, same_side)
        .join(entry, entry.id == stance.entry_id)
        .where(*stance_in_scope(stance, scope), *entry_in_scope(entry, scope))
        .subquery()
    )
    first = select(ranked).where(ranked.c.place <= most + 1).distinct().cte("first")
    return first.prefix_with("MATERIALIZED", dialect="postgresql")
