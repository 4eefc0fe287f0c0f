"""Who is contradicted by whom, on what, how strongly, and how it was found.

One row per unordered pair of entries that oppose each other (`weigh.opposition`), by subject_ref,
counter_ref. `weigh.chronology` defines which of the two is the subject, `weigh.classification` the
class, the timing and the status.

Reconciled pairs are left out unless the filters include them. They then include pairs that a judge
reconciled although the two do not oppose each other, via `reconciles`: they were considered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from claimtrack.db import Session
from claimtrack.query.cache import BatchCache
from claimtrack.query.candidates import drop_repeated, select_candidates
from claimtrack.query.candidates_in_one_pass import (
    can_select_all,
    keep_one_principal,
    select_all_candidates,
)
from claimtrack.query.display_values import CACHE_SIZE, DisplayValues
from claimtrack.query.dual_plan_rows import DualPlanRows
from claimtrack.query.external_sort import sort_on_disk
from claimtrack.query.filters import Filters, find_measure_keys, find_proposition_keys
from claimtrack.query.pair_filters import PairFilters, requires_one_principal
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.query.sorting import read_sort_terms, take_page
from claimtrack.sql import BATCH_SIZE, batches, growing_batches, stream
from claimtrack.vocab import PairClass, PairStatus, Timing
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.opposition import Opposition, Via


class ContradictionRow(NamedTuple):
    """A pair of entries that oppose each other, or that a judge reconciled."""

    subject_ref: str
    subject_kind: str
    subject_actor: str
    subject_principal: str
    subject_date_from: date | None
    subject_date_to: date | None
    subject_time_from: datetime | None
    subject_time_to: datetime | None
    subject_summary: str
    counter_ref: str
    counter_kind: str
    counter_actor: str
    counter_principal: str
    counter_date_from: date | None
    counter_date_to: date | None
    counter_time_from: datetime | None
    counter_time_to: datetime | None
    counter_summary: str
    klass: str | None
    timing: str | None
    status: str
    reconciled_by: tuple[str, ...]
    strength: int | None
    basis: str | None
    via: tuple[str, ...]
    propositions: tuple[str, ...]
    measures: tuple[str, ...]
    conditions: tuple[str, ...]
    asserted_by: tuple[str, ...]
    days: int | None
    subject_urls: tuple[str, ...]
    counter_urls: tuple[str, ...]


def contradictions(
    session: Session, filters: Filters | None = None, pairs: PairFilters | None = None
) -> "Contradictions":
    """Yield a row for each pair of entries that oppose each other, by subject_ref, counter_ref.

    Sends one statement for the candidates, and for each batch of them those that fetch facts and
    values for display. Memory does not grow with the number of pairs.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    terms = read_sort_terms(filters, ContradictionRow)
    return Contradictions(PairReport(session, filters, pairs or PairFilters()), terms)


_Part = TypeVar("_Part")


class Contradictions(DualPlanRows[ContradictionRow]):
    """The rows of the report, as an iterator that can also count them or format them as text."""

    def __init__(self, report: "PairReport", terms: list[tuple[str, bool]]) -> None:
        self._report, self._terms = report, terms
        super().__init__(
            lambda: report.rows(self._found()), lambda: report.rows(self._found(page=True))
        )

    def spelled(self, spell: Callable[[Sequence[Any]], str], between: str) -> Iterator[str]:
        """Yield each row as a text.

        Cells that many rows have in common, such as those of an entry, are formatted once.

        Args:
            spell: Formats a run of consecutive cells.
            between: The text between two such runs.
        """
        return map(between.join, self._report.in_parts(self._found(), spell))

    def count(self, most: int) -> int:
        """Return the number of rows, but at most `most`, without making the rows."""
        return sum(1 for _ in islice(self._found(page=True), most))

    def _found(self, *, page: bool = False) -> Iterator[Pair]:
        if self._terms:
            return self._report.in_order(self._terms)
        return self._report.found(page=page)


_TOGETHER = 10_000
"""The number of candidates fetched at a time: rows of two keys, of which there can be millions."""
_RECONCILED = PairStatus.RECONCILED
_NAMES: dict[PairClass | Timing | PairStatus | None, str | None] = {
    None: None,
    **{one: one.value for kind in (PairClass, Timing, PairStatus) for one in kind},
}
"""The text of classes, timings and statuses in rows; None stays None."""


_Judged: TypeAlias = tuple[
    PairClass | None, Timing | None, PairStatus, tuple[int, ...], Opposition | None
]
"""The values that determine the cells of a pair apart from its entries; many pairs share them.

Class, timing, status, the keys of the judges who reconcile the two, and the grounds.
"""


class _Parts(Generic[_Part]):
    """Makes the rows of pairs from parts, runs of consecutive cells that several rows share.

    A part is made once and cached. There are six: the summaries of the two entries, the judgement,
    the days, and the addresses of the two entries.

    Args:
        shown: Looks up the values for display.
        make: Makes a part from its cells.
    """

    def __init__(self, shown: DisplayValues, make: Callable[[Sequence[Any]], _Part]) -> None:
        self._shown, self._make = shown, make
        self._entries = BatchCache(self._fetch_entries, CACHE_SIZE)
        self._judged = BatchCache(self._fetch_judged, 4_096)
        self._days = lru_cache(maxsize=10_000)(lambda days: make((days,)))  # few are distinct

    def of(self, pairs: list[Pair]) -> list[tuple[_Part, ...]]:
        """Return the parts of the rows of pairs, in the order of the columns."""
        subjects = [pair.subject.id for pair in pairs]
        counters = [pair.counter.id for pair in pairs]
        keys: list[_Judged] = [
            (klass, timing, status, tuple(links.reconciles), found)
            for _, _, found, klass, timing, status, _, links in pairs
        ]
        entries = self._entries.get_many(chain(subjects, counters))
        judged, days = self._judged.get_many(keys), self._days
        rows = list[tuple[_Part, ...]]()
        for pair, subject, counter, one in zip(pairs, subjects, counters, keys, strict=True):
            entry, urls = entries[subject]
            other, other_urls = entries[counter]
            rows.append((entry, other, judged[one], days(pair.days), urls, other_urls))
        return rows

    def _fetch_entries(self, keys: list[int]) -> Iterator[tuple[int, tuple[_Part, _Part]]]:
        """Yield the key of entries and their parts: summary columns and addresses."""
        for first in range(0, len(keys), BATCH_SIZE):
            some = keys[first : first + BATCH_SIZE]
            urls = dict(self._shown.fetch_urls(some))
            for key, entry in self._shown.fetch_entries(some):
                yield key, (self._make(entry), self._make((urls[key],)))

    def _fetch_judged(self, keys: list[_Judged]) -> Iterator[tuple[_Judged, _Part]]:
        # What all grounds are on is fetched at once, not pair by pair.
        self._shown.propositions.get_many(chain.from_iterable(map(_propositions, keys)))
        self._shown.measures.get_many(chain.from_iterable(map(_measures, keys)))
        return ((one, self._make(self._format(one))) for one in keys)

    def _format(self, judged: _Judged) -> Sequence[Any]:
        """Return the cells of the columns `class` to `asserted_by`."""
        *named, reconcilers, found = judged
        names, reconciled_by = [_NAMES[one] for one in named], self._refs(reconcilers)
        if found is None:
            return *names, reconciled_by, None, None, ("reconciles",), (), (), (), ()
        readings = [one for ground in found.grounds for one in (ground.one, ground.other)]
        return (
            *names,
            reconciled_by,
            found.strength,
            {True: "explicit", False: "inferred", None: None}[found.explicit],
            tuple(via.value for via in Via if via in found.via),
            tuple(sorted(self._shown.propositions.get_many(_propositions(judged)).values())),
            tuple(sorted(self._shown.measures.get_many(_measures(judged)).values())),
            tuple(sorted({one.condition for one in readings if one.condition})),
            self._refs(found.judges),
        )

    def _refs(self, actors: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self._shown.actors[key] for key in actors))


def _propositions(judged: _Judged) -> set[int]:
    """Return the keys of the propositions that the grounds of a pair are on."""
    found = judged[-1]
    grounds = found.stances if found else ()
    return {one.proposition for ground in grounds for one in (ground.one, ground.other)}


def _measures(judged: _Judged) -> set[int]:
    """Return the keys of the measures that the grounds of a pair are on."""
    found = judged[-1]
    return {ground.one.measure for ground in (found.figures if found else ())}


class PairReport:
    """The pairs that match the filters, and their rows.

    Attributes:
        facts: Loads the facts of entries.
        shown: Looks up values for display.
    """

    def __init__(self, session: Session, filters: Filters, pairs: PairFilters) -> None:
        self._session, self._filters, self._of_pairs = session, filters, pairs
        self._keeps_reconciled = pairs.keeps_reconciled
        self._pairs = PairWeigher(session, filters)
        self.facts = self._pairs.facts
        self.shown = DisplayValues(session, filters, self.facts.actors)

    def found(self, *, page: bool = False) -> Iterator[Pair]:
        """Yield the pairs of the page that match the filters, by their refs.

        Args:
            page: Whether only the first few will be read. They then come soon; else all pairs are
                selected in one pass, which is faster for all, but sorts them before the first.
        """
        return take_page(self._all(at_once=not page and self._filters.limit is None), self._filters)

    def in_order(self, terms: list[tuple[str, bool]]) -> Iterator[Pair]:
        """Yield the same pairs in another order.

        The sort keys and entry keys are sorted on disk, and the pairs weighed again afterwards.
        """
        values = [attrgetter(name) for name, _ in terms]
        keyed = (
            ([value(row) for value in values], (pair.subject.id, pair.counter.id))
            for pairs in batches(self._all(at_once=True))
            for pair, row in zip(pairs, self.rows(pairs), strict=True)
        )
        ordered = sort_on_disk(keyed, [descending for _, descending in terms])
        return self.weighed(take_page(ordered, self._filters))

    def weighed(self, keys: Iterable[tuple[int, ...]]) -> Iterator[Pair]:
        """Weigh pairs by the keys of their two entries, and yield them in the order of the keys."""
        return self._pairs.weigh_candidates(keys)

    def rows(self, found: Iterable[Pair]) -> Iterator[ContradictionRow]:
        """Yield the rows of pairs."""
        for batch in batches(iter(found)):
            for parts in self._parts.of(batch):
                yield ContradictionRow(*chain.from_iterable(parts))

    @cached_property
    def _parts(self) -> _Parts[Sequence[Any]]:
        return _Parts(self.shown, lambda cells: cells)

    def in_parts(
        self, found: Iterable[Pair], make: Callable[[Sequence[Any]], _Part]
    ) -> Iterator[tuple[_Part, ...]]:
        """Yield the row of each pair as a sequence of parts, which `make` makes from cells."""
        parts = _Parts(self.shown, make)
        return chain.from_iterable(map(parts.of, growing_batches(iter(found))))

    def against(self, keys: Iterable[int]) -> Iterator[tuple[int, ContradictionRow]]:
        """Yield the rows of the pairs of some entries, each with the key of the entry.

        By the refs of the entry and of the other one. Reconciled pairs are left out.

        Args:
            keys: The keys of entries that match the filters, in the order of their refs.
        """
        found = self._pairs.iter_opposing(keys, by_ref=True)
        for batch in batches(one for one in found if self._matches(one[1])):
            rows = self.rows([pair for _, pair in batch])
            yield from zip((key for key, _ in batch), rows, strict=True)

    def _all(self, *, at_once: bool) -> Iterator[Pair]:
        """Yield all matching pairs by their refs, selected in one pass if `at_once` allows it."""
        filters, of_pairs = self._filters, self._of_pairs
        if (at_once or requires_one_principal(of_pairs)) and can_select_all(filters, of_pairs):
            query = select_all_candidates(filters, of_pairs)
            found = stream(self._session, query, batch_size=_TOGETHER)
            if requires_one_principal(of_pairs):
                found = keep_one_principal(found, self.facts.actors.get_principal)
        else:
            found = stream(self._session, select_candidates(filters, of_pairs))
        candidates = drop_repeated(found)
        return filter(self._matches, self._pairs.weigh_candidates(candidates))

    @cached_property
    def _takes_all(self) -> bool:
        """Whether no filter excludes a pair, except that reconciled pairs are left out."""
        filters = replace(
            self._of_pairs, include_reconciled=False, entries=(), within_principal=None
        )
        kinds = replace(filters, subject_kinds=(), counter_kinds=())
        return (
            kinds == PairFilters()
            and self._filters.min_strength is None
            and not self._filters.has_subject
        )

    def _matches(self, pair: Pair) -> bool:
        """Whether a pair matches the filters that only weighing can decide."""
        filters, days = self._of_pairs, pair.days
        if pair.status is _RECONCILED and not self._keeps_reconciled:
            return False
        if self._takes_all:
            return True
        if filters.classes and pair.klass not in filters.classes:
            return False
        if filters.timings and pair.timing not in filters.timings:
            return False
        if filters.statuses and pair.status not in filters.statuses:
            return False
        if filters.max_days is not None and (days is None or abs(days) > filters.max_days):
            return False
        if filters.min_days is not None and (days is None or days < filters.min_days):
            return False
        least = self._filters.min_strength
        if least is not None and (pair.opposition is None or pair.opposition.strength < least):
            return False
        return self._is_on_subject(pair)

    def _is_on_subject(self, pair: Pair) -> bool:
        """Whether a pair matches the filters on topics, propositions and measures."""
        filters = self._filters
        if filters.propositions and not self._is_on_proposition(pair):
            return False
        if filters.measures and not self._is_on_measure(pair):
            return False
        if filters.propositions or filters.measures or not filters.topics:
            return True
        return self._is_on_proposition(pair) or self._is_on_measure(pair)

    @cached_property
    def propositions(self) -> frozenset[int] | None:
        """The keys of the propositions that match the filters; None if no filter concerns them."""
        return find_proposition_keys(self._session, self._filters)

    @cached_property
    def measures(self) -> frozenset[int] | None:
        """The keys of the measures that match the filters; None if no filter concerns them."""
        return find_measure_keys(self._session, self._filters)

    def _is_on_proposition(self, pair: Pair) -> bool:
        """Whether a ground of a pair is on a proposition that matches the filters.

        A link is on every proposition on which either entry has a stance.
        """
        found, propositions = pair.opposition, self.propositions or frozenset()
        if found is None or found.links:
            stances = chain(pair.subject.stances, pair.counter.stances)
            return any(stance.proposition in propositions for stance in stances)
        return any(
            stance.proposition in propositions
            for ground in found.stances
            for stance in (ground.one, ground.other)
        )

    def _is_on_measure(self, pair: Pair) -> bool:
        """Whether a ground of a pair is on a measure that matches the filters.

        A link is on every measure for which either entry has a figure.
        """
        found, measures = pair.opposition, self.measures or frozenset()
        if found is None or found.links:
            figures = chain(pair.subject.figures, pair.counter.figures)
            return any(figure.measure in measures for figure in figures)
        return any(ground.one.measure in measures for ground in found.figures)
