"""The lints on entries that oppose each other, or that judges set side by side."""

from typing import Any

import pytest

from casebook import Casebook
from claimtrack.reports.check import check
from claimtrack.reports.findings import Finding, get_sort_place
from claimtrack.reports.pair_findings import pair_findings
from conftest import count_queries
from reports.test_check import Build, findings, found, told

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


# --- errors ---------------------------------------------------------------------------------------


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


# --- warnings -------------------------------------------------------------------------------------


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


# --- hints ----------------------------------------------------------------------------------------


def promised(deed: dict[str, Any] | None = None, **promise: Any) -> Build:
    """Log a promise of a minister of a state, and a deed of that state against it."""

    def build(case: Casebook) -> Casebook:
        case.actor("state", kind="state").actor("minister", parent="state")
        case.actor("aide", parent="minister").actor("general", parent="state")
        case.actor("cabinet", kind="organisation", parent="state").actor("rival", kind="state")
        case.actor("friend", parent="boss")
        case.commitment(
            "K", **{"actor": "minister", "affirms": "p", "date": "2024-01-01", **promise}
        )
        given = {"actor": "state", "denies": "p", "date": "2024-02-01"}
        return case.action("X", **{**given, **(deed or {})})

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(promised(), True, id="a deed of the state"),
        pytest.param(promised({"actor": "general"}), True, id="a deed of another below the state"),
        pytest.param(promised({"actor": "aide"}), True, id="a deed of another below the person"),
        pytest.param(
            promised(
                {"actor": "rival", "participants": [{"actor": "general", "role": "co_actor"}]}
            ),
            True,
            id="the state took part",
        ),
        pytest.param(promised(on_behalf_of="state"), False, id="on behalf of the state"),
        pytest.param(promised(actor="cabinet"), False, id="a promise of an organisation"),
        pytest.param(promised(actor="state"), False, id="a promise of the state"),
        pytest.param(promised({"actor": "minister"}), False, id="the person's own deed"),
        pytest.param(
            promised({"participants": [{"actor": "minister", "role": "co_actor"}]}),
            False,
            id="the person took part",
        ),
        pytest.param(promised({"actor": "rival"}), False, id="a deed of another state"),
        pytest.param(
            promised({"actor": "friend"}, actor="boss"), False, id="a person of no principal"
        ),
        pytest.param(promised({"date": "2023-12-31"}), False, id="a deed before the promise"),
        pytest.param(promised(affirms="q"), False, id="nothing opposes"),
        pytest.param(
            lambda case: promised()(case).link("K", "reconciles", "X"), False, id="reconciled"
        ),
        pytest.param(
            lambda case: promised()(case).link("K", "reconciles", "X", judge="isw"),
            True,
            id="disputed",
        ),
        pytest.param(
            lambda case: promised(affirms="q")(case).link("K", "contradicts", "X"),
            True,
            id="opposed by a link alone",
        ),
        pytest.param(
            lambda case: promised()(case).action("Y").link("Y", "supersedes", "X"),
            False,
            id="superseded",
        ),
    ],
)
def test_a_promise_of_a_person_that_its_principal_acts_against_is_hinted_at(
    case: Casebook, build: Build, expected: bool
) -> None:
    build(case)
    assert found(case, "personal_promise") == ([("K", "X")] if expected else [])


def test_a_promise_of_a_person_is_hinted_at_once_for_all_deeds(case: Casebook) -> None:
    promised()(case).action("Y", actor="general", denies="p", date="2024-03-01")
    assert findings(case, "personal_promise") == [
        (
            ("K", "X", "Y"),
            "K is a promise of minister on nobody else's behalf, and X and Y, by state or "
            "together with it, oppose it: if it was made for state, "
            "'claimtrack commitment edit K --on-behalf-of state'",
        )
    ]


@pytest.mark.parametrize(
    ("promise", "deed", "expected"),
    [
        pytest.param({}, {}, True, id="more than a year later"),
        pytest.param({}, {"date": "2024-01-02"}, True, id="a year and a day"),
        pytest.param({}, {"date": "2024-01-01"}, False, id="a year to the day"),
        pytest.param({"about": "2023/.."}, {}, True, id="an open end"),
        pytest.param({"about": "2023/2030"}, {}, False, id="an end"),
        pytest.param({"about": "../2030"}, {}, False, id="an end alone"),
        pytest.param({"about": "2025/.."}, {}, False, id="of a later time"),
        pytest.param({}, {"actor": "rival"}, True, id="a deed of another"),
        pytest.param({"affirms": "q"}, {}, False, id="nothing opposes"),
    ],
)
def test_a_promise_without_an_end_that_is_opposed_long_after_is_hinted_at(
    case: Casebook, promise: dict[str, str], deed: dict[str, str], expected: bool
) -> None:
    given = {"actor": "state", "date": "2023-01-01", **promise}
    promised({"date": "2025-02-01", **deed}, **given)(case)
    assert found(case, "promise_without_end") == ([("K", "X")] if expected else [])


def test_a_promise_without_an_end_is_let_be_when_it_is_reconciled(case: Casebook) -> None:
    promised({"date": "2026-01-01"})(case).link("K", "reconciles", "X")
    assert found(case, "promise_without_end") == []


def test_a_promise_without_an_end_is_hinted_at_once_for_all_deeds(case: Casebook) -> None:
    promised({"date": "2026-01-01"})(case)
    assert told(case, "promise_without_end") == [
        "K names no end, and X opposes it more than a year later: say until when it holds, if that "
        "is known, with 'claimtrack commitment edit K --about FROM/UNTIL'"
    ]
    for number in range(6):
        case.action(f"Y-{number}", denies="p", date="2026-02-01")
    [(refs, finding)] = findings(case, "promise_without_end")
    assert refs == ("K", "X", "Y-0", "Y-1", "Y-2", "Y-3")
    assert "X, Y-0, Y-1, Y-2, Y-3 and 2 more oppose it" in finding


def opposed(first: dict[str, Any] | None = None, reply: dict[str, Any] | None = None) -> Build:
    """Log a claim of one state's source, and a statement of another state two days later."""

    def build(case: Casebook) -> Casebook:
        for state in ("red", "blue"):
            case.actor(state, kind="state").actor(f"{state}-voice", parent=state)
        case.actor("red-chief", parent="red")
        given = {"kind": "claim", "actor": "red-voice", "affirms": "p", "date": "2024-01-10"}
        case.entry(**{**given, "ref": "C", **(first or {})})
        given = {"kind": "statement", "actor": "blue-voice", "denies": "p", "date": "2024-01-12"}
        return case.entry(**{**given, "ref": "S", **(reply or {})})

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(opposed(), True, id="a claim"),
        pytest.param(opposed({"kind": "statement"}), True, id="a statement"),
        pytest.param(opposed({"kind": "assessment"}), False, id="an assessment"),
        pytest.param(opposed({"kind": "commitment"}), False, id="a commitment"),
        pytest.param(opposed(reply={"kind": "claim"}), False, id="no statement"),
        pytest.param(opposed(reply={"kind": "action"}), False, id="a deed"),
        pytest.param(opposed(reply={"date": "2024-01-13"}), True, id="three days"),
        pytest.param(opposed(reply={"date": "2024-01-14"}), False, id="four days"),
        pytest.param(opposed(reply={"date": "2024-01-10"}), True, id="the same day"),
        pytest.param(opposed(reply={"date": "2024-01-09"}), False, id="the day before"),
        pytest.param(opposed({"date": "2024-01"}), False, id="perhaps four days"),
        pytest.param(opposed({"date": "2024-01-11/2024-01-13"}), True, id="surely within three"),
        pytest.param(opposed({"date": "2024-01/.."}), False, id="an unknown end"),
        pytest.param(opposed({"date": None}), False, id="undated"),
        pytest.param(opposed(reply={"actor": "red-chief"}), False, id="of one principal"),
        pytest.param(
            opposed({"participants": [{"actor": "blue", "role": "co_actor"}]}),
            False,
            id="a shared voice",
        ),
        pytest.param(opposed(reply={"denies": None, "affirms": "p"}), False, id="they agree"),
        pytest.param(
            lambda case: opposed()(case).link("S", "responds_to", "C"), False, id="a reply"
        ),
        pytest.param(
            lambda case: opposed()(case).link("C", "responds_to", "S"), False, id="a reply back"
        ),
        pytest.param(
            lambda case: opposed()(case).link("C", "unrelated", "S"), False, id="unrelated"
        ),
        pytest.param(
            lambda case: opposed()(case).link("C", "concerns", "S"), True, id="linked otherwise"
        ),
        pytest.param(
            lambda case: opposed()(case).link("C", "reconciles", "S"), False, id="reconciled"
        ),
        pytest.param(
            lambda case: opposed(reply={"denies": "q"})(case).link("C", "contradicts", "S"),
            True,
            id="opposed by a link alone",
        ),
    ],
)
def test_a_statement_that_may_be_a_reply_is_hinted_at(
    case: Casebook, build: Build, expected: bool
) -> None:
    build(case)
    assert found(case, "may_be_reply") == ([("S", "C")] if expected else [])


def test_a_possible_reply_is_hinted_at_once_for_all_that_it_may_answer(case: Casebook) -> None:
    opposed()(case).statement("D", actor="red", affirms="p", date="2024-01-12")
    case.statement("E", actor="red", affirms="p", date="2024-01-11")
    assert findings(case, "may_be_reply") == [
        (
            ("S", "C", "D", "E"),
            "S opposes C (2 days before), D (of the same day) and E (1 day before), of another "
            "principal, and may be a reply that nobody has recorded: if so, "
            "'claimtrack link add S responds_to C', or the other way round where both are of one "
            "day",
        )
    ]


def test_a_statement_may_reply_to_a_claim_of_its_day_and_not_the_other_way_round(
    case: Casebook,
) -> None:
    opposed(reply={"date": "2024-01-10"})(case)
    [finding] = told(case, "may_be_reply")
    assert finding.endswith("'claimtrack link add S responds_to C'")


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(lambda case: case.claim("D", denies="p"), True, id="stances oppose"),
        pytest.param(lambda case: case.claim("D", affirms="p"), False, id="stances agree"),
        pytest.param(lambda case: case.claim("D"), False, id="no stances"),
        pytest.param(
            lambda case: case.claim("D").link("C", "contradicts", "D"), False, id="by a link alone"
        ),
        pytest.param(
            lambda case: case.claim("D", denies="p").link("C", "contradicts", "D"),
            True,
            id="by a link as well",
        ),
        pytest.param(
            lambda case: case.claim("D", denies="p", about="2023"), False, id="of other periods"
        ),
        pytest.param(
            lambda case: case.claim("D", denies="p").link("C", "reconciles", "D"),
            False,
            id="reconciled",
        ),
        pytest.param(
            lambda case: case.claim("D", denies="p").claim("E").link("E", "supersedes", "D"),
            False,
            id="superseded",
        ),
    ],
)
def test_an_unrelated_pair_whose_stances_oppose_is_hinted_at(
    case: Casebook, build: Build, expected: bool
) -> None:
    build(case.claim("C", affirms="p", about="2024")).link("D", "unrelated", "C", judge="isw")
    assert found(case, "unrelated_but_opposed") == ([("C", "D")] if expected else [])


def test_an_unrelated_pair_that_opposes_names_the_judges_and_the_propositions(
    case: Casebook,
) -> None:
    case.claim("C", stances={"p": 2, "q": -1}).claim("D", stances={"p": -1, "q": 1, "r": 1})
    case.link("C", "unrelated", "D", judge="isw").link("C", "unrelated", "D", judge="bbc")
    assert told(case, "unrelated_but_opposed") == [
        "C and D are linked as unrelated by bbc, isw, but they oppose each other on p, q"
    ]


# --- accounts of each other -----------------------------------------------------------------------


def _say(case: Casebook, ref: str, given: dict[str, Any]) -> None:
    subject = given.pop("subject")
    roles = [{"actor": subject, "role": "subject"}] if subject else []
    case.entry(**{"kind": "statement", "ref": ref, "participants": roles, **given})


def accused(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None) -> Build:
    """Log that a state says one thing of another, and the other something else of the first."""

    def build(case: Casebook) -> Casebook:
        case.topic("truce").topic("rivals", exclusive=True)
        for ref in ("red-broke", "red-fled", "blue-broke"):
            case.proposition(ref, topic="truce")
        case.proposition("x", topic="rivals").proposition("y", topic="rivals")
        for state in ("red", "blue"):
            case.actor(state, kind="state").actor(f"{state}-voice", parent=state)
        usual = {"actor": "red-voice", "subject": "blue", "affirms": "blue-broke"}
        _say(case, "R", {**usual, **(first or {})})
        usual = {"actor": "blue-voice", "subject": "red-voice", "affirms": "red-broke"}
        _say(case, "B", {**usual, **(second or {})})
        return case

    return build


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        pytest.param(accused(), "truce", id="statements"),
        pytest.param(accused({"kind": "claim"}), "truce", id="a claim"),
        pytest.param(accused({"kind": "assessment"}), None, id="an assessment"),
        pytest.param(accused({"kind": "action"}), None, id="a deed"),
        pytest.param(accused({"subject": None}), None, id="of nobody"),
        pytest.param(accused({"subject": "green"}), None, id="of somebody else"),
        pytest.param(accused({"subject": "red"}), None, id="of itself"),
        pytest.param(accused({"actor": "green"}), None, id="by somebody else"),
        pytest.param(accused({"affirms": "red-broke"}), None, id="the same of each other"),
        pytest.param(accused({"affirms": "elsewhere"}), None, id="under another topic"),
        pytest.param(accused({"affirms": None, "denies": "blue-broke"}), None, id="a denial"),
        pytest.param(
            accused(
                {"affirms": None, "stances": {"blue-broke": -2, "red-broke": 1}},
                {"affirms": None, "stances": {"red-fled": 2, "red-broke": 1}},
            ),
            None,
            id="a denial beside what both affirm",
        ),
        pytest.param(
            accused({"affirms": None, "stances": {"blue-broke": 2, "red-broke": -2}}),
            None,
            id="denied as well",
        ),
        pytest.param(
            accused({"affirms": None, "stances": {"blue-broke": 2, "red-broke": 1}}),
            None,
            id="what one affirms both do",
        ),
        pytest.param(
            accused({"affirms": "x"}, {"affirms": "y"}), None, id="rivals of one topic"
        ),
        pytest.param(
            accused({"affirms": "x", "about": "2023"}, {"affirms": "y", "about": "2024"}),
            "rivals",
            id="rivals of different times",
        ),
        pytest.param(
            lambda case: accused()(case).link("R", "contradicts", "B"), None, id="linked"
        ),
        pytest.param(
            lambda case: accused()(case).link("R", "reconciles", "B"), None, id="reconciled"
        ),
        pytest.param(
            lambda case: accused()(case).link("R", "responds_to", "B"), "truce", id="a reply"
        ),
        pytest.param(
            lambda case: accused()(case).statement("T").link("T", "supersedes", "R"),
            None,
            id="superseded",
        ),
        pytest.param(
            lambda case: accused()(case).statement(
                "D", actor="blue", denies="blue-broke",
            ),
            "truce",
            id="denied by an entry of nobody",
        ),
        pytest.param(
            lambda case: accused()(case).statement(
                "D", actor="blue", stances={"red-broke": 2, "blue-broke": -2},
                participants=[{"actor": "red", "role": "subject"}],
            ),
            None,
            id="denied by another entry of the other",
        ),
    ],
)  # fmt: skip
def test_two_who_affirm_different_things_of_each_other_are_hinted_at(
    case: Casebook, build: Build, expected: str | None
) -> None:
    case.actor("green", kind="state").proposition("elsewhere")
    build(case)
    assert found(case, "accounts_of_each_other") == ([(expected, "B", "R")] if expected else [])


def test_accounts_of_each_other_are_hinted_at_once_for_two_principals_and_a_topic(
    case: Casebook,
) -> None:
    accused()(case)
    for number in range(6):
        case.statement(
            f"R-{number}",
            actor="red",
            affirms="blue-broke" if number else "blue-fled",
            participants=[{"actor": "blue", "role": "subject"}],
        )
    assert findings(case, "accounts_of_each_other") == [
        (
            ("truce", "B", "R", "R-1", "R-2", "R-3", "R-4"),
            "under truce blue affirms of red red-broke (B), and red affirms of blue blue-broke (R, "
            "R-1, R-2, R-3, R-4 and 1 more); nothing sets any of this against each other: if they "
            "accuse each other of one thing, link the entries as contradicting, or let both take "
            "sides on one proposition",
        )
    ]


def test_each_topic_and_each_two_principals_have_a_hint_of_their_own(case: Casebook) -> None:
    accused()(case).proposition("red-spied", topic="spies").proposition("fled", topic="spies")
    of = {"S": ("blue", "red", "red-spied"), "T": ("red", "blue", "fled")}
    of |= {"U": ("green", "red", "red-broke"), "V": ("red", "green", "fled")}
    of |= {"W": ("red", "green", "blue-broke")}
    case.actor("green", kind="state")
    for ref, (actor, subject, proposition) in of.items():
        roles = [{"actor": subject, "role": "subject"}]
        case.statement(ref, actor=actor, affirms=proposition, participants=roles)
    assert found(case, "accounts_of_each_other") == [
        ("spies", "S", "T"),
        ("truce", "B", "R"),
        ("truce", "U", "W"),
    ]


def test_two_readings_of_one_account_are_one_entry(case: Casebook) -> None:
    accused()(case).stance("R", "blue-broke", 1, judge="isw")
    [finding] = told(case, "accounts_of_each_other")
    assert "blue-broke (R)" in finding
