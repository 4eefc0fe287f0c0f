"""The hash chain of the log: appending revisions, and proving that none was changed.

`content_digest` is the SHA-256 of the salt and the canonical JSON of {row_key, message, before,
after}; `hash` is that of the previous hash and the canonical JSON of {seq, at, author, change,
table_name, op, content_digest}. Canonical JSON has sorted keys, no spaces and no floats, so that
both databases store the same bytes.

A redaction empties the content of revisions and keeps their digests, so that the chain still holds.
For each row with emptied revisions it appends a revision with the op `redact` that lists them.
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
"""The previous hash of the first revision."""
EMPTIED_KEY = "emptied"
"""The key in the `before` of a redaction under which it lists the revisions that it emptied."""


def canonical_json(value: object) -> str:
    """Return the canonical JSON of a value: times ISO 8601, enums by value, floats by repr."""
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
    """Return the content digest of a revision.

    Args:
        salt: Its salt, 32 hexadecimal digits.
        row_key: The key of its row.
        message: Its message.
        images: Its `before` and `after`, canonical JSON.
    """
    before, after = images
    content = (
        f'{{"after":{_or_null(after)},"before":{_or_null(before)},'
        f'"message":{_or_null(message)},"row_key":{_or_null(row_key)}}}'
    )
    return hashlib.sha256((salt + content).encode()).hexdigest()


_LINKED = ("prev_hash", "at", "author", "change", "content_digest", "op", "seq", "table_name")


def link_hash(revision: Mapping[str, Any]) -> str:
    """Return the hash of a revision, given as a mapping of its columns."""
    return _link_hash(*(revision[name] for name in _LINKED))


def _link_hash(prev_hash: str, *linked: Any) -> str:
    at, author, change, content_digest, op, seq, table = linked
    content = (
        f'{{"at":{_quoted(at)},"author":{_quoted(author)},"change":{_quoted(change)},'
        f'"content_digest":{_quoted(content_digest)},"op":{_quoted(op)},"seq":{seq},'
        f'"table_name":{_quoted(table)}}}'
    )
    return hashlib.sha256((prev_hash + content).encode()).hexdigest()


DIGESTED_COLUMNS = ("id", "created_at", "pseudonym_secret")
"""The columns in the digest of the casebook row: SHA-256 of their canonical JSON.

The secret has 256 random bits, so the digest does not reveal it.
"""


def casebook_digest(casebook: str, created_at: datetime, secret: str) -> str:
    """Return the digest of the casebook row, which the log and each anchor hold."""
    sealed = dict(zip(DIGESTED_COLUMNS, (casebook, created_at, secret), strict=True))
    return hashlib.sha256(canonical_json(sealed).encode()).hexdigest()


@dataclass(frozen=True)
class Image:
    """A row as the log stores it.

    Attributes:
        table: Its table.
        key: Its key.
        columns: Its columns, with refs in place of foreign keys.
    """

    table: str
    key: str
    columns: Mapping[str, object]


def casebook_image(row: Casebook) -> Image:
    """Return the casebook row as the log stores it: of its secret only the digest."""
    digest = casebook_digest(row.id, row.created_at, row.pseudonym_secret)
    columns = {"id": row.id, "created_at": row.created_at, "digest": digest}
    return Image(Casebook.__tablename__, row.id, columns)


def append(session: Session, op: Op, before: Image | None, after: Image | None) -> None:
    """Append the revision of one change of one row to the chain.

    The caller must hold the writers' lock, so that nobody else appends meanwhile.

    Args:
        session: The session of the command.
        op: The kind of change.
        before: The row before the change; None for an insert.
        after: The row after it; None for a delete.
    """
    append_all(session, op, [(before, after)])


def append_all(
    session: Session, op: Op, images: Iterable[tuple[Image | None, Image | None]]
) -> None:
    """Append the revisions of several changes of one kind, in order.

    As `append`, in one statement.
    """
    change = session.state.change
    seq, last_hash = _head(session)
    revisions = []
    for before, after in images:
        revisions.append(_revision(change, op, before, after) | {"prev_hash": last_hash})
        revisions[-1]["seq"] = seq = seq + 1
        revisions[-1]["hash"] = last_hash = link_hash(revisions[-1])
    session.execute(insert(_REVISION), revisions)
    transaction = _transaction(session)
    session.state.head = (transaction, seq, last_hash) if transaction else None


def _revision(
    change: Change, op: Op, before: Image | None, after: Image | None
) -> dict[str, object]:
    """Return the columns of a revision except those of the chain."""
    row = after or before
    if row is None:
        raise ValueError("a revision needs a row before or after")
    images = (
        canonical_json(before.columns) if before else None,
        canonical_json(after.columns) if after else None,
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
    """Return the seq and the hash of the last revision; cached while the transaction lasts."""
    head = session.state.head
    if head is not None and head[0] is _transaction(session):
        return head[1:]
    query = select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return (found.seq, found.hash) if found else (0, GENESIS)


def _transaction(session: Session) -> SessionTransaction | None:
    # A savepoint that is rolled back takes its revisions with it, so each has a cache of its own.
    return session.get_nested_transaction() or session.get_transaction()


def get_last_seq(session: Session) -> int:
    """Return the number of the last revision; 0 for an empty log."""
    return session.scalar(select(func.max(Revision.seq))) or 0


def was_key_used(session: Session, table: str, key: str) -> bool:
    """Return whether a row ever had that key, even one that has been removed; one statement."""
    return session.scalar(_OF_KEY, {"table": table, "key": key}) is not None


_OF_KEY = (
    select(Revision.seq)
    .where(Revision.table_name == bindparam("table"), Revision.row_key == bindparam("key"))
    .limit(1)
)


# --- proof ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the log at one moment.

    Stored elsewhere, it proves that nothing before was changed.

    Attributes:
        casebook: The id of the casebook; None when only seq and hash are known.
        seq: The number of the last revision; 0 for an empty log.
        hash: The hash of that revision.
        at: When that revision was written; for an empty log, when the casebook was created.
        digest: The digest of the casebook row; None in anchors of earlier versions.
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
        """Parse an anchor line, with or without the digest at its end, or SEQ:HASH alone.

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


def get_anchor(session: Session) -> Anchor:
    """Return the anchor of the present end of the log; one statement."""
    head = select(Revision.seq, Revision.hash, Revision.at).order_by(Revision.seq.desc()).limit(1)
    last = head.subquery()
    sealed = (Casebook.id, Casebook.created_at, Casebook.pseudonym_secret)
    query = select(*sealed, last.c.seq, last.c.hash, last.c.at).outerjoin(last, true())
    casebook, created_at, secret, seq, last_hash, at = session.execute(query).one()
    digest = casebook_digest(casebook, created_at, secret)
    if seq is None:
        return Anchor(casebook, 0, GENESIS, format_instant(created_at), digest)
    return Anchor(casebook, seq, last_hash, at, digest)


def find_broken_link(session: Session) -> str | None:
    """Return what is wrong with the first revision that breaks the chain; None when it is intact.

    One statement, streamed: memory does not grow with the log.
    """
    names = (*_LINKED, *_CONTENT, "hash")
    columns = [_REVISION.c[name] for name in names]
    # NullType: the raw values, as a conversion could hide or fail on what was tampered with.
    query = select(*(type_coerce(one, NullType()) for one in columns))
    expected, prev_hash = 1, GENESIS
    emptied: dict[int, str] = {}
    for row in stream(session, query.order_by(_REVISION.c.seq)):
        if not _is_plainly_intact(row, expected, prev_hash):
            revision = dict(zip(names, row, strict=True))
            fault = _fault(revision, expected, prev_hash) or _misredacted(revision, emptied)
            if fault:
                return fault
        expected, prev_hash = expected + 1, row[-1]
    if emptied:
        return f"revision {min(emptied)} has been emptied, and no later revision says so"
    return None


_CONTENT = ("salt", "row_key", "message", "before", "after")


def _is_plainly_intact(row: Any, expected: int, prev_hash: str) -> bool:
    """Return whether a revision is intact and neither redacts nor was emptied.

    The fast check for most revisions; others get the full one.
    """
    *linked, salt, row_key, message, before, after, last_hash = row
    if linked[0] != prev_hash or linked[6] != expected or linked[5] == _REDACT or salt is None:
        return False
    try:
        computed = digest(salt, row_key, message, (before, after))
        return bool(linked[4] == computed and _link_hash(*linked) == last_hash)
    except (TypeError, UnicodeEncodeError):
        return False


_REDACT = Op.REDACT.value


def _misredacted(revision: Mapping[str, Any], emptied: dict[int, str]) -> str | None:
    """Return what is wrong with a revision's redaction; None when nothing is.

    Adds an emptied revision to `emptied`, and removes from it those that a redaction lists.
    """
    seq, table = revision["seq"], revision["table_name"]
    if revision["salt"] is None:
        emptied[seq] = table
    elif revision["op"] == Op.REDACT:
        listed = parse_emptied(revision["before"])
        if not listed:
            return f"revision {seq} is a redaction, and does not say what was emptied for it"
        for other in sorted(listed):
            if emptied.pop(other, None) != table:
                return f"revision {seq} says that {other} was emptied for it, and it was not"
    return None


def parse_emptied(before: str | None) -> set[int]:
    """Return the revisions that a redaction emptied, from its `before`; empty if it lists none."""
    try:
        listed = json.loads(before or "{}")[EMPTIED_KEY]
        return {seq for seq in listed if type(seq) is int}
    except (ValueError, TypeError, LookupError, RecursionError):
        return set()


def _fault(revision: Mapping[str, Any], expected: int, prev_hash: str) -> str | None:
    """Return what is wrong with a revision that should follow; None when nothing is."""
    seq = revision["seq"]
    if seq != expected:
        return f"revision {expected} is missing: after {expected - 1} comes {seq}"
    if revision["prev_hash"] != prev_hash:
        return f"revision {seq} does not follow from the one before it"
    salt, row_key, message = revision["salt"], revision["row_key"], revision["message"]
    images = revision["before"], revision["after"]
    emptied = (salt, row_key, message, *images) == (None,) * 5
    try:
        computed, link = digest(salt or "", row_key, message, images), link_hash(revision)
    except (TypeError, UnicodeEncodeError):  # bytes, invalid UTF-8, or NULL despite NOT NULL
        return f"revision {seq} has been changed: something in it is not text"
    if not emptied and revision["content_digest"] != computed:
        return f"revision {seq} has been changed: its content is not that of its digest"
    if revision["hash"] != link:
        return f"revision {seq} has been changed: its hash is not that of what it says"
    return None


def find_anchor_mismatch(session: Session, expected: Anchor) -> str | None:
    """Return why the log is not a continuation of an anchor; None when it is."""
    seq = get_last_seq(session)
    if expected.casebook is not None:
        here = get_anchor(session)
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
    stored = session.scalar(select(Revision.hash).where(Revision.seq == expected.seq))
    if stored != expected.hash:
        return f"revision {expected.seq} is not the one that was anchored: the log was rewritten"
    return None
