"""Which figures cannot both be right."""

from typing import Any

import pytest

from claimtrack.facts import UNLINKED, EntryFacts, FigureFacts
from claimtrack.weigh.classification import weigh_pair
from claimtrack.weigh.figures import get_figure_period, list_conflicting_figures
from claimtrack.weigh.opposition import Via, oppose
from weighed import fact, says

MARCH, SPRING, APRIL = "2025-03-01/2025-03-31", "2025-03-01/2025-05-31", "2025-04-01/2025-04-30"


def number(low: float | None, high: float | None, **given: Any) -> FigureFacts:
    return FigureFacts(5, 90, low, high, **{"explicit": True, **given})


def exactly(value: float, **given: Any) -> FigureFacts:
    return number(value, value, **given)


def gives(
    kind: str, key: int, *figures: FigureFacts, about: str | None = None, **given: Any
) -> EntryFacts:
    return fact(kind, key, about=about, figures=figures, **given)


def conflict(one: EntryFacts, other: EntryFacts) -> bool:
    found = list(list_conflicting_figures(one, other))
    assert bool(list(list_conflicting_figures(other, one))) is bool(found)
    return bool(found)


@pytest.mark.parametrize(
    ("mine", "theirs", "conflicts"),
    [
        pytest.param(exactly(5), exactly(6), True, id="two numbers"),
        pytest.param(exactly(5), exactly(5), False, id="one number"),
        pytest.param(number(5, 8), number(8, 9), False, id="ranges that touch"),
        pytest.param(number(5, 8), number(9, 9), True, id="ranges apart"),
        pytest.param(number(80, None), exactly(79), True, id="at least, and less"),
        pytest.param(number(80, None), exactly(80), False, id="at least, and that many"),
        pytest.param(number(None, 10), exactly(11), True, id="at most, and more"),
        pytest.param(number(None, 10), number(11, None), True, id="at most, and at least more"),
        pytest.param(number(None, 10), number(None, 3), False, id="at most twice"),
        pytest.param(number(80, None), number(90, None), False, id="at least twice"),
    ],
)
@pytest.mark.parametrize("counts", [True, False], ids=["counts", "levels"])
def test_of_one_period_numbers_conflict_when_their_ranges_are_disjoint(
    mine: FigureFacts, theirs: FigureFacts, conflicts: bool, counts: bool
) -> None:
    one = gives("claim", 1, mine._replace(counts=counts), about=MARCH)
    other = gives("claim", 2, theirs._replace(counts=counts), about=MARCH)
    assert conflict(one, other) is conflicts


@pytest.mark.parametrize(
    ("part", "whole", "conflicts"),
    [
        pytest.param(exactly(50), exactly(45), True, id="the part exceeds the whole"),
        pytest.param(exactly(50), exactly(50), False, id="the part is the whole"),
        pytest.param(exactly(50), exactly(60), False, id="the part is less"),
        pytest.param(number(None, 50), exactly(45), False, id="at most in the part"),
        pytest.param(exactly(50), number(45, None), False, id="at least in the whole"),
    ],
)
def test_a_count_of_a_part_cannot_exceed_that_of_the_whole(
    part: FigureFacts, whole: FigureFacts, conflicts: bool
) -> None:
    of_march = gives("claim", 1, part, about=MARCH)
    assert conflict(of_march, gives("claim", 2, whole, about=SPRING)) is conflicts


def test_a_level_within_the_time_of_another_conflicts_either_way() -> None:
    low, high = exactly(10, counts=False), exactly(20, counts=False)
    assert conflict(gives("claim", 1, low, about=MARCH), gives("claim", 2, high, about=SPRING))
    assert conflict(gives("claim", 1, high, about=MARCH), gives("claim", 2, low, about=SPRING))


@pytest.mark.parametrize("counts", [True, False], ids=["counts", "levels"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("2025-03-10/2025-04-10", MARCH, id="partly overlapping"),
        pytest.param("/2025-03-10", MARCH, id="open, and ending within"),
        pytest.param(APRIL, MARCH, id="apart"),
        pytest.param(None, MARCH, id="one without"),
        pytest.param(None, None, id="both without"),
    ],
)
def test_periods_of_which_neither_lies_within_the_other_are_not_compared(
    one: str | None, other: str | None, counts: bool
) -> None:
    many, few = exactly(99, counts=counts), exactly(1, counts=counts)
    for mine, theirs in ((many, few), (few, many)):
        assert not conflict(
            gives("claim", 1, mine, about=one), gives("claim", 2, theirs, about=other)
        )


def test_an_open_end_contains_everything_and_lies_within_an_open_end_alone() -> None:
    since, all_march = gives("claim", 1, exactly(5), about="2025-03-01/"), exactly(9)
    assert conflict(since, gives("claim", 2, all_march, about=MARCH))
    assert conflict(since, gives("claim", 2, exactly(9), about="2025-03-01/"))
    more = gives("claim", 1, exactly(9), about="2025-03-01/")
    assert not conflict(more, gives("claim", 2, exactly(5), about=MARCH))


def test_a_level_of_an_entry_of_one_day_is_of_that_day_and_a_count_is_of_none() -> None:
    level, count = exactly(10, counts=False), exactly(10)
    said = {"on": "2025-03-10"}
    assert get_figure_period(gives("claim", 1, level, **said), level)
    assert get_figure_period(gives("claim", 1, count, **said), count) is None
    assert get_figure_period(gives("claim", 1, level, on=MARCH), level) is None
    assert conflict(
        gives("claim", 1, level, **said),
        gives("claim", 2, exactly(20, counts=False), about=MARCH),
    )


def test_a_deed_counts_within_a_period_and_is_no_period_for_others() -> None:
    deed = gives("action", 1, exactly(9), on="2025-03-10")
    assert conflict(deed, gives("claim", 2, exactly(5), about=MARCH))
    assert conflict(deed, gives("claim", 2, exactly(5), about="2025-03-10"))
    fewer = gives("action", 1, exactly(1), on="2025-03-10")
    assert not conflict(fewer, gives("claim", 2, exactly(5), about="2025-03-10"))
    assert not conflict(deed, gives("action", 2, exactly(5), on="2025-03-10"))
    assert not conflict(gives("action", 1, exactly(9)), gives("claim", 2, exactly(5), about=MARCH))


def test_figures_for_two_measures_are_not_compared() -> None:
    one = gives("claim", 1, exactly(5), about=MARCH)
    other = gives("claim", 2, exactly(6)._replace(measure=6), about=MARCH)
    assert not conflict(one, other)


@pytest.mark.parametrize(
    ("mine", "theirs", "strength", "explicit"),
    [
        pytest.param(exactly(5), exactly(6), 2, True, id="outright"),
        pytest.param(exactly(5, hedged=True), exactly(6), 1, True, id="one hedged"),
        pytest.param(exactly(5), exactly(6, explicit=False), 1, False, id="one inferred"),
    ],
)
def test_a_ground_of_figures_is_weaker_when_one_is_hedged_or_inferred(
    mine: FigureFacts, theirs: FigureFacts, strength: int, explicit: bool
) -> None:
    found = oppose(
        gives("claim", 1, mine, about=MARCH), gives("claim", 2, theirs, about=MARCH), UNLINKED
    )
    assert found is not None
    assert set(found.via) == {Via.FIGURE}
    assert (found.strength, found.explicit) == (strength, explicit)
    assert found.judges == {90}


def test_a_condition_of_a_figure_makes_its_ground_conditional() -> None:
    one = gives("claim", 1, exactly(5, condition="if asked"), about=MARCH)
    found = oppose(one, gives("claim", 2, exactly(6), about=MARCH), UNLINKED)
    assert found is not None
    assert not found.unconditional


def test_times_that_exclude_each_other_take_figures_away_as_well() -> None:
    deed = gives("action", 1, exactly(9), on="2025-04-10", about="2025-03-10")
    assert oppose(deed, gives("claim", 2, exactly(5), about=MARCH), UNLINKED)
    promise = gives("commitment", 2, exactly(0), on="2025-04-20", about=MARCH)
    before = gives("action", 3, exactly(9), on="2025-04-10", about="2025-03-10")
    assert oppose(before, promise, UNLINKED) is None


def test_another_number_of_the_same_voice_is_an_inconsistent_line_and_no_reversal() -> None:
    first = gives("statement", 1, exactly(5), about=MARCH, on="2025-04-01")
    second = gives("statement", 2, exactly(6), about=MARCH, on="2025-04-02")
    pair = weigh_pair(first, second, UNLINKED)
    assert pair is not None
    assert pair.klass == "inconsistent_line"
    both = weigh_pair(
        first._replace(stances=(says(1, 2),)), second._replace(stances=(says(1, -2),)), UNLINKED
    )
    assert both is not None
    assert both.klass == "reversal"
