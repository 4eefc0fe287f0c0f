"""The check of the file and of the indexes, by the means of each database."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from claimtrack.audit.schema import TABLES
from claimtrack.db import RESTORE_HINT, Session, list_file_faults
from claimtrack.replay import Finding

MEND = "'claimtrack compact' rebuilds indexes"


def check_storage(session: Session) -> Iterator[Finding]:
    """Yield what the database finds wrong with its pages, indexes, constraints and foreign keys.

    On SQLite by `PRAGMA integrity_check` and `foreign_key_check`. On PostgreSQL by the extension
    amcheck where it is installed and may be used; else the rows of each table are counted with and
    without each index.
    """
    sqlite = session.connection().dialect.name == "sqlite"
    yield from _of_file(session) if sqlite else _of_server(session)


def _of_file(session: Session) -> Iterator[Finding]:
    connection = session.connection()
    faults = sorted(list_file_faults(connection), key=lambda fault: (fault.table, fault.name))
    for (table, name), group in groupby(faults, key=lambda fault: (fault.table, fault.name)):
        first, *others = group
        more = f" (and {len(others)} more)" if others else ""
        hint = RESTORE_HINT if first.damages_file else MEND
        advice = f": {hint}" if first.damages_file or name else ""
        yield Finding(table, name, f"SQLite finds: {first.message}{more}{advice}")
    for table, row, other, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding(
            str(table), f"row {row}", f"it refers to a row of {other} that does not exist"
        )


# --- PostgreSQL -----------------------------------------------------------------------------------


class Index(NamedTuple):
    """An index of PostgreSQL.

    Attributes:
        table: The name of its table.
        name: Its name.
        of: The name of its table, quoted for SQL.
        quoted_name: Its name, quoted for SQL.
        method: Its access method, such as `btree`.
        columns: Its columns or expressions, as SQL.
        first: The first of these.
        condition: The condition of a partial index; else `true`.
    """

    table: str
    name: str
    of: str
    quoted_name: str
    method: str
    columns: str
    first: str
    condition: str


_INDEXES = """
    SELECT t.relname, i.relname, t.oid::regclass::text, i.oid::regclass::text, amname,
        array_to_string(ARRAY(
            SELECT pg_get_indexdef(i.oid, n, true) FROM generate_series(1, indnkeyatts) AS n
        ), ', '),
        pg_get_indexdef(i.oid, 1, true), coalesce(pg_get_expr(indpred, indrelid), 'true')
    FROM pg_index
    JOIN pg_class AS t ON t.oid = indrelid
    JOIN pg_class AS i ON i.oid = indexrelid
    JOIN pg_am ON pg_am.oid = i.relam
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relname = ANY (:tables)
    ORDER BY t.relname, i.relname
"""
_AMCHECK = """
    SELECT quote_ident(nspname) FROM pg_extension
    JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE CASE WHEN extname = 'amcheck' THEN
        has_schema_privilege(nspname, 'USAGE') AND has_function_privilege(
            quote_ident(nspname) || '.bt_index_check(regclass, boolean)', 'EXECUTE'
        )
    END
"""


def _of_server(session: Session) -> Iterator[Finding]:
    amcheck = session.scalar(text(_AMCHECK))
    for index in list_indexes(session):
        checkable = amcheck and index.method == "btree"
        fault = (
            _check_with_amcheck(session, index, amcheck)
            if checkable
            else recount_rows(session, index)
        )
        if fault:
            yield Finding(index.table, index.name, f"{fault}: {MEND}")


def list_indexes(session: Session) -> list[Index]:
    """Return the indexes of claimtrack's tables, by table and name; one statement."""
    found = session.execute(text(_INDEXES), {"tables": list(TABLES)})
    return [Index(*row) for row in found]


def _check_with_amcheck(session: Session, index: Index, amcheck: str) -> str | None:
    """Return what amcheck finds wrong with an index; None when nothing."""
    check = text(f"SELECT {amcheck}.bt_index_check(CAST(:index AS regclass), true)")
    try:
        with session.begin_nested():
            session.execute(check, {"index": index.quoted_name})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _CORRUPTED:
            raise
        return f"PostgreSQL finds: {str(error.orig).splitlines()[0]}"
    return None


_CORRUPTED = ("XX001", "XX002")
"""SQLSTATEs of corrupted data and of a corrupted index. Source: PostgreSQL, Appendix A."""
_SCANS = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")
_OTHERS = ("enable_seqscan", "enable_sort", "enable_incremental_sort")


def recount_rows(session: Session, index: Index) -> str | None:
    """Return what is wrong with an index, as far as counting rows through it shows.

    None if nothing.
    """
    count = f"SELECT count(*), 0 FROM {index.of} WHERE {index.condition}"  # noqa: S608 - its own
    rows, _ = _counted(session, count, off=_SCANS) or (0, 0)
    found, misplaced = count_through_index(session, index) or (rows, 0)
    if found != rows:
        return f"{found} rows are found through it, of {rows}"
    return f"{misplaced} rows are out of order" if misplaced else None


def count_through_index(session: Session, index: Index) -> tuple[int, int] | None:
    """Return how many rows an index finds, and how many of them out of order.

    None where PostgreSQL does not use the index for the statement.
    """
    rows = f"FROM {index.of} WHERE {index.condition}"
    # A GIN index on a tsvector serves @@ alone; every row but those with the word "none" matches.
    statement = f"SELECT count(*), 0 {rows} AND {index.first} @@ '!none'"
    if index.method == "btree":
        before = f"lag({index.first}) OVER (ORDER BY {index.columns})"
        ordered = f"SELECT {index.first} AS it, {before} AS before {rows}"
        both = "SELECT count(*), count(*) FILTER (WHERE it < before)"
        statement = f"{both} FROM ({ordered}) AS rows"
    return _counted(session, statement, off=_OTHERS, index=index.name)


def _counted(
    session: Session, statement: str, *, off: tuple[str, ...], index: str | None = None
) -> tuple[int, int] | None:
    """Return the two numbers that a statement selects, sent with some plan types disabled.

    None when `index` is given and the plan does not use it.
    """
    switch = text(
        "SELECT set_config(name, CASE WHEN name = ANY (:off) THEN 'off' ELSE 'on' END, true) "
        "FROM pg_settings WHERE name = ANY (:all)"
    )
    savepoint = session.begin_nested()
    try:
        session.execute(switch, {"off": list(off), "all": [*_SCANS, *_OTHERS]})
        if index:
            [(plan,)] = session.execute(text(f"EXPLAIN (FORMAT JSON) {_escaped(statement)}"))
            if f'"Index Name": {json.dumps(index)}' not in json.dumps(plan):
                return None
        count, misplaced = session.execute(text(_escaped(statement))).one()
        return count, misplaced
    finally:
        savepoint.rollback()  # restores the settings


def _escaped(statement: str) -> str:
    return statement.replace(":", "\\:")  # else `text` takes `::type` for a parameter
