"""How often each source was right on what has been resolved since."""

from collections.abc import Iterator
from datetime import date

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.track_record import TrackRecordRow, track_record
from claimtrack.vocab import EntryKind
from claimtrack.weigh.track_record import estimate_share_right
from conftest import Logged, count_queries

NOTHING = Filters()


def tally(session: Session, wanted: Filters = NOTHING) -> dict[str, tuple[int, int]]:
    """What each source got right and wrong."""
    return {row.source: (row.right, row.wrong) for row in track_record(session, wanted)}


def resolved(case: Casebook, ref: str, truth: bool = True, **given: str) -> None:
    case.proposition(ref, truth=truth, **{"resolved_on": "2024-06-01", **given})


def log_propositions(case: Casebook) -> None:
    resolved(case, "yes", truth=True)
    resolved(case, "no", truth=False)
    case.proposition("open")


@pytest.fixture
def session(backend: str, logged: Logged) -> Iterator[Session]:
    """A session in which one proposition is true, one is false, and one is open."""
    with logged(backend, log_propositions) as case:
        yield case.session


def test_a_row_holds_the_share_and_its_interval(case: Casebook, session: Session) -> None:
    resolved(case, "also", truth=True)
    case.claim("C", actor="x", date="2024-01-01", affirms="yes", stances={"no": 1, "also": 1})
    known = estimate_share_right(2, 1)
    assert known is not None
    assert list(track_record(session)) == [
        TrackRecordRow("x", 3, 2, 1, 1, 0, known.mean, known.low, known.high)
    ]
    assert known.mean == pytest.approx(2.5 / 4)


def test_no_record_is_not_a_poor_one(case: Casebook, session: Session) -> None:
    case.claim("C", actor="x", date="2024-01-01", affirms="open")
    assert list(track_record(session)) == [TrackRecordRow("x", 0, 0, 0, 0, 0, None, None, None)]


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param({"yes": 2}, (1, 0), id="affirms what is true"),
        pytest.param({"yes": 1}, (1, 0), id="leans to what is true"),
        pytest.param({"yes": -1}, (0, 1), id="leans against it"),
        pytest.param({"no": -2}, (1, 0), id="denies what is false"),
        pytest.param({"no": 2}, (0, 1), id="affirms it"),
        pytest.param({"yes": 0, "no": 0}, (0, 0), id="leaves it open"),
        pytest.param({"open": 2}, (0, 0), id="is not resolved"),
        pytest.param({"yes": 2, "no": 2}, (1, 1), id="one of each"),
    ],
)
def test_a_stance_is_right_wrong_or_neither(
    case: Casebook, session: Session, stances: dict[str, int], expected: tuple[int, int]
) -> None:
    case.claim("C", actor="x", date="2024-01-01", stances=stances)
    assert tally(session) == {"x": expected}


@pytest.mark.parametrize(
    ("dated", "expected"),
    [
        pytest.param({"date": "2024-05-31"}, (1, 0), id="the day before"),
        pytest.param({"date": "2024-06-01"}, (1, 0), id="on the day"),
        pytest.param({"date": "2024-07"}, (0, 0), id="later"),
        pytest.param({"date": "2024-05/2024-06"}, (0, 0), id="perhaps later"),
        pytest.param({"date_to": "2024-05-31"}, (1, 0), id="at the latest the day before"),
        pytest.param({"date_from": "2024-01-01"}, (0, 0), id="since January"),
        pytest.param({}, (0, 0), id="undated"),
    ],
)
def test_what_may_have_come_after_the_resolution_does_not_count(
    case: Casebook, session: Session, dated: dict[str, str], expected: tuple[int, int]
) -> None:
    case.claim("C", actor="x", affirms="yes", **dated)
    assert tally(session) == {"x": expected}


def test_every_source_of_words_has_a_row_by_ref(case: Casebook, session: Session) -> None:
    for kind in EntryKind:
        case.entry(kind, kind, actor=f"by-{kind}", affirms="yes", date="2024-01-01")
    case.claim("silent", actor="A-silent")
    assert tally(session) == {
        "A-silent": (0, 0),
        "by-assessment": (1, 0),
        "by-claim": (1, 0),
        "by-commitment": (1, 0),
        "by-statement": (1, 0),
    }


def test_each_source_has_its_own_record(case: Casebook, session: Session) -> None:
    case.actor("aide", parent="chief")
    case.statement("S", actor="aide", on_behalf_of="chief", date="2024-01-01", affirms="yes")
    case.statement("T", actor="chief", date="2024-01-01", denies="yes").link("T", "repeats", "S")
    assert tally(session) == {"aide": (1, 0), "chief": (0, 1)}


def test_a_source_counts_once_for_a_proposition_by_its_last_word(
    case: Casebook, session: Session
) -> None:
    case.claim("C", actor="x", date="2024-01-01", denies="yes")
    case.statement("S", actor="x", date="2024-02-01", affirms="yes").claim("D", actor="y")
    case.claim("E", actor="y", date="2024-01-01", stances={"yes": 2, "no": -2})
    found = {row.source: (row.resolved, row.right, row.changed) for row in track_record(session)}
    assert found == {"x": (1, 1, 1), "y": (2, 2, 0)}


def test_who_withdrew_has_no_case(case: Casebook, session: Session) -> None:
    case.claim("C", actor="x", date="2024-01-01", affirms="yes")
    case.statement("S", actor="x", date="2024-02-01", stances={"yes": 0})
    assert tally(session) == {"x": (0, 0)}


def test_topics_are_counted_once(case: Casebook, session: Session) -> None:
    case.topic("other").proposition("more", topic="other", truth=True, resolved_on="2024-06-01")
    case.claim("C", actor="x", date="2024-01-01", stances={"yes": 1, "no": 1, "more": 1})
    assert [(row.resolved, row.topics) for row in track_record(session)] == [(3, 2)]


def test_what_judges_read_either_way_does_not_count(case: Casebook, session: Session) -> None:
    case.claim("C", actor="x", date="2024-01-01", affirms="yes", judge="a")
    case.stance("C", "yes", 1, judge="b")
    assert tally(session) == {"x": (1, 0)}
    case.stance("C", "yes", -1, judge="c")
    assert tally(session) == {"x": (0, 0)}
    assert tally(session, Filters(asserted_by=("c",))) == {"x": (0, 1)}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(Filters(), {"chief": (0, 0), "x": (2, 1), "y": (1, 0)}, id="none"),
        pytest.param(
            Filters(known_by=date(2024, 6, 30)), {"x": (1, 1)}, id="known by, resolved by then"
        ),
        pytest.param(Filters(kinds=(EntryKind.CLAIM,)), {"x": (2, 1)}, id="kind"),
        pytest.param(Filters(kinds=(EntryKind.ACTION,)), {"z": (1, 0)}, id="a kind of deeds"),
        pytest.param(Filters(actors=("chief",)), {"chief": (0, 0), "y": (1, 0)}, id="actor"),
        pytest.param(Filters(sources=("D",)), {"x": (2, 1)}, id="source"),
        pytest.param(Filters(until=date(2024, 1, 31)), {"x": (2, 1)}, id="until"),
        pytest.param(Filters(topics=("late",)), {"x": (1, 0)}, id="topic"),
        pytest.param(Filters(propositions=("no",)), {"x": (0, 1)}, id="proposition"),
        pytest.param(Filters(affirming=True), {"x": (2, 1), "y": (1, 0)}, id="affirming"),
        pytest.param(Filters(denying=True), {}, id="denying"),
        pytest.param(Filters(min_strength=2), {"x": (1, 1), "y": (1, 0)}, id="strength"),
        pytest.param(Filters(sort=("-resolved",), limit=2), {"x": (2, 1), "y": (1, 0)}, id="page"),
        pytest.param(Filters(sort=("mean",), limit=1), {"x": (2, 1)}, id="no record comes last"),
    ],
)
def test_records_are_narrowed_by_filters(
    case: Casebook, session: Session, wanted: Filters, expected: dict[str, tuple[int, int]]
) -> None:
    case.topic("late").proposition("later", topic="late", truth=True, resolved_on="2024-07-01")
    case.document("D", published="2024-01-01").actor("y", parent="chief")
    case.claim(
        "C",
        actor="x",
        date="2024-01-01",
        stances={"yes": 2, "no": 2, "later": 1},
        cites="D",
    )
    case.statement("S", actor="y", date="2024-02-01", affirms="yes").statement("T", actor="chief")
    case.action("X", actor="z", date="2024-02-01", affirms="yes")
    assert tally(session, wanted) == expected


def test_superseded_entries_count_only_when_asked_for(case: Casebook, session: Session) -> None:
    case.claim("C", actor="x", date="2024-01-01", affirms="yes").claim("C2", actor="x")
    case.link("C2", "supersedes", "C")
    assert tally(session) == {"x": (0, 0)}
    assert tally(session, Filters(include_superseded=True)) == {"x": (1, 0)}


def test_an_unknown_column_to_sort_by_is_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour'"):
        track_record(session, Filters(sort=("colour",)))


def test_one_statement_is_sent(case: Casebook, session: Session) -> None:
    for number in range(3):
        case.claim(f"C{number}", date="2024-01-01", affirms="yes")
    with count_queries(session) as sent:
        assert len(list(track_record(session))) == 3
    assert len(sent) == 1
