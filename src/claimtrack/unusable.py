"""Casebooks with which no command could do what is right: something else has changed them.

Apart from `audit`, which finds whatever is wrong: every command asks this much before it begins.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from claimtrack.errors import StorageFailure
from claimtrack.models import MISPROTECTED, Actor, Document, Topic

ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What is raised where a casebook holds what it should not, and where the program is wrong."""


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
            raise altered(name, f"{table} id {key}: protected is neither 0 nor 1")
    for model in (Actor, Topic):
        query = select(model.id, model.parent_id).where(model.parent_id.is_not(None))
        above = sorted((key, int(parent or 0)) for key, parent in connection.execute(query))
        circle = _circle(dict(above))
        if circle is not None:
            fault = f"{model.__tablename__} id {circle}: it is above itself"
            raise altered(name, fault)


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


def altered(name: str, fault: str) -> StorageFailure:
    """Return that a casebook has been changed by something else, and what shows it."""
    return StorageFailure(
        f"{name} has been changed by something other than claimtrack: {fault} ('claimtrack log "
        "verify' lists all that differs, and a backup from before has what was there)"
    )
