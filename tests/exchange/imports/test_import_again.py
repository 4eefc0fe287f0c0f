"""Imports that are repeated or corrected: what changes, and what stays as the analyst left it."""

from pathlib import Path

from commandline import CommandLine
from exchange.imports.row_imports import ROWS, cited, listed, written


def test_repeating_an_import_changes_nothing(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    line.does("import", profile, path)
    before = line.revisions()
    assert "claim: 0 added, 0 changed, 3 unchanged" in line.run("import", profile, path).stderr
    assert line.revisions() == before


def test_of_rows_that_describe_one_document_otherwise_the_first_counts_each_time(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, (ROWS[0], ROWS[1].replace("First", "Other")))
    line.does("import", profile, path)
    before = line.revisions()
    line.does("import", profile, path)
    assert line.revisions() == before
    assert [row["title"] for row in listed(line, "document", "list")] == ["First"]


def test_a_corrected_file_changes_exactly_what_was_corrected(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    line.does("import", profile, path)
    before = line.revisions()
    corrected = (ROWS[0].replace("yes", "no"), ROWS[1].replace("70000", "75000"), ROWS[2])
    answer = line.run("import", profile, written(tmp_path, corrected))
    assert "claim: 0 added, 2 changed, 1 unchanged" in answer.stderr
    changed = listed(line, "log", "--limit", "2")
    assert [(row["op"], row["record"]) for row in changed] == [
        ("update", "entry mine-2"),
        ("delete", "participation mine-1/cia/subject"),
    ]
    assert line.revisions() == before + 2


def test_what_the_source_takes_back_and_gives_again_is_there_again(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    for own, count in (("yes", 1), ("no", 0), ("yes", 1)):
        line.does("import", profile, written(tmp_path, [ROWS[0].replace("yes", own)]))
        assert line.does("dump").count("role: subject") == count


def test_after_two_actors_were_made_one_an_import_names_that_one(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, ROWS[:1])
    line.does("import", profile, path)
    line.does("actor", "add", "Agency", "--kind", "organisation")
    line.does("actor", "merge", "cia", "agency")
    before = line.revisions()
    line.does("import", profile, path)
    assert line.revisions() == before


def test_what_the_analyst_has_changed_since_stays(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, ROWS[:1])
    line.does("import", profile, path)
    line.does("claim", "edit", "mine-1", "--summary", "Better words")
    line.does("actor", "add", "Ada", "--kind", "person")
    line.does("document", "add", "--ref", "D", "--publisher", "ada")
    line.does("citation", "add", "mine-1", "D")
    line.does("citation", "remove", "mine-1", _page(line), "--label", "1")
    before = line.revisions()
    for _ in range(2):
        line.does("import", profile, path)
        assert line.revisions() == before
    written(tmp_path, [ROWS[0].replace("17/9", "18/9")])
    for _ in range(2):
        line.does("import", profile, path)
    [row] = listed(line, "claim", "list")
    assert (row["summary"], row["date_from"]) == ("Better words", "2024-09-18")
    assert len(cited(line)) == 1


def _page(line: CommandLine) -> str:
    return next(str(row["ref"]) for row in listed(line, "document", "list") if row["ref"] != "D")


def test_an_entry_that_was_removed_is_left_out_and_told(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    line.does("import", profile, path)
    line.does("claim", "remove", "mine-2")
    answer = line.run("import", profile, path)
    assert answer.code == 0
    assert "1 record left out: removed from this casebook earlier" in answer.stderr
    assert [row["ref"] for row in listed(line, "claim", "list")] == ["mine-1", "mine-3"]
