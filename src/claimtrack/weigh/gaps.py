"""What a principal did against its own words (model.md 5, positions).

A deed is the principal's **own** when it is a principal of the deed's agent or co-actors. It makes
a **gap** of a word when the two oppose each other, and no judge's links settled that they are
compatible: on each stance of the word that is a ground. It is only possible where the timing of
the pair is.

A link makes no gap: it records what no proposition captures, and says nothing of a stance. Neither
does a deed have one: a gap lies between words and deeds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from claimtrack.facts import EntryFacts
from claimtrack.vocab import EntryKind, Timing
from claimtrack.weigh.origins import WORDS
from claimtrack.weigh.pair import Pair

Stance: TypeAlias = tuple[int, int, int]
"""The keys of an entry, of a proposition and of a judge."""


class Deed(NamedTuple):
    """A deed against a word: its key and ref, and whether it is only possible."""

    id: int
    ref: str
    possible: bool

    def __str__(self) -> str:
        """Return the ref, marked where the deed is only possible."""
        return f"{self.ref} (possible)" if self.possible else self.ref


def find_gaps(pairs: Iterable[Pair]) -> Mapping[Stance, list[Deed]]:
    """Return the principals' own deeds against their words, by ref, of each stance that has any."""
    found: dict[Stance, dict[int, Deed]] = defaultdict(dict)
    for pair in pairs:
        if pair.found is None or not pair.opposes:
            continue
        word, deed = pair.subject, pair.counter  # by their kinds: a deed comes after all words
        if not _is_own(word, deed):
            continue
        against = Deed(deed.id, deed.ref, pair.timing is Timing.POSSIBLE)
        for ground in pair.found.grounds:
            found[word.id, ground.one.proposition, ground.one.judge][deed.id] = against
    return {
        stance: sorted(deeds.values(), key=lambda deed: deed.ref) for stance, deeds in found.items()
    }


def _is_own(word: EntryFacts, deed: EntryFacts) -> bool:
    return (
        word.kind in WORDS and deed.kind is EntryKind.ACTION and word.principal in deed.principals
    )
