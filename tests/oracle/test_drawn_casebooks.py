"""Casebooks drawn by chance meet every outcome that the definitions have, and the oracle holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import oracle
from drawn_casebooks import chance_of, draw_dossier, draw_options, draw_pair_options
from oracle import Casebook, Options, read_casebook

SEEDS = range(150)
HYPOTHESES = ["keeps", "day-monday", "day-tuesday"]
Rows = list[dict[str, Any]]
REPORTS: dict[str, Callable[[Casebook, Options], Any]] = {
    "answers": oracle.answers,
    "claims": oracle.claims,
    "clustering": lambda casebook, options: oracle.clustering(
        casebook, "2025-02-15", "2025-06-01", options
    ),
    "contradictions": oracle.contradictions,
    "corroboration": oracle.corroboration,
    "coverage": oracle.coverage,
    "figures": oracle.figures,
    "hypotheses": lambda casebook, options: oracle.hypotheses(casebook, HYPOTHESES, options),
    "hypothesis_sums": lambda casebook, options: oracle.hypothesis_sums(
        casebook, HYPOTHESES, options
    ),
    "omissions": oracle.omissions,
    "positions": oracle.positions,
    "promises": oracle.promises,
    "timeline": oracle.timeline,
    "track_record": oracle.track_record,
    "windows": oracle.windows,
}


def outcomes(report: str, column: str) -> set[Any]:
    """What a column of a report holds over all seeds."""
    return {
        row[column]
        for seed in SEEDS
        for row in REPORTS[report](
            read_casebook(draw_dossier(seed)),
            Options(as_of="2025-04-10", include_reconciled=True),
        )
    }


def test_a_seed_always_gives_the_same_casebook() -> None:
    assert draw_dossier(7) == draw_dossier(7)
    assert draw_dossier(7) != draw_dossier(8)
    assert draw_options(7) == draw_options(7)


def test_figures_and_times_leave_the_rest_as_it_is() -> None:
    plain, more = draw_dossier(7), draw_dossier(7, figures=True, times=True, unrelated=True)
    assert [entry["stances"] for entry in plain["entries"]] == [
        entry["stances"] for entry in more["entries"]
    ]
    assert more["links"][:-1] == plain["links"]


@pytest.mark.parametrize(
    ("report", "column", "expected"),
    [
        pytest.param(
            "contradictions",
            "class",
            {
                "assessed_against",
                "at_odds_with_action",
                "at_odds_with_record",
                "belied_by_action",
                "breach",
                "countered_by_action",
                "denial",
                "dispute",
                "inconsistent_line",
                "reversal",
                "source_conflict",
                None,
            },
            id="class",
        ),
        pytest.param(
            "contradictions",
            "status",
            {"confirmed", "derived", "disputed", "linked", "reconciled"},
            id="status",
        ),
        pytest.param("contradictions", "timing", {"certain", "possible", None}, id="timing"),
        pytest.param("contradictions", "basis", {"explicit", "inferred", None}, id="basis"),
        pytest.param(
            "answers",
            "answer",
            {"answers", "confirms", "denies", "disputes", "evades", "unanswered"},
            id="answer",
        ),
        pytest.param(
            "promises", "state", {"broken", "expired", "open", "possibly_broken"}, id="state"
        ),
        pytest.param(
            "positions",
            "step",
            {
                "differs",
                "hardened",
                "hedged",
                "order not known",
                "reaffirmed",
                "reversed",
                "same line",
                "softened",
                None,
            },
            id="step",
        ),
        pytest.param("windows", "certainty", {"certain", "possible"}, id="certainty"),
        pytest.param("omissions", "warrant", {"not coded in full", "warranted"}, id="warrant"),
    ],
)
def test_drawn_casebooks_meet_every_outcome(report: str, column: str, expected: set[Any]) -> None:
    assert outcomes(report, column) == expected


def test_the_order_of_records_changes_nothing() -> None:
    for seed in range(40):
        dossier = draw_dossier(seed, figures=True, times=True)
        options = oracle.read_options(
            {"as_of": "2025-05-01", **draw_options(seed), **draw_pair_options(seed)}
        )
        shuffled = {
            name: chance_of(seed).sample(rows, len(rows)) if isinstance(rows, list) else rows
            for name, rows in dossier.items()
        }
        for name, report in REPORTS.items():
            one, other = read_casebook(dossier), read_casebook(shuffled)
            assert report(one, options) == report(other, options), (seed, name)


def test_a_range_of_origins_is_a_range() -> None:
    for seed in range(60):
        for row in oracle.corroboration(read_casebook(draw_dossier(seed))):
            for side, entries in (("affirmed", "affirmers"), ("denied", "deniers")):
                least, most = row[f"{side}_independent_min"], row[f"{side}_independent_max"]
                assert 0 <= least <= most <= len(row[entries])
                assert bool(row[entries]) == (most > 0)
