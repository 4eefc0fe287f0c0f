"""Rows of a workbook (.xlsx), from the values saved in its cells; formulas are never evaluated.

A sheet is read as a whole, as the file lists its merged cells after its rows.
"""

import re
import warnings
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.packaging import relationship
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from claimtrack.errors import Invalid
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.number_formats import (
    FinestPart,
    format_cell_value,
    format_date,
    get_finest_part,
    hides_day,
    shows_year,
)
from claimtrack.exchange.readers.rows import MAX_COLUMNS, Header, Row
from claimtrack.exchange.readers.zip_safety import refuse_duplicates, refuse_unsafe

MOST_BYTES = 512 * 2**20
"""The greatest number of bytes to which the parts of a workbook may unpack."""
MOST_CELLS = 5_000_000
"""The greatest number of cells of a sheet, including empty ones before the last of each row."""
_ODD = (
    *(BadZipFile, zlib.error, EOFError, OSError, RuntimeError),  # the ZIP
    SyntaxError,  # the XML
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),  # what it says
)
"""What openpyxl raises for a file that it cannot read."""
_CONTROL = re.compile("_x00([01][0-9A-Fa-f]|7[Ff])_")
"""The escape of a control character. Source: ECMA-376 part 1, 22.9.2.19."""
_TRUE = ("1", "true")


def read_sheet(
    stream: BinaryIO, path: Path, sheet: str | None, header: Header, notes: Notes
) -> tuple[Sequence[str], int, Iterator[Row]]:
    """Return the columns of a sheet, the number of the header's row, and the other rows.

    Raises:
        Invalid: it is no workbook, is damaged or too large, lacks the sheet or columns, or has an
            ambiguous header.
    """
    warnings.filterwarnings("ignore", module="openpyxl")  # of what it leaves out: styles, charts
    try:
        with ZipFile(stream) as parts:
            entries = parts.infolist()
    except (BadZipFile, OSError, RuntimeError, ValueError) as error:
        problem = "it is not a workbook: save it as .xlsx, or give a profile of another format"
        raise Invalid(f"{path}: {problem}") from error
    refuse_duplicates(path, entries)
    refuse_unsafe(path, entries, MOST_BYTES, "save the sheet as CSV")
    with _readable(path):
        book: Any = load_workbook(stream, read_only=True, data_only=True)
        found = _choose_sheet(path, book.worksheets, sheet, notes)
        grid = _Grid(path, found)
        grid.read()
    if not grid.rows:
        problem = (
            "the columns of the profile" if header.columns else "its first row names the columns"
        )
        raise Invalid(f"{path}: the sheet {found.title!r} is empty: {problem}")
    line = 0 if header.columns else min(grid.rows)
    columns = header.columns or header.named(path, grid.rows[line], line)
    grid.spread(columns, line, notes)
    return columns, line or 1, grid.named_rows(columns, line, notes)


def _choose_sheet(path: Path, sheets: Sequence[Any], title: str | None, notes: Notes) -> Any:
    """Return the sheet of that name, else the first visible one; note those that are not read."""
    if not sheets:
        raise Invalid(f"{path} has no sheet with cells: look for its rows in another file")
    by_name = {one.title: one for one in sheets}
    if title is not None:
        if title not in by_name:
            raise Invalid(f"{path} has no sheet {title!r}: it has {', '.join(by_name)}")
        return by_name[title]
    shown = next((one for one in sheets if one.sheet_state == "visible"), sheets[0])
    for one in sheets:
        if one is not shown and (one.max_row, one.max_column) != (1, 1):
            problem = "is not read: the key 'sheet' of the profile says which sheet is"
            notes.add("sheet", one.title, problem)
    return shown


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except _ODD as error:
        problem = "it is damaged, or no workbook that can be read"
        advice = "open it in a spreadsheet program and save it again"
        raise Invalid(f"{path}: {problem}: {advice}") from error


def _bounds(ref: str) -> tuple[int, int, int, int]:
    """Return the first column and row of a range, and the last."""
    left, top, right, bottom = range_boundaries(ref)
    if left is None or top is None or right is None or bottom is None:
        raise ValueError(ref)
    return left, top, right, bottom


class _Parser(WorkSheetParser):
    """Parses cells with their saved values, and the formula where no value was saved."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        kind = element.get("t", "n")
        if cell["value"] is None and kind != "str" and element.find(FORMULA_TAG) is not None:
            parsed: Any = self
            written = parsed.parse_formula(element)
            cell["value"] = written if isinstance(written, str) else getattr(written, "text", "")
            cell["data_type"] = "f"
        elif cell["data_type"] == "e" and kind != "e":
            cell["value"], cell["data_type"] = element.findtext("{*}v"), "no date"
        return cell


_FAULTS = {
    "e": "holds the error {}: correct its formula, or clear the cell",
    "f": "holds a formula that was never worked out: open the file in a spreadsheet program and "
    "save it, or put its value there",
    "no date": "is shown as a date, and {} is none: correct the cell",
}
"""What is wrong with a cell, by its type."""


@dataclass(slots=True)
class _Grid:
    """The rows of a sheet by number, as texts up to the last cell that is not empty."""

    path: Path
    sheet: Any
    rows: dict[int, list[str]] = field(default_factory=dict)
    faults: defaultdict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    """Faults of cells by row and position, as the end of a sentence about the cell."""
    odd: Counter[tuple[int, str]] = field(default_factory=Counter)
    """What is not read of cells, by column, with the number of cells."""
    merged: Sequence[str] = ()
    hidden: Mapping[str, Any] = field(default_factory=dict)
    has_comments: bool = False
    _forms: dict[int, str] = field(default_factory=dict)

    def read(self) -> None:
        """Read the cells.

        Raises:
            Invalid: there are too many.
        """
        book, count = self.sheet.parent, 0
        with self.sheet._get_source() as source:
            parser = _Parser(
                source,
                self.sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for number, cells in parser.parse():
                row = self._row(number, cells)
                count += len(row)
                if count > MOST_CELLS:
                    problem = f"the sheet {self.sheet.title!r} has more than {MOST_CELLS:,} cells"
                    raise Invalid(f"{self.path}: {problem}: save it as CSV")
                if row and self.rows.setdefault(number, row) is not row:
                    raise ValueError(number)  # one number for two rows: damaged
            self.merged = [one.ref for one in getattr(parser.merged_cells, "mergeCell", ())]
            self.hidden = parser.row_dimensions
        self.rows = dict(sorted(self.rows.items()))
        self._read_beside(parser)

    def _read_beside(self, parser: Any) -> None:
        """Read what a sheet has besides its cells: comments, and links unlike their text."""
        rels: Any = relationship
        place = rels.get_rels_path(self.sheet._worksheet_path)
        archive = self.sheet.parent._archive
        found = rels.get_dependents(archive, place) if place in archive.namelist() else ()
        targets = {one.Id: one.Target for one in found}
        self.has_comments = any("omments" in one.Type.rpartition("/")[2] for one in found)
        for link in getattr(parser.hyperlinks, "hyperlink", ()):
            left, top, right, bottom = _bounds(link.ref)
            for number in range(top, min(bottom, max(self.rows, default=0)) + 1):
                for at, text in enumerate(self.rows.get(number, [])[left - 1 : right], left - 1):
                    address = targets.get(link.id, text)
                    if text and address.rstrip("/") != text.strip().rstrip("/"):
                        self.odd[at, "shows a text, and the address under it is not read"] += 1

    def _row(self, number: int, cells: Sequence[Mapping[str, Any]]) -> list[str]:
        row: list[str] = []
        for cell in cells:
            at = cell["column"] - 1
            text = self._text(number, at, cell)
            if not text:
                continue
            if at >= MAX_COLUMNS:
                problem = f"row {number} has more than {MAX_COLUMNS:,} cells"
                raise Invalid(
                    f"{self.path}:{number}: {problem}: no spreadsheet program has so many"
                )
            row += [""] * (at + 1 - len(row))
            row[at] = text
        return row

    def _text(self, number: int, at: int, cell: Mapping[str, Any]) -> str:
        value = cell["value"]
        if cell["data_type"] in _FAULTS:
            self.faults[number][at] = _FAULTS[cell["data_type"]].format(value)
        if isinstance(value, date):
            form = self._form(cell["style_id"])
            if hides_day(value, form):
                self.odd[
                    at, f"shows a {get_finest_part(form)} and holds a day, which is not used"
                ] += 1
            elif get_finest_part(form) is not FinestPart.TIME and not shows_year(form):
                self.odd[at, "shows no year: that which the cell holds is taken"] += 1
            return format_date(value, form)
        if isinstance(value, str):
            return _CONTROL.sub(lambda found: chr(int(found[1], 16)), value)
        return format_cell_value(value)

    def _form(self, style: int) -> str:
        if style not in self._forms:
            cell: Any = ReadOnlyCell(self.sheet, 1, 1, None, style_id=style)
            self._forms[style] = cell.number_format
        return self._forms[style]

    def spread(self, columns: Sequence[str], header: int, notes: Notes) -> None:
        """Copy the value of each merged cell to all rows that it covers and that have other cells.

        Raises:
            Invalid: a merged cell belongs to the header, or merged cells cover too many cells.
        """
        covered = 0
        last = max(self.rows)
        for ref in self.merged:
            with _readable(self.path):
                left, top, right, bottom = _bounds(ref)
            if top <= header <= bottom:
                problem = f"the header has the merged cell {ref}: unmerge it, and name every column"
                raise Invalid(f"{self.path}:{header}: {problem}")
            named = [at for at in range(left - 1, min(right, len(columns))) if columns[at]]
            text = "".join(self.rows.get(top, [])[left - 1 : left])
            bottom = min(bottom, last)
            covered += (bottom - top + 1) * len(named) if text else 0
            if covered > MOST_CELLS:
                problem = f"merged cells cover more than {MOST_CELLS:,} cells"
                raise Invalid(f"{self.path}: {problem}: unmerge them")
            for number in range(top, bottom + 1) if text and named else ():
                if number not in self.rows:
                    continue  # it has nothing of its own
                if len(named) > 1:
                    problem = f"belongs to {ref}, one cell over several columns: unmerge it"
                    self.faults[number].setdefault(named[0], problem)
                    continue
                self._cover(number, named[0], (top, left - 1), columns, notes)

    def _cover(
        self,
        number: int,
        at: int,
        source: tuple[int, int],
        columns: Sequence[str],
        notes: Notes,
    ) -> None:
        """Copy the value of a merged cell, and its fault, to a row that it covers."""
        (top, left), row = source, self.rows[number]
        row += [""] * (at + 1 - len(row))
        if row[at] and (number, at) != source:
            problem = "holds a value under a merged cell, which is not shown and not taken"
            notes.add(columns[at], "", problem)
        row[at] = self.rows[top][left]
        if fault := self.faults.get(top, {}).get(left):
            self.faults[number][at] = fault

    def named_rows(self, columns: Sequence[str], header: int, notes: Notes) -> Iterator[Row]:
        """Yield the rows after the header; a fault names the cell and its column."""
        for (at, problem), count in self.odd.items():
            if columns[at : at + 1] not in ([], [""]):
                notes.add(columns[at], "", problem, count)
        if self.has_comments:
            notes.add("sheet", self.sheet.title, "has comments, which are not read")
        width = len(columns)
        for number, cells in self.rows.items():
            if number <= header:
                continue
            if self.hidden.get(str(number), {}).get("hidden") in _TRUE:
                notes.add("row", "", "is hidden in the workbook, and read all the same")
            fault = ""
            for at, problem in self.faults.get(number, {}).items():
                name = f" ({columns[at]})" if columns[at : at + 1] and columns[at] else ""
                fault = fault or f"{get_column_letter(at + 1)}{number}{name} {problem}"
            if len(cells) > width:
                fault = f"it has {len(cells)} cells, and the header has {width}: correct the row"
            written = [*cells, *[""] * (width - len(cells))]
            yield Row(number, dict(zip(columns, written, strict=False)), fault, written)
