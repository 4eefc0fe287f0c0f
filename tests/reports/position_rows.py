"""The steps and gaps of a casebook, as the tests of positions compare them."""

from typing import Any

from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.reports.positions import positions


def steps(session: Session, wanted: Filters | None = None, **how: Any) -> list[Any]:
    """Return the entry and the step of each row of the report."""
    return [(row.entry_ref, row.step) for row in positions(session, wanted, **how)]


def gaps(session: Session, wanted: Filters | None = None) -> dict[str, tuple[str, ...]]:
    """Return the gap of each row of the report, by its entry."""
    return {row.entry_ref: row.gap for row in positions(session, wanted)}
