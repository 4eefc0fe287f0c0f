"""Finds and reads files of claimtrack's own tables, including files of rejected rows."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from claimtrack.errors import MissingFile
from claimtrack.exchange.imports.row_files import Feed, ImportOptions, is_rejected, restore_rejected
from claimtrack.exchange.readers.rows import CsvForm, CsvRows, Row, RowFaults
from claimtrack.exchange.readers.text_files import Lines, open_bytes
from claimtrack.records import IN_ORDER, KEYS
from claimtrack.schemas import LONGEST_BODY

DESCRIPTION = "datapackage.json"
"""The file of a data package that describes the others."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file of rows of a table.

    Attributes:
        table: The name of the table.
        path: Where it is; in a temporary folder if it was in a ZIP.
        display_name: Its name in messages.
        raw: Whether formulas in it are not escaped.
        archive: The ZIP that it was in, next to which its rejected rows are written.
    """

    table: str
    path: Path
    display_name: Path
    raw: bool = False
    archive: Path | None = None

    @property
    def home(self) -> Path:
        """The ZIP or the folder that contains it."""
        return self.archive or self.path.parent


def table_file(path: Path) -> TableFile | None:
    """Return the table file at a path, by the table in its name; None if there is no such table.

    It may be a file of rejected rows.
    """
    found = _CALLED.fullmatch(path.name)
    return TableFile(found[1], path, path) if found else None


_CALLED = re.compile(rf"(?:.*\.)?({'|'.join(IN_ORDER)})\.csv(?:\.rejected\.csv)*")


def files_in(folder: Path) -> list[TableFile]:
    """Return the table files in a folder, without files of rejected rows.

    Raises:
        MissingFile: The folder contains no table.
    """
    paths = {table: folder / f"{table}.csv" for table in IN_ORDER}
    found = [TableFile(table, path, path) for table, path in paths.items() if path.is_file()]
    if not found:
        raise MissingFile(
            f"{folder} holds no table: expected {', '.join(path.name for path in paths.values())}"
        )
    return found


@dataclass(slots=True)
class Run:
    """An import of tables in progress."""

    options: ImportOptions
    faults: RowFaults
    since: int
    """The last revision before it."""
    rows: int = 0
    """The number of rows read so far, in all files."""
    is_cut_off: bool = False
    """Whether there are rows beyond the limit."""


@dataclass(slots=True)
class Reader:
    """Reads the file of one table, and passes its faults to the run."""

    file: TableFile
    run: Run
    columns: Sequence[str]
    """The columns of the table."""
    _feed: Feed = field(init=False)
    _stream: BinaryIO | None = None

    @property
    def position(self) -> int:
        """The number of bytes of the file that have been read."""
        if self._stream is None:
            return 0
        return self.file.path.stat().st_size if self._stream.closed else self._stream.tell()

    def fault(self, row: Row, message: str) -> None:
        """Report the error in a row: to `on_reject` if that is set, else to the faults."""
        if self.run.options.on_reject is not None:
            self.run.options.on_reject(self._feed, row, "; ".join(message.splitlines()))
            return
        for line in message.splitlines():
            self.run.faults.add(self.file.display_name, row.line, line)

    def rows(self) -> Iterator[Row]:
        """Yield each row that can be read, up to the limit of the import.

        Raises:
            Invalid: The file cannot be read to its end.
        """
        with open_bytes(self.file.path) as self._stream:
            lines = Lines(self.file.display_name, self._stream, "utf-8-sig", LONGEST_BODY)
            with closing(lines):
                self._feed = self._opened(lines)
                for row in self._feed.rows if self._is_right(self._feed.columns) else ():
                    self.run.is_cut_off = self.run.options.enough(self.run.rows)
                    if self.run.is_cut_off:
                        return
                    self.run.rows += 1
                    if row.fault:
                        self.fault(row, row.fault)
                    else:
                        yield row

    def _opened(self, lines: Lines) -> Feed:
        is_rejects_file, display_name = is_rejected(self.file.path), self.file.display_name
        is_escaped = is_rejects_file or not self.file.raw
        table = CsvRows(display_name, lines, CsvForm(guarded=is_escaped, advice="save it as UTF-8"))
        columns, rows = restore_rejected(table) if is_rejects_file else (table.columns, iter(table))
        return Feed(display_name, rows, columns, line=table.line)

    def _is_right(self, header: Sequence[str]) -> bool:
        table = self.file.table
        needed = KEYS.get(table, ("ref",))
        unknown = [name for name in header if name not in self.columns]
        missing = [name for name in needed if name not in header]
        more = f" and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        wrong = [f"unknown column {unknown[0]!r}{more}"] if unknown else []
        wrong += [f"the column {name!r} is missing" for name in missing]
        for problem in wrong:
            message = f"{problem}: the columns of {table} are {', '.join(self.columns)}"
            self.run.faults.add(self.file.display_name, self._feed.line, message)
        return not wrong


def content_of(path: Path) -> dict[str, Any]:
    """Return the size and the digest of a file, by their keys in the description of a package."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}
