"""An empty report says why: nothing was logged, nothing satisfies the filters, or nothing is so."""

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.reports.empty_reports import explain_empty_report
from claimtrack.vocab import EntryKind
from conftest import Typed

NAMES = ("contradictions", "claims", "positions", "windows", "corroboration", "track-record")
REPORTS = [
    *((name, "--format", form) for name in NAMES for form in ("table", "csv", "json", "markdown")),
    *(
        ("contradictions", "--group-by", "subject", "--format", form)
        for form in ("table", "markdown")
    ),
]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("contradictions", "no entry is logged yet"),
        ("claims", "no claim is logged yet"),
        ("answers", "no entry is logged yet"),
        ("promises", "no commitment is logged yet"),
        ("timeline", "no entry is logged yet"),
        ("positions", "no entry is logged yet"),
        ("coverage", "there is no topic yet"),
        ("omissions", "there is no topic yet"),
        ("windows", "no window is logged yet"),
        ("hypotheses", "no entry has a stance yet"),
        ("corroboration", "there is no proposition yet"),
        ("track-record", "no entry has a stance yet"),
        ("citations", "no entry is logged yet"),
    ],
)
@pytest.mark.both_databases
def test_what_was_never_logged_is_named_first(session: Session, report: str, expected: str) -> None:
    assert explain_empty_report(session, report, Filters(kinds=(EntryKind.ACTION,))).startswith(
        expected
    )


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("contradictions", "no entry has a stance yet, and none is linked as contradicting"),
        ("positions", "no entry has a stance yet: positions are made of stances"),
        ("promises", "no commitment is logged yet"),
        ("citations", "no entry cites a document yet"),
    ],
)
def test_then_what_the_report_is_made_of(
    case: Casebook, session: Session, report: str, expected: str
) -> None:
    case.claim("C")
    assert explain_empty_report(session, report, Filters()).startswith(expected)


def test_deeds_alone_have_no_answers(case: Casebook, session: Session) -> None:
    case.action("X")
    said = explain_empty_report(session, "answers", Filters())
    assert said.startswith("no claim or statement is logged yet, and nothing is linked as a reply")


def test_a_link_is_enough_for_contradictions(case: Casebook, session: Session) -> None:
    case.claim("C").claim("D").link("C", "contradicts", "D")
    assert "stance yet" not in explain_empty_report(session, "contradictions", Filters())


@pytest.mark.parametrize(
    ("wanted", "narrowed", "expected"),
    [
        pytest.param(Filters(), False, "no two entries oppose each other", id="nothing is so"),
        pytest.param(Filters(topics=("t",)), False, "nothing matches", id="a filter"),
        pytest.param(Filters(), True, "nothing matches", id="another narrowing"),
        pytest.param(Filters(offset=3), False, "the page begins", id="after the last row"),
        pytest.param(Filters(sort=("days",)), False, "no two entries", id="an order"),
    ],
)
def test_then_whether_filters_or_the_casebook_leave_nothing(
    case: Casebook, session: Session, wanted: Filters, narrowed: bool, expected: str
) -> None:
    case.claim("C", affirms="p")
    found = explain_empty_report(session, "contradictions", wanted, narrowed=narrowed)
    assert found.startswith(expected)


def test_what_another_entry_supersedes_is_said_to_be_left_out(
    case: Casebook, session: Session
) -> None:
    case.claim("old", affirms="p").claim("new").link("new", "supersedes", "old")
    left_out = "what another entry supersedes is left out (--include-superseded)"
    assert explain_empty_report(session, "contradictions", Filters()).endswith(left_out)
    all_of_it = explain_empty_report(session, "contradictions", Filters(include_superseded=True))
    assert all_of_it.startswith("no two entries oppose each other")
    assert left_out not in all_of_it


def test_the_principal_of_a_report_that_needs_one_is_no_filter(
    case: Casebook, session: Session
) -> None:
    case.claim("C", affirms="p")
    wanted = Filters(principal="a")
    assert explain_empty_report(session, "omissions", wanted).startswith(
        "nothing that is on record"
    )
    assert explain_empty_report(session, "claims", wanted).startswith("nothing matches")


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
def test_every_report_says_so_beside_its_output(typed: Typed, report: tuple[str, ...]) -> None:
    answer = typed(lambda _: None).run("report", *report)
    assert answer.code == 0
    assert " yet" in answer.stderr.splitlines()[-1]
