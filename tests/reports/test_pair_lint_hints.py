"""The hints on pairs: promises, possible replies, and unrelated entries that oppose each other."""

from typing import Any

import pytest

from casebook import Casebook
from reports.lint_findings import Build, findings, found, told

pytestmark = pytest.mark.both_databases


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
            lambda case: case.claim("D", about="2024").figure("D", "f", "9").figure("C", "f", "8"),
            True,
            id="figures oppose",
        ),
        pytest.param(
            lambda case: (
                case.claim("D", about="2024").figure("D", "f", "8..").figure("C", "f", "9")
            ),
            False,
            id="figures agree",
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


def test_an_unrelated_pair_that_opposes_names_the_judges_and_what_it_is_on(
    case: Casebook,
) -> None:
    case.claim("C", stances={"p": 2, "q": -1}).claim("D", stances={"p": -1, "q": 1, "r": 1})
    case.link("C", "unrelated", "D", judge="isw").link("C", "unrelated", "D", judge="bbc")
    case.claim("E", about="2024").claim("F", about="2024", denies="p").stance("E", "p", 1)
    case.figure("E", "f", "8").figure("F", "f", "9").link("E", "unrelated", "F", judge="isw")
    assert told(case, "unrelated_but_opposed") == [
        "C and D are linked as unrelated by bbc, isw, but they oppose each other on p, q",
        "E and F are linked as unrelated by isw, but they oppose each other on p, f",
    ]
