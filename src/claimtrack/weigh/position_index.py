"""An index for finding the steps of many positions on one proposition.

`position_steps.find_step` compares a position with all others, which takes too long for thousands.
Few of them decide the step: among those surely earlier, the ones that end or begin last; among
those that may be earlier, any one of each value. The index selects a small set of positions that
always contains these, so that `find_step` returns the same step for it as for all.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from claimtrack.facts import Moment, Span
from claimtrack.weigh.position_steps import Position, SpokenEntry, Step, find_step

_FEW = 12
"""Up to this many positions, each is compared with all others, which is faster than sorting."""
_ZONES = 2
"""Days by which local dates can contradict the order of instants.

Offsets from UTC differ by up to 26 hours, which is more than one day.
"""
_VALUES = range(-2, 3)
# Beyond all dates, and farther from them than twice the slack.
_UNKNOWN_FIRST, _UNKNOWN_LAST = date.min.toordinal() - 10, date.max.toordinal() + 10

_Label: TypeAlias = tuple[str, int]
"""Something that entries can have in common: a name for the property, and the key of an actor."""


class PositionIndex:
    """The positions of entries on one proposition, as one judge reads them.

    Attributes:
        positions: The positions, by the key of their entry.
    """

    def __init__(self, positions: Iterable[Position]) -> None:
        self.positions = {position.entry.id: position for position in positions}

    def find_step(self, entry: int) -> Step | None:
        """Return the step of one of the positions, as `position_steps.find_step` does.

        Args:
            entry: The key of its entry.

        Raises:
            KeyError: The entry has no position in the index.
        """
        position = self.positions[entry]
        if len(self.positions) <= _FEW:
            return find_step(
                position, (other for other in self.positions.values() if other is not position)
            )
        others = {one.entry.id: one for one in self._find_deciding(position)}
        return find_step(position, others.values())

    def _find_deciding(self, position: Position) -> Iterator[Position]:
        """Yield positions that together decide the step of one, some of them several times."""
        for label in _labels_sought(position.entry):
            for value in _VALUES:
                bucket = self._buckets.get((label, value))
                if bucket is not None:
                    yield from bucket.find_deciding(position)

    @cached_property
    def _buckets(self) -> dict[tuple[_Label, int], "_Bucket"]:
        """The positions by label and value."""
        ends = (end for position in self.positions.values() for end in position.entry.date)
        tolerance = (
            _ZONES if any(end is not None and end.instant is not None for end in ends) else 0
        )
        buckets: dict[tuple[_Label, int], _Bucket] = {}
        for position in self.positions.values():
            for label in _labels(position.entry):
                bucket = buckets.setdefault((label, position.value), _Bucket(tolerance))
                bucket.by_span[position.entry.date].append(position)
        return buckets


def _labels(entry: SpokenEntry) -> Iterator[_Label]:
    """Yield the labels under which an entry is filed."""
    yield "principal", entry.principal
    yield from (("voice", voice) for voice in entry.voices)
    yield from (("voice or above", actor) for actor in entry.ancestry)


def _labels_sought(entry: SpokenEntry) -> Iterator[_Label]:
    """Yield the labels under which all entries are filed that share a voice or the principal.

    Two entries share a voice if a voice of one is in the ancestry of the other, so each side is
    looked up under the label of the other.
    """
    yield "principal", entry.principal
    yield from (("voice", actor) for actor in entry.ancestry)
    yield from (("voice or above", voice) for voice in entry.voices)


class _Ends(NamedTuple):
    """A position, and the days on which its date begins and ends, as ordinal numbers."""

    first: int
    last: int
    position: Position


class _Bucket:
    """The positions of one value that have one label.

    Attributes:
        by_span: The positions by the date of their entry; those of one date are interchangeable.
        tolerance: Number of days within which the order of days does not tell what is surely before
            what: `_ZONES` if any date has an instant, else 0.
    """

    def __init__(self, tolerance: int) -> None:
        self.by_span = defaultdict[Span, list[Position]](list)
        self.tolerance = tolerance

    def find_deciding(self, position: Position) -> Iterator[Position]:
        """Yield the positions of this bucket that may decide the step of a position."""
        first, last = map(_to_ordinal, position.entry.date, (_UNKNOWN_FIRST, _UNKNOWN_LAST))
        found = (self._ending_before(first), self._beginning_by(last, position))
        return (one.position for some in found for one in some if one.position is not position)

    def _ending_before(self, day: int) -> list[_Ends]:
        """Return the positions that may be the last one before a day.

        Of the positions surely before the day, let B be the latest beginning. A position that ends
        before B cannot be the last one; all that end later, up to the day, are returned.
        `tolerance` widens both limits.
        """
        ends, days = self._by_last
        surely = bisect_left(days, day - self.tolerance)
        begins = self._last_to_begin[surely - 1] if surely else day
        start = bisect_left(days, begins - 2 * self.tolerance)
        return ends[start : bisect_right(days, day + self.tolerance)]

    def _beginning_by(self, day: int, position: Position) -> list[_Ends]:
        """Return positions that begin about or before a day, enough to tell if any may be earlier.

        All that begin about the day, and of those that begin before it the one that ends last: if
        any of these may be earlier than the position, that one may be.
        """
        ends, days = self._by_first
        surely = bisect_left(days, day - self.tolerance)
        about = ends[surely : bisect_right(days, day + self.tolerance)]
        earlier = self._last_to_end[surely - 1] if surely else ()
        return [*about, *[one for one in earlier if one.position is not position][:1]]

    @cached_property
    def _ends(self) -> list[_Ends]:
        """Up to two positions of each date."""
        # Two positions of each date suffice: one is left if the other is the position compared.
        return [
            _Ends(
                _to_ordinal(span.first, _UNKNOWN_FIRST),
                _to_ordinal(span.last, _UNKNOWN_LAST),
                position,
            )
            for span, positions in self.by_span.items()
            for position in positions[:2]
        ]

    @cached_property
    def _by_last(self) -> tuple[list[_Ends], list[int]]:
        """The positions in the order in which they end, and the days on which they end."""
        ends = sorted(self._ends, key=lambda one: one.last)
        return ends, [one.last for one in ends]

    @cached_property
    def _last_to_begin(self) -> list[int]:
        """At index i, the latest beginning among the i + 1 positions that end first."""
        return list(accumulate((one.first for one in self._by_last[0]), max))

    @cached_property
    def _by_first(self) -> tuple[list[_Ends], list[int]]:
        """The positions in the order in which they begin, and the days on which they begin."""
        ends = sorted(self._ends, key=lambda one: one.first)
        return ends, [one.first for one in ends]

    @cached_property
    def _last_to_end(self) -> list[tuple[_Ends, ...]]:
        """At index i, the two that end last among the i + 1 positions that begin first."""
        firsts = ((one,) for one in self._by_first[0])
        return list(accumulate(firsts, _two_that_end_last))


def _two_that_end_last(some: tuple[_Ends, ...], more: tuple[_Ends, ...]) -> tuple[_Ends, ...]:
    return tuple(sorted((*some, *more), key=lambda one: -one.last)[:2])


def _to_ordinal(end: Moment | None, unknown: int) -> int:
    return unknown if end is None else end.day.toordinal()
