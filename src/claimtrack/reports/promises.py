"""What became of each promise: its end, its conditions, the deeds for and against it, its state.

One row per commitment, by ref, as of a day (`--as-of`; today without it). Commitments and deeds
that begin after that day are left out.

* `until` is the last day of its period; empty if it has no known end.
* `conditions` are those of its stances and figures; `propositions` those on which it has a stance.
* The other columns are defined in `weigh.promises`: `state`, `deeds_for`, `breaches_certain`,
  `breaches_possible` and `deeds_against_under_condition`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Select, or_, select

from claimtrack.db import Session
from claimtrack.escaping import format_value
from claimtrack.facts import EntryFacts
from claimtrack.models import Entry
from claimtrack.present.columns import Cell, Column, Layout, entry_cell
from claimtrack.query.agreement_candidates import select_agreement_candidates
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.query.sorting import order_and_page, read_sort_terms, sort_and_page, take_page
from claimtrack.query.visibility import Scope, cached_by_scope
from claimtrack.sql import BATCH_SIZE, batches, growing_batches, is_one_of, stream
from claimtrack.vocab import EntryKind, PromiseState, fields_of
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.promises import Outcome, find_outcome

_STORED: Mapping[str, Any] = {
    "ref": Entry.ref,
    "date_from": Entry.date_from,
    "date_to": Entry.date_to,
    "summary": Entry.summary,
}
"""The columns of a row by which the database can sort; the others are computed."""
_STATES = {
    PromiseState.POSSIBLY_BROKEN: "possibly broken",
    PromiseState.EXPIRED: "expired, no breach recorded",
    PromiseState.OPEN: "open, no breach recorded",
}
"""What tables show of a state, if it is not the word."""


def _promise(row: Any) -> Cell:
    conditions = [f"if: {condition}" for condition in row.conditions]
    return Cell(text="\n".join([row.summary, *conditions]))


def _state(row: Any) -> Cell:
    until = f"until {format_value(row.until)}" if row.until else "no end known"
    return Cell((until,), _STATES.get(row.state, row.state))


def _deeds(row: Any) -> Cell:
    counts = {
        "for": row.deeds_for,
        "certain breaches": row.breaches_certain,
        "possible breaches": row.breaches_possible,
        "against, if its condition held": row.deeds_against_under_condition,
    }
    return Cell(text="\n".join(f"{name}: {count}" for name, count in counts.items() if count))


_LAYOUT: Layout = (
    Column("promise", entry_cell),
    Column("summary", _promise),
    Column("state", _state),
    Column("deeds", _deeds),
)


@dataclass(frozen=True, slots=True)
class PromiseFilters:
    """The filters on promises, in addition to those on entries.

    Attributes:
        as_of: The day as of which the states are; None for today (in UTC, as in the log).
        states: The states to list; empty for all.
    """

    as_of: date | None = None
    states: tuple[PromiseState, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A commitment, and what became of it."""

    layout = _LAYOUT

    ref: str
    actor: str
    principal: str
    date_from: date | None
    date_to: date | None
    until: date | None
    summary: str
    conditions: tuple[str, ...]
    propositions: tuple[str, ...]
    state: str
    deeds_for: int
    breaches_certain: int
    breaches_possible: int
    deeds_against_under_condition: int
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PromiseRefsRow(PromiseRow):
    """The same, with the refs of the deeds that are counted, in order."""

    deeds_for_refs: tuple[str, ...]
    breaches_certain_refs: tuple[str, ...]
    breaches_possible_refs: tuple[str, ...]
    deeds_against_under_condition_refs: tuple[str, ...]


def promises(
    session: Session,
    filters: Filters | None = None,
    own: PromiseFilters | None = None,
    *,
    refs: bool = False,
) -> Iterator[PromiseRow]:
    """Yield a row for each commitment, by ref.

    With refs, the rows are of type `PromiseRefsRow`. Sends one statement for the commitments, and
    for each batch of them those that find and weigh deeds. Memory does not grow with the number of
    commitments. To sort by a column that is not stored with them, all rows are sorted on disk.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    report = _Report(session, filters, own or PromiseFilters(), refs=refs)
    terms = read_sort_terms(filters, PromiseRow)
    if all(name in _STORED for name, _ in terms):
        return take_page(report.rows(filters.sort), filters)
    return sort_and_page(report.rows(()), filters, PromiseRow)


class _Report:
    """The commitments that match the filters, and their rows."""

    def __init__(
        self, session: Session, filters: Filters, own: PromiseFilters, *, refs: bool
    ) -> None:
        self._session, self._filters, self._states, self._refs = session, filters, own.states, refs
        self._day = own.as_of or datetime.now(UTC).date()
        self._pairs = PairWeigher(session, filters)
        self._shown = DisplayValues(session, filters, self._pairs.facts.actors)

    def rows(self, sort: tuple[str, ...]) -> Iterator[PromiseRow]:
        """Yield all rows by stored columns, then by ref."""
        whole = replace(self._filters, sort=sort, limit=None, offset=None)
        query = order_and_page(_select_promises(whole, self._day), whole, _STORED, Entry.ref)
        found = (key for (key,) in stream(self._session, query))
        for keys in growing_batches(found, BATCH_SIZE):
            yield from self._build_rows(keys)

    def _build_rows(self, keys: list[int]) -> Iterator[PromiseRow]:
        against = defaultdict[int, list[Pair]](list)
        for key, pair in self._pairs.iter_opposing(keys):
            if pair.counter.kind is EntryKind.ACTION:
                against[key].append(pair)
        supporting = self._find_candidates(keys)
        facts = self._pairs.facts.load(keys)
        shown, urls = self._shown.entries.get_many(keys), self._shown.urls.get_many(keys)
        propositions = self._shown.propositions.get_many(
            {one.proposition for entry in facts.values() for one in entry.stances}
        )
        for key in keys:
            promise, entry = facts[key], shown[key]
            outcome = find_outcome(promise, against[key], supporting[key], self._day)
            if self._states and outcome.state not in self._states:
                continue
            on = {propositions[one.proposition] for one in promise.stances}
            row = PromiseRow(
                ref=entry.ref,
                actor=entry.actor,
                principal=entry.principal,
                date_from=entry.date_from,
                date_to=entry.date_to,
                until=outcome.until,
                summary=entry.summary,
                conditions=_get_conditions(promise),
                propositions=tuple(sorted(on)),
                state=outcome.state.value,
                deeds_for=len(outcome.deeds_for),
                breaches_certain=len(outcome.breaches_certain),
                breaches_possible=len(outcome.breaches_possible),
                deeds_against_under_condition=len(outcome.deeds_against_under_condition),
                urls=urls[key],
            )
            yield _with_refs(row, outcome) if self._refs else row

    def _find_candidates(self, keys: list[int]) -> Mapping[int, list[EntryFacts]]:
        """Return the deeds that may agree with each commitment, by the key of the commitment."""
        query, values = _select_candidates(self._filters), {"entries": keys}
        found = defaultdict[int, list[EntryFacts]](list)
        for batch in batches(stream(self._session, query, values)):
            facts = self._pairs.facts.load(deed for _, deed in batch)
            for key, deed in batch:
                found[key].append(facts[deed])
        return found


def _get_conditions(promise: EntryFacts) -> tuple[str, ...]:
    of_stances = {one.condition for one in promise.stances}
    of_figures = {one.condition for one in promise.figures}
    return tuple(sorted(filter(None, of_stances | of_figures)))


def _with_refs(row: PromiseRow, outcome: Outcome) -> PromiseRefsRow:
    values = (getattr(row, name) for name in fields_of(PromiseRow))
    deeds = (
        *(outcome.deeds_for, outcome.breaches_certain, outcome.breaches_possible),
        outcome.deeds_against_under_condition,
    )
    return PromiseRefsRow(*chain(values, deeds))


def _select_promises(filters: Filters, day: date) -> Select[int]:
    """Select the keys of the commitments that match the filters and have begun, unordered."""
    begun = or_(Entry.date_from.is_(None), Entry.date_from <= day)
    return select(Entry.id).where(
        Entry.kind == EntryKind.COMMITMENT, begun, *match_filters(Entry, filters)
    )


@cached_by_scope
def _select_candidates(scope: Scope) -> Select[int, int]:
    """Select the keys of some commitments and of the deeds that may agree with each."""
    return select_agreement_candidates(
        scope, None, is_one_of(Entry.id, "entries"), kind=EntryKind.ACTION
    )
