"""Bare Python as a peer: what sqlite3, csv and hashlib alone take to do the same work."""

import csv
import hashlib
import sqlite3
import sys
from contextlib import closing

_TABLES = (
    *("actor", "document", "topic", "entry", "proposition"),
    *("participation", "citation", "stance", "link", "grade"),
)


def print_rows(path: str, sql: str) -> None:
    """Print the rows of a query as CSV."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(sql)
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(name for name, *_ in rows.description)
        out.writerows(rows)


def read_and_hash(path: str) -> None:
    """Read the log and the tables, and hash what is in them: two hashes of a revision."""
    with closing(sqlite3.connect(path)) as connection:
        for row in connection.execute("SELECT * FROM revision ORDER BY seq"):
            for part in (row[:8], row[8:]):
                hashlib.sha256("".join(map(str, part)).encode()).hexdigest()
        for table in _TABLES:
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - ours
                hashlib.sha256("".join(map(str, row)).encode()).hexdigest()


if __name__ == "__main__":
    if sys.argv[1] == "rows":
        print_rows(*sys.argv[2:])
    else:
        read_and_hash(*sys.argv[2:])
