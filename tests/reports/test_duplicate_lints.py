"""The lints on what may be there twice: people in two scripts, and entries."""

from typing import Any

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import sessions
from commandline import CommandLine
from conftest import NewTarget
from reports.lint_findings import found, told

# --- one person in two scripts --------------------------------------------------------------------


def test_one_person_in_two_scripts_is_told_once(case: Casebook) -> None:
    case.actor("p1", name="Dmitry Peskov").actor("p2", name="Дмитрий Песков")
    case.actor("p3", name="Dmytro Pieskov").actor("p4", name="PESKOV, Dmitri")
    assert told(case, "same_name") == [
        "'Dmitry Peskov' (p1) and 'Дмитрий Песков' (p2) and 'Dmytro Pieskov' (p3) and "
        "'PESKOV, Dmitri' (p4) look like one actor: merge them with 'claimtrack actor merge', or "
        "give them different names"
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
        "nearly the same words: remove duplicates, or link one as superseding the other"
    ]
