"""The matrix of the analysis of competing hypotheses, ACH.

A cell of the matrix is the stance of an entry on a hypothesis, which is a proposition. If judges
read an entry differently, the cell is the reading that contradicts the hypothesis most, if any
does; else the one that supports it most.

The inconsistency of a hypothesis is the sum of |value| of its negative cells. Entries of one origin
(in the groups of the least number, see `origins`) are counted once, at their largest |value|. There
is no sum for a hypothesis on which fewer than two entries are rated.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimtrack.errors import InvalidValue

_ACH_LETTERS = {-2: "II", -1: "I", 0: "N", 1: "C", 2: "CC"}


@dataclass(frozen=True, slots=True)
class Cell:
    """The stance of an entry on one hypothesis.

    Attributes:
        value: -2 (contradicts it outright) to 2 (supports it outright).
        explicit: Whether the stance is explicit; else it is inferred.
    """

    value: int
    explicit: bool


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """The evidence against a hypothesis.

    Attributes:
        total: The sum of inconsistency, 0 or more; None if fewer than two entries are rated.
        rated: The number of entries that have a cell.
        inferred: The part of the sum that comes from inferred stances; None if there is no sum.
    """

    total: int | None
    rated: int
    inferred: int | None


def combine_readings(cells: Iterable[Cell]) -> Cell:
    """Return the cell of an entry, of the readings of one or more judges.

    The reading that contradicts the hypothesis most, else the one that supports it most; among
    equal values an explicit one.
    """
    found = list(cells)
    against = [cell for cell in found if cell.value < 0]
    return max(
        against or found,
        key=lambda cell: (abs(cell.value) if against else cell.value, cell.explicit),
    )


def format_ach_cell(value: int | None) -> str:
    """Return the letters of a cell: -2 to 2 as II, I, N, C, CC; an empty text for None.

    Raises:
        InvalidValue: The value is not from -2 to 2.

    Source: Heuer, Psychology of Intelligence Analysis, 1999, ch. 8; the letters as in the technical
    note on ACH of PARC and Pherson.
    """
    if value is None:
        return ""
    if value not in _ACH_LETTERS:
        raise InvalidValue("stance", value, "a whole number from -2 to 2")
    return _ACH_LETTERS[value]


def sum_inconsistency(cells: dict[int, Cell], origins: Sequence[frozenset[int]]) -> Inconsistency:
    """Return the inconsistency of one hypothesis.

    The sum only grows as entries are added, so it compares hypotheses over the same entries only.
    It does not weigh entries by credibility, and it is never a probability: the matrix showed no
    gain in coherence over unaided judgement (Karvetski and Mandel 2020).

    Args:
        cells: The cell of each rated entry, by the entry's key.
        origins: The entries whose cell is negative, grouped by origin (`Origins.least_groups`). An
            entry in several groups is counted in the one with the largest |value|.

    Source: Heuer 1999, ch. 8, step 5 (the hypothesis with the least against it, not the most for
    it); II counts 2 and I counts 1 as in the technical note on ACH of PARC and Pherson, without its
    weights.
    """
    if len(cells) < 2:
        return Inconsistency(None, len(cells), None)
    groups = Counter(key for group in origins for key in group)
    largest = [
        max(_weight(cells[key]) for key in _list_cells_of_group(group, groups)) for group in origins
    ]
    for key, count in groups.items():
        if count > 1:
            holding = [at for at, group in enumerate(origins) if key in group]
            best = max(holding, key=largest.__getitem__)
            largest[best] = max(largest[best], _weight(cells[key]))
    total = sum(value for value, _ in largest)
    inferred = sum(value for value, explicit in largest if not explicit)
    return Inconsistency(total, len(cells), inferred)


def _weight(cell: Cell) -> tuple[int, bool]:
    """Return the |value| of a negative cell, and whether it is explicit, which decides ties."""
    return -cell.value, cell.explicit


def _list_cells_of_group(group: frozenset[int], groups: Counter[int]) -> Iterable[int]:
    """Return the members of a group that are in no other group."""
    return (key for key in group if groups[key] == 1)


def compute_diagnosticity(values: Sequence[int | None]) -> int | None:
    """Return how well an entry discriminates between hypotheses: the range of its values, 0 to 4.

    An entry that rates all hypotheses alike has diagnosticity 0, however strong its stances are.
    Whether the entry is true plays no part.

    Args:
        values: The value of the entry's cell for each hypothesis, -2 to 2; None if it has none.

    Returns:
        The greatest value minus the least; None if fewer than two hypotheses are rated.

    Source: Heuer 1999, ch. 8, step 3, measured as the range of the rated cells.
    """
    rated = [value for value in values if value is not None]
    return max(rated) - min(rated) if len(rated) >= 2 else None
