"""Why a user does not see a casebook on a PostgreSQL server, or may not use it."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

MARKS = ("casebook", "alembic_version")
"""The tables by which a casebook is known."""

_WHERE = text("""
    SELECT n.nspname, count(*), bool_and(has_schema_privilege(n.oid, 'USAGE')), current_user,
           current_setting('search_path')
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname IN :marks AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
    GROUP BY n.nspname ORDER BY n.nspname
""").bindparams(bindparam("marks", expanding=True))


@dataclass(frozen=True)
class Home:
    """A schema that holds a casebook."""

    schema: str
    usable: bool
    """Whether the user has USAGE on it."""
    on_path: bool
    """Whether the search path names it."""


def homes(connection: Connection) -> list[Home]:
    """Return the schemas that hold a casebook, seen or not; those on the search path first."""
    found = []
    for schema, marks, usable, user, path in connection.execute(_WHERE, {"marks": MARKS}):
        names = {user if name == "$user" else name for name in _names(path)}
        if marks == len(MARKS):
            found.append(Home(schema, usable, schema in names))
    return sorted(found, key=lambda home: not home.on_path)


def _names(path: str) -> list[str]:
    """Return the schemas that a search path names. Source: PostgreSQL, SplitIdentifierString."""
    return [
        quoted.replace('""', '"') if quoted else bare.lower()
        for quoted, bare in re.findall(r'"((?:[^"]|"")*)"|([^\s,"]+)', path)
    ]


def why_unseen(connection: Connection) -> str | None:
    """Return why a casebook that the database holds is not seen; None where it holds none."""
    home = next(iter(homes(connection)), None)
    if home is None or (home.usable and home.on_path):
        return None
    if not home.usable:
        return lacks(f"USAGE on schema {home.schema}")
    return (
        f"its casebook is in schema {home.schema}, which the search path leaves out: set it, as in "
        f'ALTER ROLE ... SET search_path = "{home.schema}"'
    )


def lacks(right: str) -> str:
    """Return what tells a user which right is missing, and where all are listed."""
    return (
        f"this user lacks {right}: let the owner GRANT it (docs/security.md lists what is needed)"
    )


def lacking(connection: Connection, table: str, statement: str) -> list[str]:
    """Return the rights on a table that a statement needs and the user lacks."""
    wanted = {"SELECT", *re.findall(r"\b(?:INSERT|UPDATE|DELETE)\b", statement)}
    query = text(
        "SELECT has_table_privilege(c.oid, :right) FROM pg_catalog.pg_class c "
        "WHERE c.relname = :table AND pg_catalog.pg_table_is_visible(c.oid)"
    )
    return [
        right
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
        if right in wanted and connection.scalar(query, {"right": right, "table": table}) is False
    ]
