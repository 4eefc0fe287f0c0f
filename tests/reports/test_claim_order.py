"""The report on claims: filtered, sorted and in pages."""

from dataclasses import fields
from operator import attrgetter

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.reports.claims import ClaimFilters, ClaimRow, claims
from conftest import Logged
from reports.claim_rows import claim_rows


def test_contested_claims_come_first_then_by_ref(case: Casebook, session: Session) -> None:
    case.claim("A").claim("B", affirms="p").claim("Z", affirms="q").claim("Y", affirms="q")
    case.statement("S", denies="q")
    assert list(claim_rows(session)) == ["Y", "Z", "A", "B"]


def test_the_filters_keep_what_they_name(case: Casebook, session: Session) -> None:
    case.document("D", publisher="daily").document("E", publisher="weekly")
    case.claim("contested", affirms="p").statement("S", denies="p")
    case.claim("alone", affirms="q", actor="named")
    case.claim("first", affirms="r").claim("second", affirms="r")
    case.link("second", "repeats", "first")
    case.claim("independent", affirms="t", cites="D")
    case.statement("T", affirms="t", actor="other", cites="E")
    case.claim("perhaps", affirms="u", cites="D").claim("either", affirms="u", cites="D")
    wanted = {
        "contested": {"contested"},
        "uncontradicted": {"alone", "first", "independent", "second", "perhaps", "either"},
        "uncorroborated": {"alone", "contested", "first", "second"},
        "single_origin": {"alone", "contested", "first", "second", "perhaps", "either"},
        "anonymous": {"contested", "first", "independent", "second", "perhaps", "either"},
    }
    found = {name: set(claim_rows(session, **{name: True})) for name in wanted}
    assert found == wanted
    assert set(claim_rows(session, uncontradicted=True, anonymous=True, uncorroborated=True)) == {
        "first",
        "second",
    }


def test_single_origin_is_cut_into_pages_like_the_rest(case: Casebook, session: Session) -> None:
    for ref in "ABCDE":
        case.claim(ref)
    page = claims(session, Filters(limit=2, offset=1), ClaimFilters(single_origin=True))
    assert [row.ref for row in page] == ["B", "C"]
    assert [row.ref for row in claims(session, Filters(limit=2, offset=1))] == ["B", "C"]


def log_for_sorting(case: Casebook) -> None:
    for ref, publisher in (("D", "reuters"), ("E", "Bild")):
        case.document(ref, publisher=publisher, url=f"https://{publisher}.example/")
    case.claim("C", affirms="p", cites="D", date="2024-01-01", summary="b").grade("C", "B2")
    case.claim("a", affirms="p", cites="E", date_to="2024-01-02", summary="Z").grade("a", "A3")
    case.claim("B", actor="x", denies="p", summary="é").claim("e", summary="a")
    case.statement("S", affirms="p").statement("T", stances={"p": -1}).action("X", denies="p")


@pytest.mark.parametrize("backwards", [False, True], ids=["ascending", "descending"])
def test_rows_sorted_by_any_column_are_all_rows_sorted_in_memory(
    backend: str, logged: Logged, backwards: bool
) -> None:
    with logged(backend, log_for_sorting) as case:
        usual = sorted(claims(case.session), key=attrgetter("ref"))
        for column in (field.name for field in fields(ClaimRow)):
            wanted = Filters(sort=(f"-{column}" if backwards else column,))
            there = [row for row in usual if getattr(row, column) not in (None, ())]
            missing = [row for row in usual if row not in there]
            expected = sorted(there, key=attrgetter(column), reverse=backwards) + missing
            assert list(claims(case.session, wanted)) == expected, column


def test_min_strength_wants_a_claim_that_is_as_sure(case: Casebook, session: Session) -> None:
    case.claim("sure", denies="p").claim("leaning", affirms="q").claim("none")
    case.stance("leaning", "q", 1)
    assert [row.ref for row in claims(session, Filters(min_strength=2))] == ["sure"]
    on_other = Filters(min_strength=2, propositions=("q",))
    assert list(claims(session, on_other)) == []


def test_affirming_and_denying_together_take_either_side(case: Casebook, session: Session) -> None:
    case.claim("A", affirms="p").claim("D", denies="p").claim("O", stances={"p": 0})
    either = Filters(affirming=True, denying=True)
    assert [row.ref for row in claims(session, either)] == ["A", "D"]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        pytest.param(ClaimFilters(), ["C", "D", "A", "B"], id="all, contested ones first"),
        pytest.param(ClaimFilters(contested=True), ["C", "D"], id="contested"),
        pytest.param(ClaimFilters(uncontradicted=True), ["A", "B"], id="not contested"),
        pytest.param(ClaimFilters(contested=True, uncontradicted=True), [], id="no claim is both"),
    ],
)
def test_the_first_claims_are_those_of_all(
    case: Casebook, session: Session, standing: ClaimFilters, expected: list[str]
) -> None:
    case.claim("A").claim("B").claim("C", affirms="p").claim("D", affirms="p")
    case.statement("S", denies="p")
    assert [row.ref for row in claims(session, None, standing)] == expected
    for most in (0, 1, 3, 5):
        rows = claims(session, Filters(limit=most), standing)
        assert [row.ref for row in rows] == expected[:most]


PAGES = ((None, 0), (None, 2), (0, 1), (0, None), (1, None), (1, 0), (1, 2))
"""Where a page begins, and how many rows it has: each beginning with both a few and all rows."""


@pytest.mark.parametrize("sort", [(), ("date_from",), ("-opposed_by", "ref")])
@pytest.mark.parametrize(
    "standing", [ClaimFilters(), ClaimFilters(contested=True), ClaimFilters(single_origin=True)]
)
def test_a_page_is_a_part_of_the_whole(
    backend: str, logged: Logged, sort: tuple[str, ...], standing: ClaimFilters
) -> None:
    with logged(backend, log_for_sorting) as case:
        whole = list(claims(case.session, Filters(sort=sort), standing))
        assert len(whole) > 1
        for offset, limit in (*PAGES, (None, len(whole)), (len(whole), None), (len(whole), 1)):
            wanted = Filters(sort=sort, limit=limit, offset=offset)
            assert list(claims(case.session, wanted, standing)) == whole[offset or 0 :][:limit]
