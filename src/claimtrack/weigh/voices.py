"""Whose words and deeds are whose (model.md 2 and 3.3).

* The **voices** of an entry are its actor, the actor on whose behalf it is, and its co-actors. Two
  entries **share a voice** when a voice of one is a voice of the other, or is above one: Kremlin
  officials and the Kremlin share a voice; two ministers of one state do not.
* A deed is **own** to an entry when a principal of the deed's agent or co-actors is the principal
  of the entry's agent, of one of its co-actors, or of one of those of whom it speaks.
"""

from collections.abc import Collection
from typing import Protocol

from claimtrack.facts import EntryFacts


class Voiced(Protocol):
    """What has voices: the keys of actors, and those with every actor above one of them."""

    @property
    def voices(self) -> frozenset[int]:
        """Its actor, the actor on whose behalf it is, and its co-actors."""

    @property
    def above(self) -> Collection[int]:
        """Its voices, and every actor above one of them."""


def share_voice(one: Voiced, other: Voiced) -> bool:
    """Whether two entries share a voice."""
    return not (one.voices.isdisjoint(other.above) and other.voices.isdisjoint(one.above))


def shared_voices(one: EntryFacts, other: EntryFacts) -> frozenset[int]:
    """Return the keys of the voices that two entries share; none where they share no voice."""
    return one.voices.intersection(other.above) | other.voices.intersection(one.above)


def is_own_deed(deed: EntryFacts, entry: EntryFacts) -> bool:
    """Whether a deed is of the party that speaks in an entry, or of the one it speaks of."""
    return not (
        deed.principals.isdisjoint(entry.principals) and deed.principals.isdisjoint(entry.subjects)
    )


def owners(deed: EntryFacts, entry: EntryFacts) -> frozenset[int]:
    """Return the keys of the principals that make a deed own to an entry; none where it is not."""
    return deed.principals & (entry.principals | entry.subjects)
