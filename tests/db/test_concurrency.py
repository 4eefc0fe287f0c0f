"""Many hands at one casebook: nothing acknowledged is lost, and nobody overwrites unseen."""

import io
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes, db, history, replay
from claimtrack.db import connections, sessions
from claimtrack.errors import NewerVersion, StorageFailure
from claimtrack.exchange.dossier import dumping, loading
from claimtrack.models import Actor, Entry
from claimtrack.records import get
from claimtrack.schemas import NewActor, NewEntry
from commandline import CommandLine

HANDS, WRITES = 4, 12


def begin_together(barrier: Barrier) -> None:
    """Give each process what all of them wait at, and time to wait for the others' writes."""
    globals()["TOGETHER"] = barrier
    connections.BUSY_SECONDS = 600


def write_on(target: str, hand: int) -> tuple[list[str], list[str]]:
    """Add entries and edit the one actor in turn: the refs and the names of what was written."""
    globals()["TOGETHER"].wait()
    database = db.connect(target)
    added: list[str] = []
    edited: list[str] = []
    for number in range(WRITES):
        with sessions.writing(database, author=f"hand {hand}") as session:
            if (hand + number) % 2:
                ref = changes.next_ref(session, "claim")
                made = {"ref": ref, "kind": "claim", "actor": "a", "summary": f"{hand} {number}"}
                changes.put(session, NewEntry.model_validate(made))
                kept, what = added, ref
            else:
                what = f"{hand} {number}"
                whole = changes.merge_with_stored(session, NewActor, {"ref": "a", "name": what})
                changes.put(session, NewActor.model_validate(whole))
                kept = edited
        kept.append(what)
    return added, edited


def test_what_many_processes_write_at_once_is_all_there(target: str) -> None:
    database = db.connect(target)
    with sessions.writing(database, author="a") as session:
        Casebook(session).actor("a")
    spawn = multiprocessing.get_context("spawn")
    begun = (spawn.Barrier(HANDS),)
    with ProcessPoolExecutor(HANDS, spawn, initializer=begin_together, initargs=begun) as hands:
        answers = list(hands.map(write_on, [target] * HANDS, range(HANDS)))
    refs = [ref for added, _ in answers for ref in added]
    names = [name for _, edited in answers for name in edited]
    assert len(refs) + len(names) == HANDS * WRITES
    with sessions.reading(database) as session:
        assert sorted(session.scalars(select(Entry.ref))) == sorted(refs)
        logged = [row.fields for row in history.stream_history(session, "actor", "a")][1:]
        assert sorted(field.rpartition(" -> ")[2] for field in logged) == sorted(names)
        assert get(session, Actor, "a").name in names
        assert list(replay.verify(session)) == []
        assert history.get_anchor(session).seq == 2 + HANDS * WRITES


def test_a_server_that_is_kept_busy_is_told_in_one_sentence(
    target: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.2)
    with (
        sessions.writing(db.connect(target), author="a"),
        pytest.raises(StorageFailure, match="is in use by another command: try again when"),
        sessions.writing(db.connect(target), author="b"),
    ):
        pass


def head_of(target: str) -> int:
    with sessions.reading(db.connect(target)) as session:
        return history.get_anchor(session).seq


def test_a_load_over_a_newer_version_shows_both_and_writes_nothing(
    target: str, tmp_path: Path
) -> None:
    database, path = db.connect(target), tmp_path / "a.yaml"
    with sessions.writing(database, author="ann") as session:
        Casebook(session).topic("t").topic("u").topic("v")
    base = head_of(target)
    with sessions.writing(database, author="bob") as session:
        Casebook(session).topic("t", name="By Bob").topic("v", name="By Bob")
    path.write_text(
        "claimtrack: 1\ntopics: [{ref: t, name: By Ann}, {ref: u, name: By Ann}, {ref: v}]\n",
        encoding="utf-8",
    )
    with pytest.raises(NewerVersion) as caught, sessions.writing(database, author="ann") as session:
        loading.load(session, [path], base=base)
    assert str(caught.value).splitlines() == [
        f"changed by others since revision {base}, on which this was based: nothing was written; "
        "merge their changes and try again",
        f"  theirs: bob, revision {base + 1}: update topic t: name: Topic t -> By Bob",
        "  yours:  update topic t: name: By Bob -> By Ann",
    ]
    with sessions.reading(database) as session:
        out = io.StringIO()
        dumping.dump(session, out)
        assert "By Ann" not in out.getvalue()
    with sessions.writing(database, author="ann") as session:
        report = loading.load(session, [path], base=head_of(target))
    assert report.count(changes.Outcome.CHANGED) == 2


def test_a_base_is_stated_as_a_sequence_or_an_anchor(target: str, tmp_path: Path) -> None:
    line, path = CommandLine(target), tmp_path / "a.yaml"
    line.does("topic", "add", "Talks", "--ref", "t")
    anchor = line.does("log", "anchor").strip()
    line.does("topic", "edit", "t", "--name", "By Bob")
    path.write_text("claimtrack: 1\ntopics: [{ref: t, name: By Ann}]\n", encoding="utf-8")
    for base in ("2", anchor, ":".join(anchor.split(" ")[1:3])):
        code, said = line.refuses("load", "--base", base, str(path))
        assert (code, "By Bob -> By Ann" in said) == (4, True)
    code, said = line.refuses("load", "--base", anchor.replace(anchor[:8], "0" * 8), str(path))
    assert (code, "based on another state of the casebook" in said) == (4, True)
    assert line.refuses("load", "--base", "9", str(path))[0] == 2
    assert line.refuses("load", "--base", "yesterday", str(path))[0] == 2
    line.does("load", "--base", "3", str(path))
    assert "By Ann" in line.does("topic", "show", "t")
