"""The warnings on pairs: conditions on one side only, and judges who disagree on a pair."""

import pytest

from casebook import Casebook
from reports.lint_findings import Build, findings, found, told

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("if paid", None, [("A", "B")], id="the one"),
        pytest.param(None, "if paid", [("B", "A")], id="the other"),
        pytest.param(None, None, [], id="neither"),
        pytest.param("if paid", "if asked", [], id="both"),
    ],
)
def test_a_condition_on_one_side_only_is_told_of(
    case: Casebook, first: str | None, second: str | None, expected: list[tuple[str, str]]
) -> None:
    case.claim("A").claim("B").stance("A", "p", 2, condition=first)
    case.stance("B", "p", -1, condition=second)
    assert found(case, "one_sided_condition") == expected


def test_a_one_sided_condition_is_quoted(case: Casebook) -> None:
    case.claim("A").stance("A", "p", 2, condition="if paid").claim("B", denies="p")
    [finding] = told(case, "one_sided_condition")
    assert finding == 'A speaks of p on the condition "if paid", and B without one'


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda case: case.claim("B", affirms="p"), id="they agree"),
        pytest.param(lambda case: case.claim("B", denies="q"), id="on something else"),
        pytest.param(
            lambda case: case.claim("B").link("A", "contradicts", "B"), id="a link has no condition"
        ),
        pytest.param(
            lambda case: case.claim("B", denies="p").link("A", "reconciles", "B"), id="reconciled"
        ),
        pytest.param(lambda case: case.claim("B", denies="p", about="2023"), id="another period"),
        pytest.param(
            lambda case: case.claim("B", denies="p").claim("C").link("C", "supersedes", "B"),
            id="superseded",
        ),
        pytest.param(
            lambda case: case.stance("A", "p", -1, judge="isw"), id="two readings of one entry"
        ),
    ],
)
def test_a_condition_is_let_be_where_nothing_is_opposed(case: Casebook, build: Build) -> None:
    case.claim("A", about="2024").stance("A", "p", 2, condition="if paid")
    build(case)
    assert found(case, "one_sided_condition") == []


def test_a_condition_is_told_once_for_all_that_oppose_it_without_one(case: Casebook) -> None:
    case.claim("A").stance("A", "p", 2, condition="if paid").stance("A", "q", 2, condition="soon")
    for number in range(7):
        case.claim(f"B-{number}", denies="p")
    case.claim("C", denies="q").claim("D", stances={"p": -1, "q": -1})
    assert findings(case, "one_sided_condition") == [
        (
            ("A", "B-0", "B-1", "B-2", "B-3", "B-4"),
            'A speaks of p on the condition "if paid", and B-0, B-1, B-2, B-3, B-4 and 2 more '
            "without one",
        ),
        (("A", "C"), 'A speaks of q on the condition "soon", and C without one'),
        (
            ("A", "D"),
            'A speaks of p on the condition "if paid"; q on the condition "soon", and D '
            "without one",
        ),
    ]


def test_two_conditions_on_different_propositions_are_told_of_each_side(case: Casebook) -> None:
    case.claim("A").stance("A", "p", 2, condition="if paid").stance("A", "q", 2)
    case.claim("B").stance("B", "p", -2).stance("B", "q", -2, condition="at once")
    assert found(case, "one_sided_condition") == [("A", "B"), ("B", "A")]


def test_a_condition_in_a_disputed_pair_is_told_of(case: Casebook) -> None:
    case.claim("A").stance("A", "p", 2, condition="if paid").claim("B", denies="p")
    case.link("A", "reconciles", "B", judge="isw")
    assert found(case, "one_sided_condition") == [("A", "B")]


def test_a_condition_among_rivals_of_one_topic_is_told_of(case: Casebook) -> None:
    case.topic("rivals", exclusive=True)
    case.proposition("x", topic="rivals").proposition("y", topic="rivals")
    case.claim("A").stance("A", "x", 1, condition="if paid").claim("B", affirms="y")
    assert found(case, "one_sided_condition") == [("A", "B")]


def compared(*links: tuple[str, str, int], readers: tuple[str, ...] = ()) -> Build:
    """Log two entries that oppose each other as some read them, and links of some judges."""

    def build(case: Casebook) -> Casebook:
        case.claim("C").statement("S")
        for reader in readers:
            case.stance("C", "p", 2, judge=reader).stance("S", "p", -2, judge=reader)
        for relation, judge, strength in links:
            case.link("S", relation, "C", judge=judge, strength=strength)
        return case

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(
            compared(("contradicts", "isw", 2), ("reconciles", "bbc", 1)), True, id="two links"
        ),
        pytest.param(
            compared(("contradicts", "isw", 2), ("reconciles", "isw", 2)), False, id="one judge"
        ),
        pytest.param(
            compared(("contradicts", "isw", 2), ("reconciles", "isw", 1)),
            False,
            id="one judge, perhaps",
        ),
        pytest.param(
            compared(
                *(("contradicts", "isw", 2), ("reconciles", "isw", 2), ("reconciles", "bbc", 2))
            ),
            False,
            id="one of two says both",
        ),
        pytest.param(
            compared(("reconciles", "bbc", 2), readers=("isw",)), True, id="another's stances"
        ),
        pytest.param(
            compared(("reconciles", "bbc", 1), readers=("isw",)), True, id="stances, perhaps"
        ),
        pytest.param(
            compared(("reconciles", "isw", 2), readers=("isw",)), False, id="his own stances"
        ),
        pytest.param(
            compared(("reconciles", "isw", 1), readers=("isw",)),
            False,
            id="his own stances, perhaps",
        ),
        pytest.param(
            compared(("reconciles", "isw", 2), ("reconciles", "bbc", 2), readers=("isw", "bbc")),
            False,
            id="every reader",
        ),
        pytest.param(
            compared(("reconciles", "isw", 2), readers=("isw", "bbc")), True, id="one reader of two"
        ),
        pytest.param(compared(("reconciles", "bbc", 2)), False, id="nothing opposes"),
        pytest.param(compared(readers=("isw",)), False, id="nobody reconciles"),
        pytest.param(
            compared(("contradicts", "isw", 2), ("contradicts", "bbc", 2)), False, id="in one mind"
        ),
        pytest.param(
            compared(("contradicts", "isw", 2), ("unrelated", "bbc", 2)), False, id="unrelated"
        ),
        pytest.param(
            lambda case: compared(("contradicts", "isw", 2), ("reconciles", "bbc", 2))(case)
            .statement("T").link("T", "supersedes", "S"),
            False,
            id="superseded",
        ),
    ],
)  # fmt: skip
def test_judges_who_disagree_whether_a_pair_is_compatible_are_told_of(
    case: Casebook, build: Build, expected: bool
) -> None:
    build(case)
    assert found(case, "disputed_compatibility") == ([("C", "S")] if expected else [])


def test_judges_who_disagree_are_named_with_what_each_says(case: Casebook) -> None:
    compared(
        *(("reconciles", "isw", 1), ("reconciles", "ap", 2)),
        *(("contradicts", "coder", 1), ("contradicts", "bbc", 2), ("contradicts", "ap", 2)),
        readers=("afp",),
    )(case)
    assert told(case, "disputed_compatibility") == [
        "it is disputed whether C and S are compatible: reconciled by ap (strength 2), isw "
        "(strength 1); linked as contradicting by bbc (strength 2), coder (strength 1); opposed in "
        "the reading of afp"
    ]


def test_a_dispute_names_all_whose_readings_oppose_together(case: Casebook) -> None:
    case.claim("C").statement("S").stance("C", "p", 2, judge="isw").stance("S", "p", -2, judge="ap")
    case.link("C", "reconciles", "S", judge="ap")
    [finding] = told(case, "disputed_compatibility")
    assert finding.endswith("reconciled by ap (strength 2); opposed in the reading of ap and isw")
