"""The log: every change of every row, each chained to the one before.

`chain` is how it is written and proved, `story` how people read it.
"""

from claimtrack.history.chain import (
    EMPTIED,
    GENESIS,
    SEALED,
    Anchor,
    Image,
    anchor,
    append,
    append_all,
    broken,
    canonical,
    casebook_digest,
    casebook_image,
    digest,
    ever_used,
    last_seq,
    link_hash,
    listed_by,
    misses,
)
from claimtrack.history.story import LogRow, history, log, one_change, since

__all__ = [
    "EMPTIED",
    "GENESIS",
    "SEALED",
    "Anchor",
    "Image",
    "LogRow",
    "anchor",
    "append",
    "append_all",
    "broken",
    "canonical",
    "casebook_digest",
    "casebook_image",
    "digest",
    "ever_used",
    "history",
    "last_seq",
    "link_hash",
    "listed_by",
    "log",
    "misses",
    "one_change",
    "since",
]
