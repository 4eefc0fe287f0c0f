"""What the reports share: principals, trees of actors and topics, and independent origins."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from casebook import Casebook
from claimtrack.errors import InvalidValue, UnknownRef
from claimtrack.models import Actor, Document, Entry, Topic
from claimtrack.query.visibility import actors_below, entry_counts, principal, topics_below
from claimtrack.reports.corroboration import CorroborationRow
from claimtrack.reports.filters import Filters, checked, documents_of, entries_wanted, in_order
from claimtrack.reports.origins import Origins, origin_facts

NOTHING = Filters()


def counting(session: Session, scope: Filters) -> list[str]:
    query = select(Entry.ref).where(*entry_counts(Entry, scope)).order_by(Entry.ref)
    return list(session.scalars(query))


# --- actors and topics ----------------------------------------------------------------------------


def principals(session: Session) -> dict[str, str]:
    root = aliased(Actor)
    query = select(Entry.ref, root.ref.label("principal")).join(root, root.id == principal(Entry))
    return {row.ref: row.principal for row in session.execute(query)}


def test_the_principal_is_the_root_above_the_one_for_whom_an_entry_was_made(
    case: Casebook, session: Session
) -> None:
    case.actor("kremlin", parent="russia").actor("peskov", parent="kremlin").actor("envoy")
    case.statement("own", actor="russia").statement("below", actor="peskov")
    case.statement("alone", actor="envoy")
    case.statement("for-another", actor="envoy", on_behalf_of="kremlin")
    case.statement("moved", actor="peskov", on_behalf_of="envoy")
    assert principals(session) == {
        "own": "russia",
        "below": "russia",
        "alone": "envoy",
        "for-another": "russia",
        "moved": "envoy",
    }


def test_those_below_an_actor_are_itself_and_its_descendants(
    case: Casebook, session: Session
) -> None:
    case.actor("kremlin", parent="russia").actor("peskov", parent="kremlin").actor("usa")
    query = select(Actor.ref).where(Actor.id.in_(actors_below(["kremlin", "usa"])))
    assert sorted(session.scalars(query)) == ["kremlin", "peskov", "usa"]


def test_those_below_a_topic_are_itself_and_its_descendants(
    case: Casebook, session: Session
) -> None:
    case.topic("aims").topic("territory", parent="aims").topic("crimea", parent="territory")
    case.topic("talks")
    query = select(Topic.ref).where(Topic.id.in_(topics_below(["territory"])))
    assert sorted(session.scalars(query)) == ["crimea", "territory"]


def test_several_trees_can_be_asked_of_in_one_statement(case: Casebook, session: Session) -> None:
    case.actor("aide", parent="chief").actor("guard", parent="rival")
    case.statement("S", actor="aide", on_behalf_of="rival").statement("T", actor="aide")
    wanted = Filters(actors=("chief",), principal="rival")
    assert list(session.scalars(select(Entry.ref).where(*entries_wanted(Entry, wanted)))) == ["S"]


# --- what counts ----------------------------------------------------------------------------------


def test_what_is_superseded_does_not_count_however_long_the_chain(
    case: Casebook, session: Session
) -> None:
    case.claim("A").claim("B").claim("C").link("C", "supersedes", "B").link("B", "supersedes", "A")
    assert counting(session, NOTHING) == ["C"]
    assert counting(session, Filters(include_superseded=True)) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("published", "link", "expected"),
    [
        pytest.param("2024-01-01", {}, ["B"], id="both known"),
        pytest.param("2024-02-01", {}, ["A"], id="the better one was not known yet"),
        pytest.param("2024-01-01", {"document": "late"}, ["A", "B"], id="nor that it is better"),
    ],
)
def test_on_a_day_only_what_was_known_then_supersedes(
    case: Casebook, session: Session, published: str, link: dict[str, str], expected: list[str]
) -> None:
    case.document("late", published="2024-02-01").document("D", published="2024-01-01")
    case.document("E", published=published)
    case.claim("A", cites="D").claim("B", cites="E").link("B", "supersedes", "A", **link)
    assert counting(session, Filters(known_by=date(2024, 1, 15))) == expected


def test_a_source_is_a_document_with_all_its_addresses_or_all_of_a_publisher(
    case: Casebook, session: Session
) -> None:
    case.actor("group").actor("paper", parent="group")
    case.document("D", publisher="paper").document("copy", publisher="x", canonical="D")
    case.document("copy2", publisher="y", canonical="D").document("other", publisher="y")

    def found(*names: str) -> list[str]:
        query = select(Document.ref).where(Document.id.in_(documents_of(names)))
        return sorted(session.scalars(query))

    everything = ["D", "copy", "copy2"]
    assert found("D") == found("copy") == found("paper") == found("group") == everything
    assert found("y") == [*everything, "other"]
    assert found("other", "nothing") == ["other"]


# --- origins --------------------------------------------------------------------------------------


def origins(session: Session, *refs: str, scope: Filters = NOTHING) -> tuple[int, int]:
    """The fewest and the most independent origins of entries; of all when none is named."""
    query = select(origin_facts(Entry, scope))
    facts = list(session.scalars(query.where(Entry.ref.in_(refs)) if refs else query))
    return Origins(facts).widest.count, Origins(facts).narrowest.count


def test_entries_that_nothing_connects_are_of_different_origins(
    case: Casebook, session: Session
) -> None:
    case.claim("A", cites="D").claim("B", cites="D").statement("C", actor="x").action("X")
    assert origins(session) == (4, 4)


def test_nothing_has_no_origin(session: Session) -> None:
    assert origins(session) == (0, 0)


@pytest.mark.parametrize("ends", [("A", "B"), ("B", "A")], ids=["forth", "back"])
@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        pytest.param(2, (1, 1), id="a repetition is one origin"),
        pytest.param(1, (1, 2), id="a possible one widens the range"),
    ],
)
def test_a_repetition_breaks_independence(
    case: Casebook,
    session: Session,
    ends: tuple[str, str],
    strength: int,
    expected: tuple[int, int],
) -> None:
    case.claim("A").assessment("B").link(ends[0], "repeats", ends[1], strength=strength)
    assert origins(session) == expected


def test_no_other_link_breaks_independence(case: Casebook, session: Session) -> None:
    case.claim("A").claim("B")
    for relation in ("corroborates", "responds_to", "supersedes", "concerns"):
        case.link("A", relation, "B")
    assert origins(session) == (2, 2)


def test_repetitions_connect_in_chains_also_through_others(
    case: Casebook, session: Session
) -> None:
    case.claim("A").claim("B").claim("C").claim("D")
    case.link("A", "repeats", "B").link("C", "repeats", "B").link("D", "repeats", "C", strength=1)
    assert origins(session) == (1, 2)
    assert origins(session, "A", "C") == (1, 1)
    assert origins(session, "A", "D") == (1, 2)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param({}, {}, (1, 1), id="said in the same document"),
        pytest.param({"document": "E"}, {}, (2, 2), id="in different documents"),
        pytest.param({"document": "copy"}, {}, (1, 1), id="at another address of it"),
        pytest.param({"role": "relay"}, {}, (1, 1), id="relayed by it"),
        pytest.param({"role": "support"}, {}, (2, 2), id="support does not count"),
        pytest.param({"actor": "other"}, {}, (2, 2), id="by different sources"),
        pytest.param({"kind": "statement"}, {}, (1, 1), id="a statement and a claim"),
        pytest.param({"kind": "action"}, {}, (2, 2), id="deeds are not said"),
        pytest.param({"kind": "assessment"}, {"kind": "assessment"}, (2, 2), id="nor judged"),
    ],
)
def test_the_same_source_in_the_same_document_is_one_origin(
    case: Casebook,
    session: Session,
    first: dict[str, str],
    second: dict[str, str],
    expected: tuple[int, int],
) -> None:
    case.document("D").document("copy", canonical="D").document("E")
    for ref, given in (("A", first), ("B", second)):
        told = {"kind": "claim", "actor": "source", "document": "D", "role": "primary", **given}
        case.entry(told["kind"], ref, actor=told["actor"])
        case.cite(ref, told["document"], told["role"])
    assert origins(session) == expected


@pytest.mark.parametrize(
    ("parents", "documents", "expected"),
    [
        pytest.param({"one": "four"}, "DD", (1, 2), id="one of the four"),
        pytest.param({"one": "two", "two": "four"}, "DD", (1, 2), id="an ancestor further up"),
        pytest.param({"one": "state", "state": "four"}, "DD", (1, 2), id="past a named actor"),
        pytest.param({"one": "two", "four": "two"}, "DD", (2, 2), id="two of the same group"),
        pytest.param({"one": "state", "four": "state"}, "DD", (2, 2), id="of the same state"),
        pytest.param({"one": "four"}, "DE", (2, 2), id="in different documents"),
        pytest.param({}, "DD", (2, 2), id="strangers"),
    ],
)
def test_an_anonymous_source_may_be_one_of_another(
    case: Casebook,
    session: Session,
    parents: dict[str, str],
    documents: str,
    expected: tuple[int, int],
) -> None:
    case.actor("state", kind="state")
    for name in ("four", "two", "one"):
        case.actor(name, kind="anonymous")
    for name, parent in parents.items():
        kind = {"kind": "anonymous"} if name != "state" else {"kind": "state"}
        case.actor(name, parent=parent, **kind)
    case.claim("A", actor="one", cites=documents[0]).claim("B", actor="four", cites=documents[1])
    assert origins(session) == expected


def test_a_named_ancestor_is_not_the_same_source(case: Casebook, session: Session) -> None:
    case.actor("source", kind="anonymous", parent="kremlin")
    case.claim("A", actor="source", cites="D").statement("B", actor="kremlin", cites="D")
    assert origins(session) == (2, 2)


def test_repetitions_of_other_judges_do_not_count(case: Casebook, session: Session) -> None:
    case.claim("A").claim("B").link("A", "repeats", "B", judge="a")
    case.actor("b")
    assert origins(session, scope=Filters(asserted_by=("a",))) == (1, 1)
    assert origins(session, scope=Filters(asserted_by=("b",))) == (2, 2)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2024, 1, 15), (2, 2), id="before the repetition was seen"),
        pytest.param(date(2024, 3, 1), (1, 1), id="after"),
    ],
)
def test_a_repetition_counts_from_its_publication(
    case: Casebook, session: Session, day: date, expected: tuple[int, int]
) -> None:
    case.document("D", published="2024-01-01").document("E", published="2024-01-02")
    case.document("late", published="2024-02-01")
    case.claim("A", cites="D").claim("B", cites="E").link("A", "repeats", "B", document="late")
    assert origins(session, scope=Filters(known_by=day)) == expected


def test_an_origin_seen_in_a_later_document_was_not_known(case: Casebook, session: Session) -> None:
    case.document("D", published="2024-01-01").document("late", published="2024-02-01")
    for ref in ("A", "B"):
        case.claim(ref, actor="source", cites="late")
    case.cite("A", "D")
    assert origins(session) == (1, 1)
    assert origins(session, scope=Filters(known_by=date(2024, 1, 15))) == (2, 2)


# --- filters --------------------------------------------------------------------------------------


def test_the_names_in_filters_become_refs(case: Casebook, session: Session) -> None:
    case.actor("zelensky", name="Volodymyr Zelensky", aliases=["Zelenskyy"])
    case.document("D", publisher="daily").proposition("p", topic="t")
    wanted = Filters(
        actors=("Zelenskyy",),
        principal="Volodymyr Zelensky",
        sources=("D", "Actor daily"),
        topics=("t",),
        propositions=("p",),
        asserted_by=("Zelenskyy",),
    )
    assert checked(session, wanted) == Filters(
        actors=("zelensky",),
        principal="zelensky",
        sources=("D", "daily"),
        topics=("t",),
        propositions=("p",),
        asserted_by=("zelensky",),
    )


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        pytest.param({"actors": ("dailly",)}, "no actor 'dailly'; did you mean daily?", id="actor"),
        pytest.param({"principal": "nobody-at-all"}, "no actor 'nobody-at-all'", id="principal"),
        pytest.param(
            {"sources": ("dailly",)},
            "no document or publisher 'dailly'; did you mean daily?",
            id="source",
        ),
        pytest.param({"topics": ("tt",)}, "no topic 'tt'; did you mean t?", id="topic"),
        pytest.param({"propositions": ("P",)}, "no proposition 'P'; did you mean p?", id="prop"),
        pytest.param({"asserted_by": ("x",)}, "no actor 'x'", id="judge"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(
    case: Casebook, session: Session, wanted: dict[str, Any], said: str
) -> None:
    case.document("D", publisher="daily").proposition("p", topic="t")
    with pytest.raises(UnknownRef) as error:
        checked(session, Filters(**wanted))
    assert str(error.value) == said


ROWS = [
    CorroborationRow(name, for_it, 0, 0, 0, 0, None, None, against, 0, 0, 0, 0, None, None, (), ())
    for name, for_it, against in (("p", 2, 0), ("q", 1, 3), ("r", 2, 3))
]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Filters(), "pqr", id="as they come"),
        pytest.param(Filters(sort=("affirmed_by",)), "qpr", id="ascending, ties as they come"),
        pytest.param(Filters(sort=("-affirmed_by",)), "prq", id="descending, ties as they come"),
        pytest.param(Filters(sort=("-denied_by", "-proposition")), "rqp", id="two columns"),
        pytest.param(Filters(sort=("-proposition",), limit=1, offset=1), "q", id="then the page"),
    ],
)
def test_rows_counted_here_are_sorted_and_cut(wanted: Filters, expected: str) -> None:
    found = in_order(iter(ROWS), wanted, CorroborationRow)
    assert "".join(row.proposition for row in found) == expected


def test_rows_counted_here_are_not_sorted_by_an_unknown_column() -> None:
    with pytest.raises(InvalidValue, match="expected one of proposition, affirmed_by"):
        in_order(iter(ROWS), Filters(sort=("class",)), CorroborationRow)
