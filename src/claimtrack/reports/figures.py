"""Who gives which number for a measure, and which other numbers cannot be right as well.

One row per figure, by measure, entry_ref and asserted_by.

* `period_from` and `period_to` are the period of the figure (`weigh.figures`): what its entry is
  about, or of a level the day of the entry. Without one they are empty, and the figure can be
  compared with none, or only as the number of a deed that lies within the period of another.
* `conflicts_with` lists the entries with a figure that cannot be right as well, if this entry is
  read as this judge reads it. Pairs that are reconciled are left out.

The filters on topics and measures apply to the figure, the others to its entry.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack import dates, times
from claimtrack.db import Session
from claimtrack.escaping import format_value
from claimtrack.facts import EntryFacts
from claimtrack.models import Actor, Entry, Figure, Measure
from claimtrack.number_ranges import format_range, to_plain
from claimtrack.present.columns import Cell, Column, Layout
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.filters import (
    Filters,
    match_content,
    match_entry,
    match_measure,
)
from claimtrack.query.local_times import get_local_times
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.query.sorting import stream_sorted
from claimtrack.query.visibility import entry_in_scope, figure_in_scope
from claimtrack.sql import batches
from claimtrack.weigh.figures import get_figure_period


def _number(row: Any) -> Cell:
    number = f"{format_range(row.low, row.high)} {row.unit}"
    period = dates.format_span(row.period_from, row.period_to) or "no period"
    return Cell((row.measure, number, format_value(row.basis), period))


def _entry(row: Any) -> Cell:
    of = [f"of {row.principal}"] if row.principal != row.actor else []
    dated = filter(None, [times.format_row(row)])
    return Cell((row.entry_ref, f"{format_value(row.kind)}, {row.actor}", *of, *dated))


def _notes(row: Any) -> Cell:
    notes = {
        "hedge": row.hedge and f'"{row.hedge}"',
        "on condition": row.condition,
        "conflicts with": ", ".join(row.conflicts_with),
        "read by": row.asserted_by,
    }
    return Cell(text="\n".join(f"{name}: {note}" for name, note in notes.items() if note))


_LAYOUT: Layout = (
    Column("figure", _number),
    Column("entry", _entry),
    Column("reading", _notes),
)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure, its period, and the entries whose figures cannot be right as well."""

    layout = _LAYOUT

    measure: str
    unit: str
    low: float | None
    high: float | None
    entry_ref: str
    kind: str
    actor: str
    principal: str
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    period_from: date | None
    period_to: date | None
    basis: str
    hedge: str | None
    condition: str | None
    asserted_by: str
    conflicts_with: tuple[str, ...]


_TIMES = ("time_from", "time_to")
_FigureKey: TypeAlias = tuple[int, int, int]
"""Identifies a figure by the keys of its entry, its measure and its judge."""


def figures(session: Session, filters: Filters | None = None) -> Iterator[FigureRow]:
    """Yield the figures that match the filters, by measure, entry_ref and asserted_by.

    Sends one statement for the figures, and for each batch of them those that find and weigh the
    pairs of their entries. Memory does not grow with the number of figures.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    query = _select_figures(filters)
    columns = query.selected_columns
    usual = columns["measure"], columns["entry_ref"], columns["asserted_by"]
    made = _Figures(session, filters).make
    return stream_sorted(session, query, made, FigureRow, filters, *usual)


class _Figures:
    """Makes the rows of figures from those of the database."""

    def __init__(self, session: Session, filters: Filters) -> None:
        scope = Filters(
            known_by=filters.known_by,
            asserted_by=filters.asserted_by,
            include_superseded=filters.include_superseded,
        )
        self._pairs = PairWeigher(session, scope)
        self._shown = DisplayValues(session, scope, self._pairs.facts.actors)

    def make(self, found: Iterator[Any]) -> Iterator[FigureRow]:
        """Yield the rows in the order of the database's rows."""
        for batch in batches(found):
            keys = dict.fromkeys(row.entry_id for row in batch)
            conflicts = self._find_conflicts(keys)
            facts = self._pairs.facts.load(keys)
            for row in batch:
                key = row.entry_id, row.measure_id, row.judge_id
                yield self._make_row(row, facts[row.entry_id], conflicts.get(key, set()))

    def _find_conflicts(self, keys: Mapping[int, None]) -> Mapping[_FigureKey, set[str]]:
        """Return the refs of the entries with which each figure conflicts."""
        found: dict[_FigureKey, set[str]] = defaultdict(set)
        for key, pair in self._pairs.iter_opposing(keys):
            if pair.opposition is None:
                continue
            is_subject = key == pair.subject.id
            other = pair.counter if is_subject else pair.subject
            for ground in pair.opposition.figures:
                own = ground.one if is_subject else ground.other
                found[key, own.measure, own.judge].add(other.ref)
        return found

    def _make_row(self, row: Any, entry: EntryFacts, conflicts: set[str]) -> FigureRow:
        figure = next(
            one
            for one in entry.figures
            if (one.measure, one.judge) == (row.measure_id, row.judge_id)
        )
        period = get_figure_period(entry, figure)
        first, last = period.span if period and period.is_proper else (None, None)
        return FigureRow(
            measure=row.measure,
            unit=row.unit,
            low=to_plain(row.low),
            high=to_plain(row.high),
            entry_ref=row.entry_ref,
            kind=row.kind.value,
            actor=row.actor,
            principal=self._shown.actors[entry.principal],
            date_from=row.date_from,
            date_to=row.date_to,
            time_from=row.time_from,
            time_to=row.time_to,
            period_from=first and first.day,
            period_to=last and last.day,
            basis=row.basis.value,
            hedge=row.hedge,
            condition=row.condition,
            asserted_by=row.asserted_by,
            conflicts_with=tuple(sorted(conflicts)),
        )


def _select_figures(filters: Filters) -> Select[Any]:
    judge = aliased(Actor)
    columns: list[Any] = [
        Measure.ref.label("measure"),
        Measure.unit,
        Figure.low,
        Figure.high,
        Entry.ref.label("entry_ref"),
        Entry.kind,
        Actor.ref.label("actor"),
        Entry.date_from,
        Entry.date_to,
        *(column.label(name) for column, name in zip(get_local_times(Entry), _TIMES, strict=True)),
        Figure.basis,
        Figure.hedge,
        Figure.condition,
        judge.ref.label("asserted_by"),
        Figure.entry_id,
        Figure.measure_id,
        judge.id.label("judge_id"),
    ]
    return (
        select(*columns)
        .select_from(Figure)
        .join(Measure, Measure.id == Figure.measure_id)
        .join(Entry, Entry.id == Figure.entry_id)
        .join(Actor, Actor.id == Entry.actor_id)
        .join(judge, judge.id == Figure.asserted_by_id)
        .where(*match_measure(Figure.measure_id, filters), *figure_in_scope(Figure, filters))
        .where(*entry_in_scope(Entry, filters))
        .where(*match_entry(Entry, replace(filters, measures=())))
        .where(*match_content(Entry, _without_topics_alone(filters)))
    )


def _without_topics_alone(filters: Filters) -> Filters:
    """Return the filters without topics, if these are the only filter on what an entry says."""
    of_stances = filters.propositions or filters.affirming or filters.denying
    if of_stances or filters.min_strength is not None:
        return filters
    return replace(filters, topics=())
