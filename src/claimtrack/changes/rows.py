"""The three writes that all others use.

Each appends its revision and updates the full-text index.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect, select

from claimtrack import fulltext, history
from claimtrack.db import Session
from claimtrack.errors import NewerVersion
from claimtrack.escaping import format_count
from claimtrack.models import (
    Actor,
    Base,
    Citation,
    Document,
    Entry,
    Figure,
    Grade,
    Link,
    Participation,
    Stance,
)
from claimtrack.records import image_of, is_withheld, refers, relation_name
from claimtrack.vocab import Op

OWNED_MODELS = (Participation, Citation, Stance, Figure, Link, Grade)
"""The tables whose rows belong to an entry, and are removed with it."""


class Outcome(StrEnum):
    """The effect of a write."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def get_columns(row: Base) -> dict[str, Any]:
    """Return the attributes of a row but its internal key, with related rows for foreign keys."""
    names = (
        relation_name(column.name) if refers(column) else column.name
        for column in inspect(type(row)).columns
        if column.name != "id"
    )
    return {name: getattr(row, name) for name in names}


def insert(session: Session, row: Base) -> None:
    """Insert a row."""
    session.add(row)
    session.flush()
    history.append(session, Op.INSERT, None, image_of(row))
    fulltext.index_first(session, row)


def update(session: Session, row: Base, columns: Mapping[str, Any]) -> Outcome:
    """Write new values into a row; return UNCHANGED, with no revision, when they are the same."""
    before = image_of(row)
    for name, value in columns.items():
        setattr(row, name, value)
    after = image_of(row)
    if history.canonical_json(before.columns) == history.canonical_json(after.columns):
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
            f"{row.__tablename__} {row.ref} is no longer protected: from now on, output shows "
            "its name"
        )
    if isinstance(row, Actor):
        for entry in session.scalars(select(Entry).where(Entry.actor == row)):
            fulltext.index(session, entry)


def delete(session: Session, row: Base) -> None:
    """Delete a row."""
    before = image_of(row)
    fulltext.unindex(session, row)
    session.delete(row)
    session.flush()
    history.append(session, Op.DELETE, before, None)


def refuse_newer(session: Session, base: int) -> None:
    """Refuse what this command has written if others changed the same rows meanwhile.

    The version of a row is its last revision. Rows that others touched and this command did not are
    no conflict.

    Args:
        session: The session that has written.
        base: The last revision of the log when the rows were read.

    Raises:
        NewerVersion: somebody else has changed one of the rows since.
    """
    theirs, ours = history.list_conflicting(session, base)
    if theirs:
        raise NewerVersion(
            base,
            [f"{row.author}, revision {row.seq}: {_describe(row)}" for row in theirs],
            [_describe(row) for row in ours],
        )


def _describe(row: history.LogRow) -> str:
    return f"{row.op} {row.record}: {row.fields}"


def mask_key(session: Session, table: str, key: str) -> str:
    """Return the key of a row for a message, with the names of protected records masked."""
    return session.state.mask.key(table, key)


def list_masked_keys(session: Session, table: str, referrers: Iterable[Base]) -> list[str]:
    """Return the tables and keys of the rows that refer to a record of `table`, sorted, masked.

    A protected record must not reveal to which record of its own table it refers, nor an
    unprotected document that it is another address of a protected one: such rows are only counted.
    """
    shown, withheld, addresses = set[str](), 0, 0
    for row in referrers:
        if row.__tablename__ == table and is_withheld(session, row):
            withheld += 1
        elif isinstance(row, Document) and row.canonical and is_withheld(session, row.canonical):
            addresses += 1
        else:
            key = mask_key(session, row.__tablename__, image_of(row).key)
            shown.add(f"{row.__tablename__} {key}")
    more = format_count(withheld, f"protected {table}")
    other = f"{format_count(addresses, table)} not named here"
    return [*sorted(shown), *([more] if withheld else []), *([other] if addresses else [])]
