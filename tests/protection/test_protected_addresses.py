"""Other addresses of protected documents: no report, list or refusal tells of them."""

import json
import re
from pathlib import Path

import pytest

from commandline import CommandLine
from protection.canaries import filled_in


def test_a_refusal_does_not_tell_of_what_a_document_is_another_address(changing: str) -> None:
    line = CommandLine(changing)
    line.does("document", "edit", "canary-doc", "--canonical", "open")
    code, said = line.refuses("document", "remove", "open")
    assert code == 4
    assert said.startswith("document 'open' is still used by citation C8/open///, 1 protected doc")
    code, said = line.refuses("document", "edit", "open", "--canonical", "canary-doc")
    assert (code, "'open'" in said) == (2, False)
    line.does("document", "add", "--ref", "third", "--publisher", "press")
    code, said = line.refuses("document", "edit", "open", "--canonical", "third")
    assert (code, "protected-" in said) == (2, False)


def test_an_open_document_is_not_told_to_be_an_address_of_a_protected_one(
    changing: str, tmp_path: Path
) -> None:
    line = CommandLine(changing)
    line.does("document", "add", "--ref", "copy", "--publisher", "press", "--url", "https://c.io/")
    line.does("document", "edit", "copy", "--canonical", "canary-doc")
    line.does("citation", "add", "C9", "copy", "--role", "relay")
    (hidden,) = filled_in(changing, ["DOCUMENT"])
    for words in (["document", "show", "copy"], ["history", "copy"]):
        assert hidden not in line.does(*words)
        assert "canary-doc" in line.does(*words, "--include-protected")
    listed = json.loads(line.does("document", "list", "--format", "json"))
    assert {row["ref"]: row["canonical"] for row in listed}["copy"] is None
    assert "copy" not in line.does("document", "show", hidden)
    # Whoever asks for the copy is not shown what cites the document itself alone.
    line.does("citation", "remove", "C9", "copy")
    asked = ("claim", "list", "--source", "copy", "--format", "csv")
    assert "C9" not in line.does(*asked)
    assert "C9" in line.does(*asked, "--include-protected")
    page, dump = tmp_path / "page.md", tmp_path / "dump.yaml"
    line.does("citation", "add", "C9", "copy", "--role", "relay")
    line.does("export", "markdown", str(page))
    (note,) = re.findall(rf"\[\^\d+\]: .*{hidden}.*", page.read_text(encoding="utf-8"))
    assert "c.io" not in note
    before = line.does("dump", "--include-protected")
    line.does("dump", "--output", str(dump))
    assert "canonical" not in dump.read_text(encoding="utf-8")
    assert line.run("load", str(dump)).stderr.startswith("0 added, 0 changed, ")
    assert line.does("dump", "--include-protected") == before


@pytest.fixture
def copied(changing: str) -> CommandLine:
    """Two open documents are addresses of the protected one; an open claim cites each of them."""
    line = CommandLine(changing)
    source = ("--kind", "anonymous", "--parent", "four", "--access", "unspecified")
    line.does("actor", "add", "officers", *source, "--described-as", "officers")
    for ref in ("copy-1", "copy-2"):
        line.does("document", "add", "--ref", ref, "--publisher", "press", "--published", "2024-05")
        line.does("document", "edit", ref, "--canonical", "canary-doc")
    for ref, document in (("K1", "copy-1"), ("K2", "copy-2")):
        said = ("The army leaves", "--ref", ref, "--actor", "officers", "--date", "2024-05-02")
        stance = ("--proposition", "ready", "--value", "2", "--document", document)
        line.does("claim", "add", *said, *stance, "--role", "primary")
    return line


def test_reports_do_not_tell_of_what_open_documents_are_addresses(copied: CommandLine) -> None:
    (hidden,) = filled_in(copied.target, ["DOCUMENT"])
    asked = ("report", "coverage", "--principal", "russia", "--format", "json")
    rows = [row for row in json.loads(copied.does(*asked)) if {"K1", "K2"} & {*row["claims"]}]
    assert [(row["source"], row["claims"]) for row in rows] == [
        ("copy-1", ["K1"]),
        ("copy-2", ["K2"]),
    ]
    found = copied.run("check", "--format", "json").stdout
    assert not [row for row in json.loads(found) if row["lint"] == "same_words"]
    assert hidden not in found
    answer = copied.run(
        *("claim", "add", "The army leaves", "--ref", "K3", "--actor", "below"),
        *("--date", "2024-05-02", "--document", "canary-doc"),
    )
    assert "K1" not in answer.stderr


def test_whether_a_document_was_coded_in_full_counts_for_all_its_addresses(
    copied: CommandLine,
) -> None:
    copied.does("topic", "add", "aims")
    copied.does("proposition", "add", "Land", "--ref", "land", "--topic", "aims")
    done = ("action", "add", "It takes land", "--ref", "X", "--actor", "russia")
    copied.does(*done, "--proposition", "land", "--value", "2")
    asked = ("report", "coverage", "--omissions", "--principal", "russia", "--format", "json")
    for coverage, warrant in (("listed", "not_coded_in_full"), ("complete", "complete")):
        copied.does("document", "edit", "copy-1", "--coverage", coverage)
        for more in ([], ["--include-protected"]):
            (row,) = json.loads(copied.does(*asked, *more))
            assert (row["topic"], row["warrant"]) == ("aims", warrant)


def test_refusals_do_not_tell_of_what_open_documents_are_addresses(copied: CommandLine) -> None:
    (hidden,) = filled_in(copied.target, ["DOCUMENT"])
    add = ("document", "add", "--ref", "third", "--publisher", "press", "--canonical", "copy-1")
    said = copied.refuses(*add)[1]
    assert "copy-1' is itself another address of a third" in said
    assert hidden not in said
    said = copied.refuses("document", "edit", "canary-doc", "--canonical", "open")[1]
    assert "is the canonical one of another: " in said
    said = copied.refuses("document", "remove", "canary-doc")[1]
    assert "2 documents not named here" in said
    assert "copy-" not in said


def test_the_log_does_not_tell_that_a_document_became_an_address(copied: CommandLine) -> None:
    for words in (["history", "copy-1"], ["log", "--limit", "50"]):
        said = copied.does(*words, "--format", "csv")
        assert "canonical" not in said
        assert "empty -> empty" not in said
        assert ",withheld" in said
