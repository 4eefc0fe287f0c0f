"""Which topics each source addressed, and what a principal's anonymous sources left unsaid."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.coverage import CoverageRow, OmissionRow, coverage, omissions
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries


def log_russia(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("source", kind="anonymous", parent="russia")
    case.actor("peskov", parent="russia")
    case.topic("aims").topic("land", parent="aims").topic("nato", parent="aims")
    case.proposition("land-kept", topic="land").proposition("nato-out", topic="nato")


@pytest.fixture
def russia(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A principal with an anonymous source, a spokesman, and two topics under a third."""
    with logged(backend, log_russia) as case:
        yield case


def matrix(case: Casebook, wanted: Filters | None = None) -> dict[tuple[str, str], str]:
    found = coverage(case.session, wanted or Filters(), principal="russia")
    return {(row.topic, row.source): row.verdict for row in found}


def omitted(case: Casebook, wanted: Filters | None = None) -> list[OmissionRow]:
    return list(omissions(case.session, wanted or Filters(), principal="russia"))


def topics(case: Casebook, wanted: Filters | None = None) -> list[str]:
    return [row.topic for row in omitted(case, wanted)]


def recorded(case: Casebook, wanted: Filters) -> dict[str, Any]:
    found = coverage(case.session, wanted, principal="russia")
    return {row.topic: (row.claims, row.on_record) for row in found}


# --- coverage -------------------------------------------------------------------------------------


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


def log_covered(case: Casebook) -> None:
    log_russia(case)
    case.document("D-1", published="2024-01-01").document("D-2", published="2024-03-01")
    case.claim("C-1", actor="source", affirms="land-kept", date="2024-01-01", cites="D-1")
    case.cite("C-1", "D-2")
    case.claim("C-2", actor="source", affirms="nato-out", date="2024-03-01", cites="D-2")
    case.statement("S-1", actor="peskov", affirms="land-kept", date="2023", cites="D-1")
    case.statement("S-2", actor="peskov", denies="nato-out", date="2024")


@pytest.fixture
def covered(backend: str, logged: Logged) -> Iterator[Casebook]:
    """That principal, with a claim on each topic from two documents and what it said on record."""
    with logged(backend, log_covered) as case:
        yield case


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


# --- omissions ------------------------------------------------------------------------------------


def test_an_omission_is_on_record_and_not_in_any_anonymous_claim(russia: Casebook) -> None:
    russia.document("D", coverage="complete")
    russia.claim("C", actor="source", affirms="land-kept", cites="D")
    russia.statement("S-2", actor="peskov", affirms="nato-out")
    russia.action("A-1", actor="russia", stances={"nato-out": 0})
    russia.statement("S-3", actor="peskov", affirms="land-kept")
    assert omitted(russia) == [OmissionRow("nato", "russia", ("A-1", "S-2"), "complete", ())]


@pytest.mark.parametrize(
    ("kind", "actor", "value", "expected"),
    [
        pytest.param("claim", "source", 0, [], id="addressed with an open stance"),
        pytest.param("claim", "source", -2, [], id="addressed by denial"),
        pytest.param("claim", "peskov", 2, ["nato"], id="a named source's claim addresses nothing"),
        pytest.param("claim", "stranger", 2, ["nato"], id="nor does a stranger's"),
        pytest.param("assessment", "source", 2, ["nato"], id="nor does an assessment"),
    ],
)
def test_a_topic_is_addressed_by_any_stance_of_the_principals_anonymous_claims(
    russia: Casebook, kind: str, actor: str, value: int, expected: list[str]
) -> None:
    russia.actor("stranger", kind="anonymous")
    russia.claim("C", actor="source", affirms="land-kept", cites="D")
    russia.entry(kind, "E", actor=actor, stances={"nato-out": value})
    russia.statement("S", actor="peskov", affirms="nato-out")
    assert topics(russia) == expected


@pytest.mark.parametrize(
    ("kind", "actor", "expected"),
    [
        pytest.param("statement", "peskov", ["nato"], id="its statement"),
        pytest.param("action", "peskov", ["nato"], id="its action"),
        pytest.param("commitment", "peskov", [], id="its commitment"),
        pytest.param("claim", "peskov", [], id="its claim"),
        pytest.param("statement", "stranger", [], id="a stranger's statement"),
    ],
)
def test_only_statements_and_actions_of_the_principal_are_on_record(
    russia: Casebook, kind: str, actor: str, expected: list[str]
) -> None:
    russia.entry(kind, "E", actor=actor, affirms="nato-out")
    assert topics(russia) == expected


def test_only_topics_without_topics_below_are_omitted(russia: Casebook) -> None:
    russia.proposition("all-aims", topic="aims")
    russia.statement("S", actor="peskov", stances={"all-aims": 2, "nato-out": 2})
    assert topics(russia) == ["nato"]


@pytest.mark.parametrize(
    ("coded", "expected"),
    [
        pytest.param({"D-1": "complete", "D-2": "complete"}, "complete", id="all in full"),
        pytest.param({"D-1": "complete", "D-2": "partial"}, "not_coded_in_full", id="one in part"),
        pytest.param({"D-1": "listed"}, "not_coded_in_full", id="one listed"),
        pytest.param({}, "not_coded_in_full", id="no source at all"),
    ],
)
def test_silence_is_warranted_when_all_sources_were_coded_in_full(
    russia: Casebook, coded: dict[str, str], expected: str
) -> None:
    for ref, how in coded.items():
        russia.document(ref, coverage=how)
        russia.claim(f"C-{ref}", actor="source", affirms="land-kept", cites=ref)
    russia.document("D-relay").claim("C", actor="source", affirms="land-kept")
    russia.cite("C", "D-relay", "relay").statement("S", actor="peskov", affirms="nato-out")
    assert [row.warrant for row in omitted(russia)] == [expected]


def test_without_a_warrant_the_assessments_of_what_is_on_record_are_cited(
    russia: Casebook,
) -> None:
    russia.statement("S", actor="peskov", affirms="nato-out")
    russia.action("A", actor="peskov", affirms="nato-out")
    russia.statement("S-land", actor="peskov", affirms="land-kept")
    russia.assessment("J-2").link("J-2", "concerns", "S").link("J-2", "concerns", "A")
    russia.link("J-2", "concerns", "S", judge="isw")
    russia.assessment("J-1").link("J-1", "concerns", "A")
    russia.assessment("J-3").link("J-3", "responds_to", "S")
    russia.assessment("J-4").link("S", "concerns", "J-4")
    russia.statement("S-5", actor="nobody").link("S-5", "concerns", "S")
    russia.assessment("J-6").link("J-6", "concerns", "S-land")
    russia.assessment("J-7").link("J-7", "concerns", "S")
    russia.assessment("J-8").link("J-8", "supersedes", "J-7")
    assert [(row.topic, row.warrant, row.warranted_by) for row in omitted(russia)] == [
        ("land", "not_coded_in_full", ("J-6",)),
        ("nato", "not_coded_in_full", ("J-1", "J-2")),
    ]


def test_a_warranted_silence_cites_nobody(russia: Casebook) -> None:
    russia.document("D", coverage="complete")
    russia.claim("C", actor="source", affirms="land-kept", cites="D")
    russia.statement("S", actor="peskov", affirms="nato-out")
    russia.assessment("J").link("J", "concerns", "S")
    assert [(row.warrant, row.warranted_by) for row in omitted(russia)] == [("complete", ())]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Filters(), ["land", "nato", "talks"], id="none"),
        pytest.param(
            Filters(topics=("aims",)), ["land", "nato"], id="a topic takes in those below"
        ),
        pytest.param(Filters(propositions=("nato-out",)), ["nato"], id="a proposition"),
        pytest.param(Filters(denying=True), ["nato"], id="denying"),
        pytest.param(Filters(since=date(2024, 1, 1)), ["talks"], id="since"),
        pytest.param(Filters(sources=("D",)), ["land"], id="a source of the record"),
        pytest.param(Filters(sort=("-topic",), limit=2, offset=1), ["nato", "land"], id="a page"),
    ],
)
def test_filters_choose_the_omissions(
    russia: Casebook, wanted: Filters, expected: list[str]
) -> None:
    russia.proposition("talks-wanted", topic="talks")
    russia.statement("S-1", actor="peskov", affirms="land-kept", date="2023", cites="D")
    russia.statement("S-2", actor="peskov", denies="nato-out", date="2023")
    russia.statement("S-3", actor="peskov", affirms="talks-wanted", date="2024")
    assert topics(russia, wanted) == expected


def test_a_date_filter_never_makes_an_omission_of_what_was_addressed(russia: Casebook) -> None:
    russia.claim("C", actor="source", affirms="nato-out", date="2023", cites="D")
    russia.statement("S", actor="peskov", affirms="nato-out", date="2024")
    assert topics(russia, Filters(since=date(2024, 1, 1))) == []


def test_rows_can_be_sorted_by_their_refs(russia: Casebook) -> None:
    russia.claim("C-9", actor="source", affirms="nato-out", cites="D")
    russia.statement("S-1", actor="peskov", affirms="nato-out")
    russia.statement("S-2", actor="peskov", affirms="land-kept")

    def topics_by(column: str) -> list[str]:
        wanted = Filters(topics=("land", "nato"), sort=(column,))
        return [row.topic for row in coverage(russia.session, wanted, principal="russia")]

    assert (topics_by("-on_record"), topics_by("claims")) == (["land", "nato"], ["nato", "land"])


def test_min_strength_narrows_what_is_on_record_and_no_claim(russia: Casebook) -> None:
    russia.statement("S", actor="peskov", stances={"land-kept": 1})
    russia.claim("C-9", actor="source", stances={"land-kept": 1}, cites="D")
    assert recorded(russia, Filters(topics=("land",), min_strength=2)) == {"land": (("C-9",), ())}


def test_concerning_counts_whichever_judges_are_asked_for(russia: Casebook) -> None:
    russia.statement("S", actor="peskov", affirms="nato-out", judge="isw")
    russia.assessment("J").link("J", "concerns", "S", judge="other")
    assert [row.warranted_by for row in omitted(russia, Filters(asserted_by=("isw",)))] == [("J",)]


def test_what_concerned_it_later_was_not_known_by_the_day(russia: Casebook) -> None:
    russia.document("early", published="2024-01-01").document("late", published="2024-03-01")
    russia.statement("S", actor="peskov", affirms="nato-out", cites="early")
    russia.assessment("J-1", cites="early").link("J-1", "concerns", "S")
    russia.assessment("J-2", cites="early").link("J-2", "concerns", "S", document="late")
    russia.assessment("J-3", cites="late").link("J-3", "concerns", "S")
    found = omitted(russia, Filters(known_by=date(2024, 2, 1)))
    assert [row.warranted_by for row in found] == [("J-1",)]


def test_rows_can_be_sorted_by_what_is_decided(russia: Casebook) -> None:
    russia.document("D-1", coverage="complete")
    russia.claim("C", actor="source", affirms="land-kept", cites="D-1").cite("C", "D-2")
    wanted = Filters(topics=("land", "nato"), sort=("-verdict", "-topic", "source"))
    found = coverage(russia.session, wanted, principal="russia")
    assert [(row.verdict, row.topic, row.source) for row in found] == [
        ("silent", "nato", "D-1"),
        ("not_coded", "nato", "D-2"),
        ("addressed", "land", "D-1"),
        ("addressed", "land", "D-2"),
    ]


@pytest.mark.parametrize("report", [coverage, omissions])
def test_an_unknown_column_to_sort_by_is_refused(russia: Casebook, report: Any) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour' is not valid"):
        list(report(russia.session, Filters(sort=("colour",)), principal="russia"))


@pytest.mark.parametrize(
    ("report", "most"),
    [pytest.param(coverage, 1, id="coverage"), pytest.param(omissions, 5, id="omissions")],
)
def test_so_many_statements_answer_however_many_rows(
    covered: Casebook, report: Any, most: int
) -> None:
    covered.proposition("more", topic="more").statement("S-3", actor="peskov", affirms="more")
    with count_queries(covered.session) as sent:
        assert list(report(covered.session, Filters(), principal="russia"))
    assert len(sent) == most
