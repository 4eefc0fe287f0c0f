"""Single records and plain lists."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack import changes, db
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, OtherKind, UnknownRef
from claimtrack.lookup import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GradeRow,
    LinkRow,
    PropositionRow,
    Section,
    Shown,
    StanceRow,
    TopicRow,
    kinds_of,
    list_links,
    list_records,
    refs_starting,
    row_type,
    show,
    status,
)
from claimtrack.lookup.refs import names_of
from claimtrack.lookup.rows import AssertedRow, BearingRow, LinkedRow, PartRow, SideRow
from claimtrack.query.filters import Filters
from claimtrack.reports.citations import CitationRow
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries

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


def log_world(case: Casebook) -> None:
    case.actor("russia", name="Russia", kind="state", aliases=["Россия", "Russian Federation"])
    case.actor("putin", name="Vladimir Putin", parent="russia", aliases=["Путин"])
    case.actor("source", kind="anonymous", name="A source", parent="russia", access="close")
    case.actor("isw", name="ISW", kind="organisation").actor("press", name="The Press")
    case.topic("war", name="The war").topic("ceasefire", name="Ceasefire", parent="war")
    case.proposition("ready", text="He is ready.", topic="ceasefire")
    case.proposition("over", text="It is over.", topic="war")
    case.document("D-1", url="https://press.example/1", published="2024-01-02", title="One")
    case.document("D-2", publisher="isw", published="2024-03", coverage="complete")
    case.document("D-1b", url="https://press.example/1b", canonical="D-1")
    case.claim("C-1", actor="source", summary="He is ready.", date="2024-01", cites="D-1")
    case.stance("C-1", "ready", 2).stance("C-1", "over", 0, judge="isw", document="D-2")
    case.statement("S-1", actor="putin", summary="No.", date="2024-02-01", cites="D-2")
    case.stance("S-1", "ready", -1).link("S-1", "responds_to", "C-1", strength=1)
    case.action("A-1", actor="putin", summary="An offensive.", date="2024-03-05")
    case.stance("A-1", "ready", -2, judge="isw", basis="inferred")
    case.claim("C-0", actor="source", summary="He was ready.", date="2023")
    case.link("C-1", "supersedes", "C-0", judge="isw")
    case.grade("C-1", "B2", judge="isw").grade("S-1", "F6")


@pytest.fixture
def world(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A claim of January that a statement denies and a later action belies."""
    with logged(backend, log_world) as case:
        yield case


def refs(session: Session, noun: str, **wanted: Any) -> list[str]:
    rows = list_records(session, noun, Filters(**wanted))
    return [getattr(row, "ref", None) or getattr(row, "entry", None) or "" for row in rows]


# --- lists ----------------------------------------------------------------------------------------


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


def test_topics_are_listed_by_ref_with_the_number_of_their_propositions(world: Casebook) -> None:
    assert list(list_records(world.session, "topic")) == [
        TopicRow(ref="ceasefire", name="Ceasefire", parent="war", exclusive=False, propositions=1),
        TopicRow(ref="war", name="The war", parent=None, exclusive=False, propositions=1),
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


def row_of(noun: str, **given: Any) -> Any:
    from claimtrack.schemas import NewProposition

    assert noun == "proposition"
    return NewProposition(**given, resolved_on=date(2024, 6, 1), resolved_by="A-1")


def test_entries_are_listed_by_ref_with_their_stances_and_documents(world: Casebook) -> None:
    world.stance("C-1", "ready", 2, judge="isw").cite("C-1", "D-2", role="support")
    assert list(list_records(world.session, "claim")) == [
        EntryRow(
            ref="C-1",
            kind="claim",
            actor="source",
            on_behalf_of=None,
            date_from=date(2024, 1, 1),
            date_to=date(2024, 1, 31),
            date_text=None,
            summary="He is ready.",
            propositions=("over 0", "ready +2"),
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


# --- which records there are ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        pytest.param("C-1", ["claim"], id="an entry, by its kind"),
        pytest.param("ready", ["proposition"], id="a proposition"),
        pytest.param("war", ["actor", "topic"], id="two kinds share a ref"),
        pytest.param("D-1", ["document"], id="a document"),
        pytest.param("Путин", ["actor"], id="an actor by alias"),
        pytest.param("Russia", ["actor"], id="an actor by name"),
        pytest.param("The war", [], id="a topic by name"),
        pytest.param("nothing", [], id="nothing"),
    ],
)
def test_a_ref_tells_which_kinds_of_record_it_names(
    world: Casebook, ref: str, expected: list[str]
) -> None:
    world.actor("war", name="D-1")  # a ref goes before a name
    assert kinds_of(world.session, ref) == expected


@pytest.mark.parametrize(
    ("prefix", "nouns", "expected"),
    [
        pytest.param("C", (), [("C-0", "He was ready."), ("C-1", "He is ready.")], id="entries"),
        pytest.param("c", (), [("ceasefire", "Ceasefire"), ("coder", "Actor coder")], id="case"),
        pytest.param("D-1", (), [("D-1", "One"), ("D-1b", "https://press.example/1b")], id="D"),
        pytest.param("D-2", ("document",), [("D-2", "")], id="a document without words"),
        pytest.param("", ("topic",), [("ceasefire", "Ceasefire"), ("war", "The war")], id="all"),
        pytest.param("", ("statement",), [("S-1", "No.")], id="one kind of entry"),
        pytest.param("A", ("entry",), [("A-1", "An offensive.")], id="any kind of entry"),
        pytest.param("A-1", ("claim", "actor"), [], id="not that kind"),
        pytest.param("Пу", ("actor",), [("putin", "Vladimir Putin")], id="an alias"),
        pytest.param("vlad", ("actor",), [("putin", "Vladimir Putin")], id="a name in any case"),
        pytest.param("rus", ("actor",), [("russia", "Russia")], id="ref, name and alias: once"),
        pytest.param("%", (), [], id="no wildcard"),
        pytest.param("_", (), [], id="no wildcard for one character"),
        pytest.param("\x00", (), [], id="what no ref can hold"),
    ],
)
def test_refs_are_completed(
    world: Casebook, prefix: str, nouns: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert refs_starting(world.session, prefix, nouns) == expected


def test_completion_is_cut_and_asks_once(world: Casebook) -> None:
    with count_queries(world.session) as sent:
        assert len(refs_starting(world.session, "", limit=3)) == 3
    assert len(sent) == 1


def test_refs_of_an_unknown_kind_are_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="noun 'stance' is not valid"):
        refs_starting(session, "", ("stance",))


def test_the_status_counts_every_kind_and_names_the_head_of_the_log(world: Casebook) -> None:
    told = status(world.session)
    counts = {
        name: getattr(told, name)
        for name in told.__slots__
        if isinstance(getattr(told, name), int) and name != "revisions"
    }
    assert counts == {
        "actors": 6,
        "documents": 3,
        "topics": 2,
        "propositions": 2,
        "commitments": 0,
        "claims": 2,
        "statements": 1,
        "assessments": 0,
        "actions": 1,
        "windows": 0,
        "stances": 4,
        "links": 2,
        "citations": 2,
        "grades": 2,
    }
    assert told.revisions == sum(counts.values()) + 1  # that of the casebook
    assert len(told.head or "") == 64
    assert told.schema_version == db.SCHEMA_VERSION


def test_the_log_of_an_empty_casebook_has_one_revision(session: Session) -> None:
    told = status(session)
    assert (told.revisions, told.claims, len(told.head or "")) == (1, 0, 64)


# --- one record -----------------------------------------------------------------------------------


def sections(shown: Shown) -> dict[str, tuple[Any, ...]]:
    return {section.heading: section.rows for section in shown.sections}


def against(ref: str, by: str, how: str, summary: str, **given: Any) -> BearingRow:
    """A row of what speaks against the claim of `log_world`."""
    usual: dict[str, Any] = {
        "actor": "putin",
        "status": "derived",
        "timing": None,
        "strength": 2,
        "basis": "explicit",
        "propositions": ("ready",),
        "conditions": (),
        "asserted_by": ("coder",),
        "links": (),
    }
    return BearingRow(ref=ref, by=by, how=how, summary=summary, **{**usual, **given})


def test_a_claim_is_shown_as_a_dossier(world: Casebook) -> None:
    world.claim("C-2", actor="source", date="2024-02-02", summary="As well.", affirms="ready")
    world.assessment("J-1", actor="isw", summary="Not so.", date="2024-04-01", denies="ready")
    world.statement("S-2", actor="putin", summary="Yes.", date="2024-01-05", affirms="ready")
    world.link("C-1", "corroborates", "C-2", strength=1, rationale="The same words.")
    shown = show(world.session, "claim", "C-1", with_history=True)
    assert shown.title == "claim C-1"
    assert dict(shown.fields) == {
        "summary": "He is ready.",
        "who": "A source (source)",
        "described as": "a source",
        "principal": "Russia (russia)",
        "when": "2024-01",
    }
    found = sections(shown)
    assert list(found) == [
        "Asserts",
        "Speaks for it",
        "Speaks against it",
        "Links",
        "Grades",
        "Footnotes",
        "History",
    ]
    assert [(row.proposition, row.value) for row in found["Asserts"]] == [("over", 0), ("ready", 2)]
    assert [(row.by, row.ref, row.how, row.links) for row in found["Speaks for it"]] == [
        ("words", "S-2", "same side", ()),
        (
            *("sources", "C-2", "same side, corroborates"),
            ("corroborates 1 by coder: The same words.",),
        ),
    ]
    day, march, april = date(2024, 2, 1), date(2024, 3, 5), date(2024, 4, 1)
    assert found["Speaks against it"] == (
        against(
            *("J-1", "assessments", "assessed_against", "Not so."),
            actor="isw",
            date_from=april,
            date_to=april,
            days=61,
        ),
        against(
            *("A-1", "deeds", "at_odds_with_action", "An offensive."),
            date_from=march,
            date_to=march,
            days=34,
            basis="inferred",
            asserted_by=("coder", "isw"),
        ),
        against("S-1", "words", "denial", "No.", date_from=day, date_to=day, days=1, strength=1),
    )
    assert [row.graded_by for row in found["Grades"]] == ["isw"]
    assert [row.document_ref for row in found["Footnotes"]] == ["D-1"]
    assert [(row.how, row.ref) for row in found["Links"]] == [
        ("supersedes", "C-0"),
        ("answered by", "S-1"),
    ]
    assert [row.record for row in found["History"]] == [
        "entry C-1",
        "citation C-1/D-1///",
        "stance C-1/ready/coder",
        "stance C-1/over/isw",
        "link S-1/responds_to/C-1/coder",
        "link C-1/supersedes/C-0/isw",
        "grade C-1/isw/2024-01-01",
        "link C-1/corroborates/C-2/coder",
    ]


def test_an_entry_shows_every_field_that_it_has(world: Casebook) -> None:
    world.actor("envoy", name="An envoy").actor("eu", name="European Union")
    world.entry(
        "action",
        "A-9",
        actor="putin",
        on_behalf_of="eu",
        capacity="president",
        summary="A strike.",
        date_from="2024-05-01",
        date_text="in spring",
        about="2024-05",
        place="Kharkiv",
        action_code="ASSAULT:drone",
        latitude=50.0,
        longitude=36.25,
        participants=[
            {"actor": "envoy", "role": "intermediary"},
            {"actor": "isw", "role": "co_actor"},
        ],
    )
    world.document("D-3", publisher="isw", published="2024-01-01")
    world.cite("A-9", "D-3", role="relay").cite("A-9", "D-1", exact="boom", wording="verbatim")
    assert show(world.session, "entry", "A-9").fields == (
        ("summary", "A strike."),
        ("who", "Vladimir Putin (putin)"),
        ("in the capacity of", "president"),
        ("on behalf of", "European Union (eu)"),
        ("principal", "European Union (eu)"),
        ("co-actor", "ISW (isw)"),
        ("intermediary", "An envoy (envoy)"),
        ("when", '2024-05-01/.. ("in spring")'),
        ("about", "2024-05"),
        ("where", "Kharkiv"),
        ("action code", "ASSAULT:drone"),
        ("coordinates", "50.0, 36.25"),
    )


def test_a_record_keeps_its_columns_by_their_own_names(world: Casebook) -> None:
    shown = show(world.session, "claim", "C-1")
    assert (shown.table, shown.record["actor"], shown.record["on_behalf_of"]) == (
        "entry",
        "source",
        None,
    )
    assert (shown.record["date_from"], shown.record["participants"]) == (date(2024, 1, 1), [])
    assert "Settles" in shown.headings
    assert show(world.session, "actor", "putin").record["aliases"] == ["Путин"]


def test_an_asserted_row_keeps_the_words_and_the_hedges(world: Casebook) -> None:
    hedged = {"hedge": "may", "likelihood": "likely", "confidence": "low", "condition": "if asked"}
    world.stance("A-1", "over", 1, rationale="Because.", **hedged)
    found = sections(show(world.session, "action", "A-1"))["Asserts"]
    assert found[0] == AssertedRow(
        proposition="over",
        text="It is over.",
        value=1,
        basis="explicit",
        hedge="may",
        condition="if asked",
        likelihood="likely",
        confidence="low",
        asserted_by="coder",
        rationale="Because.",
    )


def test_what_speaks_for_a_denial_denies_as_well(world: Casebook) -> None:
    found = sections(show(world.session, "statement", "S-1"))
    assert [(row.ref, row.by, row.strength) for row in found["Speaks for it"]] == [
        ("A-1", "deeds", 1)
    ]
    assert [(row.ref, row.by) for row in found["Speaks against it"]] == [("C-1", "sources")]


def test_what_is_reconciled_comes_last_and_is_marked(world: Casebook) -> None:
    for judge in ("coder", "isw"):
        world.link("A-1", "reconciles", "C-1", judge=judge)
    found = sections(show(world.session, "claim", "C-1"))
    assert [(row.ref, row.status) for row in found["Speaks against it"]] == [
        ("S-1", "derived"),
        ("A-1", "reconciled"),
    ]
    assert [row.ref for row in found["Links"]] == ["C-0", "S-1"]


def test_what_opposes_nothing_and_is_reconciled_all_the_same_speaks_against_nothing(
    world: Casebook,
) -> None:
    world.claim("C-2", affirms="ready").link("C-1", "reconciles", "C-2")
    found = sections(show(world.session, "claim", "C-2"))
    assert [row.ref for row in found["Speaks against it"]] == ["A-1", "S-1"]
    assert [(row.how, row.ref) for row in found["Links"]] == [("reconciles", "C-1")]


def test_a_link_is_in_one_section(world: Casebook) -> None:
    world.claim("C-2", affirms="ready").link("C-1", "corroborates", "C-2", judge="isw")
    world.link("C-1", "contradicts", "S-1", judge="isw", rationale="Plainly.")
    found = sections(show(world.session, "claim", "C-1"))
    told = {row.ref: row.links for row in found["Speaks against it"]}
    assert told == {"A-1": (), "S-1": ("contradicts 2 by isw: Plainly.",)}
    assert [row.links for row in found["Speaks for it"]] == [("corroborates 2 by isw",)]
    assert {row.how for row in found["Links"]} == {"supersedes", "answered by"}


def test_a_link_with_what_is_superseded_stays_a_link(world: Casebook) -> None:
    world.claim("C-2").claim("C-3").link("C-3", "supersedes", "C-2")
    world.link("C-1", "contradicts", "C-2").link("C-1", "corroborates", "C-2", judge="isw")
    found = sections(show(world.session, "claim", "C-1"))
    assert "Speaks for it" not in found
    assert [(row.how, row.ref) for row in found["Links"]] == [
        ("supersedes", "C-0"),
        ("answered by", "S-1"),
        ("contradicts", "C-2"),
        ("corroborates", "C-2"),
    ]


def test_the_strongest_come_first_and_assessments_behind_what_is_as_strong(
    world: Casebook,
) -> None:
    for ref, kind, value, day in (
        *(("J-1", "assessment", -2, "2024-01-01"), ("S-2", "statement", -2, "2024-05-01")),
        *(("S-3", "statement", -1, "2024-01-01"), ("C-3", "claim", -2, "2024-06-01")),
        *(("J-4", "assessment", 2, "2024-01-01"), ("C-4", "claim", 2, "2024-06-01")),
    ):
        world.entry(kind, ref, stances={"ready": value}, date=day, actor="isw")
    found = sections(show(world.session, "claim", "C-1"))
    assert [row.ref for row in found["Speaks for it"]] == ["C-4", "J-4"]
    refs = [row.ref for row in found["Speaks against it"]]
    assert refs == ["C-3", "S-2", "J-1", "A-1", "S-1", "S-3"]


def test_superseded_entries_speak_neither_for_nor_against(world: Casebook) -> None:
    world.stance("C-0", "ready", 2).claim("C-7", denies="ready").claim("C-8", denies="ready")
    world.link("C-8", "supersedes", "C-7")
    found = sections(show(world.session, "claim", "C-1"))
    assert "Speaks for it" not in found
    assert [row.ref for row in found["Speaks against it"]] == ["C-8", "A-1", "S-1"]


def test_a_superseded_entry_shows_what_opposed_it(world: Casebook) -> None:
    shown = show(world.stance("C-0", "ready", 2).session, "claim", "C-0")
    found = sections(shown)
    assert [row.ref for row in found["Speaks against it"]] == ["A-1", "S-1"]
    commands = {section.heading: section.command for section in shown.sections}
    listing = "claimtrack report contradictions --entry C-0 --include-superseded"
    assert commands["Speaks against it"] == listing
    assert found["Links"] == (
        LinkedRow(
            how="superseded by",
            ref="C-1",
            kind="claim",
            actor="source",
            summary="He is ready.",
            strength=2,
            asserted_by="isw",
            rationale=None,
        ),
    )


def test_an_entry_shows_what_it_settles(world: Casebook) -> None:
    changes.put(
        world.session,
        row_of("proposition", ref="over", text="It is over.", topic="war", truth=False),
    )
    found = sections(show(world.session, "action", "A-1"))
    assert [row.ref for row in found["Settles"]] == ["over"]


def test_an_entry_alone_shows_its_history_where_that_is_wanted(case: Casebook) -> None:
    case.window("W-1", summary="A vote.")
    shown = show(case.session, "window", "W-1", with_history=True)
    assert shown.fields == (("summary", "A vote."), ("who", "Actor speaker (speaker)"))
    assert [section.heading for section in shown.sections] == ["History"]
    shown = show(case.session, "window", "W-1")
    assert (shown.sections, "History" in shown.headings) == ((), False)


def test_of_each_section_so_many_rows_are_taken_and_all_are_counted(world: Casebook) -> None:
    for number in range(5):
        ref = f"C-5{number}"
        world.claim(
            ref, actor="putin", stances={"ready": 2}, cites="D-2", date=f"2024-05-1{number}"
        )
    for noun, ref, heading, expected in (
        ("claim", "C-1", "Speaks for it", (["C-50", "C-51"], 5)),
        ("actor", "putin", "Entries", (["S-1", "A-1"], 7)),
        ("document", "D-2", "Cited for", (["C-50", "C-51"], 6)),
        ("proposition", "ready", "Affirmed", (["C-1", "C-50"], 6)),
    ):
        [section] = [
            one for one in show(world.session, noun, ref, most=2).sections if one.heading == heading
        ]
        refs = [
            getattr(row, "ref", "") or getattr(row, "entry", "") or row.entry_ref
            for row in section.rows
        ]
        assert (refs, section.total) == expected


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
        pytest.param("claim", "C-1", 33, id="entry"),
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
