"""Rows that are put in order outside memory, and outside the database that is asked."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import chain
from typing import Any

from claimtrack.sql import BATCH_SIZE, RowT
from claimtrack.vocab import fields_of

_BEFORE_ALL = "\x01"
"""Separates the parts of a list, so that a list comes before another that begins with it."""


def in_spooled_order(
    rows: Iterable[tuple[Sequence[Any], tuple[Any, ...]]], descending: Sequence[bool]
) -> Iterator[tuple[Any, ...]]:
    """Yield what is kept of rows, ordered by other values of theirs; equal rows keep their order.

    The rows wait in a temporary file of SQLite, which nobody else can open and which is removed
    with the connection. What is missing comes last, and so does an empty list; texts are compared
    by code point, lists part by part.

    Args:
        rows: Of each the values to order by, and what is to come back of it: numbers, texts,
            dates, and tuples of texts.
        descending: For each of the values, whether the greatest comes first.
    """
    columns = [f"v{place}" for place in range(len(descending))]
    order = ", ".join(
        f"{column}{' DESC' if down else ''} NULLS LAST"
        for column, down in zip(columns, descending, strict=True)
    )
    with closing(sqlite3.connect("", isolation_level=None)) as spool:  # "": a temporary file
        spool.execute("PRAGMA temp_store = FILE")
        spool.execute(f"CREATE TABLE row ({', '.join(columns)}, kept)")
        places = ", ".join("?" * (len(columns) + 1))
        spool.execute("BEGIN")
        spool.executemany(
            f"INSERT INTO row VALUES ({places})",  # noqa: S608 - of question marks
            ((*map(_stored, values), json.dumps(kept, default=_dated)) for values, kept in rows),
        )
        found = spool.execute(f"SELECT kept FROM row ORDER BY {order}, rowid")  # noqa: S608
        found.arraysize = BATCH_SIZE
        for (kept,) in found:
            yield tuple(map(_read, json.loads(kept)))


def rows_in_order(
    rows: Iterator[RowT], key: Callable[[RowT], Sequence[Any]], descending: Sequence[bool]
) -> Iterator[RowT]:
    """Yield rows of one type, ordered by the values that `key` returns of each, likewise."""
    first = next(rows, None)
    if first is None:
        return
    kind, names = type(first), fields_of(type(first))
    keyed = (
        (key(row), tuple(getattr(row, name) for name in names)) for row in chain([first], rows)
    )
    for values in in_spooled_order(keyed, descending):
        yield kind(*values)


def _dated(value: date) -> dict[str, str]:
    return {"date": value.isoformat()}


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    return tuple(value) if isinstance(value, list) else value


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return _BEFORE_ALL.join(value) if value else None
    return value.isoformat() if isinstance(value, date) else value
