"""How many independent origins a set of entries goes back to, as a range.

Entries are joined into groups of one origin. For the least number they are joined if they surely or
possibly have one origin, for the greatest only if they surely do. Joining is transitive. "Words"
are claims, statements and commitments; a "deed" is an action; the principal of an entry is that of
its agent. Assessments are judgements and no evidence, and are left out.

Entries surely have one origin if

* one repeats the other, at strength 2
* they are words of one actor, wherever and whenever they were said

Entries possibly have one origin if

* one repeats the other, at strength 1
* they are words that share a voice or have one principal
* they are a word and a deed of one principal
* they are words of anonymous sources whose claims one publisher reported (as `primary` document),
  or one of which is above the other
* they are deeds, and all documents that show either are of one and the same publisher

An entry outside the set joins entries, by all of these rules, if one of them goes back to it by a
chain of `repeats` links, which may lead through assessments. Other outsiders join nothing.

An entry that surely goes back to other entries of the set is represented by them: it belongs to
their groups, joins nothing by its own voices, and does not join the entries that it repeats.

A group is left out of the least number if no document shows any entry of the set in it.
"""

from collections.abc import Collection, Iterable, Mapping, MutableMapping
from copy import copy
from typing import Any, NamedTuple, Self

from claimtrack.facts import EntryFacts
from claimtrack.vocab import EntryKind
from claimtrack.weigh.union_find import UnionFind, copy_on_write

WORDS = frozenset({EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.COMMITMENT})
"""The kinds in which somebody says something; repeating oneself is no confirmation."""

RepeatLinks = Mapping[int, tuple[tuple[int, int], ...]]
"""The `repeats` links: by the key of an entry, the key of each entry it repeats and the strength.

The strength is 2 (it repeats it) or 1 (it may).
"""


class Origins:
    """The independent origins of a set of entries; made by `group_by_origin`.

    Attributes:
        keys: The keys of the entries of the set, assessments left out.
    """

    def __init__(self) -> None:
        self.keys = frozenset[int]()
        self._outside = frozenset[int]()
        """The keys of the entries outside the set to which members go back."""
        self._represented: Mapping[int, frozenset[int]] = {}
        self._least, self._most = _OriginGroups(), _OriginGroups()

    @property
    def least(self) -> int:
        """The least number of origins: groups of what surely or possibly has one, if documented."""
        return self._least.groups.count

    @property
    def most(self) -> int:
        """The greatest number of origins: groups of what surely has one origin."""
        return self._most.groups.count

    def count_without(self, own: int) -> tuple[int, int]:
        """Return the least and the greatest number, not counting the groups of one entry.

        Args:
            own: The key of that entry, which is one of the set.
        """
        originals = self._represented.get(own, (own,))
        numbers = []
        for joined in (self._least.groups, self._most.groups):
            mine = {joined.find_root(one) for one in originals if joined.has_member(one)}
            numbers.append(joined.count - len(mine))
        return numbers[0], numbers[1]

    def least_groups(self) -> list[frozenset[int]]:
        """Return the groups of the least number, including those that no document shows.

        Sets of keys. An entry that repeats two others may be in two groups.
        """
        found: dict[int, set[int]] = {}
        for key in self.keys:
            for original in self._represented.get(key, (key,)):
                found.setdefault(self._least.groups.find_root(original), set()).add(key)
        return list(map(frozenset, found.values()))

    def with_entries(
        self,
        entries: Iterable[EntryFacts],
        repeats: RepeatLinks,
        outsiders: Mapping[int, EntryFacts],
    ) -> Self | None:
        """Return the origins of this set and more entries, without grouping this set again.

        Possible only if this set was grouped without assessments (`judgements=False`). The
        arguments are those of `group_by_origin`, for the entries that are added.

        Returns:
            The origins, which share data with these; or None if a chain of `repeats` links
            connects an added entry with this set: then all entries must be grouped together.
        """
        chain = _RepeatChains(repeats, outsiders, judgements=False)
        related = chain.reached(chain.add(entries).keys(), 1).keys()
        if not (related.isdisjoint(self.keys) and related.isdisjoint(self._outside)):
            return None
        more = copy(self)
        more._least, more._most = self._least.branch(), self._most.branch()
        more._add(chain)
        return more

    def _add(self, chain: "_RepeatChains") -> None:
        """Add entries that no `repeats` link connects with those already in the set."""
        members, represented = chain.members, chain.represented()
        self.keys = self.keys.union(members)
        self._represented = {**self._represented, **represented}
        counted = [key for key in members if key not in represented]
        for joined, least_strength in ((self._most, 2), (self._least, 1)):
            possibly = least_strength == 1
            reached = chain.reached(counted, least_strength)
            for key in reached:
                joined.add(chain.facts(key), chain.words, possibly=possibly)
            for key in chain.repeating(reached):
                for other, strength in chain.repeated(key):
                    if strength >= least_strength:
                        joined.groups.connect(key, other)
            for key, one in members.items():
                if one.shown or not possibly:
                    for original in represented.get(key, (key,)):
                        joined.groups.add(original)
        self._outside = self._outside.union(chain.reached(members, 1).keys() - members.keys())


def group_by_origin(
    entries: Iterable[EntryFacts],
    repeats: RepeatLinks,
    outsiders: Mapping[int, EntryFacts],
    *,
    judgements: bool = False,
) -> Origins:
    """Return the origins of a set of entries.

    Args:
        entries: The set.
        repeats: The `repeats` links of the entries and of the outsiders.
        outsiders: The facts of the entries outside the set to which members go back, by key. Others
            may be among them, which are ignored.
        judgements: Whether to include assessments. They are then treated as words: those of one
            actor have one origin.
    """
    chain, found = _RepeatChains(repeats, outsiders, judgements=judgements), Origins()
    chain.add(entries)
    found._add(chain)
    return found


class _RepeatChains:
    """A set of entries and the chains of `repeats` links that lead from them."""

    def __init__(
        self, repeats: RepeatLinks, outsiders: Mapping[int, EntryFacts], *, judgements: bool
    ) -> None:
        self._repeats, self._outsiders, self._judgements = repeats, outsiders, judgements
        self.members: dict[int, EntryFacts] = {}
        """The entries of the set by key, assessments only if they are included."""
        self.words = WORDS | {EntryKind.ASSESSMENT} if judgements else WORDS
        """The kinds of which all entries of one actor surely have one origin."""

    def add(self, entries: Iterable[EntryFacts]) -> Mapping[int, EntryFacts]:
        """Add entries to the set, and return all its members by key.

        Assessments are only added if the set includes judgements.
        """
        for one in entries:
            if self._judgements or one.kind is not EntryKind.ASSESSMENT:
                self.members[one.id] = one
        return self.members

    def facts(self, key: int) -> EntryFacts:
        """Return the facts of a member or of an outsider."""
        return self.members.get(key) or self._outsiders[key]

    def repeated(self, key: int) -> list[tuple[int, int]]:
        """Return the key of each entry that an entry repeats, with the strength of the link.

        Entries that are neither members nor outsiders are left out, since they are out of scope.
        """
        sources = self.members, self._outsiders
        return [
            one for one in self._repeats.get(key, ()) if any(one[0] in some for some in sources)
        ]

    def repeating(self, keys: Iterable[int]) -> list[int]:
        """Return those of the keys whose entries repeat others; usually few."""
        return [key for key in keys if key in self._repeats]

    def represented(self) -> dict[int, frozenset[int]]:
        """Return the members that represent each member which others represent, by its key."""
        found = {key: self._originals(key) for key in self.repeating(self.members)}
        return {key: originals for key, originals in found.items() if originals != {key}}

    def reached(self, keys: Collection[int], least_strength: int) -> dict[int, None]:
        """Return the keys of entries and of all to which they go back, as an ordered set.

        Only links of `least_strength` or more are followed.
        """
        found, stack = dict.fromkeys(keys), self.repeating(keys)
        while stack:
            for other, strength in self.repeated(stack.pop()):
                if other not in found and strength >= least_strength:
                    found[other] = None
                    stack.append(other)
        return found

    def _originals(self, key: int) -> frozenset[int]:
        """Return the members that represent a member: the ends of the chains that lead from it.

        Only links of strength 2 are followed. A member that repeats none represents itself. Members
        that repeat each other in a circle are represented by the first of them by ref.
        """
        behind = self._behind(key)
        last = {one for one in behind if self._behind(one) <= {one}}
        circle = {one for one in behind if key in self._behind(one)}
        if not circle:
            return frozenset(last) or frozenset({key})
        return frozenset(last or {min({key, *circle}, key=lambda one: self.facts(one).ref)})

    def _behind(self, key: int) -> set[int]:
        """Return the members to which a member surely goes back, also through outsiders."""
        visited, stack = set[int](), [key]
        while stack:
            for other, strength in self.repeated(stack.pop()):
                if strength == 2 and other not in visited:
                    visited.add(other)
                    stack.append(other)
        return visited & self.members.keys()


# --- joining by what entries have in common -------------------------------------------------------


_ACTION = EntryKind.ACTION  # looked up once: enum members are slow to look up


class _Voices(NamedTuple):
    """The part of an entry's facts by which words are joined with those that share a voice."""

    key: int
    voices: Collection[int]
    ancestry: Collection[int]
    actor: int
    actor_ancestry: Collection[int]
    anonymous: bool


_ACTOR, _PRINCIPAL, _VOICE, _SOURCE, _SOURCE_OF_OUTLET, _DEED_OF_OUTLET = range(6)
"""The properties that entries can have in common: the kinds of label."""


def _label(prop: int, key: int) -> int:
    """Return a property and the key of an actor or publisher, packed into one number.

    A number and not a tuple, since there can be millions of them.
    """
    return key * 8 + prop


class _OriginGroups:
    """Groups of entries of one origin, to which entries are added one by one.

    An entry **holds** labels, one for each property that joins it with others: all entries that
    hold a label are connected. An entry may also **await** a label: it is connected with the
    entries that hold the label, but not with others that await it. (A minister awaits the label of
    the state above him; two ministers are not joined by that, the state and a minister are.)
    """

    def __init__(self) -> None:
        self.groups: UnionFind[int] = UnionFind()
        self._holders: MutableMapping[int, int] = {}
        """By label, the first entry that holds it, which represents all that do."""
        self._awaiting: MutableMapping[int, Any] = {}
        """By label that no entry holds yet, the entries that await it.

        A linked list `(key, rest)` that ends in None: branches can share it, unlike a list.
        """
        self._several_voices = False
        """Whether some words have more than one voice."""
        self._single_voices: tuple[_Voices, Any] | None = None
        """The words of a single voice that were added before those; a linked list, as above."""

    def branch(self) -> Self:
        """Return a copy that can be added to; this one must not change as long as it is used."""
        other = copy(self)
        other.groups = self.groups.branch()
        other._holders = copy_on_write(self._holders)
        other._awaiting = copy_on_write(self._awaiting)
        return other

    def add(self, one: EntryFacts, words: Collection[EntryKind], *, possibly: bool) -> None:
        """Add an entry, and connect it with those added before that have the same origin.

        Args:
            one: The entry.
            words: The kinds of which all entries of one actor surely have one origin.
            possibly: Whether to connect it also with those that only possibly have its origin.
        """
        kind, key = one.kind, one.id
        if kind in words:
            self._add_label(_label(_ACTOR, one.actor), key)
        if not possibly:
            return
        if kind in WORDS:
            self._add_label(_label(_PRINCIPAL, one.principal), key)
            if one.anonymous:
                for outlet in one.primary_publishers:
                    self._add_label(_label(_SOURCE_OF_OUTLET, outlet), key)
            self._add_voices(one)
        elif kind is _ACTION:
            self._await(_label(_PRINCIPAL, one.principal), key)
            if len(one.publishers) == 1:
                self._add_label(_label(_DEED_OF_OUTLET, min(one.publishers)), key)

    def _add_voices(self, one: EntryFacts) -> None:
        """Connect words with those that share a voice, or whose anonymous source is above theirs.

        Words of a single voice that share it with each other have one principal, and are connected
        by that already. So they are not matched until there are words of several voices, which most
        sets do not have.
        """
        voices = _Voices(
            one.id, one.voices, one.ancestry, one.actor, one.actor_ancestry, one.anonymous
        )
        if len(one.voices) == 1 and not self._several_voices:
            self._single_voices = (voices, self._single_voices)
            return
        self._several_voices = True
        self._match_voices(voices)
        while self._single_voices is not None:
            voices, self._single_voices = self._single_voices
            self._match_voices(voices)

    def _match_voices(self, one: "_Voices") -> None:
        self._match_ancestry(_VOICE, one.voices, one.ancestry, one.key)
        if one.anonymous:
            self._match_ancestry(_SOURCE, (one.actor,), one.actor_ancestry, one.key)

    def _match_ancestry(
        self, prop: int, actors: Iterable[int], ancestry: Iterable[int], key: int
    ) -> None:
        """Let an entry hold the labels of its actors and await those of the actors above them."""
        for actor in actors:
            self._add_label(_label(prop, actor), key)
        for actor in ancestry:
            self._await(_label(prop, actor), key)

    def _add_label(self, label: int, key: int) -> None:
        """Let an entry hold a label: connect it with those that hold it and those that await it."""
        first = self._holders.setdefault(label, key)
        if first != key:
            self.groups.connect(first, key)
        waiting = self._awaiting.get(label)
        if waiting is not None:
            self._awaiting[label] = None
        while waiting is not None:
            other, waiting = waiting
            self.groups.connect(first, other)

    def _await(self, label: int, key: int) -> None:
        """Let an entry await a label: connect it with those that hold it, now or later."""
        first = self._holders.get(label)
        if first is None:
            self._awaiting[label] = (key, self._awaiting.get(label))
        else:
            self.groups.connect(first, key)
