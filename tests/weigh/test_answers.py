"""How an entry was answered: which entries reply to it, and what each reply does."""

from typing import Any

import pytest

from claimtrack.facts import EntryFacts, PairLinks
from claimtrack.vocab import Answer, Relation
from claimtrack.weigh.answers import find_answer, list_replies
from weighed import fact, says

CLAIM = fact("claim", 1, says(), says(2), on="2025-03-10")
TO_CLAIM = {1: [(Relation.RESPONDS_TO, 1, 90)]}


def reply(*stances: Any, **given: Any) -> EntryFacts:
    """Make a statement of another actor two days later that is linked as a reply."""
    return fact(
        "statement", 2, *stances, **{"on": "2025-03-12", "actor": 20, "links": TO_CLAIM, **given}
    )


def answer(one: EntryFacts, **links: Any) -> str:
    return find_answer(CLAIM, one, PairLinks(replies=frozenset({2}), **links)).value


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param([says(value=-2)], "denies", id="opposes outright"),
        pytest.param([says(value=-1)], "disputes", id="opposes weakly"),
        pytest.param([says(value=-1), says(2, value=-2)], "denies", id="by the strongest ground"),
        pytest.param([says(value=1)], "confirms", id="same side"),
        pytest.param([says(value=-1), says(2)], "disputes", id="opposes before it agrees"),
        pytest.param([says(value=0), says(2)], "confirms", id="agrees before it evades"),
        pytest.param([says(value=0)], "evades", id="leaves it open"),
        pytest.param([says(3, value=0)], "answers", id="leaves something else open"),
        pytest.param([says(3)], "answers", id="of something else"),
        pytest.param([], "answers", id="without a stance"),
    ],
)
def test_what_a_reply_does_is_the_first_that_fits(stances: list[Any], expected: str) -> None:
    assert answer(reply(*stances)) == expected


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param({"contradicts": {90: 2}}, "denies", id="contradicts"),
        pytest.param({"contradicts": {90: 1}}, "disputes", id="perhaps contradicts"),
        pytest.param({"corroborates": {90: 1}}, "confirms", id="corroborates"),
        pytest.param({"unrelated": {90: 1}}, "answers", id="unrelated"),
    ],
)
def test_links_of_judges_count_like_stances(links: dict[str, Any], expected: str) -> None:
    assert answer(reply(), **links) == expected


def test_a_reconciled_pair_neither_denies_nor_disputes() -> None:
    assert answer(reply(says(value=-2)), reconciles={90: 2}) == "answers"
    assert answer(reply(says(value=-2)), reconciles={90: 1}) == "denies"
    assert answer(reply(), reconciles={90: 2}) == "answers"


def test_words_about_another_time_do_not_confirm() -> None:
    about = fact("claim", 1, says(), on="2025-03-10", about="2025-01-01/2025-01-31")
    other = reply(says(), about="2025-02-01/2025-02-28")
    assert find_answer(about, other, PairLinks()) is Answer.ANSWERS


@pytest.mark.parametrize(
    ("given", "days"),
    [
        pytest.param({}, [2], id="linked, somebody else, later"),
        pytest.param({"on": "2025-03-10"}, [0], id="the same day"),
        pytest.param({"on": "2025-03-01/2025-03-20"}, [0], id="perhaps before it"),
        pytest.param({"on": None}, [None], id="undated"),
        pytest.param({"links": {}}, [], id="not linked"),
        pytest.param({"links": {1: [(Relation.REPEATS, 2, 90)]}}, [], id="linked otherwise"),
        pytest.param({"actor": 10}, [], id="the same voice"),
        pytest.param({"over": (10,)}, [], id="a voice below it"),
        pytest.param({"on": "2025-03-09"}, [], id="surely before it"),
    ],
)
def test_a_reply_is_linked_of_another_voice_and_not_surely_before(
    given: dict[str, Any], days: list[int | None]
) -> None:
    assert [one.days for one in list_replies(CLAIM, [reply(**given)])] == days


def test_an_entry_is_no_reply_to_its_own_reply() -> None:
    assert list_replies(reply(), [CLAIM]) == []


def test_replies_come_by_ref_each_with_the_propositions_of_both() -> None:
    later = reply(says(value=0), says(3))._replace(id=3, ref="E3")
    found = list_replies(CLAIM, [later, reply(says(2), says(2, judge=91))])
    assert [(one.entry.ref, one.propositions) for one in found] == [
        ("E2", frozenset({2})),
        ("E3", frozenset({1})),
    ]


@pytest.mark.parametrize(
    ("on", "within", "expected"),
    [
        pytest.param("2025-03-12", 2, True, id="on the last day"),
        pytest.param("2025-03-12", 1, False, id="a day late"),
        pytest.param("2025-03-10", 0, True, id="the same day"),
        pytest.param(None, 100, False, id="undated"),
    ],
)
def test_a_reply_is_in_time_if_its_days_are_known_and_few(
    on: str | None, within: int, expected: bool
) -> None:
    (found,) = list_replies(CLAIM, [reply(on=on)])
    assert found.is_within(within) is expected
