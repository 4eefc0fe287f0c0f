"""One thing and what belongs to it, in every format: a record as `show` has it, or a pair.

JSON has one object: the columns of the thing, and a list for each section, by its heading in lower
case with underscores; nothing is left out. CSV has one line per value, with the section and the
number of its row, of what is not empty. What a reader of a terminal sees of it is a page (`pages`).
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
    """One thing and what belongs to it.

    Attributes:
        title: What it is.
        columns: What JSON and CSV have of it, by name, what is empty among it.
        fields: What a reader sees of it, by the names under which it is seen.
        sections: The rows of what belongs to it, by heading, in order; some may be empty.
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
"""The columns of what `sheet_values` yields."""


def sheet_values(sheet: Sheet) -> Iterator[tuple[str, int | None, str, Any]]:
    """Yield the values of a sheet that are not empty, a row each for CSV.

    Each has its section and the number of its row in that, from 1; the sheet's own columns come
    first and have neither.
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
