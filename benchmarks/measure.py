"""Whole commands: one way to run them in turn, each with its time and its peak memory.

What runs them stays small itself: on Linux a child's peak is never below that of its parent.
"""

import math
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import outputs
from kept import Log, Record

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Job:
    """What is measured as one: commands that run one after another, and what comes out."""

    who: str
    commands: Sequence[Command]
    output: Path | None = None
    """Where the last command's stdout goes."""
    product: Path | None = None
    """The file or folder that the commands write themselves."""
    before: Sequence[Command] = ()
    """What is run before each run, and not counted."""
    fresh: Sequence[Path] = ()
    """What must not be there when a run begins."""
    rows: int | None = None
    """How many it takes in; else those that come out are counted."""
    aim: float | None = None
    """At most this: a ratio of ours to this peer, extra seconds, or times the other."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Jobs that run in turn, A B A B ..., under one title."""

    part: str
    size: int
    title: str
    jobs: Sequence[Job]
    runs: int
    warm: bool = True
    """Whether each runs once before, for the disk, not counted."""
    limited: bool = True
    """Whether a run is stopped when its time is over."""
    same: bool = False
    """Whether all must write the same rows, which is looked at before anything is timed."""


class Unequal(Exception):
    """A peer does not do the same work."""


@dataclass(slots=True)
class Bench:
    """Where the work is done, how often, and what is kept of it."""

    folder: Path
    log: Log
    runs: int
    timeout: float
    legend: dict[str, str] = field(default_factory=dict)
    """Texts too long to be shown as parts of commands, and what stands for them."""

    def measure(self, trial: Trial) -> list[Record]:
        """Run the jobs of a trial in turn, keep each run in the log, and return all of them."""
        records, left = [], list(trial.jobs)
        for turn in range(0 if trial.warm or trial.same else 1, trial.runs + 1):
            for job in tuple(left):
                say(f"{trial.size:>9,} {trial.title}: {job.who}, run {turn}/{trial.runs}")
                record = self._once(trial, job, turn)
                if record.trouble or turn > 0:
                    self.log.add(record)
                    records.append(record)
                if record.trouble:
                    left.remove(job)
            if turn == 0 and trial.same:
                _demand_same(trial, left)
        for job in trial.jobs:
            for path in (job.output, job.product):
                remove(path)
        return records

    def _once(self, trial: Trial, job: Job, turn: int) -> Record:
        ran = self._ran(job, self.timeout if trial.limited else math.inf)
        made = job.output or job.product
        counted = job.output if turn <= 1 and not ran.trouble else None
        rows = outputs.count_rows(counted) if counted else None
        return Record(
            session=self.log.session,
            part=trial.part,
            size=trial.size,
            title=trial.title,
            who=job.who,
            run=turn,
            seconds=ran.seconds,
            megabytes=ran.megabytes,
            rows=job.rows if rows is None else rows,
            bytes=outputs.size_of(made) if made and not ran.trouble else None,
            trouble=ran.trouble,
            aim=job.aim,
            commands=[shown(command, self.legend) for command in job.commands],
        )

    def _ran(self, job: Job, timeout: float) -> "Ran":
        """Run the commands of a job, until one of them has no figure."""
        for path in (*job.fresh, job.output, job.product):
            remove(path)
        for command in job.before:
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        taken, peak = 0.0, 0.0
        for command in job.commands:
            output = job.output if command is job.commands[-1] else None
            ran = run(command, self.folder, timeout - taken, output)
            taken, peak = taken + ran.seconds, max(peak, ran.megabytes)
            if ran.trouble:
                over = f"over {self.timeout:,.0f} s"
                return Ran(taken, peak, over if ran.trouble == OVER else ran.trouble)
        return Ran(taken, peak)


def _demand_same(trial: Trial, jobs: Sequence[Job]) -> None:
    written = {job.who: outputs.digest(job.output) for job in jobs if job.output}
    if len(set(written.values())) > 1:
        told = "; ".join(f"{who}: {rows} rows" for who, (rows, _) in written.items())
        raise Unequal(f"{trial.title}, {trial.size:,} entries: they write different rows ({told})")


# --- one command ----------------------------------------------------------------------------------

OVER = "over"
GRACE = 20
"""Seconds that a command has to clear up once its time is over."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command went."""

    seconds: float
    megabytes: float
    trouble: str = ""
    """Why there is no figure: over its time, not installed, or what it said as it failed."""


def run(command: Command, folder: Path, timeout: float, output: Path | None = None) -> Ran:
    """Run a command in a folder, and stop it when its time is over."""
    if not shutil.which(command[0]):
        return Ran(0, 0, "not installed")
    with (output or Path(os.devnull)).open("wb") as stdout, tempfile.TemporaryFile() as stderr:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )
        over = threading.Event()

        killer = threading.Timer(GRACE, process.kill)

        def stop() -> None:
            over.set()
            process.send_signal(signal.SIGINT)  # so that it clears its own files away
            killer.start()

        timer = threading.Timer(min(max(timeout, 0), threading.TIMEOUT_MAX), stop)
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        taken = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for already
        timer.cancel()
        killer.cancel()
        stderr.seek(0)
        said = stderr.read().decode(errors="replace").strip().splitlines()
    kilobytes = used.ru_maxrss / 1024 if sys.platform == "darwin" else used.ru_maxrss
    failed = f"failed: {said[-1] if said else process.returncode}" if process.returncode else ""
    return Ran(taken, kilobytes / 1024, OVER if over.is_set() else failed)


def shown(command: Command, legend: Mapping[str, str]) -> str:
    """Return a command as somebody would type it, long texts by what stands for them."""
    words = [Path(command[0]).name, *command[1:]]
    for long, short in legend.items():
        words = [word.replace(long, short) for word in words]
    return shlex.join(words)


def remove(path: Path | None) -> None:
    """Remove a file with what SQLite keeps beside it, or a folder, if it is there."""
    if path and path.is_dir():
        shutil.rmtree(path)
    elif path:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def say(line: str) -> None:
    """Tell whoever waits what is going on."""
    print(line, file=sys.stderr, flush=True)
