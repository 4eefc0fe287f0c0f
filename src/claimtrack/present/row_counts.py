"""Counts the rows of which a table shows only the first."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol, runtime_checkable

from claimtrack.escaping import format_count

MOST_COUNTED = 1_000
"""The number up to which rows are counted exactly: to count a million takes minutes."""


@runtime_checkable
class Counted(Protocol):
    """Rows that can be counted without making all of them."""

    def first(self, count: int) -> list[Any]:
        """Return the first rows, at most `count`."""

    def count(self, most: int) -> int:
        """Return the number of rows, but at most `most`."""


def first_rows(rows: Iterator[Any], most: int) -> tuple[list[Any], int]:
    """Return the first rows, at most `most`, and the number of all, exact up to `MOST_COUNTED`."""
    limit = max(most, MOST_COUNTED) + 1
    if isinstance(rows, Counted):
        shown = rows.first(most)
        return shown, rows.count(limit) if len(shown) == most else len(shown)
    shown = list(islice(rows, most))
    return shown, len(shown) + sum(1 for _ in islice(rows, limit - len(shown)))


def describe_count(shown: int, total: int, noun: str, other: str) -> str:
    """Return a sentence on the number of rows shown, and on that of all if it differs.

    Args:
        shown: The number of rows shown.
        total: The number of all rows, as `first_rows` returns it.
        noun: What a row is called.
        other: What the reader can do to see all rows.
    """
    if total == shown:
        return format_count(shown, noun)
    total_text = f"more than {MOST_COUNTED:,}" if total > MOST_COUNTED else f"{total:,}"
    return f"{shown:,} of {total_text} {noun}s shown: use --limit, or {other}, for more"
