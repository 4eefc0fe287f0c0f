"""The chronology of a briefing: every chosen entry except contested claims, by date."""

from collections.abc import Iterator

from sqlalchemy import select

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.contested import (
    figure_line,
    figures_of,
    stance_line,
    stances_of,
)
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lines import Line, Shape
from claimtrack.exchange.exports.briefing.lookups import Lookups, Needs, quoted
from claimtrack.exchange.exports.briefing.sentences import (
    describe_about,
    describe_date,
    documented,
    ended,
)
from claimtrack.lookup import EntryRow
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.models import Entry
from claimtrack.query.actors import ActorTree
from claimtrack.query.cache import KeySet
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.visibility import get_sort_day
from claimtrack.sql import batches, stream


def chronology(session: Session, filters: Filters, contested: KeySet) -> Iterator[Line]:
    """Yield the lines of each chosen entry that is no contested claim, by date, then ref.

    Undated last.

    Sends one statement that finds the entries, and four for each 500 of them.
    """
    query = select(Entry.id, Entry.ref, Entry.about_from, Entry.about_to).where(
        *match_filters(Entry, filters)
    )
    found = stream(session, query.order_by(get_sort_day(Entry), Entry.ref))
    others = (row for row in found if row.id not in contested)
    shown = DisplayValues(session, filters, ActorTree(session))
    for some in batches(others):
        is_one = Entry.id.in_([one.id for one in some])
        every = listed(session, LISTINGS["entry"], Filters(include_superseded=True), is_one)
        rows = {row.ref: row for row in every}
        entries = shown.entries.get_many(one.id for one in some)
        stances = stances_of(session, filters, is_one)
        figures = figures_of(session, filters, is_one)
        for one in some:
            about = describe_about(one.about_from, one.about_to)
            yield _entry(rows[one.ref], about, entries[one.id].principal)
            yield from map(stance_line, stances[one.ref])
            yield from map(figure_line, figures[one.ref])


def _entry(row: EntryRow, about: str, principal: str) -> Line:
    """Return the line of an entry: its date, its actor, its summary and its footnote marks."""

    def write(lookups: Lookups, notes: Footnotes) -> str:
        markup = notes.markup
        dated = describe_date(row)
        dated += f" ({quoted(row.date_text)})" if row.date_text else ""
        dated += about
        by = lookups.actor(row.actor)
        if row.on_behalf_of:
            by += f" on behalf of {lookups.actor(row.on_behalf_of)}"
        if principal not in (row.actor, row.on_behalf_of):
            by += f", of {lookups.actor(principal)}"
        what = markup.text(ended(f"{row.kind} by {by}: {row.summary}"))
        head = f"{markup.strong(markup.text(dated))}, {markup.strong(markup.text(row.ref))}"
        return f"{head}, {what}{documented(row.ref, lookups, notes)}"

    actors = (row.actor, principal, *([row.on_behalf_of] if row.on_behalf_of else []))
    return Line(Shape.PARAGRAPH, write, Needs((row.ref,), actors), row.ref)
