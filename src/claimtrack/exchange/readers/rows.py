"""Rows of files, and the CSV reader; faults of rows are collected and reported at once."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from claimtrack.errors import Invalid, InvalidRecords
from claimtrack.escaping import unescape_formula
from claimtrack.exchange.readers.text_files import IN_A_PROFILE, Lines, describe_undecoded

MAX_RECORD_LENGTH = 16 * 2**20
"""The greatest number of characters in a line, or in a record of JSON."""
MAX_COLUMNS = 16_384
"""The greatest number of columns of a file, which is that of a sheet of a workbook."""
MAX_FAULTS = 100
"""The greatest number of faults that are reported one by one."""

OnProgress = Callable[[int, int, int], None]
"""Called with the rows done, the bytes read, and the bytes of all files."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file.

    Attributes:
        line: The line where it begins.
        cells: Its values by column.
        fault: Why it cannot be read; empty when it can.
        written: Its cells, or its text, as in the file.
        earlier_fault: Why it was rejected before, where it comes from a file of rejected rows.
        record: Its number where several rows may be on one line, as in JSON; else 0.
    """

    line: int
    cells: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    written: Sequence[str] = ()
    earlier_fault: str = ""
    record: int = 0


@dataclass(slots=True)
class RowFaults:
    """Collects the faults of rows in some files, the first hundred with their sentences."""

    files: Sequence[Path]
    count: int = 0
    _sentences: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, file: Path, line: int, why: str) -> None:
        """Add the fault of a line of one of the files."""
        self.count += 1
        if len(self._sentences) < MAX_FAULTS:
            self._sentences.append((self.files.index(file), line, f"{file}:{line}: {why}"))

    def tell(self) -> None:
        """Raise all faults, if there are any, by file and line.

        Raises:
            InvalidRecords: a line for each fault, and one with the number of those beyond a
                hundred.
        """
        if not self.count:
            return
        more = self.count - len(self._sentences)
        problems = [problem for _, _, problem in sorted(self._sentences)]
        raise InvalidRecords([*problems, *([f"and {more:,} more rows are wrong"] if more else [])])


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of a file are named.

    Attributes:
        columns: The columns, where the profile names them; empty where the first row does.
        otherwise: A hint for the error where the first row names no columns.
    """

    columns: Sequence[str] = ()
    otherwise: str = ""

    def named(self, path: Path, cells: Iterable[str], line: int) -> list[str]:
        """Return the columns that a row names, up to the last that has a name.

        Raises:
            Invalid: there are too many, or a name occurs twice.
        """
        columns = [name.strip() for name in cells]
        while columns and not columns[-1]:
            columns.pop()
        if len(columns) > MAX_COLUMNS:
            problem = f"there are {len(columns):,} columns, and {MAX_COLUMNS:,} are read at most"
            raise Invalid(f"{path}:{line}: {problem}: leave out those that nobody needs")
        for name, count in Counter(columns).items():
            if name and count > 1:
                problem = f"the column {name!r} occurs twice: rename one"
                raise Invalid(f"{path}:{line}: {problem}{self.otherwise}")
        return columns

    def refuse_again(self, path: Path, cells: Iterable[str], line: int) -> None:
        """Refuse a first row that repeats the columns which the profile names.

        Raises:
            Invalid: it does.
        """
        if list(map(str.strip, cells)) == list(self.columns):
            problem = "this is a header, and the profile names the columns: leave them out of one"
            raise Invalid(f"{path}:{line}: {problem}")


@dataclass(frozen=True, slots=True)
class CsvForm:
    """The form of a CSV file.

    Attributes:
        delimiter: Its delimiter.
        guarded: Whether formulas in it are escaped.
        header: Where its columns are named.
        advice: What to do when its encoding is another, for errors.
    """

    delimiter: str = ","
    guarded: bool = False
    header: Header = Header()
    advice: str = IN_A_PROFILE


_SEPARATOR = re.compile(r'"?sep=(\\t|[^"\r\n])"?[\r\n]*', re.IGNORECASE)
"""A first line that tells Excel the delimiter."""


class CsvRows:
    """The rows of a CSV file, each with the line where it begins; rows without text are skipped.

    A first line such as `sep=;` sets the delimiter.

    Raises:
        Invalid: it has no columns, too many, or one twice.
    """

    def __init__(self, path: Path, lines: Lines, form: CsvForm = CsvForm()) -> None:
        csv.field_size_limit(lines.longest)
        self._path, self._lines, self._form = path, lines, form
        first = next(lines, "")
        delimiter = form.delimiter
        if says := _SEPARATOR.fullmatch(first):
            delimiter = "\t" if says[1] == "\\t" else says[1]
            first = next(lines, "")
            lines.buffer[:] = [first]
        self._reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        self.line = lines.number
        """The number of its first line of cells."""
        self.columns = list(form.header.columns) or self._named()

    def _named(self) -> list[str]:
        try:
            cells = next(self._reader, [])
        except csv.Error as error:
            problem = f"the header cannot be read: {_csv_fault(error)}"
            raise self._lines.broken(problem, self.line) from None
        self._lines.buffer.clear()
        encoding = self._lines.encoding.removesuffix("-sig")
        if fault := describe_undecoded("".join(cells), encoding, self._form.advice):
            raise Invalid(f"{self._path}:{self.line}: {fault}")
        columns = self._form.header.named(self._path, cells, self.line)
        if not columns:
            problem = "there are no columns: begin the file with their names"
            raise Invalid(f"{self._path}:{self.line}: {problem}{self._form.header.otherwise}")
        return columns

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows; one that cannot be read has a fault."""
        line = self.line if self._form.header.columns else self._lines.number + 1
        while True:
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                text = "".join(self._lines.buffer).rstrip("\r\n")
                yield Row(line, fault=_csv_fault(error), written=[text])
            else:
                if line == self.line:
                    self._form.header.refuse_again(self._path, cells, line)
                if any(map(str.strip, cells)):
                    yield self._row(line, cells)
            line = self._lines.number + 1
            self._lines.buffer.clear()

    def _row(self, line: int, cells: list[str]) -> Row:
        if self._form.guarded:
            cells = [unescape_formula(cell) for cell in cells]
        columns, named = self.columns, dict(zip(self.columns, cells, strict=False))
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            fault = (
                f"it has {len(cells)} cells, and the header has {len(columns)}: correct the line"
            )
        else:
            fault = self._unread(cells)
        return Row(line, named, fault, cells)

    def _unread(self, cells: Sequence[str]) -> str:
        """Return which cell holds invalid text; empty when none does."""
        whole = "".join(cells)
        if "\0" not in whole and not describe_undecoded(whole, ""):
            return ""
        encoding = self._lines.encoding.removesuffix("-sig")
        for name, cell in zip(self.columns, cells, strict=False):
            where = f", in the column {name!r}" if name else ""
            if fault := describe_undecoded(cell, encoding, self._form.advice, where):
                return fault
            if "\0" in cell:
                return f"it holds a NUL character{where}: remove it"
        return ""


def _csv_fault(error: Exception) -> str:
    problem = str(error)
    if "unexpected end" in problem or "field limit" in problem:
        return "a quotation mark is opened here and never closed: close it"
    if "expected after" in problem:
        return "a quotation mark within a cell is not doubled: double it"
    return problem
