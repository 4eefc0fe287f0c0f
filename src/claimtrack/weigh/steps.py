"""How a position moves from one word of a principal to the next (model.md 5, positions).

Words on one proposition, as one judge reads them. Each is compared with the last word surely before
it of a voice that the two share; where there is none, of another voice of the principal.

Of a shared voice: `reversed` when the sign differs from that of the last value that was not 0,
`hedged` to 0, `hardened` and `softened` when |value| is greater and smaller (from 0, against the
last value that was not 0, and no step where there is none), `reaffirmed` otherwise, 0 after 0 too.

Of another voice: `differs` when the sign differs, 0 being one, else `same_line`.

The order is not known when several earlier words may be the last and would give different steps, or
when no word is surely earlier and some may be.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from claimtrack.facts import EntryFacts
from claimtrack.weigh.order import surely_before
from claimtrack.weigh.voices import share_voice


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


class Word(NamedTuple):
    """An entry, and its value, -2 to 2, on one proposition as one judge reads it."""

    entry: EntryFacts
    value: int


def step(word: Word, others: Iterable[Word]) -> Step | None:
    """Return the step of a word, or None where there is nothing to compare it with.

    `others` are the other words on the proposition, read by the same judge.
    """
    before, possible = list[Word](), False
    for other in others:
        if surely_before(other.entry, word.entry):
            before.append(other)
        elif not surely_before(word.entry, other.entry):
            possible = possible or _is_compared(word, other)
    own = [other for other in before if share_voice(other.entry, word.entry)]
    if own:
        return _only(_own_step(word, last, own) for last in _last(own))
    of_party = [other for other in before if other.entry.principal == word.entry.principal]
    if of_party:
        return _only(_party_step(word, last) for last in _last(of_party))
    return Step.UNKNOWN if possible else None


def _is_compared(word: Word, other: Word) -> bool:
    of_party = other.entry.principal == word.entry.principal
    return of_party or share_voice(other.entry, word.entry)


def _last(words: Sequence[Word]) -> list[Word]:
    """Return the words after which none of the others surely comes."""
    return [
        one for one in words if not any(surely_before(one.entry, other.entry) for other in words)
    ]


def _only(steps: Iterable[Step | None]) -> Step | None:
    found = set(steps)
    return found.pop() if len(found) == 1 else Step.UNKNOWN


def _own_step(word: Word, last: Word, own: Sequence[Word]) -> Step | None:
    if word.value == 0:
        return Step.REAFFIRMED if last.value == 0 else Step.HEDGED
    if last.value != 0:
        return _moved(word.value, last.value)
    taken = _last([one for one in own if one.value != 0])
    return _only(_moved(word.value, one.value) for one in taken) if taken else None


def _moved(value: int, earlier: int) -> Step:
    if (value > 0) != (earlier > 0):
        return Step.REVERSED
    if abs(value) == abs(earlier):
        return Step.REAFFIRMED
    return Step.HARDENED if abs(value) > abs(earlier) else Step.SOFTENED


def _party_step(word: Word, last: Word) -> Step:
    same = (word.value > 0) == (last.value > 0) and (word.value < 0) == (last.value < 0)
    return Step.SAME_LINE if same else Step.DIFFERS
