"""Databases made, upgraded, replaced and rewritten."""

import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from claimtrack.db import opening
from claimtrack.db.handles import Database, Session, UtcDateTime
from claimtrack.db.opening import (
    SCHEMA_VERSION,
    check_schema,
    lock_writers,
    opened,
    schema_version,
)
from claimtrack.db.refusals import absent, is_of_damage, why_not_open
from claimtrack.db.rights import homes
from claimtrack.errors import NotEmpty, StorageFailure


def init(database: Database, *, author: str = "claimtrack") -> bool:
    """Create the database, or upgrade it to this version; True when anything was done.

    A SQLite file is created for its owner alone. One transaction: a database is never half made.
    The log of a new casebook begins with a revision by `author` that holds a digest of its id, its
    time of creation and its secret; so does that of an older one go on.

    Raises:
        NotEmpty: a database of something else is there.
        NoDatabase: something other than a database is.
        SchemaMismatch: the database is newer than this program.
        StorageFailure, MissingFile: the file or the server cannot be reached, or a row holds what
            this version does not allow.
    """
    with _private_file(database), opened(database, {"writes": True}) as connection:
        done = _migrate(connection, database, author)
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
        raise why_not_open(path) from None
    except OSError as error:
        raise StorageFailure(f"{path} cannot be created: {error.strerror}") from error
    return True


_NAMED_AT = "0005"
"""The version at which a new casebook is given its id: the next one puts its digest in the log."""


def _migrate(connection: Connection, database: Database, author: str) -> bool:
    from alembic.util import CommandError

    _prepare(connection, database)
    version = schema_version(connection)
    if version == SCHEMA_VERSION:
        return False
    if version is not None and version > SCHEMA_VERSION:
        check_schema(connection, database)
    if version is None:
        _refuse_others(connection, database)
        _build(connection, to=_NAMED_AT)
        _name_casebook(connection)
    try:
        _build(connection, author=author)
    except CommandError as error:
        raise StorageFailure(
            f"{database.name} cannot be upgraded, and was left as it was: {error}: put back what "
            "was there with SQL, or upgrade a backup"
        ) from error
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
    """Refuse to make a casebook beside tables of others, or in front of one that is not seen."""
    if connection.dialect.name == "postgresql":
        unseen = [home for home in homes(connection) if home.on_path and not home.usable]
        if unseen:
            raise absent(connection, database.name)
    if inspect(connection).get_table_names():
        raise NotEmpty(f"{database.name} holds something else: name another database with --db")


def _build(connection: Connection, *, to: str = "head", author: str | None = None) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.attributes |= {"connection": connection, "author": author}
    command.upgrade(config, to)


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
    with _private_file(database), opened(database, {"writes": True}) as connection:
        _prepare(connection, database)
        if schema_version(connection) is None:
            _refuse_others(connection, database)
        else:
            if not replace and connection.execute(text(_ANYTHING_LOGGED)).first():
                raise NotEmpty(
                    f"{database.name} holds a casebook already: name another database "
                    "(only restore --replace replaces one)"
                )
            _drop(connection, [*tables, "fulltext", "alembic_version"])
        _build(connection)
        with Session(connection) as session:
            yield session
            session.flush()
            connection.commit()
    _let_readers_be(database)


_ANYTHING_LOGGED = "SELECT 1 FROM revision WHERE table_name <> 'casebook' LIMIT 1"


class FileFault(NamedTuple):
    """Something that SQLite finds wrong with a file.

    Attributes:
        table: The table that it concerns; empty where that is not known.
        name: The index that it concerns; empty where it is none.
        message: What SQLite says.
        of_pages: Whether the file itself is damaged, and not just an index or a value.
    """

    table: str
    name: str
    message: str
    of_pages: bool


def file_faults(connection: Connection) -> list[FileFault]:
    """Return what SQLite finds wrong with its file, its indexes, and the rules of its tables."""
    query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"
    tables = {name: str(table) for name, table in connection.exec_driver_sql(query)}
    found = []
    for (message,) in connection.exec_driver_sql("PRAGMA integrity_check(1000)"):
        of_index = re.search(r"(?:index|Index) (\S+)$", message)
        of_table = re.search(r"(?:NULL value|constraint failed|FTS5 table) (?:in )?(\S+)$", message)
        if of_index:
            name = of_index[1]
            found.append(FileFault(tables.get(name, ""), name, message, of_pages=False))
        elif of_table:
            table = of_table[1].removeprefix("main.").partition(".")[0]
            found.append(FileFault(table, "", message, of_pages=False))
        elif message != "ok":
            found.append(FileFault("", "", message.replace("\n", "; "), of_pages=True))
    return found


def is_damaged(database: Database) -> bool:
    """Whether a SQLite file is there, and cannot be read as a database from end to end."""
    if database.engine.dialect.name != "sqlite":
        return False
    try:
        with database.engine.connect() as connection:
            for table in inspect(connection).get_table_names():  # the full text is not checked
                connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - its own
            return any(fault.of_pages for fault in file_faults(connection))
    except DBAPIError as error:
        return is_of_damage(str(error.orig))


def compact(database: Database) -> None:
    """Rewrite a database and its indexes, so that nothing of what was taken out is left in it.

    Raises:
        NoDatabase, SchemaMismatch: as `reading`.
        StorageFailure: it is in use, the disk refuses, or rows are there twice.
    """
    try:
        _compact(database)
    except (IntegrityError, sqlite3.IntegrityError) as error:
        said = str(error.orig if isinstance(error, IntegrityError) else error).splitlines()[0]
        raise StorageFailure(
            f"{database.name} cannot be compacted: two of its rows are the same ({said}): "
            "'claimtrack log verify' names them"
        ) from error


def _compact(database: Database) -> None:
    with opened(database, {}) as connection:
        check_schema(connection, database)
        tables = inspect(connection).get_table_names()
        connection.commit()
        if connection.dialect.name == "sqlite":
            _compact_file(connection, database)
            return
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        _refuse_others_tables(alone, database)
        _wait_for_older_readers(alone, database)
        for table in tables:
            _rewrite(alone, database, table)


def refuse_to_compact(database: Database) -> None:
    """Refuse who could not rewrite the tables, before anything is done.

    Raises:
        NoDatabase, SchemaMismatch: as `reading`.
        StorageFailure: the tables are somebody else's.
    """
    with opened(database, {}) as connection:
        check_schema(connection, database)
        if connection.dialect.name == "postgresql":
            _refuse_others_tables(connection, database)


def _rewrite(connection: Connection, database: Database, table: str) -> None:
    """Rewrite a table as soon as nobody uses it.

    No lock_timeout: that would be left on the connection, which behind a pooler is not ours.
    """
    file = text("SELECT pg_relation_filenode(CAST(:table AS regclass))")
    before = connection.scalar(file, {"table": f'"{table}"'})
    for attempt in range(int(opening.BUSY_SECONDS * 10) + 1):
        time.sleep(0.1 if attempt else 0)
        connection.execute(text(f'VACUUM (FULL, ANALYZE, SKIP_LOCKED) "{table}"'))
        if connection.scalar(file, {"table": f'"{table}"'}) != before:
            return
    raise StorageFailure(f"{database.name} is in use by another command")


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
    for _ in range(int(opening.BUSY_SECONDS * 10)):
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
    cursor.execute("REINDEX")
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
    with opened(database, {}) as connection:  # past SQLAlchemy, which would send BEGIN first
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
    packed = Path(__file__).parents[1] / "migrations"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "migrations"
