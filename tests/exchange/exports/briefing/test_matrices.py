"""The matrices of hypotheses in the briefing."""

from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import UnknownRef
from claimtrack.reports.hypotheses import describe_sum, hypotheses, sums
from exchange.exports.briefing.pages import shown, written


def test_a_page_without_a_matrix_says_why(session: Session, tmp_path: Path, language: str) -> None:
    case = Casebook(session)
    case.claim("C", affirms="p")
    session.flush()
    assert any(
        shown(one).startswith("No matrix: there is no exclusive topic")
        for one in written(session, tmp_path, language).tree.query("p")
    )


def test_the_matrix_is_that_of_the_report(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language, weighed=("p", "q"))
    tables = page.tree.query("table")
    for table, names in zip(tables, (["p", "q"], ["either"]), strict=True):
        matrix = hypotheses(session, names)
        rows = [[shown(cell) for cell in row.query("th, td")] for row in table.query("tr")]
        assert rows[0] == ["Entry", *matrix.hypotheses, "Diagnosticity"]
        expected = [
            [row.entry_ref, *row.cells, "" if row.diagnosticity is None else str(row.diagnosticity)]
            for row in matrix.rows
        ]
        assert [[row[0].partition(",")[0], *row[1:]] for row in rows[1:-1]] == expected != []
        against = map("; ".join, map(describe_sum, sums(session, matrix.hypotheses)))
        assert rows[-1] == ["Inconsistency", *against, ""]


def test_an_unknown_hypothesis_is_named(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    with pytest.raises(UnknownRef):
        written(session, tmp_path, language, weighed=("p", "nothing"))


def test_evidence_has_its_figures(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Few", summary="Few came.", affirms="p").figure("Few", "strikes", "..5")
    case.figure("Few", "strikes", "..5", judge="b").figure("Few", "dead", "7", basis="inferred")
    session.flush()
    table, _ = written(session, tmp_path, language, weighed=("p", "q")).tree.query("table")
    cells = [shown(row.query("th, td")[0]) for row in table.query("tr")]
    assert (
        "Few, claim: Few came. Figures: 7 strikes for dead (inferred); at most 5 strikes for "
        "strikes." in cells
    )
