"""Data packages exported and imported by the command line."""

import json
from pathlib import Path

import pytest

from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import DESCRIPTION
from commandline import CommandLine
from conftest import NewTarget, Typed
from exchange.exports.exported_casebooks import populate


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(populate)


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_what_is_exported_is_imported_and_imported_again_changes_nothing(
    line: CommandLine, backend: str, tmp_path: Path, name: str, new_target: NewTarget
) -> None:
    line.does("export", "datapackage", str(tmp_path / name))
    with new_target(backend) as target:
        other = CommandLine(target)
        other.does("import", "tables", str(tmp_path / name))
        assert other.does("dump") == line.does("dump")
        before = other.revisions()
        answer = other.run("import", "tables", str(tmp_path / name))
        assert (answer.code, other.revisions()) == (0, before)
        assert ": 0 added, 0 changed, " in answer.stderr
        assert "account for every row" in other.run("log", "verify").stderr


def test_a_dry_run_writes_nothing(line: CommandLine, tmp_path: Path, new_target: NewTarget) -> None:
    line.does("export", "datapackage", str(tmp_path / "p"))
    with new_target("sqlite") as target:
        answer = CommandLine(target).run("import", "--dry-run", "tables", str(tmp_path / "p"))
        assert answer.code == 0
        assert answer.stderr.endswith(" unchanged: nothing was written\n")
        assert CommandLine(target).revisions() == 1


def test_a_target_that_is_there_is_kept(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    code, said = line.refuses("export", "datapackage", str(tmp_path / "there"))
    assert (code, said) == (
        4,
        f"{tmp_path / 'there'} already exists: choose a new folder, or a file ending in .zip",
    )
    code, said = line.refuses("export", "datapackage", str(tmp_path / "no" / "p"))
    assert (code, said.startswith("there is no folder")) == (3, True)
    code, said = line.refuses("export", "datapackage", str(tmp_path / "p"), "--topic", "wa")
    assert (code, said) == (3, "no topic 'wa'; did you mean war?")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("-",), "target '-' is not valid: expected a new folder", id="stdout"),
        pytest.param(
            ("x.zip", "--licence", "CC BY"),
            "licence 'CC BY' is not valid: expected an id without spaces, such as CC-BY-4.0",
            id="a licence that is no id",
        ),
    ],
)
def test_what_no_package_can_be_is_refused(
    line: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = list(tmp_path.iterdir())
    code, said = line.refuses("export", "datapackage", *words)
    assert (code, said[: len(told)]) == (2, told)
    assert list(tmp_path.iterdir()) == before


def test_protected_sources_stay_inside(line: CommandLine, tmp_path: Path) -> None:
    line.does("actor", "edit", "a", "--name", "Canary", "--alias", "Kanarie", "--protected")
    line.does("topic", "edit", "topic", "--exclusive")
    line.does("export", "datapackage", str(tmp_path / "p"), "--principal", "boss")
    matrix = (tmp_path / "p" / "report-hypotheses.csv").read_text(encoding="utf-8")
    assert matrix.splitlines()[1:] == ["topic,S,statement,What S says.,p,II,"]
    held = "".join(
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "p").rglob("*")
        if path.is_file() and path.parent.name != csv_tables.CAPTURES
    )
    assert "protected-" in held
    assert "Canary" not in held
    assert "Kanarie" not in held
    assert json.loads((tmp_path / "p" / DESCRIPTION).read_text())["claimtrack"]["withheld"]
    line.does("export", "datapackage", str(tmp_path / "q"), "--include-protected")
    assert "Canary" in (tmp_path / "q" / "actor.csv").read_text()


def test_protected_records_are_not_changed_by_tables(line: CommandLine, tmp_path: Path) -> None:
    line.does("actor", "edit", "a", "--protected")
    line.does("export", "datapackage", str(tmp_path / "p"))
    code, said = line.refuses("import", "tables", str(tmp_path / "p"))
    assert (code, said.startswith("this casebook has protected records")) == (4, True)
    code, said = line.refuses("import", "--include-protected", "tables", str(tmp_path / "p"))
    assert (code, said.startswith("the package withholds protected records of this")) == (4, True)
    line.does("export", "datapackage", str(tmp_path / "q"), "--include-protected")
    before = line.revisions()
    line.does("import", "--include-protected", "tables", str(tmp_path / "q"))
    assert line.revisions() == before
