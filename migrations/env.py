"""Run the migrations on the connection that the caller holds, inside its transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Column, Index
from sqlalchemy.schema import SchemaItem

from claimtrack.db import UtcDateTime
from claimtrack.models import Base


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the full-text index alone: it is derived, and differs between the databases."""
    return not (kind == "table" and name is not None and name.startswith("fulltext"))


def include_object(
    item: SchemaItem, _name: str | None, _kind: str, _reflected: bool, _other: SchemaItem | None
) -> bool:
    """Leave indexes of expressions out: databases tell them differently; a test compares them."""
    return not (
        isinstance(item, Index) and not all(isinstance(part, Column) for part in item.expressions)
    )


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Spell our column types in plain SQL types, so that a revision never imports claimtrack."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    include_name=include_name,
    include_object=include_object,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
