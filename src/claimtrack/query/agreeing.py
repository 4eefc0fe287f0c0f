"""Which entries agree with an entry, found for many at once.

Those who agree take a side that it takes, and all on one side have them in common. They are fetched
once for many entries, and for all entries that take the same sides of the same period they are
weighed once: else a proposition on which thousands agree would be gone through for each of them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import CompoundSelect, Select, case, func, select, union
from sqlalchemy.orm import Session, aliased

from claimtrack.facts import NO_LINKS, EntryFacts, Span
from claimtrack.models import Entry, Link, Stance
from claimtrack.query.facts import Facts
from claimtrack.query.visibility import Scope, entry_counts, link_counts, stance_counts
from claimtrack.sql import AT_ONCE, is_one_of, stream
from claimtrack.vocab import EntryKind, Relation
from claimtrack.weigh.opposition import agree
from claimtrack.weigh.origins import Origins, Repeats, find_origins

Side: TypeAlias = tuple[int, bool]
"""The key of a proposition, and whether it is affirmed, else denied."""
_Key: TypeAlias = tuple[EntryKind, frozenset[Side], Span | None]
"""What decides whom an entry agrees with, links apart: its kind, its sides, what it speaks of."""

_MOST_KEPT = 20_000
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
    """

    entries: int
    deeds: int
    publishers: int
    least: int
    most: int


class _Group:
    """All on some sides of some period, and their origins."""

    def __init__(
        self, entries: Collection[EntryFacts], repeats: Repeats, known: dict[int, EntryFacts]
    ) -> None:
        self.keys = frozenset(one.id for one in entries)
        self._deeds = frozenset(one.id for one in entries if one.kind is EntryKind.ACTION)
        evidence = (one for one in entries if one.kind is not EntryKind.ASSESSMENT)
        self._publishers = Counter(outlet for one in evidence for outlet in one.publishers)
        self._origins: Origins = find_origins(entries, repeats, known)

    def without(self, own: EntryFacts) -> Support:
        """Return what the group is to one of its members."""
        least, most = self._origins.count_without(own.id)
        others = (
            count > 1 or outlet not in own.publishers for outlet, count in self._publishers.items()
        )
        return Support(
            entries=len(self.keys) - 1,
            deeds=len(self._deeds - {own.id}),
            publishers=sum(others),
            least=least,
            most=most,
        )


class Agreeing:
    """Finds what agrees with entries, as far as it counts in a scope."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self._facts = Facts(session, scope)
        self._groups: dict[_Key, _Group] = {}

    def support(self, keys: Sequence[int]) -> Iterator[Support]:
        """Yield what agrees with each of some entries.

        Sends one statement that asks who takes their sides, one for the links that corroborate
        them, and those that fetch facts.
        """
        mine = self._facts.of(keys)
        sides = {key: _sides(one) for key, one in mine.items()}
        missing = {
            proposition
            for key, one in mine.items()
            if (one.kind, sides[key], one.about) not in self._groups
            for proposition, _ in sides[key]
        }
        takers, links = self._takers(missing), self._corroborated(keys)
        asked = {key for side in takers.values() for key in side}
        asked.update(keys, *links.values())
        known = self._facts.of(asked)
        repeats, outside = self._facts.repetitions(asked)
        known.update(outside)
        for key, one in mine.items():
            group = self._group(one, sides[key], takers, repeats, known)
            if links[key] - group.keys:
                group = self._fetched(group.keys | links[key])
            yield group.without(one)
        self._forget_some()

    def _fetched(self, keys: Collection[int]) -> _Group:
        repeats, outside = self._facts.repetitions(keys)
        return _Group(self._facts.of(keys).values(), repeats, outside)

    def _group(
        self,
        one: EntryFacts,
        sides: frozenset[Side],
        takers: dict[Side, list[int]],
        repeats: Repeats,
        known: dict[int, EntryFacts],
    ) -> _Group:
        key = (one.kind, sides, one.about)
        group = self._groups.get(key)
        if group is None:
            on_a_side = {other for side in sides for other in takers[side]}
            others = (known[other] for other in on_a_side if other != one.id)
            agreeing = [other for other in others if agree(one, other, NO_LINKS)]
            group = self._groups[key] = _Group([one, *agreeing], repeats, known)
        if one.id not in group.keys:  # nothing but its links can agree with it
            return _Group([one], repeats, known)
        return group

    def _forget_some(self) -> None:
        """Keep large groups, for entries that come later, as long as they are not too many."""
        self._groups = {
            key: group for key, group in self._groups.items() if len(group.keys) >= _LARGE
        }
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


def _sides(entry: EntryFacts) -> frozenset[Side]:
    taken = ((one.proposition, one.value > 0) for one in entry.stances if one.value)
    return frozenset(taken)


@lru_cache(maxsize=8)
def _taking(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select who takes a side of propositions: whether it affirms, and denies (1 or 0)."""
    entry, stance = aliased(Entry), aliased(Stance)
    affirms = func.max(case((stance.value > 0, 1), else_=0))
    denies = func.max(case((stance.value < 0, 1), else_=0))
    return (
        select(stance.proposition_id, entry.id, affirms, denies)
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), stance.value != 0)
        .where(*stance_counts(stance, scope), *entry_counts(entry, scope))
        .group_by(stance.proposition_id, entry.id)
    )


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
