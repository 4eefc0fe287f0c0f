"""The check that the schema is the one that the migrations create."""

from collections.abc import Iterator

from sqlalchemy import text

from claimtrack.db import SCHEMA_VERSION, Session
from claimtrack.db.schema_objects import (
    SchemaObject,
    list_schema_objects,
    load_expected_schema_objects,
)
from claimtrack.models import Base
from claimtrack.replay import Finding

TABLES = (*Base.metadata.tables, "fulltext", "alembic_version")
SHOWN = 120
"""Characters of a definition that a finding quotes."""


def check_schema_objects(session: Session) -> Iterator[Finding]:
    """Yield each schema object that is missing, different or unexpected, by table, kind and name.

    Two or three statements.
    """
    connection = session.connection()
    expected = _by_name(load_expected_schema_objects(connection.dialect.name))
    found = _by_name(list_schema_objects(connection, TABLES))
    for names in sorted(expected.keys() | found.keys()):
        one, other = expected.get(names), found.get(names)
        if one != other:
            table, kind, name = names
            yield Finding(table, name, _finding(kind, one, other))
    versions = session.scalars(text("SELECT version_num FROM alembic_version")).all()
    if versions != [SCHEMA_VERSION]:
        yield Finding("alembic_version", "", "it holds more than the version of the schema")


def _by_name(found: list[SchemaObject]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    return {(one.table, one.kind, one.name): one.lines for one in found}


def _finding(kind: str, expected: tuple[str, ...] | None, found: tuple[str, ...] | None) -> str:
    if found is None:
        return f"the {kind} is missing from the schema"
    if expected is None:
        return f"the {kind} is none of version {SCHEMA_VERSION} of the schema"
    lacks = [line for line in expected if line not in found]
    has = [line for line in found if line not in expected]
    parts = [
        f"{word} {_shorten(lines[0])}" for word, lines in (("lacks", lacks), ("has", has)) if lines
    ]
    return f"the {kind} is not defined as by the migrations: it {' and '.join(parts)}"


def _shorten(line: str) -> str:
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}..."
