"""What is protected stays so, however a PostgreSQL server is set up and reached."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import psycopg
import pytest
from sqlalchemy import make_url

from claimtrack import db, protection
from claimtrack.db import sessions
from claimtrack.exchange.dossier.dumping import dump
from commandline import CommandLine
from conftest import Filled, NewTarget, on_server
from pg_servers import pooled, standby
from protection.canaries import assert_silent, log_secrets

READERS = (
    ("actor", "list", "--format", "csv"),
    ("document", "list", "--format", "json"),
    ("report", "contradictions", "--format", "csv"),
    ("report", "citations", "--format", "jsonl"),
    ("search", "ready"),
    ("show", "C9"),
    ("log", "--format", "csv"),
    ("dump",),
)


@pytest.fixture
def kept(filled: Filled) -> str:
    return filled("postgresql", log_secrets)


def assert_protected(target: str) -> None:
    line = CommandLine(target)
    for words in READERS:
        answer = line.run(*words)
        assert answer.code == 0, answer
        assert_silent(answer.stdout + answer.stderr)
    assert "withheld: true" in line.does("dump")
    assert "Canary Name" in line.does("actor", "list", "--include-protected")


PATHS = (
    "public",
    "public, pg_temp",
    "pg_temp, public",
    '"$user", public, pg_temp',
    "pg_catalog, public, pg_temp",
    "elsewhere, public, pg_temp",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_search_path_in_the_url_uncovers_anything(kept: str, path: str) -> None:
    options = f"-csearch_path={path.replace(' ', '')}"
    there = make_url(kept).update_query_dict({"options": options})
    assert_protected(there.render_as_string(False))


@pytest.mark.parametrize("setting", ["DATABASE", "ROLE", "ROLE IN DATABASE"])
def test_no_search_path_of_a_role_or_database_uncovers_anything(
    kept: str, new_target: NewTarget, setting: str
) -> None:
    with new_target("postgresql", like=kept) as target:
        name = make_url(target).database
        of = {
            "DATABASE": f"DATABASE {name}",
            "ROLE": "ROLE hardened",
            "ROLE IN DATABASE": f"ROLE hardened IN DATABASE {name}",
        }[setting]
        on_server(target, "CREATE ROLE hardened LOGIN SUPERUSER")
        try:
            on_server(target, f"ALTER {of} SET search_path = public, pg_temp")
            user = "postgres" if setting == "DATABASE" else "hardened"
            assert_protected(make_url(target).set(username=user).render_as_string(False))
        finally:
            on_server(target, "DROP ROLE hardened")


def test_a_table_of_that_name_in_another_schema_is_protected_too(
    kept: str, new_target: NewTarget
) -> None:
    with new_target("postgresql", like=kept) as target:
        on_server(target, "CREATE SCHEMA elsewhere")
        for table in ("actor", "document", "entry", "citation", "capture"):
            on_server(target, f"CREATE VIEW elsewhere.{table} AS SELECT * FROM public.{table}")
        there = make_url(target).update_query_dict({"options": "-csearch_path=elsewhere,public"})
        for words in READERS:
            answer = CommandLine(there.render_as_string(False)).run(*words)
            assert_silent(answer.stdout + answer.stderr)


def test_a_role_that_may_only_read_is_answered(kept: str, new_target: NewTarget) -> None:
    with new_target("postgresql", like=kept) as target:
        name = make_url(target).database
        on_server(target, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        assert_protected(target)


def test_a_hot_standby_answers(kept: str) -> None:
    with standby(kept) as there:
        assert_protected(there)
        code, said = (
            CommandLine(there).run("topic", "add", "T").code,
            CommandLine(there).run("topic", "add", "T").stderr,
        )
    assert code == 1
    assert said.endswith("the server allows only reading: write to its primary\n")


@pytest.fixture(params=["transaction", "session"])
def through(request: pytest.FixtureRequest, kept: str, new_target: NewTarget) -> Iterator[str]:
    with new_target("postgresql", like=kept) as target, pooled(target, request.param) as pool:
        yield pool


def test_a_pooler_gives_nothing_away_and_loses_nothing(through: str) -> None:
    assert_protected(through)

    def read(_: int) -> str:
        found = StringIO()
        with sessions.reading(db.connect(through), protection.protect) as session:
            dump(session, found)
        return found.getvalue()

    def read_all(_: int) -> str:
        found = StringIO()
        with sessions.reading(db.connect(through)) as session:
            dump(session, found)
        return found.getvalue()

    def write(number: int) -> str:
        answer = CommandLine(through).does("topic", "add", f"T{number}", "--ref", f"t-{number}")
        return f"t-{number}{answer}"

    with ThreadPoolExecutor(4) as hands:
        protected, plain = hands.map(read, range(12)), hands.map(read_all, range(12))
        for number in range(4):
            write(number)
        for found in protected:
            assert_silent(found)
            assert "withheld: true" in found
        assert all("canary-ref" in found for found in plain)
    line = CommandLine(through)
    assert line.run("log", "verify").code == 0
    assert all(f"t-{number}" in line.does("topic", "list") for number in range(4))


LEFT = """
    SELECT (SELECT count(*) FROM pg_class WHERE relpersistence = 't'),
        (SELECT count(*) FROM pg_prepared_statements),
        (SELECT json_agg(name) FROM pg_settings
         WHERE source = 'session' AND name NOT LIKE 'transaction_%')
"""


def test_nothing_is_left_on_the_connection_of_a_pooler(kept: str, new_target: NewTarget) -> None:
    with new_target("postgresql", like=kept) as target, pooled(target, "transaction", 1) as pool:
        for words in (("dump",), ("dump", "--include-protected"), ("topic", "add", "T")):
            CommandLine(pool).does(*words)
            with psycopg.connect(pool, prepare_threshold=None) as connection:
                assert connection.execute(LEFT).fetchone() == (0, 0, None)
