"""The profile of ClaimReview, which ships: what a fact check becomes."""

import json
from pathlib import Path

import pytest

from commandline import CommandLine
from exchange.imports.row_imports import REVIEW, listed


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(REVIEW, id="single"),
        pytest.param([REVIEW], id="list"),
        pytest.param({"@context": "x", "@graph": [{"@type": "WebPage"}, REVIEW]}, id="graph"),
        pytest.param(
            {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]},
            id="DataFeed",
        ),
    ],
)
def test_a_fact_check_makes_a_claim_and_an_assessment_against_it(
    line: CommandLine, tmp_path: Path, shape: object
) -> None:
    path = tmp_path / "review.json"
    path.write_text(json.dumps(shape), encoding="utf-8")
    line.does("import", "claimreview", str(path))
    [pair] = listed(line, "report", "contradictions")
    assert (pair["subject_actor"], pair["counter_actor"], pair["class"], pair["strength"]) == (
        "ivan",
        "desk",
        "assessed_against",
        2,
    )
    assert pair["subject_urls"] == ["https://facts.example/1", "https://post.example/1"]


def test_a_corrected_rating_changes_one_stance(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "review.json"
    for value in (1, 2):
        rating = {**REVIEW["reviewRating"], "ratingValue": value}  # type: ignore[dict-item]
        path.write_text(json.dumps({**REVIEW, "reviewRating": rating}), encoding="utf-8")
        line.does("import", "claimreview", str(path))
    last, *_ = listed(line, "log", "--limit", "1")
    assert (last["op"], last["record"].split("/")[0][:17]) == ("update", "stance review-of-")
    [pair] = listed(line, "report", "contradictions")
    assert pair["strength"] == 1
    change = listed(line, "log", "show", last["change"])
    assert len(change) == 1


@pytest.mark.parametrize(
    ("rating", "value"),
    [
        pytest.param({"ratingValue": 5}, 2, id="the best of the usual scale"),
        pytest.param({"ratingValue": 2, "worstRating": 0, "bestRating": 10}, -1, id="a scale"),
        pytest.param({"ratingValue": 1, "worstRating": 5, "bestRating": 1}, 2, id="turned round"),
        pytest.param({"ratingValue": -1, "bestRating": -1, "worstRating": -1}, None, id="no scale"),
        pytest.param({"ratingValue": 9, "alternateName": "False"}, -2, id="words, off the scale"),
        pytest.param({"alternateName": "Half true"}, 0, id="words"),
        pytest.param({"alternateName": "Four noses"}, None, id="words nobody knows"),
    ],
)
def test_a_rating_becomes_a_stance_or_none_but_never_a_guess(
    tmp_path: Path, sqlite: CommandLine, rating: dict[str, object], value: int | None
) -> None:
    path = tmp_path / "review.json"
    path.write_text(json.dumps({**REVIEW, "reviewRating": rating}), encoding="utf-8")
    answer = sqlite.run("import", "claimreview", str(path))
    assert ("is unknown to the profile, and is left empty" in answer.stderr) is (
        rating.get("alternateName") == "Four noses"
    )
    stances = listed(sqlite, "stance", "list")
    assert [row["value"] for row in stances if row["entry"].startswith("review-")] == (
        [] if value is None else [value]
    )


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        pytest.param({"@type": "Person", "name": "Ann"}, "person", id="of a known type"),
        pytest.param({"@type": "Brand", "name": "Ann"}, "group", id="of another"),
        pytest.param({"name": "Ann"}, "group", id="of none"),
        pytest.param("Ann", "group", id="a name alone"),
    ],
)
def test_a_claimant_is_taken_however_the_review_names_it(
    sqlite: CommandLine, tmp_path: Path, author: object, kind: str
) -> None:
    path = tmp_path / "review.json"
    review = {**REVIEW, "itemReviewed": {"@type": "Claim", "author": author}}
    path.write_text(json.dumps(review), encoding="utf-8")
    sqlite.does("import", "claimreview", str(path))
    assert [row["actor"] for row in listed(sqlite, "claim", "list")] == ["ann"]
    assert {row["ref"]: row["kind"] for row in listed(sqlite, "actor", "list")}["ann"] == kind


def test_nobody_is_named_where_the_review_names_nobody(sqlite: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "review.json"
    reviews = [
        {
            **REVIEW,
            "itemReviewed": {},
            "claimReviewed": text,
            "url": f"https://facts.example/{text}",
        }
        for text in "ab"
    ]
    path.write_text(json.dumps(reviews), encoding="utf-8")
    sqlite.does("import", "claimreview", str(path))
    actors = {row["actor"] for row in listed(sqlite, "claim", "list")}
    assert (len(actors), all(ref.startswith("unnamed-claimant-") for ref in actors)) == (2, True)
