"""The full check of a casebook: log, rows, schema, indexes, full text and file."""

from collections.abc import Iterator

from claimtrack import replay
from claimtrack.audit.fulltext_index import check_fulltext
from claimtrack.audit.schema import check_schema_objects
from claimtrack.audit.storage import check_storage
from claimtrack.db import Session
from claimtrack.history import Anchor
from claimtrack.replay import Finding

__all__ = ["Finding", "audit"]


def audit(session: Session, expected: Anchor | None = None) -> Iterator[Finding]:
    """Yield all that differs from what claimtrack wrote or created.

    First the schema, then the file and its indexes, the log and the rows, and last the full text.
    Writes nothing; memory does not grow with the casebook.

    Args:
        session: A session that reads without a mask.
        expected: An anchor that the log must continue.
    """
    yield from check_schema_objects(session)
    yield from check_storage(session)
    yield from replay.verify(session, expected)
    yield from check_fulltext(session)
