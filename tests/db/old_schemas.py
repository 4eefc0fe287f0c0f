"""Casebooks of earlier schemas: the configuration of Alembic, and rows that fit them."""

import json
import warnings

from alembic.config import Config
from sqlalchemy import Connection, MetaData, inspect, text

from claimtrack import db


def config(connection: Connection) -> Config:
    """Return the configuration of Alembic for a connection."""
    made = Config()
    made.set_main_option("script_location", str(db.migrations_folder()))
    made.attributes["connection"] = connection
    return made


def copy_rows(source: db.Database, old: Connection) -> list[str]:
    """Copy each table that the old schema has, in an order that its foreign keys allow."""
    there = MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based.*")
        there.reflect(
            old, only=[name for name in inspect(old).get_table_names() if name != "alembic_version"]
        )
    copied = []
    with source.engine.connect() as connection:
        for table in there.sorted_tables:
            if table.name.startswith("fulltext"):
                continue
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            found = connection.execute(text(f'SELECT {names} FROM "{table.name}"'))
            values = [dict(row) for row in found.mappings()]
            marks = ", ".join(f":{column.name}" for column in table.columns)
            for row in values:
                plain = {k: json.dumps(v) if isinstance(v, list) else v for k, v in row.items()}
                old.execute(text(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'), plain)
            copied.append(table.name)
        if inspect(old).has_table("fulltext"):
            indexed = connection.execute(text("SELECT rowid, kind, ref, words FROM fulltext"))
            put = text("INSERT INTO fulltext (rowid, kind, ref, words) VALUES (:a, :b, :c, :d)")
            # Before there were measures, the index had room for four tables, now it has for eight.
            slots = 8 if inspect(old).has_table("measure") else 4
            for number, *words in indexed:
                key, table = divmod(number, 8)
                indexed_row = (key * slots + table, *words)
                old.execute(put, dict(zip("abcd", indexed_row, strict=True)))
    return copied
