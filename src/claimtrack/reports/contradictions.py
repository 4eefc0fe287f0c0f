"""Who is contradicted by whom, on what, how strongly, and how it was found.

One row per unordered pair of entries that oppose each other (`weigh.opposition`), by subject_ref,
counter_ref. Which of the two is the subject is decided in `weigh.order`, what the pair is called,
its timing and its status in `weigh.pair`.

Reconciled pairs are left out unless asked for; then what a judge reconciled is listed also where
the two do not oppose each other, via `reconciles`: it was considered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias, TypeVar

from sqlalchemy.orm import Session

from claimtrack.query.candidates import (
    asks_for_all,
    each_once,
    select_all_candidates,
    select_candidates,
)
from claimtrack.query.filters import Filters, propositions_wanted, sort_terms
from claimtrack.query.narrowing import PairFilters
from claimtrack.query.pairs import Pairs
from claimtrack.query.shown import Shown
from claimtrack.query.spool import in_spooled_order
from claimtrack.sql import batches, stream
from claimtrack.vocab import PairClass, PairStatus, Timing
from claimtrack.weigh.opposition import Opposition, Via
from claimtrack.weigh.pair import Pair


class ContradictionRow(NamedTuple):
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
) -> "Contradictions":
    """Stream the pairs of entries that cannot both be right, by subject, then counter.

    Sends one statement that finds candidates, and for each batch of them those that fetch facts and
    what is shown. Memory does not grow with the number of pairs.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = wanted or Filters()
    terms = sort_terms(wanted, ContradictionRow)
    return Contradictions(PairReport(session, wanted, pairs or PairFilters()), terms)


_Any = TypeVar("_Any")
Parts: TypeAlias = tuple[tuple[Any, ...], ...]
"""The cells of a row in parts, each of which many rows have in common."""


class Contradictions(Iterator[ContradictionRow]):
    """The rows of the report, as they are asked for."""

    def __init__(self, report: "PairReport", terms: list[tuple[str, bool]]) -> None:
        self._report, self._terms = report, terms
        self._rows: Iterator[ContradictionRow] | None = None

    def __next__(self) -> ContradictionRow:
        if self._rows is None:
            self._rows = map(_row, self.parts())
        return next(self._rows)

    def parts(self) -> Iterator[Parts]:
        """Yield the rows in parts: those about one entry are the same in all of its rows."""
        return self._report.parts(self._found())

    def first(self, count: int) -> list[ContradictionRow]:
        """Return so many rows at most; no more pairs are found than that takes."""
        return list(self._report.rows(islice(self._found(page=True), count)))

    def count(self, most: int) -> int:
        """Return how many rows there are, or `most` where there are more."""
        return sum(1 for _ in islice(self._found(page=True), most))

    def _found(self, *, page: bool = False) -> Iterator[Pair]:
        if self._terms:
            return self._report.in_order(self._terms)
        return self._report.found(page=page)


def _row(parts: Parts) -> ContradictionRow:
    return ContradictionRow(*chain.from_iterable(parts))


_RECONCILED = PairStatus.RECONCILED
_NAMES: dict[PairClass | Timing | PairStatus | None, str | None] = {
    None: None,
    **{one: one.value for kind in (PairClass, Timing, PairStatus) for one in kind},
}
"""How rows spell what a pair is called."""


class _Grounds(NamedTuple):
    """On which grounds two entries oppose each other, as rows have it."""

    strength: int | None
    basis: str | None
    via: tuple[str, ...]
    propositions: tuple[str, ...]
    conditions: tuple[str, ...]
    asserted_by: tuple[str, ...]


class PairReport:
    """The pairs that are wanted, and the rows that are made of them.

    Attributes:
        facts: The facts of entries.
        shown: What is shown of entries and of what they speak of.
    """

    def __init__(self, session: Session, wanted: Filters, pairs: PairFilters) -> None:
        self._session, self._wanted, self._of_pairs = session, wanted, pairs
        self._keeps_reconciled = pairs.keeps_reconciled
        self._pairs = Pairs(session, wanted)
        self.facts = self._pairs.facts
        self.shown = Shown(session, wanted, self.facts.actors)
        self._grounds = lru_cache(maxsize=4_096)(self._read_grounds)

    def found(self, *, page: bool = False) -> Iterator[Pair]:
        """Yield the pairs that are wanted, by their refs, as many as are wanted.

        Of a `page` only the first few are to be read: they come soon. All are found faster at once,
        but then they are put in order before the first.
        """
        return self._cut(self._all(at_once=not page and self._wanted.limit is None))

    def in_order(self, terms: list[tuple[str, bool]]) -> Iterator[Pair]:
        """Yield the same in another order: they are weighed twice, and wait outside memory."""
        values = [attrgetter(name) for name, _ in terms]
        keyed = (
            ([value(row) for value in values], (pair.subject.id, pair.counter.id))
            for pairs in batches(self._all(at_once=True))
            for pair, row in zip(pairs, map(_row, self._parts(pairs)), strict=True)
        )
        ordered = in_spooled_order(keyed, [descending for _, descending in terms])
        return self.weighed(self._cut(ordered))

    def weighed(self, keys: Iterable[tuple[int, ...]]) -> Iterator[Pair]:
        """Yield pairs by the keys of their two entries, in that order."""
        return self._pairs.weighed(keys)

    def rows(self, found: Iterable[Pair]) -> Iterator[ContradictionRow]:
        """Yield the rows of pairs."""
        return map(_row, self.parts(found))

    def parts(self, found: Iterable[Pair]) -> Iterator[Parts]:
        """Yield the rows of pairs, in parts."""
        return chain.from_iterable(map(self._parts, batches(iter(found))))

    def against(self, keys: Iterable[int]) -> Iterator[tuple[int, ContradictionRow]]:
        """Yield the rows in which entries stand, each with the key of the entry, as are wanted.

        The entries are such as the filters choose, by their refs, and so come the rows; then by the
        ref of the other entry. Reconciled pairs are left out.
        """
        found = self._pairs.against(keys, by_ref=True)
        for batch in batches(one for one in found if self._is_wanted(one[1])):
            rows = map(_row, self._parts([pair for _, pair in batch]))
            yield from zip((key for key, _ in batch), rows, strict=True)

    def _cut(self, rows: Iterator[_Any]) -> Iterator[_Any]:
        first, limit = self._wanted.offset or 0, self._wanted.limit
        return islice(rows, first, None if limit is None else first + limit)

    def _all(self, *, at_once: bool) -> Iterator[Pair]:
        wanted, of_pairs = self._wanted, self._of_pairs
        if at_once and asks_for_all(wanted, of_pairs):
            query = select_all_candidates(wanted, reconciled=self._keeps_reconciled)
            candidates = each_once(stream(self._session, query))
        else:
            candidates = stream(self._session, select_candidates(wanted, of_pairs))
        return filter(self._is_wanted, self._pairs.weighed(candidates))

    def _parts(self, pairs: list[Pair]) -> list[Parts]:
        entries = dict.fromkeys(one.id for pair in pairs for one in (pair.subject, pair.counter))
        shown, urls = self.shown.entries.of(entries), self.shown.urls.of(entries)
        self._fetch_propositions(pairs)
        return [
            (
                shown[subject.id],
                shown[counter.id],
                (
                    _NAMES[klass],
                    _NAMES[timing],
                    _NAMES[status],
                    self._refs(links.reconciles) if links.reconciles else (),
                    *self._grounds(found),
                ),
                (days,),
                (urls[subject.id],),
                (urls[counter.id],),
            )
            for subject, counter, found, klass, timing, status, days, links in pairs
        ]

    def _fetch_propositions(self, pairs: list[Pair]) -> None:
        """Fetch what the grounds are on, so that it is at hand for each of them."""
        self.shown.propositions.of(
            stance.proposition
            for pair in pairs
            if pair.found is not None
            for ground in pair.found.grounds
            for stance in (ground.one, ground.other)
        )

    def _refs(self, actors: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(self.shown.actors[key] for key in actors))

    def _read_grounds(self, found: Opposition | None) -> "_Grounds":
        if found is None:
            return _Grounds(None, None, ("reconciles",), (), (), ())
        stances = [one for ground in found.grounds for one in (ground.one, ground.other)]
        refs = self.shown.propositions.of(one.proposition for one in stances)
        return _Grounds(
            found.strength,
            {True: "explicit", False: "inferred", None: None}[found.explicit],
            tuple(via.value for via in Via if via in found.via),
            tuple(sorted(refs.values())),
            tuple(sorted({one.condition for one in stances if one.condition})),
            self._refs(found.judges),
        )

    @cached_property
    def _takes_all(self) -> bool:
        """Whether nothing is asked of pairs but that they are not reconciled."""
        asked = replace(self._of_pairs, include_reconciled=False, entries=(), within_principal=None)
        kinds = replace(asked, subject_kinds=(), counter_kinds=())
        return (
            kinds == PairFilters()
            and self._wanted.min_strength is None
            and self.propositions is None
        )

    def _is_wanted(self, pair: Pair) -> bool:
        """Whether a pair is what is asked for, as far as that is decided by weighing it."""
        asked, days = self._of_pairs, pair.days
        if pair.status is _RECONCILED and not self._keeps_reconciled:
            return False
        if self._takes_all:
            return True
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
        return self.propositions is None or self._is_on(self.propositions, pair)

    @cached_property
    def propositions(self) -> frozenset[int] | None:
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
