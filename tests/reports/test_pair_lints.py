"""The lints on pairs as a whole: their order, the statements they send, and which are errors."""

from typing import Any

import pytest

from casebook import Casebook
from claimtrack.reports.check import check
from claimtrack.reports.findings import Finding, get_sort_place
from claimtrack.reports.pair_lint_pass import pair_findings
from conftest import count_queries
from reports.lint_findings import Build, found, told

pytestmark = pytest.mark.both_databases


def test_findings_of_all_lints_come_by_level_then_by_lint(case: Casebook) -> None:
    case.actor("a", parent="state").actor("b", parent="other")
    case.commitment("K", actor="a", affirms="p", date="2020-01-01")
    case.action("X", actor="state", date="2024-01-01").stance("X", "p", -2, condition="if paid")
    case.claim("C", actor="b", affirms="q", date="2024-01-01")
    case.statement("S", actor="a", denies="q", date="2024-01-02")
    case.statement("T", actor="a", affirms="r").statement("U", actor="b", affirms="r")
    case.link("T", "contradicts", "U").link("K", "unrelated", "X").link("C", "corroborates", "S")
    case.claim("D", actor="b", denies="r").link("D", "reconciles", "T", judge="isw")
    rows = list(check(case.session))
    assert rows == sorted(rows, key=get_sort_place)
    assert {row.lint for row in rows if row.lint not in ("no_citation", "undated")} == {
        *("contradiction_agrees", "corroboration_opposes", "disputed_compatibility"),
        *("one_sided_condition", "may_be_reply", "personal_promise", "promise_without_end"),
        "unrelated_but_opposed",
    }


def test_the_statements_sent_do_not_grow_with_the_pairs(case: Casebook) -> None:
    def sent_for(number: int) -> int:
        for one in range(number):
            case.claim(f"C-{number}-{one}").stance(f"C-{number}-{one}", "p", 2, condition="if so")
        with count_queries(case.session) as sent:
            assert len(list(pair_findings(case.session))) > 0
        return len(sent)

    case.statement("S", denies="p")
    assert sent_for(1) == sent_for(20)


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param(({"p": 2}, {"p": 1}), True, id="both affirm"),
        pytest.param(({"p": -1}, {"p": -2}), True, id="both deny"),
        pytest.param(({"p": 2}, {"p": -1}), False, id="they oppose"),
        pytest.param(({"p": 2, "q": 1}, {"p": 2, "q": -1}), False, id="agree on one, not another"),
        pytest.param(({"p": 2}, {"p": 0}), False, id="one leaves it open"),
        pytest.param(({"p": 2}, {"q": 2}), False, id="nothing in common"),
        pytest.param(({}, {}), False, id="no stances"),
        pytest.param(({"p": 2, "x": 2}, {"p": 2, "y": 2}), False, id="rivals of one topic"),
    ],
)
def test_a_contradiction_whose_stances_agree_is_an_error(
    case: Casebook, stances: tuple[dict[str, int], dict[str, int]], expected: bool
) -> None:
    case.topic("rivals", exclusive=True)
    case.proposition("x", topic="rivals").proposition("y", topic="rivals")
    case.claim("A", stances=stances[0]).claim("B", stances=stances[1])
    case.link("B", "contradicts", "A", judge="isw")
    assert found(case, "contradiction_agrees") == ([("A", "B")] if expected else [])


def test_an_agreeing_contradiction_names_the_judge_and_the_propositions(case: Casebook) -> None:
    case.claim("A", stances={"p": 1, "q": -1}).claim("B", stances={"q": -1, "p": 2})
    case.link("A", "contradicts", "B", judge="isw")
    assert next(check(case.session)) == Finding(
        level="error",
        lint="contradiction_agrees",
        refs=("A", "B"),
        finding="isw links them as contradicting, but they take the same side of p, q",
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param({"about": "2024-02"}, {"about": "2024-02-03"}, True, id="of one period"),
        pytest.param({"about": "2024-02"}, {"about": "2023"}, False, id="of other periods"),
        pytest.param({"about": "2024-02"}, {}, True, id="one of no period"),
    ],
)
def test_a_contradiction_whose_stances_agree_on_different_periods_is_let_be(
    case: Casebook, first: dict[str, str], second: dict[str, str], expected: bool
) -> None:
    case.claim("A", affirms="p", **first).claim("B", affirms="p", **second)
    case.link("A", "contradicts", "B")
    assert found(case, "contradiction_agrees") == ([("A", "B")] if expected else [])


def test_an_agreeing_contradiction_is_let_be_when_one_is_superseded(case: Casebook) -> None:
    case.claim("A", affirms="p").claim("B", affirms="p").link("A", "contradicts", "B").claim("C")
    case.link("C", "supersedes", "B")
    assert found(case, "contradiction_agrees") == []


def test_each_judge_of_an_agreeing_contradiction_is_an_error(case: Casebook) -> None:
    case.claim("A", affirms="p").claim("B", affirms="p")
    case.link("A", "contradicts", "B", judge="isw").link("B", "contradicts", "A", judge="bbc")
    assert [line.split()[0] for line in told(case, "contradiction_agrees")] == ["bbc", "isw"]


def oppose(case: Casebook, **about: Any) -> Casebook:
    case.claim("A", affirms="p", **about).claim("B", denies="p", about="2024-02")
    return case.link("A", "corroborates", "B")


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(oppose, True, id="stances oppose"),
        pytest.param(lambda case: oppose(case, about="2024-02-03"), True, id="of one period"),
        pytest.param(lambda case: oppose(case, about="2023"), False, id="of other periods"),
        pytest.param(
            lambda case: oppose(case).link("A", "reconciles", "B"), False, id="reconciled"
        ),
        pytest.param(
            lambda case: oppose(case).link("A", "reconciles", "B", strength=1),
            False,
            id="perhaps reconciled by the same judge",
        ),
        pytest.param(
            lambda case: oppose(case).link("A", "reconciles", "B", judge="isw"),
            True,
            id="reconciled by another judge alone",
        ),
        pytest.param(
            lambda case: oppose(case).stance("A", "p", 2, judge="isw")
            .link("A", "corroborates", "B", judge="isw").link("A", "reconciles", "B"),
            True,
            id="corroborated by another judge as well",
        ),
        pytest.param(
            lambda case: case.claim("A").claim("B")
            .link("A", "corroborates", "B").link("A", "contradicts", "B", judge="isw"),
            True,
            id="another judge links them as contradicting",
        ),
        pytest.param(
            lambda case: case.claim("A", affirms="p").claim("B", stances={"p": 1})
            .link("A", "corroborates", "B"),
            False,
            id="stances agree",
        ),
        pytest.param(
            lambda case: oppose(case).claim("C").link("C", "supersedes", "B"),
            False,
            id="one is superseded",
        ),
    ],
)  # fmt: skip
def test_a_corroboration_that_opposes_is_an_error(
    case: Casebook, build: Build, expected: bool
) -> None:
    build(case)
    assert found(case, "corroboration_opposes") == ([("A", "B")] if expected else [])


def test_an_opposing_corroboration_says_how_they_oppose(case: Casebook) -> None:
    oppose(case).claim("C").claim("D").link("C", "corroborates", "D").link("C", "contradicts", "D")
    assert told(case, "corroboration_opposes") == [
        "coder links them as corroborating, but they oppose each other on p",
        "coder links them as corroborating, but a judge links them as contradicting",
    ]
