"""Removing records, and merging two actors."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from claimtrack.changes.merging import find_row_by_key
from claimtrack.changes.rows import (
    OWNED_MODELS,
    delete,
    get_columns,
    insert,
    list_masked_keys,
    update,
)
from claimtrack.db import Session
from claimtrack.errors import (
    Conflict,
    Invalid,
    StillReferenced,
    UnknownRef,
)
from claimtrack.models import (
    Actor,
    Base,
    Entry,
    Named,
)
from claimtrack.records import NAMED, get, image_of, key_of, pointing_at, record_of


def remove(session: Session, table: str, ref: str) -> None:
    """Remove a record; an entry with its own stances, citations, links, grades and participants.

    Raises:
        UnknownRef: there is none.
        StillReferenced: other rows refer to it; names them.
    """
    row = get(session, NAMED[table], ref)
    owned: list[Base] = []
    blocking: list[Base] = []
    for other in list_referrers(session, table, row):
        (owned if table == "entry" and isinstance(other, OWNED_MODELS) else blocking).append(other)
    if blocking:
        raise StillReferenced(table, ref, list_masked_keys(session, table, blocking))
    for other in owned:
        delete(session, other)
    delete(session, row)


def remove_row(session: Session, table: str, key: Mapping[str, Any]) -> None:
    """Remove a stance, link, citation, participant or grade, named by its key.

    Raises:
        UnknownRef: a part of the key names nothing, or there is no such row.
    """
    entry = get(session, Entry, key["entry"]) if "entry" in key else None
    row = find_row_by_key(session, table, key, entry)
    if row is None:
        raise UnknownRef(table, key_of(table, dict(key)))
    delete(session, row)


def list_referrers(session: Session, table: str, row: Named) -> list[Base]:
    """Return the rows that refer to a record, each once."""
    found: dict[Base, None] = {}
    for model, column, _ in pointing_at(table):
        found |= dict.fromkeys(session.scalars(select(model).where(column == row.id)))
    return list(found)


def merge_actors(session: Session, from_ref: str, into_ref: str) -> None:
    """Replace one actor by another everywhere; the first becomes an alias of the second.

    Raises:
        UnknownRef: there is no such actor.
        Invalid: they are the same.
        Conflict: both have made the same judgement, or have the same role, differently.
    """
    old, target = get(session, Actor, from_ref), get(session, Actor, into_ref)
    if old is target:
        raise Invalid(
            f"{from_ref!r} and {into_ref!r} are the same actor: there is nothing to merge"
        )
    if _is_below(target, old):
        update(session, target, {"parent": old.parent})
    for model, column, name in pointing_at("actor"):
        for row in session.scalars(select(model).where(column == old.id)).all():
            _rename_actor(session, row, name, target)
    names, was_protected = [old.name, old.ref, *old.aliases], old.protected
    names_of_target = {target.name, target.ref, *target.aliases}
    more = [name for name in dict.fromkeys(names) if name not in names_of_target]
    delete(session, old)
    protected = target.protected or was_protected
    update(session, target, {"aliases": [*target.aliases, *more], "protected": protected})


def _is_below(actor: Actor, other: Actor) -> bool:
    above = actor.parent
    while above is not None and above is not other:
        above = above.parent
    return above is not None


def _rename_actor(session: Session, row: Base, name: str, target: Actor) -> None:
    """Point a row at another actor; where the actor is part of its key, the row is replaced."""
    renamed = {**get_columns(row), name: target}
    keyed = row.__tablename__ in ("participation", "stance", "figure", "grade", "link")
    if not keyed:
        update(session, row, {name: target})
        return
    duplicate = _find_duplicate(session, row, renamed)
    if duplicate is None:
        delete(session, row)
        insert(session, type(row)(**renamed))
    elif {**record_of(duplicate), name: None} == {**record_of(row), name: None}:
        delete(session, row)
    else:
        raise Conflict(
            f"{row.__tablename__} {image_of(row).key} and {image_of(duplicate).key} differ: make "
            "them agree, or remove one, before you merge"
        )


def _find_duplicate(session: Session, row: Base, renamed: Mapping[str, Any]) -> Base | None:
    """Return the existing row with the key that a renamed row would have; None if there is none."""
    key = {
        "participation": ("entry", "actor", "role"),
        "stance": ("entry", "proposition", "asserted_by"),
        "figure": ("entry", "measure", "asserted_by"),
        "grade": ("entry", "graded_by", "graded_on"),
        "link": ("from_", "to", "relation", "asserted_by"),
    }[row.__tablename__]
    new_key = {name: renamed[name] for name in key}
    return session.scalars(select(type(row)).filter_by(**new_key)).one_or_none()
