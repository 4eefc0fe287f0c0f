"""Rows of the report on coverage, as its tests compare them."""

from typing import Any

from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.coverage import OmissionRow, coverage, omissions


def omitted(case: Casebook, wanted: Filters | None = None) -> list[OmissionRow]:
    """Return the omissions of the principal."""
    return list(omissions(case.session, wanted or Filters(), principal="russia"))


def topics(case: Casebook, wanted: Filters | None = None) -> list[str]:
    """Return the topics of the omissions of the principal."""
    return [row.topic for row in omitted(case, wanted)]


def recorded(case: Casebook, wanted: Filters) -> dict[str, Any]:
    """Return the claims on each topic, and what is on record of it."""
    found = coverage(case.session, wanted, principal="russia")
    return {row.topic: (row.claims, row.on_record) for row in found}
