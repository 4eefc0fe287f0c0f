"""Rows that are found in one way when all of them are read, and in another when a few are."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic

from claimtrack.sql import RowT


class Paged(Iterator[RowT], Generic[RowT]):
    """Rows of which the first few come sooner when no more are asked for.

    Args:
        whole: Returns all rows.
        page: Returns the same, to be read no further than is needed.
    """

    def __init__(
        self, whole: Callable[[], Iterator[RowT]], page: Callable[[], Iterator[RowT]]
    ) -> None:
        self._whole, self._page = whole, page
        self._rows: Iterator[RowT] | None = None

    def __next__(self) -> RowT:
        if self._rows is None:
            self._rows = self._whole()
        return next(self._rows)

    def first(self, count: int) -> list[RowT]:
        """Return so many rows at most."""
        return list(islice(self._page(), count))

    def count(self, most: int) -> int:
        """Return how many rows there are, or `most` where there are more."""
        return sum(1 for _ in islice(self._page(), most))
