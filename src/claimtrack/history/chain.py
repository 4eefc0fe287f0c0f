"""How the log is written, and how it proves itself.

`content_digest` is the SHA-256 of the salt and the canonical JSON of {row_key, message, before,
after}; `hash` that of the hash before and the canonical JSON of {seq, at, author, change,
table_name, op, content_digest}. Canonical JSON has sorted keys, no spaces and no floats, so that
both databases keep the same bytes.

What must be erased is taken out of a revision, and its digest kept: the chain holds. One revision
of the op `redact` follows for each row of which that was so, and lists the emptied ones.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, func, insert, select, true, type_coerce
from sqlalchemy.orm import SessionTransaction
from sqlalchemy.types import NullType

from claimtrack.db import Change, Session, format_instant
from claimtrack.errors import InvalidValue
from claimtrack.models import Casebook, Revision
from claimtrack.sql import stream
from claimtrack.vocab import Op

_REVISION = Revision.metadata.tables[Revision.__tablename__]
GENESIS = "0" * 64
"""What stands before the first revision."""
EMPTIED = "emptied"
"""The key under which a redaction lists the revisions that were emptied for it."""


def canonical(value: object) -> str:
    """Return the canonical JSON of a value: times ISO 8601, enums by value, floats as repr."""
    return _ENCODER.encode(_plain(value))


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_AS_IT_IS = frozenset({str, int, bool, type(None)})


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {
                key: part if type(part) in _AS_IT_IS else _plain(part)
                for key, part in value.items()
            }
        case list() | tuple():
            return [_plain(part) for part in value]
        case Enum():
            return value.value
        case float():
            return repr(value)
        case datetime():
            return format_instant(value)
        case date():
            return value.isoformat()
        case _:
            return value


_quoted = json.encoder.encode_basestring


def _or_null(value: str | None) -> str:
    return "null" if value is None else _quoted(value)


def digest(
    salt: str, row_key: str | None, message: str | None, images: tuple[str | None, str | None]
) -> str:
    """Return the content digest of a revision; `images` are its before and after."""
    before, after = images
    content = (
        f'{{"after":{_or_null(after)},"before":{_or_null(before)},'
        f'"message":{_or_null(message)},"row_key":{_or_null(row_key)}}}'
    )
    return hashlib.sha256((salt + content).encode()).hexdigest()


_LINKED = ("prev_hash", "at", "author", "change", "content_digest", "op", "seq", "table_name")


def link_hash(revision: Mapping[str, Any]) -> str:
    """Return the hash of a revision, given its columns."""
    return _link_hash(*(revision[name] for name in _LINKED))


def _link_hash(prev_hash: str, *linked: Any) -> str:
    at, author, change, content_digest, op, seq, table = linked
    content = (
        f'{{"at":{_quoted(at)},"author":{_quoted(author)},"change":{_quoted(change)},'
        f'"content_digest":{_quoted(content_digest)},"op":{_quoted(op)},"seq":{seq},'
        f'"table_name":{_quoted(table)}}}'
    )
    return hashlib.sha256((prev_hash + content).encode()).hexdigest()


SEALED = ("id", "created_at", "pseudonym_secret")
"""What the digest of the casebook row is of: SHA-256 of the canonical JSON of them.

The secret has 256 random bits, so that the digest does not give it away.
"""


def casebook_digest(casebook: str, created_at: datetime, secret: str) -> str:
    """Return the digest of the casebook row, which the log and each anchor hold."""
    sealed = dict(zip(SEALED, (casebook, created_at, secret), strict=True))
    return hashlib.sha256(canonical(sealed).encode()).hexdigest()


@dataclass(frozen=True)
class Image:
    """A row as the log sees it: its table, its key and its columns with refs for foreign keys."""

    table: str
    key: str
    columns: Mapping[str, object]


def casebook_image(row: Casebook) -> Image:
    """Return the casebook row as the log has it: its secret only in its digest."""
    digest = casebook_digest(row.id, row.created_at, row.pseudonym_secret)
    columns = {"id": row.id, "created_at": row.created_at, "digest": digest}
    return Image(Casebook.__tablename__, row.id, columns)


def append(session: Session, op: Op, before: Image | None, after: Image | None) -> None:
    """Write the revision of one change of one row, at the end of the chain.

    The caller holds the writers' lock, so that nobody else appends meanwhile.
    """
    append_all(session, op, [(before, after)])


def append_all(
    session: Session, op: Op, images: Iterable[tuple[Image | None, Image | None]]
) -> None:
    """Write the revisions of several changes of one kind, as `append` does each."""
    change = session.state.change
    seq, last_hash = _head(session)
    revisions = []
    for before, after in images:
        revisions.append(_revision(change, op, before, after) | {"prev_hash": last_hash})
        revisions[-1]["seq"] = seq = seq + 1
        revisions[-1]["hash"] = last_hash = link_hash(revisions[-1])
    session.execute(insert(_REVISION), revisions)
    within = _within(session)
    session.state.head = (within, seq, last_hash) if within else None


def _revision(
    change: Change, op: Op, before: Image | None, after: Image | None
) -> dict[str, object]:
    """Return the columns of a revision but those that chain it."""
    row = after or before
    if row is None:
        raise ValueError("a revision needs a row before or after")
    images = (
        canonical(before.columns) if before else None,
        canonical(after.columns) if after else None,
    )
    salt = secrets.token_hex(16)
    return {
        "at": change.at,
        "author": change.author,
        "change": change.id,
        "message": change.message,
        "table_name": row.table,
        "row_key": row.key,
        "op": op,
        "before": images[0],
        "after": images[1],
        "salt": salt,
        "content_digest": digest(salt, row.key, change.message, images),
    }


def _head(session: Session) -> tuple[int, str]:
    """Return the seq and the hash of the last revision; remembered while the writer holds it."""
    head = session.state.head
    if head is not None and head[0] is _within(session):
        return head[1:]
    query = select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return (found.seq, found.hash) if found else (0, GENESIS)


def _within(session: Session) -> SessionTransaction | None:
    # What a rolled back savepoint wrote is not the head: each savepoint asks anew.
    return session.get_nested_transaction() or session.get_transaction()


def last_seq(session: Session) -> int:
    """Return the number of the last revision; 0 of an empty log."""
    return session.scalar(select(func.max(Revision.seq))) or 0


def ever_used(session: Session, table: str, key: str) -> bool:
    """Whether the log knows a row of that key, live or removed."""
    return session.scalar(_OF_KEY, {"table": table, "key": key}) is not None


_OF_KEY = (
    select(Revision.seq)
    .where(Revision.table_name == bindparam("table"), Revision.row_key == bindparam("key"))
    .limit(1)
)


# --- proof ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the log at one moment: kept elsewhere, it shows what has been cut off or redone.

    Attributes:
        at: When that revision was written; of an empty log, when the casebook was made.
        digest: That of the casebook row; None in anchors of earlier versions.
    """

    casebook: str | None
    seq: int
    hash: str
    at: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        """The one line to publish: casebook id, sequence, head hash, time and digest."""
        parts = (self.casebook, self.seq, self.hash, self.at, self.digest)
        return " ".join(str(part) for part in parts if part is not None)

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """Read an anchor line, with or without the digest at its end, or SEQ:HASH alone.

        Raises:
            InvalidValue: it is neither.
        """
        short = re.fullmatch(r"([0-9]{1,18}):([0-9a-fA-F]{64})", text.strip())
        if short:
            return cls(None, int(short[1]), short[2].lower())
        line = re.fullmatch(
            r"(\S{36}) ([0-9]{1,18}) ([0-9a-fA-F]{64})(?: (\S+)(?: ([0-9a-fA-F]{64}))?)?",
            text.strip(),
        )
        if line is None:
            raise InvalidValue(
                "head", text, "SEQ:HASH, or the line that 'claimtrack log anchor' printed"
            )
        digest = line[5] and line[5].lower()
        return cls(line[1], int(line[2]), line[3].lower(), line[4], digest)


def anchor(session: Session) -> Anchor:
    """Return the anchor of the log as it stands; one statement."""
    head = select(Revision.seq, Revision.hash, Revision.at).order_by(Revision.seq.desc()).limit(1)
    last = head.subquery()
    sealed = (Casebook.id, Casebook.created_at, Casebook.pseudonym_secret)
    query = select(*sealed, last.c.seq, last.c.hash, last.c.at).outerjoin(last, true())
    casebook, created_at, secret, seq, last_hash, at = session.execute(query).one()
    digest = casebook_digest(casebook, created_at, secret)
    if seq is None:
        return Anchor(casebook, 0, GENESIS, format_instant(created_at), digest)
    return Anchor(casebook, seq, last_hash, at, digest)


def broken(session: Session) -> str | None:
    """Return what is wrong with the first revision that breaks the chain, None when it is whole.

    One statement, streamed: memory does not grow with the log.
    """
    names = (*_LINKED, *_CONTENT, "hash")
    columns = [_REVISION.c[name] for name in names]
    query = select(*(type_coerce(one, NullType()) for one in columns))  # as they are stored
    expected, prev_hash = 1, GENESIS
    emptied: dict[int, str] = {}
    for row in stream(session, query.order_by(_REVISION.c.seq)):
        if not _plainly_sound(row, expected, prev_hash):
            revision = dict(zip(names, row, strict=True))
            fault = _fault(revision, expected, prev_hash) or _misredacted(revision, emptied)
            if fault:
                return fault
        expected, prev_hash = expected + 1, row[-1]
    if emptied:
        return f"revision {min(emptied)} has been emptied, and no later revision says so"
    return None


_CONTENT = ("salt", "row_key", "message", "before", "after")


def _plainly_sound(row: Any, expected: int, prev_hash: str) -> bool:
    """Whether a revision is right, and none of those few that need a closer look; soon told."""
    *linked, salt, row_key, message, before, after, last_hash = row
    if linked[0] != prev_hash or linked[6] != expected or linked[5] == _REDACT or salt is None:
        return False
    try:
        said = digest(salt, row_key, message, (before, after))
        return bool(linked[4] == said and _link_hash(*linked) == last_hash)
    except (TypeError, UnicodeEncodeError):
        return False


_REDACT = Op.REDACT.value


def _misredacted(revision: Mapping[str, Any], emptied: dict[int, str]) -> str | None:
    """Note what has been emptied, and strike out what a redaction of that table lists of it."""
    seq, table = revision["seq"], revision["table_name"]
    if revision["salt"] is None:
        emptied[seq] = table
    elif revision["op"] == Op.REDACT:
        listed = listed_by(revision["before"])
        if not listed:
            return f"revision {seq} is a redaction, and does not say what was emptied for it"
        for other in sorted(listed):
            if emptied.pop(other, None) != table:
                return f"revision {seq} says that {other} was emptied for it, and it was not"
    return None


def listed_by(before: str | None) -> set[int]:
    """Return the revisions that a redaction emptied, given what it has in the place of before.

    Empty where that says nothing of the kind.
    """
    try:
        listed = json.loads(before or "{}")[EMPTIED]
        return {seq for seq in listed if type(seq) is int}
    except (ValueError, TypeError, LookupError, RecursionError):
        return set()


def _fault(revision: Mapping[str, Any], expected: int, prev_hash: str) -> str | None:
    seq = revision["seq"]
    if seq != expected:
        return f"revision {expected} is missing: after {expected - 1} comes {seq}"
    if revision["prev_hash"] != prev_hash:
        return f"revision {seq} does not follow from the one before it"
    salt, row_key, message = revision["salt"], revision["row_key"], revision["message"]
    images = revision["before"], revision["after"]
    emptied = (salt, row_key, message, *images) == (None,) * 5
    try:
        said, link = digest(salt or "", row_key, message, images), link_hash(revision)
    except (TypeError, UnicodeEncodeError):  # bytes, no UTF-8, or NULL after all
        return f"revision {seq} has been changed: something in it is not text"
    if not emptied and revision["content_digest"] != said:
        return f"revision {seq} has been changed: its content is not that of its digest"
    if revision["hash"] != link:
        return f"revision {seq} has been changed: its hash is not that of what it says"
    return None


def misses(session: Session, expected: Anchor) -> str | None:
    """Return why the log is not a continuation of an anchor, None when it is."""
    seq = last_seq(session)
    if expected.casebook is not None:
        here = anchor(session)
        if expected.casebook != here.casebook:
            return f"this is casebook {here.casebook}, and the anchor is of {expected.casebook}"
        if expected.digest not in (None, here.digest):
            return "the casebook row is not the one that was anchored: its time or secret differs"
    if expected.seq > seq:
        return (
            f"the log ends at revision {seq}, and reached {expected.seq} when the anchor "
            "was made: its tail has been cut off"
        )
    if expected.seq == 0:
        return None if expected.hash == GENESIS else "no log begins with the hash of the anchor"
    there = session.scalar(select(Revision.hash).where(Revision.seq == expected.seq))
    if there != expected.hash:
        return f"revision {expected.seq} is not the one that was anchored: the log was rewritten"
    return None
