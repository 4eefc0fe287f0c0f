"""What speaks for and against competing hypotheses: the matrix of ACH.

The hypotheses are named propositions, or those of an exclusive topic. One row per entry that takes
a stance on at least one of them, by ref; assessments are left out, since they judge and are not
evidence, unless the filter on kinds asks for them: `left_out` counts them. A column per hypothesis
holds `II I N C CC`, or nothing where the entry is silent.

* Where judges read one entry differently, the cell is the reading that speaks most against the
  hypothesis, if any does, else the one that speaks most for it. `check` lists such readings.
* diagnosticity: how far an entry tells the hypotheses apart, its greatest value minus its least;
  empty where it speaks to fewer than two.
* The sum of a hypothesis (`weigh.hypotheses`, inconsistency): |value| over its I and II, where
  entries that may be of one origin count once at their largest; beside it how many entries are
  rated, and how much of the sum is inferred. Of fewer than two rated entries there is no sum. It
  shows what speaks against a hypothesis; it is never a probability.

In long form, as exports have it, there is one row per cell that is not empty, since each topic has
columns of its own otherwise.

Source: Heuer, Psychology of Intelligence Analysis, 1999, ch. 8; see `weigh.hypotheses`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session, aliased

from claimtrack.errors import UnknownRef, Usage
from claimtrack.models import Actor, Entry, Proposition, Stance, Topic
from claimtrack.query.actors import ActorTree, refs_of_actors
from claimtrack.query.facts import Facts
from claimtrack.query.filters import Filters, entries_wanted, ordered_by, strong_enough
from claimtrack.query.visibility import agent, stance_counts
from claimtrack.records import find, get, nearest
from claimtrack.sql import stream
from claimtrack.vocab import Basis, EntryKind
from claimtrack.weigh.hypotheses import (
    Cell,
    ach_cell,
    diagnosticity,
    inconsistency,
    reading,
)
from claimtrack.weigh.origins import find_origins


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
        whose = (self.entry_ref, self.kind, self.actor, self.principal)
        return (*whose, self.summary, *self.cells, self.diagnosticity)


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


@dataclass(frozen=True, slots=True)
class Matrix:
    """The hypotheses, the columns that they make, and the rows, which stream."""

    hypotheses: tuple[str, ...]
    rows: Iterator[HypothesisRow]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of what `HypothesisRow.values` returns."""
        return (*_WHOSE, "summary", *self.hypotheses, "diagnosticity")


def hypotheses(session: Session, names: Sequence[str], wanted: Filters | None = None) -> Matrix:
    """Return the matrix of the propositions named, or of one exclusive topic.

    Its rows stream from one statement, after two that read the actors; finding the names sends one
    or two for each before. The
    hypotheses keep the order in which they are named, those of a topic come by ref. Filters narrow
    the entries, those on stances asking for one on a hypothesis. A ref that a proposition and a
    topic share is the proposition.

    Raises:
        UnknownRef: a name is no proposition, and not the one topic.
        Usage: nothing is named, or the topic is not exclusive, or holds no proposition.
        InvalidValue: there is no such column to sort by.
    """
    found = _found(session, names)
    return Matrix(found, _rows(session, _evidence(found, wanted or Filters())))


def _rows(session: Session, evidence: Select[*tuple[Any, ...]]) -> Iterator[HypothesisRow]:
    tree, refs = ActorTree(session), refs_of_actors(session)
    for ref, kind, actor, behalf, summary, *values in stream(session, evidence):
        whose = refs[actor], refs[tree.principal(behalf)]
        letters = tuple(map(ach_cell, values))
        yield HypothesisRow(ref, kind.value, *whose, summary, letters, diagnosticity(values))


def cells(session: Session, topic: str, wanted: Filters | None = None) -> Iterator[CellRow]:
    """Stream the matrix of an exclusive topic in long form, by entry, then hypothesis.

    Finding the propositions sends two statements, the rows one.

    Raises:
        UnknownRef: there is no such topic.
        Usage: it is not exclusive, or holds no proposition.
    """
    found = hypotheses_of(session, get(session, Topic, topic))
    rows = stream(session, _long(found, wanted or Filters()))
    for (ref, kind, summary), told in groupby(rows, lambda row: tuple(row[:3])):
        values = [(name, value) for *_, name, value in told]
        apart = diagnosticity([value for _, value in values])
        for name, value in values:
            cell = ach_cell(value)
            yield CellRow(topic, ref, kind.value, summary, name, cell, apart)


def sums(
    session: Session, found: Sequence[str], wanted: Filters | None = None
) -> tuple[SumRow, ...]:
    """Return what speaks against each hypothesis of a matrix, in their order.

    All evidence counts, also that beyond the page shown. Sends one statement, one for each
    hypothesis, and those that fetch the facts of entries, which are kept in memory.
    """
    wanted = wanted or Filters()
    facts = Facts(session, wanted)
    readings: dict[str, dict[int, list[Cell]]] = {name: defaultdict(list) for name in found}
    for name, entry, value, basis in stream(session, _cells(found, wanted)):
        readings[name][entry].append(Cell(value, basis is Basis.EXPLICIT))
    rows = []
    for name in found:
        cells = {entry: reading(given) for entry, given in readings[name].items()}
        against = [entry for entry, cell in cells.items() if cell.value < 0]
        entries = facts.of(against).values()
        origins = find_origins(entries, *facts.repetitions(against), judgements=True)
        weighed = inconsistency(cells, origins.least_groups())
        left = left_out(session, [name], wanted)
        rows.append(SumRow(name, weighed.total, weighed.rated, weighed.inferred, left))
    return tuple(rows)


def describe_sum(row: SumRow) -> tuple[str, ...]:
    """Return what speaks against a hypothesis, and on how much that rests, in lines."""
    if row.sum is None:
        return ("no sum", f"{row.rated} rated")
    return (str(row.sum), f"{row.rated} rated", f"{row.inferred} inferred")


def left_out(session: Session, found: Sequence[str], wanted: Filters | None = None) -> int:
    """Return how many assessments take a stance on hypotheses and are no part of their matrix.

    Those that the filters leave out are not counted. Sends one statement, or none.
    """
    wanted = wanted or Filters()
    if wanted.kinds:
        return 0
    entry, stance = aliased(Entry), aliased(Stance)
    on_any = select(stance.entry_id).where(
        stance.proposition_id.in_(_keys(found)), *_counting(stance, wanted)
    )
    query = select(func.count()).select_from(entry).where(entry.id.in_(on_any))
    assessments = entry.kind == EntryKind.ASSESSMENT, *_takes_stance(entry, found, wanted)
    return session.scalar(query.where(*assessments)) or 0


def left_out_told(count: int) -> str:
    """Say how many assessments are no part of a matrix, as a sentence without its full stop."""
    if count == 1:
        return "1 assessment takes a stance on these and is left out: it judges, and is no evidence"
    return (
        f"{count:,} assessments take a stance on these and are left out: they judge, and are no "
        "evidence"
    )


def _found(session: Session, names: Sequence[str]) -> tuple[str, ...]:
    if not names:
        raise Usage("name the propositions to weigh against each other, or one exclusive topic")
    if len(names) > 1 or find(session, Proposition, names[0]) is not None:
        return tuple(dict.fromkeys(get(session, Proposition, name).ref for name in names))
    topic = find(session, Topic, names[0])
    if topic is None:
        close = [*nearest(session, Proposition, names[0]), *nearest(session, Topic, names[0])]
        raise UnknownRef("proposition or topic", names[0], close[:3])
    return hypotheses_of(session, topic)


def hypotheses_of(session: Session, topic: Topic) -> tuple[str, ...]:
    """Return the propositions that compete under a topic, by ref.

    Raises:
        Usage: it is not exclusive, or holds none.
    """
    if not topic.exclusive:
        raise Usage(
            f"topic {topic.ref!r} is not exclusive, so that several of its propositions can be "
            "true: name those to weigh against each other"
        )
    query = select(Proposition.ref).where(Proposition.topic == topic).order_by(Proposition.ref)
    found = tuple(session.scalars(query))
    if not found:
        raise Usage(f"topic {topic.ref!r} holds no proposition: add those to weigh")
    return found


def _counting(stance: type[Stance], wanted: Filters) -> list[ColumnElement[bool]]:
    return [*stance_counts(stance, wanted), *strong_enough(stance, wanted)]


def _is_evidence(
    entry: type[Entry], found: Sequence[str], wanted: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is wanted, and no assessment that was not asked for."""
    asked = EntryKind.ASSESSMENT in wanted.kinds
    evidence = [] if asked else [entry.kind != EntryKind.ASSESSMENT]
    return [*evidence, *_takes_stance(entry, found, wanted)]


def _takes_stance(
    entry: type[Entry], found: Sequence[str], wanted: Filters
) -> list[ColumnElement[bool]]:
    on_hypothesis = replace(wanted, propositions=wanted.propositions or tuple(found))
    return entries_wanted(entry, on_hypothesis)


def _evidence(found: Sequence[str], wanted: Filters) -> Select[Any]:
    entry, stance = aliased(Entry), aliased(Stance)
    on_any = select(stance.entry_id).where(
        stance.proposition_id.in_(_keys(found)), *_counting(stance, wanted)
    )
    cells = [_cell(entry, name, wanted).label(f"cell_{at}") for at, name in enumerate(found)]
    source = select(Actor.ref).where(Actor.id == entry.actor_id).scalar_subquery()
    whose: list[SQLColumnExpression[Any]] = [entry.ref, entry.kind, entry.actor_id, agent(entry)]
    query = select(*whose, entry.summary, *cells)
    query = query.where(entry.id.in_(on_any), *_is_evidence(entry, found, wanted))
    columns: dict[str, Any] = {
        **dict(zip(found, cells, strict=True)),
        "entry_ref": entry.ref,
        "kind": entry.kind,
        "actor": source,
        "summary": entry.summary,
        "diagnosticity": _diagnosticity(entry, found, wanted),
    }
    return ordered_by(query, wanted, columns, entry.ref)


def _long(found: Sequence[str], wanted: Filters) -> Select[Any]:
    entry, stance, proposition = aliased(Entry), aliased(Stance), aliased(Proposition)
    told: list[SQLColumnExpression[Any]] = [
        entry.ref,
        entry.kind,
        entry.summary,
        proposition.ref,
    ]
    return (
        select(*told, _reading(stance))
        .select_from(stance)
        .join(entry, entry.id == stance.entry_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(proposition.ref.in_(found), *_counting(stance, wanted))
        .where(*_is_evidence(entry, found, wanted))
        .group_by(*told)
        .order_by(entry.ref, proposition.ref)
    )


def _keys(found: Sequence[str]) -> Select[int]:
    return select(Proposition.id).where(Proposition.ref.in_(found))


def _reading(stance: type[Stance]) -> ColumnElement[int]:
    """Return what judges make of one entry together: the most against, else the most for."""
    least = func.min(stance.value)
    return case((least < 0, least), else_=func.max(stance.value))


def _cell(entry: type[Entry], name: str, wanted: Filters) -> ScalarSelect[int]:
    stance = aliased(Stance)
    return (
        select(_reading(stance))
        .where(stance.entry_id == entry.id, stance.proposition_id.in_(_keys([name])))
        .where(*_counting(stance, wanted))
        .correlate(entry)
        .scalar_subquery()
    )


def _diagnosticity(
    entry: type[Entry], found: Sequence[str], wanted: Filters
) -> ScalarSelect[int | None]:
    """Return `diagnosticity` as SQL, to sort by."""
    stance = aliased(Stance)
    cell = (
        select(_reading(stance).label("value"))
        .where(stance.entry_id == entry.id, stance.proposition_id.in_(_keys(found)))
        .where(*_counting(stance, wanted))
        .group_by(stance.proposition_id)
        .correlate(entry)
        .subquery()
    )
    apart = func.max(cell.c.value) - func.min(cell.c.value)
    return select(case((func.count() >= 2, apart))).select_from(cell).scalar_subquery()


def _cells(found: Sequence[str], wanted: Filters) -> Select[*tuple[Any, ...]]:
    """Select every reading of an entry on a hypothesis: ref, key of the entry, value, basis."""
    entry, stance, proposition = aliased(Entry), aliased(Stance), aliased(Proposition)
    return (
        select(proposition.ref, entry.id, stance.value, stance.basis)
        .select_from(stance)
        .join(entry, entry.id == stance.entry_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(proposition.ref.in_(found), *_counting(stance, wanted))
        .where(*_is_evidence(entry, found, wanted))
        .order_by(entry.ref)
    )
