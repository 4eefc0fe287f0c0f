"""Which entries agree with an entry, found for many at once.

Those who agree take a side that it takes, and all on one side have them in common. They are fetched
once for many entries, and for all that take one side of the same period they are weighed once: else
a proposition on which thousands agree would be gone through for each of them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import CompoundSelect, Select, select, union
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.facts import EntryFacts, Span
from claimtrack.models import Entry, Link, Stance
from claimtrack.query.facts import Facts
from claimtrack.query.sides import select_takers
from claimtrack.query.visibility import Scope, entry_counts, link_counts
from claimtrack.sql import AT_ONCE, is_one_of, stream
from claimtrack.vocab import EntryKind, Relation
from claimtrack.weigh.opposition import find_time_exclusion
from claimtrack.weigh.origins import Origins, RepeatLinks, group_by_origin

Side: TypeAlias = tuple[int, bool]
"""The key of a proposition, and whether it is affirmed, else denied."""
_Key: TypeAlias = tuple[EntryKind, Side, Span | None]
"""What decides who agrees with an entry on one side: its kind, the side, what it speaks of."""

_MOST_KEPT = 60_000
"""Entries in the groups that are kept from one batch to the next."""
_LARGE = 50
"""Entries from which on a group is kept."""


@dataclass(frozen=True, slots=True)
class Support:
    """What agrees with an entry.

    Attributes:
        entries: How many entries agree with it.
        deeds: How many of them are actions.
        publishers: Through how many publishers these are known, assessments left out.
        least: From how many independent origins other than its own, at least.
        most: The same, at most.
        keys: The keys of those that agree with it, its own among them.
    """

    entries: int
    deeds: int
    publishers: int
    least: int
    most: int
    keys: frozenset[int] = field(default=frozenset(), compare=False, repr=False)


class _Counted(NamedTuple):
    """What is counted of a group: its origins, its deeds, and how many each publisher shows."""

    origins: Origins
    deeds: int
    publishers: Counter[int]


class _Group:
    """All on some sides of some period, and their origins."""

    def __init__(self, entries: Collection[EntryFacts], batch: "_Batch") -> None:
        self.keys = frozenset(one.id for one in entries)
        self._entries, self._batch = entries, batch

    @cached_property
    def counted(self) -> _Counted:
        """What is counted; worked out on first use, as few groups are used by themselves."""
        entries, batch = self._entries, self._batch
        del self._entries, self._batch  # the facts of a batch must not be kept with a large group
        origins = group_by_origin(entries, batch.repeats, batch.known)
        return _Counted(origins, _deeds(entries), Counter(_outlets(entries)))

    def with_more(self, entries: Collection[EntryFacts], batch: "_Batch") -> "_Group | None":
        """Return a group that has more entries; None where repetitions join them with these."""
        before = self.counted
        origins = before.origins.with_entries(entries, batch.repeats, batch.known)
        if origins is None:
            return None
        more = copy(self)
        more.keys = self.keys.union(one.id for one in entries)
        publishers = before.publishers + Counter(_outlets(entries))
        more.counted = _Counted(origins, before.deeds + _deeds(entries), publishers)
        return more

    def without(self, own: EntryFacts) -> Support:
        """Return what the group is to one of its members."""
        origins, deeds, publishers = self.counted
        least, most = origins.count_without(own.id)
        return Support(
            entries=len(self.keys) - 1,
            deeds=deeds - (own.kind is _ACTION),
            publishers=len(publishers) - sum(publishers[outlet] == 1 for outlet in own.publishers),
            least=least,
            most=most,
            keys=self.keys,
        )


_ACTION = EntryKind.ACTION


def _deeds(entries: Iterable[EntryFacts]) -> int:
    return sum(one.kind is _ACTION for one in entries)


def _outlets(entries: Iterable[EntryFacts]) -> Iterator[int]:
    evidence = (one for one in entries if one.kind is not EntryKind.ASSESSMENT)
    return (outlet for one in evidence for outlet in one.publishers)


class Agreeing:
    """Finds what agrees with entries, as far as it counts in a scope."""

    def __init__(self, session: Session, scope: Scope, facts: Facts | None = None) -> None:
        self._session, self._scope = session, scope
        self._facts = facts or Facts(session, scope)
        self._members = self._facts.without_judgements()
        """Of those who take a side, by whom they are and what shows them is enough."""
        self._groups: dict[_Key, _Group] = {}
        self._on_all: dict[tuple[EntryKind, frozenset[Side], Span | None], _Group] = {}
        """Of a batch, those who agree with an entry on any of its sides."""

    def support(self, keys: Sequence[int]) -> Iterator[Support]:
        """Yield what agrees with each of some entries.

        Sends one statement that asks who takes their sides, one for the links that corroborate
        them, and those that fetch facts. Those on sides that many take are at hand from before.
        """
        self._forget_some()
        self._on_all.clear()
        mine = self._facts.of(keys)
        propositions = {
            side[0]
            for one in mine.values()
            for side in _sides(one)
            if _key(one, side) not in self._groups
        }
        takers, links = self._takers(propositions), self._corroborated(keys)
        entries = {key for side in takers.values() for key in side}
        entries.update(keys, *links.values())
        known = self._members.of(entries)
        repeats, outside = self._members.repetitions(entries)
        batch = _Batch(entries, takers, repeats, known | outside)
        for key, one in mine.items():
            group = self._group(one, batch)
            linked = links[key] - group.keys
            yield (self._grown(group, linked, batch) if linked else group).without(one)

    def _grown(self, group: _Group, more: Collection[int], batch: "_Batch") -> _Group:
        """Return a group with more entries."""
        if len(group.keys) >= _LARGE:
            of_more = self._with(more, batch)
            grown = group.with_more([of_more.known[key] for key in more], of_more)
            if grown is not None:
                return grown
        keys = group.keys.union(more)
        batch = self._with(keys, batch)
        return _Group([batch.known[key] for key in keys], batch)

    def _with(self, keys: Collection[int], batch: "_Batch") -> "_Batch":
        """Return a batch that has entries; of those on sides kept from before, they are fetched."""
        if batch.entries.issuperset(keys):
            return batch
        known = self._members.of(keys)
        repeats, outside = self._members.repetitions(keys)
        return _Batch(set(keys), {}, repeats, known | outside)

    def _group(self, one: EntryFacts, batch: "_Batch") -> _Group:
        """Return all that agrees with an entry by the sides it takes, itself among them."""
        sides = _sides(one)
        if not sides:
            return _Group([one], batch)
        key = one.kind, sides, one.about
        if (known := self._on_all.get(key)) is not None:
            return known
        groups = [self._side(one, side, batch) for side in sides]
        largest, *others = sorted(groups, key=lambda group: -len(group.keys))
        more = set[int]().union(*(group.keys for group in others)) - largest.keys
        group = self._grown(largest, more, batch) if more else largest
        if len(group.keys) < _LARGE:  # hundreds of those that have thousands would fill memory
            self._on_all[key] = group
        return group

    def _side(self, one: EntryFacts, side: Side, batch: "_Batch") -> _Group:
        """Return all on one side that agree with an entry which takes it, itself among them."""
        key = _key(one, side)
        group = self._groups.get(key)
        if group is None:
            others = (batch.known[other] for other in batch.takers[side] if other != one.id)
            agreeing = [
                one,
                *(other for other in others if find_time_exclusion(one, other) is None),
            ]
            group = self._groups[key] = _Group(agreeing, batch)
        return group

    def _forget_some(self) -> None:
        """Keep large groups, for entries that come later, as long as they are not too many."""
        self._groups = {
            key: group for key, group in self._groups.items() if len(group.keys) >= _LARGE
        }
        for group in self._groups.values():
            _ = group.counted  # which lets the facts of its batch go
        while sum(len(group.keys) for group in self._groups.values()) > _MOST_KEPT:
            del self._groups[next(iter(self._groups))]

    def _takers(self, propositions: Iterable[int]) -> dict[Side, list[int]]:
        found: dict[Side, list[int]] = defaultdict(list)
        keys = list(propositions)
        for first in range(0, len(keys), AT_ONCE):
            values = {"propositions": keys[first : first + AT_ONCE]}
            for proposition, entry, affirms, denies in stream(
                self._session, _taking(self._scope), values
            ):
                for taken, affirmed in ((affirms, True), (denies, False)):
                    if taken:
                        found[proposition, affirmed].append(entry)
        return found

    def _corroborated(self, keys: Sequence[int]) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for one, other in stream(
            self._session, _corroborating(self._scope), {"entries": list(keys)}
        ):
            found[one].add(other)
        return found


@dataclass(frozen=True)
class _Batch:
    """What was fetched for some entries.

    Attributes:
        entries: The entries of which all was fetched.
        takers: Who takes their sides.
        repeats: What repeats what.
        known: The facts of all of these.
    """

    entries: set[int]
    takers: Mapping[Side, list[int]]
    repeats: RepeatLinks
    known: dict[int, EntryFacts]


def _key(one: EntryFacts, side: Side) -> _Key:
    return one.kind, side, one.about


def _sides(entry: EntryFacts) -> frozenset[Side]:
    taken = ((one.proposition, one.value > 0) for one in entry.stances if one.value)
    return frozenset(taken)


@lru_cache(maxsize=8)
def _taking(scope: Scope) -> Select[*tuple[Any, ...]]:
    return select_takers(aliased(Entry), aliased(Stance), scope)


@lru_cache(maxsize=8)
def _corroborating(scope: Scope) -> CompoundSelect[*tuple[Any, ...]]:
    """Select the links that corroborate entries, from either end, with what is at the other."""
    arms = []
    for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
        link, other = aliased(Link), aliased(Entry)
        here, there = getattr(link, near), getattr(link, far)
        arms.append(
            select(here, there)
            .join(other, other.id == there)
            .where(is_one_of(here, "entries"), link.relation == Relation.CORROBORATES)
            .where(*link_counts(link, scope), *entry_counts(other, scope))
        )
    return union(*arms)
