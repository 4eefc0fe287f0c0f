"""Which of several grades counts."""

from datetime import date
from typing import NamedTuple

import pytest

from claimtrack.weigh.grades import find_latest_grade


class Given(NamedTuple):
    graded_on: date
    reliability: str
    credibility: int


def given(day: int, grade: str) -> Given:
    return Given(date(2024, 1, day), grade[0], int(grade[1]))


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        pytest.param([(1, "E5"), (2, "A1")], (2, "A1"), id="the latest"),
        pytest.param([(2, "A1"), (2, "B1")], (2, "B1"), id="of one day, the last by letter"),
        pytest.param([(2, "B1"), (2, "A6")], (2, "B1"), id="by letter first"),
        pytest.param([(2, "B2"), (2, "B1")], (2, "B2"), id="of one letter, the last by number"),
        pytest.param([(2, "F6"), (2, "A1")], (2, "F6"), id="one who could not judge"),
    ],
)
def test_one_grade_counts(grades: list[tuple[int, str]], expected: tuple[int, str]) -> None:
    for some in (grades, grades[::-1]):
        assert find_latest_grade([given(*one) for one in some]) == given(*expected)


def test_of_no_grade_none_counts() -> None:
    assert find_latest_grade(list[Given]()) is None
