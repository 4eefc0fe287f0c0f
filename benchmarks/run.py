"""Measure claimtrack beside its peers, and print the results as Markdown (see README.md)."""

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import parts
import postgres
import programs
import results
from kept import Log
from measure import Bench, Unequal, say

README = Path(__file__).parent / "README.md"
MARK = "<!-- results: python benchmarks/run.py --write -->"
PARTS = ("startup", *parts.AT_EACH_SIZE, "postgres")


def machine() -> dict[str, str]:
    """Return on what this is measured, and with which versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB",
        "system": platform.system(),
        "measured": _state_of_the_code(),
        "python": f"Python {platform.python_version()}",
        "sqlite": f"SQLite {sqlite3.sqlite_version}",
        "shell": _version_of("sqlite3 shell", "sqlite3"),
        "psql": _version_of("psql", "psql"),
        **{name: f"{name} {version(name)}" for name in ("sqlite-utils", "datasette")},
    }


def _version_of(name: str, program: str) -> str:
    try:
        said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        return f"no {name}"
    return next(word for word in said.stdout.split() if word[0].isdigit()).join((f"{name} ", ""))


def _state_of_the_code() -> str:
    """Return which commit is measured, and whether it was changed since."""
    asked = ("git", "-C", str(README.parent), "describe", "--always", "--dirty", "--abbrev=7")
    try:
        said = subprocess.run(asked, check=True, capture_output=True, text=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return f"claimtrack {version('claimtrack')}"
    return f"claimtrack {version('claimtrack')} at {said.stdout.strip()}"


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    sizes = [10_000, 100_000, 1_000_000]
    add("--sizes", type=int, nargs="+", default=sizes, help="entries of the casebooks")
    add("--runs", type=int, default=5, help="runs of each command; fewer where it says so")
    add("--timeout", type=float, default=600, help="seconds that one run may take")
    add("--only", nargs="+", choices=PARTS, default=PARTS, help="the parts to measure")
    add("--folder", type=Path, help="where casebooks are built, and stay for the next time")
    add("--log", type=Path, help="a file of JSON lines: keep what is measured, and what was")
    add("--postgres", metavar="URL", default=os.environ.get("CLAIMTRACK_BENCH_POSTGRES"))
    add("--write", action="store_true", help="put the results, all in the log, into README.md")
    add("--compose", action="store_true", help="measure nothing: tell what is in the log")
    return parser.parse_args()


def measure(bench: Bench, given: argparse.Namespace) -> None:
    """Measure the parts that are wanted, each at every size."""
    for name in (name for name in PARTS if name in given.only):
        if name == "startup":
            parts.startup(bench)
        elif name == "postgres":
            postgres.at_each_size(bench, given.sizes, given.postgres)
        else:
            for size in given.sizes:
                parts.AT_EACH_SIZE[name](bench, parts.Made(bench.folder, size))


def main() -> None:
    """Measure and print; into the README too if wanted."""
    given = parsed()
    log = Log(given.log, machine())
    if not given.compose:
        with ExitStack() as kept:
            folder = given.folder or Path(kept.enter_context(tempfile.TemporaryDirectory()))
            folder.mkdir(parents=True, exist_ok=True)
            legend = dict(programs.legend())
            try:
                measure(Bench(folder.resolve(), log, given.runs, given.timeout, legend), given)
            except Unequal as unequal:
                sys.exit(str(unequal))
            except KeyboardInterrupt:
                say("stopped: what had been measured is told")
    told = results.composed(log)
    print(told)
    if given.write:
        about = README.read_text(encoding="utf-8").partition(MARK)[0]
        README.write_text(f"{about}{MARK}\n\n{told}\n", encoding="utf-8")
    if any(record.trouble.startswith("failed") for record in log.latest()):
        sys.exit("something failed: see the results")


if __name__ == "__main__":
    main()
