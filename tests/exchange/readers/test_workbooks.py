"""Workbooks: merged cells, what number formats show, hidden rows and sheets, limits."""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter

from claimtrack.exchange.imports.row_files import open_rows
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers import workbooks, zip_safety
from claimtrack.exchange.readers.number_formats import format_cell_value, format_date
from exchange.readers.read_rows import SHEET, changed, profile_of, read, refusal, rows_of

XLSX = profile_of("xlsx")
NAMED = profile_of("xlsx", columns=["id", "what"])


def notes_of(path: Path) -> list[str]:
    notes = Notes()
    with open_rows(path, XLSX, notes) as feed:
        list(feed.rows)
    return list(notes.lines(10))


def made(path: Path, *rows: tuple[object, ...], merged: tuple[str, ...] = ()) -> Path:
    """Write a workbook; a cell that is a pair is a date and its format."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rows")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, tuple):
                    sheet.write(number, at, value[0], book.add_format({"num_format": value[1]}))
                else:
                    sheet.write(number, at, value)
    refs = b"".join(b'<mergeCell ref="%s"/>' % ref.encode() for ref in merged)
    if refs:
        cells = b"</sheetData><mergeCells>%s</mergeCells>" % refs
        changed(path, SHEET, lambda text: text.replace(b"</sheetData>", cells))
    return path


def test_a_merged_cell_gives_its_value_to_every_row_that_it_covers(tmp_path: Path) -> None:
    path = made(
        tmp_path / "rows.xlsx",
        *[("id", "what"), (1, (date(2024, 3, 5), "yyyy-mm-dd")), (2,), (3,), (4, "own")],
        merged=("B2:B4",),
    )
    assert read(path, XLSX) == [
        (2, "1", "2024-03-05"),
        (3, "2", "2024-03-05"),
        (4, "3", "2024-03-05"),
        (5, "4", "own"),
    ]


def test_a_row_that_has_nothing_of_its_own_under_merged_cells_is_none(tmp_path: Path) -> None:
    path = made(
        tmp_path / "rows.xlsx",
        *[("id", "what"), (1, "a"), (), (2, "b")],
        merged=("A2:A3", "B2:B3", "A4:A1048576"),
    )
    assert read(path, XLSX) == [(2, "1", "a"), (4, "2", "b")]


def test_what_is_wrong_with_a_merged_cell_is_told_in_every_row(tmp_path: Path) -> None:
    path = made(
        tmp_path / "rows.xlsx", ("id", "what"), (1, "=A2"), (2,), (3, "c"), merged=("B2:B3",)
    )
    changed(path, SHEET, lambda text: re.sub(rb"<c r=\"B2\".*?</c>", b'<c r="B2" t="e"><v>#REF!</v></c>', text))  # fmt: skip  # noqa: E501
    told = "(what) holds the error #REF!: correct its formula, or clear the cell"
    assert [row.fault for row in rows_of(path, XLSX)] == [f"B2 {told}", f"B3 {told}", ""]


def test_one_cell_over_several_columns_is_wrong_in_its_rows_alone(tmp_path: Path) -> None:
    path = made(
        tmp_path / "rows.xlsx",
        *[("id", "what"), ("Interviews", ""), (1, "a"), (2, "b")],
        merged=("A2:B2", "B3:F3"),
    )
    told = "A2 (id) belongs to A2:B2, one cell over several columns: unmerge it"
    assert [row.fault for row in rows_of(path, XLSX)] == [told, "", ""]


def test_a_value_under_a_merged_cell_is_noted_and_not_taken(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a"), (2, "b"), merged=("B2:B3",))
    assert read(path, XLSX) == [(2, "1", "a"), (3, "2", "a")]
    assert notes_of(path) == [
        "what holds a value under a merged cell, which is not shown and not taken (1 time)"
    ]


@pytest.mark.parametrize(
    "ref",
    [
        pytest.param("A1:B1", id="over columns"),
        pytest.param("A1:A2", id="over rows"),
        pytest.param("A1:XFD1048576", id="over all"),
    ],
)
def test_a_merged_cell_of_the_header_is_refused(tmp_path: Path, ref: str) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a"), merged=(ref,))
    assert refusal(path, XLSX) == (
        f"rows.xlsx:1: the header has the merged cell {ref}: unmerge it, and name every column"
    )


def test_merged_cells_that_overlap_over_and_over_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(number, "a") for number in range(20)]
    path = made(tmp_path / "rows.xlsx", ("id", "what"), *rows, merged=("A2:A20",) * 5)
    monkeypatch.setattr(workbooks, "MOST_CELLS", 50)
    assert refusal(path, XLSX) == "rows.xlsx: merged cells cover more than 50 cells: unmerge them"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("yyyy-mm-dd", "2024-08-15"),
        ("d-mmm", "2024-08-15"),
        ("dddd", "2024-08-15"),
        ("mmm-yy", "2024-08"),
        ("mm/yyyy", "2024-08"),
        ("[$-409]mmmm yyyy", "2024-08"),
        ("[$-F800]mmmm\\ yyyy;@", "2024-08"),
        ('mmmm" der Tag "yyyy', "2024-08"),
        ("MMMM", "2024-08"),
        ("yyyy", "2024"),
        ("yy", "2024"),
        ("[$-411]ggge", "2024"),
        ('"Q"q yyyy', "2024-07/2024-09"),
        ("QQ\\ YY", "2024-07/2024-09"),
        ("yyyy hh:mm", "2024"),
        ("mmm yyyy hh:mm:ss", "2024-08"),
        ("hh:mm", "2024-08-15T10:30:00"),
        ("mm:ss.0", "2024-08-15T10:30:00"),
        ("[h]:mm", "2024-08-15T10:30:00"),
        ("m/d/yy h:mm AM/PM", "2024-08-15T10:30:00"),
        ("General", "2024-08-15T10:30:00"),
    ],
)
def test_a_date_is_as_exact_as_its_format_shows_it(form: str, shown: str) -> None:
    assert format_date(datetime(2024, 8, 15, 10, 30), form)[: len(shown)] == shown  # noqa: DTZ001


def test_a_month_a_year_and_a_time_come_as_what_they_show(tmp_path: Path) -> None:
    first = date(2024, 1, 1)
    rows = [
        (1, (first, "mmm-yy")),
        (2, (first, "yyyy")),
        (3, (datetime(2024, 1, 1, 9, 5), "dd.mm.yyyy hh:mm")),  # noqa: DTZ001
        (4, (0.5, "hh:mm")),
    ]
    path = made(tmp_path / "rows.xlsx", ("id", "what"), *rows)
    assert [row[2] for row in read(path, XLSX)] == [
        *("2024-01", "2024", "2024-01-01T09:05:00", "12:00:00"),
    ]
    assert notes_of(path) == []
    assert (format_cell_value(time(9, 5)), format_cell_value(timedelta(hours=26))) == (
        "09:05:00",
        "26:00:00",
    )


def test_a_day_that_is_not_shown_and_a_year_that_is_not_are_noted(tmp_path: Path) -> None:
    rows = [(n, (date(2024, 8, 15), form)) for n, form in enumerate(("mmm-yy", "d-mmm", "d-mmm"))]
    path = made(tmp_path / "rows.xlsx", ("id", "what"), *rows)
    assert [row[2] for row in read(path, XLSX)] == ["2024-08", "2024-08-15", "2024-08-15"]
    assert notes_of(path) == [
        "what shows no year: that which the cell holds is taken (2 times)",
        "what shows a month and holds a day, which is not used (1 time)",
    ]


def test_a_number_that_is_no_date_is_told_where_it_is_shown_as_one(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, (1e9, "yyyy-mm-dd")))
    assert refusal(path, XLSX) == (
        "B2 (what) is shown as a date, and 1000000000 is none: correct the cell"
    )


def test_hidden_rows_are_read_and_noted(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a"), (2, "b"))
    changed(path, SHEET, lambda text: text.replace(b'<row r="3"', b'<row r="3" hidden="1"'))
    assert len(read(path, XLSX)) == 2
    assert notes_of(path) == ["row is hidden in the workbook, and read all the same (1 time)"]


def test_addresses_under_texts_and_comments_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rows")
        for number, row in enumerate((("id", "what"), (1, ""), (2, ""), (3, ""))):
            sheet.write_row(number, 0, row)
        sheet.write_url(1, 1, "https://a.example/1", string="click")
        sheet.write_url(2, 1, "https://a.example/2")
        sheet.write_url(3, 1, "internal:Rows!A1", string="above")
        sheet.write_comment(1, 0, "a remark")
    assert [row[2] for row in read(path, XLSX)] == ["click", "https://a.example/2", "above"]
    assert notes_of(path) == [
        "what shows a text, and the address under it is not read (1 time)",
        "sheet 'Rows' has comments, which are not read (1 time)",
    ]


def test_the_first_sheet_that_is_shown_is_read_and_others_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Old", "Now", "Empty"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate((("id", "what"), (name, "a")) if name != "Empty" else ()):
                sheet.write_row(number, 0, row)
        book.worksheets()[0].hide()
        book.worksheets()[1].activate()
    assert [row[1] for row in read(path, XLSX)] == ["Now"]
    assert [row[1] for row in read(path, profile_of("xlsx", sheet="Old"))] == ["Old"]
    assert notes_of(path) == [
        "sheet 'Old' is not read: the key 'sheet' of the profile says which sheet is (1 time)"
    ]


def test_the_header_is_the_first_row_that_is_not_empty(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", (), (), ("id", "what"), (1, "a"))
    assert read(path, XLSX) == [(4, "1", "a")]


def test_the_columns_of_a_sheet_without_a_header_are_those_of_the_profile(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", (1, "a"), (2,), merged=("B1:B2",))
    assert read(path, NAMED) == [(1, "1", "a"), (2, "2", "a")]


def test_control_characters_of_a_workbook_are_read_as_such(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a_x000D_\nb_x0007_c_xFFFF_"))
    assert read(path, XLSX) == [(2, "1", "a\r\nb\x07c_xFFFF_")]


def test_a_sheet_of_more_cells_than_are_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), *((n, "a") for n in range(20)))
    monkeypatch.setattr(workbooks, "MOST_CELLS", 40)
    told = "rows.xlsx: the sheet 'Rows' has more than 40 cells: save it as CSV"
    assert refusal(path, XLSX) == told


def test_a_row_wider_than_any_sheet_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a"))
    changed(path, SHEET, lambda text: text.replace(b'"B2"', b'"ZZZ2"'))
    told = "row 2 has more than 16,384 cells: no spreadsheet program has so many"
    assert refusal(path, XLSX) == f"rows.xlsx:2: {told}"


def test_a_workbook_that_unpacks_to_more_than_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a"))
    with ZipFile(path, "a", ZIP_DEFLATED) as book:
        book.writestr("xl/media/a.bin", bytes(5_000_000))
    assert refusal(path, XLSX) == ""
    monkeypatch.setattr(zip_safety, "ALWAYS", 1_000)
    assert re.fullmatch(
        r"rows\.xlsx: it unpacks to 5,0\d\d,\d{3} bytes, more than 100 times its own size: save "
        "the sheet as CSV if you trust it",
        refusal(path, XLSX),
    )
    monkeypatch.setattr(workbooks, "MOST_BYTES", 1_000)
    assert refusal(path, XLSX).endswith(" and 1,000 are read at most: save the sheet as CSV")


def test_entities_of_xml_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path / "rows.xlsx", ("id", "what"), (1, "a"))
    entities = b'<!ENTITY a0 "%s">' % (b"a" * 1000)
    for number in range(1, 9):
        entities += b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 20)
    changed(
        path, SHEET,
        lambda text: text.replace(b"<worksheet", b"<!DOCTYPE x [%s]><worksheet" % entities)
        .replace(b"</sheetData>", b"</sheetData><x>&a8;</x>"),
    )  # fmt: skip
    assert refusal(path, XLSX).startswith("rows.xlsx: it is damaged, or no workbook that can be")
