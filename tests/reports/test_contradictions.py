"""Which entries oppose each other, on which grounds, how strongly, and which is the subject.

Model.md 3.2, through the report. What time keeps apart is in `test_pair_times`, what a pair is
called in `test_pair_classes`, what judges say of it in `test_pair_status`.
"""

from datetime import date
from itertools import combinations

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.reports.contradictions import ContradictionRow
from pair_rows import only, pairs, told

Stances = dict[str, int]

# --- grounds --------------------------------------------------------------------------------------


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
    stances: tuple[Stances, Stances],
    expected: list[tuple[str, str]],
) -> None:
    case.topic("t", exclusive=True).topic("u").topic("also", exclusive=True)
    case.topic("below", parent="t", exclusive=True)
    case.proposition("p", topic=topics[0]).proposition("q", topic=topics[1])
    case.claim("C", stances=stances[0]).statement("S", stances=stances[1])
    assert pairs(session) == expected


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param(({"p": 2, "q": 1}, {"p": 1}), None, id="one affirms another as well"),
        pytest.param(({"p": 2, "q": 2}, {"p": 2, "r": 2}), None, id="each affirms another as well"),
        pytest.param(
            ({"p": 2, "q": 2}, {"p": 0, "r": 2}), ("p", "q", "r"), id="one leaves it open"
        ),
        pytest.param(({"p": 2, "x": 2}, {"q": 2, "x": 2}), ("p", "q"), id="in another topic"),
    ],
)
def test_who_affirms_one_and_the_same_in_an_exclusive_topic_is_not_opposed_in_it(
    case: Casebook,
    session: Session,
    stances: tuple[Stances, Stances],
    expected: tuple[str, ...] | None,
) -> None:
    case.topic("t", exclusive=True).topic("also", exclusive=True)
    for name in "pqr":
        case.proposition(name, topic="t")
    case.proposition("x", topic="also")
    case.claim("C", stances=stances[0]).statement("S", stances=stances[1])
    found = told(session, "propositions")
    assert found == ([] if expected is None else [(expected,)])


def test_another_judge_can_settle_what_two_affirm_in_an_exclusive_topic(
    case: Casebook, session: Session
) -> None:
    case.topic("t", exclusive=True).proposition("p", topic="t").proposition("q", topic="t")
    case.claim("C", affirms="p").statement("S", affirms="q")
    assert pairs(session) == [("C", "S")]
    case.stance("S", "p", 1, judge="other")
    assert pairs(session) == []


def test_what_two_affirm_alike_leaves_what_one_of_them_denies(
    case: Casebook, session: Session
) -> None:
    case.topic("t", exclusive=True).proposition("p", topic="t").proposition("q", topic="t")
    case.claim("C", stances={"p": 2, "q": 2}).statement("S", stances={"p": 2, "q": -1})
    row = only(session)
    assert (row.via, row.propositions, row.strength) == (("proposition",), ("q",), 1)


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


def test_two_entries_are_one_row_however_many_grounds_they_have(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", denies="q").statement("S", affirms="q", denies="p")
    case.link("C", "contradicts", "S", judge="a").link("C", "contradicts", "S", judge="b")
    row = only(session)
    assert (row.via, row.propositions) == (("proposition", "link"), ("p", "q"))
    assert row.asserted_by == ("a", "b", "coder")


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
    assert row.propositions == tuple(f"p{number}" for number in range(len(grounds)))


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
        name = f"{subject}-{counter}"
        case.entry(counter, f"a-{name}", affirms=name, date="2020/2024")  # begins earlier
        case.entry(subject, f"z-{name}", denies=name, date="2024")
        expected.append((f"z-{name}", f"a-{name}"))
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


# --- the row --------------------------------------------------------------------------------------


def test_a_row_holds_all_that_is_known_of_the_pair(case: Casebook, session: Session) -> None:
    case.topic("t", exclusive=True).proposition("p", topic="t").proposition("q", topic="t")
    case.document("D", url="https://d.example").document("E", url="https://e.example")
    case.document("F").actor("spokesman", parent="ministry").actor("src", kind="anonymous")
    case.claim("C", actor="src", summary="He will.", date="2024-01-25", cites="E")
    case.cite("C", "D", "support").cite("C", "D", "support", label="[2]").cite("C", "F", "relay")
    case.statement("S", actor="spokesman", summary="He will not.", date="2024-01", cites="F")
    case.stance("C", "p", 2, condition="if asked", judge="b")
    case.stance("S", "p", -2, condition="barring defeat", judge="a")
    case.stance("S", "q", 1, judge="a").link("C", "contradicts", "S", judge="c", strength=1)
    case.link("C", "reconciles", "S", judge="d").link("C", "reconciles", "S", judge="a")
    assert only(session) == ContradictionRow(
        subject_ref="C",
        subject_kind="claim",
        subject_actor="src",
        subject_principal="src",
        subject_date_from=date(2024, 1, 25),
        subject_date_to=date(2024, 1, 25),
        subject_time_from=None,
        subject_time_to=None,
        subject_summary="He will.",
        counter_ref="S",
        counter_kind="statement",
        counter_actor="spokesman",
        counter_principal="ministry",
        counter_date_from=date(2024, 1, 1),
        counter_date_to=date(2024, 1, 31),
        counter_time_from=None,
        counter_time_to=None,
        counter_summary="He will not.",
        klass="at_odds_with_record",
        timing=None,
        status="disputed",
        reconciled_by=("a", "d"),
        strength=2,
        basis="explicit",
        via=("proposition", "exclusive_topic", "link"),
        propositions=("p", "q"),
        measures=(),
        conditions=("barring defeat", "if asked"),
        asserted_by=("a", "b", "c"),
        days=0,
        subject_urls=("https://d.example", "https://e.example"),
        counter_urls=(),
    )


def test_the_principal_is_that_of_the_agent(case: Casebook, session: Session) -> None:
    case.actor("army", parent="state").actor("soldier", parent="army").actor(
        "guest", parent="other"
    )
    case.statement("S", actor="soldier", affirms="p", date="2023")
    case.statement("T", actor="soldier", on_behalf_of="guest", denies="p", date="2024")
    row = only(session)
    assert (row.subject_actor, row.subject_principal) == ("soldier", "state")
    assert (row.counter_actor, row.counter_principal) == ("soldier", "other")
