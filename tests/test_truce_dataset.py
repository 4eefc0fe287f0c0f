"""The second packaged dataset, and its answers beside those of an independent calculation."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import oracle
from against_oracle import alike, plain
from claimtrack import db
from claimtrack.changes import Outcome
from claimtrack.db import Session, sessions
from claimtrack.exchange.dossier import dumping, loading
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.answers import answers
from claimtrack.reports.check import check
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.figures import figures
from claimtrack.reports.promises import PromiseFilters, promises
from claimtrack.vocab import PairClass
from conftest import NewTarget

FILES = sorted((Path(__file__).parents[1] / "data" / "energy-truce").glob("*.yaml"))
END = "2025-04-30"
"""The day as of which promises are asked."""


@pytest.fixture(scope="module")
def expected() -> oracle.Casebook:
    """The dataset, as the oracle reads it."""
    return oracle.read_casebook(*(YAML(typ="safe").load(path.read_text("utf-8")) for path in FILES))


@pytest.fixture(scope="module")
def truce(new_target: NewTarget) -> Iterator[Session]:
    """A session on the dataset."""
    with new_target("sqlite") as target:
        database = db.connect(target)
        with sessions.writing(database, author="coder") as session:
            loading.load(session, FILES)
        with sessions.reading(database) as session:
            yield session


def rows_of(found: Any, *names: str) -> set[tuple[Any, ...]]:
    return {tuple(getattr(row, name) for name in names) for row in found}


def test_it_loads_and_loading_it_again_changes_nothing(
    new_target: NewTarget, tmp_path: Path
) -> None:
    with new_target("sqlite") as target:
        database = db.connect(target)
        for _ in range(2):
            with sessions.writing(database, author="coder") as session:
                report = loading.load(session, FILES)
                dumped = io.StringIO()
                dumping.dump(session, dumped)
        assert {row.outcome for row in report.rows} == {Outcome.UNCHANGED}
        (tmp_path / "whole.yaml").write_text(dumped.getvalue(), encoding="utf-8")
        with sessions.writing(database, author="coder") as session:
            again = loading.load(session, [tmp_path / "whole.yaml"])
        assert {row.outcome for row in again.rows} == {Outcome.UNCHANGED}


def test_it_has_no_errors(truce: Session) -> None:
    assert [row for row in check(truce) if row.level == "error"] == []


def test_every_pair_is_that_of_the_oracle(truce: Session, expected: oracle.Casebook) -> None:
    found = plain(contradictions(truce, Filters(), PairFilters()))
    assert len(found) > 100
    alike(found, oracle.contradictions(expected), "contradictions")


def test_every_answer_promise_and_figure_is_that_of_the_oracle(
    truce: Session, expected: oracle.Casebook
) -> None:
    options = oracle.Options(as_of=END)
    alike(plain(answers(truce)), oracle.answers(expected), "answers", without="other_replies")
    own = PromiseFilters(as_of=date.fromisoformat(END))
    found = plain(promises(truce, Filters(), own))
    alike(found, oracle.promises(expected, options), "promises", without="urls")
    alike(plain(figures(truce)), oracle.figures(expected), "figures")


def test_accusations_are_denied_or_have_no_reply(truce: Session) -> None:
    found = rows_of(answers(truce), "entry_ref", "answer", "reply_ref")
    denied = {(entry, reply) for entry, answer, reply in found if answer == "denies"}
    assert denied >= {("C4", "S5"), ("S9", "S10"), ("S13", "S14")}
    assert {"S2", "S7", "S12"} <= {entry for entry, answer, _ in found if answer == "unanswered"}


def test_counts_that_cannot_both_be_right_come_out_of_the_data(truce: Session) -> None:
    on_figures = {
        (row.subject_ref, row.counter_ref)
        for row in contradictions(truce, Filters(), PairFilters())
        if "figure" in row.via
    }
    assert on_figures == {
        ("S29", "S30"),
        ("S11", "S12"),
        ("C2", "S12"),
        ("S10", "S9"),
        ("S9", "S11"),
        ("C2", "S9"),
    }


def test_breaches_within_three_days_of_the_promise(truce: Session) -> None:
    pairs = PairFilters(classes=(PairClass.BREACH,), min_days=0, max_days=3)
    found = rows_of(contradictions(truce, Filters(), pairs), "subject_ref", "counter_ref", "timing")
    assert found == {
        ("K1", "X1", "possible"),
        ("K1", "X2", "certain"),
        ("K6", "X11", "certain"),
    }


def test_what_became_of_each_promise(truce: Session) -> None:
    own = PromiseFilters(as_of=date.fromisoformat(END))
    assert rows_of(promises(truce, Filters(), own), "ref", "state") == {
        ("K1", "possibly_broken"),
        ("K2", "expired"),
        ("K3", "possibly_broken"),
        ("K4", "open"),
        ("K5", "open"),
        ("K6", "broken"),
        ("K7", "expired"),
        ("K8", "open"),
    }
