"""How many independent origins a set of entries goes back to, as a range (model.md 4).

The least number joins what surely or possibly goes back to one origin, the greatest only what
surely does. Assessments judge, and are no origin. Joining is transitive.

Surely one origin:

* one entry repeats the other, at strength 2
* words (claim, statement, commitment) of one actor, wherever and whenever

Possibly one origin:

* one entry repeats the other, at strength 1
* words that share a voice or have one principal
* a word and a deed of one principal
* words of anonymous sources that one publisher reported first hand, or of which one is above the
  other
* deeds that are shown by documents of one and the same publisher alone

What an entry goes back to by repetitions, in a chain, joins entries although it is not in the set,
by every rule above, and through judgements too; no other outsider does. An entry that surely goes
back to others of the set is represented by them: it is counted with them, joins nothing by whose it
is, and does not join those that it repeats.

A group of which no document shows an entry of the set is not in the least number. "One principal"
is that of the agents.
"""

from collections.abc import Collection, Iterable, Mapping, MutableMapping
from copy import copy
from typing import Any, NamedTuple, Self

from claimtrack.facts import EntryFacts
from claimtrack.vocab import EntryKind
from claimtrack.weigh.groups import Groups, layer

WORDS = frozenset({EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.COMMITMENT})
"""The kinds in which somebody says something: to repeat oneself is no confirmation."""

Repeats = Mapping[int, tuple[tuple[int, int], ...]]
"""What entries repeat: by the key of an entry, the keys of others, each with a strength, 1 or 2."""


class Origins:
    """The origins of a set of entries.

    Attributes:
        keys: The entries that count.
    """

    def __init__(self) -> None:
        self.keys = frozenset[int]()
        self._outside = frozenset[int]()
        """What the entries go back to and is not among them."""
        self._represented: Mapping[int, frozenset[int]] = {}
        self._least, self._most = _Joined(), _Joined()

    @property
    def least(self) -> int:
        """How many origins there are at least: surely or possibly different, and shown."""
        return self._least.groups.count

    @property
    def most(self) -> int:
        """How many origins there are at most: different unless they surely are one."""
        return self._most.groups.count

    def without(self, own: int) -> tuple[int, int]:
        """Return the least and the greatest number, leaving out where one entry belongs."""
        originals = self._represented.get(own, (own,))
        numbers = []
        for joined in (self._least.groups, self._most.groups):
            mine = {joined.root(one) for one in originals if joined.counts(one)}
            numbers.append(joined.count - len(mine))
        return numbers[0], numbers[1]

    def least_groups(self) -> list[frozenset[int]]:
        """Return the groups of the least number, shown by a document or not.

        An entry that repeats two others may be in two.
        """
        found: dict[int, set[int]] = {}
        for key in self.keys:
            for original in self._represented.get(key, (key,)):
                found.setdefault(self._least.groups.root(original), set()).add(key)
        return list(map(frozenset, found.values()))

    def with_more(
        self, entries: Iterable[EntryFacts], repeats: Repeats, outsiders: Mapping[int, EntryFacts]
    ) -> Self | None:
        """Return these origins with entries added; they were found without judgements.

        None where repetitions join one of the entries with these: then all of them must be looked
        at together. The arguments are those of `find_origins`, for the entries that are added.
        """
        chain = _Chain(repeats, outsiders, judgements=False)
        related = chain.reached(chain.add(entries).keys(), 1).keys()
        if not (related.isdisjoint(self.keys) and related.isdisjoint(self._outside)):
            return None
        more = copy(self)
        more._least, more._most = self._least.branch(), self._most.branch()
        more._add(chain)
        return more

    def _add(self, chain: "_Chain") -> None:
        """Add the members of a chain, which no repetition joins with those that are there."""
        members, represented = chain.members, chain.represented()
        self.keys = self.keys.union(members)
        self._represented = {**self._represented, **represented}
        counted = [key for key in members if key not in represented]
        for joined, least_strength in ((self._most, 2), (self._least, 1)):
            possibly = least_strength == 1
            reached = chain.reached(counted, least_strength)
            for key in reached:
                joined.join(chain.facts(key), chain.words, possibly=possibly)
            for key in chain.repeating(reached):
                for other, strength in chain.repeated(key):
                    if strength >= least_strength:
                        joined.groups.connect(key, other)
            for key, one in members.items():
                if one.shown or not possibly:
                    for original in represented.get(key, (key,)):
                        joined.groups.add(original)
        self._outside = self._outside.union(chain.reached(members, 1).keys() - members.keys())


def find_origins(
    entries: Iterable[EntryFacts],
    repeats: Repeats,
    outsiders: Mapping[int, EntryFacts],
    *,
    judgements: bool = False,
) -> Origins:
    """Return the origins of entries.

    Args:
        entries: The set.
        repeats: What each of them repeats, and what each of the outsiders does.
        outsiders: By key, what the entries go back to and is not among them; it may hold others.
        judgements: Whether assessments are asked for, which then are one origin by actor, as words;
            else they are left out.
    """
    chain, found = _Chain(repeats, outsiders, judgements=judgements), Origins()
    chain.add(entries)
    found._add(chain)
    return found


class _Chain:
    """What entries go back to by repetitions."""

    def __init__(
        self, repeats: Repeats, outsiders: Mapping[int, EntryFacts], *, judgements: bool
    ) -> None:
        self._repeats, self._outsiders, self._judgements = repeats, outsiders, judgements
        self.members: dict[int, EntryFacts] = {}
        """The entries that count, by key."""
        self.words = WORDS | {EntryKind.ASSESSMENT} if judgements else WORDS
        """The kinds in which an actor repeats itself."""

    def add(self, entries: Iterable[EntryFacts]) -> Mapping[int, EntryFacts]:
        """Take the entries in that count, and return them by key."""
        for one in entries:
            if self._judgements or one.kind is not EntryKind.ASSESSMENT:
                self.members[one.id] = one
        return self.members

    def facts(self, key: int) -> EntryFacts:
        """Return the facts of an entry that is a member, or that one goes back to."""
        return self.members.get(key) or self._outsiders[key]

    def repeated(self, key: int) -> list[tuple[int, int]]:
        """Return what an entry repeats, as far as that is known, each with the strength."""
        known = self.members, self._outsiders
        return [one for one in self._repeats.get(key, ()) if any(one[0] in some for some in known)]

    def repeating(self, keys: Iterable[int]) -> list[int]:
        """Return those of some entries that repeat others, which few do."""
        return [key for key in keys if key in self._repeats]

    def represented(self) -> dict[int, frozenset[int]]:
        """Return the members that are represented by others, by which."""
        found = {key: self._originals(key) for key in self.repeating(self.members)}
        return {key: originals for key, originals in found.items() if originals != {key}}

    def reached(self, keys: Collection[int], least_strength: int) -> dict[int, None]:
        """Return some entries, and all to which they go back at such a strength or more."""
        found, stack = dict.fromkeys(keys), self.repeating(keys)
        while stack:
            for other, strength in self.repeated(stack.pop()):
                if other not in found and strength >= least_strength:
                    found[other] = None
                    stack.append(other)
        return found

    def _originals(self, key: int) -> frozenset[int]:
        """Return the members that represent one: the last to which it surely goes back, or itself.

        Of members that surely repeat each other in a circle it is the first by ref.
        """
        behind = self._behind(key)
        last = {one for one in behind if self._behind(one) <= {one}}
        circle = {one for one in behind if key in self._behind(one)}
        if not circle:
            return frozenset(last) or frozenset({key})
        return frozenset(last or {min({key, *circle}, key=lambda one: self.facts(one).ref)})

    def _behind(self, key: int) -> set[int]:
        """Return the members to which one surely goes back, through outsiders too."""
        seen, stack = set[int](), [key]
        while stack:
            for other, strength in self.repeated(stack.pop()):
                if strength == 2 and other not in seen:
                    seen.add(other)
                    stack.append(other)
        return seen & self.members.keys()


# --- what joins -----------------------------------------------------------------------------------


_ACTION = EntryKind.ACTION
"""Looked up once: members of an enumeration are looked up slowly."""


class _Voices(NamedTuple):
    """Whose words an entry is, and who is above them."""

    key: int
    voices: Collection[int]
    above: Collection[int]
    actor: int
    above_actor: Collection[int]
    anonymous: bool


_ACTOR, _PRINCIPAL, _VOICE, _SOURCE, _SOURCE_OF_OUTLET, _DEED_OF_OUTLET = range(6)
"""In what respect entries have something in common."""


def _label(respect: int, key: int) -> int:
    """Return what two entries have in common, as one number: sets have millions of them."""
    return key * 8 + respect


class _Joined:
    """Entries as they come, connected by what they have in common with those before."""

    def __init__(self) -> None:
        self.groups: Groups[int] = Groups()
        self._first: MutableMapping[int, int] = {}
        """One of the entries that have a label, which are connected."""
        self._waiting: MutableMapping[int, Any] = {}
        """Those that are connected once some entry has a label: `(key, those before)` or None."""
        self._several_voices = False
        """Whether some words have more than one voice."""
        self._single: tuple[_Voices, Any] | None = None
        """The words of a single voice until then: `(one, those before)`."""

    def branch(self) -> Self:
        """Return what begins as this and may grow; until it is let go, this must not."""
        other = copy(self)
        other.groups = self.groups.branch()
        other._first, other._waiting = layer(self._first), layer(self._waiting)
        return other

    def join(self, one: EntryFacts, words: Collection[EntryKind], *, possibly: bool) -> None:
        """Connect an entry with those before it that surely, or possibly too, are of one origin."""
        kind, key = one.kind, one.id
        if kind in words:
            self._has(_label(_ACTOR, one.actor), key)
        if not possibly:
            return
        if kind in WORDS:
            self._has(_label(_PRINCIPAL, one.principal), key)
            if one.anonymous:
                for outlet in one.first_hand:
                    self._has(_label(_SOURCE_OF_OUTLET, outlet), key)
            self._by_voice(one)
        elif kind is _ACTION:
            self._waits(_label(_PRINCIPAL, one.principal), key)
            if len(one.publishers) == 1:
                self._has(_label(_DEED_OF_OUTLET, min(one.publishers)), key)

    def _by_voice(self, one: EntryFacts) -> None:
        """Connect words with those that share a voice, or whose source is above the other's.

        Words of a single voice that do so with each other have one principal, and are connected by
        that. So these wait until there are words of several voices.
        """
        ranked = _Voices(one.id, one.voices, one.above, one.actor, one.above_actor, one.anonymous)
        if len(one.voices) == 1 and not self._several_voices:
            self._single = (ranked, self._single)
            return
        self._several_voices = True
        self._rank(ranked)
        while self._single is not None:
            ranked, self._single = self._single
            self._rank(ranked)

    def _rank(self, one: "_Voices") -> None:
        self._ranked(_VOICE, one.voices, one.above, one.key)
        if one.anonymous:
            self._ranked(_SOURCE, (one.actor,), one.above_actor, one.key)

    def _ranked(self, respect: int, actors: Iterable[int], above: Iterable[int], key: int) -> None:
        """Connect an entry with those that have one of its actors, and wait for those above."""
        for actor in actors:
            self._has(_label(respect, actor), key)
        for actor in above:
            self._waits(_label(respect, actor), key)

    def _has(self, label: int, key: int) -> None:
        first = self._first.setdefault(label, key)
        if first != key:
            self.groups.connect(first, key)
        waiting = self._waiting.get(label)
        if waiting is not None:
            self._waiting[label] = None
        while waiting is not None:
            other, waiting = waiting
            self.groups.connect(first, other)

    def _waits(self, label: int, key: int) -> None:
        first = self._first.get(label)
        if first is None:
            self._waiting[label] = (key, self._waiting.get(label))
        else:
            self.groups.connect(first, key)
