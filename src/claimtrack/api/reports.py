"""The reports of a casebook as methods, each with the filters of its command as keywords."""

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from claimtrack.api.keywords import (
    ClaimKeywords,
    CountingKeywords,
    EntryKeywords,
    OtherKeywords,
    PairKeywords,
)
from claimtrack.api.reading import ENTRIES, Reading, checked_filters, read_filters
from claimtrack.api.rows import Rows
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters, resolve_refs
from claimtrack.query.options import ANONYMOUS, CLAIMS, COUNTING, PAIRS
from claimtrack.query.pair_filters import PairFilters, resolve_pair_refs
from claimtrack.reports import (
    citations,
    claims,
    contradictions,
    corroboration,
    coverage,
    explanation,
    hypotheses,
    positions,
    track_record,
    windows,
)
from claimtrack.reports.check import check
from claimtrack.reports.citations import CitationRow
from claimtrack.reports.claims import ClaimFilters, ClaimRow
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.corroboration import CorroborationRow
from claimtrack.reports.coverage import CoverageRow, OmissionRow
from claimtrack.reports.explanation import Explanation
from claimtrack.reports.findings import Finding
from claimtrack.reports.hypotheses import SumRow
from claimtrack.reports.positions import PositionRow
from claimtrack.reports.track_record import TrackRecordRow
from claimtrack.reports.windows import WindowRow


class Reports(Reading):
    """The questions that a casebook answers."""

    def contradictions(self, **filters: Unpack[PairKeywords]) -> Rows[ContradictionRow]:
        """Return who is contradicted by whom: one row per pair, by subject_ref, counter_ref."""

        def find(session: Session) -> Iterable[ContradictionRow]:
            pairs = PairFilters(**read_filters(PAIRS, filters, also=ENTRIES))
            entries = checked_filters(session, filters, also=PAIRS)
            return contradictions.contradictions(
                session, entries, resolve_pair_refs(session, pairs)
            )

        return self._rows(ContradictionRow, find)

    def pair(self, one: str, other: str, **filters: Unpack[CountingKeywords]) -> Explanation:
        """Return why two entries oppose each other, or why they do not."""
        with self.access.reading() as session:
            entries = checked_filters(session, filters, options=COUNTING)
            return explanation.explain(session, one, other, entries)

    def claims(self, **filters: Unpack[ClaimKeywords]) -> Rows[ClaimRow]:
        """Return how each claim stands: one row per claim, contested ones first, then by ref."""

        def find(session: Session) -> Iterable[ClaimRow]:
            standing = ClaimFilters(**read_filters(CLAIMS, filters, also=ENTRIES))
            return claims.claims(session, checked_filters(session, filters, also=CLAIMS), standing)

        return self._rows(ClaimRow, find)

    def citations(self, **filters: Unpack[EntryKeywords]) -> Rows[CitationRow]:
        """Return the footnotes: one row per citation, by entry."""
        return self._rows(
            CitationRow,
            lambda session: citations.citations(session, checked_filters(session, filters)),
        )

    def positions(
        self, *, anonymous: bool = False, **filters: Unpack[EntryKeywords]
    ) -> Rows[PositionRow]:
        """Return what actors held on record: one row per stance, by date, entry and proposition.

        Args:
            anonymous: Whether claims of anonymous sources are words like others.
            **filters: Which entries.
        """
        also_anonymous = ANONYMOUS.read(anonymous)
        return self._rows(
            PositionRow,
            lambda session: positions.positions(
                session, checked_filters(session, filters), anonymous=also_anonymous
            ),
        )

    def coverage(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[CoverageRow]:
        """Return which topics a principal's sources addressed: one row per topic and source."""

        def find(session: Session) -> Iterable[CoverageRow]:
            entries, ref = _of_principal(session, principal, filters)
            return coverage.coverage(session, entries, principal=ref)

        return self._rows(CoverageRow, find)

    def omissions(self, principal: str, **filters: Unpack[OtherKeywords]) -> Rows[OmissionRow]:
        """Return the topics on which a principal's anonymous sources are silent, by topic."""

        def find(session: Session) -> Iterable[OmissionRow]:
            entries, ref = _of_principal(session, principal, filters)
            return coverage.omissions(session, entries, principal=ref)

        return self._rows(OmissionRow, find)

    def windows(self, **filters: Unpack[EntryKeywords]) -> Rows[WindowRow]:
        """Return which claims and statements fall in which decision window: one row for each."""
        return self._rows(
            WindowRow, lambda session: windows.windows(session, checked_filters(session, filters))
        )

    def hypotheses(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[tuple[Any, ...]]:
        """Return the evidence on competing hypotheses: one row per entry, a column for each.

        Args:
            *names: The refs of propositions, or of one exclusive topic.
            **filters: Which entries.
        """
        columns: list[str] = []
        if not all(isinstance(name, str) for name in names):
            raise InvalidValue("hypothesis", str(names), "refs, one argument each")

        def find(session: Session) -> Iterable[tuple[Any, ...]]:
            matrix = hypotheses.hypotheses(session, names, checked_filters(session, filters))
            columns.extend(matrix.columns)
            return (tuple(row.values()) for row in matrix.rows)

        return self._rows(columns, find)

    def hypothesis_sums(self, *names: str, **filters: Unpack[EntryKeywords]) -> Rows[SumRow]:
        """Return what speaks against each hypothesis: one row for each, in the order of names."""

        def find(session: Session) -> Iterable[SumRow]:
            entries = checked_filters(session, filters)
            matrix = hypotheses.hypotheses(session, names, entries)
            return hypotheses.sums(session, matrix.hypotheses, entries)

        return self._rows(SumRow, find)

    def corroboration(self, **filters: Unpack[EntryKeywords]) -> Rows[CorroborationRow]:
        """Return who affirms and who denies each proposition: one row for each."""
        return self._rows(
            CorroborationRow,
            lambda session: corroboration.corroboration(session, checked_filters(session, filters)),
        )

    def track_record(self, **filters: Unpack[EntryKeywords]) -> Rows[TrackRecordRow]:
        """Return how many resolved propositions each source got right: one row per source."""
        return self._rows(
            TrackRecordRow,
            lambda session: track_record.track_record(session, checked_filters(session, filters)),
        )

    def check(self) -> Rows[Finding]:
        """Return what looks wrong in the casebook: one row per finding, errors first."""
        return self._rows(Finding, check)


def _of_principal(
    session: Session, principal: str, filters: Mapping[str, Any]
) -> tuple[Filters, str]:
    """Return filters without their principal, and the ref of a principal."""
    if not isinstance(principal, str) or not principal:
        raise InvalidValue("principal", str(principal), "the ref of an actor")
    named = resolve_refs(session, Filters(principal=principal))
    return checked_filters(session, filters), str(named.principal)
