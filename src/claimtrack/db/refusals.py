"""What files and servers refuse, each in one sentence that says what would be right."""

import re
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DataError, DBAPIError

from claimtrack.db.handles import Database
from claimtrack.db.rights import MARKS, why_unseen
from claimtrack.db.server_refusals import server_refusal
from claimtrack.errors import (
    ClaimtrackError,
    Contended,
    MissingFile,
    NoDatabase,
    SchemaMismatch,
    StorageFailure,
)


def refusal_of(
    database: Database, error: DBAPIError | sqlite3.Error, *, at_once: bool
) -> Exception:
    """Return the sentence for what a file or a server refuses, or the error itself, if it is ours.

    `at_once` says that it came without having been waited for.
    """
    orig = error.orig if isinstance(error, DBAPIError) else error
    if getattr(orig, _ORIGIN, database.engine) is not database.engine:
        return error  # of the other database that is open
    said = str(orig).strip() or type(orig).__name__
    first_line = said.splitlines()[0]
    if isinstance(orig, sqlite3.Error):
        ours = isinstance(orig, sqlite3.IntegrityError | sqlite3.ProgrammingError)
        ours = ours or "Could not decode" in said  # one row is not text: the file is not damaged
        return error if ours else _sqlite_refusal(database.name, first_line, at_once=at_once)
    # Without a state the driver could not read a value that the server has: it refused nothing.
    unread = isinstance(error, DataError) and getattr(orig, "sqlstate", None) is None
    if unread or not isinstance(error, DBAPIError):
        return error
    return server_refusal(database, error) or error


_ORIGIN = "claimtrack_engine"


def mark_origin(error: BaseException, engine: Engine) -> None:
    """Note which engine an error of a driver comes from."""
    setattr(error, _ORIGIN, engine)


def absent(connection: Connection, name: str) -> ClaimtrackError:
    """Return why no casebook is seen in a database, and what is right there.

    To make one, or to put a backup in its place, is right only where there is none.
    """
    tables = inspect(connection).get_table_names()
    marks = [mark for mark in MARKS if mark in tables]
    if connection.dialect.name == "postgresql":
        if unseen := why_unseen(connection):
            return StorageFailure(f"cannot use {name}: {unseen}")
        if connection.scalar(text("SELECT current_schema()")) is None:
            return StorageFailure(
                f"cannot use {name}: the search path names no schema that exists, or that this "
                "user has USAGE on: create it, or name another"
            )
    if "casebook" in marks:
        missing = "a row in" if len(marks) == len(MARKS) else "the table"
        return not_whole(name, f"it lacks {missing} alembic_version")
    if tables:
        return NoDatabase(
            f"{name} is not a claimtrack database, and holds something else: name another with --db"
        )
    return NoDatabase(
        f"{name} is not a claimtrack database: run 'claimtrack init' to make one; if it held one, "
        f"{BRING_BACK}"
    )


def not_whole(name: str, why: str) -> SchemaMismatch:
    """Return what tells that parts of a casebook are missing, and what helps."""
    return SchemaMismatch(
        f"{name} is not whole ({why}): restore your last backup into another database, as in "
        "'claimtrack --db OTHER restore FILE'"
    )


BRING_BACK = "'claimtrack restore FILE --replace' brings back your last backup"
"""What helps where a file is damaged."""


def damage(name: str) -> StorageFailure:
    """Return what tells that a database is damaged, and what helps."""
    return StorageFailure(f"{name} is damaged: {BRING_BACK}")


_SIGNS_OF_DAMAGE = (
    "malformed|not a database|unsupported file format|vtable constructor|invalid fts5"
)


def is_of_damage(said: str) -> bool:
    """Whether SQLite speaks of a file that is damaged."""
    return re.search(_SIGNS_OF_DAMAGE, said) is not None


def _sqlite_refusal(name: str, said: str, *, at_once: bool) -> Exception:
    path = Path(name)
    if "file is not a database" in said:
        return NoDatabase(
            f"{name} is not a claimtrack database: it is another kind of file, or damaged at its "
            f"head ({BRING_BACK})"
        )
    if "unable to open database file" in said:
        return why_not_open(path)
    if "locked" in said:
        # Some statements SQLite refuses at once, as one that changes the journal: wait for it.
        kind = Contended if at_once else StorageFailure
        return kind(f"{name} is in use by another command: try again when it has ended")
    if "readonly" in said or "read-only" in said:
        return StorageFailure(f"{name} cannot be written: you lack the permission")
    if is_of_damage(said):
        return damage(name)
    if "disk is full" in said:
        return StorageFailure(f"the disk that holds {name} is full: nothing was written")
    if "disk I/O error" in said:
        return StorageFailure(
            f"the disk, or a limit to the size of files, refuses {name}: nothing was written"
        )
    if said.startswith(("no such table", "no such column")):
        return not_whole(name, said)
    return StorageFailure(f"{name}: SQLite refused: {said}")


def why_not_open(path: Path) -> Exception:
    """Return why a file cannot be opened."""
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
