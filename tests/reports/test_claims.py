"""How each claim stands: who affirms and denies it, from how many origins, and its grade."""

from datetime import date
from itertools import groupby, product
from operator import attrgetter
from typing import Any

import pytest
from sqlalchemy import select

from against_oracle import draw
from casebook import Casebook
from claimtrack.db import Session
from claimtrack.models import Entry
from claimtrack.query import agreement_candidates, support_counts
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.claims import claims
from claimtrack.weigh.origins import group_by_origin
from conftest import Loaded, count_queries
from reports.claim_rows import claim_rows

# --- against --------------------------------------------------------------------------------------


def test_what_opposes_a_claim_is_counted_by_kind(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("C2", denies="p").statement("S", denies="p")
    case.statement("S2", denies="p", responds_to="C").statement("S3", affirms="p")
    case.action("A", stances={"p": -1}).assessment("J", denies="p").assessment("J2", denies="p")
    case.commitment("K", denies="p").window("W", denies="p").statement("S4", stances={"p": 0})
    row = claim_rows(session)["C"]
    assert (row.opposed_by, row.denied_by, row.worst_strength) == (8, 1, 2)
    assert (
        row.contradicted_by_statements,
        row.contradicted_by_actions,
        row.contradicted_by_claims,
        row.contradicted_by_assessments,
    ) == (2, 1, 1, 2)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        pytest.param("statement", {"responds_to": "C"}, 1, id="a reply"),
        pytest.param("statement", {}, 0, id="no reply"),
        pytest.param("statement", {"responds_to": "D"}, 0, id="a reply to another"),
        pytest.param("statement", {"responds_to": "C", "date": "2024-05-09"}, 0, id="before it"),
        pytest.param("statement", {"responds_to": "C", "actor": "aide"}, 0, id="of one voice"),
        pytest.param("claim", {"responds_to": "C"}, 0, id="a claim"),
        pytest.param("action", {"responds_to": "C"}, 0, id="an action"),
        pytest.param("assessment", {"responds_to": "C"}, 0, id="an assessment"),
    ],
)
def test_denied_by_counts_denials_alone(
    case: Casebook, session: Session, kind: str, given: dict[str, Any], expected: int
) -> None:
    case.actor("aide", parent="chief")
    case.claim("C", affirms="p", actor="chief", date="2024-05-10").claim("D")
    case.entry(kind, "R", denies="p", **given)
    row = claim_rows(session)["C"]
    assert (row.denied_by, row.opposed_by) == (expected, 1)


def test_worst_strength_is_that_of_the_strongest_pair(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").statement("S", stances={"p": -1}).claim("D")
    case.link("C", "contradicts", "D", strength=1)
    assert claim_rows(session)["C"].worst_strength == 1
    case.statement("T").link("C", "contradicts", "T", strength=2)
    assert claim_rows(session)["C"].worst_strength == 2


@pytest.mark.parametrize(
    ("judge", "strength", "expected"),
    [
        pytest.param("coder", 2, (0, 0, None), id="reconciled"),
        pytest.param("coder", 1, (1, 1, 2), id="perhaps"),
        pytest.param("other", 2, (1, 1, 2), id="by another judge"),
    ],
)
def test_only_a_reconciled_pair_no_longer_counts_against_a_claim(
    case: Casebook,
    session: Session,
    judge: str,
    strength: int,
    expected: tuple[int, int, int | None],
) -> None:
    case.claim("C", affirms="p").statement("S", denies="p", responds_to="C")
    case.link("C", "reconciles", "S", judge=judge, strength=strength)
    row = claim_rows(session)["C"]
    assert (row.opposed_by, row.denied_by, row.worst_strength) == expected
    assert list(claim_rows(session, contested=True)) == (["C"] if expected[0] else [])
    assert list(claim_rows(session, uncontradicted=True)) == ([] if expected[0] else ["C"])


def test_what_time_keeps_apart_from_a_claim_does_not_oppose_it(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", about="2024-05").statement("S", denies="p", about="2024-06")
    case.action("X", denies="p", date="2024-06").action("Y", denies="p", date="2024-05")
    row = claim_rows(session)["C"]
    assert (row.opposed_by, row.contradicted_by_actions) == (1, 1)
    assert row.contradicted_by_statements == 0


# --- for ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        pytest.param("claim", {"affirms": "p"}, 1, id="affirms it too"),
        pytest.param("statement", {"stances": {"p": 1}}, 1, id="leans to it"),
        pytest.param("claim", {"affirms": "q"}, 1, id="on any of its propositions"),
        pytest.param("claim", {"denies": "r"}, 1, id="denies what it denies"),
        pytest.param("claim", {"affirms": "p", "denies": "q"}, 1, id="and opposes it on another"),
        pytest.param("claim", {"denies": "p"}, 0, id="denies it"),
        pytest.param("claim", {"stances": {"p": 0}}, 0, id="leaves it open"),
        pytest.param("claim", {"affirms": "other"}, 0, id="speaks of something else"),
        pytest.param("claim", {"affirms": "p", "about": "2024-06"}, 0, id="of another time"),
        pytest.param("claim", {"affirms": "p", "about": "2024-05-31"}, 1, id="of its time"),
        pytest.param("claim", {"affirms": "p", "date": "2024-06"}, 1, id="said at another time"),
        pytest.param("action", {"affirms": "p", "date": "2024-06"}, 0, id="done at another time"),
        pytest.param("action", {"affirms": "p", "date": "2024-05"}, 1, id="done in its time"),
        pytest.param("action", {"affirms": "p"}, 1, id="done perhaps in its time"),
        pytest.param("assessment", {"affirms": "p"}, 1, id="an assessment"),
    ],
)
def test_who_takes_the_same_side_in_its_time_agrees_with_a_claim(
    case: Casebook, session: Session, kind: str, given: dict[str, Any], expected: int
) -> None:
    case.claim("C", stances={"p": 2, "q": 1, "r": -1}, about="2024-05")
    case.entry(kind, "other", actor="somebody", **given)
    row = claim_rows(session)["C"]
    deeds = expected if kind == "action" else 0
    assert (row.affirmed_by, row.borne_out_by_actions) == (expected, deeds)


def test_a_corroborating_link_counts_whatever_time_they_speak_of(
    case: Casebook, session: Session
) -> None:
    case.claim("C", about="2024-05").action("X", date="2024-06").link("C", "corroborates", "X")
    row = claim_rows(session)["C"]
    assert (row.affirmed_by, row.borne_out_by_actions) == (1, 1)


@pytest.mark.parametrize("ends", [("C", "D"), ("D", "C")], ids=["from", "to"])
def test_a_corroborating_link_affirms(
    case: Casebook, session: Session, ends: tuple[str, str]
) -> None:
    case.claim("C").claim("D").link(ends[0], "corroborates", ends[1])
    assert {ref: row.affirmed_by for ref, row in claim_rows(session).items()} == {"C": 1, "D": 1}


def test_a_superseded_entry_neither_affirms_nor_denies(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").statement("T", affirms="p")
    case.statement("S2").link("S2", "supersedes", "S")
    case.statement("T2").link("T2", "supersedes", "T")
    assert (claim_rows(session)["C"].affirmed_by, claim_rows(session)["C"].opposed_by) == (0, 0)


def test_what_repeats_a_claim_affirms_it_without_a_new_origin(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").claim("D", affirms="p").claim("E", affirms="p")
    case.link("D", "repeats", "C").link("E", "repeats", "C", strength=1)
    row = claim_rows(session)["C"]
    assert (row.affirmed_by, row.independent_min, row.independent_max) == (2, 0, 1)


def test_what_bears_a_claim_out_is_counted_without_its_own_origin(
    case: Casebook, session: Session
) -> None:
    case.document("D", publisher="daily").document("E", publisher="weekly")
    case.claim("C", affirms="p", cites="D", about="2024-03").claim("L").link(
        "L", "corroborates", "C"
    )
    case.statement("S", affirms="p", actor="x", cites="E").statement("T", affirms="p", actor="x")
    case.action("X", affirms="p", actor="y", date="2024-03-05", cites="D")
    case.action("Y", affirms="p", actor="y", date="2024-05-05", cites="E")
    row = claim_rows(session)["C"]
    assert (row.affirmed_by, row.borne_out_by_actions, row.publishers) == (4, 1, 2)
    assert (row.independent_min, row.independent_max) == (2, 3)


def test_a_publisher_that_only_shows_the_claim_itself_is_not_counted(
    case: Casebook, session: Session
) -> None:
    case.document("D", publisher="daily").document("E", publisher="weekly")
    case.claim("C", affirms="p", cites="D").statement("S", affirms="p", cites="E")
    assert {row.publishers for row in claims(session)} == {1}


def test_the_latest_grade_is_shown_and_a_later_one_was_not_known(
    case: Casebook, session: Session
) -> None:
    case.document("D", published="2024-01-01")
    case.claim("C", cites="D", date="2024-01-01")
    case.grade("C", "B2", graded_on="2024-01-02").grade("C", "F6", graded_on="2024-02-01")
    assert (claim_rows(session)["C"].reliability, claim_rows(session)["C"].credibility) == ("F", 6)
    known = next(claims(session, Filters(known_by=date(2024, 1, 15))))
    assert (known.reliability, known.credibility) == ("B", 2)


def test_outlet_and_addresses_are_those_of_the_documents(case: Casebook, session: Session) -> None:
    case.document("D", publisher="reuters", url="https://example.org/d")
    case.document("R", publisher="isw", url="https://example.org/r").document("X", publisher="x")
    case.claim("C").cite("C", "D").cite("C", "R", "relay").cite("C", "X", "support")
    case.claim("E").cite("E", "R", "relay")
    found = claim_rows(session)
    assert found["C"].outlet == ("reuters",)
    assert found["C"].urls == ("https://example.org/d", "https://example.org/r")
    assert found["E"].outlet == ("isw",)


def test_a_claim_that_judges_read_either_way_is_not_against_itself(
    case: Casebook, session: Session
) -> None:
    case.topic("t", exclusive=True).proposition("q", topic="t").proposition("r", topic="t")
    case.claim("C", affirms="p").stance("C", "p", -1, judge="isw")
    case.claim("D", stances={"q": 2, "r": 2})
    assert {ref: row.opposed_by for ref, row in claim_rows(session).items()} == {"C": 0, "D": 0}
    assert set(claim_rows(session, uncontradicted=True)) == {"C", "D"}


def test_outlet_and_addresses_are_those_known_by_the_day(case: Casebook, session: Session) -> None:
    case.document("early", publisher="a", url="https://a.example/", published="2024-01-01")
    case.document("late", publisher="b", url="https://b.example/", published="2024-03-01")
    case.claim("C", cites="early").cite("C", "late")
    known = next(claims(session, Filters(known_by=date(2024, 2, 1))))
    assert (known.outlet, known.urls) == (("a",), ("https://a.example/",))


def test_the_statements_sent_do_not_grow_with_the_claims(case: Casebook, session: Session) -> None:
    def sent() -> int:
        with count_queries(session) as statements:
            list(claims(session))
        return len(statements)

    case.claim("C", affirms="p").statement("S", denies="p").claim("D", affirms="p")
    few = sent()
    for number in range(20):
        case.claim(f"E{number}", affirms="p", denies="q")
    assert sent() == few


def test_what_was_not_known_yet_neither_supersedes_nor_repeats(
    case: Casebook, session: Session
) -> None:
    case.document("early", published="2024-01-01").document("late", published="2024-03-01")
    case.claim("C", affirms="p", cites="early").claim("D", affirms="p", cites="early")
    case.claim("bridge", cites="late").link("C", "repeats", "bridge").link("D", "repeats", "bridge")
    case.claim("newer", cites="late").link("newer", "supersedes", "D")

    def origins(day: date | None) -> dict[str, int]:
        return {row.ref: row.independent_max for row in claims(session, Filters(known_by=day))}

    assert origins(date(2024, 2, 1)) == {"C": 1, "D": 1}
    assert origins(None) == {"C": 0, "bridge": 0, "newer": 0}
    both = Filters(include_superseded=True)
    assert {row.ref: row.independent_max for row in claims(session, both)}["C"] == 0


def test_repetitions_hold_whichever_judges_are_asked_for(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", judge="x").claim("D", affirms="p", judge="x")
    case.link("D", "repeats", "C", judge="y")
    for scope in (Filters(), Filters(asserted_by=("x",))):
        assert {row.independent_max for row in claims(session, scope)} == {0}


DRAWN = (1, 18, 22, 49)
"""Casebooks in which many affirm and repeat each other."""


@pytest.mark.parametrize("large", [0, 50], ids=["large sides", "small sides"])
def test_what_affirms_a_claim_is_what_the_affirmations_tell(
    backend: str,
    loaded: Loaded,
    monkeypatch: pytest.MonkeyPatch,
    large: int,
) -> None:
    monkeypatch.setattr(support_counts, "_LARGE", large)
    for seed, scope in product(DRAWN, (Filters(), Filters(known_by=date(2025, 4, 1)))):
        with loaded(backend, draw(seed)) as session:
            facts = FactsLoader(session, scope)
            keys = {row.ref: row.id for row in session.execute(select(Entry.ref, Entry.id))}
            for row in claims(session, scope):
                affirmers = affirmations(session, scope, Entry.ref == row.ref)
                refs = [row.ref, *(one.ref for one in affirmers)]
                assert row.affirmed_by == len(refs) - 1
                known = facts.load([keys[ref] for ref in refs])
                found = group_by_origin(known.values(), *facts.load_repeats_and_outsiders(known))
                expected = found.count_without(keys[row.ref])
                assert (row.independent_min, row.independent_max) == expected


@pytest.mark.parametrize("large", [0, 1, 10])
@pytest.mark.parametrize("most", [1, 2])
def test_the_first_that_affirm_an_entry_are_told_however_many_are_on_its_side(
    backend: str,
    loaded: Loaded,
    monkeypatch: pytest.MonkeyPatch,
    large: int,
    most: int,
) -> None:
    for seed in DRAWN:
        with loaded(backend, draw(seed)) as session:
            by_entry = groupby(affirmations(session, Filters()), key=attrgetter("entry"))
            every = {entry: list(rows) for entry, rows in by_entry}
            with monkeypatch.context() as patch:
                patch.setattr(agreement_candidates, "_LARGE", large)
                first = [row for rows in every.values() for row in rows[:most]]
                assert list(affirmations(session, Filters(), most=most)) == first


def test_deeds_that_may_lie_outside_the_period_are_counted_apart(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", about_from="2025-03-01", about_to="2025-03-10")
    for ref, first, last in (("X", "2025-03-09", "2025-03-12"), ("Y", "2025-03-02", "2025-03-02")):
        case.action(ref, denies="p", date_from=first, date_to=last)
    session.flush()
    row = next(row for row in claims(session) if row.ref == "C")
    assert (row.contradicted_by_actions, row.contradicted_by_actions_possible) == (2, 1)
