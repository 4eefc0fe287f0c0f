"""Updates records from a source: only values that the source itself has changed are written.

The log has the values that earlier imports of the source wrote. If a row has the same value again,
the casebook keeps its own, which the analyst may have corrected since. A row all of whose values
earlier imports wrote is old and changes nothing: otherwise two files that differ would overwrite
each other at each import.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from claimtrack import changes, history
from claimtrack.changes import Outcome, PendingRecord
from claimtrack.db import Session
from claimtrack.errors import Conflict
from claimtrack.exchange.dossier.loading import refusal_of_protected
from claimtrack.exchange.imports.unwritten_values import (
    CHANGED,
    REPLACED,
    Differences,
    is_protected,
)
from claimtrack.models import Base, Citation, Entry, Figure, Named, Participation, Revision, Stance
from claimtrack.records import KEYS, NAMED, find, key_of, record_of
from claimtrack.schemas import New, NewCitation, NewEntry, NewFigure, NewParticipation, NewStance
from claimtrack.validation import validate_record
from claimtrack.vocab import Op

_MARK = "import "
_NESTED: Mapping[str, tuple[type[Base], type[New]]] = {
    "participants": (Participation, NewParticipation),
    "citations": (Citation, NewCitation),
    "stances": (Stance, NewStance),
    "figures": (Figure, NewFigure),
}
_BOUNDS = {"low", "high"}
"""The keys of a figure that are one number, and are written together."""


@dataclass(frozen=True, slots=True)
class Source:
    """The imports of one profile, recognised in the log by their message.

    Attributes:
        session: The session.
        profile: The name of the profile.
        include_protected: Whether protected records may be changed.
        at_once: Whether to write the nested rows of new entries at once; else in batches.
        waiting: The nested rows still to be written.
        differences: Collects what is changed, and which values are not written.
    """

    session: Session
    profile: str
    include_protected: bool = False
    at_once: bool = False
    waiting: list[PendingRecord] = field(default_factory=list)
    differences: Differences = field(default_factory=Differences)


def make_message(profile: str, text: str | None) -> str:
    """Return the message of an import for the log, by which it is recognised later."""
    mark = f"{_MARK}{profile}"
    return f"{mark}: {text}" if text else mark


def put(source: Source, model: type[New], values: Mapping[str, Any]) -> Outcome:
    """Write a record of a source; missing keys keep their values.

    Raises:
        Conflict: The ref belongs to a record that no import by this profile made.
        Invalid: The record is protected, or a value is invalid.
        NotFound: It refers to a record that does not exist.
    """
    session = source.session
    stored = find(session, NAMED[model.table], str(values["ref"]))
    if stored is None:
        return _put_new(source, validate_record(model, values))
    stored_values = record_of(stored)
    plain = {key: value for key, value in values.items() if key not in _NESTED}
    record = validate_record(
        model, {**{key: stored_values[key] for key in columns(model, stored_values)}, **plain}
    )
    changed = _changed(source, model.table, stored_values, record, set(plain), stored)
    outcome = Outcome.UNCHANGED
    if changed and not get_imported_values(source, model.table, stored.ref).written:
        raise Conflict(
            f"{model.table} {stored.ref!r} already exists, and no import by {source.profile} "
            "made it: let the profile make another ref"
        )
    if changed:
        outcome = put_changed(
            source, stored, model, {**stored_values, **_picked(record, changed)}, changed
        )
    if isinstance(stored, Entry):
        for key in _NESTED:
            if _put_nested(source, stored, key, values.get(key, ())):
                outcome = Outcome.CHANGED
    return outcome


def put_changed(
    source: Source, stored: Named, model: type[New], whole: Mapping[str, Any], changed: set[str]
) -> Outcome:
    """Write a stored record with other values, and note the changed keys.

    Raises:
        Invalid: it is protected, or of a protected source, or a value is wrong.
        NotFound, Conflict: as `changes.put`.
    """
    refuse_protected(source, stored)
    for key in sorted(changed):
        source.differences.add_change(key, stored, CHANGED)
    own = {key: whole[key] for key in columns(model, whole)}
    return changes.put(source.session, validate_record(model, own))


def _picked(record: New, keys: set[str]) -> dict[str, Any]:
    new = record.model_dump(by_alias=True)
    return {key: new[key] for key in keys}


def _put_new(source: Source, record: New) -> Outcome:
    if source.at_once or not isinstance(record, NewEntry):
        return changes.put(source.session, record)
    nested = [PendingRecord(row, record.ref) for name in _NESTED for row in getattr(record, name)]
    outcome = changes.put(source.session, record.model_copy(update={name: [] for name in _NESTED}))
    source.waiting.extend(nested)
    return outcome


def write_pending(source: Source) -> None:
    """Write the pending nested rows, table by table.

    Raises:
        Invalid, NotFound, Conflict: a rule between records refuses one.
    """
    for _, model in _NESTED.values():
        pending = [one for one in source.waiting if type(one.record) is model]
        for outcome in changes.put_many(source.session, pending) if pending else ():
            if not isinstance(outcome, Outcome):
                raise outcome
    source.waiting.clear()


def columns(model: type[New], stored_values: Mapping[str, Any]) -> list[str]:
    """Return the keys of a model that are columns of its table."""
    return [
        field.alias or name
        for name, field in model.model_fields.items()
        if (field.alias or name) in stored_values
    ]


def _changed(
    source: Source,
    table: str,
    stored_values: Mapping[str, Any],
    record: New,
    keys: set[str],
    noted: Named,
) -> set[str]:
    """Return the keys that the source has changed since it was last imported.

    None where it has only values that imports gave before; then that is noted at the record
    `noted`.
    """
    new = record.model_dump(by_alias=True)
    other = {
        key for key in keys if key in stored_values and not is_same(stored_values[key], new[key])
    }
    if not other:
        return other
    before = get_imported_values(source, table, key_of(table, dict(stored_values)))
    new_keys = {key for key in other if not before.has(key, new[key])}
    repeated = {key for key in other - new_keys if before.wrote_current[key]}
    if new_keys:
        return new_keys | repeated
    for key in repeated:
        name = key if table == noted.__tablename__ else f"{table} {key}"
        source.differences.add(noted, name, new[key], stored_values[key], REPLACED)
    return new_keys


def is_same(one: object, other: object) -> bool:
    """Return whether two values of a column are the same in the log."""
    return _spelled(one) == _spelled(other)


def _spelled(value: object) -> str:
    return history.canonical_json({"value": value})


@dataclass(slots=True)
class ImportedValues:
    """The values that imports of a profile wrote into a row, from the log."""

    written: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Every value that they wrote, by column."""
    wrote_current: dict[str, bool] = field(default_factory=dict)
    """Whether one of them wrote the present value, by column."""
    is_made: bool = False
    """Whether one of them wrote the row at all."""
    by_imports: bool = True
    """Whether nothing but imports, by any profile, has written the row."""

    def has(self, key: str, value: object) -> bool:
        """Return whether an import of the profile wrote that value."""
        return _spelled(value) in self.written.get(key, ())

    def is_corrected(self, key: str) -> bool:
        """Return whether somebody else changed a value that an import of the profile wrote."""
        return bool(self.written.get(key)) and not self.wrote_current[key]

    def extremes(self, key: str) -> tuple[str, str]:
        """Return the least and the greatest text that imports of the profile wrote."""
        texts = [json.loads(one)["value"] for one in self.written.get(key, ())]
        present = sorted(text for text in texts if text is not None)
        return (present[0], present[-1]) if present else ("", "")


def get_imported_values(source: Source, table: str, key: str) -> ImportedValues:
    """Return the values that imports of the profile wrote into a row; one statement."""
    found = ImportedValues()
    for revision in _revisions(source, table, key):
        old, new = json.loads(revision.before or "{}"), json.loads(revision.after or "{}")
        is_own = _is_ours(source, revision)
        found.is_made |= is_own and revision.op is Op.INSERT
        found.by_imports &= _mark_of(revision).startswith(_MARK)
        for name, value in new.items():
            if name not in old or old[name] != value:
                found.wrote_current[name] = is_own
                if is_own:
                    found.written[name].add(_spelled(value))
    return found


def _revisions(source: Source, table: str, key: str) -> list[Revision]:
    """Return the revisions of a row, the oldest first; one statement."""
    query = select(Revision).where(Revision.table_name == table, Revision.row_key == key)
    return list(source.session.scalars(query.order_by(Revision.seq)))


def _is_ours(source: Source, revision: Revision) -> bool:
    return _mark_of(revision) == make_message(source.profile, None)


def _mark_of(revision: Revision) -> str:
    return (revision.message or "").partition(":")[0]


@dataclass(frozen=True, slots=True)
class _Provenance:
    """Who added a nested row, and who removed it."""

    times: int = 0
    """The number of times that imports of the profile added it."""
    is_ours: bool = False
    """Whether an import of the profile added or removed it last."""
    is_taken: bool = False
    """Whether it was removed last."""


def _find_provenance(source: Source, table: str, key: str) -> _Provenance:
    revisions = [one for one in _revisions(source, table, key) if one.op is not Op.UPDATE]
    if not revisions:
        return _Provenance()
    additions = [one for one in revisions if one.op is Op.INSERT and _is_ours(source, one)]
    last = revisions[-1]
    return _Provenance(len(additions), _is_ours(source, last), last.op is Op.DELETE)


def _put_nested(
    source: Source, entry: Entry, name: str, rows_of_source: Sequence[Mapping[str, Any]]
) -> bool:
    """Write the nested rows of one kind of an entry; return whether any has changed.

    Rows that others have removed are not added again. Rows that the source no longer has are
    removed if the source added them, unless it removed and added them before.
    """
    session, (table, model) = source.session, _NESTED[name]
    rows = map(record_of, session.scalars(select(table).filter_by(entry=entry)))
    stored_rows = {key_of(model.table, row): row for row in rows}
    new_records = {}
    wrote = False
    for one in rows_of_source:
        record = validate_record(model, one)
        key = key_of(model.table, {**record.model_dump(by_alias=True), "entry": entry.ref})
        new_records[key] = record
        if row := _row_to_write(source, entry, stored_rows.get(key), record, set(one)):
            refuse_protected(source, entry)
            changes.put(session, validate_record(model, row), entry=entry)
            wrote = True
    for key in sorted(stored_rows.keys() - new_records.keys()):
        wrote |= _take_back(source, entry, model.table, stored_rows[key])
    return wrote


def _row_to_write(
    source: Source, entry: Entry, stored_row: Mapping[str, Any] | None, record: New, keys: set[str]
) -> dict[str, Any] | None:
    """Return a nested row as it must be written; None when nothing must be."""
    table, new = record.table, record.model_dump(by_alias=True)
    if stored_row is None:
        before = _find_provenance(source, table, key_of(table, {**new, "entry": entry.ref}))
        if before.is_taken and not before.is_ours:
            return None
        return new
    changed = _changed(source, table, stored_row, record, keys, entry)
    if table == "figure" and changed & _BOUNDS:
        changed |= {key for key in _BOUNDS if not is_same(stored_row[key], new[key])}
    for key in sorted(changed):
        source.differences.add_change(f"{table} {key}", entry, CHANGED)
    if not changed:
        return None
    return {
        key: new[key] if key in changed else stored_row[key]
        for key in columns(type(record), stored_row)
    }


def _take_back(source: Source, entry: Entry, table: str, stored_row: Mapping[str, Any]) -> bool:
    """Remove a nested row that the source added and no longer has.

    Return whether it was removed.
    """
    before = _find_provenance(source, table, key_of(table, dict(stored_row)))
    if not before.is_ours:
        return False
    if before.times > 1:
        source.differences.add_change(table, entry, "is not given each time, and stays")
        return False
    refuse_protected(source, entry)
    named = {part: stored_row[part] for part in KEYS[table]}
    changes.remove_row(source.session, table, named)
    source.differences.add_change(table, entry, "is no longer given, and is removed")
    return True


def refuse_protected(source: Source, row: Named) -> None:
    """Refuse to change a protected record, or an entry of a protected source.

    Raises:
        Invalid: it is, and `include_protected` is not set.
    """
    if is_protected(row) and not source.include_protected:
        raise refusal_of_protected(row.__tablename__, row.ref)
