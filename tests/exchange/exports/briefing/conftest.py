"""The casebook, the languages and the command line of the tests of briefings."""

import pytest

from casebook import Casebook
from claimtrack.db import Session
from commandline import CommandLine
from conftest import Typed
from exchange.exports.briefing.pages import LANGUAGES
from exchange.exports.exported_casebooks import fill_more


def fill_page(case: Casebook) -> None:
    """Log claims, deeds and links of which a briefing shows every part."""
    fill_more(case)
    case.topic("either", exclusive=True)
    case.proposition("e1", topic="either").proposition("e2", topic="either")
    case.statement("X1", actor="boss", affirms="e1", date_from="2024-01-01", date_to="2024-01-01")
    case.action("X2", actor="boss", stances={"e1": -1, "e2": 2}).claim("Q", affirms="q")
    case.link("E", "corroborates", "Late", judge="linker")


@pytest.fixture
def case(session: Session) -> Casebook:
    """A casebook of which a briefing shows every part."""
    made = Casebook(session)
    fill_page(made)
    session.flush()
    return made


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """A language in which briefings are written."""
    return str(request.param)


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    """A command line at such a casebook."""
    return typed(fill_page)
