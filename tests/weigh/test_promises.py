"""What became of a promise by a day: its state, and the deeds for and against it."""

from datetime import date
from typing import Any

import pytest

from claimtrack.facts import EntryFacts, Moment, PairLinks, Span
from claimtrack.vocab import PromiseState, Relation
from claimtrack.weigh.classification import weigh_pair
from claimtrack.weigh.promises import Outcome, find_outcome, has_begun
from weighed import fact, says

DAY = date(2025, 4, 1)
PROMISE = fact("commitment", 1, says(), on="2025-03-01")
CONDITIONAL = says(value=-2, condition="if")
UNTIL_MARCH = fact("commitment", 1, says(), on="2025-03-01", about="2025-03-01/2025-03-31")


def deed(value: int = -2, key: int = 2, **given: Any) -> EntryFacts:
    """Make an action of the same actor on the same proposition, nine days after the promise."""
    stance = given.pop("stance", says(value=value))
    return fact("action", key, stance, **{"on": "2025-03-10", **given})


def outcome(promise: EntryFacts, *deeds: EntryFacts, day: date = DAY, **links: Any) -> Outcome:
    pairs = [weigh_pair(promise, one, PairLinks(**links)) for one in deeds]
    return find_outcome(promise, [one for one in pairs if one is not None], deeds, day)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, PromiseState.BROKEN, id="a certain breach"),
        pytest.param({"value": -1}, PromiseState.POSSIBLY_BROKEN, id="of strength 1"),
        pytest.param({"on": "2025-03-01"}, PromiseState.POSSIBLY_BROKEN, id="the same day"),
        pytest.param({"on": "2025-04-01"}, PromiseState.BROKEN, id="on the day itself"),
        pytest.param(
            {"on": "2025-03-10/2025-04-02"}, PromiseState.POSSIBLY_BROKEN, id="not over by the day"
        ),
        pytest.param({"on": "2025-03-10/"}, PromiseState.POSSIBLY_BROKEN, id="without a known end"),
        pytest.param({"on": None}, PromiseState.POSSIBLY_BROKEN, id="undated"),
        pytest.param({"on": "2025-04-02"}, PromiseState.OPEN, id="later than the day"),
        pytest.param({"on": "2025-02-28"}, PromiseState.OPEN, id="before the promise"),
        pytest.param({"value": 2}, PromiseState.OPEN, id="as promised"),
        pytest.param({"value": 0}, PromiseState.OPEN, id="on neither side"),
        pytest.param({"actor": 20}, PromiseState.OPEN, id="of somebody else"),
        pytest.param({"stance": CONDITIONAL}, PromiseState.OPEN, id="conditional"),
    ],
)  # fmt: skip
def test_the_state_is_that_of_the_worst_breach_by_the_day(
    given: dict[str, Any], expected: PromiseState
) -> None:
    assert outcome(PROMISE, deed(**given)).state is expected


def test_one_certain_breach_suffices() -> None:
    found = outcome(PROMISE, deed(-1), deed(key=3), deed(key=4, on="2025-03-01"))
    assert found.state is PromiseState.BROKEN
    assert (found.breaches_certain, found.breaches_possible) == (("E2", "E3"), ("E4",))


def test_a_disputed_breach_may_break_it_and_a_reconciled_one_does_not() -> None:
    disputed = outcome(PROMISE, deed(), reconciles={91: 1})
    assert (disputed.state, disputed.breaches_certain) == (PromiseState.POSSIBLY_BROKEN, ("E2",))
    reconciled = outcome(PROMISE, deed(), reconciles={90: 2})
    assert (reconciled.state, reconciled.breaches_certain) == (PromiseState.OPEN, ())


def test_a_link_can_make_the_breach() -> None:
    assert outcome(PROMISE, deed(0), contradicts={90: 2}).state is PromiseState.BROKEN
    assert outcome(PROMISE, deed(0), contradicts={90: 1}).state is PromiseState.POSSIBLY_BROKEN


@pytest.mark.parametrize(
    ("promise", "day", "expected"),
    [
        pytest.param(UNTIL_MARCH, "2025-03-31", PromiseState.OPEN, id="on its last day"),
        pytest.param(UNTIL_MARCH, "2025-04-01", PromiseState.EXPIRED, id="the day after"),
        pytest.param(PROMISE, "2035-04-01", PromiseState.OPEN, id="without an end"),
        pytest.param(
            fact("commitment", 1, says()), "2035-04-01", PromiseState.OPEN, id="undated"
        ),
    ],
)  # fmt: skip
def test_a_promise_without_a_breach_expires_with_its_period(
    promise: EntryFacts, day: str, expected: PromiseState
) -> None:
    assert outcome(promise, day=date.fromisoformat(day)).state is expected


def test_a_promise_that_was_broken_does_not_expire() -> None:
    assert outcome(UNTIL_MARCH, deed(), day=date(2030, 1, 1)).state is PromiseState.BROKEN


def test_a_deed_after_the_end_is_no_breach() -> None:
    found = outcome(UNTIL_MARCH, deed(on="2025-04-01"))
    assert (found.state, found.breaches_certain) == (PromiseState.EXPIRED, ())
    assert found.until == date(2025, 3, 31)


def test_its_end_is_that_of_its_period() -> None:
    assert outcome(PROMISE).until is None
    assert outcome(fact("commitment", 1, about="/2025-05-01")).until == date(2025, 5, 1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"stance": CONDITIONAL}, ("E2",), id="every ground"),
        pytest.param({}, (), id="a breach"),
        pytest.param({"stance": CONDITIONAL, "on": "2025-02-01"}, (), id="before it"),
        pytest.param({"stance": CONDITIONAL, "actor": 20}, (), id="of others"),
        pytest.param({"stance": CONDITIONAL, "on": "2025-05-01"}, (), id="after the day"),
    ],
)
def test_deeds_under_a_condition_are_listed_apart(
    given: dict[str, Any], expected: tuple[str, ...]
) -> None:
    found = outcome(PROMISE, deed(**given))
    assert found.deeds_against_under_condition == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ("E2",), id="the same side"),
        pytest.param({"over": (10,), "actor": 20, "voices": frozenset({20})}, ("E2",), id="below"),
        pytest.param({"value": -2}, (), id="the other side"),
        pytest.param({"actor": 20}, (), id="of somebody else"),
        pytest.param({"on": "2025-04-02"}, (), id="after the day"),
        pytest.param({"on": "2025-02-01"}, (), id="before the promise"),
        pytest.param(
            {"value": 0, "links": {1: [(Relation.CORROBORATES, 1, 90)]}}, ("E2",), id="by a link"
        ),
    ],
)
def test_deeds_for_it_share_a_voice_and_agree(
    given: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert outcome(PROMISE, deed(**{"value": 2, **given})).deeds_for == expected


def test_words_that_agree_are_no_deeds() -> None:
    words = fact("statement", 2, says(), on="2025-03-10")
    assert find_outcome(PROMISE, [], [words], DAY).deeds_for == ()


def test_what_may_have_begun_by_the_day_counts() -> None:
    unknown = PROMISE._replace(date=Span(None, Moment(date(2030, 1, 1))))
    assert has_begun(unknown, DAY)
    assert has_begun(PROMISE, date(2025, 3, 1))
    assert not has_begun(PROMISE, date(2025, 2, 28))
