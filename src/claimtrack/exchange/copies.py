"""Whole casebooks, log included, in other files and databases."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from claimtrack import db, fulltext, replay
from claimtrack.errors import NotEmpty, StorageFailure
from claimtrack.history import anchor, broken
from claimtrack.models import Base, Casebook, Revision
from claimtrack.records import IN_ORDER, TABLES, selected
from claimtrack.sql import stream

Rows = Callable[[str], Iterator[dict[str, Any]]]
"""The rows of a table, refs for keys; asked twice of some tables."""
_AT_ONCE = 500
"""Rows written by one statement."""


def snapshot(session: Session, path: Path, seq: int) -> None:
    """Write the casebook as it stood after a revision into a new SQLite file, all or nothing.

    Raises:
        NotEmpty: the file is there already.
        StorageFailure: the log is not whole, or the disk refuses.
    """
    fault = broken(session)
    if fault:
        raise StorageFailure(f"the log is not whole, and cannot be replayed: {fault}")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name[:100]}.") as folder:
        made = Path(folder) / "casebook.db"
        database = db.connect(str(made))
        db.init(database)
        with db.writing(database, author="") as target:
            rebuild(session, target, seq)
        if path.exists():
            raise NotEmpty(f"{path} is there already: name a new file")
        made.replace(path)


def rebuild(source: Session, target: Session, seq: int) -> None:
    """Write the casebook as it stood after a revision into an empty one, its log included.

    It is the same casebook, by id. A fixed number of statements is read, streamed.
    """
    _write(source, target, seq, lambda table: replay.states(source, table, seq))


def copy(source: Session, target: Session) -> None:
    """Write the casebook as it stands into an empty one, its log included; as `rebuild`.

    Raises:
        NotEmpty: the other database holds a casebook of its own.
    """
    if anchor(target).seq:
        raise NotEmpty("the target holds a casebook already: name an empty database")

    def stands(table: str) -> Iterator[dict[str, Any]]:
        return (dict(row._mapping) for row in stream(source, selected(table)))

    _write(source, target, anchor(source).seq, stands)


def _write(source: Session, target: Session, seq: int, rows: Rows) -> None:
    tables = Base.metadata.tables
    for name in IN_ORDER:
        _fill(target, tables[name], rows(name))
    for name in IN_ORDER:
        pointing = _self_reference(tables[name])
        if pointing is not None:
            _point(target, tables[name], pointing, rows(name))
    _copy(source, target, tables[Revision.__tablename__], Revision.seq <= seq)
    target.execute(delete(Casebook))
    _copy(source, target, tables[Casebook.__tablename__])
    for name in fulltext.SEARCHED:
        for (row,) in stream(target, select(TABLES[name])):
            fulltext.index(target, row)


def _self_reference(table: Table) -> Column[Any] | None:
    """Return the column by which a row of a table points at another of the same table."""
    for key in table.foreign_keys:
        if key.column.table is table:
            return key.parent
    return None


def _fill(session: Session, table: Table, records: Iterator[dict[str, Any]]) -> None:
    """Insert rows; what points at a row of the same table is left for later."""
    later = _self_reference(table)
    values = {
        column.name: _value_of(column)
        for column in table.columns
        if column.name != "id" and column is not later
    }
    statement = insert(table).values(values)
    for batch in _batches(records):
        session.execute(statement, [_named(row) for row in batch])


def _point(
    session: Session, table: Table, column: Column[Any], records: Iterator[dict[str, Any]]
) -> None:
    """Let rows point at others of the same table, now that all are there."""
    statement = update(table).where(table.c.ref == bindparam("_ref"))
    statement = statement.values({column.name: _value_of(column)})
    name = column.name.removesuffix("_id")
    pointing = (_named({"ref": row["ref"], name: row[name]}) for row in records if row[name])
    for batch in _batches(pointing):
        session.connection().execute(statement, batch)


def _value_of(column: Column[Any]) -> ColumnElement[Any]:
    """Return what a column is set to: what was given, or the key of the record of that ref."""
    given = bindparam(f"_{column.name.removesuffix('_id')}", type_=column.type)
    for key in column.foreign_keys:
        other = key.column.table.alias()
        ref = bindparam(given.key, type_=other.c.ref.type)
        return select(other.c.id).where(other.c.ref == ref).scalar_subquery()
    return given


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"_{name}": value for name, value in row.items()}


def _copy(source: Session, target: Session, table: Table, *conditions: ColumnElement[bool]) -> None:
    """Copy rows as they are, from one database to another."""
    rows = stream(source, select(table).where(*conditions))
    for batch in _batches(dict(row._mapping) for row in rows):
        target.execute(insert(table), batch)


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    return iter(lambda: list(islice(rows, _AT_ONCE)), [])
