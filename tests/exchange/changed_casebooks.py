"""A casebook with a history, its whole log, and the kinds of database that it is copied between."""

from typing import Any

from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes, db
from claimtrack.db import Session, sessions
from claimtrack.models import Revision


def log_of(session: Session) -> list[Any]:
    """Return all revisions of a casebook, as rows of its log."""
    query = select(*Revision.__table__.columns).order_by(Revision.seq)
    return [tuple(row) for row in session.execute(query)]


def log_changes(target: str) -> None:
    """Log rows that point at each other, and changes to them, as three commands of two authors."""
    database = db.connect(target)
    with sessions.writing(database, author="Ann", message="first") as session:
        case = Casebook(session).topic("war").topic("t", parent="war").actor("boss")
        case.actor("a", parent="boss", aliases=["Зеленський"])
        case.document("D").document("E", canonical="D")
        case.claim("C", actor="a", affirms="p", cites="E", judge="a")
        case.action("A", latitude=48.5, longitude=-37.25)
        case.proposition("q", topic="t", truth=True, resolved_on="2024-05-24", resolved_by="A")
    with sessions.writing(database, author="Ann") as session:
        Casebook(session).topic("war", name="Peace").statement("S", denies="p", responds_to="C")
    with sessions.writing(database, author="Bob") as session:
        changes.remove(session, "entry", "S")


WAYS = [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite")]
"""From which kind of database to which."""
