"""What is measured on SQLite, part by part."""

import json
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import programs
from measure import Bench, Job, Trial, remove, say
from programs import HERE, SQLITE_UTILS, claimtrack

OURS = "claimtrack"
STATUS = "claimtrack status"
ORDINARY, HOT = "an ordinary proposition", "the hot proposition"
CSV = ("--format", "csv")
PAGE = (*CSV, "--limit", "50")
MONTH = ("--since", "2024-01-01", "--until", "2024-01-31")
COVERAGE = ("coverage", "--principal", "a3")
REPORTS: tuple[Sequence[str], ...] = (
    ("claims",),
    ("citations",),
    ("positions",),
    COVERAGE,
    (*COVERAGE, "--omissions"),
    ("windows",),
    ("corroboration",),
    ("track-record",),
    ("hypotheses", "p0", "p1"),
)
EXPORTS = {
    "datapackage": "package",
    "xlsx": "xlsx",
    "graph": "graphml",
    "stix": "json",
    "claimreview": "jsonld",
    "markdown": "md",
    "html": "html",
}
FEW = 100_000
"""Above this size a command runs less often."""


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up casebook of a size: its tables as CSV, and the casebook once it is built."""

    folder: Path
    size: int

    @property
    def tables(self) -> Path:
        """The folder of its tables."""
        return self.folder / str(self.size)

    @property
    def database(self) -> str:
        """The name of the SQLite casebook, in the folder where commands run."""
        return f"{self.size}.db"

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has; its file is written when it is not there."""
        told = self.folder / f"{self.size}.json"
        if not told.exists():
            say(f"{self.size:>9,} writing the tables")
            remove(self.tables)
            self.tables.mkdir()
            # A process of its own, so that this one stays small (see `measure`).
            command = [
                programs.PYTHON,
                str(HERE / "synthetic.py"),
                str(self.tables),
                str(self.size),
            ]
            told.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        found: dict[str, int] = json.loads(told.read_bytes())
        return found

    def built(self) -> str:
        """Return the name of the casebook, which is built when it is not there."""
        path = self.folder / self.database
        if not path.exists():
            self.counts()
            say(f"{self.size:>9,} building the casebook")
            new = path.with_name(f"{self.size}.new.db")
            remove(new)
            for command in programs.importing(new.name, self.tables.name):
                subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
            new.rename(path)
        return path.name


def fewer(runs: int, size: int, most: int = 3) -> int:
    """Return how often a command runs at a size: at most so often above FEW."""
    return runs if size <= FEW else min(runs, most)


def imports(bench: Bench, made: Made) -> None:
    """Import the tables; the casebook that comes of it is the one that the other parts ask."""
    counts = made.counts()
    rows = sum(counts.values())
    new, theirs = (bench.folder / f"{made.size}.{name}.db" for name in ("new", "peer"))
    path = bench.folder / made.database
    insert = [
        (SQLITE_UTILS, "insert", theirs.name, table, f"{made.size}/{table}.csv", "--csv")
        for table in counts
    ]
    as_text = [(*command, "--no-detect-types") for command in insert]
    jobs = (
        Job(
            OURS,
            programs.importing(new.name, made.tables.name),
            fresh=(new, path),
            rows=rows,
        ),
        Job("sqlite-utils insert", insert, product=theirs, rows=rows, aim=6),
        Job("sqlite-utils insert, all columns text", as_text, product=theirs, rows=rows),
    )
    runs = fewer(bench.runs, made.size)
    title = "import tables"
    trial = Trial("import", made.size, title, jobs, runs, warm=False, limited=False)
    records = bench.measure(trial)
    if not any(record.trouble for record in records if record.who == OURS):
        new.rename(path)
    remove(new)


def contradictions(bench: Bench, made: Made) -> None:
    """All contradictions, against the same SQL in the shell, in bare Python and in sqlite-utils."""
    database, sql = made.built(), programs.contradictions()
    commands = {
        OURS: claimtrack(database, "report", "contradictions", *CSV),
        "sqlite3 shell": ("sqlite3", "-csv", "-header", database, sql),
        "bare Python": (programs.PYTHON, programs.BARE, "rows", database, sql),
        "sqlite-utils query": (SQLITE_UTILS, "query", database, sql, "--csv"),
    }
    jobs = [
        Job(
            who,
            (command,),
            output=bench.folder / f"out{place}.csv",
            aim={"sqlite3 shell": 2.2, "sqlite-utils query": 1.2}.get(who),
        )
        for place, (who, command) in enumerate(commands.items())
    ]
    runs, title = fewer(bench.runs, made.size), "report contradictions"
    bench.measure(Trial("contradictions", made.size, title, jobs, runs, same=True))


def inside(bench: Bench, made: Made) -> None:
    """Where the time of all contradictions goes: the report, and less and less of it."""
    database = made.built()
    steps = {
        "its rows, not written": "rows",
        "its statement alone": "statement",
        "its pairs, found and counted": "pairs",
    }
    report = claimtrack(database, "report", "contradictions", *CSV)
    jobs = [
        Job(OURS, (report,), output=bench.folder / "out.csv"),
        *(
            Job(who, ((programs.PYTHON, programs.INSIDE, step, database),))
            for who, step in steps.items()
        ),
    ]
    runs, title = fewer(bench.runs, made.size), "report contradictions"
    bench.measure(Trial("inside", made.size, title, jobs, runs))


def pages(bench: Bench, made: Made) -> None:
    """The first 50 contradictions, which a program made for browsing would show."""
    database, sql = made.built(), programs.page_of_contradictions()
    out = bench.folder / "out.csv"
    ours = claimtrack(database, "report", "contradictions", *PAGE)
    jobs = (
        Job(OURS, (ours,), output=out),
        Job(
            "sqlite-utils query",
            ((SQLITE_UTILS, "query", database, sql, "--csv"),),
            output=bench.folder / "peer.csv",
        ),
        Job(
            "datasette --get",
            (programs.datasette(database, sql),),
            output=bench.folder / "peer.json",
        ),
    )
    title = "report contradictions --limit 50"
    bench.measure(Trial("pages", made.size, title, jobs, bench.runs, same=True))


def targets(bench: Bench, made: Made) -> None:
    """What somebody waits for at the screen, beyond `claimtrack status` in the same round."""
    database = made.built()
    out = bench.folder / "out.csv"
    entry, proposition = _ordinary(bench.folder / database)
    first = [
        ("report", *report) for report in (("claims",), ("positions",), COVERAGE, ("windows",))
    ]
    pages = [(*words, *PAGE) for words in (*first, ("search", "ceasefire"))]
    month = [("report", "contradictions", "--topic", one, *MONTH, *CSV) for one in ("t10", "t99")]
    rare = ("report", "contradictions", "--class", "reversal", *PAGE)
    asked = [(0.5, words) for words in month] + [(1.0, words) for words in pages] + [(1.5, rare)]
    jobs = [Job(STATUS, (claimtrack(database, "status", *CSV),), output=out)]
    jobs += [
        Job(" ".join(words), (claimtrack(database, *words),), output=out, aim=aim)
        for aim, words in asked
    ]
    show = claimtrack(database, "show", entry, *CSV)
    jobs.append(Job("show ENTRY", (show,), output=out, aim=1.0))
    title = "at the screen"
    bench.measure(Trial("targets", made.size, title, jobs, bench.runs))
    for report in ("contradictions", "claims", "positions"):
        asking = ("report", report, *PAGE, "--proposition")
        pair = [
            Job(who, (claimtrack(database, *asking, ref),), output=out, aim=aim)
            for who, ref, aim in ((ORDINARY, proposition, None), (HOT, "hot", 3))
        ]
        title = f"report {report} --proposition REF --limit 50"
        bench.measure(Trial("hot", made.size, title, pair, bench.runs))


def _ordinary(path: Path) -> tuple[str, str]:
    """Return the ref of an entry amid the others, and of a proposition that is affirmed and denied.

    Neither has to do with the hot proposition, which is measured by itself.
    """
    with closing(sqlite3.connect(path)) as connection:
        (entry,) = connection.execute(
            "SELECT ref FROM entry WHERE id >= (SELECT count(*) / 2 FROM entry) AND id NOT IN"
            " (SELECT entry_id FROM stance JOIN proposition ON proposition.id = proposition_id"
            " WHERE proposition.ref = 'hot') ORDER BY id LIMIT 1"
        ).fetchone()
        (proposition,) = connection.execute(
            "SELECT ref FROM proposition WHERE ref <> 'hot' AND EXISTS"
            " (SELECT 1 FROM stance WHERE proposition_id = proposition.id AND value < 0) AND EXISTS"
            " (SELECT 1 FROM stance WHERE proposition_id = proposition.id AND value > 0)"
            " ORDER BY id LIMIT 1"
        ).fetchone()
    return str(entry), str(proposition)


def whole(bench: Bench, made: Made) -> None:
    """Each report to its end; contradictions is measured in its own part."""
    database = made.built()
    for report in REPORTS:
        title = " ".join(("report", *report))
        command = claimtrack(database, *title.split(), *CSV)
        job = Job(OURS, (command,), output=bench.folder / "out.csv")
        bench.measure(Trial("whole", made.size, title, (job,), min(bench.runs, 3), warm=False))


def exports(bench: Bench, made: Made) -> None:
    """Each export."""
    database = made.built()
    for name, ending in EXPORTS.items():
        target = f"out.{ending}"
        command = claimtrack(database, "export", name, target)
        job = Job(OURS, (command,), product=bench.folder / target)
        runs = fewer(min(bench.runs, 3), made.size, 1)
        bench.measure(Trial("exports", made.size, f"export {name}", (job,), runs, warm=False))


def log(bench: Bench, made: Made) -> None:
    """The proof of the log, against bare Python that reads and hashes the same rows."""
    database = made.built()
    with closing(sqlite3.connect(bench.folder / database)) as connection:
        (revisions,) = connection.execute("SELECT count(*) FROM revision").fetchone()
    bare = (programs.PYTHON, programs.BARE, "hash", database)
    runs = fewer(bench.runs, made.size)

    def part(name: str) -> Job:
        command = (programs.PYTHON, programs.INSIDE, "proof", database, name)
        return Job(f"its part: {name}", (command,), rows=revisions)

    against = (part("log"), Job("bare Python", (bare,), rows=revisions, aim=3))
    bench.measure(Trial("log", made.size, "the log and the rows", against, runs, warm=False))
    whole = Job(OURS, (claimtrack(database, "log", "verify"),), rows=revisions)
    jobs = (whole, part("schema"), part("storage"), part("words"))
    bench.measure(Trial("log", made.size, "log verify, and what it adds", jobs, runs, warm=False))


def startup(bench: Bench) -> None:
    """What a command takes before it does anything, and on the packaged dataset."""
    demo = claimtrack("demo.db", "demo")
    remove(bench.folder / "demo.db")
    subprocess.run(demo, cwd=bench.folder, check=True, capture_output=True)
    report = claimtrack("demo.db", "report", "contradictions")
    bare = (programs.PYTHON, "-c", "import sqlalchemy.orm")
    asked = {
        "--help": (
            Job(OURS, ((programs.CLAIMTRACK, "--help"),)),
            Job("sqlite-utils --help", ((SQLITE_UTILS, "--help"),), aim=1),
        ),
        "report contradictions, of the demo": (
            Job(OURS, (report,)),
            Job("import sqlalchemy.orm", (bare,), aim=1.8),
        ),
    }
    for title, jobs in asked.items():
        bench.measure(Trial("startup", 0, title, jobs, 3 * bench.runs))


AT_EACH_SIZE: dict[str, Callable[[Bench, Made], None]] = {
    "import": imports,
    "contradictions": contradictions,
    "inside": inside,
    "pages": pages,
    "targets": targets,
    "whole": whole,
    "exports": exports,
    "log": log,
}
"""The parts that ask a casebook, in the order in which they are measured."""
