"""Pairs that cannot both be right: what opposes what, and what it is called."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import oracle
from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Link,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters
from claimtrack.reports.claims import claims
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.reports.positions import positions
from claimtrack.sql import Rows
from claimtrack.vocab import EntryKind, PairClass, PairStatus
from conftest import Logged, count_queries

NOTHING = Filters()


def pairs(session: Session, wanted: Filters = NOTHING, **of_pairs: Any) -> list[tuple[str, str]]:
    found = contradictions(session, wanted, PairFilters(**of_pairs))
    return [(row.subject_ref, row.counter_ref) for row in found]


def only(session: Session, wanted: Filters = NOTHING, **of_pairs: Any) -> ContradictionRow:
    (row,) = contradictions(session, wanted, PairFilters(**of_pairs))
    return row


# --- what opposes what ----------------------------------------------------------------------------


@pytest.mark.parametrize("backwards", [False, True], ids=["subject affirms", "subject denies"])
def test_one_affirms_what_the_other_denies(
    case: Casebook, session: Session, backwards: bool
) -> None:
    values = (-2, 1) if backwards else (1, -2)
    case.claim("C", stances={"p": values[0]}).statement("S", stances={"p": values[1]})
    row = only(session)
    assert (row.subject_ref, row.counter_ref, row.via, row.propositions) == (
        "C",
        "S",
        ("proposition",),
        ("p",),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(2, 1, id="both affirm"),
        pytest.param(-2, -1, id="both deny"),
        pytest.param(0, 2, id="one leaves it open, the other affirms"),
        pytest.param(-1, 0, id="one denies, the other leaves it open"),
        pytest.param(0, 0, id="both leave it open"),
    ],
)
def test_stances_that_are_not_of_opposite_sign_do_not_oppose(
    case: Casebook, session: Session, one: int, other: int
) -> None:
    case.claim("C", stances={"p": one}).statement("S", stances={"p": other})
    assert pairs(session) == []


def test_opposite_stances_on_different_propositions_do_not_oppose(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").statement("S", denies="q")
    assert pairs(session) == []


@pytest.mark.parametrize(
    ("topics", "stances", "expected"),
    [
        pytest.param(("t", "t"), ({"p": 2}, {"q": 1}), [("C", "S")], id="both are affirmed"),
        pytest.param(("t", "t"), ({"p": 2}, {"p": 2}), [], id="the same proposition"),
        pytest.param(("t", "t"), ({"p": 2}, {"q": 0}), [], id="the second is left open"),
        pytest.param(("t", "t"), ({"p": 2}, {"q": -2}), [], id="the second is denied"),
        pytest.param(("t", "t"), ({"p": -2}, {"q": -2}), [], id="both are denied"),
        pytest.param(("u", "u"), ({"p": 2}, {"q": 2}), [], id="the topic is not exclusive"),
        pytest.param(("t", "below"), ({"p": 2}, {"q": 2}), [], id="one is in a topic below"),
        pytest.param(("t", "also"), ({"p": 2}, {"q": 2}), [], id="two exclusive topics"),
    ],
)
def test_two_affirmed_propositions_of_one_exclusive_topic_oppose(
    case: Casebook,
    session: Session,
    topics: tuple[str, str],
    stances: tuple[dict[str, int], dict[str, int]],
    expected: list[tuple[str, str]],
) -> None:
    case.topic("t", exclusive=True).topic("u").topic("also", exclusive=True)
    case.topic("below", parent="t", exclusive=True)
    case.proposition("p", topic=topics[0]).proposition("q", topic=topics[1])
    case.claim("C", stances=stances[0]).statement("S", stances=stances[1])
    assert pairs(session) == expected


def test_a_ground_in_an_exclusive_topic_has_the_weaker_stance_and_both_propositions(
    case: Casebook, session: Session
) -> None:
    case.topic("t", exclusive=True).proposition("q", topic="t").proposition("p", topic="t")
    case.claim("C", stances={"q": 2}).statement("S", stances={"p": 1})
    row = only(session)
    assert (row.strength, row.via, row.propositions) == (1, ("exclusive_topic",), ("p", "q"))


@pytest.mark.parametrize("ends", [("C", "S"), ("S", "C")], ids=["from", "to"])
def test_a_contradicts_link_opposes(
    case: Casebook, session: Session, ends: tuple[str, str]
) -> None:
    case.claim("C").statement("S").link(ends[0], "contradicts", ends[1], strength=1, judge="j")
    row = only(session)
    assert (row.subject_ref, row.strength, row.basis, row.via, row.propositions) == (
        "C",
        1,
        None,
        ("link",),
        (),
    )
    assert (row.conditions, row.asserted_by) == ((), ("j",))


@pytest.mark.parametrize(
    "relation",
    ["corroborates", "reconciles", "repeats", "responds_to", "supersedes", "concerns"],
)
def test_no_other_link_opposes(case: Casebook, session: Session, relation: str) -> None:
    case.claim("C").claim("D").link("C", relation, "D")
    assert pairs(session) == []


def test_an_entry_never_opposes_itself(case: Casebook, session: Session) -> None:
    case.topic("t", exclusive=True).proposition("q", topic="t").proposition("r", topic="t")
    case.claim("C", affirms="p", stances={"q": 2, "r": 2}).stance("C", "p", -2, judge="other")
    assert pairs(session) == []


def test_stances_of_different_judges_oppose_each_other(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", judge="a").statement("S", affirms="p", judge="a")
    case.stance("S", "p", -1, judge="b").stance("C", "p", -1, judge="c")
    row = only(session)
    assert (row.strength, row.asserted_by) == (1, ("a", "b", "c"))


MAY = ("2024-05-01", "2024-05-31")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(MAY, ("2024-06-01", "2024-06-30"), False, id="before"),
        pytest.param(("2024-06-01", "2024-06-30"), MAY, False, id="after"),
        pytest.param(MAY, ("2024-05-31", "2024-06-30"), True, id="they share a day"),
        pytest.param(MAY, (None, None), True, id="one is not given"),
        pytest.param((None, None), (None, None), True, id="neither is given"),
        pytest.param(MAY, ("2024-06-01", None), False, id="open end, later"),
        pytest.param(MAY, (None, "2024-04-30"), False, id="open beginning, earlier"),
        pytest.param(MAY, ("2024-04-01", None), True, id="open end, over it"),
        pytest.param((None, "2024-05-31"), ("2024-06-01", None), False, id="open away"),
        pytest.param(("2024-06-01", None), (None, "2024-06-01"), True, id="open, on one day"),
        pytest.param(("2024-06-01", None), ("2025-06-01", None), True, id="both open to the end"),
    ],
)
def test_entries_that_speak_of_disjoint_periods_do_not_oppose(
    case: Casebook,
    session: Session,
    one: tuple[str | None, str | None],
    other: tuple[str | None, str | None],
    expected: bool,
) -> None:
    case.claim("C", about_from=one[0], about_to=one[1], affirms="p")
    case.statement("S", about_from=other[0], about_to=other[1], denies="p")
    assert bool(pairs(session)) is expected


def test_disjoint_periods_undo_grounds_of_every_kind(case: Casebook, session: Session) -> None:
    case.topic("t", exclusive=True).proposition("p", topic="t").proposition("q", topic="t")
    case.claim("C", about="2024-05", affirms="p").statement("S", about="2024-06", affirms="q")
    case.claim("D", about="2024-05").statement("T", about="2024-06").link("D", "contradicts", "T")
    assert pairs(session) == []


@pytest.mark.parametrize(
    ("kinds", "action", "expected"),
    [
        pytest.param(("commitment", "action"), {"date": "2024-06-01"}, False, id="other dates"),
        pytest.param(("commitment", "action"), {"date": "2024-05-31"}, True, id="within"),
        pytest.param(("commitment", "action"), {}, True, id="an undated action has no period"),
        pytest.param(
            ("commitment", "action"), {"date_from": "2024-06-01"}, False, id="open end, later"
        ),
        pytest.param(
            ("commitment", "action"),
            {"date": "2024-06-01", "about": "2024-05"},
            False,
            id="dates, not what it is about",
        ),
        pytest.param(("claim", "action"), {"date": "2024-06-01"}, True, id="against a claim not"),
        pytest.param(("commitment", "statement"), {"date": "2024-06-01"}, True, id="a statement"),
    ],
)
def test_against_a_commitment_the_dates_of_an_action_are_its_period(
    case: Casebook,
    session: Session,
    kinds: tuple[str, str],
    action: dict[str, Any],
    expected: bool,
) -> None:
    case.entry(kinds[0], "one", about="2024-05", affirms="p")
    case.entry(kinds[1], "other", denies="p", **action)
    assert bool(pairs(session)) is expected


# --- strength and basis ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"), [(2, -2, 2), (2, -1, 1), (1, -2, 1), (1, -1, 1)]
)
def test_a_ground_is_as_strong_as_its_weaker_stance(
    case: Casebook, session: Session, one: int, other: int, expected: int
) -> None:
    case.claim("C", stances={"p": one}).statement("S", stances={"p": other})
    assert only(session).strength == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("explicit", "explicit", "explicit"),
        ("inferred", "explicit", "inferred"),
        ("explicit", "inferred", "inferred"),
        ("inferred", "inferred", "inferred"),
    ],
)
def test_a_ground_is_inferred_when_either_stance_is(
    case: Casebook, session: Session, one: str, other: str, expected: str
) -> None:
    case.claim("C").stance("C", "p", 2, basis=one)
    case.statement("S").stance("S", "p", -2, basis=other)
    assert only(session).basis == expected


@pytest.mark.parametrize(
    ("grounds", "expected"),
    [
        pytest.param([(1, "explicit"), (2, "inferred")], (2, "inferred"), id="the stronger"),
        pytest.param([(2, "inferred"), (2, "explicit")], (2, "explicit"), id="then the explicit"),
        pytest.param([(1, "inferred"), (1, "explicit")], (1, "explicit"), id="also when weak"),
    ],
)
def test_the_best_ground_decides(
    case: Casebook,
    session: Session,
    grounds: list[tuple[int, str]],
    expected: tuple[int, str],
) -> None:
    case.claim("C").statement("S")
    for number, (strength, basis) in enumerate(grounds):
        case.stance("C", f"p{number}", strength, basis=basis)
        case.stance("S", f"p{number}", -2)
    row = only(session)
    assert (row.strength, row.basis) == expected
    assert row.propositions == ("p0", "p1")


def test_a_link_decides_only_when_it_stands_alone(case: Casebook, session: Session) -> None:
    case.claim("C", stances={"p": 1}).statement("S", denies="p").link("C", "contradicts", "S")
    row = only(session)
    assert (row.strength, row.basis, row.via) == (1, "explicit", ("proposition", "link"))


def test_of_several_links_the_stronger_decides(case: Casebook, session: Session) -> None:
    case.claim("C").statement("S")
    case.link("C", "contradicts", "S", strength=1, judge="a")
    case.link("C", "contradicts", "S", strength=2, judge="b")
    row = only(session)
    assert (row.strength, row.basis, row.asserted_by) == (2, None, ("a", "b"))


# --- subject and counter --------------------------------------------------------------------------

KINDS = ["commitment", "claim", "statement", "assessment", "action", "window"]


def test_the_subject_is_the_entry_whose_kind_comes_first(case: Casebook, session: Session) -> None:
    expected = []
    for subject, counter in combinations(KINDS, 2):
        earlier, later, p = (
            f"a-{subject}-{counter}",
            f"z-{subject}-{counter}",
            f"{subject}-{counter}",
        )
        case.entry(counter, earlier, affirms=p, date="2020")
        case.entry(subject, later, denies=p, date="2024")
        expected.append((later, earlier))
    assert pairs(session) == sorted(expected)


@pytest.mark.parametrize(
    ("subject", "counter"),
    [
        pytest.param({"date": "2023"}, {"date": "2024"}, id="the earlier"),
        pytest.param({"date_to": "2023-01-01"}, {"date_from": "2024-01-01"}, id="by its only end"),
        pytest.param(
            {"date_from": "2023-01-01", "date_to": "2025-01-01"},
            {"date": "2024"},
            id="by its beginning",
        ),
        pytest.param({"date": "2024"}, {}, id="undated last"),
    ],
)
def test_of_one_kind_the_earlier_entry_is_the_subject(
    case: Casebook, session: Session, subject: dict[str, str], counter: dict[str, str]
) -> None:
    case.claim("A", affirms="p", **counter).claim("Z", denies="p", **subject)
    assert pairs(session) == [("Z", "A")]


@pytest.mark.parametrize(
    ("subject", "counter"),
    [
        pytest.param("B", "a", id="capitals first"),
        pytest.param("C10", "C2", id="digit by digit"),
        pytest.param("C-1", "C1", id="hyphen before digits"),
        pytest.param("C", "C1", id="the shorter"),
    ],
)
@pytest.mark.parametrize("given", [{}, {"date": "2024-05-24"}], ids=["undated", "same day"])
def test_of_one_kind_and_day_the_lower_ref_by_code_point_is_the_subject(
    case: Casebook, session: Session, subject: str, counter: str, given: dict[str, str]
) -> None:
    case.claim(counter, affirms="p", **given).claim(subject, denies="p", **given)
    assert pairs(session) == [(subject, counter)]


# --- classes --------------------------------------------------------------------------------------


def klass_of(session: Session) -> str:
    return only(session).klass


def test_the_kinds_of_undated_entries_of_strangers_name_the_class(
    case: Casebook, session: Session
) -> None:
    expected = {
        ("commitment", "commitment"): "dispute",
        ("commitment", "claim"): "dispute",
        ("commitment", "statement"): "dispute",
        ("commitment", "assessment"): "assessed_against",
        ("commitment", "action"): "dispute",
        ("commitment", "window"): "dispute",
        ("claim", "claim"): "source_conflict",
        ("claim", "statement"): "at_odds_with_record",
        ("claim", "assessment"): "assessed_against",
        ("claim", "action"): "belied_by_action",
        ("claim", "window"): "dispute",
        ("statement", "statement"): "dispute",
        ("statement", "assessment"): "assessed_against",
        ("statement", "action"): "belied_by_action",
        ("statement", "window"): "dispute",
        ("assessment", "assessment"): "assessed_against",
        ("assessment", "action"): "belied_by_action",
        ("assessment", "window"): "assessed_against",
        ("action", "action"): "dispute",
        ("action", "window"): "dispute",
        ("window", "window"): "dispute",
    }
    for number, (one, other) in enumerate(expected):
        case.entry(one, f"a{number}", actor="a", affirms=f"p{number}")
        case.entry(other, f"b{number}", actor="b", denies=f"p{number}")
    found = {(row.subject_kind, row.counter_kind): row.klass for row in contradictions(session)}
    assert found == expected


PROMISE = {"date_from": "2024-05-01", "date_to": "2024-05-31"}


@pytest.mark.parametrize(
    ("commitment", "action", "expected"),
    [
        pytest.param(PROMISE, {"date": "2024-06-01"}, "breach", id="after it"),
        pytest.param(PROMISE, {"date": "2024-05-01"}, "breach", id="on its first day"),
        pytest.param(PROMISE, {"date": "2024-04-30"}, "dispute", id="before it"),
        pytest.param(PROMISE, {"date": "2024-04/2024-05"}, "breach", id="perhaps after it"),
        pytest.param(PROMISE, {"date_from": "2020-01-01"}, "breach", id="open end of the action"),
        pytest.param(PROMISE, {}, "breach", id="undated action"),
        pytest.param(PROMISE, {"date_to": "2024-04-30"}, "dispute", id="ended before it"),
        pytest.param({"date_to": "2024-05-31"}, {"date": "2025"}, "dispute", id="missing start"),
        pytest.param({}, {"date": "2025"}, "dispute", id="undated commitment"),
        pytest.param({"date_from": "2024-05-01"}, {"date": "2025"}, "breach", id="open end"),
    ],
)
def test_an_action_that_can_be_later_than_the_commitment_breaches_it(
    case: Casebook,
    session: Session,
    commitment: dict[str, str],
    action: dict[str, str],
    expected: str,
) -> None:
    case.commitment("K", affirms="p", **commitment).action("A", denies="p", **action)
    assert klass_of(session) == expected


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param({"actor": "state"}, "breach", id="the same actor"),
        pytest.param({"actor": "soldier"}, "breach", id="two below"),
        pytest.param({"actor": "other", "on_behalf_of": "army"}, "breach", id="on its behalf"),
        pytest.param({"actor": "soldier", "on_behalf_of": "other"}, "dispute", id="for another"),
        pytest.param({"actor": "other"}, "dispute", id="another"),
    ],
)
def test_a_breach_is_of_the_same_principal(
    case: Casebook, session: Session, by: dict[str, str], expected: str
) -> None:
    case.actor("army", parent="state").actor("soldier", parent="army")
    case.commitment("K", actor="state", affirms="p", date="2024")
    case.action("A", denies="p", date="2024", **by)
    assert klass_of(session) == expected


@pytest.mark.parametrize(
    ("conditions", "link", "expected"),
    [
        pytest.param([("if", None)], False, "dispute", id="the commitment's"),
        pytest.param([(None, "if")], False, "dispute", id="the action's"),
        pytest.param([("if", "when")], False, "dispute", id="both"),
        pytest.param([("if", None), (None, "if")], False, "dispute", id="every ground"),
        pytest.param([("if", None), (None, None)], False, "breach", id="not every ground"),
        pytest.param([("if", None)], True, "breach", id="a link has no condition"),
        pytest.param([], True, "breach", id="a link alone"),
    ],
)
def test_a_breach_needs_a_ground_without_a_condition(
    case: Casebook,
    session: Session,
    conditions: list[tuple[str | None, str | None]],
    link: bool,
    expected: str,
) -> None:
    case.commitment("K", date="2024").action("A", date="2024")
    for number, (own, its) in enumerate(conditions):
        case.stance("K", f"p{number}", 2, condition=own)
        case.stance("A", f"p{number}", -2, condition=its)
    if link:
        case.link("K", "contradicts", "A")
    row = only(session)
    assert row.klass == expected
    assert row.conditions == tuple(
        sorted({words for pair in conditions for words in pair if words})
    )


@pytest.mark.parametrize(
    ("kinds", "reply", "expected"),
    [
        pytest.param(("claim", "statement"), ("B", "A"), "denial", id="a statement answers"),
        pytest.param(("statement", "claim"), ("A", "B"), "denial", id="whichever comes first"),
        pytest.param(("claim", "statement"), None, "at_odds_with_record", id="nobody answers"),
        pytest.param(
            ("claim", "statement"), ("A", "B"), "at_odds_with_record", id="the claim does"
        ),
        pytest.param(("statement", "statement"), ("A", "B"), "denial", id="of two statements one"),
        pytest.param(("statement", "statement"), ("B", "A"), "denial", id="or the other"),
        pytest.param(("commitment", "statement"), ("B", "A"), "denial", id="a commitment"),
        pytest.param(("window", "statement"), ("B", "A"), "denial", id="a window"),
        pytest.param(("claim", "claim"), ("B", "A"), "source_conflict", id="claims conflict"),
        pytest.param(("action", "statement"), ("B", "A"), "belied_by_action", id="deeds first"),
        pytest.param(
            ("assessment", "statement"), ("B", "A"), "assessed_against", id="assessments first"
        ),
    ],
)
def test_a_denial_is_a_statement_that_replies(
    case: Casebook,
    session: Session,
    kinds: tuple[str, str],
    reply: tuple[str, str] | None,
    expected: str,
) -> None:
    case.entry(kinds[0], "A", affirms="p").entry(kinds[1], "B", denies="p")
    if reply:
        case.link(reply[0], "responds_to", reply[1])
    assert klass_of(session) == expected


def test_a_reply_to_another_entry_denies_nothing_here(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("D").statement("S", denies="p", responds_to="D")
    assert klass_of(session) == "at_odds_with_record"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"date": "2023"}, {"date": "2024"}, "reversal", id="one after the other"),
        pytest.param({"date": "2023"}, {"date": "2023/2024"}, "dispute", id="overlapping"),
        pytest.param({"date": "2023"}, {"date_from": "2024-01-01"}, "reversal", id="open end"),
        pytest.param({"date": "2023"}, {"date_to": "2024-01-01"}, "dispute", id="open beginning"),
        pytest.param({"date": "2023"}, {}, "dispute", id="one undated"),
        pytest.param({}, {}, "dispute", id="both undated"),
        pytest.param({"date": "2023"}, {"date": "2024", "actor": "x"}, "dispute", id="strangers"),
        pytest.param(
            {"date": "2023"}, {"date": "2024", "actor": "minister"}, "reversal", id="its minister"
        ),
        pytest.param(
            {"date": "2023"},
            {"date": "2024", "actor": "minister", "on_behalf_of": "x"},
            "dispute",
            id="its minister, for another",
        ),
    ],
)
def test_statements_of_one_principal_at_different_times_are_a_reversal(
    case: Casebook,
    session: Session,
    one: dict[str, str],
    other: dict[str, str],
    expected: str,
) -> None:
    case.actor("minister", parent="state")
    case.statement("S", affirms="p", **{"actor": "state", **one})
    case.statement("T", denies="p", **{"actor": "state", **other})
    assert klass_of(session) == expected


# --- status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stances", "links", "expected"),
    [
        pytest.param(True, [], "derived", id="stances alone"),
        pytest.param(False, ["contradicts"], "linked", id="a link alone"),
        pytest.param(True, ["contradicts"], "confirmed", id="both"),
        pytest.param(True, ["reconciles"], "reconciled", id="reconciled"),
        pytest.param(False, ["contradicts", "reconciles"], "reconciled", id="a link reconciled"),
        pytest.param(True, ["contradicts", "reconciles"], "reconciled", id="all of it"),
        pytest.param(True, ["corroborates"], "derived", id="corroborated all the same"),
    ],
)
def test_the_status_says_what_the_links_say(
    case: Casebook, session: Session, stances: bool, links: list[str], expected: str
) -> None:
    case.claim("C").statement("S")
    if stances:
        case.stance("C", "p", 2).stance("S", "p", -2)
    for relation in links:
        case.link("S", relation, "C")
    assert only(session, include_reconciled=True).status == expected


def test_a_reconciled_pair_is_left_out_unless_asked_for(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").statement("T", denies="p")
    case.link("S", "reconciles", "C")
    assert pairs(session) == [("C", "T")]
    assert pairs(session, include_reconciled=True) == [("C", "S"), ("C", "T")]
    assert pairs(session, statuses=(PairStatus.RECONCILED,)) == [("C", "S")]


def test_what_reconciles_two_entries_leaves_their_other_pairs(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").claim("D")
    case.link("C", "reconciles", "D")
    assert pairs(session) == [("C", "S")]


# --- superseded -----------------------------------------------------------------------------------


def test_a_superseded_entry_is_left_out_unless_asked_for(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("C2", affirms="p").statement("S", denies="p")
    case.statement("S2").link("C2", "supersedes", "C").link("S", "supersedes", "S2")
    assert pairs(session) == [("C2", "S")]
    both = Filters(include_superseded=True)
    assert pairs(session, both) == [("C", "S"), ("C2", "S")]


def test_a_superseded_counter_is_left_out(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").statement("S2")
    case.link("S2", "supersedes", "S")
    assert pairs(session) == []


def test_what_any_judge_supersedes_leaves_whichever_judges_are_asked_for(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").claim("C2")
    case.link("C2", "supersedes", "C", judge="other")
    assert pairs(session) == []
    assert pairs(session, Filters(asserted_by=("coder",))) == []


# --- known by a day -------------------------------------------------------------------------------

DAY = date(2024, 1, 26)


@pytest.mark.parametrize(
    ("document", "role", "expected"),
    [
        pytest.param({"published": "2024-01-26"}, "primary", True, id="on the day"),
        pytest.param({"published": "2024-01-27"}, "primary", False, id="the day after"),
        pytest.param({"published": "2024-01-25"}, "relay", True, id="a relay"),
        pytest.param({"published": "2024-01-25"}, "support", False, id="support does not count"),
        pytest.param({}, "primary", False, id="an undated document never"),
        pytest.param({"published": "2024-01"}, "primary", False, id="by its latest day"),
        pytest.param({"published_from": "2024-01-26"}, "primary", True, id="else by its earliest"),
        pytest.param({"published_from": "2024-01-27"}, "primary", False, id="which is later"),
        pytest.param({"published_to": "2024-01-26"}, "primary", True, id="by its only day"),
        pytest.param({"canonical": "early"}, "primary", True, id="the canonical one counts"),
        pytest.param({"canonical": "late"}, "primary", False, id="when it is early enough"),
        pytest.param(
            {"published": "2024-01-20", "canonical": "late"}, "primary", True, id="or itself is"
        ),
    ],
)
def test_an_entry_is_known_once_a_document_shows_it(
    case: Casebook, session: Session, document: dict[str, str], role: str, expected: bool
) -> None:
    case.document("early", published="2024-01-01").document("late", published="2024-06-01")
    case.document("D", **document)
    case.claim("C", affirms="p").cite("C", "D", role)
    case.statement("S", denies="p", cites="early")
    assert bool(pairs(session, Filters(known_by=DAY))) is expected


def test_another_address_does_not_make_its_canonical_document_known(
    case: Casebook, session: Session
) -> None:
    case.document("late", published="2024-06-01")
    case.document("copy", published="2024-01-01", canonical="late")
    case.claim("C", affirms="p", cites="late").statement("S", denies="p", cites="copy")
    assert pairs(session, Filters(known_by=DAY)) == []


@pytest.mark.parametrize(
    ("dated", "expected"),
    [
        pytest.param({"date": "2024-01-26"}, True, id="on the day"),
        pytest.param({"date": "2024-01-27"}, False, id="after it"),
        pytest.param({"date_from": "2024-01-01", "date_to": "2024-12-31"}, True, id="around it"),
        pytest.param({"date_to": "2024-12-31"}, True, id="without a beginning"),
        pytest.param({}, True, id="undated"),
    ],
)
def test_an_entry_is_not_known_before_its_own_date(
    case: Casebook, session: Session, dated: dict[str, str], expected: bool
) -> None:
    case.document("D", published="2024-01-01")
    case.claim("C", affirms="p", cites="D", **dated).statement("S", denies="p", cites="D")
    assert bool(pairs(session, Filters(known_by=DAY))) is expected


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(None, True, id="counts with its entry"),
        pytest.param({"published": "2024-01-26"}, True, id="published by then"),
        pytest.param({"published": "2024-01-27"}, False, id="published later"),
        pytest.param({}, False, id="in an undated document"),
    ],
)
@pytest.mark.parametrize("what", ["stance", "link"])
def test_a_judgement_with_a_document_counts_from_its_publication(
    case: Casebook,
    session: Session,
    document: dict[str, str] | None,
    expected: bool,
    what: str,
) -> None:
    case.document("D", published="2024-01-01")
    case.claim("C", affirms="p", cites="D").statement("S", cites="D")
    given = {}
    if document is not None:
        case.document("R", **document)
        given = {"document": "R"}
    if what == "stance":
        case.stance("S", "p", -2, **given)
    else:
        case.link("C", "contradicts", "S", **given)
    assert bool(pairs(session, Filters(known_by=DAY))) is expected


def test_a_later_reconciliation_was_not_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("later", published="2024-05-01")
    case.claim("C", affirms="p", cites="D").statement("S", denies="p", cites="D")
    case.link("C", "reconciles", "S", document="later")
    assert pairs(session) == []
    assert pairs(session, Filters(known_by=DAY)) == [("C", "S")]


def test_a_later_correction_was_not_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("later", published="2024-05-01")
    case.claim("C", affirms="p", cites="D").statement("S", denies="p", cites="D")
    case.claim("C2", cites="later").link("C2", "supersedes", "C")
    assert pairs(session) == []
    assert pairs(session, Filters(known_by=DAY)) == [("C", "S")]


# --- judges ---------------------------------------------------------------------------------------


def test_other_judges_drop_out_before_anything_is_derived(case: Casebook, session: Session) -> None:
    case.statement("S", affirms="p", judge="a").statement("T", stances={"p": -1}, judge="a")
    case.stance("S", "p", 2, judge="b").stance("T", "p", -2, judge="b")
    case.link("S", "contradicts", "T", judge="b").link("T", "responds_to", "S", judge="b")
    everyone, alone = only(session), only(session, Filters(asserted_by=("a",)))
    assert (everyone.klass, everyone.status, everyone.strength) == ("denial", "confirmed", 2)
    assert everyone.asserted_by == ("a", "b")
    assert (alone.klass, alone.status, alone.strength) == ("dispute", "derived", 1)
    assert (alone.asserted_by, alone.via) == (("a",), ("proposition",))


def test_a_pair_that_only_another_judge_sees_is_gone(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", judge="a").statement("S", denies="p", judge="b")
    assert pairs(session, Filters(asserted_by=("a",))) == []
    assert pairs(session, Filters(asserted_by=("a", "b"))) == [("C", "S")]


def test_a_reconciliation_of_another_judge_does_not_count(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", judge="a").statement("S", denies="p", judge="a")
    case.link("C", "reconciles", "S", judge="b")
    assert pairs(session, Filters(asserted_by=("a",))) == [("C", "S")]


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "counter", "expected"),
    [
        pytest.param({"date": "2024-01-10"}, {"date": "2024-01-10"}, 0, id="the same day"),
        pytest.param({"date": "2024-01"}, {"date": "2024-01-20"}, 0, id="overlap"),
        pytest.param({"date": "2024-01-25"}, {"date": "2024-01-26"}, 1, id="the next day"),
        pytest.param({"date": "2024-01-25"}, {"date": "2024-01-19"}, -6, id="before"),
        pytest.param({"date": "2024-01"}, {"date": "2024-03"}, 30, id="between nearest ends"),
        pytest.param({"date": "2024-03"}, {"date": "2024-01"}, -30, id="nearest ends, before"),
        pytest.param({"date": "2024-01-10"}, {}, None, id="the counter is undated"),
        pytest.param({}, {"date": "2024-01-10"}, None, id="the subject is undated"),
        pytest.param({}, {}, None, id="both are"),
        pytest.param({"date_from": "2024-01-01"}, {"date": "2030"}, 0, id="open end, later"),
        pytest.param({"date_from": "2024-01-10"}, {"date": "2024-01-01"}, -9, id="open, before"),
        pytest.param({"date_to": "2024-01-10"}, {"date": "2024-01-12"}, 2, id="open beginning"),
        pytest.param({"date": "2024-01-10"}, {"date_from": "2024-01-12"}, 2, id="counter open"),
        pytest.param({"date": "2024-01-10"}, {"date_to": "2024-01-08"}, -2, id="counter began"),
        pytest.param({"date": "2024-02-28"}, {"date": "2024-03-01"}, 2, id="a leap day"),
    ],
)
def test_days_is_the_signed_gap_between_the_nearest_ends(
    case: Casebook,
    session: Session,
    subject: dict[str, str],
    counter: dict[str, str],
    expected: int | None,
) -> None:
    case.claim("C", affirms="p", **subject).statement("S", denies="p", **counter)
    assert only(session).days == expected


# --- the row --------------------------------------------------------------------------------------


def test_a_row_holds_all_that_is_known_of_the_pair(case: Casebook, session: Session) -> None:
    case.topic("t", exclusive=True).proposition("p", topic="t").proposition("q", topic="t")
    case.document("D", url="https://d.example").document("E", url="https://e.example")
    case.document("F")
    case.actor("src", kind="anonymous")
    case.claim("C", actor="src", summary="He will.", date="2024-01-25", cites="E")
    case.cite("C", "D", "support").cite("C", "D", "support", label="[2]").cite("C", "F", "relay")
    case.statement("S", actor="spokesman", summary="He will not.", date="2024-01", cites="F")
    case.stance("C", "p", 2, condition="if asked", judge="b")
    case.stance("S", "p", -2, condition="barring defeat", judge="a")
    case.stance("S", "q", 1, judge="a").link("C", "contradicts", "S", judge="c", strength=1)
    assert only(session) == ContradictionRow(
        subject_ref="C",
        subject_kind="claim",
        subject_actor="src",
        subject_date_from=date(2024, 1, 25),
        subject_date_to=date(2024, 1, 25),
        subject_summary="He will.",
        counter_ref="S",
        counter_kind="statement",
        counter_actor="spokesman",
        counter_date_from=date(2024, 1, 1),
        counter_date_to=date(2024, 1, 31),
        counter_summary="He will not.",
        klass="at_odds_with_record",
        status="confirmed",
        strength=2,
        basis="explicit",
        via=("proposition", "exclusive_topic", "link"),
        propositions=("p", "q"),
        conditions=("barring defeat", "if asked"),
        asserted_by=("a", "b", "c"),
        days=0,
        subject_urls=("https://d.example", "https://e.example"),
        counter_urls=(),
    )


# --- filters --------------------------------------------------------------------------------------


def log_many(case: Casebook) -> None:
    case.topic("top").topic("sub", parent="top").topic("apart")
    case.proposition("p", topic="sub").proposition("q", topic="apart")
    case.actor("chief").actor("aide", parent="chief").actor("rival")
    case.document("D1", publisher="daily", published="2024-01-01")
    case.document("D2", publisher="weekly", published="2024-02-01")
    case.claim("C", actor="aide", date="2024-01-10", affirms="p", cites="D1")
    case.claim("D", actor="rival", date="2024-02", stances={"p": 1, "q": 2}, cites="D2")
    case.statement("S", actor="rival", on_behalf_of="chief", date="2024-03-01", denies="p")
    case.action("X", actor="rival", denies="p", stances={"q": -1}, cites="D2")
    case.claim("E", actor="rival", date="2020").link("C", "contradicts", "E", strength=1)


@pytest.fixture
def many(backend: str, logged: Logged) -> Iterator[Casebook]:
    """C and D claim p, S denies it, X denies it by deed and q as well; J links C and E."""
    with logged(backend, log_many) as case:
        yield case


ALL = [("C", "S"), ("C", "X"), ("D", "S"), ("D", "X"), ("E", "C")]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Filters(), ALL, id="none"),
        pytest.param(
            Filters(kinds=(EntryKind.ACTION,)), [("C", "X"), ("D", "X")], id="kind, of one side"
        ),
        pytest.param(
            Filters(kinds=(EntryKind.ACTION, EntryKind.STATEMENT)), ALL[:4], id="kinds alternate"
        ),
        pytest.param(Filters(actors=("aide",)), [("C", "S"), ("C", "X"), ("E", "C")], id="actor"),
        pytest.param(
            Filters(actors=("chief",)),
            [("C", "S"), ("C", "X"), ("D", "S"), ("E", "C")],
            id="actor, those below and those for whom",
        ),
        pytest.param(
            Filters(principal="chief"),
            [("C", "S"), ("C", "X"), ("D", "S"), ("E", "C")],
            id="principal",
        ),
        pytest.param(
            Filters(principal="rival"),
            [("C", "X"), ("D", "S"), ("D", "X"), ("E", "C")],
            id="principal is not who acts for another",
        ),
        pytest.param(
            Filters(actors=("aide", "rival"), principal="chief"),
            [("C", "S"), ("C", "X"), ("D", "S"), ("E", "C")],
            id="actor and principal",
        ),
        pytest.param(
            Filters(sources=("D1",)), [("C", "S"), ("C", "X"), ("E", "C")], id="a document"
        ),
        pytest.param(
            Filters(sources=("weekly",)), [("C", "X"), ("D", "S"), ("D", "X")], id="a publisher"
        ),
        pytest.param(Filters(until=date(2020, 12, 31)), [("E", "C")], id="until"),
        pytest.param(
            Filters(since=date(2024, 2, 29)), [("C", "S"), ("D", "S"), ("D", "X")], id="since"
        ),
        pytest.param(
            Filters(kinds=(EntryKind.CLAIM,), since=date(2024, 3, 1)),
            [],
            id="one entry satisfies them all, not one of them each",
        ),
        pytest.param(
            Filters(kinds=(EntryKind.CLAIM,), since=date(2024, 2, 29), until=date(2024, 2, 29)),
            [("D", "S"), ("D", "X")],
            id="bounds that overlap the days",
        ),
        pytest.param(Filters(topics=("apart",)), [("D", "X")], id="topic"),
        pytest.param(Filters(topics=("top",)), ALL, id="topic, all below; of a link, either"),
        pytest.param(Filters(propositions=("q",)), [("D", "X")], id="proposition"),
        pytest.param(Filters(propositions=("p", "q")), ALL, id="propositions alternate"),
        pytest.param(Filters(propositions=("q",), topics=("sub",)), [], id="topic and proposition"),
        pytest.param(
            Filters(actors=("chief",), topics=("apart",)),
            [],
            id="topic and actor",
        ),
        pytest.param(
            Filters(affirming=True, actors=("rival",)),
            [("D", "S"), ("D", "X")],
            id="affirming, the one entry",
        ),
        pytest.param(
            Filters(denying=True, kinds=(EntryKind.ACTION,), propositions=("p",)),
            [("C", "X"), ("D", "X")],
            id="denying",
        ),
        pytest.param(
            Filters(affirming=True, actors=("rival",), propositions=("q",)),
            [("D", "X")],
            id="affirming what is wanted",
        ),
        pytest.param(
            Filters(denying=True, actors=("rival",), kinds=(EntryKind.CLAIM,)),
            [],
            id="denying what it affirms",
        ),
        pytest.param(Filters(min_strength=2), [("C", "S"), ("C", "X")], id="strength"),
        pytest.param(Filters(min_strength=1), ALL, id="any strength"),
        pytest.param(Filters(limit=2), ALL[:2], id="limit"),
        pytest.param(Filters(limit=0), [], id="limit of none"),
        pytest.param(Filters(offset=3), ALL[3:], id="offset"),
        pytest.param(Filters(limit=1, offset=1), ALL[1:2], id="page"),
    ],
)
def test_one_entry_of_the_pair_satisfies_all_entry_filters(
    many: Casebook, wanted: Filters, expected: list[tuple[str, str]]
) -> None:
    assert pairs(many.session, wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({"classes": ()}, ALL, id="none"),
        pytest.param(
            {"classes": (PairClass.BELIED_BY_ACTION,)},
            [("C", "X"), ("D", "X")],
            id="class",
        ),
        pytest.param(
            {
                "classes": (
                    PairClass.SOURCE_CONFLICT,
                    PairClass.AT_ODDS_WITH_RECORD,
                )
            },
            [("C", "S"), ("D", "S"), ("E", "C")],
            id="classes alternate",
        ),
        pytest.param({"subject_kinds": (EntryKind.ACTION,)}, [], id="subject kind"),
        pytest.param(
            {"counter_kinds": (EntryKind.ACTION,)}, [("C", "X"), ("D", "X")], id="counter kind"
        ),
        pytest.param({"counter_kinds": (EntryKind.CLAIM,)}, [("E", "C")], id="counter a claim"),
        pytest.param({"max_days": 51}, [("C", "S"), ("D", "S")], id="days, not of the undated"),
        pytest.param({"max_days": 50}, [("D", "S")], id="fewer days"),
        pytest.param({"statuses": (PairStatus.LINKED,)}, [("E", "C")], id="status"),
        pytest.param(
            {"statuses": (PairStatus.DERIVED, PairStatus.LINKED)}, ALL, id="statuses alternate"
        ),
        pytest.param({"entry": "C"}, [("C", "S"), ("C", "X"), ("E", "C")], id="one entry"),
        pytest.param({"entry": "X"}, [("C", "X"), ("D", "X")], id="one entry, a counter"),
        pytest.param({"entry": "nobody"}, [], id="no entry"),
    ],
)
def test_pairs_are_narrowed_by_what_is_asked_of_them(
    many: Casebook, wanted: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert pairs(many.session, **wanted) == expected


def test_max_days_also_bounds_gaps_backwards(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", date="2024-01-10").statement("S", denies="p", date="2024-01-01")
    assert pairs(session, max_days=8) == []
    assert pairs(session, max_days=9) == [("C", "S")]


def test_a_link_on_a_topic_counts_beside_a_ground_on_another(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", stances={"q": 2}).statement("S", denies="p")
    assert pairs(session, Filters(propositions=("q",))) == []
    case.link("C", "contradicts", "S")
    assert pairs(session, Filters(propositions=("q",))) == [("C", "S")]


@pytest.mark.parametrize("name", ["p", "q"])
def test_a_ground_in_an_exclusive_topic_is_on_both_its_propositions(
    case: Casebook, session: Session, name: str
) -> None:
    case.topic("t", exclusive=True).proposition("p", topic="t").proposition("q", topic="t")
    case.claim("C", affirms="p").statement("S", affirms="q")
    assert pairs(session, Filters(propositions=(name,))) == [("C", "S")]


# --- order ----------------------------------------------------------------------------------------


def test_rows_come_by_the_refs_of_subject_and_counter(case: Casebook, session: Session) -> None:
    for ref in ("b", "C2", "C10", "a", "B"):
        case.claim(ref, affirms="p")
    for ref in ("s", "S-2", "S-10"):
        case.statement(ref, denies="p")
    expected = [(c, s) for c in ("B", "C10", "C2", "a", "b") for s in ("S-10", "S-2", "s")]
    assert pairs(session) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param(("counter_ref",), ["CS", "DS", "CT"], id="a column, then the usual order"),
        pytest.param(("-subject_ref",), ["DS", "CS", "CT"], id="descending"),
        pytest.param(("-strength", "counter_ref"), ["CS", "CT", "DS"], id="two columns"),
        pytest.param(("basis",), ["CS", "DS", "CT"], id="nulls last"),
        pytest.param(("-basis",), ["CS", "DS", "CT"], id="nulls last, descending too"),
        pytest.param(("class", "-counter_ref"), ["CT", "CS", "DS"], id="class"),
        pytest.param(("status", "-subject_ref"), ["DS", "CS", "CT"], id="status"),
        pytest.param(("-days",), ["CS", "DS", "CT"], id="days"),
        pytest.param(("propositions",), ["CS", "DS", "CT"], id="lists, empty ones last"),
        pytest.param(("via",), ["CT", "CS", "DS"], id="via"),
        pytest.param(("conditions",), ["DS", "CS", "CT"], id="conditions"),
        pytest.param(("asserted_by", "-strength"), ["CS", "CT", "DS"], id="judges"),
        pytest.param(("-counter_urls",), ["CT", "CS", "DS"], id="addresses"),
        pytest.param(("subject_summary",), ["DS", "CS", "CT"], id="texts by code point"),
    ],
)
def test_rows_can_be_sorted_by_columns(
    case: Casebook, session: Session, sort: tuple[str, ...], expected: list[str]
) -> None:
    case.claim("C", affirms="p", date="2024-01-01", summary="a")
    case.claim("D", date="2024-01-02", summary="Z").stance("D", "p", 1, condition="if")
    case.statement("S", denies="p", date="2024-01-03").statement("T", date="2024-01-01")
    case.document("doc", url="https://example.org/").cite("T", "doc")
    case.link("C", "contradicts", "T")
    found = contradictions(session, Filters(sort=sort))
    assert [row.subject_ref + row.counter_ref for row in found] == expected


def test_an_unknown_column_to_sort_by_is_refused_by_name(session: Session) -> None:
    with pytest.raises(InvalidValue, match=r"sort column 'colour' .* class, .* strength, basis"):
        list(contradictions(session, Filters(sort=("colour",))))


def test_addresses_are_those_known_by_the_day(case: Casebook, session: Session) -> None:
    case.document("early", url="https://a.example/", published="2024-01-01")
    case.document("late", url="https://b.example/", published="2024-03-01")
    case.claim("C", affirms="p", cites="early").statement("S", denies="p", cites="early")
    case.cite("C", "late").cite("S", "late", "support")
    row = only(session, Filters(known_by=date(2024, 2, 1)))
    assert (row.subject_urls, row.counter_urls) == (("https://a.example/",),) * 2


def test_the_pairs_are_counted_without_working_them_out(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("D", affirms="p").statement("S", denies="p")
    found = contradictions(session, Filters(offset=1))
    assert isinstance(found, Rows)
    with count_queries(session) as sent:
        assert (found.count(9), [row.subject_ref for row in found.first(1)]) == (1, ["D"])
    assert len(sent) == 2
    assert "summary" not in sent[0]


@pytest.mark.parametrize(
    "wanted",
    [Filters(), Filters(topics=("top",), known_by=DAY, sort=("days",))],
    ids=["all", "few"],
)
def test_one_statement_is_sent(many: Casebook, wanted: Filters) -> None:
    with count_queries(many.session) as sent:
        list(contradictions(many.session, wanted, PairFilters(max_days=9, include_reconciled=True)))
    assert len(sent) == 1


# --- against the definition, worked out naively ---------------------------------------------------

DAYS = st.sampled_from([date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 3), None])
JUDGES = st.sampled_from("jk")
DOCUMENTS = st.sampled_from(["d1", "d2", "d3", "d4"])


@st.composite
def spans(draw: st.DrawFn, name: str) -> dict[str, date]:
    first, last = draw(DAYS), draw(DAYS)
    if first and last and first > last:
        first, last = last, first
    return {key: day for key, day in ((f"{name}_from", first), (f"{name}_to", last)) if day}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "kind": draw(st.sampled_from([*KINDS, "claim", "statement", "statement"])),
        "actor": draw(st.sampled_from(["state", "minister", "other"])),
        "on_behalf_of": draw(st.sampled_from([None, None, None, "state", "other"])),
        **draw(spans("date")),
        **(draw(spans("about")) if draw(st.booleans()) else {}),
        "cited": draw(st.sampled_from([None, "primary", "relay", "support"])),
        "document": draw(DOCUMENTS),
        "stances": draw(
            st.dictionaries(
                st.tuples(st.sampled_from(["p", "q", "x", "y"]), JUDGES),
                st.fixed_dictionaries(
                    {
                        "value": st.integers(-2, 2),
                        "basis": st.sampled_from(["explicit", "inferred"]),
                        "condition": st.sampled_from([None, None, "if", "when"]),
                        "document": st.sampled_from([None, None, "d1", "d3"]),
                    }
                ),
                max_size=4,
            )
        ),
    }


LINKS = st.dictionaries(
    st.tuples(
        st.sets(st.integers(0, 4), min_size=2, max_size=2).map(lambda ends: tuple(sorted(ends))),
        st.sampled_from(
            ["contradicts", "contradicts", "reconciles", "responds_to", "supersedes", "repeats"]
        ),
        JUDGES,
    ),
    st.fixed_dictionaries(
        {
            "strength": st.integers(1, 2),
            "backwards": st.booleans(),
            "document": st.sampled_from([None, None, "d1", "d3"]),
        }
    ),
    max_size=5,
)


class Drawn(NamedTuple):
    """A casebook, and what is asked of it."""

    entries: list[dict[str, Any]]
    links: dict[Any, dict[str, Any]]
    known_by: date | None
    judges: tuple[str, ...]
    superseded: bool
    reconciled: bool

    @property
    def scope(self) -> Filters:
        """What counts."""
        return Filters(
            known_by=self.known_by,
            asserted_by=self.judges,
            include_superseded=self.superseded,
        )


A_FEW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CASEBOOKS = st.builds(
    Drawn,
    entries=st.lists(entries(), min_size=2, max_size=5),
    links=LINKS,
    known_by=st.sampled_from([None, None, date(2024, 1, 1), date(2024, 1, 2)]),
    judges=st.sampled_from([(), (), ("j",)]),
    superseded=st.booleans(),
    reconciled=st.booleans(),
)


@contextmanager
def logged_for_now(session: Session, drawn: Drawn) -> Iterator[None]:
    """Have a casebook logged, until it is asked no more."""
    nested = session.begin_nested()
    try:
        log(session, drawn)
        yield
    finally:
        nested.rollback()
        session.expunge_all()


def log(session: Session, drawn: Drawn) -> None:
    """Put the rows there directly: the log of changes would take most of the time."""
    actors = {name: Actor(ref=name, name=name, kind="state") for name in ("state", "other", *"jk")}
    actors["minister"] = Actor(
        ref="minister", name="minister", kind="person", parent=actors["state"]
    )
    topics = {ref: Topic(ref=ref, name=ref, exclusive=ref == "t") for ref in "tu"}
    on = {"p": "u", "q": "u", "x": "t", "y": "t"}
    propositions = {p: Proposition(ref=p, text=p, topic=topics[t]) for p, t in on.items()}
    days = {"d1": (1, None), "d2": (None, None), "d3": (1, 3), "d4": (None, None)}
    documents: dict[str | None, Document] = {
        ref: Document(
            ref=ref,
            publisher=actors["other"],
            published_from=first and date(2024, 1, first),
            published_to=last and date(2024, 1, last),
        )
        for ref, (first, last) in days.items()
    }
    documents["d4"].canonical = documents["d1"]
    session.add_all([*actors.values(), *propositions.values(), *documents.values()])
    logged = []
    for ref, told in zip(["a", "B", "C10", "C2", "c"], drawn.entries, strict=False):
        own = {name: told[name] for name in told if "_from" in name or "_to" in name}
        by, on_behalf_of = actors[told["actor"]], actors.get(told["on_behalf_of"])
        entry = Entry(ref=ref, kind=told["kind"], summary=ref, actor=by, **own)
        entry.on_behalf_of = on_behalf_of
        logged.append(entry)
        if told["cited"]:
            shown = documents[told["document"]]
            session.add(Citation(entry=entry, document=shown, role=told["cited"]))
        for (name, judge), taken in told["stances"].items():
            by_judge = {"asserted_by": actors[judge], "proposition": propositions[name]}
            where = documents.get(taken["document"])
            session.add(Stance(entry=entry, **by_judge, **{**taken, "document": where}))
    session.add_all(logged)
    for (ends, relation, judge), told in drawn.links.items():
        if ends[1] < len(logged):
            first, second = (logged[at] for at in (reversed(ends) if told["backwards"] else ends))
            given = {"strength": told["strength"], "document": documents.get(told["document"])}
            session.add(
                Link(from_=first, to=second, relation=relation, asserted_by=actors[judge], **given)
            )
    session.flush()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=CASEBOOKS)
def test_the_report_agrees_with_the_definition_worked_out_naively(
    session: Session, drawn: Drawn
) -> None:
    with logged_for_now(session, drawn):
        expected = oracle.contradictions(
            session,
            known_by=drawn.known_by,
            judges=drawn.judges,
            superseded=drawn.superseded,
            reconciled=drawn.reconciled,
        )
        wanted = drawn.scope
        of_pairs = PairFilters(include_reconciled=drawn.reconciled)
        found = [told(row) for row in contradictions(session, wanted, of_pairs)]
        assert found == expected


@A_FEW
@given(drawn=CASEBOOKS)
def test_what_sorts_and_narrows_the_pairs_is_what_they_print(
    session: Session, drawn: Drawn
) -> None:
    with logged_for_now(session, drawn):
        every = PairFilters(include_reconciled=True)
        rows = list(contradictions(session, None, every))
        for column in ("strength", "basis", "status"):
            values = [getattr(row, column) for row in rows]
            there = sorted(value for value in values if value is not None)
            found = contradictions(session, Filters(sort=(column,)), every)
            assert [getattr(row, column) for row in found] == [*there, *[None] * values.count(None)]
        strong = contradictions(session, Filters(min_strength=2), every)
        assert list(strong) == [row for row in rows if row.strength == 2]
        for status in PairStatus:
            such = contradictions(session, None, PairFilters(statuses=(status,)))
            assert list(such) == [row for row in rows if row.status == status]


def told(row: ContradictionRow) -> dict[str, Any]:
    return {
        "subject_ref": row.subject_ref,
        "counter_ref": row.counter_ref,
        "klass": row.klass,
        "status": row.status,
        "strength": row.strength,
        "basis": row.basis,
        "via": set(row.via),
        "propositions": list(row.propositions),
        "conditions": list(row.conditions),
        "asserted_by": list(row.asserted_by),
        "days": row.days,
    }


@pytest.mark.parametrize("backend", ["sqlite"])
def test_pairs_of_a_kind_are_not_sought_among_all_of_that_kind(case: Casebook) -> None:
    for number in range(150):
        case.statement(f"S{number}", affirms=f"p{number}").action(f"A{number}")
    case.session.flush()
    driver = case.session.connection().connection.driver_connection
    assert driver is not None
    steps = []
    for pairs in (PairFilters(), PairFilters(counter_kinds=(EntryKind.ACTION,))):
        taken: list[int] = []
        driver.set_progress_handler(lambda taken=taken: taken.append(1), 100)
        assert list(contradictions(case.session, Filters(), pairs)) == []
        driver.set_progress_handler(None, 0)
        steps.append(len(taken))
    assert steps[1] < 2 * steps[0]


@A_FEW
@given(drawn=CASEBOOKS)
def test_pairs_on_a_proposition_are_those_of_all_pairs(session: Session, drawn: Drawn) -> None:
    with logged_for_now(session, drawn):
        every = PairFilters(include_reconciled=True)
        rows = list(contradictions(session, None, every))
        asked = [
            Filters(since=date(2024, 1, 2), until=date(2024, 1, 2)),
            Filters(sources=("d1", "d2")),
            Filters(actors=("state",)),
            Filters(kinds=(EntryKind.CLAIM, EntryKind.ACTION)),
        ]
        matching = {one: list(contradictions(session, one, every)) for one in asked}
        for name in ("p", "x"):
            taking = select(Entry.ref).join(Stance).join(Proposition).where(Proposition.ref == name)
            takers = set(session.scalars(taking))
            on_it = [
                row
                for row in rows
                if name in row.propositions
                or ("link" in row.via and takers & {row.subject_ref, row.counter_ref})
            ]
            narrowed = Filters(propositions=(name,))
            assert list(contradictions(session, narrowed, every)) == on_it
            for one, matched in matching.items():
                both = replace(one, propositions=(name,))
                assert list(contradictions(session, both, every)) == [
                    row for row in on_it if row in matched
                ]


@pytest.mark.one_database  # what it asks for is how many rows to send, which both spell alike
@A_FEW
@given(
    drawn=CASEBOOKS,
    report=st.sampled_from([claims, positions, contradictions]),
    limit=st.none() | st.integers(0, 4),
    offset=st.integers(0, 3),
    most=st.integers(0, 4),
)
def test_a_page_is_a_part_of_the_whole(
    session: Session, drawn: Drawn, report: Any, limit: int | None, offset: int, most: int
) -> None:
    with logged_for_now(session, drawn):
        wanted = Filters(known_by=drawn.known_by, asserted_by=drawn.judges)
        rows = report(session, wanted)
        whole = list(rows)
        assert (rows.first(most), rows.count(most)) == (whole[:most], len(whole[:most]))
        rows = report(session, replace(wanted, limit=limit, offset=offset))
        page = list(rows)
        assert page == whole[offset:][:limit]
        assert rows.count(most) == len(page[:most])
