"""Loads dossiers: files of records, written in one transaction as one upsert by ref.

`sections` defines the format of a file; `yaml_reader` parses it, and `reading` checks its records.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import select

from claimtrack import changes, history
from claimtrack.changes import Outcome
from claimtrack.db import Mask, Session
from claimtrack.errors import Conflict, Invalid, NotFound, UnknownRef
from claimtrack.exchange.dossier.parsed_record import Faults, Item
from claimtrack.exchange.dossier.reading import in_order, read, tell_unread, untouched
from claimtrack.lookup import similar_entries
from claimtrack.models import Actor, Document, Entry, Revision
from claimtrack.protection import WITHHELD, mask_value
from claimtrack.records import find, forget_found, get
from claimtrack.schemas import New, NewEntry
from claimtrack.sql import stream_records


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a load changed, with its values before and after in the form of the log."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class LoadRow:
    """The outcome for one record; `key` is its ref, or the refs of its key joined by /."""

    table: str
    key: str
    outcome: Outcome | Literal["removed"]
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of a load: added and changed records in the order written, then unchanged ones."""

    rows: tuple[LoadRow, ...]
    warnings: tuple[str, ...] = ()
    """A sentence for each thing to check."""

    def count(self, outcome: Outcome) -> int:
        """Return the number of records with an outcome."""
        return sum(row.outcome is outcome for row in self.rows)


def load(
    session: Session,
    paths: Sequence[Path],
    *,
    base: int | None = None,
    include_protected: bool = True,
    on_progress: Callable[[int, int], None] | None = None,
) -> LoadReport:
    """Load dossiers into the database, all or nothing, and return what was added and changed.

    The caller must roll back its transaction on any error. Invalid addresses are accepted with a
    warning, since the casebook that was dumped may contain them.

    Args:
        session: The session.
        paths: The files.
        base: The revision from which the files were made; None if it is unknown.
        include_protected: Whether protected records, and entries of protected sources, may be
            changed.
        on_progress: Called with the number of records written and of all records.

    Raises:
        NewerVersion: A record that would change has been changed since `base`.
        MissingFile: A file does not exist, and there are no other errors.
        StorageFailure: A file cannot be read, and there are no other errors.
        InvalidRecords: There are other errors; a line `file:line:column: error` for each.
    """
    before = history.get_last_seq(session)
    changes.accept_any_address(session)
    faults = Faults([str(path) for path in paths])
    items, unread = read(session, paths, faults)
    if faults.found or unread:
        _try_out(session, items, faults)
        tell_unread(unread, faults)
        faults.tell()
    items = in_order(items)
    _warn_of_similar(session, items)
    guarded = frozenset() if include_protected else _guarded(session, items)
    _write(session, items, faults, on_progress, guarded=guarded)
    faults.tell()
    session.state.warnings.extend(changes.describe_unchecked_addresses(session))
    if base is not None:
        changes.refuse_newer(session, base)
    written = {(row.table, row.key): row for row in _logged(session, before)}
    left = (
        LoadRow(item.table, item.key, Outcome.UNCHANGED)
        for item in items
        if (item.table, item.key) not in written
    )
    mask = session.state.mask
    rows = tuple(_masked(mask, row) for row in (*written.values(), *left))
    return LoadReport(rows, tuple(map(mask, session.state.warnings)))


def _try_out(session: Session, items: Sequence[Item], faults: Faults) -> None:
    """Add the faults that the database finds when valid records are written; then roll back.

    Faults that an invalid, missing record may have caused are left out.
    """
    left_out = {item.ref for item in items if item.failed}
    found = Faults()
    warned = len(session.state.warnings)
    with session.begin_nested() as savepoint:
        _write(session, in_order(untouched(items)), found, None, lenient=True)
        savepoint.rollback()
    forget_found(session)
    del session.state.warnings[warned:]
    for file, (place, text) in found.found:
        if left_out.isdisjoint(re.findall(r"[^\s'(),:]+", text)):
            faults.add(file, place, text)


def _write(
    session: Session,
    items: Sequence[Item],
    faults: Faults,
    on_progress: Callable[[int, int], None] | None,
    *,
    lenient: bool = False,
    guarded: Set[Item] = frozenset(),
) -> None:
    """Write records in turn; with `lenient`, records that they refer to may be missing.

    A record that a rule refuses is tried again after the others, which may have to come first.
    """
    refused: list[tuple[Item, Invalid | NotFound | Conflict]] = []
    waiting, owners, done, moving = list(items), dict[str, Entry](), 0, True
    changes.defer_quotation_checks(session)
    while moving:
        refused = []
        for item in waiting:
            try:
                _put(session, item, owners, guarded)
            except (Invalid, NotFound, Conflict) as error:
                refused.append((item, error))
                continue
            done += 1
            if on_progress is not None:
                on_progress(done, len(items))
        moving = 0 < len(refused) < len(waiting)
        waiting = [item for item, _ in refused]
    by_ref = {item.ref: item for item in items if item.table == "document"}
    refused += [(by_ref[ref], error) for ref, error in changes.check_deferred_quotations(session)]
    failed = {(item.table, item.key) for item, _ in refused}
    for item, refusal in refused:
        cause = (refusal.kind, refusal.ref) if isinstance(refusal, UnknownRef) else None
        if cause is None or not (lenient or cause in failed):
            faults.add(item.file, item.place_of(str(refusal)), str(refusal))


def _warn_of_similar(session: Session, items: Sequence[Item]) -> None:
    """Add a warning for each new entry that is similar to entries of the database."""
    if session.scalar(select(Entry.id).limit(1)) is None:
        return
    new = {item.ref for item in items if item.table == "entry"}
    cited: dict[Item | None, list[New | None]] = defaultdict(list)
    for item in items:
        if item.table == "citation":
            cited[item.owner].append(item.record)
    for item in items:
        if not isinstance(item.record, NewEntry) or find(session, Entry, item.record.ref):
            continue
        record = item.record.model_copy(update={"citations": cited[item]})
        for row in similar_entries(session, record):
            if row.ref not in new:
                session.state.warnings.append(
                    f"{record.ref} looks like {row.ref}, which already exists: {row.summary}"
                )


def _guarded(session: Session, items: Sequence[Item]) -> frozenset[Item]:
    """Return the records that are protected, or belong to an entry of a protected source."""
    found: set[Item] = set()
    for item in items:
        entry = item.owner.ref if item.owner else item.ref
        row: Actor | Document | None = None
        if item.table == "document":
            row = find(session, Document, str(item.ref))
        elif item.table == "actor":
            row = find(session, Actor, str(item.ref))
        elif item.table == "entry" or item.owner:
            of = find(session, Entry, str(entry))
            row = None if of is None else of.actor
        if row is not None and row.protected:
            found.add(item)
    return frozenset(found)


def _put(session: Session, item: Item, owners: dict[str, Entry], guarded: Set[Item]) -> None:
    """Write one record; `owners` caches the entries to which nested records belong."""
    owner = item.owner.key if item.owner else ""
    if owner and owner not in owners:
        owners[owner] = get(session, Entry, owner)
    if item.record is None:
        return
    if item not in guarded:
        changes.put(session, item.record, entry=owners.get(owner))
        return
    with session.begin_nested() as savepoint:
        if changes.put(session, item.record, entry=owners.get(owner)) is not Outcome.UNCHANGED:
            savepoint.rollback()
            forget_found(session)
            record = item.owner or item
            raise refusal_of_protected(record.table, str(record.ref))


def refusal_of_protected(table: str, ref: str) -> Invalid:
    """Return the error for a change of a protected record without `include_protected`."""
    return Invalid(
        f"{table} {ref!r} is protected, or of a protected source: "
        "use --include-protected to change it"
    )


def logged(session: Session, before: int) -> Iterator[LoadRow]:
    """Yield the records that were added, changed or removed after revision `before`, masked.

    Sends one statement. Values that protection hid are left out.
    """
    return (_masked(session.state.mask, row) for row in _logged(session, before))


def _masked(mask: Mask, row: LoadRow) -> LoadRow:
    """Return an outcome with the mask applied to its key and values."""
    fields = (
        FieldChange(one.name, mask_value(mask, one.old), mask_value(mask, one.new))
        for one in row.fields
    )
    return replace(row, key=mask.key(row.table, row.key), fields=tuple(fields))


def _logged(session: Session, before: int) -> Iterator[LoadRow]:
    mask = session.state.mask
    query = select(Revision).where(Revision.seq > before).order_by(Revision.seq)
    for revision in stream_records(session, query):
        old = json.loads(revision.before) if revision.before else {}
        new = json.loads(revision.after) if revision.after else {}
        hidden = mask.hidden(revision.table_name, old, revision.seq)
        fields = tuple(
            FieldChange(name, WITHHELD if name in hidden else old.get(name), new.get(name))
            for name in new or old
            if old.get(name) != new.get(name)
        )
        became: Outcome | Literal["removed"]
        became = Outcome.CHANGED if old and new else Outcome.ADDED if new else "removed"
        yield LoadRow(revision.table_name, str(revision.row_key), became, fields)
