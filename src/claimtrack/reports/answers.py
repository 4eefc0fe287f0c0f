"""Whether and how each entry was answered.

One row per entry and reply (`weigh.answers`), by entry_ref, reply_ref; an entry without a reply has
one row, whose answer is `unanswered`: no reply is recorded. Claims and statements are listed, and
other entries that have a reply.

* `days` counts the days from the entry to the reply. `--within N` keeps the replies of which
  0 <= days <= N. An entry whose replies are all later, or not certainly in time, is `unanswered`
  then, and `other_replies` lists them.
* `propositions` are those on which both have a stance.

The filters apply to the entry that is answered, and not to its replies.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select

from claimtrack import dates
from claimtrack.db import Session
from claimtrack.escaping import format_count, format_value
from claimtrack.models import Entry
from claimtrack.present.columns import Cell, Column, Layout, line_of, prose_cell
from claimtrack.query.display_values import DisplayValues, EntrySummary
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.replies import ReplyFinder, has_linked_reply
from claimtrack.query.sorting import order_and_page, read_sort_terms, sort_and_page, take_page
from claimtrack.sql import growing_batches, stream
from claimtrack.vocab import Answer
from claimtrack.weigh.answers import EXPECTING_ANSWERS, Reply

_STORED: Mapping[str, Any] = {
    "entry_ref": Entry.ref,
    "entry_kind": Entry.kind,
    "date_from": Entry.date_from,
    "date_to": Entry.date_to,
    "summary": Entry.summary,
}
"""The columns of a row by which the database can sort; the others are computed."""


def _entry(row: Any) -> Cell:
    dated = line_of(dates.format_span(row.date_from, row.date_to))
    return Cell((f"{row.entry_ref} ({format_value(row.entry_kind)})", row.actor, *dated))


def _answer(row: Any) -> Cell:
    if row.answer != Answer.UNANSWERED:
        return Cell((row.answer, *row.propositions))
    if not row.other_replies:
        return Cell(("no reply recorded",))
    return Cell(("no reply", "in that time"), f"others: {', '.join(row.other_replies)}")


def _reply(row: Any) -> Cell:
    if row.reply_ref is None:
        return Cell()
    dated = line_of(dates.format_span(row.reply_date_from, row.reply_date_to))
    after = [] if row.days is None else [format_count(row.days, "day")]
    return Cell((row.reply_ref, row.reply_actor, *dated, *after))


_LAYOUT: Layout = (
    Column("entry", _entry),
    Column("summary", prose_cell("summary")),
    Column("answer", _answer),
    Column("reply", _reply),
)


@dataclass(frozen=True, slots=True)
class AnswerFilters:
    """The filters on answers, in addition to those on entries.

    Attributes:
        within: The greatest number of days from an entry to a reply; None for no limit.
        answers: The answers to list; empty for all.
    """

    within: int | None = None
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An entry and a reply to it, or an entry to which no reply is recorded."""

    layout = _LAYOUT

    entry_ref: str
    entry_kind: str
    actor: str
    principal: str
    date_from: date | None
    date_to: date | None
    summary: str
    answer: str
    reply_ref: str | None
    reply_actor: str | None
    reply_date_from: date | None
    reply_date_to: date | None
    days: int | None
    propositions: tuple[str, ...]
    other_replies: tuple[str, ...]


def answers(
    session: Session, filters: Filters | None = None, own: AnswerFilters | None = None
) -> Iterator[AnswerRow]:
    """Yield a row for each entry and reply, or for an unanswered entry, by entry_ref, reply_ref.

    Sends one statement for the entries, and for each batch of them those that fetch replies, facts
    and values for display. Memory does not grow with the number of entries. To sort by a column
    that is not stored with the entry, all rows are sorted on disk.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    report, terms = _Report(session, filters, own or AnswerFilters()), filters.sort
    stored = all(name in _STORED for name, _ in read_sort_terms(filters, AnswerRow))
    if stored:
        return take_page(report.rows(terms), filters)
    return sort_and_page(report.rows(()), filters, AnswerRow)


class _Report:
    """The entries that match the filters, and the rows of their replies."""

    def __init__(self, session: Session, filters: Filters, own: AnswerFilters) -> None:
        self._session, self._filters, self._own = session, filters, own
        facts = FactsLoader(session, filters, evidence=False)
        self._replies = ReplyFinder(session, filters, facts)
        self._shown = DisplayValues(session, filters, facts.actors)

    def rows(self, sort: tuple[str, ...]) -> Iterator[AnswerRow]:
        """Yield all rows by stored columns, then by the two refs."""
        whole = replace(self._filters, sort=sort, limit=None, offset=None)
        selected = _select_entries(self._filters, self._own)
        query = order_and_page(selected, whole, _STORED, Entry.ref)
        found = (key for (key,) in stream(self._session, query))
        answers = self._own.answers
        for keys in growing_batches(found):
            replies = self._replies.find_replies(keys)
            for row in self._build_rows(keys, replies):
                if not answers or row.answer in answers:
                    yield row

    def _build_rows(
        self, keys: list[int], replies: Mapping[int, list[Reply]]
    ) -> Iterator[AnswerRow]:
        answering = {reply.entry.id for some in replies.values() for reply in some}
        shown = self._shown.entries.get_many({*keys, *answering})
        propositions = self._shown.propositions.get_many(
            {key for some in replies.values() for reply in some for key in reply.propositions}
        )
        within = self._own.within
        for key in keys:
            entry, every = shown[key], replies.get(key, [])
            if not every and entry.kind not in EXPECTING_ANSWERS:
                continue
            in_time = [reply for reply in every if within is None or reply.is_within(within)]
            for reply in in_time:
                on = tuple(sorted(propositions[one] for one in reply.propositions))
                yield _row(entry, reply, shown[reply.entry.id], on)
            if not in_time:
                yield _unanswered_row(entry, tuple(reply.entry.ref for reply in every))


def _row(
    entry: EntrySummary, reply: Reply, by: EntrySummary, propositions: tuple[str, ...]
) -> AnswerRow:
    return replace(
        _unanswered_row(entry, ()),
        answer=reply.answer.value,
        reply_ref=by.ref,
        reply_actor=by.actor,
        reply_date_from=by.date_from,
        reply_date_to=by.date_to,
        days=reply.days,
        propositions=propositions,
    )


def _unanswered_row(entry: EntrySummary, other_replies: tuple[str, ...]) -> AnswerRow:
    return AnswerRow(
        entry_ref=entry.ref,
        entry_kind=entry.kind,
        actor=entry.actor,
        principal=entry.principal,
        date_from=entry.date_from,
        date_to=entry.date_to,
        summary=entry.summary,
        answer=Answer.UNANSWERED.value,
        reply_ref=None,
        reply_actor=None,
        reply_date_from=None,
        reply_date_to=None,
        days=None,
        propositions=(),
        other_replies=other_replies,
    )


def _select_entries(filters: Filters, own: AnswerFilters) -> Select[int]:
    """Select the keys of the entries that match the filters and may have a row, unordered."""
    listed = has_linked_reply(Entry, filters)
    if not own.answers or Answer.UNANSWERED in own.answers:
        listed = or_(Entry.kind.in_(EXPECTING_ANSWERS), listed)
    return select(Entry.id).where(listed, *match_filters(Entry, filters))
