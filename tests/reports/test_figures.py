"""The report of figures: numbers, their periods, and what cannot be right beside them."""

from collections.abc import Iterator
from typing import Any

import pytest

from against_oracle import SCOPES, alike, as_filters, as_options, draw, plain
from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.figures import figures
from conftest import Loaded, Logged, count_queries
from oracle import figures as expected_figures
from oracle import read_casebook

ASKED: dict[str, dict[str, Any]] = {
    "all": {},
    "of a measure": {"measure": "strikes"},
    "of a topic": {"topic": "war"},
    "of an actor": {"actor": "aland"},
    "of a kind": {"kind": "statement"},
    "since": {"since": "2025-03-18"},
}


@pytest.mark.both_databases
def test_figures_are_what_the_oracle_says_in_every_scope(backend: str, loaded: Loaded) -> None:
    rows = 0
    for seed in range(3):
        drawn = draw(seed)
        casebook = read_casebook(drawn)
        with loaded(backend, drawn) as session:
            for scope in SCOPES.values():
                for name, filters in ASKED.items():
                    asked = {**scope, **filters}
                    found = plain(figures(session, as_filters(asked)))
                    expected = expected_figures(casebook, as_options(asked))
                    rows += len(expected)
                    alike(found, expected, (seed, asked, name))
    assert rows > 100


def log_counts(case: Casebook) -> None:
    case.measure("strikes").measure("troops", unit="thousand", kind="level")
    case.statement("S", actor="army", date="2025-04-03", about="2025-03").figure(
        "S", "strikes", "50"
    )
    case.statement("T", actor="staff", about="2025-03").figure("T", "strikes", "..40", judge="b")
    case.claim("C", date="2025-04-03").figure("C", "troops", "0.5", hedge="about")
    case.figure("C", "strikes", "7")


@pytest.fixture
def counts(backend: str, logged: Logged) -> Iterator[Casebook]:
    """Two counts of one month, a level of a day, and a count without a period."""
    with logged(backend, log_counts) as case:
        yield case


@pytest.mark.both_databases
def test_each_figure_has_its_period_and_what_it_conflicts_with(counts: Casebook) -> None:
    found = [
        (row.measure, row.entry_ref, row.low, row.high, str(row.period_from), row.conflicts_with)
        for row in figures(counts.session)
    ]
    assert found == [
        ("strikes", "C", 7, 7, "None", ()),
        ("strikes", "S", 50, 50, "2025-03-01", ("T",)),
        ("strikes", "T", None, 40, "2025-03-01", ("S",)),
        ("troops", "C", 0.5, 0.5, "2025-04-03", ()),
    ]


def test_a_reconciled_pair_conflicts_no_longer(counts: Casebook) -> None:
    for judge in ("b", "coder"):
        counts.link("S", "reconciles", "T", judge=judge)
    assert not any(row.conflicts_with for row in figures(counts.session))


def test_figures_are_sorted_by_any_column(counts: Casebook) -> None:
    rows = list(figures(counts.session, Filters(sort=("-high",))))
    assert [row.high for row in rows] == [50, 40, 7, 0.5]
    rows = list(figures(counts.session, Filters(sort=("conflicts_with",), limit=1)))
    assert [row.entry_ref for row in rows] == ["T"]


def test_statements_do_not_grow_with_the_figures(counts: Casebook) -> None:
    sent = []
    for some in (range(3), range(3, 30)):
        for number in some:
            ref = f"X{number}"
            counts.statement(ref, about="2025-03").figure(ref, "strikes", str(number))
        counts.session.expire_all()
        with count_queries(counts.session) as statements:
            list(figures(counts.session))
        sent.append(len(statements))
    assert sent[0] == sent[1]
