"""Run the migrations on the connection that the caller holds, inside its transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Column, Index
from sqlalchemy.schema import SchemaItem

from claimtrack.db import UtcDateTime
from claimtrack.models import indexes


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the full-text index alone: it is derived, and differs between the databases."""
    return not (kind == "table" and name is not None and name.startswith("fulltext"))


def include_object(
    item: SchemaItem, _name: str | None, _kind: str, _reflected: bool, _other: SchemaItem | None
) -> bool:
    """Leave out indexes of expressions, and those of SQLite alone; a test compares all of them.

    Databases tell expressions differently.
    """
    if not isinstance(item, Index):
        return True
    sqlite_alone = list(item.dialect_kwargs) == ["sqlite_where"]
    return all(isinstance(part, Column) for part in item.expressions) and not sqlite_alone


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Spell our column types in plain SQL types, so that a revision never imports claimtrack."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=indexes.metadata,
    render_as_batch=True,
    render_item=render_item,
    include_name=include_name,
    include_object=include_object,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
