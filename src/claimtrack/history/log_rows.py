"""The log as people read it: who changed what, when, in which command, field by field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack.db import Mask, Session, format_instant
from claimtrack.errors import UnknownRef
from claimtrack.history.chain import canonical_json, parse_emptied
from claimtrack.models import Revision
from claimtrack.sql import stream_records
from claimtrack.vocab import Op


@dataclass(frozen=True, slots=True)
class LogRow:
    """One revision as `claimtrack log` and `claimtrack history` show it, protected names masked."""

    seq: int
    at: str
    author: str
    change: str
    message: str | None
    op: str
    record: str
    fields: str


@dataclass(frozen=True, slots=True)
class LogFilters:
    """Which revisions of the log to list; an empty value does not filter.

    Attributes:
        since: The first instant.
        before: The first instant after the last one.
        author: The author, as a reader of the session sees the name.
        table: The table of the row.
        record: The table and the key of a record: its revisions and those of its dependent rows.
    """

    since: datetime | None = None
    before: datetime | None = None
    author: str | None = None
    table: str | None = None
    record: tuple[str, str] | None = None


def stream_log(session: Session, filters: LogFilters | None = None) -> Iterator[LogRow]:
    """Yield the revisions that match the filters, newest first; one statement, streamed."""
    filters = filters or LogFilters()
    query = select(Revision).order_by(Revision.seq.desc())
    if filters.since is not None:
        query = query.where(Revision.at >= format_instant(filters.since))
    if filters.before is not None:
        query = query.where(Revision.at < format_instant(filters.before))
    if filters.table is not None:
        query = query.where(Revision.table_name == filters.table)
    if filters.record is not None:
        query = query.where(_concerns(*filters.record))
    # Compared as shown: the name of a protected author must match nothing for whom it is masked.
    mask = lru_cache(maxsize=1_000)(session.state.mask)
    for revision in stream_records(session, query):
        if filters.author is None or mask(revision.author) == filters.author:
            yield _row(session, revision)


def list_change(session: Session, change: str) -> list[LogRow]:
    """Return the revisions of one command, in the order written; one statement.

    Raises:
        UnknownRef: the log has no such change.
    """
    query = select(Revision).where(Revision.change == change).order_by(Revision.seq)
    rows = [_row(session, revision) for revision in session.scalars(query)]
    if not rows:
        raise UnknownRef("change", change)
    return rows


def list_conflicting(session: Session, base: int) -> tuple[list[LogRow], list[LogRow]]:
    """Return what others did since a revision to the rows of this command, and what it did itself.

    Two lists of revisions in the order written, from the first 20 pairs; both empty where nobody
    else touched those rows. Three statements.
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

    def list_rows(seqs: set[int]) -> list[LogRow]:
        query = select(Revision).where(Revision.seq.in_(seqs)).order_by(Revision.seq)
        return [_row(session, revision) for revision in session.scalars(query)]

    return list_rows({seq for seq, _ in pairs}), list_rows({seq for _, seq in pairs})


def stream_history(session: Session, table: str, key: str) -> Iterator[LogRow]:
    """Yield the revisions of one record and of its dependent rows, oldest first; one statement."""
    # An expression: else PostgreSQL scans the whole log in the order of seq to avoid the sort.
    query = select(Revision).where(_concerns(table, key)).order_by(Revision.seq + 0)
    for revision in stream_records(session, query):
        yield _row(session, revision)


def _concerns(table: str, key: str) -> ColumnElement[bool]:
    """Whether a revision is of a record or of one of its dependent rows."""
    return or_(
        (Revision.table_name == table) & (Revision.row_key == key),
        Revision.table_name.in_(_DEPENDENT_TABLES.get(table, ()))
        & (Revision.row_key >= f"{key}/")
        & (Revision.row_key < f"{key}0"),  # a range, for the index: 0 follows /
        (Revision.table_name == "link")
        & (table == "entry")
        & Revision.row_key.like(f"%/%/{_escaped(key)}/%", escape="!")
        # LIKE ignores case on SQLite; replace does not.
        & (func.replace(Revision.row_key, f"/{key}/", "") != Revision.row_key),
    )


def _escaped(key: str) -> str:
    return key.replace("_", "!_")  # the only wildcard of LIKE that a ref may hold


_DEPENDENT_TABLES = {
    "document": ("capture",),
    "entry": ("participation", "citation", "stance", "figure", "link", "grade"),
}
"""Tables whose keys begin with the ref of the record to which the rows belong."""


def _row(session: Session, revision: Revision) -> LogRow:
    mask = session.state.mask
    if revision.row_key is None:
        text = "redacted: its content was erased from the log"
        return _masked_row(revision, mask, revision.table_name, text)
    key = mask.key(revision.table_name, revision.row_key, revision.seq)
    record = f"{revision.table_name} {key}"
    before = json.loads(revision.before) if revision.before else {}
    fields = []
    if revision.op is Op.REDACT:
        fields = [f"emptied: {', '.join(map(str, sorted(parse_emptied(revision.before))))}"]
        before = {}
    after = json.loads(revision.after) if revision.after else {}
    # Each side by itself: an entry may have moved to another actor, a record become unprotected.
    old, new = _public(mask, revision, before), _public(mask, revision, after)
    differing = [name for name in sorted({*old, *new}) if before.get(name) != after.get(name)]
    fields += [
        _describe_field(name, old.get(name), new.get(name), revision.op)
        for name in differing
        # Equal though they differ: both sides are hidden.
        if revision.op is not Op.UPDATE or old.get(name) != new.get(name)
    ]
    return _masked_row(revision, mask, record, "; ".join(fields) or _WITHHELD)


_WITHHELD = "withheld"
"""The text for a change of fields that are all hidden."""


def _public(mask: Mask, revision: Revision, image: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a logged row that may be shown."""
    hidden = mask.hidden(revision.table_name, image, revision.seq)
    return {name: value for name, value in image.items() if name not in hidden}


def _masked_row(revision: Revision, mask: Mask, record: str, fields: str) -> LogRow:
    return LogRow(
        seq=revision.seq,
        at=revision.at,
        author=mask(revision.author),
        change=revision.change,
        message=revision.message and mask(revision.message),
        op=revision.op.value,
        record=record,
        fields=mask(fields),
    )


def _describe_field(name: str, old: object, new: object, op: Op) -> str:
    if op is Op.UPDATE:
        return f"{name}: {_format(old)} -> {_format(new)}"
    return f"{name}: {_format(old if op is Op.DELETE else new)}"


def _format(value: object) -> str:
    return "empty" if value is None else value if isinstance(value, str) else canonical_json(value)
