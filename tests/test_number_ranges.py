"""Numbers as people write them."""

import pytest

from claimtrack.errors import InvalidValue
from claimtrack.number_ranges import MOST, format_range, parse_range, read_number


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        pytest.param("120", 120, 120, id="exact"),
        pytest.param(" 0.5 ", 0.5, 0.5, id="a decimal, with white space"),
        pytest.param("-3", -3, -3, id="negative"),
        pytest.param("1.5e-07", 1.5e-07, 1.5e-07, id="an exponent, as files write it"),
        pytest.param("30..50", 30, 50, id="a range"),
        pytest.param("0.5..0.9", 0.5, 0.9, id="a range of decimals"),
        pytest.param("-5..-3", -5, -3, id="a negative range"),
        pytest.param("80..", 80, None, id="at least"),
        pytest.param("..10", None, 10, id="at most"),
        pytest.param(f"{MOST}", MOST, MOST, id="the largest"),
    ],
)
def test_a_number_is_read_and_written_alike(
    text: str, low: float | None, high: float | None
) -> None:
    found = parse_range(text)
    assert (found.low, found.high) == (low, high)
    assert parse_range(format_range(found.low, found.high)) == found
    assert format_range(found.low, found.high) == text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("many", "a number such as 120", id="a word"),
        pytest.param("", "a number such as 120", id="nothing"),
        pytest.param("..", "a number such as 120", id="no bound"),
        pytest.param("nan", "a number such as 120", id="not a number"),
        pytest.param("inf", "a number such as 120", id="infinity"),
        pytest.param("5-7", "a number such as 120", id="a hyphen for a range"),
        pytest.param("80km", "the number alone, 80", id="a unit"),
        pytest.param("4.5 tonnes", "the number alone, 4.5", id="a unit in a word"),
        pytest.param("12%", "the number alone, 12", id="a sign for a unit"),
        pytest.param("1,000", "digits without signs between them, such as 1000", id="a comma"),
        pytest.param("1 000 000", "such as 1000000", id="spaces"),
        pytest.param("50..30", "the lower number first, 30..50", id="the wrong way round"),
        pytest.param("1" + "0" * 16, "a number between", id="too large"),
        pytest.param("٣", "a number such as 120", id="digits of another script"),
    ],
)
def test_what_is_no_number_is_refused_with_what_would_be_right(text: str, expected: str) -> None:
    with pytest.raises(InvalidValue, match=r"number .* is not valid: expected") as caught:
        parse_range(text)
    assert expected in str(caught.value)


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), "80km", [], None])
def test_a_bound_of_a_file_is_a_number_alone(value: object) -> None:
    with pytest.raises(InvalidValue):
        read_number(value)


def test_no_number_is_a_negative_zero() -> None:
    assert format_range(parse_range("-0").low, None) == "0.."
