"""The lints on links that do not go together, and what is undated."""

from typing import Any

import pytest

from casebook import Casebook
from claimtrack.vocab import EntryKind, Relation
from conftest import Typed
from reports.lint_findings import Build, findings, found, told

pytestmark = pytest.mark.both_databases


def linked(*links: tuple[str, str, int]) -> Build:
    """Log two entries, and links of some relation, judge and strength between them."""

    def build(case: Casebook) -> Casebook:
        case.claim("C", affirms="p").statement("S", denies="p", judge="reader")
        for relation, judge, strength in links:
            case.link("S", relation, "C", judge=judge, strength=strength)
        return case

    return build


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(linked(("contradicts", "isw", 2), ("reconciles", "isw", 2)), True, id="both"),
        pytest.param(
            linked(("contradicts", "isw", 1), ("reconciles", "isw", 1)), True, id="both weakly"
        ),
        pytest.param(
            linked(("contradicts", "isw", 2), ("reconciles", "bbc", 2)), False, id="two judges"
        ),
        pytest.param(linked(("reconciles", "coder", 2)), False, id="his stances alone oppose"),
        pytest.param(
            linked(("contradicts", "isw", 2), ("corroborates", "isw", 2)), False, id="corroborates"
        ),
        pytest.param(
            lambda case: linked(("contradicts", "isw", 2))(case)
            .claim("D").link("C", "reconciles", "D", judge="isw"),
            False,
            id="another pair",
        ),
        pytest.param(
            lambda case: linked(("contradicts", "isw", 2), ("reconciles", "isw", 2))(case)
            .claim("D").link("D", "supersedes", "C"),
            False,
            id="superseded",
        ),
    ],
)  # fmt: skip
def test_a_judge_who_contradicts_and_reconciles_a_pair_is_an_error(
    case: Casebook, build: Build, expected: bool
) -> None:
    build(case)
    assert found(case, "contradicts_and_reconciles") == ([("C", "S")] if expected else [])


def test_each_judge_who_contradicts_and_reconciles_a_pair_is_named_with_both_strengths(
    case: Casebook,
) -> None:
    linked(
        *(("contradicts", "isw", 2), ("reconciles", "isw", 1)),
        *(("contradicts", "bbc", 1), ("reconciles", "bbc", 2), ("reconciles", "ap", 2)),
    )(case)
    both = "links C and S both as contradicting (strength {}) and as compatible (strength {}): "
    ending = "remove one of the two with 'claimtrack link remove'"
    assert told(case, "contradicts_and_reconciles") == [
        f"bbc {both.format(1, 2)}{ending}",
        f"isw {both.format(2, 1)}{ending}",
    ]


# --- warnings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, True, id="nothing"),
        pytest.param({"date_text": "in recent weeks", "precision": "vague"}, True, id="only words"),
        pytest.param({"about": "2024-01"}, True, id="only what it is about"),
        pytest.param({"date": "2024-01-25"}, False, id="a day"),
        pytest.param({"date": "2024-01/.."}, False, id="the first day"),
        pytest.param({"date": "../2024-01"}, False, id="the last day"),
    ],
)
def test_an_entry_of_no_known_day_is_undated(
    case: Casebook, given: dict[str, Any], expected: bool
) -> None:
    case.claim("C", **given)
    assert found(case, "undated") == ([("C",)] if expected else [])


@pytest.mark.parametrize("kind", EntryKind)
def test_entries_of_any_kind_may_be_undated(case: Casebook, kind: EntryKind) -> None:
    case.entry(kind, "E")
    assert told(case, "undated") == [
        "E has no date: give the earliest or the latest day that it can be of, if one is known"
    ]


def test_what_is_superseded_may_be_undated(case: Casebook) -> None:
    case.claim("C").claim("D", date="2024-01-25").link("D", "supersedes", "C")
    assert found(case, "undated") == []


# --- hints ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "relation", [word for word in Relation if word not in ("unrelated", "supersedes")]
)
@pytest.mark.parametrize("ends", [("C", "S"), ("S", "C")], ids=["one way", "the other way"])
def test_what_is_unrelated_and_bears_another_link_is_a_hint(
    case: Casebook, relation: str, ends: tuple[str, str]
) -> None:
    linked(("unrelated", "isw", 1))(case).link(ends[0], relation, ends[1], judge="bbc")
    assert findings(case, "unrelated_but_linked") == [
        (
            ("C", "S"),
            f"C and S are linked as unrelated by isw, and in another way too: {relation} (bbc)",
        )
    ]


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(linked(("unrelated", "isw", 2), ("unrelated", "bbc", 1)), id="by two judges"),
        pytest.param(linked(("contradicts", "isw", 2)), id="another link alone"),
        pytest.param(
            lambda case: linked(("unrelated", "isw", 2))(case)
            .claim("D").link("S", "repeats", "D").link("D", "contradicts", "C"),
            id="links of other pairs",
        ),
        pytest.param(
            lambda case: linked(("unrelated", "isw", 2))(case).link("S", "supersedes", "C"),
            id="superseded",
        ),
    ],
)  # fmt: skip
def test_what_is_unrelated_and_bears_no_other_link_is_let_be(case: Casebook, build: Build) -> None:
    build(case)
    assert findings(case, "unrelated_but_linked") == []


def test_a_pair_is_hinted_at_once_with_all_of_its_judges(case: Casebook) -> None:
    linked(
        *(("unrelated", "isw", 2), ("unrelated", "bbc", 2)),
        *(("responds_to", "isw", 2), ("contradicts", "ap", 1)),
    )(case)
    case.claim("B").link("S", "unrelated", "B").link("S", "concerns", "B")
    assert findings(case, "unrelated_but_linked") == [
        (
            ("B", "S"),
            "B and S are linked as unrelated by coder, and in another way too: concerns (coder)",
        ),
        (
            ("C", "S"),
            "C and S are linked as unrelated by bbc, isw, and in another way too: "
            "contradicts (ap), responds_to (isw)",
        ),
    ]


@pytest.mark.one_database
def test_hints_and_warnings_end_check_well_and_an_error_does_not(typed: Typed) -> None:
    line = typed(linked(("unrelated", "isw", 2), ("responds_to", "isw", 2)))
    answer = line.run("check", "--format", "csv")
    assert answer.code == 0
    levels = [row.split(",")[0] for row in answer.stdout.splitlines()[1:]]
    assert levels == sorted(levels, key=["error", "warning", "hint"].index)
    assert {"warning", "hint"} == set(levels)
    for relation in ("contradicts", "reconciles"):
        line.does("link", "add", "S", relation, "C")
    assert line.run("check").code == 1
