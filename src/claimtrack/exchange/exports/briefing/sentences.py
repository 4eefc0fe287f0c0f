"""The sentences of a briefing on entries, stances and pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from claimtrack import dates, times
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lookups import Lookups, Needs
from claimtrack.lookup import GivenFigureRow, StanceRow
from claimtrack.number_ranges import describe_range
from claimtrack.query.figure_readings import FigureReading
from claimtrack.reports.affirmations import AffirmationRow
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.wording import (
    describe_days,
    describe_status,
    describe_timing,
    has_reconciling_judge,
    join_words,
    spell_word,
)
from claimtrack.vocab import PairStatus
from claimtrack.weigh.opposition import Via

STRENGTH = {1: "weakly", 2: "outright"}
"""Words for the strength of a pair, or the absolute value of a stance."""
_UNOPPOSED = "nothing recorded sets them against each other"


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry that a line mentions; actor and principal are refs."""

    ref: str
    kind: str
    actor: str
    date_from: date | None
    date_to: date | None
    summary: str
    principal: str | None = None
    time_from: datetime | None = None
    time_to: datetime | None = None

    @property
    def needs(self) -> Needs:
        """What must be fetched to mention it."""
        actors = (self.actor,) if self.principal is None else (self.actor, self.principal)
        return Needs(entries=(self.ref,), actors=actors)


def mention_of(row: AffirmationRow) -> Mention:
    """Return the entry that supports another, as a mention."""
    return Mention(
        row.ref,
        row.kind,
        row.actor,
        row.date_from,
        row.date_to,
        row.summary,
        time_from=row.time_from,
        time_to=row.time_to,
    )


def end_of(pair: ContradictionRow, side: str) -> Mention:
    """Return the `subject` or the `counter` of a pair, as a mention."""
    return Mention(*(getattr(pair, f"{side}_{name}") for name in Mention.__dataclass_fields__))


def describe_date(entry: Any) -> str:
    """Return the date of an entry, from its bounds."""
    return times.format_row(entry) or "undated"


def describe_about(first: date | None, last: date | None) -> str:
    """Return the period of which an entry speaks, to follow its date; empty without one."""
    about = dates.format_span(first, last)
    return f", about {about}" if about else ""


def describe_actor(actor: str, principal: str | None, lookups: Lookups) -> str:
    """Return the name of an actor, with its principal where that is another."""
    of = "" if principal in (None, actor) else f", of {lookups.actor(str(principal))}"
    return f"{lookups.actor(actor)}{of}"


def ended(sentence: str) -> str:
    """Return a sentence with a full stop, unless it ends with a sign of its own."""
    return sentence if sentence.rstrip("\"'”»)")[-1:] in (".", "!", "?", "…") else f"{sentence}."


def mentioned(one: Mention, lookups: Lookups, notes: Footnotes) -> str:
    """Return the actor, date and words of an entry, with its footnote marks."""
    markup = notes.markup
    ref = markup.strong(markup.text(one.ref))
    linked = markup.reference(one.ref, ref) if one.ref in lookups.here else ref
    by = f"{one.kind} by {describe_actor(one.actor, one.principal, lookups)}"
    author = markup.text(f"{by}, {describe_date(one)}: {one.summary}")
    return f"{linked}, {author}{notes.marks(one.ref, lookups)}"


def documented(entry: str, lookups: Lookups, notes: Footnotes) -> str:
    """Return the sentence on the documents of an entry; empty where it cites none."""
    sources = notes.sources(entry, lookups)
    return f" Sources: {sources}." if sources else ""


def assertion(row: StanceRow, lookups: Lookups) -> str:
    """Return the sentence on a stance, as one judge reads it."""
    text = lookups.proposition(row.proposition)
    if row.value == 0:
        says = f"leaves open {text}"
    else:
        verb = "affirms" if row.value > 0 else "denies"
        says = f"{verb} {text} {STRENGTH[abs(row.value)]}"
    parts = [
        row.basis,
        f"hedged: {row.hedge}" if row.hedge else "",
        f"on the condition: {row.condition}" if row.condition else "",
        f"likelihood: {spell_word(row.likelihood)}" if row.likelihood else "",
        f"confidence: {row.confidence}" if row.confidence else "",
        _reading([row.asserted_by], lookups),
    ]
    return f"{says} ({_joined(parts)})"


def given_number(row: GivenFigureRow, lookups: Lookups) -> str:
    """Return the sentence on a figure, as one judge reads it."""
    number = f"{describe_range(row.low, row.high)} {row.unit}"
    return f"gives {number} for {lookups.measure(row.measure)} ({_figure_reading(row, lookups)})"


def _figure_reading(row: GivenFigureRow | FigureReading, lookups: Lookups) -> str:
    """Return how a figure is worded and judged."""
    parts = [
        row.basis,
        f"hedged: {row.hedge}" if row.hedge else "",
        f"on the condition: {row.condition}" if row.condition else "",
        _reading([row.asserted_by], lookups),
    ]
    return _joined(parts)


def support(row: AffirmationRow, lookups: Lookups, notes: Footnotes) -> str:
    """Return the sentence on an entry that supports another."""
    grounds = [
        STRENGTH[row.strength],
        _on(row.propositions, lookups),
        "linked as corroborating" if row.corroborates else "",
        _judged(row.asserted_by, lookups),
    ]
    reason = "same side" if row.propositions else "corroborates"
    return _bearing(reason, mention_of(row), grounds, lookups, notes)


def opposition(pair: ContradictionRow, side: str, lookups: Lookups, notes: Footnotes) -> str:
    """Return the sentence on one end of a pair, and how it bears on the other."""
    reasons = ", ".join(
        filter(
            None,
            [spell_word(pair.klass or ""), describe_timing(pair.klass, pair.timing, pair.days)],
        )
    )
    otherwise = ""
    if pair.status == PairStatus.RECONCILED:
        reasons, otherwise = "reconciled", f"otherwise {reasons}" if reasons else ""
    basis = f", {pair.basis}" if pair.basis else ""
    judgements = lookups.judged.get((pair.subject_ref, pair.counter_ref), ())
    status = describe_status(pair, judgements, lookups.actor)
    grounds = [
        otherwise,
        f"{STRENGTH[pair.strength]}{basis}" if pair.strength else _UNOPPOSED,
        _on(pair.propositions, lookups),
        *_conflicts(pair, side, lookups),
        f"found by {join_words([spell_word(via) for via in pair.via])}" if pair.strength else "",
        f"on the condition: {join_words(pair.conditions)}" if pair.conditions else "",
        describe_days(pair, side),
        _judged(pair.asserted_by, lookups) if pair.asserted_by else "",
        "" if pair.status == PairStatus.DERIVED else status,
    ]
    return _bearing(reasons, end_of(pair, side), grounds, lookups, notes)


def needs_of_pair(pair: ContradictionRow, *sides: str) -> Needs:
    """Return what must be fetched to describe a pair and both its ends."""
    ends = [end_of(pair, side).needs for side in sides]
    judged = (pair.subject_ref, pair.counter_ref)
    conflicting = [*pair.measures] if Via.FIGURE in pair.via else []
    return Needs(
        entries=tuple(ref for needs in ends for ref in needs.entries),
        actors=(
            *(ref for needs in ends for ref in needs.actors),
            *pair.asserted_by,
            *pair.reconciled_by,
        ),
        propositions=pair.propositions,
        pairs=(judged,) if has_reconciling_judge(pair) else (),
        measures=tuple(conflicting),
        figures=(judged,) if conflicting else (),
    )


def _conflicts(pair: ContradictionRow, side: str, lookups: Lookups) -> list[str]:
    """Return a sentence on each two figures of a pair that cannot both be right.

    The first is that of the end that is not `side`.
    """
    sentences = []
    for _, *both in lookups.conflicts.get((pair.subject_ref, pair.counter_ref), ()):
        first, second = both if side == "counter" else reversed(both)
        numbers = [f"{describe_range(one.low, one.high)}" for one in (first, second)]
        readings = [
            f"{number} is {_figure_reading(one, lookups)}"
            for number, one in zip(numbers, (first, second), strict=True)
        ]
        sentences.append(
            f"the figures {' and '.join(numbers)} for {lookups.measure(first.measure)} cannot both "
            f"be right: {', and '.join(readings)}"
        )
    return sentences


def _bearing(
    verb: str, other: Mention, grounds: Sequence[str], lookups: Lookups, notes: Footnotes
) -> str:
    """Return the sentence on an entry that bears on another: how, why, and by which judge."""
    markup = notes.markup
    reasons = markup.text(f"({_joined(grounds)})")
    return f"{markup.strong(markup.text(verb))}: {mentioned(other, lookups, notes)} {reasons}"


def _joined(parts: Sequence[str]) -> str:
    return "; ".join(filter(None, parts))


def _on(propositions: Sequence[str], lookups: Lookups) -> str:
    return f"on {', '.join(map(lookups.proposition, propositions))}" if propositions else ""


def _judged(judges: Sequence[str], lookups: Lookups) -> str:
    return f"judged by {', '.join(map(lookups.actor, judges))}"


def _reading(judges: Sequence[str], lookups: Lookups) -> str:
    return f"in the reading of {', '.join(map(lookups.actor, judges))}"
