"""The full-text index of the database itself: FTS5 on SQLite, tsvector on PostgreSQL.

It is derived from the rows, and kept in step by `changes`; `lookup.search` asks it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Set
from typing import Any

from sqlalchemy import BigInteger, column, delete, insert, select, table

from claimtrack.db import Session
from claimtrack.kinds import ENTRY, KINDS
from claimtrack.models import Actor, Base, Entry
from claimtrack.sql import batches, stream

FULLTEXT = table(
    "fulltext", column("rowid", BigInteger), column("kind"), column("ref"), column("words")
)
"""One row per record: FTS5 on SQLite, a table with a tsvector on PostgreSQL: see migrations."""

SEARCHED = {
    name: (number, KINDS[name].searched)
    for number, name in enumerate(("actor", "document", "entry", "proposition"))
}
"""What is searched: the number of each table within four row numbers, and its columns."""


LONGEST = 400_000
"""Bytes of a record that are indexed: more could pass PostgreSQL's limit of a tsvector, 1 MiB."""


ALIKE = 0.5
"""Share of all the words of two summaries that are in both, from which they are alike (Jaccard)."""

STOP_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she
    her hers herself it its itself they them their theirs themselves what which who whom this that
    these those am is are was were be been being have has had having do does did doing a an the and
    but if or because as until while of at by for with about against between into through during
    before after above below to from up down in out on off over under again further then once here
    there when where why how all any both each few more most other some such no nor not only own
    same so than too very s t can will just don should now
    """.split()  # noqa: SIM905 - a word list reads as one
)
"""Words too common to search for.

Source: PostgreSQL's english.stop (Porter's Snowball list), applied on SQLite as well.
"""

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


def content(words: str) -> frozenset[str]:
    """Return the words of a text that say something: all but the commonest, each once."""
    return frozenset(tokens(words)) - STOP_WORDS


def likeness(one: Set[str], other: Set[str]) -> float:
    """Return the share of all the words of two texts that are in both (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0


def index(session: Session, row: Base) -> None:
    """Index the current values of a record; rows that are not searched are left out."""
    unindex(session, row)
    index_first(session, row)


def index_first(session: Session, row: Base) -> None:
    """Put a record into the index that is not there yet."""
    table = row.__tablename__
    if table not in SEARCHED:
        return
    columns = {name: getattr(row, name) for name in SEARCHED[table][1]}
    columns |= {"actor": row.actor} if isinstance(row, Entry) else {}
    index_new(session, table, [(_key(row), columns)])


def index_new(
    session: Session, table: str, records: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Put records of one table into the index that are not there yet, each with its key.

    Of an entry its actor too: what reveals in which capacity a protected one spoke is left out.
    """
    number, _ = SEARCHED[table]
    rows = [
        {
            "rowid": key * 4 + number,
            "kind": table,
            "ref": columns["ref"],
            "words": words_of(table, columns),
        }
        for key, columns in records
    ]
    session.execute(insert(FULLTEXT), rows)


def words_of(table: str, columns: Mapping[str, Any]) -> str:
    """Return the texts of a record to be indexed, by its columns; of an entry also its actor."""
    _, names = SEARCHED[table]
    if table == Entry.__tablename__ and columns["actor"].protected:
        names = tuple(name for name in names if ENTRY.by_name[name].hidden_with != "actor")
    texts = (columns[name] for name in names)
    words = " ".join(" ".join(part) if isinstance(part, list) else part for part in texts if part)
    return _at_most(" ".join(tokens(words[:LONGEST])))


def _at_most(words: str) -> str:
    return words.encode()[:LONGEST].decode(errors="ignore")


def rebuild(session: Session) -> None:
    """Make the index anew from the rows."""
    session.execute(delete(FULLTEXT))
    for kind, (_, names) in SEARCHED.items():
        columns = Base.metadata.tables[kind].columns
        query = select(columns["id"], *(columns[name] for name in names))
        if kind == Entry.__tablename__:
            query = query.add_columns(Actor.protected).join(Actor, Actor.id == Entry.actor_id)
        for batch in batches(stream(session, query)):
            index_new(session, kind, ((row.id, {**row._mapping, "actor": row}) for row in batch))


def unindex(session: Session, row: Base) -> None:
    """Take a record out of the index."""
    if row.__tablename__ in SEARCHED:
        session.execute(delete(FULLTEXT).where(FULLTEXT.c.rowid == _rowid(row)))


def _rowid(row: Base) -> int:
    number, _ = SEARCHED[row.__tablename__]
    return _key(row) * 4 + number


def _key(row: Base) -> int:
    return int(getattr(row, "id", 0))
