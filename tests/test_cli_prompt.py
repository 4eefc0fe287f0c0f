"""What a person at a terminal is asked: each test holds the other end of the terminal."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from commandline import Answer, CommandLine
from conftest import Filled, NewTarget


def log_putin(target: str) -> None:
    cli = CommandLine(target)
    cli.does(
        *("actor", "add", "Vladimir Putin", "--kind", "person", "--ref", "putin"),
        *("--alias", "VVP"),
    )
    cli.does("topic", "add", "Ceasefire")


@pytest.fixture
def cli(backend: str, filled: Filled, new_target: NewTarget) -> Iterator[CommandLine]:
    """A casebook with an actor and a topic."""
    with new_target(backend, like=filled(backend, log_putin)) as target:
        yield CommandLine(target)


def typed(cli: CommandLine, line: Sequence[str], answers: Sequence[str]) -> Answer:
    """Return what a command prints whose stdin is a terminal at which somebody types."""
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from claimtrack.cli import main; main()", *line],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "CLAIMTRACK_DB": cli.target,
            "CLAIMTRACK_AUTHOR": cli.author,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
    )
    os.write(keyboard, "".join(f"{answer}\n" for answer in answers).encode())
    os.write(keyboard, b"\x04")  # Ctrl-D, should it ask for more
    stdout, stderr = process.communicate(timeout=60)
    os.close(keyboard)
    os.close(terminal)
    return Answer(stdout.decode(), stderr.decode(), process.returncode)


def test_what_is_needed_and_missing_is_asked_for(cli: CommandLine) -> None:
    answer = typed(cli, ("claim", "add", "--date", "2024-05"), ("He is ready", "VVP"))
    assert answer == Answer(
        "C-1\n",
        "Summary, in your own words: Who claims it (ref, name or alias): added claim C-1\n",
        0,
    )
    assert (
        cli.does("claim", "list", "--format", "csv").splitlines()[1].startswith("C-1,claim,putin,")
    )


def test_a_wrong_answer_is_told_and_asked_again(cli: CommandLine) -> None:
    answer = typed(cli, ("claim", "add", "He is ready"), ("", "putim", "putin"))
    question = "Who claims it (ref, name or alias): "
    assert answer.stderr == (
        f"{question}actor '' is not valid: expected one of putin\n"
        f"{question}no actor 'putim'; did you mean putin?\n"
        f"{question}added claim C-1\n"
    )


def test_an_anonymous_actor_is_asked_for_its_access(cli: CommandLine) -> None:
    answers = ("alien", "anonymous", "close", "close to the Kremlin")
    answer = typed(cli, ("actor", "add", "A source"), answers)
    assert (answer.code, answer.stdout) == (0, "a-source\n")
    assert "kind 'alien' is not valid: expected one of person, group," in answer.stderr
    assert '"close to the Kremlin" (close)' in cli.does("actor", "list")


@pytest.mark.parametrize(
    ("answer", "code", "count"),
    [pytest.param("y", 0, 2, id="yes"), pytest.param("", 2, 1, id="nothing said means no")],
)
def test_a_person_is_asked_before_a_likely_repetition_is_saved(
    cli: CommandLine, answer: str, code: int, count: int
) -> None:
    line = ("claim", "add", "He is ready for a ceasefire", "--actor", "putin")
    cli.does(*line)
    found = typed(cli, line, (answer,))
    assert found.code == code
    assert "warning: looks like C-1: He is ready for a ceasefire\n" in found.stderr
    assert cli.does("claim", "list", "--format", "csv").count("ceasefire") == count


def test_a_person_can_stop(cli: CommandLine) -> None:
    before = cli.revisions()
    answer = typed(cli, ("proposition", "add"), ())
    assert (answer.code, answer.stdout) == (130, "")
    assert answer.stderr.endswith("stopped: nothing was written\n")
    assert cli.revisions() == before
