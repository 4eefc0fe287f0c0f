"""The diagnosis of a casebook on which a command failed unexpectedly."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from claimtrack import db, protection
from claimtrack.audit import audit
from claimtrack.db import Session
from claimtrack.errors import ClaimtrackError, StorageFailure
from claimtrack.models import Capture, Document
from claimtrack.records import KEYS, NAMED
from claimtrack.replay import Finding
from claimtrack.startup_checks import UNEXPECTED_ERRORS, altered_error
from claimtrack.stored_values import accept_invalid_utf8, stream_invalid_rows


def diagnose(
    database: db.Database, reading: Callable[[db.Database], AbstractContextManager[Session]]
) -> StorageFailure | None:
    """Return the error that says what is wrong with a casebook; None when nothing is.

    Args:
        database: The database.
        reading: Opens a session that reads it.
    """
    if db.is_damaged(database):
        return db.damage_error(database.name)
    try:
        with reading(database) as session, accept_invalid_utf8(session):
            first = next(_first(session), None)
            finding = first and get_finding_mask(session)(first)
    except ClaimtrackError as error:
        return error if isinstance(error, StorageFailure) else None
    except (*UNEXPECTED_ERRORS, SQLAlchemyError):
        return StorageFailure(
            f"{database.name} contains data that claimtrack did not write, and cannot be "
            "verified by its log: keep the file, and continue from your last backup"
        )
    if finding is None:
        return None
    return altered_error(
        database.name, f"{finding.table} {finding.key}".strip() + f": {finding.finding}"
    )


def _first(session: Session) -> Iterator[Finding]:
    for table, row in stream_invalid_rows(session):
        yield Finding(table, row.key, str(row.fault))
    yield from audit(session)


def get_finding_mask(session: Session) -> Callable[[Finding], Finding]:
    """Return a function that removes the names of protected records from the keys of findings.

    A protected record is named by its pseudonym, or by its internal key where it is no longer known
    which records are protected.
    """
    try:
        mask = protection.get_mask(session.connection())
    except (*UNEXPECTED_ERRORS, SQLAlchemyError):
        return partial(_by_key, session)

    def named(finding: Finding) -> Finding:
        if _PROTECTION.search(finding.finding):
            return _by_key(session, finding)
        if finding.table == "content" and not _is_open(session, finding.key):
            return replace(finding, key="")  # a digest would confirm a guess of the page
        if finding.table in KEYS and "/" not in finding.key:
            return finding  # about the table as a whole, or about an index
        return replace(finding, key=mask.key(finding.table, finding.key))

    return named


def _is_open(session: Session, digest: str) -> bool:
    """Return whether a document that is not protected has a capture with these bytes."""
    of = select(Capture.document_id).join(Document, Document.id == Capture.document_id)
    found = of.where(Capture.sha256 == digest, Document.protected.is_(False)).limit(1)
    return session.execute(found).first() is not None


_PROTECTION = re.compile(r"^(it differs from the log.*)?\bprotected\b")
"""Findings about a row of which it is unknown whether it is protected."""


def _by_key(session: Session, finding: Finding) -> Finding:
    model = NAMED.get(finding.table)
    key = model and session.scalar(select(model.id).where(model.ref == finding.key))
    return replace(finding, key=f"id {key}" if key else "")
