"""Why a command fails on what a casebook holds, in one sentence."""

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
from claimtrack.stored import outside_domain, undecoded
from claimtrack.unusable import ODD, altered


def explain(
    database: db.Database, reading: Callable[[db.Database], AbstractContextManager[Session]]
) -> StorageFailure | None:
    """Return what is wrong with a casebook, and what helps; None when nothing is.

    `reading` opens a session that reads it.
    """
    if db.is_damaged(database):
        return db.damage_error(database.name)
    try:
        with reading(database) as session, undecoded(session):
            first = next(_first(session), None)
            finding = first and naming(session)(first)
    except ClaimtrackError as error:
        return error if isinstance(error, StorageFailure) else None
    except (*ODD, SQLAlchemyError):
        return StorageFailure(
            f"{database.name} holds what claimtrack never wrote, and cannot be checked by its log: "
            "keep the file, and go on from your last backup"
        )
    if finding is None:
        return None
    return altered(database.name, f"{finding.table} {finding.key}".strip() + f": {finding.finding}")


def _first(session: Session) -> Iterator[Finding]:
    for table, row in outside_domain(session):
        yield Finding(table, row.key, str(row.fault))
    yield from audit(session)


def naming(session: Session) -> Callable[[Finding], Finding]:
    """Return what names the rows of findings without what must not be said.

    A protected record is named by its pseudonym; where nobody knows what is protected any more, by
    its internal key.
    """
    try:
        mask = protection.get_mask(session.connection())
    except (*ODD, SQLAlchemyError):
        return partial(_by_key, session)

    def named(finding: Finding) -> Finding:
        if _PROTECTION.search(finding.finding):
            return _by_key(session, finding)
        if finding.table == "content" and not _is_open(session, finding.key):
            return replace(finding, key="")  # a digest would confirm a page that somebody guesses
        if finding.table in KEYS and "/" not in finding.key:
            return finding  # of the table as a whole, or of an index
        return replace(finding, key=mask.key(finding.table, finding.key))

    return named


def _is_open(session: Session, digest: str) -> bool:
    """Whether some document that is not protected was captured with these bytes."""
    of = select(Capture.document_id).join(Document, Document.id == Capture.document_id)
    found = of.where(Capture.sha256 == digest, Document.protected.is_(False)).limit(1)
    return session.execute(found).first() is not None


_PROTECTION = re.compile(r"^(it stands otherwise .*)?\bprotected\b")
"""What is found of a row of which nobody knows whether it is protected."""


def _by_key(session: Session, finding: Finding) -> Finding:
    model = NAMED.get(finding.table)
    key = model and session.scalar(select(model.id).where(model.ref == finding.key))
    return replace(finding, key=f"id {key}" if key else "")
