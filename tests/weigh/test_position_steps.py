"""How a position moves from one word of a principal to the next."""

from typing import Any

import pytest

from claimtrack.weigh.position_steps import Position, find_step
from weighed import fact

TODAY = "2025-03-09"


def word(key: int, value: int, on: str | None = TODAY, **given: Any) -> Position:
    return Position(fact("statement", key, on=on, **given), value)


def day(number: int) -> str:
    return f"2025-03-0{number}"


MINISTER: dict[str, Any] = {"actor": 11, "over": (10,)}
OTHER_MINISTER: dict[str, Any] = {"actor": 12, "over": (10,)}


@pytest.mark.parametrize(
    ("value", "earlier", "expected"),
    [
        pytest.param(1, [], None, id="the first"),
        pytest.param(-1, [(1, 2)], "reversed", id="the sign differs"),
        pytest.param(0, [(1, 2)], "hedged", id="to open"),
        pytest.param(0, [(1, 0)], "reaffirmed", id="open after open"),
        pytest.param(-2, [(1, -1)], "hardened", id="greater"),
        pytest.param(1, [(1, 2)], "softened", id="smaller"),
        pytest.param(2, [(1, 2)], "reaffirmed", id="equal"),
        pytest.param(-1, [(1, 1), (2, 0)], "reversed", id="across a no comment"),
        pytest.param(1, [(1, 2), (2, 0), (3, 0)], "softened", id="smaller across a no comment"),
        pytest.param(1, [(1, 0)], None, id="from open alone"),
        pytest.param(2, [(1, -2), (2, 1)], "hardened", id="against the last"),
    ],
)
def test_a_word_is_compared_with_the_last_of_its_voice(
    value: int, earlier: list[tuple[int, int]], expected: str | None
) -> None:
    others = [word(key, taken, day(number)) for key, (number, taken) in enumerate(earlier, 2)]
    assert find_step(word(1, value), others) == expected
    assert find_step(word(1, value), others[::-1]) == expected


@pytest.mark.parametrize(
    ("value", "earlier", "expected"),
    [
        pytest.param(2, 1, "same line", id="one sign"),
        pytest.param(-1, 1, "differs", id="another sign"),
        pytest.param(0, 1, "differs", id="open"),
        pytest.param(0, 0, "same line", id="both open"),
    ],
)
def test_another_voice_of_the_principal_holds_the_line_or_differs(
    value: int, earlier: int, expected: str
) -> None:
    assert (
        find_step(word(1, value, **MINISTER), [word(2, earlier, day(1), **OTHER_MINISTER)])
        == expected
    )


def test_a_shared_voice_goes_before_a_later_one_of_the_principal() -> None:
    others = [word(2, 1, day(1), **MINISTER), word(3, -1, day(2), **OTHER_MINISTER)]
    assert find_step(word(1, 2, **MINISTER), others) == "hardened"


def test_other_principals_are_not_compared() -> None:
    assert find_step(word(1, 2), [word(2, -2, day(1), actor=30)]) is None
    assert find_step(word(1, 2), [word(2, -2, TODAY, actor=30)]) is None


def test_a_later_word_is_not_compared() -> None:
    assert find_step(word(1, 2, day(1)), [word(2, -2, day(2))]) is None


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param([word(2, -1)], "order not known", id="one of the same day"),
        pytest.param([word(2, -1, None)], "order not known", id="one undated"),
        pytest.param(
            [word(2, -1), word(3, 1, day(1))], "order not known", id="it may be the last"
        ),
        pytest.param([word(2, 1), word(3, 1, day(1))], "hardened", id="and gives the same step"),
        pytest.param(
            [word(2, 1, "2025-03-01/2025-03-03"), word(3, -1, "2025-03-02/2025-03-04")],
            "order not known", id="two may be the last",
        ),
        pytest.param(
            [word(2, 1, "2025-03-01/2025-03-03"), word(3, 1, "2025-03-02/2025-03-04")],
            "hardened", id="and give one step",
        ),
        pytest.param(
            [
                word(2, 1, "2025-03-01/2025-03-03"), word(3, -1, "2025-03-02/2025-03-04"),
                word(4, 0, day(5)),
            ],
            "order not known", id="two may be the last that was not open",
        ),
    ],
)  # fmt: skip
def test_the_step_is_unknown_where_the_order_is(others: list[Position], expected: str) -> None:
    assert find_step(word(1, 2), others) == expected


def test_two_voices_of_the_principal_that_may_be_the_last_give_no_step_when_they_differ() -> None:
    others = [word(2, 1, day(1), **OTHER_MINISTER), word(3, -1, day(1), actor=13, over=(10,))]
    assert find_step(word(1, 2, **MINISTER), others) == "order not known"


def test_a_word_of_ones_own_that_may_be_earlier_goes_before_those_of_others() -> None:
    others = [word(2, 1, **MINISTER), word(3, 1, day(1), **OTHER_MINISTER)]
    assert find_step(word(1, 2, **MINISTER), others) == "order not known"
