"""Connections, transactions and column types: the only module that opens a connection.

A database is named by a path (SQLite) or a URL (`postgresql://...`, through psycopg 3). On
PostgreSQL no schema is ever named: the connection's search path decides.
"""

import os
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from claimtrack.errors import (
    Contended,
    InvalidValue,
    MissingDriver,
    MissingFile,
    NoDatabase,
    NotEmpty,
    SchemaMismatch,
    StorageFailure,
)

SCHEMA_VERSION = "0004"
"""The newest migration; kept here so that reading a database does not import Alembic."""

if TYPE_CHECKING:
    import psycopg

_BUSY_SECONDS = 30
_POSTGRES_USUAL = {"connect_timeout": 10, "client_encoding": "utf8"}
_WRITER_LOCK = 0x636C61696D  # "claim": one writer at a time keeps the log's chain in one line


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, UTC on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What its values are."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone, and store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidValue("instant", value.isoformat(), "a time with its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps no zone: what was stored was UTC."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Database:
    """A database that can be reached, and the name by which the user called it (no password)."""

    engine: Engine
    name: str


@dataclass(frozen=True)
class Change:
    """One command or request: who, when and why, stamped on each revision that it leaves."""

    author: str
    message: str | None
    id: str
    at: str


def connect(target: str) -> Database:
    """Name a database; nothing is opened until it is used.

    Raises:
        InvalidValue: the URL cannot be read, or is of another kind of database.
        MissingDriver: PostgreSQL is asked for and psycopg is not installed.
    """
    if "://" not in target:
        return Database(_sqlite_engine(Path(target)), target)
    try:
        url = make_url(target)
    except (ArgumentError, ValueError):
        raise InvalidValue(
            "database",
            re.sub(r"//([^:/@]*):[^@]*@", r"//\1:***@", target),
            "a path, or postgresql://USER@HOST:PORT/NAME",
        ) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise InvalidValue(
            "database",
            url.render_as_string(),
            "a path (SQLite), or a URL that begins with postgresql://",
        )
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args={
                name: value for name, value in _POSTGRES_USUAL.items() if name not in url.query
            },
        )
    except (ImportError, NoSuchModuleError):
        raise MissingDriver(
            "PostgreSQL needs the psycopg driver: run pip install 'claimtrack[postgres]'"
        ) from None

    @event.listens_for(engine, "connect")
    def _configure(connection: "psycopg.Connection", _record: object) -> None:
        # Our statements look costly to the planner, which would compile each for seconds.
        connection.execute("SET jit = off")
        connection.commit()

    shown = url.difference_update_query(["password"]).render_as_string(hide_password=True)
    return Database(engine, shown)


def _sqlite_engine(path: Path) -> Engine:
    def open_file() -> sqlite3.Connection:
        # mode=rw never creates: only `init` makes a database, and makes it private.
        return sqlite3.connect(
            f"{path.absolute().as_uri()}?{_READ_ALONE if _is_sealed(path) else 'mode=rw'}",
            uri=True,
            timeout=_BUSY_SECONDS,
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

    return engine


_READ_ALONE = "mode=ro&immutable=1"


def _is_sealed(path: Path) -> bool:
    """Whether a file may only be read, and nobody has it open: SQLite would need to share a file.

    Then it is read as one that nobody changes.
    """

    def may(mode: int) -> bool:
        return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)

    return may(os.R_OK) and not may(os.W_OK) and not path.with_name(f"{path.name}-shm").exists()


class Veil(Protocol):
    """What must not be said: see `discretion`, which draws one."""

    @property
    def pseudonyms(self) -> frozenset[str]:
        """What is said instead."""

    def __call__(self, said: str) -> str:
        """Return a text without it."""

    def fields(self, table: str, record: Mapping[str, Any]) -> frozenset[str]:
        """Return the fields of a logged record that must not be shown."""

    def key(self, table: str, key: str) -> str:
        """Return what names a logged row, without it."""


class _Open:
    """A veil that withholds nothing."""

    pseudonyms: frozenset[str] = frozenset()

    def __call__(self, said: str) -> str:
        return said

    def fields(self, table: str, record: Mapping[str, Any]) -> frozenset[str]:
        return frozenset()

    def key(self, table: str, key: str) -> str:
        return key


OPEN: Veil = _Open()


@contextmanager
def reading(
    database: Database, draw: Callable[[Connection], Veil] | None = None
) -> Iterator[Session]:
    """Open a session that sees one consistent state and cannot write.

    `draw` may put views before the tables; the veil that it returns is kept in `info["veil"]`.

    Raises:
        NoDatabase: there is no claimtrack database.
        SchemaMismatch: it is of an older or a newer version.
        StorageFailure: the file or the server cannot be reached.
    """
    options: dict[str, Any] = {}
    if database.engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _connection(database, {}) as opened:
        _check_schema(opened, database)
        veil = draw(opened) if draw else OPEN
        opened.commit()
        with Session(opened.execution_options(**options), autoflush=False) as session:
            session.info["veil"] = veil
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
    with _connection(database, options) as connection:
        _check_schema(connection, database)
        lock_writers(connection)
        with Session(connection, autoflush=False, expire_on_commit=False) as session:
            session.info["change"] = new_change(author, message)
            yield session
            session.flush()
            if dry_run:
                connection.rollback()
            else:
                connection.commit()


def lock_writers(connection: Connection) -> None:
    """Wait until no other writer is at work, for a while; held until the transaction ends.

    SQLite has waited likewise when the transaction began.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_BUSY_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def make_room(connection: Connection) -> None:
    """Let SQLite hold more of a large transaction in memory: what it cannot, it writes twice."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_ROOM}")


_ROOM = 150_000
"""Kibibytes."""


def new_change(author: str, message: str | None = None) -> Change:
    """Name a new command: its id is random, its time now."""
    now = instant(datetime.now(UTC))
    return Change(author=author, message=message, id=secrets.token_hex(6), at=now)


def instant(at: datetime) -> str:
    """Return an instant as the log has it: ISO 8601 in UTC with microseconds and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextmanager
def _connection(database: Database, options: dict[str, Any]) -> Iterator[Connection]:
    """Open a connection, and say in one sentence what the file or the server refuses."""
    begun = time.monotonic()
    try:
        with database.engine.connect() as connection:
            yield connection.execution_options(**options)
    except (DBAPIError, sqlite3.Error) as error:
        refusal = _refusal(database, error, time.monotonic() - begun)
        if refusal is error:
            raise
        raise refusal from error


def _refusal(database: Database, error: DBAPIError | sqlite3.Error, seconds: float) -> Exception:
    orig = error.orig if isinstance(error, DBAPIError) else error
    said = str(orig).strip() or type(orig).__name__
    first_line = said.splitlines()[0]
    if isinstance(orig, sqlite3.Error):
        ours = isinstance(orig, sqlite3.IntegrityError | sqlite3.ProgrammingError)
        return error if ours else _sqlite_refusal(database.name, first_line, seconds)
    if re.search('database ".*" does not exist', said):
        return NoDatabase(f"there is no database {database.name} on the server: create it first")
    if getattr(orig, "sqlstate", None) in _CONTENDED:
        return Contended(
            f"cannot use {database.name}: another program is in the way: "
            "try again when it has ended"
        )
    for sign, advice in _POSTGRES_ADVICE:
        if re.search(sign, said):
            return StorageFailure(f"cannot use {database.name}: {advice}")
    if isinstance(error, OperationalError):
        return StorageFailure(f"{database.name}: the server refused: {first_line}")
    return error  # a statement of ours is wrong: no sentence would help the user


_CONTENDED = ("40001", "40P01")
"""Serialisation failure and deadlock. Source: PostgreSQL, Appendix A, class 40."""
_POSTGRES_ADVICE = (
    ("password authentication failed", "the user or the password is wrong"),
    ("no password supplied", "the server asks for a password: put it in the URL or in PGPASSWORD"),
    ('role ".*" does not exist', "the server knows no such user"),
    ('invalid connection option|missing "="', "the URL holds an option that PostgreSQL lacks"),
    (
        "database system is (starting|shutting|not yet|in recovery)",
        "the server is starting or stopping: try again in a moment",
    ),
    (
        "(?i)connection refused|connection failed|on socket .* failed: No such file",
        "no PostgreSQL server answers there: is it running, and the port right?",
    ),
    (
        "server closed the connection|terminating connection|connection .*(lost|reset|closed)",
        "the server went away: see whether the change is there, and if not, try again",
    ),
    ("could not translate host name", "the host name is unknown"),
    ("failed to resolve host", "the host name is unknown"),
    ("lock timeout", "it is in use by another command: try again when it has ended"),
    ("timeout", "the server did not answer in time"),
    ("permission denied", "the server denies this user the permission"),
    ("read-only transaction", "the server allows only reading: write to its primary"),
    (
        "no schema has been selected",
        "the search path names no schema that exists: create it, or name another",
    ),
)


_BRING_BACK = "'claimtrack restore FILE --replace' brings back your last backup"


def damage(name: str) -> StorageFailure:
    """Return what tells that a database is damaged, and what helps."""
    return StorageFailure(f"{name} is damaged: {_BRING_BACK}")


_SIGNS_OF_DAMAGE = (
    "malformed|not a database|unsupported file format|decode to|vtable constructor|invalid fts5"
)


def _is_of_damage(said: str) -> bool:
    return re.search(_SIGNS_OF_DAMAGE, said) is not None


def _sqlite_refusal(name: str, said: str, seconds: float) -> Exception:
    path = Path(name)
    if "file is not a database" in said:
        return NoDatabase(
            f"{name} is not a claimtrack database: it is another kind of file, or damaged at its "
            f"head ({_BRING_BACK})"
        )
    if "unable to open database file" in said:
        return _why_not_open(path)
    if "locked" in said:
        # Some statements SQLite refuses at once, as one that changes the journal: wait for it.
        kind = Contended if seconds < _BUSY_SECONDS / 2 else StorageFailure
        return kind(f"{name} is in use by another command: try again when it has ended")
    if "readonly" in said or "read-only" in said:
        return StorageFailure(f"{name} cannot be written: you lack the permission")
    if _is_of_damage(said):
        return damage(name)
    if "disk is full" in said:
        return StorageFailure(f"the disk that holds {name} is full: nothing was written")
    if "disk I/O error" in said:
        return StorageFailure(
            f"the disk, or a limit to the size of files, refuses {name}: nothing was written"
        )
    return StorageFailure(f"{name}: SQLite refused: {said}")


def _why_not_open(path: Path) -> Exception:
    try:
        is_folder, has_folder, is_there = path.is_dir(), path.parent.is_dir(), path.exists()
    except OSError as error:  # a folder that may not be entered, a name too long
        return StorageFailure(f"{path} cannot be opened: {error.strerror}")
    if is_folder:
        return NoDatabase(f"{path} is a folder: name a file, such as {path / 'claimtrack.db'}")
    if not has_folder:
        return MissingFile(f"there is no folder {path.parent}: make it first, or name another path")
    if not is_there:
        return NoDatabase(
            f"there is no database {path}: run 'claimtrack init', or name another with --db"
        )
    return StorageFailure(f"{path} cannot be opened: you lack the permission")


def _check_schema(connection: Connection, database: Database) -> None:
    version = schema_version(connection)
    if version is None:
        empty = not inspect(connection).get_table_names()
        raise NoDatabase(
            f"{database.name} is not a claimtrack database: run 'claimtrack init' to make one"
            + (f"; if it held one, {_BRING_BACK}" if empty else "")
        )
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


def init(database: Database) -> bool:
    """Create the database, or upgrade it to this version; True when anything was done.

    A SQLite file is created for its owner alone. One transaction: a database is never half made.

    Raises:
        NotEmpty: a database of something else is there.
        NoDatabase: something other than a database is.
        SchemaMismatch: the database is newer than this program.
        StorageFailure, MissingFile: the file or the server cannot be reached.
    """
    with _private_file(database), _connection(database, {"writes": True}) as connection:
        done = _migrate(connection, database)
    _let_readers_be(database)
    return done


@contextmanager
def _private_file(database: Database) -> Iterator[None]:
    """Make the file of a SQLite database, for its owner alone; gone again if what follows fails."""
    path = Path(database.name)
    made = database.engine.dialect.name == "sqlite" and _create_file(path)
    try:
        yield
    except BaseException:
        if made:
            path.unlink(missing_ok=True)
        raise


def _create_file(path: Path) -> bool:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    except FileNotFoundError:
        raise _why_not_open(path) from None
    except OSError as error:
        raise StorageFailure(f"{path} cannot be created: {error.strerror}") from error
    return True


def _migrate(connection: Connection, database: Database) -> bool:
    _prepare(connection, database)
    version = schema_version(connection)
    if version == SCHEMA_VERSION:
        return False
    if version is not None and version > SCHEMA_VERSION:
        _check_schema(connection, database)
    if version is None:
        _refuse_others(connection, database)
    _build(connection)
    if version is None:
        _name_casebook(connection)
    connection.commit()
    return True


def _prepare(connection: Connection, database: Database) -> None:
    """Begin the transaction of a change of the schema; no other writer is at work until it ends."""
    if connection.dialect.name == "sqlite":
        # SQLite batch rebuilds would delete cascading rows; the pragma is ignored in a transaction.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    else:
        _refuse_encoding(connection, database)
    lock_writers(connection)


def _refuse_others(connection: Connection, database: Database) -> None:
    if inspect(connection).get_table_names():
        raise NotEmpty(f"{database.name} holds something else: name another database with --db")


def _build(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def made_anew(
    database: Database, tables: Iterable[str], *, replace: bool = False
) -> Iterator[Session]:
    """Open the one transaction that fills an empty casebook, schema and all.

    What stands in its place, in `tables`, goes in the same transaction when it is to be replaced.

    Raises:
        NotEmpty: a casebook with a log stands there, and is not to be replaced, or something else.
        StorageFailure, MissingFile: the file or the server cannot be reached.
    """
    with _private_file(database), _connection(database, {"writes": True}) as connection:
        _prepare(connection, database)
        if schema_version(connection) is None:
            _refuse_others(connection, database)
        else:
            if not replace and connection.scalar(text("SELECT max(seq) FROM revision")):
                raise NotEmpty(
                    f"{database.name} holds a casebook already: name another database "
                    "(only restore --replace replaces one)"
                )
            _drop(connection, [*tables, "fulltext", "alembic_version"])
        _build(connection)
        with Session(connection, autoflush=False) as session:
            yield session
            session.flush()
            connection.commit()
    _let_readers_be(database)


def is_damaged(database: Database) -> bool:
    """Whether a SQLite file is there, and cannot be read as a database from end to end."""
    if database.engine.dialect.name != "sqlite":
        return False
    try:
        with database.engine.connect() as connection:
            for table in inspect(connection).get_table_names():  # the full text is not checked
                connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608
            return connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok"
    except DBAPIError as error:
        return _is_of_damage(str(error.orig))


def compact(database: Database) -> None:
    """Rewrite a database, so that nothing of what has been taken out is left in its files.

    Raises:
        NoDatabase, SchemaMismatch: as `reading`.
        StorageFailure: it is in use, or the disk refuses.
    """
    with _connection(database, {}) as connection:
        _check_schema(connection, database)
        tables = inspect(connection).get_table_names()
        connection.commit()
        if connection.dialect.name == "sqlite":
            _compact_file(connection, database)
            return
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.execute(text(f"SET lock_timeout = '{_BUSY_SECONDS}s'"))
        _refuse_others_tables(alone, database)
        _wait_for_older_readers(alone, database)
        for table in tables:
            alone.execute(text(f'VACUUM (FULL, ANALYZE) "{table}"'))


def _refuse_others_tables(connection: Connection, database: Database) -> None:
    """Refuse tables that VACUUM would only warn of, and leave as they are."""
    query = (
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid) "
        "AND relnamespace = current_schema()::regnamespace AND NOT pg_has_role(relowner, 'USAGE')"
    )
    if connection.scalar(text(query)):
        raise StorageFailure(
            f"{database.name} can be rewritten by the owner of its tables alone: let that role "
            "run 'claimtrack compact'"
        )


def _wait_for_older_readers(connection: Connection, database: Database) -> None:
    """Wait until nobody can see the rows that are to go: PostgreSQL would carry them over.

    Others of this database, be it that they read nothing of ours; a role without the right to see
    what they do waits until they have gone.
    """
    begun = connection.scalar(text("SELECT clock_timestamp()"))
    for _ in range(int(_BUSY_SECONDS * 10)):
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
    cursor.execute("INSERT INTO fulltext (fulltext) VALUES ('rebuild')")
    cursor.execute("VACUUM")
    in_use = [busy for busy, *_ in cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)") if busy]
    if in_use:
        raise StorageFailure(f"{database.name} is in use by another command")


def close_for_good(database: Database) -> None:
    """Take what lies beside a SQLite file into it: it must not be read into what replaces it.

    Raises:
        StorageFailure: the file is in use.
    """
    path = Path(database.name)
    beside = [path.with_name(f"{path.name}-{end}") for end in ("journal", "wal", "shm")]
    if not any(file.exists() for file in beside):
        return
    if path.exists() and not is_damaged(database):
        _set_journal(database, "DELETE")
    for file in beside:
        file.unlink(missing_ok=True)


def _drop(connection: Connection, tables: Iterable[str]) -> None:
    others_too = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for table in tables:
        connection.execute(text(f'DROP TABLE IF EXISTS "{table}"{others_too}'))
    if others_too:
        connection.execute(text("DROP FUNCTION IF EXISTS revision_append_only"))


def _refuse_encoding(connection: Connection, database: Database) -> None:
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StorageFailure(
            f"{database.name} keeps text in {encoding}, which has no room for every script: "
            "create the database with ENCODING 'UTF8'"
        )


def _let_readers_be(database: Database) -> None:
    """Let SQLite keep writes in a log of their own until they are whole: nobody waits to read.

    Where others have the file open just then, it is left to them, or to the next `init`.
    """
    if database.engine.dialect.name == "sqlite":
        with suppress(StorageFailure):
            _set_journal(database, "WAL")


def _set_journal(database: Database, mode: str) -> None:
    with _connection(database, {}) as connection:  # past SQLAlchemy, which would send BEGIN first
        connection.connection.cursor().execute(f"PRAGMA journal_mode = {mode}")


def _name_casebook(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO casebook (id, singleton, created_at, pseudonym_secret) "
            "VALUES (:id, 1, :at, :secret)"
        ).bindparams(bindparam("at", type_=UtcDateTime)),
        {"id": str(uuid4()), "at": datetime.now(UTC), "secret": secrets.token_hex(32)},
    )


def migrations_folder() -> Path:
    """Return where the migrations are: in the installed package, or in the checkout."""
    packed = Path(__file__).parent / "migrations"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "migrations"
