"""Many processes at one casebook: all that was acknowledged is there, and nobody saw an error."""

import json
import os
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from torture.ground import Ground, Place, Violation, do, head, rows, run
from torture.material import casebook

CONFLICT = 4


@dataclass(frozen=True)
class Hand:
    """One of many at the same casebook, which notes how each of its commands ended."""

    target: str
    number: int
    folder: Path

    @property
    def notes(self) -> Path:
        """Return where it notes what it did: a line for each write, its text and its exit code."""
        return self.folder / f"hand-{self.number}.jsonl"

    def write(self, writes: int) -> None:
        """Add claims, edit the one topic, and load changes of it that are based on a version."""
        with self.notes.open("w", encoding="utf-8") as notes:
            for at in range(writes):
                said = f"hand {self.number} write {at}"
                kind = ("add", "edit", "add", "based")[at % 4]
                code = getattr(self, f"_{kind}")(said)
                notes.write(json.dumps([kind, said, code]) + "\n")
                notes.flush()

    def read(self) -> None:
        """Verify the casebook again and again: each time it is one state that is whole."""
        with self.notes.open("w", encoding="utf-8") as notes:
            while not (self.folder / "done").exists():
                code = self._run("log", "verify")
                notes.write(json.dumps(["read", "", code]) + "\n")
                notes.flush()

    def _run(self, *args: str) -> int:
        return run(["--db", self.target, "--author", f"hand {self.number}", *args])

    def _add(self, said: str) -> int:
        return self._run("claim", "add", said, "--actor", "base-speaker")

    def _edit(self, said: str) -> int:
        return self._run("topic", "edit", "base-t", "--name", said)

    def _based(self, said: str) -> int:
        base = rows(self.target, "SELECT max(seq) FROM revision")[0][0]
        path = self.folder / f"hand-{self.number}.yaml"
        topic = {"ref": "base-t", "name": said}
        path.write_text(json.dumps({"claimtrack": 1, "topics": [topic]}), encoding="utf-8")
        return self._run("load", str(path), "--base", str(base))


def started(work: Callable[[], None], printed: Path) -> int:
    """Start a process that does some work, and return its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        with printed.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - it must not go on as the process it came from
        traceback.print_exc()
    finally:
        os._exit(code)


def crowd(ground: Ground, hands: int, writes: int) -> None:
    """Let many write at once on both databases, while one reads."""
    for place in ground.places():
        folder = Path(tempfile.mkdtemp(dir=ground.folder))
        _all_begin_at_once(place, folder, hands)
        target = casebook(place, folder, "base", 1)
        before = head(target)
        many = [Hand(target, number, folder) for number in range(hands)]
        reader = Hand(target, hands, folder)
        begun = time.perf_counter()
        reading = started(reader.read, folder / "read")
        pids = [
            started(partial(hand.write, writes), folder / f"printed-{hand.number}") for hand in many
        ]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
        seconds = time.perf_counter() - begun
        (folder / "done").touch()
        os.waitpid(reading, 0)
        if any(codes):
            raise Violation(f"hands ended with {codes}: {_printed(folder)}")
        notes = [note for hand in [*many, reader] for note in _notes(hand)]
        _judge(notes, folder)
        _all_there(target, before, notes)
        _count(ground, place, notes, seconds)


def _all_begin_at_once(place: Place, folder: Path, hands: int) -> None:
    """Make one new casebook from many processes at once."""
    target = place.new()
    pids = [
        started(lambda: os._exit(run(["--db", target, "init"])), folder / f"init-{number}")
        for number in range(hands)
    ]
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    if any(codes):
        said = [path.read_text() for path in sorted(folder.glob("init-*"))]
        raise Violation(f"{hands} times init at once on {place.kind}: {codes} {said}")
    do(target, "log", "verify")


def _notes(hand: Hand) -> list[Any]:
    return [json.loads(line) for line in hand.notes.read_text(encoding="utf-8").splitlines()]


def _printed(folder: Path) -> str:
    return "\n".join(path.read_text()[-2000:] for path in sorted(folder.glob("printed-*")))


def _judge(notes: list[Any], folder: Path) -> None:
    """See that every command went well, or met a newer version of the record that it changed."""
    for kind, said, code in notes:
        if code != 0 and not (kind == "based" and code == CONFLICT):
            raise Violation(f"{kind} {said!r} ended with exit code {code}\n{_printed(folder)}")


def _all_there(target: str, before: str, notes: list[Any]) -> None:
    do(target, "log", "verify", "--expect-head", before)
    begun = int(before.split()[1])
    query = 'SELECT table_name, "after" FROM revision WHERE seq > :begun'
    there = Counter(
        (table, json.loads(after)["summary" if table == "entry" else "name"])
        for table, after in rows(target, query, begun=begun)
    )
    written = Counter(
        ("entry" if kind == "add" else "topic", said)
        for kind, said, code in notes
        if kind != "read" and code == 0
    )
    if there != written:
        raise Violation(f"lost: {written - there}; never acknowledged: {there - written}")


def _count(ground: Ground, place: Place, notes: list[Any], seconds: float) -> None:
    ended = Counter((kind, code) for kind, _, code in notes)
    conflicts = ended["based", CONFLICT]
    counts = {
        "additions": ended["add", 0],
        "edits": ended["edit", 0] + ended["based", 0],
        "conflicts": conflicts,
        "reads": ended["read", 0],
        "seconds": round(seconds),
    }
    for name, count in counts.items():
        ground.counts[f"hands {place.kind} {name}"] = count
    ground.counts["writes"] += counts["additions"] + counts["edits"]
    ground.say(f"many hands on {place.kind}: {counts}")
