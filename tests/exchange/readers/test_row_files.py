"""Files of rows: encodings, delimiters, broken lines, and files that cannot be read."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtrack.errors import Invalid, MissingFile
from claimtrack.exchange.imports.row_files import open_rows
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers import rows
from exchange.readers.read_rows import NO_HEADER, profile_of, read, refusal, rows_of

CYRILLIC = "id,what\n1,Українська правда: обстріл міста вночі\n2,Без втрат серед цивільних\n"


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
        pytest.param("1", "it has 1 cells, and the header has 2: correct the line", id="too few"),
        pytest.param(
            "1,a,b", "it has 3 cells, and the header has 2: correct the line", id="too many"
        ),
        pytest.param(
            '1,"a"b', "a quotation mark within a cell is not doubled: double it", id="mark"
        ),
        pytest.param(
            "1,a\0b", "it holds a NUL character, in the column 'what': remove it", id="NUL"
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
        "it holds the byte 0x81, which cp1252 does not have, in the column 'what': set the "
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
    with pytest.raises(Invalid, match="is not a regular file, but it is read twice"):
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
