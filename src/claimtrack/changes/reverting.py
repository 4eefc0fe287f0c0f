"""Reverting one command: its changes are undone, last first, as a new change."""

import json
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import aliased

from claimtrack.changes.merging import build_columns, find_logged_row
from claimtrack.changes.removing import list_referrers
from claimtrack.changes.rows import delete, insert, list_masked_keys, mask_key, update
from claimtrack.changes.rules import check_rules
from claimtrack.db import Session
from claimtrack.errors import Conflict, StillReferenced, UnknownRef
from claimtrack.models import Base, Casebook, Named, Revision
from claimtrack.records import NAMED, TABLES, find, image_of, values_of
from claimtrack.vocab import Op


def revert(session: Session, change: str) -> int:
    """Undo all changes of one command, and return the number of rows; never a part of them.

    Raises:
        UnknownRef: the log has no such change.
        Conflict: a later command changed one of the rows, or something else prevents it.
    """
    query = select(Revision).where(Revision.change == change).order_by(Revision.seq.desc())
    revisions = session.scalars(query).all()
    if not revisions:
        raise UnknownRef("change", change)
    if any(row.table_name == Casebook.__tablename__ for row in revisions):
        raise Conflict(f"change {change} cannot be undone: it created the casebook")
    if any(row.op is Op.REDACT or row.row_key is None for row in revisions):
        raise Conflict(f"change {change} cannot be undone: its content has been redacted")
    _refuse_touched_again(session, change)
    for revision in revisions:
        _undo(session, revision)
    return len({(revision.table_name, revision.row_key) for revision in revisions})


def _refuse_touched_again(session: Session, change: str) -> None:
    mine, later = aliased(Revision), aliased(Revision)
    touched = (
        select(later.table_name, later.row_key, later.change)
        .join(mine, (mine.table_name == later.table_name) & (mine.row_key == later.row_key))
        .where(mine.change == change, later.seq > mine.seq, later.change != change)
        .distinct()
    )
    found = sorted(
        f"{table} {mask_key(session, table, str(key))} (by {other})"
        for table, key, other in session.execute(touched)
    )
    if found:
        shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
        raise Conflict(
            f"change {change} cannot be undone, since later changes touched the same rows: "
            f"{shown}: undo those first"
        )


def _undo(session: Session, revision: Revision) -> None:
    table = revision.table_name
    before, after = (json.loads(text or "{}") for text in (revision.before, revision.after))
    try:
        if not after:
            _put_back(session, table, before)
        elif not before:
            _take_out(session, table, after)
        else:
            row = _row(session, table, after)
            columns = _columns(session, table, before)
            check_rules(session, table, columns, row)
            update(session, row, columns)
    except UnknownRef as error:
        mask = session.state.mask
        key = mask.key(table, str(revision.row_key), revision.seq)
        what = "" if mask.hidden(table, before or after, revision.seq) else f" ({error})"
        raise Conflict(
            f"change {revision.change} cannot be undone: {table} {key} refers to records removed "
            f"since{what}"
        ) from error


def _put_back(session: Session, table: str, record: dict[str, Any]) -> None:
    stored = find_logged_row(session, table, record)
    if stored is not None:
        key = mask_key(session, table, image_of(stored).key)
        raise Conflict(f"{table} {key} exists again: remove it first")
    columns = _columns(session, table, record)
    check_rules(session, table, columns, None)
    insert(session, TABLES[table](**columns))


def _take_out(session: Session, table: str, record: dict[str, Any]) -> None:
    row = _row(session, table, record)
    if table in NAMED:
        naming = list_referrers(session, table, cast(Named, row))
        if naming:
            raise StillReferenced(table, record["ref"], list_masked_keys(session, table, naming))
    delete(session, row)


def _row(session: Session, table: str, record: Mapping[str, Any]) -> Base:
    row = find_logged_row(session, table, record)
    if row is None:
        raise UnknownRef(table, str(record.get("ref", "")))
    return row


def _columns(session: Session, table: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a logged row, with the row for each ref."""

    def resolve(_: str, other: type[Named], ref: str | None) -> Named | None:
        stored = None if ref is None else find(session, other, ref)
        if ref is not None and stored is None:
            raise UnknownRef(other.__tablename__, ref)
        return stored

    return build_columns(TABLES[table], values_of(table, record), resolve)
