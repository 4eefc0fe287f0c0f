"""Whether two entries oppose each other, on which grounds, and whether they agree.

Two different entries oppose each other on any of these **grounds**:

1. `proposition`: one affirms a proposition and the other denies it. Strength: that of the weaker
   of the two stances.
2. `exclusive_topic`: they affirm two different propositions directly under one exclusive topic,
   unless both affirm one and the same proposition directly under it. Strength: as above.
3. `link`: a judge links them as contradicting. Strength: that of the link.

Grounds 1 and 2 do not hold when the times of the two entries exclude each other: when both have a
period and the two are disjoint; when one is an action, the other has a period, and the action's
span is outside it; or when one is a commitment and the other an action that is surely before it.

A ground of stances is explicit when both stances are; a link has no basis. The strength and basis
of a pair are those of its best ground: the strongest, then the explicit one. A link determines the
strength only if it is the only ground.

One entry **agrees** with another when they take the same side on a proposition and their times do
not exclude each other, or when a judge links them as corroborating.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from claimtrack.facts import EntryFacts, PairLinks, StanceFacts
from claimtrack.vocab import EntryKind
from claimtrack.weigh.chronology import (
    PeriodFit,
    are_disjoint,
    compare_to_period,
    get_action_span,
    get_period,
    is_surely_before,
)


class Via(StrEnum):
    """The kinds of ground, in the order in which reports list them."""

    PROPOSITION = "proposition"
    EXCLUSIVE_TOPIC = "exclusive_topic"
    LINK = "link"


class TimeExclusion(StrEnum):
    """Why the times of two entries exclude each other, so that their stances are no ground."""

    DISJOINT_PERIODS = "disjoint_periods"
    DEED_OUTSIDE_PERIOD = "deed_outside_period"
    DEED_BEFORE_PROMISE = "deed_before_promise"


# Looked up once: enum members are slow to look up, and there are millions of pairs.
_PROPOSITION, _EXCLUSIVE_TOPIC, _LINK = Via.PROPOSITION, Via.EXCLUSIVE_TOPIC, Via.LINK
_ACTION, _COMMITMENT = EntryKind.ACTION, EntryKind.COMMITMENT


class Ground(NamedTuple):
    """Two stances on which two entries oppose each other.

    Attributes:
        via: The kind of ground.
        one: The stance of the first entry.
        other: The stance of the second entry.
        strength: 1 or 2.
        explicit: Whether both stances are explicit.
    """

    via: Via
    one: StanceFacts
    other: StanceFacts
    strength: int
    explicit: bool

    @property
    def conditional(self) -> bool:
        """Whether either of its stances depends on a condition."""
        return bool(self.one.condition or self.other.condition)


class Opposition(NamedTuple):
    """All the grounds on which two entries oppose each other, at least one.

    Attributes:
        grounds: The grounds of stances (`proposition`, `exclusive_topic`).
        links: The `contradicts` links, each as the key of its judge and its strength, 1 or 2.
    """

    grounds: tuple[Ground, ...]
    links: tuple[tuple[int, int], ...]

    @property
    def strength(self) -> int:
        """The strength of the best ground, 1 or 2; that of a link only if there are no stances."""
        if self.grounds:
            return max(ground.strength for ground in self.grounds)
        return max(strength for _, strength in self.links)

    @property
    def explicit(self) -> bool | None:
        """Whether the best ground is explicit; None if only links support the pair."""
        if not self.grounds:
            return None
        return max((ground.strength, ground.explicit) for ground in self.grounds)[1]

    @property
    def via(self) -> frozenset[Via]:
        """The kinds of ground that it has."""
        kinds = {ground.via for ground in self.grounds}
        return frozenset(kinds | {_LINK} if self.links else kinds)

    @property
    def unconditional(self) -> bool:
        """Whether at least one ground depends on no condition; a link never does."""
        return bool(self.links) or any(not ground.conditional for ground in self.grounds)

    @property
    def judges(self) -> frozenset[int]:
        """The keys of all judges of its stances and links."""
        sides = ((ground.one, ground.other) for ground in self.grounds)
        return frozenset(
            [judge for judge, _ in self.links] + [one.judge for pair in sides for one in pair]
        )


def oppose(one: EntryFacts, other: EntryFacts, links: PairLinks) -> Opposition | None:
    """Return the grounds on which two entries oppose each other, or None if there are none.

    `one` of each ground is the stance of the entry that is passed first.
    """
    grounds: tuple[Ground, ...] = ()
    if not find_time_exclusion(one, other):
        grounds = tuple(list_stance_grounds(one, other))
    linked = links.contradicts
    if linked:
        return Opposition(grounds, tuple(linked.items()))
    return Opposition(grounds, ()) if grounds else None


def find_time_exclusion(one: EntryFacts, other: EntryFacts) -> TimeExclusion | None:
    """Return why the times of two entries exclude each other, or None if they do not."""
    mine, theirs = get_period(one), get_period(other)
    if mine is None is theirs:
        return None  # a commitment without a period is undated, and nothing is surely before it
    if mine is not None and theirs is not None and are_disjoint(mine, theirs):
        return TimeExclusion.DISJOINT_PERIODS
    for deed, entry, period in ((one, other, theirs), (other, one, mine)):
        if deed.kind is not _ACTION:
            continue
        if (
            period is not None
            and compare_to_period(get_action_span(deed), period) is PeriodFit.OUTSIDE
        ):
            return TimeExclusion.DEED_OUTSIDE_PERIOD
        if entry.kind is _COMMITMENT and is_surely_before(deed, entry):
            return TimeExclusion.DEED_BEFORE_PROMISE
    return None


def list_stance_grounds(one: EntryFacts, other: EntryFacts) -> list[Ground]:
    """Return the grounds of stances of two entries, whether or not their times exclude them.

    In the order of the first entry's stances, those on one proposition first.
    """
    found: list[Ground] = []
    exclusive: list[Ground] = []
    handled: set[int] = set()
    for mine in one.stances:
        proposition, topic = mine.proposition, mine.exclusive_topic
        for theirs in other.stances:
            if theirs.proposition == proposition:
                if mine.value * theirs.value < 0:
                    found.append(_ground(_PROPOSITION, mine, theirs))
                elif topic is not None and mine.value > 0 < theirs.value:
                    handled.add(topic)
            elif topic is None or topic != theirs.exclusive_topic:
                continue
            elif mine.value > 0 < theirs.value:
                exclusive.append(_ground(_EXCLUSIVE_TOPIC, mine, theirs))
    if exclusive:
        found += [ground for ground in exclusive if ground.one.exclusive_topic not in handled]
    return found


def _ground(via: Via, mine: StanceFacts, theirs: StanceFacts) -> Ground:
    strength = min(abs(mine.value), abs(theirs.value))
    return Ground(via, mine, theirs, strength, mine.explicit and theirs.explicit)


class Agreement(NamedTuple):
    """The stances and links by which two entries agree, at least one.

    Attributes:
        sides: The pairs of stances that take the same side on a proposition.
        links: The `corroborates` links, each as the key of its judge and its strength, 1 or 2.
    """

    sides: tuple[tuple[StanceFacts, StanceFacts], ...]
    links: tuple[tuple[int, int], ...]

    @property
    def strength(self) -> int:
        """The strength of the best pair of stances, 1 or 2; that of a link only without stances.

        A pair of stances is as strong as the weaker of the two.
        """
        if self.sides:
            return max(min(abs(mine.value), abs(theirs.value)) for mine, theirs in self.sides)
        return max(strength for _, strength in self.links)

    @property
    def propositions(self) -> frozenset[int]:
        """The keys of the propositions on which both take the same side."""
        return frozenset(mine.proposition for mine, _ in self.sides)

    @property
    def judges(self) -> frozenset[int]:
        """The keys of all judges of its stances and links."""
        stances = [stance.judge for pair in self.sides for stance in pair]
        return frozenset([*stances, *(judge for judge, _ in self.links)])


def find_agreement(one: EntryFacts, other: EntryFacts, links: PairLinks) -> Agreement | None:
    """Return the stances and links by which two entries agree, or None if they do not agree."""
    sides = () if find_time_exclusion(one, other) else tuple(iter_agreeing_stances(one, other))
    if not sides and not links.corroborates:
        return None
    return Agreement(sides, tuple(links.corroborates.items()))


def get_agreed_propositions(one: EntryFacts, other: EntryFacts) -> frozenset[int]:
    """Return the keys of the propositions on which two entries take the same side.

    Empty if their times exclude each other.
    """
    shared = frozenset(mine.proposition for mine, _ in iter_agreeing_stances(one, other))
    return frozenset() if shared and find_time_exclusion(one, other) else shared


def iter_agreeing_stances(
    one: EntryFacts, other: EntryFacts
) -> Iterator[tuple[StanceFacts, StanceFacts]]:
    """Yield the pairs of stances that take the same side, whether or not times exclude them."""
    for mine in one.stances:
        for theirs in other.stances:
            if mine.proposition == theirs.proposition and mine.value * theirs.value > 0:
                yield mine, theirs
