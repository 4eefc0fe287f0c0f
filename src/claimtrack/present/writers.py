"""Rows as JSON, JSON Lines and Markdown; for CSV see `csv_writer`.

Each writer takes a text stream, the names of the columns, and rows that are sequences of as many
values. Lists are arrays in JSON; in Markdown they are joined by `; `. Missing values are null in
JSON and empty in Markdown.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from claimtrack.escaping import escape_markdown, format_cell
from claimtrack.present.row_values import json_value
from claimtrack.vocab import OutputFormat

Writer = Callable[[TextIO, Sequence[str], Iterable[Sequence[Any]]], None]


def write_json(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as a JSON array of objects, one object on each line."""
    stream.write("[")
    for number, row in enumerate(rows):
        stream.write(",\n" if number else "\n")
        stream.write(_object(names, row))
    stream.write("\n]\n")


def write_json_lines(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as JSON objects, one on each line."""
    for row in rows:
        stream.write(_object(names, row) + "\n")


def _object(names: Sequence[str], row: Sequence[Any]) -> str:
    return json.dumps(dict(zip(names, map(json_value, row), strict=True)), ensure_ascii=False)


def write_markdown(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as a pipe table."""
    stream.write(f"| {' | '.join(names)} |\n|{' --- |' * len(names)}\n")
    for row in rows:
        stream.write(f"| {' | '.join(markdown_cell(value) for value in row)} |\n")


def markdown_cell(value: Any) -> str:
    """Return a value as a cell of a pipe table, with its lines below each other."""
    return "<br>".join(escape_markdown(format_cell(value)).splitlines())


WRITERS: Mapping[OutputFormat, Writer] = {
    OutputFormat.JSON: write_json,
    OutputFormat.JSONL: write_json_lines,
    OutputFormat.MARKDOWN: write_markdown,
}
"""The writers by format; for CSV see `csv_writer.CsvStyle`, for tables `tables.draw`."""
