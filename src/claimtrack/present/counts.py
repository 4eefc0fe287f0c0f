"""How many rows there are, where only the first of them are shown."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol, runtime_checkable

from claimtrack.escaping import format_count

MOST_COUNTED = 1_000
"""Rows that are counted for those who see the first of them: to count a million takes minutes."""


@runtime_checkable
class Counted(Protocol):
    """Rows that can be counted without making all of them."""

    def first(self, count: int) -> list[Any]:
        """Return so many rows at most."""

    def count(self, most: int) -> int:
        """Return how many rows there are, or `most` where there are more."""


def first_rows(rows: Iterator[Any], most: int) -> tuple[list[Any], int]:
    """Return so many rows at most, and how many there are: exact up to `MOST_COUNTED`."""
    enough = max(most, MOST_COUNTED) + 1
    if isinstance(rows, Counted):
        shown = rows.first(most)
        return shown, rows.count(enough) if len(shown) == most else len(shown)
    shown = list(islice(rows, most))
    return shown, len(shown) + sum(1 for _ in islice(rows, enough - len(shown)))


def describe_count(shown: int, there: int, noun: str, other: str) -> str:
    """Return how many rows are shown, and of how many where that is another number.

    `other` is what shows all of them.
    """
    if there == shown:
        return format_count(shown, noun)
    there_are = f"more than {MOST_COUNTED:,}" if there > MOST_COUNTED else f"{there:,}"
    return f"{shown:,} of {there_are} {noun}s shown: give --limit, or {other}, for more"
