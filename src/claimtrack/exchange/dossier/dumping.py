"""Dumps a whole casebook as one dossier: the same text for the same records."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, TextIO

from claimtrack.db import Session
from claimtrack.exchange.dossier.reading import VERSION
from claimtrack.exchange.dossier.sections import NESTED, SECTIONS, without_defaults
from claimtrack.exchange.dossier.yaml_writer import row_lines
from claimtrack.records import KEYS, selected
from claimtrack.schemas import New, NewEntry
from claimtrack.sql import stream


def dump(session: Session, out: TextIO) -> None:
    """Write the whole database as one dossier, by ref, without nulls and defaults.

    The same bytes for the same casebook on both databases. Sends one statement for each table and
    streams: memory does not grow with the casebook.
    """
    out.write(f"claimtrack: {VERSION}\n")
    if session.state.mask.pseudonyms:
        out.write("withheld: true\n")
    for section, model in SECTIONS.items():
        started = False
        for record in _records(session, model):
            if not started:
                out.write(f"{section}:\n")
                started = True
            out.writelines(f"{line}\n" for line in row_lines(record, 2))


def _records(session: Session, model: type[New]) -> Iterator[dict[str, Any]]:
    """Yield the records of a section as mappings with the keys of a dossier."""
    if model.table in KEYS:
        for _, group in _groups(session, model):
            yield from group
        return
    nested = {name: _groups(session, of) for name, of in NESTED.items() if model is NewEntry}
    waiting = {name: next(groups, None) for name, groups in nested.items()}
    for row in _rows(session, model.table, "ref"):
        record = without_defaults(model, row)
        for name, groups in nested.items():
            at = waiting[name]
            if at is not None and at[0] == row["ref"]:
                record[name] = at[1]
                waiting[name] = next(groups, None)
        yield record


def _groups(session: Session, model: type[New]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the ref of each entry with its nested rows, in the order of their keys."""
    first = KEYS[model.table][0]

    def place(row: Mapping[str, Any]) -> list[tuple[bool, Any]]:
        key = [row[part] for part in KEYS[model.table]]
        return [(part is None, "" if part is None else part) for part in key]

    for entry, rows in groupby(_rows(session, model.table, first), key=lambda row: row[first]):
        yield str(entry), [without_defaults(model, row) for row in sorted(rows, key=place)]


def _rows(session: Session, table: str, by: str) -> Iterator[Mapping[str, Any]]:
    """Stream a table, with refs for foreign keys, ordered by the ref in column `by`.

    Sends one statement.
    """
    query = selected(table)
    for row in stream(session, query.order_by(query.selected_columns[by])):
        yield row._mapping
