"""Times of day on entries and on the periods that they speak of, and two finer precisions.

SQLite cannot change a CHECK: there the table is made anew.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COARSE = "'day', 'month', 'season', 'year', 'vague'"
_ALL = f"'minute', 'hour', {_COARSE}"


def _columns() -> Iterator[sa.Column[object]]:
    instant = sa.DateTime(timezone=True)
    yield sa.Column(
        "time_from",
        instant,
        comment="Earliest possible time of what was said or done, an instant; empty: not known",
    )
    yield sa.Column(
        "time_to",
        instant,
        comment="Latest possible time of what was said or done, an instant; empty: not known",
    )
    yield sa.Column(
        "zone",
        sa.Text(),
        comment="Offset or IANA zone in which these times are shown; empty: no times",
    )
    yield sa.Column(
        "about_time_from",
        instant,
        comment="Time at which the period that the entry speaks about begins; empty: not stated",
    )
    yield sa.Column(
        "about_time_to",
        instant,
        comment="Time at which the period that the entry speaks about ends; empty: not stated",
    )
    yield sa.Column(
        "about_zone",
        sa.Text(),
        comment="Offset or IANA zone in which the times of that period are shown; empty: no times",
    )


def _checks() -> Iterator[tuple[str, str]]:
    """Yield the name and the condition of each new constraint."""
    for prefix, bounds in (("", "date"), ("about_", "about")):
        for end in ("from", "to"):
            yield (
                f"ck_entry_{prefix}time_{end}_needs_day_and_zone",
                f"{prefix}time_{end} IS NULL "
                f"OR ({bounds}_{end} IS NOT NULL AND {prefix}zone IS NOT NULL)",
            )
        yield f"ck_entry_{prefix}times_in_order", f"{prefix}time_from <= {prefix}time_to"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew()
        return
    name = op.f("ck_entry_precision")
    op.drop_constraint(name, "entry", type_="check")
    op.create_check_constraint(name, "entry", f"precision IN ({_ALL})")
    for column in _columns():
        op.add_column("entry", column)
    for name, condition in _checks():
        op.create_check_constraint(op.f(name), "entry", condition)


def _make_anew() -> None:
    """Make the table anew with its new columns and constraints, and its indexes with it.

    Raises:
        CommandError: some rows break a rule of the table.
    """
    definition, *indexes = _statements()
    anew = re.sub(r'^CREATE TABLE "?entry"?', "CREATE TABLE new_entry", definition)
    dialect = op.get_bind().dialect
    columns = "".join(f"{column.name} {column.type.compile(dialect)}, " for column in _columns())
    checks = "".join(f", CONSTRAINT {name} CHECK ({condition})" for name, condition in _checks())
    anew = anew.replace("CONSTRAINT pk_entry", f"{columns}CONSTRAINT pk_entry", 1)
    anew = anew.replace(f"({_COARSE})", f"({_ALL})")
    op.execute(f"{anew.rstrip().removesuffix(')')}{checks})")
    names = ", ".join(_names())
    try:
        op.execute(
            f"INSERT INTO new_entry ({names}) SELECT {names} FROM entry"  # noqa: S608 - its columns
        )
    except sa.exc.IntegrityError as error:
        raise CommandError(_refused(names)) from error
    op.drop_table("entry")
    op.rename_table("new_entry", "entry")
    for statement in indexes:
        op.execute(statement)


def _statements() -> list[str]:
    """Return what made the table, then its indexes, as the database keeps it."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'entry' AND sql IS NOT NULL "
        "ORDER BY type <> 'table', name"
    )
    return list(op.get_bind().scalars(sa.text(query)))


def _names() -> list[str]:
    """Return the names of the columns that the table has so far."""
    return list(op.get_bind().scalars(sa.text("SELECT name FROM pragma_table_info('entry')")))


def _refused(names: str) -> str:
    """Return which rows break which rules of the table, the first ten of them."""
    bind = op.get_bind()
    put = sa.text(
        f"INSERT INTO new_entry ({names}) SELECT {names} FROM entry WHERE id = :id"  # noqa: S608
    )
    found = []
    for key in bind.scalars(sa.text("SELECT id FROM entry ORDER BY id")).all():
        try:
            bind.execute(put, {"id": key})
        except sa.exc.IntegrityError as error:
            found.append(f"entry with id {key} ({error.orig})")
    shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    return f"it holds what its tables do not allow: {shown}"
