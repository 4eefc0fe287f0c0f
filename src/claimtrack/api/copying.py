"""Whole casebooks in other files and databases, log included."""

from contextlib import ExitStack
from pathlib import Path

from claimtrack import db
from claimtrack.api.access import Access
from claimtrack.db import Database, sessions
from claimtrack.exchange import copies
from claimtrack.history import Anchor


def backup(casebook: Access, path: Path) -> Anchor:
    """Write a casebook into a SQLite file, and return its anchor.

    An older file is replaced once the new one is whole and its log proves it.

    Raises:
        StorageFailure: the casebook is not what its log tells, or the disk refuses.
    """
    with casebook.checking() as session, copies.new_file(path) as made:
        copies.copy(session, made)
        with sessions.reading(made) as copied:
            return copies.proved(copied, "the casebook")


def restore(path: Path, target: Database, *, replace: bool = False) -> Anchor:
    """Write a backup into a database in one transaction, and return its anchor.

    A file that is damaged is replaced by a new one, as it can hold no transaction.

    Raises:
        NotEmpty: the database holds a casebook, and is not to be replaced.
        StorageFailure: the backup is not what its log tells, or the disk refuses.
    """
    source = db.connect(path)
    with sessions.reading(source) as session:
        head = copies.proved(session, str(path))
    with sessions.reading(source) as session, ExitStack() as stack:
        if replace and db.is_damaged(target):
            target = stack.enter_context(copies.new_file(Path(target.name)))
        copies.copy(session, target, replace=replace)
    return head
