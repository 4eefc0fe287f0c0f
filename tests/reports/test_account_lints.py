"""The hint on two principals who give different accounts of each other."""

from typing import Any

import pytest

from casebook import Casebook
from reports.lint_findings import Build, findings, found, told

pytestmark = pytest.mark.both_databases


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
