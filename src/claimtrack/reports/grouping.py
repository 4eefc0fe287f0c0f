"""Contradictions grouped by subject, with its opponents, or by proposition, with its two sides.

Each side of a proposition has one line for each **voice**: an actor with the entries that take the
side, and their first and last day. An entry is in one line of a side only, so that nobody is
counted twice.

A pair that affirms two propositions of an exclusive topic is listed under both; under each, the
other entry is on the side that affirms another proposition. A few entries can make many pairs on
one proposition, so the number of pairs says nothing about the number of origins.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from claimtrack.query.display_values import EntrySummary
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.vocab import PairClass, PairStatus, Timing
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.opposition import Via

MOST_NAMED = 20
"""Entries of one voice that are named; the others are counted."""


def by_subject(
    rows: Iterable[ContradictionRow],
) -> Iterator[tuple[ContradictionRow, Iterator[ContradictionRow]]]:
    """Yield for each subject its first row, which describes the subject, and all its rows.

    The rows must be ordered by subject. They are read lazily: those of one group before the next.
    """
    for _, group in groupby(rows, attrgetter("subject_ref")):
        of_subject = iter(group)
        first = next(of_subject)
        yield first, chain([first], of_subject)


class Side(IntEnum):
    """The side of an entry on a proposition, in the order in which sides are displayed."""

    AFFIRMS = 0
    DENIES = 1
    AFFIRMS_ANOTHER = 2


class SideTaken(NamedTuple):
    """That an entry takes a side of a proposition, by one reading; all but the side are keys.

    Attributes:
        proposition: The proposition.
        side: The side.
        instead: The other proposition of the exclusive topic that is affirmed; 0 where none is.
        entry: The entry.
        value: That of its stance, -2 to 2.
        explicit: Whether the words plainly say so.
        conditional: Whether it depends on a condition.
    """

    proposition: int
    side: Side
    instead: int
    entry: int
    value: int
    explicit: bool
    conditional: bool


def sides_in(pair: Pair) -> Iterator[SideTaken]:
    """Yield the sides that the two entries of a pair take, for each ground of stances."""
    for ground in pair.opposition.grounds if pair.opposition else ():
        ends = (pair.subject.id, ground.one), (pair.counter.id, ground.other)
        for (entry, stance), (_, against) in (ends, ends[::-1]):
            own = SideTaken(
                stance.proposition,
                Side.AFFIRMS if stance.value > 0 else Side.DENIES,
                0,
                entry,
                stance.value,
                stance.explicit,
                bool(stance.condition),
            )
            yield own
            if ground.via is Via.EXCLUSIVE_TOPIC:
                yield own._replace(
                    proposition=against.proposition,
                    side=Side.AFFIRMS_ANOTHER,
                    instead=stance.proposition,
                )


@dataclass(slots=True)
class Tally:
    """What the pairs on one proposition are called, and whose readings make them.

    Attributes:
        classes: How many pairs of each class there are, those of possible timing apart.
        statuses: How many of each status there are.
        judges: The keys of the judges.
    """

    classes: Counter[tuple[PairClass | None, bool]] = field(default_factory=Counter)
    statuses: Counter[PairStatus] = field(default_factory=Counter)
    judges: set[int] = field(default_factory=set)

    def add(self, pair: Pair, proposition: int) -> None:
        """Count a pair, and the judges whose readings are its grounds on this proposition."""
        self.classes[pair.klass, pair.timing is Timing.POSSIBLE] += 1
        self.statuses[pair.status] += 1
        for ground in pair.opposition.grounds if pair.opposition else ():
            stances = ground.one, ground.other
            if any(stance.proposition == proposition for stance in stances):
                self.judges.update(stance.judge for stance in stances)

    @property
    def pairs(self) -> int:
        """The number of pairs."""
        return self.classes.total()


class Reading(NamedTuple):
    """How an entry takes its side, as one or more judges read it.

    Attributes:
        value: -2 to 2.
        explicit: Whether the words plainly say so.
        conditional: Whether it depends on a condition.
    """

    value: int
    explicit: bool
    conditional: bool

    @property
    def notes(self) -> list[str]:
        """The notes that follow the value."""
        notes = [] if self.explicit else ["inferred"]
        return [*notes, "on a condition"] if self.conditional else notes


@dataclass(frozen=True, slots=True)
class TakenRow:
    """That an entry takes a side, as it is shown, and the refs of its voices but its actor."""

    entry: EntrySummary
    reading: Reading
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryStance:
    """An entry on one side of a proposition, and how its judges read it, each way once.

    `others` are the refs of those on whose behalf or together with whom it is.
    """

    ref: str
    kind: str
    readings: tuple[Reading, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Who takes a side of a proposition, from when to when, in which entries.

    Attributes:
        actor: The ref of the actor.
        principals: The refs of those in whose name the entries are.
        first: The first day on which one of the entries may have been said or done; None where
            that of one with a date is not known.
        last: The last day on which one may have been said or done; None as for `first`.
        undated: How many of the entries have no date.
        entries: The entries, by date; of many the first.
        more: How many others there are.
    """

    actor: str
    principals: tuple[str, ...]
    first: date | None
    last: date | None
    undated: int
    entries: tuple[EntryStance, ...]
    more: int


def voices(rows: Iterable[TakenRow]) -> Iterator[Voice]:
    """Yield the voices of one side, whose rows come by actor, then by date and ref.

    Memory does not grow with the entries of a voice.
    """
    for actor, of_actor in groupby(rows, attrgetter("entry.actor")):
        principals: set[str] = set()
        firsts, lasts = _Extreme(min), _Extreme(max)
        undated = count = 0
        named: list[EntryStance] = []
        for _, of_entry in groupby(of_actor, attrgetter("entry.ref")):
            taken = iter(of_entry)
            first = next(taken)
            entry, readings = first.entry, dict.fromkeys([first.reading])
            readings |= dict.fromkeys(row.reading for row in taken)
            if entry.date_from is entry.date_to is None:
                undated += 1
            else:
                firsts.add(entry.date_from)
                lasts.add(entry.date_to)
            principals.add(entry.principal)
            count += 1
            if count <= MOST_NAMED:
                named.append(EntryStance(entry.ref, entry.kind, tuple(readings), first.others))
        yield Voice(
            actor=actor,
            principals=tuple(sorted(principals)),
            first=firsts.day,
            last=lasts.day,
            undated=undated,
            entries=tuple(named),
            more=count - len(named),
        )


class _Extreme:
    """The first or the last of some days, unless one of them is not known."""

    def __init__(self, choose: Callable[[date, date], date]) -> None:
        self._choose, self._known = choose, True
        self._day: date | None = None

    def add(self, day: date | None) -> None:
        """Add a day, or that one is not known."""
        if day is None:
            self._known = False
        else:
            self._day = day if self._day is None else self._choose(self._day, day)

    @property
    def day(self) -> date | None:
        """The day; None where there is none, or one that is not known."""
        return self._day if self._known else None
