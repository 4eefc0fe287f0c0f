"""From refs to rows and back."""

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import records
from claimtrack.db import Session
from claimtrack.errors import AmbiguousRef, UnknownRef
from claimtrack.models import Actor, Citation, Entry, Link
from claimtrack.records import find, get, image_of, nearest, record_of


def test_a_record_has_refs_for_foreign_keys_and_no_internal_key(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="a").statement("S", actor="a", responds_to="C")
    link = session.scalars(select(Link)).one()
    assert record_of(link) == {
        "from": "S",
        "to": "C",
        "relation": "responds_to",
        "strength": 2,
        "asserted_by": "coder",
        "rationale": None,
        "document": None,
    }


def test_a_row_without_a_ref_is_named_by_its_key(case: Casebook, session: Session) -> None:
    case.claim("C", actor="a").document("S2").cite("C", "D", via="S2", label="[1]")
    assert image_of(session.scalars(select(Citation)).one()).key == "C/D/S2/[1]/"


@pytest.mark.parametrize("called", ["zelensky", "Volodymyr Zelensky", "Zelenskyy", "Зеленський"])
def test_an_actor_is_found_by_ref_name_or_alias(
    case: Casebook, session: Session, called: str
) -> None:
    case.actor("zelensky", name="Volodymyr Zelensky", aliases=["Zelenskyy", "Зеленський"])
    assert get(session, Actor, called).ref == "zelensky"


def test_a_name_that_two_actors_share_names_neither(case: Casebook, session: Session) -> None:
    case.actor("a", name="The Source").actor("b", aliases=["The Source"])
    with pytest.raises(AmbiguousRef, match="a and b among them: give a ref"):
        get(session, Actor, "The Source")


def test_find_returns_none_and_get_names_the_nearest(case: Casebook, session: Session) -> None:
    case.claim("C9", actor="a").claim("ST1", actor="a")
    assert find(session, Entry, "C99") is None
    with pytest.raises(UnknownRef, match=r"^no entry 'C99'; did you mean C9\?$"):
        get(session, Entry, "C99")
    with pytest.raises(UnknownRef, match=r"^no entry 'something-else'$"):
        get(session, Entry, "something-else")


def test_of_very_many_unknown_refs_the_first_are_told_with_the_nearest(
    case: Casebook, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MOST_GUESSED", 1)
    case.actor("peskov")
    for ref, close in (("peskow", ["peskov"]), ("peskof", []), ("peskow", ["peskov"])):
        with pytest.raises(UnknownRef) as caught:
            get(session, Actor, ref)
        assert caught.value.nearest == close


def test_the_nearest_refs_are_found_whatever_their_case(case: Casebook, session: Session) -> None:
    case.actor("Putin").actor("peskov")
    assert nearest(session, Actor, "putim") == ["Putin"]


@pytest.mark.parametrize(
    "called", ["Volodymir Zelensky", "volodymyr zelenski", "Zelenskiy", "Зеленский"]
)
def test_the_nearest_actor_is_found_by_its_name_and_aliases(
    case: Casebook, session: Session, called: str
) -> None:
    case.actor("ze", name="Volodymyr Zelensky", aliases=["Zelenskyy", "Зеленський"])
    case.actor("zaluzhny", name="Valerii Zaluzhnyi")
    assert nearest(session, Actor, called) == ["ze"]


def test_the_nearest_ref_is_found_among_many(
    case: Casebook, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MOST_COMPARED", 2)
    case.actor("aa", name="x").actor("ab", name="x").actor("zb", name="x")
    assert nearest(session, Actor, "zbb") == ["zb"]
