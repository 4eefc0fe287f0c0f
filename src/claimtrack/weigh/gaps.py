"""The deeds of a principal that oppose its own words: the `gap` of a position.

A stance of a claim, statement or commitment has a gap when it is a ground on which an action of the
same principal opposes the entry, and the pair is not reconciled. The action is the principal's own
if it is a principal of the action's agent or co-actors. The gap is marked as possible if the timing
of the pair is possible.

A pair that is supported by a `contradicts` link alone makes no gap, since a link names no stance;
and an action has none, since a gap lies between words and deeds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from claimtrack.facts import EntryFacts
from claimtrack.vocab import EntryKind, Timing
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.origins import WORDS

StanceKey: TypeAlias = tuple[int, int, int]
"""Identifies a stance by the keys of its entry, its proposition and its judge."""


class Deed(NamedTuple):
    """An action that opposes a stance.

    Attributes:
        id: The key of the action.
        ref: Its ref.
        possible: Whether the timing of the pair is only possible.
    """

    id: int
    ref: str
    possible: bool

    def __str__(self) -> str:
        """Return the ref, followed by "(possible)" if the timing is only possible."""
        return f"{self.ref} (possible)" if self.possible else self.ref


def find_gaps(pairs: Iterable[Pair]) -> Mapping[StanceKey, list[Deed]]:
    """Return for each stance that has a gap the actions that make it, by ref.

    Args:
        pairs: The pairs in which to look; those without a gap are ignored.
    """
    found: dict[StanceKey, dict[int, Deed]] = defaultdict(dict)
    for pair in pairs:
        if pair.opposition is None or not pair.is_contradiction:
            continue
        word, deed = pair.subject, pair.counter  # the order of kinds puts an action after words
        if not _is_own(word, deed):
            continue
        against = Deed(deed.id, deed.ref, pair.timing is Timing.POSSIBLE)
        for ground in pair.opposition.stances:
            found[word.id, ground.one.proposition, ground.one.judge][deed.id] = against
    return {
        stance: sorted(deeds.values(), key=lambda deed: deed.ref) for stance, deeds in found.items()
    }


def _is_own(word: EntryFacts, deed: EntryFacts) -> bool:
    """Whether the first entry is words and the second an action of the same principal."""
    return (
        word.kind in WORDS and deed.kind is EntryKind.ACTION and word.principal in deed.principals
    )
