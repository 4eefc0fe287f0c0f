"""Whole casebooks, log included, in other files and databases."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, insert, select, update

from claimtrack import db, fulltext, replay
from claimtrack.atomic_files import replace_file, sibling_folder
from claimtrack.audit import audit
from claimtrack.audit.diagnosis import get_finding_mask
from claimtrack.db import Session
from claimtrack.errors import NotEmpty, StorageFailure
from claimtrack.history import (
    Anchor,
    append,
    casebook_image,
    find_broken_link,
    get_anchor,
    was_key_used,
)
from claimtrack.lookup import bytes_of
from claimtrack.models import Base, Capture, Casebook, Content, Revision
from claimtrack.records import IN_ORDER, TABLES, refers, selected
from claimtrack.sql import batches, stream, stream_records
from claimtrack.vocab import Op

Rows = Callable[[str], Iterator[dict[str, Any]]]
"""Yields the rows of a table, with refs in place of keys; called twice for some tables."""


def snapshot(session: Session, path: Path, seq: int) -> None:
    """Rebuild the casebook as of a revision in a new SQLite file, all or nothing.

    Raises:
        NotEmpty: The file exists.
        Conflict: Records as of that revision have been redacted since.
        StorageFailure: The log is broken, or the file cannot be written.
    """
    fault = find_broken_link(session)
    if fault:
        raise StorageFailure(f"the log does not verify, and cannot be replayed: {fault}")
    replay.refuse_redacted(session, seq)
    with new_file(path) as new:
        with _made_anew(new) as target:
            _write(session, target, seq, lambda table: replay.stream_rows_at(session, table, seq))
        if path.exists():
            raise NotEmpty(f"{path} already exists: choose a new file")


def copy(source: Session, target: db.Database, *, replace: bool = False) -> None:
    """Copy the casebook, log included, into another database in one transaction.

    Raises:
        NotEmpty: The other database holds a casebook, and `replace` is not set.
    """

    def stored_rows(table: str) -> Iterator[dict[str, Any]]:
        return (dict(row._mapping) for row in stream(source, selected(table)))

    with _made_anew(target, replace=replace) as other:
        _write(source, other, get_anchor(source).seq, stored_rows)


def _made_anew(database: db.Database, *, replace: bool = False) -> AbstractContextManager[Session]:
    return db.recreate_database(database, Base.metadata.tables, replace=replace)


@contextmanager
def new_file(path: Path) -> Iterator[db.Database]:
    """Make a SQLite file next to a path, and rename it to the path at the end of the block."""
    place = path.resolve()  # a link stays a link
    with sibling_folder(place) as folder:
        file = folder / "casebook.db"
        yield db.connect(file)
        db.remove_journal_files(db.connect(place))
        replace_file(file, place)


def proved(session: Session, what: str) -> Anchor:
    """Verify a casebook against its log, and return its anchor.

    Raises:
        StorageFailure: The records do not match the log; `what` names the casebook.
    """
    for found in audit(session):
        finding = get_finding_mask(session)(found)
        place = f"{finding.table} {finding.key}".strip()
        raise StorageFailure(f"{what} differs from its log ({place}: {finding.finding})")
    return get_anchor(session)


def _write(source: Session, target: Session, seq: int, rows: Rows) -> None:
    """Fill an empty casebook with rows, the log up to a revision, and the id of the source."""
    tables = Base.metadata.tables
    captured = {row["sha256"] for row in rows(Capture.__tablename__)}
    captured.update(source.scalars(replay.select_logged_digests(seq)))
    _copy_bytes(source, target, sorted(captured))
    for name in IN_ORDER:
        _fill(target, tables[name], rows(name))
    for name in IN_ORDER:
        pointing = _self_reference(tables[name])
        if pointing is not None:
            _point(target, tables[name], pointing, rows(name))
    _copy(source, target, tables[Revision.__tablename__], Revision.seq <= seq)
    _copy(source, target, tables[Casebook.__tablename__])
    _seal(target)
    for name in fulltext.SEARCHED:
        for row in stream_records(target, select(TABLES[name])):
            fulltext.index(target, row)


def _seal(session: Session) -> None:
    """Append a revision with the digest of the casebook row, if the copied log has none."""
    casebook = session.scalars(select(Casebook)).one()
    if not was_key_used(session, Casebook.__tablename__, casebook.id):
        session.state.change = db.new_change("claimtrack")
        append(session, Op.INSERT, None, casebook_image(casebook))


def _copy_bytes(source: Session, target: Session, digests: Iterable[str]) -> None:
    """Copy the bytes of captures, one capture's at a time."""
    for digest in digests:
        content = bytes_of(source, digest)
        target.execute(insert(Content), {"sha256": digest, "bytes": content})


def _self_reference(table: Table) -> Column[Any] | None:
    """Return the column by which a row of a table points at another of the same table."""
    for key in table.foreign_keys:
        if key.column.table is table:
            return key.parent
    return None


def _fill(session: Session, table: Table, records: Iterator[dict[str, Any]]) -> None:
    """Insert rows, without their references to rows of the same table."""
    later = _self_reference(table)
    values = {
        column.name: _value_of(column)
        for column in table.columns
        if column.name != "id" and column is not later
    }
    statement = insert(table).values(values)
    for batch in batches(records):
        session.execute(statement, [_named(row) for row in batch])


def _point(
    session: Session, table: Table, column: Column[Any], records: Iterator[dict[str, Any]]
) -> None:
    """Set the references between rows of the same table, after all have been inserted."""
    statement = update(table).where(table.c.ref == bindparam("_ref"))
    statement = statement.values({column.name: _value_of(column)})
    name = column.name.removesuffix("_id")
    pointing = (_named({"ref": row["ref"], name: row[name]}) for row in records if row[name])
    for batch in batches(pointing):
        session.connection().execute(statement, batch)


def _value_of(column: Column[Any]) -> ColumnElement[Any]:
    """Return the expression for a column: its value, or the key of the record with that ref."""
    parameter = bindparam(f"_{column.name.removesuffix('_id')}", type_=column.type)
    for key in column.foreign_keys if refers(column) else ():
        other = key.column.table.alias()
        ref = bindparam(parameter.key, type_=other.c.ref.type)
        return select(other.c.id).where(other.c.ref == ref).scalar_subquery()
    return parameter


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"_{name}": value for name, value in row.items()}


def _copy(source: Session, target: Session, table: Table, *conditions: ColumnElement[bool]) -> None:
    """Copy rows unchanged from one database to another."""
    rows = stream(source, select(table).where(*conditions))
    for batch in batches(dict(row._mapping) for row in rows):
        target.execute(insert(table), batch)
