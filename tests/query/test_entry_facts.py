"""The facts of entries, as they are fetched from a casebook."""

from datetime import date
from typing import Any

from sqlalchemy import select

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.facts import EntryFacts, Moment, Span
from claimtrack.models import Actor, Entry, Proposition, Topic
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters
from conftest import count_queries


def key(session: Session, model: Any, ref: str) -> int:
    found: int = session.scalars(select(model.id).where(model.ref == ref)).one()
    return found


def facts_of(session: Session, ref: str, scope: Filters | None = None) -> EntryFacts:
    of = key(session, Entry, ref)
    return FactsLoader(session, scope or Filters()).load([of])[of]


def test_an_entry_has_the_voices_and_principals_of_its_actors(
    case: Casebook, session: Session
) -> None:
    case.actor("state", kind="state").actor("office", parent="state").actor("man", parent="office")
    case.actor("ally", kind="state").actor("friend", parent="ally").actor("third", kind="state")
    case.statement(
        "S",
        actor="man",
        on_behalf_of="office",
        participants=[
            {"actor": "friend", "role": "co_actor"},
            {"actor": "third", "role": "subject"},
            {"actor": "ally", "role": "addressee"},
        ],
    )
    found = facts_of(session, "S")
    named = {one: key(session, Actor, one) for one in ("state", "office", "man", "ally", "friend")}
    third = key(session, Actor, "third")
    assert found.actor == named["man"]
    assert found.voices == {named[one] for one in ("man", "office", "friend")}
    assert set(found.ancestry) == set(named.values())
    assert set(found.actor_ancestry) == {named[one] for one in ("man", "office", "state")}
    assert found.principal == named["state"]
    assert found.principals == {named["state"], named["ally"]}
    assert found.subjects == {third}
    assert not found.anonymous


def test_an_entry_has_its_dates_and_what_it_speaks_of(case: Casebook, session: Session) -> None:
    case.claim("C", date="2024-01-25", about="../2024-02").claim("D", date="2024-01/..")
    found, other = facts_of(session, "C"), facts_of(session, "D")
    day = Moment(date(2024, 1, 25))
    assert (found.ref, found.kind.value, found.anonymous) == ("C", "claim", True)
    assert (found.date, found.about) == (Span(day, day), Span(None, Moment(date(2024, 2, 29))))
    assert (other.date, other.about) == (Span(Moment(date(2024, 1, 1)), None), None)


def test_an_entry_has_the_stances_that_count(case: Casebook, session: Session) -> None:
    case.topic("who", exclusive=True).proposition("x", topic="who")
    case.document("late", published="2024-03-01").document("D", published="2024-01-01")
    case.actor("cam").claim("C", stances={"x": 2}, judge="bea", cites="D")
    case.stance("C", "p", -1, asserted_by="cam", basis="inferred", condition="if", document="late")
    x, p = (key(session, Proposition, ref) for ref in ("x", "p"))
    found = {one.proposition: one for one in facts_of(session, "C").stances}
    assert (found[x].value, found[x].explicit, found[x].condition) == (2, True, None)
    assert found[x].exclusive_topic == key(session, Topic, "who")
    assert found[x].judge == key(session, Actor, "bea")
    assert (found[p].value, found[p].explicit, found[p].condition) == (-1, False, "if")
    assert found[p].exclusive_topic is None
    assert [found[one].topic for one in (x, p)] == [
        key(session, Topic, ref) for ref in ("who", "topic")
    ]
    for scope in (Filters(asserted_by=("bea",)), Filters(known_by=date(2024, 2, 1))):
        assert [one.proposition for one in facts_of(session, "C", scope).stances] == [x]


def test_an_entry_is_shown_by_what_was_out_by_the_day(case: Casebook, session: Session) -> None:
    case.actor("relay", kind="outlet").actor("other", kind="outlet")
    case.document("D", published="2024-01-01")
    case.document("E", publisher="relay", published="2024-03-01").document("F", publisher="other")
    case.claim("C", cites="D").cite("C", "E", "relay").cite("C", "F", "support").claim("U")
    press, relay = key(session, Actor, "press"), key(session, Actor, "relay")
    found = facts_of(session, "C")
    assert (found.publishers, found.primary_publishers, found.shown) == (
        frozenset({press, relay}),
        frozenset({press}),
        True,
    )
    early = facts_of(session, "C", Filters(known_by=date(2024, 2, 1)))
    assert (early.publishers, early.primary_publishers) == (frozenset({press}), frozenset({press}))
    assert (facts_of(session, "U").publishers, facts_of(session, "U").shown) == (frozenset(), False)


def test_repetitions_are_followed_back_and_not_forth(case: Casebook, session: Session) -> None:
    for ref in "ABCD":
        case.claim(ref)
    case.link("A", "repeats", "B").link("B", "repeats", "C", strength=1).link("D", "repeats", "A")
    a, b, c = (key(session, Entry, ref) for ref in "ABC")
    repeats, outside = FactsLoader(session, Filters()).load_repeats_and_outsiders([a])
    assert repeats == {a: ((b, 2),), b: ((c, 1),)}
    assert {one.ref for one in outside.values()} == {"B", "C"}


def test_repetitions_count_once_they_were_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("late", published="2024-03-01")
    case.claim("A", cites="D").claim("B", cites="D").link("A", "repeats", "B", document="late")
    a = key(session, Entry, "A")
    early = FactsLoader(session, Filters(known_by=date(2024, 2, 1)))
    assert early.load_repeats_and_outsiders([a]) == ({}, {})


def test_facts_are_fetched_once(case: Casebook, session: Session) -> None:
    for ref in "ABC":
        case.claim(ref, affirms="p")
    keys = [key(session, Entry, ref) for ref in "ABC"]
    facts = FactsLoader(session, Filters())
    with count_queries(session) as sent:
        assert [one.ref for one in facts.load(keys).values()] == list("ABC")
    assert len(sent) == 7  # the actors, and six kinds of facts
    with count_queries(session) as sent:
        facts.load(keys[:2])
    assert sent == []


def test_repetitions_count_whichever_judges_are_asked_for(case: Casebook, session: Session) -> None:
    case.actor("other").claim("A").claim("B").link("A", "repeats", "B", judge="other")
    a, b = (key(session, Entry, ref) for ref in "AB")
    case.actor("bea")
    assert FactsLoader(session, Filters(asserted_by=("bea",))).load_repeats([a]) == {a: ((b, 2),)}
