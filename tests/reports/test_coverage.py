"""Which topics each source of a principal addressed, and how much of it was coded."""

from datetime import date

import pytest

from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.coverage import CoverageRow, coverage
from claimtrack.vocab import EntryKind
from reports.coverage_rows import omitted, recorded, topics


def matrix(case: Casebook, wanted: Filters | None = None) -> dict[tuple[str, str], str]:
    found = coverage(case.session, wanted or Filters(), principal="russia")
    return {(row.topic, row.source): row.verdict for row in found}


def test_each_topic_stands_with_each_source_by_topic_then_source(russia: Casebook) -> None:
    russia.document("D-1", coverage="complete").document("D-2", coverage="partial")
    russia.claim("C-2", actor="source", affirms="land-kept", cites="D-1")
    russia.claim("C-1", actor="source", denies="land-kept", cites="D-1").cite("C-1", "D-2")
    russia.statement("S", actor="peskov", stances={"nato-out": 0})
    russia.action("A", actor="russia", affirms="land-kept")
    both, everything = ("C-1", "C-2"), ("A", "S")
    assert list(coverage(russia.session, Filters(), principal="russia")) == [
        CoverageRow("aims", "D-1", both, everything, "addressed"),
        CoverageRow("aims", "D-2", ("C-1",), everything, "addressed"),
        CoverageRow("land", "D-1", both, ("A",), "addressed"),
        CoverageRow("land", "D-2", ("C-1",), ("A",), "addressed"),
        CoverageRow("nato", "D-1", (), ("S",), "silent"),
        CoverageRow("nato", "D-2", (), ("S",), "not_coded"),
    ]


@pytest.mark.parametrize(
    ("coded", "expected"),
    [
        pytest.param("complete", "silent", id="coded in full"),
        pytest.param("partial", "not_coded", id="coded in part"),
        pytest.param("listed", "not_coded", id="only listed"),
    ],
)
def test_a_source_is_silent_only_when_it_was_coded_in_full(
    russia: Casebook, coded: str, expected: str
) -> None:
    russia.document("D", coverage=coded)
    russia.claim("C", actor="source", affirms="land-kept", cites="D")
    assert matrix(russia, Filters(topics=("nato",))) == {("nato", "D"): expected}


@pytest.mark.parametrize(
    ("actor", "role", "expected"),
    [
        pytest.param("source", "primary", True, id="an anonymous source of the principal"),
        pytest.param("peskov", "primary", False, id="a named source"),
        pytest.param("stranger", "primary", False, id="an anonymous source of nobody's"),
        pytest.param("source", "relay", False, id="a document that relays"),
        pytest.param("source", "support", False, id="a document that gives context"),
    ],
)
def test_sources_are_primary_citations_of_the_principals_anonymous_claims(
    russia: Casebook, actor: str, role: str, expected: bool
) -> None:
    russia.actor("stranger", kind="anonymous")
    russia.claim("C", actor=actor, affirms="land-kept").cite("C", "D", role)
    addressed = {("aims", "D"): "addressed", ("land", "D"): "addressed", ("nato", "D"): "not_coded"}
    assert matrix(russia) == (addressed if expected else {})


def test_a_source_of_a_statement_alone_is_none(russia: Casebook) -> None:
    russia.statement("S", actor="source", affirms="land-kept", cites="D")
    assert matrix(russia) == {}


def test_a_claim_on_behalf_of_the_principal_counts_as_its(russia: Casebook) -> None:
    russia.actor("stranger", kind="anonymous")
    russia.claim("C-1", actor="stranger", on_behalf_of="russia", affirms="land-kept", cites="D-1")
    russia.claim("C-2", actor="source", on_behalf_of="press", affirms="land-kept", cites="D-2")
    assert {source for _, source in matrix(russia)} == {"D-1"}


def test_a_claim_addresses_a_topic_only_in_the_documents_it_cites_as_primary(
    russia: Casebook,
) -> None:
    russia.claim("C-1", actor="source", affirms="nato-out", cites="D-1").cite("C-1", "D-2", "relay")
    russia.claim("C-2", actor="source", affirms="land-kept", cites="D-2")
    assert matrix(russia, Filters(topics=("nato",))) == {
        ("nato", "D-1"): "addressed",
        ("nato", "D-2"): "not_coded",
    }


@pytest.mark.parametrize(
    ("cited", "canonical", "also"),
    [
        pytest.param("complete", "listed", (), id="the one cited was coded in full"),
        pytest.param("listed", "complete", (), id="the canonical one was"),
        pytest.param("complete", "listed", ("D",), id="both are cited"),
    ],
)
def test_another_address_is_the_same_source(
    russia: Casebook, cited: str, canonical: str, also: tuple[str, ...]
) -> None:
    russia.document("D", coverage=canonical).document("D-too", canonical="D", coverage=cited)
    russia.claim("C", actor="source", affirms="land-kept", cites="D-too")
    for ref in also:
        russia.cite("C", ref)
    russia.statement("S", actor="peskov", affirms="nato-out")
    addressed = {("aims", "D"): "addressed", ("land", "D"): "addressed"}
    assert matrix(russia) == addressed | {("nato", "D"): "silent"}
    assert matrix(russia, Filters(sources=("D-too",))) == matrix(russia)
    assert [row.warrant for row in omitted(russia)] == ["complete"]


def test_a_document_cited_twice_for_a_claim_names_it_once(russia: Casebook) -> None:
    russia.claim("C", actor="source", stances={"land-kept": 1, "nato-out": 1}, cites="D")
    russia.cite("C", "D", label="[1]").statement("S", actor="peskov")
    russia.stance("S", "land-kept", 1).stance("S", "land-kept", 2, judge="isw")
    assert recorded(russia, Filters(topics=("aims",)))["aims"] == (("C",), ("S",))


def test_on_record_are_the_principals_statements_and_actions(russia: Casebook) -> None:
    russia.claim("C", actor="source", affirms="land-kept", cites="D")
    russia.claim("C-named", actor="peskov", affirms="nato-out", cites="D")
    russia.statement("S", actor="peskov", affirms="nato-out", cites="elsewhere")
    russia.action("A", actor="envoy", on_behalf_of="russia", stances={"nato-out": 0})
    russia.commitment("K", actor="peskov", affirms="nato-out")
    russia.assessment("J", actor="peskov", affirms="nato-out")
    russia.statement("S-other", actor="nobody", affirms="nato-out")
    assert recorded(russia, Filters(topics=("nato",))) == {"nato": ((), ("A", "S"))}


def test_a_principal_can_be_anyone_and_takes_in_who_is_below(russia: Casebook) -> None:
    russia.actor("aide", kind="anonymous", parent="peskov")
    russia.claim("C-1", actor="aide", affirms="land-kept", cites="D-1")
    russia.claim("C-2", actor="source", affirms="land-kept", cites="D-2")
    found = coverage(russia.session, Filters(topics=("land",)), principal="peskov")
    assert [(row.source, row.claims) for row in found] == [("D-1", ("C-1",))]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            Filters(sources=("D-2",)),
            [("aims", "D-2"), ("land", "D-2"), ("nato", "D-2")],
            id="a source",
        ),
        pytest.param(
            Filters(sources=("press",), topics=("land",)),
            [("land", "D-1"), ("land", "D-2")],
            id="a publisher",
        ),
        pytest.param(
            Filters(propositions=("nato-out",), sources=("D-1",)),
            [("aims", "D-1"), ("nato", "D-1")],
            id="a proposition, whose topics it means",
        ),
        pytest.param(Filters(limit=1, offset=2), [("land", "D-1")], id="a page"),
        pytest.param(
            Filters(sort=("-source", "-topic"), limit=2),
            [("nato", "D-2"), ("land", "D-2")],
            id="sort",
        ),
    ],
)
def test_filters_choose_the_topics_and_the_sources(
    covered: Casebook, wanted: Filters, expected: list[tuple[str, str]]
) -> None:
    assert list(matrix(covered, wanted)) == expected


@pytest.mark.parametrize(
    "sort",
    [
        pytest.param((), id="usual"),
        pytest.param(("source", "-topic"), id="topics in turn"),
        pytest.param(("-on_record",), id="by a list"),
    ],
)
def test_every_row_has_what_is_on_record_of_its_topic(
    covered: Casebook, sort: tuple[str, ...]
) -> None:
    covered.topic("more")
    of = {"aims": ("S-1", "S-2"), "land": ("S-1",), "nato": ("S-2",), "more": ()}
    found = coverage(covered.session, Filters(sort=sort), principal="russia")
    rows = [(row.topic, row.source, row.on_record) for row in found]
    assert sorted(rows) == sorted((name, d, of[name]) for name in of for d in ("D-1", "D-2"))
    for limit, offset in ((1, None), (3, 0), (None, 1), (3, 1), (1, 4), (None, 4)):
        page = Filters(sort=sort, limit=limit, offset=offset)
        shown = coverage(covered.session, page, principal="russia")
        cut = [(row.topic, row.source, row.on_record) for row in shown]
        assert cut == rows[offset or 0 :][:limit], (limit, offset)


@pytest.mark.parametrize(
    ("wanted", "on_record"),
    [
        pytest.param(Filters(), ("S-1", "S-2"), id="none"),
        pytest.param(Filters(since=date(2024, 1, 1)), ("S-2",), id="dates"),
        pytest.param(Filters(kinds=(EntryKind.ACTION,)), (), id="kinds"),
        pytest.param(Filters(actors=("source",)), (), id="actors"),
        pytest.param(Filters(sources=("press",)), ("S-1", "S-2"), id="sources, which choose rows"),
        pytest.param(Filters(affirming=True), ("S-1",), id="affirming"),
        pytest.param(Filters(denying=True), ("S-2",), id="denying"),
    ],
)
def test_entry_filters_are_asked_of_the_record_and_take_no_claim_away(
    covered: Casebook, wanted: Filters, on_record: tuple[str, ...]
) -> None:
    found = list(coverage(covered.session, wanted, principal="russia"))
    assert [(row.source, row.claims, row.on_record) for row in found if row.topic == "aims"] == [
        ("D-1", ("C-1",), on_record),
        ("D-2", ("C-1", "C-2"), on_record),
    ]


def test_what_was_not_known_by_the_day_is_no_source_claim_or_record(covered: Casebook) -> None:
    found = coverage(covered.session, Filters(known_by=date(2024, 2, 1)), principal="russia")
    assert [(row.topic, row.source, row.claims, row.on_record) for row in found] == [
        ("aims", "D-1", ("C-1",), ("S-1",)),
        ("land", "D-1", ("C-1",), ("S-1",)),
        ("nato", "D-1", (), ()),
    ]


def test_only_the_stances_of_the_judges_asked_for_address_a_topic(russia: Casebook) -> None:
    russia.document("D", coverage="complete").claim("C", actor="source", cites="D")
    russia.stance("C", "land-kept", 2, judge="isw").stance("C", "nato-out", 2)
    russia.statement("S", actor="peskov", affirms="nato-out", judge="isw")
    assert recorded(russia, Filters(asserted_by=("isw",))) == {
        "aims": (("C",), ("S",)),
        "land": (("C",), ()),
        "nato": ((), ("S",)),
    }
    assert topics(russia, Filters(asserted_by=("isw",))) == ["nato"]


def test_a_superseded_claim_addresses_nothing(russia: Casebook) -> None:
    russia.claim("C", actor="source", affirms="land-kept", cites="D")
    russia.claim("C-new", actor="source", affirms="nato-out", cites="D")
    russia.link("C-new", "supersedes", "C").statement("S", actor="peskov", affirms="land-kept")
    assert topics(russia) == ["land"]
    assert topics(russia, Filters(include_superseded=True)) == []
