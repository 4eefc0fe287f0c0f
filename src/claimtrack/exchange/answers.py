"""What a casebook answers, as exports hold it: the reports that need no question of their own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from claimtrack.db import Session
from claimtrack.lookup import list_records
from claimtrack.lookup.rows import TopicRow
from claimtrack.query.filters import Filters
from claimtrack.reports.citations import CitationRow, citations
from claimtrack.reports.claims import ClaimRow, claims
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.reports.corroboration import CorroborationRow, corroboration
from claimtrack.reports.coverage import CoverageRow, OmissionRow, coverage, omissions
from claimtrack.reports.hypotheses import CellRow, cells
from claimtrack.reports.positions import PositionRow, positions
from claimtrack.reports.track_record import TrackRecordRow, track_record
from claimtrack.reports.windows import WindowRow, windows
from claimtrack.vocab import column_of, fields_of


@dataclass(frozen=True)
class Answer:
    """A report: its name, the type of its rows, and how it is asked."""

    name: str
    row: type[Any]
    ask: Callable[[Session, Filters], Iterable[Any]]

    @property
    def columns(self) -> list[str]:
        """The columns, as reports print them."""
        return list(map(column_of, fields_of(self.row)))

    @property
    def meaning(self) -> str:
        """What one row is."""
        return (self.row.__doc__ or "").partition("\n")[0]

    def rows(self, session: Session, wanted: Filters) -> Iterator[Sequence[Any]]:
        """Yield the rows as values, in the order of the columns."""
        names = fields_of(self.row)
        for row in self.ask(session, wanted):
            yield [getattr(row, name) for name in names]


def matrix_topics(session: Session, wanted: Filters) -> Iterator[TopicRow]:
    """Yield the topics that have a matrix: exclusive, with several propositions; by ref."""
    for topic in list_records(session, "topic", wanted):
        if topic.exclusive and topic.propositions > 1:
            yield topic


def _all_cells(session: Session, wanted: Filters) -> Iterator[CellRow]:
    for topic in matrix_topics(session, wanted):
        yield from cells(session, topic.ref, wanted)


_ALWAYS = (
    Answer("contradictions", ContradictionRow, contradictions),
    Answer("claims", ClaimRow, claims),
    Answer("positions", PositionRow, positions),
    Answer("windows", WindowRow, windows),
    Answer("hypotheses", CellRow, _all_cells),
    Answer("corroboration", CorroborationRow, corroboration),
    Answer("track-record", TrackRecordRow, track_record),
    Answer("citations", CitationRow, citations),
)


def answers(wanted: Filters) -> tuple[Answer, ...]:
    """Return the reports that can be asked: coverage and omissions are those of a principal."""
    principal = wanted.principal
    if principal is None:
        return _ALWAYS

    def covered(session: Session, scope: Filters) -> Iterable[CoverageRow]:
        return coverage(session, replace(scope, principal=None), principal=principal)

    def omitted(session: Session, scope: Filters) -> Iterable[OmissionRow]:
        return omissions(session, replace(scope, principal=None), principal=principal)

    return (
        *_ALWAYS,
        Answer("coverage", CoverageRow, covered),
        Answer("omissions", OmissionRow, omitted),
    )
