"""ClaimReviews as publishers write them: every list is taken whole, and what is not is noted."""

from typing import Any

import pytest

from claimtrack.errors import Invalid
from claimtrack.exchange.imports.claimreview import split_claims
from claimtrack.exchange.notes import Notes

URL = "https://facts.example/1"
ANN, BEN = {"@type": "Person", "name": "Ann"}, {"@type": "Person", "name": "Ben"}


def rows_of(item: Any, **node: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of a ClaimReview, and its notes without their counts."""
    notes = Notes()
    given = {"url": URL, "claimReviewed": "It rains", "itemReviewed": item, **node}
    rows = list(split_claims(given, notes))
    return rows, [line.rpartition(" (")[0] for line in notes.lines(99)]


def places(item: Any, name: str = "appearance") -> tuple[list[str], list[str]]:
    [row], notes = rows_of(item)
    return [work.get("url", "") for work in row["itemReviewed"][name]], notes


def test_each_claim_of_a_list_is_a_row_with_its_own_text_and_author() -> None:
    rows, notes = rows_of([{"author": ANN}, {"author": BEN}], claimReviewed=["A", "B"])
    assert [(row["claimReviewed"], row["itemReviewed"]["author"]["name"]) for row in rows] == [
        ("A", "Ann"),
        ("B", "Ben"),
    ]
    assert notes == ["claimReviewed is a list, put to those of itemReviewed in their order"]


def test_claims_that_have_their_own_text_keep_it_in_any_order() -> None:
    items = [{"author": ANN, "text": "B"}, {"author": BEN, "text": "A"}]
    rows, notes = rows_of(items, claimReviewed=["A", "B"])
    assert [row["claimReviewed"] for row in rows] == ["B", "A"]
    assert notes == []


def test_several_texts_of_one_claimant_are_a_claim_each() -> None:
    rows, _ = rows_of({"author": ANN}, claimReviewed=["A", "B"])
    assert [(row["claimReviewed"], row["itemReviewed"]["author"]["name"]) for row in rows] == [
        ("A", "Ann"),
        ("B", "Ann"),
    ]


def test_one_text_of_several_claimants_is_a_claim_of_each_and_one_review() -> None:
    rows, _ = rows_of([{"author": BEN}, {"author": ANN}])
    assert [(row["claimed_by"], row.get("again")) for row in rows] == [
        ("Ben", None),
        ("Ann", "true"),
    ]


def test_one_claim_that_is_listed_twice_is_one_with_both_places() -> None:
    items = [
        {"author": ANN, "url": "https://one.example", "datePublished": "2024-01-01"},
        {"author": ANN, "url": "https://two.example", "datePublished": "2024-01-02"},
    ]
    [row], notes = rows_of(items)
    assert [work["url"] for work in row["itemReviewed"]["appearance"]] == [
        "https://one.example",
        "https://two.example",
    ]
    assert notes == [
        "itemReviewed.datePublished '2024-01-02' is another than that of the same claim above and "
        "is left out"
    ]


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(Invalid, match=r"^claimReviewed holds 2 texts, and itemReviewed 3 claims: "):
        rows_of([{"author": ANN}, {"author": BEN}, {"url": URL}], claimReviewed=["A", "B"])


def test_translations_of_a_text_are_one_claim() -> None:
    texts = [{"@language": "en", "@value": "Rain"}, {"@language": "de", "@value": "Regen"}]
    [row], notes = rows_of({}, claimReviewed=texts)
    assert row["claimReviewed"] == "Rain"
    assert notes == ["claimReviewed 'Regen' is in another language, de, and is left out"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        pytest.param([ANN, BEN], ["Ann", "Ben"], id="a list"),
        pytest.param({"@list": ["Ann", "Ben"]}, ["Ann", "Ben"], id="names in order"),
        pytest.param({"@type": "Person", "name": ["Ann", "Ben"]}, ["Ann", "Ben"], id="two names"),
        pytest.param([[ANN], ANN, "Ben"], ["Ann", "Ben"], id="one twice"),
        pytest.param("Ann", ["Ann"], id="a name"),
    ],
)
def test_every_author_is_kept(author: Any, names: list[str]) -> None:
    [row], notes = rows_of({"author": author}, author=author)
    for of in (row, row["itemReviewed"]):
        assert [of["author"]["name"], *(one["name"] for one in of["co_authors"])] == names
    assert notes == []


def test_an_author_without_a_name_is_noted() -> None:
    [row], notes = rows_of({"author": [{"@id": "#ann"}, BEN]})
    assert row["itemReviewed"]["author"]["name"] == "Ben"
    assert notes == ["itemReviewed.author '#ann' has no name and is left out"]


def test_of_several_types_the_one_that_is_known_counts() -> None:
    [row], _ = rows_of({"author": {"@type": ["Thing", "schema:Person"], "name": "Ann"}})
    assert row["itemReviewed"]["author"]["@type"] == "Person"


ONE, TWO = "https://one.example/a,b", "http://two.example/?c=1"


@pytest.mark.parametrize(
    "item",
    [
        pytest.param({"appearance": [ONE, {"url": TWO}]}, id="appearance"),
        pytest.param({"firstAppearance": {"@id": ONE}, "appearance": TWO}, id="first and others"),
        pytest.param({"url": [ONE, TWO]}, id="url"),
        pytest.param({"url": ONE, "sameAs": [TWO, ONE]}, id="url and sameAs"),
        pytest.param({"appearance": {"url": [ONE, TWO]}}, id="one work, two addresses"),
        pytest.param({"appearance": {"contentUrl": ONE}, "sameAs": TWO}, id="a film"),
        pytest.param({"appearance": f"{ONE} and {TWO}"}, id="and"),
        pytest.param({"appearance": f"{ONE}, {TWO}"}, id="a comma"),
        pytest.param({"appearance": f" {ONE}\n{TWO} "}, id="white space"),
        pytest.param({"appearance": f"{ONE};{TWO}"}, id="a semicolon"),
        pytest.param([ONE, TWO], id="claims that are addresses"),
    ],
)
def test_every_place_of_a_claim_is_kept(item: Any) -> None:
    assert places(item) == ([ONE, TWO], [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("www.example.org/x", id="no scheme"),
        pytest.param('{"http://example.org/1": ["About"]}', id="JSON"),
        pytest.param("https://example.org/a page", id="white space"),
        pytest.param("https://example.org/1 (archived)", id="a remark"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("http://", id="no host"),
        pytest.param("A post of Ann", id="words"),
        pytest.param("https://[1", id="half an address"),
        pytest.param("https://a.example/\ud800", id="half a character"),
    ],
)
def test_what_is_no_address_is_noted_and_never_taken(text: str) -> None:
    told = f"itemReviewed.appearance {text!r} is not a web address, http or https, "
    assert places({"appearance": text}) == ([], [f"{told}and is left out"])


@pytest.mark.parametrize("between", [" ", ", ", " and"])
def test_a_text_of_very_many_signs_between_addresses_is_read_once(between: str) -> None:
    assert places({"appearance": f"{ONE}{between * 100_000}?"})[0] == []


def test_a_work_without_an_address_is_kept_by_its_title() -> None:
    [row], notes = rows_of({"appearance": [{"headline": "A speech"}, {"@type": "CreativeWork"}]})
    assert row["itemReviewed"]["appearance"] == [{"headline": "A speech"}]
    assert notes == ["itemReviewed.appearance has neither an address nor a title and is left out"]


def test_a_review_that_names_itself_as_an_appearance_says_so() -> None:
    [row], notes = rows_of({"appearance": [URL, ONE], "subjectOf": URL})
    item = row["itemReviewed"]
    assert (item["appears_in_review"], item["subjectOf"]) == ("true", [])
    assert [work["url"] for work in item["appearance"]] == [ONE]
    [told] = notes
    assert told.startswith(f"itemReviewed.appearance {URL!r} is the review itself")


def test_a_review_keeps_its_first_address_and_one_that_is_none_is_refused() -> None:
    [row], notes = rows_of({}, url=[URL, ONE])
    assert row["url"] == URL
    assert notes == [f"url {ONE!r} is not the first address of its review and is left out"]
    with pytest.raises(Invalid, match=r"^url '/1' is not a web address: write https:"):
        rows_of({}, url="/1")


@pytest.mark.parametrize(
    ("rating", "expected", "notes"),
    [
        pytest.param("False", {"alternateName": "False"}, [], id="words alone"),
        pytest.param(1, {"ratingValue": 1}, [], id="a number alone"),
        pytest.param([{"ratingValue": 1}] * 2, {"ratingValue": 1}, [], id="one twice"),
        pytest.param(
            [{"ratingValue": 1}, {"alternateName": "True"}],
            {},
            [
                "reviewRating '1' is one of several that differ and is left out",
                "reviewRating 'True' is one of several that differ and is left out",
            ],
            id="two that differ",
        ),
    ],
)
def test_a_review_has_one_rating(rating: Any, expected: Any, notes: list[str]) -> None:
    [row], told = rows_of({}, reviewRating=rating)
    assert (row["reviewRating"], told) == (expected, notes)


def test_several_claims_with_as_many_ratings_have_one_each() -> None:
    items = [{"author": ANN, "text": "A"}, {"author": BEN, "text": "B"}]
    rows, _ = rows_of(items, claimReviewed=["A", "B"], reviewRating=[1, 5])
    assert [row["reviewRating"] for row in rows] == [{"ratingValue": 1}, {"ratingValue": 5}]
