"""Claims with what speaks for and against each, gathered from reports that are read side by side.

However many entries oppose or affirm a claim, some hundred of them are held at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TypeAlias

from sqlalchemy.orm import Session

from claimtrack.exchange.mentions import Known, end_of, known_of
from claimtrack.exchange.objects import hanging_on
from claimtrack.lookup import StanceRow
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.models import Entry
from claimtrack.query.filters import Filters, entries_wanted
from claimtrack.query.narrowing import PairFilters
from claimtrack.reports.affirmations import AffirmationRow, affirmations
from claimtrack.reports.claims import ClaimRow, claims
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.sql import AT_ONCE, batches
from claimtrack.vocab import EntryKind, PairStatus

MOST_FOR = 50
"""Entries that speak for a claim that are gathered, by ref; the others are counted."""

Against: TypeAlias = tuple[ContradictionRow, str]
"""A pair in which a claim stands, and which end of it the other is."""


@dataclass(frozen=True)
class Gathered:
    """A claim, what it asserts, what speaks for it, and the pairs that speak against it.

    `pairs` are the first; `more` reads the others as they are taken, in pieces, each with what is
    known of what it mentions.
    """

    claim: ClaimRow
    asserted: Sequence[StanceRow]
    affirmed: Sequence[AffirmationRow]
    pairs: Sequence[Against]
    more: Iterable[tuple[Sequence[Against], Known]] = ()

    @property
    def size(self) -> int:
        """How many entries are mentioned, those in `more` apart."""
        return 1 + len(self.affirmed) + len(self.pairs)

    @property
    def contested(self) -> bool:
        """Whether a pair speaks against it that no judge has reconciled."""
        return _contest(self.pairs)


def _contest(pairs: Iterable[Against]) -> bool:
    return any(pair.status != PairStatus.RECONCILED for pair, _ in pairs)


def gathered_claims(session: Session, wanted: Filters) -> Iterator[tuple[Gathered, Known]]:
    """Yield the claims wanted by ref, each with what is known of all that it mentions.

    Sends one statement for each report, and some for each hundred entries that are mentioned.
    `more` of a claim is to be read before the next is asked for.
    """
    for some in _some(_claims(session, wanted)):
        known = _known_of(session, wanted, some)
        yield from ((one, known) for one in some)


def _claims(session: Session, wanted: Filters) -> Iterator[Gathered]:
    is_claim = (Entry.kind == EntryKind.CLAIM, *entries_wanted(Entry, wanted))
    counting = Filters(
        known_by=wanted.known_by,
        asserted_by=wanted.asserted_by,
        include_superseded=wanted.include_superseded,
    )
    asserted = hanging_on(listed(session, LISTINGS["stance"], counting, *is_claim), "entry")
    affirmed = hanging_on(affirmations(session, wanted, *is_claim, most=MOST_FOR), "entry")
    pairs = PairFilters(include_reconciled=True)
    first = replace(pairs, subject_kinds=(EntryKind.CLAIM,))
    as_subject = hanging_on(contradictions(session, wanted, first), "subject_ref")
    second, by_counter = replace(pairs, counter_kinds=(EntryKind.CLAIM,)), ("counter_ref",)
    sorted_pairs = contradictions(session, replace(wanted, sort=by_counter), second)
    as_counter = hanging_on(sorted_pairs, "counter_ref")
    for claim in claims(session, replace(wanted, sort=("ref",))):
        found = chain(
            ((pair, "counter") for pair in as_subject(claim.ref)),
            ((pair, "subject") for pair in as_counter(claim.ref)),
        )
        for_it = list(asserted(claim.ref)), list(affirmed(claim.ref))
        one = Gathered(claim, *for_it, _first(found))
        yield replace(one, more=_more(session, wanted, one, found))


def _first(found: Iterator[Against]) -> list[Against]:
    """Take the first pairs, which say whether the claim is contested."""
    first: list[Against] = []
    while not _contest(first) and (more := list(islice(found, AT_ONCE))):
        first += more
    return first


def _more(
    session: Session, wanted: Filters, one: Gathered, found: Iterator[Against]
) -> Iterator[tuple[Sequence[Against], Known]]:
    for some in batches(found):
        apart = replace(one, asserted=(), affirmed=(), pairs=some)
        yield some, _known_of(session, wanted, [apart])


def _some(found: Iterator[Gathered]) -> Iterator[list[Gathered]]:
    """Yield claims in lists that mention some hundred entries, so that these are asked at once."""
    some: list[Gathered] = []
    size = 0
    for one in found:
        some.append(one)
        size += one.size
        if size >= AT_ONCE:
            yield some
            some, size = [], 0
    if some:
        yield some


def _known_of(session: Session, wanted: Filters, some: Sequence[Gathered]) -> Known:
    entries = {one.claim.ref for one in some}
    actors = {actor for one in some for actor in (one.claim.actor, *one.claim.outlet)}
    propositions: set[str] = set()
    for one in some:
        actors.update(row.asserted_by for row in one.asserted)
        propositions.update(row.proposition for row in one.asserted)
        for row in one.affirmed:
            entries.add(row.ref)
            actors.update((row.actor, *row.asserted_by))
            propositions.update(row.propositions)
        for pair, side in one.pairs:
            other = end_of(pair, side)
            entries.add(other.ref)
            actors.update((other.actor, *pair.asserted_by))
            propositions.update(pair.propositions)
    return known_of(session, wanted, entries, actors, propositions)
