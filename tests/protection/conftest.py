"""A casebook that keeps secrets, to be read or to be changed."""

from collections.abc import Iterator

import pytest

from conftest import Filled, NewTarget
from protection.canaries import log_secrets


@pytest.fixture
def kept(backend: str, filled: Filled) -> str:
    """A casebook that keeps secrets, for tests that leave it as it is."""
    return filled(backend, log_secrets)


@pytest.fixture
def changing(backend: str, kept: str, new_target: NewTarget) -> Iterator[str]:
    """A copy of it."""
    with new_target(backend, like=kept) as made:
        yield made
