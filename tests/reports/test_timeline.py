"""The timeline: every entry by date, with what it says and what became of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from against_oracle import SCOPES, alike, as_filters, as_options, draw, plain
from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.timeline import TimelineRow, timeline
from claimtrack.vocab import EntryKind, fields_of
from commandline import CommandLine
from conftest import Loaded, Logged, count_queries
from oracle import read_casebook
from oracle import timeline as expected_timeline

ASKED: dict[str, dict[str, Any]] = {
    "all": {},
    "of an actor": {"actor": "aland"},
    "of a kind": {"kind": "statement"},
    "on a topic": {"topic": "truce"},
    "between": {"since": "2025-03-02", "until": "2025-03-25"},
}


@pytest.mark.both_databases
def test_the_timeline_is_what_the_oracle_says_in_every_scope(backend: str, loaded: Loaded) -> None:
    rows = possible = answered = 0
    for seed in (18, 22, 23, 26, 31):
        drawn = draw(seed)
        casebook = read_casebook(drawn)
        with loaded(backend, drawn) as session:
            for scope in SCOPES.values():
                for filters in ASKED.values():
                    asked = {**scope, **filters}
                    found = plain(timeline(session, as_filters(asked), refs=True))
                    expected = expected_timeline(casebook, as_options(asked))
                    rows += len(expected)
                    possible += sum(bool(row["windows_possible"]) for row in expected)
                    answered += sum(row["answered"] for row in expected)
                    alike(found, expected, (seed, asked), without="stances figures urls")
    assert rows > 200
    assert possible
    assert answered


def log_events(case: Casebook) -> None:
    case.window("W", date="2025-03").window("V", date="2025-03-10/..")
    case.actor("minister", parent="state")
    case.claim("C", date="2025-03-05", affirms="p", cites="D")
    case.statement("S", actor="minister", date="2025-03-10", denies="p", responds_to="C")
    case.stance("S", "p", -1, judge="b").figure("S", "strikes", "80..")
    case.action("X", date="../2025-03-20").claim("U")


@pytest.fixture
def events(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A claim that was denied, two windows, and entries whose date is known in part or not."""
    with logged(backend, log_events) as case:
        yield case


@pytest.mark.both_databases
def test_entries_come_by_date_and_undated_ones_last(events: Casebook) -> None:
    assert [row.ref for row in timeline(events.session)] == ["W", "C", "S", "V", "X", "U"]


@pytest.mark.both_databases
def test_an_entry_has_its_readings_and_what_became_of_it(events: Casebook) -> None:
    rows: dict[str, Any] = {row.ref: row for row in timeline(events.session, refs=True)}
    statement = rows["S"]
    assert statement.stances == ("p -1 by b", "p -2 by coder")
    assert statement.figures == ("strikes 80.. by coder",)
    assert (statement.actor, statement.principal) == ("minister", "state")
    assert (statement.opposed_by, statement.opposed_by_refs) == (1, ("C",))
    assert [ref for ref, row in rows.items() if row.answered] == ["C"]


@pytest.mark.both_databases
def test_windows_in_which_an_entry_may_fall_are_marked(events: Casebook) -> None:
    found = {row.ref: (row.windows, row.windows_possible) for row in timeline(events.session)}
    assert found == {
        "W": ((), ()),
        "V": ((), ()),
        "C": (("W",), ()),
        "S": (("V", "W"), ()),
        "X": (("V", "W"), ("V", "W")),
        "U": ((), ()),
    }


def test_what_opposes_an_entry_counts_though_a_filter_leaves_it_out(events: Casebook) -> None:
    (row, _) = timeline(events.session, Filters(kinds=(EntryKind.CLAIM,)))
    assert (row.ref, row.opposed_by, row.answered) == ("C", 1, True)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        pytest.param("-ref", "X", id="stored"),
        pytest.param("-answered", "C", id="weighed"),
        pytest.param("figures", "S", id="a list"),
    ],
)
def test_the_timeline_is_sorted_by_any_column(events: Casebook, sort: str, first: str) -> None:
    assert next(timeline(events.session, Filters(sort=(sort,)))).ref == first


def test_a_page_begins_where_the_last_one_ended(events: Casebook) -> None:
    refs = [row.ref for row in timeline(events.session, Filters(limit=2, offset=1))]
    assert refs == ["C", "S"]


def test_json_names_what_opposes_an_entry_and_the_table_says_that_no_reply_is_recorded(
    target: str,
) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "A", "--ref", "a", "--kind", "state")
    line.does("claim", "add", "C", "--ref", "C", "--actor", "a", "--date", "2025-03-01")
    (row,) = json.loads(line.does("report", "timeline", "--format", "json"))
    assert (row["opposed_by"], row["opposed_by_refs"], row["answered"]) == (0, [], False)
    header = line.does("report", "timeline", "--format", "csv").splitlines()[0]
    assert header.split(",") == list(fields_of(TimelineRow))
    assert "no reply recorded" in line.does("report", "timeline")


def test_statements_do_not_grow_with_the_entries(events: Casebook) -> None:
    sent = []
    for some in (range(3), range(3, 30)):
        for number in some:
            events.claim(f"D{number}", affirms=f"p{number}")
            events.statement(f"R{number}", denies=f"p{number}", responds_to=f"D{number}")
        events.session.expire_all()
        with count_queries(events.session) as statements:
            list(timeline(events.session, refs=True))
        sent.append(len(statements))
    assert sent[0] == sent[1]
