"""Rows with two query plans: one that is fast for all rows, one that is fast for the first few."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Generic

from claimtrack.sql import RowT


class DualPlanRows(Iterator[RowT], Generic[RowT]):
    """An iterator over rows that uses another query plan for the first few of them.

    Iterating over it reads all rows by the first plan; `first` and `count` read a few by the other.

    Args:
        whole: Returns all rows, by the plan that is fast for all.
        page: Returns the same rows, by the plan whose first rows come soon.
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
        """Return the first rows, at most `count`."""
        return list(islice(self._page(), count))

    def count(self, most: int) -> int:
        """Return the number of rows, but at most `most`."""
        return sum(1 for _ in islice(self._page(), most))
