"""Facts about entries as plain data: the input of the definitions in `weigh`.

No session and no SQL; `query.entry_facts` makes these objects from rows. An integer key is the
primary key of a row. Stances and links that are out of scope (of another judge, or published too
late) have been dropped before the objects are made.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from claimtrack.vocab import EntryKind, Relation


class Moment(NamedTuple):
    """One end of a span of time: a day and, if the source gives a time, the instant in UTC."""

    day: date
    instant: datetime | None = None


class Span(NamedTuple):
    """A span of time that includes both of its ends.

    A missing end (None) means "unknown" in the date of an entry, and "open" in the period that an
    entry is about.
    """

    first: Moment | None
    last: Moment | None


class StanceFacts(NamedTuple):
    """The stance of an entry on one proposition, as one judge reads it.

    Attributes:
        proposition: The key of the proposition.
        judge: The key of the actor who reads the entry so.
        value: From -2 (denies outright) to +2 (asserts outright); 0 leaves the question open.
        explicit: True if the entry states it plainly; False if the judge infers it.
        condition: What the stance depends on, in words; None if it is unconditional.
        exclusive_topic: The key of the proposition's topic, if only one proposition of that topic
            can be true; else None.
        topic: The key of the proposition's topic, exclusive or not.
    """

    proposition: int
    judge: int
    value: int
    explicit: bool
    condition: str | None = None
    exclusive_topic: int | None = None
    topic: int | None = None


NO_OUTGOING_LINKS: Mapping[int, Sequence[tuple[Relation, int, int]]] = MappingProxyType({})
"""The links of an entry from which no link leads to another."""


class Attribution(NamedTuple):
    """Who speaks or acts in an entry, and about whom: the part of `EntryFacts` on actors.

    The attributes have the meaning that they have in `EntryFacts`.
    """

    actor: int
    anonymous: bool
    voices: frozenset[int]
    ancestry: Collection[int]
    actor_ancestry: Collection[int]
    principal: int
    principals: frozenset[int]
    subjects: frozenset[int]


class EntryFacts(NamedTuple):
    """One entry: who, when, what it says and which documents show it.

    Attributes:
        id: The key of the entry.
        ref: Its ref.
        kind: Its kind.
        actor: The key of its actor.
        anonymous: Whether its actor is an anonymous source.
        voices: The keys of its actor, the actor on whose behalf it was made, and its co-actors.
        ancestry: The keys of its voices and of all actors above them.
        actor_ancestry: The keys of its actor and of all actors above that one.
        principal: The key of the root above its agent. The agent is the actor on whose behalf the
            entry was made, else its actor.
        principals: The keys of the roots above its agent and its co-actors.
        subjects: The keys of the roots above its participants with the role `subject`.
        date: When it was said or done; a missing end is unknown.
        about: The period it is about; None if it names none.
        stances: Its stances, one for each proposition and judge.
        publishers: The keys of the publishers of the documents that show it (cited as `primary` or
            `relay`). The publisher of a canonical document replaces that of its other addresses.
        primary_publishers: The same for `primary` documents only.
        shown: Whether any document shows it.
        links: The links that lead from it, by the key of the entry at the other end; each is a
            relation, a strength (1 or 2) and the key of the judge. Replies are among them.
        in_scope: Whether the entry was public by the day of the filter `known_by`, if that is set,
            and is not superseded (unless superseded entries are included).
    """

    id: int
    ref: str
    kind: EntryKind
    actor: int
    anonymous: bool
    voices: frozenset[int]
    ancestry: Collection[int]
    actor_ancestry: Collection[int]
    principal: int
    principals: frozenset[int]
    subjects: frozenset[int]
    date: Span
    about: Span | None
    stances: tuple[StanceFacts, ...] = ()
    publishers: frozenset[int] = frozenset()
    primary_publishers: frozenset[int] = frozenset()
    shown: bool = False
    links: Mapping[int, Sequence[tuple[Relation, int, int]]] = NO_OUTGOING_LINKS
    in_scope: bool = True


class Utterance(NamedTuple):
    """Who said something, and when: the part of `EntryFacts` that `weigh.position_steps` needs.

    The attributes have the meaning that they have in `EntryFacts`.
    """

    id: int
    date: Span
    voices: frozenset[int]
    ancestry: Collection[int]
    principal: int


@dataclass(frozen=True, slots=True)
class PairLinks:
    """The links between two entries, in either direction.

    The first four attributes map the key of each judge who recorded such a link to its strength, 1
    or 2.

    Attributes:
        contradicts: Judges who find that the two contradict each other.
        reconciles: Judges who find the two compatible (1: perhaps).
        corroborates: Judges who find that the two corroborate each other.
        unrelated: Judges who find that the two have nothing to do with each other.
        replies: The key of each of the two entries that responds to the other.
    """

    contradicts: Mapping[int, int] = field(default_factory=dict)
    reconciles: Mapping[int, int] = field(default_factory=dict)
    corroborates: Mapping[int, int] = field(default_factory=dict)
    unrelated: Mapping[int, int] = field(default_factory=dict)
    replies: frozenset[int] = frozenset()


UNLINKED = PairLinks()
"""The links between two entries that nobody has linked."""


def get_pair_links(one: EntryFacts, other: EntryFacts) -> PairLinks:
    """Return the links between two entries, in either direction."""
    if one.links is other.links:  # both are NO_OUTGOING_LINKS, as for most pairs
        return UNLINKED
    forward, back = one.links.get(other.id), other.links.get(one.id)
    if forward is None is back:
        return UNLINKED
    by_relation: dict[Relation, dict[int, int]] = {relation: {} for relation in Relation}
    replies = set()
    for entry, links in ((one, forward or ()), (other, back or ())):
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
