"""Pairs of entries that SQL found, weighed in batches."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from claimtrack.db import Session
from claimtrack.facts import get_pair_links
from claimtrack.query.candidates import select_opponents
from claimtrack.query.facts import Facts
from claimtrack.query.visibility import Scope
from claimtrack.sql import AT_ONCE, growing_batches, stream
from claimtrack.weigh.classification import Pair, weigh_pair


class Pairs:
    """Weighs pairs of entries, by what counts in a scope."""

    def __init__(self, session: Session, scope: Scope, facts: Facts | None = None) -> None:
        self._session, self._scope = session, scope
        self.facts = facts or Facts(session, scope, evidence=False)

    def weighed(self, candidates: Iterable[Any]) -> Iterator[Pair]:
        """Yield the pairs among candidates, which are two keys each, in their order.

        Sends those statements that fetch facts and links, for each batch.
        """
        return (
            pair for batch in growing_batches(iter(candidates)) for _, pair in self._weigh(batch)
        )

    def against(self, keys: Iterable[int], *, by_ref: bool = False) -> Iterator[tuple[int, Pair]]:
        """Yield the pairs in which entries stand, each with the key of the entry, by that key.

        With `by_ref`, for which the keys come by the refs of their entries, by these refs, then by
        that of the other entry. Reconciled pairs are left out. Sends one statement for each
        `AT_ONCE` entries, and those that fetch facts.
        """
        wanted = list(keys) if by_ref else sorted(keys)
        for first in range(0, len(wanted), AT_ONCE):
            values = {"entries": wanted[first : first + AT_ONCE]}
            query = select_opponents(self._scope, by_ref=by_ref)
            found = stream(self._session, query, values)
            for batch in growing_batches(found):
                for key, pair in self._weigh(batch):
                    if pair.is_contradiction:
                        yield key, pair

    def _weigh(self, batch: list[Any]) -> Iterator[tuple[int, Pair]]:
        facts = self.facts.of(chain.from_iterable(batch))
        for key, other_key in batch:
            one, other = facts[key], facts[other_key]
            if one.in_scope and other.in_scope:
                pair = weigh_pair(one, other, get_pair_links(one, other))
                if pair is not None:
                    yield key, pair
