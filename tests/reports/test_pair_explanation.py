"""`report pair`: why two entries oppose each other, or why they do not."""

from itertools import combinations
from typing import Any

import pytest

from against_oracle import SCOPES, as_filters, draw
from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, UnknownRef
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.pair_explanation import Explanation, explain
from claimtrack.weigh.classification import RULES
from conftest import Loaded, count_queries

MARCH, APRIL = "2025-03", "2025-04"
NO_LINK = "no judge whose links count finds that they contradict each other"


@pytest.fixture
def parties(case: Casebook) -> Casebook:
    """A state with a ministry and a spokesman, and another state."""
    case.actor("aland", kind="state").actor("bland", kind="state")
    return case.actor("ministry", parent="aland").actor("spokesman", parent="aland")


def told(session: Session, one: str, other: str, **scope: Any) -> Explanation:
    return explain(session, one, other, Filters(**scope))


# --- why two entries oppose each other ------------------------------------------------------------


def test_a_breach(parties: Casebook, session: Session) -> None:
    parties.commitment("K", actor="aland", affirms="p", date="2025-03-01", about="2025-03-01/..")
    parties.action("X", actor="ministry", denies="p", date="2025-03-05")
    found = told(session, "X", "K")
    assert (found.subject.ref, found.counter.ref) == ("K", "X")
    assert found.because == (
        "K and X share the voice of aland",
        "K (2025-03-01) is surely before X (2025-03-05)",
        "X (2025-03-05) lies surely inside the period of K (2025-03-01/..)",
        "a ground depends on no condition",
    )
    assert found.row is not None
    assert (found.row.klass, found.row.timing, found.timing_doubts) == ("breach", "certain", ())


def test_a_breach_of_which_the_order_is_not_known(parties: Casebook, session: Session) -> None:
    parties.commitment("K", actor="aland", affirms="p", date="2025-03-01", about="../2025-03-31")
    parties.action("X", actor="aland", denies="p", date_from="2025-03-01", date_to="2025-04-02")
    found = told(session, "K", "X")
    assert found.timing_doubts == ("order not known", "may lie outside the period")
    order = "neither of K (2025-03-01) and X (2025-03-01/2025-04-02) is surely before the other"
    assert order in found.because


def test_a_promise_under_a_condition_is_no_breach(parties: Casebook, session: Session) -> None:
    parties.commitment("K", actor="aland", date="2025-03-01")
    parties.stance("K", "p", 2, condition="if the others keep it")
    parties.action("X", actor="aland", denies="p", date="2025-03-05")
    found = told(session, "K", "X")
    assert found.rule == RULES["inconsistent_line"]  # type: ignore[index]  # words are their keys
    assert found.because[-1] == "every ground depends on a condition"
    [ground] = found.grounds
    assert (ground.subject_condition, ground.counter_condition) == ("if the others keep it", None)


def test_a_source_conflict_is_one_by_its_kinds(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("D", denies="p")
    found = told(session, "C", "D")
    assert (found.rule, found.because) == ("two claims", ())


def test_a_deed_that_belies_words(parties: Casebook, session: Session) -> None:
    parties.statement("S", actor="spokesman", affirms="p", date="2025-03-01")
    parties.action("X", actor="ministry", denies="p", date="2025-03-05")
    found = told(session, "S", "X")
    assert found.row is not None
    assert found.row.klass == "belied_by_action"
    assert found.because == (
        "X and S are both of the principal aland",
        "the best ground has strength 2, explicit",
        "S (2025-03-01) is surely before X (2025-03-05)",
    )


def test_a_deed_at_odds_with_words(parties: Casebook, session: Session) -> None:
    subject = [{"actor": "ministry", "role": "subject"}]
    parties.claim("C", affirms="p", about=MARCH, participants=subject)
    parties.action("X", actor="spokesman", stances={"p": -1}, date="2025-03-05")
    found = told(session, "C", "X")
    assert found.row is not None
    assert found.row.klass == "at_odds_with_action"
    assert found.because == (
        "X is of the principal aland, of whom C speaks",
        "the best ground has strength 1, explicit",
        "X (2025-03-05) lies surely inside the period of C (2025-03)",
    )


def test_words_countered_by_anothers_deed(parties: Casebook, session: Session) -> None:
    parties.statement("S", actor="aland", affirms="p").action("X", actor="bland", denies="p")
    [because] = told(session, "S", "X").because
    assert because == "X is of the principal bland, who neither speaks in S nor is spoken of"


def test_an_assessment_is_one_by_its_kind(parties: Casebook, session: Session) -> None:
    parties.statement("S", actor="aland", affirms="p").assessment("J", actor="bland", denies="p")
    found = told(session, "J", "S")
    assert found.row is not None
    assert (found.row.klass, found.because) == ("assessed_against", ())


def test_a_denial(parties: Casebook, session: Session) -> None:
    parties.claim("C", affirms="p", date="2025-03-01")
    parties.statement("S", actor="bland", denies="p", date="2025-03-02", responds_to="C")
    assert told(session, "C", "S").because == (
        "S responds to C",
        "C and S share no voice",
        "C (2025-03-01) is surely before S (2025-03-02)",
    )


def test_a_record_that_is_no_denial_says_whether_it_replies(
    parties: Casebook, session: Session
) -> None:
    parties.claim("C", affirms="p", date="2025-03-05").statement("S", actor="bland", denies="p")
    assert told(session, "C", "S").because == ("neither responds to the other",)
    parties.statement("T", actor="bland", denies="p", date="2025-03-01", responds_to="C")
    found = told(session, "C", "T")
    assert found.row is not None
    assert found.row.klass == "at_odds_with_record"
    assert found.because[0] == "T responds to C"
    assert found.because[-1] == "T (2025-03-01) is surely before C (2025-03-05)"


def test_a_reversal_and_an_inconsistent_line(parties: Casebook, session: Session) -> None:
    parties.statement("S", actor="spokesman", affirms="p", date="2025-03-01")
    parties.statement("T", actor="spokesman", denies="p", date="2025-03-05")
    parties.statement("U", actor="ministry", denies="p", date="2025-03-05")
    assert told(session, "S", "T").because == (
        "S and T share the voice of spokesman",
        "S (2025-03-01) is surely before T (2025-03-05)",
    )
    found = told(session, "S", "U")
    assert found.row is not None
    assert found.row.klass == "inconsistent_line"
    assert found.because == (
        "neither responds to the other",
        "S and U share no voice",
        "the principal of both is aland",
    )


def test_a_dispute(parties: Casebook, session: Session) -> None:
    parties.statement("S", actor="aland", affirms="p").statement("T", actor="bland", denies="p")
    assert told(session, "S", "T").because == (
        "neither responds to the other",
        "S and T share no voice",
        "the principal of S is aland, that of T is bland",
    )


def test_each_ground_has_both_readings_the_best_first(case: Casebook, session: Session) -> None:
    case.topic("day", exclusive=True).proposition("monday", topic="day", text="On Monday.")
    case.proposition("tuesday", topic="day", text="On Tuesday.")
    case.claim("C", stances={"p": 1}).claim("D", stances={"p": -2})
    words = {"hedge": "may", "likelihood": "likely", "confidence": "low", "rationale": "Because."}
    case.document("paper")
    case.stance("C", "monday", 2, judge="reader", basis="inferred", document="paper", **words)
    case.stance("D", "tuesday", 2)
    exclusive, plain = told(session, "C", "D").grounds
    assert (exclusive.via, exclusive.topic) == ("exclusive_topic", "day")
    assert (exclusive.strength, exclusive.basis) == (2, "inferred")
    assert (exclusive.subject_text, exclusive.counter_text) == ("On Monday.", "On Tuesday.")
    assert {name: getattr(exclusive, f"subject_{name}") for name in words} == words
    assert (exclusive.subject_asserted_by, exclusive.subject_document) == ("reader", "paper")
    assert (plain.via, plain.topic, plain.strength) == ("proposition", None, 1)
    assert (plain.subject_value, plain.counter_value, plain.falls_away) == (1, -2, False)


def test_links_and_reconciliations_are_told(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("D", denies="p")
    case.link("C", "contradicts", "D", judge="reader", rationale="Plainly.", strength=1)
    case.link("C", "reconciles", "D", judge="other", strength=1).link("D", "repeats", "C")
    found = told(session, "C", "D")
    assert [(row.from_, row.relation, row.to, row.asserted_by) for row in found.links] == [
        ("C", "contradicts", "D", "reader"),
        ("C", "reconciles", "D", "other"),
        ("D", "repeats", "C", "coder"),
    ]
    assert (found.links[0].strength, found.links[0].rationale) == (1, "Plainly.")
    assert found.row is not None
    assert (found.row.status, found.row.reconciled_by) == ("disputed", ("other",))
    assert (found.status_rule or "").startswith("some judge finds the two compatible")


def test_a_reconciled_pair_is_explained_and_said_to_be_left_out(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").claim("D", denies="p").link("C", "reconciles", "D")
    found = told(session, "C", "D")
    assert found.opposed
    assert found.notes == ("reconciled: reports leave the pair out, but for --include-reconciled",)


def test_a_superseded_entry_is_explained_and_said_to_be_left_out(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").claim("D", denies="p").claim("E").link("E", "supersedes", "D")
    found = told(session, "C", "D")
    assert found.opposed
    [note] = found.notes
    assert note == "D is superseded by E: reports leave it out, but for --include-superseded"


def test_stances_that_fall_away_beside_a_link_are_told_so(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", about=MARCH).claim("D", denies="p", about=APRIL)
    case.link("C", "contradicts", "D", strength=1)
    found = told(session, "C", "D")
    assert found.row is not None
    assert (found.row.status, found.row.strength) == ("linked", 1)
    assert [ground.falls_away for ground in found.grounds] == [True]
    times = "C speaks of 2025-03, D of 2025-04: no time in common"
    assert found.notes == (f"what they say of p is not a ground: {times}",)


# --- why they do not ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            ("claim", {"affirms": "p"}), ("claim", {"denies": "q"}),
            "they share no proposition and no measure", id="nothing in common",
        ),
        pytest.param(
            ("claim", {"affirms": "p"}), ("claim", {"stances": {"p": 1}}), "both affirm p",
            id="both affirm",
        ),
        pytest.param(
            ("claim", {"denies": "p"}), ("claim", {"stances": {"p": -1}}), "both deny p",
            id="both deny",
        ),
        pytest.param(
            ("claim", {"affirms": "p"}), ("claim", {"stances": {"p": 0}}), "E2 leaves p open",
            id="one leaves it open",
        ),
        pytest.param(
            ("claim", {"stances": {"p": 0}}), ("claim", {"stances": {"p": 0}}),
            "E1 and E2 leave p open", id="both leave it open",
        ),
        pytest.param(
            ("claim", {"affirms": "p", "about": MARCH}), ("claim", {"denies": "p", "about": APRIL}),
            "what they say of p is not a ground: E1 speaks of 2025-03, E2 of 2025-04: no time in "
            "common", id="disjoint periods",
        ),
        pytest.param(
            ("claim", {"affirms": "p", "about": MARCH}),
            ("action", {"denies": "p", "date": "2025-04-02"}),
            "what they say of p is not a ground: E2 (2025-04-02) lies outside the period of E1 "
            "(2025-03)", id="a deed outside the period",
        ),
        pytest.param(
            ("commitment", {"affirms": "p", "date": "2025-03-05", "about": "2025-03"}),
            ("action", {"denies": "p", "date": "2025-03-02"}),
            "what they say of p is not a ground: E2 (2025-03-02) is surely before the promise "
            "of E1 (2025-03-05)", id="the deed before the promise",
        ),
        pytest.param(
            ("claim", {"stances": {"monday": 2, "tuesday": 2}}), ("claim", {"affirms": "monday"}),
            "both affirm one proposition of the exclusive topic day, so that no other of it sets "
            "them apart", id="an exclusive topic that is settled",
        ),
    ],
)  # fmt: skip
@pytest.mark.both_databases
def test_where_two_do_not_oppose_each_other_it_says_why_not(
    case: Casebook,
    session: Session,
    one: tuple[str, dict[str, Any]],
    other: tuple[str, dict[str, Any]],
    expected: str,
) -> None:
    case.topic("day", exclusive=True)
    case.proposition("monday", topic="day").proposition("tuesday", topic="day")
    for ref, (kind, given) in (("E1", one), ("E2", other)):
        case.entry(kind, ref, **given)
    for found in (told(session, "E1", "E2"), told(session, "E2", "E1")):
        assert (found.opposed, found.row, found.rule) == (False, None, None)
        assert expected in found.because
        assert found.because[-1] == NO_LINK


def test_two_that_are_reconciled_without_opposing_each_other_are_said_to_be(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").claim("D", affirms="p").link("C", "reconciles", "D", judge="isw")
    found = told(session, "C", "D")
    assert (found.opposed, found.because) == (False, ("both affirm p", NO_LINK))
    assert found.notes == ("a judge has found the two compatible all the same: isw",)


@pytest.mark.both_databases
def test_what_was_not_known_by_a_day_is_named(case: Casebook, session: Session) -> None:
    from datetime import date

    case.document("early", published="2025-03-01").document("late", published="2025-05-01")
    case.claim("C", affirms="p", cites="early").claim("D", denies="p", cites="late")
    found = told(session, "C", "D", known_by=date(2025, 4, 1))
    assert (found.opposed, found.because) == (False, ("D was not known by 2025-04-01",))
    assert told(session, "C", "D", known_by=date(2025, 5, 1)).opposed


def test_only_the_judges_asked_for_count(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", judge="reader").claim("D", denies="p", judge="other")
    case.link("C", "contradicts", "D", judge="other")
    found = told(session, "C", "D", asserted_by=("reader",))
    assert (found.opposed, found.links) == (False, ())
    assert found.notes == ("only the stances, figures and links of reader count",)


# --- both sides -----------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_a_pair_is_explained_as_the_report_of_contradictions_has_it(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    for seed in (1, 2) if backend == "sqlite" else (3,):
        drawn = draw(seed)
        wanted = as_filters(scope)
        with loaded(backend, drawn) as session:
            rows = {
                frozenset({row.subject_ref, row.counter_ref}): row
                for row in contradictions(session, wanted, PairFilters(include_reconciled=True))
            }
            counting = {ref for pair in rows for ref in pair}
            for names in combinations(sorted(counting), 2):
                found = explain(session, *names, wanted)
                assert found.row == rows.get(frozenset(names)), names
                assert found.opposed is (found.row is not None and found.row.klass is not None)
                assert found.opposed or found.because


def test_one_entry_is_no_pair_and_an_unknown_one_is_answered_with_the_nearest(
    case: Casebook, session: Session
) -> None:
    case.claim("C-1").claim("C-2")
    with pytest.raises(InvalidValue, match="'C-1' is not valid: expected another entry than 'C-1'"):
        explain(session, "C-1", "C-1")
    with pytest.raises(UnknownRef, match="no entry 'C-3'; did you mean C-"):
        explain(session, "C-1", "C-3")


def test_a_pair_is_explained_in_a_fixed_number_of_statements(
    case: Casebook, session: Session
) -> None:
    counts = []
    for ref, many in (("A", 1), ("B", 12)):
        stances = {f"p{number}": 2 for number in range(many)}
        case.claim(f"{ref}1", stances=stances)
        case.claim(f"{ref}2", stances=dict.fromkeys(stances, -2))
        session.expire_all()
        with count_queries(session) as sent:
            assert len(explain(session, f"{ref}1", f"{ref}2").grounds) == many
        counts.append(len(sent))
    assert counts[1] == counts[0] <= 20
