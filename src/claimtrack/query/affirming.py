"""Which entries may agree with an entry: SQL finds them, `weigh.opposition` decides.

They take a side that it takes, or a link joins the two as corroborating. All that agree with it are
among them, and some others.
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
from claimtrack.query.visibility import Scope, entry_counts, link_counts, stance_counts
from claimtrack.sql import is_in_subquery
from claimtrack.vocab import Relation

_LARGE = 10
"""How many times as many stances as are wanted of an entry make a side large."""


def select_affirmers(
    scope: Scope, most: int | None, *conditions: ColumnElement[bool]
) -> Select[int, int]:
    """Select the keys of entries, and of those that may agree with each, by the refs of both.

    Of the entries of which conditions on `Entry` hold; with `most`, of each so many rows at most.
    """
    other = aliased(Entry)
    return (
        select(Entry.id, other.id)
        .select_from(Entry)
        .join(other, is_in_subquery(other.id, _affirmers(scope, most)))
        .where(*conditions)
        .order_by(Entry.ref, other.ref)
    )


def _affirmers(scope: Scope, most: int | None) -> ScalarSelect[Any]:
    affirmer, own = aliased(Entry), aliased(Stance)
    near = [_siding(own, scope)] if most is None else _first_siding(own, scope, most)
    candidates = union(*near, *_corroborating(scope)).scalar_subquery()
    return (
        select(affirmer.id)
        .where(is_in_subquery(affirmer.id, candidates), *entry_counts(affirmer, scope))
        .correlate(Entry)
        .order_by(affirmer.ref)
        .limit(most)
        .scalar_subquery()
    )


def _siding(own: type[Stance], scope: Scope, *conditions: ColumnElement[bool]) -> Select[int]:
    """Select the keys of the entries that take a side with an entry, whose own stance it is."""
    other = aliased(Stance)
    # As a range, so that an index on (proposition, value) finds the same side at once.
    low, high = case((own.value > 0, 1), else_=-2), case((own.value > 0, 2), else_=-1)
    return (
        select(other.entry_id)
        .where(own.entry_id == Entry.id, own.value != 0, *conditions)
        .where(other.proposition_id == own.proposition_id, other.value.between(low, high))
        .where(other.entry_id != Entry.id)
        .where(*stance_counts(own, scope), *stance_counts(other, scope))
        .correlate(Entry)
    )


def _corroborating(scope: Scope) -> list[Select[int]]:
    """Select the keys of the entries that a judge links with an entry as corroborating."""
    arms = []
    for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
        link = aliased(Link)
        here = (getattr(link, near) == Entry.id, link.relation == Relation.CORROBORATES)
        arm = select(getattr(link, far)).where(*here, *link_counts(link, scope))
        arms.append(arm.correlate(Entry))
    return arms


# --- a large side ---------------------------------------------------------------------------------


def _first_siding(own: type[Stance], scope: Scope, most: int) -> list[Select[int]]:
    """Select likewise, in two parts; of a large side only the first by ref.

    These are found once, and not for each of the thousands that are on it.
    """
    large = _large_sides(most)
    first = _first_of(large, scope, most)

    def is_own(of: FromClause) -> ColumnElement[bool]:
        return and_(of.c.proposition_id == own.proposition_id, of.c.side == _side(own))

    few = _siding(own, scope, not_(exists(select(large).where(is_own(large)))))
    of_many = (
        select(first.c.entry_id)
        .select_from(own)
        .join(first, is_own(first))
        .where(own.entry_id == Entry.id, first.c.entry_id != Entry.id, *stance_counts(own, scope))
        .correlate(Entry)
    )
    return [few, of_many]


def _side(stance: type[Stance]) -> ColumnElement[int]:
    """Return the side that a stance takes: 1 affirms, -1 denies, 0 neither."""
    return case((stance.value > 0, 1), (stance.value < 0, -1), else_=0)


def _large_sides(most: int) -> CTE:
    """Return the sides that many stances take, whether these count or not."""
    stance = aliased(Stance)
    key = stance.proposition_id, _side(stance)
    sides = select(key[0], key[1].label("side")).where(stance.value != 0).group_by(*key)
    large = sides.having(func.count() > _LARGE * most).cte("large")
    return large.prefix_with("MATERIALIZED", dialect="postgresql")


def _first_of(large: CTE, scope: Scope, most: int) -> CTE:
    """Return the first entries by ref on each large side, one more than are wanted of an entry."""
    stance, entry = aliased(Stance), aliased(Entry)
    taken = and_(stance.proposition_id == large.c.proposition_id, _side(stance) == large.c.side)
    place = func.dense_rank().over(partition_by=large.c, order_by=entry.ref)
    ranked = (
        select(large, entry.id.label("entry_id"), place.label("place"))
        .join(stance, taken)
        .join(entry, entry.id == stance.entry_id)
        .where(*stance_counts(stance, scope), *entry_counts(entry, scope))
        .subquery()
    )
    first = select(ranked).where(ranked.c.place <= most + 1).distinct().cte("first")
    return first.prefix_with("MATERIALIZED", dialect="postgresql")
