"""The data package: every table and every report as CSV, with a description for programs.

It is written as a folder or a ZIP, and read back by `tables.package_reader`.

Source: Data Package 2.0 (Frictionless, 2024), https://datapackage.org/standard/data-package/
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from types import NoneType
from typing import Any, TextIO, get_args, get_type_hints

from sqlalchemy import Column, Enum, UniqueConstraint

from claimtrack.atomic_files import create_private_file
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.exchange.exports.exported_reports import ExportedReport, list_exported_reports
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.selection import (
    Conditions,
    build_conditions,
    get_active_filters,
    has_masked_records,
    note_outside,
)
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import DESCRIPTION, content_of
from claimtrack.history import get_anchor
from claimtrack.models import Base
from claimtrack.present.csv_writer import CsvStyle
from claimtrack.query.filters import Filters
from claimtrack.records import IN_ORDER, KEYS, NAMED, TABLES, refers
from claimtrack.schemas import New
from claimtrack.vocab import column_of

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_UNITS = {"latitude": "degree", "longitude": "degree", "size": "byte", "days": "day"}
_UNITS |= dict.fromkeys(("start_pos", "end_pos"), "Unicode code point")
_TYPES = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "datetime",
    date: "date",
    list: "array",
}
_LICENCE = re.compile(r"[-a-zA-Z0-9._]+")
"""Source: the profile of Data Package 2.0, `licenses.name`."""
_USUAL = CsvStyle()


def export(
    work: Export, folder: Path, *, licence: str | None = None, raw: bool = False, bom: bool = False
) -> None:
    """Write the data package of an export; `raw` and `bom` as in `CsvStyle`."""
    style = CsvStyle(raw=raw, bom=bom)
    write_package(work.session, folder, work.filters, work.notes, style=style, licence=licence)


def write_package(
    session: Session,
    folder: Path,
    filters: Filters,
    notes: Notes,
    *,
    style: CsvStyle = _USUAL,
    licence: str | None = None,
) -> None:
    """Write a casebook, or the part that the filters choose, into an empty folder.

    The same bytes for the same casebook. Everything is streamed; one capture's bytes are held at a
    time. What is left out is counted in `notes`.

    Raises:
        InvalidValue: The licence is not a licence id.
    """
    if licence is not None and not _LICENCE.fullmatch(licence):
        raise InvalidValue("licence", licence, "an id without spaces, such as CC-BY-4.0")
    scope = build_conditions(filters)
    note_outside(session, scope, notes)
    resources = [
        *(_write_table(session, folder, table, scope, style) for table in IN_ORDER),
        *(
            _write_report(session, folder, report, filters, style)
            for report in list_exported_reports(filters)
        ),
    ]
    _write_captures(session, folder, scope)
    described = _package(session, filters, raw=style.raw, licence=licence)
    with _new_text_file(folder / DESCRIPTION) as out:
        json.dump(described | {"resources": resources}, out, indent=2, ensure_ascii=False)
        out.write("\n")


def _write_table(
    session: Session, folder: Path, table: str, scope: Conditions, style: CsvStyle
) -> dict[str, Any]:
    """Write a table, and return its description."""
    conditions = [scope[table]] if table in scope else []
    with _new_text_file(folder / f"{table}.csv") as out:
        csv_tables.write_table(session, table, out, *conditions, style=style)
    meaning = (TABLES[table].__doc__ or "").partition("\n")[0]
    return _described(folder / f"{table}.csv", table, _table_schema(table), meaning)


def _write_report(
    session: Session, folder: Path, report: ExportedReport, filters: Filters, style: CsvStyle
) -> dict[str, Any]:
    """Write the rows of a report, and return their description."""
    file = folder / f"report-{report.name}.csv"
    with _new_text_file(file) as out:
        style.write(out, report.columns, report.rows(session, filters))
    return _described(file, f"report-{report.name}", _row_schema(report), report.meaning)


def _write_captures(session: Session, folder: Path, scope: Conditions) -> None:
    captures = [scope["capture"]] if scope else []
    for digest, content in csv_tables.captured(session, *captures):
        (folder / csv_tables.CAPTURES).mkdir(mode=0o700, exist_ok=True)
        with create_private_file(folder / csv_tables.CAPTURES / digest) as file_of_bytes:
            file_of_bytes.write(content)


@contextmanager
def _new_text_file(path: Path) -> Iterator[TextIO]:
    with (
        create_private_file(path) as file,
        TextIOWrapper(file, encoding="utf-8", newline="") as out,
    ):
        yield out


# --- the description ------------------------------------------------------------------------------


def _package(
    session: Session, filters: Filters, *, raw: bool, licence: str | None
) -> dict[str, Any]:
    head = get_anchor(session)
    return {
        "$schema": PROFILE,
        "name": "casebook",
        "id": head.casebook,
        "title": "Casebook of sourced claims, and of what contradicts them",
        "created": head.at,
        "version": str(head.seq),
        "licenses": [{"name": licence or "notspecified"}],
        "claimtrack": {
            "head": f"{head.seq}:{head.hash}",
            "guarded": not raw,
            "withheld": has_masked_records(session),
            "filters": json.loads(json.dumps(get_active_filters(filters), default=str)),
        },
    }


def _described(path: Path, name: str, schema: dict[str, Any], meaning: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **content_of(path),
        "description": meaning,
        "schema": schema,
    }


def _table_schema(table: str) -> dict[str, Any]:
    model, names = Base.metadata.tables[table], csv_tables.columns_of(table)
    columns = {csv_tables.name_of(column): column for column in model.columns}
    keys = list(KEYS.get(table, ("ref",)))
    may_be_empty = any(columns[key].nullable or columns[key].default for key in keys)
    unique = [keys] if may_be_empty else []
    for one in model.constraints:
        own = [column.name for column in one.columns] if isinstance(one, UniqueConstraint) else []
        if own and own != keys and set(own) <= set(names):
            unique.append(own)
    return {
        "fields": [_field(table, name, columns[name]) for name in names],
        "missingValues": [""],
        **({} if may_be_empty else {"primaryKey": keys}),
        **({"uniqueKeys": unique} if unique else {}),
        "foreignKeys": [
            {
                "fields": [name],
                "reference": {"resource": "" if target == table else target, "fields": ["ref"]},
            }
            for name in names
            for target in (key.column.table.name for key in columns[name].foreign_keys)
            if target in NAMED
        ],
    }


def _field(table: str, name: str, column: Column[Any]) -> dict[str, Any]:
    model = csv_tables.MODELS.get(table)
    constraints: dict[str, Any] = {}
    if not column.nullable and column.default is None:
        constraints["required"] = True
    if isinstance(column.type, Enum):
        constraints["enum"] = list(column.type.enums)
    constraints |= _limits(model, name)
    kind = "string" if refers(column) else _TYPES.get(column.type.python_type, "string")
    return {
        "name": name,
        "type": kind,
        "description": column.comment,
        **({"unit": _UNITS[name]} if name in _UNITS else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def _limits(model: type[New] | None, name: str) -> dict[str, Any]:
    """Return the constraints on a field of imported records that a table schema can express."""
    if model is None:
        return {}
    schema = model.model_json_schema()["properties"].get(name, {})
    parts = [schema, *schema.get("anyOf", ())]
    return {
        key: part[key] for part in parts for key in ("minimum", "maximum", "pattern") if key in part
    }


def _row_schema(report: ExportedReport) -> dict[str, Any]:
    hints = get_type_hints(report.row)
    return {
        "fields": [
            {
                "name": column_of(name),
                "type": _TYPES.get(_kind(hint), "string"),
                **({"unit": _UNITS[name]} if name in _UNITS else {}),
            }
            for name, hint in hints.items()
        ],
        "missingValues": [""],
    }


def _kind(hint: Any) -> Any:
    """Return the type of a field, which may be empty."""
    return next((part for part in get_args(hint) if part is not NoneType), hint)
