"""The texts of documents, made of their captures, and quotations found in them."""

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes, db, lookup, replay
from claimtrack.db import Session, sessions
from claimtrack.models import Citation, Document
from claimtrack.records import get
from commandline import CommandLine, read_csv


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
    cli.does("document", "text", "D", "--capture", read_csv(first)[0]["sha256"][:8])
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
    [last] = read_csv(cli.does("log", "--limit", "1", "--format", "csv"))
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
