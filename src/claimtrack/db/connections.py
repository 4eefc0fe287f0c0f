"""Engines and connections: their settings, the check of the schema, and the lock of writers."""

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from claimtrack.connection_strings import Kind, detect_kind
from claimtrack.db.driver_errors import mark_engine, missing_casebook_error, translate_error
from claimtrack.db.session_state import Database
from claimtrack.db.urls import display_name, parse_server_url
from claimtrack.errors import SchemaMismatch

SCHEMA_VERSION = "0010"
"""The newest migration; a constant, so that opening a database does not import Alembic."""
BUSY_SECONDS = 30.0
"""Seconds for which a command waits until another has finished."""

_POSTGRESQL_DEFAULTS: Mapping[str, Any] = {
    "connect_timeout": 10,
    "client_encoding": "utf8",
    "prepare_threshold": None,  # behind a pooler the next transaction may be on another connection
}
WRITER_LOCK = 0x636C61696D
"""The key of the advisory lock that all writers take: "claim" in ASCII."""


def connect(target: str | Path) -> Database:
    """Return a handle of a database; no connection is opened before it is used.

    Args:
        target: A path, a PostgreSQL URL or libpq's NAME=VALUE pairs.

    Raises:
        InvalidValue: the address cannot be parsed, or is of another kind of database.
        MissingDriver: it is a PostgreSQL address and psycopg is not installed.
    """
    if isinstance(target, Path) or detect_kind(target) is Kind.PATH:
        return Database(_mark_errors(_sqlite_engine(Path(target))), str(target))
    url = parse_server_url(target)
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={
            name: value for name, value in _POSTGRESQL_DEFAULTS.items() if name not in url.query
        },
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # The planner overrates the cost of our statements and would JIT-compile each for seconds.
        # LOCAL, as behind a pooler the next transaction may be on another connection.
        if not connection.connection.dbapi_connection.autocommit:  # type: ignore[union-attr]
            connection.exec_driver_sql("SET LOCAL jit = off")

    _release_savepoints(engine)
    return Database(_mark_errors(engine), display_name(url))


def _mark_errors(engine: Engine) -> Engine:
    """Tag each error of the driver with its engine: a command may use two databases at once."""

    @event.listens_for(engine, "handle_error")
    def _mark(context: ExceptionContext) -> None:
        mark_engine(context.original_exception, engine)

    return engine


def _release_savepoints(engine: Engine) -> None:
    """Release a savepoint when it is rolled back; SQLAlchemy leaves it open.

    An import rolls one back for each row that it skips: thousands of open ones take memory, and
    make PostgreSQL ever slower.
    """
    dialect = engine.dialect
    roll_back = dialect.do_rollback_to_savepoint

    def roll_back_and_end(connection: Connection, name: str) -> None:
        roll_back(connection, name)
        dialect.do_release_savepoint(connection, name)

    # The dialect belongs to this engine alone.
    dialect.do_rollback_to_savepoint = roll_back_and_end  # type: ignore[method-assign]


def _sqlite_engine(path: Path) -> Engine:
    def open_file() -> sqlite3.Connection:
        # mode=rw never creates a file: only `init` does, readable by its owner alone.
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{_READ_ALONE if _is_read_only_alone(path) else 'mode=rw'}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # we send BEGIN ourselves: sqlite3 would not before a SAVEPOINT
            check_same_thread=False,
        )

    engine = create_engine("sqlite+pysqlite://", creator=open_file, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock at once: a transaction that reads first and writes later fails
        # without waiting when another has written in between.
        immediate = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    _release_savepoints(engine)
    return engine


_READ_ALONE = "mode=ro&immutable=1"


def _is_read_only_alone(path: Path) -> bool:
    """Return whether a file may only be read and no other process has it open.

    SQLite could not create the shared-memory file (`-shm`) that it needs to read a database in WAL
    mode, so that the file must be opened as immutable.
    """

    def may(mode: int) -> bool:
        return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)

    return may(os.R_OK) and not may(os.W_OK) and not path.with_name(f"{path.name}-shm").exists()


def lock_writers(connection: Connection) -> None:
    """Wait until no other command writes, at most `BUSY_SECONDS`; held until the transaction ends.

    One writer at a time keeps the log a single chain. On SQLite it does nothing: BEGIN IMMEDIATE
    has taken the lock already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})


def enlarge_page_cache(connection: Connection) -> None:
    """Let SQLite keep more of a large transaction in memory; does nothing on PostgreSQL.

    Pages that do not fit are written to the file before the commit, and often twice.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")


_CACHE_KIBIBYTES = 150_000
"""About 150 MB, for the transactions of imports and restores."""


@contextmanager
def open_connection(database: Database, options: dict[str, Any]) -> Iterator[Connection]:
    """Open a connection, and raise the errors of the driver as sentences.

    Args:
        database: The database.
        options: SQLAlchemy's execution options, and `writes` to begin with BEGIN IMMEDIATE on
            SQLite.

    Raises:
        NoDatabase, MissingFile: there is no such file or database.
        SchemaMismatch: tables or columns are missing.
        StorageFailure: the file or the server refuses.
        Contended: another command is in the way; a retry may succeed.
    """
    started = time.monotonic()
    try:
        with database.engine.connect() as connection:
            yield connection.execution_options(**options)
    except (DBAPIError, sqlite3.Error) as error:
        # An error that took long came after waiting for a lock: to retry would wait once more.
        at_once = time.monotonic() - started < BUSY_SECONDS / 2
        refusal = translate_error(database, error, at_once=at_once)
        if refusal is error:
            raise
        raise refusal from error


def check_schema(connection: Connection, database: Database) -> None:
    """Refuse a database that is not a casebook of this version; one or two statements.

    Raises:
        NoDatabase: it is no casebook.
        SchemaMismatch: it is of an older or newer version, or incomplete.
        StorageFailure: the user lacks a privilege, or the search path leaves the casebook out.
    """
    version = schema_version(connection)
    if version is None:
        raise missing_casebook_error(connection, database.name)
    if version < SCHEMA_VERSION:
        raise SchemaMismatch(
            f"{database.name} is of an older version ({version}; this is {SCHEMA_VERSION}): "
            "run 'claimtrack init' to upgrade it"
        )
    if version > SCHEMA_VERSION:
        raise SchemaMismatch(
            f"{database.name} is of a newer version ({version}; this is {SCHEMA_VERSION}): "
            "upgrade claimtrack"
        )


def schema_version(connection: Connection) -> str | None:
    """Return the migration that a database has reached; None when it is no claimtrack database."""
    tables = inspect(connection)
    if not (tables.has_table("alembic_version") and tables.has_table("casebook")):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)
