"""What comes in: each thing wrong gets a sentence that says what would be right."""

from typing import Any

import pytest

from claimtrack.errors import InvalidRecords
from claimtrack.schemas import (
    Dossier,
    New,
    NewActor,
    NewCitation,
    NewDocument,
    NewEntry,
    NewGrade,
    NewLink,
    NewProposition,
    NewStance,
)
from claimtrack.validation import validate_record

ENTRY = {"ref": "C", "kind": "claim", "actor": "a", "summary": "S."}
ACTOR = {"ref": "a", "name": "A", "kind": "person"}
ANONYMOUS = {"ref": "a", "name": "A", "kind": "anonymous"}


@pytest.mark.parametrize(
    ("model", "given", "sentence"),
    [
        pytest.param(NewEntry, {**ENTRY, "ref": "no spaces"}, "ref 'no spaces' is not a ref: "
        "expected 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit", id="malformed ref"),
        pytest.param(NewEntry, {**ENTRY, "ref": "x" * 65}, "is not a ref", id="long ref"),
        pytest.param(NewEntry, {**ENTRY, "kind": "rumour"}, "kind 'rumour' is not one of", id="unknown word"),
        pytest.param(NewEntry, {**ENTRY, "summary": " "}, "summary is empty", id="empty summary"),
        pytest.param(NewEntry, {k: v for k, v in ENTRY.items() if k != "actor"}, "actor is "
        "missing: an entry needs it", id="missing key"),
        pytest.param(NewEntry, {**ENTRY, "sumary": "x"}, "unknown key sumary: did you mean "
        "summary?", id="mistyped key"),
        pytest.param(NewEntry, {**ENTRY, "date": "2024-13"}, "date '2024-13' is not valid: "
        "expected a date such as 2024-05-24", id="malformed date"),
        pytest.param(NewEntry, {**ENTRY, "date": "2024-02-30"}, "the calendar has no "
        "2024-02-30", id="no such day"),
        pytest.param(NewEntry, {**ENTRY, "date_from": "2024-02-02", "date_to": "2024-02-01"}, "date_from 2024-02-02 is after date_to 2024-02-01", id="end before begin"),
        pytest.param(NewEntry, {**ENTRY, "date": "2024", "date_from": "2024-01-01"}, "give date, "
        "or date_from and date_to, not both", id="date twice"),
        pytest.param(NewEntry, {**ENTRY, "latitude": 1.0}, "latitude is for actions, and this is "
        "a claim", id="coordinates of a claim"),
        pytest.param(NewEntry, {**ENTRY, "summary": "a\x00b"}, "it holds a NUL character", id="NUL"),
        pytest.param(NewEntry, {**ENTRY, "summary": "a\ud800b"}, "half a character", id="lone "
        "surrogate"),
        pytest.param(NewEntry, {**ENTRY, "summary": None}, "summary is empty: write something", id="no text"),
        pytest.param(NewEntry, {**ENTRY, "summary": 5}, "summary 5 is not valid: it should be a "
        "valid string", id="wrong type"),
        pytest.param(NewEntry, {**ENTRY, "stances": [{"value": 1}]}, "stances.0.proposition is "
        "missing", id="stance without a proposition"),
        pytest.param(NewActor, {**ANONYMOUS, "described_as": "x"}, "an anonymous actor needs "
        "access", id="anonymous without access"),
        pytest.param(NewActor, {**ANONYMOUS, "access": "close"}, "an anonymous actor needs "
        "described_as", id="anonymous without words"),
        pytest.param(NewActor, {**ACTOR, "access": "close"}, "only an anonymous actor has "
        "access", id="access of a person"),
        pytest.param(NewActor, {**ACTOR, "parent": "a"}, "is the actor itself", id="its own "
        "parent"),
        pytest.param(NewActor, {**ACTOR, "count_min": 3, "count_max": 2}, "count_min is more "
        "than count_max: swap them", id="counts in order"),
        pytest.param(NewActor, {**ACTOR, "name": "x" * 100_001}, "name is longer than 100,000 "
        "characters: shorten it", id="a text too long"),
        pytest.param(NewCitation, {"document": "D", "role": "primary", "label": "x" * 201}, "label is longer than 200 characters: shorten it", id="a label too long"),
        pytest.param(NewActor, {**ACTOR, "aliases": "x"}, "aliases 'x' is not a list: write "
        "['x']", id="no list"),
        pytest.param(NewActor, {**ACTOR, "count_max": 2}, "count_max needs count_min", id="maximum alone"),
        pytest.param(NewActor, {**ACTOR, "count_min": 0}, "count_min 0 is not valid", id="nobody"),
        pytest.param(NewStance, {"proposition": "p", "value": 3}, "value 3 is not valid: it "
        "should be less than or equal to 2", id="value too high"),
        pytest.param(NewStance, {"proposition": "p", "value": -3}, "value -3 is not valid", id="value too low"),
        pytest.param(NewLink, {"from": "C", "relation": "repeats", "to": "C"}, "an entry cannot "
        "be linked to itself ('C')", id="link to itself"),
        pytest.param(NewLink, {"from": "C", "relation": "repeats", "to": "D", "strength": 3}, "strength 3 is not valid", id="strength"),
        pytest.param(NewGrade, {"entry": "C", "graded_on": "2024-01-01", "reliability": "G", "credibility": 7}, "reliability 'G' is not one of", id="grade"),
        pytest.param(NewProposition, {"ref": "p", "text": "P.", "topic": "t", "truth": True}, "truth and resolved_on must be set together", id="truth without its day"),
        pytest.param(NewProposition, {"ref": "p", "text": "P.", "topic": "t", "resolved_by": "C"}, "resolved_by needs truth", id="resolved by without truth"),
        pytest.param(NewCitation, {"document": "D", "role": "primary", "start_pos": 1}, "start_pos and end_pos must be set together", id="one position"),
        pytest.param(NewCitation, {"document": "D", "role": "primary", "start_pos": 1, "end_pos": 2}, "need exact", id="positions without words"),
        pytest.param(NewCitation, {"document": "D", "role": "primary", "start_pos": 2, "end_pos": 2, "exact": "x"}, "end_pos 2 is not after start_pos 2", id="empty quotation"),
        pytest.param(NewDocument, {"ref": "D", "publisher": "p", "canonical": "D"}, "is the "
        "document itself", id="its own canonical"),
        pytest.param(NewDocument, {"ref": "D", "publisher": "p", "published": "2024/2023"}, "published", id="publication ends before it begins"),
        pytest.param(Dossier, {"claimtrack": 2}, "claimtrack 2 is not valid", id="unknown version"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(
    model: type[New], given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidRecords) as caught:
        validate_record(model, given)
    assert sentence in caught.value.problems[0]
    assert "\n" not in caught.value.problems[0]


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidRecords) as caught:
        validate_record(NewEntry, {"ref": "no spaces", "kind": "rumour", "sumary": "x"})
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        pytest.param("2024-05-24", ("2024-05-24", "2024-05-24", "day", None), id="a day"),
        pytest.param("2024-05", ("2024-05-01", "2024-05-31", "month", None), id="a month"),
        pytest.param(2024, ("2024-01-01", "2024-12-31", "year", None), id="a year, as a number"),
        pytest.param(
            "2023-12/2024-02", ("2023-12-01", "2024-02-29", "month", None), id="an interval"
        ),
        pytest.param("2023-24", ("2023-12-01", "2024-02-29", "season", "2023-24"), id="a winter"),
        pytest.param("2024~", ("2024-01-01", "2024-12-31", "vague", "2024~"), id="about"),
        pytest.param("2024-05-24/..", ("2024-05-24", "None", "day", None), id="an open end"),
        pytest.param(None, ("None", "None", None, None), id="cleared"),
    ],
)
def test_a_date_becomes_bounds_precision_and_words(
    written: object, columns: tuple[str | None, ...]
) -> None:
    entry = validate_record(NewEntry, {**ENTRY, "date": written})
    found = (str(entry.date_from), str(entry.date_to), entry.precision, entry.date_text)
    assert found == columns


def test_words_of_the_source_are_kept_beside_the_date() -> None:
    entry = validate_record(NewEntry, {**ENTRY, "date": "2023-24", "date_text": "this winter"})
    assert entry.date_text == "this winter"


def test_about_and_published_are_spelled_as_bounds() -> None:
    entry = validate_record(NewEntry, {**ENTRY, "about": "2023-12"})
    document = validate_record(NewDocument, {"ref": "D", "publisher": "p", "published": "2024-01"})
    assert (str(entry.about_from), str(entry.about_to)) == ("2023-12-01", "2023-12-31")
    assert (str(document.published_from), str(document.published_to)) == (
        "2024-01-01",
        "2024-01-31",
    )
