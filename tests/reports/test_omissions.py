"""Which topics on a principal's record its anonymous claims leave out."""

from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.coverage import OmissionRow, coverage, omissions
from conftest import count_queries
from reports.coverage_rows import omitted, recorded, topics


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
