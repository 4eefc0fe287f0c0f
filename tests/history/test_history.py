"""The log: canonical bytes, chained hashes, and a story that people can read."""

import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes, history, schemas
from claimtrack.db import Session
from claimtrack.models import Revision
from claimtrack.vocab import Basis


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"b": 1, "a": None}, '{"a":null,"b":1}', id="keys sorted, no spaces"),
        pytest.param({"x": 48.5}, '{"x":"48.5"}', id="floats as repr strings"),
        pytest.param({"x": date(2024, 5, 24)}, '{"x":"2024-05-24"}', id="dates"),
        pytest.param({"x": Basis.EXPLICIT}, '{"x":"explicit"}', id="words of a vocabulary"),
        pytest.param({"x": ["Зеленський", True]}, '{"x":["Зеленський",true]}', id="not escaped"),
        pytest.param({"x": 'a"\n'}, '{"x":"a\\"\\n"}', id="control characters escaped"),
    ],
)
def test_canonical_json_is_the_same_everywhere(value: object, text: str) -> None:
    assert history.canonical_json(value) == text


def test_the_hashes_are_those_of_the_definition(case: Casebook, session: Session) -> None:
    case.actor("b")
    first, second = session.scalars(select(Revision).order_by(Revision.seq))
    content = history.canonical_json(
        {"row_key": "b", "message": None, "before": None, "after": second.after}
    )
    digest = hashlib.sha256(f"{second.salt}{content}".encode()).hexdigest()
    chained = (
        f'{{"at":"{second.at}","author":"Test Analyst","change":"{second.change}",'
        f'"content_digest":"{digest}","op":"insert","seq":2,"table_name":"actor"}}'
    )
    assert first.prev_hash == "0" * 64
    assert second.content_digest == digest
    assert second.hash == hashlib.sha256(f"{first.hash}{chained}".encode()).hexdigest()


def test_one_command_is_one_change_at_one_instant(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p")
    query = select(Revision.change, Revision.at).where(Revision.seq > 1)
    found = session.execute(query.distinct()).all()
    assert len(found) == 1
    assert found[0].at.endswith("Z")
    assert len(found[0].at) == len("2024-05-24T12:00:00.000000Z")


def test_every_revision_has_its_own_salt(case: Casebook, session: Session) -> None:
    case.actor("a").actor("b").actor("c")
    salts = session.scalars(select(Revision.salt)).all()
    assert len(set(salts)) == len(salts) == 4


def test_the_log_is_told_newest_first_and_readable(case: Casebook, session: Session) -> None:
    case.topic("t").topic("t", name="Wider")
    newest, oldest, casebook = history.stream_log(session)
    assert (newest.seq, newest.op, newest.record, newest.fields) == (
        3,
        "update",
        "topic t",
        "name: Topic t -> Wider",
    )
    assert (oldest.op, oldest.fields) == (
        "insert",
        "exclusive: false; name: Topic t; ref: t",
    )
    assert (casebook.seq, casebook.op, casebook.record[:9]) == (1, "insert", "casebook ")
    assert newest.author == "Test Analyst"


def test_the_history_of_a_record_is_not_that_of_another_case(
    case: Casebook, session: Session
) -> None:
    case.claim("C1", actor="a").claim("c1", actor="a").claim("C2", actor="a", responds_to="C1")
    told = [row.record for row in history.stream_history(session, "entry", "c1")]
    assert told == ["entry c1"]


def test_the_history_of_a_record_takes_in_what_hangs_on_it(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="a", affirms="p", cites="D").claim("C1", actor="a", affirms="p")
    case.statement("S", actor="a", responds_to="C").grade("C", "F6")
    case.put(schemas.NewEntry, ref="C", place="Kyiv")
    changes.remove_row(
        session, "stance", {"entry": "C", "proposition": "p", "asserted_by": "coder"}
    )
    told = [(row.record, row.op) for row in history.stream_history(session, "entry", "C")]
    assert told == [
        ("entry C", "insert"),
        ("stance C/p/coder", "insert"),
        ("citation C/D///", "insert"),
        ("link S/responds_to/C/coder", "insert"),
        ("grade C/coder/2024-01-01", "insert"),
        ("entry C", "update"),
        ("stance C/p/coder", "delete"),
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text(), st.none() | st.text(), st.none() | st.text(), st.none() | st.text())
def test_a_digest_is_that_of_the_canonical_json(
    salt: str, key: str, message: str | None, before: str | None, after: str | None
) -> None:
    content = {"row_key": key, "message": message, "before": before, "after": after}
    expected = hashlib.sha256((salt + history.canonical_json(content)).encode()).hexdigest()
    assert history.digest(salt, key, message, (before, after)) == expected


def test_a_hash_is_that_of_the_canonical_json(session: Session) -> None:
    Casebook(session).actor("a", name='é "q"')
    row = session.execute(select(Revision.__table__).where(Revision.seq == 2)).mappings().one()
    chained = ("seq", "at", "author", "change", "table_name", "op", "content_digest")
    content = history.canonical_json({name: row[name] for name in chained})
    assert row["hash"] == hashlib.sha256((row["prev_hash"] + content).encode()).hexdigest()
