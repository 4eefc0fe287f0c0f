"""The log: every change of every row, each chained to the one before.

`content_digest` is the SHA-256 of the salt and the canonical JSON of {row_key, message, before,
after}; `hash` that of the hash before and the canonical JSON of {seq, at, author, change,
table_name, op, content_digest}. Canonical JSON has sorted keys, no spaces and no floats, so that
both databases keep the same bytes.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session, SessionTransaction

from claimtrack.db import Change
from claimtrack.models import Revision
from claimtrack.sql import stream
from claimtrack.vocab import Op

GENESIS = "0" * 64
"""What stands before the first revision."""


def canonical(value: object) -> str:
    """Return the canonical JSON of a value: dates ISO 8601, enums by value, floats as repr."""
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {key: _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case Enum():
            return value.value
        case float():
            return repr(value)
        case date():
            return value.isoformat()
        case _:
            return value


def digest(
    salt: str, row_key: str, message: str | None, images: tuple[str | None, str | None]
) -> str:
    """Return the content digest of a revision; `images` are its before and after."""
    content = canonical(
        {"row_key": row_key, "message": message, "before": images[0], "after": images[1]}
    )
    return hashlib.sha256((salt + content).encode()).hexdigest()


def link_hash(revision: Mapping[str, object]) -> str:
    """Return the hash of a revision, given its columns."""
    chained = ("seq", "at", "author", "change", "table_name", "op", "content_digest")
    content = canonical({name: revision[name] for name in chained})
    return hashlib.sha256((str(revision["prev_hash"]) + content).encode()).hexdigest()


@dataclass(frozen=True)
class Image:
    """A row as the log sees it: its table, its key and its columns with refs for foreign keys."""

    table: str
    key: str
    columns: Mapping[str, object]


def append(session: Session, op: Op, before: Image | None, after: Image | None) -> None:
    """Write the revision of one change of one row, at the end of the chain.

    The caller holds the writers' lock, so that nobody else appends meanwhile.
    """
    change: Change = session.info["change"]
    row = after or before
    if row is None:
        raise ValueError("a revision needs a row before or after")
    images = (
        canonical(before.columns) if before else None,
        canonical(after.columns) if after else None,
    )
    seq, prev_hash = _head(session)
    salt = secrets.token_hex(16)
    revision: dict[str, object] = {
        "seq": seq + 1,
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
        "prev_hash": prev_hash,
    }
    revision["hash"] = link_hash(revision)
    session.execute(insert(Revision), [revision])
    session.info["head"] = _within(session), seq + 1, revision["hash"]


def _head(session: Session) -> tuple[int, str]:
    """Return the seq and the hash of the last revision; remembered while the writer holds it."""
    within, seq, last_hash = session.info.get("head", (None, 0, GENESIS))
    if within is not None and within is _within(session):
        return seq, last_hash
    query = select(Revision.seq, Revision.hash).order_by(Revision.seq.desc()).limit(1)
    found = session.execute(query).one_or_none()
    return (found.seq, found.hash) if found else (0, GENESIS)


def _within(session: Session) -> SessionTransaction | None:
    # What a rolled back savepoint wrote is not the head: each savepoint asks anew.
    return session.get_nested_transaction() or session.get_transaction()


def ever_used(session: Session, table: str, key: str) -> bool:
    """Whether the log knows a row of that key, live or removed."""
    found = select(Revision.seq).where(Revision.table_name == table, Revision.row_key == key)
    return session.scalar(found.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class LogRow:
    """One revision, as `claimtrack log` and `claimtrack history` show it."""

    seq: int
    at: str
    author: str
    change: str
    message: str | None
    op: str
    record: str
    fields: str


def log(session: Session) -> Iterator[LogRow]:
    """Stream the revisions, newest first; one statement."""
    query = select(Revision).order_by(Revision.seq.desc())
    for (revision,) in stream(session, query):
        yield _row(revision)


def history(session: Session, table: str, key: str) -> Iterator[LogRow]:
    """Stream the revisions of one record and of the rows that hang on it, oldest first."""
    query = (
        select(Revision)
        .where(
            or_(
                (Revision.table_name == table) & (Revision.row_key == key),
                Revision.table_name.in_(_HANGING.get(table, ()))
                & (Revision.row_key >= f"{key}/")
                & (Revision.row_key < f"{key}0"),  # 0 is next after /
                (Revision.table_name == "link")
                & (table == "entry")
                & Revision.row_key.like(f"%/%/{_escaped(key)}/%", escape="!"),
            )
        )
        .order_by(Revision.seq)
    )
    for (revision,) in stream(session, query):
        yield _row(revision)


def _escaped(key: str) -> str:
    return key.replace("_", "!_")  # refs hold no other sign that LIKE reads


_HANGING = {"entry": ("participation", "citation", "stance", "link", "grade")}
"""Tables whose keys begin with the ref of the record on which they hang."""


def _row(revision: Revision) -> LogRow:
    before = json.loads(revision.before) if revision.before else {}
    after = json.loads(revision.after) if revision.after else {}
    fields = [
        _told(name, before.get(name), after.get(name), revision.op)
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return LogRow(
        seq=revision.seq,
        at=revision.at,
        author=revision.author,
        change=revision.change,
        message=revision.message,
        op=revision.op.value,
        record=f"{revision.table_name} {revision.row_key}",
        fields="; ".join(fields),
    )


def _told(name: str, old: object, new: object, op: Op) -> str:
    if op is Op.UPDATE:
        return f"{name}: {_said(old)} -> {_said(new)}"
    return f"{name}: {_said(old if op is Op.DELETE else new)}"


def _said(value: object) -> str:
    return "empty" if value is None else value if isinstance(value, str) else canonical(value)
