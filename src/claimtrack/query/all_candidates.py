"""All pairs of entries that may oppose each other, found at once (see `query.candidates`)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, select, tuple_, union_all
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link, Participation, Stance
from claimtrack.query.candidates import Search, exclusive_sides, rank, relations_of
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters, is_of_kinds, of_one_principal
from claimtrack.query.visibility import Scope, agent, link_counts, stance_counts
from claimtrack.vocab import ParticipationRole


def found_at_once(filters: Filters, pairs: PairFilters) -> bool:
    """Whether `select_all_candidates` finds the candidates: SQL could see nothing else of them.

    So it is where nothing is asked of the entries, and of the pairs at most that they be of classes
    to which only the words and deeds of one principal belong.
    """
    of_pairs = replace(pairs, include_reconciled=False)
    if of_one_principal(pairs):
        of_pairs = replace(of_pairs, classes=())
    of_entries = Filters(
        known_by=filters.known_by,
        asserted_by=filters.asserted_by,
        include_superseded=filters.include_superseded,
        limit=filters.limit,
        offset=filters.offset,
        sort=filters.sort,
    )
    return of_pairs == PairFilters() and of_entries == filters


@lru_cache(maxsize=8)
def select_all_candidates(scope: Scope, pairs: PairFilters) -> Select[*tuple[Any, ...]]:
    """Select the keys of all candidate pairs, subject then counter, by their refs.

    A pair with several grounds comes several times, one after another. All are found at once, from
    the denials, which are few, and then put in order: the whole takes half the time that it takes
    to walk from entry to entry, and the first row comes last.

    Where only pairs of one principal are filters, the columns of `Whose` follow, of either entry.
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
        select(*_columns(one, pairs), *_columns(other, pairs))
        .select_from(keys)
        .join(one, one.id == keys.c.one)
        .join(other, other.id == keys.c.other)
        .where(*is_of_kinds(one, pairs), *is_of_kinds(other, pairs))
    )
    found = list(union_all(_select_denied(scope, pairs), known).subquery("found").c)
    ones, others = found[: len(found) // 2], found[len(found) // 2 :]
    in_order = tuple_(*ones[1:_PLACED]) < tuple_(*others[1:_PLACED])
    subject, counter = (
        [case((in_order, first[place]), else_=second[place]) for place in (0, _PLACED - 1)]
        for first, second in ((ones, others), (others, ones))
    )
    whose = *ones[_PLACED:], *others[_PLACED:]
    return select(subject[0], counter[0], *whose).order_by(subject[1], counter[1])


_PLACED = 4
"""Columns of an entry that decide which comes first: its key, its rank, its day, its ref."""


class Whose(NamedTuple):
    """By whom an entry is: as much as tells which principals its voices can have.

    Attributes:
        actor: The key of its actor.
        agent: The key of the actor on whose behalf it is, else of its own.
        joint: Whether it has co-actors.
    """

    actor: int
    agent: int
    joint: bool


def _columns(entry: type[Entry], pairs: PairFilters) -> list[ColumnElement[Any]]:
    """Return of an entry what decides which comes first, and the columns of `Whose`, by name."""
    named = dict(zip(("id", "kind_rank", "day", "ref"), (entry.id, *rank(entry)), strict=True))
    if of_one_principal(pairs):
        joint = exists(
            select(Participation.entry_id).where(
                Participation.entry_id == entry.id,
                Participation.role == ParticipationRole.CO_ACTOR,
            )
        )
        named |= dict(zip(Whose._fields, (entry.actor_id, agent(entry), joint), strict=True))
    return [column.label(name) for name, column in named.items()]


def _select_denied(scope: Scope, pairs: PairFilters) -> Select[*tuple[Any, ...]]:
    """Select all pairs of which one denies what the other affirms, with their `_columns`.

    Those who affirm are laid out once, in the order in which they are met: of thousands that deny
    one proposition each meets all who affirm it, and the entries lie far apart.
    """
    denied, con, pro = aliased(Stance), aliased(Stance), aliased(Stance)
    which = select(denied.proposition_id).where(denied.value < 0, *stance_counts(denied, scope))
    one, other = aliased(Entry, name="one"), aliased(Entry, name="other")
    affirming = (
        select(pro.proposition_id, *_columns(other, pairs))
        .join(other, other.id == pro.entry_id)
        .where(pro.value > 0, pro.proposition_id.in_(which), *stance_counts(pro, scope))
        .where(*is_of_kinds(other, pairs))
        .cte("affirming")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(*_columns(one, pairs), *list(affirming.c)[1:])
        .select_from(con)
        .join(one, one.id == con.entry_id)
        .join(affirming, affirming.c.proposition_id == con.proposition_id)
        .where(con.value < 0, con.entry_id != affirming.c.id, *stance_counts(con, scope))
        .where(*is_of_kinds(one, pairs))
    )


def with_one_principal(
    candidates: Iterable[Any], principal: Callable[[int], int]
) -> Iterator[tuple[int, int]]:
    """Yield the keys of those candidates that have, or may have, voices of one principal.

    Args:
        candidates: Rows of `select_all_candidates`.
        principal: Returns the key of the principal of an actor.
    """
    for subject, counter, *columns in candidates:
        one, other = Whose(*columns[:3]), Whose(*columns[3:])
        theirs = principal(other.actor), principal(other.agent)
        if (
            principal(one.actor) in theirs
            or principal(one.agent) in theirs
            or one.joint
            or other.joint
        ):
            yield subject, counter
