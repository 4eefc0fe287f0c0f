"""What starts the command line, helps with it, and completes it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from claimtrack import __version__
from claimtrack.cli import app, login_name
from commandline import CommandLine
from conftest import Filled

HEAVY = (
    *("sqlalchemy", "pydantic", "rich", "alembic", "ruamel", "justhtml"),
    *("openpyxl", "pylatexenc", "rispy", "charset_normalizer"),
)


def _imported(target: str, *line: str, among: tuple[str, ...] = HEAVY) -> set[str]:
    """Return which of the heavy libraries, or of other modules, a command has imported."""
    program = (
        "import sys\n"
        "from claimtrack.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        f"    print(*(name for name in {among!r} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--db", target, *line],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.decode().splitlines()[-1].split())


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(("--help",), id="claimtrack"),
        pytest.param(("claim", "add", "--help"), id="claim add"),
        pytest.param(("report", "contradictions", "--help"), id="report contradictions"),
        pytest.param(("load", "--help"), id="load"),
        pytest.param(("import", "--help"), id="import"),
        pytest.param(("--version",), id="version"),
    ],
)
def test_help_imports_no_heavy_library(line: tuple[str, ...]) -> None:
    assert _imported("unused.db", *line) == set()


def test_the_package_runs_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "claimtrack", "--version"], check=False, capture_output=True
    )
    assert (done.returncode, done.stdout) == (0, f"claimtrack {__version__}\n".encode())


@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_report_imports_no_more_than_it_needs(form: str, target: str) -> None:
    line = ("report", "contradictions", "--format", form)
    assert _imported(target, *line) == {"sqlalchemy"}


def test_a_report_that_is_no_table_imports_no_table_code(target: str) -> None:
    line = ("report", "contradictions", "--format", "csv")
    tables = ("claimtrack.present.layouts", "claimtrack.present.tables")
    assert _imported(target, *line, among=tables) == set()


def test_the_version_is_shown() -> None:
    assert CommandLine("unused.db").does("--version") == f"claimtrack {__version__}\n"


def _commands() -> list[tuple[str, ...]]:
    root: Any = get_command(app)
    found: list[tuple[str, ...]] = []
    for name in root.list_commands(None):
        command = root.get_command(None, name)
        subs = getattr(command, "commands", {})
        found += [(name, sub) for sub in subs] if subs else [(name,)]
    return found


def test_every_command_shows_examples_that_stay_in_one_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("FORCE_COLOR", "1")
    for line in _commands():
        text = CommandLine("unused.db").does(*line, "--help")
        examples = text.partition("  Examples:\n")[2].partition("\n\n")[0].splitlines()
        assert examples, line
        assert all(example.startswith("    claimtrack ") for example in examples), line
        assert "\x1b" not in text, line


def test_a_group_alone_shows_its_help_and_fails() -> None:
    answer = CommandLine("unused.db").run("claim")
    assert (answer.code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("Usage: claimtrack claim ")


def test_the_author_is_the_login_name_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert login_name() == "ada"


@pytest.mark.parametrize(
    "error", [pytest.param(KeyError, id="until 3.12"), pytest.param(OSError, id="since 3.13")]
)
def test_a_user_without_a_name_is_unknown(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def nameless() -> str:
        raise error("No username set in the environment")

    monkeypatch.setattr("getpass.getuser", nameless)
    assert login_name() == "unknown"


def log_names(target: str) -> None:
    cli = CommandLine(target)
    cli.does(
        *("actor", "add", "Volodymyr Zelensky", "--kind", "person", "--ref", "zelensky"),
        *("--alias", "Zelenskyy", "--alias", "Зеленський"),
    )
    cli.does("topic", "add", "Ceasefire")
    cli.does("proposition", "add", "He is ready", "--topic", "ceasefire", "--ref", "ready")
    cli.does("claim", "add", "He is ready", "--actor", "zelensky", "--ref", "C9")
    cli.does("claim", "add", "He may be ready", "--actor", "zelensky", "--ref", "C10")
    cli.does("statement", "add", "No", "--actor", "zelensky", "--ref", "ST1")


@pytest.fixture
def casebook(backend: str, filled: Filled) -> CommandLine:
    """A casebook with refs of several kinds, and an actor of several names."""
    return CommandLine(filled(backend, log_names))


def _question(target: str, words: str, shell: str) -> dict[str, str]:
    """Return the surroundings in which a shell asks for the completions of a line."""
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    asked |= {"_TYPER_COMPLETE_ARGS": words, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return {**asked, "CLAIMTRACK_DB": target, "_CLAIMTRACK_COMPLETE": f"complete_{shell}"}


Complete = Callable[[str, str, str], str]


@pytest.fixture
def completed(program: Path) -> Complete:
    """Return what a shell is given to complete a line, by the protocol that it speaks."""

    def complete(target: str, words: str, shell: str) -> str:
        done = subprocess.run(
            [program],
            check=False,
            capture_output=True,
            env={**os.environ, **_question(target, words, shell)},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    return complete


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("claimtrack show C", ["C10", "C9"], id="refs of any kind"),
        pytest.param("claimtrack statement show ", ["ST1"], id="refs of one noun"),
        pytest.param("claimtrack show Zel", ["zelensky"], id="an actor by its alias"),
        pytest.param("claimtrack claim list --topic c", ["ceasefire"], id="a filter"),
        pytest.param("claimtrack stance set C9 re", ["ready"], id="the second argument"),
        pytest.param("claimtrack claim add --actor ", ["zelensky"], id="a field"),
        pytest.param("claimtrack rep", ["report"], id="a command"),
        pytest.param("claimtrack show nothing", [], id="nothing"),
    ],
)
def test_bash_completes_refs_from_the_database(
    casebook: CommandLine, words: str, expected: list[str]
) -> None:
    answer = CliRunner().invoke(
        app,
        prog_name="claimtrack",
        env=_question(casebook.target, words, "bash"),
        catch_exceptions=False,
    )
    assert (answer.stdout.split(), answer.stderr, answer.exit_code) == (expected, "", 0)


def test_zsh_shows_what_each_ref_is(casebook: CommandLine, completed: Complete) -> None:
    assert completed(casebook.target, "claimtrack show C", "zsh") == (
        '_arguments \'*: :(("C10":"He may be ready"\n"C9":"He is ready"))\'\n'
    )


SUMMARIES = {
    "a command": (r"a \$(touch pwned) b", "a (touch pwned) b"),
    "an old command": (r"a \`touch pwned\` b", "a \u2019touch pwned \u2019 b"),
    "quotation marks": (r"he \"waits\" in '24", "he \u201dwaits \u201d in \u201924"),
    "line ends and controls": ("one\ntwo\tthree\x1b(m", "one two three (m"),
    "brackets": ("a [/b] [red]c", "a (/b) (red)c"),
}


def log_summaries(target: str) -> None:
    cli = CommandLine(target)
    cli.does("actor", "add", "Zelensky", "--kind", "person")
    for number, (summary, _) in enumerate(SUMMARIES.values()):
        cli.does("claim", "add", summary, "--actor", "zelensky", "--ref", f"X{number}")


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_says_nothing_that_a_shell_acts_on(
    backend: str, filled: Filled, completed: Complete, name: str
) -> None:
    target, ref = filled(backend, log_summaries), f"X{[*SUMMARIES].index(name)}"
    shown = SUMMARIES[name][1]
    line = f"claimtrack show {ref}"
    assert completed(target, line, "zsh") == f'_arguments \'*: :(("{ref}":"{shown}"))\'\n'
    assert completed(target, line, "fish") == f"{ref}\t{shown}\n"


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("/nowhere/none.db", id="no database"),
        pytest.param(__file__, id="not a database"),
        pytest.param("postgresql://nobody@127.0.0.1:1/none", id="no server"),
        pytest.param("mysql://here", id="another kind"),
    ],
)
def test_completion_is_silent_where_the_database_cannot_be_asked(
    completed: Complete, target: str
) -> None:
    assert completed(target, "claimtrack show C", "bash").strip() == ""
