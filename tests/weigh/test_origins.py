"""How many independent origins a set of entries goes back to."""

from collections.abc import Mapping
from typing import Any

import pytest

from claimtrack.facts import EntryFacts
from claimtrack.weigh.origins import group_by_origin
from weighed import fact


def counted(
    *entries: EntryFacts,
    repeats: Mapping[int, tuple[tuple[int, int], ...]] | None = None,
    outside: tuple[EntryFacts, ...] = (),
) -> tuple[int, int]:
    found = group_by_origin(entries, repeats or {}, {one.id: one for one in outside})
    return found.least, found.most


def word(key: int, kind: str = "statement", **given: Any) -> EntryFacts:
    """Make words of an actor of their own, in a paper of their own."""
    paper = frozenset({80 + key})
    return fact(
        kind, key, **{"actor": key + 20, "publishers": paper, "primary_publishers": paper, **given}
    )


def deed(key: int, **given: Any) -> EntryFacts:
    return word(key, "action", **given)


def source(key: int, **given: Any) -> EntryFacts:
    return word(key, "claim", anonymous=True, **given)


ONE_PAPER: dict[str, Any] = {"publishers": frozenset({7}), "primary_publishers": frozenset({7})}
STATE = (10,)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([], (0, 0), id="nothing"),
        pytest.param([word(1), word(2)], (2, 2), id="two states"),
        pytest.param([word(1, actor=5), word(2, actor=5)], (1, 1), id="words of one actor"),
        pytest.param([word(1, actor=5), word(2, "claim", actor=5)], (1, 1), id="of any kind"),
        pytest.param(
            [word(1, over=STATE), word(2, over=STATE)], (1, 2), id="two ministers of one state"
        ),
        pytest.param(
            [
                word(1, voices=frozenset({21, 5}), ancestry=frozenset({21, 5})),
                word(2, voices=frozenset({22, 5}), ancestry=frozenset({22, 5})),
            ],
            (1, 2), id="a co-actor in common",
        ),
        pytest.param(
            [
                word(1, voices=frozenset({21, 5}), ancestry=frozenset({21, 5, 4})),
                word(2, actor=4),
            ],
            (1, 2), id="a co-actor below the other",
        ),
        pytest.param([word(1, over=STATE), deed(2, over=STATE)], (1, 2), id="a word and a deed"),
        pytest.param([word(1), deed(2)], (2, 2), id="a word and a deed of another"),
        pytest.param([deed(1, over=STATE), deed(2, over=STATE)], (2, 2), id="deeds of one state"),
        pytest.param(
            [deed(1, over=STATE), deed(2, over=STATE), word(3, over=STATE)], (1, 3),
            id="deeds joined by a word",
        ),
        pytest.param([deed(1, **ONE_PAPER), deed(2, **ONE_PAPER)], (1, 2), id="deeds in one paper"),
        pytest.param(
            [deed(1, **ONE_PAPER), deed(2, publishers=frozenset({7, 8}))], (2, 2),
            id="a deed in two papers",
        ),
        pytest.param([source(1, **ONE_PAPER), source(2, **ONE_PAPER)], (1, 2), id="sources in one"),
        pytest.param([source(1, **ONE_PAPER), word(2, **ONE_PAPER)], (2, 2), id="one has a name"),
        pytest.param(
            [source(1, publishers=frozenset({7})), source(2, **ONE_PAPER)], (2, 2),
            id="one paper only relays",
        ),
        pytest.param(
            [
                source(1, actor=5),
                source(
                    2, actor=22, voices=frozenset({22, 30}), ancestry=(22, 30),
                    actor_ancestry=(22, 5), principal=30,
                ),
            ],
            (1, 2), id="a source above the other, who speaks for somebody else",
        ),
        pytest.param([word(1), word(2, "assessment")], (1, 1), id="a judgement"),
        pytest.param([word(1, "window"), word(2, "window")], (2, 2), id="two decisions"),
        pytest.param(
            [word(1, "window", actor=5), word(2, "window", actor=5)], (2, 2),
            id="decisions of one actor",
        ),
        pytest.param([word(1, shown=False), word(2)], (1, 2), id="one that nothing shows"),
        pytest.param(
            [word(1, shown=False, actor=5), word(2, actor=5)], (1, 1), id="the other is shown"
        ),
    ],
)  # fmt: skip
def test_what_surely_and_possibly_is_one_origin(
    entries: list[EntryFacts], expected: tuple[int, int]
) -> None:
    assert counted(*entries) == expected
    assert counted(*reversed(entries)) == expected


@pytest.mark.parametrize(
    ("repeats", "expected"),
    [
        pytest.param({1: ((2, 2),)}, (2, 2), id="surely"),
        pytest.param({1: ((2, 1),)}, (2, 3), id="possibly"),
        pytest.param({1: ((9, 2),), 2: ((9, 2),)}, (2, 2), id="through an outsider"),
        pytest.param({1: ((9, 2),), 2: ((9, 1),)}, (2, 3), id="through an outsider, perhaps"),
        pytest.param({1: ((8, 1),), 8: ((9, 2),), 2: ((9, 2),)}, (2, 3), id="in a chain"),
        pytest.param({9: ((1, 2), (2, 2))}, (3, 3), id="an outsider that repeats both"),
        pytest.param({3: ((1, 2), (2, 2))}, (2, 2), id="a member that repeats both"),
        pytest.param({1: ((2, 2),), 2: ((1, 2),)}, (2, 2), id="each other"),
        pytest.param({1: ((7, 2),)}, (3, 3), id="what is not known"),
    ],
)
def test_repetitions_join(
    repeats: Mapping[int, tuple[tuple[int, int], ...]], expected: tuple[int, int]
) -> None:
    members = word(1), word(2), word(3)
    assert counted(*members, repeats=repeats, outside=(word(8), word(9))) == expected


def test_an_entry_that_repeats_joins_nothing_by_whose_it_is() -> None:
    # Of one state, but it passes on what somebody else said.
    quoting, spokesman = word(1, over=STATE), word(2, over=STATE)
    assert counted(quoting, spokesman) == (1, 2)
    assert counted(quoting, spokesman, word(3), repeats={1: ((3, 2),)}) == (2, 2)


def test_an_entry_that_repeats_outsiders_stays_one_origin() -> None:
    outside = word(8), word(9)
    assert counted(word(1), repeats={1: ((8, 2), (9, 2))}, outside=outside) == (1, 1)
    # It still is of its state; what it goes back to joins as well.
    members = word(1, over=STATE), word(2, over=STATE)
    assert counted(*members, repeats={1: ((8, 2),)}, outside=outside) == (1, 2)


def test_only_what_is_surely_gone_back_to_joins_surely() -> None:
    # 1 may go back to 8, which is of the actor of 2 and surely repeats 9, as 3 does.
    outside = word(8, actor=5), word(9)
    repeats = {1: ((8, 1),), 8: ((9, 2),), 3: ((9, 2),)}
    members = word(1), word(2, actor=5), word(3)
    assert counted(*members, repeats=repeats, outside=outside) == (1, 3)


def test_what_an_entry_goes_back_to_joins_by_whose_it_is() -> None:
    original = word(9, actor=5)
    assert counted(word(1), word(2, actor=5), repeats={1: ((9, 2),)}, outside=(original,)) == (1, 1)


def test_a_chain_may_run_through_a_judgement() -> None:
    members, judgement = (word(1), word(2)), word(9, "assessment")
    repeats = {1: ((9, 2),), 2: ((9, 2),)}
    assert counted(*members, repeats=repeats, outside=(judgement,)) == (1, 1)
    assert counted(*members, repeats={1: ((9, 2),), 9: ((2, 2),)}, outside=(judgement,)) == (1, 1)


def test_a_group_that_nothing_shows_is_told_apart() -> None:
    found = group_by_origin([word(1, shown=False), word(2)], {}, {})
    assert (found.least, sorted(map(list, found.least_groups()))) == (1, [[1], [2]])


def test_the_origins_other_than_ones_own_are_counted() -> None:
    claim, ministers, other = (
        word(1, over=STATE),
        [word(2, over=STATE), word(3, over=STATE)],
        word(4),
    )
    found = group_by_origin([claim, *ministers, other], {}, {})
    assert found.count_without(1) == (1, 3)
    assert found.count_without(99) == (2, 4)


def test_judgements_count_by_actor_where_they_are_asked_for() -> None:
    judged = word(1, "assessment", actor=5), word(2, "assessment", actor=5), word(3)
    found = group_by_origin([*judged, word(4, "assessment")], {}, {}, judgements=True)
    assert found.most == found.least == 3
