"""Claims and their reviews as JSON-LD, as another program reads them."""

import io
import json
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from sqlalchemy.orm import Session

from casebook import Casebook
from claimtrack import db, lookup, sql
from claimtrack.exchange import claimreview
from claimtrack.exchange.objects import lasting_id
from claimtrack.lookup import list_records
from claimtrack.reports.citations import citations
from claimtrack.reports.filters import Filters
from claimtrack.reports.reviews import ReviewRow, reviews
from commandline import CommandLine
from conftest import NewTarget, Typed
from test_graph import FILTERS
from test_stix import fill

SCHEMA = Namespace("http://schema.org/")
NAMES = (
    *("Claim", "ClaimReview", "CreativeWork", "NewsMediaOrganization", "Organization", "Person"),
    *("Rating", "alternateName", "appearance", "author", "bestRating", "claimReviewed"),
    *("description", "firstAppearance", "headline", "identifier", "itemReviewed", "name"),
    *("publisher", "ratingExplanation", "ratingValue", "reviewAspect", "reviewRating", "text"),
    "worstRating",
)
CONTEXT = {
    **{name: str(SCHEMA[name]) for name in NAMES},
    "url": {"@id": str(SCHEMA.url), "@type": "@id"},
    "datePublished": {"@id": str(SCHEMA.datePublished), "@type": str(SCHEMA.Date)},
}
"""What the context at schema.org, release 30.0, says of the names that are used; no other."""


def fill_more(case: Casebook) -> None:
    fill(case)
    case.claim("N", denies="p", date_from="2024-05-01", date_to="2024-05-31", cites="D")
    case.claim("O", stances={"p": 0}).claim("Late", affirms="p", date_from="2024-05-01")
    case.document("Y", url="https://example.org/y", published="2023-12-31").cite("C", "Y", "relay")
    case.cite("C", "R", "support").assessment("K", affirms="q").cite("K", "Y", "support")
    case.assessment("L", stances={"p": -2}, cites="D")
    case.document("X", url="https://example.org/x").stance("L", "p", 1, document="X", judge="b")


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    fill_more(made)
    session.flush()
    return made


def written(session: Session, wanted: Filters = Filters()) -> bytes:  # noqa: B008
    out = io.BytesIO()
    claimreview.write_claimreview(session, out, wanted)
    return out.getvalue()


def read(said: bytes) -> Graph:
    """Read it with what is known of the context, which is not to be fetched."""
    document = json.loads(said, object_hook=_known)
    assert document["@context"] == "https://schema.org"
    document["@context"] = CONTEXT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rdflib about itself
        return Graph().parse(data=json.dumps(document), format="json-ld")


def _known(found: dict[str, Any]) -> dict[str, Any]:
    used = {*found, found.get("@type", "Claim")}
    assert used <= {*CONTEXT, "@context", "@graph", "@id", "@type"}
    return found


def values(graph: Graph, of: Any, name: str) -> set[str]:
    return {str(value) for value in graph.objects(of, SCHEMA[name])}


def entry(ref: str) -> URIRef:
    return URIRef(lasting_id("entry", ref).urn)


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_there_is_a_claim_for_each_claim_with_what_shows_it(
    case: Casebook, session: Session, wanted: Filters
) -> None:
    graph = read(written(session, wanted))
    claims = {row.ref: row for row in list_records(session, "claim", wanted)}
    names = {row.ref: row.name for row in list_records(session, "actor")}
    found = set(graph.subjects(RDF.type, SCHEMA.Claim))
    assert found == {entry(ref) for ref in claims}
    shown = {
        (row.entry_ref, row.document_ref) for row in citations(session) if row.role != "support"
    }
    for ref, row in claims.items():
        node = entry(ref)
        assert values(graph, node, "text") == {row.summary}
        (author,) = graph.objects(node, SCHEMA.author)
        assert values(graph, author, "name") == {names[row.actor]}
        appearances = {
            str(name)
            for one in graph.objects(node, SCHEMA.appearance)
            for name in graph.objects(one, SCHEMA.identifier)
        }
        assert appearances == {document for claim, document in shown if claim == ref}


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_there_is_a_review_for_each_reading_that_has_an_address(
    case: Casebook, session: Session, wanted: Filters
) -> None:
    graph = read(written(session, wanted))
    found = set()
    for node in graph.subjects(RDF.type, SCHEMA.ClaimReview):
        (item,) = graph.objects(node, SCHEMA.itemReviewed)
        (rating,) = graph.objects(node, SCHEMA.reviewRating)
        assert values(graph, item, "text") == values(graph, node, "claimReviewed")
        assert values(graph, rating, "bestRating") == {"5"}
        assert values(graph, rating, "worstRating") == {"1"}
        (value,) = graph.objects(rating, SCHEMA.ratingValue)
        assert isinstance(value, Literal)
        (url,) = graph.objects(node, SCHEMA.url)
        assert isinstance(url, URIRef)
        found.add((item, int(value), *values(graph, rating, "alternateName"), str(url)))
    expected = {
        (entry(row.claim), row.value + 3, row.hedge or row.summary, address(row))
        for row in reviews(session, wanted)
        if row.url
    }
    assert found == expected


def address(row: ReviewRow) -> str:
    return str(row.url).replace("é", "%C3%A9").replace(" ", "%20")


def test_it_is_the_same_in_however_many_pieces_it_is_looked_up(
    case: Casebook, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = written(session)
    monkeypatch.setattr(claimreview, "_MOST_KEPT", 0)
    for many in (1, 2, 3):
        monkeypatch.setattr(sql, "AT_ONCE", many)
        assert written(session) == expected


def test_a_review_needs_a_stance_of_both_and_tells_how_far_the_claim_is_borne_out(
    case: Casebook, session: Session
) -> None:
    found = sorted(
        (row.claim, row.assessment, row.asserted_by, row.value, row.url or "")
        for row in reviews(session)
    )
    quoted, published = "https://example.org/é?a=1 b#c", "https://example.org/x"
    assert found == [
        *(("C", "J", "reader", -1, quoted), ("C", "L", "b", 1, published)),
        *(("C", "L", "coder", -2, ""), ("E", "K", "coder", 2, "")),
        *(("Late", "J", "reader", -1, quoted), ("Late", "L", "b", 1, published)),
        *(("Late", "L", "coder", -2, ""), ("N", "J", "reader", 1, quoted)),
        *(("N", "L", "b", -1, published), ("N", "L", "coder", 2, "")),
    ]
    assert {row.hedge for row in reviews(session) if row.assessment == "J"} == {"far from likely"}


def test_a_claim_that_judges_read_both_ways_is_reviewed_both_ways(
    case: Casebook, session: Session
) -> None:
    case.stance("C", "p", -1, judge="other").stance("C", "p", 1, judge="third")
    session.flush()
    found = [row.value for row in reviews(session) if (row.claim, row.assessment) == ("C", "J")]
    assert found == [-1, 1]


def test_what_was_not_known_and_not_asked_for_reviews_nothing(
    case: Casebook, session: Session
) -> None:
    assert {row.asserted_by for row in reviews(session, Filters(asserted_by=("b",)))} == set()
    assert list(reviews(session, Filters(known_by=date(2024, 1, 1)))) == []
    case.link("K", "supersedes", "J")
    session.flush()
    assert {row.assessment for row in reviews(session)} == {"K", "L"}


def test_days_months_and_years_are_dates_and_intervals_are_none(
    case: Casebook, session: Session
) -> None:
    graph = read(written(session))
    (day,) = graph.objects(entry("C"), SCHEMA.datePublished)
    assert day == Literal("2024-01-25", datatype=SCHEMA.Date)
    assert values(graph, entry("N"), "datePublished") == {"2024-05"}
    assert values(graph, entry("Late"), "datePublished") == set()
    (first,) = graph.objects(entry("C"), SCHEMA.firstAppearance)
    assert values(graph, first, "identifier") == {"Y"}


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(fill_more)


def test_the_reviews_come_back_through_the_profile(
    line: CommandLine, tmp_path: Path, new_target: NewTarget
) -> None:
    file = tmp_path / "claims.jsonld"
    line.does("export", "claimreview", str(file))
    nodes = json.loads(file.read_bytes())["@graph"]
    exported = [one for one in nodes if one["@type"] == "ClaimReview"]
    with new_target("sqlite") as target:
        other = CommandLine(target)
        other.does("import", "claimreview", str(file))
        with db.reading(db.connect(target)) as session:
            stances = [
                (row.value, row.hedge)
                for row in list_records(session, "stance")
                if row.entry.startswith("review-of-")
            ]
            assert lookup.status(session).assessments == len(exported) > 2
    ratings = [one["reviewRating"] for one in exported]
    expected = [(one["ratingValue"] - 3, one["alternateName"]) for one in ratings]
    assert sorted(stances) == sorted(expected)
