"""The rows of the contradictions report, and actors, for tests of what is in them."""

from typing import Any

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.contradictions import ContradictionRow, contradictions

NOTHING = Filters()
Given = dict[str, Any]
"""What is given of an entry."""


def pairs(session: Session, wanted: Filters = NOTHING, **of_pairs: Any) -> list[tuple[str, str]]:
    """The refs of subject and counter of each row, in order."""
    found = contradictions(session, wanted, PairFilters(**of_pairs))
    return [(row.subject_ref, row.counter_ref) for row in found]


def only(session: Session, wanted: Filters = NOTHING, **of_pairs: Any) -> ContradictionRow:
    """The one row that there is."""
    (row,) = contradictions(session, wanted, PairFilters(**of_pairs))
    return row


def told(session: Session, *columns: str, **of_pairs: Any) -> list[tuple[Any, ...]]:
    """Some columns of each row, in order."""
    found = contradictions(session, NOTHING, PairFilters(**of_pairs))
    return [tuple(getattr(row, column) for column in columns) for row in found]


def log_actors(case: Casebook) -> None:
    """A state with an army, which has a soldier, and a minister; and another."""
    case.actor("army", parent="state").actor("soldier", parent="army")
    case.actor("minister", parent="state").actor("other")


def together(given: Given) -> Given:
    """What is given of an entry, with the one that acts with its actor, and of whom it speaks."""
    roles = {"with": "co_actor", "of": "subject", "to": "addressee", "target": "target"}
    participants = [{"actor": given[name], "role": roles[name]} for name in given if name in roles]
    kept = {name: value for name, value in given.items() if name not in roles}
    return kept | ({"participants": participants} if participants else {})
