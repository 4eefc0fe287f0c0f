"""The findings of `check`, their order, and the lists of refs in their sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from claimtrack.reports.wording import join_words

Refs: TypeAlias = tuple[str, ...]
Found: TypeAlias = Iterator[tuple[Refs, str]]
"""The refs that each finding is about, and what is wrong in one sentence."""

LEVELS = ("error", "warning", "hint")
"""The levels of findings, in the order in which they are listed."""
SHOWN = 5
"""The greatest number of records that one finding names; the others are counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that looks wrong.

    Attributes:
        level: `error`, `warning` or `hint`.
        lint: Which lint found it, by the names that `check` lists.
        refs: The records it is about, as `claimtrack show` takes them.
        finding: What is wrong, in one sentence.
    """

    level: str
    lint: str
    refs: tuple[str, ...]
    finding: str


def get_sort_place(finding: Finding) -> tuple[int, str]:
    """Return the sort key of a finding: level, then lint. Each lint yields its own in order."""
    return LEVELS.index(finding.level), finding.lint


class ListedRefs:
    """The refs that a finding names: the first `SHOWN` that are added, and the number of all.

    As text, it is the list of a sentence.
    """

    def __init__(self) -> None:
        self.first: list[str] = []
        self.total = 0

    def add(self, text: str) -> None:
        """Add a record."""
        self.total += 1
        if self.total <= SHOWN:
            self.first.append(text)

    def __str__(self) -> str:
        return join_listed(self.first, self.total)


def join_listed(texts: Sequence[str], total: int | None = None) -> str:
    """Return a list for a sentence: the first `SHOWN` texts, and how many more there are.

    Args:
        texts: At least one text.
        total: The number of all, if `texts` are only the first of them.
    """
    more = (len(texts) if total is None else total) - SHOWN
    if more > 0:
        return f"{', '.join(texts[:SHOWN])} and {more:,} more"
    return join_words(texts)
