"""The options of `log`."""

import pytest

from commandline import CommandLine, read_csv


def test_the_command_reads_days_times_names_and_refs(denial: CommandLine) -> None:
    def found(*words: str) -> list[str]:
        rows = read_csv(denial.does("log", *words, "--format", "csv"))
        return [row["record"] for row in rows]

    everything = found()
    assert found("--since", "2000-01-01", "--until", "2100-01-01") == everything
    assert found("--since", "2000-01-01T00:00", "--until", "2100-01-01T12:00+02:00") == everything
    assert found("--until", "2000-01-01") == []
    assert found("--by", "nobody") == []
    assert found("--record", "C-1", "--table", "entry") == ["entry C-1"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(["--table", "tables"], 2, "table 'tables' is not valid", id="table"),
        pytest.param(["--since", "soon"], 2, "day 'soon' is not valid", id="day"),
        pytest.param(["--until", "12:00"], 2, "time '12:00' is not valid", id="time"),
        pytest.param(["--record", "C-99"], 3, "no record 'C-99'", id="record"),
    ],
)
def test_what_the_command_cannot_read_is_refused(
    denial: CommandLine, words: list[str], code: int, message: str
) -> None:
    answer = denial.run("log", *words)
    assert (answer.code, answer.stdout) == (code, "")
    assert message in answer.stderr


def test_a_filter_before_another_command_of_the_log_is_refused(denial: CommandLine) -> None:
    answer = denial.run("log", "--by", "ada", "verify")
    assert (answer.code, answer.stderr) == (2, "--by goes after 'verify'\n")
