"""The command line as its users type it."""

import csv
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimtrack import errors
from claimtrack.cli import COMMANDS, EXIT_CODES, GROUPS, exit_code
from claimtrack.cli.nouns import NOUNS
from claimtrack.vocab import SYMMETRIC
from commandline import CommandLine
from conftest import Filled, NewTarget


@pytest.fixture
def cli(target: str) -> CommandLine:
    return CommandLine(target)


def log_denial(target: str) -> None:
    cli = CommandLine(target)
    cli.does("actor", "add", "Russia", "--kind", "state")
    cli.does("window", "add", "A vote", "--actor", "russia", "--date", "2024-01", "--ref", "W")
    cli.does("actor", "add", "Dmitry Peskov", "--kind", "person", "--parent", "russia")
    cli.does("actor", "add", "Bloomberg", "--kind", "outlet")
    cli.does(
        *("actor", "add", "Two sources", "--kind", "anonymous", "--ref", "SRC-2"),
        *("--access", "close", "--described-as", "close to the Kremlin", "--parent", "russia"),
    )
    cli.does(
        *("document", "add", "Putin sends signals", "--publisher", "Bloomberg"),
        *("--published", "2024-01-25", "--ref", "BBG-0125"),
    )
    cli.does("topic", "add", "Back channel")
    cli.does("proposition", "add", "There is a channel", "--topic", "back-channel", "--ref", "chan")
    cli.does(
        *("claim", "add", "Signals reached US officials", "--actor", "SRC-2"),
        *(
            "--date",
            "2024-01-25",
            "--document",
            "BBG-0125",
            "--proposition",
            "chan",
            "--value",
            "2",
        ),
    )
    cli.does(
        *("statement", "add", "Not aware of any", "--actor", "dmitry-peskov"),
        *("--date", "2024-01-26", "--proposition", "chan", "--value", "-1", "--responds-to", "C-1"),
    )


@pytest.fixture
def asked(backend: str, filled: Filled) -> CommandLine:
    """A claim in a window, and a statement that denies it, for tests that only ask."""
    return CommandLine(filled(backend, log_denial))


@pytest.fixture
def denial(backend: str, asked: CommandLine, new_target: NewTarget) -> Iterator[CommandLine]:
    """The same casebook, for tests that write to it."""
    with new_target(backend, like=asked.target) as target:
        yield CommandLine(target)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_claim_and_its_denial_are_a_contradiction(asked: CommandLine) -> None:
    [pair] = rows(asked.does("report", "contradictions", "--format", "csv"))
    assert [pair[name] for name in ("subject_ref", "counter_ref", "class", "strength", "via")] == [
        "C-1",
        "S-1",
        "denial",
        "1",
        "proposition",
    ]


def test_add_prints_the_ref_alone_and_says_what_it_did_on_stderr(cli: CommandLine) -> None:
    answer = cli.run("actor", "add", "Dmitry Peskov", "--kind", "person")
    assert (answer.stdout, answer.stderr) == (
        "dmitry-peskov\n",
        "added actor dmitry-peskov\n",
    )


def test_generated_refs_count_by_kind(denial: CommandLine) -> None:
    assert denial.does("claim", "add", "Another matter", "--actor", "russia") == "C-2\n"
    assert denial.does("action", "add", "A strike", "--actor", "russia") == "A-1\n"
    assert denial.does("document", "add", "A page", "--publisher", "bloomberg") == "D-1\n"


def test_a_name_that_is_taken_as_a_ref_gets_a_number(cli: CommandLine) -> None:
    assert cli.does("actor", "add", "Press", "--kind", "outlet") == "press\n"
    assert cli.does("actor", "add", "Press", "--kind", "outlet") == "N-1\n"


def test_a_name_is_a_ref_whatever_it_says(cli: CommandLine) -> None:
    assert cli.does("actor", "add", "Analyst", "--kind", "person") == "analyst\n"


def test_an_action_takes_its_code_its_place_and_its_participants(denial: CommandLine) -> None:
    denial.does(
        *("action", "add", "Drones strike the port", "--actor", "russia", "--date", "2024-02"),
        *("--action-code", "ASSAULT:drone", "--latitude", "46.5", "--longitude", "-30.7"),
        *("--participant", "target:bloomberg", "--participant", "co_actor:dmitry-peskov"),
    )
    [shown] = json.loads(denial.does("action", "show", "A-1", "--format", "json"))
    assert shown["participants"] == [
        {"actor": "dmitry-peskov", "role": "co_actor"},
        {"actor": "bloomberg", "role": "target"},
    ]
    assert (shown["table"], shown["date_from"], shown["place"]) == ("entry", "2024-02-01", None)
    assert (shown["latitude"], shown["grades"]) == (46.5, [])
    assert denial.run("claim", "add", "x", "--actor", "russia", "--latitude", "1").code == 2


def test_an_entry_like_one_already_there_is_named_before_it_is_saved(denial: CommandLine) -> None:
    answer = denial.run(
        *("claim", "add", "Signals reached the officials", "--actor", "SRC-2"),
        *("--date", "2024-01-25"),
    )
    assert (answer.code, answer.stderr.splitlines()) == (
        0,
        ["warning: looks like C-1: Signals reached US officials", "added claim C-2"],
    )


def test_edit_changes_the_fields_given_and_an_empty_text_clears_one(denial: CommandLine) -> None:
    edit = ("claim", "edit", "C-1", "--date", "2024-01", "--place", "Kyiv", "-m", "as printed")
    assert denial.run(*edit).stderr == "changed claim C-1\n"
    assert denial.run(*edit).stderr == "unchanged claim C-1\n"
    assert denial.run("claim", "edit", "C-1", "--place", "").stderr == "changed claim C-1\n"
    fields = [row["fields"] for row in rows(denial.does("history", "C-1", "--format", "csv"))]
    assert fields[-2:] == [
        "date_from: 2024-01-25 -> 2024-01-01; date_to: 2024-01-25 -> 2024-01-31; "
        "place: empty -> Kyiv; precision: day -> month",
        "place: Kyiv -> empty",
    ]


@pytest.mark.parametrize(
    ("set_", "clear", "changed"),
    [
        pytest.param(
            ("actor", "edit", "SRC-1"),
            ("--kind", "person", "--access", "", "--described-as", ""),
            "changed actor SRC-1\n",
            id="an anonymous source that is named",
        ),
        pytest.param(
            ("document", "edit", "PAGE-1", "--coverage", "complete"),
            ("--coverage", ""),
            "changed document PAGE-1\n",
            id="a word that has a default",
        ),
        pytest.param(
            ("actor", "edit", "SRC-1", "--count-min", "3"),
            ("--count-min", ""),
            "changed actor SRC-1\n",
            id="a number",
        ),
        pytest.param(
            ("claim", "edit", "C-1", "--date", "2024-05", "--precision", "vague"),
            ("--precision", "month"),
            "changed claim C-1\n",
            id="how exact a date is",
        ),
    ],
)
def test_words_and_numbers_are_cleared_too(
    cli: CommandLine, set_: tuple[str, ...], clear: tuple[str, ...], changed: str
) -> None:
    source = ("--kind", "anonymous", "--access", "close", "--described-as", "an aide")
    cli.does("actor", "add", "A source", "--ref", "SRC-1", *source)
    cli.does("document", "add", "A page", "--publisher", "SRC-1", "--ref", "PAGE-1")
    cli.does("claim", "add", "He waits", "--actor", "SRC-1", "--ref", "C-1")
    if set_[3:]:
        assert cli.run(*set_).stderr == changed
    assert cli.run(*set_[:3], *clear).stderr == changed


def test_the_message_and_the_author_are_in_the_log(denial: CommandLine) -> None:
    denial.does("claim", "edit", "C-1", "--place", "Kyiv", "--message", "as printed")
    newest = rows(denial.does("log", "--limit", "1", "--format", "csv"))[0]
    assert (newest["author"], newest["message"], newest["record"]) == (
        "Test Analyst",
        "as printed",
        "entry C-1",
    )


def test_remove_takes_what_the_entry_owns_and_refuses_what_others_name(denial: CommandLine) -> None:
    assert denial.refuses("proposition", "remove", "chan") == (
        4,
        "proposition 'chan' is still used by stance C-1/chan/test-analyst, "
        "stance S-1/chan/test-analyst: change or remove those first",
    )
    denial.does("claim", "remove", "C-1")
    assert [row["ref"] for row in rows(denial.does("claim", "list", "--format", "csv"))] == []
    assert rows(denial.does("link", "list", "--format", "csv")) == []


def test_a_negative_value_works_as_typed(denial: CommandLine) -> None:
    denial.does("stance", "set", "C-1", "chan", "-2", "--basis", "inferred")
    denial.does("stance", "set", "--asserted-by", "bloomberg", "S-1", "chan", "-2")
    listed = rows(denial.does("stance", "list", "--format", "csv"))
    assert [(row["entry"], row["asserted_by"], row["value"], row["basis"]) for row in listed] == [
        ("C-1", "test-analyst", "-2", "inferred"),
        ("S-1", "bloomberg", "-2", "explicit"),
        ("S-1", "test-analyst", "-1", "explicit"),
    ]


def test_a_stance_is_taken_back(denial: CommandLine) -> None:
    denial.does("stance", "remove", "S-1", "chan")
    listed = rows(denial.does("stance", "list", "--format", "csv"))
    assert [row["entry"] for row in listed] == ["C-1"]


def test_links_are_added_and_taken_back(denial: CommandLine) -> None:
    denial.does("link", "add", "S-1", "contradicts", "C-1", "--strength", "1")
    assert denial.refuses("link", "add", "C-1", "contradicts", "S-1")[0] == 4
    denial.does("link", "remove", "S-1", "contradicts", "C-1")
    listed = rows(denial.does("link", "list", "--format", "csv"))
    assert [row["relation"] for row in listed] == ["responds_to"]


def test_a_link_without_direction_is_told_and_listed_as_it_was_typed(denial: CommandLine) -> None:
    typed = ("S-1", "contradicts", "C-1")
    assert denial.run("link", "add", *typed).stderr == "added link S-1 contradicts C-1\n"
    assert denial.refuses("link", "add", *typed)[1].startswith("the link S-1 contradicts C-1 by")
    listed = {
        named: rows(denial.does("link", "list", *named, "--min-strength", "2", "--format", "csv"))
        for named in ((), ("--entry", "S-1"), ("--entry", "C-1"))
    }
    ends = {
        named: [row["from"] for row in found if row["relation"] == "contradicts"]
        for named, found in listed.items()
    }
    assert ends == {(): ["C-1"], ("--entry", "S-1"): ["S-1"], ("--entry", "C-1"): ["C-1"]}
    removed = denial.run("link", "remove", *typed).stderr
    assert removed.startswith("removed link S-1/contradicts/C-1/")


@pytest.mark.parametrize("command", ["add", "list"])
def test_help_names_every_relation_without_direction(command: str) -> None:
    text = " ".join(CommandLine("unused.db").does("link", command, "--help").split())
    about = text.partition("Examples")[0]
    assert all(word.value in about for word in SYMMETRIC)
    assert "direction" in about


def test_citations_are_added_and_the_one_meant_is_taken_back(denial: CommandLine) -> None:
    denial.does("citation", "add", "C-1", "BBG-0125", "--via", "BBG-0125", "--label", "[1]")
    assert denial.refuses("citation", "remove", "C-1", "BBG-0125") == (
        4,
        "C-1 cites BBG-0125 2 times: choose the one without --via and --label or "
        "--via BBG-0125 --label [1]",
    )
    denial.does("citation", "remove", "C-1", "BBG-0125", "--label", "[1]")
    denial.does("citation", "remove", "C-1", "BBG-0125")
    assert rows(denial.does("citation", "list", "--format", "csv")) == []


@pytest.fixture
def another_day_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone in which it is another day than in UTC."""
    ahead = datetime.now(UTC).hour >= 12
    monkeypatch.setenv("TZ", "Etc/GMT-14" if ahead else "Etc/GMT+12")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("another_day_here")
def test_a_grade_is_dated_today_in_utc_unless_another_day_is_given(denial: CommandLine) -> None:
    denial.does(
        "grade", "add", "C-1", "b2", "--graded-on", "2024-05-24", "--graded-by", "bloomberg"
    )
    before = datetime.now(UTC).date()
    denial.does("grade", "add", "C-1", "F6")
    days = {before.isoformat(), datetime.now(UTC).date().isoformat()}
    given, usual = rows(denial.does("grade", "list", "--format", "csv"))
    names = ("graded_by", "graded_on", "reliability", "credibility")
    assert [given[name] for name in names] == ["bloomberg", "2024-05-24", "B", "2"]
    assert [usual[name] for name in names if name != "graded_on"] == ["test-analyst", "F", "6"]
    assert usual["graded_on"] in days


def test_merged_actors_are_one(denial: CommandLine) -> None:
    denial.does("actor", "add", "Peskov, Dmitri", "--kind", "person", "--ref", "peskov")
    denial.does("statement", "add", "No", "--actor", "peskov")
    denial.does("actor", "merge", "peskov", "Dmitry Peskov")
    listed = rows(denial.does("statement", "list", "--format", "csv"))
    assert [row["actor"] for row in listed] == ["dmitry-peskov", "dmitry-peskov"]
    assert denial.does("show", "peskov").startswith("actor dmitry-peskov\n")


def test_a_proposition_is_resolved(denial: CommandLine) -> None:
    denial.does("proposition", "resolve", "chan", "false", "--on", "2025-03-18", "--by", "S-1")
    [listed] = rows(denial.does("proposition", "list", "--format", "csv"))
    assert (listed["truth"], listed["resolved_on"]) == ("false", "2025-03-18")


def test_lists_take_filters(asked: CommandLine) -> None:
    found = rows(
        asked.does("statement", "list", "--principal", "russia", "--denying", "--format", "csv")
    )
    assert [row["ref"] for row in found] == ["S-1"]
    assert rows(asked.does("statement", "list", "--until", "2023", "--format", "csv")) == []


def test_search_finds_by_words(asked: CommandLine) -> None:
    found = rows(asked.does("search", "signal", "officials", "--format", "csv"))
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
    found = rows(denial.does("history", "S-1", "--format", "csv"))
    assert (found[0]["op"], found[-1]["op"]) == ("insert", "delete")


def test_status_counts_what_is_there(asked: CommandLine) -> None:
    [counts] = json.loads(asked.does("status", "--format", "json"))
    assert (counts["claims"], counts["statements"], counts["actors"]) == (1, 1, 5)


def test_check_ends_with_1_only_when_something_is_an_error(denial: CommandLine) -> None:
    assert denial.run("check").code == 0
    denial.does("link", "add", "S-1", "corroborates", "C-1")
    answer = denial.run("check", "--format", "csv")
    assert (answer.code, rows(answer.stdout)[0]["lint"]) == (1, "corroboration_opposes")


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
