"""Groups of what is connected."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.weigh.union_find import UnionFind

PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20)


def grouped(members: Iterable[Any], pairs: Iterable[tuple[Any, Any]]) -> list[frozenset[Any]]:
    groups = UnionFind(members)
    for one, other in pairs:
        groups.connect(one, other)
    assert groups.count == len(groups.list_groups())
    return groups.list_groups()


def test_every_member_is_a_group_when_nothing_connects_them() -> None:
    assert grouped(["C1", "C8"], []) == [frozenset({"C1"}), frozenset({"C8"})]


def test_outsiders_alone_are_no_group() -> None:
    assert grouped([], [("a", "b")]) == []


def test_pairs_connect_in_chains() -> None:
    assert grouped("abcd", [("a", "b"), ("d", "c"), ("b", "c")]) == [frozenset("abcd")]


def test_members_are_connected_through_an_outsider() -> None:
    assert grouped("abc", [("a", "x"), ("b", "x")]) == [frozenset("ab"), frozenset("c")]


def test_a_member_named_twice_counts_once() -> None:
    assert grouped(["a", "a"], []) == [frozenset("a")]


def test_groups_come_in_the_order_of_their_first_member() -> None:
    groups = grouped("dcba", [("a", "c")])
    assert groups == [frozenset("d"), frozenset("ca"), frozenset("b")]


@given(PAIRS, st.randoms())
def test_the_order_of_the_pairs_and_of_their_ends_does_not_matter(
    pairs: list[tuple[int, int]], random: Random
) -> None:
    shuffled = [pair if random.random() < 0.5 else pair[::-1] for pair in pairs]
    random.shuffle(shuffled)
    assert grouped(range(9), shuffled) == grouped(range(9), pairs)


@given(PAIRS)
def test_members_may_come_after_what_connects_them(pairs: list[tuple[int, int]]) -> None:
    late: UnionFind[int] = UnionFind()
    for one, other in pairs:
        late.connect(one, other)
    for member in range(9):
        late.add(member)
    assert late.list_groups() == grouped(range(9), pairs)
    assert late.count == len(late.list_groups())


@given(PAIRS)
def test_groups_part_the_members_and_keep_every_pair_of_members_together(
    pairs: list[tuple[int, int]],
) -> None:
    groups = grouped(range(9), pairs)
    assert sorted(member for group in groups for member in group) == list(range(9))
    for one, other in pairs:
        if one < 9 and other < 9:
            assert any({one, other} <= group for group in groups)


@pytest.mark.parametrize("size", [pytest.param(9, id="few"), pytest.param(300, id="many")])
@given(PAIRS, PAIRS)
def test_a_branch_grows_alone(
    size: int, first: list[tuple[int, int]], more: list[tuple[int, int]]
) -> None:
    groups = UnionFind(range(size))
    for one, other in first:
        groups.connect(one, other)
    before, branch = groups.list_groups(), groups.branch()
    branch.add(size)
    for one, other in more:
        branch.connect(one, other)
    assert groups.list_groups() == before
    assert groups.count == len(before)
    assert branch.list_groups() == grouped(range(size + 1), [*first, *more])
