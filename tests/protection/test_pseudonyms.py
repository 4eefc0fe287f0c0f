"""Pseudonyms: stable names under which protected sources count, and who gets one."""

import re

import pytest
from sqlalchemy import text

from casebook import Casebook
from claimtrack import db, history, protection
from claimtrack.db import Session, sessions
from claimtrack.models import Actor
from claimtrack.protection.pseudonyms import select_once_protected
from claimtrack.records import get
from claimtrack.reports.corroboration import corroboration
from commandline import CommandLine
from conftest import count_queries


def test_what_it_claims_still_counts_under_one_stable_name(kept: str) -> None:
    database = db.connect(kept)
    with sessions.reading(database) as session:
        secret = session.execute(text("SELECT pseudonym_secret FROM casebook")).scalar_one()
        plain = list(corroboration(session))
    with sessions.reading(database, protection.protect) as session:
        masked = list(corroboration(session))
        source = get(session, Actor, protection.make_pseudonym(secret, "actor", "canary-ref"))
        assert (source.kind, source.parent and source.parent.ref) == ("anonymous", "russia")
        assert (source.name, source.aliases) == (source.ref, [])
        assert (source.count_min, source.access, source.described_as) == (
            None,
            "unspecified",
            "withheld",
        )
    assert [(row.affirmed_by, row.denied_by) for row in masked] == [
        (row.affirmed_by, row.denied_by) for row in plain
    ]
    rows = CommandLine(kept).does("report", "contradictions", "--format", "csv")
    assert protection.make_pseudonym(secret, "actor", "canary-ref") in rows


def test_a_pseudonym_tells_neither_who_nor_how_many() -> None:
    secrets = ("00" * 32, "11" * 32)
    made = [
        protection.make_pseudonym(secret, table, ref)
        for secret in secrets
        for table in ("actor", "document")
        for ref in ("a", "b")
    ]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"protected-[0-9a-f]{12}", name) for name in made)


def test_where_nothing_is_protected_nothing_is_put_before_the_tables(case: Casebook) -> None:
    case.actor("a")
    connection = case.session.connection()
    assert protection.get_mask(connection).names == {}
    usual = connection.dialect
    assert protection.protect(connection).pseudonyms == frozenset()
    assert connection.dialect is usual


def test_the_history_of_an_entry_is_told_through_the_veil(kept: str) -> None:
    with sessions.reading(db.connect(kept), protection.protect) as session:
        told = [row.fields for row in history.stream_history(session, "entry", "C9")]
    assert all("capacity" not in fields and "label" not in fields for fields in told)
    assert any("summary: He is ready to talk" in fields for fields in told)


def test_the_veil_asks_as_much_for_many_sources_as_for_one(session: Session) -> None:
    case = Casebook(session).actor("s0", protected=True)
    counts = []
    for number in range(1, 6):
        session.flush()
        with count_queries(session) as sent:
            mask = protection.get_mask(session.connection())
        assert f"Actor s{number - 1}" in mask.names
        counts.append(len(sent))
        case.actor(f"s{number}", protected=True)
    assert len(set(counts)) == 1


@pytest.mark.one_database
def test_who_was_ever_protected_is_looked_up_in_an_index(case: Casebook, session: Session) -> None:
    asked = select_once_protected().compile(
        session.get_bind(), compile_kwargs={"literal_binds": True}
    )
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert any("ix_revision_protected" in row[-1] for row in plan), plan
