"""Contradictions by subject and by proposition: who is on which side, each entry in one line."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.facts import UNLINKED, StanceFacts
from claimtrack.models import Entry
from claimtrack.query.display_values import EntrySummary
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.query.pair_judgements import get_judgements
from claimtrack.reports.contested_propositions import (
    ContestedProposition,
    OnFigures,
    OnNoProposition,
    contested_propositions,
    describe_pairs,
    describe_side,
    describe_voice,
)
from claimtrack.reports.contradictions import PairReport
from claimtrack.reports.pair_sides import (
    MOST_NAMED,
    Reading,
    Side,
    TakenRow,
    by_subject,
    sides_in,
    voices,
)
from claimtrack.vocab import Relation
from claimtrack.weigh.classification import weigh_pair
from weighed import fact, says

# --- pure -----------------------------------------------------------------------------------------


def taken(*stances: tuple[StanceFacts, ...]) -> set[tuple[int, Side, int, int]]:
    one, other = (fact("claim", key, *some) for key, some in enumerate(stances, start=1))
    pair = weigh_pair(one, other, UNLINKED)
    assert pair is not None
    return {(found.proposition, found.side, found.instead, found.entry) for found in sides_in(pair)}


def test_who_affirms_and_who_denies_are_on_two_sides() -> None:
    found = taken((says(value=2),), (says(value=-1),))
    assert found == {(1, Side.AFFIRMS, 0, 1), (1, Side.DENIES, 0, 2)}


def test_who_affirms_another_proposition_of_an_exclusive_topic_stands_against_either() -> None:
    found = taken((says(1, 2, exclusive_topic=9),), (says(2, 1, exclusive_topic=9),))
    assert found == {
        (1, Side.AFFIRMS, 0, 1),
        (1, Side.AFFIRMS_ANOTHER, 2, 2),
        (2, Side.AFFIRMS, 0, 2),
        (2, Side.AFFIRMS_ANOTHER, 1, 1),
    }


def row(ref: str, actor: str = "a", first: str | None = None, last: str | None = None) -> TakenRow:
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    entry = EntrySummary(ref, "claim", actor, f"of-{actor}", days[0], days[1], None, None, "")
    return TakenRow(entry, Reading(2, True, False))


def test_a_voice_has_its_first_and_last_day_as_far_as_known() -> None:
    given = [
        row("A", first="2024-01-05", last="2024-01-31"),
        row("B", first="2024-01-07", last="2024-01-07"),
        row("C"),
        row("D", "b", first="2023-01-01", last="2023-01-01"),
    ]
    first, second = voices(given)
    assert (first.first, first.last) == (date(2024, 1, 5), date(2024, 1, 31))
    assert describe_voice(first) == "2024-01-05/2024-01-31, 1 undated"
    assert (second.actor, second.principals, describe_voice(second)) == (
        "b",
        ("of-b",),
        "2023-01-01",
    )


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        pytest.param([(None, "2024-01-26")], "../2024-01-26", id="no first day"),
        pytest.param([("2024-01-26", None)], "2024-01-26/..", id="no last day"),
        pytest.param(
            [("2024-01-01", "2024-01-02"), (None, "2024-01-26")], "../2024-01-26", id="one without"
        ),
        pytest.param([("2024-01-01", None), (None, "2023-01-26")], "../..", id="neither"),
    ],
)
def test_an_end_that_is_not_known_is_not_made_up(
    several: list[tuple[str | None, str | None]], expected: str
) -> None:
    (found,) = voices(row(f"E{at}", first=one, last=last) for at, (one, last) in enumerate(several))
    assert describe_voice(found) == expected


def test_a_voice_without_a_date_is_undated() -> None:
    (found,) = voices([row("A")])
    assert describe_voice(found) == "undated"


def test_an_entry_that_two_judges_read_is_named_once() -> None:
    weaker = Reading(1, False, True)
    (found,) = voices([row("A"), TakenRow(row("A").entry, weaker), row("A")])
    (entry,) = found.entries
    assert entry.readings == (Reading(2, True, False), weaker)
    assert weaker.notes == ["inferred", "on a condition"]


def test_of_many_entries_of_a_voice_the_first_are_named_and_the_others_counted() -> None:
    (found,) = voices(row(f"E{number:02}") for number in range(MOST_NAMED + 3))
    assert (len(found.entries), found.more) == (MOST_NAMED, 3)


# --- read from a casebook -------------------------------------------------------------------------


def log_sides(case: Casebook) -> None:
    """Log both sides of p, an exclusive topic with two propositions, and a pair linked by hand."""
    case.actor("boss").actor("aide", parent="boss").topic("either", exclusive=True)
    case.proposition("e1", topic="either").proposition("e2", topic="either")
    day = {"date_from": "2024-01-01", "date_to": "2024-01-01"}
    case.commitment("K", actor="boss", affirms="p", date_from="2024-01-01", date_to="2024-12-31")
    case.claim("C", stances={"p": 1}, actor="aide", **day)
    case.statement("S", denies="p", actor="aide", judge="reader", **day)
    case.action("X", denies="p", actor="aide", date_from="2024-03-01", date_to="2024-03-01")
    case.statement("F", affirms="e1").statement("G", stances={"e2": 1}, actor="boss")
    case.claim("L1").claim("L2").link("L1", "contradicts", "L2", judge="linker")


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    log_sides(made)
    session.flush()
    return made


def grouped(
    session: Session, wanted: Filters | None = None, **pairs: Any
) -> Iterator[ContestedProposition | OnFigures | OnNoProposition]:
    report = PairReport(session, wanted or Filters(), PairFilters(**pairs))
    return contested_propositions(report, report.found())


def sides(one: ContestedProposition) -> dict[str, list[tuple[str, list[str]]]]:
    return {
        describe_side(side): [
            (voice.actor, [entry.ref for entry in voice.entries]) for voice in side.voices
        ]
        for side in one.sides
    }


@pytest.mark.both_databases
def test_each_proposition_has_its_two_sides_by_voice(case: Casebook, session: Session) -> None:
    found = {}
    for one in grouped(session):
        if isinstance(one, ContestedProposition):
            found[one.ref] = sides(one)
        else:
            assert [(pair.subject_ref, pair.counter_ref) for pair in one.rows] == [("L1", "L2")]
            assert list(found) == ["e1", "e2", "p"]
    assert found == {
        "e1": {"affirm it": [("speaker", ["F"])], "affirm e2 instead": [("boss", ["G"])]},
        "e2": {"affirm it": [("boss", ["G"])], "affirm e1 instead": [("speaker", ["F"])]},
        "p": {
            "affirm it": [("aide", ["C"]), ("boss", ["K"])],
            "deny it": [("aide", ["S", "X"])],
        },
    }


def test_the_pairs_on_a_proposition_are_counted_by_class_and_possible_ones_apart(
    case: Casebook, session: Session
) -> None:
    case.link("C", "reconciles", "X", judge="cam")
    session.flush()
    told = {
        one.ref: describe_pairs(one)
        for one in grouped(session)
        if isinstance(one, ContestedProposition)
    }
    assert told["p"] == (
        "4 pairs: at_odds_with_action 1, at_odds_with_record 1, "
        "breach (order or period not known) 1, dispute 1; 1 disputed; "
        "in the reading of coder, reader"
    )


@pytest.mark.both_databases
def test_the_sides_are_those_of_the_pairs_that_are_wanted(case: Casebook, session: Session) -> None:
    one = next(grouped(session, Filters(propositions=("p",), min_strength=2)))
    assert isinstance(one, ContestedProposition)
    assert (one.ref, one.pairs) == ("p", 2)
    assert sides(one) == {"affirm it": [("boss", ["K"])], "deny it": [("aide", ["S", "X"])]}


def test_so_many_pairs_are_read_as_are_given(case: Casebook, session: Session) -> None:
    one = next(grouped(session, Filters(limit=1, propositions=("p",))))
    assert isinstance(one, ContestedProposition)
    assert sides(one) == {"affirm it": [("aide", ["C"])], "deny it": [("aide", ["S"])]}


def test_a_reconciled_pair_that_nothing_opposes_is_on_no_proposition(
    case: Casebook, session: Session
) -> None:
    case.claim("M1").claim("M2").link("M1", "reconciles", "M2")
    session.flush()
    *_, last = (
        [row.status for row in one.rows] if isinstance(one, OnNoProposition) else []
        for one in grouped(session, include_reconciled=True)
    )
    assert last == ["linked", "reconciled"]


def test_each_subject_comes_once_with_all_that_opposes_it(case: Casebook, session: Session) -> None:
    report = PairReport(session, Filters(), PairFilters())
    found = [
        (first.subject_ref, [row.counter_ref for row in rows])
        for first, rows in by_subject(report.rows(report.found()))
    ]
    assert found == [("C", ["S", "X"]), ("F", ["G"]), ("K", ["S", "X"]), ("L1", ["L2"])]


@pytest.mark.both_databases
def test_judgements_are_found_whichever_way_a_pair_is_named(
    case: Casebook, session: Session
) -> None:
    case.link("C", "reconciles", "S", judge="cam", strength=1, rationale="why")
    case.link("C", "contradicts", "S", judge="bea").link("S", "responds_to", "C")
    session.flush()
    expected = [
        (Relation.CONTRADICTS, "bea", 2, None),
        (Relation.RECONCILES, "cam", 1, "why"),
    ]
    for pair in (("C", "S"), ("S", "C")):
        assert [tuple(one) for one in get_judgements(session, Filters(), [pair])[pair]] == expected
    assert get_judgements(session, Filters(), [("C", "K")]) == {("C", "K"): ()}
    asked = Filters(asserted_by=("bea",))
    assert [one.judge for one in get_judgements(session, asked, [("C", "S")])["C", "S"]] == ["bea"]


@pytest.mark.both_databases
def test_what_opposes_entries_comes_by_their_refs(case: Casebook, session: Session) -> None:
    case.claim("Z", denies="p", actor="boss").statement("B", affirms="p", actor="aide")
    session.flush()
    rows = session.query(Entry.id, Entry.ref).filter(Entry.ref.in_(["Z", "C", "B"]))
    refs = {row.id: row.ref for row in rows.order_by(Entry.ref)}
    report = PairReport(session, Filters(), PairFilters())
    told = [
        (refs[key], row.counter_ref if row.subject_ref == refs[key] else row.subject_ref)
        for key, row in report.against(refs)
    ]
    assert told == sorted(told)
    assert {("B", "Z"), ("C", "Z"), ("Z", "B"), ("Z", "C"), ("C", "S")} <= set(told)
