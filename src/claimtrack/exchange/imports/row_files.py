"""Files of rows: CSV, workbooks, JSON, bibliographies and files of rejected rows.

Each row has the line where it begins. A row that cannot be read has a fault; the rows after it are
read nevertheless.
"""

import csv
import difflib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from claimtrack.errors import Invalid
from claimtrack.exchange.imports.profiles import Profile
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.json_rows import find_list_key, json_rows, line_rows
from claimtrack.exchange.readers.rows import MAX_RECORD_LENGTH, CsvForm, CsvRows, Header, Row
from claimtrack.exchange.readers.suspicious_text import note_suspicious_text
from claimtrack.exchange.readers.text_files import Lines, detect_encoding, open_bytes
from claimtrack.exchange.readers.web_pages import is_page, page_rows, refuse_page

REJECTED = ("rejected_line", "rejected_because")
"""The columns that a file of rejected rows has after those of the rows."""
RECORD = "record"
"""The column for a row of a file without columns: its JSON, or its text."""
_EMPTIED = f", then empty {REJECTED[1]}"
"""Follows the reason for a row that could not be read."""
_MOST_SHOWN = 200
_MOST_NEAR = 1_000
"""Columns that are searched for a name similar to a missing one."""
_HEAD = 4096
_SAMPLE = 65_536
_NO_HEADER = (
    "; or, if this line is not a header, name the columns in the profile (columns: [id, ...])"
)
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(slots=True)
class Feed:
    """An open file: its columns if it has any, and its rows, to be read once."""

    path: Path
    rows: Iterator[Row]
    columns: Sequence[str] = ()
    encoding: str = ""
    size: int = 0
    stream: BinaryIO | None = None
    line: int = 1
    """The line where its columns are named, or its rows begin."""

    @property
    def read(self) -> int:
        """The number of bytes read so far."""
        return self.stream.tell() if self.stream and not self.stream.closed else 0

    def header(self) -> list[str]:
        """Return the columns of the file for its rejected rows."""
        return [*(self.columns or (RECORD,)), *REJECTED]


Works = Callable[[Lines], Iterator[Row]]
"""A reader of the works of a bibliography."""
OnReject = Callable[[Feed, Row, str], None]
"""Called with the file, an invalid row, and the reason."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of an import.

    Attributes:
        limit: The rows to import at most, of all files together; None for all.
        on_reject: Called for each invalid row, which is then skipped; None to fail on it.
        include_protected: Whether protected records may be changed.
    """

    limit: int | None = None
    on_reject: OnReject | None = None
    include_protected: bool = False

    def enough(self, rows: int) -> bool:
        """Return whether the limit has been reached."""
        return self.limit is not None and rows >= self.limit


ALL_ROWS = ImportOptions()
"""Import every row, and fail if one is wrong."""


@contextmanager
def open_rows(path: Path, profile: Profile, notes: Notes) -> Iterator[Feed]:
    """Open a file in the format of a profile, or a file of rejected rows of that format.

    Values that a reader drops are counted in `notes`.

    Raises:
        Invalid: The file is empty, is not of that format, or lacks columns.
        MissingFile, StorageFailure: The file cannot be read.
    """
    if path.is_dir():
        raise Invalid(f"{path} is a folder: name the files in it")
    if path.exists() and not path.is_file():
        raise Invalid(f"{path} is not a regular file, but it is read twice: save the rows in one")
    with open_bytes(path) as stream, ExitStack() as stack:
        size = os.fstat(stream.fileno()).st_size
        if size == 0:
            raise Invalid(f"{path}: the file is empty")
        feed = Feed(path, iter(()), size=size, stream=stream)
        head = stream.read(_HEAD)
        stream.seek(0)
        refuse_page(path, head, profile.format)
        if profile.format == "json" and is_page(head):
            feed.rows = page_rows(path, stream.read(), profile.rows, notes)
        elif profile.format == "xlsx" and not is_rejected(path):
            from claimtrack.exchange.readers.workbooks import read_sheet

            header = _header(profile)
            feed.columns, feed.line, feed.rows = read_sheet(
                stream, path, profile.sheet, header, notes
            )
        else:
            feed.encoding = _encoding(path, profile)
            lines = Lines(path, stream, feed.encoding, MAX_RECORD_LENGTH)
            stack.callback(lines.close)
            _open_text(feed, lines, profile, notes)
        _refuse_lacking(feed, profile)
        feed.rows = note_suspicious_text(feed.rows, feed.columns, profile.columns(), notes)
        yield feed


def is_rejected(path: Path) -> bool:
    """Return whether a file holds the rejected rows of another."""
    with open_bytes(path) as stream:
        first = stream.read(_SAMPLE).partition(b"\n")[0].rstrip(b"\r")
    return first.endswith(",".join(REJECTED).encode())


def _encoding(path: Path, profile: Profile) -> str:
    return detect_encoding(path, "utf-8" if is_rejected(path) else profile.encoding)


def _open_text(feed: Feed, lines: Lines, profile: Profile, notes: Notes) -> None:
    is_rejects_file = is_rejected(feed.path)
    if is_rejects_file or profile.format in ("csv", "tsv"):
        usual = "\t" if profile.format == "tsv" else profile.delimiter
        delimiter = "," if is_rejects_file else usual or _delimiter_of(feed, profile)
        header = Header() if is_rejects_file else _header(profile)
        table = CsvRows(
            feed.path, lines, CsvForm(delimiter, is_rejects_file or profile.guarded, header)
        )
        feed.line = table.line
        feed.columns, feed.rows = (
            restore_rejected(table) if is_rejects_file else (table.columns, iter(table))
        )
        if is_rejects_file and list(feed.columns) == [RECORD]:
            feed.columns, feed.rows = (), _unfolded(feed.path, feed.rows, _works_of(profile, notes))
    elif profile.format in ("json", "csl-json"):
        feed.rows = json_rows(lines, profile.rows or _list_named(feed, profile), notes)
    elif profile.format == "jsonl":
        feed.rows = line_rows(lines)
    elif works := _works_of(profile, notes):
        feed.rows = works(lines)
    if profile.format == "csl-json":
        from claimtrack.exchange.readers.csl import csl_rows

        feed.rows = csl_rows(feed.rows, notes)


def _works_of(profile: Profile, notes: Notes) -> Works | None:
    """Return the reader of a bibliography; None if the profile is of another format."""
    from claimtrack.exchange.readers.bibtex import bibtex_rows
    from claimtrack.exchange.readers.ris import ris_rows

    read = {"bibtex": bibtex_rows, "ris": ris_rows}.get(profile.format)
    return read and partial(read, notes=notes)


def _list_named(feed: Feed, profile: Profile) -> str | None:
    with (
        open_bytes(feed.path) as stream,
        closing(Lines(feed.path, stream, feed.encoding, MAX_RECORD_LENGTH)) as lines,
    ):
        return find_list_key(lines, profile.columns())


def _header(profile: Profile) -> Header:
    return Header(profile.named or (), "" if profile.named else _NO_HEADER)


def _refuse_lacking(feed: Feed, profile: Profile) -> None:
    needed = profile.columns()
    lacking = sorted(needed.difference(feed.columns)) if feed.columns else []
    if lacking:
        near = difflib.get_close_matches(lacking[0], feed.columns[:_MOST_NEAR], n=1)
        columns = ", ".join(feed.columns)
        columns = columns if len(columns) <= _MOST_SHOWN else f"{columns[:_MOST_SHOWN]}..."
        advice = f"did you mean {near[0]!r}?" if near else f"it has {columns}"
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        problem = f"there is no column {lacking[0]!r}{more}: {advice}"
        hint = "" if needed.intersection(feed.columns) or profile.named else _NO_HEADER
        raise Invalid(f"{feed.path}:{feed.line}: {problem}{hint}")


# --- CSV ----------------------------------------------------------------------------------------


def _delimiter_of(feed: Feed, profile: Profile) -> str:
    """Return the delimiter with which the first line has the most of the profile's columns."""
    with (
        open_bytes(feed.path) as stream,
        closing(Lines(feed.path, stream, feed.encoding, MAX_RECORD_LENGTH)) as lines,
    ):
        first = next(lines, "")
    needed = profile.columns()

    def found(delimiter: str) -> tuple[int, int]:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
        return len(needed.intersection(names)), len(names)

    return max(_DELIMITERS, key=found)


def describe_rejection(feed: Feed, row: Row, why: str) -> str:
    """Return why a row is rejected, for the file of rejected rows.

    A row whose cells could not be read is refused again until the reason is emptied: its cells may
    have shifted to other columns.
    """
    broken = bool(feed.columns and row.fault) and not why.endswith(_EMPTIED)
    return f"{why}{_EMPTIED}" if broken else why


def restore_rejected(table: CsvRows) -> tuple[Sequence[str], Iterator[Row]]:
    """Return the columns and rows of a file of rejected rows, as they were in their own file."""
    columns = table.columns[: -len(REJECTED)]
    return columns, _without_reason(iter(table), columns)


def _without_reason(rows: Iterator[Row], columns: Sequence[str]) -> Iterator[Row]:
    own = len(columns)
    for row in rows:
        cells = {name: row.cells[name] for name in columns if name in row.cells}
        written = [*row.written[:own], *row.written[own + len(REJECTED) :]]
        earlier_fault = str(row.cells.get(REJECTED[1], ""))
        fault = row.fault or (earlier_fault if earlier_fault.endswith(_EMPTIED) else "")
        yield replace(row, cells=cells, written=written, earlier_fault=earlier_fault, fault=fault)


def _unfolded(path: Path, rows: Iterator[Row], works: Works | None) -> Iterator[Row]:
    """Yield the original rows from the first column of rejected ones: JSON, or works."""
    for row in rows:
        text = str(row.cells.get(RECORD, ""))
        try:
            cells = json.loads(text)
        except (ValueError, RecursionError):
            cells = None
        found = list[Row]()
        if not row.fault and isinstance(cells, dict):
            found = [Row(row.line, cells, written=[text])]
        elif not row.fault and works and not text.lstrip().startswith("{"):
            stream = BytesIO(text.encode(errors="surrogateescape"))
            found = list(works(Lines(path, stream, "utf-8", MAX_RECORD_LENGTH)))
        fault = row.fault or f"{RECORD} is not a JSON record: correct it"
        for one in found or [Row(row.line, fault=fault, written=[text])]:
            yield replace(one, line=row.line, earlier_fault=row.earlier_fault)
