"""Why a command fails on what a casebook holds, in one sentence."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from claimtrack import db, discretion
from claimtrack.audit import audit
from claimtrack.errors import ClaimtrackError, StorageFailure
from claimtrack.models import Actor, Base, Topic
from claimtrack.records import NAMED
from claimtrack.replay import Finding
from claimtrack.stored import outside_domain, undecoded

ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What is raised where a casebook holds what it should not, and where the program is wrong."""


def explain(database: db.Database) -> StorageFailure | None:
    """Return what is wrong with a casebook, and what helps; None when nothing is.

    A protected record is named by its pseudonym; by its internal key where that cannot be told.
    """
    if db.is_damaged(database):
        return db.damage(database.name)
    try:
        with db.reading(database) as session, undecoded(session):
            finding = next(_first(session), None)
            where = finding and _where(session, finding)
    except ClaimtrackError as error:
        return error if isinstance(error, StorageFailure) else None
    except (*ODD, SQLAlchemyError):
        return StorageFailure(
            f"{database.name} holds what claimtrack never wrote, and cannot be checked by its log: "
            "keep the file, and go on from your last backup"
        )
    if finding is None:
        return None
    return _altered(database.name, f"{where}: {finding.finding}")


def _altered(name: str, fault: str) -> StorageFailure:
    return StorageFailure(
        f"{name} has been changed by something other than claimtrack: {fault} "
        "('claimtrack log verify' lists all that differs)"
    )


def _first(session: Session) -> Iterator[Finding]:
    for table, row in outside_domain(session):
        yield Finding(table, row.key, str(row.fault))
    yield from audit(session)


def _where(session: Session, finding: Finding) -> str:
    """Return the table and the row of a finding, without what must not be said."""
    if "protected" in finding.finding:  # then nobody knows what must not be said
        return _by_key(session, finding)
    try:
        key = discretion.veil_of(session.connection()).key(finding.table, finding.key)
    except (*ODD, SQLAlchemyError):
        return _by_key(session, finding)
    return f"{finding.table} {key}".strip()


def _by_key(session: Session, finding: Finding) -> str:
    model = NAMED.get(finding.table)
    key = model and session.scalar(select(model.id).where(model.ref == finding.key))
    return f"{finding.table} with the internal key {key}" if key else f"{finding.table} (a row)"


def refuse_circles(session: Session, name: str) -> None:
    """Refuse a casebook in which an actor or a topic is above itself: walks up would never end.

    Raises:
        StorageFailure: there is such a record.
    """
    for model in (Actor, Topic):
        table: type[Base] = model
        query = select(model.id, model.parent_id).where(model.parent_id.is_not(None))
        circle = _circle({key: int(parent or 0) for key, parent in session.execute(query)})
        if circle is not None:
            fault = f"{table.__tablename__} with the internal key {circle} is above itself"
            raise _altered(name, fault)


def _circle(above: Mapping[int, int]) -> int | None:
    """Return a member of a circle, given what is above each; None when there is none."""
    ends = set[int]()
    for start in above:
        path = dict[int, None]()
        one: int | None = start
        while one is not None and one not in ends:
            if one in path:
                return one
            path[one] = None
            one = above.get(one)
        ends.update(path)
    return None
