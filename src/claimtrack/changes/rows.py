"""The three writes of which all others are made: each leaves its revision and the index in step."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from claimtrack import fulltext, history
from claimtrack.models import (
    Base,
    Citation,
    Grade,
    Link,
    Participation,
    Stance,
)
from claimtrack.records import image_of
from claimtrack.vocab import Op

OWN = (Participation, Citation, Stance, Link, Grade)
"""Rows that belong to their entry, and go with it."""


class Outcome(StrEnum):
    """What a write did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def insert(session: Session, row: Base) -> None:
    """Write a new row."""
    session.add(row)
    session.flush()
    history.append(session, Op.INSERT, None, image_of(row))
    fulltext.index(session, row)


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
    return Outcome.CHANGED


def delete(session: Session, row: Base) -> None:
    """Take a row out."""
    before = image_of(row)
    fulltext.unindex(session, row)
    session.delete(row)
    session.flush()
    history.append(session, Op.DELETE, before, None)


def warnings(session: Session) -> list[str]:
    """Return what this command's writes have found worth telling, in order."""
    found: list[str] = session.info.setdefault("warnings", [])
    return found
