"""Records that a source gives, held against the casebook: only what the source changed is written.

What the source said before is in the log. A field that says the same as then stays as the casebook
has it now: between two imports the analyst may have learned better.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimtrack import changes, history
from claimtrack.changes import Coming, Outcome
from claimtrack.errors import Conflict
from claimtrack.exchange.dossier import refusal_of_protected
from claimtrack.models import Base, Citation, Entry, Named, Participation, Revision, Stance
from claimtrack.records import KEYS, NAMED, find, key_of, record_of
from claimtrack.schemas import New, NewCitation, NewEntry, NewParticipation, NewStance
from claimtrack.validation import read
from claimtrack.vocab import Op

_NESTED: Mapping[str, tuple[type[Base], type[New]]] = {
    "participants": (Participation, NewParticipation),
    "citations": (Citation, NewCitation),
    "stances": (Stance, NewStance),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Whose records they are: the imports of one profile, known in the log by their message.

    What hangs on new entries waits to be written together, unless it is to be written `at_once`.
    """

    session: Session
    profile: str
    include_protected: bool = False
    at_once: bool = False
    waiting: list[Coming] = field(default_factory=list)


def message_of(profile: str, said: str | None) -> str:
    """Return what the log says of an import, and by which it is known again."""
    mark = f"import {profile}"
    return f"{mark}: {said}" if said else mark


def put(
    source: Source, model: type[New], given: Mapping[str, Any], *, aside: bool = False
) -> Outcome:
    """Write what a source says of a record; keys that it does not give keep their values.

    One that is there and was not imported by this profile is another; `aside`, it will do as it is.

    Raises:
        Conflict: it is another record that has the ref.
        Whatever `validation.read` and `changes.put` raise; Invalid when the record is protected.
    """
    session = source.session
    there = find(session, NAMED[model.table], str(given["ref"]))
    if there is None:
        return _put_new(source, read(model, given))
    held = record_of(there)
    plain = {key: value for key, value in given.items() if key not in _NESTED}
    record = read(model, {**{key: held[key] for key in _columns(model, held)}, **plain})
    changed = _changed(source, model.table, held, record, set(plain))
    outcome = Outcome.UNCHANGED
    if changed and not said_before(source, model.table, there.ref):
        if aside:
            return outcome
        raise Conflict(
            f"{model.table} {there.ref!r} is there already, and no import by {source.profile} made "
            "it: let the profile make another ref"
        )
    if changed:
        _refuse_protected(source, there)
        outcome = changes.put(session, read(model, _laid_over(model, held, record, changed)))
    if isinstance(there, Entry):
        for key in _NESTED:
            if _put_nested(source, there, key, given.get(key, ())):
                outcome = Outcome.CHANGED
    return outcome


def _put_new(source: Source, record: New) -> Outcome:
    if source.at_once or not isinstance(record, NewEntry):
        return changes.put(source.session, record)
    nested = [Coming(row, record.ref) for name in _NESTED for row in getattr(record, name)]
    outcome = changes.put(source.session, record.model_copy(update={name: [] for name in _NESTED}))
    source.waiting.extend(nested)
    return outcome


def put_waiting(source: Source) -> None:
    """Write what waits, table by table.

    Raises:
        Invalid, NotFound, Conflict: a rule between records refuses it.
    """
    for _, model in _NESTED.values():
        coming = [one for one in source.waiting if type(one.record) is model]
        for outcome in changes.put_many(source.session, coming) if coming else ():
            if not isinstance(outcome, Outcome):
                raise outcome
    source.waiting.clear()


def _columns(model: type[New], held: Mapping[str, Any]) -> list[str]:
    return [
        field.alias or name
        for name, field in model.model_fields.items()
        if (field.alias or name) in held
    ]


def _laid_over(
    model: type[New], held: Mapping[str, Any], record: New, changed: set[str]
) -> dict[str, Any]:
    new = record.model_dump(by_alias=True)
    return {key: new[key] if key in changed else held[key] for key in _columns(model, held)}


def _changed(
    source: Source, table: str, held: Mapping[str, Any], record: New, given: set[str]
) -> set[str]:
    """Return the keys that the source has changed since it was last imported."""
    new = record.model_dump(by_alias=True)
    other = {key for key in given if key in held and _spelled(held[key]) != _spelled(new[key])}
    if not other:
        return other
    before = said_before(source, table, key_of(table, dict(held)))
    return {key for key in other if key not in before or before[key] != _spelled(new[key])}


def _spelled(value: object) -> str:
    return history.canonical({"value": value})


def said_before(source: Source, table: str, key: str) -> dict[str, str]:
    """Return what the imports of this profile last wrote into each column of a row, spelled out."""
    said: dict[str, str] = {}
    for revision in _revisions(source, table, key):
        old, new = json.loads(revision.before or "{}"), json.loads(revision.after or "{}")
        for name, value in new.items() if _is_ours(source, revision) else ():
            if name not in old or old[name] != value:
                said[name] = _spelled(value)
    return said


def _revisions(source: Source, table: str, key: str) -> list[Revision]:
    """Return the revisions of a row, the oldest first; one statement."""
    query = select(Revision).where(Revision.table_name == table, Revision.row_key == key)
    return list(source.session.scalars(query.order_by(Revision.seq)))


def _is_ours(source: Source, revision: Revision) -> bool:
    mark = (revision.message or "").partition(":")[0]
    return mark == message_of(source.profile, None)


def _last(source: Source, table: str, key: str) -> tuple[bool, bool]:
    """Return whether the source gave a row that is there, and whether others took it away."""
    revisions = [one for one in _revisions(source, table, key) if one.op is not Op.UPDATE]
    if not revisions:
        return False, False
    ours = _is_ours(source, revisions[-1])
    return ours, not ours and revisions[-1].op is Op.DELETE


def _put_nested(
    source: Source, entry: Entry, name: str, given: Sequence[Mapping[str, Any]]
) -> bool:
    """Write the rows of one kind that hang on an entry; whether any has changed.

    What others have taken away is not given again. Rows that the source no longer gives go, if it
    was the source that gave them.
    """
    session, (table, model) = source.session, _NESTED[name]
    rows = map(record_of, session.scalars(select(table).filter_by(entry=entry)))
    held = {key_of(model.table, row): row for row in rows}
    wrote: list[str] = []
    coming = {}
    for one in given:
        record = read(model, one)
        key = key_of(model.table, {**record.model_dump(by_alias=True), "entry": entry.ref})
        coming[key] = record
        if key in held:
            changed = _changed(source, model.table, held[key], record, set(one))
            row = _laid_over(model, held[key], record, changed) if changed else None
        else:
            row = None if _last(source, model.table, key)[1] else record.model_dump(by_alias=True)
        if row is not None:
            _refuse_protected(source, entry)
            changes.put(session, read(model, row), entry=entry)
            wrote.append(key)
    for key in held.keys() - coming.keys():
        if _last(source, model.table, key)[0]:
            _refuse_protected(source, entry)
            named = {part: held[key][part] for part in KEYS[model.table]}
            changes.remove_row(session, model.table, named)
            wrote.append(key)
    return bool(wrote)


def _refuse_protected(source: Source, row: Named) -> None:
    """Refuse to change what is protected, or what a protected source has said."""
    guarded = row.actor if isinstance(row, Entry) else row
    if getattr(guarded, "protected", False) and not source.include_protected:
        raise refusal_of_protected(row.__tablename__, row.ref)
