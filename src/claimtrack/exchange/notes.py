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
    """Counts what was not taken over: by column, value and reason."""

    _counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _uncounted: int = 0

    def add(self, column: str, value: str, reason: str, times: int = 1) -> None:
        """Count one value of a column that was left out or changed, or one that was so `times`.

        `reason` completes the sentence "COLUMN 'VALUE' ...", such as "is unknown to the profile and
        left empty". Give no value where it could name a protected source, or differs in every row
        and says nothing.
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
        """Yield one sentence per note, the most frequent first; beyond `most`, how many more."""
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
