"""One record as a dossier on paper: what it is, then a table for each kind of what hangs on it.

JSON has one object with `title`, `fields` and `sections`; CSV one line per value, with the section
and the number of its row.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from claimtrack.cli.layouts import layout_of
from claimtrack.cli.output import opened
from claimtrack.cli.render import Out, column_names, harmless, plain, record, write_markdown
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
    return {
        "title": shown.title,
        "fields": {name: plain(value) for name, value in shown.fields},
        "sections": [
            {"heading": section.heading, "rows": [record(row) for row in section.rows]}
            for section in shown.sections
        ],
    }


def _values(shown: "Shown") -> Iterator[tuple[str, int | None, str, Any]]:
    for name, value in shown.fields:
        yield "", None, name, value
    for section in shown.sections:
        for number, row in enumerate(section.rows, start=1):
            for name in row.__dataclass_fields__:
                yield section.heading, number, name, getattr(row, name)


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
