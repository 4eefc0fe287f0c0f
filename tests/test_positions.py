"""What an actor held on record, by date, and how each stance stands to the one before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.positions import PositionRow, positions
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries


def steps(session: Session, wanted: Filters | None = None, **how: Any) -> list[Any]:
    return [(row.entry_ref, row.step) for row in positions(session, wanted, **how)]


def gaps(session: Session, wanted: Filters | None = None) -> dict[str, tuple[str, ...]]:
    return {row.entry_ref: row.gap for row in positions(session, wanted)}


def test_a_row_tells_who_held_what_when_and_in_which_words(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia")
    case.statement("S", actor="putin", summary="He is ready.", date="2024-01/2024-02")
    case.stance("S", "p", 1, judge="isw", hedge="likely", likelihood="likely")
    case.action("X", actor="russia", denies="p", summary="An attack.", date="2024-03-01")
    assert list(positions(case.session)) == [
        PositionRow(
            date_from=date(2024, 1, 1),
            date_to=date(2024, 2, 29),
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
            summary="He is ready.",
        ),
        PositionRow(
            date_from=date(2024, 3, 1),
            date_to=date(2024, 3, 1),
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
        pytest.param(0, 0, None, id="from open to open"),
    ],
)
def test_a_step_compares_a_value_with_the_one_before(
    case: Casebook, before: int, value: int, expected: str | None
) -> None:
    case.statement("S-1", date="2024-01-01", stances={"p": before})
    case.statement("S-2", date="2024-01-02", stances={"p": value})
    assert steps(case.session) == [("S-1", None), ("S-2", expected)]


def test_only_the_row_just_before_counts(case: Casebook) -> None:
    case.statement("S-1", date="2024-01-01", stances={"p": 2})
    case.statement("S-2", date="2024-01-02", stances={"p": -2})
    case.statement("S-3", date="2024-01-03", stances={"p": -2})
    assert steps(case.session) == [("S-1", None), ("S-2", "reversed"), ("S-3", "reaffirmed")]


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


def test_a_step_leads_from_anyone_of_the_same_principal(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("peskov", parent="russia").actor("envoy")
    case.statement("S-1", date="2024-01-01", actor="peskov", affirms="p")
    case.statement("S-2", date="2024-01-02", actor="envoy", on_behalf_of="russia", denies="p")
    case.commitment("K-3", date="2024-01-03", actor="russia", denies="p")
    assert steps(case.session) == [("S-1", None), ("S-2", "reversed"), ("K-3", "reaffirmed")]


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


def test_an_undated_row_is_compared_with_the_last_dated_one(case: Casebook) -> None:
    case.statement("S-1", affirms="p").statement("S-2", date="2024-01-01", denies="p")
    assert steps(case.session) == [("S-2", None), ("S-1", "reversed")]


def test_assessments_windows_and_claims_are_no_positions(case: Casebook) -> None:
    case.statement("S", affirms="p").action("A", affirms="q").commitment("K", affirms="r")
    case.assessment("J", affirms="p").window("W", affirms="p").claim("C", affirms="p")
    assert sorted(steps(case.session)) == [("A", None), ("K", None), ("S", None)]


def anonymous_between(case: Casebook) -> None:
    case.actor("source", kind="anonymous", parent="speaker")
    case.statement("S-1", date="2024-01-01", affirms="p")
    case.claim("C-2", date="2024-01-02", actor="source", denies="p")
    case.claim("C-3", date="2024-01-03", actor="source", denies="p")
    case.claim("C-4", date="2024-01-04", actor="speaker", denies="p")
    case.statement("S-5", date="2024-01-05", affirms="p")


def test_anonymous_claims_come_when_asked_for_and_never_as_a_step(case: Casebook) -> None:
    anonymous_between(case)
    assert steps(case.session) == [("S-1", None), ("S-5", "reaffirmed")]
    assert steps(case.session, anonymous=True) == [
        ("S-1", None),
        ("C-2", None),
        ("C-3", None),
        ("S-5", "reaffirmed"),
    ]


def test_asking_for_claims_by_kind_brings_the_anonymous_ones(case: Casebook) -> None:
    anonymous_between(case)
    wanted = Filters(kinds=(EntryKind.CLAIM,))
    assert steps(case.session, wanted) == [("C-2", None), ("C-3", None)]


def test_asking_for_a_kind_that_holds_no_position_brings_nothing(case: Casebook) -> None:
    case.assessment("J", affirms="p").statement("S", affirms="p")
    assert steps(case.session, Filters(kinds=(EntryKind.ASSESSMENT,))) == []


# --- the gap between words and deeds --------------------------------------------------------------


def test_the_gap_names_the_principals_own_opposing_actions(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia")
    case.actor("army", parent="russia").actor("usa", kind="state")
    case.statement("S", actor="putin", affirms="p")
    case.action("A-b", actor="army", stances={"p": -1}, judge="isw")
    case.action("A-a", actor="nobody", on_behalf_of="russia", denies="p")
    case.action("A-for", actor="army", affirms="p")
    case.action("A-open", actor="army", stances={"p": 0})
    case.action("A-usa", actor="usa", denies="p")
    case.statement("S-against", actor="putin", denies="p")
    assert gaps(case.session, Filters(actors=("putin",))) == {
        "S": ("A-a", "A-b"),
        "S-against": ("A-for",),
    }


def test_an_action_and_a_claim_have_gaps_too(case: Casebook) -> None:
    case.actor("source", kind="anonymous", parent="speaker")
    case.claim("C", actor="source", affirms="p").action("A-1", affirms="p").action(
        "A-2", denies="p"
    )
    found = {row.entry_ref: row.gap for row in positions(case.session, anonymous=True)}
    assert found == {"A-1": ("A-2",), "A-2": ("A-1",), "C": ("A-2",)}


def test_an_action_against_one_stance_is_no_gap_of_another(case: Casebook) -> None:
    case.statement("S", stances={"p": 2, "q": 2})
    case.stance("S", "p", 0, judge="isw")
    case.action("A", denies="p")
    found = [
        (row.proposition, row.asserted_by, row.gap)
        for row in positions(case.session, Filters(kinds=(EntryKind.STATEMENT,)))
    ]
    assert found == [("p", "coder", ("A",)), ("p", "isw", ()), ("q", "coder", ())]


def test_an_action_for_another_proposition_of_an_exclusive_topic_is_a_gap(case: Casebook) -> None:
    case.topic("outcome", exclusive=True)
    case.proposition("war", topic="outcome").proposition("peace", topic="outcome")
    case.statement("S", affirms="peace").action("A", affirms="war")
    assert gaps(case.session) == {"S": ("A",), "A": ()}


def test_a_linked_action_is_a_gap_of_every_stance_of_the_entry(case: Casebook) -> None:
    case.statement("S", stances={"p": 2, "q": 0}).action("A").link("A", "contradicts", "S")
    found = [(row.proposition, row.gap) for row in positions(case.session)]
    assert found == [("p", ("A",)), ("q", ("A",))]


@pytest.mark.parametrize(
    ("about", "reconciled", "superseded", "expected"),
    [
        pytest.param(None, False, False, ("A",), id="opposed"),
        pytest.param("2022", False, False, (), id="about disjoint periods"),
        pytest.param(None, True, False, (), id="reconciled"),
        pytest.param(None, False, True, (), id="superseded"),
    ],
)
def test_what_does_not_stand_as_an_opposition_is_no_gap(
    case: Casebook, about: str | None, reconciled: bool, superseded: bool, expected: tuple[str, ...]
) -> None:
    case.statement("S", affirms="p", about="2024")
    case.action("A", denies="p", **({"about": about} if about else {}))
    if reconciled:
        case.link("A", "reconciles", "S")
    if superseded:
        case.action("A-new").link("A-new", "supersedes", "A")
    assert gaps(case.session)["S"] == expected


# --- filters --------------------------------------------------------------------------------------


def test_an_actor_filter_takes_in_everyone_below_and_on_behalf(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia").actor("usa", kind="state")
    case.statement("S-1", actor="putin", affirms="p")
    case.statement("S-2", actor="nobody", on_behalf_of="russia", affirms="p")
    case.statement("S-3", actor="usa", affirms="p")
    for wanted in (Filters(actors=("russia",)), Filters(principal="russia")):
        assert [row.entry_ref for row in positions(case.session, wanted)] == ["S-1", "S-2"]


def log_changing(case: Casebook) -> None:
    case.topic("talks").topic("ceasefire", parent="talks").proposition("p", topic="ceasefire")
    case.statement("S-1", date="2023-01-01", affirms="p", cites="D-1")
    case.action("A-2", date="2023-06-01", stances={"p": 1}, cites="D-2")
    case.statement("S-3", date="2024-01-01", denies="p", cites="D-1")
    case.statement("S-4", date="2024-02-01", affirms="q", cites="D-2")


@pytest.fixture
def changing(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A principal that affirms p, softens, reverses, and affirms q."""
    with logged(backend, log_changing) as case:
        yield case


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            Filters(topics=("talks",)),
            [("S-1", None), ("A-2", "softened"), ("S-3", "reversed")],
            id="topic and what is below it",
        ),
        pytest.param(Filters(propositions=("q",)), [("S-4", None)], id="proposition"),
        pytest.param(
            Filters(kinds=(EntryKind.STATEMENT,), propositions=("p",)),
            [("S-1", None), ("S-3", "reversed")],
            id="kind",
        ),
        pytest.param(Filters(sources=("D-1",)), [("S-1", None), ("S-3", "reversed")], id="source"),
        pytest.param(
            Filters(since=date(2024, 1, 1)),
            [("S-3", "reversed"), ("S-4", None)],
            id="since, with the step from before",
        ),
        pytest.param(
            Filters(until=date(2023, 12, 31)), [("S-1", None), ("A-2", "softened")], id="until"
        ),
        pytest.param(Filters(denying=True), [("S-3", "reversed")], id="denying"),
        pytest.param(
            Filters(affirming=True),
            [("S-1", None), ("A-2", "softened"), ("S-4", None)],
            id="affirming",
        ),
        pytest.param(
            Filters(min_strength=2),
            [("S-1", None), ("S-3", "reversed"), ("S-4", None)],
            id="strong",
        ),
        pytest.param(Filters(limit=1, offset=1), [("A-2", "softened")], id="a page"),
        pytest.param(
            Filters(sort=("-value", "entry_ref"), limit=2),
            [("S-1", None), ("S-4", None)],
            id="sort",
        ),
    ],
)
def test_filters_choose_the_rows_and_keep_the_steps(
    changing: Casebook, wanted: Filters, expected: list[Any]
) -> None:
    assert steps(changing.session, wanted) == expected


def test_what_was_not_known_by_the_day_is_no_position_step_or_gap(case: Casebook) -> None:
    case.document("early", published="2024-01-31").document("late", published="2024-06-01")
    case.statement("S-1", date="2023-01-01", affirms="p", cites="late")
    case.action("A-2", date="2024-01-02", denies="p", cites="late")
    case.statement("S-3", date="2024-01-03", affirms="p", cites="early")
    found = positions(case.session, Filters(known_by=date(2024, 2, 1)))
    assert [(row.entry_ref, row.step, row.gap) for row in found] == [("S-3", None, ())]


def test_only_the_stances_of_the_judges_asked_for_count(case: Casebook) -> None:
    case.statement("S-1", date="2023-01-01", stances={"p": 2}, judge="isw")
    case.action("A-2", date="2024-01-02", denies="p", judge="other")
    case.statement("S-3", date="2024-01-03", stances={"p": 1}, judge="isw")
    found = positions(case.session, Filters(asserted_by=("isw",)))
    assert [(row.entry_ref, row.step, row.gap) for row in found] == [
        ("S-1", None, ()),
        ("S-3", "softened", ()),
    ]


def test_a_superseded_entry_is_no_position_unless_asked_for(case: Casebook) -> None:
    case.statement("S-1", date="2024-01-01", denies="p")
    case.statement("S-2", date="2024-01-02", affirms="p").link("S-2", "supersedes", "S-1")
    assert steps(case.session) == [("S-2", None)]
    wanted = Filters(include_superseded=True)
    assert steps(case.session, wanted) == [("S-1", None), ("S-2", "reversed")]


def test_rows_can_be_sorted_by_the_deeds_that_belie_them(case: Casebook) -> None:
    case.statement("S-1", date="2024-01-01", affirms="q").statement("S-2", affirms="p")
    case.statement("S-3", date="2024-01-02", affirms="r")
    case.action("A-2", date="2024-01-03", denies="p").action("A-1", date="2024-01-04", denies="r")
    wanted = Filters(sort=("gap",), kinds=(EntryKind.STATEMENT,))
    found = positions(case.session, wanted)
    assert [(row.entry_ref, row.gap) for row in found] == [
        ("S-3", ("A-1",)),
        ("S-2", ("A-2",)),
        ("S-1", ()),
    ]


def test_an_entry_that_judges_read_either_way_is_no_deed_against_itself(case: Casebook) -> None:
    case.action("A", affirms="p").stance("A", "p", -1, judge="isw")
    assert [row.gap for row in positions(case.session)] == [(), ()]


def test_an_unknown_column_to_sort_by_is_refused(case: Casebook) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour' is not valid"):
        list(positions(case.session, Filters(sort=("colour",))))


def test_one_statement_answers_however_many_rows(changing: Casebook) -> None:
    with count_queries(changing.session) as sent:
        assert len(list(positions(changing.session))) == 4
    assert len(sent) == 1
