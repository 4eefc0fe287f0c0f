"""The entries that affirm and deny each proposition, and the number of their independent origins.

One row per proposition, by ref. Both sides have the same columns, `affirmed_...` and `denied_...`:

* An entry affirms a proposition when it takes a positive stance on it, and denies it when it takes
  a negative one, in the reading of any judge in scope. If judges differ, it can do both; a 0 is
  neither. Assessments are judgements and no evidence: `judged_by` counts them apart.
* `independent_min` and `independent_max` are the least and greatest number of independent origins
  (`weigh.origins`). A side without any entry shown by a document has at least 0.
* `publishers` is the number of publishers of documents that show them. `from` and `to` are the
  first and the last day of the entries, as far as they are known.
* Every proposition has a row, even without an entry. With filters on entries, only propositions on
  which a matching entry has a stance; with `affirming` or `denying`, only those with an affirmer or
  a denier, assessments included. `min_strength` is the least |value| of the stances that are used.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from claimtrack import dates
from claimtrack.db import Session
from claimtrack.escaping import format_count
from claimtrack.facts import EntryFacts
from claimtrack.models import Entry, Proposition, Stance
from claimtrack.present.columns import Cell, Column, Layout, whole_cell
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import (
    Filters,
    match_entry,
    match_proposition,
    match_scope_and_strength,
    match_strength,
)
from claimtrack.query.sorting import sort_and_page
from claimtrack.query.stance_sides import select_entries_by_side
from claimtrack.query.visibility import entry_in_scope
from claimtrack.reports.wording import describe_origins
from claimtrack.sql import batches, is_in_subquery, stream
from claimtrack.vocab import EntryKind
from claimtrack.weigh.origins import RepeatLinks, group_by_origin


def _side_cell(side: str, refs: str) -> Callable[[Any], Cell]:
    """Return the cell of one side of a proposition: who takes it, and from how many origins."""

    def cell(row: Any) -> Cell:
        count, least, most, publishers, judged = (
            getattr(row, f"{side}_{name}")
            for name in ("by", "independent_min", "independent_max", "publishers", "judged_by")
        )
        lines = (
            [describe_origins(least, most), format_count(publishers, "publisher")] if count else []
        )
        first, last = getattr(row, f"{side}_from"), getattr(row, f"{side}_to")
        days = [dates.format_span(first, last)] if first else []
        judges = [format_count(judged, "assessment")] if judged else []
        return Cell((*lines, *days, *judges), " ".join(getattr(row, refs)))

    return cell


_LAYOUT: Layout = (
    Column("proposition", whole_cell("proposition")),
    Column("affirmed by", _side_cell("affirmed", "affirmers")),
    Column("denied by", _side_cell("denied", "deniers")),
)


@dataclass(frozen=True, slots=True)
class CorroborationRow:
    """A proposition, and what speaks for and against it."""

    layout = _LAYOUT

    proposition: str
    affirmed_by: int
    affirmed_independent_min: int
    affirmed_independent_max: int
    affirmed_publishers: int
    affirmed_judged_by: int
    affirmed_from: date | None
    affirmed_to: date | None
    denied_by: int
    denied_independent_min: int
    denied_independent_max: int
    denied_publishers: int
    denied_judged_by: int
    denied_from: date | None
    denied_to: date | None
    affirmers: tuple[str, ...]
    deniers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedRow(CorroborationRow):
    """The same, with the refs of the assessments that are counted, in order."""

    affirmed_judged_by_refs: tuple[str, ...]
    denied_judged_by_refs: tuple[str, ...]


class _Side(NamedTuple):
    """The columns of one side, in their order."""

    by: int
    independent_min: int
    independent_max: int
    publishers: int
    judged_by: int
    first: date | None
    last: date | None


def corroboration(
    session: Session, filters: Filters | None = None, *, refs: bool = False
) -> Iterator[CorroborationRow]:
    """Yield a row for each proposition, by ref; with refs, of the type `JudgedRow`.

    Sends one statement for the propositions, one for the sides of each 500 of them, and those that
    fetch the facts of entries. Memory grows with the entries on 500 propositions.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    return sort_and_page(_rows(session, filters, refs=refs), filters, CorroborationRow)


def _rows(session: Session, filters: Filters, *, refs: bool) -> Iterator[CorroborationRow]:
    """Yield the rows of the report; with `refs`, with the refs of the assessments too."""
    facts = FactsLoader(session, filters)
    for batch in batches(stream(session, _propositions(filters))):
        entries_by_proposition: dict[int, dict[int, tuple[bool, bool]]] = defaultdict(dict)
        keys = {"propositions": [row.id for row in batch]}
        for proposition, entry, affirms, denies in stream(session, _select_stances(filters), keys):
            entries_by_proposition[proposition][entry] = bool(affirms), bool(denies)
        entries = {
            entry for sides_of_entry in entries_by_proposition.values() for entry in sides_of_entry
        }
        members, (repeats, outside) = facts.load(entries), facts.load_repeats_and_outsiders(entries)
        outside.update(members)
        for key, ref in batch:
            sides = [
                [
                    members[entry]
                    for entry, sides_of_entry in entries_by_proposition[key].items()
                    if sides_of_entry[number]
                ]
                for number in (0, 1)
            ]
            columns = [_side(side, repeats, outside) for side in sides]
            named = [tuple(sorted(one.ref for one in _evidence(side))) for side in sides]
            row = (ref, *columns[0], *columns[1], *named)
            yield JudgedRow(*row, *map(_judges, sides)) if refs else CorroborationRow(*row)


def _evidence(entries: list[EntryFacts]) -> list[EntryFacts]:
    """Return the entries that are no assessments: these judge, and are no evidence."""
    return [one for one in entries if one.kind is not EntryKind.ASSESSMENT]


def _judges(entries: list[EntryFacts]) -> tuple[str, ...]:
    """Return the refs of the assessments, in order."""
    return tuple(sorted(one.ref for one in entries if one.kind is EntryKind.ASSESSMENT))


def _side(
    entries: list[EntryFacts], repeats: RepeatLinks, members: Mapping[int, EntryFacts]
) -> _Side:
    """Return the columns of one side of a proposition, made of the entries that take it."""
    evidence = _evidence(entries)
    origins = group_by_origin(evidence, repeats, members)
    days = [end.day for one in evidence for end in one.date if end is not None]
    return _Side(
        by=len(evidence),
        independent_min=origins.least,
        independent_max=origins.most,
        publishers=len(frozenset[int]().union(*(one.publishers for one in evidence))),
        judged_by=len(entries) - len(evidence),
        first=min(days, default=None),
        last=max(days, default=None),
    )


@lru_cache(maxsize=8)  # once for each scope: building takes longer than running it
def _propositions(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Select the propositions that match the filters, by ref."""
    proposition, entry = aliased(Proposition), aliased(Entry)
    query = (
        select(proposition.id, proposition.ref)
        .where(*match_proposition(proposition.id, filters))
        .order_by(proposition.ref)
    )
    needed = [
        (bool(match_entry(entry, filters)), (-2, 2)),
        (filters.affirming, (1, 2)),
        (filters.denying, (-2, -1)),
    ]
    for is_needed, values in needed:
        if is_needed:
            speaker = aliased(Entry)
            conditions = _takes_side(speaker, proposition, values, filters)
            query = query.where(
                select(speaker.id).where(*conditions).correlate(proposition).exists()
            )
    return query


def _takes_side(
    entry: type[Entry], proposition: type[Proposition], values: tuple[int, int], filters: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that a matching entry has a stance whose value is in a range."""
    stance = aliased(Stance)
    stances_of_side = select(stance.entry_id).where(
        stance.proposition_id == proposition.id,
        stance.value.between(*values),
        *match_scope_and_strength(stance, filters),
    )
    taking = is_in_subquery(entry.id, stances_of_side.correlate(proposition).scalar_subquery())
    return [taking, *entry_in_scope(entry, filters), *match_entry(entry, filters)]


@lru_cache(maxsize=8)  # once for each scope: building takes longer than running it
def _select_stances(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Select the matching entries on both sides; see `select_entries_by_side`."""
    entry, stance = aliased(Entry), aliased(Stance)
    more = [*match_strength(stance, filters), *match_entry(entry, filters)]
    return select_entries_by_side(entry, stance, filters, *more)
