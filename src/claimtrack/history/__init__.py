"""The log: every change of every row, each chained to the one before.

`chain` is how it is written and proved, `story` how people read it.
"""

from claimtrack.history.chain import (
    GENESIS,
    Anchor,
    Image,
    anchor,
    append,
    broken,
    canonical,
    digest,
    ever_used,
    link_hash,
    misses,
)
from claimtrack.history.story import LogRow, history, log, one_change, since

__all__ = [
    "GENESIS",
    "Anchor",
    "Image",
    "LogRow",
    "anchor",
    "append",
    "broken",
    "canonical",
    "digest",
    "ever_used",
    "history",
    "link_hash",
    "log",
    "misses",
    "one_change",
    "since",
]
