"""A database that is absent, damaged, somebody else's or forbidden: what the user reads."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from claimtrack import db
from claimtrack.cli.options import Target
from cli.own_process import run_process
from commandline import CommandLine


def _fails(target: Path | str, *line: str) -> tuple[int, str, str]:
    answer = CommandLine(str(target)).run(*line)
    return answer.code, answer.stdout, answer.stderr.removesuffix("\n")


def test_a_database_that_is_absent_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert _fails(path, "claim", "list") == (
        3,
        "",
        f"there is no database {path}: run 'claimtrack init', or choose another with --db",
    )
    assert not path.exists()


@pytest.mark.parametrize("line", [("init",), ("claim", "list")])
def test_a_database_in_a_missing_folder(tmp_path: Path, line: tuple[str, ...]) -> None:
    path = tmp_path / "missing" / "claimtrack.db"
    assert _fails(path, *line) == (
        3,
        "",
        f"there is no folder {path.parent}: create it first, or choose another path",
    )


def test_a_database_that_is_a_folder(tmp_path: Path) -> None:
    assert _fails(tmp_path, "claim", "list") == (
        3,
        "",
        f"{tmp_path} is a folder: name a file, such as {tmp_path / 'claimtrack.db'}",
    )


@pytest.mark.parametrize("line", [("init",), ("claim", "list"), ("demo",)])
def test_a_file_that_is_no_database(tmp_path: Path, line: tuple[str, ...]) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 1000)
    assert _fails(path, *line) == (
        3,
        "",
        f"{path} is not a claimtrack database: it is another kind of file, or damaged at its head "
        "('claimtrack restore FILE --replace' restores your last backup)",
    )
    assert path.read_text() == "Dear reader, " * 1000


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        pytest.param(
            ("init",), 4, "holds something else: choose another database with --db", id="init"
        ),
        pytest.param(
            ("demo",), 4, "holds something else: choose another database with --db", id="demo"
        ),
        pytest.param(
            ("claim", "list"),
            3,
            "is not a claimtrack database, but holds something else: choose another with --db",
            id="any other",
        ),
    ],
)
def test_a_database_of_another_program(
    tmp_path: Path, line: tuple[str, ...], code: int, said: str
) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE x (y)")
    other.close()
    assert _fails(path, *line) == (code, "", f"{path} {said}")


def test_an_empty_file_is_no_casebook_yet(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert _fails(path, "claim", "list") == (
        3,
        "",
        f"{path} is not a claimtrack database: run 'claimtrack init' to create one; if it held "
        "one, "
        "'claimtrack restore FILE --replace' restores your last backup",
    )


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_database_cut_short_is_said_to_be_damaged(paths: CommandLine, kept: float) -> None:
    path = Path(paths.target)
    os.truncate(path, int(path.stat().st_size * kept))
    assert _fails(path, "claim", "list") == (
        1,
        "",
        f"{path} is damaged: 'claimtrack restore FILE --replace' restores your last backup",
    )


def test_a_value_that_nothing_can_read_is_damage_and_any_other_error_a_bug(
    paths: CommandLine,
) -> None:
    paths.does("actor", "add", "A", "--kind", "person", "--ref", "a")
    with pytest.raises(ValueError, match="a bug"), Target(paths.target, "a").reading():
        raise ValueError("a bug")
    with sqlite3.connect(paths.target) as file:
        file.execute("UPDATE actor SET aliases = '[\"cut off'")
    file.close()
    fault = "actor a: aliases holds text, and should hold a list of texts"
    said = f"{paths.target} has been changed by something other than claimtrack: {fault} ("
    for line in (("actor", "list"), ("backup", f"{paths.target}.kept"), ("actor", "show", "a")):
        code, stdout, stderr = _fails(paths.target, *line)
        assert (code, stdout, stderr.startswith(said)) == (1, "", True), stderr
    assert paths.run("log", "verify").code == 1


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Go on without the rights of root, whom no file refuses."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def lent() -> Iterator[Path]:
    """A folder that everybody may enter, and nobody but its owner may write to."""
    folder = Path("/tmp") / f"claimtrack-test-{os.getpid()}"  # noqa: S108 - pytest's are private
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_database_without_permission(lent: Path) -> None:
    path = lent / "claimtrack.db"
    CommandLine(str(path)).does("init")
    CommandLine(str(path)).does("claim", "list")
    path.chmod(0o000)
    with _as_nobody():
        answer = _fails(path, "claim", "list")
    assert answer == (1, "", f"{path} cannot be opened: you lack the permission")


def test_a_database_that_may_only_be_read(lent: Path) -> None:
    path = lent / "claimtrack.db"
    CommandLine(str(path)).does("init")
    CommandLine(str(path)).does("topic", "add", "First")
    path.chmod(0o444)
    with _as_nobody():
        listed = CommandLine(str(path)).run("topic", "list", "--format", "csv")
        refused = _fails(path, "topic", "add", "Talks")
    assert (listed.code, refused) == (
        0,
        (1, "", f"{path} cannot be written: you lack the permission"),
    )


def test_a_new_database_without_permission(lent: Path) -> None:
    path = lent / "new.db"
    with _as_nobody():
        answer = _fails(path, "init")
    assert answer == (1, "", f"{path} cannot be created: Permission denied")


def test_a_server_that_does_not_answer() -> None:
    url = "postgresql://reader:secret@127.0.0.1:1/casebook"
    code, stdout, stderr = _fails(url, "claim", "list")
    assert (code, stdout, stderr) == (
        1,
        "",
        "cannot use postgresql://reader:***@127.0.0.1:1/casebook: "
        "no PostgreSQL server answers there: is it running, and is the port right?",
    )


def test_a_database_that_the_server_does_not_have(postgres_url: str) -> None:
    code, stdout, stderr = _fails(postgres_url.replace("/postgres?", "/none?"), "claim", "list")
    assert (code, stdout) == (3, "")
    assert stderr.endswith(" on the server: create it first")


def _lets_in(url: str) -> bool:
    try:
        db.connect(url).engine.connect().close()
    except OperationalError:
        return False
    return True


@pytest.fixture
def with_password(postgres_url: str) -> Iterator[str]:
    """The address of the server for a user whom it asks for a password."""
    engine = db.connect(postgres_url).engine
    with engine.connect() as connection:
        run = connection.execution_options(isolation_level="AUTOCOMMIT").execute
        rules = Path(str(run(text("SHOW hba_file")).scalar()))
        before = rules.read_text()
        rules.write_text(f"local all guarded scram-sha-256\n{before}")
        run(text("CREATE ROLE guarded LOGIN PASSWORD 'right'"))
        run(text("SELECT pg_reload_conf()"))
        url = postgres_url.replace("postgres:@", "guarded:wrong@")
        deadline = monotonic() + 10
        while _lets_in(url):
            assert monotonic() < deadline, "the server does not follow its new rules"
            sleep(0.01)
        yield url
        run(text("DROP ROLE guarded"))
        rules.write_text(before)
        run(text("SELECT pg_reload_conf()"))


def test_a_wrong_password(with_password: str) -> None:
    code, stdout, stderr = _fails(with_password, "claim", "list")
    assert (code, stdout) == (1, "")
    assert stderr.endswith(": the user or the password is wrong")
    assert "wrong@" not in stderr


@pytest.mark.parametrize(
    ("target", "shown", "needed"),
    [
        pytest.param(
            "mysql://me@here/casebook",
            "mysql://...",
            "a path (SQLite), or a URL that begins with postgresql://",
            id="another kind of server",
        ),
        pytest.param(
            "postgresql://[::1/casebook",
            "postgresql://...",
            "postgresql://USER:PASSWORD@HOST:PORT/NAME, where signs such as @ / ? # in a user or "
            "a password are written %40 %2F %3F %23",
            id="an address that cannot be read",
        ),
    ],
)
def test_an_address_of_no_database(target: str, shown: str, needed: str) -> None:
    sentence = f"database '{shown}' is not valid: expected {needed}"
    assert _fails(target, "claim", "list") == (2, "", sentence)


def test_a_driver_that_is_not_installed() -> None:
    line = ("--db", "postgresql://me@127.0.0.1/casebook", "topic", "list")
    hidden = "import sys; sys.modules['psycopg'] = None"
    assert run_process(*line, stdout=subprocess.DEVNULL, first=hidden) == (
        1,
        "PostgreSQL needs the psycopg driver: run pip install 'claimtrack[postgres]'\n",
    )


@pytest.mark.parametrize("name", ["x" * 300, f"{'x' * 300}/y"])
def test_names_that_no_disk_takes(paths: CommandLine, name: str) -> None:
    assert paths.refuses("claim", "list", "--output", name)[0] == 1
    assert _fails(name, "claim", "list")[:2] == (1, "")
    assert _fails(name, "init")[:2] == (1, "")
    assert paths.refuses("load", name)[0] == 1
