"""An external sort: sorts rows on disk, outside memory and outside the casebook's database."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from claimtrack.sql import BATCH_SIZE, RowT
from claimtrack.vocab import fields_of

_BEFORE_ALL = "\x01"
"""Separates the parts of a list, so that a list comes before another that begins with it."""


def sort_on_disk(
    rows: Iterable[tuple[Sequence[Any], tuple[Any, ...]]], descending: Sequence[bool]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows in the order of their sort keys; rows with equal keys keep their order.

    The rows are stored in a temporary SQLite file, which no other process can open and which is
    removed with the connection. Missing values and empty lists come last; texts are compared by
    code point, lists element by element.

    Args:
        rows: Pairs of a sort key and a row; both consist of numbers, texts, dates, instants and
            tuples of texts.
        descending: For each value of the sort keys, whether the greatest comes first.
    """
    columns = [f"v{place}" for place in range(len(descending))]
    order = ", ".join(
        f"{column}{' DESC' if down else ''} NULLS LAST"
        for column, down in zip(columns, descending, strict=True)
    )
    with closing(
        sqlite3.connect("", isolation_level=None)
    ) as spool:  # "": a private temporary file
        spool.execute("PRAGMA temp_store = FILE")  # a build of SQLite may default to memory
        spool.execute(f"CREATE TABLE row ({', '.join(columns)}, kept)")
        places = ", ".join("?" * (len(columns) + 1))
        spool.execute("BEGIN")
        spool.executemany(
            f"INSERT INTO row VALUES ({places})",  # noqa: S608 - of question marks
            ((*map(_stored, values), json.dumps(text, default=_dated)) for values, text in rows),
        )
        found = spool.execute(f"SELECT kept FROM row ORDER BY {order}, rowid")  # noqa: S608
        found.arraysize = BATCH_SIZE
        for (text,) in found:
            yield tuple(map(_read, json.loads(text)))


def sort_rows_on_disk(
    rows: Iterator[RowT], key: Callable[[RowT], Sequence[Any]], descending: Sequence[bool]
) -> Iterator[RowT]:
    """Yield rows of one type, sorted by `key(row)` as `sort_on_disk` does."""
    first = next(rows, None)
    if first is None:
        return
    kind, names = type(first), fields_of(type(first))
    keyed = (
        (key(row), tuple(getattr(row, name) for name in names)) for row in chain([first], rows)
    )
    for values in sort_on_disk(keyed, descending):
        yield kind(*values)


def _dated(value: date) -> dict[str, str]:
    """Return a date or an instant as a JSON object, so that `_read` can tell it from a text."""
    return {"instant" if isinstance(value, datetime) else "date": value.isoformat()}


def _read(value: Any) -> Any:
    """Return a value of a stored row as it was: JSON has neither dates nor tuples."""
    if isinstance(value, dict):
        if "instant" in value:
            return datetime.fromisoformat(value["instant"])
        return date.fromisoformat(value["date"])
    return tuple(value) if isinstance(value, list) else value


def _stored(value: Any) -> Any:
    """Return a value of a sort key as SQLite can sort it; an empty list as a missing value."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, tuple):
        return _BEFORE_ALL.join(value) if value else None
    return value.isoformat() if isinstance(value, date) else value
