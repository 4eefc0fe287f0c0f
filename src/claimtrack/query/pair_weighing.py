"""Weighs candidate pairs in batches."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from claimtrack.db import Session
from claimtrack.facts import get_pair_links
from claimtrack.query.candidates import select_opponents
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.visibility import Scope
from claimtrack.sql import BATCH_SIZE, growing_batches, stream
from claimtrack.weigh.classification import Pair, weigh_pair


class PairWeigher:
    """Weighs candidate pairs of entries in a scope."""

    def __init__(self, session: Session, scope: Scope, facts: FactsLoader | None = None) -> None:
        self._session, self._scope = session, scope
        self.facts = facts or FactsLoader(session, scope, evidence=False)

    def weigh_candidates(self, candidates: Iterable[Any]) -> Iterator[Pair]:
        """Yield the candidates that oppose each other or that a judge reconciled, in their order.

        Pairs with an entry out of scope are left out. Sends the statements of `FactsLoader.load`
        for each batch; batches grow, so that the first pairs come soon.

        Args:
            candidates: Rows of two keys.
        """
        return (
            pair for batch in growing_batches(iter(candidates)) for _, pair in self._weigh(batch)
        )

    def iter_opposing(
        self, keys: Iterable[int], *, by_ref: bool = False
    ) -> Iterator[tuple[int, Pair]]:
        """Yield the pairs of some entries that oppose each other, each with the entry's key.

        Reconciled pairs are left out. Sends one statement for each `BATCH_SIZE` entries, and those
        of `FactsLoader.load`.

        Args:
            keys: The keys of the entries; with `by_ref`, in the order of their refs.
            by_ref: Whether to yield the pairs by the refs of the two entries; else by the keys.
        """
        ordered = list(keys) if by_ref else sorted(keys)
        for first in range(0, len(ordered), BATCH_SIZE):
            values = {"entries": ordered[first : first + BATCH_SIZE]}
            query = select_opponents(self._scope, by_ref=by_ref)
            found = stream(self._session, query, values)
            for batch in growing_batches(found):
                for key, pair in self._weigh(batch):
                    if pair.is_contradiction:
                        yield key, pair

    def _weigh(self, batch: list[Any]) -> Iterator[tuple[int, Pair]]:
        """Yield the pairs of a batch of candidates that are in scope and oppose each other."""
        facts = self.facts.load(chain.from_iterable(batch))
        for key, other_key in batch:
            one, other = facts[key], facts[other_key]
            if one.in_scope and other.in_scope:
                pair = weigh_pair(one, other, get_pair_links(one, other))
                if pair is not None:
                    yield key, pair
