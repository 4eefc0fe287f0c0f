"""What files and servers refuse, each in one sentence that says what would be right."""

import re
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from claimtrack.db.handles import Database
from claimtrack.errors import Contended, MissingFile, NoDatabase, StorageFailure


def refusal_of(
    database: Database, error: DBAPIError | sqlite3.Error, *, at_once: bool
) -> Exception:
    """Return the sentence for what a file or a server refuses, or the error itself, if it is ours.

    `at_once` says that it came without having been waited for.
    """
    orig = error.orig if isinstance(error, DBAPIError) else error
    said = str(orig).strip() or type(orig).__name__
    first_line = said.splitlines()[0]
    if isinstance(orig, sqlite3.Error):
        ours = isinstance(orig, sqlite3.IntegrityError | sqlite3.ProgrammingError)
        ours = ours or "Could not decode" in said  # one row is not text: the file is not damaged
        return error if ours else _sqlite_refusal(database.name, first_line, at_once=at_once)
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
