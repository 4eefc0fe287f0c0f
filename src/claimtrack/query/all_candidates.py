"""All pairs of entries that may oppose each other, found at once (see `query.candidates`)."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link, Participation, Stance
from claimtrack.protection import TRUE_ACTOR
from claimtrack.query.candidates import Search, exclusive_sides, rank, relations_of
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters, is_of_kinds, of_one_principal
from claimtrack.query.visibility import Scope, link_counts, stance_counts
from claimtrack.vocab import ParticipationRole


def found_at_once(wanted: Filters, pairs: PairFilters) -> bool:
    """Whether `select_all_candidates` finds the candidates: SQL could see nothing else of them.

    So it is where nothing is asked of the entries, and of the pairs at most that they be of classes
    to which only the words and deeds of one principal belong.
    """
    of_pairs = replace(pairs, include_reconciled=False)
    if of_one_principal(pairs):
        of_pairs = replace(of_pairs, classes=())
    of_entries = Filters(
        known_by=wanted.known_by,
        asserted_by=wanted.asserted_by,
        include_superseded=wanted.include_superseded,
        limit=wanted.limit,
        offset=wanted.offset,
        sort=wanted.sort,
    )
    return of_pairs == PairFilters() and of_entries == wanted


@lru_cache(maxsize=8)
def select_all_candidates(scope: Scope, pairs: PairFilters) -> Select[*tuple[Any, ...]]:
    """Select the keys of all candidate pairs, subject then counter, by their refs.

    A pair with several grounds comes several times, one after another. All are found at once, from
    the denials, which are few, and then put in order: the whole takes half the time that it takes
    to walk from entry to entry, and the first row comes last.
    """
    search = Search(scope, relations_of(pairs))
    mine, theirs, conditions = exclusive_sides(search)
    counts = *stance_counts(mine, scope), *stance_counts(theirs, scope)
    excluded = select(mine.entry_id.label("one"), theirs.entry_id.label("other")).where(
        *conditions, mine.entry_id < theirs.entry_id, *counts
    )
    link = aliased(Link)
    linked = select(link.from_id, link.to_id).where(
        link.relation.in_(search.relations), *link_counts(link, scope)
    )
    keys = union_all(excluded, linked).subquery("keys")
    one, other = aliased(Entry, name="one"), aliased(Entry, name="other")
    known = (
        select(*_placed(one), *_placed(other))
        .select_from(keys)
        .join(one, one.id == keys.c.one)
        .join(other, other.id == keys.c.other)
        .where(*(asked for entry in (one, other) for asked in is_of_kinds(entry, pairs)))
    )
    found = union_all(_select_denied(scope, pairs), known).subquery("found")
    ones, others = list(found.c)[: len(_PLACE)], list(found.c)[len(_PLACE) :]
    in_order = tuple_(*ones[1:]) < tuple_(*others[1:])
    subject, counter = (
        [case((in_order, first[place]), else_=second[place]) for place in (0, -1)]
        for first, second in ((ones, others), (others, ones))
    )
    return select(subject[0], counter[0]).order_by(subject[1], counter[1])


_PLACE = ("id", "kind_rank", "day", "ref")
"""The key of an entry, and by what it comes first in a pair."""


def _placed(entry: type[Entry]) -> tuple[SQLColumnExpression[Any], ...]:
    return entry.id, *rank(entry)


def _select_denied(scope: Scope, pairs: PairFilters) -> Select[*tuple[Any, ...]]:
    """Select all pairs of which one denies what the other affirms, each as `_placed`.

    Those who affirm are laid out once, in the order in which they are met: of thousands that deny
    one proposition each meets all who affirm it, and the entries lie far apart.
    """
    denied = aliased(Stance)
    which = select(denied.proposition_id).where(denied.value < 0, *stance_counts(denied, scope))
    roots = _roots() if of_one_principal(pairs) else None
    pro, con = aliased(Stance), aliased(Stance)
    affirming = (
        _takers(pro, scope, pairs, roots, pro.value > 0, pro.proposition_id.in_(which))
        .cte("affirming")
        .prefix_with("MATERIALIZED")
    )
    denying = _takers(con, scope, pairs, roots, con.value < 0).subquery("denying")
    shared = ["proposition_id"] if roots is None else ["proposition_id", "root"]
    meet = and_(*(denying.c[name] == affirming.c[name] for name in shared))
    placed = (of.c[name] for of in (denying, affirming) for name in _PLACE)
    return select(*placed).join_from(denying, affirming, meet).where(denying.c.id != affirming.c.id)


def _takers(
    stance: type[Stance],
    scope: Scope,
    pairs: PairFilters,
    roots: CTE | None,
    *conditions: ColumnElement[bool],
) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """Select the entries with such a stance, as `_placed`, with its proposition.

    With `roots`, also the root above each voice, in a row for each.
    """
    entry = aliased(Entry)
    columns: list[Any] = [
        column.label(name) for name, column in zip(_PLACE, _placed(entry), strict=True)
    ]
    found = (
        select(stance.proposition_id, *columns)
        .join_from(stance, entry, entry.id == stance.entry_id)
        .where(*conditions, *stance_counts(stance, scope), *is_of_kinds(entry, pairs))
    )
    if roots is None:
        return found
    beside = aliased(Participation)
    is_beside = and_(beside.entry_id == entry.id, beside.role == ParticipationRole.CO_ACTOR)
    with_root = found.add_columns(roots.c.root)
    return union_all(
        with_root.join(roots, roots.c.id == entry.actor_id),
        with_root.join(roots, roots.c.id == entry.on_behalf_of_id),
        with_root.join(beside, is_beside).join(roots, roots.c.id == beside.actor_id),
    )


def _roots() -> CTE:
    """Return the actors, each with the root above it, as they truly are."""
    top, actor = TRUE_ACTOR.alias(), TRUE_ACTOR.alias()
    found = select(top.c.id, top.c.id.label("root")).where(top.c.parent_id.is_(None))
    roots = found.cte("roots", recursive=True)
    below = select(actor.c.id, roots.c.root).join(roots, actor.c.parent_id == roots.c.id)
    return roots.union_all(below)
