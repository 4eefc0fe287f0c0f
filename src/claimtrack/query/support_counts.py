"""Counts the entries that agree with an entry, and their origins, for many entries at once.

Entries that agree take the same side on a proposition, so entries on one side have most of their
supporters in common. The supporters are fetched once for a batch of entries, and grouped by origin
once for all entries with the same kind, side and period. Otherwise the thousands on one side of a
proposition would be compared with each other.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import CompoundSelect, Select, select, union
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.facts import EntryFacts, Span
from claimtrack.models import Entry, Link, Stance
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.stance_sides import select_entries_by_side
from claimtrack.query.visibility import Scope, cached_by_scope, entry_in_scope, link_in_scope
from claimtrack.sql import BATCH_SIZE, is_one_of, stream
from claimtrack.vocab import EntryKind, Relation
from claimtrack.weigh.opposition import find_time_exclusion
from claimtrack.weigh.origins import Origins, RepeatLinks, group_by_origin

Side: TypeAlias = tuple[int, bool]
"""The key of a proposition, and True if it is affirmed, False if it is denied."""
_SideKey: TypeAlias = tuple[EntryKind, Side, Span | None]
"""What decides who agrees with an entry on one side: its kind, the side, and what it is about."""

_CACHE_SIZE = 60_000
"""The greatest number of entries, in all groups together, that are cached between batches."""
_LARGE = 50
"""The size from which a group is cached; smaller groups are quickly made again."""


@dataclass(frozen=True, slots=True)
class Support:
    """The entries that agree with an entry, counted.

    Attributes:
        entries: The number of entries that agree with it.
        deeds: The number of these that are actions.
        publishers: The number of publishers of documents that show these, assessments left out.
        least: The least number of independent origins of these, the entry's own left out.
        most: The greatest number of the same.
        keys: The keys of the entries that agree with it, and its own.
    """

    entries: int
    deeds: int
    publishers: int
    least: int
    most: int
    keys: frozenset[int] = field(default=frozenset(), compare=False, repr=False)


class _GroupCounts(NamedTuple):
    """The counts of a group: its origins, its deeds, and the entries that each publisher shows."""

    origins: Origins
    deeds: int
    publishers: Counter[int]


class _Group:
    """The entries that agree with an entry on some of its sides, itself included."""

    def __init__(self, entries: Collection[EntryFacts], batch: "_Batch") -> None:
        self.keys = frozenset(one.id for one in entries)
        self._entries, self._batch = entries, batch

    @cached_property
    def counted(self) -> _GroupCounts:
        """The counts, computed on first use: many groups only become part of others."""
        entries, batch = self._entries, self._batch
        del self._entries, self._batch  # else a large group keeps the facts of a batch in memory
        origins = group_by_origin(entries, batch.repeats, batch.facts)
        return _GroupCounts(origins, _count_deeds(entries), Counter(_iter_publishers(entries)))

    def with_entries(self, entries: Collection[EntryFacts], batch: "_Batch") -> "_Group | None":
        """Return a group with more entries; None if `repeats` links join them with this group."""
        before = self.counted
        origins = before.origins.with_entries(entries, batch.repeats, batch.facts)
        if origins is None:
            return None
        more = copy(self)
        more.keys = self.keys.union(one.id for one in entries)
        publishers = before.publishers + Counter(_iter_publishers(entries))
        more.counted = _GroupCounts(origins, before.deeds + _count_deeds(entries), publishers)
        return more

    def support_of(self, own: EntryFacts) -> Support:
        """Return the support that a member has from the others of its group."""
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


def _count_deeds(entries: Iterable[EntryFacts]) -> int:
    return sum(one.kind is _ACTION for one in entries)


def _iter_publishers(entries: Iterable[EntryFacts]) -> Iterator[int]:
    evidence = (one for one in entries if one.kind is not EntryKind.ASSESSMENT)
    return (outlet for one in evidence for outlet in one.publishers)


class SupportCounter:
    """Counts the support of entries in a scope.

    Meant for many calls with consecutive batches: large groups are cached between them.
    """

    def __init__(self, session: Session, scope: Scope, facts: FactsLoader | None = None) -> None:
        self._session, self._scope = session, scope
        self._facts = facts or FactsLoader(session, scope)
        self._members = self._facts.without_judgements()
        """The facts of supporters, without their stances, which SQL has tested already."""
        self._groups: dict[_SideKey, _Group] = {}
        self._on_all: dict[tuple[EntryKind, frozenset[Side], Span | None], _Group] = {}
        """The groups of a batch that agree with an entry on any of its sides."""

    def count_support(self, keys: Sequence[int]) -> Iterator[Support]:
        """Yield the support of each of some entries, in the order of their keys.

        Sends one statement for the entries on their sides (fewer if groups are cached from the last
        call), one for the links that corroborate them, and those of `FactsLoader.load`.
        """
        self._drop_groups()
        self._on_all.clear()
        mine = self._facts.load(keys)
        propositions = {
            side[0]
            for one in mine.values()
            for side in _get_sides(one)
            if _get_side_key(one, side) not in self._groups
        }
        entries_by_side, links = (
            self._fetch_side_entries(propositions),
            self._fetch_corroborated(keys),
        )
        entries = {key for side in entries_by_side.values() for key in side}
        entries.update(keys, *links.values())
        facts = self._members.load(entries)
        repeats, outside = self._members.load_repeats_and_outsiders(entries)
        batch = _Batch(entries, entries_by_side, repeats, facts | outside)
        for key, one in mine.items():
            group = self._get_group(one, batch)
            linked = links[key] - group.keys
            yield (self._extend_group(group, linked, batch) if linked else group).support_of(one)

    def _extend_group(self, group: _Group, more: Collection[int], batch: "_Batch") -> _Group:
        """Return a group with more entries."""
        if len(group.keys) >= _LARGE:
            of_more = self._load_batch_of(more, batch)
            extended = group.with_entries([of_more.facts[key] for key in more], of_more)
            if extended is not None:
                return extended
        keys = group.keys.union(more)
        batch = self._load_batch_of(keys, batch)
        return _Group([batch.facts[key] for key in keys], batch)

    def _load_batch_of(self, keys: Collection[int], batch: "_Batch") -> "_Batch":
        """Return a batch with the facts of entries; fetches those in groups of earlier batches."""
        if batch.entries.issuperset(keys):
            return batch
        facts = self._members.load(keys)
        repeats, outside = self._members.load_repeats_and_outsiders(keys)
        return _Batch(set(keys), {}, repeats, facts | outside)

    def _get_group(self, one: EntryFacts, batch: "_Batch") -> _Group:
        """Return the group of an entry and of all that agree with it on any of its sides."""
        sides = _get_sides(one)
        if not sides:
            return _Group([one], batch)
        key = one.kind, sides, one.about
        if (cached := self._on_all.get(key)) is not None:
            return cached
        groups = [self._get_side_group(one, side, batch) for side in sides]
        largest, *others = sorted(groups, key=lambda group: -len(group.keys))
        more = set[int]().union(*(group.keys for group in others)) - largest.keys
        group = self._extend_group(largest, more, batch) if more else largest
        if len(group.keys) < _LARGE:  # hundreds of groups of thousands would fill memory
            self._on_all[key] = group
        return group

    def _get_side_group(self, one: EntryFacts, side: Side, batch: "_Batch") -> _Group:
        """Return the group of an entry and of all that agree with it on one of its sides."""
        key = _get_side_key(one, side)
        group = self._groups.get(key)
        if group is None:
            others = (
                batch.facts[other] for other in batch.entries_by_side[side] if other != one.id
            )
            agreeing = [
                one,
                *(other for other in others if find_time_exclusion(one, other) is None),
            ]
            group = self._groups[key] = _Group(agreeing, batch)
        return group

    def _drop_groups(self) -> None:
        """Drop small groups, and the oldest large ones while there are more than `_CACHE_SIZE`."""
        self._groups = {
            key: group for key, group in self._groups.items() if len(group.keys) >= _LARGE
        }
        for group in self._groups.values():
            _ = group.counted  # computed now, which releases the facts of its batch
        while sum(len(group.keys) for group in self._groups.values()) > _CACHE_SIZE:
            del self._groups[next(iter(self._groups))]

    def _fetch_side_entries(self, propositions: Iterable[int]) -> dict[Side, list[int]]:
        """Return the keys of the entries on each side of propositions, in the order of refs."""
        found: dict[Side, list[int]] = defaultdict(list)
        keys = list(propositions)
        for first in range(0, len(keys), BATCH_SIZE):
            values = {"propositions": keys[first : first + BATCH_SIZE]}
            for proposition, entry, affirms, denies in stream(
                self._session, _select_side_entries(self._scope), values
            ):
                for chosen, affirmed in ((affirms, True), (denies, False)):
                    if chosen:
                        found[proposition, affirmed].append(entry)
        return found

    def _fetch_corroborated(self, keys: Sequence[int]) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for one, other in stream(
            self._session, _select_corroborating(self._scope), {"entries": list(keys)}
        ):
            found[one].add(other)
        return found


@dataclass(frozen=True)
class _Batch:
    """The facts fetched for a batch of entries.

    Attributes:
        entries: The keys of the entries and of their supporters.
        entries_by_side: The keys of the entries that take each side.
        repeats: The `repeats` links of all of them.
        facts: The facts of all of them, and of the outsiders to which the links lead, by key.
    """

    entries: set[int]
    entries_by_side: Mapping[Side, list[int]]
    repeats: RepeatLinks
    facts: dict[int, EntryFacts]


def _get_side_key(one: EntryFacts, side: Side) -> _SideKey:
    """Return the key of the group of all entries that agree with an entry on a side."""
    return one.kind, side, one.about


def _get_sides(entry: EntryFacts) -> frozenset[Side]:
    """Return the sides that an entry takes; both of one proposition if judges read it so."""
    sides = ((one.proposition, one.value > 0) for one in entry.stances if one.value)
    return frozenset(sides)


@cached_by_scope
def _select_side_entries(scope: Scope) -> Select[*tuple[Any, ...]]:
    return select_entries_by_side(aliased(Entry), aliased(Stance), scope)


@cached_by_scope
def _select_corroborating(scope: Scope) -> CompoundSelect[*tuple[Any, ...]]:
    """Select the `corroborates` links of entries in scope: the key of the entry and of the other.

    The statement takes the keys of the entries as its parameter `entries`.
    """
    arms = []
    for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
        link, other = aliased(Link), aliased(Entry)
        near_end, far_end = getattr(link, near), getattr(link, far)
        arms.append(
            select(near_end, far_end)
            .join(other, other.id == far_end)
            .where(is_one_of(near_end, "entries"), link.relation == Relation.CORROBORATES)
            .where(*link_in_scope(link, scope), *entry_in_scope(other, scope))
        )
    return union(*arms)
