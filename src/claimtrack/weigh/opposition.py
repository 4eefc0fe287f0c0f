"""Whether two entries oppose each other, on which grounds, and whether they agree (model.md 3.2).

Two different entries oppose each other on any of these **grounds**:

1. `proposition`: one affirms it and the other denies it; as strong as the weaker of the two stances
2. `exclusive_topic`: they affirm two different propositions directly under one exclusive topic,
   unless both affirm one and the same directly under it; as strong as the weaker
3. `link`: a judge links them as contradicting; as strong as the link

Grounds of stances fall away when both entries have a period and the two are disjoint; when one is
an action, the other has a period, and the action's span is outside it; and when one is a commitment
and the other an action that is surely before it.

A ground of stances is explicit when both of its stances are; a link is neither. Strength and basis
of a pair are those of its best ground, the stronger, then the explicit; a link decides only when it
stands alone.

One entry **agrees** with another when they take one side of a proposition and nothing keeps them
apart as above, or when a judge links them as corroborating (model.md 3.6).
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from claimtrack.facts import EntryFacts, PairLinks, StanceFacts
from claimtrack.vocab import EntryKind
from claimtrack.weigh.order import Fit, disjoint, fit, period_of, span_of, surely_before


class Via(StrEnum):
    """By what kind of ground two entries oppose each other, in the order in which it is listed."""

    PROPOSITION = "proposition"
    EXCLUSIVE_TOPIC = "exclusive_topic"
    LINK = "link"


class Apart(StrEnum):
    """What keeps the stances of two entries apart, so that they are no ground."""

    DISJOINT_PERIODS = "disjoint_periods"
    DEED_OUTSIDE_PERIOD = "deed_outside_period"
    DEED_BEFORE_PROMISE = "deed_before_promise"


# Looked up once: members of an enumeration are looked up slowly, and there are millions of pairs.
_PROPOSITION, _EXCLUSIVE_TOPIC, _LINK = Via.PROPOSITION, Via.EXCLUSIVE_TOPIC, Via.LINK
_ACTION, _COMMITMENT = EntryKind.ACTION, EntryKind.COMMITMENT


class Ground(NamedTuple):
    """Two stances by which two entries oppose each other.

    Attributes:
        via: What kind of ground it is.
        one: The stance of the first entry.
        other: The stance of the second.
        strength: 1 or 2.
        explicit: Whether both stances are.
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
    """That two entries oppose each other, and all the grounds on which they do.

    Attributes:
        grounds: The pairs of stances, if any.
        links: The strength, 1 or 2, of the link of each judge who finds that they contradict.
    """

    grounds: tuple[Ground, ...]
    links: tuple[tuple[int, int], ...]

    @property
    def strength(self) -> int:
        """That of the best ground, 1 or 2; of a link only when links stand alone."""
        if self.grounds:
            return max(ground.strength for ground in self.grounds)
        return max(strength for _, strength in self.links)

    @property
    def explicit(self) -> bool | None:
        """Whether the best ground is explicit; None when only a link supports the pair."""
        if not self.grounds:
            return None
        return max((ground.strength, ground.explicit) for ground in self.grounds)[1]

    @property
    def via(self) -> frozenset[Via]:
        """The kinds of its grounds."""
        kinds = {ground.via for ground in self.grounds}
        return frozenset(kinds | {_LINK} if self.links else kinds)

    @property
    def unconditional(self) -> bool:
        """Whether some ground depends on no condition; a link never does."""
        return bool(self.links) or any(not ground.conditional for ground in self.grounds)

    @property
    def judges(self) -> frozenset[int]:
        """The keys of every judge in any ground."""
        sides = ((ground.one, ground.other) for ground in self.grounds)
        return frozenset(
            [judge for judge, _ in self.links] + [one.judge for pair in sides for one in pair]
        )


def oppose(one: EntryFacts, other: EntryFacts, links: PairLinks) -> Opposition | None:
    """Return the grounds on which two entries oppose each other, or None where there is none."""
    grounds: tuple[Ground, ...] = ()
    if not kept_apart(one, other):
        grounds = tuple(stance_grounds(one, other))
    linked = links.contradicts
    if linked:
        return Opposition(grounds, tuple(linked.items()))
    return Opposition(grounds, ()) if grounds else None


def kept_apart(one: EntryFacts, other: EntryFacts) -> Apart | None:
    """Return what keeps the stances of two entries apart, or None where nothing does."""
    mine, theirs = period_of(one), period_of(other)
    if mine is None is theirs:
        return None  # an undated promise has no period, and nothing is surely before it
    if mine is not None and theirs is not None and disjoint(mine, theirs):
        return Apart.DISJOINT_PERIODS
    for deed, entry, period in ((one, other, theirs), (other, one, mine)):
        if deed.kind is not _ACTION:
            continue
        if period is not None and fit(span_of(deed), period) is Fit.OUTSIDE:
            return Apart.DEED_OUTSIDE_PERIOD
        if entry.kind is _COMMITMENT and surely_before(deed, entry):
            return Apart.DEED_BEFORE_PROMISE
    return None


def stance_grounds(one: EntryFacts, other: EntryFacts) -> list[Ground]:
    """Return the grounds of stances of two entries, also those that fall away as they are apart."""
    found: list[Ground] = []
    exclusive: list[Ground] = []
    settled: set[int] = set()
    for mine in one.stances:
        proposition, topic = mine.proposition, mine.exclusive_topic
        for theirs in other.stances:
            if theirs.proposition == proposition:
                if mine.value * theirs.value < 0:
                    found.append(_ground(_PROPOSITION, mine, theirs))
                elif topic is not None and mine.value > 0 < theirs.value:
                    settled.add(topic)
            elif topic is None or topic != theirs.exclusive_topic:
                continue
            elif mine.value > 0 < theirs.value:
                exclusive.append(_ground(_EXCLUSIVE_TOPIC, mine, theirs))
    if exclusive:
        found += [ground for ground in exclusive if ground.one.exclusive_topic not in settled]
    return found


def _ground(via: Via, mine: StanceFacts, theirs: StanceFacts) -> Ground:
    strength = min(abs(mine.value), abs(theirs.value))
    return Ground(via, mine, theirs, strength, mine.explicit and theirs.explicit)


class Agreement(NamedTuple):
    """That two entries agree on something, and by what.

    Attributes:
        sides: The pairs of stances that take one side of a proposition, if any.
        links: The strength, 1 or 2, of the link of each judge who finds that they corroborate.
    """

    sides: tuple[tuple[StanceFacts, StanceFacts], ...]
    links: tuple[tuple[int, int], ...]

    @property
    def strength(self) -> int:
        """That of the best pair of stances, 1 or 2; of a link only when links stand alone."""
        if self.sides:
            return max(min(abs(mine.value), abs(theirs.value)) for mine, theirs in self.sides)
        return max(strength for _, strength in self.links)

    @property
    def propositions(self) -> frozenset[int]:
        """The keys of the propositions of which both take one side."""
        return frozenset(mine.proposition for mine, _ in self.sides)

    @property
    def judges(self) -> frozenset[int]:
        """The keys of every judge of such a stance or link."""
        stances = [stance.judge for pair in self.sides for stance in pair]
        return frozenset([*stances, *(judge for judge, _ in self.links)])


def agreement(one: EntryFacts, other: EntryFacts, links: PairLinks) -> Agreement | None:
    """Return by what two entries agree, or None where they do not."""
    sides = () if kept_apart(one, other) else tuple(same_sides(one, other))
    if not sides and not links.corroborates:
        return None
    return Agreement(sides, tuple(links.corroborates.items()))


def same_side(one: EntryFacts, other: EntryFacts) -> frozenset[int]:
    """Return the keys of the propositions on which two entries take one side.

    None where something keeps the two apart.
    """
    shared = frozenset(mine.proposition for mine, _ in same_sides(one, other))
    return frozenset() if shared and kept_apart(one, other) else shared


def same_sides(one: EntryFacts, other: EntryFacts) -> Iterator[tuple[StanceFacts, StanceFacts]]:
    """Yield the pairs of stances that take one side, also where the entries are kept apart."""
    for mine in one.stances:
        for theirs in other.stances:
            if mine.proposition == theirs.proposition and mine.value * theirs.value > 0:
                yield mine, theirs
