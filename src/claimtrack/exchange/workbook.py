"""Rows of a workbook (.xlsx), as its cells were last worked out; formulas are never run."""

import sqlite3
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, BinaryIO
from weakref import finalize
from zipfile import BadZipFile, ZipFile

from claimtrack.errors import Invalid, StorageFailure
from claimtrack.exchange.filerows import Row, columns_of
from claimtrack.exchange.notes import Notes

_MOST_BYTES = 2 * 2**30
"""What the parts of a workbook may come to when they are unpacked."""
_ODD = (
    *(BadZipFile, zlib.error, EOFError, OSError, RuntimeError),  # the ZIP
    SyntaxError,  # the XML
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),  # what it says
)
"""What openpyxl raises of a file that is not as it expects."""


def rows_of(
    stream: BinaryIO, path: Path, sheet: str | None, notes: Notes
) -> tuple[Sequence[str], Iterator[Row]]:
    """Return the columns of a sheet, and its rows, to be read once.

    Raises:
        Invalid: it is no workbook, or is damaged, or lacks the sheet or columns, or has one twice.
    """
    warnings.filterwarnings("ignore", module="openpyxl")  # of what it leaves out: styles, charts
    try:
        with ZipFile(stream) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, OSError, RuntimeError, ValueError) as error:
        told = "it is no workbook: save it as .xlsx, or give a profile of another format"
        raise Invalid(f"{path}: {told}") from error
    if size > _MOST_BYTES:
        raise Invalid(f"{path} unpacks to more than 2 GiB: save the sheet as CSV")
    with _readable(path):
        worked_out, as_written = ({one.title: one for one in book} for book in _read_twice(stream))
    if not worked_out:
        raise Invalid(f"{path} has no sheet with cells: look for its rows in another file")
    name = sheet or next(iter(worked_out))
    if name not in worked_out:
        raise Invalid(f"{path} has no sheet {name!r}: it has {', '.join(worked_out)}")
    pairs = _pairs(path, worked_out[name], as_written[name])
    header, _ = next(pairs, ((), ()))
    columns = columns_of(path, (_said(cell.value) for cell in header))
    if not columns:
        raise Invalid(f"{path}: the sheet {name!r} is empty: its first row names the columns")
    return columns, _rows(columns, pairs)


def _read_twice(stream: BinaryIO) -> tuple[Any, Any]:
    """Return the sheets of a workbook as its cells were worked out, and as they were written.

    Its texts, which both share, are put on disk: openpyxl would hold all of them, twice.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.xml.constants import SHARED_STRINGS

    class Reader(ExcelReader):
        def read_strings(self) -> None:
            reader: Any = self
            part = reader.package.find(SHARED_STRINGS)
            if part is not None and not reader.shared_strings:
                with reader.archive.open(part.PartName[1:]) as source:
                    reader.shared_strings = _Texts(_texts(source))

    worked_out: Any = Reader(stream, read_only=True, data_only=True)
    as_written: Any = Reader(stream, read_only=True, data_only=False)
    worked_out.read()
    as_written.shared_strings = worked_out.shared_strings
    as_written.read()
    return worked_out.wb.worksheets, as_written.wb.worksheets


def _texts(source: IO[bytes]) -> Iterator[str]:
    """Yield the texts of a workbook in the order of their numbers, as openpyxl reads them."""
    from openpyxl.cell.text import Text
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    parsed = iterparse(source, events=("start", "end"))
    _, root = next(parsed)
    for event, node in parsed:
        if event == "end" and node.tag == f"{{{SHEET_MAIN_NS}}}si":
            text: Any = Text.from_tree(node)
            yield text.content.replace("x005F_", "")
            root.clear()


class _Texts:
    """Texts by their number, in a file of SQLite's own that goes with them.

    Raises:
        StorageFailure: the disk refuses.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._kept = sqlite3.connect("", check_same_thread=False)
        finalize(self, self._kept.close)
        with _aside():
            self._kept.execute("CREATE TABLE text (number INTEGER PRIMARY KEY, said TEXT)")
            self._kept.executemany("INSERT INTO text VALUES (?, ?)", enumerate(texts))

    def __getitem__(self, number: int) -> str:
        with _aside():
            found = self._kept.execute("SELECT said FROM text WHERE number = ?", (number,))
            return str(found.fetchone()[0])  # where there is none: a TypeError, as of any damage


@contextmanager
def _aside() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        told = "the texts of the workbook cannot be put aside: free space for temporary files"
        raise StorageFailure(f"{told} ({error})") from error


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except _ODD as error:
        told = "it is damaged, or no workbook that can be read"
        advice = "open it in a spreadsheet program and save it anew"
        raise Invalid(f"{path}: {told}: {advice}") from error


def _pairs(path: Path, worked_out: Any, as_written: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each row twice: its cells as they were worked out, and what was written in them."""
    with _readable(path):
        for one in (worked_out, as_written):
            one.reset_dimensions()  # some programs note a smaller size than the sheet has
        yield from zip(worked_out.iter_rows(), as_written.iter_rows(values_only=True), strict=False)


def _rows(columns: Sequence[str], pairs: Iterator[tuple[Any, Any]]) -> Iterator[Row]:
    width = len(columns)
    for line, (worked_out, as_written) in enumerate(pairs, start=2):
        cells, fault = [], ""
        for cell, written in zip(worked_out, as_written, strict=False):
            text = _said(cell.value)
            if cell.data_type == "e":
                fault = fault or f"{cell.coordinate} holds the error {text}: {_CLEAR}"
            elif cell.value is None and written is not None and cell.data_type != _TEXT_MADE:
                text = written if isinstance(written, str) else getattr(written, "text", "")
                fault = fault or f"{cell.coordinate} holds {_NOT_WORKED_OUT}"
            cells.append(text)
        while len(cells) > width and not cells[-1]:
            cells.pop()
        if len(cells) > width:
            fault = f"it has {len(cells)} cells, and the header has {width}: mend the row"
        cells += [""] * (width - len(cells))
        if fault or any(cells):
            yield Row(line, dict(zip(columns, cells, strict=False)), fault, cells)


_CLEAR = "mend its formula, or clear the cell"
_NOT_WORKED_OUT = (
    "a formula that was never worked out: open the file in a spreadsheet program and save it, or "
    "put its value there"
)
_TEXT_MADE = "str"
"""The type of a cell whose formula was worked out to an empty text."""


def _said(value: object) -> str:
    """Return a cell as a person would write it; of an instant at midnight, the day."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
    return str(value)
