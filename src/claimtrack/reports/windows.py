"""Which entries fall in which decision window, and whether they gather in windows.

One row per entry and window whose date bounds overlap, by window_ref, entry_ref.

* certain: the entry lies inside what is known of the window. possible: anything else. Of a window
  with an open end its one known day is known, so that an entry on that day is certain, and one
  later (or earlier, where the beginning is open) possible.
* An entry or a window with neither bound matches nothing.
* Claims and statements, unless kinds are asked for. Filters are asked of the entries; windows have
  to count as entries do (known by the day, not superseded).
* `propositions` are those on which the entry takes such a stance as is wanted.

The **clustering test** compares the dates with the same dates rotated over a period that the user
states (`weigh.clustering`). It tests claims, unless kinds are asked for, and takes one date for
each group of entries that repeat each other, at either strength: the earliest day of those dated
at both ends, where bounds of several days stand for the day in their middle, the earlier of two. It
counts how many dates are such, and names the entries that are not dated at both ends, which have no
day to take. A window with an open end reaches to that end of the period.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Entry, Proposition, Stance
from claimtrack.query.facts import Facts
from claimtrack.query.filters import Filters, entries_wanted, sorted_rows, stance_matches
from claimtrack.query.visibility import during, entry_counts, stance_counts
from claimtrack.sql import among, json_list, stream, unsought
from claimtrack.vocab import EntryKind
from claimtrack.weigh.clustering import circular_shift, join_repetitions

CAUTION = (
    "p is worthless when the windows were drawn by someone who had seen the claims, and it changes "
    "with the period, which has to be the span that was searched for claims; dates of several days "
    "were taken at their middle, windows with an open end to the end of the period"
)
"""What has to be read with every result of the clustering test."""


@dataclass(frozen=True, slots=True)
class WindowRow:
    """An entry that falls, or may fall, in a decision window."""

    window_ref: str
    window_summary: str
    entry_ref: str
    entry_kind: str
    entry_date_from: date | None
    entry_date_to: date | None
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


def windows(session: Session, wanted: Filters | None = None) -> Iterator[WindowRow]:
    """Stream the entries that fall in each window, by window, then entry; one statement.

    To sort by the propositions gathers all rows first.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = _of_kinds(wanted or Filters(), EntryKind.CLAIM, EntryKind.STATEMENT)
    query = _windows(wanted)
    usual = query.selected_columns["window_ref"], query.selected_columns["entry_ref"]
    return sorted_rows(session, query, partial(map, _row), WindowRow, wanted, *usual)


def clustering(session: Session, wanted: Filters, period: tuple[date, date]) -> Clustering:
    """Return the clustering test of the entries wanted over a period, both its days included.

    Sends two statements, and one for each step back of repetitions. Memory grows with the entries
    wanted: what repeats what is only known together. Page and sort of the filters do not apply.

    Raises:
        InvalidValue: the period ends before it begins, or holds no date.
    """
    wanted = _of_kinds(wanted, EntryKind.CLAIM)
    spans = [span for span in _window_spans(session, wanted, period) if _share_a_day(span, period)]
    days, undated = _group_days(session, wanted)
    test = circular_shift([day for day, _ in days], spans, period)
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


def _of_kinds(wanted: Filters, *usual: EntryKind) -> Filters:
    return replace(wanted, kinds=wanted.kinds or usual)


def _windows(wanted: Filters) -> Select[Any]:
    window, entry = aliased(Entry, name="decision"), aliased(Entry, name="entry")
    return (
        select(
            window.ref.label("window_ref"),
            window.summary.label("window_summary"),
            entry.ref.label("entry_ref"),
            entry.kind.label("entry_kind"),
            entry.date_from.label("entry_date_from"),
            entry.date_to.label("entry_date_to"),
            _certainty(window, entry).label("certainty"),
            _propositions(entry, wanted).label("stances_on"),
        )
        .select_from(window)
        .join(
            entry,
            and_(entry.id != window.id, among(entry.id, during(window).scalar_subquery())),
        )
        .where(*_counting_windows(window, wanted), unsought(entry.kind).in_(wanted.kinds))
        .where(*entries_wanted(entry, replace(wanted, kinds=())))
    )


def _counting_windows(window: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    return [window.kind == EntryKind.WINDOW, _dated(window), *entry_counts(window, wanted)]


def _dated(entry: type[Entry]) -> ColumnElement[bool]:
    return or_(entry.date_from.is_not(None), entry.date_to.is_not(None))


def _certainty(window: type[Entry], entry: type[Entry]) -> ColumnElement[str]:
    inside = and_(
        entry.date_from >= func.coalesce(window.date_from, window.date_to),
        entry.date_to <= func.coalesce(window.date_to, window.date_from),
    )
    return case((inside, "certain"), else_="possible")


def _propositions(entry: type[Entry], wanted: Filters) -> ScalarSelect[Any]:
    stance, proposition = aliased(Stance), aliased(Proposition)
    return (
        select(json_list(proposition.ref))
        .select_from(stance)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(
            stance.entry_id == entry.id,
            *stance_matches(stance, wanted),
            *stance_counts(stance, wanted),
        )
        .correlate(entry)
        .scalar_subquery()
    )


def _row(row: Any) -> WindowRow:
    return WindowRow(
        window_ref=row.window_ref,
        window_summary=row.window_summary,
        entry_ref=row.entry_ref,
        entry_kind=row.entry_kind.value,
        entry_date_from=row.entry_date_from,
        entry_date_to=row.entry_date_to,
        certainty=row.certainty,
        propositions=tuple(sorted(set(row.stances_on))),
    )


def _window_spans(
    session: Session, wanted: Filters, period: tuple[date, date]
) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each window; an open end is that of the period."""
    window = aliased(Entry, name="decision")
    # One bound is always known; beyond the period it stays as it is, and the window drops out.
    known_from = func.coalesce(window.date_from, window.date_to)
    known_to = func.coalesce(window.date_to, window.date_from)
    query = select(known_from, known_to, window.date_from.is_(None), window.date_to.is_(None))
    found = session.execute(query.where(*_counting_windows(window, wanted)))
    for opens, closes, no_beginning, no_end in found:
        yield (
            min(period[0], opens) if no_beginning else opens,
            max(period[1], closes) if no_end else closes,
        )


def _share_a_day(span: tuple[date, date], period: tuple[date, date]) -> bool:
    return span[0] <= period[1] and span[1] >= period[0]


def _group_days(session: Session, wanted: Filters) -> tuple[list[tuple[date, bool]], list[str]]:
    """Return a day for each group of repetitions, and whether it is imprecise.

    And the entries that have none.
    """
    entry = aliased(Entry, name="entry")
    query = select(entry.id, entry.ref, entry.date_from, entry.date_to)
    keys, days, undated = [], {}, []
    for key, ref, first, last in stream(session, query.where(*entries_wanted(entry, wanted))):
        keys.append(key)
        if first and last:
            days[key] = (first + (last - first) // 2, last > first)
        else:
            undated.append(ref)
    # timedelta // 2 keeps half a day, which a date drops: the earlier of two middle days.
    joined = join_repetitions(keys, Facts(session, wanted).repeats(keys))
    groups = ([days[key] for key in group if key in days] for group in joined)
    return [min(group) for group in groups if group], undated
