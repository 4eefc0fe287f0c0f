"""The casebook that the tests of redaction begin with."""

import pytest

from casebook import Casebook
from changes.redacting.identities import populate
from claimtrack.db import Session


@pytest.fixture
def case(session: Session) -> Casebook:
    """A casebook that names a person in every table."""
    made = Casebook(session)
    populate(made)
    return made
