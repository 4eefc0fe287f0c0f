"""What judges recorded of pairs of entries, fetched for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack.facts import NO_LINKS, PairLinks
from claimtrack.models import Link
from claimtrack.query.kept import Kept
from claimtrack.query.visibility import Scope, lineage_counts, link_counts
from claimtrack.sql import AT_ONCE, is_one_of, stream
from claimtrack.vocab import Relation

MOST_KEPT = 25_000
"""Entries whose links are kept: up to twice as many."""

JUDGED = (Relation.CONTRADICTS, Relation.RECONCILES, Relation.CORROBORATES)
"""Relations that are a judge's reading; the others hold whichever judges are asked for."""
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
        given: dict[Relation, dict[int, int]] = {relation: {} for relation in JUDGED}
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
    judged = and_(link.relation.in_(JUDGED), *link_counts(link, scope))
    reply = and_(link.relation == Relation.RESPONDS_TO, *lineage_counts(link, scope))
    return select(*columns).where(is_one_of(link.from_id, "entries"), or_(judged, reply))
