"""Folders of CSV tables: a casebook that is written to one, and tables that a test writes."""

from pathlib import Path

import pytest

from claimtrack.db import Session
from claimtrack.errors import Invalid
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import files_in
from claimtrack.records import IN_ORDER


def written(session: Session, folder: Path) -> Path:
    """Write all tables of a casebook, and its captures, into a folder."""
    session.flush()
    (folder / csv_tables.CAPTURES).mkdir(exist_ok=True)
    for table in IN_ORDER:
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
            csv_tables.write_table(session, table, out)
    for digest, content in csv_tables.captured(session):
        (folder / csv_tables.CAPTURES / digest).write_bytes(content)
    return folder


def put(folder: Path, table: str, *rows: str) -> Path:
    """Write a table into a folder, in place of what it held."""
    (folder / f"{table}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def refused_lines(session: Session, folder: Path) -> list[str]:
    """Return the lines with which a folder is refused, its own name left out."""
    savepoint = session.begin_nested()
    with pytest.raises(Invalid) as caught:
        csv_tables.read_tables(session, files_in(folder))
    savepoint.rollback()
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).splitlines()]
