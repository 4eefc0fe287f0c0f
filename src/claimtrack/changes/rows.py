"""The three writes of which all others are made: each leaves its revision and the index in step."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect, select

from claimtrack import fulltext, history
from claimtrack.db import Session
from claimtrack.errors import NewerVersion
from claimtrack.escaping import counted
from claimtrack.models import (
    Actor,
    Base,
    Citation,
    Document,
    Entry,
    Grade,
    Link,
    Participation,
    Stance,
)
from claimtrack.records import image_of, is_withheld, refers, relation_name
from claimtrack.vocab import Op

OWN = (Participation, Citation, Stance, Link, Grade)
"""Rows that belong to their entry, and go with it."""


class Outcome(StrEnum):
    """What a write did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def columns_of(row: Base) -> dict[str, Any]:
    """Return the attributes of a row but its internal key, a row for each foreign key."""
    names = (
        relation_name(column.name) if refers(column) else column.name
        for column in inspect(type(row)).columns
        if column.name != "id"
    )
    return {name: getattr(row, name) for name in names}


def insert(session: Session, row: Base) -> None:
    """Write a new row."""
    session.add(row)
    session.flush()
    history.append(session, Op.INSERT, None, image_of(row))
    fulltext.index_first(session, row)


def update(session: Session, row: Base, columns: Mapping[str, Any]) -> Outcome:
    """Write new values into a row; nothing at all when they are those it has."""
    before = image_of(row)
    for name, value in columns.items():
        setattr(row, name, value)
    after = image_of(row)
    if history.canonical(before.columns) == history.canonical(after.columns):
        return Outcome.UNCHANGED
    session.flush()
    history.append(session, Op.UPDATE, before, after)
    fulltext.index(session, row)
    if isinstance(row, Actor | Document) and before.columns["protected"] != row.protected:
        _protection_changed(session, row)
    return Outcome.CHANGED


def _protection_changed(session: Session, row: Actor | Document) -> None:
    if not row.protected:
        session.state.warnings.append(
            f"{row.__tablename__} {row.ref} is no longer protected: from now on everything names it"
        )
    if isinstance(row, Actor):
        for entry in session.scalars(select(Entry).where(Entry.actor == row)):
            fulltext.index(session, entry)


def delete(session: Session, row: Base) -> None:
    """Take a row out."""
    before = image_of(row)
    fulltext.unindex(session, row)
    session.delete(row)
    session.flush()
    history.append(session, Op.DELETE, before, None)


def refuse_newer(session: Session, base: int) -> None:
    """Refuse what this command has written over a newer version than it was based on.

    `base` is the last revision of the log when the rows were read. The version of a row is that of
    its last revision; rows that others touched and this command did not are no conflict.

    Raises:
        NewerVersion: somebody else has changed one of the rows since.
    """
    theirs, ours = history.since(session, base)
    if theirs:
        raise NewerVersion(
            base,
            [f"{row.author}, revision {row.seq}: {_told(row)}" for row in theirs],
            [_told(row) for row in ours],
        )


def _told(row: history.LogRow) -> str:
    return f"{row.op} {row.record}: {row.fields}"


def shown_key(session: Session, table: str, key: str) -> str:
    """Return the key of a row as a message shows it: without what the command is_masked."""
    return session.state.mask.key(table, key)


def shown_keys(session: Session, table: str, referrers: Iterable[Base]) -> list[str]:
    """Return the tables and keys of the rows that refer to a record of `table`, sorted.

    A protected record hides to which record of its own table it refers, and so does an open
    document that is an address of a protected one: those are only counted.
    """
    shown, withheld, addresses = set[str](), 0, 0
    for row in referrers:
        if row.__tablename__ == table and is_withheld(session, row):
            withheld += 1
        elif isinstance(row, Document) and row.canonical and is_withheld(session, row.canonical):
            addresses += 1
        else:
            key = shown_key(session, row.__tablename__, image_of(row).key)
            shown.add(f"{row.__tablename__} {key}")
    more = counted(withheld, f"protected {table}")
    other = f"{counted(addresses, table)} not named here"
    return [*sorted(shown), *([more] if withheld else []), *([other] if addresses else [])]
