"""The op `redact` of the log. SQLite cannot change a CHECK: there the table is made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_OLD = "op IN ('insert', 'update', 'delete')"
_NEW = "op IN ('insert', 'update', 'delete', 'redact')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_revision_op"), "revision", type_="check")
        op.create_check_constraint(op.f("ck_revision_op"), "revision", _NEW)
        return
    table, *hanging = _statements()
    anew = table.replace("CREATE TABLE revision", "CREATE TABLE new_revision")
    op.execute(anew.replace(_OLD, _NEW))
    op.execute("INSERT INTO new_revision SELECT * FROM revision")
    op.drop_table("revision")
    op.rename_table("new_revision", "revision")
    for statement in hanging:
        op.execute(statement)


def _statements() -> list[str]:
    """Return what made the table, then its indexes and triggers, as the database keeps it."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'revision' AND sql IS NOT NULL "
        "ORDER BY type <> 'table', name"
    )
    return list(op.get_bind().scalars(sa.text(query)))
