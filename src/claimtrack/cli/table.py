"""Tables that fit the terminal: texts are wrapped, and what must stay whole is never broken."""

import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from claimtrack.escaping import escape_controls

GAP = "  "
_INDENT = "  "
"""Before the rows of a group."""
NARROWEST_TEXT = 16
"""Columns that a text is given at least; where there is no room, rows are stacked instead."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines that must stay whole, such as refs, and a text below them that may be wrapped."""

    whole: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and its cell for a row."""

    heading: str
    cell: Callable[[Any], Cell]


def fields_of(names: Iterable[str]) -> list[Column]:
    """Return the columns of one record, which is a mapping of those names to texts."""
    return [Column(name, _field(name)) for name in names]


def _field(name: str) -> Callable[[Any], Cell]:
    return lambda record: Cell(text=record[name])


def terminal_width() -> int:
    """Return the columns of the terminal; 80 where there is none."""
    return max(shutil.get_terminal_size((80, 24)).columns, 20)


def draw(
    stream: TextIO, columns: Sequence[Column], rows: Sequence[Any], *, stacked: bool = False
) -> None:
    """Write rows as a table; where it does not fit, one below the other as `heading  value`."""
    cells = [[column.cell(row) for column in columns] for row in rows]
    headings = [column.heading for column in columns]
    widths = None if stacked else _widths(headings, cells, terminal_width())
    lines = (
        _stacked(headings, cells, terminal_width())
        if widths is None
        else _side_by_side(headings, cells, widths)
    )
    for line in lines:
        stream.write(line.rstrip() + "\n")


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of a table under lines of their own, of which the first is underlined if there is any.

    Attributes:
        heading: The lines.
        part: A line below these and right above the rows, or none: groups may have several parts.
        rows: The rows.
    """

    heading: Sequence[str]
    part: str
    rows: Sequence[Any]


def draw_groups(
    stream: TextIO, columns: Sequence[Column], groups: Sequence[RowGroup], *, spaced: bool
) -> None:
    """Write groups of rows one below the other, all in columns of the same width.

    `spaced` puts a blank line between two rows of which one has several lines.
    """
    width = terminal_width()
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
    """Return how many columns a terminal gives a text."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1
        for mark in text
    )


def cut(text: str, width: int) -> str:
    """Return a text as one line of at most that width, with a sign where the rest is missing."""
    if width_of(text) <= width:
        return text
    return text[: _fitting(text, width - 1)].rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as lines of at most that width, broken between words where that is possible."""
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
                taken = _fitting(rest, width)
                lines.append(rest[:taken])
                rest = rest[taken:]
            line = rest
        if line:
            lines.append(line)
    return lines


def _fitting(word: str, width: int) -> int:
    taken = len(word)
    while taken > 1 and width_of(word[:taken]) > width:
        taken -= 1
    return taken


def _widths(
    headings: Sequence[str], cells: Sequence[Sequence[Cell]], total: int
) -> list[int] | None:
    """Share the terminal among the columns; None where what must stay whole has no room."""
    least, wanted = [], []
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
        wanted.append(max(whole, text))
    left = total - sum(least) - len(GAP) * (len(headings) - 1)
    if left < 0:
        return None
    widths = list(least)
    while left and (hungry := [at for at, want in enumerate(wanted) if widths[at] < want]):
        narrowest = min(hungry, key=lambda at: widths[at])
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
    tall = spaced and any(
        len(_lines(cell, w)) > 1 for row in cells for cell, w in zip(row, widths, strict=True)
    )
    for number, row in enumerate(cells):
        if tall and number:
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
