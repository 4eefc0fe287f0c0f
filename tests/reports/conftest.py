"""Casebooks that the tests of coverage and of omissions read."""

from collections.abc import Iterator

import pytest

from casebook import Casebook
from conftest import Logged


def log_russia(case: Casebook) -> None:
    """Log a principal with a spokesman, a source, and topics."""
    case.actor("russia", kind="state").actor("source", kind="anonymous", parent="russia")
    case.actor("peskov", parent="russia")
    case.topic("aims").topic("land", parent="aims").topic("nato", parent="aims")
    case.proposition("land-kept", topic="land").proposition("nato-out", topic="nato")


@pytest.fixture
def russia(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A principal with an anonymous source, a spokesman, and two topics under a third."""
    with logged(backend, log_russia) as case:
        yield case


def log_covered(case: Casebook) -> None:
    """Log that principal with claims of its source and what it said on record."""
    log_russia(case)
    case.document("D-1", published="2024-01-01").document("D-2", published="2024-03-01")
    case.claim("C-1", actor="source", affirms="land-kept", date="2024-01-01", cites="D-1")
    case.cite("C-1", "D-2")
    case.claim("C-2", actor="source", affirms="nato-out", date="2024-03-01", cites="D-2")
    case.statement("S-1", actor="peskov", affirms="land-kept", date="2023", cites="D-1")
    case.statement("S-2", actor="peskov", denies="nato-out", date="2024")


@pytest.fixture
def covered(backend: str, logged: Logged) -> Iterator[Casebook]:
    """That principal, with a claim on each topic from two documents and what it said on record."""
    with logged(backend, log_covered) as case:
        yield case
