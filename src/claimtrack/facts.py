"""What is known of entries, as plain data: what the definitions in `weigh` decide by.

No session and no SQL: `query` makes these of rows. Keys are those of the tables; whether a stance
or a link counts (its judge, the day by which it was known) has been decided before one is made.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from claimtrack.vocab import EntryKind, Relation


class Moment(NamedTuple):
    """One end of a span of time: a day, and the instant (UTC) where the source gives one."""

    day: date
    instant: datetime | None = None


class Span(NamedTuple):
    """A span of time, both ends included. What a missing end means depends on what it spans.

    Of a date, an end that is missing is unknown; of what is spoken of (`about`), it is open.
    """

    first: Moment | None
    last: Moment | None


class StanceFacts(NamedTuple):
    """One reader's reading of what an entry says of a proposition.

    Attributes:
        proposition: The key of the proposition.
        judge: The key of the actor whose reading it is.
        value: -2 denies outright to +2 asserts outright; 0 leaves it open.
        explicit: Whether the words plainly take the stance; else a reader infers it.
        condition: What it depends on, if anything.
        exclusive_topic: The key of the topic directly above the proposition, where only one of its
            propositions can be true.
        topic: The key of the topic directly above the proposition, exclusive or not.
    """

    proposition: int
    judge: int
    value: int
    explicit: bool
    condition: str | None = None
    exclusive_topic: int | None = None
    topic: int | None = None


NOT_LINKED: Mapping[int, Sequence[tuple[Relation, int, int]]] = MappingProxyType({})
"""What nobody has linked to anything."""


class People(NamedTuple):
    """Whose an entry is; each as that of `EntryFacts`."""

    actor: int
    anonymous: bool
    voices: frozenset[int]
    above: Collection[int]
    above_actor: Collection[int]
    principal: int
    principals: frozenset[int]
    subjects: frozenset[int]


class EntryFacts(NamedTuple):
    """An entry, whose it is, when it was, and what it says.

    Attributes:
        id: The key of the entry.
        ref: Its ref.
        kind: Its kind.
        actor: The key of its actor.
        anonymous: Whether its actor is an anonymous source.
        voices: The keys of its actor, of the actor on whose behalf it is, and of its co-actors.
        above: The keys of its voices, and of every actor above one of them.
        above_actor: The keys of its actor, and of every actor above that.
        principal: The key of the root above its agent: above the actor on whose behalf it is, else
            above its actor.
        principals: The principals of its agent and of its co-actors.
        subjects: The principals of those of whom it speaks.
        date: When it was said or done, as known.
        about: What time it speaks of; None where it does not say.
        stances: What it says, of each proposition and judge.
        publishers: The keys of the publishers of the documents that show it (`primary`, `relay`):
            of another address of a document, that of the document itself.
        first_hand: Those of its `primary` documents.
        shown: Whether any document shows it.
        links: What judges recorded from it to others, by the key of the other: relation, strength
            (1 or 2) and the key of the judge. That it responds to another is among these.
        counts: Whether it is among the entries that are asked about: known by the day, and not
            superseded unless such are wanted.
    """

    id: int
    ref: str
    kind: EntryKind
    actor: int
    anonymous: bool
    voices: frozenset[int]
    above: Collection[int]
    above_actor: Collection[int]
    principal: int
    principals: frozenset[int]
    subjects: frozenset[int]
    date: Span
    about: Span | None
    stances: tuple[StanceFacts, ...] = ()
    publishers: frozenset[int] = frozenset()
    first_hand: frozenset[int] = frozenset()
    shown: bool = False
    links: Mapping[int, Sequence[tuple[Relation, int, int]]] = NOT_LINKED
    counts: bool = True


class Utterance(NamedTuple):
    """Who says something, and when: as much of an entry as decides how it stands to others.

    Attributes:
        id: The key of the entry.
        date: When it was said, as known.
        voices: As those of `EntryFacts`.
        above: As that of `EntryFacts`.
        principal: As that of `EntryFacts`.
    """

    id: int
    date: Span
    voices: frozenset[int]
    above: Collection[int]
    principal: int


@dataclass(frozen=True, slots=True)
class PairLinks:
    """What judges recorded of two entries, by relation: the strength (1 or 2) that each gives.

    Attributes:
        contradicts: By judge.
        reconciles: By judge.
        corroborates: By judge.
        unrelated: By judge.
        replies: The keys of those of the two that respond to the other.
    """

    contradicts: Mapping[int, int] = field(default_factory=dict)
    reconciles: Mapping[int, int] = field(default_factory=dict)
    corroborates: Mapping[int, int] = field(default_factory=dict)
    unrelated: Mapping[int, int] = field(default_factory=dict)
    replies: frozenset[int] = frozenset()


NO_LINKS = PairLinks()
"""What nobody has linked."""


def links_between(one: EntryFacts, other: EntryFacts) -> PairLinks:
    """Return what judges recorded of two entries, whichever way the links run."""
    if one.links is other.links:  # neither has any, which is so of most
        return NO_LINKS
    there, back = one.links.get(other.id), other.links.get(one.id)
    if there is None is back:
        return NO_LINKS
    by_relation: dict[Relation, dict[int, int]] = {relation: {} for relation in Relation}
    replies = set()
    for entry, links in ((one, there or ()), (other, back or ())):
        for relation, strength, judge in links:
            by_relation[relation][judge] = strength
            if relation is Relation.RESPONDS_TO:
                replies.add(entry.id)
    return PairLinks(
        contradicts=by_relation[Relation.CONTRADICTS],
        reconciles=by_relation[Relation.RECONCILES],
        corroborates=by_relation[Relation.CORROBORATES],
        unrelated=by_relation[Relation.UNRELATED],
        replies=frozenset(replies),
    )
