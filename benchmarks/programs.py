"""What is run: claimtrack, its peers, and the SQL written by hand for them."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
BARE, INSIDE = str(HERE / "bare.py"), str(HERE / "inside.py")
PYTHON = sys.executable
_FOLDER = Path(sys.executable).parent
CLAIMTRACK, SQLITE_UTILS, DATASETTE = (
    str(_FOLDER / name) for name in ("claimtrack", "sqlite-utils", "datasette")
)

Command = tuple[str, ...]


def claimtrack(database: str, *arguments: str) -> Command:
    """Return a command on a casebook."""
    return (CLAIMTRACK, "--db", database, *arguments)


def importing(database: str, tables: str) -> tuple[Command, ...]:
    """Return the commands that make a casebook of a folder of tables."""
    load = ("--author", "coder", "import", "tables", tables)
    return claimtrack(database, "init"), claimtrack(database, *load)


def contradictions() -> str:
    """Return the SQL of all contradictions, in one line."""
    return _one_line((HERE / "contradictions.sql").read_text(encoding="utf-8"))


def page_of_contradictions() -> str:
    """Return the SQL of the first 50, in their order."""
    whole = (HERE / "contradictions.sql").read_text(encoding="utf-8")
    before, _, rest = whole.partition("-- <grounds>\n")
    after = rest.partition("-- </grounds>\n")[2]
    page = (HERE / "page.sql").read_text(encoding="utf-8")
    return _one_line(f"{before}{page}{after} ORDER BY subject_ref, counter_ref")


def _one_line(sql: str) -> str:
    return " ".join(re.sub(r"--.*", "", sql).split())


def datasette(database: str, sql: str) -> Command:
    """Return the command that prints the rows of a query as JSON, as its server would send them."""
    page = f"/{Path(database).stem}.json?_shape=array&sql={quote(sql)}"
    return (DATASETTE, database, "--get", page, "--setting", "sql_time_limit_ms", "600000")


def legend() -> Iterator[tuple[str, str]]:
    """Return what stands in the results for texts that are too long, and for paths of this machine.

    The longer come first.
    """
    page = page_of_contradictions()
    yield quote(page), "PAGE.SQL"
    yield page, "PAGE.SQL"
    yield contradictions(), "CONTRADICTIONS.SQL"
    yield f"{HERE}/", "benchmarks/"
