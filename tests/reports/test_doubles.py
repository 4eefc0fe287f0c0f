"""The lints on what may be there twice, and on values that can hardly be meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import sessions
from claimtrack.reports.check import check
from claimtrack.reports.lints import WARNINGS
from commandline import CommandLine
from conftest import NewTarget

TODAY = datetime.now(UTC).date()


def found(case: Casebook, lint: str) -> list[tuple[str, ...]]:
    return [refs for refs, _ in WARNINGS[lint](case.session)]


def told(case: Casebook, lint: str) -> list[str]:
    return [finding for _, finding in WARNINGS[lint](case.session)]


# --- one person in two scripts --------------------------------------------------------------------


def test_one_person_in_two_scripts_is_told_once(case: Casebook) -> None:
    case.actor("p1", name="Dmitry Peskov").actor("p2", name="Дмитрий Песков")
    case.actor("p3", name="Dmytro Pieskov").actor("p4", name="PESKOV, Dmitri")
    assert told(case, "same_name") == [
        "'Dmitry Peskov' (p1) and 'Дмитрий Песков' (p2) and 'Dmytro Pieskov' (p3) and "
        "'PESKOV, Dmitri' (p4) look like one actor: merge them with 'claimtrack actor merge', "
        "or tell them apart by their names"
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("Сергей Лавров", "Serhii Lavrov", True, id="two scripts"),
        pytest.param("Sergei Lavrov", "Serhii Lavrov", True, id="two languages, Latin both"),
        pytest.param("Дмитрий Сергеевич Песков", "Dmitry Peskov", True, id="a patronymic"),
        pytest.param("Иван Сергеевич Петров", "Ivan Petrovich Petrov", False, id="two of them"),
        pytest.param("Harry Hill", "Garry Gill", False, id="names of other languages"),
        pytest.param("Anna Smith", "Hanna Smith", False, id="given names of other languages"),
        pytest.param("Гарри Хилл", "Harry Hill", True, id="another language in two scripts"),
        pytest.param("12-я бригада", "14-я бригада", False, id="numbers"),
    ],
)
def test_names_are_compared_by_their_sound(
    case: Casebook, first: str, second: str, expected: bool
) -> None:
    case.actor("a", name=first).actor("b", name=second)
    assert found(case, "same_name") == ([("a", "b")] if expected else [])


def test_protected_sources_are_not_named_by_what_they_sound_like(new_target: NewTarget) -> None:
    with new_target("sqlite") as target:
        with sessions.writing(db.connect(target), author="Test Analyst") as session:
            case = Casebook(session).actor("p1", name="Dmitry Peskov")
            case.actor("p2", name="Дмитрий Песков", protected=True)
            case.document("D", url="https://example.org/a", protected=True)
            case.document("E", url="http://example.org/a").document(
                "F", url="http://example.org/a#"
            )
        line = CommandLine(target)
        said = line.does("check", "--format", "csv")
        assert "same_name" not in said
        assert "E; F" in said
        said = line.does("check", "--format", "csv", "--include-protected")
        assert "p1; p2" in said
        assert "D; E; F" in said
        assert "p2" not in line.does("search", "Peskov", "--format", "csv")


# --- entries that were logged twice ---------------------------------------------------------------

SAID: dict[str, Any] = {
    "actor": "ann",
    "date": "2024-03-05",
    "cites": "D",
    "summary": "The ceasefire begins Monday.",
}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param({}, True, id="the same words"),
        pytest.param({"summary": "A ceasefire will begin on Monday"}, True, id="other wording"),
        pytest.param({"summary": "The ceasefire does not begin Monday."}, True, id="a not"),
        pytest.param({"summary": "The talks ended in Istanbul."}, False, id="other words"),
        pytest.param({"actor": "bob"}, False, id="another actor"),
        pytest.param({"date": "2024-03-06"}, False, id="another date"),
        pytest.param({"date": "2024-03"}, False, id="another precision"),
        pytest.param({"cites": "E"}, False, id="another document"),
        pytest.param({"cites": "D-2"}, True, id="another address of the document"),
        pytest.param({"place": "Kyiv"}, False, id="another place"),
    ],
)
def test_entries_of_one_actor_date_and_document_with_nearly_the_same_words_are_told(
    case: Casebook, other: dict[str, str], expected: bool
) -> None:
    case.document("D").document("D-2", canonical="D")
    case.statement("A", **SAID).statement("B", **{**SAID, **other})
    assert found(case, "same_words") == ([("A", "B")] if expected else [])


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        pytest.param("supersedes", [], id="one supersedes the other"),
        pytest.param("repeats", [], id="one repeats the other"),
        pytest.param("contradicts", [], id="they contradict each other"),
        pytest.param(None, [("A", "B")], id="not linked"),
    ],
)
def test_entries_that_somebody_has_linked_are_let_be(
    case: Casebook, relation: str | None, expected: list[tuple[str, ...]]
) -> None:
    case.statement("A", **SAID).statement("B", **SAID)
    if relation:
        case.link("B", relation, "A")
    assert found(case, "same_words") == expected


def test_undated_entries_and_such_as_a_document_only_supports_are_not_compared(
    case: Casebook,
) -> None:
    undated = {**SAID, "date": None}
    case.statement("A", **undated).statement("B", **undated)
    supported = {**SAID, "cites": None}
    for ref in ("C", "D"):
        case.statement(ref, **supported).cite(ref, "S", "support")
    assert found(case, "same_words") == []


def test_many_entries_with_the_same_words_are_one_finding(case: Casebook) -> None:
    for number in range(12):
        case.statement(f"S-{number:02}", **{**SAID, "summary": f"Ceasefire {number} begins Monday"})
    assert told(case, "same_words") == [
        "S-00, S-01, S-02, S-03, S-04 and 7 more are all of ann, of 2024-03-05 and in D, with "
        "nearly the same words: remove what is there twice, or link them, as one supersedes the "
        "other"
    ]


# --- dates that can hardly be meant ---------------------------------------------------------------


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
