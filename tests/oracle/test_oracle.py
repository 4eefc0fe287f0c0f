"""The oracle gives the rows that were worked out by hand for the small casebooks of definitions/.

Each folder there holds a casebook and the rows that the definitions give for it; its README says
what the keys mean. Every set of rows is compared whole, in the columns that the rows name.
"""

from __future__ import annotations

import json
import pathlib
from typing import Any

import pytest
from ruamel.yaml import YAML

import oracle
from oracle import Casebook, Options

FOLDER = pathlib.Path(__file__).parents[1] / "definitions"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))
Rows = list[dict[str, Any]]

NAMES = {"entry": "entry_ref", "reply": "reply_ref"}
REFS = (
    "affirmed_by",
    "denied_by",
    "borne_out_by_actions",
    "contradicted_by_statements",
    "contradicted_by_actions",
    "contradicted_by_claims",
    "contradicted_by_assessments",
    "deeds_for",
    "breaches_certain",
    "breaches_possible",
    "deeds_against_under_condition",
)


def casebook_of(name: str, resolve: dict[str, list[Any]] | None = None) -> Casebook:
    """The casebook of a case, with propositions resolved as the case says."""
    dossier = YAML(typ="safe").load((FOLDER / name / "casebook.yaml").read_text("utf-8"))
    for record in dossier["propositions"]:
        if record["ref"] in (resolve or {}):
            record["truth"], record["resolved_on"] = (resolve or {})[record["ref"]]
    return oracle.read_casebook(dossier)


def expected_of(name: str) -> dict[str, Any]:
    """The rows that a case expects."""
    expected: dict[str, Any] = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))
    return expected


def same(expected: Rows, found: Rows, key: tuple[str, ...]) -> None:
    """Both have the same rows, as a set, in the columns that the expected ones name."""
    columns = {name for row in expected for name in row}
    renamed = {name: NAMES.get(name, f"{name}_refs" if name in REFS else name) for name in columns}
    assert {name for row in found for name in row} >= set(renamed.values()) or not found
    shown = [{name: row[renamed[name]] for name in columns} for row in found]

    def order(row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in key)

    partial = {order(row): set(row) for row in expected}
    cut = [
        {name: value for name, value in row.items() if name in partial.get(order(row), columns)}
        for row in shown
    ]
    assert sorted(cut, key=order) == sorted(expected, key=order)


def side(row: dict[str, Any], name: str, refs: str) -> dict[str, Any]:
    """One side of a row of corroboration, as the cases write it."""
    return {
        "refs": row[refs],
        "judged_by": row[f"{name}_judged_by_refs"],
        "least": row[f"{name}_independent_min"],
        "most": row[f"{name}_independent_max"],
        "publishers": row[f"{name}_publishers"],
    }


@pytest.mark.parametrize("name", CASES)
def test_a_case_gives_the_rows_worked_out_for_it(name: str) -> None:
    expected = expected_of(name)
    casebook = casebook_of(name, expected.get("resolve"))
    options = Options(as_of=expected["as_of"])
    pairs = oracle.contradictions(casebook)
    same(expected["contradictions"], pairs, ("subject_ref", "counter_ref"))
    for report, key in (
        ("answers", ("entry", "reply")),
        ("claims", ("ref",)),
        ("promises", ("ref",)),
        ("positions", ("entry", "proposition", "asserted_by")),
        ("track_record", ("source",)),
        ("figures", ("measure", "entry", "asserted_by")),
    ):
        if report in expected:
            same(expected[report], getattr(oracle, report)(casebook, options), key)


@pytest.mark.parametrize("name", [name for name in CASES if "corroboration" in expected_of(name)])
def test_a_case_gives_the_sides_of_each_proposition(name: str) -> None:
    found = [
        {
            "proposition": row["proposition"],
            "affirm": side(row, "affirmed", "affirmers"),
            "deny": side(row, "denied", "deniers"),
        }
        for row in oracle.corroboration(casebook_of(name))
    ]
    assert found == expected_of(name)["corroboration"]


@pytest.mark.parametrize("name", [name for name in CASES if "origins" in expected_of(name)])
def test_a_case_gives_the_origins_of_sets_of_entries(name: str) -> None:
    view = oracle.view_of(casebook_of(name))
    for row in expected_of(name)["origins"]:
        assert oracle.origins(view, row["entries"]) == (row["least"], row["most"])


@pytest.mark.parametrize("name", [name for name in CASES if "hypotheses" in expected_of(name)])
def test_a_case_gives_the_matrix_of_its_hypotheses(name: str) -> None:
    expected, casebook = expected_of(name)["hypotheses"], casebook_of(name)
    asked = list(expected["inconsistency"])
    same(expected["rows"], oracle.hypotheses(casebook, asked), ("entry",))
    sums = oracle.hypothesis_sums(casebook, asked)
    assert {
        row["proposition"]: {name: row[name] for name in ("sum", "rated", "inferred")}
        for row in sums
    } == expected["inconsistency"]
    left_out = {row["assessments_left_out"] for row in sums}
    assert max(left_out) == expected["assessments_left_out"]


@pytest.mark.parametrize("name", [name for name in CASES if "known_by" in expected_of(name)])
def test_a_case_gives_the_pairs_known_by_a_day(name: str) -> None:
    for day, rows in expected_of(name)["known_by"].items():
        found = oracle.contradictions(casebook_of(name), Options(known_by=day))
        same(rows, found, ("subject_ref", "counter_ref"))


@pytest.mark.parametrize("name", [name for name in CASES if "asserted_by" in expected_of(name)])
def test_a_case_gives_the_pairs_of_one_judge(name: str) -> None:
    expected = expected_of(name)
    for judge, rows in expected["asserted_by"].items():
        found = oracle.contradictions(casebook_of(name), Options(asserted_by=judge))
        same(rows, found, ("subject_ref", "counter_ref"))
    judges = {
        f"{row['subject_ref']} {row['counter_ref']}": row["asserted_by"]
        for row in oracle.contradictions(casebook_of(name))
    }
    for pair, named in expected["asserted_by_of_pairs"].items():
        assert judges[pair] == named


@pytest.mark.parametrize(
    "name", [name for name in CASES if "include_reconciled_adds" in expected_of(name)]
)
def test_a_case_gives_the_pairs_that_were_reconciled(name: str) -> None:
    expected = expected_of(name)
    found = oracle.contradictions(casebook_of(name), Options(include_reconciled=True))
    rows = expected["contradictions"] + expected["include_reconciled_adds"]
    same(rows, found, ("subject_ref", "counter_ref"))
