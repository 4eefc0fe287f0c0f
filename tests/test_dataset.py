"""The answers that the ISW dataset must give, asked through the command line.

Each answer is compared as a whole set.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from claimtrack.cli import app
from commandline import CommandLine
from conftest import Filled
from packaged_dataset import load

CEASEFIRE_CLAIMS = ("C1", "C8", "C9", "C11", "C12")
MILITARY_ACTIONS = ("X3", "X4", "X5")
Rows = list[dict[str, Any]]
Ask = Callable[..., Rows]


@pytest.fixture
def casebook(backend: str, filled: Filled) -> str:
    """The dataset, loaded once into each kind of database."""
    return filled(backend, load)


@pytest.fixture
def ask(casebook: str) -> Ask:
    """Run a command that prints JSON, and return its rows."""

    def run(*args: str) -> Rows:
        result = CliRunner().invoke(app, ["--db", casebook, *args, "--format", "json"])
        assert result.exit_code == 0, result.stderr
        rows: Rows = json.loads(result.stdout)
        return rows

    return run


def pairs(rows: Rows) -> set[tuple[str, str]]:
    return {(row["subject_ref"], row["counter_ref"]) for row in rows}


def product(claims: tuple[str, ...], against: tuple[str, ...]) -> set[tuple[str, str]]:
    return {(one, other) for one in claims for other in against}


def told(rows: Rows, *columns: str) -> set[tuple[Any, ...]]:
    return {tuple(row[column] for column in columns) for row in rows}


def contradictions(ask: Ask, klass: str, *filters: str) -> Rows:
    rows = ask("report", "contradictions", "--class", klass, *filters)
    assert {row["class"] for row in rows} <= {klass}
    return rows


def test_the_dataset_has_79_pairs_none_of_them_reconciled(ask: Ask) -> None:
    rows = ask("report", "contradictions")
    assert dict(Counter(row["class"] for row in rows)) == {
        "denial": 5,
        "source_conflict": 3,
        "breach": 3,
        "reversal": 2,
        "at_odds_with_record": 24,
        "at_odds_with_action": 19,
        "assessed_against": 22,
        "dispute": 1,
    }
    order = [(row["subject_ref"], row["counter_ref"]) for row in rows]
    assert order == sorted(order)
    assert len(set(order)) == 79
    assert ask("report", "contradictions", "--include-reconciled") == rows


def test_csv_has_the_pairs_that_json_has(ask: Ask, casebook: str) -> None:
    printed = CommandLine(casebook).does("report", "contradictions", "--format", "csv")
    found = list(csv.DictReader(io.StringIO(printed)))
    columns = ("subject_ref", "counter_ref", "class", "timing", "status", "strength", "days")
    assert [tuple(row[name] for name in columns) for row in found] == [
        tuple("" if row[name] is None else str(row[name]) for name in columns)
        for row in ask("report", "contradictions")
    ]


def test_denials_are_the_recorded_replies_that_oppose(ask: Ask) -> None:
    rows = contradictions(ask, "denial")
    assert told(rows, "subject_ref", "counter_ref", "strength", "basis") == {
        ("C10b", "ST1", 2, "explicit"),
        ("C10", "ST1", 1, "inferred"),
        ("C9", "ST2", 1, "explicit"),
        ("C10", "ST2", 1, "explicit"),
        ("C10b", "ST2", 1, "explicit"),
    }


def test_blinken_answers_nothing_and_precedes_the_report(ask: Ask) -> None:
    rows = contradictions(ask, "at_odds_with_record")
    found = {(row["subject_ref"], row["counter_ref"]): row["days"] for row in rows}
    assert found["C9", "ST3"] == -6


def test_hill_replies_without_opposing(ask: Ask) -> None:
    everything = pairs(ask("report", "contradictions"))
    assert not any("ST4" in pair for pair in everything)
    links = ask("link", "list")
    assert ("ST4", "responds_to", "C9") in told(links, "from", "relation", "to")


def test_claims_at_odds_with_the_record(ask: Ask) -> None:
    assert pairs(contradictions(ask, "at_odds_with_record")) == (
        product(CEASEFIRE_CLAIMS, ("ST3", "ST5", "ST11"))
        | product(("C10", "C10b"), ("ST5", "ST7", "ST9", "ST10"))
        | {("C8", "ST2")}
    )


def test_words_at_odds_with_action_by_isws_reading(ask: Ask) -> None:
    rows = contradictions(ask, "at_odds_with_action")
    assert pairs(rows) == (product((*CEASEFIRE_CLAIMS, "ST13"), MILITARY_ACTIONS) | {("C6", "X6")})
    assert told(rows, "strength", "basis", "timing") == {(1, "inferred", None)}
    readings = {
        (one["entry"], one["proposition"]): one["asserted_by"]
        for one in ask("stance", "list", "--kind", "action")
    }
    by = {readings[row["counter_ref"], name] for row in rows for name in row["propositions"]}
    assert by == {"isw"}


@pytest.mark.parametrize("klass", ["belied_by_action", "countered_by_action", "inconsistent_line"])
def test_there_are_none_of_some_classes(ask: Ask, klass: str) -> None:
    assert contradictions(ask, klass) == []


def test_source_conflicts(ask: Ask) -> None:
    rows = contradictions(ask, "source_conflict")
    found = {(r["subject_ref"], r["counter_ref"], *r["via"], r["strength"]) for r in rows}
    assert found == {
        ("C2", "C3", "proposition", 1),
        ("C4", "C5", "link", 1),
        ("C12", "C13", "link", 1),
    }


def test_breaches_of_which_one_is_only_possible(ask: Ask) -> None:
    rows = contradictions(ask, "breach")
    assert told(rows, "subject_ref", "counter_ref", "timing") == {
        ("K1", "X1", "certain"),
        ("K2", "X1", "certain"),
        ("K3", "X1", "possible"),
    }


def test_reversals_and_the_dispute(ask: Ask) -> None:
    assert pairs(contradictions(ask, "reversal")) == product(("ST13",), ("ST5", "ST11"))
    assert pairs(contradictions(ask, "dispute")) == {("ST13", "ST3")}


def test_what_is_assessed_against(ask: Ask) -> None:
    assert pairs(contradictions(ask, "assessed_against")) == (
        product(("C10", "C10b"), ("A4", "A8", "A19"))
        | product((*CEASEFIRE_CLAIMS, "ST13"), ("A1", "A9"))
        | {("C1", "A14"), ("C5", "A15"), ("C6", "A16"), ("C6", "F1")}
    )


def test_uncontradicted_anonymous_claims_of_russia(ask: Ask) -> None:
    rows = ask("report", "claims", "--uncontradicted", "--anonymous", "--principal", "russia")
    assert told(rows, "ref") == {("C1b",), ("C7",), ("C7b",)}


def test_what_was_known_on_26_january(ask: Ask) -> None:
    rows = ask("report", "contradictions", "--known-by", "2024-01-26")
    assert pairs(rows) == (
        product(("C9",), ("ST2", "ST3", "ST5", "A1"))
        | product(("C8",), ("ST2", "ST3", "ST5", "A1"))
        | product(("C10", "C10b"), ("ST1", "ST2", "ST5", "ST7", "ST9", "ST10", "A4", "A8"))
    )
    denials = {pair for pair in pairs(rows) if pair[1] in ("ST1", "ST2")} - {("C8", "ST2")}
    assert pairs([row for row in rows if row["class"] == "denial"]) == denials


def test_omissions_among_the_war_aims(ask: Ask) -> None:
    rows = ask("report", "coverage", "--omissions", "--principal", "russia", "--topic", "war-aims")
    assert [(row["topic"], row["warrant"], row["warranted_by"]) for row in rows] == [
        ("demilitarisation", "not_coded_in_full", ["A18"]),
        ("regime-change", "not_coded_in_full", ["A18"]),
    ]


def test_the_claims_of_january_were_answered_and_that_of_may_was_not(ask: Ask) -> None:
    rows = ask("report", "answers", "--kind", "claim")
    columns = ("entry_ref", "reply_ref", "answer", "days")
    assert told([row for row in rows if row["answer"] != "unanswered"], *columns) == {
        ("C9", "ST2", "disputes", 0),
        ("C9", "ST4", "answers", 1),
        ("C10", "ST1", "disputes", 1),
        ("C10", "ST2", "disputes", 0),
        ("C10b", "ST1", "denies", 1),
        ("C10b", "ST2", "disputes", 0),
    }
    assert ("C1", None, "unanswered", None) in told(rows, *columns)
    claims = {row["ref"] for row in ask("claim", "list")}
    assert {row["entry_ref"] for row in rows} == claims
    every = ask("report", "answers")
    assert {row["entry_kind"] for row in every} == {"claim", "statement"}
    answered = ask("report", "answers", *("--answer", "denies", "--answer", "disputes"))
    assert told(answered, "entry_ref") == {("C9",), ("C10",), ("C10b",)}


def test_an_unanswered_claim_reads_as_one_to_which_no_reply_is_recorded(casebook: str) -> None:
    line = CommandLine(casebook)
    out = line.does("report", "answers", "--kind", "claim", "--limit", "1")
    assert "no reply recorded" in out
    assert "unanswered" not in out


def test_what_became_of_the_promises_by_may_2024(ask: Ask, casebook: str) -> None:
    asked = ("report", "promises", "--as-of", "2024-05-24")
    rows = ask(*asked)
    assert [(row["ref"], row["state"]) for row in rows] == [
        ("K1", "broken"),
        ("K2", "broken"),
        ("K3", "possibly_broken"),
        ("K4", "open"),
    ]
    breaches = told(
        [
            {name: tuple(row[f"breaches_{name}_refs"]) for name in ("certain", "possible")}
            | {"ref": row["ref"]}
            for row in rows
        ],
        *("ref", "certain", "possible"),
    )
    assert breaches == {
        *(("K1", ("X1",), ()), ("K2", ("X1",), ())),
        *(("K3", (), ("X1",)), ("K4", (), ())),
    }
    out = CommandLine(casebook).does(*asked)
    assert "open, no breach recorded" in " ".join(out.split())


def test_the_timeline_has_every_entry_with_its_windows(ask: Ask) -> None:
    rows = ask("report", "timeline")
    assert {row["ref"] for row in rows} == {
        row["ref"]
        for kind in ("claim", "statement", "action", "commitment", "assessment", "window")
        for row in ask(kind, "list")
    }
    days = [row["date_from"] or row["date_to"] or "9999" for row in rows]
    assert days == sorted(days)
    kinds = ("--kind", "claim", "--kind", "statement", "--topic", "ceasefire", "--affirming")
    falls = {row["ref"]: row for row in ask("report", "timeline", *kinds)}
    certain: set[tuple[str, str]] = {
        (window, ref)
        for ref, row in falls.items()
        for window in set(row["windows"]) - set(row["windows_possible"])
    }
    assert certain == {
        *(("W1", "ST13"), ("W2", "C8"), ("W2", "C9"), ("W2", "C11"), ("W3", "C1")),
    }
    assert {ref for ref, row in falls.items() if row["windows_possible"]} == {"C12"}


def test_claims_in_decision_windows(ask: Ask) -> None:
    rows = ask("report", "windows", "--topic", "ceasefire", "--affirming")
    assert told(rows, "window_ref", "entry_ref", "certainty") == {
        ("W1", "ST13", "certain"),
        ("W2", "C8", "certain"),
        ("W2", "C9", "certain"),
        ("W2", "C11", "certain"),
        ("W2", "C12", "possible"),
        ("W3", "C1", "certain"),
        ("W3", "C12", "possible"),
    }


def test_one_judge_with_two_likelihoods(ask: Ask) -> None:
    rows = [row for row in ask("check") if "likelihood" in row["lint"]]
    assert [(row["level"], sorted(row["refs"])) for row in rows] == [
        ("warning", ["A4", "A8", "isw", "nato-dropped"]),
        ("warning", ["A4", "A8", "isw", "neutrality-dropped"]),
    ]


def test_independent_origins(ask: Ask) -> None:
    row, *others = ask("report", "corroboration", "--proposition", "ceasefire-ready")
    assert others == []
    assert (row["affirmed_independent_min"], row["affirmed_independent_max"]) == (2, 6)
    assert row["affirmers"] == ["C1", "C11", "C12", "C8", "C9", "ST13"]
    anonymous = ask(
        "report",
        "corroboration",
        "--proposition",
        "ceasefire-ready",
        "--kind",
        "claim",
        "--principal",
        "russia",
    )
    counted = [
        (r["affirmers"], r["affirmed_independent_min"], r["affirmed_independent_max"])
        for r in anonymous
    ]
    assert counted == [(["C1", "C11", "C8", "C9"], 1, 4)]


@pytest.mark.one_database
def test_no_line_says_that_so_many_are_independent(casebook: str) -> None:
    commands = [
        *(("report", "claims"), ("report", "corroboration"), ("report", "positions")),
        *(("report", "hypotheses", "ceasefire-ready", "feigned"), ("show", "C1"), ("show", "ST13")),
        *(("show", "ceasefire-ready"), ("report", "windows"), ("report", "contradictions")),
    ]
    for command in commands:
        for shape in ("table", "markdown"):
            printed = CommandLine(casebook).does(*command, "--format", shape)
            assert not re.search(r"\d independent", printed), command


def test_a_hypothesis_that_one_entry_rates_has_no_sum(ask: Ask) -> None:
    sums = {
        row["proposition"]: row
        for row in ask("report", "hypotheses", "ceasefire-ready", "feigned", "--sums")
    }
    assert list(sums) == ["ceasefire-ready", "feigned"]
    assert (sums["ceasefire-ready"]["sum"], sums["feigned"]["sum"]) == (3, None)
    assert sums["feigned"]["rated"] < 2
    assert all(row["assessments_left_out"] for row in sums.values())


def test_the_matrix_of_hypotheses(ask: Ask) -> None:
    rows = ask("report", "hypotheses", "ceasefire-ready", "feigned")
    against = {
        name: told([r for r in rows if r[name] in ("I", "II")], "entry_ref")
        for name in ("ceasefire-ready", "feigned")
    }
    assert against["ceasefire-ready"] == {("ST3",), ("ST5",), ("ST11",), ("X3",), ("X4",), ("X5",)}
    assert against["feigned"] == set()


@pytest.mark.one_database
def test_the_sums_close_the_matrix_on_the_terminal(casebook: str) -> None:
    result = CliRunner().invoke(
        app,
        [
            "--db",
            casebook,
            "report",
            "hypotheses",
            "ceasefire-ready",
            "feigned",
            "--format",
            "markdown",
        ],
    )
    last = [cell.strip() for cell in result.stdout.rstrip().splitlines()[-1].strip("|").split("|")]
    assert "inconsistency" in last[0].lower()
    assert last[-3:-1] == ["3; 12 rated; 0 inferred", "no sum; 1 rated"]


def test_no_source_has_a_record(ask: Ask, casebook: str) -> None:
    rows = ask("report", "track-record")
    assert {"SRC-1", "SRC-2", "SRC-3", "SRC-4"} <= {row["source"] for row in rows}
    assert told(rows, "resolved", "mean", "low", "high") == {(0, None, None, None)}
    result = CliRunner().invoke(app, ["--db", casebook, "report", "track-record"])
    assert "no record" in result.stdout


@pytest.mark.one_database
def test_the_footnotes_of_s2_are_rebuilt(casebook: str) -> None:
    result = CliRunner().invoke(app, ["--db", casebook, "report", "citations", "--format", "csv"])
    rows = [row for row in csv.DictReader(io.StringIO(result.stdout)) if row["via"] == "S2"]
    assert {row["label"] for row in rows} == {f"[{number}]" for number in range(1, 28)}
    assert len({row["url"] for row in rows}) == 39
    assert len({(row["label"], row["url"]) for row in rows}) == 64


def test_the_check_finds_what_it_should_and_no_more(ask: Ask) -> None:
    found = [(row["level"], row["lint"], " ".join(row["refs"])) for row in ask("check")]
    assert found == [
        ("warning", "different_likelihoods", "isw nato-dropped A4 A8"),
        ("warning", "different_likelihoods", "isw neutrality-dropped A4 A8"),
        ("warning", "one_sided_condition", "A15 C5"),
        ("warning", "one_sided_condition", "A8 C10"),
        ("warning", "one_sided_condition", "A8 C10b"),
        ("warning", "undated", "W4"),
        ("warning", "undated", "X9"),
        ("hint", "promise_without_end", "K1 X1"),
        ("hint", "promise_without_end", "K2 X1"),
    ]


def test_positions_of_russia_on_the_ceasefire_read_as_a_story(ask: Ask) -> None:
    rows = ask("report", "positions", "--actor", "russia", "--topic", "ceasefire")
    story = [
        (r["entry_ref"], r["value"], r["step"])
        for r in rows
        if r["proposition"] == "ceasefire-ready"
    ]
    assert story == [
        ("ST13", 2, None),
        ("ST11", -1, None),
        ("ST5", -2, "reversed"),
        ("X3", -1, None),
        ("X4", -1, None),
        ("X5", -1, None),
    ]
    gaps = {row["entry_ref"]: row["gap"] for row in rows if row["gap"]}
    assert gaps == {"ST13": ["X3", "X4", "X5"]}


def test_loading_it_again_changes_nothing(casebook: str) -> None:
    before = CliRunner().invoke(app, ["--db", casebook, "status", "--format", "json"]).stdout
    load(casebook)
    after = CliRunner().invoke(app, ["--db", casebook, "status", "--format", "json"]).stdout
    assert before == after != ""
