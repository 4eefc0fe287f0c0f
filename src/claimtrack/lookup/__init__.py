"""Reads single records and lists for the commands `list`, `show`, `search` and `status`."""

from claimtrack.lookup.captures import (
    CaptureFinding,
    CaptureRow,
    bytes_of,
    get_capture,
    list_captures,
    verify_captures,
)
from claimtrack.lookup.drafts import Draft, draft_record
from claimtrack.lookup.lists import list_links, list_records, row_type
from claimtrack.lookup.refs import NOUNS, StatusRow, kinds_of, names_of, refs_starting, status
from claimtrack.lookup.rows import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GivenFigureRow,
    GradeRow,
    LinkRow,
    MeasureRow,
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
    "CaptureFinding",
    "CaptureRow",
    "DocumentRow",
    "Draft",
    "EntryRow",
    "GivenFigureRow",
    "GradeRow",
    "LinkRow",
    "MeasureRow",
    "PropositionRow",
    "SearchRow",
    "Section",
    "Shown",
    "StanceRow",
    "StatusRow",
    "TopicRow",
    "bytes_of",
    "draft_record",
    "get_capture",
    "kinds_of",
    "list_captures",
    "list_links",
    "list_records",
    "names_of",
    "refs_starting",
    "row_type",
    "search",
    "show",
    "similar_entries",
    "status",
    "verify_captures",
]
