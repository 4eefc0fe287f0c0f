"""What was known by a day, through the contradictions report."""

from datetime import date

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from pair_rows import only, pairs

DAY = date(2024, 1, 26)
THEN = Filters(known_by=DAY)


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
    assert bool(pairs(session, THEN)) is expected


def test_another_address_does_not_make_its_canonical_document_known(
    case: Casebook, session: Session
) -> None:
    case.document("late", published="2024-06-01")
    case.document("copy", published="2024-01-01", canonical="late")
    case.claim("C", affirms="p", cites="late").statement("S", denies="p", cites="copy")
    assert pairs(session, THEN) == []


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
    assert bool(pairs(session, THEN)) is expected


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
    assert bool(pairs(session, THEN)) is expected


def test_a_later_reconciliation_was_not_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("later", published="2024-05-01")
    case.claim("C", affirms="p", cites="D").statement("S", denies="p", cites="D")
    case.link("C", "reconciles", "S", document="later")
    assert pairs(session) == []
    assert pairs(session, THEN) == [("C", "S")]


def test_a_later_correction_was_not_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("later", published="2024-05-01")
    case.claim("C", affirms="p", cites="D").statement("S", denies="p", cites="D")
    case.claim("C2", cites="later").link("C2", "supersedes", "C")
    assert pairs(session) == []
    assert pairs(session, THEN) == [("C", "S")]


def test_a_reply_that_was_shown_later_was_not_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("later", published="2024-05-01")
    case.claim("C", affirms="p", cites="D").statement("S", denies="p", cites="D")
    case.link("S", "responds_to", "C", document="later")
    assert only(session).klass == "denial"
    assert only(session, THEN).klass == "at_odds_with_record"


def test_what_was_reconciled_later_is_not_listed_as_considered(
    case: Casebook, session: Session
) -> None:
    case.document("D", published="2024-01-01").document("later", published="2024-05-01")
    case.claim("C", cites="D").statement("S", cites="D")
    case.link("C", "reconciles", "S", document="later")
    assert pairs(session, include_reconciled=True) == [("C", "S")]
    assert pairs(session, THEN, include_reconciled=True) == []


def test_addresses_are_those_known_by_the_day(case: Casebook, session: Session) -> None:
    case.document("early", url="https://a.example/", published="2024-01-01")
    case.document("late", url="https://b.example/", published="2024-03-01")
    case.claim("C", affirms="p", cites="early").statement("S", denies="p", cites="early")
    case.cite("C", "late").cite("S", "late", "support")
    row = only(session, THEN)
    assert (row.subject_urls, row.counter_urls) == (("https://a.example/",),) * 2
