"""A casebook that tests of captures and of their texts write to."""

from collections.abc import Iterator

import pytest

from commandline import CommandLine
from conftest import Filled, NewTarget


def log_document(target: str) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "Press", "--kind", "outlet")
    line.does("document", "add", "T", "--publisher", "press", "--ref", "D")
    line.does("claim", "add", "Something", "--actor", "press")


@pytest.fixture
def cli(backend: str, filled: Filled, new_target: NewTarget) -> Iterator[CommandLine]:
    """A casebook with a document and a claim."""
    with new_target(backend, like=filled(backend, log_document)) as target:
        yield CommandLine(target)
