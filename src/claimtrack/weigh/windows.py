"""Whether an entry falls in a decision window.

It does when the two dates may overlap. That is **certain** if the entry lies inside the known days
of the window, else **possible**. A window with one open end has a single known day: an entry on
that day is certain; one after it (or before it, if the beginning is open) is possible. An undated
entry falls in no window, and nothing falls in an undated window.
"""

from enum import StrEnum

from claimtrack.facts import Span
from claimtrack.weigh.chronology import PeriodFit, are_disjoint, compare_to_period


class Certainty(StrEnum):
    """Whether an entry surely or possibly falls in a window."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


def find_certainty(entry: Span, window: Span) -> Certainty | None:
    """Return whether an entry surely or possibly falls in a window; None if it does not.

    Args:
        entry: The date of the entry; a missing end is unknown.
        window: The date of the window; a missing end is open.
    """
    if (entry.first or entry.last) is None or (window.first or window.last) is None:
        return None
    if are_disjoint(entry, window):
        return None
    days = Span(window.first or window.last, window.last or window.first)
    return (
        Certainty.CERTAIN
        if compare_to_period(entry, days) is PeriodFit.INSIDE
        else Certainty.POSSIBLE
    )
