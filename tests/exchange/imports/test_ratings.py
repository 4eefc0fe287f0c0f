"""Ratings as publishers write them, and what they come to."""

import pytest

from claimtrack.exchange.imports.profile_files import get_profile_path, read_profile
from claimtrack.exchange.imports.profiles import Scale, iter_parts
from claimtrack.exchange.imports.ratings import Rating, combine_rating

MEANING = next(
    part.meaning
    for _, part in iter_parts(read_profile(get_profile_path("claimreview")))
    if isinstance(part, Scale)
)


def rating_of(value: str, worst: str = "", best: str = "", words: str = "") -> Rating:
    return combine_rating(value, worst, best, words, MEANING)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param(("5",), 2, id="the best of the usual scale"),
        pytest.param(("2,5", "0", "5"), 0, id="a comma"),
        pytest.param(("2.5", "0", "5"), 0, id="a point"),
        pytest.param(("4/5",), 1, id="a share"),
        pytest.param(("4 out of 5", "1", "5"), 1, id="a share in words"),
        pytest.param(("80 %",), 1, id="percent"),
        pytest.param(("1", "", "6"), -2, id="its best alone"),
        pytest.param(("5", "10", "0"), 0, id="turned round"),
        pytest.param(("", "", "", "FALSE"), -2, id="capitals"),
        pytest.param(("", "", "", "False."), -2, id="a full stop"),
        pytest.param(("", "", "", "“Half\u2013True”"), 0, id="a dash in quotation marks"),
        pytest.param(("", "", "", "Pants on fire!"), -2, id="an exclamation mark"),
        pytest.param(("5", "", "5", "Four noses"), 2, id="words nobody knows"),
        pytest.param(("2", "", "5", "False"), -1, id="the weaker of the two: the number"),
        pytest.param(("1", "", "5", "Misleading"), -1, id="the weaker of the two: the words"),
        pytest.param(("3", "", "6", "Mostly false"), -1, id="nearly the middle"),
    ],
)
def test_a_rating_is_read_as_it_is_published(published: tuple[str, ...], expected: int) -> None:
    rating = rating_of(*published)
    assert (rating.value, rating.unknown) == (expected, False)


@pytest.mark.parametrize(
    ("published", "column", "reason"),
    [
        pytest.param(
            ("1", "", "6", "True"), "rating 1 of 1 to 6 and 'True'", "disagree", id="opposite"
        ),
        pytest.param(
            ("3", "", "5", "False"), "rating 3 of 1 to 5 and 'False'", "disagree", id="undecided"
        ),
        pytest.param(("0", "1", "10"), "rating 0 of 1 to 10", "not on its scale", id="below"),
        pytest.param(("7", "10"), "rating 7 of 10 to 5", "on no scale", id="one end alone"),
        pytest.param(("-1", "-1", "-1"), "rating -1 of -1 to -1", "on no scale", id="no length"),
        pytest.param(("4/5", "", "10"), "rating 4/5", "another best, 10", id="two scales"),
        pytest.param(("nan",), "rating 'nan of 1 to 5'", "is not a number", id="not a number"),
        pytest.param(
            ("1", "-inf", "inf"), "rating '1 of -inf to inf'", "is not a number", id="endless"
        ),
        pytest.param(
            ("1,000", "0", "5000"), "rating '1,000 of", "is not a number", id="one or 1000"
        ),
        pytest.param(("five",), "rating 'five of 1 to 5'", "is not a number", id="a word"),
    ],
)
def test_a_rating_that_says_nothing_sure_is_no_value_and_a_note(
    published: tuple[str, ...], column: str, reason: str
) -> None:
    rating = rating_of(*published)
    [(noted, why)] = rating.notes
    assert (rating.value, noted.startswith(column), reason in why) == (None, True, True)


def test_a_best_below_its_worst_is_read_and_noted() -> None:
    rating = combine_rating("1", "5", "1", "", {})
    assert (rating.value, rating.notes) == (
        2,
        [("rating 1 of 5 to 1", "has its best below its worst: it is read as it says")],
    )


def test_words_count_where_the_number_is_off_its_scale() -> None:
    assert rating_of("9", words="False").value == -2


@pytest.mark.parametrize("words", ["True?", "Not true", "Four noses"])
def test_words_that_are_not_known_are_no_value(words: str) -> None:
    rating = rating_of("", words=words)
    assert (rating.value, rating.unknown) == (None, True)
