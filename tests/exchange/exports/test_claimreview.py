"""Claims and their reviews as JSON-LD, as another program reads them."""

import io
import json
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from casebook import Casebook
from claimtrack import db, lookup, sql
from claimtrack.db import Session, sessions
from claimtrack.exchange.exports import claimreview
from claimtrack.exchange.exports.json_objects import make_stable_id
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.tables.csv_tables import rows_of
from claimtrack.lookup import list_records
from claimtrack.query.filters import Filters
from claimtrack.reports.citations import citations
from claimtrack.reports.reviews import ReviewRow, reviews
from commandline import CommandLine
from conftest import NewTarget, Typed
from exchange.exports.exported_casebooks import FILTERS, fill_more

SCHEMA = Namespace("http://schema.org/")
NAMES = (
    *("Claim", "ClaimReview", "CreativeWork", "NewsMediaOrganization", "Organization", "Person"),
    *("Rating", "alternateName", "appearance", "author", "bestRating", "claimReviewed"),
    *("description", "firstAppearance", "headline", "identifier", "itemReviewed", "name"),
    *("publisher", "ratingExplanation", "ratingValue", "reviewAspect", "reviewRating", "text"),
    *("subjectOf", "worstRating"),
)
CONTEXT = {
    **{name: str(SCHEMA[name]) for name in NAMES},
    "url": {"@id": str(SCHEMA.url), "@type": "@id"},
    "datePublished": {"@id": str(SCHEMA.datePublished), "@type": str(SCHEMA.Date)},
}
"""What the context at schema.org, release 30.0, says of the names that are used; no other."""


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    fill_more(made)
    session.flush()
    return made


def written(
    session: Session,
    wanted: Filters = Filters(),  # noqa: B008
    notes: Notes = Notes(),  # noqa: B008
) -> bytes:
    out = io.BytesIO()
    claimreview.write_claimreview(session, out, wanted, notes)
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
    return URIRef(make_stable_id("entry", ref).urn)


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_there_is_a_claim_for_each_claim_with_what_shows_it(
    case: Casebook, session: Session, wanted: Filters
) -> None:
    graph = read(written(session, wanted))
    claims = {row.ref: row for row in list_records(session, "claim", wanted)}
    names = {row.ref: row.name for row in list_records(session, "actor")}
    found = set(graph.subjects(RDF.type, SCHEMA.Claim))
    assert found == {entry(ref) for ref in claims}
    shown = {(row.entry_ref, row.document_ref, row.role) for row in citations(session)}
    for ref, row in claims.items():
        node = entry(ref)
        assert values(graph, node, "text") == {row.summary}
        (author,) = graph.objects(node, SCHEMA.author)
        assert values(graph, author, "name") == {names[row.actor]}
        for relation, role in (("appearance", "primary"), ("subjectOf", "relay")):
            works = {
                str(name)
                for one in graph.objects(node, SCHEMA[relation])
                for name in graph.objects(one, SCHEMA.identifier)
            }
            assert works == {name for claim, name, of in shown if (claim, of) == (ref, role)}


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
        (
            entry(row.claim),
            row.value + 3,
            row.summary if row.turned or not row.hedge else row.hedge,
            address(row),
        )
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
        monkeypatch.setattr(sql, "BATCH_SIZE", many)
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


@pytest.mark.parametrize(
    ("published", "first"),
    [
        pytest.param(["2024-01-02"], {"A0"}, id="one"),
        pytest.param(["2024-01-03", "2024-01-02"], {"A1"}, id="the earliest"),
        pytest.param(["2024-01-02", None], set(), id="one is undated"),
        pytest.param(["2024-01-02", "2024-01-02"], set(), id="two on a day"),
        pytest.param(["2024-01-02", "2024-01"], set(), id="one may be earlier"),
        pytest.param([], set(), id="none"),
    ],
)
def test_a_claim_first_appeared_where_that_is_sure_and_never_where_it_was_passed_on(
    case: Casebook, session: Session, published: list[str | None], first: set[str]
) -> None:
    case.claim("New", affirms="p").cite("New", "Y", "relay")
    for number, day in enumerate(published):
        case.document(f"A{number}", published=day).cite("New", f"A{number}")
    session.flush()
    graph = read(written(session))
    found = graph.objects(entry("New"), SCHEMA.firstAppearance)
    assert {name for one in found for name in values(graph, one, "identifier")} == first


def test_whoever_made_a_claim_with_its_actor_is_its_author_too(
    case: Casebook, session: Session
) -> None:
    with_others = [{"actor": "a", "role": "co_actor"}, {"actor": "z", "role": "addressee"}]
    case.claim("New", actor="boss", participants=with_others)
    session.flush()
    notes = Notes()
    graph = read(written(session, notes=notes))
    authors = graph.objects(entry("New"), SCHEMA.author)
    assert {name for one in authors for name in values(graph, one, "identifier")} == {"boss", "a"}
    assert "participant (addressee) of a claim cannot be represented in schema.org" in told(notes)


def told(notes: Notes) -> str:
    return "\n".join(notes.lines(99))


def test_no_rating_is_written_beside_words_that_say_another(
    case: Casebook, session: Session
) -> None:
    case.document("W", url="https://example.org/w").assessment("Odd", cites="W")
    case.stance("Odd", "p", -2, hedge="TRUE.")
    case.assessment("Own", summary='"What C says.": True', cites="W").stance("Own", "p", -2)
    case.assessment("Even", cites="W").stance("Even", "p", -2, hedge="False")
    session.flush()
    notes = Notes()
    nodes = json.loads(written(session, notes=notes))["@graph"]
    ratings = [one["reviewRating"] for one in nodes if one["@type"] == "ClaimReview"]
    words = {one["alternateName"]: one["ratingValue"] for one in ratings}
    assert (words["False"], words.get("TRUE.")) == (1, None)
    assert (
        "review of C by Odd is left out: rating 1 of 1 to 5 and 'TRUE.' disagree (1 time)"
        in told(notes)
    )
    assert "review of C by Own is left out: rating 1 of 1 to 5 and " in told(notes)
    # N denies p: what is false of p is true of N, and the hedge of p is no rating of it
    of_n = [one["reviewRating"] for one in nodes if one.get("claimReviewed") == "What N says."]
    best = {one["alternateName"] for one in of_n if one["ratingValue"] == 5}
    assert {"What Even says.", "What Odd says."} <= best


def test_a_review_without_an_address_of_the_web_is_left_out_and_noted(
    case: Casebook, session: Session
) -> None:
    case.document("W", url="ftp://example.org/w").assessment("Off", affirms="p", cites="W")
    session.flush()
    notes = Notes()
    text = written(session, notes=notes).decode()
    assert "What Off says." not in text
    why = "a ClaimReview needs a web address, and no document of it has one"
    assert f"review by Off is left out: {why} (" in told(notes)


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
        with sessions.reading(db.connect(target)) as session:
            stances = [
                (row.value, row.hedge)
                for row in list_records(session, "stance")
                if row.entry.startswith("review-of-")
            ]
            assert lookup.status(session).assessments == len(exported) > 2
    ratings = [one["reviewRating"] for one in exported]
    expected = [(one["ratingValue"] - 3, one["alternateName"]) for one in ratings]
    assert sorted(stances) == sorted(expected)


def test_an_imported_casebook_comes_back_from_its_export_with_equal_roles_and_ratings(
    tmp_path: Path, new_target: NewTarget
) -> None:
    file, back = tmp_path / "reviews.json", tmp_path / "back.jsonld"
    file.write_text(json.dumps(REVIEWS), encoding="utf-8")
    seen = []
    for source in (file, back):
        with new_target("sqlite") as target:
            line = CommandLine(target)
            line.does("import", "claimreview", str(source))
            line.does("export", "claimreview", str(back))
            seen.append(held(target))
    assert seen[0] == seen[1]
    citations, stances, participants = seen[0]
    assert {(role, url) for _, role, url, _ in citations if "facts" not in (url or "")} == {
        ("primary", None),
        ("primary", "https://post.example/1"),
        ("primary", "https://post.example/2"),
        ("relay", "https://paper.example/1"),
    }
    assert {value for *_, value, _ in stances} == {2, 1, -2}
    assert participants == [("It rains", "Ben", "co_actor")]


def held(target: str) -> tuple[list[Any], ...]:
    """The citations, stances and participants of a casebook, under what their records say."""
    with sessions.reading(db.connect(target)) as session:
        texts = {row.ref: row.summary for row in list_records(session, "entry")}
        names = {row.ref: row.name for row in list_records(session, "actor")}
        propositions = {row.ref: row.text for row in list_records(session, "proposition")}
        cited = [
            (texts[row.entry_ref], row.role, row.url, names[row.publisher])
            for row in citations(session)
        ]
        stances = [
            (texts[row.entry], propositions[row.proposition], row.value, row.hedge)
            for row in list_records(session, "stance")
        ]
        others = [
            (texts[row.entry], names[row.actor], row.role)
            for row in rows_of(session, "participation")
        ]
    order = str
    return sorted(cited, key=order), sorted(stances, key=order), sorted(others)


FACTS = {"@type": "Organization", "name": "Facts"}
REVIEWS = [
    {
        "@type": "ClaimReview",
        "url": "https://facts.example/1",
        "author": FACTS,
        "datePublished": "2024-05-02",
        "claimReviewed": "It rains",
        "itemReviewed": {
            "author": [{"@type": "Person", "name": "Ann"}, {"@type": "Person", "name": "Ben"}],
            "datePublished": "2024-05-01",
            "firstAppearance": "https://post.example/1",
            "appearance": [{"url": "https://post.example/2"}, {"headline": "A speech"}],
            "subjectOf": {"url": "https://paper.example/1"},
        },
        "reviewRating": {"ratingValue": 1, "bestRating": 6, "alternateName": "False"},
    },
    {
        "@type": "ClaimReview",
        "url": "https://facts.example/2",
        "author": FACTS,
        "claimReviewed": "It snows",
        "itemReviewed": {"author": {"@type": "Person", "name": "Ann"}},
        "reviewRating": {"ratingValue": "4/5", "alternateName": "Mostly true"},
    },
    {
        "@type": "ClaimReview",
        "url": "https://facts.example/3",
        "author": FACTS,
        "claimReviewed": "It thaws",
        "itemReviewed": {"author": "Cid", "appearance": "https://facts.example/3"},
        "reviewRating": {"ratingValue": 5, "alternateName": "Four suns"},
    },
]
