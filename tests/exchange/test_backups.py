"""Backups, and casebooks restored from them."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from casebook import Casebook
from claimtrack import db, history, replay
from claimtrack.db import connections, sessions
from commandline import CommandLine
from conftest import NewTarget
from exchange.changed_casebooks import WAYS, log_changes, log_of
from exchange.dossier.dossiers import everything


@pytest.mark.parametrize(("backend", "to"), WAYS)
def test_a_backup_is_the_same_casebook_and_comes_back(
    changing: str, to: str, tmp_path: Path, new_target: NewTarget
) -> None:
    line, file = CommandLine(changing), tmp_path / "kept.db"
    with sessions.reading(db.connect(changing)) as session:
        head, stood, log = history.get_anchor(session), everything(session), log_of(session)
    answer = line.run("backup", str(file))
    assert (answer.code, answer.stdout) == (0, "")
    assert answer.stderr == f"wrote {file}: whole, up to {head.seq}:{head.hash}\n"
    assert file.stat().st_mode & 0o777 == 0o600
    line.does("topic", "add", "Later")
    line.does("backup", str(file))
    line.does("topic", "remove", "later")
    assert os.listdir(tmp_path) == ["kept.db"]
    with new_target(to) as target:
        other = CommandLine(target)
        other.does("restore", str(file))
        with sessions.reading(db.connect(target)) as session:
            assert everything(session) != stood
            assert log_of(session)[: head.seq] == log
            assert list(replay.verify(session)) == []
        other.does("topic", "add", "Of its own")
        before = other.does("dump")
        assert other.refuses("restore", str(file)) == (
            4,
            f"{db.connect(target).name} already holds a casebook: choose another database "
            "(only restore --replace replaces one)",
        )
        assert other.does("dump") == before
        other.does("restore", str(file), "--replace")
        assert "Of its own" not in other.does("dump")
        other.does("log", "verify")
        other.does("topic", "add", "Of its own")


def test_a_backup_that_its_log_does_not_bear_out_replaces_nothing(
    changing: str, tmp_path: Path
) -> None:
    line, file = CommandLine(changing), tmp_path / "kept.db"
    line.does("backup", str(file))
    before = file.read_bytes()
    with db.connect(changing).engine.connect() as connection:
        connection.execute(text("UPDATE topic SET name = 'x' WHERE ref = 't'"))
        connection.commit()
    code, said = line.refuses("backup", str(file))
    assert code == 1
    assert "differs from its log (topic t: it differs from the log: name)" in said
    assert file.read_bytes() == before
    with db.connect(str(file)).engine.connect() as connection:
        connection.execute(text("UPDATE topic SET name = 'x' WHERE ref = 't'"))
        connection.commit()
    code, said = line.refuses("restore", str(file), "--replace")
    assert (code, f"{file} differs from its log" in said) == (1, True)


def test_a_restore_that_fails_leaves_what_was_there(kept: str, tmp_path: Path) -> None:
    line, file = CommandLine(kept), tmp_path / "none.db"
    before = line.does("dump")
    assert line.refuses("restore", str(file)) == (3, f"there is no file {file}: check the name")
    file.write_text("no database at all, but long enough to be read as the header of one" * 20)
    code, said = line.refuses("restore", str(file), "--replace")
    assert (code, "is not a claimtrack database" in said) == (3, True)
    assert line.does("dump") == before


def test_a_backup_is_taken_while_somebody_writes(changing: str, tmp_path: Path) -> None:
    with sessions.writing(db.connect(changing), author="slow") as session:
        Casebook(session).topic("half")
        session.flush()
        CommandLine(changing).does("backup", str(tmp_path / "kept.db"))
    assert "half" not in CommandLine(str(tmp_path / "kept.db")).does("dump")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 + 100)


def spoil_a_page(path: Path) -> None:
    size = path.stat().st_size // 4096
    with path.open("r+b") as file:
        file.seek(size // 2 * 4096)
        file.write(b"\xa5" * 4096)


def spoil_the_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 4096)


def spoil_the_words(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM fulltext_config")
    file.close()


def spoil_the_log_beside(path: Path) -> None:
    cut(path)
    path.with_name(f"{path.name}-wal").write_bytes(b"\x37\x7f\x06\x82" * 5000)
    path.with_name(f"{path.name}-shm").write_bytes(b"\x37" * 32768)


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A casebook and its backup, to be copied."""
    folder = tmp_path_factory.mktemp("backed-up")
    path, file = folder / "casebook.db", folder / "kept.db"
    db.init(db.connect(str(path)))
    log_changes(str(path))
    CommandLine(str(path)).does("backup", str(file))
    return path, file


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(cut, id="cut short"),
        pytest.param(lambda path: os.truncate(path, 50), id="next to nothing left"),
        pytest.param(lambda path: os.truncate(path, 0), id="empty"),
        pytest.param(spoil_a_page, id="a page in the middle"),
        pytest.param(spoil_the_head, id="the first page"),
        pytest.param(spoil_the_words, id="the index of words"),
        pytest.param(spoil_the_log_beside, id="the log beside it too"),
    ],
)
def test_a_damaged_file_is_replaced_by_its_backup(
    damage: Callable[[Path], None], backed_up: tuple[Path, Path], tmp_path: Path
) -> None:
    path, file = (Path(shutil.copy(one, tmp_path)) for one in backed_up)
    path.chmod(0o640)
    line = CommandLine(str(path))
    dumped, head = line.does("dump"), line.does("log", "anchor")
    damage(path)
    before = path.read_bytes()
    if before:
        assert line.run("restore", str(file)).code in (1, 3, 4)
        assert path.read_bytes() == before
    line.does("restore", str(file), "--replace")
    assert (line.does("dump"), line.does("log", "anchor")) == (dumped, head)
    line.does("log", "verify")
    assert path.stat().st_mode & 0o777 == 0o640
    line.does("topic", "add", "Later")
    assert sorted(os.listdir(tmp_path)) == ["casebook.db", "kept.db"]


def test_a_database_of_something_else_is_not_replaced(tmp_path: Path, kept: str) -> None:
    other, file = tmp_path / "theirs.db", tmp_path / "kept.db"
    CommandLine(kept).does("backup", str(file))
    with sqlite3.connect(other) as theirs:
        theirs.execute("CREATE TABLE mine (id INTEGER)")
    theirs.close()
    before = other.read_bytes()
    answer = CommandLine(str(other)).run("restore", str(file), "--replace")
    assert (answer.code, "holds something else" in answer.stderr) == (4, True)
    assert other.read_bytes() == before


def test_what_was_written_beside_an_older_backup_is_not_read_into_the_new_one(
    kept: str, tmp_path: Path
) -> None:
    line, file = CommandLine(kept), tmp_path / "kept.db"
    line.does("backup", str(tmp_path / "first.db"))
    with sessions.reading(db.connect(str(tmp_path / "first.db"))) as session:
        history.get_anchor(session)  # keeps the log beside the file
        CommandLine(str(tmp_path / "first.db")).does("topic", "add", "Written into the backup")
        for end in ("", "-wal"):  # as a killed command leaves them
            shutil.copyfile(tmp_path / f"first.db{end}", f"{file}{end}")
    line.does("backup", str(file))
    assert CommandLine(str(file)).does("dump") == line.does("dump")
    CommandLine(str(file)).does("log", "verify")
    assert {"kept.db-wal", "kept.db-shm"}.isdisjoint(os.listdir(tmp_path))


def test_a_backup_that_is_in_use_is_not_replaced(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0)
    file = tmp_path / "kept.db"
    shutil.copyfile(sqlite_template, file)
    with sessions.writing(db.connect(str(file)), author="a") as session:
        Casebook(session).topic("t")
        code, said = CommandLine(str(sqlite_template)).refuses("backup", str(file))
        assert (code, f"{file} is in use by another command" in said) == (1, True)
    assert "Topic t" in CommandLine(str(file)).does("dump")
