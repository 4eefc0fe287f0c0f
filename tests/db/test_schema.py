"""The schema of a casebook: what it refuses, and that every column is explained."""

import re

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.models import Base, Revision
from claimtrack.vocab import REF_PATTERN, SYMMETRIC

REWRITES = {
    "a change": "UPDATE revision SET author = 'somebody else'",
    "half emptied": "UPDATE revision SET message = NULL, before = NULL",
    "a deletion": "DELETE FROM revision WHERE seq = 1",
}
ONLY_ON = {
    "sqlite": {"a replacement": "INSERT OR REPLACE INTO revision SELECT * FROM revision"},
    "postgresql": {
        "truncation": "TRUNCATE revision",
        "truncation in cascade": "TRUNCATE revision CASCADE",
    },
}


def test_the_log_only_grows(case: Casebook, session: Session, backend: str) -> None:
    case.actor("a")
    for statement in {**REWRITES, **ONLY_ON[backend]}.values():
        with pytest.raises(DBAPIError, match="the log is append-only"), session.begin_nested():
            session.execute(text(statement))
    assert session.scalars(select(Revision.row_key).where(Revision.seq > 1)).all() == ["a"]


def test_a_revision_can_be_emptied_and_nothing_else_of_it_changed(
    case: Casebook, session: Session
) -> None:
    case.actor("a")
    emptied = 'row_key = NULL, message = NULL, "before" = NULL, "after" = NULL, salt = NULL'
    session.execute(text(f"UPDATE revision SET {emptied} WHERE seq = 2"))
    query = "SELECT row_key, salt FROM revision WHERE seq = 2"
    assert session.execute(text(query)).one() == (None, None)
    with pytest.raises(DBAPIError, match="the log is append-only"), session.begin_nested():
        session.execute(text(f"UPDATE revision SET {emptied}, author = 'x' WHERE seq = 2"))


def test_foreign_keys_are_enforced(session: Session) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), session.begin_nested():
        session.execute(
            insert(Base.metadata.tables["topic"]).values(
                ref="t", name="T", parent_id=99, exclusive=False
            )
        )


@pytest.mark.parametrize(
    ("ref", "right"),
    [
        pytest.param("C-1.b_X", True, id="all that a ref may hold"),
        pytest.param("9", True, id="a digit"),
        pytest.param("a" * 64, True, id="as long as it may be"),
        pytest.param("a" * 65, False, id="too long"),
        pytest.param("", False, id="empty"),
        pytest.param("bad ref", False, id="a space"),
        pytest.param("-a", False, id="a hyphen first"),
        pytest.param(".a", False, id="a dot first"),
        pytest.param("a/b", False, id="a slash"),
        pytest.param("é", False, id="a letter with a mark"),
        pytest.param("a'b", False, id="a quote"),
    ],
)
def test_the_database_itself_refuses_what_is_no_ref(
    session: Session, ref: str, right: bool
) -> None:
    row = insert(Base.metadata.tables["topic"]).values(ref=ref, name="T", exclusive=False)
    assert (re.fullmatch(REF_PATTERN, ref) is not None) == right
    if right:
        session.execute(row)
        return
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(row)


def test_every_column_and_table_is_explained() -> None:
    bare = [str(c) for t in Base.metadata.tables.values() for c in t.columns if not c.comment]
    unexplained = [m.class_.__name__ for m in Base.registry.mappers if not m.class_.__doc__]
    assert (bare, unexplained) == ([], [])


@pytest.mark.parametrize("relation", SYMMETRIC)
def test_the_database_itself_refuses_the_mirror_image_of_a_symmetric_link(
    case: Casebook, session: Session, relation: str
) -> None:
    case.claim("A", actor="a").claim("B", actor="a").link("A", relation, "B")
    case.link("A", "repeats", "B").link("B", "repeats", "A")
    mirror = (
        "INSERT INTO link (from_id, to_id, relation, strength, asserted_by_id) "
        "SELECT to_id, from_id, relation, strength, asserted_by_id FROM link "
        f"WHERE relation = '{relation}'"
    )
    with pytest.raises(DBAPIError, match=r"(?i)unique"), session.begin_nested():
        session.execute(text(mirror))
