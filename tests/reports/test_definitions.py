"""The reports give the rows that were worked out by hand for the small casebooks of definitions/.

Each folder there holds a casebook and the rows that the definitions give for it; its README says
what the keys mean. Every set of rows is compared whole, in the columns that the rows name.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from against_oracle import Row, plain
from claimtrack import db
from claimtrack.db import Session, sessions
from claimtrack.models import Entry
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.answers import answers
from claimtrack.reports.claims import claims
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.corroboration import corroboration
from claimtrack.reports.hypotheses import count_left_out_assessments, hypotheses, sums
from claimtrack.reports.promises import PromiseFilters, promises
from claimtrack.reports.track_record import track_record
from claimtrack.weigh.origins import group_by_origin
from conftest import BACKENDS, load_text

FOLDER = Path(__file__).parents[1] / "definitions"
EXPECTED: Mapping[str, Mapping[str, Any]] = {
    path.parent.name: json.loads(path.read_text("utf-8"))
    for path in sorted(FOLDER.glob("*/expected.json"))
}

Case = tuple[Session, Mapping[str, Any]]


def cases_with(*keys: str) -> pytest.MarkDecorator:
    """Run a test for each case that has rows of a kind."""
    cases = [
        pytest.param((backend, name), id=f"{backend}-{name}")
        for name, expected in EXPECTED.items()
        if set(keys) & expected.keys()
        for backend in BACKENDS
    ]
    return pytest.mark.parametrize("case_of", cases, indirect=True, scope="module")


@pytest.fixture(scope="module")
def case_of(
    shared: dict[str, db.Database],
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Case]:
    """A session that holds the casebook of a case, propositions resolved, and what it expects.

    It is loaded once for all tests of the case, which run one after another.
    """
    backend, name = request.param
    expected = EXPECTED[name]
    casebook = YAML(typ="safe").load((FOLDER / name / "casebook.yaml").read_text("utf-8"))
    for record in casebook["propositions"]:
        if record["ref"] in expected.get("resolve", {}):
            record["truth"], record["resolved_on"] = expected["resolve"][record["ref"]]
    file = tmp_path_factory.mktemp("case") / "dossier.yaml"
    with sessions.writing(shared[backend], author="author", dry_run=True) as session:
        load_text(session, json.dumps(casebook, default=str), file)
        yield session, expected


def assert_rows(found: list[Row], expected: list[Row], *key: str) -> None:
    """Both have the same rows, as a set, in the columns that each of the expected ones names."""

    def keyed(rows: list[Row]) -> dict[tuple[Any, ...], Row]:
        return {tuple(row[name] for name in key): row for row in rows}

    shown, wanted = keyed(found), keyed(expected)
    assert len(shown) == len(found)
    assert shown.keys() == wanted.keys()
    for one, row in wanted.items():
        assert {name: shown[one][name] for name in row} == row


def asked_of_pairs(expected: Mapping[str, Any]) -> Iterator[tuple[Filters, PairFilters, list[Row]]]:
    """What is asked of the contradictions report, and the rows that it is to give."""
    rows = expected["contradictions"]
    yield Filters(), PairFilters(), rows
    also = expected.get("include_reconciled_adds", [])
    yield Filters(), PairFilters(include_reconciled=True), rows + also
    for day, known in expected.get("known_by", {}).items():
        yield Filters(known_by=date.fromisoformat(day)), PairFilters(), known
    for judge, judged in expected.get("asserted_by", {}).items():
        yield Filters(asserted_by=(judge,)), PairFilters(), judged


@cases_with("contradictions")
def test_a_case_has_the_contradictions_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    for wanted, of_pairs, rows in asked_of_pairs(expected):
        found = plain(contradictions(session, wanted, of_pairs))
        assert_rows(found, rows, "subject_ref", "counter_ref")


@cases_with("claims")
def test_a_case_has_the_claims_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    refs = [
        {f"{name}_refs" if isinstance(of, list) else name: of for name, of in row.items()}
        for row in expected["claims"]
    ]
    assert_rows(plain(claims(session, refs=True)), refs, "ref")


@cases_with("answers")
def test_a_case_has_the_answers_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    names = {"entry": "entry_ref", "reply": "reply_ref"}
    rows = [
        {names.get(name, name): value for name, value in row.items()} for row in expected["answers"]
    ]
    assert_rows(plain(answers(session)), rows, "entry_ref", "reply_ref")


@cases_with("promises")
def test_a_case_has_the_promises_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    rows = [
        {
            f"{name}_refs" if isinstance(of, list) and name != "conditions" else name: of
            for name, of in row.items()
        }
        for row in expected["promises"]
    ]
    own = PromiseFilters(as_of=date.fromisoformat(expected["as_of"]))
    assert_rows(plain(promises(session, own=own, refs=True)), rows, "ref")


@cases_with("corroboration")
def test_a_case_has_the_sides_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    names = {"least": "independent_min", "most": "independent_max", "publishers": "publishers"}
    rows = [
        {"proposition": row["proposition"]}
        | {
            f"{side}_{column}": row[name][key]
            for name, side in (("affirm", "affirmed"), ("deny", "denied"))
            for key, column in names.items()
        }
        | {
            f"{side}_judged_by_refs": row[name]["judged_by"]
            for name, side in (("affirm", "affirmed"), ("deny", "denied"))
        }
        | {"affirmers": row["affirm"]["refs"], "deniers": row["deny"]["refs"]}
        for row in expected["corroboration"]
    ]
    found = [row for row in plain(corroboration(session, refs=True)) if any(list(row.values())[1:])]
    assert_rows(found, rows, "proposition")


@cases_with("origins")
def test_a_case_has_the_origins_worked_out_for_sets_of_entries(case_of: Case) -> None:
    session, expected = case_of
    keys = {row.ref: row.id for row in session.execute(select(Entry.ref, Entry.id))}
    facts = FactsLoader(session, Filters())
    for row in expected["origins"]:
        known = facts.load([keys[ref] for ref in row["entries"]])
        found = group_by_origin(known.values(), *facts.load_repeats_and_outsiders(known))
        assert (found.least, found.most) == (row["least"], row["most"])


@cases_with("hypotheses")
def test_a_case_has_the_matrix_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    wanted = expected["hypotheses"]
    names = list(wanted["inconsistency"])
    rows = [{"entry_ref": row["entry"], **row} for row in wanted["rows"]]
    for row in rows:
        del row["entry"]
    matrix = hypotheses(session, names, Filters())
    shown = [dict(zip(matrix.columns, row.values(), strict=True)) for row in matrix.rows]
    assert_rows(shown, rows, "entry_ref")
    found = {row["proposition"]: row for row in plain(sums(session, names, Filters()))}
    assert found.keys() == wanted["inconsistency"].keys()
    for name, against in wanted["inconsistency"].items():
        assert {column: found[name][column] for column in against} == against
    assert count_left_out_assessments(session, names, Filters()) == wanted["assessments_left_out"]


@cases_with("track_record")
def test_a_case_has_the_records_worked_out_for_it(case_of: Case) -> None:
    session, expected = case_of
    assert_rows(plain(track_record(session)), expected["track_record"], "source")


def test_every_case_is_tested() -> None:
    folders = [path for path in FOLDER.iterdir() if path.is_dir()]
    assert (len(folders), len(EXPECTED)) == (62, 62)
