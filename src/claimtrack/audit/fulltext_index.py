"""The check that the full-text index holds the words of the rows."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, inspect, literal, select, text, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from claimtrack.db import Session, is_damage_message
from claimtrack.db.schema_objects import load_expected_schema_objects
from claimtrack.fulltext import FULLTEXT, SEARCHED, TABLE_SLOTS, words_of
from claimtrack.models import Actor, Entry
from claimtrack.records import TABLES
from claimtrack.replay import Finding
from claimtrack.sql import stream
from claimtrack.stored_values import retry_undecoded, select_raw

MEND = "'claimtrack compact' rebuilds it"


def check_fulltext(session: Session) -> Iterator[Finding]:
    """Yield the records whose words the index lacks or has wrong, and the index's own faults.

    A fixed number of statements, streamed. Rows with values that cannot be indexed are skipped:
    `replay.verify` reports them.
    """
    yield from retry_undecoded(session, lambda: _misindexed(session))


def _misindexed(session: Session) -> Iterator[Finding]:
    count = 0
    for table in SEARCHED:
        for row in stream(session, _with_words(session, table)):
            count += 1
            finding = _finding(table, row)
            if finding:
                yield Finding(FULLTEXT.name, f"{table} {row.ref}", f"{finding}: {MEND}")
    indexed = session.scalar(select(func.count()).select_from(FULLTEXT)) or 0
    if indexed > count:
        yield Finding(FULLTEXT.name, "", f"it has {indexed} rows for {count} records: {MEND}")
    sqlite = session.connection().dialect.name == "sqlite"
    yield from _of_sqlite(session) if sqlite else _of_postgresql(session)


def _with_words(session: Session, table: str) -> Select[Any]:
    """Select the searched columns of a table, and the row of the index for each record."""
    number, names = SEARCHED[table]
    columns = inspect(TABLES[table]).columns
    native = session.connection().dialect.supports_native_boolean
    read = [select_raw(columns[one], columns[one], native=native).label(one) for one in names]
    indexed = [FULLTEXT.c[one].label(f"its_{one}") for one in ("kind", "ref", "words")]
    protected = type_coerce(Actor.protected if table == "entry" else literal(False), NullType())
    query = select(*read, *indexed, protected.label("protected")).select_from(TABLES[table])
    if table == "entry":
        query = query.outerjoin(Actor, Actor.id == Entry.actor_id)
    return query.outerjoin(FULLTEXT, FULLTEXT.c.rowid == columns["id"] * TABLE_SLOTS + number)


def _finding(table: str, row: Any) -> str | None:
    if row.its_words is None:
        return "its words are missing from the index"
    record = {name: getattr(row, name) for name in SEARCHED[table][1]}
    record["actor"] = row  # which says whether it is protected
    try:
        if "aliases" in record:
            record["aliases"] = json.loads(record["aliases"])
        words = words_of(table, record)
    except (AttributeError, TypeError, ValueError):  # no text
        return None
    if (row.its_kind, row.its_ref, row.its_words) != (table, row.ref, words):
        return "the index has other words for it"
    return None


_PARTS = ("data", "idx", "content", "docsize")
_COPY = ("DELETE FROM temp.proof_{0}", "INSERT INTO temp.proof_{0} SELECT * FROM main.fulltext_{0}")


def _of_sqlite(session: Session) -> Iterator[Finding]:
    """Have SQLite check a temporary copy of the index: its integrity check needs write access."""
    table, connection = FULLTEXT.name, session.connection()
    settings = "SELECT k FROM fulltext_config WHERE k <> 'version'"
    if connection.exec_driver_sql(settings).first():
        yield Finding(table, "", f"its settings have been changed: {MEND}")
    definition = next(
        one for one in load_expected_schema_objects("sqlite") if one.name == table
    ).lines[0]
    connection.exec_driver_sql(definition.replace(f"TABLE {table}", "TABLE temp.proof"))
    try:
        for part in _PARTS:
            for statement in _COPY:
                connection.exec_driver_sql(statement.format(part))
        connection.exec_driver_sql("INSERT INTO temp.proof (proof) VALUES ('integrity-check')")
    except DBAPIError as error:
        if not is_damage_message(str(error.orig)):
            raise
        yield Finding(
            table, "", f"the index does not contain the words that were added to it: {MEND}"
        )
    finally:
        connection.exec_driver_sql("DROP TABLE temp.proof")


def _of_postgresql(session: Session) -> Iterator[Finding]:
    query = (
        "SELECT kind, ref FROM fulltext "
        "WHERE vector IS DISTINCT FROM to_tsvector('pg_catalog.english', words) ORDER BY rowid"
    )
    for kind, ref in session.execute(text(query)):
        finding = f"the index does not contain the words that were added to it: {MEND}"
        yield Finding(FULLTEXT.name, f"{kind} {ref}", finding)
