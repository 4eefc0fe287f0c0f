"""Erasing who an actor is: out of the rows, out of the captures, and out of what the log says.

What names it is its ref, its name and aliases, its description, all that it was once called, and
what the analyst adds. In live text each of these becomes a new ref that tells nothing; of the actor
itself remain its kind and its root principal, as of a protected one. A revision that names it, in
its key, its message or its rows, is emptied, and each row of which revisions were emptied gets one
revision `redact` that lists them. A capture whose bytes name it goes as a whole.
"""

import json
import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import JSON, Text, delete, inspect, null, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimtrack import fulltext, history, media, quoting
from claimtrack.changes.given import logged_row
from claimtrack.db import Change
from claimtrack.discretion import past_names
from claimtrack.errors import Conflict, InvalidValue
from claimtrack.history import EMPTIED, Image, listed_by
from claimtrack.models import Actor, Base, Capture, Citation, Content, Document, Entry, Revision
from claimtrack.records import IN_ORDER, find, get, image_of
from claimtrack.sql import batches, json_field, stream
from claimtrack.vocab import Access, ActorKind, Op

RowKey = tuple[str, str]
"""A row as the log knows it: its table and its key."""
_WHOLE = r"(?<![\w-])(?:{})(?![\w-])"
_WITHIN = r"[\w-]*(?:{})[\w-]*"
_SHORTEST_PART = 4
"""Letters of a part of a name that is worth a warning where it stands alone."""


def _new_ref() -> str:
    return f"redacted-{secrets.token_hex(6)}"


@dataclass(frozen=True)
class Identity:
    """What names an actor, and the ref that is put in its place."""

    ref: str
    names: frozenset[str]
    parts: frozenset[str] = frozenset()
    instead: str = field(default_factory=_new_ref)

    @cached_property
    def _named(self) -> re.Pattern[str]:
        return _pattern(_WHOLE, self.names)

    @cached_property
    def _nearly_named(self) -> re.Pattern[str]:
        return _pattern(_WITHIN, self.names | self.parts)

    def is_in(self, text: str) -> bool:
        """Whether a text names the actor."""
        return self._named.search(text) is not None

    def is_all_of(self, text: str) -> bool:
        """Whether a text is a name of the actor and nothing else."""
        return self._named.fullmatch(text) is not None

    def out_of(self, text: str) -> str:
        """Return a text with each name replaced."""
        return self._named.sub(self.instead, text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where the names stand in a text."""
        return [match.span() for match in self._named.finditer(text)]

    def near(self, text: str) -> list[str]:
        """Return the words of a text that hold a name, or a part of one, and would stay."""
        return [match[0] for match in self._nearly_named.finditer(self._named.sub("", text))]


def _pattern(around: str, names: Iterable[str]) -> re.Pattern[str]:
    spelled = {unicodedata.normalize(form, name) for name in names for form in ("NFC", "NFD")}
    longest_first = sorted(spelled, key=lambda name: (-len(name), name))
    words = (r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(around.format("|".join(filter(None, words))), re.IGNORECASE)


@dataclass(frozen=True)
class Redaction:
    """What erasing an actor would take out, and what it would leave for the analyst to judge."""

    identity: Identity
    protected: bool
    emptied: Mapping[RowKey, list[int]]
    captures: frozenset[str]
    documents: frozenset[str]
    unsearched: tuple[str, ...]
    near: Mapping[str, int]
    authors: frozenset[str]
    below: tuple[str, ...]

    @property
    def revisions(self) -> int:
        """How many revisions are emptied."""
        return len(set(chain(*self.emptied.values())))


def plan_redaction(
    session: Session, ref: str, *, also: Iterable[str] = (), documents: Iterable[str] = ()
) -> Redaction:
    """Return what erasing an actor takes; nothing is written.

    `also` are further words that name it; of `documents`, captures and text go whatever they say.
    The log is read once, and every capture.

    Raises:
        UnknownRef: there is no such actor or document.
        InvalidValue: a further word has no letter or digit.
    """
    actor = get(session, Actor, ref)
    identity = _identity(session, actor, also)
    given_up = frozenset(get(session, Document, one).ref for one in documents)
    captures, unsearched = _captures_naming(session, identity, given_up)
    emptied: dict[RowKey, list[int]] = {}
    near, authors = Counter[str](), set[str]()
    for revision in _revisions(session):
        said = list(_said_by(revision))
        near.update(chain(*map(identity.near, said)))
        authors.update([revision.author] if identity.is_in(revision.author) else [])
        if any(map(identity.is_in, said)) or any(text in captures for text in said):
            seqs = emptied.setdefault((revision.table_name, str(revision.row_key)), [])
            seqs.append(revision.seq)
            seqs.extend(listed_by(revision.before) if revision.op is Op.REDACT else ())
    for key in _shifted(session, identity, emptied, given_up):
        emptied[key] = _all_of(session, key)
    return Redaction(
        identity,
        actor.protected,
        emptied,
        captures,
        given_up,
        unsearched,
        near,
        frozenset(authors),
        tuple(session.scalars(select(Actor.ref).where(Actor.parent == actor).order_by(Actor.ref))),
    )


def _identity(session: Session, actor: Actor, also: Iterable[str]) -> Identity:
    for word in also:
        if not re.search(r"\w", word):
            raise InvalidValue("word", word, "one with a letter or a digit")
    past = past_names(session.connection(), {actor.ref}, set())["actor", actor.ref]
    names = {actor.ref, actor.name, *actor.aliases, actor.described_as, *past, *also}
    whole = frozenset(name for name in names if name and name.strip())
    if actor.kind is ActorKind.ANONYMOUS:  # "four Russian sources": common words
        return Identity(actor.ref, whole)
    parts = chain(*(re.findall(r"[^\W\d_]+", name) for name in whole))
    return Identity(actor.ref, whole, frozenset(one for one in parts if len(one) >= _SHORTEST_PART))


def _revisions(session: Session) -> Iterator[Revision]:
    query = select(Revision).where(Revision.row_key.is_not(None)).order_by(Revision.seq)
    for (revision,) in stream(session, query):
        yield revision
        session.expunge(revision)


def _said_by(revision: Revision) -> Iterator[str]:
    yield from filter(None, (revision.row_key, revision.message))
    for image in filter(None, (revision.before, revision.after)):
        for value in json.loads(image).values():
            yield from (part for part in _listed(value) if isinstance(part, str))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _captures_naming(
    session: Session, identity: Identity, documents: frozenset[str]
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the digests of the bytes that go, and of those that cannot be searched."""
    taken = select(
        json_field(Revision.after, "sha256"),
        json_field(Revision.after, "media_type"),
        json_field(Revision.after, "document"),
    ).where(Revision.table_name == Capture.__tablename__, Revision.after.is_not(None))
    going, unsearched = set[str](), set[str]()
    for digest, media_type, document in session.execute(taken.distinct()).all():
        content = session.scalar(select(Content.bytes).where(Content.sha256 == digest))
        if content is None or digest in going:
            continue
        found = True if document in documents else _names_it(content, media_type, identity)
        if found:
            going.add(digest)
        elif found is None:
            unsearched.add(f"{digest[:12]} of {document} ({media_type})")
    return frozenset(going), tuple(sorted(unsearched))


def _names_it(content: bytes, media_type: str, identity: Identity) -> bool | None:
    """Whether bytes name the actor, as text or as they are; None where they are no text."""
    if identity.is_in(content.decode(errors="replace")):
        return True
    try:
        return identity.is_in(media.text_of(content, media_type))
    except InvalidValue:
        return None


def _shifted(
    session: Session, identity: Identity, emptied: Mapping[RowKey, Any], given_up: frozenset[str]
) -> Iterator[RowKey]:
    """Yield the rows that change with the text of a document: itself, and what is quoted of it."""
    named = {key for table, key in emptied if table == Document.__tablename__}
    for ref in sorted(named | given_up):
        document = find(session, Document, ref)
        if document and document.body and (ref in given_up or identity.is_in(document.body)):
            yield Document.__tablename__, ref
            for citation in _located(session, document):
                yield Citation.__tablename__, image_of(citation).key


def _located(session: Session, document: Document) -> list[Citation]:
    query = select(Citation).where(Citation.document == document, Citation.start_pos.is_not(None))
    return list(session.scalars(query.order_by(Citation.id)))


def _all_of(session: Session, row: RowKey) -> list[int]:
    """Return the revisions of a row, and those that its redactions list."""
    query = select(Revision.seq, Revision.op, Revision.before)
    query = query.where(Revision.table_name == row[0], Revision.row_key == row[1])
    found = session.execute(query.order_by(Revision.seq)).all()
    earlier = (listed_by(before) for _, op, before in found if op is Op.REDACT)
    return [*(seq for seq, _, _ in found), *chain(*earlier)]


# --- carrying it out ------------------------------------------------------------------------------


def redact(session: Session, plan: Redaction) -> None:
    """Erase an actor's identity for good; what is left on the disk goes with `db.compact`.

    Raises:
        InvalidValue: the message or the author of this very command names it.
        Conflict: two rows would become the same.
    """
    identity = plan.identity
    change: Change = session.info["change"]
    for what, said in (("message", change.message), ("author", change.author)):
        if said and identity.is_in(said):
            raise InvalidValue(what, said, "one that does not name whom it redacts")
    live = {key: _live_row(session, *key) for key in plan.emptied}
    _empty(session, chain(*plan.emptied.values()))
    taken = (row for row in live.values() if isinstance(row, Capture))
    gone = [capture for capture in taken if capture.sha256 in plan.captures]
    for capture in gone:
        session.delete(capture)
    session.flush()
    session.execute(delete(Content).where(Content.sha256.in_(plan.captures)))
    kept = {key: row for key, row in live.items() if row is not None and row not in gone}
    try:
        for row in kept.values():
            _take_out(session, row, plan)
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            f"without what names {identity.ref!r}, two rows would be the same "
            f"({str(error.orig).splitlines()[0]}): remove one of them first"
        ) from error
    session.info["seen"] = {}
    for row in kept.values():
        fulltext.index(session, row)
    _log(session, plan, kept)


def _live_row(session: Session, table: str, key: str) -> Base | None:
    query = select(Revision.after).where(Revision.table_name == table, Revision.row_key == key)
    last = session.scalar(query.order_by(Revision.seq.desc()).limit(1))
    return logged_row(session, table, json.loads(last)) if last else None


def _empty(session: Session, seqs: Iterable[int]) -> None:
    nothing = dict.fromkeys(("row_key", "message", "before", "after", "salt"), null())
    for some in batches(iter(sorted(set(seqs)))):
        statement = update(Revision).where(Revision.seq.in_(some)).values(nothing)
        session.execute(statement, execution_options={"synchronize_session": False})


def _take_out(session: Session, row: Base, plan: Redaction) -> None:
    identity = plan.identity
    if isinstance(row, Actor) and row.ref == identity.ref:
        _forget(row, identity)
        return
    if isinstance(row, Entry) and row.actor.ref in (identity.ref, identity.instead):
        row.capacity = None
    if isinstance(row, Document) and row.body is not None:
        _retext(session, row, plan)
    ref = getattr(row, "ref", None)
    if ref is not None and identity.is_all_of(ref):
        setattr(row, "ref", _new_ref())  # noqa: B010 - not every row has one
    for name in _texts(type(row)):
        value = getattr(row, name)
        if isinstance(value, list):
            setattr(row, name, list(dict.fromkeys(map(identity.out_of, value))))
        elif value is not None:
            setattr(row, name, identity.out_of(value))


def _texts(model: type[Base]) -> Iterator[str]:
    """Yield the columns that hold free text."""
    for column in inspect(model).columns:
        if isinstance(column.type, Text | JSON) and not column.foreign_keys:
            yield column.name


def _forget(actor: Actor, identity: Identity) -> None:
    """Leave of an actor its kind and its root principal."""
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
    """Take the names out of a text, and let what is quoted of it stand where it then stands."""
    spans = plan.identity.spans(document.body or "")
    located = _located(session, document)
    if document.ref in plan.documents:
        document.body = None
    elif spans:
        document.body = plan.identity.out_of(document.body or "")
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
        place = quoting.place_at(document.body, start, end)
        citation.start_pos, citation.end_pos, citation.exact = start, end, place.exact
        citation.prefix = citation.prefix and place.prefix
        citation.suffix = citation.suffix and place.suffix


def _moved(at: int, spans: list[tuple[int, int]], length: int, *, after: bool) -> int:
    """Return where a position is once each span has another length; inside one, at its edge."""
    moved = at
    for start, end in spans:
        if end <= at:
            moved += length - (end - start)
        elif start < at:
            return moved - (at - start) + (length if after else 0)
    return moved


def _log(session: Session, plan: Redaction, kept: Mapping[RowKey, Base]) -> None:
    """Write one revision for each row, with the image that is left of it and what was emptied."""
    listed: dict[RowKey, list[int]] = {}
    images: dict[RowKey, Image] = {}
    for (table, key), seqs in plan.emptied.items():
        row = kept.get((table, key))
        image = image_of(row) if row is not None else None
        named = image.key if image else _key_of_gone(plan, table, key)
        listed.setdefault((table, named), []).extend(seqs)
        if image:
            images[table, named] = image
    order = {table: number for number, table in enumerate(IN_ORDER)}
    for table, key in sorted(listed, key=lambda one: (order[one[0]], one[1])):
        emptied = Image(table, key, {EMPTIED: sorted(set(listed[table, key]))})
        history.append(session, Op.REDACT, emptied, images.get((table, key)))


def _key_of_gone(plan: Redaction, table: str, key: str) -> str:
    """Return the key of a row that is gone, without names and without digests of what was kept."""
    if table == Capture.__tablename__:
        parts = key.split("/")
        key = "/".join(plan.identity.instead if part in plan.captures else part for part in parts)
    return plan.identity.out_of(key)
