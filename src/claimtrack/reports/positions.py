"""The positions of an actor on record, by date: its words, deeds and promises.

One row per stance of a claim, statement, commitment or action. Claims of anonymous sources are
included only with `anonymous`, or if the filter on kinds names claims. By date (`date_from`,
else `date_to`; undated last), entry_ref, proposition and asserted_by.

* The **step** of words (`weigh.position_steps`) compares them with what the same voice, else
  another of the principal, said before on the same proposition, as the same judge reads it. A deed
  has no step.
* The **gap** of words (`weigh.gaps`) names the actions of the principal itself that oppose them by
  this very stance. Reconciled pairs are left out, as in the contradictions report.

Filters on actor, principal, kind and source select the record within which words are compared;
opposing actions are searched everywhere. Filters on dates, sides and strength only select the rows
that are shown, so that a reversal remains one if the row before it is not shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, SQLColumnExpression, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.escaping import format_stance, format_value
from claimtrack.facts import EntryFacts
from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.present.columns import Cell, Column, Layout, date_cell, whole_cell
from claimtrack.query.external_sort import sort_on_disk
from claimtrack.query.filters import Filters, match_dates, match_stance
from claimtrack.query.local_times import get_local_times
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.query.position_facts import PositionFacts, PositionFactsLoader, match_on_record
from claimtrack.query.sorting import order_and_page, read_sort_terms
from claimtrack.query.visibility import get_sort_day, stance_in_scope
from claimtrack.sql import BATCH_SIZE, Rows, batches, is_one_of, stream, without_index
from claimtrack.vocab import EntryKind
from claimtrack.weigh.gaps import Deed, find_gaps
from claimtrack.weigh.position_steps import Step

_Key: TypeAlias = tuple[int, int, int]
"""The keys of an entry, of a proposition and of a judge: of a stance."""

_FIRST_ROWS = 1_000
"""The number of rows that are weighed as they come, before all propositions are weighed in turn.

Weighing all rows as they come would read the positions on a proposition again for every few rows.
"""
_Entry = aliased(Entry, name="entry")
_Stance = aliased(Stance, name="stance")
_Actor, _Judge = aliased(Actor, name="speaker"), aliased(Actor, name="judge")
_Proposition = aliased(Proposition, name="proposition")
_STORED: Mapping[str, Any] = {
    "date_from": _Entry.date_from,
    "date_to": _Entry.date_to,
    **dict(zip(("time_from", "time_to"), get_local_times(_Entry), strict=True)),
    "entry_ref": _Entry.ref,
    "kind": _Entry.kind,
    "actor": _Actor.ref,
    "proposition": _Proposition.ref,
    "asserted_by": _Judge.ref,
    "value": _Stance.value,
    "hedge": _Stance.hedge,
    "likelihood": _Stance.likelihood,
    "condition": _Stance.condition,
    "summary": _Entry.summary,
}
"""The columns of a row by which the database can sort; the others are weighed."""
_USUAL = (get_sort_day(_Entry), _Entry.ref, _Proposition.ref, _Judge.ref)


def _summary(row: Any) -> Cell:
    notes = [f'"{row.hedge}"'] if row.hedge else []
    notes += [f"if: {row.condition}"] if row.condition else []
    notes += [f"but did {gap}" for gap in row.gap or ()]
    return Cell(text="\n".join([row.summary, *notes]))


def _position(row: Any) -> Cell:
    step = " ".join(part for part in (format_stance(row.value), format_value(row.step)) if part)
    return Cell((row.proposition, step, f"by {row.asserted_by}"))


_LAYOUT: Layout = (
    Column("date", date_cell),
    Column("entry", whole_cell("entry_ref", "kind", "actor")),
    Column("summary", _summary),
    Column("position", _position),
)


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A stance that a principal took, and how it stands to the one before and to its own deeds."""

    layout = _LAYOUT

    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    entry_ref: str
    kind: str
    actor: str
    proposition: str
    asserted_by: str
    value: int
    step: str | None
    gap: tuple[str, ...]
    hedge: str | None
    likelihood: str | None
    condition: str | None
    summary: str


def positions(
    session: Session, filters: Filters | None = None, *, anonymous: bool = False
) -> Iterator[PositionRow]:
    """Return the positions on record, by date.

    The first rows come soon: one statement selects them, and others fetch the facts for the
    propositions that they are on. For the rows that follow, and to sort by step or gap, all
    propositions are weighed one after another and the rows sorted on disk. Memory grows with the
    positions on one proposition.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    terms = read_sort_terms(filters, PositionRow)
    report = _Report(session, filters, anonymous=anonymous or EntryKind.CLAIM in filters.kinds)
    if any(name not in _STORED for name, _ in terms):
        return report.weighed(terms)
    whole = partial(report.whole, terms)
    return Rows(session, report.ask, report.rows, report.ask(None), whole)


class _Report:
    """The positions that match the filters, and their rows."""

    def __init__(self, session: Session, filters: Filters, *, anonymous: bool) -> None:
        self._session, self._filters, self._anonymous = session, filters, anonymous
        self._pairs = PairWeigher(session, filters)
        self._record = PositionFactsLoader(session, filters, self._pairs.facts, anonymous=anonymous)

    def ask(self, most: int | None) -> Select[*tuple[Any, ...]]:
        """Return the statement for the matching stances in order, at most `most` of them."""
        limits = [limit for limit in (most, self._filters.limit) if limit is not None]
        page = replace(self._filters, limit=min(limits, default=None))
        some = self._filters.topics or self._filters.propositions
        return order_and_page(self._select_positions(by_day=not some), page, _STORED, *_USUAL)

    def rows(self, found: Iterator[Any]) -> Iterator[PositionRow]:
        """Yield the rows of selected stances, in their order."""
        return (
            _row(row, comparison)
            for batch in batches(found)
            for row, comparison in self._with(batch)
        )

    def whole(self, terms: Sequence[tuple[str, bool]]) -> Iterator[PositionRow]:
        """Yield the rows of the page: the first as they are selected, the others by `weighed`."""
        most = self._filters.limit
        first = list(self.rows(stream(self._session, self.ask(_FIRST_ROWS))))
        yield from first
        if len(first) == _FIRST_ROWS and (most is None or most > _FIRST_ROWS):
            yield from self.weighed(terms, after=_FIRST_ROWS)

    def weighed(
        self, terms: Sequence[tuple[str, bool]], *, after: int = 0
    ) -> Iterator[PositionRow]:
        """Yield the rows of the page after the first `after`; weighs all positions first."""
        first, limit = self._filters.offset or 0, self._filters.limit
        last = None if limit is None else first + limit
        return islice(self._in_order(terms), first + after, last)

    def _in_order(self, terms: Sequence[tuple[str, bool]]) -> Iterator[PositionRow]:
        """Yield all rows, sorted on disk; each proposition is weighed once."""
        by_proposition = self._select_positions(by_day=False).order_by(_Stance.proposition_id)
        keyed = (
            (_order(row, comparison, terms), (*row[:3], *_pack(comparison)))
            for batch in _batch_by_proposition(stream(self._session, by_proposition))
            for row, comparison in self._with(batch)
        )
        descending = [*(down for _, down in terms), *(False for _ in _USUAL)]
        for batch in batches(sort_on_disk(keyed, descending)):
            entries = {"entries": list(dict.fromkeys(entry for entry, *_ in batch))}
            query = _select(by_day=True).where(is_one_of(_Entry.id, "entries"))
            shown = {row[:3]: row for row in stream(self._session, query, entries)}
            deeds = self._pairs.facts.load(deed for keys in batch for deed in keys[4::2])
            for entry, proposition, judge, *packed in batch:
                yield _row(shown[entry, proposition, judge], _unpack(packed, deeds))

    def _select_positions(self, *, by_day: bool) -> Select[*tuple[Any, ...]]:
        """Select the matching stances, unordered."""
        filters = self._filters
        return (
            _select(by_day=by_day)
            .where(*match_on_record(_Entry, filters, anonymous=self._anonymous))
            .where(*stance_in_scope(_Stance, filters), *match_stance(_Stance, filters))
            .where(*match_dates(_Entry, filters))
        )

    def _with(self, rows: Sequence[Any]) -> Iterator[tuple[Any, "_Comparison"]]:
        """Yield stances, each with its step and its gap."""
        by_proposition = defaultdict[int, list[Any]](list)
        for row in rows:
            if row.kind is not EntryKind.ACTION:
                by_proposition[row.proposition_id].append(row)
        found = dict[_Key, _Comparison]()
        for record_facts in self._record.load(list(by_proposition)):
            words = chain.from_iterable(by_proposition[one] for one in record_facts.propositions)
            found.update(self._weighed(words, record_facts))
        return ((row, found.get(row[:3], _NOTHING)) for row in rows)

    def _weighed(
        self, words: Iterable[Any], record_facts: PositionFacts
    ) -> Iterator[tuple[_Key, "_Comparison"]]:
        """Yield what the record says about each of some stances, by the key of the stance."""
        lines = {row[:3]: record_facts.words[row[:3][1:]] for row in words}
        candidates = {
            (key[0], deed): None
            for key, line in lines.items()
            for deed in record_facts.iter_opposing_deeds(line.positions[key[0]], key[1])
        }
        gaps = find_gaps(self._pairs.weigh_candidates(candidates))
        for key, line in lines.items():
            yield key, _Comparison(line.find_step(key[0]), gaps.get(key, ()))


class _Comparison(NamedTuple):
    """The step and the gap of a stance."""

    step: Step | None
    gap: Sequence[Deed]


_NOTHING = _Comparison(None, ())
_STEPS = (None, *Step)


def _pack(comparison: _Comparison) -> tuple[int, ...]:
    """Return a comparison as numbers, to be sorted on disk: the step, each deed and its doubt."""
    deeds = (number for deed in comparison.gap for number in (deed.id, int(deed.possible)))
    return (_STEPS.index(comparison.step), *deeds)


def _unpack(packed: Sequence[int], deeds: Mapping[int, EntryFacts]) -> _Comparison:
    """Return the comparison that was packed; `deeds` holds at least the facts of its deeds."""
    step, *gap = packed
    pairs = zip(gap[::2], gap[1::2], strict=True)
    against = tuple(Deed(deed, deeds[deed].ref, bool(possible)) for deed, possible in pairs)
    return _Comparison(_STEPS[step], against)


def _select(*, by_day: bool) -> Select[*tuple[Any, ...]]:
    """Select stances; SQLite walks the index of entries by day, unless few stances match."""
    keys: tuple[SQLColumnExpression[Any], ...] = (
        *(_Stance.entry_id, _Stance.proposition_id, _Stance.asserted_by_id),
        *(column.label(name) for name, column in _STORED.items()),
    )
    return (
        select(*keys)
        .select_from(_Entry)
        .join(_Stance, _Stance.entry_id == (without_index(_Entry.id) if by_day else _Entry.id))
        .join(_Actor, _Actor.id == _Entry.actor_id)
        .join(_Judge, _Judge.id == _Stance.asserted_by_id)
        .join(_Proposition, _Proposition.id == _Stance.proposition_id)
    )


def _batch_by_proposition(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Yield rows, which are ordered by proposition, in lists of `BATCH_SIZE` or more.

    Rows on one proposition are never split between lists.
    """
    found = list[Any]()
    for _, some in groupby(rows, attrgetter("proposition_id")):
        found += some
        if len(found) >= BATCH_SIZE:
            yield found
            found = []
    if found:
        yield found


def _order(row: Any, comparison: _Comparison, terms: Iterable[tuple[str, bool]]) -> list[Any]:
    """Return the sort key of a row: the columns of the filters, then the usual order."""
    weighed = {"step": comparison.step, "gap": tuple(map(str, comparison.gap))}
    values = [weighed[name] if name in weighed else getattr(row, name) for name, _ in terms]
    return [*values, row.date_from or row.date_to, row.entry_ref, row.proposition, row.asserted_by]


def _row(row: Any, comparison: _Comparison) -> PositionRow:
    first, last, time_from, time_to, ref, kind, actor, proposition, judge, *rest = row[3:]
    value, hedge, likelihood, condition, summary = rest
    return PositionRow(
        date_from=first,
        date_to=last,
        time_from=time_from,
        time_to=time_to,
        entry_ref=ref,
        kind=kind.value,
        actor=actor,
        proposition=proposition,
        asserted_by=judge,
        value=value,
        step=comparison.step and comparison.step.value,
        gap=tuple(map(str, comparison.gap)),
        hedge=hedge,
        likelihood=likelihood and likelihood.value,
        condition=condition or None,
        summary=summary,
    )
