"""The reports of a casebook as methods, each with the filters of its command as keywords.

A test holds their names and keywords to `reports.REPORTS`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, Unpack

from claimtrack.api.keywords import (
    ClaimKeywords,
    CountingKeywords,
    EntryKeywords,
    OtherKeywords,
    PairKeywords,
)
from claimtrack.api.reading import Reading, entry_filters, read_filters
from claimtrack.api.rows import Rows
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters, resolve_refs
from claimtrack.query.options import COUNTING, PERIOD
from claimtrack.reports import explanation, hypotheses, report_named, windows
from claimtrack.reports.asking import ask
from claimtrack.reports.check import check
from claimtrack.reports.citations import CitationRow
from claimtrack.reports.claims import ClaimRow
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.corroboration import CorroborationRow
from claimtrack.reports.coverage import CoverageRow, OmissionRow
from claimtrack.reports.explanation import Explanation
from claimtrack.reports.findings import Finding
from claimtrack.reports.hypotheses import SumRow
from claimtrack.reports.positions import PositionRow
from claimtrack.reports.track_record import TrackRecordRow
from claimtrack.reports.windows import Clustering, WindowRow

RowT = TypeVar("RowT")


class Reports(Reading):
    """The questions that a casebook answers."""

    def _ask(self, name: str, row_type: type[RowT], filters: Mapping[str, Any]) -> Rows[RowT]:
        """Return the rows of a report by its name in the registry, `row_type` their type."""
        report = report_named(name)
        own = read_filters(report.filters, filters, also=report.shared)
        shared = Filters(**read_filters(report.shared, filters, also=report.filters))
        return self._rows(row_type, lambda session: ask(session, report, shared, own))

    def contradictions(self, **filters: Unpack[PairKeywords]) -> Rows[ContradictionRow]:
        """Return who is contradicted by whom: one row per pair, by subject_ref, counter_ref."""
        return self._ask("contradictions", ContradictionRow, filters)

    def pair(self, one: str, other: str, **filters: Unpack[CountingKeywords]) -> Explanation:
        """Return why two entries oppose each other, or why they do not."""
        entries = entry_filters(filters, COUNTING)
        with self.access.reading() as session:
            return explanation.explain(session, one, other, resolve_refs(session, entries))

    def claims(self, **filters: Unpack[ClaimKeywords]) -> Rows[ClaimRow]:
        """Return how each claim stands: one row per claim, contested ones first, then by ref."""
        return self._ask("claims", ClaimRow, filters)

    def citations(self, **filters: Unpack[EntryKeywords]) -> Rows[CitationRow]:
        """Return the footnotes: one row per citation, by entry."""
        return self._ask("citations", CitationRow, filters)

    def positions(
        self, *, anonymous: bool = False, **filters: Unpack[EntryKeywords]
    ) -> Rows[PositionRow]:
        """Return what actors held on record: one row per stance, by date, entry and proposition.

        Args:
            anonymous: Whether claims of anonymous sources are words like others.
            **filters: Which entries.
        """
        return self._ask("positions", PositionRow, {"anonymous": anonymous, **filters})

    def coverage(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[CoverageRow]:
        """Return which topics a principal's sources addressed: one row per topic and source."""
        return self._ask("coverage", CoverageRow, _of_principal(principal, filters))

    def omissions(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[OmissionRow]:
        """Return the topics on which a principal's anonymous sources are silent, by topic."""
        return self._ask("omissions", OmissionRow, _of_principal(principal, filters))

    def windows(self, **filters: Unpack[EntryKeywords]) -> Rows[WindowRow]:
        """Return which claims and statements fall in which decision window: one row for each."""
        return self._ask("windows", WindowRow, filters)

    def clustering(self, period: str, **filters: Unpack[EntryKeywords]) -> Clustering:
        """Return the circular-shift test of whether dates gather in the decision windows.

        Args:
            period: What is tested, as in `2022-02-24/2024-05-24`.
            **filters: Which entries; claims, unless `kind` says otherwise.
        """
        days, entries = PERIOD.read(period), entry_filters(filters)
        with self.access.reading() as session:
            return windows.clustering(session, resolve_refs(session, entries), days)

    def hypotheses(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[tuple[Any, ...]]:
        """Return the evidence on competing hypotheses: one row per entry, a column for each.

        Args:
            *names: The refs of propositions, or of one exclusive topic.
            **filters: Which entries.
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
            known = resolve_refs(session, entries)
            matrix = hypotheses.hypotheses(session, names, known)
            return hypotheses.sums(session, matrix.hypotheses, known)

        return self._rows(SumRow, find)

    def corroboration(self, **filters: Unpack[EntryKeywords]) -> Rows[CorroborationRow]:
        """Return who affirms and who denies each proposition: one row for each."""
        return self._ask("corroboration", CorroborationRow, filters)

    def track_record(self, **filters: Unpack[EntryKeywords]) -> Rows[TrackRecordRow]:
        """Return how many resolved propositions each source got right: one row per source."""
        return self._ask("track-record", TrackRecordRow, filters)

    def check(self) -> Rows[Finding]:
        """Return what looks wrong in the casebook: one row per finding, errors first."""
        return self._rows(Finding, check)


def _of_principal(principal: str, filters: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(principal, str) or not principal:
        raise InvalidValue("principal", str(principal), "the ref of an actor")
    return {**filters, "principal": principal}
