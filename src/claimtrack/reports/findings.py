"""What the lints of `check` have in common: findings, their order, and how they list records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from claimtrack.reports.wording import in_words

Refs: TypeAlias = tuple[str, ...]
Found: TypeAlias = Iterator[tuple[Refs, str]]
"""The refs that each finding is about, and what is wrong in one sentence."""

LEVELS = ("error", "warning", "hint")
"""In the order in which they come."""
SHOWN = 5
"""Records that one finding names; the others are counted."""


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


def place(finding: Finding) -> tuple[int, str]:
    """Return where a finding comes: by level, then by lint; each lint orders its own."""
    return LEVELS.index(finding.level), finding.lint


class Listed:
    """Records that one finding names: the first `SHOWN` that are added, and how many in all.

    As text, the way a sentence lists them.
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
        return listed(self.first, self.total)


def listed(texts: Sequence[str], total: int | None = None) -> str:
    """Return texts as a sentence lists them: the first `SHOWN`, and how many more there are.

    Args:
        texts: One at least.
        total: How many there are, where these are only the first.
    """
    more = (len(texts) if total is None else total) - SHOWN
    if more > 0:
        return f"{', '.join(texts[:SHOWN])} and {more:,} more"
    return in_words(texts)
