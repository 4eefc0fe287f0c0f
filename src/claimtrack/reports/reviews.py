"""The reviews of claims by assessments: how far each assessment supports the claim.

One row per claim, assessment, proposition on which both take a stance, and judge who reads the
assessment so, in this order, then by value. An assessment does not review a claim if their times
exclude each other (`weigh.opposition.find_time_exclusion`).

* `value` is that of the assessment's stance if the claim affirms the proposition, and its opposite
  if the claim denies it: -2 contradicts the claim outright, 0 leaves it open, 2 supports it. A
  claim with the value 0 cannot be reviewed; one that judges read both ways is reviewed both ways.
* `url` is the address of the document in which the reading was published, else of the first one by
  ref that shows the assessment, primary ones before the others. Only web addresses are used.

The filters apply to the claim; the assessment must be in scope.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.facts import EntryFacts, StanceFacts
from claimtrack.models import Citation, Document, Entry, Stance
from claimtrack.query.cache import BatchCache
from claimtrack.query.display_values import DisplayValues
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import (
    Filters,
    find_proposition_keys,
    match_filters,
    match_proposition,
)
from claimtrack.query.stance_readings import Reading, Readings
from claimtrack.query.visibility import (
    SHOWING_ROLES,
    Scope,
    cached_by_scope,
    citation_in_scope,
    entry_in_scope,
    stance_in_scope,
)
from claimtrack.sql import (
    BATCH_SIZE,
    batches,
    is_in_subquery,
    is_one_of,
    row_by_row,
    stream,
    without_index,
)
from claimtrack.vocab import CitationRole, EntryKind
from claimtrack.weigh.opposition import find_time_exclusion

_MOST_KEPT = 25_000
"""The greatest number of assessments whose addresses are cached."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What an assessment makes of a claim, as one judge reads it."""

    claim: str
    assessment: str
    proposition: str
    text: str
    asserted_by: str
    value: int
    turned: bool
    """Whether the claim denies the proposition, so that `value` is the opposite of the stance's."""
    basis: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    confidence: str | None
    rationale: str | None
    actor: str
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    summary: str
    url: str | None


def reviews(session: Session, filters: Filters | None = None) -> Iterator[ReviewRow]:
    """Yield the reviews of the claims that match the filters, in the order above.

    Sends one statement for the pairs of claim and assessment, and for each batch of them those that
    fetch facts, readings and values for display. Memory does not grow with their number.
    """
    filters = filters or Filters()
    return _Report(session, filters).rows(stream(session, _reviewed(filters)))


class _Report:
    """Makes the rows of claims and the assessments that may review them."""

    def __init__(self, session: Session, filters: Filters) -> None:
        self._session, self._filters = session, filters
        self._facts, self._readings = FactsLoader(session, filters), Readings(session, filters)
        self._shown = DisplayValues(session, filters, self._facts.actors)
        self._addresses = BatchCache(self._fetch_addresses, _MOST_KEPT)
        self._propositions = find_proposition_keys(session, filters)

    def rows(self, candidates: Iterator[Any]) -> Iterator[ReviewRow]:
        """Yield the rows of claims and assessments, two keys each, in their order."""
        for batch in batches(candidates):
            assessments = {assessment for _, assessment in batch}
            facts = self._facts.load({key for pair in batch for key in pair})
            readings = self._readings.entries.get_many(assessments)
            shown = self._shown.entries.get_many(assessments)
            addresses = self._addresses.get_many(assessments)
            for key, assessment in batch:
                claim, other = facts[key], shown[assessment]
                if find_time_exclusion(claim, facts[assessment]):
                    continue
                for reading, value in self._reviews(claim, readings[assessment]):
                    yield ReviewRow(
                        claim=claim.ref,
                        assessment=other.ref,
                        proposition=reading.proposition,
                        text=reading.text,
                        asserted_by=reading.asserted_by,
                        value=value,
                        turned=value != reading.value,
                        basis=reading.basis,
                        hedge=reading.hedge,
                        condition=reading.condition,
                        likelihood=reading.likelihood,
                        confidence=reading.confidence,
                        rationale=reading.rationale,
                        actor=other.actor,
                        date_from=other.date_from,
                        date_to=other.date_to,
                        time_from=other.time_from,
                        time_to=other.time_to,
                        summary=other.summary,
                        url=reading.url if _on_the_web(reading.url) else addresses[assessment],
                    )

    def _reviews(
        self, claim: EntryFacts, readings: tuple[Reading, ...]
    ) -> Iterator[tuple[Reading, int]]:
        """Yield the readings of an assessment that review a claim, each with its `value`."""
        for reading in readings:
            proposition = reading.key[0]
            if self._propositions is not None and proposition not in self._propositions:
                continue
            affirms = {one.value > 0 for one in claim.stances if _takes_side(one, proposition)}
            for value in sorted({reading.value if one else -reading.value for one in affirms}):
                yield reading, value

    def _fetch_addresses(self, keys: list[int]) -> Iterator[tuple[int, str | None]]:
        """Yield the first address at which each of some entries is shown on the web, if any."""
        for first in range(0, len(keys), BATCH_SIZE):
            some = keys[first : first + BATCH_SIZE]
            found = dict[int, str]()
            for entry, url in stream(self._session, _shown_at(self._filters), {"entries": some}):
                if _on_the_web(url):
                    found.setdefault(entry, url)
            yield from ((key, found.get(key)) for key in some)


def _takes_side(stance: StanceFacts, proposition: int) -> bool:
    return stance.proposition == proposition and stance.value != 0


def _on_the_web(url: str | None) -> bool:
    return url is not None and url.lower().startswith(("http://", "https://"))


@lru_cache(maxsize=8)  # once for each scope: building takes longer than running it
def _reviewed(filters: Filters) -> Select[int, int]:
    """Select the keys of matching claims and of the assessments on the same propositions."""
    claim, assessment = aliased(Entry), aliased(Entry)
    own, stance = aliased(Stance), aliased(Stance)
    on_it = (
        select(stance.entry_id)
        .join(own, own.proposition_id == stance.proposition_id)
        .where(own.entry_id == claim.id, own.value != 0)
        .where(*stance_in_scope(own, filters), *stance_in_scope(stance, filters))
        .where(*match_proposition(own.proposition_id, filters))
        .correlate(claim)
    )
    is_one = without_index(assessment.kind) == EntryKind.ASSESSMENT
    return (
        select(claim.id, assessment.id)
        .select_from(claim)
        .join(assessment, and_(is_in_subquery(assessment.id, on_it.scalar_subquery()), is_one))
        .where(claim.kind == EntryKind.CLAIM, *match_filters(claim, filters))
        .where(row_by_row(*entry_in_scope(assessment, filters)))
        .order_by(claim.ref, assessment.ref)
    )


@cached_by_scope
def _shown_at(scope: Scope) -> Select[int, str | None]:
    """Select the addresses of the documents that show entries: primary ones first, then by ref."""
    first_hand = case((Citation.role == CitationRole.PRIMARY, 0), else_=1)
    return (
        select(Citation.entry_id, Document.url)
        .join(Document, Document.id == Citation.document_id)
        .where(is_one_of(Citation.entry_id, "entries"), Citation.role.in_(SHOWING_ROLES))
        .where(Document.url.is_not(None), *citation_in_scope(Citation, scope))
        .order_by(first_hand, Document.ref)
    )
