"""Who is contradicted by whom, on what, how strongly, and how it was found.

One row per unordered pair of entries that oppose each other (`weigh.opposition`), by subject_ref,
counter_ref. Which of the two is the subject is decided in `weigh.order`, what the pair is called,
its timing and its status in `weigh.pair`.

Reconciled pairs are left out unless asked for; then what a judge reconciled is listed also where
the two do not oppose each other, via `reconciles`: it was considered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy.orm import Session

from claimtrack.query.candidates import select_candidates
from claimtrack.query.filters import Filters, propositions_wanted, sort_terms
from claimtrack.query.narrowing import PairFilters
from claimtrack.query.pairs import Pairs
from claimtrack.query.shown import Shown
from claimtrack.query.spool import in_spooled_order
from claimtrack.sql import batches, stream
from claimtrack.vocab import PairStatus
from claimtrack.weigh.opposition import Opposition, Via
from claimtrack.weigh.pair import Pair


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """A pair of entries that cannot both be right, or that a judge reconciled."""

    subject_ref: str
    subject_kind: str
    subject_actor: str
    subject_principal: str
    subject_date_from: date | None
    subject_date_to: date | None
    subject_summary: str
    counter_ref: str
    counter_kind: str
    counter_actor: str
    counter_principal: str
    counter_date_from: date | None
    counter_date_to: date | None
    counter_summary: str
    klass: str | None
    timing: str | None
    status: str
    reconciled_by: tuple[str, ...]
    strength: int | None
    basis: str | None
    via: tuple[str, ...]
    propositions: tuple[str, ...]
    conditions: tuple[str, ...]
    asserted_by: tuple[str, ...]
    days: int | None
    subject_urls: tuple[str, ...]
    counter_urls: tuple[str, ...]


def contradictions(
    session: Session, wanted: Filters | None = None, pairs: PairFilters | None = None
) -> Iterator[ContradictionRow]:
    """Stream the pairs of entries that cannot both be right, by subject, then counter.

    Sends one statement that finds candidates, and for each batch of them those that fetch facts and
    what is shown. Memory does not grow with the number of pairs.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = wanted or Filters()
    terms = sort_terms(wanted, ContradictionRow)
    report = _Report(session, wanted, pairs or PairFilters())
    rows = report.sorted_rows(terms) if terms else report.rows(report.found())
    first = wanted.offset or 0
    return islice(rows, first, None if wanted.limit is None else first + wanted.limit)


def row_of(session: Session, wanted: Filters, pair: Pair) -> ContradictionRow:
    """Return the row of a pair that has been weighed; three statements, or four."""
    (row,) = _Report(session, wanted, PairFilters()).rows(iter([pair]))
    return row


class _Grounds(NamedTuple):
    """On which grounds two entries oppose each other, as rows have it."""

    strength: int | None
    basis: str | None
    via: tuple[str, ...]
    propositions: tuple[str, ...]
    conditions: tuple[str, ...]
    asserted_by: tuple[str, ...]


class _Report:
    """The pairs that are wanted, and the rows that are made of them."""

    def __init__(self, session: Session, wanted: Filters, pairs: PairFilters) -> None:
        self._session, self._wanted, self._of_pairs = session, wanted, pairs
        self._pairs = Pairs(session, wanted)
        self._shown = Shown(session, wanted, self._pairs.facts.actors)
        self._grounds = lru_cache(maxsize=4_096)(self._read_grounds)

    def found(self) -> Iterator[Pair]:
        """Yield the pairs that are wanted, by their refs."""
        candidates = stream(self._session, select_candidates(self._wanted, self._of_pairs))
        return filter(self._is_wanted, self._pairs.weighed(candidates))

    def sorted_rows(self, terms: list[tuple[str, bool]]) -> Iterator[ContradictionRow]:
        """Yield the rows in another order: they are weighed twice, and wait outside memory."""
        values = attrgetter(*(name for name, _ in terms))
        keyed = (
            (values(row) if len(terms) > 1 else (values(row),), (pair.subject.id, pair.counter.id))
            for pair, row in self._with_rows(self.found())
        )
        ordered = in_spooled_order(keyed, [descending for _, descending in terms])
        return self.rows(self._pairs.weighed(ordered))

    def rows(self, found: Iterator[Pair]) -> Iterator[ContradictionRow]:
        """Yield the rows of pairs."""
        return (row for _, row in self._with_rows(found))

    def _with_rows(self, found: Iterator[Pair]) -> Iterator[tuple[Pair, ContradictionRow]]:
        for batch in batches(found):
            keys = {one.id for pair in batch for one in (pair.subject, pair.counter)}
            shown, urls = self._shown.entries.of(keys), self._shown.urls.of(keys)
            self._shown.propositions.of(
                stance.proposition
                for pair in batch
                if pair.found is not None
                for ground in pair.found.grounds
                for stance in (ground.one, ground.other)
            )
            for pair in batch:
                subject, counter = pair.subject.id, pair.counter.id
                yield (
                    pair,
                    ContradictionRow(
                        *shown[subject],
                        *shown[counter],
                        pair.klass and pair.klass.value,
                        pair.timing and pair.timing.value,
                        pair.status.value,
                        self._refs(pair.reconciled_by),
                        *self._grounds(pair.found),
                        pair.days,
                        urls[subject],
                        urls[counter],
                    ),
                )

    def _refs(self, actors: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self._shown.actors[key] for key in actors)) if actors else ()

    def _read_grounds(self, found: Opposition | None) -> "_Grounds":
        if found is None:
            return _Grounds(None, None, ("reconciles",), (), (), ())
        stances = [one for ground in found.grounds for one in (ground.one, ground.other)]
        refs = self._shown.propositions.of(one.proposition for one in stances)
        return _Grounds(
            found.strength,
            {True: "explicit", False: "inferred", None: None}[found.explicit],
            tuple(via.value for via in Via if via in found.via),
            tuple(sorted(refs.values())),
            tuple(sorted({one.condition for one in stances if one.condition})),
            self._refs(found.judges),
        )

    def _is_wanted(self, pair: Pair) -> bool:
        """Whether a pair is what is asked for, as far as that is decided by weighing it."""
        asked, days = self._of_pairs, pair.days
        if pair.status is PairStatus.RECONCILED and not asked.keeps_reconciled:
            return False
        if asked.classes and pair.klass not in asked.classes:
            return False
        if asked.timings and pair.timing not in asked.timings:
            return False
        if asked.statuses and pair.status not in asked.statuses:
            return False
        if asked.max_days is not None and (days is None or abs(days) > asked.max_days):
            return False
        if asked.min_days is not None and (days is None or days < asked.min_days):
            return False
        least = self._wanted.min_strength
        if least is not None and (pair.found is None or pair.found.strength < least):
            return False
        return self._propositions is None or self._is_on(self._propositions, pair)

    @cached_property
    def _propositions(self) -> frozenset[int] | None:
        """The keys of the propositions that are wanted; None where all are."""
        return propositions_wanted(self._session, self._wanted)

    def _is_on(self, propositions: frozenset[int], pair: Pair) -> bool:
        """Whether a ground is on one of some propositions.

        A link is on whatever either entry speaks of.
        """
        found = pair.found
        if found is None or found.links:
            stances = chain(pair.subject.stances, pair.counter.stances)
            return any(stance.proposition in propositions for stance in stances)
        return any(
            stance.proposition in propositions
            for ground in found.grounds
            for stance in (ground.one, ground.other)
        )
