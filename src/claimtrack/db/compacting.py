"""Rewriting databases, so that no deleted content is left in their pages."""

import sqlite3
import time

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from claimtrack.db import connections
from claimtrack.db.connections import (
    check_schema,
    open_connection,
)
from claimtrack.db.session_state import Database
from claimtrack.errors import StorageFailure


def compact(database: Database) -> None:
    """Rewrite a database and its indexes, so that no deleted content is left in its pages.

    Raises:
        NoDatabase, SchemaMismatch: as `check_schema`.
        StorageFailure: it is in use, the disk refuses, or two rows violate a unique index.
    """
    try:
        _compact(database)
    except (IntegrityError, sqlite3.IntegrityError) as error:
        message = str(error.orig if isinstance(error, IntegrityError) else error).splitlines()[0]
        raise StorageFailure(
            f"{database.name} cannot be compacted: two of its rows are the same ({message}): "
            "'claimtrack log verify' names them"
        ) from error


def _compact(database: Database) -> None:
    with open_connection(database, {}) as connection:
        check_schema(connection, database)
        tables = inspect(connection).get_table_names()
        connection.commit()
        if connection.dialect.name == "sqlite":
            _compact_file(connection, database)
            return
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        _refuse_foreign_tables(alone, database)
        _wait_for_older_readers(alone, database)
        for table in tables:
            _rewrite(alone, database, table)


def check_can_compact(database: Database) -> None:
    """Check, before anything is changed, that the user may compact the database.

    Raises:
        NoDatabase, SchemaMismatch: as `check_schema`.
        StorageFailure: another role owns the tables.
    """
    with open_connection(database, {}) as connection:
        check_schema(connection, database)
        if connection.dialect.name == "postgresql":
            _refuse_foreign_tables(connection, database)


def _rewrite(connection: Connection, database: Database, table: str) -> None:
    """Rewrite a table as soon as nobody uses it, trying ten times a second for `BUSY_SECONDS`.

    SKIP_LOCKED skips a table in use silently; a new file node shows that it was rewritten. A
    `lock_timeout` would do too, but would stay on the connection, which behind a pooler is not
    ours.
    """
    file = text("SELECT pg_relation_filenode(CAST(:table AS regclass))")
    before = connection.scalar(file, {"table": f'"{table}"'})
    for attempt in range(int(connections.BUSY_SECONDS * 10) + 1):
        time.sleep(0.1 if attempt else 0)
        connection.execute(text(f'VACUUM (FULL, ANALYZE, SKIP_LOCKED) "{table}"'))
        if connection.scalar(file, {"table": f'"{table}"'}) != before:
            return
    raise StorageFailure(f"{database.name} is in use by another command")


def _refuse_foreign_tables(connection: Connection, database: Database) -> None:
    """Refuse when another role owns tables: VACUUM only warns of those and skips them."""
    query = (
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid) "
        "AND relnamespace = current_schema()::regnamespace AND NOT pg_has_role(relowner, 'USAGE')"
    )
    if connection.scalar(text(query)):
        raise StorageFailure(
            f"{database.name} can be rewritten only by the owner of its tables: let that role "
            "run 'claimtrack compact'"
        )


def _wait_for_older_readers(connection: Connection, database: Database) -> None:
    """Wait until no transaction can see the rows that were deleted: VACUUM would keep those rows.

    Waits for all transactions of this database that began before, also for those of roles whose
    activity the user may not see.

    Raises:
        StorageFailure: some are still open after `BUSY_SECONDS`.
    """
    begun = connection.scalar(text("SELECT clock_timestamp()"))  # now() is the transaction's start
    for _ in range(int(connections.BUSY_SECONDS * 10)):
        if not connection.scalar(text(_OLDER_READERS), {"begun": begun}):
            return
        time.sleep(0.1)
    raise StorageFailure(f"{database.name} is in use by another command")


_OLDER_READERS = """
    SELECT EXISTS (
        SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (
            (datname = current_database() AND backend_type = 'client backend'
             AND (xact_start < :begun OR query = '<insufficient privilege>'))
            OR (backend_type = 'walsender' AND backend_xmin IS NOT NULL)
        )
    ) OR EXISTS (SELECT 1 FROM pg_prepared_xacts WHERE database = current_database())
"""


def _compact_file(connection: Connection, database: Database) -> None:
    cursor = connection.connection.cursor()  # past SQLAlchemy, which would send BEGIN first
    cursor.execute("REINDEX")  # VACUUM copies the entries of indexes as they are
    cursor.execute("INSERT INTO fulltext (fulltext) VALUES ('rebuild')")
    cursor.execute("VACUUM")
    # The write-ahead log still holds pages from before the rewrite.
    in_use = [busy for busy, *_ in cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)") if busy]
    if in_use:
        raise StorageFailure(f"{database.name} is in use by another command")
