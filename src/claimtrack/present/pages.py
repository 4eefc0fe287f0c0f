"""Writes a record as a page: its fields, then its sections, shortened to fit one screen.

If the whole page would have more than `LINES` lines, each row takes one or two lines, cut at the
width, and sections are shortened, the longest first; the heading of such a section then gives the
number of all rows and the command that lists them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TextIO

from claimtrack.escaping import escape_controls
from claimtrack.present.columns import Layout
from claimtrack.present.tables import NARROWEST_TEXT, cut, draw, width_of, wrapped

LINES = 40
"""The greatest number of lines of a page that is shortened to one screen."""
_WIDEST_NAME = 30
_FIELD_LINES = 3
"""The greatest number of lines that one field takes of such a page."""


@dataclass(frozen=True)
class Item:
    """A row of a section of a page.

    Attributes:
        name: Its name, such as a ref.
        texts: Its description, one text for each line.
        most: The greatest number of these that a shortened page shows.
        summarises: The ref of the entry whose summary is among the texts.
        repeats: The ref of the entry whose summary is the first text; that text is left out if the
            page shows the summary above.
    """

    name: str
    texts: tuple[str, ...]
    most: int = 1
    summarises: str | None = None
    repeats: str | None = None

    @property
    def height(self) -> int:
        """The number of lines that it takes on a shortened page."""
        return max(1, min(self.most, len(self.texts)))

    def without(self, above: Collection[str]) -> "Item":
        """Return the item without a summary that it repeats; `above` are the entries summarised."""
        return replace(self, texts=self.texts[1:]) if self.repeats in above else self


@dataclass(frozen=True)
class Listing:
    """A section of a page as a list of items.

    Attributes:
        heading: Its heading.
        items: Its rows, or the first of them.
        total: The number of all rows.
        command: The command that lists all rows.
        fewest: The number of rows that are shown, however long the page is.
    """

    heading: str
    items: Sequence[Item]
    total: int
    command: str
    fewest: int = 2


@dataclass(frozen=True)
class Table:
    """A section of a page as a table; it is never shortened."""

    heading: str
    layout: Layout
    rows: Sequence[Any]


@dataclass(frozen=True)
class Page:
    """A record with its sections, ready to be written.

    Attributes:
        title: The record type and the ref.
        fields: The names and texts of the fields.
        listings: The sections, none of them empty.
        tables: Further sections that are tables, none of them empty.
    """

    title: str
    fields: Sequence[tuple[str, str]]
    listings: Sequence[Listing] = ()
    tables: Sequence[Table] = ()


def write_page(stream: TextIO, page: Page, width: int, *, whole: bool) -> None:
    """Write a page of `width` columns; unless `whole`, shorten all but its tables to `LINES`."""
    write_title(stream, page.title, width)
    sections = [_Section(listing, width) for listing in page.listings]
    lines = _lines(page.fields, sections, width, whole=True)
    if not whole and len(lines) > LINES - 2:
        _shorten(sections, LINES - 2 - len(list(_fields(page.fields, width, whole=False))))
        lines = _lines(page.fields, sections, width, whole=False)
    stream.writelines(f"{line.rstrip()}\n" for line in lines)
    write_tables(stream, page.tables, width)


def write_title(stream: TextIO, title: str, width: int) -> None:
    """Write the first two lines of a page."""
    stream.write(f"{escape_controls(title)}\n{'═' * min(len(title), width)}\n")


def write_tables(stream: TextIO, tables: Sequence[Table], width: int) -> None:
    """Write tables under their headings."""
    for table in tables:
        stream.write(f"\n{table.heading}\n\n")
        draw(stream, table.layout, table.rows, width)


def _lines(
    fields: Sequence[tuple[str, str]], sections: Sequence["_Section"], width: int, *, whole: bool
) -> list[str]:
    lines = list(_fields(fields, width, whole=whole))
    above = {ref for section in sections for ref in section.summarised}
    for section in sections:
        lines += ["", *section.lines(above, whole=whole)]
    return lines


class _Section:
    """A listing, of which the first rows are shown."""

    def __init__(self, listing: Listing, width: int) -> None:
        self._listing, self._items, self._width = listing, listing.items, width
        self.count = len(listing.items)
        """How many rows are shown."""
        self.fewest = listing.fewest

    @property
    def summarised(self) -> list[str]:
        """The refs of the entries whose summaries are shown."""
        return [item.summarises for item in self._items[: self.count] if item.summarises]

    @property
    def height(self) -> int:
        """The number of lines shown, including the blank line before the section."""
        heading = len(list(self._heading()))
        return 1 + heading + sum(item.height for item in self._items[: self.count])

    def lines(self, above: Collection[str], *, whole: bool) -> Iterator[str]:
        """Yield the lines; the summaries of entries in `above` are not repeated."""
        yield from self._heading()
        items = [item.without(above) for item in self._items[: self.count]]
        widest = max(width_of(escape_controls(item.name)) for item in items)
        indent = 2 + min(widest, _WIDEST_NAME, self._width // 3) + 2
        for item in items:
            yield from _item_lines(item, indent, self._width, whole=whole)

    def _heading(self) -> Iterator[str]:
        heading, total = self._listing.heading, self._listing.total
        if self.count == total:
            yield heading
            return
        counted = f"{heading}: {self.count:,} of {total:,}"
        line = f"{counted} ({self._listing.command})"
        if width_of(line) <= self._width:
            yield line
        else:
            yield counted
            yield f"  {self._listing.command}"


def _shorten(sections: Sequence[_Section], height: int) -> None:
    """Remove rows from the longest sections until all fit into `room` lines or none can shrink."""
    while sum(section.height for section in sections) > height:
        longer = [section for section in sections if section.count > section.fewest]
        if not longer:
            return
        max(longer, key=lambda section: section.height).count -= 1


def _item_lines(item: Item, indent: int, total: int, *, whole: bool) -> Iterator[str]:
    width = max(total - indent, 1)
    texts = [escape_controls(text) for text in item.texts]
    if whole:
        lines = [line for text in texts for line in wrapped(text, width)]
    else:
        lines = [cut(" ".join(text.split()), width) for text in texts[: item.height]]
    name = escape_controls(item.name)
    if width_of(name) > indent - 4:
        yield f"  {name}"
        name = ""
    for line in lines or [""]:
        yield f"  {name}{' ' * (indent - 2 - width_of(name))}{line}"
        name = ""


def _fields(fields: Sequence[tuple[str, str]], total: int, *, whole: bool) -> Iterator[str]:
    indent = max(len(name) for name, _ in fields) + 2
    width = max(total - indent, NARROWEST_TEXT)
    for name, text in fields:
        lines = wrapped(escape_controls(text), width) or [""]
        if not whole and len(lines) > _FIELD_LINES:
            rest = " ".join(lines[_FIELD_LINES - 1 :])
            lines = [*lines[: _FIELD_LINES - 1], cut(rest, width)]
        for at, line in enumerate(lines):
            yield (name if at == 0 else "").ljust(indent) + line
