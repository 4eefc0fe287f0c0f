"""Which entries fall in which decision window, and whether they gather there."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.models import Entry
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import spans_overlap
from claimtrack.reports.windows import CAUTION, Clustering, WindowRow, clustering, windows
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries

JANUARY = (date(2024, 1, 1), date(2024, 1, 31))


def found(case: Casebook, wanted: Filters | None = None) -> list[tuple[str, str, str]]:
    rows = windows(case.session, wanted)
    return [(row.window_ref, row.entry_ref, row.certainty) for row in rows]


def gathered(case: Casebook, wanted: Filters | None = None, **other: Any) -> Clustering:
    return clustering(case.session, wanted or Filters(), other.get("period", JANUARY))


def test_a_row_tells_the_window_the_entry_and_its_propositions(case: Casebook) -> None:
    case.window("W", summary="Whether to send tanks", date="2024-01")
    case.claim("C", date="2023-12-31/2024-01-02", stances={"q": -1, "p": 0})
    case.stance("C", "q", -2, judge="isw")
    assert list(windows(case.session)) == [
        WindowRow(
            window_ref="W",
            window_summary="Whether to send tanks",
            entry_ref="C",
            entry_kind="claim",
            entry_date_from=date(2023, 12, 31),
            entry_date_to=date(2024, 1, 2),
            entry_time_from=None,
            entry_time_to=None,
            certainty="possible",
            propositions=("p", "q"),
        )
    ]


def test_rows_come_by_window_then_entry(case: Casebook) -> None:
    for ref in ("W-b", "W-a"):
        case.window(ref, date="2024-01")
    for ref in ("C-b", "C-a"):
        case.claim(ref, date="2024-01-02")
    assert [(window, entry) for window, entry, _ in found(case)] == [
        ("W-a", "C-a"),
        ("W-a", "C-b"),
        ("W-b", "C-a"),
        ("W-b", "C-b"),
    ]


@pytest.mark.parametrize(
    ("window", "entry", "expected"),
    [
        pytest.param("2024-01", "2024-01-15", "certain", id="a day inside"),
        pytest.param("2024-01", "2024-01-01", "certain", id="the first day"),
        pytest.param("2024-01", "2024-01-31", "certain", id="the last day"),
        pytest.param("2024-01", "2024-01", "certain", id="just as long"),
        pytest.param("2024-01", "2023-12-31", None, id="the day before"),
        pytest.param("2024-01", "2024-02-01", None, id="the day after"),
        pytest.param("2024-01", "2023-12/2024-01-01", "possible", id="across the beginning"),
        pytest.param("2024-01", "2024-01-31/2024-02", "possible", id="across the end"),
        pytest.param("2024-01", "2024", "possible", id="longer than the window"),
        pytest.param("2024-01", "../2024-01-15", "possible", id="an entry open at the start"),
        pytest.param("2024-01", "2024-01-15/..", "possible", id="an entry open at the end"),
        pytest.param("2024-01", "../2023-12-31", None, id="open, and over before"),
        pytest.param("2024-01", "2024-02-01/..", None, id="open, and begun after"),
        pytest.param("2024-01", None, None, id="an undated entry"),
        pytest.param("2024-01-10/..", "2024-01-10", "certain", id="the day a window opens"),
        pytest.param("2024-01-10/..", "2024-01-11", "possible", id="later in an open window"),
        pytest.param("2024-01-10/..", "2024-01-10/2024-01-11", "possible", id="partly later in it"),
        pytest.param("2024-01-10/..", "2024-01-09/2024-01-10", "possible", id="across its opening"),
        pytest.param("2024-01-10/..", "2024-01-10/..", "possible", id="both open at the end"),
        pytest.param("2024-01-10/..", "2024-01-09", None, id="before it opens"),
        pytest.param("../2024-01-10", "2024-01-10", "certain", id="the day a window closes"),
        pytest.param("../2024-01-10", "2024-01-09", "possible", id="earlier in such a window"),
        pytest.param("../2024-01-10", "2024-01-11", None, id="after it closed"),
        pytest.param(None, "2024-01-15", None, id="an undated window"),
        pytest.param(None, None, None, id="neither dated"),
    ],
)
def test_membership_hangs_on_the_bounds(
    case: Casebook, window: str | None, entry: str | None, expected: str | None
) -> None:
    case.window("W", **({"date": window} if window else {}))
    case.claim("C", **({"date": entry} if entry else {}))
    assert found(case) == ([("W", "C", expected)] if expected else [])


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param((), ["C", "S"], id="claims and statements unless asked for"),
        pytest.param((EntryKind.ACTION, EntryKind.CLAIM), ["A", "C"], id="the kinds asked for"),
        pytest.param((EntryKind.WINDOW,), ["W-2"], id="other windows, and never itself"),
    ],
)
def test_kinds_can_be_asked_for(
    case: Casebook, kinds: tuple[EntryKind, ...], expected: list[str]
) -> None:
    case.window("W-1", date="2024-01").window("W-2", date="2024-01-02")
    for kind, ref in (
        ("claim", "C"),
        ("statement", "S"),
        ("action", "A"),
        ("commitment", "K"),
        ("assessment", "J"),
    ):
        case.entry(kind, ref, date="2024-01-02")
    in_first = [entry for window, entry, _ in found(case, Filters(kinds=kinds)) if window == "W-1"]
    assert in_first == expected


def log_pending(case: Casebook) -> None:
    case.topic("talks").proposition("p", topic="talks")
    case.window("W", date="2024-01", actor="west")
    case.claim("C-1", date="2024-01-02", actor="x", stances={"p": 2, "q": -1}, cites="D-1")
    case.claim("C-2", date="2024-01-03", actor="y", stances={"p": -2, "q": 1}, cites="D-2")
    case.statement("S-3", date="2024-01-04", actor="y", affirms="p", judge="isw")
    case.claim("C-4", date="2024-01-05", actor="y")


@pytest.fixture
def pending(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A window with three claims in it, for and against, and a statement."""
    with logged(backend, log_pending) as case:
        yield case


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            Filters(),
            {"C-1": ("p", "q"), "C-2": ("p", "q"), "S-3": ("p",), "C-4": ()},
            id="none",
        ),
        pytest.param(
            Filters(topics=("talks",)), {"C-1": ("p",), "C-2": ("p",), "S-3": ("p",)}, id="topic"
        ),
        pytest.param(
            Filters(topics=("talks",), affirming=True),
            {"C-1": ("p",), "S-3": ("p",)},
            id="affirming on a topic",
        ),
        pytest.param(Filters(denying=True), {"C-1": ("q",), "C-2": ("p",)}, id="denying anything"),
        pytest.param(
            Filters(propositions=("q",)), {"C-1": ("q",), "C-2": ("q",)}, id="proposition"
        ),
        pytest.param(
            Filters(actors=("y",)), {"C-2": ("p", "q"), "S-3": ("p",), "C-4": ()}, id="actor"
        ),
        pytest.param(Filters(sources=("D-1",)), {"C-1": ("p", "q")}, id="source"),
        pytest.param(Filters(since=date(2024, 1, 4)), {"S-3": ("p",), "C-4": ()}, id="since"),
        pytest.param(Filters(asserted_by=("isw",), affirming=True), {"S-3": ("p",)}, id="judge"),
        pytest.param(Filters(sort=("-entry_date_from",), limit=1), {"C-4": ()}, id="sort and page"),
        pytest.param(
            Filters(min_strength=2), {"C-1": ("p",), "C-2": ("p",), "S-3": ("p",)}, id="strength"
        ),
        pytest.param(
            Filters(sort=("-propositions", "entry_ref")),
            {"C-1": ("p", "q"), "C-2": ("p", "q"), "S-3": ("p",), "C-4": ()},
            id="sort by propositions",
        ),
    ],
)
def test_filters_are_asked_of_the_entries(
    pending: Casebook, wanted: Filters, expected: dict[str, tuple[str, ...]]
) -> None:
    rows = windows(pending.session, wanted)
    assert {row.entry_ref: row.propositions for row in rows} == expected


def test_propositions_are_those_of_the_judges_asked_for(case: Casebook) -> None:
    case.window("W", date="2024-01").claim("C", date="2024-01-02", affirms="p")
    case.stance("C", "q", 1, judge="isw")
    rows = windows(case.session, Filters(asserted_by=("isw",)))
    assert [row.propositions for row in rows] == [("q",)]


def test_a_window_counts_when_it_is_known_and_not_superseded(case: Casebook) -> None:
    case.document("early", published="2024-01-02").document("late", published="2024-02-01")
    for ref, document in (("W-1", "early"), ("W-2", "late"), ("W-3", "early")):
        case.window(ref, date="2024-01", cites=document)
    case.window("W-4", date="2024-01", cites="early").link("W-4", "supersedes", "W-3")
    case.claim("C-1", date="2024-01-02", cites="early").claim(
        "C-2", date="2024-01-02", cites="late"
    )
    assert found(case, Filters(known_by=date(2024, 1, 31))) == [
        ("W-1", "C-1", "certain"),
        ("W-4", "C-1", "certain"),
    ]
    everything = {"W-1", "W-2", "W-4"}
    assert {window for window, _, _ in found(case)} == everything
    superseded = found(case, Filters(include_superseded=True))
    assert {window for window, _, _ in superseded} == {*everything, "W-3"}


def test_three_statements_answer_however_many_rows(pending: Casebook) -> None:
    with count_queries(pending.session) as sent:
        assert len(list(windows(pending.session))) == 4
    assert len(sent) == 3


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        pytest.param(("certainty",), "C-2 C-4 C-1 C-3", id="certainty"),
        pytest.param(("-certainty", "-entry_ref"), "C-3 C-1 C-4 C-2", id="and a stored column"),
        pytest.param(("propositions",), "C-2 C-3 C-1 C-4", id="lists, empty ones last"),
        pytest.param(("-entry_date_from",), "C-4 C-3 C-2 C-1", id="a stored column"),
    ],
)
def test_rows_can_be_sorted_and_cut(case: Casebook, sort: tuple[str, ...], expected: str) -> None:
    case.window("W", date="2024-01").claim("C-1", date="2023-12/2024-01", affirms="q")
    case.claim("C-2", date="2024-01-02", affirms="p").claim("C-4", date="2024-01-04")
    case.claim("C-3", date="2024-01-03/2024-02", affirms="p").stance("C-3", "q", 1)

    def sorted_by(**page: Any) -> list[str]:
        return [row.entry_ref for row in windows(case.session, Filters(sort=sort, **page))]

    assert sorted_by() == expected.split()
    assert sorted_by(limit=2, offset=1) == expected.split()[1:3]


def test_an_unknown_column_to_sort_by_is_refused(case: Casebook) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour' is not valid"):
        windows(case.session, Filters(sort=("colour",)))


# --- the clustering test --------------------------------------------------------------------------


def test_the_clustering_test_compares_with_every_rotation_of_the_period(case: Casebook) -> None:
    case.window("W", date="2024-01-01/2024-01-02")
    case.claim("C-1", date="2024-01-01").claim("C-2", date="2024-01-02")
    case.claim("C-3", date="2024-01-06").statement("S", date="2024-01-01")
    case.action("A", date="2024-01-01")
    period = (date(2024, 1, 1), date(2024, 1, 10))
    assert gathered(case, period=period) == Clustering(
        period_from=date(2024, 1, 1),
        period_to=date(2024, 1, 10),
        windows=1,
        dates=3,
        inside=2,
        coverage=0.2,
        expected=3 * 0.2,
        effect=2 / 3 - 0.2,
        p=0.1,
        rotations=10,
        imprecise=0,
        outside=0,
        undated=(),
        caution=CAUTION,
    )


def test_the_caution_says_when_p_is_worthless_and_never_calls_it_significant() -> None:
    assert "worthless when the windows were drawn by someone who had seen the claims" in CAUTION
    assert "significant" not in CAUTION


def test_what_repeats_gives_one_date_its_earliest(case: Casebook) -> None:
    case.window("W", date="2024-01-01/2024-01-05")
    case.claim("C-1", date="2024-01-02").claim("C-2", date="2024-01-20")
    case.link("C-2", "repeats", "C-1", strength=1)
    case.claim("C-3", date="2024-01-21").link("C-3", "repeats", "C-2")
    test = gathered(case)
    assert (test.dates, test.inside) == (1, 1)


def test_what_may_only_be_of_one_origin_gives_each_its_date(case: Casebook) -> None:
    case.window("W", date="2024-01-01/2024-01-05").actor("four", kind="anonymous")
    case.claim("C-1", date="2024-01-21", actor="four", cites="D")
    case.claim("C-2", date="2024-01-03", actor="four", cites="D")
    test = gathered(case)
    assert (test.dates, test.inside) == (2, 1)


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        pytest.param("2024-01-09/2024-01-11", 1, id="the middle of three days"),
        pytest.param("2024-01-10/2024-01-11", 1, id="the earlier of two"),
        pytest.param("2024-01-09/2024-01-10", 0, id="the earlier of two, outside"),
        pytest.param("2024-01", 0, id="the 16th of a month"),
    ],
)
def test_a_date_of_several_days_is_taken_at_its_middle_and_counted(
    case: Casebook, when: str, inside: int
) -> None:
    case.window("W", date="2024-01-10").claim("C", date=when)
    test = gathered(case)
    assert (test.dates, test.inside, test.imprecise) == (1, inside, 1)


def test_imprecise_counts_the_dates_that_were_taken(case: Casebook) -> None:
    case.window("W", date="2024-01-10").claim("C-1", date="2024-01-10")
    case.claim("C-2", date="2024-01-15/2024-01-20").link("C-2", "repeats", "C-1")
    case.claim("C-3", date="2023")
    test = gathered(case)
    assert (test.dates, test.imprecise, test.outside) == (1, 0, 1)


def test_entries_not_dated_at_both_ends_are_named(case: Casebook) -> None:
    case.window("W", date="2024-01-10").claim("C-1", date="2024-01-10")
    case.claim("C-4").claim("C-3", date="2024-01-10/..").claim("C-2", date="../2024-01-10")
    case.claim("C-5").link("C-5", "repeats", "C-1")
    test = gathered(case)
    assert (test.dates, test.undated) == (1, ("C-2", "C-3", "C-4", "C-5"))


@pytest.mark.parametrize(
    ("window", "coverage", "count"),
    [
        pytest.param("2024-01-30/..", 2 / 31, 1, id="open at the end"),
        pytest.param("../2024-01-03", 3 / 31, 1, id="open at the start"),
        pytest.param("2023-12-31/2024-01-03", 3 / 31, 1, id="clipped to the period"),
        pytest.param("2024-02-01/..", 0, 0, id="opening after the period"),
        pytest.param("../2023-12-31", 0, 0, id="closed before the period"),
        pytest.param("2023", 0, 0, id="before the period"),
        pytest.param(None, 0, 0, id="undated"),
    ],
)
def test_windows_cover_what_they_share_with_the_period(
    case: Casebook, window: str | None, coverage: float, count: int
) -> None:
    case.window("W", **({"date": window} if window else {})).claim("C", date="2024-01-10")
    test = gathered(case)
    assert (test.coverage, test.windows) == (coverage, count)


def test_the_test_takes_what_the_filters_want_and_no_page_of_it(pending: Casebook) -> None:
    assert gathered(pending).dates == 3
    assert gathered(pending, Filters(limit=1, offset=1, sort=("entry_ref",))).dates == 3
    assert gathered(pending, Filters(propositions=("p",), affirming=True)).dates == 1
    assert gathered(pending, Filters(kinds=(EntryKind.STATEMENT,))).dates == 1
    both = (EntryKind.CLAIM, EntryKind.STATEMENT)
    assert gathered(pending, Filters(kinds=both)).dates == 4


@pytest.mark.parametrize(
    ("period", "message"),
    [
        pytest.param(
            (date(2024, 2, 1), date(2024, 1, 1)), "not before its beginning", id="ends too early"
        ),
        pytest.param((date(2023, 1, 1), date(2023, 1, 31)), "none of the 1 given", id="no date"),
    ],
)
def test_a_period_has_to_hold_dates(
    case: Casebook, period: tuple[date, date], message: str
) -> None:
    case.window("W", date="2024-01").window("W-2", date="2024-01-05/..")
    case.window("W-3", date="../2024-01-05").claim("C", date="2024-01-10")
    with pytest.raises(InvalidValue, match=message):
        gathered(case, period=period)


def test_three_statements_answer_however_many_entries(pending: Casebook) -> None:
    with count_queries(pending.session) as sent:
        gathered(pending)
    assert len(sent) == 3


def test_what_falls_in_a_window_is_what_overlaps_it(case: Casebook) -> None:
    days = [None, "2024-01-01", "2024-01-02", "2024-01-03"]
    spans = [(a, b) for a in days for b in days if (a or b) and (not (a and b) or a <= b)]
    for number, (first, last) in enumerate(spans):
        bounds = {"date_from": first, "date_to": last}
        case.window(f"W{number}", **bounds).claim(f"C{number}", **bounds)
    window, claim = aliased(Entry), aliased(Entry)
    both = spans_overlap((window.date_from, window.date_to), (claim.date_from, claim.date_to))
    query = select(window.ref, claim.ref).join(claim, both)
    wanted = query.where(window.kind == EntryKind.WINDOW, claim.kind == EntryKind.CLAIM)
    expected = {tuple(row) for row in case.session.execute(wanted)}
    assert {(row.window_ref, row.entry_ref) for row in windows(case.session)} == expected
    assert len(expected) > len(spans)
