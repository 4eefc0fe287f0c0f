"""The matrix of competing hypotheses."""

import pytest

from claimtrack.errors import InvalidValue
from claimtrack.weigh.hypotheses import (
    Cell,
    Inconsistency,
    combine_readings,
    compute_diagnosticity,
    format_ach_cell,
    sum_inconsistency,
)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param(-2, "II", id="denies outright"),
        pytest.param(-1, "I", id="denies in part"),
        pytest.param(0, "N", id="leaves it open"),
        pytest.param(1, "C", id="affirms in part"),
        pytest.param(2, "CC", id="affirms outright"),
        pytest.param(None, "", id="takes no stance"),
    ],
)
def test_a_stance_is_shown_as_its_letters(value: int | None, cell: str) -> None:
    assert format_ach_cell(value) == cell


@pytest.mark.parametrize("value", [pytest.param(-3, id="below"), pytest.param(3, id="above")])
def test_a_value_off_the_scale_is_refused(value: int) -> None:
    with pytest.raises(InvalidValue, match="from -2 to 2"):
        format_ach_cell(value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([2, 2, 2], 0, id="equal for all, as Heuer's high temperature"),
        pytest.param([-2, 2], 4, id="as far apart as can be"),
        pytest.param([1, None, -1], 2, id="the unrated left out"),
        pytest.param([-2, None], None, id="one rated"),
        pytest.param([], None, id="none"),
    ],
)
def test_an_item_tells_hypotheses_apart_by_the_spread_of_its_rated_cells(
    values: list[int | None], expected: int | None
) -> None:
    assert compute_diagnosticity(values) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param([Cell(1, True), Cell(-1, True), Cell(2, True)], Cell(-1, True), id="against"),
        pytest.param([Cell(-1, True), Cell(-2, False)], Cell(-2, False), id="most against"),
        pytest.param([Cell(0, True), Cell(1, False)], Cell(1, False), id="most for"),
        pytest.param([Cell(-2, False), Cell(-2, True)], Cell(-2, True), id="the explicit one"),
        pytest.param([Cell(2, False), Cell(2, True)], Cell(2, True), id="the explicit one for"),
    ],
)
def test_judges_who_differ_are_read_at_their_most_against(
    cells: list[Cell], expected: Cell
) -> None:
    assert combine_readings(cells) == expected


def test_an_origin_counts_once_at_its_worst() -> None:
    cells = {1: Cell(-1, True), 2: Cell(-2, False), 3: Cell(-1, True), 4: Cell(2, True)}
    origins = [frozenset({1, 2}), frozenset({3})]
    assert sum_inconsistency(cells, origins) == Inconsistency(total=3, rated=4, inferred=2)


def test_of_equal_readings_of_one_origin_the_explicit_counts() -> None:
    cells = {1: Cell(-1, False), 2: Cell(-1, True)}
    assert sum_inconsistency(cells, [frozenset({1, 2})]) == Inconsistency(1, 2, 0)


def test_what_affirms_or_leaves_open_takes_nothing_away() -> None:
    cells = {1: Cell(2, True), 2: Cell(0, True)}
    assert sum_inconsistency(cells, []) == Inconsistency(0, 2, 0)


@pytest.mark.parametrize("cells", [{}, {1: Cell(-2, True)}], ids=["none", "one"])
def test_fewer_than_two_rated_entries_give_no_sum(cells: dict[int, Cell]) -> None:
    assert sum_inconsistency(cells, [frozenset({1})]) == Inconsistency(None, len(cells), None)


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        pytest.param({1: -1, 2: -1, 3: -2}, 3, id="it is the largest"),
        pytest.param({1: -2, 2: -1, 3: -2}, 3, id="with the larger of the two"),
        pytest.param({1: -1, 2: -2, 3: -1}, 3, id="it adds nothing"),
    ],
)
def test_an_entry_of_two_origins_is_summed_with_one(cells: dict[int, int], total: int) -> None:
    read = {key: Cell(value, True) for key, value in cells.items()}
    assert sum_inconsistency(read, [frozenset({1, 3}), frozenset({2, 3})]).total == total
