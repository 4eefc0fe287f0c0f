"""Casebooks that tests of several commands share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import CommandLine
from conftest import Filled, NewTarget


@pytest.fixture
def paths(tmp_path: Path) -> CommandLine:
    """A casebook in SQLite, for what is about files."""
    cli = CommandLine(str(tmp_path / "claimtrack.db"))
    cli.does("init")
    return cli


@pytest.fixture
def cli(target: str) -> CommandLine:
    """An empty casebook."""
    return CommandLine(target)


def log_denial(target: str) -> None:
    cli = CommandLine(target)
    cli.does("actor", "add", "Russia", "--kind", "state")
    cli.does("window", "add", "A vote", "--actor", "russia", "--date", "2024-01", "--ref", "W")
    cli.does("actor", "add", "Dmitry Peskov", "--kind", "person", "--parent", "russia")
    cli.does("actor", "add", "Bloomberg", "--kind", "outlet")
    cli.does(
        *("actor", "add", "Two sources", "--kind", "anonymous", "--ref", "SRC-2"),
        *("--access", "close", "--described-as", "close to the Kremlin", "--parent", "russia"),
    )
    cli.does(
        *("document", "add", "Putin sends signals", "--publisher", "Bloomberg"),
        *("--published", "2024-01-25", "--ref", "BBG-0125"),
    )
    cli.does("topic", "add", "Back channel")
    cli.does("proposition", "add", "There is a channel", "--topic", "back-channel", "--ref", "chan")
    cli.does(
        *("claim", "add", "Signals reached US officials", "--actor", "SRC-2"),
        *(
            "--date",
            "2024-01-25",
            "--document",
            "BBG-0125",
            "--proposition",
            "chan",
            "--value",
            "2",
        ),
    )
    cli.does(
        *("statement", "add", "Not aware of any", "--actor", "dmitry-peskov"),
        *("--date", "2024-01-26", "--proposition", "chan", "--value", "-1", "--responds-to", "C-1"),
    )


@pytest.fixture
def asked(backend: str, filled: Filled) -> CommandLine:
    """A claim in a window, and a statement that denies it, for tests that only ask."""
    return CommandLine(filled(backend, log_denial))


@pytest.fixture
def denial(backend: str, asked: CommandLine, new_target: NewTarget) -> Iterator[CommandLine]:
    """The same casebook, for tests that write to it."""
    with new_target(backend, like=asked.target) as target:
        yield CommandLine(target)
