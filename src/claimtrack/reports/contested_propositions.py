"""The propositions that contradictions are on, each with its sides (see `grouping`)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from claimtrack.dates import format_span
from claimtrack.escaping import format_count
from claimtrack.query.external_sort import sort_on_disk
from claimtrack.reports.contradictions import ContradictionRow, PairReport
from claimtrack.reports.pair_sides import (
    Reading,
    Side,
    SideTaken,
    TakenRow,
    Tally,
    Voice,
    sides_in,
    voices,
)
from claimtrack.reports.wording import OUTSIDE_PERIOD
from claimtrack.sql import batches
from claimtrack.vocab import PairClass, PairStatus
from claimtrack.weigh.classification import Pair


@dataclass(frozen=True, slots=True)
class ContestedSide:
    """One side of a proposition.

    Attributes:
        side: The side.
        instead: The ref of the other proposition that the entries affirm, if that is the side.
        voices: The voices that take the side, by actor.
    """

    side: Side
    instead: str | None
    voices: Iterator[Voice]


@dataclass(frozen=True, slots=True)
class ContestedProposition:
    """A proposition on which entries oppose each other.

    Attributes:
        ref: Its ref.
        pairs: The number of pairs on it.
        classes: Class, whether the timing is possible, and the number of such pairs; greatest
            number first.
        disputed: The number of disputed pairs.
        reconciled: The number of reconciled pairs.
        judges: The refs of the judges of the grounds, in order.
        sides: Its sides; each must be read before the next.
    """

    ref: str
    pairs: int
    classes: tuple[tuple[PairClass | None, bool, int], ...]
    disputed: int
    reconciled: int
    judges: tuple[str, ...]
    sides: Iterator[ContestedSide]


@dataclass(frozen=True, slots=True)
class OnFigures:
    """The pairs whose figures cannot both be right, whether or not they are on a proposition."""

    rows: Iterator[ContradictionRow]


@dataclass(frozen=True, slots=True)
class OnNoProposition:
    """The pairs on no proposition and no figures: linked by judges, or merely reconciled."""

    rows: Iterator[ContradictionRow]


def contested_propositions(
    report: PairReport, found: Iterable[Pair]
) -> Iterator[ContestedProposition | OnFigures | OnNoProposition]:
    """Yield the propositions that pairs are on, by ref, then the pairs on figures, then all others.

    The sides or rows of a group must be read before the next group. All pairs are read and sorted
    on disk before the first group is yielded; memory grows with the number of propositions only.
    """
    tallies: dict[int, Tally] = defaultdict(Tally)
    ordered = sort_on_disk(_spooled(report, found, tallies), [False] * _ORDERED)
    for key, rows in groupby(ordered, key=lambda row: row[0]):
        if key in (_FIGURES, _NONE):
            pairs = report.rows(report.weighed(row[1:3] for row in rows))
            yield OnFigures(pairs) if key == _FIGURES else OnNoProposition(pairs)
            continue
        tally = tallies[key]
        yield ContestedProposition(
            ref=_proposition(report, key),
            pairs=tally.pairs,
            classes=tuple(
                (klass, possible, count)
                for (klass, possible), count in sorted(tally.classes.items(), key=_most_first)
            ),
            disputed=tally.statuses[PairStatus.DISPUTED],
            reconciled=tally.statuses[PairStatus.RECONCILED],
            judges=tuple(sorted(report.shown.actors[judge] for judge in tally.judges)),
            sides=_sides(report, map(_read_side, rows)),
        )


_NONE = 0
"""In place of the key of a proposition in the rows of pairs that are on none, nor on figures."""
_FIGURES = -1
"""In place of the key of a proposition in the rows of pairs that are on figures."""
_ORDERED = 6


def _spooled(
    report: PairReport, found: Iterable[Pair], tallies: dict[int, Tally]
) -> Iterator[tuple[tuple[Any, ...], tuple[int, ...]]]:
    """Yield a sort key and a row of keys for each side that an entry takes; fill `tallies`.

    A pair on figures, or on no proposition, has one row with the keys of its two entries.
    """
    for batch in batches(iter(found)):
        filters = report.propositions
        sides_of_pairs = [
            (pair, [one for one in sides_in(pair) if filters is None or one.proposition in filters])
            for pair in batch
        ]
        names = report.shown.propositions.get_many(
            key
            for _, sides in sides_of_pairs
            for one in sides
            for key in (one.proposition, one.instead)
            if key
        )
        entries = report.shown.entries.get_many(
            one.entry for _, sides in sides_of_pairs for one in sides
        )
        for pair, sides in sides_of_pairs:
            ends = pair.subject.id, pair.counter.id
            if on_figures := _is_on_figures(report, pair):
                yield (None, 0, "", "", None, ""), (_FIGURES, *ends)
            if not (sides or on_figures):
                yield (None, 1, "", "", None, ""), (_NONE, *ends)
            for key in {one.proposition for one in sides}:
                tallies[key].add(pair, key)
            for one in sides:
                entry = entries[one.entry]
                instead = names[one.instead] if one.instead else ""
                day = entry.date_from or entry.date_to
                place = names[one.proposition], int(one.side), instead, entry.actor, day, entry.ref
                yield place, tuple(map(int, one))


def _is_on_figures(report: PairReport, pair: Pair) -> bool:
    """Whether the figures of a pair cannot both be right, for a measure that the filters choose."""
    if pair.opposition is None or (report.propositions is not None and report.measures is None):
        return False
    measures = {ground.one.measure for ground in pair.opposition.figures}
    return bool(measures if report.measures is None else measures & report.measures)


def _read_side(keys: tuple[int, ...]) -> SideTaken:
    """Return a spooled row as the side that an entry takes."""
    proposition, side, instead, entry, value, explicit, conditional = keys
    reading = value, bool(explicit), bool(conditional)
    return SideTaken(proposition, Side(side), instead, entry, *reading)


def _sides(report: PairReport, sides: Iterator[SideTaken]) -> Iterator[ContestedSide]:
    """Group the entries of one proposition by the side that they take."""
    for (side, instead), of_side in groupby(sides, key=lambda one: (one.side, one.instead)):
        named = _proposition(report, instead) if instead else None
        yield ContestedSide(side, named, voices(_rows(report, of_side)))


def _rows(report: PairReport, sides: Iterator[SideTaken]) -> Iterator[TakenRow]:
    """Yield the entries of a side with their values for display, in the order of `sides`."""
    for batch in batches(sides):
        entries = report.shown.entries.get_many(one.entry for one in batch)
        facts = report.facts.load(entries)
        for one in batch:
            reading = Reading(one.value, one.explicit, one.conditional)
            entry_facts = facts[one.entry]
            others = (report.shown.actors[key] for key in entry_facts.voices - {entry_facts.actor})
            yield TakenRow(entries[one.entry], reading, tuple(sorted(others)))


def _proposition(report: PairReport, key: int) -> str:
    return report.shown.propositions.get_many([key])[key]


def _most_first(item: tuple[tuple[PairClass | None, bool], int]) -> tuple[int, str, bool]:
    (klass, possible), count = item
    return -count, klass or "", possible


# --- in words -------------------------------------------------------------------------------------


def describe_pairs(
    one: ContestedProposition, spell: Callable[[str], str] = str, named: Callable[[str], str] = str
) -> str:
    """Return a sentence on the number of pairs on a proposition, their classes and their judges.

    Args:
        one: The proposition.
        spell: Returns the wording of a class.
        named: Returns the name of a judge by its ref.
    """
    classes = [
        f"{spell(klass)}{f' ({_doubt(klass)})' if possible else ''} {count:,}"
        for klass, possible, count in one.classes
        if klass is not None
    ]
    judged = [
        f"{count:,} {status}"
        for count, status in ((one.disputed, "disputed"), (one.reconciled, "reconciled"))
        if count
    ]
    parts = [", ".join(classes), *judged, f"in the reading of {', '.join(map(named, one.judges))}"]
    return f"{format_count(one.pairs, 'pair')}: {'; '.join(parts)}"


def _doubt(klass: PairClass) -> str:
    """Return the doubt about pairs of a class whose timing is possible."""
    return "order or period not known" if klass is PairClass.BREACH else OUTSIDE_PERIOD


def describe_voice(voice: Voice) -> str:
    """Return the dates of a voice, as far as they are known: `2024-01-19/2024-05-24, 1 undated`."""
    if voice.undated == len(voice.entries) + voice.more:
        return "undated"
    days = format_span(voice.first, voice.last) or "../.."
    return f"{days}, {voice.undated:,} undated" if voice.undated else days


def describe_side(side: ContestedSide) -> str:
    """Return what the entries on a side do: `affirm it`, `affirm e2 instead`."""
    if side.side is Side.AFFIRMS:
        return "affirm it"
    return "deny it" if side.side is Side.DENIES else f"affirm {side.instead} instead"
