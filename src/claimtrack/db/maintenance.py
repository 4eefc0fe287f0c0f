"""Creating, upgrading, replacing and checking whole databases."""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, inspect, text
from sqlalchemy.exc import DBAPIError

from claimtrack.db.connections import (
    SCHEMA_VERSION,
    check_schema,
    lock_writers,
    open_connection,
    schema_version,
)
from claimtrack.db.driver_errors import (
    is_damage_message,
    missing_casebook_error,
    unopenable_file_error,
)
from claimtrack.db.instants import UtcDateTime
from claimtrack.db.privileges import list_casebook_schemas
from claimtrack.db.session_state import Database, Session
from claimtrack.errors import NotEmpty, StorageFailure


def init(database: Database, *, author: str = "claimtrack") -> bool:
    """Create a database, or upgrade it to this version; return whether anything was done.

    A SQLite file is created with permissions for its owner alone. All happens in one transaction,
    so that a database is never half created. The log of a new casebook begins with a revision by
    `author` that holds a digest of its id, its time of creation and its secret; an upgrade adds
    that revision to an older log.

    Raises:
        NotEmpty: the database holds tables of something else.
        NoDatabase: the file is no database.
        SchemaMismatch: the database is newer than this program.
        StorageFailure, MissingFile: the file or the server cannot be reached, or a row breaks a
            rule of this version.
    """
    with _create_private_file(database), open_connection(database, {"writes": True}) as connection:
        done = _migrate(connection, database, author)
    _enable_wal(database)
    return done


@contextmanager
def _create_private_file(database: Database) -> Iterator[None]:
    """Create the file of a SQLite database for its owner alone; remove it again on an error."""
    path = Path(database.name)
    created = database.engine.dialect.name == "sqlite" and _try_to_create(path)
    try:
        yield
    except BaseException:
        if created:
            path.unlink(missing_ok=True)
        raise


def _try_to_create(path: Path) -> bool:
    """Create a file and return True; return False where there is one already."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    except FileNotFoundError:
        raise unopenable_file_error(path) from None
    except OSError as error:
        raise StorageFailure(f"{path} cannot be created: {error.strerror}") from error
    return True


_IDENTIFIED_AT = "0005"
"""The migration after which the casebook row is inserted: the next logs the digest of that row."""


def _migrate(connection: Connection, database: Database, author: str) -> bool:
    """Create or upgrade the schema in the open transaction; return whether anything was done."""
    from alembic.util import CommandError

    _begin_schema_change(connection, database)
    version = schema_version(connection)
    if version == SCHEMA_VERSION:
        return False
    if version is not None and version > SCHEMA_VERSION:
        check_schema(connection, database)
    if version is None:
        _refuse_occupied(connection, database)
        _run_migrations(connection, to=_IDENTIFIED_AT)
        _insert_casebook(connection)
    try:
        _run_migrations(connection, author=author)
    except CommandError as error:
        raise StorageFailure(
            f"{database.name} cannot be upgraded, and was left as it was: {error}: restore the "
            "earlier values with SQL, or upgrade a backup"
        ) from error
    connection.commit()
    return True


def _begin_schema_change(connection: Connection, database: Database) -> None:
    """Begin the transaction of a change of the schema, and keep other writers out until it ends."""
    if connection.dialect.name == "sqlite":
        # Alembic's batch mode drops and rebuilds tables: with foreign keys on, that would delete
        # the rows that reference them. The pragma is ignored once a transaction has begun.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    else:
        _refuse_encoding(connection, database)
    lock_writers(connection)


def _refuse_occupied(connection: Connection, database: Database) -> None:
    """Refuse a database with tables of something else, or with a casebook hidden from the user."""
    if connection.dialect.name == "postgresql":
        schemas = list_casebook_schemas(connection)
        if any(one.on_path and not one.usable for one in schemas):
            raise missing_casebook_error(connection, database.name)
    if inspect(connection).get_table_names():
        raise NotEmpty(f"{database.name} holds something else: choose another database with --db")


def _run_migrations(connection: Connection, *, to: str = "head", author: str | None = None) -> None:
    """Run the migrations up to the revision `to`; `author` signs the revisions that they log."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes |= {"connection": connection, "author": author}
    command.upgrade(config, to)


@contextmanager
def recreate_database(
    database: Database, tables: Iterable[str], *, replace: bool = False
) -> Iterator[Session]:
    """Open the one transaction that creates a casebook and fills it; the caller writes the rows.

    Args:
        database: The database to create.
        tables: The tables that are dropped first, where a casebook is replaced.
        replace: Replace a casebook that has a log; one without a log is always replaced.

    Raises:
        NotEmpty: it holds a casebook with a log and `replace` is false, or something else.
        StorageFailure, MissingFile: the file or the server cannot be reached.
    """
    with _create_private_file(database), open_connection(database, {"writes": True}) as connection:
        _begin_schema_change(connection, database)
        if schema_version(connection) is None:
            _refuse_occupied(connection, database)
        else:
            if not replace and connection.execute(text(_ANYTHING_LOGGED)).first():
                raise NotEmpty(
                    f"{database.name} already holds a casebook: choose another database "
                    "(only restore --replace replaces one)"
                )
            _drop_tables(connection, [*tables, "fulltext", "alembic_version"])
        _run_migrations(connection)
        with Session(connection) as session:
            yield session
            session.flush()
            connection.commit()
    _enable_wal(database)


# Every casebook has the revision of its own row, even an empty one.
_ANYTHING_LOGGED = "SELECT 1 FROM revision WHERE table_name <> 'casebook' LIMIT 1"


class FileFault(NamedTuple):
    """One fault that SQLite's integrity check reports.

    Attributes:
        table: The table that it concerns; empty when unknown.
        name: The index that it concerns; empty when it is not about an index.
        message: SQLite's message.
        damages_file: Whether the file itself is damaged, rather than an index or a value.
    """

    table: str
    name: str
    message: str
    damages_file: bool


def list_file_faults(connection: Connection) -> list[FileFault]:
    """Return what `PRAGMA integrity_check` reports, in its order, at most 1000 faults."""
    query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"
    tables = {name: str(table) for name, table in connection.exec_driver_sql(query)}
    found = []
    for (message,) in connection.exec_driver_sql("PRAGMA integrity_check(1000)"):
        of_index = re.search(r"(?:index|Index) (\S+)$", message)
        of_table = re.search(r"(?:NULL value|constraint failed|FTS5 table) (?:in )?(\S+)$", message)
        if of_index:
            name = of_index[1]
            found.append(FileFault(tables.get(name, ""), name, message, damages_file=False))
        elif of_table:
            table = of_table[1].removeprefix("main.").partition(".")[0]
            found.append(FileFault(table, "", message, damages_file=False))
        elif message != "ok":
            found.append(FileFault("", "", message.replace("\n", "; "), damages_file=True))
    return found


def is_damaged(database: Database) -> bool:
    """Return whether a SQLite file exists and cannot be read as a database; False on PostgreSQL.

    Reads the whole file, but for the full-text index.
    """
    if database.engine.dialect.name != "sqlite":
        return False
    try:
        with database.engine.connect() as connection:
            # integrity_check does not see the schema entries of FTS5's tables: open each table.
            for table in inspect(connection).get_table_names():
                connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - its own
            return any(fault.damages_file for fault in list_file_faults(connection))
    except DBAPIError as error:
        return is_damage_message(str(error.orig))


def remove_journal_files(database: Database) -> None:
    """Merge a SQLite database's journal files into it, and delete them.

    A file that replaces the database must not be read together with the journal of the old one. Of
    a damaged database the journals are deleted without being merged.

    Raises:
        StorageFailure: the database is in use.
    """
    path = Path(database.name)
    journals = [path.with_name(f"{path.name}-{end}") for end in ("journal", "wal", "shm")]
    if not any(file.exists() for file in journals):
        return
    if path.exists() and not is_damaged(database):
        _set_journal_mode(database, "DELETE")  # leaving WAL mode writes the log into the database
    for file in journals:
        file.unlink(missing_ok=True)


def _drop_tables(connection: Connection, tables: Iterable[str]) -> None:
    cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for table in tables:
        connection.execute(text(f'DROP TABLE IF EXISTS "{table}"{cascade}'))
    if cascade:
        connection.execute(text("DROP FUNCTION IF EXISTS revision_append_only"))


def _refuse_encoding(connection: Connection, database: Database) -> None:
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise StorageFailure(
            f"{database.name} stores text in {encoding}, which cannot represent every script: "
            "create the database with ENCODING 'UTF8'"
        )


def _enable_wal(database: Database) -> None:
    """Switch SQLite to write-ahead logging, so that readers do not wait for writers.

    Where others have the file open, the switch fails, and is left to them or to the next `init`.
    """
    if database.engine.dialect.name == "sqlite":
        with suppress(StorageFailure):
            _set_journal_mode(database, "WAL")


def _set_journal_mode(database: Database, mode: str) -> None:
    with open_connection(
        database, {}
    ) as connection:  # past SQLAlchemy, which would send BEGIN first
        connection.connection.cursor().execute(f"PRAGMA journal_mode = {mode}")


def _insert_casebook(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO casebook (id, singleton, created_at, pseudonym_secret) "
            "VALUES (:id, 1, :at, :secret)"
        ).bindparams(bindparam("at", type_=UtcDateTime)),
        {"id": str(uuid4()), "at": datetime.now(UTC), "secret": secrets.token_hex(32)},
    )


def migrations_folder() -> Path:
    """Return the folder of the migrations: in the installed package, or in the checkout."""
    packed = Path(__file__).parents[1] / "migrations"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "migrations"
