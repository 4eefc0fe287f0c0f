"""Writes the rows of a command to the terminal or a file, in the format that its options name."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from claimtrack.cli.options import print_message
from claimtrack.cli.output_streams import file_of, opened, refuse_unwritable
from claimtrack.escaping import format_cell
from claimtrack.present.csv_writer import CsvStyle, Spelled
from claimtrack.present.row_counts import describe_count, first_rows
from claimtrack.present.row_values import column_names, row_values
from claimtrack.present.writers import WRITERS
from claimtrack.query.options import TABLE_ROWS
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.db import Session
    from claimtrack.history import Anchor
    from claimtrack.present.columns import Column
    from claimtrack.present.record_formats import Sheet


@dataclass(frozen=True)
class Out:
    """The output of a command: its file, its format and its options.

    Attributes:
        format: The format.
        output: The file; None or `-` for stdout.
        limit: The greatest number of rows; None for the default of the format.
        raw: Whether CSV cells are written without escaping formulas.
        bom: Whether CSV begins with a byte order mark; None for the default.
        anchor: Whether to write the head of the log next to the file.
    """

    format: OutputFormat
    output: Path | None
    limit: int | None = None
    raw: bool = False
    bom: bool = False
    anchor: bool = False

    def write_anchor(self, session: "Session") -> None:
        """Write the head of the log that the rows come from next to their file, with --anchor."""
        if self.anchor and self.output:
            from claimtrack.history import get_anchor

            self.place_anchor(get_anchor(session))

    def place_anchor(self, head: "Anchor") -> None:
        """Write a head of the log next to the output file, if `anchor` is set."""
        if self.anchor and self.output:
            with opened(self.output.with_name(f"{self.output.name}.anchor")) as stream:
                stream.write(f"{head}\n")

    @property
    def names_refs(self) -> bool:
        """Whether rows list the refs of the entries that they count: in JSON they do."""
        return self.format in {OutputFormat.JSON, OutputFormat.JSONL}

    @property
    def most(self) -> int | None:
        """The number of rows to which the database may limit a query; None for all."""
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
        """Write rows in the format of the output.

        Args:
            rows: The rows.
            row_type: The row class, or the names of the columns if rows are plain sequences.
            closing: Returns a last row, such as sums, for tables and Markdown only.
            most: The greatest number of rows; None for all.
            layout: The columns of a table; by default the layout of the row class, else all.
            why: Returns the message if there are no rows.
        """
        names = column_names(row_type)
        refuse_unwritable(self.output)
        found = iter(rows) if most is None else islice(rows, most)
        if self.format is OutputFormat.TABLE:
            self._table(found, row_type, closing, layout, why)
            return
        write: Callable[[Iterator[Any]], None] = partial(self._write, names=names, closing=closing)
        if isinstance(rows, Spelled) and self._goes_as_lines and most is None:
            found = rows.spelled(self._csv.speller(), ",")
            write = partial(self._write_lines, names=names)
        first = list(islice(found, 1))  # what is wrong with the question shows before any output
        write(chain(first, found))
        if why and not first and self.limit != 0:
            print_message(f"0 rows: {why()}")

    @property
    def _csv(self) -> CsvStyle:
        return CsvStyle(self.raw, self.bom)

    @property
    def _goes_as_lines(self) -> bool:
        """Whether rows can be written as lines: as CSV that does not go to a terminal."""
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
            write = self._csv.write if self.format is OutputFormat.CSV else WRITERS[self.format]
            write(stream, names, (row_values(row) for row in found))

    def emit_one(self, record: dict[str, Any]) -> None:
        """Write one record; a table shows it as `name: value`, line by line."""
        if self.format is not OutputFormat.TABLE:
            self.emit([list(record.values())], list(record))
            return
        from claimtrack.cli.terminal import terminal_width
        from claimtrack.present.columns import field_columns
        from claimtrack.present.tables import draw_stacked

        fields = {name.replace("_", " "): format_cell(value) for name, value in record.items()}
        with opened(self.output) as stream:
            draw_stacked(stream, field_columns(fields), [fields], terminal_width())

    def emit_sheet(self, sheet: "Sheet", page: Callable[[TextIO, int], None]) -> None:
        """Write a sheet; if the format is a table, `page` writes it to a stream for a width."""
        from claimtrack.cli.terminal import terminal_width
        from claimtrack.present.record_formats import VALUE_COLUMNS, sheet_values, write_sheet

        if self.format is OutputFormat.CSV:
            self.emit(sheet_values(sheet), VALUE_COLUMNS)
            return
        with opened(self.output) as stream:
            if self.format is OutputFormat.TABLE:
                page(stream, terminal_width())
            else:
                write_sheet(stream, sheet, self.format)

    def _table(
        self,
        rows: Iterator[Any],
        row_type: type | Sequence[str],
        closing: Callable[[], Any] | None,
        layout: "Sequence[Column] | None",
        why: Callable[[], str] | None,
    ) -> None:
        from claimtrack.cli.terminal import terminal_width
        from claimtrack.present.layouts import layout_of
        from claimtrack.present.tables import draw

        shown, total = first_rows(rows, TABLE_ROWS if self.limit is None else self.limit)
        with opened(self.output) as stream:
            closed = [*shown, closing()] if closing else shown
            columns = layout or layout_of(row_type, column_names(row_type), closed)
            draw(stream, columns, closed, terminal_width())
        count = describe_count(len(shown), total, "row", "another --format")
        print_message(f"{count}: {why()}" if why and not total else count)


def most_rows(format: OutputFormat, limit: int | None) -> int | None:
    """Return the limit for the database; None for tables, which count the rows left out."""
    return None if format is OutputFormat.TABLE else limit
