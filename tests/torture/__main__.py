"""Torture casebooks, print the figures, and end with exit code 1 at the first broken promise.

A seed gives the same commands, faults and bad inputs each time, and the same drawn moments for the
kills; where in its work a process is at such a moment, the machine decides too.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from torture import damage, faults, servers
from torture.crashes import SCENES, crash
from torture.ground import Files, Ground, Server, Violation, do, head, load_program
from torture.hands import crowd
from torture.inputs import bad_inputs
from torture.material import casebook, written

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
MARK = "<!-- figures: make torture -->"


@dataclass(frozen=True)
class Size:
    """How much of everything: how often each command is killed, on how many databases ..."""

    kills: int
    kinds: int
    entries: int
    hands: int
    writes: int
    rounds: int
    pages: int
    ways: int
    inputs: int
    pooled: int


SIZES = {
    "small": Size(1, 1, 2, hands=4, writes=4, rounds=1, pages=1, ways=2, inputs=5, pooled=2),
    "full": Size(
        18, 2, 12, hands=8, writes=200, rounds=5, pages=12, ways=12, inputs=300, pooled=200
    ),
}


def torture(ground: Ground, size: Size, *, mounting: bool) -> None:
    """Do all of it."""
    inject(ground, size, mounting=mounting)
    bad_inputs(ground, size.inputs)
    crowd(ground, size.hands, size.writes)
    crash(ground, size.kills, kinds=size.kinds)


def inject(ground: Ground, size: Size, *, mounting: bool) -> None:
    """Inject every kind of fault; those that need a disk of their own only where there can be."""
    files = Files(Path(tempfile.mkdtemp(dir=ground.folder)))
    files.open_to_all()
    source, backup = casebook(files, ground.folder, "base", 4), str(ground.folder / "kept.db")
    do(source, "backup", backup)
    Path(backup).chmod(0o644)
    more = written(ground.folder / "more.yaml", "more", 20)
    bench = faults.Bench(
        ground, files, ground.folder, source, backup, more, head(source), size.ways
    )
    kinds: list[tuple[str, Callable[[], None]]] = [
        ("limits", lambda: faults.file_limit(bench, size.rounds)),
        ("outputs", lambda: faults.full_output(bench)),
        ("permissions", lambda: faults.read_only(bench)),
        ("folders", lambda: faults.vanished(bench)),
        ("damage", lambda: damage.damaged(bench, size.pages)),
        ("alterations", lambda: damage.altered(bench)),
        ("locks", lambda: servers.locked(bench)),
        ("servers", lambda: servers.server(bench, mounting=mounting)),
        ("poolers", lambda: servers.pooler(bench, size.pooled)),
    ]
    if mounting:
        kinds.append(("disks", lambda: faults.full_disk(bench, size.rounds)))
    else:
        ground.counts["skipped"] += 3
        ground.say("skipped: full disks of files and of the server, as nothing can be mounted here")
    for name, work in kinds:
        work()
        ground.say(f"faults told, and nothing lost: {name}")


# --- figures --------------------------------------------------------------------------------------


def figures(ground: Ground, given: argparse.Namespace, seconds: float) -> str:
    """Return what was done, as Markdown."""
    counts = ground.counts
    kills = {key: count for key, count in counts.items() if key.startswith("kill ")}
    shares = ", ".join(
        f"{counts[f'moment {how}']} {words}"
        for how, words in (("clock", "by the clock"), ("statement", "at a statement"),
                           ("commit", "at the commit"))
    )  # fmt: skip
    told = {key[6:]: count for key, count in sorted(counts.items()) if key.startswith("fault ")}
    lines = [
        f"Size {given.size}, seed {given.seed}, on {datetime.now(UTC).date()}: {os.cpu_count()} "
        f"cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}; "
        f"{seconds:,.0f} seconds.",
        "",
        f"**{sum(kills.values())} kills survived** ({shares}), the server killed in "
        f"{counts['server kills']} of them; {counts['writes']:,} revisions checked.",
        "",
        "| killed | SQLite | PostgreSQL |",
        "| --- | --- | --- |",
        *(
            f"| {scene.name} | {kills.get(f'kill {scene.name} sqlite', 0)} "
            f"| {kills.get(f'kill {scene.name} postgresql', 0)} |"
            for scene in SCENES
        ),
        "",
        "| many hands | additions | edits | conflicts | reads meanwhile | seconds |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_hands(counts, kind, name) for kind, name in (("sqlite", "SQLite"),
                                                        ("postgresql", "PostgreSQL"))),
        "",
        f"**{sum(told.values())} faults injected**, {counts['skipped']} kinds skipped; "
        f"**{counts['bad inputs']} bad inputs** refused.",
        "",
        "| fault | injected |",
        "| --- | --- |",
        *(f"| {fault} | {count} |" for fault, count in told.items()),
    ]  # fmt: skip
    return "\n".join(lines)


def _hands(counts: dict[str, int], kind: str, name: str) -> str:
    columns = ("additions", "edits", "conflicts", "reads", "seconds")
    cells = (str(counts.get(f"hands {kind} {column}", 0)) for column in columns)
    return f"| {name} | {' | '.join(cells)} |"


def in_memory() -> str | None:
    """Return a folder in memory, if there is room: a kill is the same there, and a sync is fast."""
    folder = Path("/dev/shm")  # noqa: S108 - what is made in it has names of its own
    roomy = folder.is_dir() and shutil.disk_usage(folder).free > 2**30
    return str(folder) if roomy and os.access(folder, os.W_OK) else None


def main() -> int:
    """Read the command line, and do it."""
    parser = argparse.ArgumentParser(prog="torture", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with")
    parser.add_argument("--size", choices=SIZES, default="full", help="how much of everything")
    parser.add_argument("--write", action="store_true", help="put the figures into the document")
    given = parser.parse_args()
    size = SIZES[given.size]
    load_program()
    if given.size == "small":
        tempfile.tempdir = in_memory()
    mounting, begun = faults.can_mount(), time.perf_counter()

    def say(line: str) -> None:
        print(f"{time.perf_counter() - begun:6.0f} s  {line}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="claimtrack-torture-") as name:
        server = Server()
        ground = Ground(Path(name), server, Random(given.seed), say, size.entries)
        try:
            torture(ground, size, mounting=mounting)
        except Violation as violation:
            print(f"{violation}\nagain: --size {given.size} --seed {given.seed}", file=sys.stderr)
            return 1
        finally:
            server.close()
    results = figures(ground, given, time.perf_counter() - begun)
    print(results)
    if given.write:
        about = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
        PAGE.write_text(f"{about}{MARK}\n\n{results}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
