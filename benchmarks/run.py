"""Measure claimtrack beside its peers, and print the results as Markdown.

Commands are timed in turn, A B A B ..., so that whatever else the machine does falls on both; what
is compared are medians. Memory is the peak of a process of its own for each size.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

README = Path(__file__).parent / "README.md"
MARK = "<!-- results: python benchmarks/run.py --write -->"
PROGRAMS = Path(sys.executable).parent

# --- whole commands, side by side ---------------------------------------------------------------


def seconds(command: list[str], folder: Path) -> float:
    """Return how long one run of a command takes."""
    begun = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begun


def compare(title: str, ours: list[str], theirs: list[str], runs: int, folder: Path) -> str:
    """Return a row of a table: two commands run in turn, their medians and the ratio of those."""
    for command in (ours, theirs):
        seconds(command, folder)  # once for the disk, not counted
    pairs = [(seconds(ours, folder), seconds(theirs, folder)) for _ in range(runs)]
    mine, other = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratios = sorted(a / b for a, b in pairs)
    return (
        f"| {title} | {mine * 1000:.0f} ms | {other * 1000:.0f} ms | {mine / other:.2f} "
        f"| {ratios[0]:.2f} to {ratios[-1]:.2f} |"
    )


def commands(runs: int) -> list[str]:
    """Time starting up, and the contradictions of the dataset."""
    claimtrack = str(PROGRAMS / "claimtrack")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([claimtrack, "demo"], cwd=folder, check=True, capture_output=True)
        return [
            f"| {runs} runs each, in turn | claimtrack | peer | ratio of medians | ratios |",
            "| --- | --- | --- | --- | --- |",
            compare(
                "`claimtrack --help`, peer `sqlite-utils --help`",
                [claimtrack, "--help"],
                [str(PROGRAMS / "sqlite-utils"), "--help"],
                runs,
                folder,
            ),
            compare(
                '`claimtrack report contradictions`, peer `python -c "import sqlalchemy.orm"`',
                [claimtrack, "report", "contradictions"],
                [sys.executable, "-c", "import sqlalchemy.orm"],
                runs,
                folder,
            ),
        ]


# --- streaming ----------------------------------------------------------------------------------


def fill(path: Path, entries: int) -> None:
    """Make a casebook of claims and statements, two stances each: five pairs for each entry.

    Rows are written past the log, which would take longer than what is to be measured.
    """
    from sqlalchemy import insert

    from claimtrack import db, models

    chance = random.Random(entries)
    database = db.connect(str(path))
    db.init(database)
    propositions = max(entries // 5, 1)
    rows: dict[type[models.Base], list[dict[str, Any]]] = {
        models.Actor: [_actor(at) for at in range(1, 101)],
        models.Topic: [{"id": 1, "ref": "topic", "name": "Topic", "exclusive": False}],
        models.Proposition: [
            {"id": at, "ref": f"p-{at}", "text": f"Proposition {at}", "topic_id": 1}
            for at in range(1, propositions + 1)
        ],
        models.Entry: [_entry(at, chance) for at in range(1, entries + 1)],
        models.Stance: list(_stances(entries, propositions)),
    }
    with database.engine.begin() as connection:
        for model, values in rows.items():
            connection.execute(insert(model), values)


def _actor(at: int) -> dict[str, Any]:
    return {
        "id": at,
        "ref": f"actor-{at}",
        "name": f"Actor {at}",
        "kind": "person",
        "aliases": [],
        "protected": False,
    }


def _entry(at: int, chance: random.Random) -> dict[str, Any]:
    day = date(2024, 1, 1) + timedelta(days=chance.randrange(730))
    return {
        "id": at,
        "ref": f"C-{at}" if at % 2 else f"S-{at}",
        "kind": "claim" if at % 2 else "statement",
        "actor_id": chance.randrange(1, 101),
        "summary": f"What entry {at} says about the matter, in a dozen words or so",
        "date_from": day,
        "date_to": day,
        "precision": "day",
    }


def _stances(entries: int, propositions: int) -> Iterator[dict[str, Any]]:
    """Yield two stances of each entry; no two entries meet on more than one proposition."""
    for at in range(1, entries + 1):
        claim = at % 2 == 1
        for step in (0, propositions // (2 if claim else 3)):
            yield {
                "entry_id": at,
                "proposition_id": ((at - 1) // 2 + step) % propositions + 1,
                "asserted_by_id": 1,
                "value": 2 if claim else -2,
                "basis": "explicit",
            }


def stream(path: Path) -> None:
    """Go through all pairs once, keeping none, and print how many, how long and the peak memory."""
    from claimtrack import db
    from claimtrack.reports.contradictions import contradictions

    begun = time.perf_counter()
    with db.reading(db.connect(str(path))) as session:
        pairs = sum(1 for _ in contradictions(session))
    _print_cost(begun, pairs=pairs)


def streaming(entries: int) -> list[str]:
    """Measure the contradictions report on a small and on a large casebook."""
    lines = [
        "| entries | stances | pairs | time | pairs a second | peak memory |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as name:
        for size in (entries // 4, entries):
            path = str(Path(name) / f"{size}.db")
            # Each in a process of its own: the peak of a parent would count as its child's.
            _run_self("--fill", path, "--entries", str(size))
            found = json.loads(_run_self("--stream", path))
            rate = found["pairs"] / found["seconds"]
            lines.append(
                f"| {size:,} | {2 * size:,} | {found['pairs']:,} | {found['seconds']:.1f} s "
                f"| {rate:,.0f} | {found['megabytes']:.0f} MB |"
            )
    return lines


# --- the log --------------------------------------------------------------------------------------


def build(path: Path, entries: int) -> None:
    """Make a casebook with its whole log."""
    import synthetic

    from claimtrack import db
    from claimtrack.exchange.tablefiles import files_in
    from claimtrack.exchange.tables import read_tables

    database = db.connect(str(path))
    db.init(database)
    with tempfile.TemporaryDirectory() as name, db.writing(database, author="coder") as session:
        synthetic.write(Path(name), entries)
        read_tables(session, files_in(Path(name)))


def verify(path: Path) -> None:
    """Prove the log once, and print how many revisions it has, how long and the peak memory."""
    from claimtrack import db, history, replay

    begun = time.perf_counter()
    with db.reading(db.connect(str(path))) as session:
        if any(replay.verify(session)):
            sys.exit("the log does not account for the casebook")
        revisions = history.anchor(session).seq
    _print_cost(begun, revisions=revisions)


def read_and_hash(path: Path) -> None:
    """Read the same rows in bare Python, and hash what is in them: two hashes of a revision."""
    begun = time.perf_counter()
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM revision ORDER BY seq")
        for row in rows:
            for part in (row[:8], row[8:]):
                hashlib.sha256("".join(map(str, part)).encode()).hexdigest()
        for table in _TABLES:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - ours
                hashlib.sha256("".join(map(str, row)).encode()).hexdigest()
    _print_cost(begun)


_TABLES = (
    *("actor", "document", "topic", "entry", "proposition"),
    *("participation", "citation", "stance", "link", "grade"),
)


def _print_cost(begun: float, **more: int) -> None:
    taken = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kilobytes = peak / 1024 if sys.platform == "darwin" else peak
    print(json.dumps({"seconds": taken, "megabytes": kilobytes / 1024, **more}))


def proof(runs: int, entries: int) -> list[str]:
    """Measure `log verify` on a small and on a large casebook, in turn with bare Python."""
    lines = [
        f"| `log verify`, {runs} runs | revisions | claimtrack | bare Python | ratio of medians "
        "| peak memory |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as name:
        for size in (entries // 4, entries):
            path = str(Path(name) / f"{size}.db")
            _run_self("--build", path, "--entries", str(size))
            pairs = [
                tuple(json.loads(_run_self(how, path)) for how in ("--verify", "--hash"))
                for _ in range(runs)
            ]
            ours, bare = (
                statistics.median(one["seconds"] for one in found)
                for found in zip(*pairs, strict=True)
            )
            peak = max(one["megabytes"] for one, _ in pairs)
            lines.append(
                f"| {size:,} entries | {pairs[0][0]['revisions']:,} | {ours:.2f} s | {bare:.2f} s "
                f"| {ours / bare:.2f} | {peak:.0f} MB |"
            )
    return lines


def _run_self(*arguments: str) -> bytes:
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


# --- the whole ----------------------------------------------------------------------------------


def machine() -> str:
    """Return where and when this was measured."""
    return (
        f"Measured on {datetime.now(UTC).date()}, {os.cpu_count()} cores ({platform.machine()}), "
        f"{platform.system()}, Python {platform.python_version()}."
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="runs of each command")
    parser.add_argument("--entries", type=int, default=20_000, help="size of the larger casebook")
    parser.add_argument("--write", action="store_true", help="put the results into README.md")
    parser.add_argument("--fill", type=Path, help=argparse.SUPPRESS)
    for inner in ("--stream", "--build", "--verify", "--hash"):
        parser.add_argument(inner, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.fill:
        fill(given.fill, given.entries)
    elif given.stream:
        stream(given.stream)
    elif given.build:
        build(given.build, given.entries)
    elif given.verify:
        verify(given.verify)
    elif given.hash:
        read_and_hash(given.hash)
    else:
        report(given.runs, given.entries, write=given.write)


def report(runs: int, entries: int, *, write: bool) -> None:
    """Measure everything and print it; into the README too if wanted."""
    parts = [[machine()], commands(runs), streaming(entries), proof(max(3, runs // 3), entries)]
    results = "\n\n".join("\n".join(part) for part in parts)
    print(results)
    if write:
        about = README.read_text(encoding="utf-8").partition(MARK)[0]
        README.write_text(f"{about}{MARK}\n\n{results}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
