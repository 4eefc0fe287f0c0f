"""Which of several grades counts (model.md 2, grade).

The latest. Of one day it is the last by letter, then by number: where raters disagree, the one that
is less favourable, or that could not judge. Who gave it decides nothing: a rater may be protected,
and is known by another ref then.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Graded(Protocol):
    """A grade: the day, the reliability (A to F) and the credibility (1 to 6)."""

    @property
    def graded_on(self) -> date:
        """The day on which it was given."""

    @property
    def reliability(self) -> str:
        """That of the source, A to F."""

    @property
    def credibility(self) -> int:
        """That of the information, 1 to 6."""


Grade = TypeVar("Grade", bound=Graded)


def latest_grade(grades: Iterable[Grade]) -> Grade | None:
    """Return the grade that counts; None where there is none."""
    return max(
        grades, key=lambda one: (one.graded_on, one.reliability, one.credibility), default=None
    )
