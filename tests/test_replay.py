"""The log proves itself: whatever is done behind claimtrack's back is found, and named."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from casebook import Casebook
from claimtrack import db, history
from claimtrack.db import Session
from commandline import CommandLine
from conftest import Logged, NewTarget
from tampering import TRIGGERS, found, log_written


@pytest.fixture
def case(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A casebook with a row in every table."""
    with logged(backend, log_written) as case:
        yield case


@pytest.fixture
def written(case: Casebook, backend: str) -> Session:
    """Its session, the log unguarded, as an intruder would leave it."""
    for statement in TRIGGERS[backend]:
        case.session.execute(text(statement))
    return case.session


def test_an_honest_casebook_is_whole(written: Session) -> None:
    assert found(written) == []
    assert found(written, history.get_anchor(written)) == []


TAMPERED = [
    pytest.param(
        "UPDATE entry SET summary = 'Something else' WHERE ref = 'C'",
        ("entry", "C", "it differs from the log: summary"),
        id="a row edited",
    ),
    pytest.param(
        "UPDATE stance SET value = 1 WHERE value = 2",
        ("stance", "C/p/coder", "it differs from the log: value"),
        id="a row without a ref edited",
    ),
    pytest.param(
        "UPDATE entry SET longitude = 0.25 WHERE ref = 'A'",
        ("entry", "A", "it differs from the log: longitude"),
        id="a sign turned",
    ),
    pytest.param(
        "UPDATE entry SET actor_id = (SELECT id FROM actor WHERE ref = 'a') WHERE ref = 'S'",
        ("entry", "S", "it differs from the log: actor"),
        id="a row pointed elsewhere",
    ),
    pytest.param(
        "DELETE FROM grade",
        (
            "grade",
            "C/coder/2024-01-01",
            "it is missing from the database, but the log has not removed it",
        ),
        id="a row deleted",
    ),
    pytest.param(
        "INSERT INTO topic (ref, name, exclusive) VALUES ('z', 'Z', false)",
        ("topic", "z", "it is in the database, but not in the log"),
        id="a row added after all others",
    ),
    pytest.param(
        "INSERT INTO topic (ref, name, exclusive) VALUES ('0', 'Z', false)",
        ("topic", "0", "it is in the database, but not in the log"),
        id="a row added before all others",
    ),
]


@pytest.mark.parametrize(("statement", "finding"), TAMPERED)
def test_a_row_changed_with_sql_is_named(
    written: Session, statement: str, finding: tuple[str, str, str]
) -> None:
    written.execute(text(statement))
    assert found(written) == [finding]


def test_every_row_that_the_log_does_not_account_for_is_named(written: Session) -> None:
    written.execute(text("UPDATE entry SET place = 'Kyiv'"))
    assert [key for _, key, _ in found(written)] == ["A", "C", "S"]


def test_a_row_that_was_removed_and_stands_again_is_named(case: Casebook, written: Session) -> None:
    from claimtrack import changes

    case.topic("gone")
    changes.remove(written, "topic", "gone")
    written.execute(text("INSERT INTO topic (ref, name, exclusive) VALUES ('gone', 'x', false)"))
    finding = "it is in the database, but the log has removed it"
    assert found(written) == [("topic", "gone", finding)]


REWRITTEN = [
    pytest.param(
        "UPDATE revision SET after = replace(after, 'War', 'Peace') WHERE seq = 2",
        None,
        id="nothing done",
    ),
    pytest.param(
        "UPDATE revision SET after = replace(after, 'war', 'peace') WHERE seq = 2",
        "revision 2 has been changed: its content is not that of its digest",
        id="content edited",
    ),
    pytest.param(
        "UPDATE revision SET message = 'why' WHERE seq = 3",
        "revision 3 has been changed: its content is not that of its digest",
        id="a message added",
    ),
    pytest.param(
        "UPDATE revision SET author = 'somebody else' WHERE seq = 3",
        "revision 3 has been changed: its hash is not that of what it says",
        id="author edited",
    ),
    pytest.param(
        "UPDATE revision SET content_digest = hash WHERE seq = 3",
        "revision 3 has been changed: its content is not that of its digest",
        id="digest edited",
    ),
    pytest.param(
        "UPDATE revision SET row_key = NULL, message = NULL, before = NULL, after = NULL, "
        "salt = NULL WHERE seq = 4",
        "revision 4 has been emptied, and no later revision says so",
        id="emptied",
    ),
    pytest.param(
        "DELETE FROM revision WHERE seq = 5",
        "revision 5 is missing: after 4 comes 6",
        id="deleted",
    ),
    pytest.param(
        "DELETE FROM revision WHERE seq = 1",
        "revision 1 is missing: after 0 comes 2",
        id="the first deleted",
    ),
    pytest.param(
        "UPDATE revision SET seq = seq + 100 WHERE seq > 5",
        "revision 6 is missing: after 5 comes 106",
        id="a gap",
    ),
    pytest.param(
        "INSERT INTO revision SELECT seq + 1000, at, author, change, message, table_name, row_key, "
        "op, before, after, salt, content_digest, prev_hash, 'x' FROM revision WHERE seq = 2",
        "is missing: after",
        id="inserted at the end",
    ),
]


@pytest.mark.parametrize(("statement", "finding"), REWRITTEN)
def test_the_first_broken_revision_is_named(
    written: Session, statement: str, finding: str | None
) -> None:
    written.execute(text(statement))
    told = found(written)
    if finding is None:
        assert told == []
    else:
        [(table, key, said)] = told
        assert (table, key) == ("revision", "")
        assert finding in said


NOT_TEXT = {
    "sqlite": ("UPDATE revision SET author = x'41' WHERE seq = 3",),
    "postgresql": (
        "ALTER TABLE revision ALTER author DROP NOT NULL",
        "UPDATE revision SET author = NULL WHERE seq = 3",
    ),
}


def test_a_revision_that_holds_what_is_no_text_is_named(written: Session, backend: str) -> None:
    for statement in NOT_TEXT[backend]:
        written.execute(text(statement))
    finding = "revision 3 has been changed: something in it is not text"
    assert found(written) == [("revision", "", finding)]


def test_a_revision_slipped_in_is_found(written: Session) -> None:
    for statement in (
        "UPDATE revision SET seq = seq + 1000 WHERE seq > 5",
        "UPDATE revision SET seq = seq - 999 WHERE seq > 5",
        "INSERT INTO revision SELECT 6, at, author, change, message, table_name, row_key, "
        "op, before, after, salt, content_digest, prev_hash, 'x' FROM revision WHERE seq = 2",
    ):
        written.execute(text(statement))
    assert found(written) == [("revision", "", "revision 6 does not follow from the one before it")]


def test_revisions_that_changed_places_are_found(written: Session) -> None:
    for statement in (
        "UPDATE revision SET seq = 1005 WHERE seq = 5",
        "UPDATE revision SET seq = 5 WHERE seq = 6",
        "UPDATE revision SET seq = 6 WHERE seq = 1005",
    ):
        written.execute(text(statement))
    assert found(written) == [("revision", "", "revision 5 does not follow from the one before it")]


def test_a_tail_cut_off_shows_against_a_head_that_was_kept(written: Session) -> None:
    kept = history.get_anchor(written)
    written.execute(text(f"DELETE FROM revision WHERE seq = {kept.seq}"))
    short = history.Anchor.parse(f"{kept.seq}:{kept.hash}")
    for expected in (kept, short, history.Anchor.parse(str(kept))):
        [(table, _, said)] = found(written, expected)
        assert table == "revision"
        assert said == (
            f"the log ends at revision {kept.seq - 1}, and reached {kept.seq} when the anchor was "
            "made: its tail has been cut off"
        )
    assert found(written) != []  # the row of that revision is not accounted for


def test_a_head_of_another_log_is_not_taken_for_this_one(written: Session) -> None:
    kept = history.get_anchor(written)
    other = history.Anchor("0" * 36, kept.seq, kept.hash)
    assert "the anchor is of" in found(written, other)[0][2]
    rewritten = history.Anchor(None, kept.seq, "0" * 64)
    assert "the log was rewritten" in found(written, rewritten)[0][2]
    assert found(written, history.Anchor(None, 0, history.GENESIS)) == []


def test_a_log_that_has_grown_still_holds_its_anchor(case: Casebook, written: Session) -> None:
    kept = history.get_anchor(written)
    case.actor("later")
    assert found(written, kept) == []


def test_verify_answers_through_the_command_line(target: str, backend: str) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "Ann", "--kind", "person")
    anchor = line.does("log", "anchor").strip()
    casebook, seq, digest, _at, sealed = anchor.split(" ")
    assert (len(casebook), seq, len(digest), len(sealed)) == (36, "2", 64, 64)
    for expected in (anchor, anchor.removesuffix(f" {sealed}"), f"2:{digest}"):
        answer = line.run("log", "verify", "--expect-head", expected, "--format", "csv")
        assert (answer.stdout, answer.code) == ("table,key,finding\r\n", 0)
        assert f"the head is 2:{digest}" in answer.stderr
    with db.connect(target).engine.connect() as connection:
        connection.execute(text("UPDATE actor SET name = 'Bob'"))
        connection.commit()
    answer = line.run("log", "verify", "--format", "csv")
    found = [line.split(",") for line in answer.stdout.splitlines()[1:]]
    assert found[0] == ["actor", "ann", "it differs from the log: name"]
    assert found[1][:2] == ["fulltext", "actor ann"]
    assert answer.code == 1


@pytest.mark.parametrize("head", ["", "1", "1:abc", "one two three", "x:" + "0" * 64])
def test_a_head_that_is_none_is_refused(new_target: NewTarget, head: str) -> None:
    with new_target("sqlite") as target:
        code, said = CommandLine(target).refuses("log", "verify", "--expect-head", head)
    assert code == 2
    assert "expected SEQ:HASH, or the line that 'claimtrack log anchor' printed" in said


def test_text_that_is_no_text_is_named_and_not_shown(
    new_target: NewTarget, caplog: pytest.LogCaptureFixture
) -> None:
    with new_target("sqlite") as target:
        line = CommandLine(target)
        for name in ("One", "Two"):
            line.does("topic", "add", name)
        with db.connect(target).engine.begin() as connection:
            statement = "UPDATE topic SET name = CAST(x'ff00' AS TEXT) WHERE ref = 'one'"
            connection.execute(text(statement))
        answer = line.run("log", "verify", "--format", "csv")
        finding = "topic,one,it differs from the log: name"
        assert (answer.code, answer.stdout.splitlines()[1:]) == (1, [finding])
        code, said = line.refuses("topic", "list")
        assert (code, said) == (
            1,
            f"{target} has been changed by something other than claimtrack: topic one: "
            "it differs from the log: name ('claimtrack log verify' lists all that "
            "differs, and an earlier backup has the original)",
        )
        assert caplog.records == []
