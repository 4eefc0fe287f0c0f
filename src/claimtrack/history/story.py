"""The log as people read it: who changed what, when, in which command, field by field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from claimtrack.db import Mask, Session
from claimtrack.errors import UnknownRef
from claimtrack.history.chain import canonical, listed_by
from claimtrack.models import Revision
from claimtrack.sql import stream_records
from claimtrack.vocab import Op


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
    for revision in stream_records(session, query):
        yield _row(session, revision)


def one_change(session: Session, change: str) -> list[LogRow]:
    """Return the revisions of one command, in the order written.

    Raises:
        UnknownRef: the log has no such change.
    """
    query = select(Revision).where(Revision.change == change).order_by(Revision.seq)
    rows = [_row(session, revision) for revision in session.scalars(query)]
    if not rows:
        raise UnknownRef("change", change)
    return rows


def since(session: Session, base: int) -> tuple[list[LogRow], list[LogRow]]:
    """Return what others did since a revision to the rows of this command, and what it did itself.

    Both in the order written, of 20 revisions at most; empty where nobody else touched those rows.
    """
    mine, theirs = aliased(Revision), aliased(Revision)
    own = session.state.change
    same_row = (mine.table_name == theirs.table_name) & (mine.row_key == theirs.row_key)
    touched = (
        select(theirs.seq, mine.seq)
        .join(mine, same_row)
        .where(mine.change == own.id, theirs.change != own.id, theirs.seq > base)
        .order_by(theirs.seq, mine.seq)
        .limit(20)
    )
    pairs = session.execute(touched).all()

    def told(seqs: set[int]) -> list[LogRow]:
        query = select(Revision).where(Revision.seq.in_(seqs)).order_by(Revision.seq)
        return [_row(session, revision) for revision in session.scalars(query)]

    return told({seq for seq, _ in pairs}), told({seq for _, seq in pairs})


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
                & Revision.row_key.like(f"%/%/{_escaped(key)}/%", escape="!")
                # LIKE overlooks case on SQLite.
                & (func.replace(Revision.row_key, f"/{key}/", "") != Revision.row_key),
            )
        )
        .order_by(Revision.seq + 0)  # PostgreSQL would go through the whole log in its order
    )
    for revision in stream_records(session, query):
        yield _row(session, revision)


def _escaped(key: str) -> str:
    return key.replace("_", "!_")  # refs hold no other sign that LIKE reads


_HANGING = {
    "document": ("capture",),
    "entry": ("participation", "citation", "stance", "link", "grade"),
}
"""Tables whose keys begin with the ref of the record on which they hang."""


def _row(session: Session, revision: Revision) -> LogRow:
    said = session.state.mask
    if revision.row_key is None:
        gone = "redacted: what it said was taken out of the log"
        return _told_of(revision, said, revision.table_name, gone)
    key = said.key(revision.table_name, revision.row_key, revision.seq)
    record = f"{revision.table_name} {key}"
    before = json.loads(revision.before) if revision.before else {}
    fields = []
    if revision.op is Op.REDACT:
        fields = [f"emptied: {', '.join(map(str, sorted(listed_by(revision.before))))}"]
        before = {}
    after = json.loads(revision.after) if revision.after else {}
    # Each side by itself: an entry may have been given to somebody else, a record unprotected.
    old, new = _public(said, revision, before), _public(said, revision, after)
    differing = [name for name in sorted({*old, *new}) if before.get(name) != after.get(name)]
    fields += [
        _told(name, old.get(name), new.get(name), revision.op)
        for name in differing
        if revision.op is not Op.UPDATE or old.get(name) != new.get(name)  # else one is hidden
    ]
    return _told_of(revision, said, record, "; ".join(fields) or _WITHHELD)


_WITHHELD = "withheld"
"""What is told of a change to nothing that may be shown."""


def _public(said: Mask, revision: Revision, image: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a logged row that may be shown."""
    hidden = said.hidden(revision.table_name, image, revision.seq)
    return {name: value for name, value in image.items() if name not in hidden}


def _told_of(revision: Revision, said: Mask, record: str, fields: str) -> LogRow:
    return LogRow(
        seq=revision.seq,
        at=revision.at,
        author=said(revision.author),
        change=revision.change,
        message=revision.message and said(revision.message),
        op=revision.op.value,
        record=record,
        fields=said(fields),
    )


def _told(name: str, old: object, new: object, op: Op) -> str:
    if op is Op.UPDATE:
        return f"{name}: {_said(old)} -> {_said(new)}"
    return f"{name}: {_said(old if op is Op.DELETE else new)}"


def _said(value: object) -> str:
    return "empty" if value is None else value if isinstance(value, str) else canonical(value)
