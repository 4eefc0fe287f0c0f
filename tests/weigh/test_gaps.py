"""What a principal did against its own words."""

from typing import Any

import pytest

from claimtrack.facts import UNLINKED, EntryFacts, PairLinks
from claimtrack.weigh.classification import weigh_pair
from claimtrack.weigh.gaps import find_gaps
from weighed import fact, says

DEED: dict[str, Any] = {"on": "2025-03-09"}


def gaps(
    word: EntryFacts, *deeds: EntryFacts, links: PairLinks = UNLINKED
) -> dict[tuple[int, int], list[str]]:
    """The deeds against each stance of a word, by proposition and judge."""
    pairs = [pair for deed in deeds if (pair := weigh_pair(deed, word, links)) is not None]
    found = find_gaps(pairs)
    return {stance[1:]: list(map(str, against)) for stance, against in found.items()}


@pytest.mark.parametrize("kind", ["claim", "statement", "commitment"])
def test_the_principals_own_deeds_are_gaps_of_its_words_by_ref(kind: str) -> None:
    word = fact(kind, 1, says(), on="2025-03-01")
    deeds = (fact("action", key, says(value=-1), **DEED) for key in (3, 2))
    assert gaps(word, *deeds) == {(1, 90): ["E2", "E3"]}


@pytest.mark.parametrize(
    ("word", "deed"),
    [
        pytest.param(fact("statement", 1, says()), {"actor": 20}, id="another principal's"),
        pytest.param(
            fact("statement", 1, says(), subjects=frozenset({20})), {"actor": 20},
            id="of whom it speaks",
        ),
        pytest.param(fact("assessment", 1, says()), {}, id="against a judgement"),
        pytest.param(fact("action", 1, says()), {}, id="against a deed"),
        pytest.param(fact("statement", 1, says(value=0)), {}, id="against what is left open"),
        pytest.param(fact("statement", 1, says(value=-1)), {}, id="of the same side"),
    ],
)  # fmt: skip
def test_other_pairs_are_no_gaps(word: EntryFacts, deed: dict[str, Any]) -> None:
    assert gaps(word, fact("action", 2, says(value=-2), **DEED, **deed)) == {}


def test_words_are_no_gap_of_words() -> None:
    assert gaps(fact("statement", 1, says()), fact("statement", 2, says(value=-2))) == {}


def test_a_deed_with_another_is_own_to_either_principal() -> None:
    deed = fact("action", 2, says(value=-2), actor=20, principals=frozenset({20, 10}))
    assert gaps(fact("statement", 1, says()), deed) == {(1, 90): ["E2"]}


def test_a_gap_is_on_each_stance_that_is_a_ground() -> None:
    word = fact("statement", 1, says(1), says(1, judge=91), says(2), says(3, judge=92, value=-1))
    deed = fact("action", 2, says(1, -2), says(3, 1, judge=93), **DEED)
    assert gaps(word, deed) == {(1, 90): ["E2"], (1, 91): ["E2"], (3, 92): ["E2"]}


def test_a_deed_that_may_lie_outside_the_period_is_possible() -> None:
    word = fact("statement", 1, says(), about="2025-03-09/2025-03-31")
    deeds = (
        fact("action", 2, says(value=-2), on="2025-03-01/2025-03-09"),
        fact("action", 3, says(value=-2), on="2025-03-10"),
    )
    assert gaps(word, *deeds) == {(1, 90): ["E2 (possible)", "E3"]}


def test_a_link_alone_is_no_gap_and_a_pair_that_is_reconciled_is_none() -> None:
    word, deed = fact("statement", 1, says()), fact("action", 2, says(2, -2), **DEED)
    assert gaps(word, deed, links=PairLinks(contradicts={90: 2})) == {}
    deed = fact("action", 2, says(value=-2), **DEED)
    assert gaps(word, deed, links=PairLinks(reconciles={90: 2})) == {}
    assert gaps(word, deed, links=PairLinks(reconciles={90: 1})) == {(1, 90): ["E2"]}
    assert gaps(word, deed, links=PairLinks(reconciles={91: 2})) == {(1, 90): ["E2"]}
