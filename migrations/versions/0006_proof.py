"""What `log verify` relies on: booleans are 0 or 1, and the log holds a digest of the casebook row.

SQLite keeps whatever it is given in a column of booleans, and cannot add a CHECK: there the tables
are made anew. PostgreSQL has booleans of its own.
"""

import hashlib
import json
import re
import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op
from alembic.util import CommandError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BOOLEANS = (
    ("actor", "protected"),
    ("document", "protected"),
    ("topic", "exclusive"),
    ("proposition", "truth"),
)
_MARK = "'\"protected\":true'"
_EVER_PROTECTED = f"replace(before, {_MARK}, '') <> before OR replace(after, {_MARK}, '') <> after"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, column in _BOOLEANS:
            _check(table, column)
        for table in ("actor", "document"):
            op.create_index(
                op.f(f"ix_{table}_misprotected"),
                table,
                ["protected"],
                sqlite_where=sa.text("protected IS NOT 0 AND protected IS NOT 1"),
            )
    condition = sa.literal_column(_EVER_PROTECTED)  # sa.text takes :true for a parameter
    op.create_index(
        op.f("ix_revision_protected"),
        "revision",
        ["table_name", "row_key"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
    _record_casebook()


def _check(table: str, column: str) -> None:
    """Make a table anew with a CHECK that a column is 0 or 1, with the rows that meet it.

    Raises:
        CommandError: some do not, or break another rule of the table.
    """
    definition, *hanging = _statements(table)
    name = op.f(f"ck_{table}_{column}_is_0_or_1")
    quoted = op.get_bind().dialect.identifier_preparer.quote(column)
    rule = f", \n\tCONSTRAINT {name} CHECK ({quoted} IN (0, 1))\n)"
    anew = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE new_{table}", definition)
    op.execute(re.sub(r"\s*\)\s*$", rule, anew))
    try:
        op.execute(f"INSERT INTO new_{table} SELECT * FROM {table}")  # noqa: S608 - ours
    except sa.exc.IntegrityError as error:
        raise CommandError(_refused(table)) from error
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
    for statement in hanging:
        op.execute(statement)


def _statements(table: str) -> list[str]:
    """Return what made a table, then its indexes, as the database keeps it."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
        "ORDER BY type <> 'table', name"
    )
    return list(op.get_bind().scalars(sa.text(query), {"table": table}))


def _refused(table: str) -> str:
    """Return which rows break which rules of their table, the first ten of them."""
    bind = op.get_bind()
    put = sa.text(f"INSERT INTO new_{table} SELECT * FROM {table} WHERE id = :id")  # noqa: S608
    found = []
    for key in bind.scalars(sa.text(f"SELECT id FROM {table} ORDER BY id")).all():  # noqa: S608
        try:
            bind.execute(put, {"id": key})
        except sa.exc.IntegrityError as error:
            found.append(f"{table} with id {key} ({error.orig})")
    shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    return f"it holds what its tables do not allow: {shown}"


def _record_casebook() -> None:
    """Append the revision that holds a digest of the casebook row, unless the log has it.

    Spelled as `claimtrack.history` spells revisions.
    """
    bind = op.get_bind()
    found = bind.execute(sa.text("SELECT id, created_at, pseudonym_secret FROM casebook")).first()
    known = bind.execute(sa.text("SELECT 1 FROM revision WHERE table_name = 'casebook'")).first()
    if found is None or known is not None:
        return
    try:
        created_at = _instant(found.created_at)
    except ValueError as error:
        raise CommandError(f"it holds no time of creation in casebook ({error})") from error
    row = {"id": found.id, "created_at": created_at, "pseudonym_secret": found.pseudonym_secret}
    after = {"id": found.id, "created_at": created_at, "digest": _sha256(_canonical(row))}
    last = bind.execute(sa.text("SELECT seq, hash FROM revision ORDER BY seq DESC LIMIT 1")).first()
    salt = secrets.token_hex(16)
    said = {"row_key": found.id, "message": None, "before": None, "after": _canonical(after)}
    chained = {
        "seq": last.seq + 1 if last else 1,
        "at": _instant(datetime.now(UTC)),
        "author": context.config.attributes.get("author") or "claimtrack",
        "change": secrets.token_hex(6),
        "table_name": "casebook",
        "op": "insert",
        "content_digest": _sha256(salt + _canonical(said)),
    }
    prev_hash = last.hash if last else "0" * 64
    link = {"prev_hash": prev_hash, "hash": _sha256(prev_hash + _canonical(chained))}
    columns = {**chained, **said, **link, "salt": salt}
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join(f":{name}" for name in columns)
    bind.execute(sa.text(f"INSERT INTO revision ({names}) VALUES ({marks})"), columns)  # noqa: S608


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _instant(at: datetime | str) -> str:
    """Return an instant in UTC with microseconds and Z; SQLite has it as text, without its zone."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
