"""Writes rows as CSV (RFC 4180, UTF-8), with texts escaped that a spreadsheet would calculate.

Lists are joined by `; `, and missing values are empty.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import Any, Protocol, TextIO, runtime_checkable

from claimtrack.escaping import (
    BYTE_ORDER_MARK,
    MAY_BEGIN_FORMULA,
    escape_controls,
    escape_formula,
    format_cell,
)

_AT_ONCE = 500
"""The number of lines in one call of `write`, which is faster than one call for each."""


@runtime_checkable
class Spelled(Protocol):
    """Rows that can be formatted as lines, which is faster than cell by cell."""

    def spelled(self, spell: Callable[[Sequence[Any]], str], between: str) -> Iterator[str]:
        """Yield each row as a line: runs of cells that `spell` formats, joined by `between`."""


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How a CSV file is written.

    Attributes:
        raw: Whether texts are written as they are; else those that a spreadsheet would take for a
            formula are escaped.
        bom: Whether the file begins with a byte order mark; never on a terminal.
    """

    raw: bool = False
    bom: bool = False

    def write(self, stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write a header and rows; on a terminal, control characters are escaped."""
        self._begin(stream)
        cells = (
            (list(map(format_cell, row)) for row in rows) if self.raw else map(_guarded_row, rows)
        )
        _write(stream, names, cells)

    def write_lines(self, stream: TextIO, names: Sequence[str], lines: Iterable[str]) -> None:
        """Write a header and rows that are lines already, of cells formatted by `speller`.

        Not for a terminal, since `speller` does not escape control characters.
        """
        self._begin(stream)
        csv.writer(stream).writerow(names)
        found = iter(lines)
        while some := list(islice(found, _AT_ONCE)):
            stream.write("\r\n".join([*some, ""]))

    def speller(self) -> Callable[[Sequence[Any]], str]:
        """Return a function that formats a run of consecutive cells as part of a line."""
        line = StringIO()
        writer = csv.writer(line)

        def spell(cells: Sequence[Any]) -> str:
            line.seek(0)
            line.truncate()
            # One empty cell more: a line of nothing but an empty cell would be written as "".
            writer.writerow([*(map(format_cell, cells) if self.raw else _guarded_row(cells)), ""])
            return line.getvalue().removesuffix(",\r\n")

        return spell

    def _begin(self, stream: TextIO) -> None:
        if self.bom and not stream.isatty():
            stream.write(BYTE_ORDER_MARK)


def _guarded_row(row: Sequence[Any]) -> list[Any]:
    # Most cells are texts that are written as they are; one cheap test finds them.
    return [
        value
        if (type(value) is str and value[:1] not in MAY_BEGIN_FORMULA) or value is None
        else _guarded_cell(value)
        for value in row
    ]


_NO_TEXT = (int, float, date)
"""Types that are never escaped, so that -2 stays a number."""


def _guarded_cell(value: Any) -> str:
    if type(value) is tuple:
        return _guarded_list(value)
    text = format_cell(value)
    return text if isinstance(value, _NO_TEXT) else escape_formula(text)


@lru_cache(maxsize=4_096)  # rows that follow each other often have the same
def _guarded_list(parts: tuple[Any, ...]) -> str:
    return escape_formula(format_cell(parts))


def _write(stream: TextIO, names: Sequence[str], rows: Iterable[list[str]]) -> None:
    if stream.isatty():
        writer = csv.writer(stream, lineterminator="\n")
        rows = ([escape_controls(format_cell(cell)) for cell in row] for row in rows)
    else:
        writer = csv.writer(stream)  # quotes where needed, lines end in CR LF
    writer.writerow(names)
    writer.writerows(rows)
