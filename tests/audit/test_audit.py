"""What `log verify` sees beyond the rows: schema, file, indexes, words, bytes, the casebook row."""

from collections.abc import Iterator

import pytest
from sqlalchemy import literal_column, select, text

from casebook import Casebook
from claimtrack import changes, db, history
from claimtrack.audit import audit
from claimtrack.audit.storage import count_through_index, list_indexes, recount_rows
from claimtrack.db import Session
from claimtrack.db.schema_objects import load_expected_schema_objects
from claimtrack.errors import Conflict
from claimtrack.models import EVER_PROTECTED, Revision
from commandline import CommandLine
from conftest import Logged, NewTarget, Typed
from schema_definitions import of_new_casebook
from tampering import log_written, unruled, with_capture

OTHERWISE = "it differs from the log: "


@pytest.fixture
def case(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A casebook with a row in every table."""
    with logged(backend, with_capture) as case:
        unruled(case.session)
        yield case


def found(session: Session, expected: history.Anchor | None = None) -> list[tuple[str, str, str]]:
    return [(row.table, row.key, row.finding) for row in audit(session, expected)]


def does(session: Session, *statements: str) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)


def test_an_honest_casebook_is_whole(case: Casebook) -> None:
    assert found(case.session) == []
    assert found(case.session, history.get_anchor(case.session)) == []


# --- the schema -----------------------------------------------------------------------------------


def test_the_schema_that_is_kept_is_that_of_the_migrations(target: str, backend: str) -> None:
    assert of_new_casebook(target) == load_expected_schema_objects(backend)


INDEX = "ix_stance_proposition_id_value"
MISDEFINED = {
    "sqlite": {
        "a trigger gone": (
            "DROP TRIGGER revision_no_delete",
            ("revision", "revision_no_delete", "the trigger is missing from the schema"),
        ),
        "a trigger that does nothing": (
            "DROP TRIGGER revision_no_delete; CREATE TRIGGER revision_no_delete "
            "BEFORE DELETE ON revision WHEN 0 BEGIN SELECT RAISE(ABORT, 'the log is append-only'); "
            "END",
            ("revision", "revision_no_delete", "the trigger is not defined as by the migrations"),
        ),
        "a trigger added": (
            "CREATE TRIGGER more AFTER INSERT ON actor BEGIN UPDATE actor SET protected = 0; END",
            ("actor", "more", "the trigger is none of version"),
        ),
        "a view added": (
            "CREATE VIEW more AS SELECT * FROM actor",
            ("more", "more", "the view is none of version"),
        ),
        "a table added": (
            "CREATE TABLE more (id INTEGER)",
            ("more", "more", "the table is none of version"),
        ),
        "an index gone": (
            f"DROP INDEX {INDEX}",
            ("stance", INDEX, "the index is missing from the schema"),
        ),
        "an index of fewer rows": (
            f"DROP INDEX {INDEX}; CREATE INDEX {INDEX} "
            "ON stance (proposition_id, value, entry_id) WHERE value > 0",
            ("stance", INDEX, "the index is not defined as by the migrations"),
        ),
        "a column added": (
            "ALTER TABLE topic ADD COLUMN more TEXT",
            ("topic", "topic", "the table is not defined as by the migrations: it"),
        ),
        "another version": (
            "INSERT INTO alembic_version VALUES ('9999')",
            ("alembic_version", "", "it holds more than the version of the schema"),
        ),
    },
    "postgresql": {
        "a trigger gone": (
            "DROP TRIGGER revision_no_change ON revision",
            ("revision", "revision_no_change", "the trigger is missing from the schema"),
        ),
        "a trigger switched off": (
            "ALTER TABLE revision DISABLE TRIGGER revision_no_change",
            ("revision", "revision_no_change", "the trigger is not defined as by the migrations"),
        ),
        "a trigger that does nothing": (
            "CREATE OR REPLACE FUNCTION revision_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NEW; END'",
            ("revision", "revision_no_change", "the trigger is not defined as by the migrations"),
        ),
        "foreign keys switched off": (
            "ALTER TABLE entry DISABLE TRIGGER ALL",
            ("entry", "fk_entry_actor_id_actor", "the trigger of a foreign key is none of version"),
        ),
        "a rule added": (
            "CREATE RULE more AS ON DELETE TO actor DO INSTEAD NOTHING",
            ("actor", "more", "the rule is none of version"),
        ),
        "a policy added": (
            "CREATE POLICY more ON actor USING (false)",
            ("actor", "more", "the policy is none of version"),
        ),
        "a view added": (
            "CREATE VIEW more AS SELECT * FROM actor",
            ("actor", "more", "the view is none of version"),
        ),
        "a table that inherits": (
            "CREATE TABLE more () INHERITS (topic)",
            ("topic", "more", "the inheriting table is none of version"),
        ),
        "a check gone": (
            "ALTER TABLE actor DROP CONSTRAINT ck_actor_kind",
            ("actor", "ck_actor_kind", "the constraint is missing from the schema"),
        ),
        "a rule of a column gone": (
            "ALTER TABLE actor ALTER name DROP NOT NULL",
            ("actor", "name", "the column is not defined as by the migrations"),
        ),
        "an index of fewer rows": (
            f"DROP INDEX {INDEX}; CREATE INDEX {INDEX} "
            "ON stance (proposition_id, value, entry_id) WHERE value > 0",
            ("stance", INDEX, "the index is not defined as by the migrations"),
        ),
    },
}


@pytest.mark.parametrize(
    ("kind", "statements", "finding"),
    [
        pytest.param(kind, *told, id=f"{kind}, {name}")
        for kind, cases in MISDEFINED.items()
        for name, told in cases.items()
    ],
)
def test_a_schema_that_is_not_that_of_the_migrations_is_told(
    kind: str, statements: str, finding: tuple[str, str, str], logged: Logged
) -> None:
    with logged(kind, with_capture) as case:
        does(case.session, *statements.split("; ") if "BEGIN" not in statements else [])
        if "BEGIN" in statements:
            first, _, second = statements.partition("; CREATE")
            does(case.session, *([first, f"CREATE{second}"] if second else [statements]))
        told = found(case.session)
        assert any(
            (table, key) == finding[:2] and said.startswith(finding[2]) for table, key, said in told
        ), told


# --- indexes --------------------------------------------------------------------------------------


HIDES = {
    "sqlite": (
        f"DROP INDEX {INDEX}",
        f"CREATE INDEX {INDEX} ON stance (proposition_id, value, entry_id) WHERE value >= -1",
        "PRAGMA writable_schema = 1",
        "UPDATE sqlite_master SET sql = replace(sql, ' WHERE value >= -1', '') "
        f"WHERE name = '{INDEX}'",
        "PRAGMA writable_schema = RESET",
    ),
    "postgresql": (
        f"DROP INDEX {INDEX}",
        f"CREATE INDEX {INDEX} ON stance (proposition_id, value, entry_id) WHERE value >= -1",
        f"UPDATE pg_index SET indpred = NULL WHERE indexrelid = '{INDEX}'::regclass",
    ),
}


@pytest.mark.parametrize(
    "amcheck",
    [pytest.param(False, id="counted"), pytest.param(True, id="by amcheck, where there is one")],
)
def test_an_index_that_hides_rows_is_told_and_compact_mends_it(
    backend: str, amcheck: bool, typed: Typed
) -> None:
    line = typed(log_written)
    with db.connect(line.target).engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for statement in HIDES[backend]:
            connection.exec_driver_sql(statement)
        if amcheck and backend == "postgresql":
            connection.exec_driver_sql("CREATE EXTENSION amcheck")
        connection.commit()
    answer = line.run("log", "verify", "--format", "csv")
    [row] = answer.stdout.splitlines()[1:]
    assert (answer.code, row.startswith(f"stance,{INDEX},")) == (1, True)
    assert "'claimtrack compact' rebuilds indexes" in row
    line.does("compact")
    assert line.run("log", "verify").code == 0


def test_a_log_of_one_revision_is_spoken_of_as_one(new_target: NewTarget) -> None:
    with new_target("sqlite") as made:
        line = CommandLine(made)
        assert "\nwhole: 1 revision accounts for every row" in line.run("log", "verify").stderr
        line.does("topic", "add", "T")
        assert "\nwhole: 2 revisions account for every row" in line.run("log", "verify").stderr


def test_each_index_of_postgresql_is_counted(logged: Logged) -> None:
    with logged("postgresql", with_capture) as case:
        indexes = list_indexes(case.session)
        assert len(indexes) == sum(
            one.kind == "index" for one in load_expected_schema_objects("postgresql")
        )
        assert [recount_rows(case.session, index) for index in indexes] == [None] * len(indexes)
        unused = [one.name for one in indexes if count_through_index(case.session, one) is None]
        assert unused == []


def test_an_index_whose_rows_are_out_of_order_is_told(logged: Logged) -> None:
    """As when the system that a server runs on sorts text otherwise than it did."""
    with logged("postgresql", with_capture) as case:
        case.document("E", url="https://b.example/").document("F", url="https://a.example/B")
        index = next(one for one in list_indexes(case.session) if one.name == "uq_document_url")
        turned = (
            "UPDATE pg_index SET indoption = '3' WHERE indexrelid = 'uq_document_url'::regclass"
        )
        does(case.session, turned)  # descending
        assert recount_rows(case.session, index) == "1 rows are out of order"


# --- the full-text index --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE fulltext SET words = 'otherwise'", id="other words"),
        pytest.param("UPDATE fulltext SET ref = 'C'", id="another ref"),
        pytest.param("DELETE FROM fulltext", id="none"),
    ],
)
def test_words_that_are_not_those_of_the_row_are_told(case: Casebook, change: str) -> None:
    does(case.session, f"{change} WHERE kind = 'entry' AND ref = 'S'")
    [(table, key, said)] = found(case.session)
    assert (table, key) == ("fulltext", "entry S")
    assert said.endswith("'claimtrack compact' rebuilds it")


def test_words_of_no_row_are_told(case: Casebook) -> None:
    columns = "(rowid, kind, ref, words)"
    does(case.session, f"INSERT INTO fulltext {columns} VALUES (999999, 'entry', 'X', 'secret')")
    [(table, key, said)] = found(case.session)
    assert (table, key, said[:6]) == ("fulltext", "", "it has")


def test_an_index_of_other_words_than_it_was_given_is_told(logged: Logged) -> None:
    with logged("sqlite", with_capture) as case:
        does(
            case.session,
            "DELETE FROM fulltext_docsize WHERE id = (SELECT max(rowid) FROM fulltext)",
        )
        [(table, key, said)] = found(case.session)
        assert (table, key) == ("fulltext", "")
        assert said.startswith("the index does not contain the words that were added to it")


def test_compact_makes_the_words_anew(typed: Typed) -> None:
    line = typed(log_written)
    with db.connect(line.target).engine.begin() as connection:
        connection.exec_driver_sql("UPDATE fulltext SET words = 'x'")
    assert line.run("log", "verify").code == 1
    line.does("compact")
    assert line.run("log", "verify").code == 0


# --- bytes, and the casebook row ------------------------------------------------------------------


def test_bytes_that_are_not_those_of_their_digest_are_told(case: Casebook, backend: str) -> None:
    value = "x'00'" if backend == "sqlite" else r"'\x00'"
    does(case.session, f"UPDATE content SET bytes = {value}")
    [(table, _, said)] = found(case.session)
    assert (table, said) == ("content", "its bytes are not those of its digest")


def test_text_in_the_place_of_bytes_is_told(logged: Logged) -> None:
    with logged("sqlite", with_capture) as case:
        does(case.session, "UPDATE content SET bytes = CAST(bytes AS TEXT)")
        [(table, _, said)] = found(case.session)
        assert (table, said) == ("content", "its bytes are not those of its digest")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        pytest.param(
            "UPDATE casebook SET pseudonym_secret = '00' || substr(pseudonym_secret, 3)",
            f"{OTHERWISE}digest",
            id="secret",
        ),
        pytest.param(
            "UPDATE casebook SET created_at = '2001-01-01 00:00:00.000000'",
            f"{OTHERWISE}created_at, digest",
            id="time",
        ),
    ],
)
def test_a_casebook_row_that_was_changed_is_told(case: Casebook, statement: str, said: str) -> None:
    does(case.session, statement)
    [(table, _, finding)] = found(case.session)
    assert (table, finding) == ("casebook", said)


def test_a_casebook_of_another_id_is_told(case: Casebook) -> None:
    kept = history.get_anchor(case.session)
    does(case.session, f"UPDATE casebook SET id = '{'0' * 36}'")
    told = {table for table, _, _ in found(case.session, kept)}
    assert told == {"casebook"}


def test_the_secret_is_in_neither_log_nor_anchor(case: Casebook) -> None:
    secret = case.session.scalar(text("SELECT pseudonym_secret FROM casebook"))
    said = [str(row) for row in case.session.execute(text("SELECT * FROM revision"))]
    assert not any(str(secret) in line for line in (*said, str(history.get_anchor(case.session))))


def test_an_anchor_shows_a_casebook_row_whose_revision_was_written_anew(case: Casebook) -> None:
    kept = history.get_anchor(case.session)
    other = history.Anchor(kept.casebook, kept.seq, kept.hash, kept.at, "0" * 64)
    [(table, _, said)] = found(case.session, other)
    assert table == "revision"
    assert said.startswith("the casebook row is not the one that was anchored")


@pytest.mark.parametrize("parts", [4, 3])
def test_anchors_of_earlier_versions_can_still_be_read(case: Casebook, parts: int) -> None:
    line = " ".join(str(history.get_anchor(case.session)).split(" ")[:parts])
    expected = history.Anchor.parse(line)
    assert expected.digest is None
    assert found(case.session, expected) == []


def test_what_a_casebook_begins_with_cannot_be_taken_back(case: Casebook) -> None:
    change = case.session.scalar(select(Revision.change).where(Revision.seq == 1))
    with pytest.raises(Conflict, match="it created the casebook"):
        changes.revert(case.session, str(change))


def test_a_redaction_never_empties_what_a_casebook_begins_with(case: Casebook) -> None:
    """Be it that a name is like the digits of its id."""
    casebook = str(case.session.scalar(text("SELECT id FROM casebook")))
    case.actor("b", name=casebook.split("-")[1], aliases=[casebook])
    plan = changes.plan_redaction(case.session, "b")
    assert {table for table, _ in plan.emptied} == {"actor"}
    changes.redact(case.session, plan)
    assert found(case.session) == []


# --- what was ever protected ----------------------------------------------------------------------


def test_revisions_of_what_was_ever_protected_are_found_by_their_index(
    case: Casebook, backend: str
) -> None:
    case.actor("b", protected=True).actor("b", protected=False).actor("c", name='"protected":true')
    query = select(Revision.row_key).where(literal_column(EVER_PROTECTED)).order_by(Revision.seq)
    assert case.session.scalars(query).all() == ["b", "b"]
    explain = "EXPLAIN QUERY PLAN" if backend == "sqlite" else "EXPLAIN"
    if backend == "postgresql":
        does(case.session, "SET LOCAL enable_seqscan = off")
    asked = f"{explain} SELECT table_name, row_key FROM revision WHERE {EVER_PROTECTED}"
    plan = case.session.connection().exec_driver_sql(asked).all()
    assert "ix_revision_protected" in str(plan)
