"""What an actor held on record, by date, and how each stance differs from the one before."""

from datetime import date

import pytest

from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.positions import PositionRow, positions
from claimtrack.vocab import EntryKind
from reports.position_rows import steps


def test_a_row_tells_who_held_what_when_and_in_which_words(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia")
    case.statement("S", actor="putin", summary="He is ready.", date="2024-01/2024-02")
    case.stance("S", "p", 1, judge="isw", hedge="likely", likelihood="likely", condition="if so")
    case.action("X", actor="russia", denies="p", summary="An attack.", date="2024-03-01")
    assert list(positions(case.session)) == [
        PositionRow(
            date_from=date(2024, 1, 1),
            date_to=date(2024, 2, 29),
            time_from=None,
            time_to=None,
            entry_ref="S",
            kind="statement",
            actor="putin",
            proposition="p",
            asserted_by="isw",
            value=1,
            step=None,
            gap=("X",),
            hedge="likely",
            likelihood="likely",
            condition="if so",
            summary="He is ready.",
        ),
        PositionRow(
            date_from=date(2024, 3, 1),
            date_to=date(2024, 3, 1),
            time_from=None,
            time_to=None,
            entry_ref="X",
            kind="action",
            actor="russia",
            proposition="p",
            asserted_by="coder",
            value=-2,
            step=None,
            gap=(),
            hedge=None,
            likelihood=None,
            condition=None,
            summary="An attack.",
        ),
    ]


@pytest.mark.parametrize(
    ("before", "value", "expected"),
    [
        pytest.param(2, -1, "reversed", id="from for to against"),
        pytest.param(-1, 2, "reversed", id="from against to for"),
        pytest.param(2, 0, "hedged", id="from for to open"),
        pytest.param(-1, 0, "hedged", id="from against to open"),
        pytest.param(1, 2, "hardened", id="a stronger affirmation"),
        pytest.param(-1, -2, "hardened", id="a stronger denial"),
        pytest.param(2, 1, "softened", id="a weaker affirmation"),
        pytest.param(-2, -1, "softened", id="a weaker denial"),
        pytest.param(1, 1, "reaffirmed", id="an equal value for"),
        pytest.param(-2, -2, "reaffirmed", id="an equal value against"),
        pytest.param(0, 2, None, id="from open to for"),
        pytest.param(0, 0, "reaffirmed", id="from open to open"),
    ],
)
def test_a_step_compares_a_value_with_the_one_before(
    case: Casebook, before: int, value: int, expected: str | None
) -> None:
    case.statement("S-1", date="2024-01-01", stances={"p": before})
    case.statement("S-2", date="2024-01-02", stances={"p": value})
    assert steps(case.session) == [("S-1", None), ("S-2", expected)]


def test_only_the_last_word_counts_and_beyond_a_no_comment_the_last_that_took_a_side(
    case: Casebook,
) -> None:
    for number, value in enumerate((2, -2, -2, 0, 0, 1), 1):
        case.statement(f"S-{number}", date=f"2024-01-0{number}", stances={"p": value})
    assert [step for _, step in steps(case.session)] == [
        *(None, "reversed", "reaffirmed"),
        *("hedged", "reaffirmed", "reversed"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"proposition": "q"}, id="proposition"),
        pytest.param({"judge": "isw"}, id="judge"),
        pytest.param({"actor": "nobody"}, id="principal"),
    ],
)
def test_no_step_leads_from_another(case: Casebook, other: dict[str, str]) -> None:
    case.statement("S-1", date="2024-01-01", actor=other.get("actor", "speaker"))
    case.stance("S-1", other.get("proposition", "p"), 2, judge=other.get("judge", "coder"))
    case.statement("S-2", date="2024-01-02").stance("S-2", "p", -2)
    assert steps(case.session) == [("S-1", None), ("S-2", None)]


def test_a_step_leads_from_whoever_shares_a_voice(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("peskov", parent="russia").actor("envoy")
    case.statement("S-1", date="2024-01-01", actor="peskov", affirms="p")
    case.statement("S-2", date="2024-01-02", actor="envoy", on_behalf_of="russia", denies="p")
    case.commitment("K-3", date="2024-01-03", actor="russia", denies="p")
    together = [{"actor": "peskov", "role": "co_actor"}]
    case.statement("S-4", date="2024-01-04", actor="ally", affirms="p", participants=together)
    assert steps(case.session) == [
        ("S-1", None),
        ("S-2", "reversed"),
        ("K-3", "reaffirmed"),
        ("S-4", "reversed"),
    ]


def test_another_voice_of_the_principal_differs_or_holds_the_line(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia")
    case.actor("peskov", parent="russia").actor("lavrov", parent="russia")
    case.statement("S-1", date="2024-01-01", actor="putin", affirms="p")
    case.statement("S-2", date="2024-01-02", actor="peskov", stances={"p": 1})
    case.statement("S-3", date="2024-01-03", actor="lavrov", stances={"p": 0})
    assert steps(case.session) == [("S-1", None), ("S-2", "same line"), ("S-3", "differs")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param({"date": "2024-01-02"}, "order not known", id="one day"),
        pytest.param({}, "order not known", id="one is undated"),
        pytest.param({"date": "../2024-01-01"}, "reversed", id="surely earlier"),
        pytest.param({"date": "2024-01-01/.."}, "order not known", id="it may have been later"),
    ],
)
def test_the_step_is_not_known_where_the_order_is_not(
    case: Casebook, other: dict[str, str], expected: str
) -> None:
    case.statement("S-1", affirms="p", **other).statement("S-2", date="2024-01-02", denies="p")
    assert dict(steps(case.session))["S-2"] == expected


def test_a_deed_has_no_step_and_no_word_is_compared_with_one(case: Casebook) -> None:
    case.statement("S-1", date="2024-01-01", affirms="p")
    case.action("A-2", date="2024-01-02", denies="p")
    case.statement("S-3", date="2024-01-03", affirms="p")
    assert steps(case.session) == [("S-1", None), ("A-2", None), ("S-3", "reaffirmed")]


def test_rows_come_by_date_then_entry_then_proposition_then_judge(case: Casebook) -> None:
    case.statement("S-undated", affirms="p")
    case.statement("S-b", date="2024-01-02", stances={"q": 2, "p": 2})
    case.stance("S-b", "p", 1, judge="analyst")
    case.statement("S-a", date="2024-01-02", affirms="p")
    case.statement("S-until", date="../2024-01-01", affirms="p")
    case.statement("S-since", date="2023-12-31/..", affirms="p")
    found = [(row.entry_ref, row.proposition, row.asserted_by) for row in positions(case.session)]
    assert found == [
        ("S-since", "p", "coder"),
        ("S-until", "p", "coder"),
        ("S-a", "p", "coder"),
        ("S-b", "p", "analyst"),
        ("S-b", "p", "coder"),
        ("S-b", "q", "coder"),
        ("S-undated", "p", "coder"),
    ]


def test_words_and_deeds_are_positions_and_judgements_and_decisions_are_none(
    case: Casebook,
) -> None:
    case.statement("S", affirms="p").action("A", affirms="q").commitment("K", affirms="r")
    case.claim("C", actor="speaker", affirms="s")
    case.assessment("J", affirms="p").window("W", affirms="p").claim("C-anonymous", affirms="p")
    assert {entry for entry, _ in steps(case.session)} == {"S", "A", "K", "C"}


def anonymous_between(case: Casebook) -> None:
    case.actor("source", kind="anonymous", parent="speaker")
    case.statement("S-1", date="2024-01-01", affirms="p")
    case.claim("C-2", date="2024-01-02", actor="source", denies="p")
    case.claim("C-3", date="2024-01-03", actor="source", denies="p")
    case.claim("C-4", date="2024-01-04", actor="speaker", affirms="p")


def test_anonymous_claims_are_words_only_when_asked_for(case: Casebook) -> None:
    anonymous_between(case)
    assert steps(case.session) == [("S-1", None), ("C-4", "reaffirmed")]
    assert steps(case.session, anonymous=True) == [
        ("S-1", None),
        ("C-2", "reversed"),
        ("C-3", "reaffirmed"),
        ("C-4", "reversed"),
    ]


def test_an_anonymous_statement_is_on_record(case: Casebook) -> None:
    case.actor("source", kind="anonymous").statement("S", actor="source", affirms="p")
    assert steps(case.session) == [("S", None)]


def test_asking_for_claims_by_kind_brings_the_anonymous_ones(case: Casebook) -> None:
    anonymous_between(case)
    wanted = Filters(kinds=(EntryKind.CLAIM,))
    found = [("C-2", None), ("C-3", "reaffirmed"), ("C-4", "reversed")]
    assert steps(case.session, wanted) == found


def test_asking_for_a_kind_that_holds_no_position_brings_nothing(case: Casebook) -> None:
    case.assessment("J", affirms="p").statement("S", affirms="p")
    assert steps(case.session, Filters(kinds=(EntryKind.ASSESSMENT,))) == []
