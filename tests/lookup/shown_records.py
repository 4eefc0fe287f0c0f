"""What the tests of lists and of single records read of these."""

from datetime import date
from typing import Any

from claimtrack.db import Session
from claimtrack.lookup import Shown, list_records
from claimtrack.query.filters import Filters


def refs(session: Session, noun: str, **wanted: Any) -> list[str]:
    """Return the refs of the records that filters leave in a list."""
    rows = list_records(session, noun, Filters(**wanted))
    return [getattr(row, "ref", None) or getattr(row, "entry", None) or "" for row in rows]


def row_of(noun: str, **given: Any) -> Any:
    """Return a proposition that has been resolved, as new data."""
    from claimtrack.schemas import NewProposition

    assert noun == "proposition"
    return NewProposition(**given, resolved_on=date(2024, 6, 1), resolved_by="A-1")


def sections(shown: Shown) -> dict[str, tuple[Any, ...]]:
    """Return the rows of what is shown, by the heading of their section."""
    return {section.heading: section.rows for section in shown.sections}
