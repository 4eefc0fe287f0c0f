"""Details that could give protected records away: counts, judges, quotations, captures, faults."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from casebook import Casebook
from claimtrack import changes, db
from claimtrack.db import Session
from claimtrack.lookup import search
from claimtrack.models import Content
from claimtrack.schemas import NewActor
from commandline import CommandLine
from protection.canaries import assert_silent


def test_check_names_no_protected_judge_of_what_was_reworded(changing: str) -> None:
    line = CommandLine(changing)
    line.does("stance", "set", "C8", "ready", "1", "--asserted-by", "canary-judge")
    line.does("claim", "edit", "C8", "--summary", "He is quite ready for it")
    found = line.run("check", "--format", "csv")
    assert "was changed" in found.stdout
    assert re.search(r"stance by protected-[0-9a-f]{12}", found.stdout)
    assert_silent(found.stdout)


@pytest.mark.one_database
def test_a_grade_counts_whatever_its_rater_is_called(changing: str) -> None:
    line = CommandLine(changing)
    for rater, grade in (("canary-judge", "A1"), ("press", "E5")):
        line.does("grade", "add", "C8", grade, "--graded-by", rater, "--graded-on", "2024-06-01")
    for more in ([], ["--include-protected"]):
        rows = json.loads(line.does("report", "claims", "--format", "json", *more))
        assert {row["ref"]: row["reliability"] for row in rows}["C8"] == "E"


def test_several_citations_of_a_protected_document_are_not_told_apart(changing: str) -> None:
    line = CommandLine(changing)
    for label in ("one", "two"):
        line.does("citation", "add", "C8", "canary-doc", "--label", label)
    code, said = line.refuses("citation", "remove", "C8", "canary-doc")
    assert (code, said.endswith("2 times: choose by --via, --label or --start")) == (4, True)


def test_a_text_made_of_a_capture_does_not_tell_what_was_quoted(
    changing: str, tmp_path: Path
) -> None:
    line, page = CommandLine(changing), tmp_path / "page.html"
    words = 'the "canary" body, which isn\'t short, is of many more words than a line has'
    page.write_text(f"<p>{words}</p>", encoding="utf-8")
    line.does("document", "capture", "canary-doc", str(page))
    line.does("document", "text", "canary-doc")
    line.does("citation", "add", "C8", "canary-doc", "--quote", words, "--include-protected")
    answer = line.run("document", "text", "canary-doc")
    assert answer.code == 0
    assert_silent(answer.stderr)
    assert answer.stderr.endswith(" has its text: of 2 quotations, 1 without a position\n")


def test_the_log_does_not_tell_what_was_captured_of_a_protected_document(
    changing: str, tmp_path: Path
) -> None:
    line = CommandLine(changing)
    digest = line.does("document", "capture", "canary-doc", "-", input="<p>page</p>").strip()
    assert digest in line.does("log", "--format", "csv", "--include-protected")
    said = line.does("log", "--limit", "1", "--format", "json")
    assert re.search(r'"record": "capture protected-[0-9a-f]{12}"', said)
    assert re.search(r'"fields": "document: protected-[0-9a-f]{12}"', said)
    line.does("document", "capture", "open", "-", input="<p>page</p>")
    assert digest in line.does("log", "--limit", "1", "--format", "csv")
    with db.connect(changing).engine.begin() as connection:
        connection.execute(update(Content).values(bytes=b"others"))
    found = line.run("document", "verify", "canary-doc", "--format", "csv").stdout
    assert (digest in found, "withheld" in found) == (False, True)


def test_a_redaction_does_not_tell_what_else_is_protected(changing: str) -> None:
    line = CommandLine(changing)
    line.does("document", "capture", "canary-doc", "-", input="<p>by four</p>")
    line.does("actor", "add", "Canar", "--kind", "person", "--ref", "open-canar")
    for words in (("redact", "four"), ("redact", "open-canar")):
        said = line.run("actor", *words, "--dry-run").stderr
        assert "protected-" not in said
        assert_silent(said.replace("open-canar", ""))
    assert "1 protected below it" in line.run("actor", "redact", "four", "--dry-run").stderr


def test_a_rejected_row_does_not_tell_who_is_called_so(changing: str, tmp_path: Path) -> None:
    line, works = CommandLine(changing), tmp_path / "works.bib"
    line.does("actor", "edit", "canary-ref", "--alias", "Shared")
    line.does("actor", "add", "Shared", "--kind", "outlet")
    works.write_text("@article{k, title={T}, journal={Shared}, date={2024}}\n", encoding="utf-8")
    line.does("import", "bibtex", str(works), "--skip-invalid")
    rejected = (tmp_path / "works.bib.rejected.csv").read_text(encoding="utf-8")
    assert "among them" in rejected
    assert_silent(rejected)


def test_an_intruder_who_changed_a_protected_row_is_named_without_it(changing: str) -> None:
    with db.connect(changing).engine.connect() as connection:
        connection.execute(text("UPDATE actor SET name = 'Canary X' WHERE ref = 'canary-ref'"))
        connection.commit()
    answer = CommandLine(changing).run("log", "verify", "--format", "csv")
    assert answer.code == 1
    assert re.search(r"^actor,protected-[0-9a-f]{12},it differs from the log", answer.stdout, re.M)
    assert_silent(answer.stdout + answer.stderr)


@pytest.mark.one_database
def test_an_editor_shows_a_protected_source_only_by_flag(changing: str) -> None:
    line = CommandLine(changing)
    env = {"EDITOR": "false"}
    code, said = line.refuses("claim", "edit", "C9", env=env)
    assert (code, said) == (
        2,
        "claim 'C9' refers to protected records: edit it with --include-protected",
    )
    assert line.refuses("claim", "edit", "C9", "--include-protected", env=env)[0] == 1


def test_the_office_of_a_protected_source_is_not_searched(case: Casebook, session: Session) -> None:
    case.actor("a").claim("C", actor="a", capacity="harbour master")
    assert [row.ref for row in search(session, "harbour")] == ["C"]
    case.actor("a", protected=True)
    assert list(search(session, "harbour")) == []
    changes.put(session, _unprotected(session))
    assert [row.ref for row in search(session, "harbour")] == ["C"]


def _unprotected(session: Session) -> Any:
    return NewActor.model_validate(
        changes.merge_with_stored(session, NewActor, {"ref": "a", "protected": False})
    )
