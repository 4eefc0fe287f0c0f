"""Rows in groups, each under a heading of its own, as tables and as Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from claimtrack.escaping import escape_markdown
from claimtrack.present.columns import Cell, Layout
from claimtrack.present.tables import RowGroup, draw_groups
from claimtrack.present.writers import write_markdown


@dataclass(frozen=True)
class Group:
    """A group of rows.

    Attributes:
        title: Its heading.
        summary: A line below the heading.
        layout: Its columns.
        parts: Its rows in parts, each with a line above it, which may be empty; iterators are read
            in order.
        spaced: Whether a blank line separates two rows of which one has several lines.
    """

    title: str
    summary: str
    layout: Layout
    parts: Iterable[tuple[str, Iterable[Any]]]
    spaced: bool = True


def draw_in_groups(stream: TextIO, groups: Iterable[Group], width: int) -> None:
    """Write groups as tables; consecutive groups with the same layout have aligned columns."""
    alike: list[tuple[Group, list[RowGroup]]] = []
    for group in groups:
        if not alike or alike[-1][0].layout is not group.layout:
            alike.append((group, []))
        heading: tuple[str, ...] = (group.title, group.summary)
        for part, rows in group.parts:
            alike[-1][1].append(RowGroup(heading, part, list(rows)))
            heading = ()
    for number, (first, row_groups) in enumerate(alike):
        stream.write("\n" if number else "")
        draw_groups(stream, first.layout, row_groups, width, spaced=first.spaced)


def write_markdown_groups(stream: TextIO, groups: Iterator[Group]) -> None:
    """Write groups as Markdown, one after another: a heading, then a table for each part."""
    for group in groups:
        stream.write(f"### {escape_markdown(group.title)}\n\n{escape_markdown(group.summary)}\n\n")
        names: Sequence[str] = [column.heading for column in group.layout]
        for part, rows in group.parts:
            stream.write(f"**{escape_markdown(part)}**\n\n" if part else "")
            cells = ([_text(column.cell(row)) for column in group.layout] for row in rows)
            write_markdown(stream, names, cells)
            stream.write("\n")


def _text(cell: Cell) -> str:
    return "\n".join([*cell.whole, *([cell.text] if cell.text else [])])
