"""The rows of a report or a list: kept, turned into a data frame, or read one by one."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from claimtrack import open_casebook
from claimtrack.api import Casebook
from claimtrack.errors import (
    ClaimtrackError,
    InvalidValue,
    MissingDriver,
    Usage,
)


def test_rows_outlive_the_casebook_and_know_their_columns(dataset: str) -> None:
    with open_casebook(dataset) as casebook:
        rows = casebook.contradictions(class_="denial")
    assert [row.klass for row in rows] == ["denial"] * len(rows)
    assert rows[0] is rows[:1][0]
    assert list(rows.to_dicts()[0]) == list(rows.columns)
    assert "class" in rows.columns
    assert repr(rows).startswith(f"<{len(rows)} rows: subject_ref, ")
    with pytest.raises(Usage, match="the casebook is closed"):
        casebook.status()


def test_rows_become_a_data_frame(casebook: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = casebook.claims()
    frame = rows.to_pandas()
    assert list(frame.columns) == list(rows.columns)
    assert list(frame["ref"]) == [row.ref for row in rows]
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDriver, match=r"pip install 'claimtrack\[notebook\]'"):
        rows.to_pandas()


def test_iterate_yields_the_same_rows_one_by_one(casebook: Casebook) -> None:
    filters: dict[str, Any] = {"topic": "ceasefire"}
    rows = casebook.contradictions(**filters)
    found = casebook.iterate(casebook.contradictions, **filters)
    assert next(found) == rows[0]
    assert list(found) == list(rows[1:])
    assert list(casebook.iterate(casebook.coverage, "russia")) == list(casebook.coverage("russia"))


@pytest.mark.parametrize(
    ("iterate", "error", "sentence"),
    [
        pytest.param(
            lambda book: book.iterate(book.claims, tpic="nato"),
            Usage,
            "there is no filter 'tpic'",
            id="of a report",
        ),
        pytest.param(
            lambda book: book.iterate(book.list_entries, since="2024-13"),
            InvalidValue,
            "--since '2024-13'",
            id="of a list",
        ),
        pytest.param(
            lambda book: book.iterate(book.hypotheses, "ceasefire", limit=-1),
            InvalidValue,
            "a whole number from 0",
            id="of hypotheses",
        ),
    ],
)
def test_iterate_refuses_a_wrong_filter_before_its_first_row(
    casebook: Casebook,
    iterate: Callable[[Casebook], object],
    error: type[ClaimtrackError],
    sentence: str,
) -> None:
    with pytest.raises(error, match=sentence):
        iterate(casebook)


def test_a_closed_casebook_yields_no_further_row(dataset: str) -> None:
    with open_casebook(dataset) as casebook:
        begun = casebook.iterate(casebook.contradictions)
        waiting = casebook.iterate(casebook.contradictions)
        assert next(begun).subject_ref == "C1"
    for rows in (begun, waiting):
        with pytest.raises(Usage, match="the casebook is closed: open it again"):
            next(rows)
    with pytest.raises(Usage, match="the casebook is closed: open it again"):
        casebook.iterate(casebook.claims)
