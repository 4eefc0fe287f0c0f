"""The reports that exports include: those that take nothing but filters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from claimtrack.db import Session
from claimtrack.history import get_anchor
from claimtrack.lookup import list_records
from claimtrack.lookup.rows import TopicRow
from claimtrack.query.filters import Filters
from claimtrack.reports import REPORTS, Report
from claimtrack.reports.hypotheses import CellRow, cells
from claimtrack.reports.running import row_type, rows_of
from claimtrack.vocab import column_of, fields_of


@dataclass(frozen=True)
class ExportedReport:
    """A report in an export.

    Attributes:
        name: Its name.
        row: The type of its rows.
        find_rows: Returns its rows for a session and filters.
    """

    name: str
    row: type[Any]
    find_rows: Callable[..., Iterable[Any]]

    @property
    def columns(self) -> list[str]:
        """The names of its columns, as in CSV."""
        return list(map(column_of, fields_of(self.row)))

    @property
    def meaning(self) -> str:
        """The description of a row: the first line of the docstring of its class."""
        return (self.row.__doc__ or "").partition("\n")[0]

    def rows(self, session: Session, filters: Filters) -> Iterator[Sequence[Any]]:
        """Yield the rows as lists of values, in the order of the columns."""
        names = fields_of(self.row)
        for row in self.find_rows(session, filters):
            yield [getattr(row, name) for name in names]


def matrix_topics(session: Session, filters: Filters) -> Iterator[TopicRow]:
    """Yield the exclusive topics with several propositions, by ref."""
    for topic in list_records(session, "topic", filters):
        if topic.exclusive and topic.propositions > 1:
            yield topic


def _all_cells(session: Session, filters: Filters) -> Iterator[CellRow]:
    for topic in matrix_topics(session, filters):
        yield from cells(session, topic.ref, filters)


_OTHERS: Mapping[str, Callable[[Session, Filters], Iterable[Any]]] = {"hypotheses": _all_cells}
"""The functions for reports that take more than filters, by name."""


def _find_day_of_last_change(session: Session) -> Mapping[str, Any]:
    """Return the day of the last revision, as of which an export has promises.

    Not today: the same casebook gives the same bytes whenever it is exported.
    """
    at = get_anchor(session).at
    return {"as_of": date.fromisoformat(at[:10])} if at else {}


_OWN_FILTERS: Mapping[str, Callable[[Session], Mapping[str, Any]]] = {
    "promises": _find_day_of_last_change
}
"""The functions that return the values of a report's own filters in exports, by report."""


def list_exported_reports(filters: Filters) -> tuple[ExportedReport, ...]:
    """Return the reports of an export; those of a principal last, and only if the filter is set."""
    exported = [report for report in REPORTS if report.row]
    always = [report for report in exported if not report.of_principal]
    scoped = [report for report in exported if report.of_principal and filters.principal]
    return tuple(map(_exported, [*always, *scoped]))


def _exported(report: Report) -> ExportedReport:
    find_rows = partial(_rows, report) if report.rows else _OTHERS[report.name]
    return ExportedReport(report.name, row_type(report), find_rows)


def _rows(report: Report, session: Session, filters: Filters) -> Iterable[Any]:
    find_own = _OWN_FILTERS.get(report.name)
    return rows_of(session, report, filters, find_own(session) if find_own else {})
