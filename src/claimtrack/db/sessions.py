"""The two ways to open a session: one that reads, and one that writes.

`api` alone opens sessions, so that protection is never forgotten; import-linter holds it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from claimtrack.db.handles import OPEN, Database, Session, Veil, new_change
from claimtrack.db.opening import check_schema, lock_writers, opened


@contextmanager
def reading(
    database: Database, protect: Callable[[Connection], Veil] | None = None
) -> Iterator[Session]:
    """Open a session that sees one consistent state and cannot write: one transaction in all.

    `protect` may have the connection protect what it reads; the veil that it returns is kept in
    its state.

    Raises:
        NoDatabase: there is no claimtrack database.
        SchemaMismatch: it is of an older or a newer version.
        StorageFailure: the file or the server cannot be reached.
    """
    options: dict[str, Any] = {}
    if database.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with opened(database, options) as connection:
        check_schema(connection, database)
        veil = protect(connection) if protect else OPEN
        with _session(connection) as session:
            session.state.veil = veil
            yield session


@contextmanager
def writing(
    database: Database, *, author: str, message: str | None = None, dry_run: bool = False
) -> Iterator[Session]:
    """Open the one transaction of a command: committed at the end, rolled back on any error.

    Writers wait for each other, so that the log has one order. With `dry_run` all is done and
    then rolled back.

    Raises:
        NoDatabase, SchemaMismatch, StorageFailure: as `reading`.
    """
    options: dict[str, Any] = {"writes": True}
    if database.engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"  # what the writer before wrote is seen
    with opened(database, options) as connection:
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
def _session(connection: Connection, **how: Any) -> Iterator[Session]:
    """Open a session; rows that are still being read when it ends are given up first.

    Whoever reads them may have failed, and no longer can.
    """
    with Session(connection, **how) as session:
        try:
            yield session
        finally:
            for rows in tuple(session.state.streams):
                rows.close()
