"""Records as users enter them: adding new ones, and changing stored ones.

A noun names a record type as users do: `claim`, where the table is `entry`.
"""

from collections.abc import Mapping
from typing import Any

from claimtrack import history
from claimtrack.changes.merging import make_slug, merge_with_stored, next_ref, warn_of_lost_dates
from claimtrack.changes.rows import Outcome
from claimtrack.changes.upserting import add, put
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, OtherKind
from claimtrack.models import Entry
from claimtrack.records import NAMED, get
from claimtrack.schemas import (
    New,
    NewActor,
    NewDocument,
    NewEntry,
    NewLink,
    NewProposition,
    NewTopic,
)
from claimtrack.validation import validate_record
from claimtrack.vocab import EntryKind

Values = Mapping[str, Any]
"""The fields of a record by the keys of a dossier; None clears a field."""

_MODELS: Mapping[str, type[New]] = {
    "actor": NewActor,
    "document": NewDocument,
    "topic": NewTopic,
    "proposition": NewProposition,
    "entry": NewEntry,
}
_NAMED_AFTER = {"actor": "name", "topic": "name"}
"""The field from which a ref is made; records of other types are numbered."""


def get_table(noun: str) -> str:
    """Return the table of a noun's records."""
    return Entry.__tablename__ if noun in tuple(EntryKind) else noun


def get_model(noun: str) -> type[New]:
    """Return the schema of a noun's records.

    Raises:
        InvalidValue: there is no such noun.
    """
    table = get_table(noun)
    if table not in _MODELS or noun == Entry.__tablename__:
        nouns = [name for name in _MODELS if name != Entry.__tablename__]
        raise InvalidValue("noun", str(noun), f"one of {', '.join([*nouns, *EntryKind])}")
    return _MODELS[table]


def build_record(session: Session, noun: str, values: Values) -> New:
    """Return a new record, validated, with its ref; nothing is written.

    Raises:
        InvalidValue, InvalidRecords: some field is wrong.
    """
    whole: dict[str, Any] = {"kind": noun} if get_table(noun) == Entry.__tablename__ else {}
    whole |= {key: value for key, value in values.items() if value is not None}
    if "ref" not in whole:
        whole["ref"] = _new_ref(session, noun, whole)
    warn_of_lost_dates(session, get_model(noun), whole)
    return validate_record(get_model(noun), whole)


def _new_ref(session: Session, noun: str, values: Values) -> str:
    named_after = _NAMED_AFTER.get(noun)
    ref = make_slug(str(values.get(named_after) or "")) if named_after else ""
    if not ref or history.was_key_used(session, noun, ref):
        return next_ref(session, noun)
    return ref


def add_record(
    session: Session,
    record: New,
    *,
    responds_to: str | None = None,
    asserted_by: str | None = None,
) -> str:
    """Write a new record with its nested rows, and return its ref.

    Args:
        session: The session.
        record: The record, as `build_record` returns it.
        responds_to: The ref of the entry to which it replies, if any.
        asserted_by: Whose judgement the reply is; by default the author's.

    Raises:
        UnknownRef: a ref names nothing.
        RefTaken: the ref is, or was, another record's.
    """
    if responds_to:
        get(session, Entry, responds_to)  # before the new entry exists, which cannot be meant
    ref = add(session, record).ref
    if responds_to:
        reply = {"from": ref, "relation": "responds_to", "to": responds_to}
        put(session, validate_record(NewLink, {**reply, "asserted_by": asserted_by}))
    return ref


def change_record(session: Session, noun: str, values: Values) -> Outcome:
    """Change the fields of the stored record that `values["ref"]` names; return what changed."""
    model = get_model(noun)
    warn_of_lost_dates(session, model, values)
    merged = merge_with_stored(session, model, fill_defaults(model, values))
    return put(session, validate_record(model, merged))


def fill_defaults(model: type[New], values: Values) -> dict[str, Any]:
    """Return values in which a cleared field has its default, if it has one."""
    fields = model.model_fields
    return {
        key: fields[key].get_default()
        if value is None and fields.get(key) and not fields[key].is_required()
        else value
        for key, value in values.items()
    }


def get_stored_ref(session: Session, noun: str, ref: str) -> str:
    """Return the ref of a stored record; an actor is found by name or alias too.

    Raises:
        UnknownRef: there is none.
        OtherKind: it is an entry of another kind.
    """
    get_model(noun)
    found = get(session, NAMED[get_table(noun)], ref)
    if isinstance(found, Entry) and found.kind.value != noun:
        raise OtherKind(found.ref, noun, found.kind.value)
    return found.ref
