"""Chooses the columns of a table: those of the row class's layout, or else one for each field.

Without a layout, columns that are empty in all rows are left out. Columns of prose are wrapped; in
all others, such as refs and dates, a value is never broken.
"""

from collections.abc import Sequence
from typing import Any

from claimtrack import dates
from claimtrack.escaping import format_value
from claimtrack.present.columns import Cell, Column, Layout, line_of
from claimtrack.vocab import fields_of

PROSE = frozenset(
    {
        "affirmers",
        "aliases",
        "caution",
        "condition",
        "conditions",
        "counter_urls",
        "deniers",
        "described_as",
        "exact",
        "fields",
        "finding",
        "hedge",
        "message",
        "name",
        "rationale",
        "subject_urls",
        "summary",
        "text",
        "title",
        "url",
        "urls",
        "window_summary",
    }
)
"""The names of the columns that may be wrapped."""

LINES = frozenset({"fields", "affirmers", "deniers"})
"""Columns of prose that hold a list: in tables, each item begins a new line."""


def declared_layout(row_type: type | Sequence[str]) -> Layout | None:
    """Return the layout that a row type declares, if any."""
    return getattr(row_type, "layout", None) if isinstance(row_type, type) else None


def layout_of(
    row_type: type | Sequence[str], names: Sequence[str], rows: Sequence[Any]
) -> Sequence[Column]:
    """Return the columns of a table: those that the row class declares, else the default ones.

    Args:
        row_type: The row class, or the names of the columns.
        names: The names of the columns.
        rows: All rows of the table; columns that are empty in all of them are left out.
    """
    declared = declared_layout(row_type)
    if declared is not None:
        return declared
    columns = [
        _dates(row_type, at, name) if _begins_dates(names, at) else _column(row_type, at, name)
        for at, name in enumerate(names)
        if not (at and _begins_dates(names, at - 1))
    ]
    if not rows or not isinstance(row_type, type):
        return columns
    return [one for one in columns if any(one.cell(row) != Cell() for row in rows)] or columns


def _begins_dates(names: Sequence[str], at: int) -> bool:
    """Whether two columns are the bounds of one date, which a table shows as one."""
    name = names[at]
    return name.endswith("_from") and names[at + 1 : at + 2] == [name.removesuffix("_from") + "_to"]


def _dates(row_type: Any, at: int, name: str) -> Column:
    def cell(row: Any) -> Cell:
        first, last = _value(row_type, at, row), _value(row_type, at + 1, row)
        return Cell(line_of(dates.format_span(first, last)))

    return Column(name.removesuffix("_from").replace("_", " "), cell)


def _value(row_type: Any, at: int, row: Any) -> Any:
    if isinstance(row_type, type):
        return getattr(row, fields_of(row_type)[at])
    return row[at]


def _column(row_type: Any, at: int, name: str) -> Column:
    def cell(row: Any) -> Cell:
        value = _value(row_type, at, row)
        if isinstance(value, float):
            return Cell((f"{value:.3g}",))
        parts = [format_value(part) for part in value] if isinstance(value, tuple | list) else None
        if name not in PROSE:
            return Cell(whole=tuple(parts) if parts is not None else line_of(format_value(value)))
        return Cell(
            text="\n".join(parts) if parts is not None else text_of(name, format_value(value))
        )

    return Column(name.replace("_", " "), cell)


def text_of(name: str, text: str) -> str:
    """Return the text of a column of prose; in a column of `LINES`, with a line for each item."""
    return text.replace("; ", "\n") if name in LINES else text
