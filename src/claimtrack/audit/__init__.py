"""Whether a casebook is what claimtrack made of it: log, rows, schema, indexes and file."""

from collections.abc import Iterator

from claimtrack import replay
from claimtrack.audit.schema import misdefined
from claimtrack.audit.storage import unsound
from claimtrack.audit.words import misindexed
from claimtrack.db import Session
from claimtrack.history import Anchor
from claimtrack.replay import Finding

__all__ = ["Finding", "audit"]


def audit(session: Session, expected: Anchor | None = None) -> Iterator[Finding]:
    """Yield all that differs from what claimtrack made of the casebook.

    First the schema, then the file and its indexes, the log and the rows, and last the full text.
    Nothing is written, and nothing made; memory does not grow with the casebook.
    """
    yield from misdefined(session)
    yield from unsound(session)
    yield from replay.verify(session, expected)
    yield from misindexed(session)
