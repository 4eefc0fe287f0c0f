"""What speaks for an entry: who else takes its side, and whom a judge links as corroborating it.

One row per entry and other entry that agrees with it (`weigh.opposition`), by their refs.

* `strength` is that of the best pair of stances on one side, each as strong as the weaker of the
  two; a link decides only when it stands alone.
* `propositions` are those on which both take one side, `corroborates` whether a judge links them;
  `asserted_by` lists every judge of such a stance or link.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    not_,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.facts import PairLinks
from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.query.facts import Facts
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_counts, stance_counts
from claimtrack.reports.opposition import affirming, corroborating, same_side, side, siding, weaker
from claimtrack.reports.pair import told_links
from claimtrack.sql import among, batches, json_list, json_row, stream
from claimtrack.vocab import Relation
from claimtrack.weigh.opposition import agree

_LARGE = 10
"""How many times as many as are told of an entry make a side large."""


@dataclass(frozen=True, slots=True)
class AffirmationRow:
    """An entry, and another that speaks for it."""

    entry: str
    ref: str
    kind: str
    actor: str
    date_from: date | None
    date_to: date | None
    summary: str
    strength: int
    corroborates: bool
    propositions: tuple[str, ...]
    asserted_by: tuple[str, ...]


def affirmations(
    session: Session, scope: Filters, *conditions: ColumnElement[bool], most: int | None = None
) -> Iterator[AffirmationRow]:
    """Stream what speaks for the entries of which conditions on `Entry` hold.

    One statement finds who takes their sides, and those that fetch facts tell which agree. With
    `most`, of each entry so many rows at most: where some of the first do not agree, one statement
    more for that entry.
    """
    facts = Facts(session, scope)
    found = _weighed(facts, stream(session, _taking_its_side(scope, most, *conditions)))
    if most is None:
        yield from (_row(row) for row, agrees in found if agrees)
        return
    for key, pairs in groupby(found, key=lambda pair: pair[0].key):
        first = list(pairs)
        agreeing = [row for row, agrees in first if agrees]
        if len(agreeing) < len(first) == most:
            every = stream(session, _taking_its_side(scope, None, Entry.id == key))
            agreeing = [row for row, agrees in _weighed(facts, every) if agrees]
        yield from map(_row, agreeing[:most])


def _weighed(facts: Facts, rows: Iterator[Any]) -> Iterator[tuple[Any, bool]]:
    """Yield rows with whether the two entries of each agree, as they come."""
    for batch in batches(rows):
        known = facts.of({key for row in batch for key in (row.key, row.other)})
        for row in batch:
            links = PairLinks(corroborates={judge: strength for strength, judge in row.links})
            yield row, agree(known[row.key], known[row.other], links)


def _taking_its_side(
    scope: Filters, most: int | None, *conditions: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    other, actor = aliased(Entry), aliased(Actor)
    affirms = among(other.id, _affirmers(scope, most))
    names = ("ref", "kind", "date_from", "date_to", "summary")
    return (
        select(
            Entry.id.label("key"),
            other.id.label("other"),
            Entry.ref.label("entry"),
            *(getattr(other, name).label(name) for name in names),
            actor.ref.label("actor"),
            _shared_sides(other, scope).label("shared"),
            told_links(Entry, other, Relation.CORROBORATES, scope).label("links"),
        )
        .select_from(Entry)
        .join(other, affirms)
        .join(actor, actor.id == other.actor_id)
        .where(*conditions)
        .order_by(Entry.ref, other.ref)
    )


def _affirmers(scope: Filters, most: int | None) -> ScalarSelect[Any]:
    affirmer = aliased(Entry)
    near = affirming(Entry, scope) if most is None else _first(scope, most)
    affirms = among(affirmer.id, near.scalar_subquery())
    query = select(affirmer.id).where(affirms, *entry_counts(affirmer, scope)).correlate(Entry)
    return query.order_by(affirmer.ref).limit(most).scalar_subquery()


def _first(scope: Filters, most: int) -> CompoundSelect[int]:
    """Select the keys of the entries that affirm an entry; of a large side only the first by ref.

    These are found once, and not for each of the thousands that are on it.
    """
    own = aliased(Stance)
    large = _large_sides(most)
    first = _first_of(large, scope, most)

    def is_own(of: FromClause) -> ColumnElement[bool]:
        return and_(of.c.proposition_id == own.proposition_id, of.c.side == side(own))

    few = siding(Entry, own, scope).where(not_(exists(select(large).where(is_own(large)))))
    of_many = (
        select(first.c.entry_id)
        .select_from(own)
        .join(first, is_own(first))
        .where(own.entry_id == Entry.id, first.c.entry_id != Entry.id, *stance_counts(own, scope))
        .correlate(Entry)
    )
    return union(few, of_many, *corroborating(Entry, scope).selects)


def _large_sides(most: int) -> CTE:
    """Return the sides that many stances take, whether these count or not."""
    stance = aliased(Stance)
    key = stance.proposition_id, side(stance)
    sides = select(key[0], key[1].label("side")).where(stance.value != 0).group_by(*key)
    large = sides.having(func.count() > _LARGE * most).cte("large")
    return large.prefix_with("MATERIALIZED", dialect="postgresql")


def _first_of(large: CTE, scope: Filters, most: int) -> CTE:
    """Return the first entries by ref on each large side, one more than are told of an entry."""
    stance, entry = aliased(Stance), aliased(Entry)
    taken = and_(stance.proposition_id == large.c.proposition_id, side(stance) == large.c.side)
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


def _shared_sides(other: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    mine, theirs, proposition = aliased(Stance), aliased(Stance), aliased(Proposition)
    judge, other_judge = aliased(Actor), aliased(Actor)
    return (
        select(
            json_list(json_row(proposition.ref, weaker(mine, theirs), judge.ref, other_judge.ref))
        )
        .select_from(mine)
        .join(theirs, same_side(mine, theirs, of_known=True))
        .join(proposition, proposition.id == mine.proposition_id)
        .join(judge, judge.id == mine.asserted_by_id)
        .join(other_judge, other_judge.id == theirs.asserted_by_id)
        .where(mine.entry_id == Entry.id, theirs.entry_id == other.id)
        .where(*stance_counts(mine, scope), *stance_counts(theirs, scope))
        .correlate(Entry, other)
        .scalar_subquery()
    )


def _row(row: Any) -> AffirmationRow:
    judges = {judge for _, judge in row.links}
    judges.update(*((mine, theirs) for _, _, mine, theirs in row.shared))
    weights = [weight for _, weight, *_ in row.shared] or [weight for weight, _ in row.links]
    return AffirmationRow(
        entry=row.entry,
        ref=row.ref,
        kind=row.kind.value,
        actor=row.actor,
        date_from=row.date_from,
        date_to=row.date_to,
        summary=row.summary,
        strength=max(weights),
        corroborates=bool(row.links),
        propositions=tuple(sorted({name for name, *_ in row.shared})),
        asserted_by=tuple(sorted(judges)),
    )
