"""Counts what a reader, a profile or an exporter leaves out: nothing is dropped silently."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_KEPT = 50_000
"""Different notes that are counted one by one; memory does not grow with the file beyond that."""
_LONGEST_VALUE = 80
"""Characters of a value that a note shows."""


@dataclass(slots=True)
class Notes:
    """Counts the values that were left out or changed, by column, value and reason."""

    _counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _uncounted: int = 0

    def add(self, column: str, value: str, reason: str, times: int = 1) -> None:
        """Count a value of a column that was left out or changed, once or several `times`.

        `reason` completes the sentence "COLUMN 'VALUE' ...", such as "is unknown to the profile,
        and is left empty". Pass an empty `value` if it could name a protected source, or is
        different in every row.
        """
        key = (column, value, reason)
        if not times:
            return
        if len(self._counts) < _MOST_KEPT or key in self._counts:
            self._counts[key] += times
        else:
            self._uncounted += times

    def add_row(self, row: "Notes") -> None:
        """Count each of the notes of one row once."""
        for key in row._counts:
            self.add(*key)

    def lines(self, most: int | None = None) -> Iterator[str]:
        """Yield a sentence per note, most frequent first; after `most`, the number of the rest."""
        for (column, value, reason), count in self._counts.most_common(most):
            shown = value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 3]}..."
            quoted = f" {shown!r}" if value else ""
            yield f"{column}{quoted} {reason} ({count:,} time{'' if count == 1 else 's'})"
        more = max(len(self._counts) - most, 0) if most is not None else 0
        if more:
            more += self._uncounted
            yield f"and {more:,} more notes like these: --all-notes prints them"
        elif self._uncounted:
            yield f"and {self._uncounted:,} more notes like these, which are counted alone"
