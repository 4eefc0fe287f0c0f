"""The schema as a database describes it, and as the migrations make it.

What the migrations make is kept in `schema.json`, which a test compares with a new database. So
`log verify` needs neither Alembic nor the right to create anything.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sqlalchemy import Connection, text


class Definition(NamedTuple):
    """One object of the schema.

    Attributes:
        table: The table that it is, or belongs to.
        kind: What it is, such as index.
        name: What it is called.
        lines: How it is defined, spelled alike by all versions of a database; a table of SQLite
            has a line for each column and constraint.
    """

    table: str
    kind: str
    name: str
    lines: tuple[str, ...]


def definitions(connection: Connection, tables: Iterable[str]) -> list[Definition]:
    """Return the objects of a schema, by table, kind and name.

    On SQLite those of the whole file. On PostgreSQL those of some tables, and what depends on them.
    """
    if connection.dialect.name == "sqlite":
        return sorted(_of_sqlite(connection))
    return sorted(_of_postgresql(connection, list(tables)))


@cache
def expected_definitions(dialect: str) -> list[Definition]:
    """Return the objects of a new casebook's schema."""
    kept = json.loads(files("claimtrack.db").joinpath("schema.json").read_text(encoding="utf-8"))
    return [Definition(table, kind, name, tuple(of)) for table, kind, name, of in kept[dialect]]


def _of_sqlite(connection: Connection) -> Iterator[Definition]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master"
    for kind, name, table, sql in connection.execute(text(query)):
        if str(name).startswith("sqlite_stat"):  # of ANALYZE
            continue
        spelled = "" if str(name).startswith("fulltext_") else sql or ""  # SQLite spells its own
        lines = re.split(r",\s*\n", spelled) if kind == "table" else [spelled]
        yield Definition(str(table), str(kind), str(name), tuple(map(_plain, lines)))


def _of_postgresql(connection: Connection, tables: list[str]) -> Iterator[Definition]:
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    for table, kind, name, said in connection.execute(text(_POSTGRESQL), {"tables": tables}):
        yield Definition(table, kind, name, (_plain(said.replace(f"{schema}.", "")),))


# Constraints of the type n are of PostgreSQL 18, and say again what the columns do.
_POSTGRESQL = """
    WITH ours AS (
        SELECT oid, relname, relkind, relpersistence, relrowsecurity, relforcerowsecurity
        FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relname = ANY (:tables)
        AND relkind IN ('r', 'p', 'v', 'm', 'f')
    )
    SELECT relname, 'table', relname, concat_ws(
        ' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity
    ) FROM ours
    UNION ALL
    SELECT relname, 'column', attname, concat_ws(
        ' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, collname,
        pg_get_expr(adbin, adrelid)
    ) FROM ours
    JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    UNION ALL
    SELECT relname, 'constraint', conname, pg_get_constraintdef(pg_constraint.oid)
    FROM ours JOIN pg_constraint ON conrelid = ours.oid AND contype IN ('c', 'f', 'p', 'u', 'x')
    UNION ALL
    SELECT ours.relname, 'index', pg_class.relname, concat_ws(
        ' ', pg_get_indexdef(indexrelid), indisvalid, indisready, indislive
    ) FROM ours JOIN pg_index ON indrelid = ours.oid JOIN pg_class ON pg_class.oid = indexrelid
    UNION ALL
    SELECT relname, 'trigger', tgname, concat_ws(
        ' ', tgenabled, pg_get_triggerdef(pg_trigger.oid), prosrc
    ) FROM ours
    JOIN pg_trigger ON tgrelid = ours.oid AND NOT tgisinternal
    JOIN pg_proc ON pg_proc.oid = tgfoid
    UNION ALL
    SELECT ours.relname, 'trigger of a foreign key', conname, tgenabled::text FROM ours
    JOIN pg_trigger ON tgrelid = ours.oid AND tgisinternal AND tgenabled <> 'O'
    JOIN pg_constraint ON pg_constraint.oid = tgconstraint
    UNION ALL
    SELECT relname, 'rule', rulename, pg_get_ruledef(pg_rewrite.oid)
    FROM ours JOIN pg_rewrite ON ev_class = ours.oid
    UNION ALL
    SELECT relname, 'policy', polname, polcmd::text FROM ours JOIN pg_policy ON polrelid = ours.oid
    UNION ALL
    SELECT relname, 'inheriting table', inhrelid::regclass::text, ''
    FROM ours JOIN pg_inherits ON inhparent = ours.oid
    UNION ALL
    SELECT DISTINCT ours.relname, 'view', pg_class.relname, ''
    FROM ours
    JOIN pg_depend ON refclassid = 'pg_class'::regclass AND refobjid = ours.oid
        AND classid = 'pg_rewrite'::regclass
    JOIN pg_rewrite ON pg_rewrite.oid = objid AND ev_class <> ours.oid
    JOIN pg_class ON pg_class.oid = ev_class
        AND pg_class.relnamespace = current_schema()::regnamespace
"""


def _plain(sql: str) -> str:
    """Return SQL without what spells the same differently: white space, and quotes around names.

    Literals are kept as they are.
    """
    code, *rest = re.split(r"('(?:[^']|'')*')", sql)
    parts = [_plain_code(code)]
    for literal, after in zip(rest[::2], rest[1::2], strict=True):
        parts += [literal, _plain_code(after)]
    return "".join(parts)


def _plain_code(code: str) -> str:
    code = re.sub(r'"(\w+)"', r"\1", code)
    return re.sub(r"\s*([(),=<>])\s*", r"\1", re.sub(r"\s+", " ", code))
