"""The two ways to open a session: `reading` and `writing`.

Only `api` uses this module, so that no caller can forget protection; import-linter enforces it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from claimtrack.db.connections import check_schema, lock_writers, open_connection
from claimtrack.db.session_state import NO_MASK, Database, Mask, Session, new_change


@contextmanager
def reading(
    database: Database, protect: Callable[[Connection], Mask] | None = None
) -> Iterator[Session]:
    """Open a session that cannot write and sees one consistent state: a single transaction.

    Args:
        database: The database.
        protect: Makes the connection mask protected records, and returns the mask for texts; None
            to read the rows as they are.

    Raises:
        NoDatabase: there is no claimtrack database.
        SchemaMismatch: it is of an older or a newer version.
        StorageFailure: the file or the server cannot be reached.
    """
    options: dict[str, Any] = {}
    if database.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with open_connection(database, options) as connection:
        check_schema(connection, database)
        mask = protect(connection) if protect else NO_MASK
        with _session(connection) as session:
            session.state.mask = mask
            yield session


@contextmanager
def writing(
    database: Database, *, author: str, message: str | None = None, dry_run: bool = False
) -> Iterator[Session]:
    """Open the one transaction of a command: committed at the end, rolled back on any error.

    Writers wait for each other, so that the log has one order.

    Args:
        database: The database.
        author: Who writes, for the log.
        message: Why, for the log.
        dry_run: Roll back at the end instead of committing; errors are raised as without it.

    Raises:
        NoDatabase, SchemaMismatch, StorageFailure: as `reading`.
    """
    options: dict[str, Any] = {"writes": True}
    if database.engine.dialect.name == "postgresql":
        # Each statement sees what was committed before it: a snapshot taken before the wait for
        # the lock would miss what the writer before has written.
        options["isolation_level"] = "READ COMMITTED"
    with open_connection(database, options) as connection:
        check_schema(connection, database)
        lock_writers(connection)
        with _session(connection, expire_on_commit=False) as session:
            session.state.change = new_change(author, message)
            yield session
            session.flush()
            if dry_run:
                connection.rollback()
            else:
                connection.commit()


@contextmanager
def _session(connection: Connection, **options: Any) -> Iterator[Session]:
    """Open a session, and close the results that are still being read when it ends.

    Their reader may have failed and cannot close them any more; the connection could not be reused.
    """
    with Session(connection, **options) as session:
        try:
            yield session
        finally:
            for rows in tuple(session.state.streams):
                rows.close()
