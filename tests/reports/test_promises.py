"""The report of promises: until when, on what conditions, and what was done about them."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from against_oracle import SCOPES, alike, as_filters, as_options, draw, plain
from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.promises import PromiseFilters, PromiseRow, promises
from claimtrack.vocab import EntryKind, PromiseState, fields_of
from commandline import CommandLine
from conftest import Loaded, Logged, count_queries
from oracle import promises as expected_promises
from oracle import read_casebook

SEEDS = (11, 17, 26, 96, 97, 106)
"""Casebooks with promises: together they have every state, and deeds of every sort."""
ASKED: dict[str, dict[str, Any]] = {
    "all": {},
    "early": {"as_of": "2025-03-18"},
    "later": {"as_of": "2025-04-19"},
    "of an actor": {"actor": "aland", "as_of": "2025-04-19"},
    "on a topic": {"topic": "truce"},
    "of another kind": {"kind": "statement"},
}


@pytest.mark.both_databases
def test_promises_are_what_the_oracle_says_in_every_scope(backend: str, loaded: Loaded) -> None:
    states, rows = set[str](), 0
    for seed in SEEDS:
        drawn = draw(seed)
        casebook = read_casebook(drawn)
        with loaded(backend, drawn) as session:
            for scope in SCOPES.values():
                for filters in ASKED.values():
                    asked = {**scope, **filters}
                    day = filters.get("as_of")
                    own = PromiseFilters(as_of=day and date.fromisoformat(day))
                    found = plain(promises(session, as_filters(asked), own, refs=True))
                    for row in found:
                        del row["urls"]
                    expected = expected_promises(casebook, as_options(asked))
                    states.update(row["state"] for row in expected)
                    rows += len(expected)
                    alike(found, expected, (seed, asked))
    assert states == set(PromiseState)
    assert rows > 100


def log_promises(case: Casebook) -> None:
    case.commitment("K", date="2025-03-01", about="2025-03", affirms="p", cites="D")
    case.stance("K", "q", 2, condition="if they stop too")
    case.action("X", date="2025-03-05", denies="p").action("Y", date="2025-03-06", affirms="p")
    case.action("Z", date="2025-03-07", denies="q")
    case.commitment("L", date="2025-03-02", affirms="r", about="2025-03")
    case.commitment("M", date="2025-03-03", affirms="r")
    case.commitment("N", date="2026-01-01", affirms="r")


@pytest.fixture
def made(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A promise with deeds of every sort, one with an end, one without, and a late one."""
    with logged(backend, log_promises) as case:
        yield case


def list_states(case: Casebook, own: PromiseFilters, **filters: Any) -> list[tuple[str, str]]:
    return [(row.ref, row.state) for row in promises(case.session, Filters(**filters), own)]


@pytest.mark.both_databases
def test_a_promise_has_its_end_its_conditions_and_its_deeds(made: Casebook) -> None:
    own = PromiseFilters(as_of=date(2025, 3, 31))
    row: Any = next(iter(promises(made.session, own=own, refs=True)))
    assert (row.ref, row.until, row.conditions) == ("K", date(2025, 3, 31), ("if they stop too",))
    assert (row.propositions, row.state) == (("p", "q"), "broken")
    assert (row.deeds_for_refs, row.breaches_certain_refs) == (("Y",), ("X",))
    assert row.deeds_against_under_condition_refs == ("Z",)
    assert (row.deeds_for, row.breaches_possible) == (1, 0)


@pytest.mark.both_databases
def test_the_states_are_those_of_the_day(made: Casebook) -> None:
    assert list_states(made, PromiseFilters(as_of=date(2025, 3, 2))) == [
        ("K", "open"),
        ("L", "open"),
    ]
    assert list_states(made, PromiseFilters(as_of=date(2025, 4, 1))) == [
        *(("K", "broken"), ("L", "expired"), ("M", "open")),
    ]


def test_rows_are_filtered_by_their_state_before_the_page_is_cut(made: Casebook) -> None:
    own = PromiseFilters(as_of=date(2027, 1, 1), states=(PromiseState.OPEN,))
    assert list_states(made, own, limit=1, offset=1) == [("N", "open")]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        pytest.param("-date_from", "N", id="stored"),
        pytest.param("-breaches_certain", "K", id="computed"),
    ],
)
def test_promises_are_sorted_by_any_column(made: Casebook, sort: str, first: str) -> None:
    own = PromiseFilters(as_of=date(2027, 1, 1))
    assert list_states(made, own, sort=(sort,), limit=1)[0][0] == first


def test_json_names_the_deeds_that_the_columns_count(target: str) -> None:
    line = CommandLine(target)
    line.does("actor", "add", "A", "--ref", "a", "--kind", "state")
    line.does("topic", "add", "T", "--ref", "t")
    line.does("proposition", "add", "P", "--ref", "p", "--topic", "t")
    for kind, ref, value in (("commitment", "K", "2"), ("action", "X", "-2")):
        stance = ("--proposition", "p", "--value", value, "--date", "2025-03-01")
        line.does(kind, "add", ref, "--ref", ref, "--actor", "a", *stance)
    (row,) = json.loads(line.does("report", "promises", "--format", "json"))
    assert (row["breaches_possible"], row["breaches_possible_refs"]) == (1, ["X"])
    header = line.does("report", "promises", "--format", "csv").splitlines()[0]
    assert header.split(",") == list(fields_of(PromiseRow))


def test_only_commitments_are_promises(made: Casebook) -> None:
    assert list_states(made, PromiseFilters(), kinds=(EntryKind.ACTION,)) == []


def test_statements_do_not_grow_with_the_promises(made: Casebook) -> None:
    sent = []
    for some in (range(3), range(3, 30)):
        for number in some:
            made.commitment(f"K{number}", date="2025-03-01", affirms=f"p{number}")
            value = -1 if number % 2 else 1
            made.action(f"X{number}", date="2025-03-02", stances={f"p{number}": value})
        made.session.expire_all()
        with count_queries(made.session) as statements:
            list(promises(made.session, refs=True))
        sent.append(len(statements))
    assert sent[0] == sent[1]
