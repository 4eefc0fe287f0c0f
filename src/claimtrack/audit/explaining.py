"""Why a command fails on what a casebook holds, in one sentence."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from claimtrack import db, protection
from claimtrack.audit import audit
from claimtrack.errors import ClaimtrackError, StorageFailure
from claimtrack.models import MISPROTECTED, Actor, Document, Topic
from claimtrack.records import KEYS, NAMED
from claimtrack.replay import Finding
from claimtrack.stored import outside_domain, undecoded

ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What is raised where a casebook holds what it should not, and where the program is wrong."""


def explain(database: db.Database) -> StorageFailure | None:
    """Return what is wrong with a casebook, and what helps; None when nothing is."""
    if db.is_damaged(database):
        return db.damage(database.name)
    try:
        with db.reading(database) as session, undecoded(session):
            first = next(_first(session), None)
            finding = first and naming(session)(first)
    except ClaimtrackError as error:
        return error if isinstance(error, StorageFailure) else None
    except (*ODD, SQLAlchemyError):
        return StorageFailure(
            f"{database.name} holds what claimtrack never wrote, and cannot be checked by its log: "
            "keep the file, and go on from your last backup"
        )
    if finding is None:
        return None
    return _altered(
        database.name, f"{finding.table} {finding.key}".strip() + f": {finding.finding}"
    )


def _altered(name: str, fault: str) -> StorageFailure:
    return StorageFailure(
        f"{name} has been changed by something other than claimtrack: {fault} ('claimtrack log "
        "verify' lists all that differs, and a backup from before has what was there)"
    )


def _first(session: Session) -> Iterator[Finding]:
    for table, row in outside_domain(session):
        yield Finding(table, row.key, str(row.fault))
    yield from audit(session)


def naming(session: Session) -> Callable[[Finding], Finding]:
    """Return what names the rows of findings without what must not be said.

    A protected record is named by its pseudonym; where nobody knows what is protected any more, by
    its internal key.
    """
    try:
        veil = protection.veil_of(session.connection())
    except (*ODD, SQLAlchemyError):
        return partial(_by_key, session)

    def named(finding: Finding) -> Finding:
        if _PROTECTION.search(finding.finding):
            return _by_key(session, finding)
        if finding.table in KEYS and "/" not in finding.key:
            return finding  # of the table as a whole, or of an index
        return replace(finding, key=veil.key(finding.table, finding.key))

    return named


_PROTECTION = re.compile(r"^(it stands otherwise .*)?\bprotected\b")
"""What is found of a row of which nobody knows whether it is protected."""


def _by_key(session: Session, finding: Finding) -> Finding:
    model = NAMED.get(finding.table)
    key = model and session.scalar(select(model.id).where(model.ref == finding.key))
    return replace(finding, key=f"id {key}" if key else "")


def refuse_unusable(connection: Connection, name: str) -> None:
    """Refuse a casebook with which no command could do what is right; three statements.

    Raises:
        StorageFailure: nobody knows whether a record is protected; or an actor or a topic is above
            itself, so that walks up would never end.
    """
    tables = (Actor.__tablename__, Document.__tablename__)
    sqlite = connection.dialect.name == "sqlite"
    for table in tables if sqlite else ():
        # As text: the partial indexes hold just these rows, spelled so.
        misprotected = f"SELECT id FROM {table} WHERE {MISPROTECTED} LIMIT 1"  # noqa: S608 - ours
        key = connection.exec_driver_sql(misprotected).scalar()
        if key is not None:
            raise _altered(name, f"{table} id {key}: protected is neither 0 nor 1")
    for model in (Actor, Topic):
        query = select(model.id, model.parent_id).where(model.parent_id.is_not(None))
        above = sorted((key, int(parent or 0)) for key, parent in connection.execute(query))
        circle = _circle(dict(above))
        if circle is not None:
            fault = f"{model.__tablename__} id {circle}: it is above itself"
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
