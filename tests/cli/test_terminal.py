"""A terminal is sent nothing that it would act on, in whichever format; files lose nothing."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.cli.output_options import has_bom
from claimtrack.db import sessions
from claimtrack.escaping import escape_controls, escape_controls_json
from claimtrack.present.csv_writer import CsvStyle
from commandline import CommandLine
from conftest import NewTarget

EVIL = "\x1b[31mred\x07\x9b1m\r\u202e\u2066\u200f\u061c\u200b\ufeff\U000e0041 a\tb\nc \u200dd"
"""Orders to a terminal, and what it would turn or hide; a tab, a line feed and a joiner."""
SPELLED = (
    r"\x1b[31mred\x07\x9b1m\r\u202e\u2066\u200f\u061c\u200b\ufeff\U000e0041 a b" + "\nc \u200dd"
)
ACTS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]|\r(?!\n)"
)


def test_what_a_terminal_would_act_on_is_spelled_out() -> None:
    assert escape_controls(EVIL) == SPELLED


def test_escaped_text_is_the_same_text_in_json() -> None:
    written = json.dumps(EVIL, ensure_ascii=False)
    assert not ACTS.search(escape_controls_json(written))
    assert json.loads(escape_controls_json(written)) == EVIL


def log_evil(target: str) -> None:
    with sessions.writing(db.connect(target), author="Test Analyst") as session:
        case = Casebook(session).actor("evil", name=EVIL)
        case.document("D", title=EVIL, url=f"https://example.org/{EVIL}")
        case.claim("C", actor="evil", summary=EVIL, affirms="p", cites="D")
        case.statement("S", actor="evil", summary=EVIL, denies="p")


@pytest.fixture(scope="module")
def target(new_target: NewTarget) -> Iterator[str]:
    """A casebook in which every text is evil."""
    with new_target("sqlite") as target:
        log_evil(target)
        yield target


def on_terminal(target: str, *args: str) -> str:
    """Return what a command writes to a terminal, stdout and stderr."""
    ours, theirs = pty.openpty()
    line = [sys.executable, "-c", "from claimtrack.cli import main; main()", "--db", target, *args]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        written = b""
        while part := _read(ours):
            written += part
    os.close(ours)
    return written.decode().replace("\r\n", "\n")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 2**16)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("claim", "list", "--format", "csv"), id="csv"),
        pytest.param(("claim", "list", "--format", "csv", "--raw", "--bom"), id="raw csv"),
        pytest.param(("claim", "list", "-o", "/dev/stdout", "--format", "csv"), id="a device"),
        pytest.param(("claim", "list", "--format", "markdown"), id="markdown"),
        pytest.param(("claim", "list"), id="table"),
        pytest.param(("show", "C"), id="show"),
        pytest.param(("log",), id="log"),
        pytest.param(("check",), id="check"),
        pytest.param(("dump",), id="dump"),
        pytest.param(("export", "html", "-"), id="export"),
        pytest.param(("show", EVIL), id="a message"),
    ],
)
def test_nothing_that_a_terminal_would_act_on_reaches_it(
    target: str, command: tuple[str, ...]
) -> None:
    written = on_terminal(target, *command)
    assert "red" in written
    assert not ACTS.search(written)


@pytest.mark.parametrize(
    ("command", "read"),
    [
        pytest.param(
            ("claim", "list", "--format", "json"), lambda said: json.loads(said)[0], id="json"
        ),
        pytest.param(("claim", "list", "--format", "jsonl"), json.loads, id="jsonl"),
        pytest.param(
            ("show", "C", "--format", "json"), lambda said: json.loads(said)[0], id="show"
        ),
    ],
)
def test_json_on_a_terminal_is_escaped_and_says_the_same(
    target: str, command: tuple[str, ...], read: Any
) -> None:
    written = on_terminal(target, *command)
    assert not ACTS.search(written)
    assert read(written)["summary"] == EVIL.strip()


def test_csv_on_a_terminal_is_spelled_as_a_table(target: str) -> None:
    written = on_terminal(target, "claim", "list", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(written))
    assert row["summary"] == SPELLED.strip()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_files_and_pipes_lose_nothing(target: str, form: str, tmp_path: Path) -> None:
    line, file = CommandLine(target), tmp_path / "claims"
    line.does("claim", "list", "--format", form, "--output", str(file))
    said = file.read_bytes().decode()
    assert said == line.run_bytes("claim", "list", "--format", form).decode()
    if form == "csv":
        (row,) = csv.DictReader(io.StringIO(said, newline=""))
    else:
        row = json.loads(said)
    assert row["summary"] == EVIL.strip()


# --- the byte order mark --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "marked"),
    [
        pytest.param(("claim", "list", "--format", "csv"), False, id="usually not"),
        pytest.param(("claim", "list", "--format", "csv", "--bom"), True, id="wanted"),
        pytest.param(("show", "C", "--format", "csv", "--bom"), True, id="show"),
        pytest.param(("log", "--format", "csv", "--bom"), True, id="log"),
        pytest.param(("report", "claims", "--format", "csv", "--no-bom"), False, id="not wanted"),
    ],
)
def test_csv_begins_with_a_byte_order_mark_where_that_is_wanted(
    target: str, command: tuple[str, ...], marked: bool
) -> None:
    assert CommandLine(target).run_bytes(*command).startswith(b"\xef\xbb\xbf") is marked


def test_other_formats_have_no_byte_order_mark(target: str) -> None:
    assert CommandLine(target).refuses("claim", "list", "--format", "json", "--bom") == (
        2,
        "--bom is for --format csv: other formats are known to be UTF-8",
    )
    assert (
        CommandLine(target).run_bytes("claim", "list", "--format", "json", "--no-bom")[:1] == b"["
    )


@pytest.mark.parametrize(
    ("output", "platform", "expected"),
    [
        pytest.param(Path("a.csv"), "win32", True, id="Windows"),
        pytest.param(Path("A.CSV"), "win32", True, id="in capitals"),
        pytest.param(Path("a.txt"), "win32", False, id="another ending"),
        pytest.param(None, "win32", False, id="stdout"),
        pytest.param(Path("a.csv"), "linux", False, id="elsewhere"),
    ],
)
def test_files_that_end_in_csv_have_the_mark_on_windows(
    output: Path | None, platform: str, expected: bool
) -> None:
    assert has_bom(output, platform) is expected


def test_a_data_package_with_marks_is_read_back(
    target: str, new_target: NewTarget, tmp_path: Path
) -> None:
    folder = tmp_path / "package"
    CommandLine(target).does("export", "datapackage", str(folder), "--bom")
    assert all(file.read_bytes()[:3] == b"\xef\xbb\xbf" for file in folder.glob("*.csv"))
    with new_target("sqlite") as other:
        CommandLine(other).does("import", "tables", str(folder))
        assert CommandLine(other).does("dump") == CommandLine(target).does("dump")


def test_rejected_rows_with_a_mark_are_imported_once_they_are_mended(
    new_target: NewTarget, tmp_path: Path
) -> None:
    file, rejected = tmp_path / "topic.csv", tmp_path / "topic.csv.rejected.csv"
    file.write_text("ref,name,parent,exclusive\nт,Тема,,false\n", "utf-8")
    with new_target("sqlite") as target:
        line = CommandLine(target)
        line.does("import", "tables", str(file), "--skip-invalid", "--bom")
        assert rejected.read_bytes().startswith(b"\xef\xbb\xbf")
        rejected.write_text(rejected.read_text("utf-8").replace("т,", "t,"), "utf-8")
        line.does("import", "tables", str(rejected))
        assert "Тема" in line.does("topic", "list", "--format", "csv")


def test_a_csv_style_marks_no_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        CsvStyle(bom=True).write(stream, ["a"], [["b\r"]])
    assert terminal.getvalue() == "a\nb\\r\n"
    assert file.getvalue() == '\ufeffa\r\n"b\r"\r\n'
