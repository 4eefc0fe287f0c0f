"""What people enter: new records, and changes of stored ones.

A record type goes by the noun that people use: `claim`, where the table is `entry`.
"""

from collections.abc import Mapping
from typing import Any

from claimtrack import history
from claimtrack.changes.merging import completed, next_ref, slug, warn_of_lost_dates
from claimtrack.changes.rows import Outcome
from claimtrack.changes.writing import add, put
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
from claimtrack.validation import read
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
"""The field from which a ref is made; other records are numbered."""


def table_of(noun: str) -> str:
    """Return the table of a noun's records."""
    return Entry.__tablename__ if noun in tuple(EntryKind) else noun


def model_of(noun: str) -> type[New]:
    """Return the model of a noun's records.

    Raises:
        InvalidValue: there is no such noun.
    """
    table = table_of(noun)
    if table not in _MODELS or noun == Entry.__tablename__:
        nouns = [name for name in _MODELS if name != Entry.__tablename__]
        raise InvalidValue("noun", str(noun), f"one of {', '.join([*nouns, *EntryKind])}")
    return _MODELS[table]


def new_record(session: Session, noun: str, values: Values) -> New:
    """Return a record that is to be new, validated, with the ref that it will have.

    Raises:
        InvalidValue, InvalidRecords: some field is wrong.
    """
    whole: dict[str, Any] = {"kind": noun} if table_of(noun) == Entry.__tablename__ else {}
    whole |= {key: value for key, value in values.items() if value is not None}
    if "ref" not in whole:
        whole["ref"] = _new_ref(session, noun, whole)
    warn_of_lost_dates(session, model_of(noun), whole)
    return read(model_of(noun), whole)


def _new_ref(session: Session, noun: str, values: Values) -> str:
    named_after = _NAMED_AFTER.get(noun)
    ref = slug(str(values.get(named_after) or "")) if named_after else ""
    if not ref or history.ever_used(session, noun, ref):
        return next_ref(session, noun)
    return ref


def add_record(
    session: Session,
    noun: str,
    values: Values,
    *,
    responds_to: str | None = None,
    asserted_by: str | None = None,
) -> str:
    """Write a record that must be new, and return its ref, which is made where none is given.

    Args:
        session: Where it is written.
        noun: The record type.
        values: Its fields; of an entry also the rows that are written with it.
        responds_to: The ref of the entry to which it replies, if any.
        asserted_by: Whose judgement that is; the author's, if None.

    Raises:
        UnknownRef: it names nothing.
        RefTaken: the ref is, or was, another record's.
    """
    if responds_to:
        get(session, Entry, responds_to)  # before there is a new one that could be taken for it
    ref = add(session, new_record(session, noun, values)).ref
    if responds_to:
        reply = {"from": ref, "relation": "responds_to", "to": responds_to}
        put(session, read(NewLink, {**reply, "asserted_by": asserted_by}))
    return ref


def change_record(session: Session, noun: str, values: Values) -> Outcome:
    """Change the fields of a stored record, and return what that did; `ref` names it."""
    model = model_of(noun)
    warn_of_lost_dates(session, model, values)
    return put(session, read(model, completed(session, model, with_defaults(model, values))))


def with_defaults(model: type[New], values: Values) -> dict[str, Any]:
    """Return values in which a field that was cleared has its default, where it has one."""
    known = model.model_fields
    return {
        key: known[key].get_default()
        if value is None and known.get(key) and not known[key].is_required()
        else value
        for key, value in values.items()
    }


def known_ref(session: Session, noun: str, ref: str) -> str:
    """Return the ref of a stored record; an actor is found by name or alias too.

    Raises:
        UnknownRef: there is none.
        OtherKind: it is an entry of another kind.
    """
    model_of(noun)
    found = get(session, NAMED[table_of(noun)], ref)
    if isinstance(found, Entry) and found.kind.value != noun:
        raise OtherKind(found.ref, noun, found.kind.value)
    return found.ref
