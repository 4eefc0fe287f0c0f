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
"""The greatest number of entries listed for one voice; the others are only counted."""


def by_subject(
    rows: Iterable[ContradictionRow],
) -> Iterator[tuple[ContradictionRow, Iterator[ContradictionRow]]]:
    """Yield for each subject its first row, which describes the subject, and all its rows.

    The rows must be ordered by subject. They are read lazily, so the rows of one group must be read
    before the next group.
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
    """The side that an entry takes on a proposition, as one judge reads it.

    Attributes:
        proposition: The key of the proposition.
        side: The side.
        instead: The key of the other proposition of the exclusive topic that the entry affirms; 0
            if the side is another.
        entry: The key of the entry.
        value: The value of its stance, -2 to 2.
        explicit: Whether the stance is explicit; else it is inferred.
        conditional: Whether the stance depends on a condition.
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
    """Counts the pairs on one proposition, and collects the judges of their grounds.

    Attributes:
        classes: The number of pairs by class and whether their timing is possible.
        statuses: The number of pairs by status.
        judges: The keys of the judges.
    """

    classes: Counter[tuple[PairClass | None, bool]] = field(default_factory=Counter)
    statuses: Counter[PairStatus] = field(default_factory=Counter)
    judges: set[int] = field(default_factory=set)

    def add(self, pair: Pair, proposition: int) -> None:
        """Count a pair, and add the judges of its grounds on this proposition."""
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
    """The stance by which an entry takes its side, without its judge.

    Attributes:
        value: -2 to 2.
        explicit: Whether the stance is explicit; else it is inferred.
        conditional: Whether the stance depends on a condition.
    """

    value: int
    explicit: bool
    conditional: bool

    @property
    def notes(self) -> list[str]:
        """The notes in brackets after the value: `inferred`, `on a condition`."""
        notes = [] if self.explicit else ["inferred"]
        return [*notes, "on a condition"] if self.conditional else notes


@dataclass(frozen=True, slots=True)
class TakenRow:
    """An entry that takes a side, by one reading, with the values for display.

    Attributes:
        entry: The summary of the entry.
        reading: The reading.
        others: The refs of its voices other than its actor.
    """

    entry: EntrySummary
    reading: Reading
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryStance:
    """An entry on one side of a proposition.

    Attributes:
        ref: Its ref.
        kind: Its kind.
        readings: The different readings of its judges.
        others: The refs of its voices other than its actor.
    """

    ref: str
    kind: str
    readings: tuple[Reading, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """An actor that takes a side of a proposition, with its entries on that side.

    Attributes:
        actor: The ref of the actor.
        principals: The refs of the principals of the entries.
        first: The first day of the dated entries; None if there are none, or if the first day of
            one of them is unknown.
        last: The last day of the dated entries; None as for `first`.
        undated: The number of entries without a date.
        entries: The first `MOST_NAMED` entries, by date.
        more: The number of the other entries.
    """

    actor: str
    principals: tuple[str, ...]
    first: date | None
    last: date | None
    undated: int
    entries: tuple[EntryStance, ...]
    more: int


def voices(rows: Iterable[TakenRow]) -> Iterator[Voice]:
    """Yield the voices of one side; its rows must be ordered by actor, then by date and ref.

    Memory does not grow with the entries of a voice.
    """
    for actor, of_actor in groupby(rows, attrgetter("entry.actor")):
        principals: set[str] = set()
        firsts, lasts = _Extreme(min), _Extreme(max)
        undated = count = 0
        named: list[EntryStance] = []
        for _, of_entry in groupby(of_actor, attrgetter("entry.ref")):
            remaining = iter(of_entry)
            first = next(remaining)
            entry, readings = first.entry, dict.fromkeys([first.reading])
            readings |= dict.fromkeys(row.reading for row in remaining)
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
    """The first or last of several days; unknown as soon as one of them is unknown."""

    def __init__(self, choose: Callable[[date, date], date]) -> None:
        self._choose, self._is_dated = choose, True
        self._day: date | None = None

    def add(self, day: date | None) -> None:
        """Add a day; None for an unknown day."""
        if day is None:
            self._is_dated = False
        else:
            self._day = day if self._day is None else self._choose(self._day, day)

    @property
    def day(self) -> date | None:
        """The first or last day; None if no day was added, or an unknown one."""
        return self._day if self._is_dated else None
