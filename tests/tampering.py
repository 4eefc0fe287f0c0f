"""A casebook to tamper with, how to get past what guards it, and what a replay finds."""

from sqlalchemy import text

from casebook import Casebook
from claimtrack import history, replay
from claimtrack.db import Session

TRIGGERS = {
    "sqlite": (
        "DROP TRIGGER revision_no_update",
        "DROP TRIGGER revision_no_delete",
        "DROP TRIGGER revision_no_replace",
    ),
    "postgresql": (
        "DROP TRIGGER revision_no_change ON revision",
        "DROP TRIGGER revision_no_truncate ON revision",
    ),
}


def log_written(case: Casebook) -> None:
    """Log records of every kind, some of them twice."""
    case.topic("war").topic("t", parent="war").actor("a", aliases=["é", 'x"y'])
    case.claim("C", affirms="p", date_from="2024-01-25", date_to="2024-01-25", cites="D")
    case.statement("S", denies="p", responds_to="C").grade("C", "F6")
    case.action(
        "A", latitude=48.5, longitude=-0.25, participants=[{"actor": "a", "role": "target"}]
    )
    case.topic("t", name="Renamed").proposition(
        "q", topic="t", truth=True, resolved_on="2024-05-24"
    )


def found(session: Session, expected: history.Anchor | None = None) -> list[tuple[str, str, str]]:
    """Return what a replay of the log finds: table, key and finding."""
    return [(row.table, row.key, row.finding) for row in replay.verify(session, expected)]


def with_capture(case: Casebook) -> None:
    """Log a capture too."""
    log_written(case)
    case.capture("D", b"as it came")


def unruled(session: Session) -> None:
    """Switch off the rules of a SQLite file, as whoever can write to it may."""
    if session.connection().dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
