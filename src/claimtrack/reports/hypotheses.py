"""The matrix of the analysis of competing hypotheses (ACH).

The hypotheses are named propositions, or those of an exclusive topic. One row per entry that takes
a stance on at least one of them, by ref. Assessments are left out, since they are judgements and no
evidence, unless the filter on kinds names them (`count_left_out_assessments`). A column for each
hypothesis holds `II I N C CC`, or nothing if the entry has no stance on it.

* If judges read an entry differently, the cell is chosen by `weigh.hypotheses.combine_readings`.
  `check` lists such readings.
* `diagnosticity` says how well an entry discriminates between the hypotheses; empty if it has a
  stance on fewer than two.
* The sum of a hypothesis (`weigh.hypotheses.sum_inconsistency`) is |value| over its cells I and II,
  where entries that may have one origin are counted once, at their largest. It comes with the
  number of rated entries and the part of it that is inferred; fewer than two rated entries have no
  sum. It measures the evidence against a hypothesis and is never a probability.

Exports use the long form, one row per cell that is not empty, since the columns of the matrix
differ from topic to topic.

Source: Heuer, Psychology of Intelligence Analysis, 1999, ch. 8; see `weigh.hypotheses`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.errors import InvalidValue, UnknownRef, Usage
from claimtrack.models import Actor, Entry, Proposition, Topic
from claimtrack.present.columns import Layout
from claimtrack.query.actors import ActorTree
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.external_sort import sort_on_disk
from claimtrack.query.filters import Filters
from claimtrack.query.hypothesis_evidence import (
    match_evidence,
    match_rated,
    select_evidence,
    select_readings,
)
from claimtrack.query.sorting import order_and_page, take_page
from claimtrack.records import find, get, nearest
from claimtrack.reports.hypothesis_layout import hypothesis_layout
from claimtrack.sql import batches, stream
from claimtrack.vocab import Basis, EntryKind
from claimtrack.weigh.hypotheses import (
    Cell,
    combine_readings,
    compute_diagnosticity,
    format_ach_cell,
    sum_inconsistency,
)
from claimtrack.weigh.origins import group_by_origin


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """An entry as evidence: its cell for each hypothesis, in the order of the matrix."""

    entry_ref: str
    kind: str
    actor: str
    principal: str
    summary: str
    cells: tuple[str, ...]
    diagnosticity: int | None

    def values(self) -> tuple[Any, ...]:
        """Return the row as the matrix prints it, a value for each of its columns."""
        own_values = (self.entry_ref, self.kind, self.actor, self.principal)
        return (*own_values, self.summary, *self.cells, self.diagnosticity)


@dataclass(frozen=True, slots=True)
class SumRow:
    """What speaks against a hypothesis, and on how much that rests.

    Attributes:
        proposition: The hypothesis.
        sum: 0 or more; None where fewer than two entries are rated.
        rated: How many entries are.
        inferred: How much of the sum is inferred; None where there is none.
        assessments_left_out: How many assessments take a stance on it that are no part of the
            matrix.
    """

    proposition: str
    sum: int | None
    rated: int
    inferred: int | None
    assessments_left_out: int


@dataclass(frozen=True, slots=True)
class CellRow:
    """An entry, no assessment, and a hypothesis of an exclusive topic on which it has a stance."""

    topic: str
    entry_ref: str
    kind: str
    summary: str
    hypothesis: str
    cell: str
    diagnosticity: int | None


_WHOSE = ("entry_ref", "kind", "actor", "principal")
_Entry, _Actor = aliased(Entry, name="entry"), aliased(Actor)
_STORED: Mapping[str, Any] = {
    "entry_ref": _Entry.ref,
    "kind": _Entry.kind,
    "actor": select(_Actor.ref).where(_Actor.id == _Entry.actor_id).scalar_subquery(),
    "summary": _Entry.summary,
}
"""The columns of a row by which the database can sort."""
_WEIGHED = ("principal", "diagnosticity")
"""The other columns of a row, apart from the hypotheses."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The refs of the hypotheses, in the order of the columns, and the rows, which stream."""

    hypotheses: tuple[str, ...]
    rows: Iterator[HypothesisRow]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, for the values that `HypothesisRow.values` returns."""
        return (*_WHOSE, "summary", *self.hypotheses, "diagnosticity")

    @property
    def layout(self) -> Layout:
        """The layout of a table of the values that `HypothesisRow.values` returns."""
        return hypothesis_layout(self.hypotheses)


def hypotheses(session: Session, names: Sequence[str], filters: Filters | None = None) -> Matrix:
    """Return the matrix of competing hypotheses, one row per entry.

    Sends one or two statements for each name, two for the actors, one whose rows stream, and two
    for each batch of these. To sort by a hypothesis, the principal or the diagnosticity, the rows
    are made twice and sorted on disk.

    Args:
        session: The session.
        names: The refs of propositions, whose order the columns keep; or the ref of one exclusive
            topic, whose propositions come by ref. If a proposition and a topic share a ref, it is
            the proposition.
        filters: The filters on entries; those on stances apply to the stances on the hypotheses.

    Raises:
        UnknownRef: A name is not a proposition, nor the only name and a topic.
        Usage: There are no names, or the topic is not exclusive, or has no propositions.
        InvalidValue: The filters name a column that the matrix does not have.
    """
    found, filters = _found(session, names), filters or Filters()
    terms = _sort_terms(found, filters)
    evidence = _Evidence(session, found, filters)
    if all(name in _STORED for name, _ in terms):
        return Matrix(found, evidence.rows(evidence.entries(filters)))
    return Matrix(found, take_page(evidence.sorted_rows(terms), filters))


def _sort_terms(found: Sequence[str], filters: Filters) -> list[tuple[str, bool]]:
    """Return the columns to sort by, each with True if it is descending."""
    columns = dict.fromkeys([*found, *_STORED, *_WEIGHED])
    terms = [(term.removeprefix("-"), term.startswith("-")) for term in filters.sort]
    for (name, _), term in zip(terms, filters.sort, strict=True):
        if name not in columns:
            raise InvalidValue("sort column", term, f"one of {', '.join(columns)}")
    return terms


class _Evidence:
    """The entries that are evidence, and the rows that are made of them."""

    def __init__(self, session: Session, found: Sequence[str], filters: Filters) -> None:
        self._session, self._found, self._filters = session, found, filters

    def entries(self, page: Filters) -> Iterator[int]:
        """Yield the keys of the entries on a page, sorted by stored columns, then by ref."""
        query = select(_Entry.id).where(*match_evidence(_Entry, self._found, self._filters))
        ordered = order_and_page(query, page, _STORED, _Entry.ref)
        return (key for (key,) in stream(self._session, ordered))

    def rows(self, entries: Iterator[int]) -> Iterator[HypothesisRow]:
        """Yield the rows of entries."""
        return (item.row for item in self._items(entries))

    def sorted_rows(self, terms: Sequence[tuple[str, bool]]) -> Iterator[HypothesisRow]:
        """Yield the rows in an order that the database cannot compute; equal ones by ref."""
        usual = replace(self._filters, sort=(), limit=None, offset=None)
        keyed = (
            ([self._value(item, name) for name, _ in terms], (item.key,))
            for item in self._items(self.entries(usual))
        )
        ordered = sort_on_disk(keyed, [down for _, down in terms])
        return self.rows(key for (key,) in ordered)

    def _value(self, item: "_Item", name: str) -> Any:
        """Return the value of a column; `name` is a field of the row, else a hypothesis."""
        if name in (*_STORED, *_WEIGHED):
            return getattr(item.row, name)
        return item.values[self._found.index(name)]

    def _items(self, entries: Iterator[int]) -> Iterator["_Item"]:
        """Yield the row of each entry, in the order of `entries`; two statements for each batch."""
        readings = select_readings(self._found, self._filters)
        for batch in batches(entries):
            keys = {"entries": batch}
            shown = dict(self._shown.fetch_entries(batch))
            cells_by_row = defaultdict[tuple[int, str], list[Cell]](list)
            for key, name, value, basis in stream(self._session, readings, keys):
                cells_by_row[key, name].append(Cell(value, basis is Basis.EXPLICIT))
            for key in batch:
                entry = shown[key]
                cells = (cells_by_row.get((key, name)) for name in self._found)
                values = [combine_readings(cell).value if cell else None for cell in cells]
                letters, diagnosticity = (
                    tuple(map(format_ach_cell, values)),
                    compute_diagnosticity(values),
                )
                parties = entry.actor, entry.principal
                row = HypothesisRow(
                    entry.ref, entry.kind, *parties, entry.summary, letters, diagnosticity
                )
                yield _Item(key, row, values)

    @cached_property
    def _shown(self) -> DisplayValues:
        return DisplayValues(self._session, self._filters, ActorTree(self._session))


class _Item(NamedTuple):
    """An entry as evidence: its key, its row, and the value of each cell, if it has one."""

    key: int
    row: HypothesisRow
    values: list[int | None]


def cells(session: Session, topic: str, filters: Filters | None = None) -> Iterator[CellRow]:
    """Stream the matrix of an exclusive topic in long form, by entry, then hypothesis.

    Finding the propositions sends two statements, the rows one.

    Raises:
        UnknownRef: There is no such topic.
        Usage: The topic is not exclusive, or has no propositions.
    """
    found = list_hypotheses(session, get(session, Topic, topic))
    rows = stream(session, select_evidence(found, filters or Filters()))
    for (ref, kind, summary), of_entry in groupby(rows, itemgetter(1, 2, 3)):
        read = [
            (
                name,
                combine_readings(Cell(value, basis is Basis.EXPLICIT) for *_, value, basis in some),
            )
            for name, some in groupby(of_entry, itemgetter(4))
        ]
        diagnosticity = compute_diagnosticity([cell.value for _, cell in read])
        for name, cell in read:
            yield CellRow(
                topic, ref, kind.value, summary, name, format_ach_cell(cell.value), diagnosticity
            )


def sums(
    session: Session, found: Sequence[str], filters: Filters | None = None
) -> tuple[SumRow, ...]:
    """Return the inconsistency of each hypothesis, in the order of `found`, their refs.

    Includes all matching entries, not only those on the page. Sends one statement, one for each
    hypothesis, and those that fetch the facts of entries, which are held in memory.
    """
    filters = filters or Filters()
    facts = FactsLoader(session, filters)
    readings: dict[str, dict[int, list[Cell]]] = {name: defaultdict(list) for name in found}
    for entry, *_, name, value, basis in stream(session, select_evidence(found, filters)):
        readings[name][entry].append(Cell(value, basis is Basis.EXPLICIT))
    rows = []
    for name in found:
        cells = {entry: combine_readings(ratings) for entry, ratings in readings[name].items()}
        against = [entry for entry, cell in cells.items() if cell.value < 0]
        entries = facts.load(against).values()
        origins = group_by_origin(
            entries, *facts.load_repeats_and_outsiders(against), judgements=True
        )
        weighed = sum_inconsistency(cells, origins.least_groups())
        left = count_left_out_assessments(session, [name], filters)
        rows.append(SumRow(name, weighed.total, weighed.rated, weighed.inferred, left))
    return tuple(rows)


def describe_sum(row: SumRow) -> tuple[str, ...]:
    """Return the inconsistency of a hypothesis and the number of rated entries, as lines."""
    if row.sum is None:
        return ("no sum", f"{row.rated} rated")
    return (str(row.sum), f"{row.rated} rated", f"{row.inferred} inferred")


def count_left_out_assessments(
    session: Session, found: Sequence[str], filters: Filters | None = None
) -> int:
    """Return how many assessments take a stance on hypotheses and are no part of their matrix.

    Those that the filters leave out are not counted. Sends one statement, or none.
    """
    filters = filters or Filters()
    if filters.kinds:
        return 0
    entry = aliased(Entry)
    assessments = entry.kind == EntryKind.ASSESSMENT, *match_rated(entry, found, filters)
    return session.scalar(select(func.count()).select_from(entry).where(*assessments)) or 0


def describe_left_out(count: int) -> str:
    """Return a sentence on the assessments left out of a matrix, without its full stop."""
    if count == 1:
        return (
            "1 assessment takes a stance on these and is left out: it is a judgement, not evidence"
        )
    return (
        f"{count:,} assessments take a stance on these and are left out: they are judgements, "
        "not evidence"
    )


def _found(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    """Return the refs of the hypotheses: propositions as they are named, or those of a topic.

    Raises:
        Usage: There are no names.
        UnknownRef: A name is neither a proposition nor, if alone, a topic.
    """
    if not names:
        raise Usage("name the propositions to compare, or one exclusive topic")
    if len(names) > 1 or find(session, Proposition, names[0]) is not None:
        return tuple(dict.fromkeys(get(session, Proposition, name).ref for name in names))
    topic = find(session, Topic, names[0])
    if topic is None:
        close = [*nearest(session, Proposition, names[0]), *nearest(session, Topic, names[0])]
        raise UnknownRef("proposition or topic", names[0], close[:3])
    return list_hypotheses(session, topic)


def list_hypotheses(session: Session, topic: Topic) -> tuple[str, ...]:
    """Return the refs of the propositions directly under an exclusive topic, in order.

    Raises:
        Usage: The topic is not exclusive, or has no propositions.
    """
    if not topic.exclusive:
        raise Usage(
            f"topic {topic.ref!r} is not exclusive, so that several of its propositions can be "
            "true: name those to compare"
        )
    query = select(Proposition.ref).where(Proposition.topic == topic).order_by(Proposition.ref)
    found = tuple(session.scalars(query))
    if not found:
        raise Usage(f"topic {topic.ref!r} holds no proposition: add those to weigh")
    return found
