"""The casebook that the tests of lists and of single records read."""

from collections.abc import Iterator

import pytest

from casebook import Casebook
from conftest import Logged


def log_world(case: Casebook) -> None:
    """Log records of every kind: a claim, what denies it and what belies it."""
    case.actor("russia", name="Russia", kind="state", aliases=["Россия", "Russian Federation"])
    case.actor("putin", name="Vladimir Putin", parent="russia", aliases=["Путин"])
    case.actor("source", kind="anonymous", name="A source", parent="russia", access="close")
    case.actor("isw", name="ISW", kind="organisation").actor("press", name="The Press")
    case.topic("war", name="The war").topic("ceasefire", name="Ceasefire", parent="war")
    case.proposition("ready", text="He is ready.", topic="ceasefire")
    case.proposition("over", text="It is over.", topic="war")
    case.document("D-1", url="https://press.example/1", published="2024-01-02", title="One")
    case.document("D-2", publisher="isw", published="2024-03", coverage="complete")
    case.document("D-1b", url="https://press.example/1b", canonical="D-1")
    case.claim("C-1", actor="source", summary="He is ready.", date="2024-01", cites="D-1")
    case.stance("C-1", "ready", 2).stance("C-1", "over", 0, judge="isw", document="D-2")
    case.statement("S-1", actor="putin", summary="No.", date="2024-02-01", cites="D-2")
    case.stance("S-1", "ready", -1).link("S-1", "responds_to", "C-1", strength=1)
    case.action("A-1", actor="putin", summary="An offensive.", date="2024-03-05")
    case.stance("A-1", "ready", -2, judge="isw", basis="inferred")
    case.claim("C-0", actor="source", summary="He was ready.", date="2023")
    case.link("C-1", "supersedes", "C-0", judge="isw")
    case.grade("C-1", "B2", judge="isw").grade("S-1", "F6")


@pytest.fixture
def world(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A claim of January that a statement denies and a later action belies."""
    with logged(backend, log_world) as case:
        yield case
