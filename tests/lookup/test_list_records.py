"""Lists of records: their rows, their order, and the filters that narrow them."""

from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack import changes
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, UnknownRef
from claimtrack.lookup import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GradeRow,
    LinkRow,
    PropositionRow,
    StanceRow,
    TopicRow,
    list_links,
    list_records,
    row_type,
    show,
)
from claimtrack.query.filters import Filters
from claimtrack.vocab import EntryKind
from conftest import count_queries
from lookup.shown_records import refs, row_of, sections

NOUNS = (
    "actor",
    "document",
    "topic",
    "proposition",
    *(kind.value for kind in EntryKind),
    "entry",
    "stance",
    "link",
    "citation",
    "grade",
)


def test_actors_are_listed_by_ref(world: Casebook) -> None:
    rows = {row.ref: row for row in list_records(world.session, "actor")}
    assert list(rows) == ["coder", "isw", "press", "putin", "russia", "source"]
    assert rows["source"] == ActorRow(
        ref="source",
        name="A source",
        kind="anonymous",
        parent="russia",
        access="close",
        described_as="a source",
        count_min=None,
        count_max=None,
        aliases=(),
        protected=False,
    )
    assert rows["russia"].aliases == ("Россия", "Russian Federation")


def test_documents_are_listed_by_ref(world: Casebook) -> None:
    assert list(list_records(world.session, "document")) == [
        DocumentRow(
            ref="D-1",
            title="One",
            publisher="press",
            published_from=date(2024, 1, 2),
            published_to=date(2024, 1, 2),
            coverage="listed",
            url="https://press.example/1",
            canonical=None,
        ),
        DocumentRow(
            ref="D-1b",
            title=None,
            publisher="press",
            published_from=None,
            published_to=None,
            coverage="listed",
            url="https://press.example/1b",
            canonical="D-1",
        ),
        DocumentRow(
            ref="D-2",
            title=None,
            publisher="isw",
            published_from=date(2024, 3, 1),
            published_to=date(2024, 3, 31),
            coverage="complete",
            url=None,
            canonical=None,
        ),
    ]


def test_topics_are_listed_by_ref_with_what_is_under_them(world: Casebook) -> None:
    world.measure("strikes", topic="ceasefire")
    assert list(list_records(world.session, "topic")) == [
        TopicRow("ceasefire", "Ceasefire", "war", exclusive=False, propositions=1, measures=1),
        TopicRow("war", "The war", None, exclusive=False, propositions=1, measures=0),
    ]


def test_propositions_are_listed_by_ref_with_the_number_of_entries_on_each_side(
    world: Casebook,
) -> None:
    world.stance("C-0", "ready", 2)  # superseded: it does not count
    world.stance("C-1", "ready", 1, judge="isw")  # a second reading of one entry
    changes.put(
        world.session,
        row_of("proposition", ref="over", text="It is over.", topic="war", truth=True),
    )
    assert list(list_records(world.session, "proposition")) == [
        PropositionRow(
            ref="over",
            text="It is over.",
            topic="war",
            truth=True,
            resolved_on=date(2024, 6, 1),
            affirmed_by=0,
            denied_by=0,
        ),
        PropositionRow(
            ref="ready",
            text="He is ready.",
            topic="ceasefire",
            truth=None,
            resolved_on=None,
            affirmed_by=1,
            denied_by=2,
        ),
    ]


def test_entries_are_listed_with_their_stances_figures_and_documents(
    world: Casebook,
) -> None:
    world.stance("C-1", "ready", 2, judge="isw").cite("C-1", "D-2", role="support")
    world.figure("C-1", "troops", "80..").figure("C-1", "strikes", "0.5")
    assert list(list_records(world.session, "claim")) == [
        EntryRow(
            ref="C-1",
            kind="claim",
            actor="source",
            on_behalf_of=None,
            date_from=date(2024, 1, 1),
            date_to=date(2024, 1, 31),
            time_from=None,
            time_to=None,
            date_text=None,
            summary="He is ready.",
            propositions=("over 0", "ready +2"),
            figures=("strikes 0.5", "troops 80.."),
            documents=("D-1", "D-2"),
        )
    ]


def test_two_readings_of_an_entry_are_both_shown(world: Casebook) -> None:
    world.stance("S-1", "ready", -2, judge="isw")
    [row] = list_records(world.session, "statement")
    assert row.propositions == ("ready -2", "ready -1")
    [row] = list_records(world.session, "statement", Filters(asserted_by=("coder",)))
    assert row.propositions == ("ready -1",)


def test_stances_are_listed_by_entry_proposition_and_judge(world: Casebook) -> None:
    rows = list(list_records(world.session, "stance"))
    assert [(row.entry, row.proposition, row.asserted_by, row.value) for row in rows] == [
        ("A-1", "ready", "isw", -2),
        ("C-1", "over", "isw", 0),
        ("C-1", "ready", "coder", 2),
        ("S-1", "ready", "coder", -1),
    ]
    assert rows[1] == StanceRow(
        entry="C-1",
        proposition="over",
        value=0,
        basis="explicit",
        asserted_by="isw",
        hedge=None,
        condition=None,
        likelihood=None,
        confidence=None,
        rationale=None,
        document="D-2",
    )


def test_links_are_listed_by_their_ends_and_superseding_ones_too(world: Casebook) -> None:
    assert list(list_records(world.session, "link")) == [
        LinkRow("C-1", "supersedes", "C-0", 2, "isw", None, None),
        LinkRow("S-1", "responds_to", "C-1", 1, "coder", None, None),
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(
            None,
            [
                "C-1 supersedes C-0",
                "C-1 contradicts S-1",
                "S-1 responds_to C-1",
                "S-1 unrelated S-2",
            ],
            id="as stored where none is named",
        ),
        pytest.param(
            "S-1",
            ["S-1 contradicts C-1", "S-1 responds_to C-1", "S-1 unrelated S-2"],
            id="the named one first where there is no direction",
        ),
        pytest.param(
            "C-1",
            ["C-1 supersedes C-0", "C-1 contradicts S-1", "S-1 responds_to C-1"],
            id="what runs to the named one stays so",
        ),
        pytest.param("S-2", ["S-2 unrelated S-1"], id="the higher ref"),
        pytest.param("A-1", [], id="one without links"),
    ],
)
def test_links_of_an_entry_name_it_first_where_they_have_no_direction(
    world: Casebook, entry: str | None, expected: list[str]
) -> None:
    world.statement("S-2", actor="isw").link("S-2", "unrelated", "S-1")
    world.link("S-1", "contradicts", "C-1", judge="isw")
    found = list_links(world.session, entry=entry)
    assert [f"{row.from_} {row.relation} {row.to}" for row in found] == expected


def test_links_of_an_entry_come_in_the_order_in_which_they_are_shown(world: Casebook) -> None:
    world.link("S-1", "contradicts", "C-1").link("S-1", "contradicts", "A-1")
    shown = [(row.from_, row.to) for row in list_links(world.session, entry="S-1")]
    assert shown == [("S-1", "A-1"), ("S-1", "C-1"), ("S-1", "C-1")]
    backwards = list_links(world.session, Filters(sort=("-to",), limit=1), entry="S-1")
    assert [(row.from_, row.to) for row in backwards] == [("S-1", "C-1")]


def test_links_of_an_entry_are_narrowed_by_filters(world: Casebook) -> None:
    world.link("S-1", "contradicts", "C-1", judge="isw")
    found = list_links(world.session, Filters(asserted_by=("isw",)), entry="S-1")
    assert [(row.from_, row.relation, row.to) for row in found] == [("S-1", "contradicts", "C-1")]


def test_links_of_an_unknown_entry_are_refused(world: Casebook) -> None:
    with pytest.raises(UnknownRef, match="no entry 'C-9'"):
        list_links(world.session, entry="C-9")


def test_what_has_no_direction_is_shown_as_an_entrys_own(world: Casebook) -> None:
    world.link("A-1", "unrelated", "C-1")
    for ref, expected in {
        "C-1": ["supersedes C-0", "answered by S-1", "unrelated to A-1"],
        "A-1": ["unrelated to C-1"],
    }.items():
        rows = sections(show(world.session, "entry", ref))["Links"]
        assert [f"{row.how} {row.ref}" for row in rows] == expected


def test_grades_are_listed_by_entry(world: Casebook) -> None:
    assert list(list_records(world.session, "grade")) == [
        GradeRow("C-1", "isw", date(2024, 1, 1), "B", 2, None),
        GradeRow("S-1", "coder", date(2024, 1, 1), "F", 6, None),
    ]


@pytest.mark.parametrize(
    ("noun", "wanted", "expected"),
    [
        pytest.param("entry", {}, ["A-1", "C-1", "S-1"], id="superseded entries are left out"),
        pytest.param("claim", {"include_superseded": True}, ["C-0", "C-1"], id="unless asked for"),
        pytest.param("entry", {"kinds": (EntryKind.ACTION,)}, ["A-1"], id="kind"),
        pytest.param("claim", {"kinds": (EntryKind.ACTION,)}, [], id="kind and noun"),
        pytest.param("entry", {"actors": ("putin",)}, ["A-1", "S-1"], id="actor"),
        pytest.param("entry", {"actors": ("russia",)}, ["A-1", "C-1", "S-1"], id="actors below"),
        pytest.param("entry", {"principal": "putin"}, ["A-1", "S-1"], id="principal"),
        pytest.param("entry", {"sources": ("D-1b",)}, ["C-1"], id="another address of a source"),
        pytest.param("entry", {"sources": ("isw",)}, ["S-1"], id="publisher"),
        pytest.param("entry", {"topics": ("war",)}, ["A-1", "C-1", "S-1"], id="topics below"),
        pytest.param("entry", {"propositions": ("over",)}, ["C-1"], id="proposition"),
        pytest.param("entry", {"denying": True}, ["A-1", "S-1"], id="denying"),
        pytest.param("entry", {"denying": True, "min_strength": 2}, ["A-1"], id="outright"),
        pytest.param("entry", {"affirming": True}, ["C-1"], id="affirming"),
        pytest.param("entry", {"since": date(2024, 2, 1)}, ["A-1", "S-1"], id="since"),
        pytest.param("entry", {"until": date(2024, 1, 9)}, ["C-1"], id="until"),
        pytest.param("entry", {"known_by": date(2024, 2, 1)}, ["C-1"], id="known by"),
        pytest.param("entry", {"limit": 1, "offset": 1}, ["C-1"], id="page"),
        pytest.param(
            "entry", {"sort": ("-propositions",)}, ["A-1", "S-1", "C-1"], id="sort by a list"
        ),
        pytest.param("entry", {"sort": ("-date_from",)}, ["A-1", "S-1", "C-1"], id="sort"),
        pytest.param("entry", {"sort": ("kind",)}, ["A-1", "C-1", "S-1"], id="sort by kind"),
        pytest.param(
            "actor", {"actors": ("russia",)}, ["putin", "russia", "source"], id="an actor and below"
        ),
        pytest.param("actor", {"principal": "putin"}, ["putin"], id="a principal and below"),
        pytest.param("actor", {"denying": True}, ["putin"], id="actors that deny something"),
        pytest.param("actor", {"kinds": (EntryKind.CLAIM,)}, ["source"], id="who makes claims"),
        pytest.param("actor", {"known_by": date(2024, 2, 1)}, ["source"], id="whom one knew of"),
        pytest.param(
            "document", {"sources": ("press",)}, ["D-1", "D-1b"], id="documents of a publisher"
        ),
        pytest.param("document", {"since": date(2024, 3, 31)}, ["D-2"], id="published since"),
        pytest.param("document", {"until": date(2024, 3, 1)}, ["D-1", "D-2"], id="published until"),
        pytest.param("document", {"until": date(2024, 2, 1)}, ["D-1"], id="published before"),
        pytest.param(
            "document", {"known_by": date(2024, 3, 1)}, ["D-1", "D-1b"], id="surely published by"
        ),
        pytest.param("document", {"actors": ("putin",)}, ["D-2"], id="cited for an actor"),
        pytest.param("actor", {"asserted_by": ("isw",)}, ["putin", "source"], id="read by a judge"),
        pytest.param("document", {"asserted_by": ("isw",)}, ["D-1"], id="cited for what one reads"),
        pytest.param("topic", {"asserted_by": ("coder",)}, ["ceasefire"], id="of what one reads"),
        pytest.param("proposition", {"asserted_by": ("coder",)}, ["ready"], id="judged by one"),
        pytest.param("topic", {"topics": ("war",)}, ["ceasefire", "war"], id="a topic and below"),
        pytest.param("topic", {"actors": ("putin",)}, ["ceasefire"], id="topics addressed"),
        pytest.param("topic", {"propositions": ("over",)}, ["war"], id="topic of a proposition"),
        pytest.param("proposition", {"topics": ("ceasefire",)}, ["ready"], id="on a topic"),
        pytest.param("proposition", {"actors": ("putin",)}, ["ready"], id="addressed by an actor"),
        pytest.param("proposition", {"affirming": True}, ["ready"], id="affirmed by somebody"),
        pytest.param("proposition", {"min_strength": 1}, ["ready"], id="not only left open"),
        pytest.param(
            "proposition", {"known_by": date(2024, 2, 1)}, ["ready"], id="addressed by then"
        ),
        pytest.param("stance", {"denying": True}, ["A-1", "S-1"], id="negative stances"),
        pytest.param("stance", {"asserted_by": ("isw",)}, ["A-1", "C-1"], id="stances of a judge"),
        pytest.param("stance", {"known_by": date(2024, 2, 1)}, ["C-1"], id="stances public then"),
        pytest.param("stance", {"propositions": ("over",)}, ["C-1"], id="stances on one"),
        pytest.param("stance", {"min_strength": 2}, ["A-1", "C-1"], id="stances outright"),
        pytest.param("stance", {"kinds": (EntryKind.ACTION,)}, ["A-1"], id="stances of actions"),
        pytest.param("grade", {"actors": ("putin",)}, ["S-1"], id="grades of an actor's entries"),
        pytest.param("grade", {"asserted_by": ("isw",)}, ["C-1"], id="grades of a rater"),
    ],
)
def test_a_list_is_narrowed_by_filters(
    world: Casebook, noun: str, wanted: dict[str, Any], expected: list[str]
) -> None:
    assert refs(world.session, noun, **wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({"actors": ("putin",)}, ["responds_to"], id="either end matches"),
        pytest.param(
            {"actors": ("putin",), "kinds": (EntryKind.CLAIM,)}, [], id="one end matches everything"
        ),
        pytest.param({"min_strength": 2}, ["supersedes"], id="strength"),
        pytest.param({"asserted_by": ("coder",)}, ["responds_to"], id="judge"),
        pytest.param({"propositions": ("ready",)}, ["supersedes", "responds_to"], id="proposition"),
        pytest.param(
            {"actors": ("putin",), "principal": "russia"}, ["responds_to"], id="two trees"
        ),
        pytest.param({"known_by": date(2024, 2, 1)}, [], id="both ends must be known"),
        pytest.param({"sort": ("relation",)}, ["responds_to", "supersedes"], id="sort"),
        pytest.param({"sort": ("-from",)}, ["responds_to", "supersedes"], id="sort by an end"),
    ],
)
def test_links_are_narrowed_by_filters(
    world: Casebook, wanted: dict[str, Any], expected: list[str]
) -> None:
    rows = list_records(world.session, "link", Filters(**wanted))
    assert [row.relation for row in rows] == expected


@pytest.mark.parametrize("noun", NOUNS)
def test_a_list_is_one_statement_and_its_rows_have_the_columns_told(
    world: Casebook, noun: str
) -> None:
    world.commitment("K-1").assessment("J-1").window("W-1")
    with count_queries(world.session) as sent:
        rows = list(list_records(world.session, noun))
    assert len(sent) == 1
    assert {type(row) for row in rows} == {row_type(noun)}


@pytest.mark.parametrize("noun", NOUNS)
def test_an_empty_casebook_has_empty_lists(session: Session, noun: str) -> None:
    assert list(list_records(session, noun)) == []


def test_an_unknown_kind_of_record_is_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="noun 'revision' is not valid: expected one of actor"):
        list_records(session, "revision")


def test_an_unknown_column_to_sort_by_is_refused_with_the_columns_that_there_are(
    session: Session,
) -> None:
    with pytest.raises(InvalidValue, match=r"'-colour' is not valid: expected one of ref, .*url"):
        list(list_records(session, "document", Filters(sort=("-colour",))))
