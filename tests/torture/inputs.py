"""Dossiers and command lines that are wrong: told in a sentence, and nothing is written."""

import json
import tempfile
from pathlib import Path
from random import Random

from generated import NASTY
from torture.ground import Files, Ground, Process, do, head
from torture.material import casebook, dossier

WORDS = (
    "init", "load", "dump", "search", "show", "check", "revert", "history", "status", "actor",
    "document", "topic", "proposition", "claim", "statement", "action", "window", "stance", "link",
    "citation", "grade", "log", "report", "schema", "add", "list", "edit", "remove", "set", "merge",
    "resolve", "verify", "anchor", "contradictions", "claims", "positions", "coverage", "windows",
    "--ref", "--actor", "--date", "--kind", "--value", "--limit", "--format", "--at", "--since",
    "--period", "--topic", "--dry-run", "--parent", "--sort", "--", "-", "--edit", "csv", "base-t",
    "base-0", "base-speaker", "-2", "7", "2024-02-30", "contradicts", "true", "",
)  # fmt: skip


def spoil(text: str, chance: Random) -> bytes:
    """Return a dossier with a few things wrong."""
    spoilt = bytearray(text.encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(spoilt))
        to = min(at + chance.randint(1, 40), len(spoilt))
        how = chance.randrange(4)
        if how == 0:
            spoilt[at] = chance.randrange(256)
        elif how == 1:
            del spoilt[at:to]
        elif how == 2:
            spoilt[at:at] = chance.choice(NASTY).encode()
        else:
            spoilt[at:at] = spoilt[at:to]
    return bytes(spoilt)


def bad_inputs(ground: Ground, count: int) -> None:
    """Try as many dossiers, and as many command lines."""
    folder = Path(tempfile.mkdtemp(dir=ground.folder))
    target = casebook(Files(folder), folder, "base", 2)
    whole, path = json.dumps(dossier("new", 2), indent=1), folder / "spoilt.yaml"
    for _ in range(count):
        path.write_bytes(spoil(whole, ground.chance))
        _try(ground, target, ["load", str(path)])
        length = ground.chance.randint(1, 6)
        words = [ground.chance.choice((ground.chance.choice(WORDS), ground.chance.choice(NASTY)))
                 for _ in range(length)]  # fmt: skip
        _try(ground, target, [ground.chance.choice(WORDS), *words])
    do(target, "log", "verify")
    ground.say(f"{ground.counts['bad inputs']} bad inputs refused")


def _try(ground: Ground, target: str, args: list[str]) -> None:
    """Run a command: when it fails it has said why, and written nothing."""
    if any("\0" in word for word in args):
        return
    before = head(target)
    ended = Process(["--db", target, *args]).ended()
    if ended.code == 0:
        return
    ended.must(ended.err.strip() != "", "it said nothing")
    ended.must(head(target) == before, "it failed, and has written")
    ground.counts["bad inputs"] += 1
