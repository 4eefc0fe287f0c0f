"""Contradictions in groups, as tables and Markdown show them: by subject, or by proposition."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from claimtrack import times
from claimtrack.db import Session
from claimtrack.escaping import format_stance
from claimtrack.present.columns import Cell, Column, Layout
from claimtrack.present.groups import Group
from claimtrack.query.filters import Filters
from claimtrack.reports.contested_propositions import (
    ContestedProposition,
    OnFigures,
    contested_propositions,
    describe_pairs,
    describe_side,
    describe_voice,
)
from claimtrack.reports.contradictions import ContradictionRow, PairReport
from claimtrack.reports.pair_sides import Reading, by_subject
from claimtrack.reports.pair_table import OPPONENT_LAYOUT, PAIR_LAYOUT, with_judgements
from claimtrack.reports.wording import join_words
from claimtrack.weigh.classification import Pair


def groups_by_subject(
    session: Session, filters: Filters, rows: Iterable[ContradictionRow]
) -> Iterator[Group]:
    """Yield one group per subject: the entry, and the pairs in which it is contradicted.

    The rows must be ordered by subject. Those of one group must be read before the next group.
    """
    for first, of_subject in by_subject(rows):
        of = f", of {first.subject_principal}"
        of = of if first.subject_principal != first.subject_actor else ""
        dated = times.format_row(first, "subject_") or "undated"
        by = f"{first.subject_kind} by {first.subject_actor}{of}, {dated}"
        title = f"{first.subject_ref}: {first.subject_summary}"
        pairs = with_judgements(session, filters, of_subject)
        yield Group(title, by, OPPONENT_LAYOUT, [("", pairs)])


def groups_by_proposition(
    session: Session,
    filters: Filters,
    report: PairReport,
    found: Iterable[Pair],
    text_of: Callable[[str], str],
) -> Iterator[Group]:
    """Yield one group per proposition: its sides, and on each a line for each voice.

    Then come the pairs on figures, if any, and last those on neither.

    Args:
        session: The session.
        filters: The filters of the report.
        report: The report.
        found: The pairs of the report.
        text_of: Returns the text of a proposition, by its ref.
    """
    for one in contested_propositions(report, found):
        if isinstance(one, ContestedProposition):
            sides = ((f"{describe_side(side)}:", side.voices) for side in one.sides)
            title, summary = f"{one.ref}: {text_of(one.ref)}", describe_pairs(one)
            yield Group(title, summary, _VOICE_LAYOUT, sides, spaced=False)
            continue
        pairs = with_judgements(session, filters, one.rows)
        if isinstance(one, OnFigures):
            title, summary = "On figures", "Figures for one measure that cannot both be right."
        else:
            title = "On no proposition"
            summary = "What judges linked or reconciled without a proposition."
        yield Group(title, summary, PAIR_LAYOUT, [("", pairs)])


def _voice(voice: Any) -> Cell:
    of = [one for one in voice.principals if one != voice.actor]
    return Cell(text=voice.actor + (f", of {join_words(of)}" if of else ""))


def _entries(voice: Any) -> Cell:
    """Return the cell of the entries of a voice, each with its readings."""
    named = [
        f"{one.kind} {one.ref} {', '.join(map(_reading, one.readings))}"
        + (f", also of {join_words(one.others)}" if one.others else "")
        for one in voice.entries
    ]
    more = [f"and {voice.more:,} more"] if voice.more else []
    return Cell(text="; ".join([*named, *more]))


def _reading(one: Reading) -> str:
    return format_stance(one.value) + (f" ({', '.join(one.notes)})" if one.notes else "")


_VOICE_LAYOUT: Layout = (
    Column("voice", _voice),
    Column("first and last day", lambda voice: Cell((describe_voice(voice),))),
    Column("entries", _entries),
)
