"""What timings, statuses, days and origins are called: no more than they stand for."""

from datetime import date
from typing import Any

import pytest

from claimtrack.query.pair_judgements import Judgement
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.wording import (
    describe_days,
    describe_origins,
    describe_status,
    describe_timing,
)
from claimtrack.vocab import Relation

DAY, LATER = date(2024, 1, 1), date(2024, 1, 3)


def pair(**given: Any) -> ContradictionRow:
    """A denial of the first of January, two days later, that bea reads."""
    usual: dict[str, Any] = {
        **{"subject_ref": "C", "subject_kind": "claim", "subject_actor": "a"},
        **{"subject_principal": "a", "subject_date_from": DAY, "subject_date_to": DAY},
        **dict.fromkeys(("subject_time_from", "subject_time_to")),
        **dict.fromkeys(("counter_time_from", "counter_time_to")),
        **{"measures": (), "subject_summary": "", "counter_ref": "S", "counter_kind": "statement"},
        **{"counter_actor": "b", "counter_principal": "b", "counter_date_from": LATER},
        **{"counter_date_to": LATER, "counter_summary": "", "klass": "denial", "timing": None},
        **{"status": "derived", "reconciled_by": (), "strength": 2, "basis": "explicit"},
        **{"via": ("proposition",), "propositions": ("p",), "conditions": ()},
        **{"asserted_by": ("bea",), "days": 2, "subject_urls": (), "counter_urls": ()},
    }
    return ContradictionRow(**{**usual, **given})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"klass": "breach", "timing": "certain", "days": 9}, "", id="certain"),
        pytest.param(
            {"klass": "breach", "timing": "possible", "days": 0}, "order not known", id="overlap"
        ),
        pytest.param(
            {"klass": "breach", "timing": "possible", "days": None}, "order not known", id="undated"
        ),
        pytest.param(
            {"klass": "breach", "timing": "possible", "days": 9},
            "may lie outside the period",
            id="a promise that surely came first",
        ),
        pytest.param(
            {"klass": "belied_by_action", "timing": "possible", "days": 0},
            "may lie outside the period",
            id="words",
        ),
        pytest.param({}, "", id="no deed"),
    ],
)
def test_a_possible_timing_says_what_is_not_known(given: dict[str, Any], expected: str) -> None:
    row = pair(**given)
    assert describe_timing(row.klass, row.timing, row.days) == expected


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (1, 5, "1 to 5 origins"),
        (0, 1, "0 to 1 origin"),
        (1, 1, "1 origin"),
    ],
)
def test_origins_are_a_range(least: int, most: int, expected: str) -> None:
    assert describe_origins(least, most) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, "2 days later", id="days that are known"),
        pytest.param({"days": None}, "", id="not known"),
        pytest.param({"subject_date_from": None}, "at least 2 days later", id="no first day"),
        pytest.param({"counter_date_to": date(2024, 1, 31)}, "at least 2 days later", id="a month"),
        pytest.param(
            {"days": 0, "counter_date_from": DAY, "counter_date_to": DAY},
            "on the same day",
            id="one day",
        ),
        pytest.param({"days": 0}, "less than a day apart", id="over midnight"),
        pytest.param(
            {"days": 0, "counter_date_from": date(2023, 1, 1)}, "dates overlap", id="overlap"
        ),
    ],
)
def test_days_between_vague_dates_are_the_least(given: dict[str, Any], expected: str) -> None:
    assert describe_days(pair(**given)) == expected


def test_days_are_told_from_either_end() -> None:
    assert describe_days(pair(days=-1), "counter") == "1 day earlier"
    assert describe_days(pair(days=-1), "subject") == "1 day later"


def says(relation: Relation, judge: str, strength: int = 2, why: str | None = None) -> Judgement:
    return Judgement(relation, judge, strength, why)


BEA = says(Relation.CONTRADICTS, "bea")
CAM = says(Relation.RECONCILES, "cam", why="reason")


@pytest.mark.parametrize(
    ("given", "judgements", "expected"),
    [
        pytest.param({}, [], "derived", id="nobody judged it"),
        pytest.param({"status": "confirmed"}, [BEA], "confirmed", id="nobody reconciles it"),
        pytest.param(
            {"status": "disputed"},
            [BEA, CAM],
            "disputed: bea contradicts, cam reconciles (reason)",
            id="a link on either side",
        ),
        pytest.param(
            {"status": "disputed"},
            [CAM],
            "disputed: bea contradicts, cam reconciles (reason)",
            id="one judge who read both",
        ),
        pytest.param(
            {"status": "disputed"},
            [says(Relation.RECONCILES, "bea", strength=1)],
            "disputed: opposed as bea read them, bea possibly reconciles",
            id="one judge who read both, and is not sure",
        ),
        pytest.param(
            {"status": "disputed", "asserted_by": ("ada", "bea")},
            [CAM],
            "disputed: opposed as ada and bea read them, cam reconciles (reason)",
            id="judges who may have read one entry each",
        ),
        pytest.param(
            {"status": "disputed"},
            [BEA, says(Relation.RECONCILES, "cam", strength=1)],
            "disputed: bea contradicts, cam possibly reconciles",
            id="somebody who is not sure",
        ),
        pytest.param(
            {"status": "reconciled", "asserted_by": ()},
            [CAM],
            "reconciled: cam reconciles (reason)",
            id="what nothing opposes",
        ),
        pytest.param(
            {"status": "reconciled"},
            [BEA, says(Relation.RECONCILES, "bea")],
            "reconciled: bea reconciles",
            id="somebody who contradicted it before",
        ),
    ],
)
def test_a_status_says_who_judged_how_and_why(
    given: dict[str, Any], judgements: list[Judgement], expected: str
) -> None:
    assert describe_status(pair(**given), judgements) == expected


def test_judges_are_called_as_the_reader_knows_them() -> None:
    told = describe_status(pair(status="disputed"), [CAM], str.upper)
    assert told == "disputed: BEA contradicts, CAM reconciles (reason)"
