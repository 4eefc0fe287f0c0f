"""Rows of a workbook (.xlsx), as its cells were last worked out; formulas are never run."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from claimtrack.errors import Invalid
from claimtrack.exchange.filerows import Row, columns_of

_MOST_BYTES = 2 * 2**30
"""What the parts of a workbook may come to when they are unpacked."""


def rows_of(stream: BinaryIO, path: Path, sheet: str | None) -> tuple[Sequence[str], Iterator[Row]]:
    """Return the columns of a sheet, and its rows, to be read once.

    Raises:
        Invalid: it is no workbook, or lacks the sheet or columns, or has one twice.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    warnings.filterwarnings("ignore", module="openpyxl")  # of what it leaves out: styles, charts
    try:
        with ZipFile(stream) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                raise Invalid(f"{path} unpacks to more than 2 GiB: save the sheet as CSV")
        worked_out = load_workbook(stream, read_only=True, data_only=True)
        as_written = load_workbook(stream, read_only=True, data_only=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        told = "it is no workbook: save it as .xlsx, or give a profile of another format"
        raise Invalid(f"{path}: {told}") from error
    name = sheet or worked_out.sheetnames[0]
    if name not in worked_out.sheetnames:
        known = ", ".join(worked_out.sheetnames)
        raise Invalid(f"{path} has no sheet {name!r}: it has {known}")
    pairs = zip(
        worked_out[name].iter_rows(values_only=True),
        as_written[name].iter_rows(values_only=True),
        strict=False,
    )
    header, _ = next(pairs, ((), ()))
    columns = columns_of(path, map(_said, header))
    if not columns:
        raise Invalid(f"{path}: the sheet {name!r} is empty: its first row names the columns")
    return columns, _rows(columns, pairs)


def _rows(columns: Sequence[str], pairs: Iterator[tuple[Any, Any]]) -> Iterator[Row]:
    for line, (values, written) in enumerate(pairs, start=2):
        cells = [_said(value) for value in values[: len(columns)]]
        cells += [""] * (len(columns) - len(cells))
        lost = [
            column
            for column, value, formula in zip(columns, values, written, strict=False)
            if value is None and isinstance(formula, str) and formula.startswith("=")
        ]
        if lost:
            told = f"{lost[0]} holds a formula that was never worked out: open the file in a "
            fault = f"{told}spreadsheet program and save it"
            yield Row(line, fault=fault, written=cells)
        elif any(cells):
            yield Row(line, dict(zip(columns, cells, strict=True)), written=cells)


def _said(value: object) -> str:
    """Return a cell as a person would write it; of an instant at midnight, the day."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
    return str(value)
