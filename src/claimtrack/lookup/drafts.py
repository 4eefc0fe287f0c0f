"""New records before they are written, each with the stored entries that it may repeat."""

from typing import NamedTuple

from claimtrack.changes import Values, build_record
from claimtrack.db import Session
from claimtrack.lookup.search import similar_entries
from claimtrack.schemas import New, NewEntry


class Draft(NamedTuple):
    """A new record that is not written yet.

    Attributes:
        record: The record, validated, with its ref; `changes.add_record` writes it.
        warnings: A sentence for each stored entry that it looks like, the most similar first.
    """

    record: New
    warnings: tuple[str, ...]


def draft_record(session: Session, noun: str, values: Values) -> Draft:
    """Build and validate a new record, and find the entries that it may repeat; nothing is written.

    Args:
        session: The session; the one that writes the record, unless the user is asked in between.
        noun: The record type.
        values: Its fields; of an entry also its nested rows.

    Raises:
        InvalidValue, InvalidRecords: some field is wrong.
    """
    record = build_record(session, noun, values)
    similar = similar_entries(session, record) if isinstance(record, NewEntry) else ()
    return Draft(record, tuple(f"looks like {row.ref}: {row.summary}" for row in similar))
