"""What is noted or refused of a row: columns that are not read, values missing or wrong."""

from typing import Any

import pytest

from claimtrack.changes import Outcome
from claimtrack.exchange.imports.row_files import ImportOptions
from exchange.imports.imported_rows import CLAIM, Importer, quoting, row


def test_a_list_of_names_is_no_person(importer: Importer) -> None:
    said: dict[str, Any] = {
        "format": "json",
        "actors": {"who": {"name": "{by.name}", "kind": "{kind}"}},
    }
    rows = [row(by=[{"name": "Ann"}, {"name": "Bo"}], kind="person")]
    assert importer.refuses(rows, **said) == (
        "a.json:1: record 1: "
        "by.name holds several names, 'Ann; Bo', and a person is one: take one by its "
        "number in the profile, and let the others be participants"
    )
    told = importer.reads([{**rows[0], "kind": "outlet"}], **said)
    assert told[0] == "by.name 'Ann; Bo' is a list, and is read as one outlet (1 time)"
    told = importer.reads([{**rows[0], "kind": "group", "id": "2"}], **said)
    assert not any("is a list" in one for one in told)


def test_a_row_that_is_put_aside_leaves_no_note(importer: Importer) -> None:
    rejected: list[str] = []
    wanted = ImportOptions(None, lambda _feed, _row, why: rejected.append(why))
    rows = [row(), row(id="2", title="U", what=""), row(id="3")]
    assert importer.reads(rows, wanted=wanted) == []
    assert rejected == ["summary is empty: write something (column what)"]
    assert importer.report.made["claim", Outcome.ADDED] == 2


def test_columns_that_are_not_read_are_named_once(importer: Importer) -> None:
    assert importer.reads([row(lat=1, lon=2), row(id="2", lat=3, lon=4)]) == [
        "lat, lon are not read by this profile (2 times)"
    ]
    rows = [row(**{"@type": "x"}), row(id="2", more={"x": 1}, none=None)]
    assert importer.reads(rows, format="json") == ["more is not read by this profile (1 time)"]
    rows = [row(id="3", lat=1), row(id="4", lat=2, lon=3), row(id="5", lat="")]
    assert importer.reads(rows) == ["lat, lon (1) are not read by this profile (2 times)"]


@pytest.mark.parametrize(
    ("by", "told"),
    [
        pytest.param({"name": "Ann", "role": {"is": "liar"}, "none": ""}, "by.role", id="a key"),
        pytest.param([{"name": "Ann", "role": "liar"}], "by.role", id="in a list"),
        pytest.param({"name": "Ann", "@id": "x"}, "", id="of JSON-LD"),
    ],
)
def test_of_an_object_that_is_read_in_part_the_rest_is_named(
    importer: Importer, by: object, told: str
) -> None:
    said: dict[str, Any] = {
        "format": "json",
        "actors": {"who": {"name": ["{by.name}", "{who}"], "kind": "outlet"}},
    }
    notes = importer.reads([row(by=by)], **said)
    assert notes == ([f"{told} is not read by this profile (1 time)"] if told else [])


def test_of_the_parts_of_a_list_what_is_not_read_is_named(importer: Importer) -> None:
    evidence = [{"page": "1", "quote": "one"}, {"page": "2", "quote": "two", "seen": "2024"}]
    assert importer.reads([row(evidence=evidence)], **quoting()) == [
        "url, evidence.seen are not read by this profile (1 time)"
    ]


def test_a_row_that_makes_nothing_is_noted(importer: Importer) -> None:
    said: dict[str, Any] = {"records": [{**CLAIM, "when": {"kind": ["a"]}}]}
    rows = [row(kind="a"), row(kind="b"), row(kind="c")]
    assert importer.reads(rows, **said) == [
        "row makes nothing, as no 'when' of the profile fits it (2 times)"
    ]


@pytest.mark.parametrize(
    ("actors", "said", "told"),
    [
        pytest.param(
            {"who": {"name": "{who}", "kind": "outlet"}}, {"who": ""},
            "there is no actor: actor who of the profile is made of who, which is empty", id="one",
        ),
        pytest.param(
            {"who": {"name": "{made}", "kind": "outlet"}}, {"who": "n/a"},
            "there is no actor: actor who of the profile is made of who 'n/a', which gives none",
            id="a cell that gives none",
        ),
    ],
)  # fmt: skip
def test_an_actor_that_is_missing_is_named_with_its_columns(
    importer: Importer, actors: Any, said: Any, told: str
) -> None:
    let = {"made": {"from": "{who}", "map": {"n/a": None}, "unknown": "keep"}}
    assert importer.refuses([row(**said)], actors=actors, let=let) == f"a.csv:2: {told}"


def test_a_wrong_value_names_its_column(importer: Importer) -> None:
    said: dict[str, Any] = {"records": [{**CLAIM, "precision": "{how}"}]}
    told = importer.refuses([row(how="x", date="")], **said)
    assert told.startswith("a.csv:2: precision 'x' is not one of ")
    assert told.endswith(" (column how)")
