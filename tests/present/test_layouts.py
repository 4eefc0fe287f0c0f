"""Which columns a table has: each row type that is printed declares them, or shows its own."""

from dataclasses import dataclass
from datetime import date
from importlib import import_module

import pytest

from claimtrack import lookup, replay
from claimtrack.history import LogRow
from claimtrack.lookup import layouts
from claimtrack.present.columns import Cell, Column
from claimtrack.present.layouts import declared_layout, layout_of
from claimtrack.present.row_values import column_names
from claimtrack.reports import REPORTS
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.coverage import CoverageRow, OmissionRow
from claimtrack.reports.findings import Finding
from claimtrack.reports.hypotheses import CellRow, Matrix, SumRow
from claimtrack.reports.pair_table import JudgedPair

COLUMN_BY_COLUMN = {
    CoverageRow,
    Finding,
    OmissionRow,
    SumRow,
    lookup.DocumentRow,
    lookup.GradeRow,
    lookup.LinkRow,
    lookup.MeasureRow,
    lookup.SearchRow,
    lookup.TopicRow,
    replay.Finding,
}
"""Row types whose columns a table shows as they are."""

OTHERWISE = {ContradictionRow: JudgedPair.layout, CellRow: Matrix.layout, LogRow: layouts.LOG}
"""Row types of which a table shows something more, or which cannot declare their layout."""

LISTED = (*lookup.NOUNS, "entry", "stance", "link", "citation", "grade")
OTHERS = (
    *(Finding, SumRow, lookup.SearchRow, lookup.CaptureRow, lookup.CaptureFinding),
    *(LogRow, replay.Finding),
)


def _printed() -> list[type]:
    """Return the row types of all reports, of all lists, and of other commands."""
    reports = (
        getattr(import_module(f"claimtrack.reports.{report.module}"), report.row)
        for report in REPORTS
        if report.row
    )
    return list(dict.fromkeys([*reports, *map(lookup.row_type, LISTED), *OTHERS]))


@pytest.mark.parametrize(
    "row_type", _printed(), ids=lambda one: f"{one.__module__}.{one.__qualname__}"
)
def test_every_row_type_has_a_layout_or_is_shown_column_by_column(row_type: type) -> None:
    has_layout = declared_layout(row_type) is not None or row_type in OTHERWISE
    assert has_layout is not (row_type in COLUMN_BY_COLUMN), (
        "give the row type a layout, or name it in COLUMN_BY_COLUMN; not both"
    )


@pytest.mark.parametrize("row_type", _printed(), ids=lambda one: one.__qualname__)
def test_a_layout_is_no_column(row_type: type) -> None:
    assert "layout" not in column_names(row_type)


@dataclass(frozen=True, slots=True)
class Plain:
    """A row without a layout."""

    ref: str
    date_from: date | None
    date_to: date | None
    hedge: str | None
    propositions: tuple[str, ...]


def test_without_a_layout_columns_that_are_empty_in_all_rows_are_left_out() -> None:
    rows = [Plain("S1", date(2024, 1, 1), date(2024, 1, 31), None, ("p", "q"))]
    columns = layout_of(Plain, column_names(Plain), rows)
    assert [(one.heading, one.cell(rows[0])) for one in columns] == [
        ("ref", Cell(("S1",))),
        ("date", Cell(("2024-01",))),
        ("propositions", Cell(("p", "q"))),
    ]


def test_without_rows_all_columns_are_shown() -> None:
    columns = layout_of(Plain, column_names(Plain), [])
    assert [one.heading for one in columns] == ["ref", "date", "hedge", "propositions"]


def test_rows_that_are_lists_have_a_column_for_each_name() -> None:
    columns = layout_of(["ref", "share"], ["ref", "share"], [["S1", 0.12345]])
    assert [one.cell(["S1", 0.12345]) for one in columns] == [Cell(("S1",)), Cell(("0.123",))]


def test_a_declared_layout_is_taken_as_it_is() -> None:
    class Declared:
        layout = (Column("only", lambda _: Cell(("x",))),)

    assert layout_of(Declared, ["a", "b"], []) is Declared.layout
