"""What the reports share: principals, trees of actors and topics, and independent origins."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, UnknownRef
from claimtrack.models import Actor, Document, Entry, Topic
from claimtrack.query.actors import get_actor_refs
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.filters import Filters, match_filters, resolve_refs, select_documents
from claimtrack.query.sorting import sort_and_page
from claimtrack.query.visibility import entry_in_scope, select_actors_below, select_topics_below
from claimtrack.reports.corroboration import CorroborationRow

NOTHING = Filters()


def counting(session: Session, scope: Filters) -> list[str]:
    query = select(Entry.ref).where(*entry_in_scope(Entry, scope)).order_by(Entry.ref)
    return list(session.scalars(query))


# --- actors and topics ----------------------------------------------------------------------------


def principals(session: Session) -> dict[str, str]:
    facts, refs = FactsLoader(session, Filters()), get_actor_refs(session)
    found = facts.load(session.scalars(select(Entry.id))).values()
    return {one.ref: refs[one.principal] for one in found}


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
    query = select(Actor.ref).where(Actor.id.in_(select_actors_below(["kremlin", "usa"])))
    assert sorted(session.scalars(query)) == ["kremlin", "peskov", "usa"]


def test_those_below_a_topic_are_itself_and_its_descendants(
    case: Casebook, session: Session
) -> None:
    case.topic("aims").topic("territory", parent="aims").topic("crimea", parent="territory")
    case.topic("talks")
    query = select(Topic.ref).where(Topic.id.in_(select_topics_below(["territory"])))
    assert sorted(session.scalars(query)) == ["crimea", "territory"]


def test_several_trees_can_be_asked_of_in_one_statement(case: Casebook, session: Session) -> None:
    case.actor("aide", parent="chief").actor("guard", parent="rival")
    case.statement("S", actor="aide", on_behalf_of="rival").statement("T", actor="aide")
    wanted = Filters(actors=("chief",), principal="rival")
    assert list(session.scalars(select(Entry.ref).where(*match_filters(Entry, wanted)))) == ["S"]


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
        query = select(Document.ref).where(Document.id.in_(select_documents(names)))
        return sorted(session.scalars(query))

    everything = ["D", "copy", "copy2"]
    assert found("D") == found("copy") == found("paper") == found("group") == everything
    assert found("y") == [*everything, "other"]
    assert found("other", "nothing") == ["other"]


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
    assert resolve_refs(session, wanted) == Filters(
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
        resolve_refs(session, Filters(**wanted))
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
    found = sort_and_page(iter(ROWS), wanted, CorroborationRow)
    assert "".join(row.proposition for row in found) == expected


def test_rows_counted_here_are_not_sorted_by_an_unknown_column() -> None:
    with pytest.raises(InvalidValue, match="expected one of proposition, affirmed_by"):
        sort_and_page(iter(ROWS), Filters(sort=("class",)), CorroborationRow)
