"""A record on one screen: what it is, then the first few rows of each kind that hang on it.

Where all that hangs on a record takes more than `LINES`, a row has a line or two, cut where the
terminal ends, and sections are shortened, the longest first; the heading then says of how many rows
these are the first, and which command lists all.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from claimtrack.cli.items import Item, graded, items_of
from claimtrack.cli.layouts import layout_of
from claimtrack.cli.render import column_names
from claimtrack.cli.sheet import write_title
from claimtrack.cli.table import cut, draw, terminal_width, width_of, wrapped
from claimtrack.escaping import escape_controls

if TYPE_CHECKING:
    from claimtrack.lookup import Section, Shown

LINES = 40
"""Lines of a record that is cut to a screen."""
_FEWEST = {"Asserts": 4}
"""Rows that a section keeps, however much hangs on a record, where it is not 2."""
_WIDEST_NAME = 30
_FIELD_LINES = 3
"""Lines that one field takes of a screen at most."""


def write_screen(stream: TextIO, shown: "Shown", *, whole: bool) -> None:
    """Write a record; unless the whole of it is wanted, cut to a screen."""
    write_title(stream, shown.title)
    parts = {section.heading: section for section in shown.sections}
    grades, history = parts.pop("Grades", None), parts.pop("History", None)
    fields = [*shown.fields, *(("graded", graded(row)) for row in (grades.rows if grades else ()))]
    sections = [_Section(section, shown.table) for section in parts.values()]
    lines = _lines(fields, sections, whole=True)
    if not whole and len(lines) > LINES - 2:
        _shorten(sections, LINES - 2 - len(list(_fields(fields, whole=False))))
        lines = _lines(fields, sections, whole=False)
    stream.writelines(f"{line.rstrip()}\n" for line in lines)
    if history is not None:
        stream.write("\nHistory\n\n")
        kind = type(history.rows[0])
        draw(stream, layout_of(kind, column_names(kind), history.rows), history.rows)


def _lines(
    fields: Sequence[tuple[str, str]], sections: Sequence["_Section"], *, whole: bool
) -> list[str]:
    lines = list(_fields(fields, whole=whole))
    above = {ref for section in sections for ref in section.summarised}
    for section in sections:
        lines += ["", *section.lines(above, whole=whole)]
    return lines


class _Section:
    """Rows of one kind, of which the first are shown."""

    def __init__(self, section: "Section", table: str) -> None:
        self._section = section
        self._called, self._items = items_of(section.rows, table, section.heading)
        self.count = len(self._items)
        """How many rows are shown."""
        self.fewest = _FEWEST.get(section.heading, 2)

    @property
    def summarised(self) -> list[str]:
        """The entries whose summaries are shown."""
        return [item.summarises for item in self._items[: self.count] if item.summarises]

    @property
    def height(self) -> int:
        """How many lines are shown, with the blank one before the section."""
        heading = len(list(self._heading()))
        return 1 + heading + sum(item.height for item in self._items[: self.count])

    def lines(self, above: Collection[str], *, whole: bool) -> Iterator[str]:
        """Yield the lines; the summaries of entries in `above` are not repeated."""
        yield from self._heading()
        items = [item.without(above) for item in self._items[: self.count]]
        widest = max(width_of(escape_controls(item.name)) for item in items)
        indent = 2 + min(widest, _WIDEST_NAME, terminal_width() // 3) + 2
        for item in items:
            yield from _item_lines(item, indent, whole=whole)

    def _heading(self) -> Iterator[str]:
        heading, total = self._called, self._section.total
        if self.count == total:
            yield heading
            return
        counted = f"{heading}: {self.count:,} of {total:,}"
        line = f"{counted} ({self._section.command})"
        if width_of(line) <= terminal_width():
            yield line
        else:
            yield counted
            yield f"  {self._section.command}"


def _shorten(sections: Sequence[_Section], room: int) -> None:
    """Take rows off the longest sections until all fit, or none can be shortened."""
    while sum(section.height for section in sections) > room:
        longer = [section for section in sections if section.count > section.fewest]
        if not longer:
            return
        max(longer, key=lambda section: section.height).count -= 1


def _item_lines(item: Item, indent: int, *, whole: bool) -> Iterator[str]:
    width = max(terminal_width() - indent, 1)
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


def _fields(fields: Sequence[tuple[str, str]], *, whole: bool) -> Iterator[str]:
    indent = max(len(name) for name, _ in fields) + 2
    width = max(terminal_width() - indent, 16)
    for name, text in fields:
        lines = wrapped(escape_controls(text), width) or [""]
        if not whole and len(lines) > _FIELD_LINES:
            rest = " ".join(lines[_FIELD_LINES - 1 :])
            lines = [*lines[: _FIELD_LINES - 1], cut(rest, width)]
        for at, line in enumerate(lines):
            yield (name if at == 0 else "").ljust(indent) + line
