"""Files that are damaged or altered: said so, with what helps, and then brought back."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from torture.faults import Bench
from torture.ground import do, tried

DAMAGED = "is damaged|damaged at its head|if it held one"
ALTERED = "has been changed by something other than claimtrack: "
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


_INDEX = "CREATE INDEX ix_stance_proposition_id_value ON stance (proposition_id, value, entry_id)"
ALTERATIONS = {
    "actor": ["UPDATE actor SET protected = 2 WHERE ref = 'base-speaker'"],
    "topic": ["UPDATE topic SET \"exclusive\" = 'true'"],
    "entry": ["UPDATE entry SET date_from = 'soon' WHERE ref = 'base-1'"],
    "proposition": ["UPDATE proposition SET text = CAST(x'ff' AS TEXT)"],
    "document": ["UPDATE document SET publisher_id = 999"],
    "citation": ["UPDATE citation SET label = x'41'"],
    "casebook": ["UPDATE casebook SET pseudonym_secret = upper(pseudonym_secret)"],
    "revision": ["DROP TRIGGER revision_no_delete"],
    "fulltext": ["UPDATE fulltext SET words = '' WHERE ref = 'base-1'"],
    "stance": [
        "DROP INDEX ix_stance_proposition_id_value",
        f"{_INDEX} WHERE value > 0",
        "PRAGMA writable_schema = 1",
        f"UPDATE sqlite_master SET sql = '{_INDEX}' WHERE sql LIKE '% WHERE value > 0'",
        "PRAGMA writable_schema = RESET",
    ],
}
"""What someone does to a table with SQL, all rules switched off."""
MENDED = ("fulltext", "stance")
"""What `compact` makes anew."""


def altered(bench: Bench) -> None:
    """Change files behind claimtrack's back: the table is named, and what was there comes back."""
    for [table] in bench.some([[table] for table in ALTERATIONS]):
        target = bench.fresh()
        with closing(sqlite3.connect(target, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for statement in ALTERATIONS[table]:
                connection.execute(statement)
        verified = tried(target, "log", "verify", "--format", "csv")
        named = re.search(f"^{table},", verified.out, re.MULTILINE)
        verified.must(verified.code == 1 and named is not None, f"no word of {table}")
        for args in bench.some(_asked(bench, target)):
            copied = bench.fresh()
            shutil.copyfile(target, copied)
            ended = tried(copied, *args)
            ended.must(ended.code == 0 or len(ended.err.splitlines()) == 1, "one sentence")
        if table in MENDED:
            do(target, "compact")
            bench.unharmed(target)
        bench.count("altered table")
        _brought_back(bench, target)


def _asked(bench: Bench, target: str) -> list[list[str]]:
    """Return commands of all kinds."""
    outside = str(Path(target).with_name("out"))
    return [
        ["dump"], ["report", "contradictions"], ["search", "place"], ["show", "base-1"], ["check"],
        ["topic", "add", "More"], ["load", bench.more], ["backup", outside], ["init"],
    ]  # fmt: skip


def _says_so(bench: Bench, fault: str, target: str) -> None:
    """Ask and write all kinds of things: each ends well, or says what is wrong and what helps."""
    verified = tried(target, "log", "verify")
    verified.must(verified.code in (0, 1, 3), "exit code 0, 1 or 3 was expected")
    for args in bench.some(_asked(bench, target)):
        copied = bench.fresh()
        shutil.copyfile(target, copied)
        ended = tried(copied, *args)
        if ended.code in (0, 4) or args[0] == "check" or "differs from its log" in ended.err:
            continue
        ended.must(len(ended.err.splitlines()) == 1, "one sentence was expected")  # rows stream out
        damaged = re.search(DAMAGED, ended.err) and BRING_BACK in ended.err
        said = damaged or ALTERED in ended.err
        ended.must(bool(said), f"{fault}: no word of the damage, or of what helps")
    bench.count(fault)
    _brought_back(bench, target)


def _brought_back(bench: Bench, target: str) -> None:
    do(target, "restore", bench.backup, "--replace")
    bench.unharmed(target)
