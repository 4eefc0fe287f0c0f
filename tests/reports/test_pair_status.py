"""What judges say of a pair, whose judgements count, and what another entry supersedes.

Model.md 3.4, `--asserted-by` of 3.2, and entries that leave the reports (section 2).
"""

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.vocab import PairStatus
from pair_rows import only, pairs, told

Links = list[tuple[str, str, int]]
"""Relation, judge and strength of each link."""

ONE_READER = {"C": ["a"], "S": ["a"]}
TWO_READERS = {"C": ["a"], "S": ["b"]}


def log_pair(case: Casebook, readers: dict[str, list[str]], links: Links) -> None:
    """Log a claim and a statement that denies it in the reading of some judges, and links."""
    case.claim("C").statement("S")
    for ref, value in (("C", 2), ("S", -2)):
        for judge in readers.get(ref, ()):
            case.stance(ref, "p", value, judge=judge)
    for relation, judge, strength in links:
        case.link("C", relation, "S", judge=judge, strength=strength)


# --- status ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("readers", "links", "status", "reconciled_by"),
    [
        pytest.param(ONE_READER, [], "derived", (), id="stances alone"),
        pytest.param({}, [("contradicts", "a", 1)], "linked", (), id="a link alone"),
        pytest.param(ONE_READER, [("contradicts", "a", 2)], "confirmed", (), id="both"),
        pytest.param(ONE_READER, [("contradicts", "b", 1)], "confirmed", (), id="both, by two"),
        pytest.param(ONE_READER, [("corroborates", "a", 2)], "derived", (), id="corroborated too"),
        pytest.param(
            ONE_READER, [("reconciles", "a", 2)], "reconciled", ("a",), id="by its only judge"
        ),
        pytest.param(
            ONE_READER,
            [("reconciles", "a", 1)],
            "disputed",
            ("a",),
            id="only perhaps, by its judge",
        ),
        pytest.param(ONE_READER, [("reconciles", "b", 2)], "disputed", ("b",), id="by another"),
        pytest.param(
            ONE_READER, [("reconciles", "b", 1)], "disputed", ("b",), id="perhaps, by another"
        ),
        pytest.param(
            TWO_READERS, [("reconciles", "a", 2)], "disputed", ("a",), id="by one of two judges"
        ),
        pytest.param(
            TWO_READERS,
            [("reconciles", "a", 2), ("reconciles", "b", 1)],
            "disputed",
            ("a", "b"),
            id="by both, of whom one says perhaps",
        ),
        pytest.param(
            TWO_READERS,
            [("reconciles", "a", 2), ("reconciles", "b", 2)],
            "reconciled",
            ("a", "b"),
            id="by both",
        ),
        pytest.param(
            ONE_READER,
            [("reconciles", "a", 2), ("reconciles", "b", 1)],
            "reconciled",
            ("a", "b"),
            id="by its judge, and perhaps by another",
        ),
        pytest.param(
            {"C": ["a", "b"], "S": ["a"]},
            [("reconciles", "a", 2)],
            "disputed",
            ("a",),
            id="by one, of whose grounds another read one side",
        ),
        pytest.param(
            ONE_READER,
            [("contradicts", "b", 1), ("reconciles", "a", 2)],
            "disputed",
            ("a",),
            id="not by who links them",
        ),
        pytest.param(
            ONE_READER,
            [("contradicts", "b", 1), ("reconciles", "a", 2), ("reconciles", "b", 2)],
            "reconciled",
            ("a", "b"),
            id="by who links them, too",
        ),
        pytest.param(
            {},
            [("contradicts", "a", 2), ("reconciles", "a", 2)],
            "reconciled",
            ("a",),
            id="a link, by who made it",
        ),
        pytest.param(
            {},
            [("contradicts", "a", 2), ("reconciles", "b", 2)],
            "disputed",
            ("b",),
            id="a link, by another",
        ),
    ],
)
def test_the_status_says_what_judges_say(
    case: Casebook,
    session: Session,
    readers: dict[str, list[str]],
    links: Links,
    status: str,
    reconciled_by: tuple[str, ...],
) -> None:
    log_pair(case, readers, links)
    found = told(session, "status", "reconciled_by", include_reconciled=True)
    assert found == [(status, reconciled_by)]
    listed = [] if status == "reconciled" else [("C", "S")]
    assert pairs(session) == listed


def test_a_reconciled_pair_keeps_its_class_and_strength(case: Casebook, session: Session) -> None:
    case.statement("S", affirms="p", date="2024-05").action("X", denies="p", date="2024-06")
    case.link("S", "reconciles", "X")
    row = only(session, include_reconciled=True)
    assert (row.klass, row.strength, row.basis, row.via) == (
        "belied_by_action",
        2,
        "explicit",
        ("proposition",),
    )


def test_reconciled_pairs_are_listed_by_their_status_as_well(
    case: Casebook, session: Session
) -> None:
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


@pytest.mark.parametrize("strength", [1, 2], ids=["perhaps", "surely"])
@pytest.mark.parametrize("backwards", [False, True], ids=["from the subject", "from the counter"])
def test_what_is_reconciled_without_opposing_shows_that_it_was_considered(
    case: Casebook, session: Session, strength: int, backwards: bool
) -> None:
    ends = ("S", "C") if backwards else ("C", "S")
    case.claim("C", affirms="p", date="2024-01-01").statement("S", affirms="p", date="2024-01-03")
    case.link(ends[0], "reconciles", ends[1], judge="a", strength=strength)
    assert pairs(session) == []
    row = only(session, include_reconciled=True)
    assert (row.subject_ref, row.counter_ref, row.via) == ("C", "S", ("reconciles",))
    assert (row.klass, row.strength, row.basis, row.timing) == (None, None, None, None)
    assert (row.status, row.reconciled_by, row.days) == ("reconciled", ("a",), 2)
    assert (row.propositions, row.conditions, row.asserted_by) == ((), (), ())


def test_what_time_keeps_apart_can_be_reconciled_all_the_same(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", about="2024-05").statement("S", denies="p", about="2024-06")
    case.link("C", "reconciles", "S")
    assert told(session, "via", "klass", include_reconciled=True) == [(("reconciles",), None)]


# --- judges ---------------------------------------------------------------------------------------

ONLY_A = Filters(asserted_by=("a",))


def test_other_judges_drop_out_before_anything_is_derived(case: Casebook, session: Session) -> None:
    case.statement("S", affirms="p", judge="a").action("X", judge="a", date="2024-06")
    case.stance("X", "p", -1, judge="a").stance("X", "p", -2, judge="b")
    case.link("S", "contradicts", "X", judge="b")
    everyone, alone = only(session), only(session, ONLY_A)
    assert (everyone.status, everyone.strength, everyone.asserted_by) == (
        "confirmed",
        2,
        ("a", "b"),
    )
    assert everyone.via == ("proposition", "link")
    assert (alone.status, alone.strength, alone.asserted_by) == ("derived", 1, ("a",))
    assert alone.via == ("proposition",)


@pytest.mark.parametrize(
    ("stances", "links", "judges", "expected"),
    [
        pytest.param(TWO_READERS, [], ("a",), [], id="another sees one side"),
        pytest.param(TWO_READERS, [], ("a", "b"), [("C", "S")], id="both are asked for"),
        pytest.param({}, [("contradicts", "b", 2)], ("a",), [], id="another links them"),
        pytest.param(
            ONE_READER, [("reconciles", "b", 2)], ("a",), [("C", "S")], id="another reconciles"
        ),
        pytest.param(ONE_READER, [("reconciles", "a", 2)], ("a",), [], id="it reconciles itself"),
        pytest.param(
            {"C": ["a", "b"], "S": ["a", "b"]},
            [("reconciles", "a", 2)],
            ("a",),
            [],
            id="of two it reconciles, the other is not asked for",
        ),
    ],
)
def test_only_the_readings_of_the_judges_asked_for_count(
    case: Casebook,
    session: Session,
    stances: dict[str, list[str]],
    links: Links,
    judges: tuple[str, ...],
    expected: list[tuple[str, str]],
) -> None:
    for judge in "ab":
        case.actor(judge)
    log_pair(case, stances, links)
    assert pairs(session, Filters(asserted_by=judges)) == expected


def test_a_dispute_is_that_of_the_judges_asked_for(case: Casebook, session: Session) -> None:
    log_pair(case, ONE_READER, [("reconciles", "b", 2)])
    assert only(session).status == "disputed"
    assert only(session, ONLY_A).status == "derived"
    assert only(session, Filters(asserted_by=("a", "b"))).status == "disputed"


def test_a_reply_is_a_reply_whichever_judges_are_asked_for(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", judge="a").statement("S", denies="p", judge="a")
    case.link("S", "responds_to", "C", judge="b")
    assert [only(session, scope).klass for scope in (Filters(), ONLY_A)] == ["denial"] * 2


# --- superseded -----------------------------------------------------------------------------------


def test_a_superseded_entry_is_left_out_unless_asked_for(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("C2", affirms="p").statement("S", denies="p")
    case.statement("S2").link("C2", "supersedes", "C").link("S", "supersedes", "S2")
    assert pairs(session) == [("C2", "S")]
    both = Filters(include_superseded=True)
    assert pairs(session, both) == [("C", "S"), ("C2", "S")]


@pytest.mark.parametrize("old", ["C", "S"], ids=["subject", "counter"])
def test_a_pair_leaves_with_either_of_its_entries(
    case: Casebook, session: Session, old: str
) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").statement("N")
    case.claim("D").link("C", "reconciles", "D").link("S", "reconciles", "D")
    case.link("N", "supersedes", old)
    left = "S" if old == "C" else "C"
    assert pairs(session) == []
    found = pairs(session, include_reconciled=True)
    assert [set(pair) for pair in found] == [{"D", left}]


def test_what_any_judge_supersedes_leaves_whichever_judges_are_asked_for(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").claim("C2")
    case.link("C2", "supersedes", "C", judge="other")
    assert pairs(session) == []
    assert pairs(session, Filters(asserted_by=("coder",))) == []
