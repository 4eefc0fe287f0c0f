"""Judges of a dossier: who asserts what names nobody, and one judge under several names."""

from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.changes import Outcome
from claimtrack.exchange.dossier.loading import FieldChange
from exchange.dossier.dossiers import load_texts, refuse_texts


def test_without_asserted_by_the_author_is_the_judge(case: Casebook, tmp_path: Path) -> None:
    case.statement("S", stances={"p": 1})
    text = "claimtrack: 1\nentries: [{ref: S, stances: [{proposition: p, value: -1}]}]\n"
    rows = load_texts(case.session, tmp_path, text).rows
    assert [(row.table, row.key) for row in rows] == [
        ("actor", "test-analyst"),
        ("stance", "S/p/test-analyst"),
        ("entry", "S"),
    ]
    rows = load_texts(case.session, tmp_path, text.replace("value: -1", "hedge: may")).rows
    assert rows[0].fields == (FieldChange("hedge", None, "may"),)


JUDGED = """\
claimtrack: 1
entries: [{ref: C, stances: [{proposition: p, value: 1}]}]
links: [{from: C, relation: repeats, to: D}]
grades: [{entry: C, graded_on: 2024-01-01, reliability: C, credibility: 2}]
"""


@pytest.mark.parametrize(
    ("author", "text"),
    [
        pytest.param(
            "Somebody",
            JUDGED.replace("entries", "asserted_by: ISW\nentries", 1).replace(
                "{entry: C,", "{entry: C, graded_by: Institute,"
            ),
            id="named by an alias and a name",
        ),
        pytest.param("Institute", JUDGED, id="the author, found by a name"),
        pytest.param("ISW", JUDGED, id="the author, found by an alias"),
    ],
)
def test_a_judge_by_any_name_keeps_what_the_load_leaves_out(
    case: Casebook, tmp_path: Path, author: str, text: str
) -> None:
    case.actor("study-of-war", name="Institute", aliases=["ISW"]).claim("C").claim("D")
    who = {"judge": "study-of-war"}
    case.stance("C", "p", 2, hedge="may", basis="inferred", **who)
    case.link("C", "repeats", "D", strength=1, rationale="why", **who)
    case.grade("C", "B2", rationale="well placed", **who)
    case.session.state.change = db.new_change(author)
    report = load_texts(case.session, tmp_path, text)
    told = {row.key: row.fields for row in report.rows if row.outcome is Outcome.CHANGED}
    assert told == {
        "C/p/study-of-war": (FieldChange("value", 2, 1),),
        "C/study-of-war/2024-01-01": (FieldChange("reliability", "B", "C"),),
    }
    assert report.count(Outcome.ADDED) == 0


def test_an_author_and_its_name_are_one_judge_of_a_load(case: Casebook, tmp_path: Path) -> None:
    case.claim("C").proposition("p").actor("N-7", name="Анна")
    case.session.state.change = db.new_change("Анна")
    stances = "[{proposition: p, value: 1}, {proposition: p, value: -1, asserted_by: Анна}]"
    [line] = refuse_texts(
        case.session, tmp_path, f"claimtrack: 1\nentries: [{{ref: C, stances: {stances}}}]\n"
    )
    assert "stance C/p/N-7 is already in this load" in line


def test_a_new_judge_is_counted_under_the_ref_it_gets(case: Casebook, tmp_path: Path) -> None:
    case.claim("C").proposition("p")
    case.session.state.change = db.new_change("Анна")
    text = "claimtrack: 1\nentries: [{ref: C, stances: [{proposition: p, value: 1}]}]\n"
    rows = [
        (row.table, row.key, row.outcome) for row in load_texts(case.session, tmp_path, text).rows
    ]
    assert rows == [
        ("actor", "N-1", Outcome.ADDED),
        ("stance", "C/p/N-1", Outcome.ADDED),
        ("entry", "C", Outcome.UNCHANGED),
    ]
