"""Whether an entry falls in a decision window (model.md 5, in window).

It does when their dates may share a time. That is **certain** when the entry lies inside what is
known of the window, and else **possible**. Of a window with an open end its one known day is known,
so that an entry on that day is certain, and one later (or earlier, where the beginning is open)
possible. What has no date, on either side, falls nowhere.
"""

from enum import StrEnum

from claimtrack.facts import Span
from claimtrack.weigh.order import Fit, disjoint, fit


class Certainty(StrEnum):
    """How sure it is that an entry falls in a window."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


def falls_in(entry: Span, window: Span) -> Certainty | None:
    """Return how sure it is that an entry falls in a window, by their dates; None: it does not."""
    if (entry.first or entry.last) is None or (window.first or window.last) is None:
        return None
    if disjoint(entry, window):
        return None
    days = Span(window.first or window.last, window.last or window.first)
    return Certainty.CERTAIN if fit(entry, days) is Fit.INSIDE else Certainty.POSSIBLE
