"""The full-text index of the database itself: FTS5 on SQLite, tsvector on PostgreSQL.

It is derived from the rows, and kept in step by `changes`; `lookup.search` asks it.
"""

import re
import unicodedata

from sqlalchemy import BigInteger, column, delete, insert, table
from sqlalchemy.orm import Session

from claimtrack.models import Base, Entry

FULLTEXT = table(
    "fulltext", column("rowid", BigInteger), column("kind"), column("ref"), column("words")
)
"""One row per record: FTS5 on SQLite, a table with a tsvector on PostgreSQL: see migrations."""

SEARCHED = {
    "actor": (0, ("ref", "name", "aliases", "described_as")),
    "document": (1, ("ref", "title", "url", "body")),
    "entry": (2, ("ref", "summary", "capacity", "place", "date_text")),
    "proposition": (3, ("ref", "text")),
}
"""What is searched: the number of each table within four row numbers, and its columns."""


LONGEST = 400_000
"""Bytes of a record that are indexed: more could pass PostgreSQL's limit of a tsvector, 1 MiB."""


_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"})


def without_marks(words: str) -> str:
    """Return words without diacritics; letters that only look like marked ones become plain."""
    plain = unicodedata.normalize("NFKD", words).translate(_PLAIN)
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def tokens(words: str) -> list[str]:
    """Return the words of a text, as they are indexed and searched on both databases.

    Letters and digits alone, in lower case, without diacritics: else PostgreSQL reads an address,
    a ref such as C-12 or a date as one token, and lower-cases by the locale of the server. What
    runs on for longer than any word is cut, as PostgreSQL refuses it.
    """
    return re.findall(r"[^\W_]{1,200}", without_marks(words).casefold())


def index(session: Session, row: Base) -> None:
    """Put a record into the index as it now stands; rows that are not searched are left out."""
    if row.__tablename__ not in SEARCHED:
        return
    unindex(session, row)
    columns = SEARCHED[row.__tablename__][1]
    if isinstance(row, Entry) and row.actor.protected:
        columns = tuple(name for name in columns if name != "capacity")  # would give it away
    said = (getattr(row, name) for name in columns)
    words = " ".join(" ".join(part) if isinstance(part, list) else part for part in said if part)
    session.execute(
        insert(FULLTEXT).values(
            rowid=_rowid(row),
            kind=row.__tablename__,
            ref=getattr(row, "ref", None),
            words=_at_most(" ".join(tokens(words[:LONGEST]))),
        )
    )


def _at_most(words: str) -> str:
    return words.encode()[:LONGEST].decode(errors="ignore")


def unindex(session: Session, row: Base) -> None:
    """Take a record out of the index."""
    if row.__tablename__ in SEARCHED:
        session.execute(delete(FULLTEXT).where(FULLTEXT.c.rowid == _rowid(row)))


def _rowid(row: Base) -> int:
    number, _ = SEARCHED[row.__tablename__]
    return int(getattr(row, "id", 0)) * 4 + number
