"""The checks that each command makes first, for faults with which it could not work correctly.

Something other than claimtrack must have caused them; `audit` finds all such changes.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from claimtrack.errors import StorageFailure
from claimtrack.models import MISPROTECTED, Actor, Document, Topic

UNEXPECTED_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""The errors that invalid stored values cause, as do bugs."""


def refuse_unusable(connection: Connection, name: str) -> None:
    """Refuse a casebook that no command could handle correctly; at most four statements.

    Raises:
        StorageFailure: it is unknown whether a record is protected, or an actor or a topic is its
            own ancestor, so that walks to the root would not end.
    """
    tables = (Actor.__tablename__, Document.__tablename__)
    sqlite = connection.dialect.name == "sqlite"
    for table in tables if sqlite else ():
        # Literally the condition of the partial index, which holds just these rows: a bound
        # parameter or another spelling would scan the table.
        misprotected = f"SELECT id FROM {table} WHERE {MISPROTECTED} LIMIT 1"  # noqa: S608 - ours
        key = connection.exec_driver_sql(misprotected).scalar()
        if key is not None:
            raise altered_error(name, f"{table} id {key}: protected is neither 0 nor 1")
    for model in (Actor, Topic):
        query = select(model.id, model.parent_id).where(model.parent_id.is_not(None))
        parents = sorted((key, int(parent or 0)) for key, parent in connection.execute(query))
        cyclic = _find_cycle(dict(parents))
        if cyclic is not None:
            fault = f"{model.__tablename__} id {cyclic}: it is its own ancestor"
            raise altered_error(name, fault)


def _find_cycle(parents: Mapping[int, int]) -> int | None:
    """Return a key that is its own ancestor, given the parent of each; None when there is none."""
    checked = set[int]()
    for start in parents:
        path = dict[int, None]()
        key: int | None = start
        while key is not None and key not in checked:
            if key in path:
                return key
            path[key] = None
            key = parents.get(key)
        checked.update(path)
    return None


def altered_error(name: str, fault: str) -> StorageFailure:
    """Return the error for a casebook that something else has changed; names what shows it."""
    return StorageFailure(
        f"{name} has been changed by something other than claimtrack: {fault} ('claimtrack log "
        "verify' lists all that differs, and an earlier backup has the original)"
    )
