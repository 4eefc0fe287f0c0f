"""Disks, files and servers that fail: one sentence each, and nothing lost."""

import ctypes
import os
import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from torture.ground import Ended, Files, Ground, Process, Violation, do, head

NOBODY = 65534
_NEW_NAMESPACE = 0x00020000
FULL = "No space left|is full|refuses"


@dataclass(frozen=True)
class Bench:
    """A SQLite casebook to inject faults into, a copy for each, and a backup of it."""

    ground: Ground
    files: Files
    folder: Path
    source: str
    backup: str
    more: str
    head: str
    ways: int
    """How many of several commands are tried, picked by chance."""

    def some(self, lines: list[list[str]]) -> list[list[str]]:
        """Return as many of them as are to be tried."""
        return self.ground.chance.sample(lines, min(self.ways, len(lines)))

    def fresh(self, folder: Path | None = None) -> str:
        """Return a new copy of the casebook, in a folder of its own or in that one."""
        if folder is None:
            return self.files.new(like=self.source)
        return str(shutil.copyfile(self.source, folder / "casebook.db"))

    def inject(
        self,
        fault: str,
        args: list[str],
        code: int,
        says: str,
        before: Callable[[], object] | None = None,
    ) -> None:
        """Run a command into a fault: it must end with the code, and one sentence that says so."""
        ended = Process(args, before=before).ended()
        ended.refused(code)
        ended.must(re.search(says, ended.err) is not None, f"{fault}: no word of {says!r}")
        self.count(fault)

    def count(self, fault: str) -> None:
        """Count a fault that was injected."""
        self.ground.counts[f"fault {fault}"] += 1

    def unharmed(self, target: str) -> None:
        """See that a casebook stands as it did."""
        do(target, "log", "verify", "--expect-head", self.head)
        if head(target) != self.head:
            raise Violation(f"{target} has changed, and nobody was told so")

    def writing(self, target: str) -> list[list[str]]:
        """Return a line for each kind of command that writes to a casebook."""
        on = ["--db", target, "--author", "fault"]
        lines = [
            [*on, "load", self.more],
            [*on, "claim", "add", "More", "--actor", "base-speaker"],
            [*on, "claim", "edit", "base-0", "--summary", "Changed"],
            [*on, "revert", self.head_change()],
            [*on, "restore", self.backup, "--replace"],
        ]
        return self.some(lines)

    def head_change(self) -> str:
        """Return the last change of the casebook."""
        printed = do(self.source, "log", "--limit", "1", "--format", "csv")
        return printed.splitlines()[1].split(",")[3]

    def making(self, target: str, folder: Path) -> list[list[str]]:
        """Return a line for each kind of command that makes a file, here in some folder."""
        on = ["--db", target]
        lines = [
            [*on, "backup", str(folder / "kept.db")],
            [*on, "snapshot", "--at", "9999-12-31", str(folder / "then.db")],
            [*on, "copy", target, str(folder / "copy.db")],
            ["--db", str(folder / "new.db"), "init"],
            ["--db", str(folder / "new.db"), "restore", self.backup],
            [*on, "dump", "--output", str(folder / "dump.yaml")],
            [*on, "report", "contradictions", "--output", str(folder / "pairs.csv")],
            [*on, "log", "--output", str(folder / "log.txt")],
        ]
        return self.some(lines)


# --- disks that are full, and limits ------------------------------------------------------------


def can_mount() -> bool:
    """Whether this process can have disks of its own, which are gone when it is."""
    if os.geteuid() != 0 or not hasattr(ctypes.CDLL(None), "unshare"):
        return False
    if ctypes.CDLL(None).unshare(_NEW_NAMESPACE) != 0:
        return False
    return _ordered("mount", "--make-rprivate", "/")


def _ordered(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def small_disk(ground: Ground, kilobytes: int) -> Iterator[Path]:
    """Mount a disk of that size."""
    folder = Path(tempfile.mkdtemp(dir=ground.folder))
    if not _ordered("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)):
        raise Violation("a disk could be mounted before, and now cannot")
    try:
        yield folder
    finally:
        _ordered("umount", "--lazy", str(folder))


@contextmanager
def filled(folder: Path, *, spare: int = 0) -> Iterator[None]:
    """Fill a disk but for some bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(file.tell() - spare, 0))
    yield
    filler.unlink()


def judge(bench: Bench, fault: str, target: str, ended: Ended) -> None:
    """See that a command that had little room is done whole, or refused whole."""
    if ended.code == 0:
        do(target, "log", "verify")
        return
    ended.refused(1)
    ended.must(re.search(FULL, ended.err) is not None, f"{fault}: no word of {FULL!r}")
    bench.unharmed(target)
    bench.count(fault)


def full_disk(bench: Bench, rounds: int) -> None:
    """Let commands write to a disk that is full, or nearly."""
    chance = bench.ground.chance
    with small_disk(bench.ground, 2048) as folder:
        for _ in range(rounds):
            for line in bench.writing(target := str(folder / "casebook.db")):
                bench.fresh(folder)
                with filled(folder, spare=chance.choice((0, 4096, 40_960, 81_920))):
                    ended = Process(line).ended()
                judge(bench, "full disk", target, ended)
                for path in folder.iterdir():
                    path.unlink()
    with small_disk(bench.ground, 2048) as folder:
        do(bench.source, "backup", str(folder / "kept.db"))
        with filled(folder):
            for line in bench.making(bench.source, folder):
                bench.inject("full disk for what is made", line, 1, FULL)
        if os.listdir(folder) != ["kept.db"]:
            raise Violation(f"left on a full disk: {os.listdir(folder)}")
        bench.unharmed(str(folder / "kept.db"))


def full_output(bench: Bench) -> None:
    """Print to a device that is always full, where there is one."""
    if not Path("/dev/full").exists():
        bench.ground.counts["skipped"] += 1
        return

    def onto_full() -> None:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)

    for args in (["dump"], ["report", "contradictions"], ["log", "anchor"], ["claim", "list"]):
        line = ["--db", bench.source, *args]
        bench.inject("full disk for the output", line, 1, FULL, onto_full)


def file_limit(bench: Bench, rounds: int) -> None:
    """Let commands write under a limit to the size of files."""
    chance = bench.ground.chance
    for _ in range(rounds):
        target = bench.fresh()
        for line in bench.writing(target):
            shutil.copyfile(bench.source, target)
            most = chance.randrange(1, 200_000)
            ended = Process(line, before=partial(limit, most)).ended()
            judge(bench, "file size limit", target, ended)
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    for line in bench.making(bench.source, folder):
        most = chance.randrange(1, 500)
        ended = Process(line, before=partial(limit, most)).ended()
        if ended.code != 0:
            ended.refused(1)
            bench.count("file size limit")
            if os.listdir(folder):
                raise Violation(f"left under a limit: {os.listdir(folder)}\n  {ended.line}")


def limit(most: int) -> None:
    """Let this process write no file beyond some bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


# --- permissions and places -----------------------------------------------------------------------


def as_nobody() -> None:
    """Go on without the rights of root, whom no file refuses."""
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def read_only(bench: Bench) -> None:
    """Let commands write to a file, or into a folder, that may only be read."""
    for fault, mode, folder_mode in (
        ("read-only file", 0o444, 0o777),
        ("read-only folder", 0o666, 0o555),
    ):
        target = bench.fresh()
        Path(target).chmod(mode)
        Path(target).parent.chmod(folder_mode)
        for line in bench.writing(target):
            bench.inject(fault, line, 1, "permission|denied", as_nobody)
            bench.unharmed(target)
    folder = Path(bench.fresh()).parent
    Path(bench.source).chmod(0o644)
    folder.chmod(0o555)
    for line in bench.making(bench.source, folder):
        bench.inject("read-only folder", line, 1, "(?i)permission", as_nobody)
    if os.listdir(folder) != ["casebook.db"]:
        raise Violation(f"left in a read-only folder: {os.listdir(folder)}")


def vanished(bench: Bench) -> None:
    """Name a folder that has gone, or that goes while a command is at work."""
    target = bench.fresh()
    gone = Path(target).parent
    shutil.rmtree(gone)
    for line in [*bench.writing(target), *bench.making(bench.source, gone)]:
        bench.inject("vanished folder", line, 3, "there is no folder")
    target = bench.fresh()
    there, away = Path(target).parent, Path(f"{Path(target).parent}-away")
    process = Process(["--db", target, "load", bench.more])
    most = bench.ground.chance.randrange(5, 60)
    while process.statements < most and process.listen(1):
        continue
    there.rename(away)
    ended = process.ended()
    moved = str(away / "casebook.db")
    do(moved, "log", "verify", "--expect-head", bench.head)
    ended.must((ended.code == 0) == (head(moved) != bench.head), "not what was acknowledged")
    bench.count("vanished folder")
