"""The schema that the migrations build: that of the models, on both databases, kept by upgrades."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from casebook import Casebook
from claimtrack import db, history, replay
from claimtrack.audit import audit
from claimtrack.db import Session, sessions
from claimtrack.errors import NoDatabase, NotEmpty, SchemaMismatch, StorageFailure
from claimtrack.exchange import casebook_copies
from claimtrack.models import Base, Revision, indexes
from claimtrack.schemas import NewEntry
from claimtrack.vocab import Op
from db.old_schemas import config, copy_rows


def scripts() -> ScriptDirectory:
    made = Config()
    made.set_main_option("script_location", str(db.migrations_folder()))
    return ScriptDirectory.from_config(made)


EARLIER = [script.revision for script in scripts().walk_revisions()][1:]


@pytest.fixture
def empty(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> db.Database:
    """A database of this test's own that holds nothing at all."""
    if backend == "sqlite":
        (tmp_path / "empty.db").touch()
        return db.connect(str(tmp_path / "empty.db"))
    url = request.getfixturevalue("postgres_url")
    name = f"empty_{abs(hash(request.node.nodeid))}"
    with db.connect(url).engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    return db.connect(url.replace("/postgres?", f"/{name}?"))


def test_the_version_in_the_code_is_the_newest_migration() -> None:
    assert scripts().get_current_head() == db.SCHEMA_VERSION


def test_no_migration_goes_back() -> None:
    assert [s.revision for s in scripts().walk_revisions() if hasattr(s.module, "downgrade")] == []


def test_models_and_migrations_do_not_drift(target: str) -> None:
    with db.connect(target).engine.connect() as connection, warnings.catch_warnings():
        # SQLite cannot reflect an index of expressions; the next test compares those as text.
        warnings.filterwarnings("ignore", message=".*expression-based.*")
        command.check(config(connection))


def definitions(connection: Connection) -> dict[str, Any]:
    """The CHECK texts and the definitions of indexes and triggers, as the database tells them."""
    seen = inspect(connection)
    checks = {
        table: sorted((str(c["name"]), c["sqltext"]) for c in seen.get_check_constraints(table))
        for table in seen.get_table_names()
        if table in Base.metadata.tables
    }
    if connection.dialect.name == "sqlite":
        query = "SELECT type, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        query = "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    indexes = {
        name: "".join(str(sql).split())
        for _, name, sql in connection.execute(text(query))
        if not name.startswith(("alembic", "pk_fulltext", "ix_fulltext"))
    }
    return {"checks": checks, "indexes": indexes}


def test_checks_and_indexes_are_those_of_the_models_to_the_letter(
    target: str, empty: db.Database
) -> None:
    with db.connect(target).engine.connect() as migrated, empty.engine.connect() as created:
        indexes.metadata.create_all(created)
        one, other = definitions(migrated), definitions(created)
        one["indexes"].pop("alembic_version_pkc", None)
        assert one == other


@pytest.mark.parametrize("earlier", EARLIER)
def test_an_upgrade_keeps_every_row_trigger_index_and_the_chain(
    earlier: str, target: str, empty: db.Database
) -> None:
    source = db.connect(target)
    with sessions.writing(source, author="Test Analyst") as session:
        populate(Casebook(session))
    with empty.engine.connect() as old:
        command.upgrade(config(old), earlier)
        copied = copy_rows(source, old)
        old.commit()
    with (
        pytest.raises(SchemaMismatch, match="run 'claimtrack init' to upgrade it"),
        sessions.reading(empty),
    ):
        pass
    assert db.init(empty)
    with sessions.reading(empty) as upgraded, sessions.reading(source) as fresh:
        assert {"entry", "stance", "revision", "casebook"} <= set(copied)
        for table in copied:
            assert rows(upgraded, table) == rows(fresh, table)
        assert rows(upgraded, "fulltext") == rows(fresh, "fulltext")
        assert definitions(upgraded.connection()) == definitions(fresh.connection())
        assert triggers(upgraded) == triggers(fresh) != []
        assert_chained(upgraded)
        found = [finding for finding in replay.verify(upgraded) if finding.table in copied]
        assert found == []


def populate(case: Casebook) -> None:
    """One row at least in every table."""
    case.actor("zelensky", aliases=["Зеленський", "Zelenskyy"]).topic("war").topic(
        "t", parent="war"
    )
    case.claim("C", affirms="p", date_from="2024-01-25", date_to="2024-01-25", cites="D")
    case.statement("S", denies="p", responds_to="C").grade("C", "F6")
    case.action("A", latitude=48.5, longitude=37.25, action_code="ASSAULT:drone")
    case.put(NewEntry, ref="A", participants=[{"actor": "zelensky", "role": "target"}])
    case.capture("D", b"as it came")
    case.link("C", "contradicts", "S", strength=1, rationale="why").link("A", "repeats", "C")


def rows(session: Session, table: str) -> list[Any]:
    columns = "rowid, kind, ref, words" if table == "fulltext" else "*"
    return sorted(map(repr, session.execute(text(f'SELECT {columns} FROM "{table}"'))))


def triggers(session: Session) -> list[Any]:
    if session.connection().dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    return sorted(map(tuple, session.execute(text(query))))


def assert_chained(session: Session) -> None:
    before = history.GENESIS
    for number, found in enumerate(session.scalars(select(Revision).order_by(Revision.seq)), 1):
        columns = {
            column.name: getattr(found, column.name) for column in Revision.__table__.columns
        }
        assert (found.seq, found.prev_hash) == (number, before)
        assert found.hash == history.link_hash(columns)
        assert found.salt is not None
        assert found.row_key is not None
        assert found.content_digest == history.digest(
            found.salt, found.row_key, found.message, (found.before, found.after)
        )
        before = found.hash


def test_the_chain_holds_from_the_first_row(case: Casebook, session: Session) -> None:
    populate(case)
    assert_chained(session)


def test_a_new_sqlite_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    import os

    before = os.umask(0)
    try:
        db.init(db.connect(str(tmp_path / "new.db")))
    finally:
        os.umask(before)
    assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600


def test_init_is_safe_to_repeat(target: str) -> None:
    assert not db.init(db.connect(target))


def test_a_newer_database_asks_for_a_newer_program(target: str) -> None:
    database = db.connect(target)
    with database.engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with (
        pytest.raises(SchemaMismatch, match=r"newer version.*upgrade claimtrack"),
        sessions.reading(database),
    ):
        pass
    with pytest.raises(SchemaMismatch, match=r"newer version.*upgrade claimtrack"):
        db.init(database)


def test_somebody_elses_database_is_left_alone(empty: db.Database) -> None:
    with empty.engine.connect() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))
        connection.commit()
    with pytest.raises(NoDatabase, match="not a claimtrack database"), sessions.reading(empty):
        pass
    with pytest.raises(NotEmpty, match="holds something else"):
        db.init(empty)
    with empty.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["theirs"]


def test_on_postgresql_the_search_path_decides(postgres_url: str, empty: db.Database) -> None:
    if empty.engine.dialect.name == "sqlite":
        return
    with empty.engine.connect() as connection:
        connection.execute(text("CREATE SCHEMA team"))
        connection.commit()
    url = empty.engine.url.update_query_dict({"options": "-csearch_path=team"})
    team = db.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    assert db.init(team)
    with sessions.writing(team, author="a") as session:
        Casebook(session).actor("x")
    with empty.engine.connect() as connection:
        assert "actor" in inspect(connection).get_table_names(schema="team")
        assert inspect(connection).get_table_names(schema="public") == []


# --- 0006 -----------------------------------------------------------------------------------------


def logged_before_0006(old: Connection) -> None:
    """Make a casebook whose log does not begin with its own revision, and log a topic."""
    command.upgrade(config(old), "0005")
    row = {"id": "0" * 8 + "-" + "0" * 27, "at": "2024-01-25 12:00:00.000000", "secret": "ab" * 32}
    made = "INSERT INTO casebook (id, singleton, created_at, pseudonym_secret) VALUES "
    old.execute(text(f"{made} (:id, 1, :at, :secret)"), row)
    with Session(old) as session:
        session.state.change = db.new_change("Test Analyst")
        image = history.Image("topic", "t", TOPIC)
        old.execute(text("INSERT INTO topic (ref, name, exclusive) VALUES ('t', 'T', false)"))
        history.append(session, Op.INSERT, None, image)
        session.commit()


TOPIC = {"ref": "t", "name": "T", "parent": None, "exclusive": False}


def test_an_older_casebook_is_given_the_revision_that_a_new_one_begins_with(
    empty: db.Database, tmp_path: Path
) -> None:
    with empty.engine.connect() as old:
        logged_before_0006(old)
        old.commit()
    assert db.init(empty, author="Owner")
    with sessions.reading(empty) as session:
        head = history.get_anchor(session)
        last = session.get_one(Revision, head.seq)
        assert (last.seq, last.table_name, last.author) == (2, "casebook", "Owner")
        assert json.loads(last.after or "") == {
            "created_at": "2024-01-25T12:00:00.000000Z",
            "digest": head.digest,
            "id": head.casebook,
        }
        assert list(audit(session)) == []
        casebook_copies.snapshot(session, tmp_path / "then.db", 1)
    with sessions.reading(db.connect(str(tmp_path / "then.db"))) as session:
        assert history.get_anchor(session).digest == head.digest
        assert list(audit(session)) == []


def test_an_upgrade_refuses_what_is_neither_true_nor_false_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    database = db.connect(str(path))
    with database.engine.connect() as old:
        logged_before_0006(old)
        for key, value in enumerate(("0", "'true'", "2", "1"), 7):
            columns = "(id, ref, name, kind, aliases, protected)"
            values = f"({key}, 'a{key}', 'A', 'person', '[]', {value})"
            old.execute(text(f"INSERT INTO actor {columns} VALUES {values}"))
        old.commit()
    before = path.read_bytes()
    rule = "CHECK constraint failed: ck_actor_protected_is_0_or_1"
    with pytest.raises(StorageFailure) as refused:
        db.init(database)
    assert str(refused.value) == (
        f"{path} cannot be upgraded, and was left as it was: it holds what its tables do not "
        f"allow: actor with id 8 ({rule}), actor with id 9 ({rule}): restore the earlier values "
        "with SQL, or upgrade a backup"
    )
    assert path.read_bytes() == before


# --- 0007 -----------------------------------------------------------------------------------------
LINKED = "INSERT INTO link (id, from_id, to_id, relation, strength, asserted_by_id) VALUES "


def linked_before_0007(old: Connection) -> None:
    """Make a casebook of two entries that both replies and contradictions link."""
    command.upgrade(config(old), "0006")
    columns = "(id, ref, name, kind, aliases, protected)"
    old.execute(text(f"INSERT INTO actor {columns} VALUES (1, 'a', 'A', 'person', '[]', false)"))
    for key in (1, 2):
        said = f"({key}, 'S-{key}', 'statement', 1, 'What.')"
        old.execute(text(f"INSERT INTO entry (id, ref, kind, actor_id, summary) VALUES {said}"))
    old.execute(text(f"{LINKED} (3, 1, 2, 'contradicts', 1, 1), (7, 2, 1, 'responds_to', 2, 1)"))


def test_an_upgraded_casebook_keeps_its_links_and_takes_unrelated_ones(empty: db.Database) -> None:
    with empty.engine.connect() as old:
        linked_before_0007(old)
        with pytest.raises(DBAPIError, match="ck_link_relation"), old.begin_nested():
            old.execute(text(f"{LINKED} (8, 1, 2, 'unrelated', 2, 1)"))
        before = old.execute(text("SELECT * FROM link ORDER BY id")).all()
        old.commit()
    assert db.init(empty)
    with empty.engine.connect() as upgraded:
        assert upgraded.execute(text("SELECT * FROM link ORDER BY id")).all() == before
        upgraded.execute(text(f"{LINKED} (8, 1, 2, 'unrelated', 2, 1)"))
        with pytest.raises(DBAPIError, match=r"(?i)unique"), upgraded.begin_nested():
            upgraded.execute(text(f"{LINKED} (9, 2, 1, 'unrelated', 2, 1)"))


@pytest.mark.one_database
def test_an_upgrade_refuses_links_that_break_a_rule_and_names_them(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    database = db.connect(str(path))
    with database.engine.connect() as old:
        linked_before_0007(old)
        old.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        old.execute(text(f"{LINKED} (8, 1, 2, 'refutes', 2, 1), (9, 1, 2, 'repeats', 3, 1)"))
        old.commit()
    before = path.read_bytes()
    with pytest.raises(StorageFailure) as refused:
        db.init(database)
    rule = "CHECK constraint failed: ck_link"
    assert str(refused.value) == (
        f"{path} cannot be upgraded, and was left as it was: it holds what its tables do not "
        f"allow: link with id 8 ({rule}_relation), link with id 9 ({rule}_strength_is_1_or_2): "
        "restore the earlier values with SQL, or upgrade a backup"
    )
    assert path.read_bytes() == before
