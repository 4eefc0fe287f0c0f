"""The log after a redaction: what it still proves, what is left of it, and the past."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from casebook import Casebook
from changes.commands import begin
from changes.redacting.identities import BODY, CANARY, everything_said, redacted
from claimtrack import changes, db, history
from claimtrack.db import Session, sessions
from claimtrack.errors import Conflict, InvalidValue
from claimtrack.exchange import casebook_copies
from claimtrack.models import Entry, Revision
from claimtrack.records import find
from claimtrack.schemas import NewEntry
from claimtrack.vocab import Op
from tampering import found


def test_the_log_still_proves_the_casebook(case: Casebook, session: Session) -> None:
    before = history.get_anchor(session)
    redacted(session)
    assert found(session, before) == []


def test_the_log_has_one_redaction_for_each_row_that_named_it(
    case: Casebook, session: Session
) -> None:
    instead = redacted(session)
    query = select(Revision).where(Revision.op == Op.REDACT).order_by(Revision.seq)
    shifted = BODY.index("I am ready") + 2 * (len(instead) - len("Ivan Qanary"))
    rows = [f"{row.table_name} {row.row_key}" for row in session.scalars(query)]
    (taken,) = (row for row in rows if row.startswith(f"capture D/{instead}/"))
    (kept,) = (row for row in rows if row.startswith("capture D/") and row != taken)
    assert sorted(rows) == sorted(
        [
            *(f"actor {ref}" for ref in (instead, "putin")),
            *("document D", "entry C", "entry S", taken, kept),
            *(f"participation A/{instead}/target", f"stance S/p/{instead}"),
            *(f"citation C/D///{shifted}", "citation S/D///3", "link C/contradicts/S/coder"),
        ]
    )


def test_every_emptied_revision_is_listed_once(case: Casebook, session: Session) -> None:
    redacted(session)
    emptied = session.scalars(select(Revision.seq).where(Revision.row_key.is_(None))).all()
    listed = session.scalars(select(Revision.before).where(Revision.op == Op.REDACT)).all()
    seqs = [seq for before in listed for seq in json.loads(str(before))["emptied"]]
    assert sorted(seqs) == sorted(emptied) != []


def test_a_message_or_an_author_that_names_it_is_refused(case: Casebook, session: Session) -> None:
    plan = changes.plan_redaction(session, "ivan-qanary")
    for author, message in (("Ivan Qanary", None), ("coder", "for Ivan Qanary")):
        session.state.change = db.new_change(author, message)
        with pytest.raises(InvalidValue, match="does not name the redacted actor"):
            changes.redact(session, plan)
    assert found(session) == []


def test_messages_that_name_it_go_with_all_that_their_command_wrote(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary")
    session.state.change = db.new_change("coder", "told by Ivan Qanary")
    case.topic("t")
    redacted(session, "q")
    query = select(Revision.table_name, Revision.row_key).where(Revision.op == Op.REDACT)
    assert sorted(map(tuple, session.execute(query)))[1:] == [("topic", "t")]
    assert found(session) == []


def test_who_wrote_the_log_stays_and_is_told(session: Session) -> None:
    session.state.change = db.new_change("Ivan Qanary", None)
    Casebook(session).actor("q", name="Ivan Qanary")
    plan = changes.plan_redaction(session, "q")
    assert plan.authors == {"Ivan Qanary"}


def test_a_row_that_named_it_only_for_a_while_keeps_the_rest_of_its_history(
    session: Session,
) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").claim("C", summary="One.")
    case.put(NewEntry, ref="C", summary="Ivan Qanary says two.")
    case.put(NewEntry, ref="C", summary="Three.").put(NewEntry, ref="C", summary="Four.")
    redacted(session, "q")
    told = [(row.op, row.fields) for row in history.stream_history(session, "entry", "C")]
    assert [op for op, _ in told] == ["insert", "update", "redact"]
    assert told[1][1] == "summary: Three. -> Four."
    assert found(session) == []


def test_a_row_that_was_removed_is_redacted_too(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").claim("C", summary="Ivan Qanary says.")
    case.stance("C", "p", 2, judge="q")
    changes.remove(session, "entry", "C")
    redacted(session, "q")
    assert CANARY not in everything_said(session).lower()
    assert found(session) == []


def test_a_second_redaction_takes_over_what_the_first_one_listed(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").actor("r", name="Rita Rook")
    case.claim("C", summary="Ivan Qanary and Rita Rook say so.")
    first, second = redacted(session, "q"), redacted(session, "r")
    assert found(session) == []
    claim = find(session, Entry, "C")
    assert claim is not None
    assert claim.summary == f"{first} and {second} say so."
    query = select(Revision.before).where(Revision.op == Op.REDACT, Revision.row_key == "C")
    (listed,) = session.scalars(query).all()
    assert len(json.loads(str(listed))["emptied"]) == 2


def test_no_snapshot_is_made_of_what_was_redacted(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    then = history.get_anchor(session).seq
    redacted(session)
    now = history.get_anchor(session).seq
    with pytest.raises(Conflict, match=rf"rebuilt as it was from revision {now} on"):
        casebook_copies.snapshot(session, tmp_path / "then.db", then)
    casebook_copies.snapshot(session, tmp_path / "now.db", now)
    with sessions.reading(db.connect(str(tmp_path / "now.db"))) as made:
        assert found(made) == []
        assert CANARY not in everything_said(made).lower()


def test_a_snapshot_from_before_it_was_ever_named_is_made(session: Session, tmp_path: Path) -> None:
    Casebook(session).topic("t")
    then = history.get_anchor(session).seq
    Casebook(session).actor("q", name="Ivan Qanary")
    redacted(session, "q")
    casebook_copies.snapshot(session, tmp_path / "then.db", then)
    with sessions.reading(db.connect(str(tmp_path / "then.db"))) as made:
        assert found(made) == []


def test_neither_a_redaction_nor_what_it_emptied_is_taken_back(session: Session) -> None:
    first = begin(session)
    Casebook(session).actor("q", name="Ivan Qanary")
    redacted(session, "q")
    second = session.state.change.id
    for change in (first, second):
        with pytest.raises(Conflict, match="its content has been redacted"):
            changes.revert(session, change)


def test_the_log_says_what_is_left_to_say(session: Session) -> None:
    Casebook(session).actor("q", name="Ivan Qanary")
    instead = redacted(session, "q")
    *told, begun = [(row.op, row.record, row.fields) for row in history.stream_log(session)]
    assert begun[1].startswith("casebook ")
    assert told == [
        (
            "redact",
            f"actor {instead}",
            f"emptied: 2; aliases: []; kind: person; name: {instead}; protected: false; "
            f"ref: {instead}",
        ),
        ("insert", "actor", "redacted: its content was erased from the log"),
    ]
