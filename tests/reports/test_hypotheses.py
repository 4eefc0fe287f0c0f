"""The matrix of competing hypotheses: what speaks for and against each."""

from datetime import date

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import UnknownRef, Usage
from claimtrack.query.filters import Filters
from claimtrack.reports.hypotheses import (
    CellRow,
    HypothesisRow,
    SumRow,
    cells,
    count_left_out_assessments,
    describe_left_out,
    hypotheses,
)
from claimtrack.reports.hypotheses import sums as sum_rows
from claimtrack.vocab import EntryKind
from reports.hypothesis_cells import NOTHING, matrix, sums


def test_a_row_holds_an_entry_its_cells_and_its_diagnosticity(
    case: Casebook, session: Session
) -> None:
    case.actor("aide", parent="state")
    case.claim("C", actor="aide", summary="He will.", stances={"p": 2, "q": -1})
    found = hypotheses(session, ["q", "p"])
    assert found.hypotheses == ("q", "p")
    named = ("entry_ref", "kind", "actor", "principal", "summary", "q", "p", "diagnosticity")
    assert found.columns == named
    (row,) = found.rows
    assert row == HypothesisRow("C", "claim", "aide", "state", "He will.", ("I", "CC"), 3)
    assert row.values() == ("C", "claim", "aide", "state", "He will.", "I", "CC", 3)


def test_cells_hold_the_letters_of_ach_or_nothing(case: Casebook, session: Session) -> None:
    for value, ref in enumerate("EDCBA", start=-2):
        case.claim(ref, stances={"p": value})
    case.claim("F", affirms="q").claim("G", affirms="r")
    assert matrix(session, "p", "q") == {
        "A": ("CC", ""),
        "B": ("C", ""),
        "C": ("N", ""),
        "D": ("I", ""),
        "E": ("II", ""),
        "F": ("", "CC"),
    }


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param({"p": 2, "q": -2}, 4, id="as far as it goes"),
        pytest.param({"p": 1, "q": 1}, 0, id="equal for both"),
        pytest.param({"p": 0, "q": -1}, 1, id="neutral counts"),
        pytest.param({"p": 2}, None, id="only one is rated"),
        pytest.param({"p": 2, "r": -2}, None, id="the other is not in the matrix"),
    ],
)
def test_diagnosticity_is_the_range_of_the_rated_cells(
    case: Casebook, session: Session, stances: dict[str, int], expected: int | None
) -> None:
    case.proposition("q").claim("C", stances=stances)
    (row,) = hypotheses(session, ["p", "q"]).rows
    assert row.diagnosticity == expected


def test_assessments_are_no_evidence(case: Casebook, session: Session) -> None:
    for kind in EntryKind:
        case.entry(kind, kind, actor=f"by-{kind}", denies="p")
    kinds = ["action", "claim", "commitment", "statement", "window"]
    assert list(matrix(session, "p")) == kinds
    assert sums(session, "p") == (10,)
    assert count_left_out_assessments(session, ["p"]) == 1


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param((EntryKind.ASSESSMENT,), ["A-1", "A-2"], id="alone"),
        pytest.param((EntryKind.ASSESSMENT, EntryKind.CLAIM), ["A-1", "A-2", "C"], id="beside"),
        pytest.param((EntryKind.CLAIM,), ["C"], id="not asked for"),
    ],
)
def test_assessments_are_there_where_the_filter_asks_for_them(
    case: Casebook, session: Session, kinds: tuple[EntryKind, ...], expected: list[str]
) -> None:
    case.claim("C", denies="p").assessment("A-1", denies="p").assessment("A-2", affirms="p")
    wanted = Filters(kinds=kinds)
    assert list(matrix(session, "p", wanted=wanted)) == expected
    assert count_left_out_assessments(session, ["p"], wanted) == 0
    of_assessments = 2 * sum(ref in expected for ref in ("C", "A-1"))
    assert sums(session, "p", wanted=wanted) == (of_assessments if len(expected) > 1 else None,)


def test_of_the_assessments_those_are_counted_that_the_filters_mean(
    case: Casebook, session: Session
) -> None:
    case.assessment("A-1", denies="p", date="2024-01").assessment("A-2", affirms="p")
    case.assessment("A-3", affirms="r").assessment("A-4", stances={"p": 1, "q": 2}, date="2024-01")
    assert count_left_out_assessments(session, ["p", "q"]) == 3
    assert count_left_out_assessments(session, ["p", "q"], Filters(since=date(2024, 1, 1))) == 2
    assert count_left_out_assessments(session, ["q"], Filters(since=date(2024, 1, 1))) == 1


def test_how_many_assessments_are_left_out_is_a_sentence() -> None:
    assert describe_left_out(1) == (
        "1 assessment takes a stance on these and is left out: it is a judgement, not evidence"
    )
    assert describe_left_out(1200).startswith(
        "1,200 assessments take a stance on these and are left"
    )


@pytest.mark.parametrize(
    ("values", "cell", "against"),
    [
        pytest.param((2, 1), "CC", 0, id="the most for it"),
        pytest.param((-1, -2), "II", 2, id="the most against it"),
        pytest.param((2, -1), "I", 1, id="one is against it"),
        pytest.param((-2, 2), "II", 2, id="as far either way"),
        pytest.param((0, 1), "C", 0, id="one leaves it open"),
        pytest.param((0, -1), "I", 1, id="the other does not"),
    ],
)
def test_of_several_readings_the_most_against_a_hypothesis_stands(
    case: Casebook, session: Session, values: tuple[int, int], cell: str, against: int
) -> None:
    case.claim("C", stances={"p": values[0]}, judge="a").stance("C", "p", values[1], judge="b")
    case.claim("D", stances={"p": 0})
    assert matrix(session, "p") == {"C": (cell,), "D": ("N",)}
    assert sums(session, "p") == (against,)


def test_diagnosticity_is_that_of_the_cells_shown(case: Casebook, session: Session) -> None:
    case.claim("C", stances={"p": 2, "q": 1}, judge="a").stance("C", "p", -1, judge="b")
    case.claim("D", stances={"p": 1, "q": 0})
    found = list(hypotheses(session, ["p", "q"], Filters(sort=("-diagnosticity",))).rows)
    assert [(row.entry_ref, row.cells, row.diagnosticity) for row in found] == [
        ("C", ("I", "C"), 2),
        ("D", ("C", "N"), 1),
    ]


# --- the sums -------------------------------------------------------------------------------------


def test_inconsistency_adds_up_what_speaks_against_each(case: Casebook, session: Session) -> None:
    case.claim("A", stances={"p": -2, "q": 2}).statement("B", stances={"p": -1, "q": -1})
    case.action("C", stances={"p": 2, "q": 0})
    assert sums(session, "p", "q", "unheard") == (3, 1, None)


@pytest.mark.parametrize("strength", [1, 2], ids=["possible", "certain"])
def test_entries_of_one_origin_count_once_at_their_largest(
    case: Casebook, session: Session, strength: int
) -> None:
    case.claim("A", stances={"p": -1, "q": -1}).claim("B", stances={"p": -2})
    case.claim("C", stances={"p": -1, "q": 0}).link("B", "repeats", "A", strength=strength)
    assert sums(session, "p", "q") == (3, 1)


def test_the_same_source_in_the_same_document_counts_once(case: Casebook, session: Session) -> None:
    case.claim("A", actor="x", denies="p", cites="D").claim("B", actor="x", denies="p", cites="D")
    assert sums(session, "p") == (2,)


# --- the hypotheses -------------------------------------------------------------------------------


def test_an_exclusive_topic_names_its_propositions_by_ref(case: Casebook, session: Session) -> None:
    case.topic("t", exclusive=True).topic("below", parent="t")
    case.proposition("q", topic="t").proposition("P", topic="t").proposition("x", topic="below")
    case.claim("C", affirms="q").claim("D", affirms="x")
    assert hypotheses(session, ["t"]).hypotheses == ("P", "q")
    assert matrix(session, "t") == {"C": ("", "CC")}


def test_a_proposition_named_twice_has_one_column(case: Casebook, session: Session) -> None:
    case.proposition("p").proposition("q")
    assert hypotheses(session, ["q", "p", "q"]).hypotheses == ("q", "p")


def test_a_ref_shared_with_a_topic_is_the_proposition(case: Casebook, session: Session) -> None:
    case.topic("nato").proposition("nato", topic="nato").claim("C", affirms="nato")
    assert matrix(session, "nato") == {"C": ("CC",)}


def test_a_proposition_may_be_called_like_another_column(case: Casebook, session: Session) -> None:
    case.claim("C", stances={"kind": 1, "summary": -1})
    (row,) = hypotheses(session, ["kind", "summary"]).rows
    assert row.values()[4:] == ("What C says.", "C", "I", 2)


@pytest.mark.parametrize(
    ("names", "error", "said"),
    [
        pytest.param(
            ["talks"],
            Usage,
            "topic 'talks' is not exclusive, so that several of its propositions can be true: "
            "name those to compare",
            id="a topic that is not exclusive",
        ),
        pytest.param(
            ["bare"],
            Usage,
            "topic 'bare' holds no proposition: add those to weigh",
            id="an empty topic",
        ),
        pytest.param(
            [],
            Usage,
            "name the propositions to compare, or one exclusive topic",
            id="nothing",
        ),
        pytest.param(
            ["ready-2"],
            UnknownRef,
            "no proposition or topic 'ready-2'; did you mean ready?",
            id="an unknown name",
        ),
        pytest.param(
            ["ready", "talks"],
            UnknownRef,
            "no proposition 'talks'",
            id="a topic among propositions",
        ),
    ],
)
def test_what_cannot_be_weighed_is_refused(
    case: Casebook, session: Session, names: list[str], error: type[Exception], said: str
) -> None:
    case.topic("talks").topic("bare", exclusive=True).proposition("ready", topic="talks")
    with pytest.raises(error) as raised:
        hypotheses(session, names)
    assert str(raised.value) == said


def test_a_sum_tells_on_how_much_it_rests(case: Casebook, session: Session) -> None:
    case.claim("A", stances={"p": -2, "q": 1}).claim("C", stances={"p": 1})
    case.claim("B").stance("B", "p", -1, basis="inferred").assessment("J", denies="p")
    assert sum_rows(session, ["p", "q"]) == (
        SumRow("p", sum=3, rated=3, inferred=1, assessments_left_out=1),
        SumRow("q", sum=None, rated=1, inferred=None, assessments_left_out=0),
    )


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(NOTHING, id="all"),
        pytest.param(Filters(kinds=(EntryKind.CLAIM,)), id="claims"),
        pytest.param(Filters(denying=True), id="what denies a hypothesis"),
        pytest.param(Filters(propositions=("q",)), id="what speaks to one"),
        pytest.param(Filters(asserted_by=("other",)), id="one judge"),
        pytest.param(Filters(min_strength=2), id="strong stances"),
    ],
)
def test_the_long_form_holds_the_cells_of_the_matrix_that_are_not_empty(
    case: Casebook, session: Session, wanted: Filters
) -> None:
    case.topic("topic", exclusive=True).proposition("r").proposition("apart", topic="other")
    case.claim("C", stances={"p": 2, "q": -1}).statement("S", denies="q")
    case.claim("D", affirms="apart")
    case.assessment("A", denies="p").action("B", stances={"p": -1, "q": 0, "apart": 2})
    case.actor("other").stance("C", "p", -2, judge="other")
    matrix = hypotheses(session, ["topic"], wanted)
    assert matrix.hypotheses == ("p", "q", "r")
    expected = [
        CellRow("topic", row.entry_ref, row.kind, row.summary, name, cell, row.diagnosticity)
        for row in matrix.rows
        for name, cell in zip(matrix.hypotheses, row.cells, strict=True)
        if cell
    ]
    assert list(cells(session, "topic", wanted)) == expected != []


def test_the_long_form_takes_the_topic_though_a_proposition_has_its_ref(
    case: Casebook, session: Session
) -> None:
    case.topic("p", exclusive=True).proposition("x", topic="p").proposition("p")
    case.claim("C", stances={"p": 2, "x": 1})
    assert [(row.hypothesis, row.cell) for row in cells(session, "p")] == [("x", "C")]
