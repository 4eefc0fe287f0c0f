"""The contested claims of a briefing: what each asserts, what supports it, what opposes it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, groupby, islice
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import select

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lines import Line, Shape, plain
from claimtrack.exchange.exports.briefing.lookups import Lookups, Needs
from claimtrack.exchange.exports.briefing.sentences import (
    assertion,
    describe_about,
    describe_actor,
    describe_date,
    documented,
    end_of,
    given_number,
    needs_of_pair,
    opposition,
    support,
)
from claimtrack.lookup import GivenFigureRow, StanceRow
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.models import Entry
from claimtrack.query.cache import KeySet
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.affirmations import AffirmationRow, affirmations
from claimtrack.reports.claims import ClaimFilters, ClaimRow, claims
from claimtrack.reports.contradictions import ContradictionRow, PairReport
from claimtrack.reports.wording import describe_origins

MOST_FOR = 50
"""Supporting entries of a claim that are listed, by ref; the others are counted."""
AT_ONCE = 100
"""The number of claims for which values are fetched together."""
_MORE = "And {more:,} more: 'claimtrack show {ref} --all' has them."


def contested_claims(session: Session, filters: Filters, found: KeySet) -> Iterator[Line]:
    """Yield the lines of each chosen claim that a chosen pair contradicts, by ref.

    Adds the keys of these claims to `found`. Sends, for each hundred claims, one statement for what
    they assert, some for their support, and some for the pairs, which are streamed.
    """
    report = PairReport(session, filters, PairFilters())
    rows = claims(session, replace(filters, sort=("ref",)), ClaimFilters(contested=True))
    while some := {claim.ref: claim for claim in islice(rows, AT_ONCE)}:
        entries = {row.id: row for row in _entries(session, list(some))}
        is_one = Entry.id.in_(list(entries))
        asserted = stances_of(session, filters, is_one)
        figures = figures_of(session, filters, is_one)
        affirmed = _by_entry(affirmations(session, filters, is_one, most=MOST_FOR))
        for key, pairs in groupby(report.against(entries), key=itemgetter(0)):
            found.update([key])
            entry, claim = entries[key], some[entries[key].ref]
            against = map(itemgetter(1), pairs)
            first = next(against)
            about = describe_about(entry.about_from, entry.about_to)
            yield from _head(claim, end_of(first, _side_of(claim.ref, first)).principal, about)
            yield from _asserted(asserted[claim.ref], figures[claim.ref])
            yield from _for(claim, affirmed[claim.ref])
            yield from _against(claim, chain([first], against))


def _side_of(ref: str, pair: ContradictionRow) -> str:
    return "subject" if pair.subject_ref == ref else "counter"


def _entries(session: Session, refs: Sequence[str]) -> Iterable[Any]:
    """Return the fields of some entries that their rows lack, by ref."""
    query = select(Entry.id, Entry.ref, Entry.about_from, Entry.about_to)
    return session.execute(query.where(Entry.ref.in_(refs)).order_by(Entry.ref))


def stances_of(
    session: Session, filters: Filters, *conditions: Any
) -> defaultdict[str, list[StanceRow]]:
    """Return the stances of entries, by ref, as far as the filters count them."""
    return _by_entry(listed(session, LISTINGS["stance"], _counting(filters), *conditions))


def figures_of(
    session: Session, filters: Filters, *conditions: Any
) -> defaultdict[str, list[GivenFigureRow]]:
    """Return the figures of entries, by ref, as far as the filters count them."""
    return _by_entry(listed(session, LISTINGS["figure"], _counting(filters), *conditions))


def _counting(filters: Filters) -> Filters:
    """Return the filters that decide which stances and figures of an entry count."""
    return Filters(
        known_by=filters.known_by,
        asserted_by=filters.asserted_by,
        include_superseded=filters.include_superseded,
    )


def _by_entry(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for ref, group in groupby(rows, attrgetter("entry")):
        found[ref] = list(group)
    return found


# --- lines ----------------------------------------------------------------------------------------


def _head(claim: ClaimRow, principal: str | None, about: str) -> Iterator[Line]:
    yield replace(plain(Shape.HEADING, f"{claim.ref}: {claim.summary}"), place=claim.ref)

    def author_line(lookups: Lookups, notes: Footnotes) -> str:
        dated = describe_date(claim) + about
        by = f"{describe_actor(claim.actor, principal, lookups)}, {dated}."
        heading = notes.markup.text(f"{by} {_describe_support(claim, lookups)}")
        return f"{heading}{documented(claim.ref, lookups, notes)}"

    actors = (claim.actor, *claim.outlet, *([principal] if principal else []))
    needs = Needs(entries=(claim.ref,), actors=actors)
    yield Line(Shape.PARAGRAPH, author_line, needs)


def _describe_support(claim: ClaimRow, lookups: Lookups) -> str:
    outlets = ", ".join(map(lookups.actor, claim.outlet))
    origins = describe_origins(claim.independent_min, claim.independent_max)
    others = f"What agrees with it goes back to {origins} other than its own"
    if not claim.independent_max:
        others = "Nothing of another origin than its own agrees with it"
    grade = f"{claim.reliability}{claim.credibility}" if claim.reliability else "none"
    reported = f"Reported by {outlets}. " if outlets else ""
    return f"{reported}{others}. Admiralty grade: {grade}."


def _asserted(stances: Sequence[StanceRow], figures: Sequence[GivenFigureRow]) -> Iterator[Line]:
    if stances or figures:
        yield plain(Shape.PARAGRAPH, "Asserts", strong=True)
    yield from map(stance_line, stances)
    yield from map(figure_line, figures)


def stance_line(row: StanceRow) -> Line:
    """Return the line of a stance of an entry."""

    def write(lookups: Lookups, notes: Footnotes) -> str:
        return notes.markup.text(assertion(row, lookups))

    needs = Needs(actors=(row.asserted_by,), propositions=(row.proposition,))
    return Line(Shape.ITEM, write, needs)


def figure_line(row: GivenFigureRow) -> Line:
    """Return the line of a figure of an entry."""

    def write(lookups: Lookups, notes: Footnotes) -> str:
        return notes.markup.text(given_number(row, lookups))

    return Line(Shape.ITEM, write, Needs(actors=(row.asserted_by,), measures=(row.measure,)))


def _for(claim: ClaimRow, rows: Sequence[AffirmationRow]) -> Iterator[Line]:
    if rows:
        yield plain(Shape.PARAGRAPH, "Speaks for it", strong=True)
    for row in rows:
        needs = Needs(
            entries=(row.ref,),
            actors=(row.actor, *row.asserted_by),
            propositions=row.propositions,
        )
        yield Line(Shape.ITEM, partial(support, row), needs)
    if more := claim.affirmed_by - len(rows):
        yield plain(Shape.PARAGRAPH, _MORE.format(more=more, ref=claim.ref))


def _against(claim: ClaimRow, pairs: Iterable[ContradictionRow]) -> Iterator[Line]:
    yield plain(Shape.PARAGRAPH, "Speaks against it", strong=True)
    for pair in pairs:
        side = "counter" if _side_of(claim.ref, pair) == "subject" else "subject"
        yield Line(Shape.ITEM, partial(opposition, pair, side), needs_of_pair(pair, side))
