"""Contradictions with the judgements on each pair, and the layout of their tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from claimtrack import times
from claimtrack.db import Session
from claimtrack.escaping import format_value
from claimtrack.present.columns import Cell, Column, Layout
from claimtrack.query.filters import Filters
from claimtrack.query.pair_judgements import Judgement, get_judgements
from claimtrack.reports.contradictions import ContradictionRow, Contradictions
from claimtrack.reports.wording import (
    describe_days,
    describe_status,
    describe_timing,
    has_reconciling_judge,
)
from claimtrack.sql import batches
from claimtrack.vocab import PairStatus


def _entry(side: str) -> Callable[[Any], Cell]:
    """Return the cell of one entry of a pair: ref, kind, whose it is, its date, its summary."""

    def cell(judged: Any) -> Cell:
        def part(name: str) -> Any:
            return getattr(judged.row, f"{side}_{name}")

        of = [f"of {part('principal')}"] if part("principal") != part("actor") else []
        dated = filter(None, [times.format_row(judged.row, f"{side}_")])
        head = (part("ref"), f"{format_value(part('kind'))}, {part('actor')}", *of, *dated)
        return Cell(head, part("summary"))

    return cell


def _describe_opposition(judged: Any) -> Cell:
    """Return the cell of class, strength, judges and conditions of a pair, and what it is on."""
    row = judged.row
    strength = f"strength {row.strength}" + (f", {format_value(row.basis)}" if row.basis else "")
    lines = [
        row.klass or "not opposed",
        describe_timing(row.klass, row.timing, row.days),
        strength if row.strength else "",
        describe_days(row),
        *row.propositions,
        *row.measures,
        *(f"by {judge}" for judge in row.asserted_by),
    ]
    texts = [f"if: {condition}" for condition in row.conditions]
    if row.status != PairStatus.DERIVED:
        texts.append(describe_status(row, judged.judgements))
    return Cell(tuple(filter(None, lines)), "\n".join(texts))


_OPPOSITION = Column("how, and on what", _describe_opposition)
PAIR_LAYOUT: Layout = (
    Column("subject", _entry("subject")),
    Column("counter", _entry("counter")),
    _OPPOSITION,
)
OPPONENT_LAYOUT: Layout = (Column("against it", _entry("counter")), _OPPOSITION)
"""The layout of pairs under the heading of their subject, which is not repeated."""


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair, and who contradicts and who reconciles it if a judge reconciles it at all."""

    layout = PAIR_LAYOUT

    row: ContradictionRow
    judgements: Sequence[Judgement] = ()


class JudgedPairs(Iterator[JudgedPair]):
    """The pairs of the report with their judgements, in its order; fast for the first few."""

    def __init__(self, session: Session, filters: Filters, rows: Contradictions) -> None:
        self._session, self._filters, self._rows = session, filters, rows
        self._all = with_judgements(session, filters, rows)

    def __next__(self) -> JudgedPair:
        return next(self._all)

    def first(self, count: int) -> list[JudgedPair]:
        """Return the first pairs, at most `count`."""
        return list(with_judgements(self._session, self._filters, self._rows.first(count)))

    def count(self, most: int) -> int:
        """Return the number of pairs, but at most `most`."""
        return self._rows.count(most)


def with_judgements(
    session: Session, filters: Filters, rows: Iterable[ContradictionRow]
) -> Iterator[JudgedPair]:
    """Yield each row with its judgements, if any judge reconciles the pair.

    Sends at most one statement for each 500 rows.
    """
    for some in batches(iter(rows)):
        refs = [(row.subject_ref, row.counter_ref) for row in some if has_reconciling_judge(row)]
        found = get_judgements(session, filters, refs)
        for row in some:
            yield JudgedPair(row, found.get((row.subject_ref, row.counter_ref), ()))
