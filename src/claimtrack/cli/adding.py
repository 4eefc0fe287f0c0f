"""What `add` does with a new record, from options or from the editor: similar entries, output."""

from typing import TYPE_CHECKING

from claimtrack.cli.fields import Given
from claimtrack.cli.nouns import Noun
from claimtrack.cli.options import tell
from claimtrack.cli.output_streams import say

if TYPE_CHECKING:
    from claimtrack.db import Session


def tell_added(noun: Noun, ref: str) -> None:
    """Print the ref of a new record on stdout, and a message on stderr."""
    tell(f"added {noun.name} {ref}")
    say(ref)


def similar_to(session: "Session", noun: Noun, given: Given) -> list[str]:
    """Return the entries similar to one about to be written, as a line for each."""
    from claimtrack.changes import build_record
    from claimtrack.lookup import similar_entries
    from claimtrack.schemas import NewEntry

    record = build_record(session, noun.name, given)
    if not isinstance(record, NewEntry):
        return []
    return [f"{row.ref}: {row.summary}" for row in similar_entries(session, record)]
