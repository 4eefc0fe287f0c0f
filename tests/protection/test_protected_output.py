"""What is protected stays inside: every command, in every format, is searched for canaries."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from casebook import Casebook
from claimtrack import db
from claimtrack.cli import app
from claimtrack.db import sessions
from claimtrack.vocab import OutputFormat
from commandline import CommandLine
from conftest import NewTarget
from protection.canaries import assert_silent, filled_in

NOUNS = ("actor", "document", "topic", "proposition", "measure", "claim", "statement", "action")
ENTRIES = ("claim", "statement", "action", "commitment", "assessment", "window")
READ: dict[str, list[str]] = {
    "search": ["canary OR ready"],
    "show": ["C9"],
    "check": [],
    "log": [],
    "log verify": [],
    "log show": ["CHANGE"],
    "history": ["C9"],
    "status": [],
    **{f"{noun} list": [] for noun in (*NOUNS, "commitment", "assessment", "window")},
    **{f"{name} list": [] for name in ("stance", "figure", "link", "citation", "grade", "entry")},
    "claim show": ["C9"],
    "statement show": ["S"],
    "action show": ["A"],
    "window show": ["W"],
    "topic show": ["talks"],
    "proposition show": ["ready"],
    "measure show": ["deaths"],
    "document show": ["open"],
    "document captures": ["open"],
    "document verify": [],
    "actor show": ["PSEUDONYM"],
    "report contradictions": [],
    "report pair": ["C9", "S"],
    "report claims": [],
    "report figures": [],
    "report answers": [],
    "report promises": [],
    "report timeline": [],
    "report positions": ["--principal", "russia", "--anonymous"],
    "report coverage": ["--principal", "russia"],
    "report windows": [],
    "report hypotheses": ["ready"],
    "report corroboration": [],
    "report track-record": [],
    "report citations": [],
    "profile list": [],
}
"""Commands that print rows, with what they need; CHANGE and PSEUDONYM stand for those."""
OTHER = {
    *("init", "demo", "load", "dump", "revert", "snapshot", "copy", "backup", "restore"),
    *("document capture", "document text", "document export-capture"),
    *(
        "import",
        "profile show",
        "profile check",
        "schema profile",
        "export datapackage",
        "export xlsx",
        "export graph",
        "export stix",
        "export claimreview",
        "export markdown",
        "export html",
    ),
    *("log anchor", "schema dossier", "actor merge", "actor redact", "compact"),
    "proposition resolve",
    *(f"{noun} {verb}" for noun in (*NOUNS, *ENTRIES[3:]) for verb in ("add", "edit", "remove")),
    *("stance set", "stance remove", "figure set", "figure remove", "link add", "link remove"),
    *("citation add", "citation remove", "grade add", "commitment show", "assessment show"),
}
"""Commands that write, and those that name nobody; what they say is tested apart."""


def commands(command: Any, path: str = "") -> Iterator[str]:
    context = command.make_context("x", [], resilient_parsing=True)
    if not hasattr(command, "list_commands") or command.invoke_without_command:
        yield path
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from commands(command.get_command(context, name), f"{path} {name}".strip())


def test_every_command_is_held_against_the_canaries() -> None:
    assert set(commands(get_command(app))) - {""} == {*READ, *OTHER}


FORMS = {"sqlite": [*OutputFormat], "postgresql": [OutputFormat.TABLE, OutputFormat.JSON]}
"""The formats that differ in SQL, and all of them on one database."""


@pytest.mark.parametrize("name", READ)
def test_no_command_gives_a_protected_source_away(backend: str, kept: str, name: str) -> None:
    line = CommandLine(kept)
    words = [*name.split(" "), *filled_in(kept, READ[name])]
    for form in FORMS[backend]:
        answer = line.run(*words, "--format", form)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)


def test_a_dump_gives_nothing_away_and_says_so(kept: str) -> None:
    said = CommandLine(kept).does("dump")
    assert_silent(said)
    assert said.startswith("claimtrack: 1\nwithheld: true\n")


def test_what_a_redaction_would_take_gives_nothing_away(kept: str) -> None:
    for words in (["--dry-run"], ["--dry-run", "--also", "canary"]):
        answer = CommandLine(kept).run("actor", "redact", "canary-ref", *words)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)


def test_omissions_and_the_clustering_test_give_nothing_away(kept: str) -> None:
    line = CommandLine(kept)
    for words in (
        ("report", "coverage", "--principal", "russia", "--omissions"),
        ("report", "windows", "--period", "2024-01-01/2024-12-31"),
        ("report", "contradictions", "--sort", "subject_actor"),
        ("show", "C9", "--format", "json"),
        ("history", "S"),
    ):
        answer = line.run(*words)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)


def test_the_captures_of_a_protected_document_stay_inside(changing: str, tmp_path: Path) -> None:
    line, page = CommandLine(changing), tmp_path / "page.html"
    page.write_text("<p>the canary body</p>", encoding="utf-8")
    answer = line.run("document", "capture", "canary-doc", str(page))
    assert answer.code == 0, answer
    assert_silent(answer.stderr)
    pseudonym = filled_in(changing, ["DOCUMENT"])[0]
    listed = line.does("document", "captures", pseudonym, "--format", "csv")
    assert len(listed.splitlines()) == 1
    assert line.refuses("document", "export-capture", pseudonym, "--output", "-")[0] == 3
    for words in (("document", "verify"), ("log", "verify"), ("log",), ("history", pseudonym)):
        answer = line.run(*words)
        assert answer.code in (0, 3), answer
        assert_silent(answer.stdout + answer.stderr)
    answer = line.run("document", "text", "canary-doc")
    assert answer.code == 0, answer
    assert_silent(answer.stdout + answer.stderr)
    shown = line.does("document", "captures", "canary-doc", "--include-protected")
    assert "text/html" in shown


def test_what_is_asked_for_by_flag_is_shown(kept: str) -> None:
    line = CommandLine(kept)
    for words, word in (
        (("show", "C9"), "Canary Name"),
        (("actor", "list"), "canary-ref"),
        (("document", "list", "--format", "csv"), "https://canary.example/1"),
        (("search", "canary"), "canary-doc"),
        (("log", "--format", "csv"), "Canary Alias"),
        (("history", "canary-ref"), "Canary Old"),
        (("report", "contradictions", "--format", "csv"), "canary-judge"),
        (("dump",), "described_as: canary words"),
    ):
        assert word in line.does(*words, "--include-protected")


def test_a_score_does_not_tell_whether_protected_records_have_the_word(
    backend: str, new_target: NewTarget
) -> None:
    found = []
    for body in ("other words", "talks and talks"):
        with new_target(backend) as made:
            with sessions.writing(db.connect(made), author="ann") as session:
                case = Casebook(session).document("canary-doc", body=body, protected=True)
                case.claim("C1", summary="Talks are near").claim(
                    "C2", summary="No war; talks on talks"
                )
                case.claim("C3", summary="Peace")
            found.append(CommandLine(made).does("search", "talks", "--format", "csv"))
    assert found[0] == found[1]
    assert [row.split(",")[1] for row in found[0].splitlines()[1:]] == ["C2", "C1"]


def test_the_ref_of_a_protected_source_finds_nothing(kept: str) -> None:
    line = CommandLine(kept)
    for words in (
        ("show", "canary-ref"),
        ("actor", "show", "Canary Name"),
        ("document", "show", "canary-doc"),
        ("history", "canary-ref"),
        ("report", "claims", "--actor", "Canary Alias"),
    ):
        code, said = line.refuses(*words)
        assert code == 3
        assert_silent(said.replace(words[-1], ""))  # but for what was typed
    assert line.does("search", "canary", "--format", "csv").splitlines() == [
        "kind,ref,text,score,matched"
    ]


def test_a_protected_judge_and_document_of_a_figure_appear_under_pseudonyms(
    kept: str, tmp_path: Path
) -> None:
    line = CommandLine(kept)
    [row] = json.loads(line.does("figure", "list", "--format", "json"))
    pseudonym = re.compile(r"protected-[0-9a-f]{12}")
    assert all(pseudonym.fullmatch(row[name]) for name in ("asserted_by", "document")), row
    [reported] = json.loads(line.does("report", "figures", "--format", "json"))
    assert reported["asserted_by"] == row["asserted_by"]
    written = [line.does("dump")]
    for form, name in (("datapackage", "p"), ("stix", "b.json"), ("markdown", "b.md")):
        line.does("export", form, str(tmp_path / name))
    schema = "datapackage.json"  # has the words that columns may hold
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != schema]
    written += [path.read_text("utf-8") for path in files]
    assert_silent("".join(written))
    assert sum(row["asserted_by"] in text for text in written) > 3
