"""Draws tables that fit a width: texts are wrapped; refs, dates and numbers are never broken."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from claimtrack.escaping import escape_controls
from claimtrack.present.columns import Cell, Column

GAP = "  "
_INDENT = "  "
"""Before the rows of a group."""
NARROWEST_TEXT = 16
"""The least width of a column of text; if there is no room for it, rows are stacked instead."""


def draw(stream: TextIO, columns: Sequence[Column], rows: Sequence[Any], width: int) -> None:
    """Write rows as a table of `width` columns, or with `draw_stacked` if they do not fit."""
    cells = [[column.cell(row) for column in columns] for row in rows]
    headings = [column.heading for column in columns]
    widths = _widths(headings, cells, width)
    _write(
        stream,
        _stacked(headings, cells, width)
        if widths is None
        else _side_by_side(headings, cells, widths),
    )


def draw_stacked(
    stream: TextIO, columns: Sequence[Column], rows: Sequence[Any], width: int
) -> None:
    """Write rows one below the other, each cell as `heading  value`, in lines of `width`."""
    cells = [[column.cell(row) for column in columns] for row in rows]
    _write(stream, _stacked([column.heading for column in columns], cells, width))


def _write(stream: TextIO, lines: Iterator[str]) -> None:
    for line in lines:
        stream.write(line.rstrip() + "\n")


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of a table under a heading of their own.

    Attributes:
        heading: The lines of the heading, of which the first is underlined; may be empty.
        part: A line between the heading and the rows, or an empty text.
        rows: The rows.
    """

    heading: Sequence[str]
    part: str
    rows: Sequence[Any]


def draw_groups(
    stream: TextIO,
    columns: Sequence[Column],
    groups: Sequence[RowGroup],
    width: int,
    *,
    spaced: bool,
) -> None:
    """Write groups of rows one below the other, all in columns of the same width.

    `spaced` puts a blank line between two rows of which one has several lines.
    """
    total = width - len(_INDENT)
    cells = [[[column.cell(row) for column in columns] for row in group.rows] for group in groups]
    headings = [column.heading for column in columns]
    widths = _widths(headings, [row for rows in cells for row in rows], total)
    for number, (group, rows) in enumerate(zip(groups, cells, strict=True)):
        aligned = _stacked(headings, rows, total) if widths is None else None
        lines = aligned or _aligned(rows, widths or (), spaced=spaced)
        parts = [*_titled(group.heading, width), *(wrapped(escape_controls(group.part), width))]
        for line in [*([""] if number else []), *parts, *(f"{_INDENT}{line}" for line in lines)]:
            stream.write(line.rstrip() + "\n")


def _titled(heading: Sequence[str], width: int) -> Iterator[str]:
    """Yield the lines of a heading, the first of them underlined, and a blank one."""
    for at, text in enumerate(heading):
        lines = wrapped(escape_controls(text), width)
        yield from lines
        if at == 0:
            yield "═" * max(map(width_of, lines), default=1)
    if heading:
        yield ""


def width_of(text: str) -> int:
    """Return the number of columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1
        for mark in text
    )


def cut(text: str, width: int) -> str:
    """Return a text as one line of at most `width` columns; an ellipsis marks a cut."""
    if width_of(text) <= width:
        return text
    return text[: _fitting(text, width - 1)].rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines of at most `width` columns, broken between words if possible."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            rest = word
            if line and width_of(line) + 1 + width_of(rest) <= width:
                line = f"{line} {rest}"
                continue
            if line:
                lines.append(line)
            while width_of(rest) > width:
                length = _fitting(rest, width)
                lines.append(rest[:length])
                rest = rest[length:]
            line = rest
        if line:
            lines.append(line)
    return lines


def _fitting(word: str, width: int) -> int:
    length = len(word)
    while length > 1 and width_of(word[:length]) > width:
        length -= 1
    return length


def _widths(
    headings: Sequence[str], cells: Sequence[Sequence[Cell]], total: int
) -> list[int] | None:
    """Return the width of each column; None if the parts that are never broken do not fit."""
    least, most = [], []
    for at, heading in enumerate(headings):
        column = [row[at] for row in cells]
        whole = max(
            [
                width_of(heading),
                *(width_of(escape_controls(line)) for cell in column for line in cell.whole),
            ]
        )
        text = max(
            (width_of(escape_controls(line)) for c in column for line in c.text.splitlines()),
            default=0,
        )
        least.append(max(whole, min(text, NARROWEST_TEXT)))
        most.append(max(whole, text))
    left = total - sum(least) - len(GAP) * (len(headings) - 1)
    if left < 0:
        return None
    widths = list(least)
    while left and (narrow := [at for at, full in enumerate(most) if widths[at] < full]):
        narrowest = min(narrow, key=lambda at: widths[at])
        widths[narrowest] += 1
        left -= 1
    return widths


def _side_by_side(
    headings: Sequence[str], cells: Sequence[Sequence[Cell]], widths: Sequence[int]
) -> Iterator[str]:
    yield _line(headings, widths)
    yield GAP.join("─" * width for width in widths)
    yield from _aligned(cells, widths, spaced=True)


def _aligned(
    cells: Sequence[Sequence[Cell]], widths: Sequence[int], *, spaced: bool
) -> Iterator[str]:
    has_tall_rows = spaced and any(
        len(_lines(cell, w)) > 1 for row in cells for cell, w in zip(row, widths, strict=True)
    )
    for number, row in enumerate(cells):
        if has_tall_rows and number:
            yield ""
        columns = [_lines(cell, width) for cell, width in zip(row, widths, strict=True)]
        for at in range(max(1, *(len(lines) for lines in columns))):
            yield _line([lines[at] if at < len(lines) else "" for lines in columns], widths)


def _lines(cell: Cell, width: int) -> list[str]:
    return [
        *(escape_controls(line) for line in cell.whole),
        *wrapped(escape_controls(cell.text), width),
    ]


def _line(parts: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(
        part + " " * (width - width_of(part)) for part, width in zip(parts, widths, strict=True)
    )


def _stacked(headings: Sequence[str], cells: Sequence[Sequence[Cell]], total: int) -> Iterator[str]:
    indent = max(width_of(heading) for heading in headings) + len(GAP)
    width = max(total - indent, NARROWEST_TEXT)
    for number, row in enumerate(cells):
        if number:
            yield ""
        for heading, cell in zip(headings, row, strict=True):
            lines = _lines(cell, width)
            for at, line in enumerate(lines):
                yield (heading if at == 0 else "").ljust(indent) + line
