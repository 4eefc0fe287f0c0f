"""The log: every change of every row, each revision chained to the one before.

`chain` appends and verifies revisions, `log_rows` presents them to people.
"""

from claimtrack.history.chain import (
    DIGESTED_COLUMNS,
    EMPTIED_KEY,
    GENESIS,
    Anchor,
    Image,
    append,
    append_all,
    canonical_json,
    casebook_digest,
    casebook_image,
    digest,
    find_anchor_mismatch,
    find_broken_link,
    get_anchor,
    get_last_seq,
    link_hash,
    parse_emptied,
    was_key_used,
)
from claimtrack.history.log_rows import (
    LogFilters,
    LogRow,
    list_change,
    list_conflicting,
    stream_history,
    stream_log,
)

__all__ = [
    "DIGESTED_COLUMNS",
    "EMPTIED_KEY",
    "GENESIS",
    "Anchor",
    "Image",
    "LogFilters",
    "LogRow",
    "append",
    "append_all",
    "canonical_json",
    "casebook_digest",
    "casebook_image",
    "digest",
    "find_anchor_mismatch",
    "find_broken_link",
    "get_anchor",
    "get_last_seq",
    "link_hash",
    "list_change",
    "list_conflicting",
    "parse_emptied",
    "stream_history",
    "stream_log",
    "was_key_used",
]
