"""The rows that hold together when a casebook is narrowed by the filters of the reports.

The entries are those that lists give for the filters; with them go what hangs on them, the links
between two of them, and all that any of that refers to, up to the topmost. What was not public by
the day asked about is left out, and so is what other judges than those asked for make of it.
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
    Grade,
    Link,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.visibility import citation_in_scope, link_in_scope, stance_in_scope
from claimtrack.records import pointing_at
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.sql import batches
from claimtrack.vocab import EntryKind

Chosen = Mapping[str, ColumnElement[bool]]


def chosen(wanted: Filters) -> Chosen:
    """Return the condition on the rows of each table; none where nothing is narrowed."""
    if wanted == Filters():
        return {}
    entry = aliased(Entry)
    found = select(entry.id).where(*match_filters(entry, wanted)).cte("wanted")
    entries = select(found.c.id)  # as often as it is named, SQLite's parser sees it once
    between = Link.from_id.in_(entries) & Link.to_id.in_(entries)
    kept: dict[type[Base], ColumnElement[bool]] = {
        Stance: and_(Stance.entry_id.in_(entries), *stance_in_scope(Stance, wanted)),
        Citation: and_(Citation.entry_id.in_(entries), *citation_in_scope(Citation, wanted)),
        Link: and_(between, *link_in_scope(Link, wanted)),
        Grade: and_(Grade.entry_id.in_(entries), *_grade_counts(wanted)),
        Participation: Participation.entry_id.in_(entries),
    }
    kept[Proposition] = Proposition.id.in_(select(Stance.proposition_id).where(kept[Stance]))
    resolving = select(Proposition.resolved_by_id).where(kept[Proposition])
    kept[Entry] = Entry.id.in_(entries) | Entry.id.in_(resolving)
    kept[Topic] = _up(Topic, Topic.parent_id, kept)
    kept[Document] = _up(Document, Document.canonical_id, kept)
    kept[Actor] = _up(Actor, Actor.parent_id, kept)
    kept[Capture] = Capture.document_id.in_(select(Document.id).where(kept[Document]))
    return {model.__tablename__: condition for model, condition in kept.items()}


def _grade_counts(wanted: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.known_by:
        conditions.append(Grade.graded_on <= wanted.known_by)
    if wanted.asserted_by:
        raters = select(Actor.id).where(Actor.ref.in_(wanted.asserted_by))
        conditions.append(Grade.graded_by_id.in_(raters))
    return conditions


def pairs_between(session: Session, wanted: Filters, notes: Notes) -> Iterator[ContradictionRow]:
    """Stream the pairs of the contradictions report of which both entries are listed.

    Sends one statement, and where the casebook is narrowed one more for some hundred pairs. Pairs
    of which an entry is not listed are counted in `notes`.
    """
    listed = match_filters(Entry, wanted)
    for some in batches(contradictions(session, wanted)):
        ends = {ref for pair in some for ref in (pair.subject_ref, pair.counter_ref)}
        if wanted != Filters():
            ends = set(session.scalars(select(Entry.ref).where(Entry.ref.in_(ends), *listed)))
        between = [pair for pair in some if {pair.subject_ref, pair.counter_ref} <= ends]
        yield from between
        reason = "of the contradictions report has its other end outside the filters: left out"
        notes.add("pair", "", reason, len(some) - len(between))


class Counts(NamedTuple):
    """How many entries lists give for filters, and how many they leave out for which reason."""

    given: int
    outside: int
    superseded: int


def note_left_out(session: Session, wanted: Filters, notes: Notes, *kinds: EntryKind) -> Counts:
    """Count the entries that lists give for the filters, of all kinds or of some, and the others.

    Sends three statements.
    """
    of_kinds = [Entry.kind.in_(kinds)] if kinds else []

    def count(*conditions: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(Entry).where(*of_kinds, *conditions)
        return session.scalars(query).one()

    every, given = count(), count(*match_filters(Entry, wanted))
    all_of_them = replace(wanted, include_superseded=True)
    inside = count(*match_filters(Entry, all_of_them)) if given < every else every
    noun = kinds[0].value if len(kinds) == 1 else "entry"
    notes.add(noun, "", "is outside the filters: left out", every - inside)
    why = "is superseded by another: left out, but with --include-superseded"
    notes.add(noun, "", why, inside - given)
    return Counts(given, every - inside, inside - given)


def note_outside(session: Session, kept: Chosen, notes: Notes) -> None:
    """Count the entries that `chosen` leaves out, and the links between one of them and one kept.

    Sends two statements where anything is narrowed.
    """
    if not kept:
        return
    inside = select(Entry.id).where(kept["entry"])
    touching = or_(Link.from_id.in_(inside), Link.to_id.in_(inside))
    for model, among, reason in (
        (Entry, true(), "is outside the filters: left out"),
        (Link, touching, "has its other end outside the filters, or does not count: left out"),
    ):
        table = model.__tablename__
        held = func.count(case((kept[table], 1)))  # not by NOT: the condition may be null
        query = select(func.count(), held).select_from(model).where(among)
        every, given = session.execute(query).one()
        notes.add(table, "", reason, every - given)


def asked(wanted: Filters) -> dict[str, Any]:
    """Return the filters that narrow anything, by name."""
    values = {name: getattr(wanted, name) for name in Filters.__dataclass_fields__}
    return {name: value for name, value in values.items() if value not in (None, (), False)}


def withholds(session: Session) -> bool:
    """Whether a session names protected records by pseudonym, since there are any."""
    return bool(session.state.veil.pseudonyms)


def _up(
    model: Any, above: Any, kept: Mapping[type[Base], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return the condition that a row is named by one that is kept, or above one that is."""
    named = union(
        *(
            select(column).where(kept[other])
            for other, column, _ in pointing_at(model.__tablename__)
            if other in kept
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
