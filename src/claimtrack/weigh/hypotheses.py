"""What speaks for and against competing hypotheses: the matrix of ACH (model.md 5, inconsistency).

The cell of an entry is its stance. Where judges read one entry differently, it is the reading that
speaks most against the hypothesis, if any does, else the one that speaks most for it.

The inconsistency of a hypothesis is the sum of |value| of negative stances over origins, by the
grouping of the least number (see `origins`), each counted once at its largest |value|. Beside it
stand how many entries are rated on the hypothesis, and how much of the sum is inferred; of fewer
than two rated entries there is no sum.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimtrack.errors import InvalidValue

_ACH_LETTERS = {-2: "II", -1: "I", 0: "N", 1: "C", 2: "CC"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What an entry says of one hypothesis: a value, -2 to 2, and whether it is explicit."""

    value: int
    explicit: bool


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """What speaks against a hypothesis.

    Attributes:
        total: The sum, 0 or more; None where fewer than two entries are rated.
        rated: How many entries have a cell.
        inferred: How much of the sum is inferred; None where there is no sum.
    """

    total: int | None
    rated: int
    inferred: int | None


def reading(cells: Iterable[Cell]) -> Cell:
    """Return what judges make of one entry together; of equal readings the explicit one."""
    found = list(cells)
    against = [cell for cell in found if cell.value < 0]
    return max(
        against or found,
        key=lambda cell: (abs(cell.value) if against else cell.value, cell.explicit),
    )


def ach_cell(value: int | None) -> str:
    """The cell of a stance in an ACH matrix: -2 to 2 as II, I, N, C, CC; empty when there is none.

    Source: Heuer, Psychology of Intelligence Analysis, 1999, ch. 8; the letters as in the technical
    note on ACH of PARC and Pherson.

    Raises:
        InvalidValue: not a stance, -2 to 2.
    """
    if value is None:
        return ""
    if value not in _ACH_LETTERS:
        raise InvalidValue("stance", value, "a whole number from -2 to 2")
    return _ACH_LETTERS[value]


def inconsistency(cells: dict[int, Cell], origins: Sequence[frozenset[int]]) -> Inconsistency:
    """Return what speaks against one hypothesis.

    It only grows as items are added, so it compares hypotheses over the same items alone; it weighs
    no item by its credibility, and it is never a probability: the matrix showed no gain in
    coherence over unaided judgement (Karvetski and Mandel 2020).

    Args:
        cells: By the key of an entry, what it says of the hypothesis.
        origins: The groups of the least number, of the entries of which the cell is negative. An
            entry that goes back to several counts with that of the largest value.

    Source: Heuer 1999, ch. 8, step 5 (the hypothesis with the least against it, not the most for
    it); II counts 2 and I counts 1 as in the technical note on ACH of PARC and Pherson, without its
    weights.
    """
    if len(cells) < 2:
        return Inconsistency(None, len(cells), None)
    groups = Counter(key for group in origins for key in group)
    largest = [max(_weight(cells[key]) for key in _alone(group, groups)) for group in origins]
    for key, count in groups.items():
        if count > 1:
            holding = [at for at, group in enumerate(origins) if key in group]
            best = max(holding, key=largest.__getitem__)
            largest[best] = max(largest[best], _weight(cells[key]))
    total = sum(value for value, _ in largest)
    inferred = sum(value for value, explicit in largest if not explicit)
    return Inconsistency(total, len(cells), inferred)


def _weight(cell: Cell) -> tuple[int, bool]:
    """How much a negative cell weighs against a hypothesis, the explicit before the inferred."""
    return -cell.value, cell.explicit


def _alone(group: frozenset[int], groups: Counter[int]) -> Iterable[int]:
    return (key for key in group if groups[key] == 1)


def diagnosticity(values: Sequence[int | None]) -> int | None:
    """How far an item tells the hypotheses apart: its greatest value minus its least, 0 to 4.

    `values` holds one stance, -2 to 2, for each hypothesis, None where it is not rated; None comes
    out when fewer than two are rated. An item that is equal for all hypotheses has none, however
    strong. It says nothing of whether the item is true.

    Source: Heuer 1999, ch. 8, step 3, measured as the range of the rated cells.
    """
    rated = [value for value in values if value is not None]
    return max(rated) - min(rated) if len(rated) >= 2 else None
