"""The relation `unrelated`, which has no direction.

SQLite cannot change a CHECK: there the table is made anew.
"""

import re

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SYMMETRIC = "'corroborates', 'contradicts', 'reconciles'"
_OTHERS = "'repeats', 'responds_to', 'supersedes', 'concerns'"
_ADDED = f"{_SYMMETRIC}, 'unrelated'"
_LOWER = "(CASE WHEN from_id < to_id THEN from_id ELSE to_id END)"
_HIGHER = "(CASE WHEN from_id < to_id THEN to_id ELSE from_id END)"
_WHICH_WAY = f"(CASE WHEN relation IN ({_ADDED}) THEN 0 ELSE from_id END)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
        return
    name = op.f("ck_link_relation")
    op.drop_constraint(name, "link", type_="check")
    op.create_check_constraint(name, "link", f"relation IN ({_ADDED}, {_OTHERS})")
    op.drop_index("uq_link_no_mirror_image", "link")
    columns = [_LOWER, _HIGHER, "relation", "asserted_by_id", _WHICH_WAY]
    op.create_index(
        "uq_link_no_mirror_image", "link", [sa.text(column) for column in columns], unique=True
    )


def _make_anew() -> None:
    """Make the table anew with the word in its CHECK, and its indexes with it.

    Raises:
        CommandError: some rows break a rule of the table.
    """
    definition, *indexes = _statements()
    anew = re.sub(r'^CREATE TABLE "?link"?', "CREATE TABLE new_link", definition)
    op.execute(anew.replace(f"({_SYMMETRIC}, {_OTHERS})", f"({_ADDED}, {_OTHERS})"))
    try:
        op.execute("INSERT INTO new_link SELECT * FROM link")
    except sa.exc.IntegrityError as error:
        raise CommandError(_refused()) from error
    op.drop_table("link")
    op.rename_table("new_link", "link")
    for statement in indexes:
        op.execute(statement.replace(f"({_SYMMETRIC})", f"({_ADDED})"))


def _statements() -> list[str]:
    """Return what made the table, then its indexes, as the database keeps it."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'link' AND sql IS NOT NULL "
        "ORDER BY type <> 'table', name"
    )
    return list(op.get_bind().scalars(sa.text(query)))


def _refused() -> str:
    """Return which rows break which rules of the table, the first ten of them."""
    bind = op.get_bind()
    put = sa.text("INSERT INTO new_link SELECT * FROM link WHERE id = :id")
    found = []
    for key in bind.scalars(sa.text("SELECT id FROM link ORDER BY id")).all():
        try:
            bind.execute(put, {"id": key})
        except sa.exc.IntegrityError as error:
            found.append(f"link with id {key} ({error.orig})")
    shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    return f"it holds what its tables do not allow: {shown}"
