"""Connections and transactions: what cannot be used is told in a sentence, nothing is lost."""

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from socket import AF_UNIX, socket

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import make_url

from casebook import Casebook
from claimtrack import db
from claimtrack.db import connections, sessions
from claimtrack.errors import (
    InvalidValue,
    MissingFile,
    NoDatabase,
    StorageFailure,
)
from claimtrack.models import Actor
from claimtrack.records import find
from conftest import NewTarget, count_queries, on_server


def test_an_error_takes_the_whole_command_back(target: str) -> None:
    database = db.connect(target)
    with pytest.raises(ZeroDivisionError), sessions.writing(database, author="a") as session:
        assert len(Casebook(session).actor("x").session.new) / 0
    with sessions.reading(database) as session:
        assert find(session, Actor, "x") is None
        assert session.scalar(text("SELECT count(*) FROM revision")) == 1  # that of the casebook


def test_a_dry_run_does_everything_and_keeps_nothing(target: str) -> None:
    database = db.connect(target)
    with sessions.writing(database, author="a", dry_run=True) as session:
        Casebook(session).actor("x")
        assert find(session, Actor, "x") is not None
    with sessions.reading(database) as session:
        assert find(session, Actor, "x") is None


def test_what_is_written_is_there_for_the_next_command(target: str) -> None:
    with sessions.writing(db.connect(target), author="a", message="why") as session:
        Casebook(session).actor("x")
    with sessions.reading(db.connect(target)) as session:
        assert find(session, Actor, "x") is not None
        query = "SELECT author, message FROM revision WHERE table_name = 'actor'"
        found = session.execute(text(query)).one()
        assert tuple(found) == ("a", "why")


def test_a_rolled_back_savepoint_leaves_nothing(target: str) -> None:
    with sessions.writing(db.connect(target), author="a") as session:
        savepoint = session.begin_nested()
        Casebook(session).actor("x")
        savepoint.rollback()
    with sessions.reading(db.connect(target)) as session:
        assert find(session, Actor, "x") is None


def test_a_savepoint_ends_when_it_is_rolled_back(target: str) -> None:
    with (
        sessions.writing(db.connect(target), author="a") as session,
        count_queries(session) as sent,
    ):
        for _ in range(2):
            savepoint = session.begin_nested()
            Casebook(session).actor("x")
            savepoint.rollback()
    about = [words[:7] for words in sent if "SAVEPOINT" in words]
    assert about == ["SAVEPOI", "ROLLBAC", "RELEASE"] * 2


def test_readers_cannot_write_on_postgresql(new_target: NewTarget) -> None:
    with (
        new_target("postgresql") as target,
        pytest.raises(StorageFailure, match="allows only reading"),
        sessions.reading(db.connect(target)) as session,
    ):
        session.execute(text("DELETE FROM actor"))


def test_nothing_is_created_by_looking(tmp_path: Path) -> None:
    with (
        pytest.raises(NoDatabase, match="run 'claimtrack init'"),
        sessions.reading(db.connect(str(tmp_path / "absent.db"))),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    database = db.connect(str(tmp_path / "no" / "x.db"))
    for attempt in (lambda: db.init(database), lambda: sessions.reading(database).__enter__()):
        with pytest.raises(MissingFile, match=r"there is no folder .*no: create it first"):
            attempt()


def test_a_folder_is_not_a_database(tmp_path: Path) -> None:
    with (
        pytest.raises(NoDatabase, match="is a folder: name a file"),
        sessions.reading(db.connect(str(tmp_path))),
    ):
        pass


def test_another_kind_of_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes. " * 100)
    for attempt in (db.init, lambda database: sessions.reading(database).__enter__()):
        with pytest.raises(NoDatabase, match="is not a claimtrack database"):
            attempt(db.connect(str(path)))
    assert path.read_text() == "These are notes. " * 100


def test_a_half_written_database_is_said_to_be_damaged(
    sqlite_template: Path, tmp_path: Path
) -> None:
    whole = sqlite_template.read_bytes()
    path = tmp_path / "half.db"
    path.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(StorageFailure, match=r"is damaged: 'claimtrack restore FILE --replace'"),
        sessions.reading(db.connect(str(path))) as session,
    ):
        session.execute(text("SELECT * FROM revision, entry, link, grade, stance, topic"))


def test_a_failed_init_leaves_no_file_behind(tmp_path: Path) -> None:
    path = tmp_path / "limited.db"
    script = (
        "import resource, sys; from claimtrack import db;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"db.init(db.connect({str(path)!r}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert result.returncode != 0
    assert "StorageFailure" in result.stderr.splitlines()[-1]
    assert not path.exists()


def test_a_locked_database_is_said_to_be_in_use(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "busy.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with (
            pytest.raises(StorageFailure, match="is in use by another command"),
            sessions.writing(db.connect(str(path)), author="a"),
        ):
            pass
    finally:
        other.close()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(("/postgres?", "/nowhere?"), "there is no database .*nowhere", id="database"),
        pytest.param(("postgres:@", "nobody@"), "the server has no such user", id="user"),
    ],
)
def test_postgresql_refusals_are_one_sentence(
    postgres_url: str, change: tuple[str, str], sentence: str
) -> None:
    with (
        pytest.raises((StorageFailure, NoDatabase), match=sentence),
        sessions.reading(db.connect(postgres_url.replace(*change))),
    ):
        pass


@pytest.mark.parametrize("where", ["u@127.0.0.1:1/d", "u@/d?host=/tmp/nowhere", "u@/d?host={}"])
def test_a_server_that_does_not_answer_is_said_to(tmp_path: Path, where: str) -> None:
    with socket(AF_UNIX) as left_behind:
        left_behind.bind(str(tmp_path / ".s.PGSQL.5432"))
    with (
        pytest.raises(StorageFailure, match="no PostgreSQL server answers there"),
        sessions.reading(db.connect(f"postgresql://{where.format(tmp_path)}")),
    ):
        pass


def test_a_server_that_goes_away_is_told_in_one_sentence(
    new_target: NewTarget, postgres_url: str
) -> None:
    def left_alone(target: str) -> None:
        with sessions.writing(db.connect(target), author="a") as session:
            backend = session.scalar(text("SELECT pg_backend_pid()"))
            on_server(postgres_url, f"SELECT pg_terminate_backend({backend}, 10000)")
            Casebook(session).topic("t")

    said = "the connection to the server was lost: check whether the change was saved"
    with new_target("postgresql") as target, pytest.raises(StorageFailure, match=said):
        left_alone(target)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_server_database_without_room_for_every_script_is_refused(
    postgres_url: str, encoding: str
) -> None:
    name = f"narrow_{encoding.lower()}_{os.getpid()}"
    on_server(
        postgres_url,
        f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' "
        "TEMPLATE template0",
    )
    target = db.connect(postgres_url.replace("/postgres?", f"/{name}?"))
    with pytest.raises(StorageFailure, match=f"{encoding}.*create the database with ENCODING"):
        db.init(target)
    with pytest.raises(NoDatabase), sessions.reading(target):
        pass


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param(
            "-cdefault_transaction_read_only=on",
            "the server allows only reading",
            id="a server that only reads",
        ),
        pytest.param(
            "-csearch_path=nowhere", "the search path names no schema", id="no such schema"
        ),
    ],
)
def test_a_server_that_takes_nothing_is_told_in_one_sentence(
    postgres_url: str, options: str, sentence: str
) -> None:
    url = make_url(postgres_url).update_query_dict({"options": options})
    with pytest.raises(StorageFailure, match=sentence):
        db.init(db.connect(url.render_as_string(hide_password=False)))


def test_a_reader_holds_up_no_writer_and_sees_one_state(target: str) -> None:
    with sessions.writing(db.connect(target), author="a") as session:
        Casebook(session).actor("before")
    with sessions.reading(db.connect(target)) as reader:
        rows = reader.connection().execute(text("SELECT ref FROM actor"))
        with sessions.writing(db.connect(target), author="b") as session:
            Casebook(session).actor("after")
        assert [ref for (ref,) in rows] == ["before"]
        assert find(reader, Actor, "after") is None
    with sessions.reading(db.connect(target)) as reader:
        assert find(reader, Actor, "after") is not None


def test_an_instant_is_utc_on_both_databases(target: str) -> None:
    with sessions.reading(db.connect(target)) as session:
        from claimtrack.models import Casebook as Row

        found = session.query(Row).one().created_at
    assert found.utcoffset() == timedelta(0)
    assert datetime.now(UTC) - found < timedelta(hours=1)


def test_an_instant_without_a_zone_is_refused() -> None:
    column = db.UtcDateTime()
    naive = datetime(2024, 1, 1)  # noqa: DTZ001 - what is refused
    dialect = sqlite_dialect()
    with pytest.raises(InvalidValue, match="a time with its zone"):
        column.process_bind_param(naive, dialect)
    plus_two = naive.replace(tzinfo=timezone(timedelta(hours=2)))
    bound = column.process_bind_param(plus_two, dialect)
    assert str(bound) == "2023-12-31 22:00:00+00:00"


def test_a_missing_driver_names_the_command_that_installs_it(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError")
    script = "from claimtrack import db; db.connect('postgresql://h/d')"
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}:{Path(db.__file__).parents[2]}"}
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=env
    )
    assert result.stderr.splitlines()[-1] == (
        "claimtrack.errors.MissingDriver: PostgreSQL needs the psycopg driver: "
        "run pip install 'claimtrack[postgres]'"
    )
