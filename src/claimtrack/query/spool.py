"""Rows that are put in order outside memory, and outside the database that is asked."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from claimtrack.sql import AT_ONCE

_BEFORE_ALL = "\x01"
"""Separates the parts of a list, so that a list comes before another that begins with it."""


def in_spooled_order(
    rows: Iterable[tuple[Sequence[Any], tuple[int, ...]]], descending: Sequence[bool]
) -> Iterator[tuple[int, ...]]:
    """Yield the keys of rows, ordered by other values of theirs; equal rows keep their order.

    The rows wait in a temporary file of SQLite, which nobody else can open and which is removed
    with the connection. What is missing comes last, and so does an empty list; texts are compared
    by code point, lists part by part.

    Args:
        rows: Of each the values to order by, and its keys.
        descending: For each of the values, whether the greatest comes first.
    """
    columns = [f"v{place}" for place in range(len(descending))]
    order = ", ".join(
        f"{column}{' DESC' if down else ''} NULLS LAST"
        for column, down in zip(columns, descending, strict=True)
    )
    with closing(sqlite3.connect("", isolation_level=None)) as spool:  # "": a temporary file
        spool.execute("PRAGMA temp_store = FILE")
        spool.execute(f"CREATE TABLE row ({', '.join(columns)}, keys)")
        places = ", ".join("?" * (len(columns) + 1))
        spool.execute("BEGIN")
        spool.executemany(
            f"INSERT INTO row VALUES ({places})",  # noqa: S608 - of question marks
            ((*map(_stored, values), " ".join(map(str, keys))) for values, keys in rows),
        )
        found = spool.execute(f"SELECT keys FROM row ORDER BY {order}, rowid")  # noqa: S608
        found.arraysize = AT_ONCE
        for (keys,) in found:
            yield tuple(map(int, keys.split()))


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return _BEFORE_ALL.join(value) if value else None
    return value.isoformat() if isinstance(value, date) else value
