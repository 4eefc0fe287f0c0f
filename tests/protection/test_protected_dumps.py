"""Dumps and loads of casebooks with protected records, with the flag and without; backups."""

from pathlib import Path

import pytest

from commandline import CommandLine
from conftest import NewTarget
from protection.canaries import assert_silent


def test_what_a_load_would_change_does_not_tell_what_was_quoted(
    changing: str, tmp_path: Path
) -> None:
    line, dossier = CommandLine(changing), tmp_path / "c.yaml"
    quoted = ("--quote", "canary body", "--label", "[2]", "--start", "4")
    line.does("citation", "add", "C8", "canary-doc", *quoted, "--include-protected")
    cited = '{document: canary-doc, label: "[2]", start_pos: 4, prefix: other}'
    text = f"claimtrack: 1\nentries:\n- ref: C8\n  citations: [{cited}]\n"
    dossier.write_text(text, encoding="utf-8")
    assert "  prefix: withheld -> other\n" in line.does("load", "--dry-run", str(dossier))
    assert "  prefix: the  -> other\n" in line.does(
        "load", "--dry-run", str(dossier), "--include-protected"
    )


@pytest.mark.one_database
def test_a_dump_that_withholds_changes_nothing_of_what_it_withholds(
    changing: str, tmp_path: Path
) -> None:
    line, path = CommandLine(changing), tmp_path / "dump.yaml"
    before = line.does("dump", "--include-protected")
    line.does("dump", "--output", str(path))
    assert line.run("load", str(path)).stderr.startswith("0 added, 0 changed, ")
    assert line.does("dump", "--include-protected") == before
    dumped = path.read_text(encoding="utf-8")
    for old, new in (("He is ready to talk", "He is not"), ("value: 2", "value: 1")):
        before_it, it, rest = dumped.partition("ref: C9\n")
        path.write_text(f"{before_it}{it}{rest.replace(old, new, 1)}", encoding="utf-8")
        code, said = line.refuses("load", str(path))
        assert code == 2
        assert "entry 'C9' is protected, or of a protected source: use --include-protected" in said
        assert_silent(said)
        shown = line.does("load", str(path), "--dry-run", "--include-protected")
        assert "entry C9" in shown or "stance C9" in shown
    path.write_text(before.replace("Canary Name", "Canary Other"), encoding="utf-8")
    assert line.refuses("load", str(path))[0] == 2
    line.does("load", str(path), "--include-protected")
    assert "Canary Other" in line.does("dump", "--include-protected")


@pytest.mark.one_database
def test_a_dump_with_the_flag_loads_as_the_same_casebook(
    kept: str, tmp_path: Path, new_target: NewTarget
) -> None:
    path = tmp_path / "dump.yaml"
    CommandLine(kept).does("dump", "--include-protected", "--output", str(path))
    assert "withheld" not in path.read_text(encoding="utf-8")
    with new_target("sqlite") as other:
        line = CommandLine(other)
        line.does("load", str(path))
        assert line.does("dump", "--include-protected") == path.read_text(encoding="utf-8")


@pytest.mark.one_database
def test_a_load_does_not_tell_which_address_of_a_protected_document_is_none(
    target: str, tmp_path: Path
) -> None:
    dossier = tmp_path / "c.yaml"
    dossier.write_text(
        "claimtrack: 1\nactors: [{ref: press, name: Press, kind: outlet}]\ndocuments:\n"
        "- {ref: canary, publisher: press, url: canary example, protected: true}\n",
        encoding="utf-8",
    )
    answer = CommandLine(target).run("load", str(dossier))
    assert answer.code == 0
    assert "url of a protected document is not one address" in answer.stderr
    assert_silent(answer.stderr)


def test_a_dump_that_withholds_loads_elsewhere_as_what_it_says(
    kept: str, tmp_path: Path, new_target: NewTarget
) -> None:
    path = tmp_path / "dump.yaml"
    CommandLine(kept).does("dump", "--output", str(path))
    with new_target("sqlite") as other:
        line = CommandLine(other)
        line.does("load", str(path))
        assert_silent(line.does("dump", "--include-protected"))
        line.does("log", "verify")


def test_a_backup_and_a_snapshot_carry_the_whole_casebook(kept: str, tmp_path: Path) -> None:
    line = CommandLine(kept)
    whole, withheld = line.does("dump", "--include-protected"), line.does("dump")
    for words in (("backup",), ("snapshot", "--at", "9999-12-31"), ("copy", kept)):
        file = tmp_path / f"{words[0]}.db"
        answer = line.run(*words, str(file))
        assert answer.code == 0, answer
        assert_silent(answer.stderr)
        other = CommandLine(str(file))
        assert other.does("dump", "--include-protected") == whole
        assert other.does("dump") == withheld  # under the same pseudonyms
        other.does("log", "verify")
