"""The evidence itself: captures kept byte for byte, their texts, and quotations found in those."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update

from casebook import Casebook
from claimtrack import changes, db, lookup, replay
from claimtrack.changes import capturing
from claimtrack.db import Session, sessions
from claimtrack.errors import AmbiguousRef, Duplicate, Invalid, InvalidValue, UnknownRef
from claimtrack.models import Capture, Citation, Content, Document
from claimtrack.records import get
from commandline import CommandLine
from conftest import Filled, NewTarget

PAGE = b"<html><meta charset=windows-1251><p>He said: \xab no&nbsp;talks \xbb\r\n\x00"
DIGEST = hashlib.sha256(PAGE).hexdigest()
NOON = datetime(2024, 5, 24, 12, 0, 0, 250, tzinfo=UTC)


# --- keeping them ---------------------------------------------------------------------------------


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
        ("D", f"it has {len(PAGE)} bytes, and its size is said to be 1"),
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
            assert len(rows(listed)) == count
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


# --- by the command line --------------------------------------------------------------------------


def log_document(target: str) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "Press", "--kind", "outlet")
    line.does("document", "add", "T", "--publisher", "press", "--ref", "D")
    line.does("claim", "add", "Something", "--actor", "press")


@pytest.fixture
def cli(backend: str, filled: Filled, new_target: NewTarget) -> Iterator[CommandLine]:
    """A casebook with a document and a claim."""
    with new_target(backend, like=filled(backend, log_document)) as target:
        yield CommandLine(target)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_capture_comes_back_identical(cli: CommandLine, tmp_path: Path) -> None:
    file, back = tmp_path / "page.html", tmp_path / "back.html"
    file.write_bytes(PAGE)
    answer = cli.run("document", "capture", "D", str(file), "-m", "as found")
    assert (answer.code, answer.stdout) == (0, f"{DIGEST}\n")
    assert answer.stderr == f"captured D: {len(PAGE)} bytes of text/html\n"
    taken = ("--retrieved-at", "2024-05-24T14:00+02:00", "--retrieved-by", "Bob")
    cli.does("document", "capture", "D", "-", "--media-type", "image/x", *taken, input=PAGE)
    [first, second] = rows(cli.does("document", "captures", "D", "--format", "csv"))
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


# --- their texts ----------------------------------------------------------------------------------


def capture_text(cli: CommandLine, page: str) -> str:
    """Capture a page, make its text, and return what is told of that."""
    cli.does("document", "capture", "D", "-", input=f"<meta charset=utf-8>{page}".encode())
    answer = cli.run("document", "text", "D")
    assert (answer.code, answer.stdout) == (0, "")
    first, *more = answer.stderr.splitlines()
    assert first.startswith("document D has ")
    cli.does("log", "verify")
    return "\n".join(more)


def citations(cli: CommandLine) -> list[tuple[str | int | None, ...]]:
    with sessions.reading(db.connect(cli.target)) as session:
        query = select(Citation.exact, Citation.prefix, Citation.suffix, Citation.start_pos)
        found = session.execute(query.order_by(Citation.start_pos.nulls_last(), Citation.exact))
        return [tuple(row) for row in found]


def test_the_text_is_made_of_the_newest_capture_or_the_one_named(cli: CommandLine) -> None:
    cli.does("document", "capture", "D", "-", input="<p>one\u00a0<b>two</b>".encode())
    first = cli.does("document", "captures", "D", "--format", "csv")
    cli.does("document", "text", "D", "-m", "why")
    assert "body: one two}" in cli.does("dump")
    capture_text(cli, "<p>three")
    assert "body: three}" in cli.does("dump")
    cli.does("document", "text", "D", "--capture", rows(first)[0]["sha256"][:8])
    assert "body: one two}" in cli.does("dump")
    cli.does("document", "verify")
    assert cli.does("document", "captures", "D", "--format", "csv").startswith(first)


def test_an_encoding_that_is_wrong_is_named_and_can_be_corrected(cli: CommandLine) -> None:
    cli.does("document", "capture", "D", "-", input="<p>Путин".encode("cp1251"))
    code, said = cli.refuses("document", "text", "D")
    assert (code, "encoding 'utf-8' is not valid" in said) == (2, True)
    cli.does("document", "text", "D", "--encoding", "windows-1251")
    assert "body: Путин}" in cli.does("dump")


def test_a_quotation_is_found_with_the_words_around_it(cli: CommandLine) -> None:
    capture_text(cli, "<p>The spokesman said&nbsp;that there were <i>no such</i> talks at all.")
    cli.does("citation", "add", "C-1", "D", "--quote", "there  were no such\u00a0talks")
    expected = ("there were no such talks", "The spokesman said that ", " at all.", 24)
    assert citations(cli) == [expected]
    cli.does("claim", "add", "Another", "--actor", "press", "--document", "D", "--quote", "at all.")
    assert citations(cli)[1] == ("at all.", "that there were no such talks ", None, 49)
    cli.does("log", "verify")


def test_what_does_not_stand_there_is_refused(cli: CommandLine) -> None:
    capture_text(cli, "<p>There were “no such talks”, he said. No such talks.")
    add = ("citation", "add", "C-1", "D", "--quote")
    assert cli.refuses(*add, '"no such talks"') == (
        2,
        "quote '\"no such talks\"' is not in the text of document D: the closest match is "
        "'no such talks'",
    )
    assert cli.refuses(*add, "a parade")[1].endswith("in the text of document D")
    assert cli.refuses(*add, "uch talks") == (
        2,
        "quote 'uch talks' occurs 2 times in the text of document D: choose one with --start\n"
        "  16: ... There were “no s[uch talks]”, he said. No such talks. ...\n"
        "  41: ... “no such talks”, he said. No s[uch talks]. ...",
    )
    assert cli.refuses(*add, "uch talks", "--start", "3")[1] == (
        "start 3 is not valid: expected where it occurs in document D: 16, 41"
    )
    assert "not between that prefix" in cli.refuses(*add, "said", "--prefix", "x")[1]
    cli.does(*add, "uch talks", "--start", "41")
    cli.does(*add, "uch talks", "--suffix", "”, he")
    assert [row[3] for row in citations(cli)] == [16, 41]


def test_without_a_text_a_quotation_is_kept_without_a_position_until_there_is_one(
    cli: CommandLine,
) -> None:
    answer = cli.run("citation", "add", "C-1", "D", "--quote", "no such talks")
    assert answer.code == 0
    assert answer.stderr.startswith("warning: document D has no text, so the quotation is kept")
    assert citations(cli) == [("no such talks", None, None, None)]
    told = capture_text(cli, "<p>There were no such talks")
    assert told == "found: quotation 'no such talks' of C-1 at 11"
    assert citations(cli) == [("no such talks", None, None, 11)]


@pytest.mark.both_databases
def test_after_a_new_text_every_quotation_is_found_again_or_told_as_lost(cli: CommandLine) -> None:
    capture_text(cli, "<p>Kremlin. First: no talks. Then he said: no talks. At last: peace.")
    add = ("citation", "add", "C-1", "D", "--quote")
    for words, start in (("Kremlin", 0), ("no talks", 16), ("no talks", 40), ("peace", 59)):
        cli.does(*add, words, "--start", str(start))
    before = citations(cli)
    told = capture_text(
        cli, "<p>Kremlin, then he said:<p>no talks. Before: First: no talks. Then he left."
    )
    assert told.splitlines() == [
        "found: quotation 'Kremlin' of C-1 at 0 as before",
        "found: quotation 'no talks' of C-1 at 48, before at 16",
        "found: quotation 'no talks' of C-1 at 23, before at 40",
        "lost: quotation 'peace' of C-1 is not in the text: it is kept without a position",
    ]
    assert [(row[0], row[3]) for row in citations(cli)] == [
        ("Kremlin", 0),
        ("no talks", 23),
        ("no talks", 48),
        ("peace", None),
    ]
    assert citations(cli)[3][:3] == before[3][:3]
    [last] = rows(cli.does("log", "--limit", "1", "--format", "csv"))
    cli.does("revert", last["change"])
    assert citations(cli) == before
    cli.does("log", "verify")
    cli.does("check")


def test_quotations_that_would_be_the_same_citation_are_told_apart(cli: CommandLine) -> None:
    capture_text(cli, "<p>one two three")
    cli.does("citation", "add", "C-1", "D")
    for words in ("one", "two", "three"):
        cli.does("citation", "add", "C-1", "D", "--quote", words)
    told = capture_text(cli, "<p>only three")
    assert told.splitlines() == [
        "lost: quotation 'one' of C-1 is not in the text: it is kept without a position, "
        "under the label '(2)'",
        "lost: quotation 'two' of C-1 is not in the text: it is kept without a position, "
        "under the label '(3)'",
        "found: quotation 'three' of C-1 at 5, before at 8",
    ]
    assert sorted(str(row[0]) for row in citations(cli)) == ["None", "one", "three", "two"]


@pytest.mark.both_databases
def test_a_text_replaces_one_that_was_typed(case: Casebook, session: Session) -> None:
    case.document("D", body="He said\nno.").claim("C")
    case.cite("C", "D", exact="said\nno", start_pos=3, end_pos=10)
    [found] = changes.replace_text(session, "D", "And he said no.")
    assert (found.was, found.now) == (3, 7)
    assert session.scalars(select(Citation.exact)).all() == ["said no"]
    assert get(session, Document, "D").body == "And he said no."
    assert list(replay.verify(session)) == []


def test_the_same_text_again_writes_nothing(case: Casebook, session: Session) -> None:
    case.document("D", body="no, no").claim("C").cite("C", "D", exact="no", start_pos=4, end_pos=6)
    before = lookup.status(session).revisions
    [found] = changes.replace_text(session, "D", "no, no")
    assert (found.was, found.now, lookup.status(session).revisions) == (4, 4, before)
