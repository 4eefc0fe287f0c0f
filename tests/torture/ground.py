"""What the torture stands on: commands as processes, databases to spoil, and the count of it all.

A command runs in a process forked from this one, which has the program loaded: so a kill falls into
its work, and seldom into half a second of imports.
"""

import gc
import logging
import os
import pkgutil
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import configure_mappers

import claimtrack
import processes
from claimtrack import db
from claimtrack.cli import main

PATIENCE = 120
"""Seconds after which a command is said to hang."""
CODES = (0, 1, 2, 3, 4)


class Violation(Exception):
    """A promise that was not kept."""


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, None when it was killed, and what it printed."""

    line: str
    code: int | None
    out: str
    err: str

    def must(self, right: bool, what: str) -> None:
        """Raise a violation that shows the process, unless all is right."""
        if not right:
            raise Violation(f"{what}\n  {self.line}\n  exit code {self.code}\n{self.out}{self.err}")

    def refused(self, code: int, told: int = 0) -> None:
        """Ask for one sentence on stderr, that exit code, and nothing else.

        A command may first have told what it is about to do, in just so many lines.
        """
        self.must(self.code == code, f"exit code {code} was expected")
        lines = len(self.err.splitlines())
        self.must(lines in (1, told + 1) and not self.out, "one sentence was expected")


class Process:
    """A claimtrack command at work."""

    def __init__(self, args: Sequence[str], *, before: Callable[[], object] | None = None) -> None:
        self.line = "claimtrack " + " ".join(map(repr, args))
        self._printed = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - in ended
        self._beats, beating = os.pipe()
        sys.stdout.flush()
        self.begun = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            os._exit(self._work(args, before, beating))
        os.close(beating)
        self.statements = 0
        self.committing_at: float | None = None

    def _work(self, args: Sequence[str], before: Callable[[], object] | None, beating: int) -> int:
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        for number, file in enumerate(self._printed, 1):
            os.dup2(file.fileno(), number)
        os.set_blocking(beating, False)
        event.listen(Engine, "before_cursor_execute", lambda *_: os.write(beating, b"s"))
        event.listen(Engine, "commit", lambda *_: os.write(beating, b"c"))
        try:
            if before:
                before()
            return run(args)
        except BaseException:  # noqa: BLE001 - it must not go on as the process it came from
            traceback.print_exc()
            return 70

    def listen(self, seconds: float) -> bool:
        """Count what the process tells of its statements, for some time; whether it still runs."""
        if not select.select([self._beats], [], [], max(seconds, 0))[0]:
            return True
        told = os.read(self._beats, 1)
        self.statements += told == b"s"
        if told == b"c" and self.committing_at is None:
            self.committing_at = time.perf_counter()
        return told != b""

    def kill(self) -> None:
        """Kill it, as `kill -9` does."""
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> Ended:
        """Wait for the end."""
        late = self.begun + PATIENCE
        while self.listen(late - time.perf_counter()):
            if time.perf_counter() > late:
                self.kill()
                raise Violation(f"no end after {PATIENCE} seconds\n  {self.line}")
        status = os.waitpid(self.pid, 0)[1]
        os.close(self._beats)
        printed = []
        for file in self._printed:
            file.seek(0)
            printed.append(file.read().decode(errors="replace"))
            file.close()
        code = None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)
        found = Ended(self.line, code, *printed)
        found.must("Traceback" not in found.err, "a traceback")
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        found.must(killed or code in CODES, f"an end of no kind that is documented ({status})")
        return found


def run(args: Sequence[str]) -> int:
    """Run a command in this process, and return its exit code."""
    sys.argv = ["claimtrack", *args]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def do(target: str, *args: str, author: str = "torture") -> str:
    """Run a command that must go well, and return what it prints."""
    found = tried(target, *args, author=author)
    found.must(found.code == 0, "it had to go well")
    return found.out


def tried(target: str, *args: str, author: str = "torture") -> Ended:
    """Run a command to its end."""
    return Process(["--db", target, "--author", author, *args]).ended()


def head(target: str) -> str:
    """Return the anchor of a casebook."""
    return do(target, "log", "anchor").strip()


def rows(target: str, statement: str, **values: object) -> list[Any]:
    """Return what a database answers, past claimtrack."""
    with db.connect(target).engine.connect() as connection:
        return list(connection.execute(text(statement), values))


def load_program() -> None:
    """Import all of the program now, for the processes that are forked from this one."""
    for module in pkgutil.walk_packages(claimtrack.__path__, "claimtrack."):
        __import__(module.name)
    for name in _LATER:
        __import__(name)
    configure_mappers()
    gc.freeze()
    logging.disable()  # the server's starter has its own
    for name in [name for name in os.environ if name in _SETTINGS]:
        del os.environ[name]
    os.environ["COLUMNS"] = "1000"  # so that what is told stands in one line


_LATER = (
    "alembic.command", "alembic.config", "encodings.utf_8_sig", "getpass", "importlib.readers",
    "psycopg", "ruamel.yaml",
)  # fmt: skip
"""What the program imports only when it needs it, and one without rights could not."""
_SETTINGS = ("CLAIMTRACK_DB", "CLAIMTRACK_AUTHOR", "EDITOR", "VISUAL")


class Files:
    """SQLite casebooks in a folder."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def new(self, like: str | None = None) -> str:
        """Return the path of a new database: a copy of another, or nothing yet."""
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        path = folder / "casebook.db"
        if like:
            shutil.copyfile(like, path)
        return str(path)

    def open_to_all(self) -> None:
        """Let other users come as far as to the databases."""
        for folder in (self._folder, self._folder.parent):
            folder.chmod(0o755)

    def drop(self, target: str) -> None:
        """Remove a database, and all in its folder."""
        shutil.rmtree(Path(target).parent)


class Server:
    """PostgreSQL casebooks, on a server of their own that waits for its disk."""

    kind = "postgresql"

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the surroundings: running as root
            self._folder = tempfile.mkdtemp(prefix="claimtrack-pg-")  # short: it holds a socket
            self._server = processes.postgres(Path(self._folder))
        self.url: str = self._server.get_uri()
        self._count = 0

    def new(self, like: str | None = None) -> str:
        """Return the URL of a new database: a copy of another, or empty."""
        self._count += 1
        template = make_url(like).database if like else "template0"
        self.order(f"CREATE DATABASE c{self._count} TEMPLATE {template}")
        return self.url.replace("/postgres?", f"/c{self._count}?")

    def drop(self, target: str) -> None:
        """Remove a database."""
        self.order(f"DROP DATABASE {make_url(target).database} WITH (FORCE)")

    def order(self, statement: str) -> None:
        """Send a statement of an administrator."""
        with db.connect(self.url).engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text(statement))

    def kill(self) -> None:
        """Kill the server with all its processes, as a power failure would."""
        master = self._server.get_postmaster_info().process
        processes = [master, *master.children(recursive=True)]
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        for process in processes:
            process.wait(PATIENCE)

    def start(self) -> None:
        """Start it again; it recovers what was committed."""
        late = time.perf_counter() + PATIENCE
        while True:
            try:
                self._server.ensure_postgres_running()  # waits for some seconds only
                return
            except (subprocess.TimeoutExpired, AssertionError):
                if time.perf_counter() > late:
                    raise Violation("the server does not start again") from None
                time.sleep(0.5)

    def adopt(self, folder: Path) -> None:
        """Give a folder to the user that the server runs as."""
        if self._server.system_user:
            shutil.chown(folder, self._server.system_user)

    def close(self) -> None:
        """Stop the server, and remove its files."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


Place = Files | Server


@dataclass
class Ground:
    """Where it all takes place: a folder, a server, chance from a seed, and what was counted."""

    folder: Path
    server: Server
    chance: Random
    say: Callable[[str], None]
    entries: int
    """How many entries a dossier has that is loaded, and a casebook that is copied."""
    counts: Counter[str] = field(default_factory=Counter)

    def places(self) -> list[Place]:
        """Return both kinds of databases."""
        return [Files(Path(tempfile.mkdtemp(dir=self.folder))), self.server]
