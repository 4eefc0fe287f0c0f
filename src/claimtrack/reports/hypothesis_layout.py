"""The table of the matrix of hypotheses, whose rows are lists: an entry, and a cell for each."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from claimtrack.escaping import format_value
from claimtrack.present.columns import Cell, Column, Layout, line_of


def hypothesis_layout(hypotheses: Sequence[str]) -> Layout:
    """Return the columns of the matrix of these hypotheses."""
    cells = (
        Column(name, partial(_cell, at))
        for at, name in enumerate([*hypotheses, "diagnosticity"], start=5)
    )
    return (
        Column(
            "entry", lambda row: Cell((row[0], *line_of(format_value(row[1])), *line_of(row[2])))
        ),
        Column("summary", lambda row: Cell(text=row[4])),
        *cells,
    )


def _cell(at: int, row: Sequence[Any]) -> Cell:
    value = row[at]
    return Cell(value) if isinstance(value, tuple) else Cell(line_of(format_value(value)))
