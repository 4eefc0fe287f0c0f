"""Claims, and assessments of them, as schema.org JSON-LD.

* A Claim for each claim: its author, its date, and the documents in which it appeared (`primary`);
  those that only pass it on are `subjectOf`.
* A ClaimReview for each row of `reports.reviews` whose reading has a web address: from 1, where the
  assessment contradicts the claim outright, to 5, where it bears it out. The words of the rating
  are the assessment's own hedge where the claim affirms the proposition that it assesses, else its
  summary; a review whose number and words disagree is left out.

Schema.org has no relation between claims; the other exports have the contradictions.

Source: schema.org 30.0, https://schema.org/ClaimReview; Google, Fact Check structured data.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import IO, Any

from sqlalchemy import select

from claimtrack import dates
from claimtrack.addresses import to_web_uri
from claimtrack.db import Session
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.json_objects import (
    group_by_ref,
    in_one_part,
    make_stable_id,
    without_empty,
    write_objects,
)
from claimtrack.exchange.exports.selection import note_left_out
from claimtrack.exchange.imports.profile_files import get_profile_path, read_profile
from claimtrack.exchange.imports.profiles import Scale, iter_parts
from claimtrack.exchange.imports.ratings import are_consistent, normalise_words
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import ActorRow, DocumentRow, EntryRow, list_records
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.models import Actor, Document, Entry, Participation
from claimtrack.query.filters import Filters
from claimtrack.reports.citations import CitationRow, get_citations
from claimtrack.reports.reviews import ReviewRow, reviews
from claimtrack.sql import batches, is_one_of, stream
from claimtrack.vocab import ActorKind, CitationRole, EntryKind, ParticipationRole

CONTEXT = "https://schema.org"
_TYPES = {
    ActorKind.PERSON: "Person",
    ActorKind.ANONYMOUS: "Person",
    ActorKind.OUTLET: "NewsMediaOrganization",
}
"""The types of actors; any other is an Organization."""
_MOST_KEPT = 5_000
"""The greatest number of actors that are cached for later claims."""
_EVERYONE = Filters(include_superseded=True)

_LEFT = "cannot be represented in schema.org, and is left out"

Object = dict[str, Any]


def export(work: Export, out: IO[bytes]) -> None:
    """Write the claims of an export."""
    write_claimreview(work.session, out, work.filters, work.notes)


def write_claimreview(session: Session, out: IO[bytes], filters: Filters, notes: Notes) -> None:
    """Write the chosen claims with their reviews, streamed; the same bytes for the same casebook.

    A fixed number of statements for some hundred claims and reviews. What is left out is counted in
    `notes`.
    """
    note_left_out(session, filters, notes, EntryKind.CLAIM)
    nodes = (in_one_part(node) for node in _nodes(session, filters, notes))
    write_objects(out, {"@context": CONTEXT}, "@graph", nodes)


def _nodes(session: Session, filters: Filters, notes: Notes) -> Iterator[Object]:
    node: Object = {}
    actors: dict[str, ActorRow] = {}
    for batch in batches(_list_claims_and_reviews(session, filters)):
        refs = [claim.ref for claim, review in batch if review is None]
        cited = get_citations(session, refs, filters)
        co_actors = _co_actors(session, refs, notes)
        found = [one for rows in cited.values() for one in rows]
        documents = _by_ref(session, "document", {one.document_ref for one in found})
        names = {(review or claim).actor for claim, review in batch}
        names |= {one.publisher for one in found} | {one for of in co_actors.values() for one in of}
        if len(actors) > _MOST_KEPT:
            actors.clear()
        actors |= _by_ref(session, "actor", names - actors.keys())
        for claim, review in batch:
            if review is None:
                authors = [actors[ref] for ref in (claim.actor, *co_actors.get(claim.ref, ()))]
                shown = [(row, documents[row.document_ref]) for row in cited.get(claim.ref, [])]
                node = _claim(claim, authors, _Works(shown, actors, notes))
                yield node
            else:
                yield from _review(review, node, actors, notes)


def _list_claims_and_reviews(
    session: Session, filters: Filters
) -> Iterator[tuple[EntryRow, ReviewRow | None]]:
    """Yield each claim by itself, then again with each of its reviews, which may be thousands."""
    reviews_of = group_by_ref(reviews(session, filters), "claim")
    for claim in list_records(session, "claim", filters):
        yield claim, None
        for review in reviews_of(claim.ref):
            yield claim, review


def _by_ref(session: Session, noun: str, refs: set[str]) -> Mapping[str, Any]:
    model = {"actor": Actor, "document": Document}[noun]
    if not refs:
        return {}
    rows = listed(session, LISTINGS[noun], _EVERYONE, model.ref.in_(refs))
    return {row.ref: row for row in rows}


def _co_actors(session: Session, refs: list[str], notes: Notes) -> Mapping[str, list[str]]:
    """Return the co-actors of some claims, by ref; one statement."""
    query = (
        select(Entry.ref, Actor.ref, Participation.role)
        .select_from(Participation)
        .join(Entry, Entry.id == Participation.entry_id)
        .join(Actor, Actor.id == Participation.actor_id)
        .where(is_one_of(Entry.ref, "refs"))
        .order_by(Entry.ref, Actor.ref)
    )
    found: dict[str, list[str]] = {}
    for entry, actor, role in stream(session, query, {"refs": refs}):
        if role == ParticipationRole.CO_ACTOR:
            found.setdefault(entry, []).append(actor)
        else:
            notes.add(f"participant ({role}) of a claim", "", _LEFT)
    return found


class _Works:
    """The documents of a claim as works: those in which it appeared, and those that pass it on."""

    def __init__(
        self,
        cited: Sequence[tuple[CitationRow, DocumentRow]],
        actors: Mapping[str, ActorRow],
        notes: Notes,
    ) -> None:
        self.actors, self.notes = actors, notes
        by_role: dict[str, dict[str, DocumentRow]] = {role: {} for role in CitationRole}
        for row, document in cited:
            by_role[row.role][document.ref] = document
            if row.role == CitationRole.SUPPORT:
                notes.add("citation (support) of a claim", "", _LEFT)
            if row.exact:
                notes.add("quotation of a claim", "", _LEFT)
        primary, relays = by_role[CitationRole.PRIMARY], by_role[CitationRole.RELAY]
        self.primary = {ref: self._work(document) for ref, document in primary.items()}
        self.relays = [self._work(relays[ref]) for ref in relays if ref not in primary]
        self._days = [(one.published_from, one.published_to, ref) for ref, one in primary.items()]

    def first(self) -> Object | None:
        """Return the work in which the claim appeared before all others.

        None if that is unknown.
        """
        dated = sorted((first, last or first, ref) for first, last, ref in self._days if first)
        if not dated or len(dated) < len(self._days):
            return None
        if dated[1:] and dated[1][0] <= dated[0][1]:
            return None
        return self.primary[dated[0][2]]

    def _work(self, document: DocumentRow) -> Object:
        url, first = to_web_uri(document.url), document.published_from
        if document.url and not url:
            self.notes.add("url", document.url, "is not a web address, and is left out")
        return {
            "@type": "CreativeWork",
            "@id": _id("document", document.ref),
            **without_empty(
                identifier=document.ref,
                url=url,
                headline=document.title,
                datePublished=_day(first, document.published_to or first, self.notes),
                publisher=_actor(self.actors[document.publisher]),
            ),
        }


def _claim(claim: EntryRow, authors: Sequence[ActorRow], works: _Works) -> Object:
    if claim.on_behalf_of:
        works.notes.add("on_behalf_of of a claim", "", _LEFT)
    by = [_actor(author) for author in authors]
    return {
        "@type": "Claim",
        "@id": _id("entry", claim.ref),
        **without_empty(
            identifier=claim.ref,
            text=claim.summary,
            author=by if len(by) > 1 else by[0],
            datePublished=_day(claim.date_from, claim.date_to, works.notes),
            firstAppearance=works.first(),
            appearance=list(works.primary.values()),
            subjectOf=works.relays,
        ),
    }


def _actor(actor: ActorRow) -> Object:
    return {
        "@type": _TYPES.get(ActorKind(actor.kind), "Organization"),
        "@id": _id("actor", actor.ref),
        **without_empty(identifier=actor.ref, name=actor.name, description=actor.described_as),
    }


def _review(
    review: ReviewRow, claim: Object, actors: Mapping[str, ActorRow], notes: Notes
) -> Iterator[Object]:
    """Yield a review as a node, unless it has no web address, or its number and words disagree."""
    words = _words(review)
    last = words.rpartition('": ')[2]  # of a summary that the profile made: "claim": words
    meaning = _meaning().get(normalise_words(last))
    if not (url := to_web_uri(review.url)):
        why = "no document of it has one" if not review.url else f"{review.url!r} is none"
        name = f"review by {review.assessment}"
        notes.add(name, "", f"is left out: a ClaimReview needs a web address, and {why}")
    elif meaning is not None and not are_consistent(Fraction(review.value), meaning):
        name = f"review of {review.claim} by {review.assessment}"
        rating = f"rating {review.value + 3} of 1 to 5 and {words!r} disagree"
        notes.add(name, "", f"is left out: {rating}")
    else:
        yield _node(review, url, words, claim, actors, notes)


def _words(review: ReviewRow) -> str:
    """Return the words of a rating.

    A hedge describes the proposition, not a claim that denies it.
    """
    return review.summary if review.turned or not review.hedge else review.hedge


@cache
def _meaning() -> Mapping[str, int]:
    """Return the values of known rating words, from the profile `claimreview`."""
    parts = iter_parts(read_profile(get_profile_path("claimreview")))
    return next(part.meaning for _, part in parts if isinstance(part, Scale))


def _explained(review: ReviewRow) -> str:
    """Return the limits of a rating, and its rationale."""
    likelihood = review.likelihood and review.likelihood.replace("_", " ")
    limits = {
        "Condition": review.condition,
        "Likelihood": likelihood,
        "Confidence": review.confidence,
    }
    described = [f"{name}: {value}" for name, value in limits.items() if value]
    return ". ".join([*described, *filter(None, [review.rationale])])


def _node(
    review: ReviewRow,
    url: str,
    words: str,
    claim: Object,
    actors: Mapping[str, ActorRow],
    notes: Notes,
) -> Object:
    key = (review.claim, review.assessment, review.proposition, review.asserted_by)
    return {
        "@type": "ClaimReview",
        "@id": _id("review", *key, str(review.value)),
        **without_empty(
            url=url,
            claimReviewed=claim["text"],
            reviewAspect=review.text,
            author=_actor(actors[review.actor]),
            datePublished=_day(review.date_from, review.date_to, notes),
            itemReviewed=claim,
            reviewRating={
                "@type": "Rating",
                "ratingValue": review.value + 3,
                "bestRating": 5,
                "worstRating": 1,
                "alternateName": words,
                **without_empty(ratingExplanation=_explained(review)),
            },
        ),
    }


def _id(kind: str, *key: str) -> str:
    return make_stable_id(kind, *key).urn


def _day(first: date | None, last: date | None, notes: Notes) -> str | None:
    """Return a day, month or year; None, with a note, for any other interval."""
    span = dates.format_span(first, last)
    if "/" not in span:
        return span
    notes.add("datePublished", span, "is not a day, month or year, and is left out")
    return None
