"""Casebooks with a history, for tests of copies, snapshots and backups."""

from collections.abc import Iterator

import pytest

from conftest import Filled, NewTarget
from exchange.changed_casebooks import log_changes


@pytest.fixture
def kept(backend: str, filled: Filled) -> str:
    """A casebook with rows that point at each other, and changes to them, committed one by one."""
    return filled(backend, log_changes)


@pytest.fixture
def changing(backend: str, kept: str, new_target: NewTarget) -> Iterator[str]:
    """A copy of that casebook, for tests that change it."""
    with new_target(backend, like=kept) as made:
        yield made
