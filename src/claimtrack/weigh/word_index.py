"""The steps of many words on one proposition, not each compared with all others (model.md 5).

Of thousands of words a few decide a step (`steps`): of those surely earlier, the ones that end or
begin last; of those that may be earlier, any one of each value. What is found here always holds
these, so that `step` returns the same as from all the words.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from claimtrack.facts import Moment, Span
from claimtrack.weigh.steps import Spoken, Step, Word, step

_FEW = 12
"""Words up to which each is compared with all: to sort them would take longer."""
_ZONES = 2
"""Days by which the days of two instants can be in the other order: offsets lie 26 hours apart."""
_VALUES = range(-2, 3)
_UNKNOWN_FIRST, _UNKNOWN_LAST = date.min.toordinal() - 10, date.max.toordinal() + 10

_Label: TypeAlias = tuple[str, int]
"""What words have in common: a word for the respect, and the key of an actor."""


class WordIndex:
    """Words on one proposition, as one judge reads them.

    Attributes:
        words: The words, by the key of their entry.
    """

    def __init__(self, words: Iterable[Word]) -> None:
        self.words = {word.entry.id: word for word in words}

    def step(self, entry: int) -> Step | None:
        """Return the step of the word of an entry, which is one of the words."""
        word = self.words[entry]
        if len(self.words) <= _FEW:
            return step(word, (other for other in self.words.values() if other is not word))
        others = {one.entry.id: one for one in self._deciding(word)}
        return step(word, others.values())

    def _deciding(self, word: Word) -> Iterator[Word]:
        for label in _labels_sought(word.entry):
            for value in _VALUES:
                line = self._lines.get((label, value))
                if line is not None:
                    yield from line.deciding(word)

    @cached_property
    def _lines(self) -> dict[tuple[_Label, int], "_Line"]:
        """By what they have in common, and by value, the words."""
        ends = (end for word in self.words.values() for end in word.entry.date)
        slack = _ZONES if any(end is not None and end.instant is not None for end in ends) else 0
        lines: dict[tuple[_Label, int], _Line] = {}
        for word in self.words.values():
            for label in _labels(word.entry):
                line = lines.setdefault((label, word.value), _Line(slack))
                line.by_span[word.entry.date].append(word)
        return lines


def _labels(entry: Spoken) -> Iterator[_Label]:
    yield "principal", entry.principal
    yield from (("voice", voice) for voice in entry.voices)
    yield from (("voice or above", actor) for actor in entry.above)


def _labels_sought(entry: Spoken) -> Iterator[_Label]:
    """Yield what an entry that shares a voice or the principal with this one has a label of."""
    yield "principal", entry.principal
    yield from (("voice", actor) for actor in entry.above)
    yield from (("voice or above", voice) for voice in entry.voices)


class _Ends(NamedTuple):
    """A word, and the days on which its date begins and ends, as numbers."""

    first: int
    last: int
    word: Word


class _Line:
    """Words of one value that have something in common.

    Attributes:
        by_span: The words, by their date: those of one date give one step.
        slack: Days within which days do not decide what is before what.
    """

    def __init__(self, slack: int) -> None:
        self.by_span = defaultdict[Span, list[Word]](list)
        self.slack = slack

    def deciding(self, word: Word) -> Iterator[Word]:
        """Yield words that decide with those of other lines; all others may be left out."""
        first, last = map(_numbered, word.entry.date, (_UNKNOWN_FIRST, _UNKNOWN_LAST))
        found = (self._ending_before(first), self._beginning_by(last, word))
        return (one.word for some in found for one in some if one.word is not word)

    def _ending_before(self, day: int) -> list[_Ends]:
        """Return those that end last before a day, and all that end after the last of them begins.

        Whichever of them is not the last before the day, one that is later is among them.
        """
        ends, days = self._by_last
        surely = bisect_left(days, day - self.slack)
        begins = self._last_to_begin[surely - 1] if surely else day
        start = bisect_left(days, begins - 2 * self.slack)
        return ends[start : bisect_right(days, day + self.slack)]

    def _beginning_by(self, day: int, word: Word) -> list[_Ends]:
        """Return those that begin about a day, and of those that begin before one that ends last.

        Of these, if any may be before the word, that one may be.
        """
        ends, days = self._by_first
        surely = bisect_left(days, day - self.slack)
        about = ends[surely : bisect_right(days, day + self.slack)]
        earlier = self._last_to_end[surely - 1] if surely else ()
        return [*about, *[one for one in earlier if one.word is not word][:1]]

    @cached_property
    def _ends(self) -> list[_Ends]:
        # Two of a date: one is there for the other.
        return [
            _Ends(_numbered(span.first, _UNKNOWN_FIRST), _numbered(span.last, _UNKNOWN_LAST), word)
            for span, words in self.by_span.items()
            for word in words[:2]
        ]

    @cached_property
    def _by_last(self) -> tuple[list[_Ends], list[int]]:
        ends = sorted(self._ends, key=lambda one: one.last)
        return ends, [one.last for one in ends]

    @cached_property
    def _last_to_begin(self) -> list[int]:
        """By how many end first, the day on which the last of them begins."""
        return list(accumulate((one.first for one in self._by_last[0]), max))

    @cached_property
    def _by_first(self) -> tuple[list[_Ends], list[int]]:
        ends = sorted(self._ends, key=lambda one: one.first)
        return ends, [one.first for one in ends]

    @cached_property
    def _last_to_end(self) -> list[tuple[_Ends, ...]]:
        """By how many begin first, the two of them that end last."""
        firsts = ((one,) for one in self._by_first[0])
        return list(accumulate(firsts, _two_that_end_last))


def _two_that_end_last(some: tuple[_Ends, ...], more: tuple[_Ends, ...]) -> tuple[_Ends, ...]:
    return tuple(sorted((*some, *more), key=lambda one: -one.last)[:2])


def _numbered(end: Moment | None, unknown: int) -> int:
    return unknown if end is None else end.day.toordinal()
