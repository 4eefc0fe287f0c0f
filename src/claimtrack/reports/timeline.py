"""What was said, done and promised, by date.

One row per entry of any kind, by date (`date_from`, else `date_to`; undated last), then ref.

* `stances` and `figures` are those in scope, each with the judge who reads the entry so.
* `opposed_by` counts the entries that oppose it; reconciled pairs are left out, as in the
  contradictions report.
* `answered` says whether a reply is recorded, as in the report of answers.
* `windows` lists the decision windows in which it surely or possibly falls (`weigh.windows`), and
  `windows_possible` those among them in which it only possibly does. A window falls in none.

The filters select the entries; what opposes and answers them is searched everywhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Date, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.escaping import format_stance, format_value
from claimtrack.facts import EntryFacts, Span
from claimtrack.models import Actor, Entry
from claimtrack.number_ranges import format_range
from claimtrack.present.columns import Cell, Column, Layout, date_cell
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.entry_facts import get_date_columns, get_span
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.pair_weighing import PairWeigher
from claimtrack.query.replies import ReplyFinder
from claimtrack.query.sorting import stream_sorted
from claimtrack.query.visibility import Scope, cached_by_scope, entry_in_scope, get_sort_day
from claimtrack.sql import fetch_all, growing_batches
from claimtrack.vocab import EntryKind, fields_of
from claimtrack.weigh.answers import EXPECTING_ANSWERS
from claimtrack.weigh.windows import Certainty, find_certainty


def _entry(row: Any) -> Cell:
    of = [f"of {row.principal}"] if row.principal != row.actor else []
    return Cell((f"{row.ref} ({format_value(row.kind)})", row.actor, *of))


def _summary(row: Any) -> Cell:
    return Cell(text="\n".join([row.summary, *row.stances, *row.figures]))


def _notes(row: Any) -> Cell:
    opposed = [f"opposed by {row.opposed_by}"] if row.opposed_by else []
    expects_answer = row.kind in EXPECTING_ANSWERS
    unanswered = ["no reply recorded"] if expects_answer and not row.answered else []
    answered = ["answered"] if row.answered else []
    possible = set(row.windows_possible)
    windows = [f"in {ref}{' (possible)' if ref in possible else ''}" for ref in row.windows]
    return Cell((*opposed, *answered, *unanswered, *windows))


_LAYOUT: Layout = (
    Column("date", date_cell),
    Column("entry", _entry),
    Column("summary", _summary),
    Column("notes", _notes),
)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An entry by its date, with what it says and what became of it."""

    layout = _LAYOUT

    date_from: date | None
    date_to: date | None
    ref: str
    kind: str
    actor: str
    principal: str
    summary: str
    stances: tuple[str, ...]
    figures: tuple[str, ...]
    opposed_by: int
    answered: bool
    windows: tuple[str, ...]
    windows_possible: tuple[str, ...]
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimelineRefsRow(TimelineRow):
    """The same, with the refs of those who are counted, in order."""

    opposed_by_refs: tuple[str, ...]


def timeline(
    session: Session, filters: Filters | None = None, *, refs: bool = False
) -> Iterator[TimelineRow]:
    """Yield a row for each entry, by date, then ref; undated entries last.

    With refs, the rows are of type `TimelineRefsRow`. Sends one statement for the entries, and for
    each batch of them those that find and weigh what opposes and answers them, and their windows.
    Memory does not grow with the number of entries.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    make = _Report(session, filters, refs=refs).make
    usual = get_sort_day(Entry), Entry.ref
    return stream_sorted(session, _select_entries(filters), make, TimelineRow, filters, *usual)


class _Windows(NamedTuple):
    """The windows in which an entry falls: all, and those in which it only possibly does."""

    all: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()


_Window: TypeAlias = tuple[str, Span]
"""The ref of a window, and its date."""


class _Report:
    """Makes the rows of entries from those of the database."""

    def __init__(self, session: Session, filters: Filters, *, refs: bool) -> None:
        self._session, self._filters, self._refs = session, filters, refs
        self._pairs = PairWeigher(session, filters)
        self._replies = ReplyFinder(session, filters, self._pairs.facts)
        self._shown = DisplayValues(session, filters, self._pairs.facts.actors)

    def make(self, found: Iterator[Any]) -> Iterator[TimelineRow]:
        """Yield the rows in the order of the database's rows."""
        for batch in growing_batches(found):
            yield from self._build_rows(batch)

    def _build_rows(self, batch: Sequence[Any]) -> Iterator[TimelineRow]:
        keys = [row.id for row in batch]
        opposing = defaultdict[int, set[str]](set)
        for key, pair in self._pairs.iter_opposing(keys):
            other = pair.counter if pair.subject.id == key else pair.subject
            opposing[key].add(other.ref)
        replies, urls = self._replies.find_replies(keys), self._shown.urls.get_many(keys)
        facts, windows = self._pairs.facts.load(keys), self._fetch_windows(batch)
        readings = self._describe_readings(facts)
        for row in batch:
            entry, against = facts[row.id], opposing.get(row.id, set())
            falls = _find_windows(entry, windows)
            stances, figures = readings[row.id]
            found = TimelineRow(
                date_from=row.date_from,
                date_to=row.date_to,
                ref=row.ref,
                kind=row.kind.value,
                actor=row.actor,
                principal=self._shown.actors[entry.principal],
                summary=row.summary,
                stances=stances,
                figures=figures,
                opposed_by=len(against),
                answered=row.id in replies,
                windows=falls.all,
                windows_possible=falls.possible,
                urls=urls[row.id],
            )
            yield _with_refs(found, against) if self._refs else found

    def _describe_readings(
        self, facts: Mapping[int, EntryFacts]
    ) -> Mapping[int, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Return the stances and the figures of entries in words, in order, by key."""
        judges, shown = self._shown.actors, self._shown
        of_stances = {one.proposition for entry in facts.values() for one in entry.stances}
        of_figures = {one.measure for entry in facts.values() for one in entry.figures}
        propositions = shown.propositions.get_many(of_stances)
        measures = shown.measures.get_many(of_figures)
        return {
            key: (
                tuple(
                    f"{proposition} {format_stance(value)} by {judge}"
                    for proposition, judge, value in sorted(
                        (propositions[one.proposition], judges[one.judge], one.value)
                        for one in entry.stances
                    )
                ),
                tuple(
                    sorted(
                        f"{measures[one.measure]} {format_range(one.low, one.high)} "
                        f"by {judges[one.judge]}"
                        for one in entry.figures
                    )
                ),
            )
            for key, entry in facts.items()
        }

    def _fetch_windows(self, batch: Sequence[Any]) -> list[_Window]:
        """Return the windows that overlap the days of some entries, by ref; one statement.

        Few at a time, since the entries of a batch follow each other by date.
        """
        dated = [row for row in batch if row.date_from or row.date_to]
        if not dated:
            return []
        first = min(row.date_from or date.min for row in dated)
        last = max(row.date_to or date.max for row in dated)
        query = _select_windows(self._filters)
        found = fetch_all(self._session, query, {"first": first, "last": last})
        return [(ref, get_span(*dates)) for ref, *dates in found]


def _find_windows(entry: EntryFacts, windows: Sequence[_Window]) -> _Windows:
    if entry.kind is EntryKind.WINDOW:
        return _Windows()
    found = [(ref, find_certainty(entry.date, opened)) for ref, opened in windows]
    return _Windows(
        tuple(ref for ref, certainty in found if certainty is not None),
        tuple(ref for ref, certainty in found if certainty is Certainty.POSSIBLE),
    )


def _with_refs(row: TimelineRow, against: set[str]) -> TimelineRefsRow:
    values = (getattr(row, name) for name in fields_of(TimelineRow))
    return TimelineRefsRow(*chain(values, [tuple(sorted(against))]))


def _select_entries(filters: Filters) -> Select[Any]:
    """Select the entries that match the filters, unordered."""
    stored: tuple[Any, ...] = (Entry.date_from, Entry.date_to, Entry.ref, Entry.kind)
    return (
        select(*stored, Actor.ref.label("actor"), Entry.summary, Entry.id)
        .join(Actor, Actor.id == Entry.actor_id)
        .where(*match_filters(Entry, filters))
    )


@cached_by_scope
def _select_windows(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the windows in scope that overlap the days `first` to `last`, by ref."""
    window = aliased(Entry, name="decision")
    first, last = bindparam("first", type_=Date), bindparam("last", type_=Date)
    return (
        select(window.ref, *get_date_columns(window))
        .where(window.kind == EntryKind.WINDOW, *entry_in_scope(window, scope))
        .where(func.coalesce(window.date_from, window.date_to).is_not(None))
        .where(func.coalesce(window.date_from, first) <= last)
        .where(func.coalesce(window.date_to, last) >= first)
        .order_by(window.ref)
    )
