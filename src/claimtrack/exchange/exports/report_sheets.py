"""The reports that exports hold: those that need nothing but filters."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from claimtrack.db import Session
from claimtrack.lookup import list_records
from claimtrack.lookup.rows import TopicRow
from claimtrack.query.filters import Filters
from claimtrack.reports import REPORTS, Report
from claimtrack.reports.hypotheses import CellRow, cells
from claimtrack.vocab import column_of, fields_of


@dataclass(frozen=True)
class Answer:
    """A report in an export.

    Attributes:
        name: Its name.
        row: The type of its rows.
        ask: Returns its rows for a session and filters.
    """

    name: str
    row: type[Any]
    ask: Callable[..., Iterable[Any]]

    @property
    def columns(self) -> list[str]:
        """The names of its columns, as reports print them."""
        return list(map(column_of, fields_of(self.row)))

    @property
    def meaning(self) -> str:
        """What one row is: the first line of the row type's docstring."""
        return (self.row.__doc__ or "").partition("\n")[0]

    def rows(self, session: Session, wanted: Filters) -> Iterator[Sequence[Any]]:
        """Yield the rows as lists of values, in the order of the columns."""
        names = fields_of(self.row)
        for row in self.ask(session, wanted):
            yield [getattr(row, name) for name in names]


def matrix_topics(session: Session, wanted: Filters) -> Iterator[TopicRow]:
    """Yield the exclusive topics with several propositions, by ref."""
    for topic in list_records(session, "topic", wanted):
        if topic.exclusive and topic.propositions > 1:
            yield topic


def _all_cells(session: Session, wanted: Filters) -> Iterator[CellRow]:
    for topic in matrix_topics(session, wanted):
        yield from cells(session, topic.ref, wanted)


_OTHERS: Mapping[str, Callable[[Session, Filters], Iterable[Any]]] = {"hypotheses": _all_cells}
"""Functions for the reports that need more than filters."""


def answers(wanted: Filters) -> tuple[Answer, ...]:
    """Return the reports of an export.

    Those about a principal last, and only if the filters name one.
    """
    principal = wanted.principal
    always = tuple(_answer(report) for report in _EXPORTED if not report.of_principal)
    if principal is None:
        return always
    scoped = (_of_principal(report, principal) for report in _EXPORTED if report.of_principal)
    return (*always, *scoped)


_EXPORTED = tuple(report for report in REPORTS if report.row)


def _answer(report: Report) -> Answer:
    module = import_module(f"claimtrack.reports.{report.module}")
    ask = getattr(module, report.rows) if report.rows else _OTHERS[report.name]
    return Answer(report.name, getattr(module, report.row), ask)


def _of_principal(report: Report, principal: str) -> Answer:
    answer = _answer(report)

    def ask(session: Session, scope: Filters) -> Iterable[Any]:
        found: Iterable[Any] = answer.ask(
            session, replace(scope, principal=None), principal=principal
        )
        return found

    return replace(answer, ask=ask)
