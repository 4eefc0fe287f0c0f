"""The command line as its users type it."""

import csv
import io
import json
from pathlib import Path

import pytest

from claimtrack import errors
from claimtrack.cli import COMMANDS, EXIT_CODES, GROUPS, exit_code
from claimtrack.cli.nouns import NOUNS
from commandline import CommandLine, read_csv


def test_a_claim_and_its_denial_are_a_contradiction(asked: CommandLine) -> None:
    [pair] = read_csv(asked.does("report", "contradictions", "--format", "csv"))
    assert [pair[name] for name in ("subject_ref", "counter_ref", "class", "strength", "via")] == [
        "C-1",
        "S-1",
        "denial",
        "1",
        "proposition",
    ]


def test_lists_take_filters(asked: CommandLine) -> None:
    found = read_csv(
        asked.does("statement", "list", "--principal", "russia", "--denying", "--format", "csv")
    )
    assert [row["ref"] for row in found] == ["S-1"]
    assert read_csv(asked.does("statement", "list", "--until", "2023", "--format", "csv")) == []


def test_search_finds_by_words(asked: CommandLine) -> None:
    found = read_csv(asked.does("search", "signal", "officials", "--format", "csv"))
    assert [(row["kind"], row["ref"]) for row in found] == [("claim", "C-1")]


def test_show_finds_records_of_any_kind_and_actors_by_name(asked: CommandLine) -> None:
    assert asked.does("show", "chan").splitlines()[0] == "proposition chan"
    assert asked.does("show", "Dmitry Peskov").splitlines()[0] == "actor dmitry-peskov"


def test_show_names_both_commands_where_two_kinds_share_a_ref(denial: CommandLine) -> None:
    denial.does("topic", "add", "Russia")
    assert denial.refuses("show", "russia") == (
        4,
        "actor and topic share the ref 'russia': "
        "use 'claimtrack actor show russia' or 'claimtrack topic show russia'",
    )
    assert denial.refuses("history", "russia")[0] == 4
    assert denial.run("history", "russia", "--kind", "topic").code == 0


def test_history_outlives_its_record(denial: CommandLine) -> None:
    denial.does("statement", "remove", "S-1")
    found = read_csv(denial.does("history", "S-1", "--format", "csv"))
    assert (found[0]["op"], found[-1]["op"]) == ("insert", "delete")


def test_status_counts_what_is_there(asked: CommandLine) -> None:
    [counts] = json.loads(asked.does("status", "--format", "json"))
    assert (counts["claims"], counts["statements"], counts["actors"]) == (1, 1, 5)


def test_check_ends_with_1_only_when_something_is_an_error(denial: CommandLine) -> None:
    assert denial.run("check").code == 0
    denial.does("link", "add", "S-1", "corroborates", "C-1")
    answer = denial.run("check", "--format", "csv")
    assert (answer.code, read_csv(answer.stdout)[0]["lint"]) == (1, "corroboration_opposes")


def test_what_is_dumped_can_be_loaded(denial: CommandLine, tmp_path: Path) -> None:
    dossier = tmp_path / "dump.yaml"
    denial.does("dump", "--output", str(dossier))
    assert denial.does("dump") == dossier.read_text(encoding="utf-8")
    answer = denial.run("load", str(dossier))
    assert (answer.code, answer.stderr.split(",")[:2]) == (0, ["0 added", " 0 changed"])


def test_a_dry_run_prints_each_change_and_writes_nothing(
    denial: CommandLine, tmp_path: Path
) -> None:
    dossier = tmp_path / "more.yaml"
    dossier.write_text(
        "claimtrack: 1\n"
        "topics: [{ref: talks, name: Talks}]\n"
        "propositions: [{ref: chan, text: There is a back channel, topic: back-channel}]\n"
    )
    before = denial.revisions()
    answer = denial.run("load", "--dry-run", str(dossier))
    assert answer.stdout == (
        "added topic talks\n  name: Talks\n  ref: talks\n"
        "changed proposition chan\n  text: There is a channel -> There is a back channel\n"
    )
    assert answer.stderr == "1 added, 1 changed, 0 unchanged: nothing was written\n"
    assert denial.revisions() == before


def test_init_can_be_repeated(cli: CommandLine) -> None:
    answer = cli.run("init")
    assert (answer.code, answer.stdout) == (0, "")
    assert answer.stderr.endswith("is up to date: nothing was changed\n")


def test_the_dossier_schema_is_printed(cli: CommandLine) -> None:
    assert json.loads(cli.does("schema", "dossier"))["title"] == "claimtrack dossier"


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(("contradictions",), id="contradictions"),
        pytest.param(("claims", "--contested"), id="claims"),
        pytest.param(("answers",), id="answers"),
        pytest.param(("timeline",), id="timeline"),
        pytest.param(("positions", "--anonymous"), id="positions"),
        pytest.param(("coverage", "--principal", "russia"), id="coverage"),
        pytest.param(("coverage", "--principal", "russia", "--omissions"), id="omissions"),
        pytest.param(("windows",), id="windows"),
        pytest.param(("windows", "--period", "2024-01/2024-02"), id="clustering"),
        pytest.param(("hypotheses", "chan"), id="hypotheses"),
        pytest.param(("corroboration",), id="corroboration"),
        pytest.param(("track-record",), id="track-record"),
        pytest.param(("citations",), id="citations"),
    ],
)
def test_every_report_comes_in_every_format(asked: CommandLine, report: tuple[str, ...]) -> None:
    forms = ("json", "jsonl", "csv", "markdown", "table")
    as_json, as_lines, as_csv, markdown, table = (
        asked.does("report", *report, "--format", form) for form in forms
    )
    known = json.loads(as_json)
    assert len(known) > 0 or "--omissions" in report
    assert [json.loads(line) for line in as_lines.splitlines()] == known
    header, *lines = csv.reader(io.StringIO(as_csv, newline=""))
    named = [[name for name in row if not name.endswith("_refs")] for row in known]
    assert named == [header] * len(known)
    assert [len(line) for line in lines] == [len(header)] * len(known)
    header, *lines = (line.split(" | ") for line in markdown.splitlines() if line)
    sums = report[0] == "hypotheses"
    assert [len(line) for line in lines] == [len(header)] * (1 + len(known) + sums)
    assert 0 < max(map(len, table.splitlines())) <= 100


def test_every_error_has_an_exit_code() -> None:
    def below(kind: type[errors.ClaimtrackError]) -> list[type[errors.ClaimtrackError]]:
        return [kind, *(leaf for sub in kind.__subclasses__() for leaf in below(sub))]

    codes = {
        kind.__name__: exit_code(kind.__new__(kind))
        for kind in below(errors.ClaimtrackError)
        if kind is not errors.ClaimtrackError
    }
    assert set(EXIT_CODES.values()) == {1, 2, 3, 4}
    assert {
        name: codes[name] for name in ("Usage", "UnknownRef", "Duplicate", "EditorFailure")
    } == {
        "Usage": 2,
        "UnknownRef": 3,
        "Duplicate": 4,
        "EditorFailure": 1,
    }


WRITING = [
    *(f"{noun} {verb}" for noun in NOUNS for verb in ("add", "edit", "remove")),
    *("actor merge", "proposition resolve", "load", "import", "revert"),
    *("stance set", "stance remove", "link add", "link remove"),
    *("citation add", "citation remove", "grade add"),
]


def test_every_command_that_writes_takes_a_message() -> None:
    for command in WRITING:
        text = CommandLine("unused.db").does(*command.split(), "--help")
        assert "-m, --message TEXT" in " ".join(text.split()), command


def test_the_list_of_commands_says_what_each_says_itself() -> None:
    for name, (_, about) in {**COMMANDS, **GROUPS}.items():
        text = CommandLine("unused.db").does(name, "--help")
        assert f"{about} " in " ".join(text.split()), name
