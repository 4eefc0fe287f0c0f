"""What time keeps two entries apart, and the days from one to the other."""

from typing import Any

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.contradictions import contradictions
from pair_rows import only, pairs, told

Dated = dict[str, Any]
MAY = {"about": "2024-05"}


def opposed(case: Casebook, session: Session, one: Dated, other: Dated) -> bool:
    """Whether two entries oppose each other; each is given by its kind and its dates."""
    case.entry(**{"ref": "one", "affirms": "p", **one})
    case.entry(**{"ref": "other", "denies": "p", **other})
    return bool(pairs(session))


# --- both have a period ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(MAY, {"about": "2024-06"}, False, id="before"),
        pytest.param({"about": "2024-06"}, MAY, False, id="after"),
        pytest.param(MAY, {"about": "2024-05-31/2024-06-30"}, True, id="they share a day"),
        pytest.param(MAY, {}, True, id="one is not given"),
        pytest.param({}, {}, True, id="neither is given"),
        pytest.param(MAY, {"about_from": "2024-06-01"}, False, id="open end, later"),
        pytest.param(MAY, {"about_to": "2024-04-30"}, False, id="open beginning, earlier"),
        pytest.param(MAY, {"about_from": "2024-04-01"}, True, id="open end, over it"),
        pytest.param({"about_to": "2024-05-31"}, {"about_from": "2024-06-01"}, False, id="apart"),
        pytest.param({"about_from": "2024-06-01"}, {"about_to": "2024-06-01"}, True, id="one day"),
        pytest.param(
            {"about_from": "2024-06-01"}, {"about_from": "2025-06-01"}, True, id="both open"
        ),
        pytest.param({"date": "2023"}, {"date": "2024"}, True, id="dates are no periods"),
        pytest.param(
            MAY | {"date": "2024-07"}, MAY | {"date": "2023"}, True, id="whatever their dates"
        ),
    ],
)
def test_entries_that_speak_of_disjoint_periods_do_not_oppose(
    case: Casebook, session: Session, one: Dated, other: Dated, expected: bool
) -> None:
    assert opposed(case, session, {"kind": "claim", **one}, {"kind": "statement", **other}) is (
        expected
    )


@pytest.mark.parametrize(
    ("promise", "words", "expected"),
    [
        pytest.param({"date": "2024-05-10"}, {"about": "2024-04"}, False, id="from its own date"),
        pytest.param({"date": "2024-05-10"}, {"about": "2024-05"}, True, id="and on"),
        pytest.param({"date": "2024-05-10"}, {"about": "2030"}, True, id="without an end"),
        pytest.param({"date": "2024-05"}, {"about": "2024-04-30"}, False, id="from the earliest"),
        pytest.param({"date": "2024-05"}, {"about": "2024-05-01"}, True, id="possible day"),
        pytest.param(
            {"date": "2024-05-10", "about_to": "2024-05-31"}, {"about": "2024-06"}, False, id="end"
        ),
        pytest.param(
            {"date": "2024-05-10", "about_to": "2024-05-31"},
            {"about": "2024-04"},
            False,
            id="an end, from its own date",
        ),
        pytest.param(
            {"date": "2024-05-10", "about_from": "2024-04-01"},
            {"about": "2024-04-15"},
            True,
            id="from the beginning that it names",
        ),
        pytest.param({}, {"about": "1990"}, True, id="undated, it has no period"),
        pytest.param({"date_to": "2024-05-10"}, {"about": "2030"}, True, id="no known beginning"),
        pytest.param(
            {"date_to": "2024-05-10", "about_to": "2024-05-31"},
            {"about": "2024-06"},
            False,
            id="no known beginning, an end",
        ),
    ],
)
def test_the_period_of_a_promise_begins_with_its_own_date(
    case: Casebook, session: Session, promise: Dated, words: Dated, expected: bool
) -> None:
    found = opposed(
        case, session, {"kind": "commitment", **promise}, {"kind": "statement", **words}
    )
    assert found is expected


# --- a deed and a period --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["claim", "statement", "assessment", "window", "action"])
@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        pytest.param({"date": "2024-05-31"}, True, id="inside"),
        pytest.param({"date": "2024-06-01"}, False, id="after it"),
        pytest.param({"date": "2024-04-30"}, False, id="before it"),
        pytest.param({"date": "2024-05-31/2024-06-02"}, True, id="partly"),
        pytest.param({}, True, id="undated, possibly"),
        pytest.param({"date_from": "2024-05-10"}, True, id="its end unknown, possibly"),
        pytest.param({"date_from": "2024-06-01"}, False, id="its end unknown, surely after"),
        pytest.param({"date_to": "2024-04-30"}, False, id="its beginning unknown, surely before"),
        pytest.param({"date": "2024-06-01", "about": "2024-05-20"}, True, id="what it speaks of"),
        pytest.param({"date": "2024-05-20", "about": "2024-06-01"}, False, id="not its date then"),
    ],
)
def test_a_deed_outside_the_period_of_another_entry_does_not_oppose_it(
    case: Casebook, session: Session, kind: str, deed: Dated, expected: bool
) -> None:
    assert opposed(case, session, {"kind": kind, **MAY}, {"kind": "action", **deed}) is expected


@pytest.mark.parametrize("kind", ["claim", "statement", "assessment", "action"])
def test_a_deed_and_an_entry_without_a_period_oppose_whatever_their_dates(
    case: Casebook, session: Session, kind: str
) -> None:
    assert opposed(
        case, session, {"kind": kind, "date": "2024"}, {"kind": "action", "date": "1990"}
    )


# --- a promise and a deed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("promise", "deed", "expected"),
    [
        pytest.param({"date": "2024-05-10"}, {"date": "2024-05-11"}, True, id="after it"),
        pytest.param({"date": "2024-05-10"}, {"date": "2024-05-10"}, True, id="on its day"),
        pytest.param({"date": "2024-05-10"}, {"date": "2024-05-09"}, False, id="before it"),
        pytest.param({"date": "2024-05"}, {"date": "2024-05-01"}, True, id="perhaps before it"),
        pytest.param({"date": "2024-05"}, {"date": "2024-04/2024-05"}, True, id="over it"),
        pytest.param({"date": "2024-05-10"}, {}, True, id="an undated deed"),
        pytest.param({"date": "2024-05-10"}, {"date_to": "2024-05-09"}, False, id="ended before"),
        pytest.param({"date": "2024-05-10"}, {"date_from": "2020-01-01"}, True, id="no known end"),
        pytest.param({"date_to": "2024-05-10"}, {"date": "2020"}, True, id="no known beginning"),
        pytest.param({}, {"date": "2020"}, True, id="an undated promise"),
        pytest.param(
            {"date": "2024-05-10", "about": "2024-06"}, {"date": "2024-05-20"}, False, id="not yet"
        ),
        pytest.param(
            {"date": "2024-05-10", "about": "2024-06"}, {"date": "2024-06-30"}, True, id="in time"
        ),
        pytest.param(
            {"date": "2024-05-10", "about": "2024-06"}, {"date": "2024-07-01"}, False, id="too late"
        ),
        pytest.param(
            {"date": "2024-05-10", "about": "2024-04/2024-06"},
            {"date": "2024-05-01"},
            False,
            id="in its period, before it was made",
        ),
        pytest.param(
            {"date": "2024-05-10", "about": "2024-06"},
            {"date": "2024-07-01", "about": "2024-06-15"},
            True,
            id="what the deed speaks of counts",
        ),
        pytest.param(
            {"date": "2024-05-10"},
            {"date": "2024-05-09", "about": "2024-05-20"},
            False,
            id="its date says that it was before",
        ),
    ],
)
def test_a_deed_before_a_promise_or_outside_its_period_does_not_oppose_it(
    case: Casebook, session: Session, promise: Dated, deed: Dated, expected: bool
) -> None:
    found = opposed(case, session, {"kind": "commitment", **promise}, {"kind": "action", **deed})
    assert found is expected


# --- what falls away ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {"kind": "claim", **MAY}, {"kind": "statement", "about": "2024-06"}, id="two periods"
        ),
        pytest.param(
            {"kind": "claim", **MAY}, {"kind": "action", "date": "2024-06"}, id="a deed outside"
        ),
        pytest.param(
            {"kind": "commitment", "date": "2024-05"},
            {"kind": "action", "date": "2024-04"},
            id="a deed before a promise",
        ),
    ],
)
def test_what_time_keeps_apart_has_no_grounds_but_links(
    case: Casebook, session: Session, one: Dated, other: Dated
) -> None:
    case.topic("t", exclusive=True).proposition("q", topic="t").proposition("r", topic="t")
    case.entry(**one, ref="one", affirms="p", stances={"q": 2})
    case.entry(**other, ref="other", denies="p", stances={"r": 2})
    assert pairs(session) == []
    case.link("one", "contradicts", "other", strength=1)
    row = only(session)
    assert (row.via, row.propositions) == (("link",), ())
    assert (row.strength, row.basis, row.status, row.timing) == (1, None, "linked", None)


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "counter", "expected"),
    [
        pytest.param({"date": "2024-01-10"}, {"date": "2024-01-10"}, 0, id="the same day"),
        pytest.param({"date": "2024-01"}, {"date": "2024-01-20"}, 0, id="overlap"),
        pytest.param({"date": "2024-01"}, {"date": "2024-01-31/2024-02-09"}, 0, id="share a day"),
        pytest.param({"date": "2024-01-25"}, {"date": "2024-01-26"}, 1, id="the next day"),
        pytest.param({"date": "2024-01-25"}, {"date": "2024-01-19"}, -6, id="before"),
        pytest.param({"date": "2024-01"}, {"date": "2024-03"}, 30, id="between nearest ends"),
        pytest.param({"date": "2024-03"}, {"date": "2024-01"}, -30, id="nearest ends, before"),
        pytest.param({"date": "2024-01-10"}, {}, None, id="the counter is undated"),
        pytest.param({}, {"date": "2024-01-10"}, None, id="the subject is undated"),
        pytest.param({}, {}, None, id="both are"),
        pytest.param({"date_from": "2024-01-01"}, {"date": "2030"}, None, id="perhaps over it"),
        pytest.param({"date_to": "2024-01-10"}, {"date": "2020"}, None, id="perhaps from before"),
        pytest.param(
            {"date_from": "2024-01-10"}, {"date_to": "2024-01-10"}, None, id="ends that meet"
        ),
        pytest.param({"date_from": "2024-01-10"}, {"date": "2024-01-01"}, -9, id="open, before"),
        pytest.param({"date_to": "2024-01-10"}, {"date": "2024-01-12"}, 2, id="open beginning"),
        pytest.param({"date": "2024-01-10"}, {"date_from": "2024-01-12"}, 2, id="counter open"),
        pytest.param({"date": "2024-01-10"}, {"date_to": "2024-01-08"}, -2, id="counter began"),
        pytest.param({"date": "2024-02-28"}, {"date": "2024-03-01"}, 2, id="a leap day"),
        pytest.param(
            {"date": "2024-01-10", "about": "2023"}, {"date": "2024-01-12"}, 2, id="not of periods"
        ),
    ],
)
def test_days_is_the_signed_gap_between_the_nearest_ends(
    case: Casebook, session: Session, subject: Dated, counter: Dated, expected: int | None
) -> None:
    case.claim("C", affirms="p", **subject).statement("S", denies="p", **counter)
    assert only(session).days == expected


def test_days_run_from_subject_to_counter_also_where_the_counter_is_the_earlier(
    case: Casebook, session: Session
) -> None:
    case.commitment("K", affirms="p", date="2024-01-10")
    case.claim("C", denies="p", date="2024-01-01").claim("D", denies="p", date="2024-01-31")
    assert told(session, "subject_ref", "counter_ref", "days") == [("K", "C", -9), ("K", "D", 21)]


# --- times of day ---------------------------------------------------------------------------------


def test_a_strike_at_seven_does_not_break_an_order_of_eighteen_hours_of_that_day(
    case: Casebook,
) -> None:
    case.commitment("K", actor="army", affirms="p", date="2025-04-19 18:00+03:00")
    case.action("X", actor="army", denies="p", date="2025-04-19 07:00+03:00")
    assert not list(contradictions(case.session))


def test_the_truce_that_ends_at_midnight_is_not_broken_at_two(case: Casebook) -> None:
    truce = "2025-04-19 18:00+03:00/2025-04-21 00:00+03:00"
    case.commitment("K", actor="army", affirms="p", date="2025-04-19 17:50+03:00", about=truce)
    case.action("X", actor="army", denies="p", date="2025-04-21 02:00+03:00")
    assert not list(contradictions(case.session))
    case.action("Y", actor="army", denies="p", date="2025-04-20 23:00+03:00")
    (row,) = contradictions(case.session)
    assert (row.counter_ref, row.klass, row.timing) == ("Y", "breach", "certain")
    assert str(row.counter_time_from) == "2025-04-20 23:00:00+03:00"


def test_of_a_strike_without_a_time_on_the_day_of_the_order_the_order_is_not_known(
    case: Casebook,
) -> None:
    case.commitment("K", actor="army", affirms="p", date="2025-04-19 18:00+03:00")
    case.action("X", actor="army", denies="p", date="2025-04-19")
    (row,) = contradictions(case.session)
    assert (row.klass, row.timing) == ("breach", "possible")


@pytest.mark.parametrize("filters", [Filters(), Filters(propositions=("p",))])
def test_the_earlier_instant_is_the_subject_also_where_its_local_day_is_later(
    case: Casebook, filters: Filters
) -> None:
    case.statement("B", affirms="p", date="2025-04-21 00:30+03:00")
    case.statement("A", denies="p", date="2025-04-20 22:00+00:00")
    (row,) = contradictions(case.session, filters)
    assert (row.subject_ref, row.counter_ref, row.days) == ("B", "A", 0)


@pytest.mark.parametrize(
    ("of_pairs", "found"),
    [
        pytest.param(PairFilters(max_days=0), 1, id="at most"),
        pytest.param(PairFilters(min_days=1), 0, id="at least"),
    ],
)
def test_less_than_a_day_apart_on_two_days_is_no_day(
    case: Casebook, of_pairs: PairFilters, found: int
) -> None:
    case.statement("A", affirms="p", date="2025-04-20 22:00+03:00")
    case.statement("B", denies="p", date="2025-04-21 02:00+03:00")
    assert len(list(contradictions(case.session, Filters(), of_pairs))) == found
