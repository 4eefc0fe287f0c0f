"""Whether the file is sound, and whether each index finds what is in its table."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from claimtrack.audit.schema import TABLES
from claimtrack.db import RESTORE_HINT, Session, list_file_faults
from claimtrack.replay import Finding

MEND = "'claimtrack compact' makes indexes anew"


def unsound(session: Session) -> Iterator[Finding]:
    """Yield what the database finds wrong with itself: pages, indexes, rules and foreign keys.

    On PostgreSQL by its extension amcheck, where it is installed and may be used. Where not, the
    rows are counted through each index, and without.
    """
    sqlite = session.connection().dialect.name == "sqlite"
    yield from _of_file(session) if sqlite else _of_server(session)


def _of_file(session: Session) -> Iterator[Finding]:
    connection = session.connection()
    faults = sorted(list_file_faults(connection), key=lambda fault: (fault.table, fault.name))
    for (table, name), group in groupby(faults, key=lambda fault: (fault.table, fault.name)):
        first, *others = group
        more = f" (and {len(others)} more)" if others else ""
        mend = RESTORE_HINT if first.damages_file else MEND
        advice = f": {mend}" if first.damages_file or name else ""
        yield Finding(table, name, f"SQLite finds: {first.message}{more}{advice}")
    for table, row, other, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding(str(table), f"row {row}", f"it points at a row of {other} that is not there")


# --- PostgreSQL -----------------------------------------------------------------------------------


class Index(NamedTuple):
    """An index, by its names quoted as SQL, its method, columns and condition."""

    table: str
    name: str
    of: str
    called: str
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
    for index in indexes_of(session):
        known = amcheck and index.method == "btree"
        fault = _checked(session, index, amcheck) if known else recounted(session, index)
        if fault:
            yield Finding(index.table, index.name, f"{fault}: {MEND}")


def indexes_of(session: Session) -> list[Index]:
    """Return the indexes of our tables, by table and name."""
    found = session.execute(text(_INDEXES), {"tables": list(TABLES)})
    return [Index(*row) for row in found]


def _checked(session: Session, index: Index, amcheck: str) -> str | None:
    """Let amcheck compare an index with its table."""
    check = text(f"SELECT {amcheck}.bt_index_check(CAST(:index AS regclass), true)")
    try:
        with session.begin_nested():
            session.execute(check, {"index": index.called})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _CORRUPTED:
            raise
        return f"PostgreSQL finds: {str(error.orig).splitlines()[0]}"
    return None


_CORRUPTED = ("XX001", "XX002")
"""Data and index corrupted. Source: PostgreSQL, Appendix A."""
_SCANS = ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan")
_OTHERS = ("enable_seqscan", "enable_sort", "enable_incremental_sort")


def recounted(session: Session, index: Index) -> str | None:
    """Return what is wrong with an index, as far as counting rows through it tells."""
    count = f"SELECT count(*), 0 FROM {index.of} WHERE {index.condition}"  # noqa: S608 - its own
    rows, _ = _counted(session, count, off=_SCANS) or (0, 0)
    found, misplaced = counted_through(session, index) or (rows, 0)
    if found != rows:
        return f"{found} rows are found through it, of {rows}"
    return f"{misplaced} rows are not in their order" if misplaced else None


def counted_through(session: Session, index: Index) -> tuple[int, int] | None:
    """Return how many rows an index finds, and how many out of order; None where it is not used."""
    rows = f"FROM {index.of} WHERE {index.condition}"
    statement = f"SELECT count(*), 0 {rows} AND {index.first} @@ '!none'"  # all that it has
    if index.method == "btree":
        before = f"lag({index.first}) OVER (ORDER BY {index.columns})"
        ordered = f"SELECT {index.first} AS it, {before} AS before {rows}"
        both = "SELECT count(*), count(*) FILTER (WHERE it < before)"
        statement = f"{both} FROM ({ordered}) AS rows"
    return _counted(session, statement, off=_OTHERS, index=index.name)


def _counted(
    session: Session, statement: str, *, off: tuple[str, ...], index: str | None = None
) -> tuple[int, int] | None:
    """Return what a statement counts, sent without some kinds of plans; None without the index."""
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
        savepoint.rollback()  # the settings are again what they were


def _escaped(statement: str) -> str:
    return statement.replace(":", "\\:")  # `text` would take what follows for a parameter
