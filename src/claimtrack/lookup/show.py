"""One record of any type, with its sections."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack import dates, history
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, OtherKind
from claimtrack.lookup.captures import list_captures
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.lookup.rows import Part, PartRow, Section, Shown, SideRow
from claimtrack.lookup.show_entry import entry_fields, entry_sections, participants_of
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Figure,
    Grade,
    Link,
    Measure,
    Named,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.query.filters import Filters
from claimtrack.query.local_times import get_local_times
from claimtrack.query.visibility import select_actors_below
from claimtrack.records import NAMED, get, record_of
from claimtrack.reports.citations import list_citations_where
from claimtrack.sql import Rows
from claimtrack.vocab import MOST, EntryKind

RowT = TypeVar("RowT")

LONGEST_CHANGE = 500
"""The greatest length of a revision in the section History; `claimtrack history` has all of it."""

_ALL = Filters(include_superseded=True)
_BY_DATE = Filters(include_superseded=True, sort=("date_from",))


def show(
    session: Session, noun: str, ref: str, *, most: int | None = None, with_history: bool = False
) -> Shown:
    """Return a record with its sections; empty fields and sections are left out.

    Sends a fixed number of statements for each noun, at most 35, and one for each step from an
    actor or topic to the root above it.

    Args:
        session: The session.
        noun: The record type, or the kind of an entry.
        ref: The ref; of an actor also its name or alias.
        most: The greatest number of rows of each section; None for all.
        with_history: Whether to add the section History.

    Raises:
        InvalidValue: There is no such record type, or its records have no ref.
        UnknownRef: There is no such record; suggests refs that are spelled alike.
        OtherKind: The record is an entry of another kind.
    """
    model = NAMED.get("entry" if noun in tuple(EntryKind) else noun)
    if model is None:
        raise InvalidValue("noun", noun, f"one of {', '.join([*NAMED, *EntryKind])}")
    row = get(session, model, ref)
    if isinstance(row, Entry) and noun not in ("entry", row.kind):
        raise OtherKind(ref, noun, row.kind)
    match row:
        case Entry():
            fields, sections = entry_fields(session, row), entry_sections(session, row)
        case Actor():
            fields, sections = _told_actor(session, row), _actor_sections(session, row)
        case Document():
            fields, sections = _told_document(row), _document_sections(session, row)
        case Topic():
            fields, sections = _told_topic(row), _topic_sections(session, row)
        case Proposition():
            fields, sections = _told_proposition(row), _proposition_sections(session, row)
        case Measure():
            fields, sections = _told_measure(row), _measure_sections(session, row)
    if with_history:
        sections = [*sections, Part("History", _history(session, row))]
    every = f"claimtrack {_noun(row)} show {row.ref} --all"
    return _shown(session, row, fields, [_section(one, most, every) for one in sections])


def _noun(row: Named) -> str:
    return row.kind.value if isinstance(row, Entry) else row.__tablename__


def _history(session: Session, row: Named) -> Iterator[history.LogRow]:
    for change in history.stream_history(session, row.__tablename__, row.ref):
        yield replace(change, fields=_short(change.fields))


def _section(part: Part, most: int | None, every: str) -> Section:
    """Return a section with its first `most` rows; `every` is the default command for all rows."""
    rows, command = part.rows, part.command or every
    if most is not None and isinstance(rows, Rows):
        first = tuple(rows.first(most))
        total = rows.count(MOST) if len(first) == most else len(first)
        return Section(part.heading, first, total, command)
    found = tuple(rows)
    return Section(part.heading, found[:most], len(found), command)


def _shown(
    session: Session,
    row: Named,
    fields: Iterable[tuple[str, object]],
    sections: Sequence[Section],
) -> Shown:
    table = row.__tablename__
    return Shown(
        title=f"{_noun(row)} {row.ref}",
        table=table,
        record=_record(session, row),
        fields=tuple(
            (name, _format(value)) for name, value in fields if value not in (None, "", [])
        ),
        sections=tuple(section for section in sections if section.total),
        headings=tuple(section.heading for section in sections),
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


def _format(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _above(row: Actor | Topic) -> list[str]:
    """Return the names and refs of the records above an actor or topic, nearest first."""
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
            (Figure, Figure.asserted_by_id),
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


def _actor_sections(session: Session, actor: Actor) -> list[Part]:
    below = Actor.id.in_(select_actors_below([actor.ref])), Actor.id != actor.id
    is_author = or_(Entry.actor_id == actor.id, Entry.on_behalf_of_id == actor.id)
    published = Document.publisher_id == actor.id
    parts = (
        select(Participation.role, Entry.ref, Entry.kind, Actor.ref.label("actor"), Entry.summary)
        .join(Entry, Entry.id == Participation.entry_id)
        .join(Actor, Actor.id == Entry.actor_id)
        .where(Participation.actor_id == actor.id)
        .order_by(Entry.ref, Participation.role)
    )
    return [
        Part("Below it", listed(session, LISTINGS["actor"], _ALL, *below)),
        Part("Entries", listed(session, LISTINGS["entry"], _BY_DATE, is_author)),
        Part("Takes part in", _rows(session, parts, PartRow)),
        Part("Publishes", listed(session, LISTINGS["document"], _ALL, published)),
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


def _document_sections(session: Session, document: Document) -> list[Part]:
    key = document.id
    return [
        Part("Captures", list_captures(session, document.ref)),
        Part("Cited for", list_citations_where(session, Citation.document_id == key)),
        Part("Footnotes found in it", list_citations_where(session, Citation.via_id == key)),
        Part(
            "Other addresses",
            listed(session, LISTINGS["document"], _ALL, Document.canonical_id == key),
        ),
        Part(
            "Readings published in it",
            listed(session, LISTINGS["stance"], _ALL, Stance.document_id == key),
        ),
        Part(
            "Figures published in it",
            listed(session, LISTINGS["figure"], _ALL, Figure.document_id == key),
        ),
        Part(
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


def _topic_sections(session: Session, topic: Topic) -> list[Part]:
    under = Proposition.topic_id == topic.id
    return [
        Part("Subtopics", listed(session, LISTINGS["topic"], _ALL, Topic.parent_id == topic.id)),
        Part("Propositions", listed(session, LISTINGS["proposition"], _ALL, under)),
        Part("Measures", listed(session, LISTINGS["measure"], _ALL, Measure.topic_id == topic.id)),
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


def _proposition_sections(session: Session, proposition: Proposition) -> list[Part]:
    return [
        Part("Affirmed", _side(session, proposition, Stance.value > 0)),
        Part("Left open", _side(session, proposition, Stance.value == 0)),
        Part("Denied", _side(session, proposition, Stance.value < 0)),
    ]


def _told_measure(measure: Measure) -> list[tuple[str, object]]:
    return [
        ("text", measure.text),
        ("topic", f"{measure.topic.name} ({measure.topic.ref})"),
        ("unit", measure.unit),
        ("kind", measure.kind),
    ]


def _measure_sections(session: Session, measure: Measure) -> list[Part]:
    command = f"claimtrack report figures --measure {measure.ref}"
    of_measure = Figure.measure_id == measure.id
    return [Part("Figures", listed(session, LISTINGS["figure"], _ALL, of_measure), command)]


def _side(
    session: Session, proposition: Proposition, is_on_it: ColumnElement[bool]
) -> Rows[SideRow]:
    """Return the stances on one side of a proposition, those of |value| 2 first, then by date."""
    judge = aliased(Actor)
    columns: list[Any] = [
        Stance.value,
        Entry.ref,
        Entry.kind,
        Actor.ref,
        Entry.date_from,
        Entry.date_to,
        *get_local_times(Entry),
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
        .where(Stance.proposition_id == proposition.id, is_on_it)
        .order_by(func.abs(Stance.value).desc(), Entry.date_from.nulls_last(), Entry.ref, judge.ref)
    )
    return _rows(session, query, SideRow)


def _rows(
    session: Session, query: Select[*tuple[Any, ...]], row: Callable[..., RowT]
) -> Rows[RowT]:
    """Return the rows of a query, made by `row`; the database can count them without fetching."""

    def to_rows(found: Iterator[Any]) -> Iterator[RowT]:
        return (row(*values) for values in found)

    return Rows(session, lambda most: query if most is None else query.limit(most), to_rows, query)
