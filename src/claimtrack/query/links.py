"""What judges recorded of pairs of entries, fetched for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack.facts import NO_LINKS, PairLinks
from claimtrack.models import Actor, Entry, Link
from claimtrack.query.kept import Kept
from claimtrack.query.visibility import Scope, lineage_counts, link_counts
from claimtrack.sql import AT_ONCE, batches, is_one_of, stream
from claimtrack.vocab import Relation

MOST_KEPT = 25_000
"""Entries whose links are kept: up to twice as many."""

_JUDGED = (Relation.CONTRADICTS, Relation.RECONCILES, Relation.CORROBORATES)
_Outgoing: TypeAlias = Mapping[int, list[tuple[Relation, int, int]]]
"""By the entry that a link leads to: its relation, its strength and the key of its judge."""
_NONE: _Outgoing = MappingProxyType({})


class Links:
    """What judges recorded of pairs of entries, as far as it counts in a scope.

    That an entry responds to another counts whichever judges are asked for.
    """

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self._kept = Kept(self._fetch, MOST_KEPT)

    def among(self, keys: Iterable[int]) -> "LinksAmong":
        """Return what is recorded of any two of some entries; one statement for what is new."""
        return LinksAmong(self._kept.of(keys))

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, _Outgoing]]:
        for first in range(0, len(keys), AT_ONCE):
            some = keys[first : first + AT_ONCE]
            found: dict[int, dict[int, list[tuple[Relation, int, int]]]] = {}
            rows = stream(self._session, _outgoing(self._scope), {"entries": some})
            for one, other, *link in rows:
                found.setdefault(one, defaultdict(list))[other].append(tuple(link))
            for key in some:
                yield key, found.get(key, _NONE)


class LinksAmong:
    """What judges recorded of any two of some entries."""

    def __init__(self, outgoing: Mapping[int, _Outgoing]) -> None:
        self._outgoing = outgoing

    def between(self, one: int, other: int) -> PairLinks:
        """Return what judges recorded of two of the entries, whichever way the links run."""
        there, back = self._outgoing[one].get(other), self._outgoing[other].get(one)
        if there is None is back:
            return NO_LINKS
        given: dict[Relation, dict[int, int]] = {relation: {} for relation in _JUDGED}
        replies = set()
        for entry, links in ((one, there or ()), (other, back or ())):
            for relation, strength, judge in links:
                if relation is Relation.RESPONDS_TO:
                    replies.add(entry)
                else:
                    given[relation][judge] = max(strength, given[relation].get(judge, 0))
        return PairLinks(
            contradicts=given[Relation.CONTRADICTS],
            reconciles=given[Relation.RECONCILES],
            corroborates=given[Relation.CORROBORATES],
            replies=frozenset(replies),
        )


@lru_cache(maxsize=8)
def _outgoing(scope: Scope) -> Select[*tuple[Any, ...]]:
    link = aliased(Link)
    columns = (link.from_id, link.to_id, link.relation, link.strength, link.asserted_by_id)
    judged = and_(link.relation.in_(_JUDGED), *link_counts(link, scope))
    reply = and_(link.relation == Relation.RESPONDS_TO, *lineage_counts(link, scope))
    return select(*columns).where(is_one_of(link.from_id, "entries"), or_(judged, reply))


class Judgement(NamedTuple):
    """What one judge recorded of a pair of entries.

    Attributes:
        relation: `contradicts` or `reconciles`.
        judge: The ref of the judge.
        strength: 1 or 2.
        rationale: Why, in the judge's words; None where they gave no reason.
    """

    relation: Relation
    judge: str
    strength: int
    rationale: str | None


PairRefs: TypeAlias = tuple[str, str]
"""The refs of the two entries of a pair, as a report has them."""


def judgements_of(
    session: Session, scope: Scope, pairs: Iterable[PairRefs]
) -> dict[PairRefs, tuple[Judgement, ...]]:
    """Return who contradicts and who reconciles each of some pairs, by relation and judge.

    Sends one statement for each 500 pairs. A pair that nobody linked so has no judgement.
    """
    found: dict[PairRefs, list[Judgement]] = {pair: [] for pair in pairs}
    for some in batches(iter(found)):
        refs = sorted({ref for pair in some for ref in pair})
        for one, other, *judgement in stream(session, _judgements(scope), {"refs": refs}):
            for pair in ((one, other), (other, one)):
                if pair in found:
                    found[pair].append(Judgement(*judgement))
    return {pair: tuple(sorted(several)) for pair, several in found.items()}


@lru_cache(maxsize=8)
def _judgements(scope: Scope) -> Select[*tuple[Any, ...]]:
    link, one, other = aliased(Link), aliased(Entry), aliased(Entry)
    return (
        select(one.ref, other.ref, link.relation, Actor.ref, link.strength, link.rationale)
        .join(one, one.id == link.from_id)
        .join(other, other.id == link.to_id)
        .join(Actor, Actor.id == link.asserted_by_id)
        .where(is_one_of(one.ref, "refs"), is_one_of(other.ref, "refs"))
        .where(link.relation.in_((Relation.CONTRADICTS, Relation.RECONCILES)))
        .where(*link_counts(link, scope))
    )
