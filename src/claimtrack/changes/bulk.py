"""Writing many records of one table with few statements, under the same rules as `put`.

New records that break no rule are inserted together, and unchanged ones skipped. All others are
written singly by `put`, which has the sentences for refusals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Table, exists, insert, select
from sqlalchemy.exc import IntegrityError

from claimtrack import fulltext, history
from claimtrack.changes.merging import build_columns, get_or_create_judge
from claimtrack.changes.rows import Outcome
from claimtrack.changes.rules import check_addresses, check_rules
from claimtrack.changes.upserting import put
from claimtrack.db import Session
from claimtrack.errors import Conflict, Invalid, NotFound, UnknownRef
from claimtrack.history import Image, canonical_json
from claimtrack.kinds import JUDGES
from claimtrack.models import Actor, Base, Entry, Named, Revision
from claimtrack.records import (
    KEYS,
    NAMED,
    TABLES,
    get,
    key_of,
    own_columns,
    references,
    relation_name,
    selected,
    without_empty_additions,
)
from claimtrack.schemas import New
from claimtrack.sql import stream
from claimtrack.vocab import Op

Refusal = Invalid | NotFound | Conflict


@dataclass(frozen=True, slots=True)
class PendingRecord:
    """A record to be written, and for a nested one the ref of its entry."""

    record: New
    entry: str | None = None


@dataclass(slots=True)
class _BuiltRow:
    """A record with the rows that it refers to.

    Attributes:
        image: The row as the log will have it.
        values: The row as its table will have it, with internal keys.
        columns: The row as an ORM object would have it, with related objects.
        warnings: The warnings about it.
    """

    image: Image
    values: dict[str, Any]
    columns: dict[str, Any]
    warnings: list[str]


def put_many(
    session: Session, records: Sequence[PendingRecord], *, once_since: int | None = None
) -> list[Outcome | Refusal]:
    """Write records of one table, new or known; return the outcome or refusal of each, in order.

    The nested rows of an entry are not written. A refused record does not stop the others. New and
    unchanged records take a fixed number of statements.

    Args:
        session: The session.
        records: The records.
        once_since: Refuse to change a row a second time that was written after this revision.
    """
    outcomes: dict[int, Outcome | Refusal] = {}
    left, moving = list(range(len(records))), True
    while left and moving:
        inserted = _insert_new(session, [records[at] for at in left])
        outcomes |= {left[at]: outcome for at, outcome in inserted.items()}
        left, moving = [at for at in left if at not in outcomes], bool(inserted)
    for at in left:
        outcomes[at] = _put_one(session, records[at], once_since)
    return [outcomes[at] for at in range(len(records))]


def _insert_new(session: Session, records: Sequence[PendingRecord]) -> dict[int, Outcome]:
    """Insert the new records whose references all exist.

    Return the outcomes, unchanged ones included.
    """
    table = records[0].record.table
    rows = _References(session, records)
    built = [rows.build(one) for one in records]
    stored = _fetch_stored(session, table, [one for one in built if one])
    unchanged: list[int] = []
    new: dict[str, int] = {}
    for at, one in enumerate(built):
        if one is None or one.image.key in new or stored.get(one.image.key, "") is None:
            continue
        if one.image.key not in stored:
            new[one.image.key] = at
        elif stored[one.image.key] == canonical_json(one.image.columns):
            unchanged.append(at)
    added = [one for at in new.values() if (one := built[at])]
    outcomes = dict.fromkeys(unchanged, Outcome.UNCHANGED)
    if added and _try_insert(session, table, added):
        outcomes.update(dict.fromkeys(new.values(), Outcome.ADDED))
        session.state.warnings.extend(chain(*(one.warnings for one in added)))
    return outcomes


def _put_one(session: Session, one: PendingRecord, once_since: int | None) -> Outcome | Refusal:
    before = len(session.state.warnings)
    try:
        with session.begin_nested():
            entry = None if one.entry is None else get(session, Entry, one.entry)
            outcome = put(session, one.record, entry=entry)
            if once_since is not None and outcome is Outcome.CHANGED:
                _refuse_second(session, once_since)
            return outcome
    except (Invalid, NotFound, Conflict) as refusal:
        del session.state.warnings[before:]  # those of the record that was not written
        return refusal.with_traceback(None)  # a traceback would keep every frame's objects alive


def _refuse_second(session: Session, since: int) -> None:
    """Refuse the change that was written last if its row was already written after a revision."""
    last = session.scalars(select(Revision).order_by(Revision.seq.desc()).limit(1)).one()
    same = Revision.table_name == last.table_name, Revision.row_key == last.row_key
    before = exists().where(*same, Revision.seq > since, Revision.seq < last.seq)
    if session.scalar(select(before)):
        raise Invalid(f"{last.row_key} is that of an earlier row, which says something else")


class _References:
    """The rows to which records refer, fetched with one statement for each table."""

    def __init__(self, session: Session, records: Sequence[PendingRecord]) -> None:
        self._session = session
        self._model = TABLES[records[0].record.table]
        self._judge: Actor | None = None
        self._targets = references(self._model)
        refs_by_model: dict[type[Named], set[str]] = {
            model: set() for model in self._targets.values()
        }
        for one in records:
            values = _get_values(one)
            for name, model in self._targets.items():
                refs_by_model[model].update([values[name]] if values[name] is not None else [])
        self._found = {
            (model, row.ref): row
            for model, refs in refs_by_model.items()
            for row in session.scalars(select(model).where(model.ref.in_(refs)))
        }

    def build(self, one: PendingRecord) -> _BuiltRow | None:
        """Return a record with its related rows; None where `put` must write or refuse it."""
        fields = _get_values(one)
        before = len(self._session.state.warnings)
        try:
            columns = build_columns(self._model, fields, self._resolve)
            check_addresses(self._session, self._model.__tablename__, columns, None)
            check_rules(self._session, self._model.__tablename__, columns, None)
        except (Invalid, NotFound, Conflict):
            del self._session.state.warnings[before:]
            return None
        own_warnings = self._session.state.warnings[before:]
        del self._session.state.warnings[before:]
        own = {name: columns[name] for name in own_columns(self._model)}
        others = {name: columns[relation_name(f"{name}_id")] for name in self._targets}
        record = own | {name: row and row.ref for name, row in others.items()}
        values = own | {f"{name}_id": row and row.id for name, row in others.items()}
        table = self._model.__tablename__
        image = Image(table, key_of(table, record), without_empty_additions(table, record))
        return _BuiltRow(image, values, columns, own_warnings)

    def _resolve(self, name: str, other: type[Named], ref: str | None) -> Named | None:
        if ref is None:
            if name not in JUDGES.values():
                return None
            self._judge = self._judge or get_or_create_judge(self._session, None)
            return self._judge
        found = self._found.get((other, ref))
        if found is None:  # it may be the name of an actor, which `put` looks up
            raise UnknownRef(other.__tablename__, ref)
        return found


def _get_values(one: PendingRecord) -> dict[str, Any]:
    values = one.record.model_dump(by_alias=True)
    return values if one.entry is None else {**values, "entry": one.entry}


def _fetch_stored(
    session: Session, table: str, rows: Sequence[_BuiltRow]
) -> Mapping[str, str | None]:
    """Return the stored rows with the keys of new ones, as canonical JSON by key.

    None in place of the ref of a record that has been removed.
    """
    by = "ref" if table in NAMED else f"{KEYS[table][0]}_id"
    column = Base.metadata.tables[table].columns[by]
    named = {row.values[by] for row in rows}
    found: dict[str, str | None] = {}
    if table in NAMED:
        used = select(Revision.row_key).where(Revision.table_name == table)
        keys = session.scalars(used.where(Revision.row_key.in_(named)))
        found = {str(key): None for key in keys}
    for row in stream(session, selected(table).where(column.in_(named))):
        record = dict(row._mapping)
        found[key_of(table, record)] = canonical_json(record)
    return found


def _try_insert(session: Session, table: str, rows: Sequence[_BuiltRow]) -> bool:
    """Insert rows together; return False, with nothing written, if a constraint forbids one."""
    try:
        with session.begin_nested():
            _insert(session, Base.metadata.tables[table], rows)
    except IntegrityError:
        return False
    return True


def _insert(session: Session, table: Table, rows: Sequence[_BuiltRow]) -> None:
    values = [row.values for row in rows]
    statement = insert(table)
    if table.name in fulltext.SEARCHED:
        statement = statement.returning(table.c.id, table.c.ref)
        keys = {ref: key for key, ref in session.execute(statement, values)}
        fulltext.index_new(
            session,
            table.name,
            ((keys[row.values["ref"]], row.columns) for row in rows),
        )
    else:
        session.execute(statement, values)
    history.append_all(session, Op.INSERT, ((None, row.image) for row in rows))
