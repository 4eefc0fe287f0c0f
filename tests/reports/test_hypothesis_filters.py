"""The matrix of hypotheses: filtered and sorted."""

from collections.abc import Iterator
from datetime import date

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.hypotheses import hypotheses
from claimtrack.reports.hypotheses import sums as sum_rows
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries
from reports.hypothesis_cells import matrix, sums


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
    assert len(sent) <= 18
