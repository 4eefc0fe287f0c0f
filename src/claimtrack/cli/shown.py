"""One record as a dossier on paper: what it is, then a table for each kind of what hangs on it.

JSON has one object: the `table` and the columns of the record, and a list for each section, by its
heading in lower case with underscores; nothing is left out. CSV has one line per value, with the
section and the number of its row, of what is not empty.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from claimtrack.cells import harmless
from claimtrack.cli.layouts import layout_of
from claimtrack.cli.output import opened
from claimtrack.cli.render import Out, column_names, plain, record, write_markdown
from claimtrack.cli.table import draw, fields_of, terminal_width
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.lookup import Shown


def emit_shown(out: Out, shown: "Shown") -> None:
    """Write a record in the format asked for."""
    if out.format is OutputFormat.CSV:
        out.emit(_values(shown), ["section", "row", "field", "value"])
        return
    with opened(out.output) as stream:
        match out.format:
            case OutputFormat.JSON:
                stream.write(json.dumps([_object(shown)], ensure_ascii=False, indent=1) + "\n")
            case OutputFormat.JSONL:
                stream.write(json.dumps(_object(shown), ensure_ascii=False) + "\n")
            case OutputFormat.MARKDOWN:
                _markdown(stream, shown)
            case _:
                _page(stream, shown)


def _object(shown: "Shown") -> dict[str, Any]:
    found = {section.heading: section.rows for section in shown.sections}
    return {
        "table": shown.table,
        **{name: plain(value) for name, value in shown.record.items()},
        **{
            _name(heading): [record(row) for row in found.get(heading, ())]
            for heading in shown.headings
        },
    }


def _name(heading: str) -> str:
    return heading.lower().replace(" ", "_")


def _values(shown: "Shown") -> Iterator[tuple[str, int | None, str, Any]]:
    told = _object(shown)
    for name, value in told.items():
        if not isinstance(value, list) or not any(isinstance(row, dict) for row in value):
            if value not in (None, "", []):
                yield "", None, name, value
            continue
        for number, row in enumerate(value, start=1):
            for field, part in row.items():
                yield name, number, field, part


def _markdown(stream: TextIO, shown: "Shown") -> None:
    stream.write(f"# {harmless(shown.title)}\n\n")
    write_markdown(stream, ["field", "value"], shown.fields)
    for section in shown.sections:
        stream.write(f"\n## {harmless(section.heading)}\n\n")
        names = column_names(type(section.rows[0]))
        rows = ([getattr(row, name) for name in row.__dataclass_fields__] for row in section.rows)
        write_markdown(stream, names, rows)


def _page(stream: TextIO, shown: "Shown") -> None:
    title = harmless(shown.title)
    stream.write(f"{title}\n{'═' * min(len(title), terminal_width())}\n")
    names = [name for name, _ in shown.fields]
    draw(stream, fields_of(names), [dict(shown.fields)], stacked=True)
    for section in shown.sections:
        stream.write(f"\n{harmless(section.heading)}\n\n")
        row_type = type(section.rows[0])
        rows = list(section.rows)
        draw(stream, layout_of(row_type, column_names(row_type), rows), rows)
