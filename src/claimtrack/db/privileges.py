"""Privileges on a PostgreSQL server: why a user cannot see or use a casebook."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

CASEBOOK_TABLES = ("casebook", "alembic_version")
"""The tables by which a casebook is recognised."""

# From the catalogue, because the inspector omits schemas outside the search path.
_SCHEMAS = text("""
    SELECT n.nspname, count(*), bool_and(has_schema_privilege(n.oid, 'USAGE')), current_user,
           current_setting('search_path')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname IN :tables AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
    GROUP BY n.nspname ORDER BY n.nspname
""").bindparams(bindparam("tables", expanding=True))


@dataclass(frozen=True)
class CasebookSchema:
    """A schema that holds a casebook."""

    schema: str
    usable: bool
    """Whether the user has USAGE on it."""
    on_path: bool
    """Whether the search path names it."""


def list_casebook_schemas(connection: Connection) -> list[CasebookSchema]:
    """Return the schemas that hold a casebook, visible or not; those on the search path first.

    One statement.
    """
    found = []
    rows = connection.execute(_SCHEMAS, {"tables": CASEBOOK_TABLES})
    for schema, tables, usable, user, path in rows:
        names = {user if name == "$user" else name for name in _names(path)}
        if tables == len(CASEBOOK_TABLES):
            found.append(CasebookSchema(schema, usable, schema in names))
    return sorted(found, key=lambda one: not one.on_path)


def _names(path: str) -> list[str]:
    """Return the schema names in a search path, unquoted.

    Source: PostgreSQL, SplitIdentifierString.
    """
    return [
        quoted.replace('""', '"') if quoted else bare.lower()
        for quoted, bare in re.findall(r'"((?:[^"]|"")*)"|([^\s,"]+)', path)
    ]


def explain_invisible_casebook(connection: Connection) -> str | None:
    """Return why the database's casebook is not visible to the user; None where it has none.

    None too where it is visible.
    """
    found = next(iter(list_casebook_schemas(connection)), None)
    if found is None or (found.usable and found.on_path):
        return None
    if not found.usable:
        return missing_privilege(f"USAGE on schema {found.schema}")
    return (
        f"its casebook is in schema {found.schema}, which the search path leaves out: set it, as "
        f'in ALTER ROLE ... SET search_path = "{found.schema}"'
    )


def missing_privilege(right: str) -> str:
    """Return the sentence for a missing privilege, with the document that lists all of them."""
    return (
        f"this user lacks {right}: let the owner GRANT it (docs/security.md lists what is needed)"
    )


def list_missing_privileges(connection: Connection, table: str, statement: str) -> list[str]:
    """Return the privileges that a statement needs on a table and the user lacks.

    In the order SELECT, INSERT, UPDATE, DELETE; one statement for each that is needed.
    """
    needed = {"SELECT", *re.findall(r"\b(?:INSERT|UPDATE|DELETE)\b", statement)}
    query = text(
        "SELECT has_table_privilege(c.oid, :right) FROM pg_catalog.pg_class c "
        "WHERE c.relname = :table AND pg_catalog.pg_table_is_visible(c.oid)"
    )
    return [
        right
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
        if right in needed and connection.scalar(query, {"right": right, "table": table}) is False
    ]
