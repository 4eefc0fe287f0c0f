"""What speaks for entries, and what assessments make of claims."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

import oracle
from against_oracle import SCOPES, SEEDS, as_filters, draw
from casebook import Casebook
from claimtrack.db import Session
from claimtrack.models import Entry
from claimtrack.query import agreement_candidates
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_in_scope
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.reviews import reviews
from conftest import Loaded, count_queries
from oracle.grounds import agree, kept_apart
from oracle.views import View

MARCH, APRIL = "2025-03", "2025-04"


@dataclass(frozen=True)
class For:
    """What is told of an entry that speaks for another."""

    strength: int
    corroborates: bool
    propositions: tuple[str, ...]
    asserted_by: tuple[str, ...]


def told(session: Session, wanted: Filters | None = None) -> dict[tuple[str, str], For]:
    wanted = wanted or Filters()
    return {
        (row.entry, row.ref): For(row.strength, row.corroborates, row.propositions, row.asserted_by)
        for row in affirmations(session, wanted, *entry_in_scope(Entry, wanted))
    }


def expected(view: View) -> dict[tuple[str, str], For]:
    """What the oracle says of every two entries of a view."""
    found = {}
    for one in view.entries.values():
        for other in view.entries.values():
            if one == other or not agree(view, one, other):
                continue
            sides = [
                (mine, theirs)
                for mine in view.stances_of(one)
                for theirs in view.stances_of(other)
                if mine.proposition == theirs.proposition and mine.value * theirs.value > 0
            ]
            sides = [] if kept_apart(one, other) else sides
            links = view.links_on("corroborates", one, other)
            strengths = [min(abs(mine.value), abs(theirs.value)) for mine, theirs in sides]
            judges = {stance.asserted_by for side in sides for stance in side}
            found[one.ref, other.ref] = For(
                max(strengths or [link.strength for link in links]),
                bool(links),
                tuple(sorted({mine.proposition for mine, _ in sides})),
                tuple(sorted(judges | {link.asserted_by for link in links})),
            )
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_what_speaks_for_entries_is_what_the_oracle_says(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    for seed in SEEDS[backend]:
        drawn = draw(seed)
        view = oracle.view_of(oracle.read_casebook(drawn), oracle.Options(**scope))
        with loaded(backend, drawn) as session:
            assert told(session, as_filters(scope)) == expected(view), seed


def test_the_stances_of_other_periods_say_nothing_where_only_a_link_joins_two(
    case: Casebook, session: Session
) -> None:
    case.claim("A", affirms="p", about=MARCH).claim("B", affirms="p", about=APRIL)
    assert told(session) == {}
    case.link("A", "corroborates", "B", strength=1, judge="reader")
    assert told(session)["A", "B"] == For(1, True, (), ("reader",))


@pytest.mark.both_databases
@pytest.mark.parametrize("large", [0, 10], ids=["a large side", "a small side"])
def test_the_first_that_agree_are_found_behind_many_that_do_not(
    case: Casebook, session: Session, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(agreement_candidates, "_LARGE", large)
    case.claim("Z", affirms="p", about=MARCH)
    for number in range(4):
        case.claim(f"B{number}", affirms="p", about=APRIL)
    case.claim("C", affirms="p", about=MARCH).claim("D", affirms="p").claim("E", affirms="p")
    found = affirmations(session, Filters(), Entry.ref == "Z", most=2)
    assert [row.ref for row in found] == ["C", "D"]


def test_many_pairs_take_no_more_statements_than_few(case: Casebook, session: Session) -> None:
    sent = []
    for refs in ("AB", "CDEFGHIJKL"):
        for ref in refs:
            case.claim(ref, affirms="p")
        session.expire_all()
        with count_queries(session) as found:
            assert told(session)
        sent.append(len(found))
    assert sent[0] == sent[1]


# --- what assessments make of claims --------------------------------------------------------------


def test_an_assessment_of_another_period_makes_nothing_of_a_claim(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p", about=MARCH).assessment("J", denies="p", about=APRIL)
    case.assessment("K", denies="p", about="2025").assessment("L", denies="p")
    assert [(row.assessment, row.value) for row in reviews(session)] == [("K", -2), ("L", -2)]


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_what_assessments_make_of_claims_is_what_their_stances_say(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    for seed in SEEDS[backend]:
        drawn = draw(seed)
        view = oracle.view_of(oracle.read_casebook(drawn), oracle.Options(**scope))
        with loaded(backend, drawn) as session:
            found = [
                (row.claim, row.assessment, row.proposition, row.asserted_by, row.value)
                for row in reviews(session, as_filters(scope))
            ]
            assert found == sorted(reviewed(view)), seed


def reviewed(view: View) -> set[tuple[str, str, str, str, int]]:
    """Every reading of an assessment of what a claim takes a side on, with its value for it."""
    return {
        (claim.ref, other.ref, theirs.proposition, theirs.asserted_by, value)
        for claim in view.entries.values()
        for other in view.entries.values()
        if (claim.kind, other.kind) == ("claim", "assessment") and not kept_apart(claim, other)
        for mine in view.stances_of(claim)
        for theirs in view.stances_of(other)
        if mine.proposition == theirs.proposition and mine.value
        for value in [theirs.value if mine.value > 0 else -theirs.value]
    }


def test_a_review_is_published_where_its_reading_was_else_where_its_assessment_is_shown(
    case: Casebook, session: Session
) -> None:
    case.claim("C", stances={"p": 2, "q": 2}).assessment("J", denies="p")
    case.document("D-1", url="https://b.example/1").document("D-2", url="https://a.example/2")
    case.document("D-0", url="https://c.example/0").document("D-3", url="urn:nbn:3")
    case.cite("J", "D-1").cite("J", "D-2").cite("J", "D-0", role="relay").cite("J", "D-3")
    case.stance("J", "q", 1, document="D-2")
    assert {row.proposition: row.url for row in reviews(session)} == {
        "p": "https://b.example/1",
        "q": "https://a.example/2",
    }


def test_reviews_are_narrowed_to_what_is_wanted_of_the_claim(
    case: Casebook, session: Session
) -> None:
    case.claim("C", stances={"p": 2, "q": -1}, date="2025-03-01").claim("E", affirms="p")
    case.assessment("J", stances={"p": -1, "q": -1}, date="2025-05-01")
    wanted = Filters(propositions=("q",), until=date(2025, 4, 1))
    found = [
        (row.claim, row.proposition, row.value, row.turned) for row in reviews(session, wanted)
    ]
    assert found == [("C", "q", 1, True)]
