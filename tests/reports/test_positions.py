"""What an actor held on record, by date, and how each stance stands to the one before."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.present.layouts import layout_of
from claimtrack.query.filters import Filters
from claimtrack.records import find
from claimtrack.reports.positions import PositionRow, positions
from claimtrack.sql import Rows
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries


def steps(session: Session, wanted: Filters | None = None, **how: Any) -> list[Any]:
    return [(row.entry_ref, row.step) for row in positions(session, wanted, **how)]


def gaps(session: Session, wanted: Filters | None = None) -> dict[str, tuple[str, ...]]:
    return {row.entry_ref: row.gap for row in positions(session, wanted)}


def test_a_row_tells_who_held_what_when_and_in_which_words(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia")
    case.statement("S", actor="putin", summary="He is ready.", date="2024-01/2024-02")
    case.stance("S", "p", 1, judge="isw", hedge="likely", likelihood="likely", condition="if so")
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
            condition="if so",
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


def test_claims_and_promises_have_gaps_and_deeds_have_none(case: Casebook) -> None:
    case.actor("source", kind="anonymous", parent="speaker")
    case.claim("C", actor="source", affirms="p").commitment("K", affirms="p")
    case.action("A-1", affirms="p").action("A-2", denies="p")
    found = {row.entry_ref: row.gap for row in positions(case.session, anonymous=True)}
    assert found == {"A-1": (), "A-2": (), "C": ("A-2",), "K": ("A-2 (possible)",)}


def test_a_deed_that_the_principal_did_with_another_is_its_own(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia").actor("army", parent="ally")
    case.statement("S", actor="putin", affirms="p")
    together = [{"actor": "russia", "role": "co_actor"}]
    case.action("A", actor="army", denies="p", participants=together)
    case.action("A-ally", actor="army", denies="p")
    assert gaps(case.session)["S"] == ("A",)


def test_a_deed_of_whom_words_speak_is_no_gap_of_who_speaks(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("usa", kind="state")
    of = [{"actor": "russia", "role": "subject"}]
    case.statement("S", actor="usa", affirms="p", participants=of)
    case.action("A", actor="russia", denies="p")
    assert gaps(case.session)["S"] == ()


@pytest.mark.parametrize(
    ("about", "date", "expected"),
    [
        pytest.param("2024", "2024-06-01", ("A",), id="inside"),
        pytest.param("2024", "2023-12/2024-01", ("A (possible)",), id="partly outside"),
        pytest.param("2024", None, ("A (possible)",), id="an undated deed"),
        pytest.param(None, None, ("A",), id="no period"),
        pytest.param("2024", "2023", (), id="outside"),
    ],
)
def test_a_deed_that_may_lie_outside_the_period_is_marked(
    case: Casebook, about: str | None, date: str | None, expected: tuple[str, ...]
) -> None:
    case.statement("S", affirms="p", **({"about": about} if about else {}))
    case.action("A", denies="p", **({"date": date} if date else {}))
    assert gaps(case.session)["S"] == expected


def test_a_breach_is_a_possible_gap_where_the_order_is_not_known(case: Casebook) -> None:
    case.commitment("K", date="2024-01-02", affirms="p")
    case.action("A-1", date="2024-01-01", denies="p").action("A-2", date="2024-01-02", denies="p")
    case.action("A-3", date="2024-01-03", denies="p")
    assert gaps(case.session)["K"] == ("A-2 (possible)", "A-3")


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


@pytest.mark.parametrize("value", [-1, 0])
def test_affirming_another_of_an_exclusive_topic_is_no_gap_of_what_was_not_affirmed(
    case: Casebook, value: int
) -> None:
    case.topic("outcome", exclusive=True)
    case.proposition("war", topic="outcome").proposition("peace", topic="outcome")
    case.statement("S", stances={"peace": value}).action("A", affirms="war")
    assert gaps(case.session)["S"] == ()


def test_a_link_is_no_gap_of_a_stance_of_which_it_says_nothing(case: Casebook) -> None:
    case.statement("S", stances={"p": 2, "q": 0}).action("A").link("A", "contradicts", "S")
    assert [row.gap for row in positions(case.session)] == [(), ()]
    case.stance("A", "p", -1)
    found = positions(case.session, Filters(kinds=(EntryKind.STATEMENT,)))
    assert [(row.proposition, row.gap) for row in found] == [("p", ("A",)), ("q", ())]


def test_a_pair_that_one_of_its_judges_reconciles_stays_a_gap(case: Casebook) -> None:
    case.statement("S", affirms="p").action("A", denies="p", judge="isw")
    case.link("A", "reconciles", "S")
    assert gaps(case.session)["S"] == ("A",)
    case.link("A", "reconciles", "S", judge="isw")
    assert gaps(case.session)["S"] == ()


@pytest.mark.parametrize(
    ("about", "reconciled", "superseded", "expected"),
    [
        pytest.param("2024", False, False, ("A",), id="opposed"),
        pytest.param("2022", False, False, (), id="about disjoint periods"),
        pytest.param("2024", True, False, (), id="reconciled"),
        pytest.param("2024", False, True, (), id="superseded"),
    ],
)
def test_what_does_not_stand_as_an_opposition_is_no_gap(
    case: Casebook, about: str, reconciled: bool, superseded: bool, expected: tuple[str, ...]
) -> None:
    case.statement("S", affirms="p", about="2024")
    case.action("A", denies="p", about=about)
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
    """A principal that affirms p, acts by it, reverses, and affirms q."""
    with logged(backend, log_changing) as case:
        yield case


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            Filters(topics=("talks",)),
            [("S-1", None), ("A-2", None), ("S-3", "reversed")],
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
        pytest.param(Filters(until=date(2023, 12, 31)), [("S-1", None), ("A-2", None)], id="until"),
        pytest.param(Filters(denying=True), [("S-3", "reversed")], id="denying"),
        pytest.param(
            Filters(affirming=True),
            [("S-1", None), ("A-2", None), ("S-4", None)],
            id="affirming",
        ),
        pytest.param(
            Filters(min_strength=2),
            [("S-1", None), ("S-3", "reversed"), ("S-4", None)],
            id="strong",
        ),
        pytest.param(Filters(limit=1, offset=1), [("A-2", None)], id="a page"),
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


@pytest.mark.parametrize(
    ("wanted", "step"),
    [
        pytest.param(Filters(), "reversed", id="none"),
        pytest.param(Filters(propositions=("p",)), "reversed", id="proposition"),
        pytest.param(Filters(since=date(2024, 1, 3)), "reversed", id="since"),
        pytest.param(Filters(denying=True), "reversed", id="denying"),
        pytest.param(Filters(min_strength=2), "reversed", id="strength"),
        pytest.param(Filters(kinds=(EntryKind.STATEMENT,)), "hardened", id="kind"),
        pytest.param(Filters(actors=("peskov",)), "reaffirmed", id="actor"),
        pytest.param(Filters(principal="peskov"), "reaffirmed", id="principal"),
        pytest.param(Filters(sources=("D-2",)), None, id="source"),
    ],
)
def test_what_filters_ask_of_entries_chooses_what_a_word_is_compared_with(
    case: Casebook, wanted: Filters, step: str | None
) -> None:
    case.actor("russia", kind="state").actor("peskov", parent="russia")
    case.statement("S-1", date="2023", actor="peskov", denies="p", cites="D-1")
    case.statement("S-2", date="2024-01-01", actor="russia", stances={"p": -1}, cites="D-1")
    case.commitment("K-3", date="2024-01-02", actor="russia", stances={"p": 1}, cites="D-1")
    case.statement("S-4", date="2024-01-03", actor="peskov", denies="p", cites="D-2")
    assert dict(steps(case.session, wanted))["S-4"] == step


def test_deeds_against_a_word_are_looked_for_beyond_the_record_that_is_shown(
    case: Casebook,
) -> None:
    case.actor("russia", kind="state").actor("peskov", parent="russia")
    case.statement("S", date="2024-01-01", actor="peskov", affirms="p", cites="D-1")
    case.action("A", date="2024-02-01", actor="russia", denies="p", cites="D-2")
    for wanted in (
        *(Filters(actors=("peskov",)), Filters(kinds=(EntryKind.STATEMENT,))),
        *(Filters(sources=("D-1",)), Filters(until=date(2024, 1, 2)), Filters(affirming=True)),
    ):
        assert gaps(case.session, wanted) == {"S": ("A",)}


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


def test_rows_can_be_sorted_by_their_step(case: Casebook) -> None:
    for number, value in enumerate((2, 1, -1), 1):
        case.statement(f"S-{number}", date=f"2024-01-0{number}", stances={"p": value})
    case.statement("S-0", date="2023", affirms="q")
    expected = [("S-2", "softened"), ("S-3", "reversed"), ("S-0", None), ("S-1", None)]
    assert steps(case.session, Filters(sort=("-step",))) == expected
    assert steps(case.session, Filters(sort=("-step",), offset=1, limit=2)) == expected[1:3]


@pytest.fixture
def many(case: Casebook) -> Casebook:
    """1,050 words and deeds on two propositions by two ministers of one state."""
    case.actor("russia", kind="state").proposition("p").proposition("q").actor("coder")
    ministers = [f"minister-{number}" for number in range(2)]
    for ref in ministers:
        case.actor(ref, parent="russia")
    found = {ref: find(case.session, Actor, ref) for ref in (*ministers, "coder")}
    on = [find(case.session, Proposition, ref) for ref in ("p", "q")]
    for number in range(1_050):
        day = date(2022, 1, 1) + timedelta(days=number * 7 % 900)
        entry = Entry(
            ref=f"E-{number * 11 % 1_050}",
            kind=EntryKind.STATEMENT if number % 100 else EntryKind.ACTION,
            actor=found[f"minister-{number % 2}"],
            summary="So it is.",
            date_from=day,
            date_to=day,
        )
        value = (-1) ** (number // 3) * (1 + number % 2)
        case.session.add(
            Stance(
                entry=entry,
                proposition=on[number % 3 // 2],
                asserted_by=found["coder"],
                value=value,
            )
        )
    case.session.flush()
    return case


@pytest.mark.parametrize(
    "sort",
    [
        pytest.param((), id="usual"),
        pytest.param(("-proposition", "value"), id="stored columns"),
        pytest.param(("gap", "-step"), id="weighed columns"),
    ],
)
def test_pages_hold_what_the_whole_does(many: Casebook, sort: tuple[str, ...]) -> None:
    whole = list(positions(many.session, Filters(sort=sort)))
    assert len(whole) == 1_050
    assert len({row.step for row in whole}) > 4
    assert any(len(row.gap) > 1 for row in whole)
    if not sort:
        assert whole == sorted(whole, key=lambda row: (row.date_from, row.entry_ref))
    for limit, offset in ((20, 500), (1_000, 40), (1_020, 20)):
        page = Filters(sort=sort, limit=limit, offset=offset)
        shown = whole[offset or 0 :][:limit]
        assert list(positions(many.session, page)) == shown, (limit, offset)


def test_a_table_is_shown_the_first_rows_and_how_many_there_are(many: Casebook) -> None:
    whole, asked = list(positions(many.session)), positions(many.session)
    assert isinstance(asked, Rows)
    assert (asked.first(20), asked.count(2_000), asked.count(100)) == (whole[:20], 1_050, 100)


def test_an_entry_that_judges_read_either_way_is_no_deed_against_itself(case: Casebook) -> None:
    case.action("A", affirms="p").stance("A", "p", -1, judge="isw")
    assert [row.gap for row in positions(case.session)] == [(), ()]


def test_an_unknown_column_to_sort_by_is_refused(case: Casebook) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour' is not valid"):
        list(positions(case.session, Filters(sort=("colour",))))


def test_the_statements_sent_do_not_grow_with_the_rows(changing: Casebook) -> None:
    with count_queries(changing.session) as sent:
        assert len(list(positions(changing.session))) == 4
    few = len(sent)
    for number in range(5, 12):
        changing.statement(f"S-{number}", date="2024-02-02", stances={"p": 2, "q": -1})
    with count_queries(changing.session) as sent:
        assert len(list(positions(changing.session))) == 18
    assert len(sent) == few <= 12


def test_a_table_shows_the_hedge_the_condition_and_the_deeds_under_the_words() -> None:
    row = PositionRow(
        date_from=date(2024, 1, 1),
        date_to=date(2024, 1, 1),
        entry_ref="S",
        kind="statement",
        actor="putin",
        proposition="p",
        asserted_by="isw",
        value=-1,
        step="order not known",
        gap=("X", "X-2 (possible)"),
        hedge="likely",
        likelihood=None,
        condition="if asked",
        summary="He is ready.",
    )
    cells = [column.cell(row) for column in layout_of(PositionRow, (), [row])]
    assert [cell.whole for cell in cells[:2]] == [("2024-01-01",), ("S", "statement", "putin")]
    assert cells[2].text.splitlines() == [
        *("He is ready.", '"likely"', "if: if asked", "but did X", "but did X-2 (possible)")
    ]
    assert cells[3].whole == ("p", "-1 order not known", "by isw")
