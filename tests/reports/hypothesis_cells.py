"""The cells and the sums of the matrix of hypotheses."""

from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.reports.hypotheses import hypotheses
from claimtrack.reports.hypotheses import sums as sum_rows

NOTHING = Filters()


def matrix(session: Session, *names: str, wanted: Filters = NOTHING) -> dict[str, tuple[str, ...]]:
    """Return the cells of each entry, by ref."""
    return {row.entry_ref: row.cells for row in hypotheses(session, names, wanted).rows}


def sums(session: Session, *names: str, wanted: Filters = NOTHING) -> tuple[int | None, ...]:
    """Return the sum of each hypothesis."""
    return tuple(row.sum for row in sum_rows(session, names, wanted))
