"""The command `redact`, and the files and servers that it leaves without the identity."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, select, text

from casebook import Casebook
from changes.redacting.identities import CANARY, populate, redacted
from claimtrack import db
from claimtrack.db import Session, connections, sessions
from claimtrack.models import Actor, Revision
from claimtrack.schemas import NewDocument
from claimtrack.vocab import Op
from commandline import CommandLine
from conftest import NewTarget, Typed, on_server

# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(populate)


def files_of(target: str) -> list[Path]:
    """The files that hold a casebook, the write-ahead log of SQLite among them."""
    if "://" not in target:
        return sorted(Path(target).parent.glob("claimtrack.db*"))
    on_server(target, "CHECKPOINT")
    with db.connect(target).engine.connect() as connection:
        folder = connection.scalar(text("SHOW data_directory"))
        number = connection.scalar(
            text("SELECT oid FROM pg_database WHERE datname = :name"),
            {"name": make_url(target).database},
        )
    return sorted(Path(str(folder), "base", str(number)).iterdir())


def holding(target: str) -> list[str]:
    canary = CANARY.encode()
    return [path.name for path in files_of(target) if canary in path.read_bytes().lower()]


def test_the_bytes_are_gone_from_the_files(line: CommandLine) -> None:
    if "://" in line.target:
        on_server(line.target, "CHECKPOINT")
    assert holding(line.target) != []
    answer = line.run("actor", "redact", "ivan-qanary", "--yes")
    assert answer.code == 0, answer
    assert holding(line.target) == []
    assert "account for every row" in line.run("log", "verify").stderr


def test_what_goes_is_told_and_nothing_is_written_without_a_yes(line: CommandLine) -> None:
    line.does("topic", "add", "The Qanary affair", "--ref", "affair")
    code, said = line.refuses("actor", "redact", "Ivan R. Qanary")
    assert code == 2
    assert "  stance: S/p/ivan-qanary\n" in said
    assert "looked for 4 names: 'I. Qanary', 'Ivan Qanary', 'Ivan R. Qanary', 'ivan-" in said
    assert "warning: 1 word like a name will remain (Qanary): use --also for" in said
    assert said.endswith("this cannot be undone: use --yes to skip the question")
    answer = line.run("actor", "redact", "ivan-qanary", "--dry-run")
    assert (answer.code, line.revisions()) == (0, line.revisions())
    assert answer.stderr.endswith("nothing was written\n")


def test_a_casebook_that_its_log_does_not_bear_out_is_not_redacted(line: CommandLine) -> None:
    with db.connect(line.target).engine.begin() as connection:
        connection.execute(text("UPDATE entry SET place = 'Kyiv' WHERE ref = 'S'"))
    code, said = line.refuses("actor", "redact", "ivan-qanary", "--yes")
    assert code == 1
    assert said.startswith("the log does not account for the casebook (entry S: it differs from")


def test_a_copy_of_a_redacted_casebook_is_whole(
    line: CommandLine, backend: str, new_target: NewTarget
) -> None:
    line.does("actor", "redact", "ivan-qanary", "--yes")
    other = "postgresql" if backend == "sqlite" else "sqlite"
    with new_target(other) as target:
        line.does("copy", line.target, target)
        assert holding(target) == []
        assert "account for every row" in CommandLine(target).run("log", "verify").stderr


def test_a_file_that_others_read_is_compacted_later(
    new_target: NewTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.1)
    with new_target("sqlite") as target:
        line = CommandLine(target)
        db.init(db.connect(target))  # its write-ahead log is on
        line.does("actor", "add", "Ivan Qanary", "--ref", "q", "--kind", "person")
        with sessions.reading(db.connect(target)) as reader:
            assert reader.scalars(select(Actor.ref)).all() == ["q"]
            answer = line.run("actor", "redact", "q", "--yes")
            assert answer.code == 1
            assert "the actor is redacted, but the erased data is still in" in answer.stderr
            assert "run 'claimtrack compact' as soon as possible" in answer.stderr
        line.does("compact")
        assert holding(target) == []


def test_a_change_of_one_document_leaves_the_others(session: Session) -> None:
    case = (
        Casebook(session)
        .actor("q", name="Ivan Qanary")
        .put(NewDocument, ref="E", publisher="q", title="Other")
    )
    case.document("F", title="Third", body="No name here")
    case.claim("C").cite("C", "F", exact="name", start_pos=3, end_pos=7)
    redacted(session, "q")
    query = select(Revision.row_key).where(Revision.op == Op.REDACT)
    assert "F" not in session.scalars(query.where(Revision.table_name == "document")).all()


# --- redactions that an intruder would write ------------------------------------------------------


def test_postgresql_is_compacted_once_nobody_sees_the_old_rows(
    new_target: NewTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 1)
    with new_target("postgresql") as target:
        line = CommandLine(target)
        line.does("actor", "add", "Ivan Qanary", "--ref", "q", "--kind", "person")
        with psycopg.connect(target) as other:
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute("SELECT 1 FROM pg_class LIMIT 1")
            answer = line.run("actor", "redact", "q", "--yes")
            assert answer.code == 1
            assert "the erased data is still in the files" in answer.stderr
        line.does("compact")
        assert holding(target) == []
