"""Writes one record or one pair, with its sections, in every format but tables.

JSON has one object: the columns, and a list for each section, by its heading in lower case with
underscores; nothing is left out. CSV has one line for each value that is not empty, with the
section and the number of the row. On a terminal it is written as a page (`pages`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from claimtrack.escaping import escape_controls
from claimtrack.present.row_values import column_names, json_value, row_object, row_values
from claimtrack.present.writers import write_markdown
from claimtrack.vocab import OutputFormat


@dataclass(frozen=True)
class Sheet:
    """One record or one pair, with its sections.

    Attributes:
        title: Its title in Markdown.
        columns: Its values in JSON and CSV by name, empty ones included.
        fields: The labels and texts of its fields in Markdown.
        sections: The rows of its sections, by heading, in order; some may be empty.
    """

    title: str
    columns: Mapping[str, Any]
    fields: Sequence[tuple[str, str]]
    sections: Mapping[str, Sequence[Any]]


def write_sheet(stream: TextIO, sheet: Sheet, format: OutputFormat) -> None:
    """Write a sheet as JSON, JSON Lines or Markdown."""
    match format:
        case OutputFormat.JSON:
            stream.write(json.dumps([_object(sheet)], ensure_ascii=False, indent=1) + "\n")
        case OutputFormat.JSONL:
            stream.write(json.dumps(_object(sheet), ensure_ascii=False) + "\n")
        case _:
            _markdown(stream, sheet)


def _object(sheet: Sheet) -> dict[str, Any]:
    return {
        **{name: json_value(value) for name, value in sheet.columns.items()},
        **{
            heading.lower().replace(" ", "_"): [row_object(row) for row in rows]
            for heading, rows in sheet.sections.items()
        },
    }


VALUE_COLUMNS = ("section", "row", "field", "value")
"""The names of the columns of the rows that `sheet_values` yields."""


def sheet_values(sheet: Sheet) -> Iterator[tuple[str, int | None, str, Any]]:
    """Yield the values of a sheet that are not empty, as the rows of its CSV.

    Each row has the section, the number of the row in that section (from 1), the column and the
    value. The sheet's own columns come first, with an empty section and no number.
    """
    for name, value in _object(sheet).items():
        if not isinstance(value, list) or not any(isinstance(row, dict) for row in value):
            if value not in (None, "", []):
                yield "", None, name, value
            continue
        for number, row in enumerate(value, start=1):
            for field, part in row.items():
                yield name, number, field, part


def _markdown(stream: TextIO, sheet: Sheet) -> None:
    stream.write(f"# {escape_controls(sheet.title)}\n\n")
    write_markdown(stream, ["field", "value"], sheet.fields)
    for heading, found in sheet.sections.items():
        if found:
            stream.write(f"\n## {escape_controls(heading)}\n\n")
            write_markdown(stream, column_names(type(found[0])), map(row_values, found))
