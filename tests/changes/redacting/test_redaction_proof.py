"""Tampering that looks like a redaction, and redactions that an intruder would write."""

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from casebook import Casebook
from changes.redacting.identities import EMPTY, emptied, redacted
from claimtrack import history
from claimtrack.db import Session
from claimtrack.models import Entry, Revision
from claimtrack.records import find
from claimtrack.schemas import NewActor
from claimtrack.vocab import Op
from tampering import TRIGGERS, found

# --- tampering that looks like a redaction --------------------------------------------------------


@pytest.fixture
def unguarded(case: Casebook, session: Session, backend: str) -> Session:
    redacted(session)
    for statement in TRIGGERS[backend]:
        session.execute(text(statement))
    return session


def test_an_emptied_revision_that_no_redaction_lists_is_tampering(unguarded: Session) -> None:
    seq = unguarded.scalar(select(Revision.seq).where(Revision.row_key == "p"))
    unguarded.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {seq}"))
    fault = f"revision {seq} has been emptied, and no later revision says so"
    assert found(unguarded) == [("revision", "", fault)]


def test_a_redaction_that_was_itself_emptied_leaves_its_own_unlisted(unguarded: Session) -> None:
    seq = unguarded.scalar(select(Revision.seq).where(Revision.op == Op.REDACT).limit(1))
    unguarded.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {seq}"))
    ((_, _, finding),) = found(unguarded)
    assert finding.endswith("has been emptied, and no later revision says so")


def test_a_revision_emptied_in_part_has_been_changed(unguarded: Session) -> None:
    seq = unguarded.scalar(select(Revision.seq).where(Revision.row_key == "p"))
    unguarded.execute(text(f"UPDATE revision SET salt = NULL WHERE seq = {seq}"))
    fault = f"revision {seq} has been changed: its content is not that of its digest"
    assert found(unguarded) == [("revision", "", fault)]


def test_a_redaction_that_lists_what_was_never_emptied_is_tampering(unguarded: Session) -> None:
    session = unguarded
    seq = session.scalar(select(Revision.seq).where(Revision.row_key == "p"))
    image = history.Image("proposition", "p", {history.EMPTIED_KEY: [seq]})
    history.append(session, Op.REDACT, image, None)
    head = history.get_anchor(session).seq
    fault = f"revision {head} says that {seq} was emptied for it, and it was not"
    assert found(session) == [("revision", "", fault)]


def test_a_redaction_excuses_no_gap_but_its_own(case: Casebook, session: Session) -> None:
    """A revision that another row's redaction lists cannot stand in for a missing one."""
    entry = find(session, Entry, "A")
    assert entry is not None
    image = history.Image("entry", "A", {})
    claimed = history.Image("entry", "A", {"summary": "What A says."})
    redacted(session)
    history.append(session, Op.UPDATE, claimed, image)
    head = history.get_anchor(session).seq
    finding = f"revision {head} does not begin where the one before it ended"
    assert ("entry", "A", finding) in found(session)


# --- redactions that an intruder would write ------------------------------------------------------


def forge(session: Session, table: str, key: str, seqs: list[int], after: Any) -> int:
    image = history.Image(table, key, {history.EMPTIED_KEY: seqs})
    history.append(session, Op.REDACT, image, after and history.Image(table, key, after))
    return history.get_anchor(session).seq


def image_said(session: Session, table: str, key: str) -> dict[str, Any]:
    query = select(Revision.after).where(Revision.table_name == table, Revision.row_key == key)
    return dict(json.loads(str(session.scalars(query.order_by(Revision.seq)).all()[-1])))


def test_a_redaction_that_empties_nothing_covers_no_change(
    case: Casebook, session: Session
) -> None:
    session.execute(text("UPDATE actor SET name = 'Other' WHERE ref = 'russia'"))
    after = {**image_said(session, "actor", "russia"), "name": "Other"}
    head = forge(session, "actor", "russia", [], after)
    fault = f"revision {head} is a redaction, and does not say what was emptied for it"
    assert found(session) == [("revision", "", fault)]


def test_a_redaction_covers_no_change_of_a_row_whose_last_revision_stands(
    case: Casebook, session: Session
) -> None:
    case.put(NewActor, ref="russia", aliases=["RU"])
    query = select(Revision.seq).where(Revision.row_key == "russia").order_by(Revision.seq)
    first = session.scalars(query).first()
    session.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {first}"))
    session.execute(text("UPDATE actor SET name = 'Other' WHERE ref = 'russia'"))
    after = {**image_said(session, "actor", "russia"), "name": "Other"}
    head = forge(session, "actor", "russia", [int(first or 0)], after)
    fault = f"revision {head} redacts more than what was emptied"
    assert found(session) == [("actor", "russia", fault)]


@pytest.mark.parametrize("table", ["actor", "document"])
def test_a_redaction_covers_no_removal_of_another_row(session: Session, table: str) -> None:
    case = Casebook(session).actor("russia").document("D").document("E")
    session.flush()
    seqs = emptied(session, "document", "E")
    session.execute(text("DELETE FROM document WHERE ref = 'E'"))
    key = {"actor": "russia", "document": "D"}[table]
    head = forge(session, table, key, seqs, image_said(case.session, table, key))
    fault = {
        "actor": (
            "revision",
            f"revision {head} says that {seqs[0]} was emptied for it, and it was not",
        ),
        "document": ("document", "by the log 2 rows stand, and in the database 1"),
    }[table]  # fmt: skip
    assert [(one, finding) for one, _, finding in found(session)] == [fault]


@pytest.mark.parametrize("before", ["{}", "x", "[1]", "null", '{"emptied":3}', '{"emptied":[[1]]}'])
def test_a_redaction_that_lists_nothing_readable_is_named(
    case: Casebook, session: Session, before: str, backend: str
) -> None:
    head = forge(session, "actor", "russia", [1], image_said(session, "actor", "russia"))
    for statement in TRIGGERS[backend]:
        session.execute(text(statement))
    revision = session.get_one(Revision, head)
    images = (before, revision.after)
    chained = {name: getattr(revision, name) for name in Revision.__table__.columns.keys()}  # noqa: SIM118
    chained["content_digest"] = history.digest(str(revision.salt), "russia", None, images)
    chained["op"] = "redact"
    session.execute(
        text(
            "UPDATE revision SET before = :before, content_digest = :digest, hash = :hash "
            "WHERE seq = :seq"
        ),
        {
            "before": before,
            "digest": chained["content_digest"],
            "hash": history.link_hash(chained),
            "seq": head,
        },
    )
    fault = f"revision {head} is a redaction, and does not say what was emptied for it"
    assert found(session) == [("revision", "", fault)]
