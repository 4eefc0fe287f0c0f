"""Workbooks: texts, formulas and errors of cells, and files that are damaged or no workbook."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.worksheet.formula import ArrayFormula

from exchange.readers.read_rows import NO_HEADER, SHEET, changed, profile_of, read, refusal, rows_of

ODD = (
    "rows.xlsx: it is damaged, or no workbook that can be read: open it in a spreadsheet program "
    "and save it again",
    "rows.xlsx has no sheet with cells: look for its rows in another file",
    "rows.xlsx: the sheet 'Sheet' is empty: its first row names the columns",
)


def saved(folder: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.create_sheet("Other").append(["id", "what"])
    path = folder / "rows.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    day = date(2024, 5, 2)
    path = saved(tmp_path, ("id", "what", None), (1.0, day), (None, None), (2, True), (3.5, " "))
    assert read(path, profile_of("xlsx")) == [
        (2, "1", "2024-05-02"),
        (4, "2", "true"),
        (5, "3.5", " "),
    ]


def with_numbered_texts(folder: Path, *rows: tuple[str, ...]) -> Path:
    """Write a workbook as Excel does, where cells hold the numbers of texts."""
    path = folder / "rows.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_texts_of_a_workbook_are_read_by_their_numbers(tmp_path: Path) -> None:
    path = with_numbered_texts(tmp_path, ("id", "what"), ("1", "x"), ("2", "ü"), ("3", "x"))
    rich = b"<si><r><rPr><b/></rPr><t>x </t></r><r><t>plain</t></r></si>"
    changed(path, "xl/sharedStrings.xml", lambda text: text.replace(b"<si><t>x</t></si>", rich))
    assert read(path, profile_of("xlsx")) == [
        (2, "1", "x plain"), (3, "2", "ü"), (4, "3", "x plain"),
    ]  # fmt: skip


def test_a_column_that_stands_twice_in_a_workbook_is_refused_unless_it_has_no_name(
    tmp_path: Path,
) -> None:
    assert read(
        saved(tmp_path, ("id", None, None, "what"), (1, 2, 3, "a")), profile_of("xlsx")
    ) == [(2, "1", "a")]
    twice = saved(tmp_path, ("id", "what", "what"), (1, "a", "b"))
    assert refusal(twice, profile_of("xlsx")) == (
        f"rows.xlsx:1: the column 'what' occurs twice: rename one{NO_HEADER}"
    )


def test_a_formula_that_was_never_worked_out_is_told_and_kept(tmp_path: Path) -> None:
    array = ArrayFormula("B3", "=A2:A3*2")
    path = saved(tmp_path, ("id", "what"), (1, "=A2+1"), (2, array), (3, "b"))
    told = "holds a formula that was never worked out: open the file in a spreadsheet program and"
    assert [(row.line, row.fault, row.written) for row in rows_of(path, profile_of("xlsx"))] == [
        (2, f"B2 (what) {told} save it, or put its value there", ["1", "=A2+1"]),
        (3, f"B3 (what) {told} save it, or put its value there", ["2", "=A2:A3*2"]),
        (4, "", ["3", "b"]),
    ]


def test_a_formula_that_was_worked_out_to_nothing_is_an_empty_cell(tmp_path: Path) -> None:
    path = saved(tmp_path, ("id", "what"), (1, "=A2"))
    changed(path, SHEET, lambda text: text.replace(b'<c r="B2">', b'<c r="B2" t="str">'))
    assert read(path, profile_of("xlsx")) == [(2, "1", "")]


def test_an_error_in_a_cell_is_told_and_a_text_like_it_is_none(tmp_path: Path) -> None:
    path = saved(tmp_path, ("id", "what"), (1, "#N/A"), (2, "#TODO"))
    assert [row.fault for row in rows_of(path, profile_of("xlsx"))] == [
        "B2 (what) holds the error #N/A: correct its formula, or clear the cell",
        "",
    ]
    changed(path, SHEET, lambda text: text.replace(b't="e"', b't="str"'))
    assert read(path, profile_of("xlsx")) == [(2, "1", "#N/A"), (3, "2", "#TODO")]


def test_cells_to_the_right_of_the_header_are_told_unless_they_are_empty(tmp_path: Path) -> None:
    path = saved(tmp_path, ("id", "what"), (1, "a", None, "lost"), (2, "b", "", None), (3, "c"))
    told = "it has 4 cells, and the header has 2: correct the row"
    expected = [told, "", ""]
    assert [row.fault for row in rows_of(path, profile_of("xlsx"))] == expected
    dimension = re.compile(rb'<dimension ref="[^"]*"')
    changed(path, SHEET, lambda text: dimension.sub(b'<dimension ref="A1:B2"', text))
    assert [row.fault for row in rows_of(path, profile_of("xlsx"))] == expected


def test_a_sheet_is_named_and_an_unknown_one_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, ("id", "what"), (1, "a"))
    assert read(path, profile_of("xlsx", sheet="Other")) == []
    assert refusal(path, profile_of("xlsx", sheet="x")) == (
        "rows.xlsx has no sheet 'x': it has Sheet, Other"
    )


@pytest.mark.parametrize(
    "content", [pytest.param(b"id,what\n", id="text"), pytest.param(b"PK\x03\x04zip", id="no zip")]
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(content)
    told = "it is not a workbook: save it as .xlsx, or give a profile of another format"
    assert refusal(path, profile_of("xlsx")) == f"rows.xlsx: {told}"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: text[: len(text) // 2], id="cut off"),
        pytest.param(lambda _: b"<a/>", id="something else"),
        pytest.param(lambda text: re.sub(rb'="[0-9]+"', b'="x"', text), id="no numbers"),
    ],
)
def test_a_damaged_workbook_is_read_or_refused_in_one_sentence(
    tmp_path: Path, part: str, damage: Callable[[bytes], bytes]
) -> None:
    path = saved(tmp_path, ("id", "what"), *((number, "a") for number in range(50)))
    changed(path, part, damage)
    assert refusal(path, profile_of("xlsx")) in ("", *ODD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_workbook_with_a_bit_that_is_wrong_is_read_or_refused_in_one_sentence(
    tmp_path: Path, at: int, bit: int
) -> None:
    path = tmp_path / "rows.xlsx"
    content = bytearray(saved(tmp_path, ("id", "what"), (1, "a"), (2, "b")).read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)
    assert isinstance(refusal(path, profile_of("xlsx")), str)


def test_a_sheet_that_is_a_chart_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "what"])
    book.create_chartsheet("Chart", 0).add_chart(BarChart())
    book.save(path)
    assert read(path, profile_of("xlsx")) == []
    assert refusal(path, profile_of("xlsx", sheet="Chart")) == (
        "rows.xlsx has no sheet 'Chart': it has Sheet"
    )
    changed(
        path, "xl/workbook.xml", lambda text: re.sub(rb'<sheet [^>]*name="Sheet"[^>]*>', b"", text)
    )
    assert refusal(path, profile_of("xlsx")) == (
        "rows.xlsx has no sheet with cells: look for its rows in another file"
    )


def test_a_workbook_of_a_later_zip_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, ("id", "what"))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 6] = 74  # the version that is needed to unpack it
    path.write_bytes(content)
    assert refusal(path, profile_of("xlsx")).startswith(
        "rows.xlsx: it is not a workbook: save it as"
    )
