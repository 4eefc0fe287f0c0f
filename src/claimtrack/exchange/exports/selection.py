"""The rows that an export holds when filters narrow the casebook, consistent among themselves.

The entries are those that lists show for the filters. Also exported are their nested rows, the
links between two of them, and all records to which any of these refer, with their ancestors. What
was not public by `known_by` is left out, and so are judgements by judges not in `asserted_by`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, union
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.exchange.notes import Notes
from claimtrack.models import (
    Actor,
    Base,
    Capture,
    Citation,
    Document,
    Entry,
    Figure,
    Grade,
    Link,
    Measure,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.visibility import (
    citation_in_scope,
    figure_in_scope,
    link_in_scope,
    stance_in_scope,
)
from claimtrack.records import pointing_at
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.sql import batches
from claimtrack.vocab import EntryKind

Conditions = Mapping[str, ColumnElement[bool]]


def build_conditions(filters: Filters) -> Conditions:
    """Return the condition on the rows of each table; empty where no filter is set."""
    if filters == Filters():
        return {}
    entry = aliased(Entry)
    found = select(entry.id).where(*match_filters(entry, filters)).cte("selected")
    # A CTE: SQLite parses the filters once, however often the entries are named below.
    entries = select(found.c.id)
    between = Link.from_id.in_(entries) & Link.to_id.in_(entries)
    conditions: dict[type[Base], ColumnElement[bool]] = {
        Stance: and_(Stance.entry_id.in_(entries), *stance_in_scope(Stance, filters)),
        Figure: and_(Figure.entry_id.in_(entries), *figure_in_scope(Figure, filters)),
        Citation: and_(Citation.entry_id.in_(entries), *citation_in_scope(Citation, filters)),
        Link: and_(between, *link_in_scope(Link, filters)),
        Grade: and_(Grade.entry_id.in_(entries), *_grade_counts(filters)),
        Participation: Participation.entry_id.in_(entries),
    }
    conditions[Proposition] = Proposition.id.in_(
        select(Stance.proposition_id).where(conditions[Stance])
    )
    conditions[Measure] = Measure.id.in_(select(Figure.measure_id).where(conditions[Figure]))
    resolving = select(Proposition.resolved_by_id).where(conditions[Proposition])
    conditions[Entry] = Entry.id.in_(entries) | Entry.id.in_(resolving)
    conditions[Topic] = _up(Topic, Topic.parent_id, conditions)
    conditions[Document] = _up(Document, Document.canonical_id, conditions)
    conditions[Actor] = _up(Actor, Actor.parent_id, conditions)
    conditions[Capture] = Capture.document_id.in_(select(Document.id).where(conditions[Document]))
    return {model.__tablename__: condition for model, condition in conditions.items()}


def _grade_counts(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.known_by:
        conditions.append(Grade.graded_on <= filters.known_by)
    if filters.asserted_by:
        raters = select(Actor.id).where(Actor.ref.in_(filters.asserted_by))
        conditions.append(Grade.graded_by_id.in_(raters))
    return conditions


def stream_pairs(session: Session, filters: Filters, notes: Notes) -> Iterator[ContradictionRow]:
    """Yield the pairs of the contradictions report whose entries are both exported.

    Sends one statement, and with filters one more for some hundred pairs. The other pairs are
    counted in `notes`.
    """
    listed = match_filters(Entry, filters)
    for some in batches(contradictions(session, filters)):
        ends = {ref for pair in some for ref in (pair.subject_ref, pair.counter_ref)}
        if filters != Filters():
            ends = set(session.scalars(select(Entry.ref).where(Entry.ref.in_(ends), *listed)))
        between = [pair for pair in some if {pair.subject_ref, pair.counter_ref} <= ends]
        yield from between
        reason = "of the contradictions report has its other end outside the filters: left out"
        notes.add("pair", "", reason, len(some) - len(between))


class Counts(NamedTuple):
    """The number of entries of an export, and of those left out by reason.

    Attributes:
        exported: The entries exported.
        outside: The entries outside the filters.
        superseded: The superseded entries that the filters exclude.
    """

    exported: int
    outside: int
    superseded: int


def note_left_out(session: Session, filters: Filters, notes: Notes, *kinds: EntryKind) -> Counts:
    """Count the entries that lists show for the filters, of all kinds or of some, and the others.

    Notes and returns the numbers; three statements.
    """
    of_kinds = [Entry.kind.in_(kinds)] if kinds else []

    def count(*conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(Entry).where(*of_kinds, *conditions)
        return session.scalars(query).one()

    every, exported = count(), count(*match_filters(Entry, filters))
    all_of_them = replace(filters, include_superseded=True)
    inside = count(*match_filters(Entry, all_of_them)) if exported < every else every
    noun = kinds[0].value if len(kinds) == 1 else "entry"
    notes.add(noun, "", "is outside the filters: left out", every - inside)
    why = "is superseded by another: left out without --include-superseded"
    notes.add(noun, "", why, inside - exported)
    return Counts(exported, every - inside, inside - exported)


def note_outside(session: Session, conditions: Conditions, notes: Notes) -> None:
    """Note how many entries are left out, and links from an exported entry to one left out.

    Sends two statements where any filter is set.
    """
    if not conditions:
        return
    inside = select(Entry.id).where(conditions["entry"])
    touching = or_(Link.from_id.in_(inside), Link.to_id.in_(inside))
    for model, among, reason in (
        (Entry, true(), "is outside the filters: left out"),
        (Link, touching, "has its other end outside the filters, or does not count: left out"),
    ):
        table = model.__tablename__
        # Counted, and not excluded by NOT: the condition may be NULL.
        selected = func.count(case((conditions[table], 1)))
        query = select(func.count(), selected).select_from(model).where(among)
        every, exported = session.execute(query).one()
        notes.add(table, "", reason, every - exported)


def get_active_filters(filters: Filters) -> dict[str, Any]:
    """Return the filters that are set, by name."""
    values = {name: getattr(filters, name) for name in Filters.__dataclass_fields__}
    return {name: value for name, value in values.items() if value not in (None, (), False)}


def has_masked_records(session: Session) -> bool:
    """Return whether there are protected records that the session masks."""
    return bool(session.state.mask.pseudonyms)


def _up(
    model: Any, above: Any, conditions: Mapping[type[Base], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return the condition for rows that exported rows refer to, and all their ancestors."""
    named = union(
        *(
            select(column).where(conditions[other])
            for other, column, _ in pointing_at(model.__tablename__)
            if other in conditions
        )
    ).subquery()
    row = aliased(model)
    up = select(row.id, getattr(row, above.key)).where(row.id.in_(select(named.c[0])))
    found = up.cte(recursive=True)
    higher = aliased(model)
    found = found.union(
        select(higher.id, getattr(higher, above.key)).join(found, higher.id == found.c[1])
    )
    condition: ColumnElement[bool] = model.id.in_(select(found.c.id))
    return condition
