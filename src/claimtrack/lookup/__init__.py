"""Single records and plain lists: what `list`, `show`, `search` and `status` read."""

from claimtrack.lookup.lists import list_records, row_type
from claimtrack.lookup.refs import NOUNS, StatusRow, kinds_of, refs_starting, status
from claimtrack.lookup.rows import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GradeRow,
    LinkRow,
    PropositionRow,
    Section,
    Shown,
    StanceRow,
    TopicRow,
)
from claimtrack.lookup.search import SearchRow, search, similar_entries
from claimtrack.lookup.show import show

__all__ = [
    "NOUNS",
    "ActorRow",
    "DocumentRow",
    "EntryRow",
    "GradeRow",
    "LinkRow",
    "PropositionRow",
    "SearchRow",
    "Section",
    "Shown",
    "StanceRow",
    "StatusRow",
    "TopicRow",
    "kinds_of",
    "list_records",
    "refs_starting",
    "row_type",
    "search",
    "show",
    "similar_entries",
    "status",
]
