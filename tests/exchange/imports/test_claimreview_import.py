"""Fact checks through the profile that ships: what they make, and what is told of the rest."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commandline import CommandLine
from conftest import NewTarget

REVIEW: dict[str, Any] = {
    "@type": "ClaimReview",
    "url": "https://facts.example/1",
    "claimReviewed": "It rains",
    "author": {"@type": "Organization", "name": "Desk"},
    "itemReviewed": {"author": {"@type": "Person", "name": "Ann"}},
    "reviewRating": {"ratingValue": "1", "bestRating": "6", "alternateName": "False"},
}


@pytest.fixture
def line(new_target: NewTarget) -> Iterator[CommandLine]:
    with new_target("sqlite") as made:
        yield CommandLine(made)


def imported(line: CommandLine, folder: Path, *reviews: dict[str, Any]) -> list[str]:
    """What an import says on stderr; another import of the same file writes nothing."""
    path = folder / "reviews.json"
    path.write_text(json.dumps([{**REVIEW, **one} for one in reviews]), encoding="utf-8")
    answer = line.run("import", "claimreview", str(path))
    assert answer.code == 0, answer
    before = line.revisions()
    line.does("import", "claimreview", str(path))
    assert line.revisions() == before
    return answer.stderr.splitlines()


def listed(line: CommandLine, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(line.does(*words, "--format", "json"))
    return rows


def test_a_rating_that_contradicts_itself_takes_no_stance_and_makes_no_pair(
    line: CommandLine, tmp_path: Path
) -> None:
    rating = {**REVIEW["reviewRating"], "alternateName": "TRUE."}
    told = imported(line, tmp_path, {"reviewRating": rating})
    assert told[0] == (
        "warning: rating 1 of 1 to 6 and 'TRUE.' disagree: no stance is taken (1 time)"
    )
    assert [row["value"] for row in listed(line, "stance", "list")] == [2]
    assert listed(line, "report", "contradictions") == []
    [review] = listed(line, "assessment", "list")
    assert review["summary"] == '"It rains": TRUE.'


def test_one_text_of_two_claimants_is_a_claim_of_each_and_one_assessment(
    line: CommandLine, tmp_path: Path
) -> None:
    items = [REVIEW["itemReviewed"], {"author": "Ben", "url": "https://ben.example/1"}]
    imported(line, tmp_path, {"itemReviewed": items})
    claims = listed(line, "claim", "list")
    assert sorted(row["actor"] for row in claims) == ["ann", "ben"]
    assert len(listed(line, "assessment", "list")) == 1
    pairs = listed(line, "report", "contradictions")
    assert sorted(row["subject_actor"] for row in pairs) == ["ann", "ben"]


def test_co_authors_are_participants_of_the_claim_and_of_the_review(
    line: CommandLine, tmp_path: Path
) -> None:
    authors = [{"@type": "Person", "name": name} for name in ("Ann", "Ben", "Cid")]
    imported(line, tmp_path, {"itemReviewed": {"author": authors}, "author": ["Desk", "Eve"]})
    dumped = line.does("dump")
    assert dumped.count("role: co_actor") == 3
    assert {row["name"] for row in listed(line, "actor", "list")} >= {"Ann", "Ben", "Cid", "Eve"}


def test_every_place_of_a_claim_is_a_primary_citation_and_the_review_a_relay(
    line: CommandLine, tmp_path: Path
) -> None:
    item = {
        "author": "Ann",
        "appearance": ["https://a.example/1 and https://a.example/2", {"name": "A speech"}],
        "sameAs": "https://a.example/3",
        "subjectOf": "https://paper.example/4",
    }
    imported(line, tmp_path, {"itemReviewed": item})
    [claim] = listed(line, "claim", "list")
    cited = [row for row in listed(line, "citation", "list") if row["entry_ref"] == claim["ref"]]
    assert {(row["role"], row["url"]) for row in cited} == {
        ("primary", None),
        *(("primary", f"https://a.example/{number}") for number in (1, 2, 3)),
        ("relay", "https://paper.example/4"),
        ("relay", "https://facts.example/1"),
    }


def test_what_is_no_address_and_what_is_no_review_is_told(
    line: CommandLine, tmp_path: Path
) -> None:
    item = {"author": "Ann", "appearance": "facts.example/here"}
    told = imported(line, tmp_path, {"itemReviewed": item}, {"@type": "WebPage"})
    assert told[:2] == [
        "warning: itemReviewed.appearance 'facts.example/here' is not a web address, http or "
        "https, and is left out (1 time)",
        "warning: @type 'WebPage' is not a ClaimReview: it is not read separately (1 time)",
    ]
    assert [row["url"] for row in listed(line, "document", "list")] == ["https://facts.example/1"]


def test_lists_that_do_not_fit_are_refused_with_their_line(
    line: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "reviews.json"
    items = [{"author": name} for name in ("Ann", "Ben", "Cid")]
    review = {**REVIEW, "claimReviewed": ["It rains", "It snows"], "itemReviewed": items}
    path.write_text(json.dumps([review]), encoding="utf-8")
    code, told = line.refuses("import", "claimreview", str(path))
    assert (code, told) == (
        2,
        f"{path}:1: record 1: claimReviewed holds 2 texts, and itemReviewed 3 claims: "
        "write a ClaimReview "
        "for each, so that all know whose is which",
    )
