"""One record of any kind, with all that hangs on it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack import dates, history
from claimtrack.errors import InvalidValue, OtherKind
from claimtrack.lookup.captures import list_captures
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.lookup.rows import PartRow, Section, Shown, SideRow
from claimtrack.lookup.show_entry import entry_sections, participants_of, told_entry
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Grade,
    Link,
    Named,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import actors_below
from claimtrack.records import NAMED, get, record_of
from claimtrack.reports.citations import citations_where
from claimtrack.vocab import EntryKind

LONGEST_CHANGE = 500
"""Characters of one revision that are shown; `claimtrack history` has all of them."""

_ALL = Filters(include_superseded=True)
_BY_DATE = Filters(include_superseded=True, sort=("date_from",))


def show(session: Session, noun: str, ref: str) -> Shown:
    """Return a record with all that hangs on it; what is empty is left out.

    An actor is found by name and alias too. A fixed number of statements for each noun, about ten,
    and one for each step from an actor or topic to the root above it.

    Raises:
        InvalidValue: no record of that noun can be shown.
        UnknownRef: there is no such record; names the nearest.
        OtherKind: it is an entry of another kind.
    """
    model = NAMED.get("entry" if noun in tuple(EntryKind) else noun)
    if model is None:
        raise InvalidValue("noun", noun, f"one of {', '.join([*NAMED, *EntryKind])}")
    row = get(session, model, ref)
    if isinstance(row, Entry) and noun not in ("entry", row.kind):
        raise OtherKind(ref, noun, row.kind)
    match row:
        case Entry():
            told, sections = told_entry(session, row), entry_sections(session, row)
        case Actor():
            told, sections = _told_actor(session, row), _actor_sections(session, row)
        case Document():
            told, sections = _told_document(row), _document_sections(session, row)
        case Topic():
            told, sections = _told_topic(row), _topic_sections(session, row)
        case Proposition():
            told, sections = _told_proposition(row), _proposition_sections(session, row)
    return _shown(session, row, told, sections)


def _shown(
    session: Session,
    row: Named,
    told: Iterable[tuple[str, object]],
    sections: Iterable[tuple[str, Iterable[Any]]],
) -> Shown:
    table = row.__tablename__
    changes = tuple(
        replace(change, fields=_short(change.fields))
        for change in history.history(session, table, row.ref)
    )
    found = [(heading, tuple(rows)) for heading, rows in [*sections, ("History", changes)]]
    return Shown(
        title=f"{row.kind if isinstance(row, Entry) else table} {row.ref}",
        table=table,
        record=_record(session, row),
        fields=tuple((name, _said(value)) for name, value in told if value not in (None, "", [])),
        sections=tuple(Section(heading, rows) for heading, rows in found if rows),
        headings=tuple(heading for heading, _ in found),
    )


def _record(session: Session, row: Named) -> dict[str, Any]:
    record = record_of(row)
    if isinstance(row, Entry):
        record["participants"] = [
            {"actor": actor.ref, "role": role} for role, actor in participants_of(session, row)
        ]
    return record


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CHANGE else f"{text[:LONGEST_CHANGE]} ..."


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _above(row: Actor | Topic) -> list[str]:
    """Return what a record belongs to, nearest first."""
    names, parent = [], row.parent
    while parent is not None:
        names.append(f"{parent.name} ({parent.ref})")
        parent = parent.parent
    return names


def _told_actor(session: Session, actor: Actor) -> list[tuple[str, object]]:
    judged = [
        f"{count} {table.__tablename__}{'s' if count > 1 else ''}"
        for table, judge in (
            (Stance, Stance.asserted_by_id),
            (Link, Link.asserted_by_id),
            (Grade, Grade.graded_by_id),
        )
        if (count := session.scalar(select(func.count()).where(judge == actor.id)) or 0)
    ]
    people = [str(n) for n in (actor.count_min, actor.count_max) if n is not None]
    several = f"at least {people[0]}" if len(people) == 1 else " to ".join(dict.fromkeys(people))
    return [
        ("name", actor.name),
        ("aliases", list(actor.aliases)),
        ("kind", actor.kind),
        ("belongs to", _above(actor)),
        ("access", actor.access),
        ("described as", actor.described_as),
        ("people", several),
        ("protected", actor.protected or None),
        ("judged", judged),
    ]


def _actor_sections(session: Session, actor: Actor) -> list[tuple[str, Iterable[Any]]]:
    below = Actor.id.in_(actors_below([actor.ref])), Actor.id != actor.id
    made = or_(Entry.actor_id == actor.id, Entry.on_behalf_of_id == actor.id)
    published = Document.publisher_id == actor.id
    parts = (
        select(Participation.role, Entry.ref, Entry.kind, Actor.ref.label("actor"), Entry.summary)
        .join(Entry, Entry.id == Participation.entry_id)
        .join(Actor, Actor.id == Entry.actor_id)
        .where(Participation.actor_id == actor.id)
        .order_by(Entry.ref, Participation.role)
    )
    return [
        ("Below it", listed(session, LISTINGS["actor"], _ALL, *below)),
        ("Entries", listed(session, LISTINGS["entry"], _BY_DATE, made)),
        ("Takes part in", (PartRow(*row) for row in session.execute(parts))),
        ("Publishes", listed(session, LISTINGS["document"], _ALL, published)),
    ]


def _told_document(document: Document) -> list[tuple[str, object]]:
    length = document.body and len(document.body)
    canonical = document.canonical
    return [
        ("title", document.title),
        ("publisher", f"{document.publisher.name} ({document.publisher.ref})"),
        ("published", dates.format_published(document.published_from, document.published_to)),
        ("address", document.url),
        ("another address of", canonical and canonical.ref),
        ("archived at", document.archive_url),
        ("language", document.language),
        ("coverage", document.coverage),
        ("text kept", length and f"{length:,} characters"),
        ("protected", document.protected or None),
    ]


def _document_sections(session: Session, document: Document) -> list[tuple[str, Iterable[Any]]]:
    key = document.id
    return [
        ("Captures", list_captures(session, document.ref)),
        ("Cited for", citations_where(session, Citation.document_id == key)),
        ("Footnotes found in it", citations_where(session, Citation.via_id == key)),
        (
            "Other addresses",
            listed(session, LISTINGS["document"], _ALL, Document.canonical_id == key),
        ),
        (
            "Readings published in it",
            listed(session, LISTINGS["stance"], _ALL, Stance.document_id == key),
        ),
        (
            "Links published in it",
            listed(session, LISTINGS["link"], _ALL, Link.document_id == key),
        ),
    ]


def _told_topic(topic: Topic) -> list[tuple[str, object]]:
    return [
        ("name", topic.name),
        ("belongs to", _above(topic)),
        ("exclusive", topic.exclusive),
    ]


def _topic_sections(session: Session, topic: Topic) -> list[tuple[str, Iterable[Any]]]:
    under = Proposition.topic_id == topic.id
    return [
        ("Subtopics", listed(session, LISTINGS["topic"], _ALL, Topic.parent_id == topic.id)),
        ("Propositions", listed(session, LISTINGS["proposition"], _ALL, under)),
    ]


def _told_proposition(proposition: Proposition) -> list[tuple[str, object]]:
    settled_by = proposition.resolved_by
    return [
        ("text", proposition.text),
        ("topic", f"{proposition.topic.name} ({proposition.topic.ref})"),
        ("true", proposition.truth),
        ("resolved on", proposition.resolved_on),
        ("settled by", settled_by and f"{settled_by.summary} ({settled_by.ref})"),
    ]


def _proposition_sections(
    session: Session, proposition: Proposition
) -> list[tuple[str, Iterable[Any]]]:
    judge = aliased(Actor)
    columns: list[Any] = [
        Stance.value,
        Entry.ref,
        Entry.kind,
        Actor.ref,
        Entry.date_from,
        Entry.date_to,
        Stance.basis,
        Stance.hedge,
        Stance.condition,
        Stance.likelihood,
        judge.ref,
        Entry.summary,
    ]
    query = (
        select(*columns)
        .join(Entry, Entry.id == Stance.entry_id)
        .join(Actor, Actor.id == Entry.actor_id)
        .join(judge, judge.id == Stance.asserted_by_id)
        .where(Stance.proposition_id == proposition.id)
        .order_by(Entry.date_from.nulls_last(), Entry.ref, judge.ref)
    )
    rows = [SideRow(*row) for row in session.execute(query)]
    return [
        ("Affirmed", [row for row in rows if row.value > 0]),
        ("Left open", [row for row in rows if row.value == 0]),
        ("Denied", [row for row in rows if row.value < 0]),
    ]
