"""How an entry was answered.

A **reply** to an entry is linked as responding to it, shares no voice with it, and is not surely
before it (`weigh.classification.is_reply`). What it does to the entry is the first that fits:

* denies: the two oppose each other at strength 2, and the pair is not reconciled
* disputes: the same at strength 1
* confirms: the two agree
* evades: the reply leaves open (0) a proposition on which the entry has a stance
* answers: anything else

An entry without a reply is unanswered: no reply is *recorded*. Claims and statements are expected
to be answered; of other entries only those are listed that have a reply.
"""

from collections.abc import Iterable
from typing import NamedTuple

from claimtrack.facts import EntryFacts, PairLinks, get_pair_links
from claimtrack.vocab import Answer, EntryKind
from claimtrack.weigh.chronology import count_days_between
from claimtrack.weigh.classification import is_reply, weigh_pair
from claimtrack.weigh.opposition import find_agreement

EXPECTING_ANSWERS = (EntryKind.CLAIM, EntryKind.STATEMENT)
"""The kinds of entries that are unanswered without a reply."""


class Reply(NamedTuple):
    """A reply to an entry.

    Attributes:
        entry: The entry that replies.
        answer: What it does to the entry to which it replies.
        days: The days from that entry to the reply (`chronology.count_days_between`).
        propositions: The keys of the propositions on which both have a stance.
    """

    entry: EntryFacts
    answer: Answer
    days: int | None
    propositions: frozenset[int]

    def is_within(self, days: int) -> bool:
        """Whether it surely came in so many days, and not before the entry to which it replies."""
        return self.days is not None and 0 <= self.days <= days


def list_replies(entry: EntryFacts, candidates: Iterable[EntryFacts]) -> list[Reply]:
    """Return the replies to an entry, by ref.

    Args:
        entry: The entry.
        candidates: The entries among which to look; those that do not reply are ignored.
    """
    linked = ((other, get_pair_links(entry, other)) for other in candidates)
    found = [
        Reply(
            entry=other,
            answer=find_answer(entry, other, links),
            days=count_days_between(entry, other),
            propositions=_get_propositions(entry) & _get_propositions(other),
        )
        for other, links in linked
        if is_reply(other, entry, links)
    ]
    return sorted(found, key=lambda reply: reply.entry.ref)


def find_answer(entry: EntryFacts, reply: EntryFacts, links: PairLinks) -> Answer:
    """Return what a reply does to an entry."""
    pair = weigh_pair(entry, reply, links)
    if pair is not None and pair.opposition is not None and pair.is_contradiction:
        return Answer.DENIES if pair.opposition.strength == 2 else Answer.DISPUTES
    if find_agreement(entry, reply, links) is not None:
        return Answer.CONFIRMS
    left_open = {stance.proposition for stance in reply.stances if stance.value == 0}
    return Answer.ANSWERS if left_open.isdisjoint(_get_propositions(entry)) else Answer.EVADES


def _get_propositions(entry: EntryFacts) -> frozenset[int]:
    return frozenset(stance.proposition for stance in entry.stances)
