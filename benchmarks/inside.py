"""Parts of `report contradictions` and `log verify`, to see where their time goes."""

import sqlite3
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import event

from claimtrack import db, replay
from claimtrack.audit.fulltext_index import check_fulltext
from claimtrack.audit.schema import check_schema_objects
from claimtrack.audit.storage import check_storage
from claimtrack.db import Session, sessions
from claimtrack.query.candidates_in_one_pass import select_all_candidates
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.contradictions import contradictions
from claimtrack.sql import stream


def statement(path: str) -> None:
    """Send the statement of the report through bare sqlite3, and drop what comes."""
    database, sent = db.connect(path), list[tuple[str, Any]]()

    @event.listens_for(database.engine, "before_cursor_execute")
    def _keep(*told: Any) -> None:
        sent.append((told[2], told[3]))

    with sessions.reading(database) as session:
        next(_candidates(session), None)
    with closing(sqlite3.connect(path)) as connection:
        deque(connection.execute(*sent[-1]), maxlen=0)


def rows(path: str) -> None:
    """Make the rows of the report, and write none."""
    with sessions.reading(db.connect(path)) as session:
        deque(contradictions(session), maxlen=0)


def pairs(path: str) -> None:
    """Find the candidate pairs of the report, and weigh none."""
    with sessions.reading(db.connect(path)) as session:
        deque(_candidates(session), maxlen=0)


def _candidates(session: Session) -> Iterator[Any]:
    return stream(session, select_all_candidates(Filters(), PairFilters()))


PROOFS: Mapping[str, Callable[[Session], Iterator[replay.Finding]]] = {
    "log": replay.verify,
    "schema": check_schema_objects,
    "storage": check_storage,
    "words": check_fulltext,
}
"""The parts of `log verify`, in the order of their questions: see `claimtrack.audit`."""


def proof(path: str, part: str) -> None:
    """Verify one part of a casebook, which must be whole."""
    with sessions.reading(db.connect(path)) as session:
        for finding in PROOFS[part](session):
            raise ValueError(finding)


if __name__ == "__main__":
    jobs: Mapping[str, Callable[..., None]] = {
        "statement": statement,
        "rows": rows,
        "pairs": pairs,
        "proof": proof,
    }
    jobs[sys.argv[1]](*sys.argv[2:])
