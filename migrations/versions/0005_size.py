"""What a million entries ask for.

Entries are found by their day, and those that last more than one by their last day. The hash of a
revision needs no index: it follows from the chain, nothing is found by it, and an index of random
text costs a large import more than all else. SQLite cannot drop a constraint: there the table is
made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CONSTRAINT = "CONSTRAINT uq_revision_hash UNIQUE (hash), \n\t"
_OLD = "seq = NEW.seq OR hash = NEW.hash"
_NEW = "seq = NEW.seq"


def upgrade() -> None:
    day, last = "coalesce(date_from, date_to, '9999-12-31')", "coalesce(date_to, '9999-12-31')"
    op.create_index(op.f("ix_entry_day"), "entry", [sa.text(day), "ref"])
    op.create_index(
        op.f("ix_entry_lasting"),
        "entry",
        [sa.text(last)],
        sqlite_where=sa.text("date_from IS NOT date_to"),
        postgresql_where=sa.text("date_from IS DISTINCT FROM date_to"),
    )
    _let_hashes_be()


def _let_hashes_be() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("uq_revision_hash"), "revision", type_="unique")
        return
    table, *hanging = _statements()
    anew = table.replace('CREATE TABLE "revision"', "CREATE TABLE new_revision")
    op.execute(anew.replace(_CONSTRAINT, ""))
    op.execute("INSERT INTO new_revision SELECT * FROM revision")
    op.drop_table("revision")
    op.rename_table("new_revision", "revision")
    for statement in hanging:
        op.execute(statement.replace(_OLD, _NEW))


def _statements() -> list[str]:
    """Return what made the table, then its indexes and triggers, as the database keeps it."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'revision' AND sql IS NOT NULL "
        "ORDER BY type <> 'table', name"
    )
    return list(op.get_bind().scalars(sa.text(query)))
