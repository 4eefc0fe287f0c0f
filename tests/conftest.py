"""Real databases, built by the real migrations: SQLite files, and a PostgreSQL server of ours."""

import gc
import json
import shutil
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from casebook import Casebook
from claimtrack import db
from claimtrack.db import Session, connections, sessions
from claimtrack.exchange.dossier import loading
from commandline import CommandLine
from processes import forking_program, postgres

BACKENDS = ("sqlite", "postgresql")
BOTH_DATABASES = {
    f"{folder}.test_{module}".removeprefix(".")
    for folder, modules in {
        "": "dataset dataset_tables records replay",
        "changes": "changes merging_actors reverting rules",
        "changes.redacting": (
            "redacted_log redacted_names redacted_rows redacting_command redaction_proof"
        ),
        "db": "concurrency db migrations schema",
        "exchange": "backups casebook_copies snapshots",
        "history": "history",
        "lookup": "list_records refs search show show_entry",
        "protection": (
            "log numbers protected_addresses protected_details protected_dumps protected_output "
            "protected_refusals pseudonyms"
        ),
        "query": "entry_facts support_counts visibility",
        "reports": (
            "check citations claim_order claims contradictions corroboration coverage hypotheses "
            "hypothesis_filters known_by omissions pair_classes pair_deeds pair_filters pair_order "
            "pair_status pair_times position_filters position_gaps positions track_record windows"
        ),
    }.items()
    for module in modules.split()
}
"""The modules whose tests ask each database: what they test is SQL, which differs."""
for _module in BOTH_DATABASES:  # one that was renamed would be tested on SQLite alone
    if not Path(__file__).parent.joinpath(*_module.split(".")).with_suffix(".py").is_file():
        raise LookupError(f"BOTH_DATABASES names {_module}, and there is no such module of tests")
AUTHOR = "Test Analyst"

# Statements are built and compiled by the thousand: collecting garbage less often saves time.
gc.set_threshold(50_000, 10, 5)


# jsonschema, when imported, makes a parser of IRIs with it, a format that no schema of ours has:
# three seconds in every process that collects tests.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


STATEMENTS = LRUCache[Any, Any](500)
"""Statements as compiled for SQLite and for PostgreSQL."""


def _engine(*args: Any, **kw: Any) -> Engine:
    engine = create_engine(*args, **kw, execution_options={"compiled_cache": STATEMENTS})
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _write_without_waiting)
    return engine


def _write_without_waiting(connection: sqlite3.Connection, _record: object) -> None:
    """Leave it to the system when a file reaches the disk: a commit took 20 ms on a slow one.

    Processes that tests start wait for the disk as they always do, those that are killed included.
    """
    connection.execute("PRAGMA synchronous = OFF")


def _compile_once() -> None:
    """Compile a statement once for all casebooks of a kind, not for each that a test opens.

    To compile took a third of all the time. A process of the program opens one casebook, so that
    it gains nothing there. What protects has a compiler of its own, and so statements of its own.
    """

    def compiler(dialect: Any) -> Any:
        return getattr(dialect, "statement_compiler", None)

    patch = pytest.MonkeyPatch()
    patch.setattr(connections, "create_engine", _engine)
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        patch.setattr(dialect, "__eq__", lambda one, other: compiler(one) is compiler(other))
        patch.setattr(dialect, "__hash__", lambda one: hash(compiler(one)))


_compile_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let casebooks be drawn from more seeds than the few of every run."""
    parser.addoption(
        "--seeds",
        metavar="FROM:TO",
        default="14:18",
        help="compare reports with the oracle on the casebooks of these seeds (0:500)",
    )


def pytest_collection_finish() -> None:
    """Take what has been imported out of what is looked through for garbage."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a `backend` on SQLite, and on PostgreSQL where SQL differs.

    It differs for the modules in `BOTH_DATABASES`, and for tests and classes elsewhere that are
    marked `@pytest.mark.both_databases`. `@pytest.mark.one_database` takes a test of such a module
    out.
    """
    marks = list(metafunc.definition.iter_markers())
    if "backend" not in metafunc.fixturenames or any(
        mark.name == "parametrize" and "backend" in mark.args[0] for mark in marks
    ):
        return
    names = {mark.name for mark in marks}
    module = metafunc.module.__name__
    both = "both_databases" in names or (module in BOTH_DATABASES and "one_database" not in names)
    metafunc.parametrize("backend", BACKENDS if both else BACKENDS[:1])


_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory, on Linux


class Server:
    """A PostgreSQL server of our own, started when a test first needs it."""

    def __init__(self) -> None:
        self._open = ExitStack()

    @cached_property
    def url(self) -> str:
        """The address of its database `postgres`."""
        # A short path, as it holds a socket; and in memory, where databases are made ten times as
        # fast as on a busy disk. Those of a session take less than a gigabyte.
        roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > 4 << 30
        folder = tempfile.mkdtemp(prefix="claimtrack-pg-", dir=_MEMORY if roomy else None)
        self._open.callback(shutil.rmtree, folder, ignore_errors=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no runtime folder, running as root
            url: str = self._open.enter_context(postgres(Path(folder))).get_uri()
        # Its files die with the tests: when they reach the disk is left to the system.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum"):
            on_server(url, f"ALTER SYSTEM SET {setting} = off")
        on_server(url, "SELECT pg_reload_conf()")
        return url

    @cached_property
    def _connection(self) -> psycopg.Connection[Any]:
        """A connection that makes and drops databases: to connect takes as long as to drop one."""
        url = make_url(self.url).set(drivername="postgresql")
        return self._open.enter_context(
            psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
        )

    @cached_property
    def template(self) -> str:
        """The name of a new casebook, to be copied."""
        self._connection.execute("CREATE DATABASE template_casebook")
        db.init(db.connect(self.named("template_casebook")))
        return "template_casebook"

    def named(self, database: str) -> str:
        """Return the URL of a database."""
        return self.url.replace("/postgres?", f"/{database}?")

    def copy(self, template: str | None = None) -> str:
        """Create a database that equals another, which nobody may be using: its name."""
        name = f"t_{uuid4().hex}"
        # Files are copied as files, not block by block through the log: that takes half the time.
        self._connection.execute(
            f"CREATE DATABASE {name} TEMPLATE {template or self.template} STRATEGY FILE_COPY"
        )
        return name

    def drop(self, name: str) -> None:
        """Drop a database, even if it is in use."""
        self._connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop the server, if it was started; its databases go with it."""
        self._open.close()


def on_server(url: str, statement: str) -> None:
    engine = db.connect(url).engine
    with engine.connect() as connection:
        autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
        autocommit.execute(text(statement))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The PostgreSQL server of this test session."""
    started = Server()
    yield started
    started.close()


@pytest.fixture(scope="session")
def postgres_url(server: Server) -> str:
    """The address of a PostgreSQL server that lives as long as the test session."""
    return server.url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite casebook, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    db.init(db.connect(str(path)))
    return path


NewTarget = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def new_target(
    sqlite_template: Path, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> NewTarget:
    """Make a casebook of a kind, for as long as the caller needs it: its path or URL.

    It is empty, or a copy of the one that `like` names, which nobody may be using.
    """

    @contextmanager
    def make(backend: str, like: str | None = None) -> Iterator[str]:
        if backend == "sqlite":
            path = tmp_path_factory.mktemp("casebook") / "claimtrack.db"
            shutil.copyfile(like or sqlite_template, path)
            yield str(path)
            return
        name = server.copy(make_url(like).database if like else None)
        yield server.named(name)
        server.drop(name)

    return make


@pytest.fixture
def target(backend: str, new_target: NewTarget) -> Iterator[str]:
    """The path or URL of an empty casebook, for tests that go through the command line."""
    with new_target(backend) as made:
        yield made


Filled = Callable[[str, Callable[[str], object]], str]


@pytest.fixture(scope="session")
def filled(new_target: NewTarget) -> Iterator[Filled]:
    """Make a casebook of a kind that a function fills: once, for all tests that leave it so."""
    with ExitStack() as kept:

        @cache
        def make(backend: str, fill: Callable[[str], object]) -> str:
            target = kept.enter_context(new_target(backend))
            fill(target)
            return target

        yield make


class Shared(dict[str, db.Database]):
    """One casebook of each kind, made when it is first asked for."""

    def __init__(self, new_target: NewTarget) -> None:
        self.open = ExitStack()
        self._new = new_target

    def __missing__(self, backend: str) -> db.Database:
        target = self.open.enter_context(self._new(backend))
        self[backend] = self.open.enter_context(_held(target))
        return self[backend]


@pytest.fixture(scope="session")
def shared(new_target: NewTarget) -> Iterator[Shared]:
    """One casebook of each kind, which every test leaves as it found it."""
    made = Shared(new_target)
    with made.open:
        yield made


@pytest.fixture(scope="module", autouse=True)
def _no_statements_of_other_modules() -> Iterator[None]:
    """Let go of compiled statements, which take half a gigabyte else."""
    yield
    STATEMENTS.clear()


@contextmanager
def _held(target: str) -> Iterator[db.Database]:
    """Connect to a casebook; to a server once, since each connection reads the catalogue anew."""
    database = db.connect(target)
    if database.engine.dialect.name == "postgresql":
        database = db.Database(_engine(database.engine.url), database.name)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(backend: str, shared: dict[str, db.Database]) -> Iterator[Session]:
    """A session whose transaction is rolled back when the test ends."""
    with _rolled_back(shared[backend]) as session:
        yield session


@contextmanager
def _rolled_back(database: db.Database) -> Iterator[Session]:
    with sessions.writing(database, author=AUTHOR, dry_run=True) as session:
        yield session


@pytest.fixture
def case(session: Session) -> Casebook:
    """A builder of small casebooks, in the session of this test."""
    return Casebook(session)


Log = Callable[[Casebook], object]
Logged = Callable[[str, Log], AbstractContextManager[Casebook]]


@pytest.fixture(scope="session")
def logged(filled: Filled) -> Iterator[Logged]:
    """Open a casebook of a kind that holds what a function logs; what a test adds is rolled back.

    The function is called once, however many tests ask for its casebook.
    """
    with ExitStack() as held:

        @cache
        def made(backend: str, log: Log) -> db.Database:
            def fill(target: str) -> None:
                with sessions.writing(db.connect(target), author=AUTHOR) as session:
                    log(Casebook(session))

            return held.enter_context(_held(filled(backend, fill)))

        @contextmanager
        def opened(backend: str, log: Log) -> Iterator[Casebook]:
            with _rolled_back(made(backend, log)) as session:
                yield Casebook(session)

        yield opened


def load_text(session: Session, text: str, file: Path) -> None:
    """Load a dossier, by way of a file that is written over."""
    file.write_text(text, encoding="utf-8")
    loading.load(session, [file])


Loaded = Callable[..., AbstractContextManager[Session]]
_LOADED = 24
"""How many loaded casebooks are kept: more than one module reads over and over."""


@pytest.fixture(scope="session")
def loaded(new_target: NewTarget, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Open a session on a casebook of a kind that holds a dossier: what a test adds is rolled back.

    The dossier is plain data. To load it takes longer than most of what is read from it, so each
    is loaded once, by an author, into a casebook of its own. At most two sessions may be open.
    """
    file = tmp_path_factory.mktemp("loaded") / "dossier.yaml"
    kept: dict[tuple[str, str, str], tuple[ExitStack, db.Database]] = {}

    def made(backend: str, text: str, author: str) -> db.Database:
        if len(kept) >= _LOADED:
            oldest, _ = kept.pop(next(iter(kept)))
            oldest.close()
        with ExitStack() as opened:
            database = opened.enter_context(_held(opened.enter_context(new_target(backend))))
            with sessions.writing(database, author=author) as session:
                load_text(session, text, file)
            kept[backend, text, author] = (opened.pop_all(), database)
        return database

    @contextmanager
    def open_loaded(
        backend: str, dossier: Mapping[str, Any], *, author: str = "coder"
    ) -> Iterator[Session]:
        text = json.dumps(dossier, default=str)  # JSON is YAML too, and ten times faster to write
        key = (backend, text, author)
        database = kept[key][1] if key in kept else made(*key)
        with sessions.writing(database, author=author, dry_run=True) as session:
            yield session

    yield open_loaded
    for opened, _ in kept.values():
        opened.close()


Typed = Callable[[Log], CommandLine]


@pytest.fixture
def typed(backend: str, new_target: NewTarget) -> Iterator[Typed]:
    """Sit down at a casebook of a test's own that holds what a function logs."""
    with ExitStack() as kept:

        def at(log: Log) -> CommandLine:
            target = kept.enter_context(new_target(backend))
            with sessions.writing(db.connect(target), author=AUTHOR) as session:
                log(Casebook(session))
            return CommandLine(target)

        yield at


@pytest.fixture(scope="session")
def program() -> Iterator[Path]:
    """A command `claimtrack` that takes no time to start: see `processes`."""
    with (
        tempfile.TemporaryDirectory(prefix="claimtrack-") as folder,
        forking_program(Path(folder)) as command,
    ):
        yield command


@contextmanager
def count_queries(session: Session) -> Iterator[list[str]]:
    """Collect the statements that a session sends."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def _no_leaked_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLAIMTRACK_DB", "CLAIMTRACK_AUTHOR", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
