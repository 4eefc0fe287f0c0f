"""What servers and files refuse: one sentence each, and no advice that would lose anything."""

import sqlite3
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server, socket

import pytest
from sqlalchemy import make_url, text

from claimtrack import db
from claimtrack.db import sessions
from claimtrack.errors import (
    ClaimtrackError,
    Contended,
    NoDatabase,
    SchemaMismatch,
    StorageFailure,
)
from claimtrack.exchange import casebook_copies
from commandline import CommandLine
from conftest import NewTarget, on_server

TLS_REQUESTS = (80877103, 80877104)
"""Source: PostgreSQL 18, 54.7, SSLRequest and GSSENCRequest."""


def _answer(one: socket, message: str) -> None:
    """Speak as a server does that lets nobody in."""
    while size := one.recv(4):
        asked = one.recv(struct.unpack("!I", size)[0] - 4)
        if struct.unpack("!I", asked[:4])[0] in TLS_REQUESTS:
            one.sendall(b"N")
            continue
        fields = ("SFATAL", "VFATAL", "C08P01", f"M{message}")
        body = b"".join(field.encode() + b"\0" for field in fields) + b"\0"
        one.sendall(b"E" + struct.pack("!I", len(body) + 4) + body)
        return


@contextmanager
def refusing(message: str) -> Iterator[str]:
    """Listen on a port, and refuse all who come with a message: yields the address."""

    def serve() -> None:
        while True:
            try:
                one, _ = listening.accept()
            except OSError:  # closed
                return
            with one:
                _answer(one, message)

    with create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        yield f"postgresql://u:sesame@127.0.0.1:{listening.getsockname()[1]}/x"


REFUSED = {
    "no such database: x": "the pooler in front of the server knows no such database",
    "no such user: u": "the pooler in front of the server has no such user",
    'server login failed: FATAL password authentication failed for user "u"': (
        "the pooler there does not get into the server behind it: server login failed"
    ),
    "server login has been failing, try again later (server_login_retry)": (
        "the pooler there does not get into the server behind it"
    ),
    "client_login_timeout (server down)": "the pooler there does not get into the server behind it",
    "query_wait_timeout": "the pooler in front of the server has no connection to spare",
    "no more connections allowed (max_client_conn)": "the pooler in front of the server has no "
    "connect",
    "unsupported startup parameter: options": "takes no such option: leave 'options' out",
    "sorry, too many clients already": "the server has no connection to spare: try again",
    'no pg_hba.conf entry for host "1.2.3.4", user "u", database "x", no encryption': (
        "without encryption: add sslmode=require to the address"
    ),
    'pg_hba.conf rejects connection for host "1.2.3.4", user "u", database "x", SSL encryption': (
        r"the server's rules \(pg_hba.conf\) do not let this user into this database from here"
    ),
    "SSL required": "requires an encrypted connection: add sslmode=require to the address",
    'password authentication failed for user "u"': "the user or the password is wrong",
    'Ident authentication failed for user "u"': "does not let this user in: Ident authentication",
    'role "u" is not permitted to log in': "this role may not log in: ALTER ROLE ... LOGIN lets it",
    'permission denied for database "x"': "this user lacks CONNECT on the database",
    'unrecognized configuration parameter "a"': "an option of the address is wrong: unrecognized",
    "the database system is starting up": "the server is starting or stopping",
    'database "x" is disabled': 'the server refused: database "x" is disabled$',
    "Zugriff verweigert": "the server refused: Zugriff verweigert$",
    "sesame is too short": r"the server refused: \(its words are not shown, as they repeat a part",
}
"""What servers and poolers say as they let nobody in, and what is said of it."""


@pytest.mark.parametrize("message", REFUSED)
def test_whoever_is_not_let_in_is_told_why(message: str) -> None:
    with (
        refusing(message) as url,
        pytest.raises(StorageFailure, match=REFUSED[message]),
        sessions.reading(db.connect(url)),
    ):
        pass


AT_WORK: dict[tuple[str, str], tuple[type[ClaimtrackError], str]] = {
    ("08006", "connection to the remote node w1:5432 failed"): (
        StorageFailure,
        "a server behind this one refuses, or does not answer: connection to the remote node w1",
    ),
    ("XX000", "could not establish any connections to the node w1:5432 after 5000 ms"): (
        StorageFailure,
        "a server behind this one refuses",
    ),
    ("08P01", "query_wait_timeout"): (StorageFailure, "no connection to spare"),
    ("26000", 'prepared statement "a" does not exist'): (StorageFailure, "pool_mode = session"),
    ("40P01", "deadlock detected"): (Contended, "another program holds a lock"),
    ("57014", "canceling statement due to user request"): (
        StorageFailure,
        "somebody cancelled the command on the server",
    ),
    ("57014", "canceling statement due to statement timeout"): (
        StorageFailure,
        "took longer than its statement_timeout allows",
    ),
    ("25P03", "terminating connection due to idle-in-transaction timeout"): (
        StorageFailure,
        "ended what took longer than it allows: terminating connection due to idle",
    ),
    ("53100", "could not extend file: No space left on device"): (
        StorageFailure,
        "the disk of the server is full: could not extend file: No space left on device",
    ),
    ("53400", "temporary file size exceeds temp_file_limit (1kB)"): (
        StorageFailure,
        "the server has reached a limit: temporary file size",
    ),
    ("55000", "cannot acquire lock while recovery is in progress"): (
        StorageFailure,
        "the server allows only reading",
    ),
    ("XX001", "invalid page in block 0"): (StorageFailure, "has an internal error.*: invalid page"),
    ("0A000", "cannot do that here"): (StorageFailure, "lacks what claimtrack uses: cannot do"),
    ("42501", 'new row violates row-level security policy for table "actor"'): (
        StorageFailure,
        "denies this user the permission: new row violates",
    ),
    ("P0001", "no changes after six"): (StorageFailure, "the server refused: no changes after six"),
}
"""What servers say of a command at work, by SQLSTATE."""


@pytest.mark.parametrize(("state", "message"), AT_WORK)
def test_what_a_server_refuses_a_command_is_told(
    shared: dict[str, db.Database], state: str, message: str
) -> None:
    kind, said = AT_WORK[state, message]
    raised = f"RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = $m${message}$m$;"
    with pytest.raises(kind, match=said), sessions.reading(_reachable(shared)) as session:
        session.execute(text(f"DO $$ BEGIN {raised} END $$"))


def _reachable(shared: dict[str, db.Database]) -> db.Database:
    return db.connect(shared["postgresql"].engine.url.render_as_string(hide_password=False))


def test_a_command_that_takes_longer_than_the_server_allows_is_told(
    shared: dict[str, db.Database],
) -> None:
    url = _reachable(shared).engine.url.update_query_dict({"options": "-cstatement_timeout=100"})
    with (
        pytest.raises(StorageFailure, match="longer than its statement_timeout allows"),
        sessions.reading(db.connect(url.render_as_string(hide_password=False))) as session,
    ):
        session.execute(text("SELECT pg_sleep(60)"))


@pytest.fixture
def casebook_url(new_target: NewTarget) -> Iterator[str]:
    """The URL of a casebook on the server."""
    with new_target("postgresql") as target:
        yield target


def test_nothing_of_a_connection_is_changed_for_the_next_one_of_a_pool(casebook_url: str) -> None:
    changed = "SELECT count(*) FROM pg_settings WHERE source = 'session' AND name = 'jit'"
    with db.connect(casebook_url).engine.connect() as connection:
        assert connection.scalar(text(changed)) == 1
        connection.commit()
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        assert alone.scalar(text(changed)) == 0


def test_tables_that_the_search_path_leaves_out_are_not_said_to_be_missing(
    casebook_url: str,
) -> None:
    on_server(casebook_url, "CREATE SCHEMA cases")
    on_server(casebook_url, "CREATE SCHEMA elsewhere")
    for table in ("casebook", "alembic_version"):
        on_server(casebook_url, f"ALTER TABLE {table} SET SCHEMA cases")
    url = make_url(casebook_url).update_query_dict({"options": "-csearch_path=elsewhere"})
    with pytest.raises(
        StorageFailure, match=r"its casebook is in schema cases, which the search path leaves out"
    ):
        CommandLine(url.render_as_string(hide_password=False)).revisions()


def test_a_search_path_without_a_schema_is_told_to_who_reads(casebook_url: str) -> None:
    url = make_url(casebook_url).update_query_dict({"options": "-csearch_path=nowhere"})
    on_server(casebook_url, "DROP TABLE casebook CASCADE")
    with pytest.raises(StorageFailure, match="the search path names no schema that exists"):
        CommandLine(url.render_as_string(hide_password=False)).revisions()


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        pytest.param("DROP TABLE alembic_version", "lacks the table alembic_version", id="version"),
        pytest.param("DELETE FROM alembic_version", "lacks a row in alembic_version", id="row"),
        pytest.param("ALTER TABLE topic RENAME TO subject", "topic", id="table"),
        pytest.param("ALTER TABLE topic RENAME COLUMN name TO called", "name", id="column"),
    ],
)
def test_a_casebook_that_lacks_parts_is_neither_made_nor_replaced(
    target: str, statement: str, why: str
) -> None:
    on = db.connect(target)
    with on.engine.connect() as connection:
        connection.execute(text(statement))
        connection.commit()
    with (
        pytest.raises(SchemaMismatch, match=f"is not whole.*{why}.*into another database") as told,
        sessions.reading(on) as session,
    ):
        session.execute(text("SELECT name FROM topic"))
    assert "claimtrack init" not in str(told.value)
    assert "--replace" not in str(told.value)


def test_a_database_of_something_else_is_not_to_be_made_a_casebook(casebook_url: str) -> None:
    for table in ("casebook", "alembic_version"):
        on_server(casebook_url, f"DROP TABLE {table} CASCADE")
    with (
        pytest.raises(NoDatabase, match="holds something else: choose another with --db"),
        sessions.reading(db.connect(casebook_url)),
    ):
        pass


def test_an_error_is_told_of_the_database_that_it_comes_from(
    sqlite_template: Path, tmp_path: Path
) -> None:
    source, other = tmp_path / "source.db", tmp_path / "other.db"
    source.write_bytes(sqlite_template.read_bytes())
    with sqlite3.connect(source) as file:
        file.execute("ALTER TABLE grade RENAME TO gone")
    file.close()
    with (
        pytest.raises(SchemaMismatch, match=r"source\.db is not whole"),
        sessions.reading(db.connect(source)) as session,
    ):
        casebook_copies.copy(session, db.connect(other))
