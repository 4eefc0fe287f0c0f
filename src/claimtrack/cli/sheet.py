"""One thing and what belongs to it, in every format: a record as `show` has it, or a pair.

JSON has one object: the columns of the thing, and a list for each section, by its heading in lower
case with underscores; nothing is left out. CSV has one line per value, with the section and the
number of its row, of what is not empty.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from claimtrack.cli.output import opened
from claimtrack.cli.render import Out, column_names, plain, record, write_markdown
from claimtrack.cli.table import terminal_width
from claimtrack.escaping import escape_controls
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


def emit_sheet(out: Out, sheet: Sheet, page: Callable[[TextIO], None]) -> None:
    """Write a sheet in the format asked for; `page` writes it for a terminal."""
    if out.format is OutputFormat.CSV:
        out.emit(_values(sheet), ["section", "row", "field", "value"])
        return
    with opened(out.output) as stream:
        match out.format:
            case OutputFormat.JSON:
                stream.write(json.dumps([_object(sheet)], ensure_ascii=False, indent=1) + "\n")
            case OutputFormat.JSONL:
                stream.write(json.dumps(_object(sheet), ensure_ascii=False) + "\n")
            case OutputFormat.MARKDOWN:
                _markdown(stream, sheet)
            case _:
                page(stream)


def write_title(stream: TextIO, title: str) -> None:
    """Write the first two lines of a page."""
    stream.write(f"{escape_controls(title)}\n{'═' * min(len(title), terminal_width())}\n")


def _object(sheet: Sheet) -> dict[str, Any]:
    return {
        **{name: plain(value) for name, value in sheet.columns.items()},
        **{
            heading.lower().replace(" ", "_"): [record(row) for row in rows]
            for heading, rows in sheet.sections.items()
        },
    }


def _values(sheet: Sheet) -> Iterator[tuple[str, int | None, str, Any]]:
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
            rows = ([getattr(row, name) for name in row.__dataclass_fields__] for row in found)
            write_markdown(stream, column_names(type(found[0])), rows)
