"""Rows as tables, CSV, JSON, JSON Lines and Markdown."""

import csv
import io
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.cli.row_output import Out
from claimtrack.escaping import escape_controls, escape_formula, unescape_formula
from claimtrack.present.row_values import column_names
from claimtrack.vocab import Basis, OutputFormat
from commandline import CommandLine


@dataclass(frozen=True, slots=True)
class Row:
    """One of everything that a row can hold."""

    ref: str
    klass: str
    date_from: date | None
    date_to: date | None
    basis: Basis | None
    exclusive: bool
    strength: int | None
    propositions: tuple[str, ...]
    summary: str


ROWS = [
    Row(
        ref="C10b",
        klass="denial",
        date_from=date(2024, 5, 1),
        date_to=date(2024, 5, 31),
        basis=Basis.EXPLICIT,
        exclusive=True,
        strength=2,
        propositions=("nato", "aims"),
        summary='He said "no", and | left\nЮлия',
    ),
    Row("C2", "dispute", None, None, None, False, None, (), ""),
]


def emitted(
    form: OutputFormat, rows: list[Row], tmp_path: Path, *, limit: int | None = None
) -> bytes:
    output = tmp_path / "rows"
    Out(form, output, limit).emit(rows, Row)
    return output.read_bytes()


def test_csv_is_as_rfc_4180_has_it(tmp_path: Path) -> None:
    assert emitted(OutputFormat.CSV, ROWS, tmp_path).decode() == (
        "ref,class,date_from,date_to,basis,exclusive,strength,propositions,summary\r\n"
        "C10b,denial,2024-05-01,2024-05-31,explicit,true,2,nato; aims,"
        '"He said ""no"", and | left\nЮлия"\r\n'
        "C2,dispute,,,,false,,,\r\n"
    )


def test_json_has_the_same_names_with_arrays_and_nulls(tmp_path: Path) -> None:
    expected = [
        {
            "ref": "C10b",
            "class": "denial",
            "date_from": "2024-05-01",
            "date_to": "2024-05-31",
            "basis": "explicit",
            "exclusive": True,
            "strength": 2,
            "propositions": ["nato", "aims"],
            "summary": 'He said "no", and | left\nЮлия',
        },
        {
            "ref": "C2",
            "class": "dispute",
            "date_from": None,
            "date_to": None,
            "basis": None,
            "exclusive": False,
            "strength": None,
            "propositions": [],
            "summary": "",
        },
    ]
    assert json.loads(emitted(OutputFormat.JSON, ROWS, tmp_path)) == expected
    lines = emitted(OutputFormat.JSONL, ROWS, tmp_path).decode().splitlines()
    assert [json.loads(line) for line in lines] == expected


def test_markdown_keeps_each_row_on_its_line(tmp_path: Path) -> None:
    assert emitted(OutputFormat.MARKDOWN, ROWS, tmp_path).decode() == (
        "| ref | class | date_from | date_to | basis | exclusive | strength | propositions "
        "| summary |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| C10b | denial | 2024-05-01 | 2024-05-31 | explicit | true | 2 | nato; aims "
        '| He said "no", and \\| left<br>Юлия |\n'
        "| C2 | dispute |  |  |  | false |  |  |  |\n"
    )


def test_a_table_wraps_texts_and_shows_both_bounds_as_one_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "90")
    expected = """\
ref   class    date     basis     exclusive  strength  propositions  summary
────  ───────  ───────  ────────  ─────────  ────────  ────────────  ─────────────────────
C10b  denial   2024-05  explicit  true       2         nato          He said "no", and |
                                                       aims          left
                                                                     Юлия

C2    dispute                     false
"""
    assert emitted(OutputFormat.TABLE, ROWS, tmp_path).decode() == expected


def test_a_table_that_does_not_fit_is_stacked_and_breaks_no_ref(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    long_ref = "R" * 64
    [row] = [Row(long_ref, "dispute", None, None, None, False, None, (), "one two " * 8)]
    assert emitted(OutputFormat.TABLE, [row], tmp_path).decode() == (
        f"ref        {long_ref}\n"
        "class      dispute\n"
        "exclusive  false\n"
        "summary    one two one two one two one\n"
        "           two one two one two one two\n"
        "           one two\n"
    )


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param(
            OutputFormat.CSV,
            "ref,class,date_from,date_to,basis,exclusive,strength,propositions,summary\r\n",
            id="csv",
        ),
        pytest.param(OutputFormat.JSON, "[\n]\n", id="json"),
        pytest.param(OutputFormat.JSONL, "", id="jsonl"),
    ],
)
def test_no_rows_are_still_an_answer(form: OutputFormat, expected: str, tmp_path: Path) -> None:
    assert emitted(form, [], tmp_path).decode() == expected


def test_a_table_shows_50_rows_unless_told_and_says_how_many_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [Row(f"C{n}", "dispute", None, None, None, False, None, (), "") for n in range(60)]
    assert emitted(OutputFormat.TABLE, rows, tmp_path).count(b"dispute") == 50
    assert emitted(OutputFormat.TABLE, rows, tmp_path, limit=2).count(b"dispute") == 2
    assert emitted(OutputFormat.TABLE, rows[:1], tmp_path).count(b"dispute") == 1
    assert capsys.readouterr().err == (
        "50 of 60 rows shown: use --limit, or another --format, for more\n"
        "2 of 60 rows shown: use --limit, or another --format, for more\n"
        "1 row\n"
    )


def test_only_tables_have_a_limit_of_their_own(tmp_path: Path) -> None:
    rows = [Row(f"C{n}", "dispute", None, None, None, False, None, (), "") for n in range(60)]
    assert emitted(OutputFormat.CSV, rows, tmp_path).count(b"dispute") == 60


def test_what_a_terminal_would_act_on_is_spelled_out(tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07 \x9b2J \u202egnp.exe \r"
    row = Row("C1", "dispute", None, None, None, False, None, (), evil)
    for form in (OutputFormat.TABLE, OutputFormat.MARKDOWN):
        text = emitted(form, [row], tmp_path).decode()
        assert not set(text) & set("\x1b\x07\x9b\u202e\r")
        assert "x1b]0;owned" in text.replace("\\]", "]")
    assert escape_controls("\x1b[31m") == "\\x1b[31m"


def test_a_new_file_is_for_its_owner_and_an_old_one_keeps_its_permissions(tmp_path: Path) -> None:
    emitted(OutputFormat.CSV, ROWS, tmp_path)
    assert stat.S_IMODE((tmp_path / "rows").stat().st_mode) == 0o600
    (tmp_path / "rows").chmod(0o640)
    emitted(OutputFormat.JSON, ROWS, tmp_path)
    assert stat.S_IMODE((tmp_path / "rows").stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["rows"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "rows").symlink_to("real")
    emitted(OutputFormat.CSV, ROWS, tmp_path)
    assert (tmp_path / "rows").is_symlink()
    assert (tmp_path / "real").read_bytes().startswith(b"ref,class")


def test_a_question_that_fails_midway_leaves_no_half_file(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield ROWS[0]
        raise RuntimeError("the server has gone")

    (tmp_path / "rows").write_text("old")
    with pytest.raises(RuntimeError, match="the server has gone"):
        Out(OutputFormat.CSV, tmp_path / "rows", None).emit(rows(), Row)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_the_columns_are_the_fields() -> None:
    assert column_names(Row)[:2] == ["ref", "class"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        pytest.param("=HYPERLINK(1)", "'=HYPERLINK(1)", id="equals"),
        pytest.param("+1", "'+1", id="plus"),
        pytest.param("-2", "'-2", id="minus"),
        pytest.param("@SUM(1)", "'@SUM(1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="a tab"),
        pytest.param("\n=1", "'\n=1", id="a line feed"),
        pytest.param("\uff1d1", "'\uff1d1", id="a full-width sign"),
        pytest.param("'=1", "''=1", id="an apostrophe of its own"),
        pytest.param("'quoted'", "'quoted'", id="an apostrophe before a letter"),
        pytest.param("a=b", "a=b", id="a sign inside"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_no_text_is_a_formula_and_each_can_be_read_back(
    tmp_path: Path, text: str, cell: str
) -> None:
    row = Row("C1", "dispute", date(2024, 5, 24), None, None, False, -2, (), text)
    content = emitted(OutputFormat.CSV, [row], tmp_path).decode()
    [read] = csv.DictReader(io.StringIO(content, newline=""))
    assert (read["summary"], read["strength"], read["date_from"]) == (cell, "-2", "2024-05-24")
    assert unescape_formula(read["summary"]) == text
    Out(OutputFormat.CSV, tmp_path / "raw", raw=True).emit([row], Row)
    raw = (tmp_path / "raw").read_bytes().decode()
    [read] = csv.DictReader(io.StringIO(raw, newline=""))
    assert read["summary"] == text


@given(st.text(st.sampled_from("'=+-@a\t\n"), max_size=6))
def test_what_is_guarded_reads_back(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_markdown_is_no_markup(tmp_path: Path) -> None:
    evil = "*a* _b_ `c` [d](http://x) <img> ~~e~~ &lt; at_odds_with"
    row = Row("C1", "dispute", None, None, None, False, None, (), evil)
    text = emitted(OutputFormat.MARKDOWN, [row], tmp_path).decode()
    assert r"\*a\* \_b\_ \`c\` \[d\](http://x) \<img\> \~\~e\~\~ \&lt; at_odds_with" in text


def test_an_anchor_is_written_beside_the_file(tmp_path: Path) -> None:
    line = CommandLine(str(tmp_path / "c.db"))
    line.does("init")
    line.does("topic", "add", "Talks")
    anchor = line.does("log", "anchor")
    for words in (("topic", "list", "--format", "csv"), ("report", "claims"), ("dump",)):
        file = tmp_path / words[0]
        line.does(*words, "--output", str(file), "--anchor")
        assert (tmp_path / f"{words[0]}.anchor").read_text() == anchor
        assert (tmp_path / f"{words[0]}.anchor").stat().st_mode & 0o777 == 0o600
        code, said = line.refuses(*words, "--anchor")
        assert (code, said) == (
            2,
            "--anchor needs --output: the anchor is written beside the file",
        )
    assert line.refuses("topic", "list", "--raw")[0] == 2
