"""A record that is shown: actors, documents, topics, propositions, and unknown refs."""

from datetime import date

import pytest

from casebook import Casebook
from claimtrack import changes
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, OtherKind, UnknownRef
from claimtrack.lookup import (
    Section,
    show,
)
from claimtrack.lookup.refs import names_of
from claimtrack.lookup.rows import PartRow, SideRow
from claimtrack.reports.citations import CitationRow
from conftest import count_queries
from lookup.shown_records import row_of, sections


def test_an_actor_is_shown_with_all_that_hangs_on_it(world: Casebook) -> None:
    world.actor("aide", parent="putin")
    world.entry(
        "statement",
        "S-3",
        actor="isw",
        summary="Of him.",
        participants=[{"actor": "putin", "role": "subject"}],
    )
    world.statement("S-4", actor="isw", on_behalf_of="putin", summary="For him.", date="2024-02-15")
    shown = show(world.session, "actor", "Путин")
    assert shown.title == "actor putin"
    assert shown.fields == (
        ("name", "Vladimir Putin"),
        ("aliases", "Путин"),
        ("kind", "person"),
        ("belongs to", "Russia (russia)"),
    )
    found = sections(shown)
    assert list(found) == ["Below it", "Entries", "Takes part in"]
    assert [row.ref for row in found["Below it"]] == ["aide"]
    assert [row.ref for row in found["Entries"]] == ["S-1", "S-4", "A-1"]
    assert found["Takes part in"] == (PartRow("subject", "S-3", "statement", "isw", "Of him."),)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        pytest.param({}, None, id="unspecified"),
        pytest.param({"count_min": 4, "count_max": 4}, "4", id="four"),
        pytest.param({"count_min": 2}, "at least 2", id="several"),
        pytest.param({"count_min": 2, "count_max": 5}, "2 to 5", id="a range"),
    ],
)
def test_an_anonymous_source_is_shown_as_it_is_described(
    case: Casebook, counts: dict[str, int], expected: str | None
) -> None:
    case.actor("source", kind="anonymous", access="close", protected=True, **counts)
    fields = dict(show(case.session, "actor", "source").fields)
    assert fields.pop("people", None) == expected
    assert fields == {
        "name": "Actor source",
        "kind": "anonymous",
        "access": "close",
        "described as": "a source",
        "protected": "yes",
    }


def test_a_judge_and_publisher_is_shown_as_such(world: Casebook) -> None:
    shown = show(world.session, "actor", "isw")
    assert dict(shown.fields)["judged"] == "2 stances; 1 link; 1 grade"
    assert [row.ref for row in sections(shown)["Publishes"]] == ["D-2"]


def test_a_document_is_shown_with_the_entries_that_stand_on_it(world: Casebook) -> None:
    world.cite("A-1", "D-1", via="D-2", label="[3]").link("A-1", "concerns", "C-1", document="D-2")
    world.document(
        "D-2",
        publisher="isw",
        body="A text.",
        archive_url="https://archive.example/2",
        language="en",
    )
    shown = show(world.session, "document", "D-2")
    assert shown.fields == (
        ("publisher", "ISW (isw)"),
        ("published", "2024-03"),
        ("archived at", "https://archive.example/2"),
        ("language", "en"),
        ("coverage", "complete"),
        ("text kept", "7 characters"),
    )
    found = sections(shown)
    assert list(found) == [
        "Cited for",
        "Footnotes found in it",
        "Readings published in it",
        "Links published in it",
    ]
    assert found["Footnotes found in it"] == (
        CitationRow(
            entry_ref="A-1",
            document_ref="D-1",
            role="primary",
            via="D-2",
            label="[3]",
            wording=None,
            exact=None,
            url="https://press.example/1",
            publisher="press",
            published_from=date(2024, 1, 2),
            published_to=date(2024, 1, 2),
        ),
    )
    assert [row.entry_ref for row in found["Cited for"]] == ["S-1"]
    assert [row.entry for row in found["Readings published in it"]] == ["C-1"]
    assert [row.relation for row in found["Links published in it"]] == ["concerns"]


def test_a_document_names_its_other_addresses(world: Casebook) -> None:
    found = sections(show(world.session, "document", "D-1"))
    assert [row.ref for row in found["Other addresses"]] == ["D-1b"]
    fields = dict(show(world.session, "document", "D-1b").fields)
    assert fields["another address of"] == "D-1"


def test_a_long_change_is_cut_in_the_history_shown(case: Casebook) -> None:
    case.document("D", body="word " * 1000)
    [history] = show(case.session, "document", "D", with_history=True).sections
    [change] = history.rows
    assert len(change.fields) == 504
    assert change.fields.endswith(" ...")


def test_a_topic_is_shown_with_what_is_under_it(world: Casebook) -> None:
    shown = show(world.session, "topic", "war")
    assert shown.fields == (("name", "The war"), ("exclusive", "no"))
    found = sections(shown)
    assert list(found) == ["Subtopics", "Propositions"]
    assert [row.ref for row in found["Subtopics"]] == ["ceasefire"]
    assert [row.ref for row in found["Propositions"]] == ["over"]
    assert dict(show(world.session, "topic", "ceasefire").fields)["belongs to"] == "The war (war)"


def test_a_proposition_is_shown_with_its_sides(world: Casebook) -> None:
    shown = show(world.session, "proposition", "ready")
    assert shown.fields == (("text", "He is ready."), ("topic", "Ceasefire (ceasefire)"))
    found = sections(shown)
    assert list(found) == ["Affirmed", "Denied"]
    assert [row.entry for row in found["Denied"]] == ["A-1", "S-1"]  # outright ones first
    assert found["Affirmed"] == (
        SideRow(
            value=2,
            entry="C-1",
            kind="claim",
            actor="source",
            date_from=date(2024, 1, 1),
            date_to=date(2024, 1, 31),
            time_from=None,
            time_to=None,
            basis="explicit",
            hedge=None,
            condition=None,
            likelihood=None,
            asserted_by="coder",
            summary="He is ready.",
        ),
    )


def test_a_resolved_proposition_says_how_it_turned_out(world: Casebook) -> None:
    changes.put(
        world.session,
        row_of("proposition", ref="over", text="It is over.", topic="war", truth=False),
    )
    shown = show(world.session, "proposition", "over")
    assert shown.fields[2:] == (
        ("true", "no"),
        ("resolved on", "2024-06-01"),
        ("settled by", "An offensive. (A-1)"),
    )
    assert [section.heading for section in shown.sections] == ["Left open"]
    assert isinstance(shown.sections[0], Section)


@pytest.mark.parametrize(
    ("noun", "ref", "message"),
    [
        pytest.param("claim", "C-9", "no entry 'C-9'; did you mean C-", id="an unknown ref"),
        pytest.param("topic", "cease", "no topic 'cease'; did you mean", id="an unknown topic"),
        pytest.param("actor", "zzzz", "^no actor 'zzzz'$", id="nothing near"),
    ],
)
def test_an_unknown_ref_is_answered_with_the_nearest(
    world: Casebook, noun: str, ref: str, message: str
) -> None:
    world.topic("ceases")
    with pytest.raises(UnknownRef, match=message):
        show(world.session, noun, ref)


@pytest.mark.parametrize(
    ("noun", "ref", "message"),
    [
        pytest.param(
            "claim",
            "S-1",
            "'S-1' is a statement, not a claim: use 'claimtrack statement' for it",
            id="a statement",
        ),
        pytest.param(
            "assessment",
            "A-1",
            "'A-1' is an action, not an assessment: use 'claimtrack action' for it",
            id="an action",
        ),
    ],
)
def test_an_entry_of_another_kind_is_named_as_what_it_is(
    world: Casebook, noun: str, ref: str, message: str
) -> None:
    with pytest.raises(OtherKind) as caught:
        show(world.session, noun, ref)
    assert str(caught.value) == message


def test_what_has_no_ref_cannot_be_shown(session: Session) -> None:
    with pytest.raises(InvalidValue, match="noun 'stance' is not valid: expected one of actor"):
        show(session, "stance", "S-1")


@pytest.mark.parametrize(
    ("noun", "ref", "most"),
    [
        pytest.param("claim", "C-1", 35, id="entry"),
        pytest.param("actor", "putin", 13, id="actor"),
        pytest.param("document", "D-2", 10, id="document"),
        pytest.param("topic", "war", 4, id="topic"),
        pytest.param("proposition", "ready", 7, id="proposition"),
    ],
)
def test_a_record_is_shown_in_a_fixed_number_of_statements(
    world: Casebook, noun: str, ref: str, most: int
) -> None:
    counts = []
    for some in (range(5), range(5, 30)):
        for number in some:
            world.claim(f"C-5{number}", actor="putin", affirms="ready", cites="D-2")
        world.session.expire_all()
        with count_queries(world.session) as sent:
            show(world.session, noun, ref)
        counts.append(len(sent))
    assert counts[1] == counts[0] <= most


def test_lists_of_whatever_length_are_asked_in_one_statement(
    case: Casebook, session: Session
) -> None:
    refs = [f"T-{number}" for number in range(1, 10)]
    for ref in refs:
        case.topic(ref)
    with count_queries(session) as sent:
        told = [names_of(session, "topic", refs[:count]) for count in range(10)]
    assert [list(names) for names in told] == [refs[:count] for count in range(10)]
    assert len(sent) == 9
    assert len(set(sent)) == 1
