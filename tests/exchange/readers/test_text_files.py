"""Text files: mixed encodings, first lines that tell the delimiter, files without a header."""

from pathlib import Path

import pytest

from claimtrack.exchange.imports.row_files import open_rows
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.text_files import detect_encoding
from exchange.readers.read_rows import profile_of, read, refusal, rows_of

HEADER = b"id,what\n"
NO_HEADER = (
    "; or, if this line is not a header, name the columns in the profile (columns: [id, ...])"
)
UKRAINIAN = "1,«РЕБ»: Ці\n2,Ці діти, ті їхні «ДРГ» — Ж»\n3,П'ять тіней над Україною\n" * 30
CHINESE = "".join(f"{number},王伟明\n{number},公司\n" for number in range(500))


def saved(folder: Path, content: bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        pytest.param("1,José Núñez\n".encode() * 9 + b"2,Ren\xe9\n", [11], id="Latin"),
        pytest.param("1,José\n".encode() + b"2,Ren\xe9\n" * 9, [*range(3, 12)], id="mostly not"),
        pytest.param(
            "1,Іван Петренко\n".encode() + "2,Ольга Їжак\n".encode("cp1251"), [3], id="Cyrillic"
        ),
        pytest.param(
            "1,Петренко\n".encode() + "2,Олена сказала\n".encode("cp1251") * 40,
            [*range(3, 43)],
            id="mostly Cyrillic of Windows",
        ),
        pytest.param("1,Обстріл\n2,міста".encode()[:-1], [3], id="cut off within a letter"),
        pytest.param(b"\xef\xbb\xbf" + HEADER + b"2,Ren\xe9\n", [2], id="with a mark"),
    ],
)
def test_a_file_that_is_utf_8_but_for_some_lines_is_wrong_in_those_lines(
    tmp_path: Path, content: bytes, lines: list[int]
) -> None:
    content = content if content.startswith(b"\xef") else HEADER + content
    rows = rows_of(saved(tmp_path, content), profile_of("csv"))
    wrong = [row for row in rows if row.fault]
    assert [row.line for row in wrong] == lines
    assert all("which UTF-8 does not have, in the column 'what': " in row.fault for row in wrong)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(UKRAINIAN, "cp1251", id="letters that look like UTF-8 beside quotation marks"),
        pytest.param(UKRAINIAN.replace("«", "").replace("»", ""), "koi8_u", id="short words"),
        pytest.param(CHINESE, "gb18030", id="short names"),
        pytest.param("1,café à Orléans, JOSÉ\n", "cp1252", id="Latin"),
        pytest.param("1,δήλωσε πρόεδρος\n", "cp1253", id="Greek"),
        pytest.param("1,대한민국 대통령은 발표했다\n", "euc_kr", id="Korean"),
    ],
)
def test_a_file_that_shows_no_utf_8_is_read_in_its_own_encoding(
    tmp_path: Path, text: str, encoding: str
) -> None:
    path = saved(tmp_path, HEADER + text.encode(encoding, "ignore"))
    assert detect_encoding(path, None) == encoding


def test_a_profile_cannot_take_utf_8_for_windows_1252(tmp_path: Path) -> None:
    path = saved(tmp_path, HEADER + "1,José\n".encode())
    assert refusal(path, profile_of("csv", encoding="latin-1")) == (
        "f.csv: all of it is UTF-8, and the profile says latin-1: leave encoding out there"
    )
    assert read(saved(tmp_path, HEADER + b"1,a\n"), profile_of("csv", encoding="cp1252"))


def test_a_header_that_cannot_be_read_as_text_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, b"id,what,caf\xe9\n1,a,\xc3\xa9\n")
    assert refusal(path, profile_of("csv")).startswith("f.csv:1: it holds the byte 0xe9, which UTF")


@pytest.mark.parametrize(
    ("first", "delimiter"),
    [
        pytest.param("sep=;\n", ";", id="semicolon"),
        pytest.param("\ufeffsep=;\r\n", ";", id="behind a mark"),
        pytest.param('"sep=|"\n', "|", id="in quotes"),
        pytest.param("SEP=\t\n", "\t", id="tab"),
        pytest.param("sep=\\t\n", "\t", id="tab spelled out"),
        pytest.param("sep=^\n", "^", id="an unusual one"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_a_first_line_that_tells_the_delimiter_is_obeyed(
    tmp_path: Path, form: str, first: str, delimiter: str
) -> None:
    text = f'{first}id{delimiter}what\n1{delimiter}"a,b;c"\n2\n'
    rows = rows_of(saved(tmp_path, text.encode()), profile_of(form, delimiter=","))
    assert [(row.line, row.cells.get("what")) for row in rows] == [(3, "a,b;c"), (4, None)]
    bad = saved(tmp_path, f"{first}id{delimiter}whet\n".encode())
    assert refusal(bad, profile_of(form)).startswith("f.csv:2: there is no column 'what': did you")


def test_a_file_without_a_header_has_the_columns_of_the_profile(tmp_path: Path) -> None:
    profile = profile_of("csv", columns=["id", "what"])
    path = saved(tmp_path, b'"1\n2",a\n\n2,b,c\n3,"d"e\n')
    rows = rows_of(path, profile)
    assert [(row.line, row.cells.get("what"), row.fault[:12]) for row in rows] == [
        (1, "a", ""),
        (4, "b", "it has 3 cel"),
        (5, None, "a quotation "),
    ]
    assert refusal(saved(tmp_path, b"sep=;\nid;what\n1;a\n"), profile) == (
        "f.csv:2: this is a header, and the profile names the columns: leave them out of one"
    )
    assert read(saved(tmp_path, b"sep=;\n1;a\n"), profile) == [(2, "1", "a")]


def test_whether_the_first_line_is_a_header_is_asked_where_it_names_no_column(
    tmp_path: Path,
) -> None:
    told = refusal(saved(tmp_path, b"1,true\n2,false\n"), profile_of("csv"))
    assert told == f"f.csv:1: there is no column 'id' and 1 more: it has 1, true{NO_HEADER}"
    told = refusal(saved(tmp_path, b"id,true\n"), profile_of("csv"))
    assert told == "f.csv:1: there is no column 'what': it has id, true"
    profile = profile_of("csv", columns=["id", "text"])
    told = refusal(saved(tmp_path, b"1,true\n"), profile)
    assert told == "f.csv:1: there is no column 'what': it has id, text"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(",".join(f"c{n}" for n in range(200_000)), id="many columns"),
        pytest.param("c," * 200_000 + "c", id="many of one name"),
    ],
)
def test_a_header_of_very_many_columns_is_refused_at_once(tmp_path: Path, content: str) -> None:
    told = refusal(saved(tmp_path, content.encode()), profile_of("csv"))
    assert told.startswith("f.csv:1: there are 200,00")
    assert told.endswith("and 16,384 are read at most: leave out those that nobody needs")


def test_text_in_a_column_without_a_name_is_noted(tmp_path: Path) -> None:
    notes = Notes()
    path = saved(tmp_path, b"id,,what,\n1,lost,a\n2, ,b\n3,lost,c\n")
    with open_rows(path, profile_of("csv"), notes) as feed:
        assert [row.cells["what"] for row in feed.rows] == ["a", "b", "c"]
    assert list(notes.lines(5)) == [
        "a column without a name holds text, which is not read (2 times)"
    ]


def test_entities_control_characters_and_lost_ones_are_noted_and_kept(tmp_path: Path) -> None:
    notes = Notes()
    content = "id,what,other\n1,Q&amp;A &#1078; R&DX; a\x07 b\ufffd,&amp;\n2,x?a=1&b;&amp;,\n"
    with open_rows(saved(tmp_path, content.encode()), profile_of("csv"), notes) as feed:
        assert next(feed.rows).cells["what"] == "Q&amp;A &#1078; R&DX; a\x07 b\ufffd"
        list(feed.rows)
    assert sorted(notes.lines(9)) == [
        "what '&#1078;' is how HTML writes 'ж', and kept as written: replace it (1 time)",
        "what '&amp;' is how HTML writes '&', and kept as written: replace it (2 times)",
        r"what '\x07' is a control character, and kept: remove it from the file if it says nothing"
        " (1 time)",
        "what '\ufffd' marks a lost character: look it up in the source (1 time)",
    ]


PAGE = b"\n<!-- saved --> <!DOCTYPE html><html><p>id,what</p></html>"


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "xlsx", "bibtex", "ris"])
@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(PAGE, "this is a saved web page or XML, and the profile is of ", id="HTML"),
        pytest.param(
            b'<?xml version="1.0"?><rss/>', "this is a saved web page or XML, and", id="XML"
        ),
        pytest.param(
            b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n",
            "this is a web page saved as MHTML: save it as HTML alone",
            id="MHTML",
        ),
    ],
)
def test_a_saved_page_given_as_a_feed_is_told_what_to_do(
    tmp_path: Path, form: str, content: bytes, told: str
) -> None:
    path = saved(tmp_path, content)
    assert refusal(path, profile_of(form)).startswith(f"f.csv: {told}")


@pytest.mark.parametrize("start", [b"PK\x05\x06", b"\x1f\x8b\x08", b"%PDF-1.7", b"Rar!\x1a\x07"])
def test_an_archive_or_a_pdf_is_no_text(tmp_path: Path, start: bytes) -> None:
    told = refusal(saved(tmp_path, start + b"\n1,a\n"), profile_of("csv"))
    assert told.startswith("f.csv: this is a workbook, an archive or a PDF")
