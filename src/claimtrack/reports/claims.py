"""The standing of each claim: what supports and what opposes it.

One row per claim; contested claims first, then by ref.

* `affirmed_by` counts the entries that agree with the claim on any of its propositions, or by a
  link (`weigh.opposition`), `borne_out_by_actions` the actions among them, and `publishers` the
  publishers of documents that show them. `independent_min` and `independent_max` are the least and
  greatest number of their independent origins other than the claim's own (`weigh.origins`).
* `opposed_by` counts the entries that oppose it, as in the contradictions report: reconciled pairs
  are left out. `denied_by` counts those whose pair is a denial, `contradicted_by_...` those of a
  kind, whatever the class of the pair. `worst_strength` is the strength of the strongest pair.
* contested: some entry opposes it. uncontradicted: none does. uncorroborated: no origin other than
  its own supports it (`independent_max` is 0). single_origin: no origin that is surely another one
  does (`independent_min` is 0).
* `contradicted_by_actions_possible` counts those of `contradicted_by_actions` that may lie outside
  the period of the claim.
* `reliability` and `credibility` are those of the latest grade (`weigh.grades`); F and 6 mean that
  they could not be judged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.facts import EntryFacts
from claimtrack.models import Actor, Citation, Document, Entry, Grade, Stance
from claimtrack.query.cache import KeySet
from claimtrack.query.candidates import has_opponent_candidates
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.dual_plan_rows import DualPlanRows
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.external_sort import sort_rows_on_disk
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.local_times import get_local_times
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.query.sorting import order_and_page, read_sort_terms, sort_and_page, take_page
from claimtrack.query.support_counts import Support, SupportCounter
from claimtrack.query.visibility import SHOWING_ROLES, Scope, cached_by_scope, citation_in_scope
from claimtrack.reports.claim_layout import CLAIM_LAYOUT
from claimtrack.sql import BATCH_SIZE, batches, growing_batches, is_one_of, stream
from claimtrack.vocab import ActorKind, CitationRole, EntryKind, PairClass, Timing, fields_of
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.grades import find_latest_grade

_Claim = aliased(Entry, name="claim")
_STORED: dict[str, Any] = {
    "ref": _Claim.ref,
    "date_from": _Claim.date_from,
    "date_to": _Claim.date_to,
    **dict(zip(("time_from", "time_to"), get_local_times(_Claim), strict=True)),
    "summary": _Claim.summary,
}
_PLACES = {
    **_STORED,
    "proposition": select(func.min(Stance.proposition_id))
    .where(Stance.entry_id == _Claim.id)
    .scalar_subquery(),
}
"""The columns by which claims can be ordered: those of `_STORED`, and the key of a proposition.

Ordered by the first proposition on which they have a stance, claims on one proposition come
together, so that their common supporters are fetched once.
"""


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """The filters on claims, in addition to those on entries."""

    contested: bool = False
    uncontradicted: bool = False
    uncorroborated: bool = False
    single_origin: bool = False
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim, and what speaks for and against it."""

    layout = CLAIM_LAYOUT

    ref: str
    actor: str
    outlet: tuple[str, ...]
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    summary: str
    affirmed_by: int
    independent_min: int
    independent_max: int
    publishers: int
    denied_by: int
    opposed_by: int
    borne_out_by_actions: int
    contradicted_by_statements: int
    contradicted_by_actions: int
    contradicted_by_actions_possible: int
    contradicted_by_claims: int
    contradicted_by_assessments: int
    worst_strength: int | None
    reliability: str | None
    credibility: int | None
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimRefsRow(ClaimRow):
    """The same, with the refs of those who are counted, in order."""

    affirmed_by_refs: tuple[str, ...]
    denied_by_refs: tuple[str, ...]
    opposed_by_refs: tuple[str, ...]
    borne_out_by_actions_refs: tuple[str, ...]
    contradicted_by_statements_refs: tuple[str, ...]
    contradicted_by_actions_refs: tuple[str, ...]
    contradicted_by_claims_refs: tuple[str, ...]
    contradicted_by_assessments_refs: tuple[str, ...]


_COUNTED = (EntryKind.STATEMENT, EntryKind.ACTION, EntryKind.CLAIM, EntryKind.ASSESSMENT)
"""The kinds with a column `contradicted_by_...`, in the order of the columns."""


@dataclass(slots=True)
class _OpposingEntries:
    """Counts the entries that oppose a claim: in all, by kind, and the greatest strength.

    `refs` holds their refs by kind, and those of denials, if refs are needed.
    """

    opposed_by: int = 0
    denied_by: int = 0
    of_kind: Counter[EntryKind] = field(default_factory=Counter)
    worst: int | None = None
    possible: int = 0
    refs: dict[EntryKind | PairClass, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: EntryFacts, pair: Pair) -> None:
        """Count an opposing entry by its pair with the claim."""
        self.opposed_by += 1
        self.denied_by += pair.klass is PairClass.DENIAL
        self.of_kind[other.kind] += 1
        self.possible += pair.timing is Timing.POSSIBLE
        if pair.opposition is not None:
            self.worst = max(self.worst or 0, pair.opposition.strength)

    def name(self, other: EntryFacts, pair: Pair) -> None:
        """Add the ref of an opposing entry."""
        self.refs[other.kind].append(other.ref)
        if pair.klass is PairClass.DENIAL:
            self.refs[PairClass.DENIAL].append(other.ref)


_NOTHING = _OpposingEntries()


def claims(
    session: Session,
    filters: Filters | None = None,
    standing: ClaimFilters | None = None,
    *,
    refs: bool = False,
) -> DualPlanRows[ClaimRow]:
    """Yield a row for each claim, contested ones first, then by ref.

    With refs, the rows are of type `ClaimRefsRow`. Sends one or two statements for the claims, and
    for each batch of them those for supporting and opposing entries. Memory does not grow with the
    number of claims.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    report = _Report(session, filters, standing or ClaimFilters(), refs=refs)
    terms = read_sort_terms(filters, ClaimRow)

    def page() -> Iterator[ClaimRow]:
        return take_page(report.sorted_rows(terms) if terms else report.rows(), filters)

    def whole() -> Iterator[ClaimRow]:
        return take_page(report.all_rows(), filters)

    return DualPlanRows(page if terms or refs or filters.limit is not None else whole, page)


class _Report:
    """The claims that match the filters, and their rows."""

    def __init__(
        self, session: Session, filters: Filters, standing: ClaimFilters, *, refs: bool
    ) -> None:
        self._session, self._filters, self._standing, self._refs = session, filters, standing, refs
        facts = FactsLoader(session, filters)
        self._pairs = PairWeigher(session, filters, facts)
        self._agreeing = SupportCounter(session, filters, facts)
        self._shown = DisplayValues(session, filters, facts.actors)

    def rows(self) -> Iterator[ClaimRow]:
        """Yield the rows, contested claims first, then by ref."""
        contested = KeySet()
        for keys in growing_batches(self._keys(opposed=True), BATCH_SIZE):
            against = self._against(keys)
            contested.update(against)
            if not self._standing.uncontradicted:
                yield from self._build_rows([key for key in keys if key in against], against)
        if not self._standing.contested:
            others = (key for key in self._keys() if key not in contested)
            for keys in growing_batches(others, BATCH_SIZE):
                yield from self._build_rows(keys, {})

    def all_rows(self) -> Iterator[ClaimRow]:
        """Yield the same rows, but make all of them first and sort them on disk.

        Faster for all rows: claims on one proposition are handled together, so that their common
        supporters are fetched once. Not used for rows with refs: each of thousands of claims that
        agree with each other would name all others, on disk.
        """
        ordered = self._keys(opposed=self._standing.contested, sort=("proposition",))
        rows = chain.from_iterable(map(self._list_claims, batches(ordered)))
        return sort_rows_on_disk(rows, lambda row: (row.opposed_by == 0, row.ref), (False, False))

    def sorted_rows(self, terms: list[tuple[str, bool]]) -> Iterator[ClaimRow]:
        """Yield the rows in another order, sorted by the database if the columns are stored."""
        whole = replace(self._filters, limit=None, offset=None)
        stored = all(name in _STORED for name, _ in terms)
        sort = whole.sort if stored else ()
        ordered = self._keys(opposed=self._standing.contested, sort=sort)
        rows = chain.from_iterable(map(self._list_claims, batches(ordered)))
        return rows if stored else sort_and_page(rows, whole, ClaimRow)

    def _list_claims(self, keys: Sequence[int]) -> Iterator[ClaimRow]:
        """Yield the rows of the claims that match the filters on claims."""
        against, standing = self._against(keys), self._standing
        if standing.contested:
            keys = [key for key in keys if key in against]
        if standing.uncontradicted:
            keys = [key for key in keys if key not in against]
        yield from self._build_rows(keys, against)

    def _keys(self, *, opposed: bool = False, sort: tuple[str, ...] = ()) -> Iterator[int]:
        """Yield the keys of the claims that match the filters, by stored columns, then by ref."""
        query = _select_claims(self._filters, self._standing.anonymous, opposed)
        ordered = order_and_page(query, Filters(sort=sort), _PLACES, _Claim.ref)
        return (key for (key,) in stream(self._session, ordered))

    def _against(self, keys: Sequence[int]) -> dict[int, _OpposingEntries]:
        """Return the opposing entries of claims, by key; claims without any are left out."""
        found: dict[int, _OpposingEntries] = {}
        for key, pair in self._pairs.iter_opposing(keys):
            if key not in found:
                found[key] = _OpposingEntries()
            other = pair.counter if pair.subject.id == key else pair.subject
            found[key].add(other, pair)
            if self._refs:
                found[key].name(other, pair)
        return found

    def _build_rows(
        self, keys: Sequence[int], against: Mapping[int, _OpposingEntries]
    ) -> Iterator[ClaimRow]:
        """Yield the rows of claims that match the filters on origins."""
        standing = self._standing
        shown, urls = self._shown.entries.get_many(keys), self._shown.urls.get_many(keys)
        outlets, grades = self._outlets(keys), self._grades(keys)
        for key, support in zip(keys, self._agreeing.count_support(keys), strict=True):
            if standing.uncorroborated and support.most > 0:
                continue
            if standing.single_origin and support.least > 0:
                continue
            claim, opposing = shown[key], against.get(key, _NOTHING)
            reliability, credibility = grades.get(key, (None, None))
            row = ClaimRow(
                ref=claim.ref,
                actor=claim.actor,
                outlet=outlets.get(key, ()),
                date_from=claim.date_from,
                date_to=claim.date_to,
                time_from=claim.time_from,
                time_to=claim.time_to,
                summary=claim.summary,
                affirmed_by=support.entries,
                independent_min=support.least,
                independent_max=support.most,
                publishers=support.publishers,
                denied_by=opposing.denied_by,
                opposed_by=opposing.opposed_by,
                borne_out_by_actions=support.deeds,
                contradicted_by_statements=opposing.of_kind[EntryKind.STATEMENT],
                contradicted_by_actions=opposing.of_kind[EntryKind.ACTION],
                contradicted_by_actions_possible=opposing.possible,
                contradicted_by_claims=opposing.of_kind[EntryKind.CLAIM],
                contradicted_by_assessments=opposing.of_kind[EntryKind.ASSESSMENT],
                worst_strength=opposing.worst,
                reliability=reliability,
                credibility=credibility,
                urls=urls[key],
            )
            yield self._with_refs(row, key, support, opposing) if self._refs else row

    def _with_refs(
        self, row: ClaimRow, key: int, support: Support, against: _OpposingEntries
    ) -> ClaimRefsRow:
        """Return a row with the refs of the entries that it counts."""
        agreeing = self._shown.entries.get_many(support.keys - {key}).values()
        deeds = (one.ref for one in agreeing if one.kind == EntryKind.ACTION)
        opposing = chain.from_iterable(against.refs[kind] for kind in EntryKind)
        named = (
            (one.ref for one in agreeing),
            against.refs[PairClass.DENIAL],
            opposing,
            deeds,
            *(against.refs[kind] for kind in _COUNTED),
        )
        values = (getattr(row, name) for name in fields_of(ClaimRow))
        return ClaimRefsRow(*values, *(tuple(sorted(refs)) for refs in named))

    def _outlets(self, keys: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the publishers of the documents that show claims, of primary ones if any."""
        first_hand, others = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
        rows = stream(self._session, _select_outlets(self._filters), {"claims": list(keys)})
        for key, role, outlet in rows:
            (first_hand if role is CitationRole.PRIMARY else others)[key].add(outlet)
        return {key: tuple(sorted(outlets)) for key, outlets in (others | first_hand).items()}

    def _grades(self, keys: Sequence[int]) -> dict[int, tuple[str, int]]:
        """Return the reliability and credibility of the latest grade, by the key of the claim."""
        grades_by_entry = defaultdict[int, list[Any]](list)
        for row in stream(self._session, _select_grades(self._filters), {"claims": list(keys)}):
            grades_by_entry[row.entry_id].append(row)
        latest = ((key, find_latest_grade(grades)) for key, grades in grades_by_entry.items())
        return {key: (one.reliability.value, one.credibility) for key, one in latest if one}


@lru_cache(maxsize=8)  # once for each scope: building takes longer than running it
def _select_claims(filters: Filters, anonymous: bool, opposed: bool) -> Select[int]:
    """Select the keys of the matching claims: all, or those with candidate opponents."""
    query = select(_Claim.id).where(_Claim.kind == EntryKind.CLAIM, *match_filters(_Claim, filters))
    if opposed:
        query = query.where(has_opponent_candidates(_Claim, filters))
    if anonymous:
        source = aliased(Actor)
        query = query.join(source, source.id == _Claim.actor_id)
        query = query.where(source.kind == ActorKind.ANONYMOUS)
    return query


@cached_by_scope
def _select_outlets(scope: Scope) -> Select[int, CitationRole, str]:
    outlet = aliased(Actor)
    return (
        select(Citation.entry_id, Citation.role, outlet.ref)
        .join(Document, Document.id == Citation.document_id)
        .join(outlet, outlet.id == Document.publisher_id)
        .where(is_one_of(Citation.entry_id, "claims"), Citation.role.in_(SHOWING_ROLES))
        .where(*citation_in_scope(Citation, scope))
    )


@cached_by_scope
def _select_grades(scope: Scope) -> Select[*tuple[Any, ...]]:
    columns = (Grade.entry_id, Grade.graded_on, Grade.reliability, Grade.credibility)
    query = select(*columns).where(is_one_of(Grade.entry_id, "claims"))
    return query.where(Grade.graded_on <= scope.known_by) if scope.known_by else query
