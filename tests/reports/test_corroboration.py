"""Who affirms and denies each proposition, and from how many independent origins."""

from collections.abc import Iterator
from datetime import date

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.corroboration import CorroborationRow, corroboration
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries

NOTHING = Filters()


def sides(session: Session, wanted: Filters = NOTHING) -> dict[str, tuple[str, str]]:
    """The affirmers and the deniers of each proposition."""
    found = corroboration(session, wanted)
    return {row.proposition: (" ".join(row.affirmers), " ".join(row.deniers)) for row in found}


def test_a_row_holds_both_sides_with_their_origins_publishers_and_days(
    case: Casebook, session: Session
) -> None:
    case.document("D", publisher="daily").document("E", publisher="weekly")
    case.actor("source", kind="anonymous")
    case.claim("C2", affirms="p", actor="source", cites="D", date="2024-01-02")
    case.claim("C10", stances={"p": 1}, actor="source", cites="E", date="2024-01-05")
    case.claim("B", affirms="p", cites="D", date="2024-01/2024-02").assessment("J", affirms="p")
    case.statement("S", denies="p", date="2024-03-01").claim("N", stances={"p": 0})
    case.action("X", stances={"p": -1}, cites="D").assessment("K", denies="p", cites="D")
    assert list(corroboration(session)) == [
        CorroborationRow(
            proposition="p",
            affirmed_by=3,
            affirmed_independent_min=1,
            affirmed_independent_max=2,
            affirmed_publishers=2,
            affirmed_judged_by=1,
            affirmed_from=date(2024, 1, 1),
            affirmed_to=date(2024, 2, 29),
            denied_by=2,
            denied_independent_min=1,
            denied_independent_max=2,
            denied_publishers=1,
            denied_judged_by=1,
            denied_from=date(2024, 3, 1),
            denied_to=date(2024, 3, 1),
            affirmers=("B", "C10", "C2"),
            deniers=("S", "X"),
        )
    ]


def test_entries_of_every_kind_count_and_assessments_apart(
    case: Casebook, session: Session
) -> None:
    for kind in EntryKind:
        case.entry(kind, kind, affirms="p")
    assert sides(session)["p"][0] == "action claim commitment statement window"


def test_origins_are_those_of_the_affirmers_alone(case: Casebook, session: Session) -> None:
    for ref, side in (("A", "affirms"), ("B", "affirms"), ("C", "denies")):
        case.document(f"of-{ref}", publisher=f"press-{ref}")
        case.claim(ref, cites=f"of-{ref}", **{side: "p"})
    case.link("A", "repeats", "C")
    (row,) = corroboration(session)
    assert (row.affirmed_independent_min, row.affirmed_independent_max) == (2, 2)
    assert (row.denied_independent_min, row.denied_independent_max) == (1, 1)


def test_where_judges_differ_an_entry_both_affirms_and_denies(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", judge="a").stance("C", "p", -1, judge="b")
    case.stance("C", "p", 1, judge="c")
    assert sides(session) == {"p": ("C", "C")}
    assert sides(session, Filters(asserted_by=("b",))) == {"p": ("", "C")}


def test_every_proposition_has_a_row_by_ref(case: Casebook, session: Session) -> None:
    for ref in ("q", "P", "p2", "p10"):
        case.proposition(ref)
    case.claim("C", affirms="q")
    assert sides(session) == {"P": ("", ""), "p10": ("", ""), "p2": ("", ""), "q": ("C", "")}
    (row,) = corroboration(session, Filters(propositions=("P",)))
    nothing = (0, 0, 0, 0, 0, None, None)
    assert row == CorroborationRow("P", *nothing, *nothing, (), ())


def log_many(case: Casebook) -> None:
    case.topic("top").topic("sub", parent="top").topic("apart").proposition("z", topic="apart")
    case.proposition("p", topic="sub").proposition("q", topic="apart").proposition("r", topic="top")
    case.document("D", published="2024-01-01", publisher="daily")
    case.actor("aide", parent="chief")
    case.claim("C", affirms="p", cites="D", date="2024-01-01")
    case.statement("S", actor="aide", stances={"p": 1, "q": -2, "r": 0}, date="2024-02-01")
    case.action("X", denies="p", date="2024-03-01")


@pytest.fixture
def many(backend: str, logged: Logged) -> Iterator[Casebook]:
    """p is affirmed by C and S and denied by X, q denied by S, r left open by S, z untouched."""
    with logged(backend, log_many) as case:
        yield case


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            Filters(),
            {"p": ("C S", "X"), "q": ("", "S"), "r": ("", ""), "z": ("", "")},
            id="none",
        ),
        pytest.param(Filters(kinds=(EntryKind.CLAIM,)), {"p": ("C", "")}, id="kind"),
        pytest.param(
            Filters(actors=("chief",)), {"p": ("S", ""), "q": ("", "S"), "r": ("", "")}, id="actor"
        ),
        pytest.param(
            Filters(principal="chief"),
            {"p": ("S", ""), "q": ("", "S"), "r": ("", "")},
            id="principal",
        ),
        pytest.param(Filters(sources=("daily",)), {"p": ("C", "")}, id="source"),
        pytest.param(Filters(since=date(2024, 3, 1)), {"p": ("", "X")}, id="since"),
        pytest.param(Filters(until=date(2024, 1, 31)), {"p": ("C", "")}, id="until"),
        pytest.param(
            Filters(topics=("top",)), {"p": ("C S", "X"), "r": ("", "")}, id="topic, all below"
        ),
        pytest.param(Filters(propositions=("q",)), {"q": ("", "S")}, id="proposition"),
        pytest.param(Filters(affirming=True), {"p": ("C S", "X")}, id="with an affirmer"),
        pytest.param(Filters(denying=True), {"p": ("C S", "X"), "q": ("", "S")}, id="a denier"),
        pytest.param(
            Filters(denying=True, kinds=(EntryKind.STATEMENT,)), {"q": ("", "S")}, id="and kind"
        ),
        pytest.param(
            Filters(min_strength=2),
            {"p": ("C", "X"), "q": ("", "S"), "r": ("", ""), "z": ("", "")},
            id="strength",
        ),
        pytest.param(
            Filters(known_by=date(2024, 1, 15)),
            {"p": ("C", ""), "q": ("", ""), "r": ("", ""), "z": ("", "")},
            id="known by",
        ),
        pytest.param(Filters(limit=1, offset=1), {"q": ("", "S")}, id="page"),
    ],
)
def test_propositions_are_narrowed_by_filters(
    many: Casebook, wanted: Filters, expected: dict[str, tuple[str, str]]
) -> None:
    assert sides(many.session, wanted) == expected


def test_superseded_entries_count_only_when_asked_for(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("C2", denies="p").link("C2", "supersedes", "C")
    assert sides(session) == {"p": ("", "C2")}
    assert sides(session, Filters(include_superseded=True)) == {"p": ("C", "C2")}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param(("-denied_by",), "pqrz", id="counted by the database"),
        pytest.param(("affirmed_independent_max", "-proposition"), "zrqp", id="counted here"),
    ],
)
def test_propositions_can_be_sorted(many: Casebook, sort: tuple[str, ...], expected: str) -> None:
    assert "".join(sides(many.session, Filters(sort=sort))) == expected


def test_an_unknown_column_to_sort_by_is_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour'"):
        corroboration(session, Filters(sort=("colour",)))


def test_statements_do_not_grow_with_the_propositions(many: Casebook) -> None:
    with count_queries(many.session) as sent:
        assert len(list(corroboration(many.session))) == 4
    assert len(sent) <= 16
