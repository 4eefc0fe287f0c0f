"""Several commands in one session, for tests of what they do to each other."""

from claimtrack.db import Session, new_change


def begin(session: Session) -> str:
    """Begin a new command in the session; returns its id."""
    session.flush()
    session.state.change = new_change("Test Analyst")
    return str(session.state.change.id)
