"""Which of several grades of an entry applies: the latest.

Among grades of the same day it is the last by letter, then by number: if raters disagree, the less
favourable grade, or the one that says "cannot be judged". The rater plays no part, since a
protected rater appears under a pseudonym, which would change the order.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Graded(Protocol):
    """A grade of an entry, as far as `find_latest_grade` needs it."""

    @property
    def graded_on(self) -> date:
        """The day on which it was given."""

    @property
    def reliability(self) -> str:
        """The reliability of the source, A to F."""

    @property
    def credibility(self) -> int:
        """The credibility of the information, 1 to 6."""


Grade = TypeVar("Grade", bound=Graded)


def find_latest_grade(grades: Iterable[Grade]) -> Grade | None:
    """Return the grade that applies, or None if there are none."""
    return max(
        grades, key=lambda one: (one.graded_on, one.reliability, one.credibility), default=None
    )
