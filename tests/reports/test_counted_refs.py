"""JSON names those who are counted in a column; table and CSV count them."""

import json

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.reports.claims import claims
from claimtrack.reports.corroboration import corroboration
from commandline import CommandLine

COUNTS = {
    "affirmed_by": ["D", "X"],
    "denied_by": ["S"],
    "opposed_by": ["A", "F", "S", "Y"],
    "borne_out_by_actions": ["X"],
    "contradicted_by_statements": ["S"],
    "contradicted_by_actions": ["Y"],
    "contradicted_by_claims": ["F"],
    "contradicted_by_assessments": ["A"],
}


def some_casebook(case: Casebook) -> None:
    """A claim for and against which entries of every kind speak."""
    case.claim("C", affirms="p").claim("D", actor="d", affirms="p").claim("F", denies="p")
    case.action("X", actor="x", affirms="p").action("Y", actor="y", denies="p")
    case.statement("S", actor="s", denies="p", responds_to="C").assessment("A", denies="p")


@pytest.mark.both_databases
def test_each_count_of_a_claim_is_that_of_its_refs(case: Casebook, session: Session) -> None:
    some_casebook(case)
    (row,) = (one for one in claims(session, refs=True) if one.ref == "C")
    for name, refs in COUNTS.items():
        assert getattr(row, name) == len(refs), name
        assert list(getattr(row, f"{name}_refs")) == refs, name


@pytest.mark.both_databases
def test_the_assessments_on_a_proposition_are_named(case: Casebook, session: Session) -> None:
    some_casebook(case)
    (row,) = corroboration(session, refs=True)
    assert (row.denied_judged_by, row.denied_judged_by_refs) == (1, ("A",))  # type: ignore[attr-defined]
    assert (row.affirmed_judged_by, row.affirmed_judged_by_refs) == (0, ())  # type: ignore[attr-defined]


@pytest.mark.parametrize("format", ["json", "jsonl"])
@pytest.mark.parametrize("report", ["claims", "corroboration"])
def test_only_json_names_them(target: str, format: str, report: str) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "A", "--ref", "a", "--kind", "person")
    line.does("topic", "add", "T", "--ref", "t")
    line.does("proposition", "add", "P", "--ref", "p", "--topic", "t")
    claim = ("claim", "add", "C", "--ref", "C", "--actor", "a")
    line.does(*claim, "--proposition", "p", "--value", "2")
    out = line.does("report", report, "--format", format)
    (row,) = json.loads(out) if format == "json" else map(json.loads, out.splitlines())
    named = {name for name in row if name.endswith("_refs")}
    assert {name.removesuffix("_refs") for name in named} <= row.keys()
    assert named
    header = line.does("report", report, "--format", "csv").splitlines()[0].split(",")
    assert header == [name for name in row if name not in named]
