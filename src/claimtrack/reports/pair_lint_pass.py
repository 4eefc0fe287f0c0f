"""Runs all lints on pairs in one pass over the pairs.

SQL selects the candidates, `weigh` classifies and checks them, and the hits are sorted on disk.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import chain, groupby, islice
from operator import itemgetter

from claimtrack.db import Session
from claimtrack.facts import EntryFacts
from claimtrack.query.candidates import drop_repeated
from claimtrack.query.candidates_in_one_pass import select_all_candidates
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.external_sort import sort_on_disk
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.reports.account_lints import accounts_of_each_other
from claimtrack.reports.findings import Finding, get_sort_place
from claimtrack.reports.pair_lints import PAIR_LINTS, Hit, PairLint, Records
from claimtrack.sql import batches, stream
from claimtrack.weigh import pair_checks
from claimtrack.weigh.pair_checks import Parties

_SCOPE = Filters()
ACCOUNTS = "accounts_of_each_other"
"""The lint that compares all accounts of two principals, not pair by pair."""


def pair_findings(session: Session) -> Iterator[Finding]:
    """Yield the findings of all lints on pairs, by level, lint and refs.

    Sends the statement that selects the candidates, those that fetch facts for each batch of pairs,
    and some for each batch of findings. Memory does not grow with the number of pairs, only with
    the topics and principals whose accounts of each other oppose.
    """
    return _Pass(session).findings()


class _Pass:
    """One pass over all pairs that oppose each other or were reconciled."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pairs = PairWeigher(session, _SCOPE)
        self._shown = DisplayValues(session, _SCOPE, self._pairs.facts.actors)
        self._records = Records(session, self._shown)
        self._opposed: set[Parties] = set()

    def findings(self) -> Iterator[Finding]:
        """Yield the findings."""
        ordered = sort_on_disk(self._found(), (False, False, False))
        first = list(islice(ordered, 1))  # by then all pairs have been passed
        of_pairs = self._describe(chain(first, ordered))
        accounts = accounts_of_each_other(
            self._session, self._pairs.facts, self._shown, self._opposed
        )
        others = (Finding("hint", ACCOUNTS, *found) for found in accounts)
        yield from merge(of_pairs, others, key=get_sort_place)

    def _found(self) -> Iterator[tuple[tuple[int, str, str], tuple[int, int, int]]]:
        """Yield the hits: the sort key, the lint, and the keys of the entry and the other one."""
        query = select_all_candidates(_SCOPE, PairFilters(include_reconciled=True))
        for pair in self._pairs.weigh_candidates(drop_repeated(stream(self._session, query))):
            self._opposed |= pair_checks.get_parties(pair)
            for number, lint in enumerate(PAIR_LINTS):
                for entry in lint.finds(pair):
                    other = pair.counter if entry is pair.subject else pair.subject
                    yield (number, entry.ref, other.ref), (number, entry.id, other.id)

    def _describe(self, ordered: Iterator[tuple[int, ...]]) -> Iterator[Finding]:
        """Yield the findings of sorted hits; their pairs are weighed again, to save memory."""
        for (lint, entry), found in groupby(self._hits(ordered), itemgetter(0, 1)):
            for refs, finding in lint.describe(self._records, entry, (hit for *_, hit in found)):
                yield Finding(lint.level, lint.name, refs, finding)

    def _hits(
        self, ordered: Iterator[tuple[int, ...]]
    ) -> Iterator[tuple[PairLint, EntryFacts, Hit]]:
        """Yield each hit with the lint, the entry that it concerns, and the pair."""
        for batch in batches(ordered):
            pairs = list(self._pairs.weigh_candidates([(key, other) for _, key, other in batch]))
            self._shown.propositions.get_many(
                stance.proposition
                for pair in pairs
                for entry in (pair.subject, pair.counter)
                for stance in entry.stances
            )
            for (number, key, _), pair in zip(batch, pairs, strict=True):
                sides = pair.subject, pair.counter
                entry, other = sides if pair.subject.id == key else reversed(sides)
                yield PAIR_LINTS[number], entry, Hit(other, pair)
