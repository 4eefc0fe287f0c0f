"""What agrees with entries, found for many at once."""

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.models import Entry
from claimtrack.query import support_counts
from claimtrack.query.filters import Filters
from claimtrack.query.support_counts import Support, SupportCounter


@pytest.fixture(params=[0, 50], ids=["every group is large", "none is"])
def _large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support_counts, "_LARGE", request.param)


def supports(session: Session, *batches: str) -> dict[str, Support]:
    """What agrees with each claim, asked for in batches: refs with spaces between."""
    keys = {row.ref: row.id for row in session.execute(select(Entry.ref, Entry.id))}
    found, one = dict[str, Support](), SupportCounter(session, Filters())
    for refs in map(str.split, batches):
        found |= dict(zip(refs, one.count_support([keys[ref] for ref in refs]), strict=True))
    return found


def log_sides(case: Casebook) -> None:
    """C and D take the sides of p and q, on which four others are, each of its own paper."""
    for ref in "CDSTXY":
        case.document(f"of-{ref}", publisher=f"press-{ref}")
    for ref in "CD":
        case.claim(ref, stances={"p": 1, "q": 1}, cites=f"of-{ref}")
    case.statement("S", actor="s", affirms="p", cites="of-S")
    case.statement("T", actor="t", affirms="p", cites="of-T")
    case.action("X", actor="x", affirms="q", cites="of-X")
    case.action("Y", actor="y", stances={"p": 1, "q": 1}, cites="of-Y")


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("batches", [("C D",), ("C", "D"), ("D", "C")], ids=" then ".join)
def test_entries_on_two_sides_are_counted_once(
    case: Casebook, session: Session, batches: tuple[str, ...]
) -> None:
    log_sides(case)
    expected = Support(entries=5, deeds=2, publishers=5, least=5, most=5)
    assert supports(session, *batches) == {"C": expected, "D": expected}


@pytest.mark.usefixtures("_large")
@pytest.mark.parametrize("batches", [("C D",), ("C", "D"), ("D", "C")], ids=" then ".join)
def test_a_repetition_from_one_side_to_the_other_joins_them(
    case: Casebook, session: Session, batches: tuple[str, ...]
) -> None:
    log_sides(case)
    case.link("X", "repeats", "S")
    expected = Support(entries=5, deeds=2, publishers=5, least=4, most=4)
    assert supports(session, *batches) == {"C": expected, "D": expected}


@pytest.mark.usefixtures("_large")
def test_what_corroborates_one_of_them_is_not_the_others(case: Casebook, session: Session) -> None:
    log_sides(case)
    case.document("of-L", publisher="press-L").claim("L", cites="of-L")
    case.link("L", "corroborates", "C")
    found = supports(session, "D", "C L")
    assert (found["D"].entries, found["C"].entries, found["L"].entries) == (5, 6, 1)
    assert (found["D"].publishers, found["C"].publishers) == (5, 6)
    assert (found["C"].least, found["C"].most) == (6, 6)


@pytest.mark.usefixtures("_large")
def test_a_claim_of_another_period_is_not_counted(case: Casebook, session: Session) -> None:
    log_sides(case)
    case.claim("M", stances={"p": 1, "q": 1}, about="2024-03")
    case.claim("N", stances={"p": 1}, about="2024-05")
    found = supports(session, "C", "M", "N")
    assert (found["C"].entries, found["M"].entries, found["N"].entries) == (7, 6, 5)
