"""The matrices of hypotheses in a briefing, with the figures and footnotes of each entry."""

from collections.abc import Iterator, Sequence

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.contested import figures_of
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lookups import Needs, look_up
from claimtrack.exchange.exports.exported_reports import matrix_topics
from claimtrack.lookup import GivenFigureRow, names_of
from claimtrack.models import Entry
from claimtrack.number_ranges import describe_range
from claimtrack.query.filters import Filters
from claimtrack.reports.hypotheses import (
    HypothesisRow,
    count_left_out_assessments,
    describe_left_out,
    describe_sum,
    hypotheses,
    sums,
)
from claimtrack.sql import batches
from claimtrack.vocab import Basis

_NO_MATRIX = (
    "No matrix: there is no exclusive topic with several propositions. Name propositions to "
    "compare with --hypothesis."
)


def matrices(
    session: Session, filters: Filters, notes: Footnotes, weighed: Sequence[str]
) -> Iterator[str]:
    """Yield the parts for the matrices: of the given propositions, then of exclusive topics.

    Raises:
        UnknownRef: there is no such proposition.
    """
    if weighed:
        yield from _matrix(session, filters, notes, "Hypotheses", weighed)
    present = bool(weighed)
    for topic in matrix_topics(session, filters):
        present = True
        yield from _matrix(session, filters, notes, f"Hypotheses: {topic.name}", [topic.ref])
    if not present:
        markup = notes.markup
        yield markup.heading(2, markup.text("Hypotheses"))
        yield markup.paragraph(markup.text(_NO_MATRIX))


def _matrix(
    session: Session, filters: Filters, notes: Footnotes, heading: str, names: Sequence[str]
) -> Iterator[str]:
    markup, matrix = notes.markup, hypotheses(session, names, filters)
    texts = names_of(session, "proposition", matrix.hypotheses)
    yield markup.heading(2, markup.text(heading))
    yield from markup.items(
        f"{markup.strong(markup.text(ref))}: {markup.text(texts[ref])}" for ref in matrix.hypotheses
    )
    against = map("; ".join, map(describe_sum, sums(session, matrix.hypotheses, filters)))
    yield markup.paragraph(
        "II speaks strongly against a hypothesis, I against it, N leaves it open, C and CC agree "
        "with it. The last row sums up what speaks against each, once for each origin, of as many "
        "entries as are rated; it is not a probability."
    )
    if assessments := count_left_out_assessments(session, matrix.hypotheses, filters):
        yield markup.paragraph(markup.text(f"{describe_left_out(assessments)}."))
    head = ["Entry", *map(markup.text, matrix.hypotheses), "Diagnosticity"]
    closing = [markup.strong("Inconsistency"), *map(markup.text, against), ""]
    yield from markup.table(head, _evidence(session, filters, notes, matrix.rows, closing))


def _evidence(
    session: Session,
    filters: Filters,
    notes: Footnotes,
    rows: Iterator[HypothesisRow],
    closing: Sequence[str],
) -> Iterator[Sequence[str]]:
    markup = notes.markup
    for some in batches(rows):
        lookups = look_up(session, filters, [Needs(entries=(row.entry_ref,)) for row in some])
        figures = figures_of(session, filters, Entry.ref.in_([row.entry_ref for row in some]))
        for row in some:
            ref = markup.text(row.entry_ref)
            ref = markup.reference(row.entry_ref, ref) if row.entry_ref in lookups.here else ref
            what = markup.text(
                f", {row.kind}: {row.summary}{_describe_figures(figures[row.entry_ref])}"
            )
            diagnosticity = "" if row.diagnosticity is None else str(row.diagnosticity)
            yield [f"{ref}{what}{notes.marks(row.entry_ref, lookups)}", *row.cells, diagnosticity]
    yield closing


def _describe_figures(rows: Sequence[GivenFigureRow]) -> str:
    """Return the figures of an entry, to follow its summary; empty if it has none."""
    figures = dict.fromkeys(
        f"{describe_range(row.low, row.high)} {row.unit} for {row.measure}"
        f"{' (inferred)' if row.basis == Basis.INFERRED else ''}"
        for row in rows
    )
    return f" Figures: {'; '.join(figures)}." if figures else ""
