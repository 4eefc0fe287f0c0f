"""Casebooks that the tests of the library open."""

from collections.abc import Iterator

import pytest

from claimtrack import open_casebook
from claimtrack.api import Casebook
from conftest import Filled
from packaged_dataset import load
from protection.canaries import log_secrets


@pytest.fixture
def dataset(filled: Filled) -> str:
    """The dataset, loaded once."""
    return filled("sqlite", load)


@pytest.fixture
def casebook(dataset: str) -> Iterator[Casebook]:
    with open_casebook(dataset) as opened:
        yield opened


@pytest.fixture
def secrets(filled: Filled) -> str:
    """A casebook in which whatever gives a protected source away says canary."""
    return filled("sqlite", log_secrets)
