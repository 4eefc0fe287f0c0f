"""In which order pairs come, page by page, and what it takes to find them."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import text

from against_oracle import draw
from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query import pair_weighing as of_pairs
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing, column_of, fields_of
from claimtrack.weigh.classification import weigh_pair
from conftest import Loaded, Logged, count_queries
from pair_rows import pairs

EVERY = PairFilters(include_reconciled=True)
MANY = 18
"""The seed of a casebook with many pairs, of nine classes."""

# --- order ----------------------------------------------------------------------------------------


def test_rows_come_by_the_refs_of_subject_and_counter(case: Casebook, session: Session) -> None:
    for ref in ("b", "C2", "C10", "a", "B"):
        case.claim(ref, affirms="p")
    for ref in ("s", "S-2", "S-10"):
        case.statement(ref, denies="p")
    expected = [(c, s) for c in ("B", "C10", "C2", "a", "b") for s in ("S-10", "S-2", "s")]
    assert pairs(session) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param(("counter_ref",), ["CS", "DS", "CT"], id="a column, then the usual order"),
        pytest.param(("-subject_ref",), ["DS", "CS", "CT"], id="descending"),
        pytest.param(("-strength", "counter_ref"), ["CS", "CT", "DS"], id="two columns"),
        pytest.param(("basis",), ["CS", "DS", "CT"], id="nulls last"),
        pytest.param(("-basis",), ["CS", "DS", "CT"], id="nulls last, descending too"),
        pytest.param(("class", "-counter_ref"), ["CT", "CS", "DS"], id="class"),
        pytest.param(("status", "-subject_ref"), ["DS", "CS", "CT"], id="status"),
        pytest.param(("-days",), ["CS", "DS", "CT"], id="days"),
        pytest.param(("propositions",), ["CS", "DS", "CT"], id="lists, empty ones last"),
        pytest.param(("via",), ["CT", "CS", "DS"], id="via"),
        pytest.param(("conditions",), ["DS", "CS", "CT"], id="conditions"),
        pytest.param(("asserted_by", "-strength"), ["CS", "CT", "DS"], id="judges"),
        pytest.param(("-counter_urls",), ["CT", "CS", "DS"], id="addresses"),
        pytest.param(("subject_summary",), ["DS", "CS", "CT"], id="texts by code point"),
    ],
)
def test_rows_can_be_sorted_by_columns(
    case: Casebook, session: Session, sort: tuple[str, ...], expected: list[str]
) -> None:
    case.claim("C", affirms="p", date="2024-01-01", summary="a")
    case.claim("D", date="2024-01-02", summary="Z").stance("D", "p", 1, condition="if")
    case.statement("S", denies="p", date="2024-01-03").statement("T", date="2024-01-01")
    case.document("doc", url="https://example.org/").cite("T", "doc")
    case.link("C", "contradicts", "T")
    found = contradictions(session, Filters(sort=sort))
    assert [row.subject_ref + row.counter_ref for row in found] == expected


def in_memory(rows: list[Any], column: str, *, backwards: bool) -> list[Any]:
    """Rows sorted by a column; what is missing comes last, equal rows keep their order."""
    there = [row for row in rows if getattr(row, column) not in (None, ())]
    missing = [row for row in rows if getattr(row, column) in (None, ())]
    return sorted(there, key=lambda row: getattr(row, column), reverse=backwards) + missing


@pytest.mark.parametrize("backwards", [False, True], ids=["ascending", "descending"])
def test_rows_sorted_by_any_column_are_all_rows_sorted_in_memory(
    backend: str, loaded: Loaded, backwards: bool
) -> None:
    with loaded(backend, draw(MANY)) as session:
        rows = list(contradictions(session, None, EVERY))
        assert len(rows) > 20
        for column in fields_of(ContradictionRow):
            name = f"-{column_of(column)}" if backwards else column_of(column)
            found = list(contradictions(session, Filters(sort=(name,)), EVERY))
            assert found == in_memory(rows, column, backwards=backwards), name


def test_an_unknown_column_to_sort_by_is_refused_by_name(session: Session) -> None:
    with pytest.raises(InvalidValue, match=r"sort column 'colour' .* class, .* strength, basis"):
        list(contradictions(session, Filters(sort=("colour",))))


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", [(), ("-days", "class")], ids=["usual order", "sorted"])
def test_a_page_is_a_part_of_the_whole(backend: str, loaded: Loaded, sort: tuple[str, ...]) -> None:
    with loaded(backend, draw(MANY)) as session:
        whole = list(contradictions(session, Filters(sort=sort)))
        assert len(whole) > 20
        for offset in (None, 0, 1, 4, len(whole)):
            for limit in (None, 0, 1, 3, len(whole) + 1):
                wanted = Filters(sort=sort, limit=limit, offset=offset)
                part = whole[offset or 0 :][:limit]
                assert list(contradictions(session, wanted)) == part, (offset, limit)


def test_the_first_rows_and_their_number_are_those_of_the_whole(
    backend: str, loaded: Loaded
) -> None:
    with loaded(backend, draw(MANY)) as session:
        for wanted in (Filters(), Filters(limit=4, offset=2), Filters(sort=("-days",))):
            whole = list(contradictions(session, wanted))
            for most in (0, 1, 5, len(whole), len(whole) + 1):
                rows = contradictions(session, wanted)
                assert rows.first(most) == whole[:most]
                assert rows.count(most) == min(most, len(whole))


# --- what is sent ---------------------------------------------------------------------------------


def log_crowd(case: Casebook, claims: int, statements: int) -> None:
    """Log claims, of which each is denied by every statement."""
    for number in range(claims):
        case.claim(f"C{number}", affirms="p", actor="speaker", date="2024-01-01")
    for number in range(statements):
        case.statement(f"S{number}", denies="p", actor=f"official-{number % 5}", date="2024-02-01")


@pytest.mark.parametrize("sort", [(), ("days",)], ids=["usual order", "sorted"])
def test_the_statements_sent_do_not_grow_with_the_pairs_of_a_batch(
    case: Casebook, session: Session, sort: tuple[str, ...]
) -> None:
    def sent() -> int:
        with count_queries(session) as statements:
            list(contradictions(session, Filters(sort=sort), EVERY))
        return len(statements)

    log_crowd(case, 2, 2)
    few = sent()
    for number in range(10, 20):
        case.claim(f"C{number}", affirms="p", actor="speaker")
    assert len(pairs(session)) == 24
    assert sent() == few


def test_more_batches_send_statements_only_for_what_is_new(
    case: Casebook, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_crowd(case, 6, 4)

    def sent(first: int) -> int:
        def in_lists(rows: Iterator[Any]) -> Iterator[list[Any]]:
            return iter(lambda: list(islice(rows, first)), [])

        monkeypatch.setattr(of_pairs, "growing_batches", in_lists)
        session.expire_all()
        with count_queries(session) as statements:
            assert len(list(contradictions(session))) == 24
        return len(statements)

    in_one, in_twelve = sent(24), sent(2)
    assert in_one < in_twelve < 12 * in_one / 2


@contextmanager
def weighed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Collect the pairs that are weighed."""
    found: list[tuple[str, str]] = []

    def note(one: Any, other: Any, links: Any) -> Any:
        found.append((one.ref, other.ref))
        return weigh_pair(one, other, links)

    with monkeypatch.context() as patch:
        patch.setattr(of_pairs, "weigh_pair", note)
        yield found


def log_rare(case: Casebook) -> None:
    """Log a crowd of 120 pairs, and few of other classes, statuses and timings."""
    log_crowd(case, 12, 10)
    case.statement("reply", denies="p", actor="x", date="2024-03-01", responds_to="C0")
    case.commitment("K", affirms="q", date="2024-05-10", about="2024-06")
    case.action("X", denies="q", date="2024-06-01").action("Y", affirms="r")
    case.statement("T", denies="r").assessment("J", denies="u").statement("U", affirms="u")
    case.actor("army", parent="state").actor("navy", parent="state")
    case.statement("A", actor="army", affirms="s").statement("N", actor="navy", denies="s")
    case.claim("D").link("D", "contradicts", "C1").link("C2", "reconciles", "S2", strength=1)
    case.link("C3", "reconciles", "S3").link("C4", "contradicts", "S4")


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        pytest.param(Filters(), {"classes": (PairClass.DENIAL,)}, id="denials"),
        pytest.param(Filters(), {"classes": (PairClass.BREACH,)}, id="breaches"),
        pytest.param(Filters(), {"classes": (PairClass.SOURCE_CONFLICT,)}, id="source conflict"),
        pytest.param(Filters(), {"classes": (PairClass.AT_ODDS_WITH_ACTION,)}, id="deeds"),
        pytest.param(Filters(), {"classes": (PairClass.ASSESSED_AGAINST,)}, id="assessments"),
        pytest.param(Filters(), {"classes": (PairClass.INCONSISTENT_LINE,)}, id="one line"),
        pytest.param(Filters(), {"statuses": (PairStatus.LINKED,)}, id="linked"),
        pytest.param(Filters(), {"statuses": (PairStatus.DISPUTED,)}, id="disputed"),
        pytest.param(Filters(), {"statuses": (PairStatus.RECONCILED,)}, id="reconciled"),
        pytest.param(Filters(), {"timings": (Timing.CERTAIN,)}, id="timing"),
        pytest.param(Filters(), {"subject_kinds": (EntryKind.STATEMENT,)}, id="subjects"),
        pytest.param(Filters(), {"min_days": 32}, id="many days"),
        pytest.param(Filters(), {"max_days": 30}, id="few days, or unknown"),
        pytest.param(Filters(), {"within_principal": "state"}, id="within a principal"),
        pytest.param(Filters(), {"entries": ("K",)}, id="one entry"),
        pytest.param(Filters(propositions=("q",)), {}, id="a proposition"),
        pytest.param(Filters(actors=("state",)), {}, id="an actor"),
        pytest.param(Filters(kinds=(EntryKind.COMMITMENT,)), {}, id="a kind"),
    ],
)
def test_what_is_rare_is_found_without_weighing_the_crowd(
    backend: str,
    logged: Logged,
    monkeypatch: pytest.MonkeyPatch,
    wanted: Filters,
    asked: dict[str, Any],
) -> None:
    with logged(backend, log_rare) as case, weighed(monkeypatch) as found:
        assert list(contradictions(case.session, wanted, PairFilters(**asked)))
        assert len(found) <= 13, found


def test_a_page_weighs_no_more_than_a_batch(
    backend: str, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    with logged(backend, log_rare) as case, weighed(monkeypatch) as found:
        assert len(list(contradictions(case.session, Filters(offset=2, limit=5)))) == 5
        assert len(found) <= 100
        found.clear()
        list(contradictions(case.session))
        assert len(found) > 120


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "asked", [PairFilters(), PairFilters(counter_kinds=(EntryKind.ACTION,))], ids=["all", "a kind"]
)
def test_what_it_takes_to_find_nothing_grows_with_the_entries_not_with_their_square(
    case: Casebook, asked: PairFilters
) -> None:
    driver: Any = case.session.connection().connection.driver_connection

    def steps() -> int:
        taken: list[int] = []
        driver.set_progress_handler(lambda: taken.append(1), 100)
        assert list(contradictions(case.session, Filters(), asked)) == []
        driver.set_progress_handler(None, 0)
        return len(taken)

    found = []
    for numbers in (range(50), range(50, 200)):
        for number in numbers:
            case.statement(f"S{number}", affirms=f"p{number}").action(f"A{number}")
        case.session.flush()
        found.append(steps())
    assert found[1] < 8 * found[0]  # of four times as many


# --- nothing is written ---------------------------------------------------------------------------


@pytest.mark.parametrize("sort", [(), ("-days", "class")], ids=["usual order", "sorted"])
def test_the_database_is_only_read(backend: str, logged: Logged, sort: tuple[str, ...]) -> None:
    with logged(backend, log_rare) as case, count_queries(case.session) as sent:
        if backend == "postgresql":
            case.session.execute(text("SET TRANSACTION READ ONLY"))
            sent.clear()
        assert len(list(contradictions(case.session, Filters(sort=sort)))) > 100
        assert {statement.split()[0] for statement in sent} <= {"SELECT", "WITH"}
