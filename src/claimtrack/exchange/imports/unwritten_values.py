"""Collects the values of rows that are not written to a record, to be reported at the end."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from claimtrack.exchange.notes import Notes
from claimtrack.models import Entry, Named

KEPT = "differs: {kept} is kept"
"""The reason for a value that a record does not take over."""
REPLACED = "was replaced by an earlier import: {kept} is kept"
"""The reason for a value that an import of the same profile once gave and another replaced."""
CHANGED = "is changed by this import"
"""The note on a changed value of an earlier import."""
_MOST_KEPT = 50_000
_MOST_NAMED = 5
_LONGEST_SHOWN = 80
"""Characters of a value that is shown; a longer one is not shown at all, as a cut could hide that
it contains a protected name.
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that was not written: record and key, the value, the reason, the kept value."""

    record: str
    value: str
    reason: str
    kept: str = ""


@dataclass(slots=True)
class _Places:
    """The first of some places in files, and their number."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, place: str) -> None:
        self.count += 1
        if len(self.first) < _MOST_NAMED and place not in self.first:
            self.first.append(place)

    def __str__(self) -> str:
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more:,} more" if more else "")


@dataclass(slots=True)
class _Values:
    """The values that rows give for one key of a record, with their places, and the kept one."""

    count: int = 0
    kept: str = ""
    first: dict[str, _Places] = field(default_factory=dict)

    def add(self, value: str, place: str) -> None:
        self.count += 1
        if value in self.first or len(self.first) < _MOST_NAMED:
            self.first.setdefault(value, _Places()).add(place)

    def __str__(self) -> str:
        parts = [
            f"{value!r} in {one}" if value else f"in {one}" for value, one in self.first.items()
        ]
        more = self.count - sum(places.count for places in self.first.values())
        return "; ".join([*parts, *([f"{more:,} more"] if more else [])])


class Differences:
    """Collects differences row by row; those of a row that is rolled back are dropped."""

    def __init__(self) -> None:
        self._where = ""
        self._row: list[Difference] = []
        self._again: list[Difference] = []
        self._changes_of_row: list[tuple[str, str, str]] = []
        self._found: dict[tuple[str, str], _Values] = {}
        self._changes: dict[tuple[str, str], _Places] = defaultdict(_Places)
        self._untold = Counter[str]()

    def begin(self, where: str) -> None:
        """Begin a row at a place in a file; differences of an unfinished row are dropped."""
        self._where, self._row, self._again, self._changes_of_row = where, [], [], []

    @property
    def of_row(self) -> Sequence[Difference]:
        """The differences found in this row."""
        return self._row

    def add(self, row: Named, key: str, value: object, kept: object, reason: str = KEPT) -> None:
        """Note that a record keeps another value than the row's.

        Of protected records neither the ref nor a value is shown.
        """
        if is_protected(row, key):
            record = f"{key} of a protected {row.__tablename__}"
            self._row.append(Difference(record, "", reason, "it"))
        else:
            record = f"{row.__tablename__} {row.ref!r} {key}"
            self._row.append(Difference(record, format_value(value), reason, quote_value(kept)))

    def again(self, found: Sequence[Difference]) -> None:
        """Note for this row a difference that was found in another with the same values."""
        self._again += found

    def add_change(self, what: str, row: Named, change: str) -> None:
        """Note what this import changes, or refuses to change, of what an earlier one wrote."""
        self._changes_of_row.append((f"{what} of {row.__tablename__}", change, row.ref))

    def end(self) -> None:
        """Keep the differences of this row: it has been written."""
        for one in dict.fromkeys([*self._again, *self._row]):
            key = one.record, one.reason
            if key in self._found or len(self._found) < _MOST_KEPT:
                self._found.setdefault(key, _Values()).add(one.value, self._where)
            else:
                self._untold[one.record.partition(" ")[0]] += 1
        for one in self._row:
            if (values := self._found.get((one.record, one.reason))) is not None:
                values.kept = one.kept
        for what, change, ref in self._changes_of_row:
            self._changes[what, change].add(repr(ref))

    def tell(self, notes: Notes) -> None:
        """Add the differences of all rows to the notes."""
        for (record, reason), values in self._found.items():
            notes.add(f"{record} {values}", "", reason.format(kept=values.kept), values.count)
        for table, count in self._untold.items():
            notes.add(table, "", "differs in rows that are not named here", count)
        for (what, change), refs in self._changes.items():
            notes.add(f"{what} {refs}", "", change, refs.count)


def is_protected(row: Named, key: str = "") -> bool:
    """Return whether a record is protected, or an entry's source, or what the key refers to."""
    protectable = [row.actor if isinstance(row, Entry) else row, getattr(row, key, None)]
    return any(getattr(one, "protected", False) for one in protectable)


def format_value(value: object) -> str:
    """Return a value for a note; empty when it is too long."""
    text = value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
    return text if len(text) <= _LONGEST_SHOWN else ""


def quote_value(value: object) -> str:
    """Return a value in quotes, or a description of one that is too long or missing."""
    if value is None:
        return "nothing"
    return repr(text) if (text := format_value(value)) else "what is there"
