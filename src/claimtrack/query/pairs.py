"""Pairs of entries that SQL found, weighed in batches."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from sqlalchemy.orm import Session

from claimtrack.query.candidates import select_opponents
from claimtrack.query.facts import Facts
from claimtrack.query.links import Links
from claimtrack.query.visibility import Scope
from claimtrack.sql import AT_ONCE, stream
from claimtrack.vocab import PairStatus
from claimtrack.weigh.pair import Pair, weigh

_FIRST, _MOST = 100, 4_000
"""How many pairs are weighed at once: few at first, so that a page comes soon."""


class Pairs:
    """Weighs pairs of entries, by what counts in a scope."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self.facts, self.links = Facts(session, scope), Links(session, scope)

    def weighed(self, candidates: Iterable[Any]) -> Iterator[Pair]:
        """Yield the pairs among candidates, which are two keys each, in their order.

        Sends those statements that fetch facts and links, for each batch.
        """
        return (pair for _, pair in self._weighed(iter(candidates)))

    def against(self, keys: Iterable[int], *, by_ref: bool = False) -> Iterator[tuple[int, Pair]]:
        """Yield the pairs in which entries stand, each with the key of the entry, by that key.

        With `by_ref`, for which the keys come by the refs of their entries, by these refs, then by
        that of the other entry. Reconciled pairs are left out. Sends one statement for each
        `AT_ONCE` entries, and those that fetch facts and links.
        """
        wanted = list(keys) if by_ref else sorted(keys)
        for first in range(0, len(wanted), AT_ONCE):
            values = {"entries": wanted[first : first + AT_ONCE]}
            query = select_opponents(self._scope, by_ref=by_ref)
            found = stream(self._session, query, values)
            for key, pair in self._weighed(found):
                if pair.status is not PairStatus.RECONCILED:
                    yield key, pair

    def _weighed(self, candidates: Iterator[Any]) -> Iterator[tuple[int, Pair]]:
        for batch in _batches(candidates):
            keys = list(dict.fromkeys(chain.from_iterable(batch)))
            facts, links = self.facts.of(keys), self.links.among(keys)
            for one, other in batch:
                pair = weigh(facts[one], facts[other], links.between(one, other))
                if pair is not None:
                    yield one, pair


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    size = _FIRST
    while batch := list(islice(rows, size)):
        yield batch
        size = min(2 * size, _MOST)
