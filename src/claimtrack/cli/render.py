"""The one renderer of rows: table, CSV, JSON, JSON Lines and Markdown.

Rows are frozen dataclasses; the names of their fields are the columns of every format (`klass` and
`from_` lose what Python wants of them). Lists are joined by `; ` in CSV, are arrays in JSON, and
stand one below the other in tables. Missing values are empty, and null in JSON.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TextIO, runtime_checkable

import typer

from claimtrack.cli.filter_options import declared
from claimtrack.cli.options import Group, tell, words_option
from claimtrack.cli.output import file_of, opened, refuse_unwritable
from claimtrack.errors import Usage
from claimtrack.escaping import CsvStyle, escape_markdown, format_cell, format_count, format_value
from claimtrack.query.options import LIMIT, TABLE_ROWS
from claimtrack.vocab import OutputFormat, column_of, fields_of

if TYPE_CHECKING:
    from claimtrack.cli.table import Column
    from claimtrack.db import Session

MOST_COUNTED = 1_000
"""Rows that are counted for those who see the first of them: to count a million takes minutes."""


@runtime_checkable
class Counted(Protocol):
    """Rows that need not all be worked out to be counted."""

    def first(self, count: int) -> list[Any]:
        """Return so many rows at most."""

    def count(self, most: int) -> int:
        """Return how many rows there are, or `most` where there are more."""


@runtime_checkable
class Spelled(Protocol):
    """Rows that can be had as text, which is faster than cell by cell."""

    def spelled(self, spell: Callable[[Sequence[Any]], str], between: str) -> Iterator[str]:
        """Yield each row; `spell` spells cells that follow each other."""


@dataclass(frozen=True)
class Out:
    """Where the rows of a command go, and in which format."""

    format: OutputFormat
    output: Path | None
    limit: int | None = None
    raw: bool = False
    bom: bool = False
    anchor: bool = False

    def write_anchor(self, session: "Session") -> None:
        """Write the head of the log that the rows were read from beside their file, if wanted."""
        if self.anchor and self.output:
            from claimtrack.history import get_anchor

            with opened(self.output.with_name(f"{self.output.name}.anchor")) as stream:
                stream.write(f"{get_anchor(session)}\n")

    @property
    def names_refs(self) -> bool:
        """Whether those who are counted in a column are named in another: in JSON they are."""
        return self.format in {OutputFormat.JSON, OutputFormat.JSONL}

    @property
    def most(self) -> int | None:
        """The most rows that the database need give; None for all."""
        return most_rows(self.format, self.limit)

    def emit(
        self,
        rows: Iterable[Any],
        row_type: type | Sequence[str],
        *,
        closing: Callable[[], Any] | None = None,
        most: int | None = None,
        layout: "Sequence[Column] | None" = None,
        why: Callable[[], str] | None = None,
    ) -> None:
        """Write the rows, or so many at most; `row_type` names the columns, rows or no rows.

        It is a dataclass, or a list of names when each row is a sequence of as many values. What
        `closing` returns is the last row of tables and Markdown, which people add up; there alone.
        A table has the columns of `layout`, else those that are usual for such rows. Where there is
        no row, a message says what `why` returns.
        """
        names = column_names(row_type)
        refuse_unwritable(self.output)
        found = iter(rows) if most is None else _upto(iter(rows), most)
        if self.format is OutputFormat.TABLE:
            self._table(found, row_type, closing, layout, why)
            return
        write: Callable[[Iterator[Any]], None] = partial(self._write, names=names, closing=closing)
        if isinstance(rows, Spelled) and self._goes_as_lines and most is None:
            found = rows.spelled(self._csv.speller(), ",")
            write = partial(self._write_lines, names=names)
        first = list(_upto(found, 1))  # what is wrong with the question shows before any output
        write(chain(first, found))
        if why and not first and self.limit != 0:
            tell(f"0 rows: {why()}")

    @property
    def _csv(self) -> CsvStyle:
        return CsvStyle(self.raw, self.bom)

    @property
    def _goes_as_lines(self) -> bool:
        """Whether rows can be written as lines, which a terminal is not shown."""
        is_file = file_of(self.output) is not None or not sys.stdout.isatty()
        return self.format is OutputFormat.CSV and is_file

    def _write_lines(self, found: Iterator[str], names: list[str]) -> None:
        with opened(self.output) as stream:
            self._csv.write_lines(stream, names, found)

    def _write(
        self,
        found: Iterator[Any],
        names: list[str],
        closing: Callable[[], Any] | None,
    ) -> None:
        if closing and self.format is OutputFormat.MARKDOWN:
            found = chain(found, (closing() for _ in range(1)))
        with opened(self.output) as stream:
            write = self._csv.write if self.format is OutputFormat.CSV else _WRITERS[self.format]
            write(stream, names, (_values(row) for row in found))

    def emit_one(self, record: dict[str, Any]) -> None:
        """Write one record; a table shows it as `name: value`, line by line."""
        if self.format is not OutputFormat.TABLE:
            self.emit([list(record.values())], list(record))
            return
        from claimtrack.cli.table import draw, fields_of

        fields = {name.replace("_", " "): format_cell(value) for name, value in record.items()}
        with opened(self.output) as stream:
            draw(stream, fields_of(fields), [fields], stacked=True)

    def _table(
        self,
        rows: Iterator[Any],
        row_type: type | Sequence[str],
        closing: Callable[[], Any] | None,
        layout: "Sequence[Column] | None",
        why: Callable[[], str] | None,
    ) -> None:
        from claimtrack.cli.layouts import layout_of
        from claimtrack.cli.table import draw

        shown, there = _first(rows, TABLE_ROWS if self.limit is None else self.limit)
        with opened(self.output) as stream:
            closed = [*shown, closing()] if closing else shown
            columns = layout or layout_of(row_type, column_names(row_type), closed)
            draw(stream, columns, closed)
        count = describe_count(len(shown), there, "row", "another --format")
        tell(f"{count}: {why()}" if why and not there else count)


def describe_count(shown: int, there: int, noun: str, other: str) -> str:
    """Return how many rows are shown, and of how many where that is another number.

    `other` is what shows all of them.
    """
    if there == shown:
        return format_count(shown, noun)
    there_are = f"more than {MOST_COUNTED:,}" if there > MOST_COUNTED else f"{there:,}"
    return f"{shown:,} of {there_are} {noun}s shown: give --limit, or {other}, for more"


def most_rows(format: OutputFormat, limit: int | None) -> int | None:
    """Return the limit that the database keeps; a table counts what it leaves out itself."""
    return None if format is OutputFormat.TABLE else limit


def _first(rows: Iterator[Any], most: int) -> tuple[list[Any], int]:
    """Return so many rows at most, and how many there are, as far as they are counted."""
    enough = max(most, MOST_COUNTED) + 1
    if isinstance(rows, Counted):
        shown = rows.first(most)
        return shown, rows.count(enough) if len(shown) == most else len(shown)
    shown = list(_upto(rows, most))
    return shown, len(shown) + sum(1 for _ in _upto(rows, enough - len(shown)))


def _upto(rows: Iterator[Any], count: int) -> Iterator[Any]:
    for _, row in zip(range(count), rows):  # noqa: B905 - the rows go on
        yield row


def column_names(row_type: type | Sequence[str]) -> list[str]:
    """Return the columns of a type of rows."""
    if not isinstance(row_type, type):
        return list(row_type)
    return list(map(column_of, fields_of(row_type)))


def _values(row: Any) -> Sequence[Any]:
    if isinstance(row, tuple | list):
        return row
    return [getattr(row, name) for name in fields_of(type(row))]


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    match value:
        case tuple() | list():
            return [plain(part) for part in value]
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case None | bool() | int() | float():
            return value
        case _:
            return format_value(value)


def record(row: Any) -> dict[str, Any]:
    """Return a row as a JSON object."""
    return dict(zip(column_names(type(row)), map(plain, _values(row)), strict=True))


def _json(stream: TextIO, names: list[str], rows: Iterable[Sequence[Any]]) -> None:
    stream.write("[")
    for number, row in enumerate(rows):
        stream.write(",\n" if number else "\n")
        stream.write(_object(names, row))
    stream.write("\n]\n")


def _jsonl(stream: TextIO, names: list[str], rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        stream.write(_object(names, row) + "\n")


def _object(names: list[str], row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(names, map(plain, row), strict=True)), ensure_ascii=False)


def write_markdown(stream: TextIO, names: list[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as a pipe table."""
    stream.write(f"| {' | '.join(names)} |\n|{' --- |' * len(names)}\n")
    for row in rows:
        stream.write(f"| {' | '.join(markdown_cell(value) for value in row)} |\n")


def markdown_cell(value: Any) -> str:
    """Return a value as a cell of a pipe table, with its lines below each other."""
    return "<br>".join(escape_markdown(format_cell(value)).splitlines())


_WRITERS: dict[OutputFormat, Callable[[TextIO, list[str], Iterable[Sequence[Any]]], None]] = {
    OutputFormat.JSON: _json,
    OutputFormat.JSONL: _jsonl,
    OutputFormat.MARKDOWN: write_markdown,
}

FormatOption = Annotated[
    OutputFormat,
    words_option("--format", "-f", of=OutputFormat, about="How to write the rows", required=True),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        show_default=False,
        help="Write to this file instead of the terminal.",
    ),
]
LimitOption = Annotated[int | None, declared(LIMIT)]


MOST_NOTES = 8
"""Notes that are printed one by one, unless all are asked for."""

RawOption = Annotated[
    bool,
    typer.Option(
        "--raw",
        help="Write CSV cells as they are; else a text that a spreadsheet would work out gets an "
        "apostrophe before it.",
    ),
]
BomOption = Annotated[
    bool | None,
    typer.Option(
        "--bom/--no-bom",
        help="Begin CSV with the byte order mark, without which Excel garbles all but ASCII. "
        "Usual on Windows for files that end in .csv.",
        show_default=False,
    ),
]
AnchorOption = Annotated[
    bool,
    typer.Option("--anchor", help="Write the head of the log beside the file, as FILE.anchor."),
]
AllNotesOption = Annotated[
    bool,
    typer.Option(
        "--all-notes", help=f"Print every note of what is left out; else the first {MOST_NOTES}."
    ),
]


def _out_whole(
    format: FormatOption = OutputFormat.TABLE,
    output: OutputOption = None,
    raw: RawOption = False,
    bom: BomOption = None,
    anchor: AnchorOption = False,
) -> Out:
    if raw and format is not OutputFormat.CSV:
        raise Usage("--raw is for --format csv: other formats have no formulas")
    refuse_anchor_alone(output, anchor=anchor)
    return Out(format, output, raw=raw, bom=wants_bom(format, output, bom), anchor=anchor)


def wants_bom(format: OutputFormat, output: Path | None, bom: bool | None) -> bool:
    """Whether an output begins with a byte order mark; `bom` is what somebody decided.

    Raises:
        Usage: it is decided for a format that has none.
    """
    if bom and format is not OutputFormat.CSV:
        raise Usage("--bom is for --format csv: other formats are known to be UTF-8")
    return format is OutputFormat.CSV and (has_bom(output) if bom is None else bom)


def has_bom(output: Path | None, platform: str = sys.platform) -> bool:
    """Whether CSV begins with a byte order mark unless somebody decides: for Excel on Windows."""
    return platform == "win32" and output is not None and output.suffix.lower() == ".csv"


def refuse_anchor_alone(output: Path | None, *, anchor: bool) -> None:
    """Refuse --anchor where there is no file beside which it could stand.

    Raises:
        Usage: it is so.
    """
    if anchor and file_of(output) is None:
        raise Usage("--anchor needs --output: the anchor is written beside the file")


def anchored(output: Path | None, *, anchor: bool) -> Out:
    """Return where the anchor of a file goes that is not made of rows, before any work is done.

    Raises:
        Usage: there is no file beside which it could stand.
        InvalidValue, MissingFile, StorageFailure: the file cannot be written.
    """
    refuse_anchor_alone(output, anchor=anchor)
    refuse_unwritable(output)
    return Out(OutputFormat.TABLE, output, anchor=anchor)


ToOutputWhole = Annotated[Out, Group(_out_whole)]
"""The options --format, --output, --raw, --bom and --anchor."""


def _out(whole: ToOutputWhole, limit: LimitOption = None) -> Out:
    return replace(whole, limit=limit)


ToOutput = Annotated[Out, Group(_out)]
"""The same, and --limit."""
