"""Erasing the identity of an actor from the rows, the captures and the log.

Its names are its ref, name, aliases and description, all former ones, and words that the analyst
adds. In live text each is replaced by a new random ref; of the actor itself the kind and the root
principal remain, as for a protected one. A revision that names it in its key, its message or its
rows is emptied, and each row with emptied revisions gets one revision `redact` that lists them. A
capture whose bytes name it is deleted.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlalchemy.exc import IntegrityError

from claimtrack import fulltext, history, media, quotations
from claimtrack.changes.identity import Identity, make_redacted_ref
from claimtrack.changes.merging import find_logged_row
from claimtrack.db import Session
from claimtrack.errors import Conflict, InvalidValue
from claimtrack.history import EMPTIED_KEY, Image, parse_emptied
from claimtrack.kinds import ENTRY, KINDS
from claimtrack.models import (
    Actor,
    Base,
    Capture,
    Casebook,
    Citation,
    Content,
    Document,
    Entry,
    Named,
    Revision,
)
from claimtrack.protection import get_past_names
from claimtrack.records import IN_ORDER, find, forget_found, get, image_of
from claimtrack.sql import batches, json_field, stream_records
from claimtrack.vocab import Access, ActorKind, Op

RowKey = tuple[str, str]
"""The table and the key of a row in the log."""
Unsearched = tuple[str, str, str]
"""A capture that cannot be searched: its digest, document and media type."""


@dataclass(frozen=True)
class Redaction:
    """What erasing an actor would remove, and what it would leave for the analyst to judge.

    Attributes:
        identity: The names of the actor, and their replacement.
        protected: Whether the actor is protected, or has been removed.
        emptied: The revisions to empty, by row.
        captures: The digests of the captures to delete.
        documents: The documents of which all captures and the text go.
        unsearched: The captures that cannot be searched, sorted.
        near: Words that look like a name and would stay, with their number.
        authors: Authors of revisions that are named like the actor; these stay.
        below: The refs of the actors below it, sorted.
    """

    identity: Identity
    protected: bool
    emptied: Mapping[RowKey, list[int]]
    captures: frozenset[str]
    documents: frozenset[str]
    unsearched: tuple[Unsearched, ...]
    near: Mapping[str, int]
    authors: frozenset[str]
    below: tuple[str, ...]

    @property
    def revisions(self) -> int:
        """The number of revisions to empty."""
        return len(set(chain(*self.emptied.values())))


def plan_redaction(
    session: Session, ref: str, *, also: Iterable[str] = (), documents: Iterable[str] = ()
) -> Redaction:
    """Return what erasing an actor would remove; nothing is written.

    Reads the log once, and every capture.

    Args:
        session: The session.
        ref: The actor, which may have been removed.
        also: Further words that name it.
        documents: Documents of which all captures and the text go, whatever they say.

    Raises:
        UnknownRef: there is no such actor or document.
        InvalidValue: a further word has no letter or digit.
    """
    actor = _actor(session, ref)
    identity = _identity(session, ref if actor is None else actor.ref, actor, also)
    given_up = frozenset(get(session, Document, one).ref for one in documents)
    captures = _captures_naming(session, identity, given_up)
    emptied: dict[RowKey, list[int]] = {}
    near, authors = captures.near, set[str]()
    for revision in _revisions(session):
        texts = list(_list_texts(revision))
        near.update(chain(*map(identity.find_near_matches, texts)))
        authors.update([revision.author] if identity.is_named_in(revision.author) else [])
        if any(map(identity.is_named_in, texts)) or any(
            text in captures.vanishing for text in texts
        ):
            seqs = emptied.setdefault((revision.table_name, str(revision.row_key)), [])
            seqs.append(revision.seq)
            seqs.extend(parse_emptied(revision.before) if revision.op is Op.REDACT else ())
    for key in _shifted(session, identity, emptied, given_up):
        emptied[key] = _all_of(session, key)
    return Redaction(
        identity,
        actor is None or actor.protected,
        emptied,
        captures.vanishing,
        given_up,
        captures.unsearched,
        near,
        frozenset(authors),
        () if actor is None else _below(session, actor),
    )


def _actor(session: Session, ref: str) -> Actor | None:
    """Return an actor; None for one that has been removed and is in the log alone."""
    if find(session, Actor, ref) is None and history.was_key_used(session, "actor", ref):
        return None
    return get(session, Actor, ref)


def _below(session: Session, actor: Actor) -> tuple[str, ...]:
    query = select(Actor.ref).where(Actor.parent == actor).order_by(Actor.ref)
    return tuple(session.scalars(query))


def _identity(session: Session, ref: str, actor: Actor | None, also: Iterable[str]) -> Identity:
    for word in also:
        if not re.search(r"\w", word):
            raise InvalidValue("word", word, "one with a letter or a digit")
    names = {ref, *get_past_names(session.connection(), "actor", {ref})[ref].names, *also}
    whole = frozenset(name for name in names if name.strip())
    if actor is not None and actor.kind is ActorKind.ANONYMOUS:
        return Identity(ref, whole)  # such as "four Russian sources": its parts are common words
    parts = frozenset(chain(*(re.findall(r"[^\W\d_]{2,}", name) for name in whole)))
    return Identity(ref, whole, parts)


def _revisions(session: Session) -> Iterator[Revision]:
    query = select(Revision).where(Revision.row_key.is_not(None)).order_by(Revision.seq)
    for revision in stream_records(session, query):
        yield revision
        session.expunge(revision)


def _list_texts(revision: Revision) -> Iterator[str]:
    """Yield every text of a revision that can name somebody; words of a vocabulary cannot."""
    if revision.table_name == Casebook.__tablename__:
        return  # it names nobody, and must not be emptied even if its digits look like a name
    yield from filter(None, (revision.row_key, revision.message))
    without_names = _columns_without_names(revision.table_name)
    for image in filter(None, (revision.before, revision.after)):
        for name, value in json.loads(image).items():
            if name not in without_names:
                yield from (part for part in _listed(value) if isinstance(part, str))


@cache
def _columns_without_names(table: str) -> frozenset[str]:
    fields = KINDS[table].fields
    return frozenset(one.name for one in fields if one.words or one.names_source is False)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class _Captures:
    """The digests of captures to delete, those that cannot be searched, and words like a name."""

    vanishing: frozenset[str]
    unsearched: tuple[Unsearched, ...]
    near: Counter[str]


def _captures_naming(session: Session, identity: Identity, documents: frozenset[str]) -> _Captures:
    captures = select(
        json_field(Revision.after, "sha256"),
        json_field(Revision.after, "media_type"),
        json_field(Revision.after, "document"),
    ).where(Revision.table_name == Capture.__tablename__, Revision.after.is_not(None))
    vanishing, near = set[str](), Counter[str]()
    unsearched = set[Unsearched]()
    for digest, media_type, document in session.execute(captures.distinct()).all():
        content = session.scalar(select(Content.bytes).where(Content.sha256 == digest))
        if content is None or digest in vanishing:
            continue
        texts, whole = media.list_decodings(content, media_type)
        if document in documents or any(map(identity.is_named_in, texts)):
            vanishing.add(digest)
        elif not whole:
            unsearched.add((digest, document, media_type))
        else:
            near.update(chain(*map(identity.find_near_matches, texts)))
    return _Captures(frozenset(vanishing), tuple(sorted(unsearched)), near)


def _shifted(
    session: Session, identity: Identity, emptied: Mapping[RowKey, Any], given_up: frozenset[str]
) -> Iterator[RowKey]:
    """Yield the rows that change with the text of a document: the document and its quotations."""
    named = {key for table, key in emptied if table == Document.__tablename__}
    for ref in sorted(named | given_up):
        document = find(session, Document, ref)
        if document and document.body and (ref in given_up or identity.is_named_in(document.body)):
            yield Document.__tablename__, ref
            for citation in _located(session, document):
                yield Citation.__tablename__, image_of(citation).key


def _located(session: Session, document: Document) -> list[Citation]:
    query = select(Citation).where(Citation.document == document, Citation.start_pos.is_not(None))
    return list(session.scalars(query.order_by(Citation.id)))


def _all_of(session: Session, row: RowKey) -> list[int]:
    """Return the revisions of a row, and those that its earlier redactions list."""
    query = select(Revision.seq, Revision.op, Revision.before)
    query = query.where(Revision.table_name == row[0], Revision.row_key == row[1])
    found = session.execute(query.order_by(Revision.seq)).all()
    earlier = (parse_emptied(before) for _, op, before in found if op is Op.REDACT)
    return [*(seq for seq, _, _ in found), *chain(*earlier)]


# --- carrying it out ------------------------------------------------------------------------------


def redact(session: Session, plan: Redaction) -> None:
    """Erase an actor's identity; `db.compact` then removes what is left on the disk.

    Raises:
        InvalidValue: the message or the author of this very command names it.
        Conflict: two rows would become the same.
    """
    identity = plan.identity
    change = session.state.change
    for what, text in (("message", change.message), ("author", change.author)):
        if text and identity.is_named_in(text):
            raise InvalidValue(what, text, "one that does not name the redacted actor")
    live = {key: _live_row(session, *key) for key in plan.emptied}
    _empty(session, chain(*plan.emptied.values()))
    captures = (row for row in live.values() if isinstance(row, Capture))
    removed = [capture for capture in captures if capture.sha256 in plan.captures]
    for capture in removed:
        session.delete(capture)
    session.flush()
    session.execute(delete(Content).where(Content.sha256.in_(plan.captures)))
    remaining = {key: row for key, row in live.items() if row is not None and row not in removed}
    try:
        for row in remaining.values():
            _take_out(session, row, plan)
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            f"without what names {identity.ref!r}, two rows would be the same "
            f"({str(error.orig).splitlines()[0]}): remove one of them first"
        ) from error
    forget_found(session)
    for row in remaining.values():
        fulltext.index(session, row)
    _log(session, plan, remaining)


def _live_row(session: Session, table: str, key: str) -> Base | None:
    query = select(Revision.after).where(Revision.table_name == table, Revision.row_key == key)
    last = session.scalar(query.order_by(Revision.seq.desc()).limit(1))
    return find_logged_row(session, table, json.loads(last)) if last else None


def _empty(session: Session, seqs: Iterable[int]) -> None:
    nulls = dict.fromkeys(("row_key", "message", "before", "after", "salt"), null())
    for some in batches(iter(sorted(set(seqs)))):
        statement = update(Revision).where(Revision.seq.in_(some)).values(nulls)
        session.execute(statement, execution_options={"synchronize_session": False})


def _take_out(session: Session, row: Base, plan: Redaction) -> None:
    identity = plan.identity
    if isinstance(row, Actor) and row.ref == identity.ref:
        _forget(row, identity)
        return
    if isinstance(row, Entry) and row.actor.ref in (identity.ref, identity.instead):
        for field in ENTRY.hidden_with("actor"):
            setattr(row, field.name, None)
    if isinstance(row, Document) and row.body is not None:
        _retext(session, row, plan)
    if isinstance(row, Named) and identity.is_named_in(row.ref):
        row.ref = make_redacted_ref()
    for name in _texts(row.__tablename__):
        value = getattr(row, name)
        if isinstance(value, list):
            setattr(row, name, list(dict.fromkeys(map(identity.replace_in, value))))
        elif value is not None:
            setattr(row, name, identity.replace_in(value))


def _texts(table: str) -> Iterator[str]:
    """Yield the columns whose text can name a source; a ref is replaced as a whole."""
    fields = KINDS[table].fields
    yield from (one.name for one in fields if one.names_source and one.name != "ref")


def _forget(actor: Actor, identity: Identity) -> None:
    """Reduce an actor to its kind and its root principal."""
    root = actor
    while root.parent is not None:
        root = root.parent
    actor.parent = None if root is actor else root
    actor.ref = actor.name = identity.instead
    actor.aliases, actor.protected = [], False
    actor.count_min = actor.count_max = None
    if actor.described_as is not None:
        actor.described_as, actor.access = "redacted", Access.UNSPECIFIED


def _retext(session: Session, document: Document, plan: Redaction) -> None:
    """Remove the names from a text, and move the positions of its quotations accordingly."""
    spans = plan.identity.find_spans(document.body or "")
    located = _located(session, document)
    if document.ref in plan.documents:
        document.body = None
    elif spans:
        document.body = plan.identity.replace_in(document.body or "")
    else:
        return
    for citation in located:
        start, end = citation.start_pos, citation.end_pos
        if document.body is None or start is None or end is None:
            citation.start_pos = citation.end_pos = None
            continue
        start, end = (
            _moved(at, spans, len(plan.identity.instead), after=after)
            for at, after in ((start, False), (end, True))
        )
        place = quotations.get_place(document.body, start, end)
        citation.start_pos, citation.end_pos, citation.exact = start, end, place.exact
        citation.prefix = citation.prefix and place.prefix
        citation.suffix = citation.suffix and place.suffix


def _moved(at: int, spans: list[tuple[int, int]], length: int, *, after: bool) -> int:
    """Return a position after each span has got another length; inside a span, its edge."""
    moved = at
    for start, end in spans:
        if end <= at:
            moved += length - (end - start)
        elif start < at:
            return moved - (at - start) + (length if after else 0)
    return moved


def _log(session: Session, plan: Redaction, remaining: Mapping[RowKey, Base]) -> None:
    """Append one revision for each row, with what is left of it and the emptied revisions."""
    listed: dict[RowKey, list[int]] = {}
    images: dict[RowKey, Image] = {}
    for (table, key), seqs in plan.emptied.items():
        row = remaining.get((table, key))
        image = image_of(row) if row is not None else None
        named = image.key if image else _key_of_gone(plan, table, key)
        listed.setdefault((table, named), []).extend(seqs)
        if image:
            images[table, named] = image
    order = {table: number for number, table in enumerate(IN_ORDER)}
    for table, key in sorted(listed, key=lambda one: (order[one[0]], one[1])):
        emptied = Image(table, key, {EMPTIED_KEY: sorted(set(listed[table, key]))})
        history.append(session, Op.REDACT, emptied, images.get((table, key)))


def _key_of_gone(plan: Redaction, table: str, key: str) -> str:
    """Return the key of a deleted row, without names and without digests of deleted captures."""
    if table == Capture.__tablename__:
        parts = key.split("/")
        key = "/".join(plan.identity.instead if part in plan.captures else part for part in parts)
    return plan.identity.replace_in(key)
