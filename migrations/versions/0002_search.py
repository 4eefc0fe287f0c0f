"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL; filled from the rows that are there."""

import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = (
    """
    CREATE VIRTUAL TABLE fulltext USING fts5(
        kind UNINDEXED, ref UNINDEXED, words, tokenize = "porter unicode61 remove_diacritics 2"
    )
    """,
)
_POSTGRESQL = (
    """
    CREATE TABLE fulltext (
        rowid BIGINT CONSTRAINT pk_fulltext PRIMARY KEY,
        kind TEXT NOT NULL,
        ref TEXT COLLATE "C" NOT NULL,
        words TEXT NOT NULL,
        vector tsvector GENERATED ALWAYS AS (to_tsvector('pg_catalog.english', words)) STORED
    )
    """,
    "CREATE INDEX ix_fulltext_vector ON fulltext USING gin (vector)",
)

# kind, its number within four, and the columns that are searched: as in claimtrack.models.
_SEARCHED = (
    ("actor", 0, "ref, name, aliases, described_as"),
    ("document", 1, "ref, title, url, body"),
    ("entry", 2, "ref, summary, capacity, place, date_text"),
    ("proposition", 3, "ref, text"),
)

_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"})


def upgrade() -> None:
    bind = op.get_bind()
    for statement in _SQLITE if bind.dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
    put = sa.text(
        "INSERT INTO fulltext (rowid, kind, ref, words) VALUES (:rowid, :kind, :ref, :words)"
    )
    for kind, number, columns in _SEARCHED:
        rows = bind.execute(sa.text(f"SELECT id, {columns} FROM {kind} ORDER BY id"))  # noqa: S608 - ours
        for batch in rows.partitions(500):
            bind.execute(
                put,
                [
                    {
                        "rowid": row.id * 4 + number,
                        "kind": kind,
                        "ref": row.ref,
                        "words": _words(row),
                    }
                    for row in batch
                ],
            )


def _words(row: sa.Row) -> str:
    said = []
    for name, value in row._mapping.items():
        if name == "aliases":
            said.extend(json.loads(value) if isinstance(value, str) else value)
        elif name != "id" and value:
            said.append(value)
    plain = unicodedata.normalize("NFKD", " ".join(said)[:400_000]).translate(_PLAIN)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()
    words = " ".join(re.findall(r"[^\W_]{1,200}", plain))
    return words.encode()[:400_000].decode(errors="ignore")
