"""Rules between records that the database cannot express: refusals and warnings."""

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import schemas
from claimtrack.db import Session
from claimtrack.errors import (
    Duplicate,
    Invalid,
)
from claimtrack.models import Citation, Link


@pytest.mark.parametrize(
    ("table", "path"),
    [
        pytest.param("actor", ["a", "b", "c"], id="actors"),
        pytest.param("topic", ["a", "b", "c"], id="topics"),
    ],
)
def test_parents_never_close_a_circle(case: Casebook, table: str, path: list[str]) -> None:
    put = getattr(case, table)
    put("a")
    put("b", parent="a")
    put("c", parent="b")
    with pytest.raises(Invalid, match="would create a cycle"):
        put("a", parent="c")


def test_a_parent_is_not_oneself(case: Casebook) -> None:
    with pytest.raises(ValueError, match="is the actor itself"):
        case.actor("a").put(schemas.NewActor, ref="a", parent="a")


def test_a_quotation_stands_at_its_position(case: Casebook, session: Session) -> None:
    case.document("D", body="Ein «Zitat» steht hier.").claim("C", actor="a")
    case.cite("C", "D", exact="«Zitat»", start_pos=4, end_pos=11)
    assert session.scalars(select(Citation.exact)).all() == ["«Zitat»"]
    with pytest.raises(Invalid, match="is not at 5 to 12"):
        case.cite("C", "D", exact="«Zitat»", start_pos=5, end_pos=12)
    case.document("E").claim("C2", actor="a")
    with pytest.raises(Invalid, match="has no body"):
        case.cite("C2", "E", exact="x", start_pos=0, end_pos=1)


@pytest.mark.parametrize(
    ("role", "kind", "right"),
    [
        pytest.param("counterparty", "commitment", True, id="a commitment's counterparty"),
        pytest.param("counterparty", "action", False, id="no other kind's"),
        pytest.param("target", "action", True, id="an action's target"),
        pytest.param("target", "commitment", False, id="no other kind's target"),
        pytest.param("subject", "claim", True, id="any kind's subject"),
    ],
)
def test_roles_fit_their_kind(case: Casebook, role: str, kind: str, right: bool) -> None:
    case.actor("b")
    participants = [{"actor": "b", "role": role}]
    if right:
        case.entry(kind, "E", participants=participants)
    else:
        with pytest.raises(ValueError, match=f"the role {role} is for"):
            case.entry(kind, "E", participants=participants)


def test_a_kind_is_not_changed_under_its_participants(case: Casebook) -> None:
    case.actor("b").action("A", participants=[{"actor": "b", "role": "target"}])
    with pytest.raises(Invalid, match="the role target is for"):
        case.put(schemas.NewEntry, ref="A", kind="claim")


@pytest.mark.parametrize(
    ("reply", "warned"),
    [
        pytest.param("2024-01-19", True, id="earlier"),
        pytest.param("2024-01-25", False, id="same day"),
        pytest.param("2024-01/2024-02", False, id="overlapping"),
        pytest.param(None, False, id="undated"),
    ],
)
def test_a_reply_dated_before_what_it_answers_is_a_warning(
    case: Casebook, session: Session, reply: str | None, warned: bool
) -> None:
    case.claim("C", actor="a", date="2024-01-25")
    case.statement("S", responds_to="C", **({"date": reply} if reply else {}))
    told = session.state.warnings
    assert [text.startswith("S (") for text in told] == ([True] if warned else [])
    assert session.scalars(select(Link)).one().relation == "responds_to"


def test_an_address_belongs_to_one_document(case: Casebook) -> None:
    case.document("D", url="https://example.org/1")
    with pytest.raises(Duplicate, match="document 'D' already has the address"):
        case.document("E", url="https://example.org/1")


def test_a_canonical_document_is_nobodys_other_address(case: Casebook) -> None:
    case.document("A").document("B", canonical="A")
    with pytest.raises(Invalid, match="is itself another address of 'A'"):
        case.document("C", canonical="B")
    case.document("Z")
    with pytest.raises(Invalid, match="is the canonical one of 'B'"):
        case.put(schemas.NewDocument, ref="A", canonical="Z")


def test_a_date_moved_before_what_it_answers_is_a_warning(case: Casebook, session: Session) -> None:
    case.claim("C", date_from="2024-01-25", date_to="2024-01-25")
    case.statement("S", date_from="2024-01-26", date_to="2024-01-26", responds_to="C")
    case.statement("S", date_from="2024-01-01", date_to="2024-01-01")
    case.statement("S", date_from="2024-01-26", date_to="2024-01-26")
    case.put(schemas.NewEntry, ref="C", date="2024-02-01")
    assert session.state.warnings == [
        f"S ({day}) is dated before C ({answered}), to which it is recorded as a reply: check "
        "the dates"
        for day, answered in (("2024-01-01", "2024-01-25"), ("2024-01-26", "2024-02-01"))
    ]


def test_a_body_keeps_the_quotations_that_stand_in_it(case: Casebook, session: Session) -> None:
    case.document("D", body="Hello world").claim("C", actor="a")
    case.cite("C", "D", exact="world", start_pos=6, end_pos=11)
    case.document("D", body="Hello world, again")
    for body in ("Hello, world", None):
        with pytest.raises(Invalid, match=r"would lose quotations .* C \(6 to 11\)"):
            case.document("D", body=body)
        session.expire_all()
