"""Whole casebooks elsewhere: as they once stood, and in the other kind of database."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from casebook import Casebook
from claimtrack import changes, db, history, replay
from claimtrack.dates import parse_moment
from claimtrack.db import Session, connections, sessions
from claimtrack.errors import Duplicate, StillReferenced, StorageFailure
from claimtrack.exchange import casebook_copies
from claimtrack.lookup import search
from claimtrack.models import Casebook as CasebookRow
from claimtrack.models import Document, Entry, Revision
from claimtrack.records import get
from claimtrack.schemas import NewEntry
from commandline import CommandLine
from conftest import BACKENDS, Filled, NewTarget
from exchange.dossier.dossiers import everything
from generated import Records, casebooks
from tampering import TRIGGERS


def log_of(session: Session) -> list[Any]:
    query = select(*Revision.__table__.columns).order_by(Revision.seq)
    return [tuple(row) for row in session.execute(query)]


def rewrite(session: Session, number: int) -> None:
    """Capture a document, or change or remove an entry, as the number says."""
    documents = session.scalars(select(Document.ref).order_by(Document.ref)).all()
    if documents and number % 4 == 0:
        with suppress(Duplicate):
            Casebook(session).capture(documents[number % len(documents)], b"%d" % (number % 5))
        return
    refs = session.scalars(select(Entry.ref).order_by(Entry.ref)).all()
    if not refs:
        return
    ref = refs[number % len(refs)]
    if number % 3:
        Casebook(session).put(NewEntry, ref=ref, summary=f"Said {number}", place="Kyiv")
    else:
        with suppress(StillReferenced), session.begin_nested():
            changes.remove(session, "entry", ref)


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records=casebooks(), picked=st.lists(st.integers(0, 1_000), min_size=2, max_size=4))
def test_a_snapshot_is_the_casebook_that_stood_there(
    backend: str,
    shared: dict[str, db.Database],
    tmp_path_factory: pytest.TempPathFactory,
    records: Records,
    picked: list[int],
) -> None:
    with sessions.writing(shared[backend], author="Writer", dry_run=True) as session:
        last = len(records) + len(picked)
        kept, stood = {last, *(number % last for number in picked)}, {}

        def keep(at: int) -> None:
            if at in kept:
                stood[history.get_anchor(session).seq] = everything(session)

        keep(0)
        for at, (model, record, owner) in enumerate(records, 1):
            entry = None if owner is None else get(session, Entry, owner)
            changes.accept_any_address(session)
            changes.put(session, model.model_validate(record), entry=entry)
            keep(at)
        for at, number in enumerate(picked, len(records) + 1):
            rewrite(session, number)
            keep(at)
        for seq, there in stood.items():
            file = tmp_path_factory.mktemp("then") / "then.db"
            casebook_copies.snapshot(session, file, seq)
            with sessions.reading(db.connect(str(file))) as target:
                assert everything(target) == there
                assert log_of(target) == log_of(session)[:seq]
                assert list(replay.verify(target)) == []


def log_changes(target: str) -> None:
    database = db.connect(target)
    with sessions.writing(database, author="Ann", message="first") as session:
        case = Casebook(session).topic("war").topic("t", parent="war").actor("boss")
        case.actor("a", parent="boss", aliases=["Зеленський"])
        case.document("D").document("E", canonical="D")
        case.claim("C", actor="a", affirms="p", cites="E", judge="a")
        case.action("A", latitude=48.5, longitude=-37.25)
        case.proposition("q", topic="t", truth=True, resolved_on="2024-05-24", resolved_by="A")
    with sessions.writing(database, author="Ann") as session:
        Casebook(session).topic("war", name="Peace").statement("S", denies="p", responds_to="C")
    with sessions.writing(database, author="Bob") as session:
        changes.remove(session, "entry", "S")


@pytest.fixture
def kept(backend: str, filled: Filled) -> str:
    """A casebook with rows that point at each other, and changes to them, committed one by one."""
    return filled(backend, log_changes)


@pytest.fixture
def changing(backend: str, kept: str, new_target: NewTarget) -> Iterator[str]:
    """A copy of that casebook, for tests that change it."""
    with new_target(backend, like=kept) as made:
        yield made


WAYS = [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite")]
"""From which kind of database to which."""


@pytest.mark.parametrize(("backend", "to"), WAYS)
def test_a_copy_is_the_same_casebook(kept: str, to: str, new_target: NewTarget) -> None:
    with new_target(to) as other:
        said = CommandLine(kept).run("copy", kept, other)
        assert (said.code, said.stdout) == (0, "")
        with sessions.reading(db.connect(kept)) as one, sessions.reading(db.connect(other)) as two:
            assert everything(one) == everything(two)
            assert log_of(one) == log_of(two)
            assert history.get_anchor(one) == history.get_anchor(two)
            secret = select(CasebookRow.pseudonym_secret)
            assert one.scalars(secret).one() == two.scalars(secret).one()
            assert list(replay.verify(two)) == []
            found = [row.ref for row in search(two, "Зеленський")]
            assert found == ["a"]
        line = CommandLine(other)
        line.does("topic", "add", "Later")
        code, told = line.refuses("copy", kept, other)
        assert (code, told) == (
            4,
            f"{db.connect(other).name} already holds a casebook: choose another database "
            "(only restore --replace replaces one)",
        )


def test_a_copy_makes_the_file_it_is_to_fill(kept: str, tmp_path: Path) -> None:
    other = tmp_path / "new.db"
    CommandLine(kept).does("copy", kept, str(other))
    assert other.stat().st_mode & 0o777 == 0o600
    assert CommandLine(str(other)).does("topic", "list", "--format", "csv").count("\r\n") == 4


def test_a_snapshot_is_asked_like_any_casebook(kept: str, tmp_path: Path) -> None:
    line = CommandLine(kept)
    with sessions.reading(db.connect(kept)) as session:
        head = history.get_anchor(session)
    shown = line.does("report", "contradictions", "--format", "csv")
    for number, at in enumerate((str(head.seq), str(head.at), "9999-12-31")):
        file = tmp_path / f"{number}.db"
        answer = line.run("snapshot", "--at", at, str(file))
        assert (answer.code, answer.stdout) == (0, "")
        assert f"the casebook after revision {head.seq}" in answer.stderr
        assert file.stat().st_mode & 0o777 == 0o600
        then = CommandLine(str(file))
        assert then.does("dump") == line.does("dump")
        assert then.does("log", "anchor") == line.does("log", "anchor")
        assert then.does("report", "contradictions", "--format", "csv") == shown
    assert sorted(os.listdir(tmp_path)) == ["0.db", "1.db", "2.db"]


def test_a_time_means_what_stood_then(kept: str) -> None:
    with sessions.reading(db.connect(kept)) as session:
        query = select(Revision.at, Revision.seq).order_by(Revision.seq)
        ends = {row.at: row.seq for row in session.execute(query)}
        for at, seq in ends.items():
            assert replay.get_seq_at(session, parse_moment(at)) == seq
            assert replay.get_seq_at(session, parse_moment(at.removesuffix("Z"))) == seq
            assert replay.get_seq_at(session, parse_moment(at.replace("Z", "+00:00"))) == seq
        assert replay.get_seq_at(session, parse_moment("2001-01-01")) == 0
        assert replay.get_seq_at(session, parse_moment("0")) == 0


def log_at(session: Session, hours: list[int]) -> None:
    """Log a command at each of some hours, of two revisions each."""
    for number, hour in enumerate(hours):
        at = f"2124-05-24T{hour:02}:00:00.000000Z"
        session.state.change = db.Change("Test Analyst", None, f"change-{number}", at)
        Casebook(session).topic(f"T{number}").topic(f"U{number}")


@pytest.mark.parametrize(
    ("hours", "at", "expected"),
    [
        pytest.param([10, 12, 13], 11, (3, None), id="the clock went on"),
        pytest.param([10, 12, 11, 13], 10, (3, None), id="before it went back"),
        pytest.param([10, 12, 11, 13], 11, (7, (5, 6)), id="while it had gone back"),
        pytest.param([10, 12, 11, 13], 12, (7, None), id="after it went back"),
        pytest.param([10, 23, 11, 12, 13], 12, (9, (5, 6)), id="one command was far ahead"),
        pytest.param([10, 11, 12, 0, 13], 11, (5, (7, 8)), id="one command was far behind"),
        pytest.param([10, 11, 12, 0, 13], 9, (1, (7, 8)), id="behind, before all others"),
        pytest.param([10, 11, 12, 0, 13], 12, (9, None), id="behind, after those before it"),
        pytest.param([10, 20, 21, 12, 13, 14], 12, (9, (7, 8)), id="it ran ahead for some time"),
        pytest.param([12, 11, 10], 9, (1, None), id="nothing stood yet"),
    ],
)
def test_where_the_clock_went_back_the_order_of_the_log_counts(
    session: Session, hours: list[int], at: int, expected: tuple[int, tuple[int, int] | None]
) -> None:
    log_at(session, hours)
    found = replay.get_log_position(session, parse_moment(f"2124-05-24T{at:02}:30"))
    assert found == replay.LogPosition(*expected)


def test_a_snapshot_says_that_the_clock_went_back(new_target: NewTarget, tmp_path: Path) -> None:
    with new_target("sqlite") as target:
        with sessions.writing(db.connect(target), author="Test Analyst") as session:
            log_at(session, [10, 12, 11, 13])
        file = str(tmp_path / "then.db")
        said = CommandLine(target).run("snapshot", "--at", "2124-05-24T11:30", file).stderr
        assert said.splitlines() == [
            "warning: the clock was set back between revisions 5 and 6: the snapshot follows the "
            "order of the log up to revision 7; '--at SEQ' selects another",
            f"wrote {file}: the casebook after revision 7",
        ]
        assert "T1," in CommandLine(file).does("topic", "list", "--format", "csv")


@pytest.mark.parametrize(
    ("at", "code", "sentence"),
    [
        pytest.param("yesterday", 2, "expected a sequence number, or a time such as", id="words"),
        pytest.param("", 2, "expected a sequence number, or a time such as", id="nothing"),
        pytest.param("2024-02-30", 2, "expected a sequence number, or a time", id="no such day"),
        pytest.param("999999", 2, "where the log ends", id="beyond the head"),
    ],
)
def test_a_moment_that_is_none_is_refused(
    kept: str, tmp_path: Path, at: str, code: int, sentence: str
) -> None:
    told = CommandLine(kept).refuses("snapshot", "--at", at, str(tmp_path / "x.db"))
    assert (told[0], sentence in told[1]) == (code, True), told
    assert os.listdir(tmp_path) == []


def test_a_snapshot_overwrites_nothing_and_needs_a_whole_log(
    kept: str, tmp_path: Path, backend: str
) -> None:
    line = CommandLine(kept)
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    assert line.refuses("snapshot", "--at", "1", str(taken)) == (
        4,
        f"{taken} already exists: choose a new file",
    )
    assert taken.read_text() == "mine"
    assert line.refuses("snapshot", "--at", "1", str(tmp_path / "no" / "x.db"))[0] == 3
    with sessions.writing(db.connect(kept), author="x", dry_run=True) as session:
        for statement in TRIGGERS[backend]:
            session.execute(text(statement))
        session.execute(text("DELETE FROM revision WHERE seq = 3"))
        with pytest.raises(StorageFailure, match=r"the log does not verify.*revision 3 is missing"):
            casebook_copies.snapshot(session, tmp_path / "new.db", 2)
    assert sorted(os.listdir(tmp_path)) == ["taken.db"]


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


def test_a_backup_is_taken_while_somebody_writes(kept: str, tmp_path: Path) -> None:
    with sessions.writing(db.connect(kept), author="slow") as session:
        Casebook(session).topic("half")
        session.flush()
        CommandLine(kept).does("backup", str(tmp_path / "kept.db"))
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
