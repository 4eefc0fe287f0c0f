"""How a position moves from one entry of a principal to the next.

A position is the value that a claim, statement or commitment takes on one proposition, as one judge
reads it. It is compared with the last position surely before it by a voice that the two share; if
there is none, with the last one by another voice of the principal.

Compared with a shared voice, the step is

* `reversed` if the sign differs from that of the last value other than 0
* `hedged` if the value is now 0
* `hardened` or `softened` if |value| is greater or smaller. After a 0, the last value other than 0
  is compared; if there is none, there is no step
* `reaffirmed` otherwise, also for a 0 after a 0

Compared with another voice, the step is `differs` if the sign (+, - or 0) differs, else
`same line`.

The step is `order not known` if several positions may be the last earlier one and would give
different steps, or if none is surely earlier and some may be. A position that may be earlier may
also be the last one. As long as a position of a shared voice may be earlier, other voices are not
compared.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from claimtrack.weigh.attribution import HasVoices, share_voice
from claimtrack.weigh.chronology import Dated, is_surely_before


class Step(StrEnum):
    """How a position differs from the one before it."""

    REVERSED = "reversed"
    HEDGED = "hedged"
    HARDENED = "hardened"
    SOFTENED = "softened"
    REAFFIRMED = "reaffirmed"
    DIFFERS = "differs"
    SAME_LINE = "same line"
    UNKNOWN = "order not known"


class SpokenEntry(Dated, HasVoices, Protocol):
    """An entry as far as `find_step` needs it: `EntryFacts`, or the smaller `Utterance`."""

    @property
    def id(self) -> int:
        """The key of the entry."""

    @property
    def principal(self) -> int:
        """The key of the principal of its agent."""


class Position(NamedTuple):
    """The position of an entry on one proposition, as one judge reads it.

    Attributes:
        entry: The entry.
        value: Its value, -2 to 2.
    """

    entry: SpokenEntry
    value: int


def find_step(position: Position, others: Iterable[Position]) -> Step | None:
    """Return the step of a position, or None if there is nothing to compare it with.

    Args:
        position: The position.
        others: The other positions on the proposition, as the same judge reads them.
    """
    own, of_party = list[Position](), list[Position]()
    for other in others:
        if is_surely_before(position.entry, other.entry):
            continue
        if share_voice(other.entry, position.entry):
            own.append(other)
        elif other.entry.principal == position.entry.principal:
            of_party.append(other)
    for found, step_from in ((own, _own_step), (of_party, _party_step)):
        if any(is_surely_before(other.entry, position.entry) for other in found):
            return _only(step_from(position, last, found) for last in _last(position, found))
        if found:
            return Step.UNKNOWN
    return None


def _last(position: Position, positions: Sequence[Position]) -> list[Position]:
    """Return the positions that may be the last one before a position.

    That is, those surely before it but for which one of them is surely later, and all that may be
    before it. No position in `positions` is surely after it.
    """
    sure, possible = list[Position](), list[Position]()
    for one in positions:
        (sure if is_surely_before(one.entry, position.entry) else possible).append(one)
    last = (
        one for one in sure if not any(is_surely_before(one.entry, other.entry) for other in sure)
    )
    return [*last, *possible]


def _only(steps: Iterable[Step | None]) -> Step | None:
    """Return the one step that all agree on, or `order not known` if they differ."""
    found = set(steps)
    return found.pop() if len(found) == 1 else Step.UNKNOWN


def _own_step(position: Position, last: Position, own: Sequence[Position]) -> Step | None:
    """Return the step from a position of a shared voice that may be the last; None for no step.

    `own` are all earlier positions of shared voices, to which a 0 looks back further.
    """
    if position.value == 0:
        return Step.REAFFIRMED if last.value == 0 else Step.HEDGED
    if last.value != 0:
        return _moved(position.value, last.value)
    definite = [one for one in own if one.value and not is_surely_before(last.entry, one.entry)]
    steps: set[Step | None] = {
        _moved(position.value, one.value) for one in _last(position, definite)
    }
    if not any(is_surely_before(one.entry, position.entry) for one in definite):
        steps.add(None)
    return _only(steps)


def _moved(value: int, earlier: int) -> Step:
    """Return the step between two values other than 0."""
    if (value > 0) != (earlier > 0):
        return Step.REVERSED
    if abs(value) == abs(earlier):
        return Step.REAFFIRMED
    return Step.HARDENED if abs(value) > abs(earlier) else Step.SOFTENED


def _party_step(position: Position, last: Position, _: Sequence[Position]) -> Step:
    """Return the step from a position of another voice of the principal."""
    same = (position.value > 0) == (last.value > 0) and (position.value < 0) == (last.value < 0)
    return Step.SAME_LINE if same else Step.DIFFERS
