"""The lints on dates that can hardly be meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from against_oracle import draw
from casebook import Casebook
from claimtrack import db
from claimtrack.models import Entry
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_in_scope
from claimtrack.reports.check import check
from claimtrack.reports.plausibility_lints import figure_without_period
from claimtrack.weigh.figures import get_figure_period
from conftest import Loaded
from reports.lint_findings import found, told

TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param(["2024-03-04"], True, id="published before"),
        pytest.param(["2024-03-05"], False, id="on the day"),
        pytest.param(["2024-03"], False, id="some day of the month"),
        pytest.param(["2024-03-04", "2024-03-06"], False, id="one of two before"),
        pytest.param(["2024-03-04", None], False, id="one of no date"),
        pytest.param([], False, id="no document"),
    ],
)
def test_an_entry_dated_later_than_every_document_that_shows_it_is_told(
    case: Casebook, published: list[str | None], expected: bool
) -> None:
    case.statement("S", date="2024-03-05")
    for number, day in enumerate(published):
        case.document(f"D{number}", published=day).cite("S", f"D{number}")
    case.document("X", published="2020").cite("S", "X", "support")
    assert found(case, "dated_after_documents") == ([("S",)] if expected else [])


def test_a_document_is_as_late_as_its_canonical_one(case: Casebook) -> None:
    case.document("D", published="2024-04").document("D-1", canonical="D", published="2024-03-01")
    case.statement("S", date="2024-03-05", cites="D-1").window("W", date="2025", cites="D-1")
    assert found(case, "dated_after_documents") == []
    case.document("D", published="2024-02")
    assert told(case, "dated_after_documents") == [
        "S is dated 2024-03-05, later than every document that shows it, the last of which is of "
        "2024-03-01: check both dates"
    ]
    case.statement("S", date="2025")
    assert told(case, "dated_after_documents")[0].startswith("S is dated 2025, later than")


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        pytest.param("claim", {"date": "2567-03-05"}, True, id="the Buddhist era"),
        pytest.param("claim", {"date": "9999-12-31"}, True, id="the last day of all"),
        pytest.param("commitment", {"date": f"{TODAY.year + 2}"}, True, id="next years"),
        pytest.param("claim", {"date": TODAY.isoformat()}, False, id="today"),
        pytest.param("claim", {"date": f"{TODAY.year}/.."}, False, id="an open end"),
        pytest.param("claim", {"date": "2024", "about": "2567"}, False, id="what it is about"),
        pytest.param("window", {"date": "2567"}, False, id="a window"),
        pytest.param("claim", {}, False, id="undated"),
    ],
)
def test_an_entry_dated_after_it_was_logged_is_told(
    case: Casebook, kind: str, given: dict[str, Any], expected: bool
) -> None:
    case.entry(kind, "E", **given)
    assert found(case, "dated_after_logged") == ([("E",)] if expected else [])


def test_a_date_is_held_against_the_day_on_which_it_was_written(case: Casebook) -> None:
    ahead = (TODAY + timedelta(days=400)).isoformat()
    case.claim("E", date="2024").document("D", published=ahead)
    assert found(case, "dated_after_logged") == [("D",)]
    case.claim("E", date=ahead)
    case.session.state.change = db.Change("Test Analyst", None, "later", f"{ahead}T12:00:00.000Z")
    case.claim("E", date=ahead, summary="Reworded later.").claim("F", date=ahead)
    assert found(case, "dated_after_logged") == [("D",), ("E",)]
    case.claim("E", date="2024")
    assert told(case, "dated_after_logged") == [
        f"D is dated {ahead}, and that was logged on {TODAY}: check the year, and the calendar "
        "that it is of"
    ]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [pytest.param(9, [("E",)], id="yesterday all over"), pytest.param(11, [], id="today in Samoa")],
)
def test_the_day_on_which_it_was_logged_is_that_of_whoever_logs(
    case: Casebook, hour: int, expected: list[tuple[str, ...]]
) -> None:
    at = f"2024-05-24T{hour:02}:00:00.000000Z"
    case.session.state.change = db.Change("Test Analyst", None, "early", at)
    case.claim("E", date="2024-05-25")
    assert found(case, "dated_after_logged") == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("1445-09-01", True, id="the Hijri calendar"),
        pytest.param("0024-03-05", True, id="a short year"),
        pytest.param("1799-12-31", True, id="the day before"),
        pytest.param("1799/2024", True, id="a bound"),
        pytest.param("1800-01-01", False, id="1800"),
    ],
)
def test_what_is_dated_before_1800_is_told(case: Casebook, day: str, expected: bool) -> None:
    case.claim("E", date=day, about="1700").document("F", published=day)
    assert found(case, "dated_before_1800") == ([("E",), ("F",)] if expected else [])


def test_a_date_after_it_was_logged_is_shown_as_it_was_written(case: Casebook) -> None:
    case.claim("E", date="2567-09").document("F", published="2568")
    assert [one.partition(", ")[0] for one in told(case, "dated_after_logged")] == [
        "E is dated 2567-09",
        "F is dated 2568",
    ]


def test_a_date_before_1800_is_shown_as_it_was_written(case: Casebook) -> None:
    case.claim("E", date="1445-09")
    assert told(case, "dated_before_1800") == [
        "E is dated 1445-09, before 1800: check the year, and the calendar that it is of"
    ]


def test_superseded_entries_are_not_looked_at(case: Casebook) -> None:
    case.claim("E", date="2567").claim("F", date="2024").link("F", "supersedes", "E")
    lints = {row.lint for row in check(case.session)}
    assert not {lint for lint in lints if lint.startswith("dated_")}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("kind", "measure", "when", "expected"),
    [
        pytest.param("statement", "count", {"date": "2024-03-05"}, True, id="a count on a day"),
        pytest.param("statement", "count", {"about": "2024-03"}, False, id="a count of a month"),
        pytest.param("statement", "count", {"about": "../2024"}, False, id="a count until a year"),
        pytest.param("claim", "level", {"date": "2024-03-05"}, False, id="a level on a day"),
        pytest.param("claim", "level", {"date": "2024-03"}, True, id="a level some day"),
        pytest.param("claim", "level", {"date": "2024-03-05/.."}, True, id="a level since a day"),
        pytest.param("claim", "level", {}, True, id="a level without a date"),
        pytest.param("action", "count", {"date": "2024-03"}, False, id="a deed some day"),
        pytest.param("action", "count", {"date": "../2024-03"}, False, id="a deed until a day"),
        pytest.param("action", "count", {}, True, id="a deed without a date"),
    ],
)
def test_a_figure_without_a_period_is_hinted_at(
    case: Casebook, kind: str, measure: str, when: dict[str, Any], expected: bool
) -> None:
    case.measure("m", kind=measure).entry(kind, "E", **when).figure("E", "m", "120")
    assert found(case, "figure_without_period") == ([("E", "m")] if expected else [])


def test_a_hint_at_figures_without_a_period_names_them_all_and_the_command(case: Casebook) -> None:
    case.statement("S", date="2024-03-05").figure("S", "n", "1").figure("S", "m", "2")
    case.figure("S", "m", "3", judge="other").measure("level", kind="level")
    case.claim("C").figure("C", "m", "4").figure("S", "level", "5")
    case.claim("old").figure("old", "m", "4").link("C", "supersedes", "old")
    assert told(case, "figure_without_period") == [
        "the figure of C for m can be compared with none, for want of a period: say of which, with "
        "'claimtrack claim edit C --about FROM/UNTIL'",
        "the figures of S for m and n can be compared with none, for want of a period: say of "
        "which, with 'claimtrack statement edit S --about FROM/UNTIL'",
    ]
    assert ("hint", ("C", "m")) in [(row.level, row.refs) for row in check(case.session)]


def test_a_figure_is_hinted_at_when_the_definition_gives_it_no_period(loaded: Loaded) -> None:
    hinted = 0
    for seed in range(4):
        with loaded("sqlite", draw(seed)) as session:
            keys = session.scalars(select(Entry.id).where(*entry_in_scope(Entry, Filters())))
            expected = {
                entry.ref
                for entry in FactsLoader(session, Filters()).load(keys).values()
                if any(get_figure_period(entry, figure) is None for figure in entry.figures)
            }
            hinted += len(expected)
            assert {refs[0] for refs, _ in figure_without_period(session)} == expected
    assert hinted
