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

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from claimtrack.facts import EntryFacts
from claimtrack.vocab import EntryKind
from claimtrack.weigh.groups import Groups

WORDS = frozenset({EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.COMMITMENT})
"""The kinds in which somebody says something: to repeat oneself is no confirmation."""


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins of a set of entries: for each, the keys of the entries that go back to it.

    An entry that repeats two others may go back to two.

    Attributes:
        least: Those that surely or possibly are different, and are shown by a document.
        unshown: The further ones of the same reading that no document shows.
        most: Those that are different unless they surely are one.
    """

    least: tuple[frozenset[int], ...]
    unshown: tuple[frozenset[int], ...]
    most: tuple[frozenset[int], ...]

    def count_without(self, own: int) -> tuple[int, int]:
        """Return the least and the greatest number, leaving out where one entry belongs."""
        least, most = (
            sum(own not in group for group in groups) for groups in (self.least, self.most)
        )
        return least, most


Repeats = Mapping[int, tuple[tuple[int, int], ...]]
"""What entries repeat: by the key of an entry, the keys of others, each with a strength, 1 or 2."""


def find_origins(
    entries: Iterable[EntryFacts],
    repeats: Repeats,
    outsiders: Mapping[int, EntryFacts],
    *,
    judgements: bool = False,
) -> Origins:
    """Return the origins of entries, in the order of the first that goes back to each.

    Args:
        entries: The set.
        repeats: What each of them repeats, and what each of the outsiders does.
        outsiders: By key, what the entries go back to and is not among them; it may hold others.
        judgements: Whether assessments are asked for, each a group of its own unless it repeats;
            else they are left out.
    """
    chain = _Chain(repeats, outsiders, judgements=judgements)
    members = chain.add(entries)
    represented = chain.represented()
    least = _grouped(chain, represented, 1)
    shown = [group for group in least if any(members[key].shown for key in group)]
    return Origins(
        least=tuple(shown),
        unshown=tuple(group for group in least if group not in shown),
        most=_grouped(chain, represented, 2),
    )


def _grouped(
    chain: "_Chain", represented: Mapping[int, frozenset[int]], least_strength: int
) -> tuple[frozenset[int], ...]:
    """Return the members in groups: of 1, of what possibly joins too; of 2, of what surely does."""
    counted = [key for key in chain.members if key not in represented]
    reached = chain.reached(counted, least_strength)
    nodes = [chain.facts(key) for key in reached]
    joined = Groups[int]()
    _join_words_of_one_actor(nodes, joined, chain.words)
    if least_strength == 1:
        for join in _POSSIBLY:
            join(nodes, joined)
    for key in chain.repeating(reached):
        for other, strength in chain.repeated(key):
            if strength >= least_strength:
                joined.connect(key, other)
    groups: dict[int, set[int]] = {}
    for key in chain.members:
        for original in represented.get(key, (key,)):
            groups.setdefault(joined.root(original), set()).add(key)
    return tuple(map(frozenset, groups.values()))


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


def _join_by(labelled: Iterable[tuple[int, int]], joined: Groups[int]) -> dict[int, int]:
    """Join the keys that come with one label; return the first key of each label."""
    first: dict[int, int] = {}
    for key, label in labelled:
        joined.connect(first.setdefault(label, key), key)
    return first


def _words(nodes: Iterable[EntryFacts]) -> list[EntryFacts]:
    return [one for one in nodes if one.kind in WORDS]


def _deeds(nodes: Iterable[EntryFacts]) -> list[EntryFacts]:
    return [one for one in nodes if one.kind is EntryKind.ACTION]


def _join_words_of_one_actor(
    nodes: Iterable[EntryFacts], joined: Groups[int], kinds: Collection[EntryKind]
) -> None:
    _join_by(((one.id, one.actor) for one in nodes if one.kind in kinds), joined)


def _join_one_voice(nodes: Iterable[EntryFacts], joined: Groups[int]) -> None:
    """Join words that have one principal, and words of which a voice is above one of the other."""
    words = _words(nodes)
    _join_by(((one.id, one.principal) for one in words), joined)
    _join_above(((one.id, one.voices, one.above) for one in words), joined)


def _join_above(
    ranked: Iterable[tuple[int, frozenset[int], frozenset[int]]], joined: Groups[int]
) -> None:
    """Join keys of which one has an actor that the other has too, or has below it."""
    ranked = list(ranked)
    first = _join_by(((key, actor) for key, actors, _ in ranked for actor in actors), joined)
    for key, _, above in ranked:
        for actor in above:
            if actor in first:
                joined.connect(first[actor], key)


def _join_word_and_deed(nodes: Iterable[EntryFacts], joined: Groups[int]) -> None:
    nodes = list(nodes)
    spoken = {one.principal: one.id for one in _words(nodes)}
    for deed in _deeds(nodes):
        if deed.principal in spoken:
            joined.connect(spoken[deed.principal], deed.id)


def _join_anonymous(nodes: Iterable[EntryFacts], joined: Groups[int]) -> None:
    words = [one for one in _words(nodes) if one.anonymous]
    _join_by(((one.id, outlet) for one in words for outlet in one.first_hand), joined)
    _join_above(((one.id, frozenset({one.actor}), one.above_actor) for one in words), joined)


def _join_deeds_of_one_publisher(nodes: Iterable[EntryFacts], joined: Groups[int]) -> None:
    alone = ((one.id, min(one.publishers)) for one in _deeds(nodes) if len(one.publishers) == 1)
    _join_by(alone, joined)


_POSSIBLY = (
    _join_one_voice,
    _join_word_and_deed,
    _join_anonymous,
    _join_deeds_of_one_publisher,
)
