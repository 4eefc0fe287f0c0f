"""Backup and restore: a copy of a whole casebook, log included, in another file or database."""

from contextlib import ExitStack
from pathlib import Path

from claimtrack import db
from claimtrack.api.transactions import Access
from claimtrack.db import Database, sessions
from claimtrack.exchange import casebook_copies
from claimtrack.history import Anchor


def backup(casebook: Access, path: Path) -> Anchor:
    """Copy a casebook into a SQLite file, and return the anchor of the copy.

    An existing file is replaced after the copy has been verified against its log.

    Raises:
        StorageFailure: The records do not match the log, or the file cannot be written.
    """
    with casebook.checking() as session, casebook_copies.new_file(path) as target:
        casebook_copies.copy(session, target)
        with sessions.reading(target) as copied:
            return casebook_copies.proved(copied, "the casebook")


def restore(path: Path, target: Database, *, replace: bool = False) -> Anchor:
    """Verify a backup, write it into a database in one transaction, and return its anchor.

    With `replace`, a damaged SQLite file is replaced by a new file, since no transaction can be run
    on it.

    Raises:
        NotEmpty: The database holds a casebook, and `replace` is not set.
        StorageFailure: The records of the backup do not match its log, or the database cannot be
            written.
    """
    source = db.connect(path)
    with sessions.reading(source) as session:
        head = casebook_copies.proved(session, str(path))
    with sessions.reading(source) as session, ExitStack() as stack:
        if replace and db.is_damaged(target):
            target = stack.enter_context(casebook_copies.new_file(Path(target.name)))
        casebook_copies.copy(session, target, replace=replace)
    return head
