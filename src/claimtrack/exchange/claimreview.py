"""Claims, and what assessments make of them, as schema.org JSON-LD.

* A Claim for each claim: its author, its day where it has one, and the documents that show it.
* A ClaimReview for each row of `reports.reviews` of which the reading has an address: from 1, where
  the assessment contradicts the claim outright, to 5, where it bears it out. The rating's words are
  the assessment's own hedge, else its summary.

Schema.org has no relation between claims; what contradicts what is in the other exports.

Source: schema.org 30.0, https://schema.org/ClaimReview; Google, Fact Check structured data.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import IO, Any

from sqlalchemy.orm import Session

from claimtrack import dates
from claimtrack.exchange.objects import (
    address,
    hanging_on,
    lasting_id,
    told,
    whole,
    write_objects,
)
from claimtrack.lookup import ActorRow, DocumentRow, EntryRow, list_records
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.models import Actor, Document
from claimtrack.reports.citations import CitationRow, citations_of
from claimtrack.reports.filters import Filters
from claimtrack.reports.glossary import SHOWS
from claimtrack.reports.reviews import ReviewRow, reviews
from claimtrack.sql import batches
from claimtrack.vocab import ActorKind

CONTEXT = "https://schema.org"
_TYPES = {
    ActorKind.PERSON: "Person",
    ActorKind.ANONYMOUS: "Person",
    ActorKind.OUTLET: "NewsMediaOrganization",
}
"""What is not here is an Organization."""
_MOST_KEPT = 5_000
"""Actors that are kept for what comes later."""
_EVERYONE = Filters(include_superseded=True)

Object = dict[str, Any]


def write_claimreview(session: Session, out: IO[bytes], wanted: Filters) -> None:
    """Write the claims wanted with their reviews, streamed; the same bytes for the same casebook.

    A fixed number of statements for some hundred claims and reviews.
    """
    nodes = (whole(node) for node in _nodes(session, wanted))
    write_objects(out, {"@context": CONTEXT}, "@graph", nodes)


def _nodes(session: Session, wanted: Filters) -> Iterator[Object]:
    node: Object = {}
    actors: dict[str, ActorRow] = {}
    for batch in batches(_told(session, wanted)):
        refs = [claim.ref for claim, review in batch if review is None]
        cited = citations_of(session, refs, wanted, SHOWS)
        found = [one for rows in cited.values() for one in rows]
        documents = _by_ref(session, "document", {one.document_ref for one in found})
        names = {(review or claim).actor for claim, review in batch}
        names |= {one.publisher for one in found}
        if len(actors) > _MOST_KEPT:
            actors.clear()
        actors |= _by_ref(session, "actor", names - actors.keys())
        for claim, review in batch:
            if review is None:
                node = _claim(claim, cited.get(claim.ref, []), documents, actors)
                yield node
            elif url := address(review.url):
                yield _review(review, url, node, actors)


def _told(session: Session, wanted: Filters) -> Iterator[tuple[EntryRow, ReviewRow | None]]:
    """Yield each claim by itself, then with each of its reviews, which may be thousands."""
    reviews_of = hanging_on(reviews(session, wanted), "claim")
    for claim in list_records(session, "claim", wanted):
        yield claim, None
        for review in reviews_of(claim.ref):
            yield claim, review


def _by_ref(session: Session, noun: str, refs: set[str]) -> Mapping[str, Any]:
    model = {"actor": Actor, "document": Document}[noun]
    if not refs:
        return {}
    rows = listed(session, LISTINGS[noun], _EVERYONE, model.ref.in_(refs))
    return {row.ref: row for row in rows}


def _claim(
    claim: EntryRow,
    cited: list[CitationRow],
    documents: Mapping[str, DocumentRow],
    actors: Mapping[str, ActorRow],
) -> Object:
    shown = {row.document_ref: documents[row.document_ref] for row in cited}
    appearances = {ref: _appearance(row, actors[row.publisher]) for ref, row in shown.items()}
    dated = [(row.published_from, ref) for ref, row in shown.items() if row.published_from]
    first = appearances[min(dated)[1]] if dated else None
    return {
        "@type": "Claim",
        "@id": _id("entry", claim.ref),
        **told(
            identifier=claim.ref,
            text=claim.summary,
            author=_actor(actors[claim.actor]),
            datePublished=_day(claim.date_from, claim.date_to),
            firstAppearance=first,
            appearance=list(appearances.values()),
        ),
    }


def _appearance(document: DocumentRow, publisher: ActorRow) -> Object:
    url, first = address(document.url), document.published_from
    return {
        "@type": "CreativeWork",
        "@id": _id("document", document.ref),
        **told(
            identifier=document.ref,
            url=url,
            headline=document.title,
            datePublished=_day(first, document.published_to or first),
            publisher=_actor(publisher),
        ),
    }


def _actor(actor: ActorRow) -> Object:
    return {
        "@type": _TYPES.get(ActorKind(actor.kind), "Organization"),
        "@id": _id("actor", actor.ref),
        **told(identifier=actor.ref, name=actor.name, description=actor.described_as),
    }


def _review(review: ReviewRow, url: str, claim: Object, actors: Mapping[str, ActorRow]) -> Object:
    key = (review.claim, review.assessment, review.proposition, review.asserted_by)
    return {
        "@type": "ClaimReview",
        "@id": _id("review", *key, str(review.value)),
        **told(
            url=url,
            claimReviewed=claim["text"],
            reviewAspect=review.text,
            author=_actor(actors[review.actor]),
            datePublished=_day(review.date_from, review.date_to),
            itemReviewed=claim,
            reviewRating={
                "@type": "Rating",
                "ratingValue": review.value + 3,
                "bestRating": 5,
                "worstRating": 1,
                "alternateName": review.hedge or review.summary,
                **told(ratingExplanation=review.rationale),
            },
        ),
    }


def _id(kind: str, *key: str) -> str:
    return lasting_id(kind, *key).urn


def _day(first: date | None, last: date | None) -> str | None:
    """Return a day, month or year; of an interval, which is none of these, nothing."""
    span = dates.format_span(first, last)
    return None if "/" in span else span
