"""Compare what two checkouts print and write about the packaged dataset, byte for byte.

    python tools/compare_outputs.py ../before .

Both programs run in the Python that runs this. Each gets a copy of one casebook, which the first
checkout builds and the second upgrades, in a folder of its own; what differs is printed as a diff,
and the exit code is 1.
Commands that change the casebook come last, and what they wrote is compared as a dump.
"""

import argparse
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

REPORTS: Sequence[Sequence[str]] = (
    ("contradictions",),
    ("contradictions", "--class", "belied_by_action", "--topic", "ceasefire"),
    ("contradictions", "--include-reconciled", "--sort", "-strength"),
    ("pair", "C9", "ST2"),
    ("claims",),
    ("claims", "--contested", "--anonymous"),
    ("citations",),
    ("answers",),
    ("promises", "--as-of", "2024-05-24"),
    ("timeline",),
    ("positions", "--principal", "russia"),
    ("coverage", "--principal", "russia"),
    ("coverage", "--principal", "russia", "--omissions"),
    ("windows",),
    ("windows", "--topic", "ceasefire", "--period", "2022-02-24/2024-05-24"),
    ("hypotheses", "ceasefire-ready", "feigned"),
    ("hypotheses", "ceasefire-ready", "feigned", "--sums"),
    ("hypotheses", "ceasefire"),
    ("corroboration",),
    ("track-record",),
)
FORMATS = ("table", "csv", "json", "jsonl", "markdown")
NOUNS = (
    *("actor", "document", "topic", "proposition"),
    *("claim", "statement", "action", "commitment", "assessment", "window"),
)
OTHERS: Sequence[Sequence[str]] = (
    ("check",),
    ("search", "ceasefire"),
    ("search", "ceasefire", "--kind", "claim", "--format", "csv"),
    ("link", "list"),
    ("dump",),
    ("schema", "dossier"),
    ("schema", "profile"),
    ("profile", "list"),
    ("history", "C9"),
    ("log", "verify"),
    ("report", "contradictions", "--group-by", "subject"),
    ("report", "contradictions", "--group-by", "proposition"),
    ("report", "contradictions", "--group-by", "proposition", "--format", "markdown"),
    ("report", "claims", "--format", "csv", "--refs"),
    ("report", "claims", "--known-by", "2024-01-26", "--asserted-by", "nobody"),
    ("report", "coverage"),
    ("report", "windows", "--period", "2022"),
    ("report", "clams"),
    ("claim", "show", "C999"),
    ("claim", "add"),
    ("claim", "add", "A claim", "--actor", "nobody"),
    ("claim", "add", "A claim", "--actor", "russia", "--date", "2024-13-01"),
    ("entry", "show", "C9"),
)
EXPORTS: Sequence[Sequence[str]] = (
    ("datapackage", "package"),
    ("xlsx", "book.xlsx"),
    ("graph", "graph.graphml"),
    ("graph", "graph.gexf"),
    ("stix", "bundle.json"),
    ("claimreview", "reviews.jsonld", "--url", "https://example.org/", "--publisher", "Example"),
    ("markdown", "briefing.md"),
    ("html", "briefing.html"),
)
CHANGES: Sequence[Sequence[str]] = (
    (
        *("claim", "add", "Ready for a ceasefire", "--actor", "putin", "--date", "2024-05-24"),
        *("--proposition", "ceasefire-ready", "--value", "2", "--ref", "NEW-1"),
    ),
    ("claim", "edit", "NEW-1", "--summary", "Ready for a ceasefire, he said"),
    ("stance", "set", "NEW-1", "ceasefire-ready", "-1", "--basis", "inferred"),
    ("link", "add", "NEW-1", "contradicts", "C9"),
    ("link", "remove", "NEW-1", "contradicts", "C9"),
    ("claim", "remove", "NEW-1"),
    ("topic", "add", "A new topic", "--parent", "ceasefire"),
    ("actor", "add", "Somebody", "--kind", "person", "--ref", "somebody"),
    ("actor", "merge", "somebody", "putin"),
    ("dump",),
)


_RUN = """
import contextlib, io, json, os, sys
from claimtrack.cli import main

printed = []
for arguments in json.load(sys.stdin):
    sys.argv = ["claimtrack", "--db", "casebook.db", *arguments]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code = None
    with (
        open(os.devnull) as sys.stdin,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    printed.append([stream.buffer.getvalue().decode() for stream in (out, err)] + [code])
sys.stdout.write(json.dumps(printed))
"""
"""Runs commands in one process: to start hundreds takes minutes."""


class Program:
    """The program of a checkout, in a folder of its own with a casebook."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._source, self.folder = checkout.resolve() / "src", folder
        folder.mkdir()

    def run(self, *commands: Sequence[str]) -> list[str]:
        """Return what commands print, one after another, and how each ends."""
        inherited = {name: value for name, value in os.environ.items() if "CLAIMTRACK" not in name}
        own = {"PYTHONPATH": str(self._source), "COLUMNS": "80", "CLAIMTRACK_AUTHOR": "ada"}
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            cwd=self.folder,
            env=inherited | own,
            input=json.dumps(commands).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        return [f"{out}\n{err}\nexit {code}\n" for out, err, code in json.loads(done.stdout)]


def commands(program: Program) -> Iterator[Sequence[str]]:
    """Yield the commands that change nothing."""
    yield ("--help",)
    for path in _paths(program):
        yield (*path, "--help")
    for report in REPORTS:
        for form in FORMATS:
            yield ("report", *report, "--format", form)
    listed = program.run(*((noun, "list", "--format", "json") for noun in NOUNS))
    for noun, printed in zip(NOUNS, listed, strict=True):
        for form in FORMATS:
            yield (noun, "list", "--format", form)
        rows, _ = json.JSONDecoder().raw_decode(printed)
        for row in rows:
            yield (noun, "show", row["ref"])
            yield (noun, "show", row["ref"], "--format", "json")
    yield from OTHERS


def _paths(program: Program) -> list[Sequence[str]]:
    """Return the words of every command and group."""
    found: list[Sequence[str]] = []
    waiting: list[Sequence[str]] = [()]
    while waiting:
        helps = program.run(*((*path, "--help") for path in waiting))
        named = (
            (*path, name)
            for path, printed in zip(waiting, helps, strict=True)
            for name in re.findall(
                r"^  (\w[\w-]*)(?:  |$)", printed.partition("ommands:\n")[2], re.MULTILINE
            )
        )
        waiting = list(named)
        found += waiting
    return found


def _written(program: Program) -> dict[str, bytes]:
    """Return by name the files in the folder of a program, the casebook left out."""
    files = (path for path in sorted(program.folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(program.folder)): path.read_bytes()
        for path in files
        if not path.name.startswith("casebook.db")
    }


def differences(one: Program, other: Program) -> Iterator[str]:
    """Yield a diff for each command whose output differs, and for each file."""
    run = [*commands(one), *(("export", *export) for export in EXPORTS), *CHANGES]
    with ThreadPoolExecutor(2) as pool:
        printed = pool.map(lambda program: program.run(*run), (one, other))
    for command, before, after in zip(run, *printed, strict=True):
        yield from _diff(" ".join(command), before, after)
    files, others = _written(one), _written(other)
    for name in sorted(files.keys() | others.keys()):
        if files.get(name) != others.get(name):
            texts = (some.get(name, b"").decode(errors="replace") for some in (files, others))
            yield from _diff(name, *texts)


def _diff(what: str, before: str, after: str) -> Iterator[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    changed = "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
    if changed:
        yield f"{what}\n{changed}\n"


def main() -> None:
    """Compare two checkouts, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("before", type=Path, help="a checkout")
    parser.add_argument("after", type=Path, help="another")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one, other = (
            Program(checkout, Path(folder, name))
            for checkout, name in ((given.before, "before"), (given.after, "after"))
        )
        printed = zip(one.run(["demo"]), other.run(["demo"]), strict=True)
        demo = [_diff("demo", *both) for both in printed]
        shutil.copy(one.folder / "casebook.db", other.folder / "casebook.db")
        other.run(["init"])
        found = [*chain.from_iterable(demo), *differences(one, other)]
        counted = f"{len(list(commands(one)))} commands, {len(_written(one))} files"
    print("\n".join([*found, f"{counted}: {len(found) or 'no'} differences"]))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
