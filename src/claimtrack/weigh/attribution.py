"""Whose words and deeds are whose.

* The **voices** of an entry are its actor, the actor on whose behalf it was made, and its
  co-actors. Two entries **share a voice** when a voice of one is a voice of the other or is
  above one in the tree of actors: Kremlin officials and the Kremlin share a voice, two ministers of
  one state do not.
* A deed is **own** to an entry when a principal of the deed's agent or co-actors is the principal
  of the entry's agent, of one of its co-actors, or of one of its `subject` participants.
"""

from collections.abc import Collection
from typing import Protocol

from claimtrack.facts import EntryFacts


class HasVoices(Protocol):
    """An entry as far as `share_voice` needs it."""

    @property
    def voices(self) -> frozenset[int]:
        """The keys of its actor, the actor on whose behalf it was made, and its co-actors."""

    @property
    def ancestry(self) -> Collection[int]:
        """The keys of its voices and of all actors above them."""


def share_voice(one: HasVoices, other: HasVoices) -> bool:
    """Whether two entries share a voice."""
    return not (one.voices.isdisjoint(other.ancestry) and other.voices.isdisjoint(one.ancestry))


def get_shared_voices(one: EntryFacts, other: EntryFacts) -> frozenset[int]:
    """Return the keys of the voices that two entries share; empty if they share none.

    If a voice of one entry is above a voice of the other in the tree, the upper one is returned.
    """
    return one.voices.intersection(other.ancestry) | other.voices.intersection(one.ancestry)


def is_own_deed(deed: EntryFacts, entry: EntryFacts) -> bool:
    """Whether a deed is own to an entry: by the party that speaks in it or is spoken of."""
    return not (
        deed.principals.isdisjoint(entry.principals) and deed.principals.isdisjoint(entry.subjects)
    )


def get_shared_principals(deed: EntryFacts, entry: EntryFacts) -> frozenset[int]:
    """Return the keys of the principals that make a deed own to an entry; empty if it is not."""
    return deed.principals & (entry.principals | entry.subjects)
