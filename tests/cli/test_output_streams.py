"""Output that cannot be written, or is cut short: what the user reads, and what stays as it was."""

import os
import subprocess
from pathlib import Path

import pytest

from cli.own_process import run_process
from commandline import CommandLine


def test_output_into_a_missing_folder(paths: CommandLine, tmp_path: Path) -> None:
    output = tmp_path / "missing" / "rows.csv"
    assert paths.refuses("claim", "list", "--output", str(output)) == (
        3,
        f"there is no folder {output.parent}: create it first, or write somewhere else",
    )


@pytest.mark.parametrize("line", [("claim", "list"), ("dump",), ("schema", "dossier")])
def test_output_over_a_folder(paths: CommandLine, tmp_path: Path, line: tuple[str, ...]) -> None:
    assert paths.refuses(*line, "--output", str(tmp_path)) == (
        2,
        f"output {str(tmp_path)!r} is not valid: expected the name of a file, but this is a folder",
    )


@pytest.mark.parametrize(
    "line", [("claim", "list", "--output"), ("dump", "--output"), ("export", "html")]
)
def test_no_output_takes_the_place_of_a_casebook(paths: CommandLine, line: tuple[str, ...]) -> None:
    before = Path(paths.target).read_bytes()
    expected = "expected the name of another file, but this is a database"
    assert paths.refuses(*line, paths.target) == (
        2,
        f"output {paths.target!r} is not valid: {expected}",
    )
    assert Path(paths.target).read_bytes() == before


FULL = "/dev/full"
needs_full_disk = pytest.mark.skipif(
    not Path(FULL).exists(), reason="only Linux has /dev/full, a disk without room"
)


@needs_full_disk
def test_output_onto_a_full_disk(paths: CommandLine) -> None:
    assert paths.refuses("claim", "list", "--format", "csv", "--output", FULL) == (
        1,
        f"{FULL} cannot be written: No space left on device",
    )


@needs_full_disk
def test_stdout_onto_a_full_disk(paths: CommandLine) -> None:
    full = os.open(FULL, os.O_WRONLY)
    line = ("--db", paths.target, "topic", "list", "--format", "csv")
    assert run_process(*line, stdout=full) == (
        1,
        "the output cannot be written: No space left on device\n",
    )
    os.close(full)


@pytest.mark.parametrize("line", [("topic", "list", "--format", "csv"), ("export", "html", "-")])
def test_a_reader_that_has_gone_is_no_error_to_speak_of(
    paths: CommandLine, line: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert run_process("--db", paths.target, *line, stdout=writer) == (1, "")
    os.close(writer)


@needs_full_disk
@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_onto_a_full_disk(words: tuple[str, ...]) -> None:
    full = os.open(FULL, os.O_WRONLY)
    assert run_process(*words, stdout=full) == (
        1,
        "the output cannot be used: No space left on device\n",
    )
    os.close(full)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            ("topic", "list"), (1, "the output cannot be written: stdout is closed\n"), id="list"
        ),
        pytest.param(
            ("topic", "add", "Talks"),
            (1, "added topic talks\nthe output cannot be written: stdout is closed\n"),
            id="add",
        ),
        pytest.param(("topic", "add"), (2, "--name is missing: a topic needs it\n"), id="ask"),
    ],
)
def test_a_command_without_stdin_and_stdout(
    paths: CommandLine, line: tuple[str, ...], expected: tuple[int, str]
) -> None:
    first = "import sys; sys.stdin = sys.stdout = None"
    line = ("--db", paths.target, *line)
    assert run_process(*line, stdout=subprocess.DEVNULL, first=first) == expected


@needs_full_disk
def test_a_report_cut_short_closes_what_it_reads(paths: CommandLine) -> None:
    for name in range(3):
        paths.does("topic", "add", f"Topic {name} {'x' * 9000}")
    full = os.open(FULL, os.O_WRONLY)
    for line in (("topic", "list"), ("log",)):
        assert run_process("--db", paths.target, *line, "--format", "csv", stdout=full) == (
            1,
            "the output cannot be written: No space left on device\n",
        )
    os.close(full)


def test_ctrl_c_says_that_nothing_was_written(paths: CommandLine) -> None:
    # What a shell starts in the background ignores it otherwise, and so do the tests there.
    listen = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    editor = """import os; os.environ["VISUAL"] = 'sh -c "kill -INT $PPID; sleep 1"'"""
    first = f"{listen}; {editor}"
    line = ("--db", paths.target, "topic", "add", "Talks", "--edit")
    assert run_process(*line, stdout=subprocess.DEVNULL, first=first) == (
        130,
        "stopped: nothing was written\n",
    )


def test_an_output_that_fails_leaves_the_old_file_as_it_was(
    paths: CommandLine, tmp_path: Path
) -> None:
    output = tmp_path / "rows.csv"
    output.write_text("old")
    code, _ = paths.refuses("claim", "list", "--sort", "none", "--output", str(output))
    assert (code, output.read_text(), sorted(path.name for path in tmp_path.iterdir())) == (
        2,
        "old",
        ["claimtrack.db", "rows.csv"],
    )
