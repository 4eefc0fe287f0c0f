"""The workbook: a sheet a report, read by another program; no cell of it is a formula."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from casebook import Casebook
from claimtrack import history
from claimtrack.db import Session
from claimtrack.escaping import escape_formula, format_cell
from claimtrack.exchange.exports import spreadsheet
from claimtrack.exchange.exports.exported_reports import list_exported_reports
from claimtrack.exchange.notes import Notes
from claimtrack.query.filters import Filters
from conftest import Logged
from exchange.exports.exported_casebooks import populate

WANTED = Filters(principal="boss")


def populate_more(case: Casebook) -> None:
    populate(case)
    case.topic("topic", exclusive=True)
    case.statement("F", actor="a", affirms="p", summary="=1+1", date_from="1850-01-01")
    case.claim("G", denies="p", summary="x" * 40_000)
    case.commitment("K", actor="boss", affirms="kept").action("X", actor="a", denies="kept")
    case.link("K", "reconciles", "X", judge="cam").link("K", "reconciles", "X", judge="dan")


@pytest.fixture(scope="module")
def session(logged: Logged) -> Iterator[Session]:
    """A casebook, which every test leaves as it is."""
    with logged("sqlite", populate_more) as case:
        yield case.session


@pytest.fixture(scope="module")
def book(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A part of it as a workbook, as another program reads that."""
    return read(session, tmp_path_factory.mktemp("book"), WANTED)


def read(session: Session, folder: Path, wanted: Filters) -> Any:
    out = io.BytesIO()
    spreadsheet.write_workbook(session, out, wanted, folder, Notes())
    return openpyxl.load_workbook(out)


def cells(sheet: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(value.date() if isinstance(value, datetime) else value for value in row)
        for row in sheet.iter_rows(values_only=True)
    ]


def expected(value: Any) -> Any:
    if isinstance(value, bool | int | float) or (isinstance(value, date) and value.year >= 1901):
        return value
    return format_cell(value)[:1000] or None


@pytest.mark.parametrize("answer", list_exported_reports(WANTED), ids=lambda one: one.name)
def test_another_program_reads_the_rows_of_each_report(
    session: Session, book: Any, answer: Any
) -> None:
    header, *rows = cells(book[answer.name])
    assert list(header) == answer.columns
    shown = [[one[:1000] if isinstance(one, str) else one for one in row] for row in rows]
    wanted = [[expected(value) for value in row] for row in answer.rows(session, WANTED)]
    assert shown == wanted


def test_no_cell_is_a_formula_and_one_too_long_says_that_it_is_cut(book: Any) -> None:
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d", "b", "inlineStr"}
    header, *rows = cells(book["contradictions"])
    summaries = [header.index(f"{side}_summary") for side in ("subject", "counter")]
    texts = [row[at] for row in rows for at in summaries]
    assert "=1+1" in texts
    (cut,) = {text for text in texts if isinstance(text, str) and text.startswith("xxx")}
    assert (len(cut), cut[-28:]) == (32_767, " [cut: a cell holds no more]")


def test_what_looks_like_a_formula_stays_a_text_when_it_is_edited(book: Any) -> None:
    told = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    quoted = {cell.value for cell in told if cell.quotePrefix}
    assert quoted == {
        cell.value
        for cell in told
        if isinstance(cell.value, str) and escape_formula(cell.value) != cell.value
    }
    assert "=1+1" in quoted


def test_the_cover_tells_the_state_the_filters_and_the_rows(session: Session, book: Any) -> None:
    told = {row[0]: row[1:] for row in cells(book["cover"]) if row[0]}
    head = history.get_anchor(session)
    assert told["Head of its log"][0] == f"{head.seq}:{head.hash}"
    assert told["State of"][0] == head.at
    assert told["Only principal"][0] == "boss"
    for answer in list_exported_reports(WANTED):
        assert told[answer.name][1] == len(list(answer.rows(session, WANTED)))


def test_a_pair_has_its_timing_its_status_and_both_principals(book: Any) -> None:
    header, *rows = cells(book["contradictions"])
    names = ("subject_principal", "counter_principal", "class", "timing", "status", "reconciled_by")
    pairs = [dict(zip(header, row, strict=True)) for row in rows]
    told = {pair["subject_ref"]: [pair[name] for name in names] for pair in pairs}
    assert told["K"] == ["boss", "boss", "breach", "possible", "disputed", "cam; dan"]


def test_the_cover_says_what_words_of_the_sheets_mean(book: Any) -> None:
    told = {row[0]: row[1] for row in cells(book["cover"]) if row[0]}
    assert "before the promise" in told["timing: possible"]
    assert "numbers of entries" in told["independent_min, independent_max"]
    assert "not all judges of the pair surely do" in told["status: disputed"]


def test_a_report_too_long_for_a_sheet_goes_on_in_another(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 1)
    everything = Filters()
    book = read(session, tmp_path, everything)
    sheets = [name for name in book.sheetnames if name.startswith("citations")]
    rows = [row for name in sheets for row in cells(book[name])[1:]]
    whole = next(one for one in list_exported_reports(WANTED) if one.name == "citations")
    assert len(rows) == len(list(whole.rows(session, everything)))
    assert sheets == ["citations", "citations 2"]
