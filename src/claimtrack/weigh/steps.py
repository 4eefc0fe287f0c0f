"""How a position moves from one word of a principal to the next (model.md 5, positions).

Words on one proposition, as one judge reads them. Each is compared with the last word surely before
it of a voice that the two share; where there is none, of another voice of the principal.

Of a shared voice: `reversed` when the sign differs from that of the last value that was not 0,
`hedged` to 0, `hardened` and `softened` when |value| is greater and smaller (from 0, against the
last value that was not 0, and no step where there is none), `reaffirmed` otherwise, 0 after 0 too.

Of another voice: `differs` when the sign differs, 0 being one, else `same line`.

The order is not known when several words may be the last earlier one and would give different
steps, or when none is surely earlier and some may be. A word that may be earlier may also be the
last. While words of a shared voice may be earlier, what other voices said decides nothing.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from claimtrack.weigh.order import Dated, surely_before
from claimtrack.weigh.voices import Voiced, share_voice


class Step(StrEnum):
    """How a word stands to the one before it."""

    REVERSED = "reversed"
    HEDGED = "hedged"
    HARDENED = "hardened"
    SOFTENED = "softened"
    REAFFIRMED = "reaffirmed"
    DIFFERS = "differs"
    SAME_LINE = "same line"
    UNKNOWN = "order not known"


class Spoken(Dated, Voiced, Protocol):
    """What somebody said at some time: `EntryFacts`, or an `Utterance`."""

    @property
    def id(self) -> int:
        """The key of the entry."""

    @property
    def principal(self) -> int:
        """The key of the root above its agent."""


class Word(NamedTuple):
    """An entry, and its value, -2 to 2, on one proposition as one judge reads it."""

    entry: Spoken
    value: int


def step(word: Word, others: Iterable[Word]) -> Step | None:
    """Return the step of a word, or None where there is nothing to compare it with.

    `others` are the other words on the proposition, read by the same judge.
    """
    own, of_party = list[Word](), list[Word]()
    for other in others:
        if surely_before(word.entry, other.entry):
            continue
        if share_voice(other.entry, word.entry):
            own.append(other)
        elif other.entry.principal == word.entry.principal:
            of_party.append(other)
    for found, step_from in ((own, _own_step), (of_party, _party_step)):
        if any(surely_before(other.entry, word.entry) for other in found):
            return _only(step_from(word, last, found) for last in _last(word, found))
        if found:
            return Step.UNKNOWN
    return None


def _last(word: Word, words: Sequence[Word]) -> list[Word]:
    """Return the words that may be the last before another.

    Those surely before it, unless one of these is surely later, and those that may be before it.
    """
    sure, possible = list[Word](), list[Word]()
    for one in words:
        (sure if surely_before(one.entry, word.entry) else possible).append(one)
    last = (one for one in sure if not any(surely_before(one.entry, other.entry) for other in sure))
    return [*last, *possible]


def _only(steps: Iterable[Step | None]) -> Step | None:
    found = set(steps)
    return found.pop() if len(found) == 1 else Step.UNKNOWN


def _own_step(word: Word, last: Word, own: Sequence[Word]) -> Step | None:
    if word.value == 0:
        return Step.REAFFIRMED if last.value == 0 else Step.HEDGED
    if last.value != 0:
        return _moved(word.value, last.value)
    taken = [one for one in own if one.value and not surely_before(last.entry, one.entry)]
    steps: set[Step | None] = {_moved(word.value, one.value) for one in _last(word, taken)}
    if not any(surely_before(one.entry, word.entry) for one in taken):
        steps.add(None)
    return _only(steps)


def _moved(value: int, earlier: int) -> Step:
    if (value > 0) != (earlier > 0):
        return Step.REVERSED
    if abs(value) == abs(earlier):
        return Step.REAFFIRMED
    return Step.HARDENED if abs(value) > abs(earlier) else Step.SOFTENED


def _party_step(word: Word, last: Word, _: Sequence[Word]) -> Step:
    same = (word.value > 0) == (last.value > 0) and (word.value < 0) == (last.value < 0)
    return Step.SAME_LINE if same else Step.DIFFERS
