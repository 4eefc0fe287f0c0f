"""Another program's transaction in the way: the command is run again, for a while."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from casebook import Casebook
from claimtrack import db, history
from claimtrack.cli import retry, state
from claimtrack.cli.input_files import read_bytes
from claimtrack.cli.options import Target
from claimtrack.db import connections, sessions
from claimtrack.db.connections import WRITER_LOCK
from claimtrack.errors import Contended, StorageFailure
from commandline import CommandLine
from conftest import NewTarget, on_server

NO_PAUSE = (0.0, 0.0, 0.0)


@pytest.fixture
def line(new_target: NewTarget) -> Iterator[CommandLine]:
    with new_target("postgresql") as target:
        name = make_url(target).database
        on_server(target, f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'")
        made = CommandLine(target)
        made.does("actor", "add", "Somebody", "--ref", "a", "--kind", "person")
        yield made


@contextmanager
def deadlocks(target: str, times: int) -> Iterator[Callable[[], object]]:
    """Let another program, so many times, hold a row that a command wants, and want its lock.

    It holds the row when this begins; what is yielded waits until it holds it once more. What goes
    wrong with it goes wrong here. However slow the machine is, the command meets a deadlock: a gate
    holds the lock until the command has come for it, and the other program behind the command.
    """
    holding, done = threading.Semaphore(0), threading.Event()

    def other() -> None:
        try:
            for _ in range(times):
                with (
                    psycopg.connect(target) as gate,
                    psycopg.connect(target) as connection,
                    ThreadPoolExecutor(1) as pool,
                ):
                    gate.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
                    connection.execute("SET deadlock_timeout = '1h'")  # the command is the victim
                    connection.execute("SELECT * FROM actor WHERE ref = 'a' FOR UPDATE")
                    holding.release()
                    _wait_for_waiting(target, 1, done)
                    opened = pool.submit(_open_for_two, target, gate, done)
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
                    opened.result()
        finally:
            holding.release()

    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(other)
        holding.acquire()
        try:
            yield holding.acquire
        finally:
            done.set()
        others.result()


def _open_for_two(target: str, gate: psycopg.Connection, done: threading.Event) -> None:
    _wait_for_waiting(target, 2, done)
    gate.commit()


def _wait_for_waiting(target: str, number: int, done: threading.Event) -> None:
    """Wait until so many wait for the lock in this database: others may use the server."""
    waiting = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()"
    )
    with psycopg.connect(target, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() != (number,):
            assert not done.wait(0.01), "no command came to wait for the lock"


def test_a_command_that_was_the_victim_of_a_deadlock_is_done_in_the_end(line: CommandLine) -> None:
    before = line.revisions()
    with deadlocks(line.target, times=1):
        line.does("actor", "edit", "a", "--name", "Somebody else")
    assert line.revisions() == before + 1
    assert "Somebody else" in line.does("actor", "list")


def test_a_command_that_is_always_the_victim_ends_in_a_sentence(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deadlocks(line.target, times=2) as hold_again:

        def pauses() -> Iterator[float]:
            yield 0.0
            hold_again()

        monkeypatch.setattr(retry, "PAUSES", pauses())
        code, said = line.refuses("actor", "edit", "a", "--name", "Somebody else")
    assert code == 1
    assert said.endswith("another program holds a lock: try again when it has ended")


def test_a_dossier_from_a_pipe_is_not_read_twice(line: CommandLine) -> None:
    before = line.revisions()
    reading, writing = os.pipe()
    os.write(writing, b"claimtrack: 1\nactors:\n  - {ref: a, name: Somebody else, kind: person}\n")
    os.close(writing)
    with deadlocks(line.target, times=1):
        code, said = line.refuses("load", f"/dev/fd/{reading}")
    os.close(reading)
    assert (code, line.revisions()) == (1, before)
    assert said.endswith("another program holds a lock: try again when it has ended")


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    monkeypatch.setattr(retry, "PAUSES", NO_PAUSE)
    state.begin()
    yield []
    state.begin()


def test_it_is_tried_four_times_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as tries:

        def attempt() -> None:
            tries.append(1)
            raise Contended("in the way")

        with pytest.raises(Contended):
            retry.retry(attempt)
        assert len(tries) == 4


def test_what_was_asked_read_or_printed_is_not_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as tries:

        def attempt() -> None:
            tries.append(1)
            retry.mark_consumed("an answer")
            raise Contended("in the way")

        with pytest.raises(Contended):
            retry.retry(attempt)
        assert len(tries) == 1


def test_a_pipe_gives_its_bytes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as tries:
        reading, writing = os.pipe()
        os.close(writing)

        def attempt() -> None:
            tries.append(1)
            read_bytes(Path(f"/dev/fd/{reading}"))
            raise Contended("in the way")

        with pytest.raises(Contended):
            retry.retry(attempt)
        os.close(reading)
        assert len(tries) == 1


def test_what_is_written_is_not_written_twice(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as tries:

        def attempt() -> None:
            tries.append(1)
            with Target(target, "a").writing(None) as session:
                Casebook(session).topic(f"t-{len(tries)}")
            raise Contended("in the way")

        with pytest.raises(Contended):
            retry.retry(attempt)
        assert len(tries) == 1


def test_other_failures_are_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with counted(monkeypatch) as tries:

        def attempt() -> None:
            tries.append(1)
            raise StorageFailure("the disk is full")

        with pytest.raises(StorageFailure):
            retry.retry(attempt)
        assert len(tries) == 1


def test_sqlite_itself_waits_for_a_file_in_use(
    new_target: NewTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_target("sqlite") as target:
        line = CommandLine(target)
        with sessions.writing(db.connect(target), author="a"):
            monkeypatch.setattr(connections, "BUSY_SECONDS", 0.2)
            monkeypatch.setattr(retry, "PAUSES", pauses := iter([0.0, 0.0]))
            begun = time.monotonic()
            code, said = line.refuses("topic", "add", "T")
            waited = time.monotonic() - begun
        assert (code, waited > 0.15) == (1, True)
        assert list(pauses) == [0.0]  # the first attempt was the last
        assert said.endswith("is in use by another command: try again when it has ended")
        line.does("topic", "add", "T")


def test_what_sqlite_refuses_without_waiting_is_tried_again(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept.db"
    shutil.copyfile(sqlite_template, file)
    line = CommandLine(str(sqlite_template))
    with ExitStack() as reader:
        history.get_anchor(reader.enter_context(sessions.reading(db.connect(str(file)))))

        def pauses() -> Iterator[float]:
            yield 0.0
            reader.close()
            yield 0.0

        monkeypatch.setattr(retry, "PAUSES", pauses())
        line.does("backup", str(file))
    assert CommandLine(str(file)).does("log", "anchor") == line.does("log", "anchor")
