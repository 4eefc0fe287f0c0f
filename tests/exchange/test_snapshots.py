"""Casebooks as they once stood."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from casebook import Casebook
from claimtrack import changes, db, history, replay
from claimtrack.dates import parse_moment
from claimtrack.db import Session, sessions
from claimtrack.errors import Duplicate, StillReferenced, StorageFailure
from claimtrack.exchange import casebook_copies
from claimtrack.models import Document, Entry, Revision
from claimtrack.records import get
from claimtrack.schemas import NewEntry
from commandline import CommandLine
from conftest import BACKENDS, NewTarget
from exchange.changed_casebooks import log_of
from exchange.dossier.dossiers import everything
from generated import Records, casebooks
from tampering import TRIGGERS


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
