"""Which entries are of one origin, and how many origins there are.

* Entries are of one **origin** when one repeats the other, or the same source said both in the same
  document.
* The **widest** reading also counts what may be one origin: possible repetitions, and anonymous
  sources of one document of which one is the other's ancestor.
"""

from collections.abc import Iterable, MutableMapping
from copy import copy
from typing import Any, Self, TypeAlias

from sqlalchemy import ColumnElement, ScalarSelect, case, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack.models import Citation, Entry, Link
from claimtrack.protection import TRUE_ACTOR, TRUE_DOCUMENT
from claimtrack.query.visibility import SHOWS, Scope, citation_counts, end_known, link_counts
from claimtrack.sql import json_list, json_row
from claimtrack.vocab import ActorKind, EntryKind, Relation
from claimtrack.weigh.groups import Groups, layer

Facts: TypeAlias = list[Any]
"""What decides on an entry's origin: see `origin_facts`."""


def origin_facts(entry: type[Entry], scope: Scope) -> ColumnElement[Any]:
    """Return what decides on an entry's origin, as a JSON list for `Origins`.

    `[key, source actor, [documents], [anonymous actors above the source], [[from, to, strength]]]`:
    the documents that show a claim or statement, by canonical key; the links are all repetitions
    that can be reached from it.
    """
    return json_row(
        entry.id,
        entry.actor_id,
        _shown_in(entry, scope),
        _anonymous_above(entry),
        _repetitions(entry, scope),
    )


def _shown_in(entry: type[Entry], scope: Scope) -> ScalarSelect[Any]:
    citation, document = aliased(Citation), TRUE_DOCUMENT.alias()
    said = entry.kind.in_((EntryKind.CLAIM, EntryKind.STATEMENT))
    counts = citation_counts(citation, scope)
    return (
        select(json_list(func.coalesce(document.c.canonical_id, document.c.id)))
        .select_from(citation)
        .join(document, document.c.id == citation.document_id)
        .where(citation.entry_id == entry.id, citation.role.in_(SHOWS), said, *counts)
        .correlate(entry)
        .scalar_subquery()
    )


def _anonymous_above(entry: type[Entry]) -> ScalarSelect[Any]:
    source, parent = TRUE_ACTOR.alias(), TRUE_ACTOR.alias()
    anonymous = ActorKind.ANONYMOUS.value
    above = (
        select(source.c.id, source.c.parent_id, source.c.kind)
        .where(source.c.id == entry.actor_id, source.c.kind == anonymous)
        .correlate(entry)
        .cte("sources", recursive=True, nesting=True)
    )
    above = above.union_all(
        select(parent.c.id, parent.c.parent_id, parent.c.kind).join(
            above, parent.c.id == above.c.parent_id
        )
    )
    return select(json_list(above.c.id)).where(above.c.kind == anonymous).scalar_subquery()


def _repetitions(entry: type[Entry], scope: Scope) -> ScalarSelect[Any]:
    """Return every repetition that counts and can be reached from an entry, as a JSON list."""

    def repeats(link: type[Link]) -> list[ColumnElement[bool]]:
        ends = [*end_known(link, link.from_id, scope), *end_known(link, link.to_id, scope)]
        return [link.relation == Relation.REPEATS, *link_counts(link, scope), *ends]

    start, step, link = aliased(Entry), aliased(Link), aliased(Link)
    reached = (
        select(start.id)
        .where(start.id == entry.id)
        .correlate(entry)
        .cte("reached", recursive=True, nesting=True)
    )
    other_end = case((step.from_id == reached.c.id, step.to_id), else_=step.from_id)
    touches = or_(step.from_id == reached.c.id, step.to_id == reached.c.id)
    reached = reached.union(select(other_end).where(touches, *repeats(step)))
    return (
        select(json_list(json_row(link.from_id, link.to_id, link.strength)))
        .where(link.from_id.in_(select(reached.c.id)), *repeats(link))
        .scalar_subquery()
    )


class Origins:
    """The origins of entries that come one by one, given their `origin_facts`.

    Attributes:
        widest: The keys of the entries in groups of one origin, in the widest reading.
        narrowest: The same in the narrowest, of what is of one origin for certain.
    """

    def __init__(self, facts: Iterable[Facts] = ()) -> None:
        self.widest: Groups[int] = Groups()
        self.narrowest: Groups[int] = Groups()
        self._said: MutableMapping[_Place, int] = {}
        self._asked: MutableMapping[_Place, tuple[int, ...]] = {}
        """Those that may be of one origin with whatever is yet to be said in a place."""
        self.add(facts)

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.narrowest.size

    def branch(self) -> Self:
        """Return origins that begin as these and may grow; until it is let go, these must not."""
        other = copy(self)
        other.widest, other.narrowest = self.widest.branch(), self.narrowest.branch()
        other._said, other._asked = layer(self._said), layer(self._asked)
        return other

    def add(self, facts: Iterable[Facts]) -> Self:
        """Take more entries in; those that are in already stay."""
        for key, source, documents, above, repeated in facts:
            if not self.narrowest.add(key):
                continue
            self.widest.add(key)
            for document in documents:
                self._add(key, (source, document))
            for one, other, strength in repeated:
                self.widest.connect(one, other)
                if strength == 2:
                    self.narrowest.connect(one, other)
            for place in ((one, document) for one in above for document in documents):
                self._ask(key, place)
        return self

    def merge(self, other: "Origins") -> Self:
        """Take in the entries of other origins, as if they were added one by one."""
        self.widest.merge(other.widest)
        self.narrowest.merge(other.narrowest)
        for place, key in other._said.items():
            self._add(key, place)
        for place, keys in other._asked.items():
            for key in keys:
                self._ask(key, place)
        return self

    def _add(self, key: int, place: "_Place") -> None:
        first = self._said.get(place)
        if first is not None:
            self.widest.connect(first, key)
            self.narrowest.connect(first, key)
            return
        self._said[place] = key
        for other in self._asked.get(place, ()):
            self.widest.connect(key, other)

    def _ask(self, key: int, place: "_Place") -> None:
        first = self._said.get(place)
        if first is None:
            self._asked[place] = (*self._asked.get(place, ()), key)
        else:
            self.widest.connect(first, key)


_Place: TypeAlias = tuple[int, int]
"""An actor and a document: who said something where."""
