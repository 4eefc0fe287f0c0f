"""Errors of the database drivers, translated into one sentence each that says what to do."""

import re
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DataError, DBAPIError

from claimtrack.db.postgresql_errors import translate_server_error
from claimtrack.db.privileges import CASEBOOK_TABLES, explain_invisible_casebook
from claimtrack.db.session_state import Database
from claimtrack.errors import (
    ClaimtrackError,
    Contended,
    MissingFile,
    NoDatabase,
    SchemaMismatch,
    StorageFailure,
)


def translate_error(
    database: Database, error: DBAPIError | sqlite3.Error, *, at_once: bool
) -> Exception:
    """Return the error that users see for an error of a driver.

    Args:
        database: The database in use.
        error: The error of the driver, or SQLAlchemy's around it.
        at_once: Whether it came without a wait for a lock.

    Returns:
        A `ClaimtrackError`; or `error` itself where a statement of claimtrack is at fault, or where
            it comes from another database that is open.
    """
    orig = error.orig if isinstance(error, DBAPIError) else error
    if getattr(orig, _ORIGIN, database.engine) is not database.engine:
        return error  # of the other database that is open
    message = str(orig).strip() or type(orig).__name__
    first_line = message.splitlines()[0]
    if isinstance(orig, sqlite3.Error):
        is_own = isinstance(orig, sqlite3.IntegrityError | sqlite3.ProgrammingError)
        # One row is not text: no damage to the file.
        is_own = is_own or "Could not decode" in message
        return error if is_own else _sqlite_error(database.name, first_line, at_once=at_once)
    # Without an SQLSTATE the driver could not convert a value: the server refused nothing.
    rejected_by_driver = isinstance(error, DataError) and getattr(orig, "sqlstate", None) is None
    if rejected_by_driver or not isinstance(error, DBAPIError):
        return error
    return translate_server_error(database, error) or error


_ORIGIN = "claimtrack_engine"


def mark_engine(error: BaseException, engine: Engine) -> None:
    """Store in an error which engine it comes from."""
    setattr(error, _ORIGIN, engine)


def missing_casebook_error(connection: Connection, name: str) -> ClaimtrackError:
    """Return the error for a database in which no casebook is visible.

    It advises `init` or `restore` only where there is no casebook, never where one is incomplete,
    invisible or mixed with other tables. Sends one statement, on PostgreSQL up to three.
    """
    tables = inspect(connection).get_table_names()
    found = [table for table in CASEBOOK_TABLES if table in tables]
    if connection.dialect.name == "postgresql":
        if unseen := explain_invisible_casebook(connection):
            return StorageFailure(f"cannot use {name}: {unseen}")
        if connection.scalar(text("SELECT current_schema()")) is None:
            return StorageFailure(
                f"cannot use {name}: the search path names no schema that exists, or that this "
                "user has USAGE on: create it, or name another"
            )
    if "casebook" in found:
        missing = "a row in" if len(found) == len(CASEBOOK_TABLES) else "the table"
        return incomplete_casebook_error(name, f"it lacks {missing} alembic_version")
    if tables:
        return NoDatabase(
            f"{name} is not a claimtrack database, but holds something else: "
            "choose another with --db"
        )
    return NoDatabase(
        f"{name} is not a claimtrack database: run 'claimtrack init' to create one; "
        f"if it held one, {RESTORE_HINT}"
    )


def incomplete_casebook_error(name: str, why: str) -> SchemaMismatch:
    """Return the error for a casebook of which parts are missing; `why` names them."""
    return SchemaMismatch(
        f"{name} is not whole ({why}): restore your last backup into another database, as in "
        "'claimtrack --db OTHER restore FILE'"
    )


RESTORE_HINT = "'claimtrack restore FILE --replace' restores your last backup"
"""The advice for a damaged file."""


def damage_error(name: str) -> StorageFailure:
    """Return the error for a damaged database."""
    return StorageFailure(f"{name} is damaged: {RESTORE_HINT}")


_SIGNS_OF_DAMAGE = (
    "malformed|not a database|unsupported file format|vtable constructor|invalid fts5"
)


def is_damage_message(message: str) -> bool:
    """Return whether a message of SQLite reports a damaged file."""
    return re.search(_SIGNS_OF_DAMAGE, message) is not None


def _sqlite_error(name: str, message: str, *, at_once: bool) -> Exception:
    path = Path(name)
    if "file is not a database" in message:
        return NoDatabase(
            f"{name} is not a claimtrack database: it is another kind of file, or damaged at its "
            f"head ({RESTORE_HINT})"
        )
    if "unable to open database file" in message:
        return unopenable_file_error(path)
    if "locked" in message:
        # Some statements SQLite refuses without waiting, such as a change of the journal mode:
        # `Contended` has the caller retry them.
        kind = Contended if at_once else StorageFailure
        return kind(f"{name} is in use by another command: try again when it has ended")
    if "readonly" in message or "read-only" in message:
        return StorageFailure(f"{name} cannot be written: you lack the permission")
    if is_damage_message(message):
        return damage_error(name)
    if "disk is full" in message:
        return StorageFailure(f"the disk that holds {name} is full: nothing was written")
    if "disk I/O error" in message:
        return StorageFailure(
            f"the disk, or a limit to the size of files, refuses {name}: nothing was written"
        )
    if message.startswith(("no such table", "no such column")):
        return incomplete_casebook_error(name, message)
    return StorageFailure(f"{name}: SQLite refused: {message}")


def unopenable_file_error(path: Path) -> Exception:
    """Return the error for a SQLite file that cannot be opened, with the reason."""
    try:
        is_folder, has_folder, is_there = path.is_dir(), path.parent.is_dir(), path.exists()
    except OSError as error:  # a folder that may not be entered, a name too long
        return StorageFailure(f"{path} cannot be opened: {error.strerror}")
    if is_folder:
        return NoDatabase(f"{path} is a folder: name a file, such as {path / 'claimtrack.db'}")
    if not has_folder:
        return MissingFile(
            f"there is no folder {path.parent}: create it first, or choose another path"
        )
    if not is_there:
        return NoDatabase(
            f"there is no database {path}: run 'claimtrack init', or choose another with --db"
        )
    return StorageFailure(f"{path} cannot be opened: you lack the permission")
