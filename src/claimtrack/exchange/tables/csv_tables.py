"""The tables of a casebook as CSV files, one for each: written row by row, and read in batches.

The columns are those of the tables, with refs for foreign keys. An empty cell is a missing value;
a list is a JSON array. The bytes of each capture are a file, whose name is their SHA-256.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from sqlalchemy import Column, ColumnElement, select

from claimtrack import changes, history
from claimtrack.changes import Outcome, PendingRecord, Refusal
from claimtrack.db import Session, enlarge_page_cache
from claimtrack.errors import (
    Duplicate,
    Invalid,
    InvalidValue,
    MissingFile,
    NotFound,
    StorageFailure,
    UnknownRef,
)
from claimtrack.exchange.dossier.sections import NESTED, SECTIONS, defaults_of
from claimtrack.exchange.imports.row_files import ALL_ROWS, ImportOptions
from claimtrack.exchange.readers.rows import OnProgress, Row, RowFaults
from claimtrack.exchange.tables.table_files import Reader, Run, TableFile
from claimtrack.kinds import ABOVE
from claimtrack.lookup import bytes_of
from claimtrack.models import Capture, Document, Entry, Named
from claimtrack.present.csv_writer import CsvStyle
from claimtrack.records import IN_ORDER, KEYS, TABLES, find, forget_found, refers, selected
from claimtrack.schemas import New, NewCapture
from claimtrack.sql import batches, stream
from claimtrack.validation import validate_record

MODELS: Mapping[str, type[New]] = {
    model.table: model for model in (*SECTIONS.values(), *NESTED.values())
}
"""The schema for the rows of each table."""
CAPTURES = "captures"
"""The name of the folder with the bytes of captures."""
_USUAL = CsvStyle()

# --- out ------------------------------------------------------------------------------------------


def columns_of(table: str) -> list[str]:
    """Return the names of the columns in the file of a table."""
    return list(selected(table).selected_columns.keys())


def name_of(column: Column[Any]) -> str:
    """Return the name of a table's column in its file."""
    return column.name.removesuffix("_id") if refers(column) else column.name


def rows_of(session: Session, table: str, *conditions: ColumnElement[bool]) -> Iterator[Any]:
    """Stream the rows of a table, or some of them, in the order of its keys; one statement."""
    query = selected(table)
    keys = (query.selected_columns[name] for name in KEYS.get(table, ("ref",)))
    return stream(session, query.where(*conditions).order_by(*(key.nulls_last() for key in keys)))


def write_table(
    session: Session,
    table: str,
    out: TextIO,
    *conditions: ColumnElement[bool],
    style: CsvStyle = _USUAL,
) -> None:
    """Write a table, or some rows of it, as CSV in the order of its keys; one statement."""
    rows = ([_cell(value) for value in row] for row in rows_of(session, table, *conditions))
    style.write(out, columns_of(table), rows)


def captured(session: Session, *conditions: ColumnElement[bool]) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of captures with their digests, in the order of those, one at a time."""
    digests = select(Capture.sha256).where(*conditions).distinct().order_by(Capture.sha256)
    for digest in session.scalars(digests).all():
        yield digest, bytes_of(session, digest)


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


# --- in -----------------------------------------------------------------------------------------


def read_tables(
    session: Session,
    files: Sequence[TableFile],
    options: ImportOptions = ALL_ROWS,
    on_progress: OnProgress | None = None,
) -> Counter[Outcome]:
    """Import tables into the casebook, all or nothing, and return the number of rows by outcome.

    Tables are read in the order of their foreign keys. Columns that a file lacks keep their values.
    Invalid addresses are accepted with a warning, since the exported casebook may contain them.

    With `options.on_reject`, invalid rows are skipped, and so are the rows that refer to them. Each
    row must then be valid when it is read: a new text of a document that loses a quotation is
    invalid, even if a later citation would correct that.

    Memory does not grow with the files, except for rows whose parent comes after them.

    Raises:
        MissingFile, StorageFailure: A file cannot be read.
        InvalidRecords: There are other errors; a line `file:line: error` for each.
    """
    files = sorted(files, key=lambda file: IN_ORDER.index(file.table))
    enlarge_page_cache(session.connection())
    faults = RowFaults([file.display_name for file in files])
    run, counts = Run(options, faults, history.get_last_seq(session)), Counter[Outcome]()
    changes.accept_any_address(session)
    if options.on_reject is None:
        changes.defer_quotation_checks(session)
    whole, read_before = sum(file.path.stat().st_size for file in files), 0
    for file in files:
        reader = Reader(file, run, columns_of(file.table))
        reading = _read_captures if file.table == Capture.__tablename__ else _read_table
        for done in reading(session, reader):
            counts += done
            if on_progress:
                on_progress(run.rows, read_before + reader.position, whole)
        read_before += file.path.stat().st_size
        if options.on_reject is not None:
            run.faults.tell()  # a file that cannot be read by its columns
    if options.on_reject is None:
        for ref, refusal in changes.check_deferred_quotations(session):
            document = next(
                file.display_name for file in files if file.table == Document.__tablename__
            )
            run.faults.add(document, 1, f"{ref}: {refusal}")
    run.faults.tell()
    session.state.warnings.extend(changes.describe_unchecked_addresses(session))
    return counts


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a file, and the record made of it."""

    row: Row
    pending: PendingRecord

    @property
    def number(self) -> int:
        return self.row.line


def _read_table(session: Session, reader: Reader) -> Iterator[Counter[Outcome]]:
    """Read a table, and yield the number of rows by outcome for each batch."""
    waiting: list[_Line] = []
    for lines in batches(_lines(session, reader)):
        yield _write(session, lines, waiting, reader)
    while waiting:
        before, waiting = waiting, []
        for lines in batches(iter(before)):
            yield _write(session, lines, waiting, reader)
        if len(waiting) == len(before):
            yield _write_last(session, waiting, reader)
            break


def _write(
    session: Session, lines: Sequence[_Line], waiting: list[_Line], reader: Reader
) -> Counter[Outcome]:
    """Write a batch of rows; those whose parent does not exist yet are added to `waiting`."""
    ready = _ready(session, lines)
    written = {line.number for line in ready}
    waiting.extend(line for line in lines if line.number not in written)
    outcomes = changes.put_many(
        session, [line.pending for line in ready], once_since=reader.run.since
    )
    forget_found(session)
    return _report_outcomes(ready, outcomes, reader)


def _report_outcomes(
    lines: Sequence[_Line], outcomes: Sequence[Outcome | Refusal], reader: Reader
) -> Counter[Outcome]:
    counts = Counter[Outcome]()
    for line, outcome in zip(lines, outcomes, strict=True):
        if isinstance(outcome, Outcome):
            counts[outcome] += 1
        else:
            reader.fault(line.row, str(outcome))
    return counts


def _ready(session: Session, lines: Sequence[_Line]) -> Sequence[_Line]:
    """Return the rows without a parent, or whose parent exists or is among the rows."""
    model = TABLES[lines[0].pending.record.table]
    above = {line.number: _above(line) for line in lines}
    if not issubclass(model, Named) or not any(above.values()):
        return lines
    parents = {ref for ref in above.values() if ref}
    stored = {None, *session.scalars(select(model.ref).where(model.ref.in_(parents)))}
    ready: list[_Line] = []
    found = [line for line in lines if above[line.number] in stored]
    while found:
        ready += found
        stored |= {getattr(line.pending.record, "ref", None) for line in found}
        handled = {line.number for line in ready}
        left = (line for line in lines if line.number not in handled)
        found = [line for line in left if above[line.number] in stored]
    return ready


def _above(line: _Line) -> str | None:
    """Return the ref of the parent of a row, a record of the same table; None without one."""
    key = ABOVE.get(line.pending.record.table)
    return key and getattr(line.pending.record, key)


def _write_last(session: Session, waiting: Sequence[_Line], reader: Reader) -> Counter[Outcome]:
    """Write the rows whose parent was not found by ref; it may be an actor's name, or an error."""
    refs = {getattr(line.pending.record, "ref", "") for line in waiting}
    outcomes: list[Outcome | Refusal] = []
    handled: list[_Line] = []
    for line in waiting:
        (outcome,) = changes.put_many(session, [line.pending], once_since=reader.run.since)
        key, above = ABOVE[line.pending.record.table], _above(line)
        if isinstance(outcome, UnknownRef) and outcome.ref == above:
            if reader.run.is_cut_off:
                continue
            if above in refs:
                message = f"{key} {above!r} creates a cycle, or is below a record that is wrong"
                outcome = Invalid(message)
        outcomes.append(outcome)
        handled.append(line)
    left = len(waiting) - len(handled)
    if left:
        session.state.warnings.append(
            f"{reader.file.display_name}: {left:,} of the rows read are below rows "
            "that were not: left out"
        )
    return _report_outcomes(handled, outcomes, reader)


def _read_captures(session: Session, reader: Reader) -> Iterator[Counter[Outcome]]:
    """Read captures with their bytes, one at a time, and yield the outcome of each."""
    for row in reader.rows():
        values = dict(row.cells)
        digest = values.pop("sha256", "")
        values.pop("size", None)
        try:
            record = validate_record(NewCapture, values)
            content = _bytes_of(reader.file, digest)
            changes.capture(session, record, content)
            yield Counter({Outcome.ADDED: 1})
        except Duplicate:
            yield Counter({Outcome.UNCHANGED: 1})
        except (Invalid, NotFound) as refusal:
            reader.fault(row, str(refusal))


def _bytes_of(table: TableFile, digest: str) -> bytes:
    """Return the bytes of a capture that are in the same folder as a table.

    Raises:
        InvalidValue: The digest is invalid, or not that of the bytes.
        MissingFile: There is no file with the bytes.
    """
    if not re.fullmatch("[0-9a-f]{64}", digest):  # nothing else becomes a part of a path
        raise InvalidValue("sha256", digest, "64 hexadecimal digits")
    file = table.home / CAPTURES / digest
    try:
        content = (table.path.parent / CAPTURES / digest).read_bytes()
    except FileNotFoundError:
        raise MissingFile(
            f"there is no file {file}: the bytes of the capture are missing"
        ) from None
    except OSError as error:
        raise StorageFailure(f"{file} cannot be read: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise InvalidValue("sha256", digest, f"that of the bytes in {file}")
    return content


def _lines(session: Session, reader: Reader) -> Iterator[_Line]:
    """Yield the rows of a file that are valid without regard to other records."""
    for row in reader.rows():
        cells = dict(row.cells)
        partial = len(cells) < len(reader.columns)
        try:
            yield _Line(row, _parse_record(session, reader.file.table, cells, partial=partial))
        except Invalid as error:
            reader.fault(row, str(error))


def _parse_record(
    session: Session, table: str, cells: dict[str, str], *, partial: bool
) -> PendingRecord:
    """Return the record made of a row.

    Raises:
        Invalid: The row is invalid.
    """
    model = MODELS[table]
    entry = cells.pop("entry", "") if table in _ON_ENTRY else None
    values: dict[str, Any] = {name: value for name, value in cells.items() if value != ""}
    if "aliases" in values:
        try:
            values["aliases"] = json.loads(values["aliases"])
        except (ValueError, RecursionError):
            raise InvalidValue(
                "aliases", values["aliases"], 'a JSON array such as ["IAEA"]'
            ) from None
    if partial:
        owner = find(session, Entry, entry) if entry else None
        defaults = defaults_of(model)
        empty = {name: defaults[name] for name in cells.keys() & defaults if cells[name] == ""}
        values = changes.merge_with_stored(session, model, empty | values, entry=owner)
    return PendingRecord(validate_record(model, values), entry)


_ON_ENTRY = frozenset(model.table for model in NESTED.values())
