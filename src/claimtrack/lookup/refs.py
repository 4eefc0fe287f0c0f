"""Looks up refs: the types of the records that have a ref, refs by prefix, and record counts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, func, literal, or_, select, type_coerce, union_all

from claimtrack import db, records
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.models import (
    Actor,
    Base,
    Casebook,
    Citation,
    Document,
    Entry,
    Grade,
    Link,
    Proposition,
    Revision,
    Stance,
    Topic,
)
from claimtrack.records import NAMED
from claimtrack.sql import batches, each_text, is_one_of, stream
from claimtrack.vocab import EntryKind

NOUNS = ("actor", "document", "topic", "proposition", *(kind.value for kind in EntryKind))
"""The record types with a ref, as commands call them; of entries, their kinds."""


def kinds_of(session: Session, ref: str) -> list[str]:
    """Return the types of the records that have a ref, in the order of `NOUNS`.

    If there are none, returns `actor` if an actor has that name or alias. Sends one or two
    statements.
    """
    arms: list[Select[str]] = [
        select(literal(model.__tablename__)).where(model.ref == ref)
        for model in (Actor, Document, Topic, Proposition)
    ]
    arms.append(select(type_coerce(Entry.kind, String)).where(Entry.ref == ref))
    found = session.scalars(union_all(*arms)).all()
    if not found and session.scalar(records.actors_called(ref).limit(1)) is not None:
        return ["actor"]
    return sorted(found, key=NOUNS.index)


def names_of(session: Session, noun: str, refs: Iterable[str]) -> dict[str, str]:
    """Return the names of records by ref: of actors and topics the name, of propositions the text.

    Of documents it is the title; those without one are left out. Sends one statement for each batch
    of some hundred refs.
    """
    found: dict[str, str] = {}
    for some in batches(iter(sorted(set(refs)))):
        found.update((ref, name) for ref, name in stream(session, _names(noun), {"refs": some}))
    return found


@lru_cache(maxsize=len(NAMED))  # once for each noun: building takes longer than running it
def _names(noun: str) -> Select[str, str]:
    model = NAMED[noun]
    name = getattr(model, {"document": "title", "proposition": "text"}.get(noun, "name"))
    return select(model.ref, name).where(is_one_of(model.ref, "refs"), name.is_not(None))


def refs_starting(
    session: Session, prefix: str, nouns: Collection[str] = (), limit: int = 50
) -> list[tuple[str, str]]:
    """Return the refs that begin with a prefix, each with a short description, by ref.

    Actors are also found by the beginning of a name or alias; the case of A to Z is ignored there.
    Sends one statement, which reads a range of the index on the refs of each type.

    Args:
        session: The session.
        prefix: The prefix.
        nouns: The record types to search; all if empty.
        limit: The greatest number of refs.

    Raises:
        InvalidValue: A noun is neither one of `NOUNS` nor `entry`.
    """
    for noun in nouns:
        if noun not in (*NOUNS, "entry"):
            raise InvalidValue("noun", noun, f"one of {', '.join((*NOUNS, 'entry'))}")
    if "\x00" in prefix:
        return []
    # Limited in each arm too, so that no table is read beyond what can be shown.
    arms = [arm.order_by("ref").limit(limit) for arm in _arms(prefix, nouns or (*NOUNS, "entry"))]
    every = union_all(*(select(arm.subquery()) for arm in arms)).subquery()
    rows = session.execute(select(every).order_by(every.c.ref, every.c.words).limit(limit))
    return [(row.ref, row.words) for row in rows]


def _arms(prefix: str, nouns: Collection[str]) -> list[Select[Any]]:
    """Return a select of ref and description for each table of the nouns."""
    arms: list[Select[Any]] = []
    for model, words in (
        (Document, func.coalesce(Document.title, Document.url, "")),
        (Topic, Topic.name),
        (Proposition, Proposition.text),
    ):
        if model.__tablename__ in nouns:
            arms.append(_short(model.ref, words).where(_begins(model.ref, prefix)))
    if "actor" in nouns:
        alias = each_text(Actor.aliases).table_valued("value")
        also = select(alias.c.value).where(alias.c.value.istartswith(prefix, autoescape=True))
        matches = Actor.name.istartswith(prefix, autoescape=True) | also.exists()
        begins = _begins(Actor.ref, prefix)
        arms.append(_short(Actor.ref, Actor.name).where(or_(begins, matches)))
    kinds = [kind for kind in EntryKind if kind in nouns or "entry" in nouns]
    if kinds:
        entries = _short(Entry.ref, Entry.summary).where(_begins(Entry.ref, prefix))
        arms.append(entries if "entry" in nouns else entries.where(Entry.kind.in_(kinds)))
    return arms


def _short(ref: Any, words: Any) -> Select[Any]:
    return select(ref.label("ref"), func.substr(words, 1, 60).label("words"))


def _begins(ref: Any, prefix: str) -> Any:
    """Whether a ref begins with a prefix, as a range that an index can search.

    No character of a ref comes after ~ in code order.
    """
    return ref.between(prefix, prefix + "~")


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What a casebook is and holds.

    Attributes:
        casebook: Its UUID.
        created_at: When it was created, ISO 8601 in UTC.
        schema_version: Its latest migration.
        revisions: The seq of the log's last revision, 0 when there is none.
        changed_at: When that was written; None when the log is empty.
        head: Its hash; None when the log is empty.
    """

    casebook: str
    created_at: str
    schema_version: str
    actors: int
    documents: int
    topics: int
    propositions: int
    commitments: int
    claims: int
    statements: int
    assessments: int
    actions: int
    windows: int
    stances: int
    links: int
    citations: int
    grades: int
    revisions: int
    changed_at: str | None
    head: str | None


def status(session: Session) -> StatusRow:
    """Return the version of the casebook, its record counts and the head of its log.

    Sends three statements.
    """
    tables: tuple[type[Base], ...] = (Actor, Document, Topic, Proposition)
    tables += (Stance, Link, Citation, Grade)
    counts = [_count(table).label(f"{table.__tablename__}s") for table in tables]
    counts += [_count(Entry, Entry.kind == kind).label(f"{kind}s") for kind in EntryKind]
    row = session.execute(select(Casebook.id, Casebook.created_at, *counts)).one()
    last = select(Revision.seq, Revision.at, Revision.hash).order_by(Revision.seq.desc()).limit(1)
    head = session.execute(last).one_or_none()
    numbers = {name: count for name, count in row._mapping.items() if str(name).endswith("s")}
    return StatusRow(
        casebook=row.id,
        created_at=row.created_at.isoformat(timespec="seconds"),
        schema_version=db.schema_version(session.connection()) or db.SCHEMA_VERSION,
        **numbers,
        revisions=head.seq if head else 0,
        changed_at=head.at if head else None,
        head=head.hash if head else None,
    )


def _count(table: type[Base], *conditions: Any) -> Any:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()
