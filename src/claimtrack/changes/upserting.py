"""Writing whole records: adding new ones, and updating those that exist."""

from typing import Any

from claimtrack import history
from claimtrack.changes.merging import (
    build_columns,
    find_stored_row,
    get_or_create_judge,
)
from claimtrack.changes.rows import Outcome, insert, update
from claimtrack.changes.rules import check_addresses, check_rules
from claimtrack.db import Session
from claimtrack.errors import (
    RefTaken,
)
from claimtrack.kinds import JUDGES
from claimtrack.models import (
    Entry,
    Named,
)
from claimtrack.records import NAMED, TABLES, actors_called, find, get
from claimtrack.schemas import (
    New,
    NewEntry,
)


def add(session: Session, record: New) -> Named:
    """Write a record that must be new, with its nested rows; return its row.

    Raises:
        RefTaken: the ref names a record, or named one.
        UnknownRef, Conflict, Invalid: as `put`.
    """
    ref = str(getattr(record, "ref", ""))
    refuse_taken(session, record.table, ref, _noun(record))
    put(session, record)
    return get(session, NAMED[record.table], ref)


def refuse_taken(session: Session, table: str, ref: str, noun: str) -> None:
    """Refuse a ref that a new record cannot have.

    Args:
        session: The session.
        table: The table of the record.
        ref: The ref.
        noun: The record type, for the sentence.

    Raises:
        RefTaken: it names a record, or named one that was removed.
    """
    stored = find(session, NAMED[table], ref)
    if stored is not None:
        raise RefTaken(str(stored.kind) if isinstance(stored, Entry) else table, ref)
    if history.was_key_used(session, table, ref):
        raise RefTaken(noun, ref, removed=True)


def _noun(record: New) -> str:
    return str(record.kind) if isinstance(record, NewEntry) else record.table


def put(session: Session, record: New, *, entry: Entry | None = None) -> Outcome:
    """Write a whole record, new or known, with the rows nested in an entry; return what changed.

    A record without changes leaves no revision.

    Args:
        session: The session.
        record: The record, validated.
        entry: The entry of a participant, citation or stance.

    Raises:
        UnknownRef: it refers to nothing.
        RefTaken: its ref named a record that has been removed.
        Conflict, Invalid: it breaks a rule between records.
    """
    values = record.model_dump(by_alias=True)
    stored = find_stored_row(session, type(record), values, entry)
    columns = _columns(session, record, entry)
    check_addresses(session, record.table, columns, stored)
    check_rules(session, record.table, columns, stored)
    if stored is not None:
        row, outcome = stored, update(session, stored, columns)
    else:
        row, outcome = TABLES[record.table](**columns), Outcome.ADDED
        if record.table in NAMED and history.was_key_used(session, record.table, values["ref"]):
            raise _removed(session, record, values["ref"])
        insert(session, row)
    if isinstance(record, NewEntry) and isinstance(row, Entry):
        nested = [*record.participants, *record.citations, *record.stances]
        outcomes = {put(session, one, entry=row) for one in nested}
        if outcome is Outcome.UNCHANGED and outcomes - {Outcome.UNCHANGED}:
            outcome = Outcome.CHANGED
    return outcome


def _removed(session: Session, record: New, ref: str) -> RefTaken:
    matching = actors_called(ref).limit(1) if record.table == "actor" else None
    now = None if matching is None else session.scalars(matching).first()
    return RefTaken(_noun(record), ref, removed=True, instead=None if now is None else now.ref)


def _columns(session: Session, record: New, entry: Entry | None) -> dict[str, Any]:
    """Return the attributes of the row, with the row for each ref."""

    def resolve(name: str, other: type[Named], ref: str | None) -> Named | None:
        if name == "entry" and entry is not None:
            return entry
        if name in JUDGES.values():
            return get_or_create_judge(session, ref)
        return None if ref is None else get(session, other, ref)

    return build_columns(TABLES[record.table], record.model_dump(by_alias=True), resolve)
