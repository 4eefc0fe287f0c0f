"""Connections and transactions: the only module that opens a connection."""

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

from claimtrack.connection_strings import Kind, kind_of
from claimtrack.db.handles import Database
from claimtrack.db.refusals import absent, mark_origin, refusal_of
from claimtrack.db.urls import display_name, server_url
from claimtrack.errors import SchemaMismatch

SCHEMA_VERSION = "0007"
"""The newest migration; kept here so that reading a database does not import Alembic."""
BUSY_SECONDS = 30.0
"""How long a command waits for another."""

_POSTGRES_USUAL: Mapping[str, Any] = {
    "connect_timeout": 10,
    "client_encoding": "utf8",
    "prepare_threshold": None,  # behind a pooler the next transaction may be on another connection
}
WRITER_LOCK = 0x636C61696D  # "claim": one writer at a time keeps the log's chain in one line


def connect(target: str | Path) -> Database:
    """Name a database; nothing is opened until it is used.

    Raises:
        InvalidValue: the address cannot be read, or is of another kind of database.
        MissingDriver: PostgreSQL is asked for and psycopg is not installed.
    """
    if isinstance(target, Path) or kind_of(target) is Kind.PATH:
        return Database(_named_in_errors(_sqlite_engine(Path(target))), str(target))
    url = server_url(target)
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={
            name: value for name, value in _POSTGRES_USUAL.items() if name not in url.query
        },
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Our statements look costly to the planner, which would compile each for seconds. For this
        # transaction alone: behind a pooler the next one may be on another connection.
        if not connection.connection.dbapi_connection.autocommit:  # type: ignore[union-attr]
            connection.exec_driver_sql("SET LOCAL jit = off")

    _end_savepoints(engine)
    return Database(_named_in_errors(engine), display_name(url))


def _named_in_errors(engine: Engine) -> Engine:
    """Let each error know its engine: a command may be at work on two databases."""

    @event.listens_for(engine, "handle_error")
    def _mark(context: ExceptionContext) -> None:
        mark_origin(context.original_exception, engine)

    return engine


def _end_savepoints(engine: Engine) -> None:
    """Let a savepoint end when it is rolled back: SQLAlchemy leaves it open.

    Thousands of them, a row that is skipped each, take memory, and PostgreSQL ever more time.
    """
    dialect = engine.dialect
    roll_back = dialect.do_rollback_to_savepoint

    def roll_back_and_end(connection: Connection, name: str) -> None:
        roll_back(connection, name)
        dialect.do_release_savepoint(connection, name)

    dialect.do_rollback_to_savepoint = roll_back_and_end  # type: ignore[method-assign]  # its own


def _sqlite_engine(path: Path) -> Engine:
    def open_file() -> sqlite3.Connection:
        # mode=rw never creates: only `init` makes a database, and makes it private.
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{_READ_ALONE if _is_sealed(path) else 'mode=rw'}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # we send BEGIN ourselves: else SAVEPOINT leaks
            check_same_thread=False,
        )

    engine = create_engine("sqlite+pysqlite://", creator=open_file, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    _end_savepoints(engine)
    return engine


_READ_ALONE = "mode=ro&immutable=1"


def _is_sealed(path: Path) -> bool:
    """Whether a file may only be read, and nobody has it open: SQLite would need to share a file.

    Then it is read as one that nobody changes.
    """

    def may(mode: int) -> bool:
        return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)

    return may(os.R_OK) and not may(os.W_OK) and not path.with_name(f"{path.name}-shm").exists()


def lock_writers(connection: Connection) -> None:
    """Wait until no other writer is at work, for a while; held until the transaction ends.

    SQLite has waited likewise when the transaction began.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})


def make_room(connection: Connection) -> None:
    """Let SQLite hold more of a large transaction in memory: what it cannot, it writes twice."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_ROOM}")


_ROOM = 150_000
"""Kibibytes."""


@contextmanager
def opened(database: Database, options: dict[str, Any]) -> Iterator[Connection]:
    """Open a connection, and say in one sentence what the file or the server refuses."""
    begun = time.monotonic()
    try:
        with database.engine.connect() as connection:
            yield connection.execution_options(**options)
    except (DBAPIError, sqlite3.Error) as error:
        at_once = time.monotonic() - begun < BUSY_SECONDS / 2
        refusal = refusal_of(database, error, at_once=at_once)
        if refusal is error:
            raise
        raise refusal from error


def check_schema(connection: Connection, database: Database) -> None:
    """Refuse what is no casebook, or one of another version.

    Raises:
        NoDatabase, SchemaMismatch: as `reading`.
    """
    version = schema_version(connection)
    if version is None:
        raise absent(connection, database.name)
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
    """Return the migration that a database stands at; None when it is not a claimtrack database."""
    tables = inspect(connection)
    if not (tables.has_table("alembic_version") and tables.has_table("casebook")):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)
