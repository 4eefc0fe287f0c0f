"""The entries that fall in each decision window, and whether their dates cluster in windows.

One row per entry and window in which it falls, certainly or possibly (`weigh.windows`), by
window_ref, entry_ref.

* Claims and statements are listed, unless the filters name kinds. The filters apply to the entries;
  windows must be in scope (public by the day, not superseded).
* `propositions` are those on which the entry has a stance that matches the filters.

The **clustering test** compares the dates with the same dates rotated over a period that the user
states (`weigh.clustering`). It tests claims, unless the filters name kinds, and takes one date for
each group of entries that repeat each other, at either strength: the earliest day of those dated at
both ends. A date that spans several days stands for its middle day (the earlier of two); the test
counts such dates, and names the entries that are not dated at both ends, which give no day. A
window with an open end reaches to that end of the period.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack import times
from claimtrack.db import Session
from claimtrack.escaping import format_value
from claimtrack.facts import Span
from claimtrack.models import Entry, Proposition, Stance
from claimtrack.present.columns import Cell, Column, Layout, line_of, whole_cell
from claimtrack.query.cache import BatchCache
from claimtrack.query.display_values import CACHE_SIZE
from claimtrack.query.entry_facts import FactsLoader, get_date_columns, get_span
from claimtrack.query.filters import Filters, match_filters, match_stance
from claimtrack.query.local_times import get_local_times
from claimtrack.query.sorting import order_and_page, read_sort_terms, sort_and_page, take_page
from claimtrack.query.visibility import entry_in_scope, select_entries_during, stance_in_scope
from claimtrack.sql import BATCH_SIZE, batches, is_in_subquery, is_one_of, stream, without_index
from claimtrack.vocab import EntryKind
from claimtrack.weigh.clustering import group_repetitions, run_circular_shift_test
from claimtrack.weigh.windows import Certainty, find_certainty

CAUTION = (
    "p is worthless when the windows were drawn by someone who had seen the claims, and it changes "
    "with the period, which has to be the span that was searched for claims; dates of several days "
    "were taken at their middle, windows with an open end to the end of the period"
)
"""The warning that is shown with every result of the clustering test."""

_Window, _Entry = aliased(Entry, name="decision"), aliased(Entry, name="entry")
_STORED: Mapping[str, Any] = {
    "window_ref": _Window.ref,
    "window_summary": _Window.summary,
    "entry_ref": _Entry.ref,
    "entry_kind": _Entry.kind,
    "entry_date_from": _Entry.date_from,
    "entry_date_to": _Entry.date_to,
    "entry_time_from": get_local_times(_Entry)[0],
    "entry_time_to": get_local_times(_Entry)[1],
}
"""The columns of a row by which the database can sort."""


def _entry(row: Any) -> Cell:
    dated = line_of(times.format_row(row, "entry_"))
    return Cell((f"{row.entry_ref} ({format_value(row.entry_kind)})", *dated))


_LAYOUT: Layout = (
    Column("window", lambda row: Cell((row.window_ref,), row.window_summary)),
    Column("entry", _entry),
    Column("certainty", whole_cell("certainty")),
    Column("propositions", lambda row: Cell(tuple(row.propositions))),
)


@dataclass(frozen=True, slots=True)
class WindowRow:
    """An entry that falls, or may fall, in a decision window."""

    layout = _LAYOUT

    window_ref: str
    window_summary: str
    entry_ref: str
    entry_kind: str
    entry_date_from: date | None
    entry_date_to: date | None
    entry_time_from: datetime | None
    entry_time_to: datetime | None
    certainty: str
    propositions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clustering:
    """How far the dates of entries that do not repeat each other gather in the windows of a period.

    Attributes:
        period_from: First day of the period.
        period_to: Its last day.
        windows: Windows that share a day with the period.
        dates: Dates in the period, one for each group of repetitions.
        inside: Those in a window.
        coverage: Share of the period's days that lie in a window, 0 to 1.
        expected: Dates that would lie in a window if they were spread evenly.
        effect: Share of the dates in a window minus `coverage`, -1 to 1.
        p: Share of the rotations with at least as many dates in a window, above 0 to 1.
        rotations: How many were compared, as many as the period has days.
        imprecise: Dates in the period that are the middle of bounds of several days.
        outside: Dates left out because they lie outside the period.
        undated: Entries that are not dated at both ends, which give no date.
        caution: What the numbers cannot say.
    """

    period_from: date
    period_to: date
    windows: int
    dates: int
    inside: int
    coverage: float
    expected: float
    effect: float
    p: float
    rotations: int
    imprecise: int
    outside: int
    undated: tuple[str, ...]
    caution: str


def windows(session: Session, filters: Filters | None = None) -> Iterator[WindowRow]:
    """Yield the entries that fall in each window, by window_ref, entry_ref.

    Sends one statement for the pairs, and two for each batch of them. To sort by certainty or
    propositions, all rows are sorted on disk.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = _of_kinds(filters or Filters(), EntryKind.CLAIM, EntryKind.STATEMENT)
    report, terms = _Report(session, filters), read_sort_terms(filters, WindowRow)
    if all(name in _STORED for name, _ in terms):
        return take_page(report.rows(report.found(filters.sort)), filters)
    return sort_and_page(report.rows(report.found()), filters, WindowRow)


class _Shown(NamedTuple):
    """The columns that are displayed of an entry or a window, and its date."""

    ref: str
    kind: EntryKind
    summary: str
    time_from: datetime | None
    time_to: datetime | None
    date_from: date | None
    date_to: date | None
    span: Span


_Pair: TypeAlias = tuple[int, ...]
"""The keys of a window and of an entry."""


class _Report:
    """The entries that fall in windows, and their rows."""

    def __init__(self, session: Session, filters: Filters) -> None:
        self._session, self._filters = session, filters
        self._shown = BatchCache(self._fetch, CACHE_SIZE)

    def found(self, sort: tuple[str, ...] = ()) -> Iterator[_Pair]:
        """Yield pairs of a window and an entry that share a day, by stored columns, then by ref."""
        whole = replace(self._filters, sort=sort, limit=None, offset=None)
        pairs = order_and_page(
            _select_pairs(self._filters), whole, _STORED, _Window.ref, _Entry.ref
        )
        return (tuple(row) for row in stream(self._session, pairs))

    def rows(self, found: Iterator[_Pair]) -> Iterator[WindowRow]:
        """Yield the rows of the pairs in which the entry falls in the window."""
        for batch in batches(found):
            shown = self._shown.get_many(key for pair in batch for key in pair)
            propositions = self._propositions(list(dict.fromkeys(entry for _, entry in batch)))
            for pair in batch:
                window, entry = (shown[key] for key in pair)
                certainty = find_certainty(entry.span, window.span)
                if certainty is not None:
                    yield _row(window, entry, certainty, propositions.get(pair[1], ()))

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, _Shown]]:
        for first in range(0, len(keys), BATCH_SIZE):
            some = {"keys": keys[first : first + BATCH_SIZE]}
            rows = stream(self._session, _select_shown(), some)
            for key, ref, kind, summary, time_from, time_to, opens, closes, *more in rows:
                span = get_span(opens, closes, *more)
                yield key, _Shown(ref, kind, summary, time_from, time_to, opens, closes, span)

    def _propositions(self, entries: list[int]) -> dict[int, tuple[str, ...]]:
        """Return the propositions on which entries have a matching stance, by the entry's key."""
        found = defaultdict[int, set[str]](set)
        query = _select_propositions(self._filters)
        for entry, proposition in stream(self._session, query, {"entries": entries}):
            found[entry].add(proposition)
        return {entry: tuple(sorted(refs)) for entry, refs in found.items()}


def clustering(session: Session, filters: Filters, period: tuple[date, date]) -> Clustering:
    """Return the clustering test of the matching entries over a period, both ends included.

    Sends two statements, and those of `FactsLoader.load_repeats`. Memory grows with the number of
    entries, which must be grouped together. `limit`, `offset` and `sort` are ignored.

    Raises:
        InvalidValue: The period ends before it begins, or no date lies in it.
    """
    filters = _of_kinds(filters, EntryKind.CLAIM)
    spans = [span for span in _window_spans(session, filters, period) if _share_a_day(span, period)]
    days, undated = _group_days(session, filters)
    test = run_circular_shift_test([day for day, _ in days], spans, period)
    return Clustering(
        period_from=period[0],
        period_to=period[1],
        windows=len(spans),
        dates=test.dates,
        inside=test.inside,
        coverage=test.coverage,
        expected=test.expected,
        effect=test.effect,
        p=test.p,
        rotations=test.shifts,
        imprecise=sum(imprecise for day, imprecise in days if period[0] <= day <= period[1]),
        outside=test.outside,
        undated=tuple(sorted(undated)),
        caution=CAUTION,
    )


def _of_kinds(filters: Filters, *usual: EntryKind) -> Filters:
    return replace(filters, kinds=filters.kinds or usual)


def _select_pairs(filters: Filters) -> Select[*tuple[Any, ...]]:
    """Select the keys of a window and of each entry whose dates may fall in it, unordered."""
    keys: tuple[SQLColumnExpression[Any], ...] = (_Window.id, _Entry.id)
    is_within = is_in_subquery(_Entry.id, select_entries_during(_Window).scalar_subquery())
    return (
        select(*keys)
        .select_from(_Window)
        .join(_Entry, and_(_Entry.id != _Window.id, is_within))
        .where(*_counting_windows(_Window, filters), without_index(_Entry.kind).in_(filters.kinds))
        .where(*match_filters(_Entry, replace(filters, kinds=())))
    )


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_shown() -> Select[*tuple[Any, ...]]:
    columns = (Entry.ref, Entry.kind, Entry.summary, *get_local_times(Entry))
    return select(Entry.id, *columns, *get_date_columns(Entry)).where(is_one_of(Entry.id, "keys"))


@lru_cache(maxsize=8)  # once for each scope: building takes longer than running it
def _select_propositions(filters: Filters) -> Select[int, str]:
    """Select the propositions on which some entries have a stance that matches the filters."""
    stance, proposition = aliased(Stance), aliased(Proposition)
    return (
        select(stance.entry_id, proposition.ref)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(is_one_of(stance.entry_id, "entries"))
        .where(*match_stance(stance, filters), *stance_in_scope(stance, filters))
    )


def _row(
    window: _Shown, entry: _Shown, certainty: Certainty, propositions: tuple[str, ...]
) -> WindowRow:
    return WindowRow(
        window_ref=window.ref,
        window_summary=window.summary,
        entry_ref=entry.ref,
        entry_kind=entry.kind.value,
        entry_date_from=entry.date_from,
        entry_date_to=entry.date_to,
        entry_time_from=entry.time_from,
        entry_time_to=entry.time_to,
        certainty=certainty.value,
        propositions=propositions,
    )


def _counting_windows(window: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    return [window.kind == EntryKind.WINDOW, _dated(window), *entry_in_scope(window, filters)]


def _dated(entry: type[Entry]) -> ColumnElement[bool]:
    return or_(entry.date_from.is_not(None), entry.date_to.is_not(None))


def _window_spans(
    session: Session, filters: Filters, period: tuple[date, date]
) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each window; an open end becomes that of the period."""
    window = aliased(Entry, name="decision")
    # One bound is always known; beyond the period it stays as it is, and the window drops out.
    known_from = func.coalesce(window.date_from, window.date_to)
    known_to = func.coalesce(window.date_to, window.date_from)
    query = select(known_from, known_to, window.date_from.is_(None), window.date_to.is_(None))
    found = session.execute(query.where(*_counting_windows(window, filters)))
    for opens, closes, no_beginning, no_end in found:
        yield (
            min(period[0], opens) if no_beginning else opens,
            max(period[1], closes) if no_end else closes,
        )


def _share_a_day(span: tuple[date, date], period: tuple[date, date]) -> bool:
    return span[0] <= period[1] and span[1] >= period[0]


def _group_days(session: Session, filters: Filters) -> tuple[list[tuple[date, bool]], list[str]]:
    """Return a day for each group of entries that repeat each other, and whether it is imprecise.

    Also returns the entries that have no day.
    """
    entry = aliased(Entry, name="entry")
    query = select(entry.id, entry.ref, entry.date_from, entry.date_to)
    keys, days, undated = [], {}, []
    for key, ref, first, last in stream(session, query.where(*match_filters(entry, filters))):
        keys.append(key)
        if first and last:
            days[key] = (first + (last - first) // 2, last > first)
        else:
            undated.append(ref)
    # timedelta // 2 keeps half a day, which a date drops: the earlier of two middle days.
    joined = group_repetitions(keys, FactsLoader(session, filters).load_repeats(keys))
    groups = ([days[key] for key in group if key in days] for group in joined)
    return [min(group) for group in groups if group], undated
