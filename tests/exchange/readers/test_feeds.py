"""Files of rows: formats, encodings, delimiters, and what is told of what cannot be read."""

import json
import os
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.worksheet.formula import ArrayFormula

from claimtrack.errors import Invalid, MissingFile
from claimtrack.exchange.imports.profiles import Profile
from claimtrack.exchange.imports.row_files import open_rows
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers import json_parser, rows
from claimtrack.exchange.readers.rows import Row

NO_HEADER = "; or, if this line is no header, name the columns in the profile (columns: [id, ...])"
CYRILLIC = "id,what\n1,Українська правда: обстріл міста вночі\n2,Без втрат серед цивільних\n"


def profile_of(form: str, **said: object) -> Profile:
    """Return a profile that wants the columns id and what."""
    given = {
        "claimtrack_profile": 1,
        "name": "mine",
        "about": "rows",
        "format": form,
        "actors": {"who": {"name": "{what}", "kind": "group", "ref": "x-{id}"}},
        "records": [{"make": "actor", "use": "who"}],
        **said,
    }
    return Profile.model_validate(given)


def rows_of(path: Path, profile: Profile) -> list[Row]:
    with open_rows(path, profile, Notes()) as feed:
        return list(feed.rows)


def read(path: Path, profile: Profile) -> list[tuple[int, str, str]]:
    """Return the line, the id and the text of each row."""
    return [
        (row.line, str(row.cells["id"]), str(row.cells["what"])) for row in rows_of(path, profile)
    ]


def refusal(path: Path, profile: Profile) -> str:
    try:
        told = "; ".join(row.fault for row in rows_of(path, profile) if row.fault)
    except Invalid as error:
        told = str(error)
    return told.replace(f"{path.parent}/", "")


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-u"],
)
def test_the_encoding_is_found_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(CYRILLIC.encode(encoding))
    assert read(path, profile_of("csv")) == [
        (2, "1", "Українська правда: обстріл міста вночі"),
        (3, "2", "Без втрат серед цивільних"),
    ]


def test_a_few_odd_bytes_among_latin_letters_are_windows_1252(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("id,what\n1,the café in Šiauliai: 5 €\n".encode("cp1252"))
    with open_rows(path, profile_of("csv"), Notes()) as feed:
        assert (feed.encoding, [row.cells["what"] for row in feed.rows]) == (
            "cp1252",
            ["the café in Šiauliai: 5 €"],
        )


def test_text_of_other_scripts_is_found_out_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes("id,what\n1,俄罗斯总统表示愿意谈判\n".encode("gb18030"))
    assert read(path, profile_of("csv")) == [(2, "1", "俄罗斯总统表示愿意谈判")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_gives_the_wanted_columns(
    tmp_path: Path, delimiter: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        f'"id"{delimiter}what{delimiter}"a,b;c"\n1{delimiter}"x, y; z|"{delimiter}\n', "utf-8"
    )
    assert read(path, profile_of("csv")) == [(2, "1", "x, y; z|")]


def test_a_cell_may_run_over_lines_and_the_line_is_where_the_row_begins(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('id,what\n\n1,"two\nlines"\n,\n2,one\n', "utf-8")
    assert read(path, profile_of("csv")) == [(3, "1", "two\nlines"), (6, "2", "one")]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("1", "it has 1 cells, and the header has 2: mend the line", id="too few"),
        pytest.param("1,a,b", "it has 3 cells, and the header has 2: mend the line", id="too many"),
        pytest.param('1,"a"b', "a quotation mark within a cell stands alone: double it", id="mark"),
        pytest.param(
            "1,a\0b", "it holds a NUL character, in the column 'what': take it out", id="NUL"
        ),
    ],
)
def test_a_broken_line_is_told_and_the_others_are_read(
    tmp_path: Path, line: str, fault: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"id,what\n0,x\n{line}\n2,y\n", "utf-8")
    rows = rows_of(path, profile_of("csv"))
    assert [(row.line, row.fault) for row in rows] == [(2, ""), (3, fault), (4, "")]


def test_a_mark_that_is_never_closed_is_told_where_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('id,what\n0,x\n1,"y\n2,z\n', "utf-8")
    rows = rows_of(path, profile_of("csv"))
    assert [(row.line, row.fault) for row in rows][1:] == [
        (3, "a quotation mark is opened here and never closed: close it")
    ]
    assert rows[1].written == ['1,"y\n2,z']


def test_a_byte_that_the_encoding_does_not_have_is_told_in_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"id,what\n1,ok\n2,\x81\n")
    rows = rows_of(path, profile_of("csv", encoding="cp1252"))
    assert [row.fault for row in rows] == [
        "",
        "it holds the byte 0x81, which cp1252 does not have, in the column 'what': give the "
        "encoding in the profile, or save the file as UTF-8",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "f.csv: the file is empty", id="empty"),
        pytest.param(
            b"id,whet\n1,a\n",
            "f.csv:1: there is no column 'what': did you mean 'whet'?",
            id="a column is missing",
        ),
        pytest.param(
            b"id,what,id\n", f"f.csv:1: the column 'id' occurs twice: rename one{NO_HEADER}",
            id="twice",
        ),
        pytest.param(
            b",,\n",
            f"f.csv:1: there are no columns: begin the file with their names{NO_HEADER}",
            id="none",
        ),
        pytest.param(
            b"PK\x03\x04",
            "f.csv: this is a workbook, an archive or a PDF, and the profile is of text: give a "
            "profile whose format is xlsx, or save the file as text",
            id="workbook",
        ),
        pytest.param(
            b"id,what\n1," + b"a" * (rows.MAX_RECORD_LENGTH + 1),
            "f.csv:2: the line is longer than 16,777,216 characters: split it",
            id="an endless line",
        ),
        pytest.param(
            b"\xff\xfei\x00d\x00,\x00w\x00h\x00a\x00t\x00\n\x00\x00\xd8\x00\xd8",
            "f.csv:1: the text is not utf-16 from about here on: save the file as UTF-8",
            id="broken UTF-16",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert refusal(path, profile_of("csv")) == told


def test_what_can_be_read_once_only_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Invalid, match="is no plain file, and it is read twice"):
        rows_of(tmp_path / "pipe", profile_of("csv"))


def test_an_absent_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match=r"there is no file .*x\.csv: check the name"):
        rows_of(tmp_path / "x.csv", profile_of("csv"))
    with pytest.raises(Invalid, match="is a folder: name the files in it"):
        rows_of(tmp_path, profile_of("csv"))


def test_cells_are_unguarded_only_where_the_file_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,what\n1,'=SUM(1)\n", "utf-8")
    assert read(path, profile_of("csv"))[0][2] == "'=SUM(1)"
    assert read(path, profile_of("csv", guarded=True))[0][2] == "=SUM(1)"
    path.write_text("id,what,rejected_line,rejected_because\n1,'=SUM(1),7,x\n", "utf-8")
    assert read(path, profile_of("csv", delimiter=";"))[0][2] == "=SUM(1)"


# --- JSON -----------------------------------------------------------------------------------------

CUT_OFF = "the file ends before its JSON does: it may have been cut off"
ENDED = "the JSON has ended before this: put all records in one list, [{...}, {...}]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"id": 1, "what": "a"},\n {"id": 2, "what": "b"}]', id="a list"),
        pytest.param(
            '{"@type": "DataFeed", "dataFeedElement": [{"id": 1, "what": "a"},\n'
            '{"id": 2, "what": "b"}], "name": "feed"}',
            id="a list within an object",
        ),
        pytest.param(
            '{"about": {"items": ["x"]}, "dataFeedElement": [{"id": 1, "what": "a"}],\n"items":'
            '[{"id": 2, "what": "b"}]}',
            id="two lists within an object",
        ),
    ],
)
def test_json_is_read_record_by_record_with_their_lines(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read(path, profile_of("json")) == [(1, "1", "a"), (2, "2", "b")]


def test_one_object_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('\n{"id": 1, "what": [1, 2]}', "utf-8")
    assert read(path, profile_of("json")) == [(2, "1", "[1, 2]")]


def test_records_longer_than_a_block_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    rows = [{"id": number, "what": "ж" * 200_000} for number in range(3)]
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    assert [row[1:] for row in read(path, profile_of("json"))] == [
        (str(row["id"]), row["what"]) for row in rows
    ]


def test_nodes_of_a_type_are_found_however_deep(tmp_path: Path) -> None:
    node = {"@type": ["Thing", "https://schema.org/Claim"], "id": 1, "what": "a"}
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"@graph": [{"item": {"x": [node]}}, {"@type": "Other"}]}), "utf-8")
    assert read(path, profile_of("json", rows="Claim")) == [(1, "1", "a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            '{"@type": "Page", "crumbs": {"itemListElement": [{"@type": "Item"}]}, "main": ONE}',
            ["1"], id="beside the list of another node",
        ),
        pytest.param(
            '{"@type": "Page", "main": {"@type": "List", "itemListElement": [ONE]}, "other": TWO}',
            ["1", "2"], id="in and beside such a list",
        ),
        pytest.param(
            '{"@graph": [[ONE], "x", 7], "other": TWO}', ["1", "2"], id="in and beside its own"
        ),
        pytest.param(
            '{"@type": "Claim", "id": 9, "what": "", "items": [ONE]}', ["9"], id="around a list"
        ),
        pytest.param('[[ONE], {"items": [TWO]}]', ["1", "2"], id="in lists of lists"),
    ],
)  # fmt: skip
def test_nodes_are_found_wherever_they_stand(tmp_path: Path, text: str, found: list[str]) -> None:
    path = tmp_path / "rows.json"
    for number, name in enumerate(("ONE", "TWO"), 1):
        text = text.replace(name, f'{{"@type": "Claim", "id": {number}, "what": ""}}')
    path.write_text(text, "utf-8")
    assert [row[1] for row in read(path, profile_of("json", rows="Claim"))] == found


def test_a_node_whose_list_comes_before_its_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('{"items": [], "@type": "Claim"}', "utf-8")
    assert refusal(path, profile_of("json", rows="Claim")) == (
        "f.json:1: put the @type of this Claim before its list"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    counts=st.lists(st.integers(0, 3), max_size=3),
    keys=st.sampled_from([("items", "@graph", "dataFeedElement"), None]),
    block=st.integers(1, 100),
    at=st.integers(0, 10**6),
)
def test_json_is_read_whole_in_blocks_of_any_size_and_refused_cut_off_anywhere(
    tmp_path: Path, counts: list[int], keys: tuple[str, ...] | None, block: int, at: int
) -> None:
    lists = [[{"id": n, "what": "é\n"}] * count for n, count in enumerate(counts)]
    expected = [str(row["id"]) for one in lists for row in one]
    if keys:
        value: object = {"name": "[]", **dict(zip(keys, lists, strict=False)), "end": {"a": "]}"}}
    else:
        value = [row for one in lists for row in one]
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path = tmp_path / "rows.json"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_parser, "_BLOCK", block)
        if lists:
            path.write_text(text, "utf-8")
            assert [row[1] for row in read(path, profile_of("json"))] == expected
        path.write_text(text[: at % (len(text) - 1) + 1], "utf-8")
        with pytest.raises(Invalid):
            rows_of(path, profile_of("json"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            b"[" * 100_000, "f.json:1: record 1: values nest too deeply: flatten them", id="nested"
        ),
        pytest.param(
            b'[{"a": ' + b"[" * 90 + b"]" * 90 + b"}]", "values nest too deeply: flatten them",
            id="nested less deeply",
        ),
        pytest.param(
            b'[{"id": 1},\n{"id": }]', "f.json:2: record 2: this is not JSON: expecting value",
            id="broken",
        ),
        pytest.param(
            b'[{"id": 1},\n', f"f.json:2: record 2: {CUT_OFF}", id="cut off",
        ),
        pytest.param(
            b'[{"id": 1}\n', f"f.json:2: record 1: {CUT_OFF}", id="cut off before a comma"
        ),
        pytest.param(
            b'{"id": 1,\n "items": [{"id": 2}]\n', f"f.json:3: {CUT_OFF}",
            id="an object cut off behind its list",
        ),
        pytest.param(
            b'{"items": [{"id": 2}], "name": "x',
            "f.json:1: this is not JSON: unterminated string starting at",
            id="an object cut off in a later key",
        ),
        pytest.param(
            b'[{"id": 1}]\n[{"id": 2}]', f"f.json:2: {ENDED}", id="two lists",
        ),
        pytest.param(b'{"id": 1}\n{"id": 2}', f"f.json:2: {ENDED}", id="two objects"),
        pytest.param(
            b'{"items": [{"id": 1}]} x', f"f.json:1: {ENDED}", id="something behind the end"
        ),
        pytest.param(
            b'[{"id": 1} {"id": 2}]', "f.json:1: record 1: this is not JSON: expecting ','",
            id="no comma",
        ),
        pytest.param(
            b'{"items": [], 7: 1}', "f.json:1: this is not JSON: expecting a key in quotes",
            id="a key that is none",
        ),
        pytest.param(
            b'[{"id": NaN}]',
            "f.json:1: record 1: it holds a number that is none, or has too many digits: put it in "
            "quotes",
            id="NaN",
        ),
        pytest.param(
            b'[{"id": ' + b"9" * 5000 + b"}]",
            "f.json:1: record 1: it holds a number that is none, or has too many digits: put it in "
            "quotes",
            id="a vast number",
        ),
        pytest.param(
            b'[{"id": "' + b"9" * (2 * rows.MAX_RECORD_LENGTH + 10) + b'"}]',
            "f.json:1: record 1: one record is longer than 16,777,216 characters: split the file",
            id="a vast record",
        ),
        pytest.param(
            b"{" + b",".join(b'"%d": "%s"' % (n, b"9" * 2**20) for n in range(20)) + b"}",
            "f.json:1: one record is longer than 16,777,216 characters: split the file",
            id="a vast object of small parts",
        ),
        pytest.param(
            b"7", "f.json:1: this is no JSON of records: write [{...}, {...}]", id="a number"
        ),
    ],
)  # fmt: skip
def test_json_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(content)
    assert refusal(path, profile_of("json")) == told


def test_a_line_of_json_lines_that_is_wrong_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1, "what": "a"}\n\n{"id"\n7\n{"id": 2}\n', "utf-8")
    rows = rows_of(path, profile_of("jsonl"))
    assert [(row.line, row.fault) for row in rows] == [
        (1, ""),
        (3, "this is not JSON: expecting ':' delimiter"),
        (4, "it is no record: write {...}"),
        (5, ""),
    ]


# --- workbooks ------------------------------------------------------------------------------------

SHEET = "xl/worksheets/sheet1.xml"
ODD = (
    "rows.xlsx: it is damaged, or no workbook that can be read: open it in a spreadsheet program "
    "and save it anew",
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


def changed(path: Path, part: str, how: Callable[[bytes], bytes]) -> None:
    """Change a part of a workbook."""
    with ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, how(content) if name == part else content)


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
        "B2 (what) holds the error #N/A: mend its formula, or clear the cell",
        "",
    ]
    changed(path, SHEET, lambda text: text.replace(b't="e"', b't="str"'))
    assert read(path, profile_of("xlsx")) == [(2, "1", "#N/A"), (3, "2", "#TODO")]


def test_cells_to_the_right_of_the_header_are_told_unless_they_are_empty(tmp_path: Path) -> None:
    path = saved(tmp_path, ("id", "what"), (1, "a", None, "lost"), (2, "b", "", None), (3, "c"))
    told = "it has 4 cells, and the header has 2: mend the row"
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
    told = "it is no workbook: save it as .xlsx, or give a profile of another format"
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
    assert refusal(path, profile_of("xlsx")).startswith("rows.xlsx: it is no workbook: save it as")


@pytest.mark.parametrize(
    "form", ["csv", "tsv", "json", "jsonl", "xlsx", "bibtex", "csl-json", "ris"]
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200) | st.text("id,what\n\"'{}[]: @TY-ER\\\0é").map(str.encode))
def test_whatever_is_in_a_file_it_is_read_or_refused(
    tmp_path: Path, form: str, content: bytes
) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    assert isinstance(refusal(path, profile_of(form)), str)
