"""The objects of a database's schema: those it has, and those that the migrations create.

The expected objects are stored in `schema.json`, which a test compares with a new database. So `log
verify` needs neither Alembic nor the right to create anything.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sqlalchemy import Connection, text


class SchemaObject(NamedTuple):
    """One object of a schema: a table, a column, a constraint, an index, a trigger.

    Attributes:
        table: The table that it is, or belongs to.
        kind: The kind of object, such as `index`.
        name: Its name.
        lines: Its definition, normalised so that all versions of a database spell it alike. A table
            of SQLite has a line for each column and constraint, any other object has one line.
    """

    table: str
    kind: str
    name: str
    lines: tuple[str, ...]


def list_schema_objects(connection: Connection, tables: Iterable[str]) -> list[SchemaObject]:
    """Return the objects of a schema, sorted by table, kind and name; one or two statements.

    On SQLite all objects of the file. On PostgreSQL the tables named by `tables` in the current
    schema, and what depends on them.
    """
    if connection.dialect.name == "sqlite":
        return sorted(_of_sqlite(connection))
    return sorted(_of_postgresql(connection, list(tables)))


@cache
def load_expected_schema_objects(dialect: str) -> list[SchemaObject]:
    """Return the objects of a new casebook on `sqlite` or `postgresql`, sorted likewise; cached."""
    stored = json.loads(files("claimtrack.db").joinpath("schema.json").read_text(encoding="utf-8"))
    rows = stored[dialect]
    return [SchemaObject(table, kind, name, tuple(lines)) for table, kind, name, lines in rows]


def _of_sqlite(connection: Connection) -> Iterator[SchemaObject]:
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master"
    for kind, name, table, sql in connection.execute(text(query)):
        if str(name).startswith("sqlite_stat"):  # statistics, created by ANALYZE
            continue
        # The shadow tables of FTS5 are defined by SQLite, and differ between its versions.
        definition = "" if str(name).startswith("fulltext_") else sql or ""
        lines = re.split(r",\s*\n", definition) if kind == "table" else [definition]
        yield SchemaObject(str(table), str(kind), str(name), tuple(map(_plain, lines)))


def _of_postgresql(connection: Connection, tables: list[str]) -> Iterator[SchemaObject]:
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    # pg_get_indexdef and its like qualify names; a casebook may be in a schema of any name.
    for table, kind, name, definition in connection.execute(text(_POSTGRESQL), {"tables": tables}):
        yield SchemaObject(table, kind, name, (_plain(definition.replace(f"{schema}.", "")),))


# Constraints of type n (NOT NULL) exist since PostgreSQL 18 only: the columns' attnotnull has them.
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
    """Return SQL with white space normalised and without the quotes around names.

    Versions of a database spell those differently. String literals are kept unchanged.
    """
    code, *rest = re.split(r"('(?:[^']|'')*')", sql)
    parts = [_plain_code(code)]
    for literal, after in zip(rest[::2], rest[1::2], strict=True):
        parts += [literal, _plain_code(after)]
    return "".join(parts)


def _plain_code(code: str) -> str:
    code = re.sub(r'"(\w+)"', r"\1", code)
    return re.sub(r"\s*([(),=<>])\s*", r"\1", re.sub(r"\s+", " ", code))
