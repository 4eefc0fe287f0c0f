"""The matrix of competing hypotheses: what speaks for and against each."""

from collections.abc import Iterator
from datetime import date

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, UnknownRef, Usage
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
from conftest import Logged, count_queries

NOTHING = Filters()


def matrix(session: Session, *names: str, wanted: Filters = NOTHING) -> dict[str, tuple[str, ...]]:
    """The cells of each entry."""
    return {row.entry_ref: row.cells for row in hypotheses(session, names, wanted).rows}


def sums(session: Session, *names: str, wanted: Filters = NOTHING) -> tuple[int | None, ...]:
    return tuple(row.sum for row in sum_rows(session, names, wanted))


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


# --- filters and order ----------------------------------------------------------------------------


def log_many(case: Casebook) -> None:
    case.topic("t").topic("u").proposition("p", topic="t").proposition("q", topic="u")
    case.document("D1", published="2024-01-01", publisher="daily").actor("aide", parent="chief")
    case.claim("C", affirms="p", cites="D1", date="2024-01-01")
    case.statement("S", actor="aide", stances={"p": -1, "q": 2}, date="2024-02-01")
    case.action("X", denies="q", date="2024-03-01").claim("D", affirms="r")
    case.stance("C", "q", -1, judge="other")


@pytest.fixture
def many(backend: str, logged: Logged) -> Iterator[Casebook]:
    """C affirms p, S denies it and affirms q, X denies q; D is about something else."""
    with logged(backend, log_many) as case:
        yield case


@pytest.mark.parametrize(
    ("wanted", "expected", "against"),
    [
        pytest.param(Filters(), "C S X", (1, 3), id="none"),
        pytest.param(Filters(kinds=(EntryKind.CLAIM,)), "C", (None, None), id="kind"),
        pytest.param(Filters(actors=("chief",)), "S", (None, None), id="actor"),
        pytest.param(Filters(principal="chief"), "S", (None, None), id="principal"),
        pytest.param(Filters(sources=("daily",)), "C", (None, None), id="source"),
        pytest.param(Filters(until=date(2024, 2, 28)), "C S", (1, 1), id="until"),
        pytest.param(Filters(topics=("t",)), "C S", (1, 1), id="those who speak to a topic"),
        pytest.param(Filters(propositions=("r",)), "", (None, None), id="or to a proposition"),
        pytest.param(Filters(affirming=True), "C S", (1, 1), id="affirming one of them"),
        pytest.param(Filters(denying=True), "C S X", (1, 3), id="denying one of them"),
        pytest.param(
            Filters(denying=True, propositions=("p",)), "S", (None, None), id="denying that"
        ),
        pytest.param(Filters(asserted_by=("coder",)), "C S X", (1, 2), id="judge"),
        pytest.param(Filters(asserted_by=("other",)), "C", (None, None), id="another judge"),
        pytest.param(Filters(min_strength=2), "C S X", (None, 2), id="strength"),
        pytest.param(Filters(known_by=date(2024, 1, 15)), "C", (None, None), id="known by"),
        pytest.param(Filters(limit=1, offset=1), "S", (1, 3), id="the sums are of every page"),
    ],
)
def test_the_evidence_is_narrowed_by_filters(
    many: Casebook,
    wanted: Filters,
    expected: str,
    against: tuple[int | None, int | None],
) -> None:
    assert " ".join(matrix(many.session, "p", "q", wanted=wanted)) == expected
    assert sums(many.session, "p", "q", wanted=wanted) == against


def test_min_strength_empties_weaker_cells(many: Casebook) -> None:
    assert matrix(many.session, "p", "q", wanted=Filters(min_strength=2)) == {
        "C": ("CC", ""),
        "S": ("", "CC"),
        "X": ("", "II"),
    }


def test_superseded_entries_are_evidence_only_when_asked_for(
    case: Casebook, session: Session
) -> None:
    case.claim("C", denies="p").claim("C2", affirms="p").link("C2", "supersedes", "C")
    everything = Filters(include_superseded=True)
    assert matrix(session, "p") == {"C2": ("CC",)}
    assert list(matrix(session, "p", wanted=everything)) == ["C", "C2"]
    assert (sums(session, "p"), sums(session, "p", wanted=everything)) == ((None,), (2,))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param((), "B C10 C2 a", id="by ref"),
        pytest.param(("-entry_ref",), "a C2 C10 B", id="descending"),
        pytest.param(("p",), "C10 B a C2", id="by a hypothesis, the most against it first"),
        pytest.param(("-p", "q"), "C2 a B C10", id="by hypotheses, one after the other"),
        pytest.param(("-q",), "C2 a B C10", id="by a hypothesis, silence last"),
        pytest.param(("-diagnosticity",), "a C2 B C10", id="by diagnosticity, missing last"),
        pytest.param(("diagnosticity", "-entry_ref"), "C2 a C10 B", id="and a stored column"),
        pytest.param(("principal",), "C10 C2 B a", id="by principal"),
        pytest.param(("kind", "-entry_ref"), "C2 B a C10", id="by kind"),
    ],
)
def test_rows_can_be_sorted(
    case: Casebook, session: Session, sort: tuple[str, ...], expected: str
) -> None:
    case.actor("aide", parent="chief").claim("B", stances={"p": 0})
    case.statement("C10", actor="aide", stances={"p": -2})
    case.claim("C2", actor="aide", on_behalf_of="dane", stances={"p": 2, "q": 2})
    case.statement("a", stances={"p": 1, "q": -2})
    assert " ".join(matrix(session, "p", "q", wanted=Filters(sort=sort))) == expected
    page = Filters(sort=sort, limit=2, offset=1)
    assert list(matrix(session, "p", "q", wanted=page)) == expected.split()[1:3]


def test_sorting_by_a_hypothesis_goes_by_the_reading_that_is_shown(
    case: Casebook, session: Session
) -> None:
    case.claim("A", stances={"p": 2}).claim("B", stances={"p": 1})
    case.claim("C", stances={"p": 2}).stance("C", "p", -1, judge="other")
    case.claim("D", stances={"p": 0}).stance("D", "p", 2, judge="other")
    by_p = Filters(sort=("p", "-entry_ref"))
    expected = {"C": ("I",), "B": ("C",), "D": ("CC",), "A": ("CC",)}
    assert list(matrix(session, "p", wanted=by_p).items()) == list(expected.items())


def test_a_column_of_a_row_goes_before_a_hypothesis_that_is_called_like_it(
    case: Casebook, session: Session
) -> None:
    case.claim("C", stances={"kind": 2, "q": 1}).action("A", stances={"kind": -2, "q": 2})
    assert list(matrix(session, "kind", "q", wanted=Filters(sort=("-kind",)))) == ["C", "A"]


def test_an_unknown_column_to_sort_by_is_refused(case: Casebook, session: Session) -> None:
    case.proposition("p").proposition("q")
    with pytest.raises(InvalidValue, match="expected one of p, q, entry_ref, kind, actor, summary"):
        hypotheses(session, ["p", "q"], Filters(sort=("r",)))


def test_the_statements_sent_do_not_grow_with_the_rows(many: Casebook) -> None:
    found = hypotheses(many.session, ["p", "q"])
    with count_queries(many.session) as sent:
        assert len(list(found.rows)) == 3
    assert len(sent) == 5
    with count_queries(many.session) as sent:
        sum_rows(many.session, found.hypotheses)
    assert len(sent) <= 16


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
