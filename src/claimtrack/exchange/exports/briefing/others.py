"""The other contradictions of a briefing, in a list or grouped, and its reconciled pairs."""

from collections.abc import Iterable, Iterator
from functools import partial

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lines import Line, Shape, plain
from claimtrack.exchange.exports.briefing.lookups import Lookups, Needs
from claimtrack.exchange.exports.briefing.sentences import (
    STRENGTH,
    describe_actor,
    end_of,
    mentioned,
    needs_of_pair,
    opposition,
)
from claimtrack.query.cache import KeySet
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.contested_propositions import (
    ContestedProposition,
    OnFigures,
    contested_propositions,
    describe_pairs,
    describe_side,
    describe_voice,
)
from claimtrack.reports.contradictions import ContradictionRow, PairReport, contradictions
from claimtrack.reports.pair_sides import EntryStance, Voice, by_subject
from claimtrack.reports.wording import join_words, spell_word
from claimtrack.vocab import GroupBy, PairStatus

_RECONCILED = PairFilters(statuses=(PairStatus.RECONCILED,))


def other_contradictions(
    session: Session, filters: Filters, contested: KeySet, group_by: GroupBy | None
) -> Iterator[Line]:
    """Yield the lines of the chosen pairs without a contested claim.

    One item for each pair; grouped by subject, after a heading for each subject.
    """
    report = PairReport(session, filters, PairFilters())
    others = (
        pair
        for pair in report.found()
        if pair.subject.id not in contested and pair.counter.id not in contested
    )
    if group_by is GroupBy.SUBJECT:
        yield from _grouped(report.rows(others))
    else:
        yield from map(_pair, report.rows(others))


def _pair(pair: ContradictionRow) -> Line:
    def write(lookups: Lookups, notes: Footnotes) -> str:
        phrase = "Compared with it" if pair.status == PairStatus.RECONCILED else "Against it"
        subject = mentioned(end_of(pair, "subject"), lookups, notes)
        counter = opposition(pair, "counter", lookups, notes)
        return f"{subject}{'' if subject.endswith('.') else '.'} {phrase}, {counter}"

    return Line(Shape.ITEM, write, needs_of_pair(pair, "subject", "counter"))


def _grouped(rows: Iterable[ContradictionRow]) -> Iterator[Line]:
    for first, pairs in by_subject(rows):
        subject = end_of(first, "subject")
        yield plain(Shape.HEADING, f"{subject.ref}: {subject.summary}")
        yield Line(Shape.PARAGRAPH, partial(mentioned, subject), subject.needs)
        for pair in pairs:
            write = partial(opposition, pair, "counter")
            yield Line(Shape.ITEM, write, needs_of_pair(pair, "counter"))


def reconciled_pairs(session: Session, filters: Filters) -> Iterator[Line]:
    """Yield the lines of the pairs that all their judges find compatible, an item for each."""
    for pair in contradictions(session, filters, _RECONCILED):
        yield _pair(pair)


# --- by proposition -------------------------------------------------------------------------------


def by_proposition(session: Session, filters: Filters) -> Iterator[Line]:
    """Yield the lines of chosen pairs by proposition, then those on figures, then all others."""
    report = PairReport(session, filters, PairFilters())
    for one in contested_propositions(report, report.found()):
        if isinstance(one, ContestedProposition):
            yield from _proposition(one)
        elif isinstance(one, OnFigures):
            yield plain(Shape.HEADING, "On figures")
            yield plain(Shape.PARAGRAPH, "Figures for one measure that cannot both be right.")
            yield from map(_pair, one.rows)
        else:
            yield plain(Shape.HEADING, "On no proposition")
            yield plain(Shape.PARAGRAPH, "What judges linked without a proposition.")
            yield from map(_pair, one.rows)


def _proposition(one: ContestedProposition) -> Iterator[Line]:
    def title(lookups: Lookups, notes: Footnotes) -> str:
        return notes.markup.text(f"{one.ref}: {lookups.propositions[one.ref]}")

    def tally(lookups: Lookups, notes: Footnotes) -> str:
        return notes.markup.text(f"{describe_pairs(one, spell_word, lookups.actor)}.")

    yield Line(Shape.HEADING, title, Needs(propositions=(one.ref,)))
    yield Line(Shape.PARAGRAPH, tally, Needs(actors=one.judges))
    for side in one.sides:
        yield plain(Shape.PARAGRAPH, f"{describe_side(side)}:".capitalize(), strong=True)
        yield from map(_voice, side.voices)


def _voice(voice: Voice) -> Line:
    def write(lookups: Lookups, notes: Footnotes) -> str:
        markup = notes.markup
        of = [one for one in voice.principals if one != voice.actor]
        actor = describe_actor(voice.actor, None, lookups)
        actor += f", of {' and '.join(map(lookups.actor, of))}" if of else ""
        stances = "; ".join(_describe_stance(one, lookups, notes) for one in voice.entries)
        more = markup.text(f"; and {voice.more:,} more") if voice.more else ""
        return f"{markup.text(f'{actor}, {describe_voice(voice)}:')} {stances}{more}"

    entries = tuple(one.ref for one in voice.entries)
    others = (ref for one in voice.entries for ref in one.others)
    return Line(Shape.ITEM, write, Needs(entries, (voice.actor, *voice.principals, *others)))


def _describe_stance(one: EntryStance, lookups: Lookups, notes: Footnotes) -> str:
    markup = notes.markup
    ref = markup.text(one.ref)
    linked = markup.reference(one.ref, ref) if one.ref in lookups.here else ref
    readings = ", ".join(
        ", ".join([STRENGTH[abs(reading.value)], *reading.notes]) for reading in one.readings
    )
    others = f", also of {join_words(list(map(lookups.actor, one.others)))}" if one.others else ""
    detail = markup.text(f"({readings}){others}")
    return f"{one.kind} {linked}{notes.marks(one.ref, lookups)} {detail}"
