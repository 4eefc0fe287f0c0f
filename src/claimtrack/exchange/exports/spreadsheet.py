"""The reports as one XLSX workbook: a cover, then a sheet for each. No cell is ever a formula."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from claimtrack.db import Session
from claimtrack.escaping import escape_formula, format_cell
from claimtrack.exchange.exports.exported_reports import ExportedReport, list_exported_reports
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.selection import get_active_filters, note_left_out
from claimtrack.exchange.notes import Notes
from claimtrack.history import Anchor, get_anchor
from claimtrack.query.filters import Filters

MOST_ROWS = 1_048_575
"""The greatest number of rows below the header of a sheet; a longer report has several sheets."""
MOST_LETTERS = 32_767
"""The greatest number of characters in a cell."""
_CUT = " [cut: a cell holds no more]"
_FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets miscount earlier days: they believe that 1900 was a leap year."""
_WIDE = {"summary", "subject_summary", "counter_summary", "window_summary", "exact"}
_WORDS = {
    "timing: possible": "The deed may lie outside the period, or before the promise that it breaks",
    "status: disputed": "Judges under reconciled_by find the two compatible, or perhaps so; not "
    "all judges of the pair surely do",
    "independent_min, independent_max": "The least and the greatest number of independent origins, "
    "of claims those other than their own; affirmed_by, denied_by, opposed_by and judged_by are "
    "numbers of entries",
}
"""What the cover explains about words in the sheets."""
_MADE = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook knows no zone; the same each time


@dataclass(frozen=True)
class _Formats:
    """The formats of cells, and the notes.

    Attributes:
        bold: For headers.
        quoted: For texts that would otherwise become a formula when somebody edits the cell.
        notes: Counts texts that are too long for a cell.
    """

    bold: Any
    quoted: Any
    notes: Notes


def export(work: Export, out: IO[bytes]) -> None:
    """Write the workbook of an export."""
    write_workbook(work.session, out, work.filters, work.scratch, work.notes)


def write_workbook(
    session: Session, out: IO[bytes], filters: Filters, scratch: Path, notes: Notes
) -> None:
    """Write the reports for some filters as a workbook; the same bytes for the same casebook.

    Rows are streamed through temporary files in the folder `scratch`. What is left out is counted
    in `notes`.

    Raises:
        OSError: The workbook cannot be written.
    """
    note_left_out(session, filters, notes)
    onward = _Onward(out)
    try:
        _write_workbook(session, onward, filters, scratch, notes)
    except FileCreateError as error:
        (onward.refusal,) = error.args
    if onward.refusal:
        raise onward.refusal


class _Onward:
    """A file that ignores writes after the first error, which it keeps.

    Otherwise xlsxwriter, which closes its archive even after an error, would raise again on
    cleanup.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.refusal: OSError | None = None

    def write(self, part: bytes) -> int:
        try:
            if self.refusal is None:
                self._out.write(part)
        except OSError as error:
            self.refusal = error
        return len(part)

    def flush(self) -> None:
        """Do nothing: whoever opened the file flushes it."""


def _write_workbook(
    session: Session, out: _Onward, filters: Filters, scratch: Path, notes: Notes
) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(scratch),
        "default_date_format": "yyyy-mm-dd",
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with Workbook(out, options) as book:
        book.set_properties({"title": "Casebook of sourced claims", "created": _MADE})
        bold, quoted = (book.add_format({name: True}) for name in ("bold", "quote_prefix"))
        formats = _Formats(bold, quoted, notes)
        cover = book.add_worksheet("cover")
        sheets = [
            (report, _write_sheets(book, formats, report, report.rows(session, filters)))
            for report in list_exported_reports(filters)
        ]
        _write_cover(cover, formats, get_anchor(session), filters, sheets)


def _write_sheets(
    book: Workbook, formats: _Formats, report: ExportedReport, rows: Iterator[Sequence[Any]]
) -> int:
    """Write a report to as many sheets as it needs; return its number of rows."""
    count = number = 0
    while True:
        number += 1
        sheet = book.add_worksheet(report.name if number == 1 else f"{report.name} {number}")
        for at, name in enumerate(report.columns):
            sheet.set_column(at, at, 60 if name in _WIDE else 16)
        sheet.write_row(0, 0, report.columns, formats.bold)
        sheet.freeze_panes(1, 0)
        here = 0
        for here, row in enumerate(islice(rows, MOST_ROWS), 1):
            for at, value in enumerate(row):
                _write(sheet, here, at, value, formats, f"{report.name}.{report.columns[at]}")
        sheet.autofilter(0, 0, here, len(report.columns) - 1)
        count += here
        following = next(rows, None)
        if following is None:
            return count
        rows = chain([following], rows)


def _write(
    sheet: Worksheet, row: int, column: int, value: Any, formats: _Formats, name: str
) -> None:
    match value:
        case None | () | []:
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case date() if not isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(row, column, value)
        case _:
            text = format_cell(value)
            if len(text) > MOST_LETTERS:
                text = text[: MOST_LETTERS - len(_CUT)] + _CUT
                reason = f"is longer than the {MOST_LETTERS:,} characters of a cell: cut"
                formats.notes.add(name, "", reason)
            sheet.write_string(
                row, column, text, None if escape_formula(text) == text else formats.quoted
            )


def _write_cover(
    cover: Worksheet,
    formats: _Formats,
    head: Anchor,
    filters: Filters,
    sheets: Sequence[tuple[ExportedReport, int]],
) -> None:
    cover.set_column(0, 0, 22)
    cover.set_column(1, 2, 70)
    lines: list[tuple[Any, ...]] = [
        ("Casebook", str(head.casebook)),
        ("State of", str(head.at)),
        ("Head of its log", f"{head.seq}:{head.hash}"),
        *(
            (f"Only {name}", format_cell(value))
            for name, value in get_active_filters(filters).items()
        ),
        (),
        ("Sheet", "One row for each", "Rows"),
        *((report.name, report.meaning, count) for report, count in sheets),
        (),
        *_WORDS.items(),
    ]
    for at, line in enumerate(lines):
        for column, value in enumerate(line):
            if column == 0 or line[0] == "Sheet":
                cover.write_string(at, column, str(value), formats.bold)
            else:
                _write(cover, at, column, value, formats, "cover")
