"""Databases that are in use, and servers that are down, full or only read."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimtrack.db import connections
from pg_servers import pooled
from torture.faults import Bench, filled, small_disk
from torture.ground import PATIENCE, Process, do, head
from torture.material import casebook, written

IN_USE = "is in use by another command"
HOLD = """
import sys
from claimtrack import db
from claimtrack.db import sessions
with sessions.writing(db.connect(sys.argv[1]), author="other"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(target: str) -> Iterator[None]:
    """Let another process hold the writers' lock of a casebook."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        yield
        other.communicate(timeout=PATIENCE)


def hurry() -> None:
    """Wait for others no longer than a moment."""
    vars(connections)["BUSY_SECONDS"] = 0.1


def locked(bench: Bench) -> None:
    """Write to a file that another program keeps to itself; reading goes on."""
    target = bench.fresh()
    with held(target):
        for line in bench.writing(target):
            bench.inject("locked file", line, 1, IN_USE, hurry)
        bench.unharmed(target)
    bench.unharmed(target)


def server(bench: Bench, *, mounting: bool) -> None:
    """Meet a server that is held up, only reads, has a full disk, or is down."""
    place = bench.ground.server
    target = casebook(place, bench.folder, "base", 1)
    before = head(target)
    with held(target):
        line = ["--db", target, "topic", "add", "More"]
        bench.inject("locked server", line, 1, IN_USE, hurry)
    reading = f"{target}&options=-cdefault_transaction_read_only%3Don"
    line = ["--db", reading, "topic", "add", "More"]
    bench.inject("server that only reads", line, 1, "allows only reading")
    if mounting:
        _full(bench)
    place.kill()
    try:
        for args in (["topic", "add", "More"], ["claim", "list"], ["init"], ["dump"]):
            bench.inject("server down", ["--db", target, *args], 1, "no PostgreSQL server answers")
    finally:
        place.start()
    do(target, "log", "verify", "--expect-head", before)


HIDDEN = "Canary"
AT_ONCE = 4
"""Commands that share the two connections of a pooler."""


def pooler(bench: Bench, runs: int) -> None:
    """Read a casebook that keeps a secret through a pooler, in both modes, while others write."""
    place = bench.ground.server
    target = casebook(place, bench.folder, "pooled", 6)
    do(target, "actor", "add", HIDDEN, "--ref", HIDDEN.lower(), "--kind", "person", "--protected")
    do(target, "statement", "add", "It spoke", "--actor", HIDDEN.lower(), "--date", "2024-01-26")
    reading = (["dump"], ["actor", "list"], ["report", "positions"], ["search", "spoke"], ["log"])
    for mode in ("transaction", "session"):
        with pooled(target, mode) as pool:
            for first in range(0, runs, AT_ONCE):
                lines = [bench.ground.chance.choice(reading) for _ in range(AT_ONCE)]
                lines.append(["topic", "add", "T", "--ref", f"{mode}-{first}"])
                for one in [Process(["--db", pool, *line]) for line in lines]:
                    ended = one.ended()
                    ended.must(ended.code == 0, "a pooler is no reason to fail")
                    shown = (ended.out + ended.err).lower()
                    ended.must(HIDDEN.lower() not in shown, "a protected source is named")
                    bench.count(f"pooler in {mode} mode")
            do(pool, "log", "verify", "--expect-head", head(target))


def _full(bench: Bench) -> None:
    """Load into a database on a disk that is full, and once more when it is not."""
    place = bench.ground.server
    with small_disk(bench.ground, 24_000) as disk:
        for folder in (disk, *disk.parents):
            if folder != Path("/"):
                folder.chmod(folder.stat().st_mode | 0o011)
        place.adopt(disk)
        place.order(f"CREATE TABLESPACE small LOCATION '{disk}'")
        place.order("CREATE DATABASE small TEMPLATE template0 TABLESPACE small")
        target = place.url.replace("/postgres?", "/small?")
        try:
            _fill(bench, disk, target)
        finally:
            place.order("DROP DATABASE small WITH (FORCE)")
            place.order("DROP TABLESPACE small")


def _fill(bench: Bench, disk: Path, target: str) -> None:
    do(target, "init")
    stood = head(target)
    line = ["--db", target, "load", written(bench.folder / "fill.yaml", "fill", 60)]
    with filled(disk, spare=bench.ground.chance.randrange(40_000)):
        bench.inject("full disk of the server", line, 1, "No space left")
        do(target, "log", "verify", "--expect-head", stood)
    do(target, "load", line[-1])
