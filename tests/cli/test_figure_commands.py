"""Measures and figures as users type them: added, asked for, completed, changed, taken back."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimtrack.cli import app
from cli.test_prompt import Person
from commandline import CommandLine
from conftest import Filled, NewTarget


def log_measures(target: str) -> None:
    """Log two measures, a proposition, and a statement without figures."""
    cli = CommandLine(target)
    cli.does("actor", "add", "Army North", "--kind", "organisation", "--ref", "army")
    cli.does("topic", "add", "Truce")
    for ref, unit, kind in (("strikes", "strikes", "count"), ("cold", "degrees", "level")):
        named = ("--ref", ref, "--unit", unit, "--kind", kind)
        cli.does("measure", "add", f"Number of {ref}", "--topic", "truce", *named)
    cli.does("proposition", "add", "It holds", "--topic", "truce", "--ref", "holds")
    cli.does("statement", "add", "We count", "--ref", "S", "--actor", "army", "--about", "2025-03")


@pytest.fixture
def cli(backend: str, filled: Filled, new_target: NewTarget, program: Path) -> Iterator[Person]:
    with new_target(backend, like=filled(backend, log_measures)) as target:
        yield Person(target, program=program)


def listed(line: CommandLine) -> list[str]:
    """Return the figures: entry, measure, bounds and notes of each."""
    rows = csv.DictReader(io.StringIO(line.does("figure", "list", "--format", "csv")))
    names = ("entry", "measure", "low", "high", "basis", "asserted_by", "hedge", "condition")
    return [" ".join(row[name] or "-" for name in names) for row in rows]


ADD = ("statement", "add", "They count", "--ref", "T", "--actor", "army")


def test_an_entry_is_added_with_several_figures_and_how_they_are_worded(cli: Person) -> None:
    figures = ("--figure", "strikes=80..", "--figure", "cold=-5.5..-2")
    worded = ("--hedge", "more than", "--condition", "at night", "--basis", "inferred")
    cli.does(*ADD, *figures, *worded, "--asserted-by", "army")
    assert listed(cli) == [
        "T cold -5.5 -2 inferred army more than at night",
        "T strikes 80 - inferred army more than at night",
    ]


def test_the_wording_is_that_of_the_stance_where_an_entry_takes_one(cli: Person) -> None:
    stance = (
        "--proposition",
        "holds",
        "--value",
        "2",
        "--hedge",
        "surely",
        "--asserted-by",
        "army",
    )
    cli.does(*ADD, "--figure", "strikes=..10", *stance)
    assert listed(cli) == ["T strikes - 10 explicit army - -"]
    [row] = json.loads(cli.does("stance", "list", "--format", "json"))
    assert (row["hedge"], row["asserted_by"]) == ("surely", "army")


@pytest.mark.parametrize(
    ("options", "code", "expected"),
    [
        pytest.param(
            ["strikes"], 2, "figure 'strikes' is not valid: expected MEASURE=NUMBER, such as "
            "strikes=120 or strikes=80..", id="no number",
        ),
        pytest.param(
            ["strikes=many"], 2, "number 'many' is not valid: expected a number such as 120, 0.5, "
            "30..50, 80.. (at least) or ..10 (at most)", id="a word",
        ),
        pytest.param(
            ["strikes=80 strikes"], 2, "number '80 strikes' is not valid: expected the number "
            "alone, 80: the unit is that of the measure", id="a unit",
        ),
        pytest.param(
            ["strikes=90..80"], 2, "number '90..80' is not valid: expected the lower number "
            "first, 80..90", id="low above high",
        ),
        pytest.param(
            ["strikes=-3"], 2, "low '-3' is not valid: expected 0 or more: strikes is a count, and "
            "nothing happens a negative number of times", id="a negative count",
        ),
        pytest.param(
            ["strike=3"], 3, "no measure 'strike'; did you mean strikes?", id="an unknown measure"
        ),
        pytest.param(
            ["strikes=3", "strikes=4"], 2, "--figure gives strikes twice: a judge reads one "
            "number, or a range such as 3..4", id="one measure twice",
        ),
    ],
)  # fmt: skip
def test_a_figure_that_is_none_is_refused_and_nothing_is_added(
    cli: Person, options: list[str], code: int, expected: str
) -> None:
    figures = [word for one in options for word in ("--figure", one)]
    found, said = cli.refuses(*ADD, *figures)
    assert (found, said.removeprefix("warning: looks like S: We count\n")) == (code, expected)


def test_the_options_of_a_stance_alone_do_not_fit_figures(cli: Person) -> None:
    found = cli.refuses(*ADD, "--figure", "strikes=3", "--likelihood", "likely")
    assert found == (2, "the options of a stance, such as --basis, need --proposition and --value")


def test_a_figure_is_set_replaced_and_taken_back(cli: Person) -> None:
    assert cli.run("figure", "set", "S", "cold", "-3").stderr == (
        "added figure of S for cold: -3\n"
    )
    cli.does("figure", "set", "S", "cold", "-3..-1", "--hedge", "some")
    cli.does("figure", "set", "S", "cold", "..0")
    cli.does("figure", "set", "S", "cold", "7", "--asserted-by", "army")
    assert listed(cli) == [
        "S cold 7 7 explicit army - -",
        "S cold - 0 explicit test-analyst some -",
    ]
    cli.does("figure", "remove", "S", "cold")
    assert listed(cli) == ["S cold 7 7 explicit army - -"]
    assert cli.refuses("figure", "remove", "S", "cold")[0] == 3


@pytest.mark.parametrize(
    ("number", "part"),
    [
        pytest.param("-3", "0 or more: strikes is a count", id="a negative count"),
        pytest.param("80%", "the number alone, 80", id="a unit"),
        pytest.param("1,200", "digits without signs between them, such as 1200", id="signs"),
        pytest.param("..", "a number such as 120", id="no bound"),
    ],
)
def test_a_bad_number_is_not_set(cli: Person, number: str, part: str) -> None:
    code, said = cli.refuses("figure", "set", "S", "strikes", number)
    assert (code, part in said) == (2, True)


def test_what_is_missing_of_a_figure_is_asked_for_at_a_terminal(cli: Person) -> None:
    answer = cli.typed(("figure", "set"), ("S", "strike", "strikes", "many", "80.."))
    assert answer.code == 0, answer
    assert "no measure 'strike'; did you mean strikes?\n" in answer.stderr
    assert "number 'many' is not valid: expected a number such as 120" in answer.stderr
    assert answer.stderr.endswith("added figure of S for strikes: 80..\n")
    assert listed(cli) == ["S strikes 80 - explicit test-analyst - -"]


def test_what_is_missing_of_a_measure_is_asked_for_at_a_terminal(cli: Person) -> None:
    answers = ("truce", "people", "number", "count")
    answer = cli.typed(("measure", "add", "The dead", "--ref", "dead"), answers)
    assert (answer.code, answer.stdout) == (0, "dead\n")
    assert "kind 'number' is not valid: expected one of count, level\n" in answer.stderr
    rows = json.loads(cli.does("measure", "list", "--format", "json"))
    [row] = [row for row in rows if row["ref"] == "dead"]
    assert (row["text"], row["unit"], row["kind"]) == ("The dead", "people", "count")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("claimtrack figure set S st", ["strikes"], id="figure set"),
        pytest.param("claimtrack figure remove S ", ["cold", "strikes"], id="figure remove"),
        pytest.param("claimtrack measure show c", ["cold"], id="measure show"),
        pytest.param("claimtrack report figures --measure c", ["cold"], id="a filter"),
        pytest.param("claimtrack show strik", ["strikes"], id="refs of any kind"),
    ],
)
def test_the_refs_of_measures_are_completed(cli: Person, words: str, expected: list[str]) -> None:
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    asked |= {"CLAIMTRACK_DB": cli.target, "_CLAIMTRACK_COMPLETE": "complete_bash"}
    answer = CliRunner().invoke(app, prog_name="claimtrack", env=asked, catch_exceptions=False)
    assert (answer.stdout.split(), answer.exit_code) == (expected, 0)


def test_a_measure_with_figures_is_not_removed(cli: Person) -> None:
    cli.does("figure", "set", "S", "strikes", "3")
    code, said = cli.refuses("measure", "remove", "strikes")
    assert (code, "still used by figure S/strikes/test-analyst" in said) == (4, True)
    cli.does("figure", "remove", "S", "strikes")
    cli.does("measure", "remove", "strikes")
    assert '"strikes"' not in cli.does("measure", "list", "--format", "json")


def test_a_measure_with_negative_figures_becomes_no_count(cli: Person) -> None:
    cli.does("figure", "set", "S", "cold", "-3")
    assert cli.refuses("measure", "edit", "cold", "--kind", "count") == (
        2,
        "measure 'cold' has negative figures, in S, and a count is never negative: correct those "
        "figures first",
    )
    cli.does("figure", "set", "S", "cold", "3")
    cli.does("measure", "edit", "cold", "--kind", "count")


def test_measures_are_found_and_figures_are_in_the_log_of_their_entry(cli: Person) -> None:
    cli.does("figure", "set", "S", "strikes", "80..")
    cli.does("figure", "set", "S", "strikes", "90", "--hedge", "about")
    [found] = json.loads(cli.does("search", "strikes", "--format", "json"))
    assert (found["kind"], found["ref"]) == ("measure", "strikes")
    rows = json.loads(cli.does("history", "S", "--format", "json"))
    record = "figure S/strikes/test-analyst"
    logged = [row["op"] for row in rows if row["record"] == record]
    assert logged == ["insert", "update"]
    [last] = json.loads(cli.does("log", "--limit", "1", "--format", "json"))
    assert (last["record"], "about" in last["fields"]) == (record, True)


def log_judges(cli: CommandLine) -> None:
    """Log figures of two judges for one entry and measure, with texts that name one of them."""
    for name in ("Ann Canary", "Bob"):
        cli.does("actor", "add", name, "--kind", "person", "--ref", name.split()[0].lower())
    notes = ("--hedge", "says Ann Canary", "--condition", "if Ann Canary may", "--rationale")
    cli.does(
        *("figure", "set", "S", "strikes", "3", "--asserted-by", "ann"),
        *notes,
        "Ann Canary counted",
    )
    cli.does("figure", "set", "S", "cold", "4", "--asserted-by", "bob")


def test_the_figures_of_a_merged_judge_are_those_of_the_other(cli: Person) -> None:
    log_judges(cli)
    cli.does("actor", "merge", "ann", "bob")
    assert [line.split()[:6] for line in listed(cli)] == [
        ["S", "cold", "4", "4", "explicit", "bob"],
        ["S", "strikes", "3", "3", "explicit", "bob"],
    ]


def test_two_judges_with_different_numbers_are_not_merged(cli: Person) -> None:
    log_judges(cli)
    cli.does("figure", "set", "S", "strikes", "5", "--asserted-by", "bob")
    assert cli.refuses("actor", "merge", "ann", "bob")[0] == 4


def test_a_redacted_judge_is_gone_from_figures_and_measures(cli: Person) -> None:
    log_judges(cli)
    named = ("--unit", "canary units", "--kind", "count", "--topic", "truce", "--ref", "m")
    cli.does("measure", "add", "What Ann Canary counts", *named)
    cli.does("actor", "redact", "ann", "--yes")
    written = cli.does("dump") + cli.does("log", "--format", "json") + cli.does("history", "S")
    assert "Canary" not in written
    assert "low: 3" in written
    assert cli.does("log", "verify", "--format", "csv").count("\n") == 1
