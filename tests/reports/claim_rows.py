"""Claims as the report on them has them."""

from claimtrack.db import Session
from claimtrack.reports.claims import ClaimFilters, ClaimRow, claims


def claim_rows(session: Session, **standing: bool) -> dict[str, ClaimRow]:
    """Return the claims that the filters keep, by ref."""
    return {row.ref: row for row in claims(session, None, ClaimFilters(**standing))}
