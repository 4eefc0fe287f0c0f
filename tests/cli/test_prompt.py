"""What a person at a terminal is asked: each test holds the other end of the terminal."""

import os
import pty
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from commandline import Answer, CommandLine
from conftest import Filled, NewTarget


def log_putin(target: str) -> None:
    """Log an actor and a topic."""
    cli = CommandLine(target)
    cli.does(
        *("actor", "add", "Vladimir Putin", "--kind", "person", "--ref", "putin"),
        *("--alias", "VVP"),
    )
    cli.does("topic", "add", "Ceasefire")


def log_claims(target: str) -> None:
    """Log a proposition, a document, and claims that nothing is said of."""
    log_putin(target)
    cli = CommandLine(target)
    cli.does("proposition", "add", "He is ready", "--topic", "ceasefire", "--ref", "ready")
    cli.does("document", "add", "A page", "--publisher", "putin", "--ref", "PAGE-1")
    cli.does("claim", "add", "He is ready for a ceasefire", "--actor", "putin")
    cli.does("claim", "add", "He is not", "--actor", "putin")


@dataclass(frozen=True)
class Person(CommandLine):
    """A command line whose stdin can be a terminal at which somebody types."""

    program: Path = Path("claimtrack")

    def typed(self, line: Sequence[str], answers: Sequence[str]) -> Answer:
        """Return what a command prints whose questions get these answers."""
        keyboard, terminal = pty.openpty()
        process = subprocess.Popen(
            [self.program, *line],
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "CLAIMTRACK_DB": self.target, "CLAIMTRACK_AUTHOR": self.author},
        )
        os.write(keyboard, "".join(f"{answer}\n" for answer in answers).encode())
        os.write(keyboard, b"\x04")  # Ctrl-D, should it ask for more
        stdout, stderr = process.communicate(timeout=600)
        os.close(keyboard)
        os.close(terminal)
        return Answer(stdout.decode(), stderr.decode(), process.returncode)


@pytest.fixture
def cli(backend: str, filled: Filled, new_target: NewTarget, program: Path) -> Iterator[Person]:
    """A casebook with an actor and a topic."""
    with new_target(backend, like=filled(backend, log_putin)) as target:
        yield Person(target, program=program)


@pytest.fixture
def claims(backend: str, filled: Filled, new_target: NewTarget, program: Path) -> Iterator[Person]:
    """A casebook with claims that nothing is said of."""
    with new_target(backend, like=filled(backend, log_claims)) as target:
        yield Person(target, program=program)


def test_what_is_needed_and_missing_is_asked_for(cli: Person) -> None:
    answer = cli.typed(("claim", "add", "--date", "2024-05"), ("He is ready", "VVP"))
    assert answer == Answer(
        "C-1\n",
        "Summary, in your own words: Who claims it (ref, name or alias): added claim C-1\n",
        0,
    )
    assert (
        cli.does("claim", "list", "--format", "csv").splitlines()[1].startswith("C-1,claim,putin,")
    )


def test_a_wrong_answer_is_told_and_asked_again(cli: Person) -> None:
    answer = cli.typed(("claim", "add", "He is ready"), ("", "putim", "putin"))
    question = "Who claims it (ref, name or alias): "
    assert answer.stderr == (
        f"{question}actor '' is not valid: expected one of putin\n"
        f"{question}no actor 'putim'; did you mean putin?\n"
        f"{question}added claim C-1\n"
    )


def test_what_is_protected_is_not_offered(cli: Person) -> None:
    cli.does("actor", "add", "Source", "--kind", "person", "--ref", "a-source", "--protected")
    answer = cli.typed(("claim", "add", "He is ready"), ("?",))
    assert "actor '?' is not valid: expected one of putin\n" in answer.stderr
    answer = cli.typed(("claim", "add", "He is ready", "--include-protected"), ("?",))
    assert "expected one of a-source, putin\n" in answer.stderr


def test_an_anonymous_actor_is_asked_for_its_access(cli: Person) -> None:
    answers = ("alien", "anonymous", "close", "close to the Kremlin")
    answer = cli.typed(("actor", "add", "A source"), answers)
    assert (answer.code, answer.stdout) == (0, "a-source\n")
    assert "kind 'alien' is not valid: expected one of person, group," in answer.stderr
    assert '"close to the Kremlin" (close)' in cli.does("actor", "list")


@pytest.mark.parametrize(
    ("answer", "code", "count"),
    [pytest.param("y", 0, 2, id="yes"), pytest.param("", 2, 1, id="nothing said means no")],
)
def test_a_person_is_asked_before_a_likely_repetition_is_saved(
    cli: Person, answer: str, code: int, count: int
) -> None:
    line = ("claim", "add", "He is ready for a ceasefire", "--actor", "putin")
    cli.does(*line)
    found = cli.typed(line, (answer,))
    assert found.code == code
    assert "warning: looks like C-1: He is ready for a ceasefire\n" in found.stderr
    assert cli.does("claim", "list", "--format", "csv").count("ceasefire") == count


def test_others_write_while_a_person_is_asked_and_the_next_ref_is_taken(cli: Person) -> None:
    line = ("claim", "add", "He is ready for a ceasefire", "--actor", "putin")
    cli.does(*line)
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [cli.program, *line],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "CLAIMTRACK_DB": cli.target, "CLAIMTRACK_AUTHOR": cli.author},
    )
    assert process.stderr is not None
    shown = b""
    while not shown.endswith(b"[y/N] "):
        shown += (read := os.read(process.stderr.fileno(), 1000))
        assert read, shown
    assert cli.does("claim", "add", "Talks begin", "--actor", "putin") == "C-2\n"
    os.write(keyboard, b"y\n")
    stdout, stderr = process.communicate(timeout=600)
    os.close(keyboard)
    os.close(terminal)
    assert (process.returncode, stdout, stderr) == (0, b"C-3\n", b"added claim C-3\n")


def test_a_person_can_stop(cli: Person) -> None:
    before = cli.revisions()
    answer = cli.typed(("proposition", "add"), ())
    assert (answer.code, answer.stdout) == (130, "")
    assert answer.stderr.endswith("stopped: nothing was written\n")
    assert cli.revisions() == before


@pytest.mark.parametrize(
    ("line", "answers", "said"),
    [
        pytest.param(
            ("stance", "set"),
            ("C-1", "redy", "ready", "3", "-2"),
            "Entry (ref): Proposition (ref): no proposition 'redy'; did you mean ready?\n"
            "Proposition (ref): "
            "How far the entry affirms it, from 2 (outright) to -2 (denies outright): "
            "value '3' is not valid: expected a whole number from -2 (denies outright) to 2 "
            "(asserts outright)\n"
            "How far the entry affirms it, from 2 (outright) to -2 (denies outright): "
            "added stance of C-1 on ready: -2\n",
            id="a stance",
        ),
        pytest.param(
            ("link", "add", "C-1"),
            ("refutes", "contradicts", "C-1", "C-2"),
            "Relation of the first entry to the second: relation 'refutes' is not valid: "
            "expected one of corroborates, contradicts, reconciles, unrelated, repeats, "
            "responds_to, supersedes, concerns\n"
            "Relation of the first entry to the second: "
            "Second entry, such as the one replied to (ref): "
            "an entry cannot be linked to itself ('C-1')\n"
            "Second entry, such as the one replied to (ref): added link C-1 contradicts C-2\n",
            id="a link",
        ),
        pytest.param(
            ("citation", "add", "C-1"),
            ("PAGE-1",),
            "Document (ref): added citation of PAGE-1 for C-1\n",
            id="a citation",
        ),
        pytest.param(
            ("grade", "add", "--graded-on", "2024-05-24"),
            ("C-1", "G7", "b2"),
            "Entry (ref): Reliability and credibility, such as B2: grade 'G7' is not valid: "
            "expected a reliability A to F and a credibility 1 to 6, such as B2\n"
            "Reliability and credibility, such as B2: added grade B2 of C-1\n",
            id="a grade",
        ),
        pytest.param(
            ("claim", "add", "Something else", "--actor", "putin", "--proposition", "ready"),
            ("+3", "+1"),
            "How far the entry affirms it, from 2 (outright) to -2 (denies outright): "
            "value '+3' is not valid: expected a whole number from -2 (denies outright) to 2 "
            "(asserts outright)\n"
            "How far the entry affirms it, from 2 (outright) to -2 (denies outright): "
            "added claim C-3\n",
            id="the value of a stance",
        ),
    ],
)
def test_missing_arguments_are_asked_for(
    claims: Person, line: tuple[str, ...], answers: tuple[str, ...], said: str
) -> None:
    answer = claims.typed(line, answers)
    assert (answer.code, answer.stderr) == (0, said)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        pytest.param(
            ("window", "add", "--date", "2024-13"),
            2,
            "date '2024-13' is not valid: expected ",
            id="a date",
        ),
        pytest.param(("claim", "add", "--actor", "putim"), 3, "no actor 'putim'", id="a ref"),
        pytest.param(
            ("claim", "add", "--document", "PAGE-2"), 3, "no document 'PAGE-2'", id="a citation"
        ),
        pytest.param(
            ("claim", "add", "--responds-to", "S-1"), 3, "no entry 'S-1'", id="what it replies to"
        ),
        pytest.param(
            ("claim", "add", "--ref", "C-1"), 4, "claim 'C-1' exists already", id="a ref taken"
        ),
        pytest.param(
            ("actor", "add", "--kind", "person", "--access", "close"),
            2,
            "only an anonymous actor has access",
            id="a rule between fields",
        ),
        pytest.param(
            ("grade", "add", "C-1", "--graded-on", "soon"),
            2,
            "graded_on: day 'soon' is not valid",
            id="the day of a grade",
        ),
        pytest.param(
            ("document", "add", "--url", "page 3"), 2, "url 'page 3' is not valid", id="an address"
        ),
        pytest.param(("stance", "set", "C-9"), 3, "no entry 'C-9'", id="an argument"),
    ],
)
def test_what_was_given_wrong_is_told_before_anything_is_asked(
    claims: Person, line: tuple[str, ...], code: int, said: str
) -> None:
    answer = claims.typed(line, ())
    assert (answer.code, answer.stdout) == (code, "")
    assert answer.stderr.startswith(said)
    assert answer.stderr.count("\n") == 1


def test_an_answer_that_does_not_go_with_the_options_is_asked_again(cli: Person) -> None:
    line = ("actor", "add", "--access", "close", "--name", "An aide")
    answer = cli.typed(line, ("person", "anonymous", "close to him"))
    assert (answer.code, answer.stderr) == (
        0,
        "Kind: only an anonymous actor has access\n"
        "Kind: Description of the source, in the document's words: added actor an-aide\n",
    )


def test_a_quotation_that_stands_there_twice_is_asked_for(cli: Person) -> None:
    cli.does("document", "add", "T", "--publisher", "putin", "--ref", "D")
    cli.does("claim", "add", "Something", "--actor", "putin")
    cli.does("document", "capture", "D", "-", input=b"one no, two no")
    cli.does("document", "text", "D")
    answer = cli.typed(("citation", "add", "C-1", "D", "--quote", "no"), ("5", "12"))
    assert answer.code == 0
    assert answer.stderr == (
        "quote 'no' occurs 2 times in the text of document D:\n"
        "  4: ... one [no], two no ...\n"
        "  12: ... one no, two [no] ...\n"
        "Which one (its start): start '5' is not valid: expected one of 4, 12\n"
        "Which one (its start): added citation of D for C-1\n"
    )
    assert "start_pos: 12" in cli.does("dump")
