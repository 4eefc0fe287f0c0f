"""The columns of a table, as a row class declares them in its attribute `layout`.

Cells are text and nothing is drawn here, so that a report which is written as CSV does not load
`tables`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from claimtrack import times
from claimtrack.escaping import format_value


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of a cell of a table.

    Attributes:
        whole: Lines that are never broken, such as refs.
        text: A text below these that may be wrapped.
    """

    whole: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        heading: Its heading.
        cell: Returns its cell for a row.
    """

    heading: str
    cell: Callable[[Any], Cell]


Layout: TypeAlias = tuple[Column, ...]
"""The columns of a table.

A row class whose table has other columns than its fields has one as its attribute `layout`.
"""


def line_of(text: str) -> tuple[str, ...]:
    """Return a text as the lines of a cell: none if it is empty."""
    return (text,) if text else ()


def whole_cell(*names: str) -> Callable[[Any], Cell]:
    """Return a function that makes a cell of attributes of a row: one line each, never broken."""

    def cell(row: Any) -> Cell:
        values = (getattr(row, name) for name in names)
        return Cell(
            tuple(format_value(value) for value in values if value is not None and value != "")
        )

    return cell


def prose_cell(name: str) -> Callable[[Any], Cell]:
    """Return a function that makes a cell of an attribute of a row: a text that is wrapped."""
    return lambda row: Cell(text=format_value(getattr(row, name)))


def entry_cell(row: Any) -> Cell:
    """Return the cell of an entry: its ref, its actor and its date."""
    return Cell((row.ref, row.actor, *line_of(times.format_row(row))))


def date_cell(row: Any) -> Cell:
    """Return the cell of the date of a row."""
    return Cell(line_of(times.format_row(row)))


def field_columns(names: Iterable[str]) -> Layout:
    """Return a layout for one record, which is a mapping of these names to texts."""
    return tuple(Column(name, _field(name)) for name in names)


def _field(name: str) -> Callable[[Any], Cell]:
    return lambda record: Cell(text=record[name])
