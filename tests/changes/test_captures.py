"""The evidence itself: captures that are kept byte for byte."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update

from casebook import Casebook
from claimtrack import changes, db, lookup, replay
from claimtrack.changes import capturing
from claimtrack.db import Session, sessions
from claimtrack.errors import AmbiguousRef, Duplicate, Invalid, InvalidValue, UnknownRef
from claimtrack.models import Capture, Content
from commandline import CommandLine, read_csv
from conftest import NewTarget

PAGE = b"<html><meta charset=windows-1251><p>He said: \xab no&nbsp;talks \xbb\r\n\x00"
DIGEST = hashlib.sha256(PAGE).hexdigest()
NOON = datetime(2024, 5, 24, 12, 0, 0, 250, tzinfo=UTC)


@pytest.mark.both_databases
def test_a_capture_keeps_the_bytes_and_what_is_known_of_them(
    case: Casebook, session: Session
) -> None:
    case.document("D").capture("D", PAGE, retrieved_at=NOON, retrieved_by="Ann")
    assert lookup.list_captures(session, "D") == [
        lookup.CaptureRow(
            document="D",
            sha256=DIGEST,
            media_type="text/html",
            size=len(PAGE),
            retrieved_at="2024-05-24T12:00:00.000250Z",
            retrieved_by="Ann",
        )
    ]
    assert lookup.bytes_of(session, DIGEST) == PAGE
    assert list(replay.verify(session)) == []
    assert list(lookup.verify_captures(session)) == []


@pytest.mark.both_databases
def test_captures_stand_side_by_side_and_the_same_bytes_once(
    case: Casebook, session: Session
) -> None:
    later = NOON.replace(hour=13)
    case.document("D").document("E").capture("D", PAGE, retrieved_at=later)
    case.capture("D", b"another", retrieved_at=NOON.replace(hour=14))
    case.capture("D", PAGE, retrieved_at=NOON).capture("E", PAGE, retrieved_at=NOON)
    rows = lookup.list_captures(session, "D")
    assert [(row.size, row.retrieved_at[11:13]) for row in rows] == [
        (len(PAGE), "12"),
        (len(PAGE), "13"),
        (7, "14"),
    ]
    assert session.scalar(select(func.count()).select_from(Content)) == 2
    with pytest.raises(Duplicate, match="D already has this capture"):
        case.capture("D", PAGE, retrieved_at=NOON)


def test_what_is_no_capture_is_refused(
    case: Casebook, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.document("D")
    with pytest.raises(Invalid, match="there is nothing to capture: the input is empty"):
        case.capture("D", b"")
    with pytest.raises(UnknownRef, match="no document 'E'"):
        case.capture("E", PAGE)
    monkeypatch.setattr(capturing, "MOST_BYTES", 4)
    with pytest.raises(InvalidValue, match="size 5 is not valid: expected 4 bytes at most"):
        case.capture("D", b"12345")


@pytest.mark.both_databases
def test_a_capture_is_meant_by_the_first_digits_of_its_digest(
    case: Casebook, session: Session
) -> None:
    case.document("D").capture("D", PAGE, retrieved_at=NOON)
    case.capture("D", b"another", retrieved_at=NOON.replace(hour=11))
    assert lookup.get_capture(session, "D").sha256 == DIGEST
    other = hashlib.sha256(b"another").hexdigest()
    assert lookup.get_capture(session, "D", other[:6].upper()).sha256 == other
    with pytest.raises(UnknownRef, match=f"no capture 'D/xyz'; did you mean {other[:12]} or"):
        lookup.get_capture(session, "D", "xyz")
    with pytest.raises(InvalidValue, match="expected the first digits of a digest"):
        lookup.get_capture(session, "D", " ")
    number = 0
    while hashlib.sha256(str(number).encode()).hexdigest()[0] != DIGEST[0]:
        number += 1
    case.capture("D", str(number).encode())
    with pytest.raises(AmbiguousRef, match=f"2 captures of D begin with '{DIGEST[0]}'"):
        lookup.get_capture(session, "D", DIGEST[0])


@pytest.mark.both_databases
def test_a_capture_taken_back_can_be_put_back_with_its_bytes(
    case: Casebook, session: Session
) -> None:
    case.document("D")
    session.state.change = taken = db.new_change("Ann")
    case.capture("D", PAGE)
    session.state.change = back = db.new_change("Ann")
    changes.revert(session, taken.id)
    assert session.scalars(select(Capture)).all() == []
    assert list(replay.verify(session)) == []
    assert list(lookup.verify_captures(session)) == []
    session.state.change = db.new_change("Ann")
    changes.revert(session, back.id)
    assert lookup.bytes_of(session, lookup.get_capture(session, "D").sha256) == PAGE
    assert list(replay.verify(session)) == []


@pytest.mark.both_databases
def test_the_bytes_of_a_capture_taken_back_are_watched_over(
    case: Casebook, session: Session
) -> None:
    case.document("D")
    session.state.change = taken = db.new_change("Ann")
    case.capture("D", PAGE)
    session.state.change = db.new_change("Ann")
    changes.revert(session, taken.id)
    session.execute(update(Content).values(bytes=b"x"))
    [found] = lookup.verify_captures(session)
    assert (found.document, found.sha256) == (None, DIGEST)
    assert found.finding.startswith("its bytes have been changed")
    session.execute(delete(Content))
    [found] = lookup.verify_captures(session)
    assert found.finding == "its bytes are missing"
    assert [(row.table, row.key) for row in replay.verify(session)] == [("content", DIGEST)]


FORGED = [
    pytest.param(
        "UPDATE content SET bytes = {zero}",
        ("D", "its bytes have been changed: their SHA-256 is 6e340b9c"),
        "its bytes are not those of its digest",
        id="bytes changed",
    ),
    pytest.param(
        "DELETE FROM content",
        ("D", "its bytes are missing"),
        "a capture of the log has these bytes, and they are missing",
        id="bytes taken away",
    ),
    pytest.param(
        "INSERT INTO content (sha256, bytes) VALUES ("
        "'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', {zero})",
        (None, "no capture of the log has these bytes"),
        "no capture of the log has these bytes",
        id="bytes slipped in",
    ),
    pytest.param(
        "UPDATE capture SET size = 1",
        ("D", f"it has {len(PAGE)} bytes, and its recorded size is 1"),
        "it differs from the log: size",
        id="another size",
    ),
]


@pytest.mark.both_databases
@pytest.mark.parametrize(("statement", "expected", "of_log"), FORGED)
def test_bytes_that_are_not_what_they_were_are_named(
    target: str, backend: str, statement: str, expected: tuple[str, str], of_log: str | None
) -> None:
    with sessions.writing(db.connect(target), author="Ann") as session:
        Casebook(session).document("D").capture("D", PAGE)
    zero = "x'00'" if backend == "sqlite" else r"'\x00'"
    unguarded = "PRAGMA foreign_keys = OFF"
    if backend == "postgresql":
        unguarded = "ALTER TABLE capture DROP CONSTRAINT fk_capture_sha256_content"
    with db.connect(target).engine.connect() as connection:
        connection.connection.cursor().execute(unguarded)
        connection.execute(text(statement.format(zero=zero)))
        connection.commit()
    with sessions.reading(db.connect(target)) as session:
        [found] = lookup.verify_captures(session)
        assert (found.document, expected[1] in found.finding) == (expected[0], True), found
        assert [row.finding for row in replay.verify(session)] == [of_log] * bool(of_log)
    line = CommandLine(target)
    answer = line.run("document", "verify", "--format", "csv")
    assert (answer.code, expected[1] in answer.stdout) == (1, True)
    assert answer.stderr == "some captures have changed since they were taken\n"


@pytest.mark.parametrize(("backend", "to"), [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_copies_backups_and_snapshots_carry_captures(
    target: str, to: str, new_target: NewTarget, tmp_path: Path
) -> None:
    line = CommandLine(target)
    with sessions.writing(db.connect(target), author="Ann") as session:
        case = Casebook(session).document("D").capture("D", PAGE)
        seq = str(lookup.status(session).revisions)
        case.capture("D", b"later")
    listed_there = line.does("document", "captures", "D", "--format", "csv")
    then, kept = tmp_path / "then.db", tmp_path / "kept.db"
    line.does("snapshot", "--at", seq, str(then))
    line.does("backup", str(kept))
    with new_target(to) as other, new_target(to) as restored:
        line.does("copy", target, other)
        CommandLine(restored).does("restore", str(kept))
        for place, count in ((other, 2), (restored, 2), (str(then), 1), (str(kept), 2)):
            copied = CommandLine(place)
            copied.does("log", "verify")
            copied.does("document", "verify")
            listed = copied.does("document", "captures", "D", "--format", "csv")
            assert len(read_csv(listed)) == count
            assert count == 1 or listed == listed_there
            given = ("document", "export-capture", "D", "--sha256", DIGEST, "--output", "-")
            assert copied.run_bytes(*given) == PAGE


@pytest.mark.both_databases
def test_bytes_that_were_changed_go_into_no_copy(target: str, tmp_path: Path) -> None:
    with sessions.writing(db.connect(target), author="Ann") as session:
        Casebook(session).document("D").capture("D", PAGE)
    with db.connect(target).engine.connect() as connection:
        connection.execute(update(Content).values(bytes=b"x"))
        connection.commit()
    line = CommandLine(target)
    for command in (("backup", str(tmp_path / "kept.db")), ("document", "text", "D")):
        code, said = line.refuses(*command)
        assert (code, f"capture {DIGEST} cannot be used" in said) == (1, True)
    output = tmp_path / "page.html"
    code, said = line.refuses("document", "export-capture", "D", "--output", str(output))
    assert (code, list(tmp_path.iterdir())) == (1, [])


def test_a_capture_comes_back_identical(cli: CommandLine, tmp_path: Path) -> None:
    file, back = tmp_path / "page.html", tmp_path / "back.html"
    file.write_bytes(PAGE)
    answer = cli.run("document", "capture", "D", str(file), "-m", "as found")
    assert (answer.code, answer.stdout) == (0, f"{DIGEST}\n")
    assert answer.stderr == f"captured D: {len(PAGE)} bytes of text/html\n"
    taken = ("--retrieved-at", "2024-05-24T14:00+02:00", "--retrieved-by", "Bob")
    cli.does("document", "capture", "D", "-", "--media-type", "image/x", *taken, input=PAGE)
    [first, second] = read_csv(cli.does("document", "captures", "D", "--format", "csv"))
    assert first == {
        "document": "D",
        "sha256": DIGEST,
        "media_type": "image/x",
        "size": str(len(PAGE)),
        "retrieved_at": "2024-05-24T12:00:00.000000Z",
        "retrieved_by": "Bob",
    }
    assert (second["media_type"], second["retrieved_by"]) == ("text/html", cli.author)
    cli.does("document", "export-capture", "D", "--output", str(back), "--anchor")
    assert back.with_name(f"{back.name}.anchor").read_text() == cli.does("log", "anchor")
    assert (back.read_bytes(), back.stat().st_mode & 0o777) == (PAGE, 0o600)
    assert cli.run("document", "verify", "D").code == 0
    cli.does("log", "verify")


def test_captures_are_told_with_their_document(cli: CommandLine) -> None:
    cli.does("document", "capture", "D", "-", "-m", "as found", input=PAGE)
    [shown] = json.loads(cli.does("document", "show", "D", "--format", "json"))
    assert [row["sha256"] for row in shown["captures"]] == [DIGEST]
    told = cli.does("history", "D")
    assert (DIGEST[:12] in told, "as found" in told) == (True, True)
    assert "capture" not in cli.does("dump")
    code, said = cli.refuses("document", "remove", "D")
    assert (code, f"is still used by capture D/{DIGEST}" in said) == (4, True)


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        pytest.param(("capture", "D", "no.html"), 3, "there is no file no.html", id="no file"),
        pytest.param(("capture", "D", "."), 2, "a file, but this is a folder", id="a folder"),
        pytest.param(("capture", "D", "-"), 2, "the input is empty", id="nothing on stdin"),
        pytest.param(
            ("capture", "D", "-", "--retrieved-at", "2024-05-24"), 2, "expected a time", id="a day"
        ),
        pytest.param(
            ("capture", "D", "-", "--media-type", "html"), 2, "is not a media type", id="no type"
        ),
        pytest.param(("captures", "E"), 3, "no document 'E'", id="no document"),
        pytest.param(("text", "D"), 3, "no capture 'D/'", id="no capture"),
        pytest.param(("verify", "E"), 3, "no document 'E'", id="nothing to verify"),
    ],
)
def test_what_cannot_be_is_refused(
    cli: CommandLine, line: tuple[str, ...], code: int, sentence: str
) -> None:
    refused = cli.refuses("document", *line)
    assert (refused[0], sentence in refused[1]) == (code, True), refused
