"""Which of the pairs are listed: filters on their entries, and on the pairs themselves."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters, resolve_pair_refs
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing
from conftest import Logged
from pair_rows import pairs, told

# --- entries --------------------------------------------------------------------------------------


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
    """C and D claim p, S denies it, X denies it by deed and q as well; a judge links C and E."""
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
        pytest.param({"classes": (PairClass.AT_ODDS_WITH_ACTION,)}, [("D", "X")], id="class"),
        pytest.param({"classes": (PairClass.DENIAL,)}, [], id="a class that there is not"),
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
        pytest.param({"entries": ("C",)}, [("C", "S"), ("C", "X"), ("E", "C")], id="one entry"),
        pytest.param({"entries": ("X",)}, [("C", "X"), ("D", "X")], id="one entry, a counter"),
        pytest.param({"entries": ("E", "S")}, [("C", "S"), ("D", "S"), ("E", "C")], id="either"),
        pytest.param({"entries": ("nobody",)}, [], id="no entry"),
    ],
)
def test_pairs_are_narrowed_by_what_is_asked_of_them(
    many: Casebook, wanted: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert pairs(many.session, **wanted) == expected


# --- days, timing, status -------------------------------------------------------------------------


def log_days(case: Casebook) -> None:
    case.claim("C", affirms="p", date="2024-01-10")
    for ref, given in {
        "before": {"date": "2024-01-01"},
        "day": {"date": "2024-01-10"},
        "over": {"date": "2024-01-05/2024-01-15"},
        "soon": {"date": "2024-01-13"},
        "late": {"date": "2024-01-14"},
        "open": {"date_from": "2024-01-12"},
        "perhaps": {"date_to": "2024-01-20"},
        "undated": {},
    }.items():
        case.statement(ref, denies="p", **given)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"max_days": 0}, "day over", id="at most none"),
        pytest.param({"max_days": 3}, "day open over soon", id="at most three, either way"),
        pytest.param({"max_days": 9}, "before day late open over soon", id="also before"),
        pytest.param({"min_days": 0}, "day late open over soon", id="not before"),
        pytest.param({"min_days": 1}, "late open soon", id="after"),
        pytest.param({"min_days": 4}, "late", id="long after"),
        pytest.param({"min_days": -9}, "before day late open over soon", id="not long before"),
        pytest.param({"min_days": -8}, "day late open over soon", id="nor so long"),
        pytest.param({"min_days": 0, "max_days": 3}, "day open over soon", id="within 72 hours"),
        pytest.param({"min_days": 3, "max_days": 3}, "soon", id="exactly"),
        pytest.param({"min_days": 5, "max_days": 4}, "", id="nothing is both"),
    ],
)
def test_max_days_bounds_the_gap_either_way_and_min_days_from_subject_to_counter(
    backend: str, logged: Logged, asked: dict[str, Any], expected: str
) -> None:
    with logged(backend, log_days) as case:
        found = pairs(case.session, **asked)
    assert [counter for _, counter in found] == expected.split()


def test_the_counter_can_be_the_earlier_one_by_min_days(case: Casebook, session: Session) -> None:
    case.commitment("K", affirms="p", date="2024-01-10").claim("C", denies="p", date="2024-01-01")
    assert pairs(session, min_days=-8) == []
    assert pairs(session, min_days=-9, max_days=9) == [("K", "C")]


def log_judged(case: Casebook) -> None:
    case.commitment("K", affirms="p", date="2024-05-10", about="2024-06")
    case.action("inside", denies="p", date="2024-06-10")
    case.action("perhaps", denies="p", date="2024-06/2024-07")
    case.claim("C", affirms="p").link("C", "contradicts", "inside")
    case.link("C", "reconciles", "perhaps").link("K", "reconciles", "perhaps", strength=1)
    case.statement("S").statement("T").link("S", "contradicts", "T").link("S", "reconciles", "C")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({"timings": (Timing.CERTAIN,)}, ["K inside"], id="certain"),
        pytest.param({"timings": (Timing.POSSIBLE,)}, ["K perhaps"], id="possible"),
        pytest.param({"timings": tuple(Timing)}, ["K inside", "K perhaps"], id="either"),
        pytest.param({"statuses": (PairStatus.CONFIRMED,)}, ["C inside"], id="confirmed"),
        pytest.param({"statuses": (PairStatus.LINKED,)}, ["S T"], id="linked"),
        pytest.param({"statuses": (PairStatus.DISPUTED,)}, ["K perhaps"], id="disputed"),
        pytest.param({"statuses": (PairStatus.DERIVED,)}, ["K inside"], id="derived"),
        pytest.param({"statuses": (PairStatus.RECONCILED,)}, ["C S", "C perhaps"], id="reconciled"),
        pytest.param(
            {"statuses": (PairStatus.DISPUTED, PairStatus.RECONCILED)},
            ["C S", "C perhaps", "K perhaps"],
            id="disputed or reconciled",
        ),
        pytest.param(
            {"classes": (PairClass.BREACH,), "timings": (Timing.CERTAIN,)},
            ["K inside"],
            id="class and timing",
        ),
        pytest.param(
            {"classes": (PairClass.COUNTERED_BY_ACTION,), "include_reconciled": True},
            ["C inside", "C perhaps"],
            id="a class, also reconciled; what does not oppose has none",
        ),
    ],
)
def test_pairs_are_narrowed_by_timing_and_status(
    backend: str, logged: Logged, asked: dict[str, Any], expected: list[str]
) -> None:
    with logged(backend, log_judged) as case:
        assert [" ".join(pair) for pair in pairs(case.session, **asked)] == expected


# --- principals -----------------------------------------------------------------------------------


def log_principals(case: Casebook) -> None:
    case.actor("army", parent="state").actor("minister", parent="state").actor("rival")
    case.statement("A", actor="army", affirms="p").statement("M", actor="minister", denies="p")
    case.statement("R", actor="rival", denies="p")
    case.statement("Z", actor="rival", on_behalf_of="state", denies="p")
    case.statement("Y", actor="army", on_behalf_of="rival", affirms="p")


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        pytest.param("state", ["A M", "A Z"], id="a principal"),
        pytest.param("rival", ["R Y"], id="on its behalf"),
        pytest.param("army", [], id="those below an actor that is no principal"),
    ],
)
def test_within_a_principal_both_entries_are_on_its_behalf(
    backend: str, logged: Logged, principal: str, expected: list[str]
) -> None:
    with logged(backend, log_principals) as case:
        found = pairs(case.session, within_principal=principal)
        assert [" ".join(pair) for pair in found] == expected


def test_a_principal_can_be_named_in_words(case: Casebook, session: Session) -> None:
    case.actor("state", name="The State")
    known = resolve_pair_refs(session, PairFilters(within_principal="The State"))
    assert known.within_principal == "state"
    assert resolve_pair_refs(session, PairFilters()) == PairFilters()


# --- strength, topics -----------------------------------------------------------------------------


def test_min_strength_is_that_of_the_pair(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p", stances={"q": 2}).statement("S", stances={"p": -1, "q": -1})
    case.statement("T", denies="p").statement("U").link("C", "contradicts", "U")
    case.statement("V", stances={"q": -1}).link("C", "contradicts", "V", strength=2)
    case.statement("W").link("C", "contradicts", "W", strength=1)
    case.statement("X").link("C", "reconciles", "X")
    strong = Filters(min_strength=2)
    assert pairs(session, strong) == [("C", "T"), ("C", "U")]
    assert pairs(session, strong, include_reconciled=True) == [("C", "T"), ("C", "U")]
    assert len(pairs(session, Filters(min_strength=1), include_reconciled=True)) == 5


def test_what_was_considered_is_on_what_either_entry_speaks_of(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p").statement("S", affirms="q").statement("T", affirms="r")
    case.link("C", "reconciles", "S").link("C", "reconciles", "T")
    on_q = Filters(propositions=("q",))
    assert pairs(session, on_q, include_reconciled=True) == [("C", "S")]
    assert told(session, "counter_ref", include_reconciled=True) == [("S",), ("T",)]


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
