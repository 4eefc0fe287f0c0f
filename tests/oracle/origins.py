"""How many independent origins a set of entries goes back to.

Implements section 4 of the model.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable

from oracle.facts import WORDS, Entry
from oracle.views import View

Join = Callable[[View, Entry, Entry], bool]


@dataclasses.dataclass(frozen=True)
class Group:
    """Entries of a set that are one origin.

    `members` count for it; `represented` surely repeat a member of it and count for nothing.
    """

    members: tuple[Entry, ...]
    represented: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Both."""
        return self.members + self.represented


def origins(view: View, refs: Iterable[str]) -> tuple[int, int]:
    """Section 4: the number of independent origins of some entries, least and most.

    The most: groups of entries that are surely joined. The least: groups of entries that are
    surely or possibly joined, but for those of which no entry of the set is shown by a document
    (decision: what is not in the set does not show a group).
    """
    entries = [view.entries[ref] for ref in sorted(set(refs))]
    least = [group for group in least_groups(view, entries) if shown(view, group)]
    return len(least), len(most_groups(view, entries))


def other_origins(view: View, claim: Entry, others: Iterable[Entry]) -> tuple[int, int]:
    """Section 5, claims: the origins of a claim and what agrees with it, but for the claim's own.

    In the least and in the greatest count alike, the group that contains the claim is left out.
    """
    entries = [claim, *others]
    least = [
        group
        for group in least_groups(view, entries)
        if shown(view, group) and claim not in group.entries
    ]
    most = [group for group in most_groups(view, entries) if claim not in group.entries]
    return len(least), len(most)


def shown(view: View, group: Group) -> bool:
    """Section 4: some entry of the group has a `primary` or `relay` document."""
    return any(view.casebook.shown(entry) for entry in group.entries)


def publishers(view: View, entries: Iterable[Entry]) -> int:
    """Section 4: through how many publishers of `primary` and `relay` documents they are known.

    Only entries that count, and so no assessments.
    """
    counted = [entry for entry in entries if entry.kind != "assessment"]
    return len(view.casebook.publishers(counted, "primary", "relay"))


# ── Groups ──────────────────────────────────────────────────────────────────────────────────────


def most_groups(view: View, entries: Iterable[Entry], *, assessments: bool = False) -> list[Group]:
    """The groups of the greatest count: surely joined entries."""
    return groups_of(view, entries, least=False, assessments=assessments)


def least_groups(view: View, entries: Iterable[Entry], *, assessments: bool = False) -> list[Group]:
    """The groups of the least count: surely or possibly joined entries, shown or not."""
    return groups_of(view, entries, least=True, assessments=assessments)


def groups_of(
    view: View, entries: Iterable[Entry], *, least: bool, assessments: bool
) -> list[Group]:
    """Section 4: join what goes back to one origin.

    Assessments are no origin; `assessments` keeps them, for a matrix that asks for them.

    "An entry that surely repeats others is represented by them" is read so: an entry that by
    `repeats` of strength 2, in a chain, goes back to another entry of the set (that does not go
    back to it) neither counts nor joins anything; who compiles two reports does not make them one.
    An entry that surely repeats only what is not in the set stays; what it goes back to joins.

    Joining is transitive. What a counted entry goes back to, surely (for the greatest count) or at
    either strength (for the least), joins as if it were in the set, by every rule of the table,
    and makes no group of its own.
    """
    chosen = {entry.ref: entry for entry in entries if assessments or entry.kind != "assessment"}
    stands_for = {ref: represented_by(view, ref, chosen) for ref in chosen}
    counted = [entry for ref, entry in chosen.items() if not stands_for[ref]]
    strengths = (1, 2) if least else (2,)
    nodes = {entry.ref: entry for entry in counted}
    for entry in counted:
        nodes |= {ref: view.known[ref] for ref in goes_back_to(view, entry.ref, strengths)}
    component = {ref: ref for ref in nodes}
    for one, other in itertools.combinations(nodes.values(), 2):
        if surely_joined(view, one, other, assessments=assessments) or (
            least and possibly_joined(view, one, other)
        ):
            old, new = component[one.ref], component[other.ref]
            component = {ref: new if each == old else each for ref, each in component.items()}
    found = []
    for name in sorted({component[entry.ref] for entry in counted}):
        members = tuple(entry for entry in counted if component[entry.ref] == name)
        refs = {entry.ref for entry in members}
        behind = tuple(chosen[ref] for ref in chosen if stands_for[ref] & refs)
        found.append(Group(members, behind))
    return sorted(found, key=lambda group: min(entry.ref for entry in group.members))


def goes_back_to(view: View, ref: str, strengths: tuple[int, ...]) -> set[str]:
    """What an entry goes back to by `repeats`, in a chain; superseded entries pass it on."""
    found: set[str] = set()
    while True:
        more = {
            link.target
            for link in view.links_of("repeats")
            if link.strength in strengths and link.source in {ref, *found}
        } - found
        if not more:
            return found - {ref}
        found |= more


def represented_by(view: View, ref: str, chosen: dict[str, Entry]) -> set[str]:
    """The entries of the set that an entry surely goes back to, up to the last in each chain."""

    def sources(each: str) -> set[str]:
        return {
            source
            for source in goes_back_to(view, each, (2,)) & set(chosen)
            if each not in goes_back_to(view, source, (2,))
        }

    return {source for source in sources(ref) if not sources(source)}


# ── The table ───────────────────────────────────────────────────────────────────────────────────


def surely_joined(view: View, one: Entry, other: Entry, *, assessments: bool = False) -> bool:
    """Section 4, the rows "surely": a `repeats` of strength 2, or words of the same actor.

    Where a matrix asks for assessments, those of one actor are one origin as words are (decision).
    """
    words = (*WORDS, "assessment") if assessments else WORDS
    return repeats(view, one, other, 2) or (
        one.kind in words and other.kind in words and one.actor == other.actor
    )


def possibly_joined(view: View, one: Entry, other: Entry) -> bool:
    """Section 4, the rows "possibly": any of them."""
    rules: tuple[Join, ...] = (
        lambda view, one, other: repeats(view, one, other, 1),
        words_of_one_side,
        word_and_deed,
        anonymous_words,
        deeds_of_one_publisher,
    )
    return any(rule(view, one, other) for rule in rules)


def repeats(view: View, one: Entry, other: Entry, strength: int) -> bool:
    """One repeats the other at this strength."""
    return any(
        link.strength == strength and {link.source, link.target} == {one.ref, other.ref}
        for link in view.links_of("repeats")
    )


def words_of_one_side(view: View, one: Entry, other: Entry) -> bool:
    """Both are words that share a voice or have the same principal."""
    casebook = view.casebook
    return (
        one.kind in WORDS
        and other.kind in WORDS
        and (
            casebook.share_a_voice(one, other)
            or casebook.principal(one) == casebook.principal(other)
        )
    )


def word_and_deed(view: View, one: Entry, other: Entry) -> bool:
    """A word and a deed of one principal."""
    pair = sorted((one, other), key=lambda entry: entry.kind == "action")
    return (
        pair[0].kind in WORDS
        and pair[1].kind == "action"
        and view.casebook.principal(one) == view.casebook.principal(other)
    )


def anonymous_words(view: View, one: Entry, other: Entry) -> bool:
    """Both are words of anonymous sources that may be the same people.

    The same publisher reported them (in a `primary` document), or one source is the other's
    ancestor.
    """
    casebook = view.casebook
    if not all(each.kind in WORDS and casebook.anonymous(each) for each in (one, other)):
        return False
    return (
        bool(casebook.publishers([one], "primary") & casebook.publishers([other], "primary"))
        or one.actor in casebook.ancestors(other.actor)
        or other.actor in casebook.ancestors(one.actor)
    )


def deeds_of_one_publisher(view: View, one: Entry, other: Entry) -> bool:
    """Both are deeds, and every document that shows them is of one publisher.

    Decision: both have to be shown; a deed that no document shows is not joined by this.
    """
    casebook = view.casebook
    both = [casebook.publishers([each], "primary", "relay") for each in (one, other)]
    return one.kind == other.kind == "action" and all(both) and len(both[0] | both[1]) == 1
