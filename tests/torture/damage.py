"""Files that are damaged: said so, with what brings the casebook back, and then brought back."""

import os
import re
import shutil
from pathlib import Path

from torture.faults import Bench
from torture.ground import do, tried

DAMAGED = "is damaged|damaged at its head|if it held one"
HOWS = ("noise", "zeros", "some bits")
BRING_BACK = "claimtrack restore FILE --replace"


def spoiled(path: Path, how: str, at: int, chance_of: int) -> None:
    """Damage a page of a file."""
    with path.open("r+b") as file:
        file.seek(at * 4096)
        page = bytearray(file.read(4096))
        if how == "noise":
            page[:] = bytes((chance_of * (place + 7)) % 251 for place in range(len(page)))
        elif how == "zeros":
            page[:] = bytes(len(page))
        else:
            for place in range(chance_of % 97, len(page), 97):
                page[place] ^= 1 << (place % 8)
        file.seek(at * 4096)
        file.write(page)


def damaged(bench: Bench, pages: int) -> None:
    """Damage files, and bring back what was there."""
    chance = bench.ground.chance
    size = os.path.getsize(bench.source) // 4096
    for _ in range(pages):
        for how in chance.sample(HOWS, min(bench.ways, len(HOWS))):
            target = bench.fresh()
            spoiled(Path(target), how, chance.randrange(size), chance.randrange(1, 1000))
            _says_so(bench, "damaged page", target)
    lengths = [1, 99, 100, 4096, *(chance.randrange(size * 4096) for _ in range(pages))]
    for length in chance.sample(lengths, min(bench.ways, len(lengths))):
        target = bench.fresh()
        os.truncate(target, length)
        _says_so(bench, "truncated file", target)
    target = bench.fresh()
    os.truncate(target, 0)
    bench.inject("empty file", ["--db", target, "log", "verify"], 3, BRING_BACK)
    _brought_back(bench, target)


def _says_so(bench: Bench, fault: str, target: str) -> None:
    """Ask and write all kinds of things: each ends well, or says what is wrong and what helps."""
    verified = tried(target, "log", "verify")
    verified.must(verified.code in (0, 1, 3), "exit code 0, 1 or 3 was expected")
    outside = str(Path(target).with_name("out"))
    asked = [
        ["dump"], ["report", "contradictions"], ["search", "place"], ["show", "base-1"], ["check"],
        ["topic", "add", "More"], ["load", bench.more], ["backup", outside], ["init"],
    ]  # fmt: skip
    for args in bench.some(asked):
        copied = bench.fresh()
        shutil.copyfile(target, copied)
        ended = tried(copied, *args)
        if ended.code in (0, 4) or args[0] == "check" or "not what its log tells" in ended.err:
            continue
        ended.must(len(ended.err.splitlines()) == 1, "one sentence was expected")  # rows stream out
        said = re.search(DAMAGED, ended.err) and BRING_BACK in ended.err
        ended.must(bool(said), f"{fault}: no word of the damage, or of what helps")
    bench.count(fault)
    _brought_back(bench, target)


def _brought_back(bench: Bench, target: str) -> None:
    do(target, "restore", bench.backup, "--replace")
    bench.unharmed(target)
