"""The reports of a casebook as methods, each with the filters of its command as keywords.

A test compares their names and keywords with `reports.REPORTS`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, Unpack

from claimtrack.api.base import Reading, entry_filters, read_filters
from claimtrack.api.keywords import (
    AnswerKeywords,
    ClaimKeywords,
    CountingKeywords,
    EntryKeywords,
    OtherKeywords,
    PairKeywords,
    PromiseKeywords,
)
from claimtrack.api.rows import Rows
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters, resolve_refs
from claimtrack.query.options import COUNTING, PERIOD
from claimtrack.reports import hypotheses, pair_explanation, report_named, windows
from claimtrack.reports.answers import AnswerRow
from claimtrack.reports.check import check
from claimtrack.reports.citations import CitationRow
from claimtrack.reports.claims import ClaimRow
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.corroboration import CorroborationRow
from claimtrack.reports.coverage import CoverageRow, OmissionRow
from claimtrack.reports.figures import FigureRow
from claimtrack.reports.findings import Finding
from claimtrack.reports.hypotheses import SumRow
from claimtrack.reports.pair_explanation import Explanation
from claimtrack.reports.positions import PositionRow
from claimtrack.reports.promises import PromiseRow
from claimtrack.reports.running import run_report
from claimtrack.reports.timeline import TimelineRow
from claimtrack.reports.track_record import TrackRecordRow
from claimtrack.reports.windows import Clustering, WindowRow

RowT = TypeVar("RowT")


class Reports(Reading):
    """The methods that run the reports of a casebook."""

    def _run(self, name: str, row_type: type[RowT], filters: Mapping[str, Any]) -> Rows[RowT]:
        """Run a report of the registry by its name, and return its rows, of type `row_type`."""
        report = report_named(name)
        own = read_filters(report.filters, filters, also=report.shared)
        shared = Filters(**read_filters(report.shared, filters, also=report.filters))
        return self._rows(row_type, lambda session: run_report(session, report, shared, own))

    def contradictions(self, **filters: Unpack[PairKeywords]) -> Rows[ContradictionRow]:
        """Return who is contradicted by whom: one row per pair, by subject_ref, counter_ref."""
        return self._run("contradictions", ContradictionRow, filters)

    def pair(self, one: str, other: str, **filters: Unpack[CountingKeywords]) -> Explanation:
        """Return why two entries oppose each other, or why they do not."""
        entries = entry_filters(filters, COUNTING)
        with self.access.reading() as session:
            return pair_explanation.explain(session, one, other, resolve_refs(session, entries))

    def claims(self, **filters: Unpack[ClaimKeywords]) -> Rows[ClaimRow]:
        """Return what supports and opposes each claim: one row each, contested ones first."""
        return self._run("claims", ClaimRow, filters)

    def answers(self, **filters: Unpack[AnswerKeywords]) -> Rows[AnswerRow]:
        """Return how entries were answered: one row per entry and reply, by the refs of both."""
        return self._run("answers", AnswerRow, filters)

    def promises(self, **filters: Unpack[PromiseKeywords]) -> Rows[PromiseRow]:
        """Return what became of promises by a day: one row per commitment, by ref."""
        return self._run("promises", PromiseRow, filters)

    def citations(self, **filters: Unpack[EntryKeywords]) -> Rows[CitationRow]:
        """Return the footnotes: one row per citation, by entry."""
        return self._run("citations", CitationRow, filters)

    def positions(
        self, *, anonymous: bool = False, **filters: Unpack[EntryKeywords]
    ) -> Rows[PositionRow]:
        """Return what actors held on record: one row per stance, by date, entry and proposition.

        Args:
            anonymous: Whether to include the claims of anonymous sources.
            **filters: The filters on entries.
        """
        return self._run("positions", PositionRow, {"anonymous": anonymous, **filters})

    def figures(self, **filters: Unpack[EntryKeywords]) -> Rows[FigureRow]:
        """Return who gives which number for a measure: one row per figure, by measure and entry."""
        return self._run("figures", FigureRow, filters)

    def timeline(self, **filters: Unpack[EntryKeywords]) -> Rows[TimelineRow]:
        """Return what was said, done and promised: one row per entry, by date, then ref."""
        return self._run("timeline", TimelineRow, filters)

    def coverage(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[CoverageRow]:
        """Return which topics a principal's sources addressed: one row per topic and source."""
        return self._run("coverage", CoverageRow, _of_principal(principal, filters))

    def omissions(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[OmissionRow]:
        """Return the topics that a principal's anonymous sources omit: one row each, by topic."""
        return self._run("omissions", OmissionRow, _of_principal(principal, filters))

    def windows(self, **filters: Unpack[EntryKeywords]) -> Rows[WindowRow]:
        """Return which entries fall in which decision window: one row per window and entry."""
        return self._run("windows", WindowRow, filters)

    def clustering(self, period: str, **filters: Unpack[EntryKeywords]) -> Clustering:
        """Test whether dates cluster in the decision windows, by circular shifts.

        Args:
            period: The period of the test, both days included, as in `2022-02-24/2024-05-24`.
            **filters: The filters on entries; only claims are tested unless `kind` is set.
        """
        days, entries = PERIOD.read(period), entry_filters(filters)
        with self.access.reading() as session:
            return windows.clustering(session, resolve_refs(session, entries), days)

    def hypotheses(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[tuple[Any, ...]]:
        """Return the evidence on competing hypotheses: one row per entry, a column for each.

        Args:
            *names: The refs of propositions, or of one exclusive topic.
            **filters: The filters on entries.
        """
        entries, columns = entry_filters(filters), list[str]()
        if not all(isinstance(name, str) for name in names):
            raise InvalidValue("hypothesis", str(names), "refs, one argument each")

        def find(session: Session) -> Iterable[tuple[Any, ...]]:
            matrix = hypotheses.hypotheses(session, names, resolve_refs(session, entries))
            columns.extend(matrix.columns)
            return (tuple(row.values()) for row in matrix.rows)

        return self._rows(columns, find)

    def hypothesis_sums(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[SumRow]:
        """Return what speaks against each hypothesis: one row for each, in the order of names."""
        entries = entry_filters(filters)

        def find(session: Session) -> Iterable[SumRow]:
            resolved = resolve_refs(session, entries)
            matrix = hypotheses.hypotheses(session, names, resolved)
            return hypotheses.sums(session, matrix.hypotheses, resolved)

        return self._rows(SumRow, find)

    def corroboration(self, **filters: Unpack[EntryKeywords]) -> Rows[CorroborationRow]:
        """Return who affirms and who denies each proposition: one row per proposition, by ref."""
        return self._run("corroboration", CorroborationRow, filters)

    def track_record(self, **filters: Unpack[EntryKeywords]) -> Rows[TrackRecordRow]:
        """Return how many resolved propositions each source got right: one row each, by ref."""
        return self._run("track-record", TrackRecordRow, filters)

    def check(self) -> Rows[Finding]:
        """Return what looks wrong in the casebook: one row per finding, errors first."""
        return self._rows(Finding, check)


def _of_principal(principal: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Return filters with the principal that the method takes as an argument."""
    if not isinstance(principal, str) or not principal:
        raise InvalidValue("principal", str(principal), "the ref of an actor")
    return {**filters, "principal": principal}
