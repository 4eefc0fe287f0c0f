"""One entry as a dossier: who, via whom, when, in which words, what speaks for and against it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack import dates
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.lookup.rows import AssertedRow, BearingRow, LinkedRow
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Grade,
    Link,
    Participation,
    Proposition,
    Stance,
)
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters
from claimtrack.query.visibility import SHOWS, entry_counts, principal
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.citations import citations_where
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.vocab import (
    SYMMETRIC,
    CitationRole,
    EntryKind,
    PairStatus,
    Relation,
)

_BY = {
    EntryKind.STATEMENT: "words",
    EntryKind.COMMITMENT: "words",
    EntryKind.WINDOW: "words",
    EntryKind.ACTION: "deeds",
    EntryKind.CLAIM: "sources",
    EntryKind.ASSESSMENT: "assessments",
}
_IN_ORDER = tuple(dict.fromkeys(_BY.values()))
_OUTWARD = {Relation.RESPONDS_TO: "replies to", Relation.UNRELATED: "unrelated to"}
_INWARD = {
    Relation.REPEATS: "repeated by",
    Relation.RESPONDS_TO: "answered by",
    Relation.SUPERSEDES: "superseded by",
    Relation.CONCERNS: "spoken of by",
}


def told_entry(session: Session, entry: Entry) -> list[tuple[str, object]]:
    """Return the fields of an entry, by the names under which they are shown."""
    own = select(principal(Entry)).where(Entry.id == entry.id).scalar_subquery()
    root = session.scalar(select(Actor).where(Actor.id == own))
    other = root is not None and root is not entry.actor
    span = dates.format_span(entry.date_from, entry.date_to)
    words = entry.date_text
    return [
        ("summary", entry.summary),
        ("who", _called(entry.actor)),
        ("described as", entry.actor.described_as),
        ("in the capacity of", entry.capacity),
        ("on behalf of", entry.on_behalf_of and _called(entry.on_behalf_of)),
        ("principal", _called(root) if root and other else None),
        *_participants(session, entry),
        ("reported by", _outlets(session, entry)),
        ("when", f'{span} ("{words}")' if span and words else span or words),
        ("about", dates.format_span(entry.about_from, entry.about_to)),
        ("where", entry.place),
        ("action code", entry.action_code),
        ("coordinates", _coordinates(entry)),
        ("in its words", _quotations(session, entry)),
    ]


def _called(actor: Actor) -> str:
    return f"{actor.name} ({actor.ref})"


def _coordinates(entry: Entry) -> str | None:
    if entry.latitude is None and entry.longitude is None:
        return None
    return f"{entry.latitude}, {entry.longitude}"


def participants_of(session: Session, entry: Entry) -> Iterator[Any]:
    """Yield the role and the actor of each who takes part beside its agent, by role, then ref."""
    query = (
        select(Participation.role, Actor)
        .join(Actor, Actor.id == Participation.actor_id)
        .where(Participation.entry_id == entry.id)
        .order_by(Participation.role, Actor.ref)
    )
    yield from session.execute(query)


def _participants(session: Session, entry: Entry) -> list[tuple[str, object]]:
    by_role: dict[str, list[str]] = {}
    for role, actor in participants_of(session, entry):
        by_role.setdefault(role.replace("_", "-"), []).append(_called(actor))
    return list(by_role.items())


def _outlets(session: Session, entry: Entry) -> list[str]:
    """Return who published the documents that show an entry, who has it at first hand first."""
    day = func.min(func.coalesce(Document.published_from, Document.published_to))
    second_hand = func.min(case((Citation.role == CitationRole.PRIMARY, 0), else_=1))
    query = (
        select(Actor.ref, Actor.name)
        .join(Document, Document.publisher_id == Actor.id)
        .join(Citation, Citation.document_id == Document.id)
        .where(Citation.entry_id == entry.id, Citation.role.in_(SHOWS))
        .group_by(Actor.ref, Actor.name)
        .order_by(second_hand, day.nulls_last(), Actor.ref)
    )
    return [f"{name} ({ref})" for ref, name in session.execute(query)]


def _quotations(session: Session, entry: Entry) -> list[str]:
    query = (
        select(Citation.exact)
        .join(Document, Document.id == Citation.document_id)
        .where(Citation.entry_id == entry.id, Citation.exact.is_not(None))
        .order_by(Document.ref, Citation.start_pos.nulls_last(), Citation.exact)
    )
    return list(dict.fromkeys(text for text in session.scalars(query) if text))


def entry_sections(session: Session, entry: Entry) -> list[tuple[str, Iterable[Any]]]:
    """Return what hangs on an entry, by heading, in the order in which a dossier is read."""
    whole = Filters(include_superseded=True)
    settles = Proposition.resolved_by_id == entry.id
    return [
        ("Asserts", _asserted(session, entry)),
        ("Speaks for it", _in_order(_for(session, entry))),
        ("Speaks against it", _in_order(_against(session, entry))),
        ("Grades", listed(session, LISTINGS["grade"], whole, Grade.entry_id == entry.id)),
        ("Footnotes", citations_where(session, Citation.entry_id == entry.id)),
        ("Links", _links(session, entry)),
        ("Settles", listed(session, LISTINGS["proposition"], whole, settles)),
    ]


def _asserted(session: Session, entry: Entry) -> Iterator[AssertedRow]:
    columns: list[Any] = [
        Proposition.ref,
        Proposition.text,
        Stance.value,
        Stance.basis,
        Stance.hedge,
        Stance.condition,
        Stance.likelihood,
        Stance.confidence,
        Actor.ref,
        Stance.rationale,
    ]
    query = (
        select(*columns)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Actor, Actor.id == Stance.asserted_by_id)
        .where(Stance.entry_id == entry.id)
        .order_by(Proposition.ref, Actor.ref)
    )
    return (AssertedRow(*row) for row in session.execute(query))


def _in_order(rows: Iterable[BearingRow]) -> list[BearingRow]:
    def place(row: BearingRow) -> tuple[int, date, str]:
        day = row.date_from or row.date_to or date.max
        return _IN_ORDER.index(row.by), day, row.ref

    return sorted(rows, key=place)


def _for(session: Session, entry: Entry) -> Iterator[BearingRow]:
    """Yield the entries that affirm it."""
    for row in affirmations(session, Filters(), Entry.id == entry.id):
        how = ["same side"] * bool(row.propositions) + ["corroborates"] * row.corroborates
        yield BearingRow(
            by=_BY[EntryKind(row.kind)],
            ref=row.ref,
            actor=row.actor,
            date_from=row.date_from,
            date_to=row.date_to,
            summary=row.summary,
            how=", ".join(how),
            strength=row.strength,
            propositions=row.propositions,
        )


def _against(session: Session, entry: Entry) -> Iterator[BearingRow]:
    """Yield the entries that oppose it, those that a judge has reconciled with it marked so."""
    superseded = not session.scalar(
        select(Entry.id).where(Entry.id == entry.id, *entry_counts(Entry, Filters()))
    )
    wanted = Filters(include_superseded=superseded)
    pairs = PairFilters(entries=(entry.ref,), include_reconciled=True)
    for pair in contradictions(session, wanted, pairs):
        yield _opponent(pair, "counter" if pair.subject_ref == entry.ref else "subject")


def _opponent(pair: ContradictionRow, side: str) -> BearingRow:
    reconciled = ", reconciled" if pair.status == PairStatus.RECONCILED else ""
    return BearingRow(
        by=_BY[EntryKind(getattr(pair, f"{side}_kind"))],
        ref=getattr(pair, f"{side}_ref"),
        actor=getattr(pair, f"{side}_actor"),
        date_from=getattr(pair, f"{side}_date_from"),
        date_to=getattr(pair, f"{side}_date_to"),
        summary=getattr(pair, f"{side}_summary"),
        how=f"{pair.klass or ''}{reconciled}".removeprefix(", "),
        strength=pair.strength or 0,
        propositions=pair.propositions,
    )


def _links(session: Session, entry: Entry) -> Iterator[LinkedRow]:
    """Yield the links of an entry by relation, then by the ref at the other end.

    Those that others have to it come last; what has no direction is as much its own as theirs.
    """
    other, judge = aliased(Entry), aliased(Actor)
    is_first = Link.from_id == entry.id
    far_end = case((is_first, Link.to_id), else_=Link.from_id)
    own = or_(is_first, Link.relation.in_(SYMMETRIC))
    query = (
        select(Link, own, other, Actor.ref, judge.ref)
        .join(other, other.id == far_end)
        .join(Actor, Actor.id == other.actor_id)
        .join(judge, judge.id == Link.asserted_by_id)
        .where(or_(is_first, Link.to_id == entry.id))
        .order_by(own.desc(), Link.relation, other.ref, judge.ref)
    )
    for link, is_own, row, actor, asserted_by in session.execute(query):
        words = _OUTWARD if is_own else _INWARD
        yield LinkedRow(
            how=words.get(link.relation, link.relation.value),
            ref=row.ref,
            kind=row.kind,
            actor=actor,
            summary=row.summary,
            strength=link.strength,
            asserted_by=asserted_by,
            rationale=link.rationale,
        )
