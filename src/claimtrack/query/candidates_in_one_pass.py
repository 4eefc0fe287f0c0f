"""Selects all candidate pairs of a casebook in one pass.

`query.candidates` goes from entry to entry, which is right for a part of the casebook and takes
twice as long for all of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, select, union_all
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link, Participation, Stance
from claimtrack.query.candidates import (
    CandidateSearch,
    get_candidate_relations,
    get_pair_order,
    is_subject,
    join_conflicting_figures,
    join_exclusive_stances,
)
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters, match_possible_kinds, requires_one_principal
from claimtrack.query.visibility import (
    Scope,
    cached_by_scope,
    figure_in_scope,
    get_agent,
    link_in_scope,
    stance_in_scope,
)
from claimtrack.vocab import ParticipationRole


def can_select_all(filters: Filters, pairs: PairFilters) -> bool:
    """Whether `select_all_candidates` selects all pairs that can match the filters, and few others.

    True if no filter concerns the entries, and none the pairs except for classes whose two entries
    have one principal.
    """
    of_pairs = replace(pairs, include_reconciled=False)
    if requires_one_principal(pairs):
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


@cached_by_scope
def select_all_candidates(scope: Scope, pairs: PairFilters) -> Select[*tuple[Any, ...]]:
    """Select the keys of all candidate pairs, subject and counter, by subject ref, counter ref.

    A pair with several grounds comes several times in a row. The database finds all pairs, starting
    from the denials, which are few, and then sorts them; so the first row comes late. If `pairs`
    has only classes of one principal, the columns of `ActorColumns` follow for the two entries.

    Entries that are out of scope are not left out; `weigh` has to.
    """
    search = CandidateSearch(scope, get_candidate_relations(pairs))
    mine, theirs, conditions = join_exclusive_stances(search)
    counts = *stance_in_scope(mine, scope), *stance_in_scope(theirs, scope)
    excluded = select(mine.entry_id.label("one"), theirs.entry_id.label("other")).where(
        *conditions, mine.entry_id < theirs.entry_id, *counts
    )
    link = aliased(Link)
    linked = select(link.from_id, link.to_id).where(
        link.relation.in_(search.relations), *link_in_scope(link, scope)
    )
    figure, rival, apart = join_conflicting_figures(search)
    figures = select(figure.entry_id, rival.entry_id).where(
        *apart,
        figure.entry_id < rival.entry_id,
        *figure_in_scope(figure, scope),
        *figure_in_scope(rival, scope),
    )
    keys = union_all(excluded, figures, linked).subquery("keys")
    one, other = aliased(Entry, name="one"), aliased(Entry, name="other")
    candidates = (
        select(*_columns(one, pairs), *_columns(other, pairs))
        .select_from(keys)
        .join(one, one.id == keys.c.one)
        .join(other, other.id == keys.c.other)
        .where(*match_possible_kinds(one, pairs), *match_possible_kinds(other, pairs))
    )
    found = list(union_all(_select_opposite(scope, pairs), candidates).subquery("found").c)
    ones, others = found[: len(found) // 2], found[len(found) // 2 :]
    in_order = is_subject(ones[1:_ORDER_COLUMNS], others[1:_ORDER_COLUMNS])
    subject, counter = (
        [case((in_order, first[place]), else_=second[place]) for place in (0, _REF)]
        for first, second in ((ones, others), (others, ones))
    )
    order_columns = *ones[_ORDER_COLUMNS:], *others[_ORDER_COLUMNS:]
    return select(subject[0], counter[0], *order_columns).order_by(subject[1], counter[1])


_NAMES = ("id", "kind_rank", "day", "ref", "instant")
"""The names of the columns with an entry's key and `get_pair_order`."""
_REF, _ORDER_COLUMNS = _NAMES.index("ref"), len(_NAMES)


class ActorColumns(NamedTuple):
    """The columns of an entry that tell which principals its voices can have.

    Attributes:
        actor: The key of its actor.
        agent: The key of the actor on whose behalf it is, else of its actor.
        joint: Whether it has co-actors.
    """

    actor: int
    agent: int
    joint: bool


def _columns(entry: type[Entry], pairs: PairFilters) -> list[ColumnElement[Any]]:
    """Return the labelled columns of an entry: its key, its pair order, and `ActorColumns`."""
    named = dict(zip(_NAMES, (entry.id, *get_pair_order(entry)), strict=True))
    if requires_one_principal(pairs):
        joint = exists(
            select(Participation.entry_id).where(
                Participation.entry_id == entry.id,
                Participation.role == ParticipationRole.CO_ACTOR,
            )
        )
        named |= dict(
            zip(ActorColumns._fields, (entry.actor_id, get_agent(entry), joint), strict=True)
        )
    return [column.label(name) for name, column in named.items()]


def _select_opposite(scope: Scope, pairs: PairFilters) -> Select[*tuple[Any, ...]]:
    """Select all pairs of which one denies what the other affirms, with the `_columns` of both.

    The affirming entries are materialised first, with all columns needed: each of thousands of
    denials of a proposition meets all entries that affirm it, and to fetch these from the table
    again and again would read pages all over it.
    """
    denied, con, pro = aliased(Stance), aliased(Stance), aliased(Stance)
    which = select(denied.proposition_id).where(denied.value < 0, *stance_in_scope(denied, scope))
    one, other = aliased(Entry, name="one"), aliased(Entry, name="other")
    affirming = (
        select(pro.proposition_id, *_columns(other, pairs))
        .join(other, other.id == pro.entry_id)
        .where(pro.value > 0, pro.proposition_id.in_(which), *stance_in_scope(pro, scope))
        .where(*match_possible_kinds(other, pairs))
        .cte("affirming")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(*_columns(one, pairs), *list(affirming.c)[1:])
        .select_from(con)
        .join(one, one.id == con.entry_id)
        .join(affirming, affirming.c.proposition_id == con.proposition_id)
        .where(con.value < 0, con.entry_id != affirming.c.id, *stance_in_scope(con, scope))
        .where(*match_possible_kinds(one, pairs))
    )


def keep_one_principal(
    candidates: Iterable[Any], principal: Callable[[int], int]
) -> Iterator[tuple[int, int]]:
    """Yield the keys of candidates whose two entries have, or may have, voices of one principal.

    An entry with co-actors may have any, since these are not among the columns.

    Args:
        candidates: Rows of `select_all_candidates`.
        principal: Returns the key of the principal of an actor.
    """
    for subject, counter, *columns in candidates:
        one, other = ActorColumns(*columns[:3]), ActorColumns(*columns[3:])
        theirs = principal(other.actor), principal(other.agent)
        if (
            principal(one.actor) in theirs
            or principal(one.agent) in theirs
            or one.joint
            or other.joint
        ):
            yield subject, counter
