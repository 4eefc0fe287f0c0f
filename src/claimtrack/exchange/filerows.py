"""Rows of files: what one is, how a CSV is read into them, and what is wrong, told at once."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimtrack.cells import unguarded
from claimtrack.errors import Invalid, InvalidRecords
from claimtrack.exchange.textfile import IN_A_PROFILE, Lines, undecoded

LONGEST = 16 * 2**20
"""Characters of one line, or of one record of JSON, at most."""
MOST_TOLD = 100
"""Faults that are told one by one."""

OnProgress = Callable[[int, int, int], None]
"""What is told how far a reading is: the rows done, the bytes read, and those of all files."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its cells by column, or why there are none, and it as it was written.

    `because` is why it was put aside before, where it comes from a file of rejected rows.
    """

    line: int
    cells: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    written: Sequence[str] = ()
    because: str = ""


@dataclass(slots=True)
class RowFaults:
    """What is wrong in rows of some files: so much of it is kept as anybody reads."""

    files: Sequence[Path]
    count: int = 0
    _told: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, file: Path, line: int, why: str) -> None:
        """Note what is wrong in a line of one of the files."""
        self.count += 1
        if len(self._told) < MOST_TOLD:
            self._told.append((self.files.index(file), line, f"{file}:{line}: {why}"))

    def tell(self) -> None:
        """Raise what is wrong, if anything is, in the order of the files and of their lines.

        Raises:
            InvalidRecords: a line for each fault, and one for those beyond the first hundred.
        """
        if not self.count:
            return
        more = self.count - len(self._told)
        told = [said for _, _, said in sorted(self._told)]
        raise InvalidRecords([*told, *([f"and {more:,} more rows are wrong"] if more else [])])


def columns_of(path: Path, header: Iterable[str]) -> list[str]:
    """Return the columns that the header of a file names, up to the last that has a name.

    Raises:
        Invalid: one stands there twice.
    """
    columns = [name.strip() for name in header]
    while columns and not columns[-1]:
        columns.pop()
    twice = {name for name in columns if name and columns.count(name) > 1}
    if twice:
        raise Invalid(f"{path}:1: the column {sorted(twice)[0]!r} stands twice: rename one")
    return columns


class CsvRows:
    """The rows of a CSV, each with the line where it begins; those without any text are left out.

    Raises:
        Invalid: it has no columns, or one twice.
    """

    def __init__(
        self,
        path: Path,
        lines: Lines,
        *,
        delimiter: str = ",",
        unguard: bool,
        advice: str = IN_A_PROFILE,
    ) -> None:
        csv.field_size_limit(lines.longest)
        self._lines, self._unguard, self._advice = lines, unguard, advice
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            header = next(self._reader, [])
        except csv.Error as error:
            raise lines.broken(f"the header cannot be read: {_csv_fault(error)}", 1) from None
        self.columns = columns_of(path, header)
        if not self.columns:
            raise Invalid(f"{path}:1: there are no columns: begin the file with their names")

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; what cannot be read says so itself."""
        while True:
            line = self._lines.number + 1
            self._lines.held.clear()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                text = "".join(self._lines.held).rstrip("\r\n")
                yield Row(line, fault=_csv_fault(error), written=[text])
                continue
            if any(map(str.strip, cells)):
                yield self._row(line, cells)

    def _row(self, line: int, cells: list[str]) -> Row:
        if self._unguard:
            cells = [unguarded(cell) for cell in cells]
        columns, whole = self.columns, "".join(cells)
        fault = undecoded(whole, self._lines.encoding.removesuffix("-sig"), self._advice)
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            fault = f"it has {len(cells)} cells, and the header has {len(columns)}: mend the line"
        elif not fault and "\0" in whole:
            fault = "it holds a NUL character: take it out"
        return Row(line, dict(zip(columns, cells, strict=False)), fault, cells)


def _csv_fault(error: Exception) -> str:
    told = str(error)
    if "unexpected end" in told or "field limit" in told:
        return "a quotation mark is opened here and never closed: close it"
    if "expected after" in told:
        return "a quotation mark within a cell stands alone: double it"
    return told
