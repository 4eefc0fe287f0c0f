"""Loading dossiers: what is added, changed and kept, and what the load reports."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.dossier import loading
from claimtrack.exchange.dossier.loading import FieldChange, LoadRow
from claimtrack.models import Actor, Document, Entry, Stance
from claimtrack.records import get, record_of
from exchange.dossier.dossiers import DATASET, WHOLE, count_revisions, load_texts, refuse_texts


def test_records_load_in_any_order_and_actors_go_by_any_name(
    session: Session, tmp_path: Path
) -> None:
    report = load_texts(session, tmp_path, WHOLE)
    assert report.count(Outcome.ADDED) == len(report.rows) == 23
    stances = {
        (row.entry.ref, row.proposition.ref, row.asserted_by.ref, row.value)
        for row in session.scalars(select(Stance))
    }
    assert stances == {("S-1", "nato-dropped", "isw", -2), ("C-1", "nato-dropped", "coder", 1)}
    claim = get(session, Entry, "C-1")
    assert (claim.date_from, claim.date_to, claim.date_text) == (
        date(2023, 12, 1),
        date(2024, 2, 29),
        "2023-24",
    )
    assert get(session, Actor, "peskov").aliases == ["Песков", "no"]


def test_files_of_one_load_refer_to_each_other_and_to_the_database(
    case: Casebook, tmp_path: Path
) -> None:
    case.actor("isw").proposition("p")
    entry = (
        "claimtrack: 1\nentries:\n"
        "  - {ref: C-1, kind: claim, actor: hill, summary: x,\n"
        "     stances: [{proposition: p, value: 2, asserted_by: isw}]}\n"
    )
    actor = "claimtrack: 1\nactors:\n  - {ref: hill, name: Hill, kind: person, parent: isw}\n"
    assert load_texts(case.session, tmp_path, entry, actor).count(Outcome.ADDED) == 3


def test_loading_again_writes_nothing_not_even_to_the_log(session: Session, tmp_path: Path) -> None:
    first = load_texts(session, tmp_path, WHOLE)
    before = count_revisions(session)
    again = load_texts(session, tmp_path, WHOLE)
    assert count_revisions(session) == before
    assert {row.outcome for row in again.rows} == {Outcome.UNCHANGED}
    assert {(row.table, row.key) for row in again.rows} == {
        (row.table, row.key) for row in first.rows
    }


def test_a_key_left_out_keeps_its_value_and_null_clears_it(
    session: Session, tmp_path: Path
) -> None:
    load_texts(session, tmp_path, WHOLE)
    report = load_texts(
        session,
        tmp_path,
        "claimtrack: 1\n"
        "actors: [{ref: peskov, parent: null, aliases: null}]\n"
        "documents: [{ref: D, coverage: null, published: 2024-01-26}]\n"
        "entries:\n"
        "  - ref: C-1\n"
        "    about:\n"
        "    stances: [{proposition: nato-dropped, asserted_by: coder, hedge: ~}]\n"
        "    citations: [{document: D, wording: verbatim}]\n"
        "links: [{from: C-1, relation: contradicts, to: S-1, asserted_by: coder, strength: 2}]\n"
        "grades: [{entry: C-1, graded_by: isw, graded_on: 2024-05-24, credibility: 2}]\n",
    )
    assert report.rows == (
        LoadRow(
            "actor",
            "peskov",
            Outcome.CHANGED,
            (
                FieldChange("aliases", ["Песков", "no"], []),
                FieldChange("parent", "kremlin", None),
            ),
        ),
        LoadRow(
            "document",
            "D",
            Outcome.CHANGED,
            (
                FieldChange("coverage", "complete", "listed"),
                FieldChange("published_from", "2024-01-01", "2024-01-26"),
                FieldChange("published_to", "2024-01-31", "2024-01-26"),
            ),
        ),
        LoadRow(
            "entry",
            "C-1",
            Outcome.CHANGED,
            (
                FieldChange("about_from", "2023-12-01", None),
                FieldChange("about_to", "2024-02-29", None),
            ),
        ),
        LoadRow(
            "citation",
            "C-1/D///",
            Outcome.CHANGED,
            (FieldChange("wording", None, "verbatim"),),
        ),
        LoadRow(
            "stance",
            "C-1/nato-dropped/coder",
            Outcome.CHANGED,
            (FieldChange("hedge", "may", None),),
        ),
        LoadRow(
            "link", "C-1/contradicts/S-1/coder", Outcome.CHANGED, (FieldChange("strength", 1, 2),)
        ),
        LoadRow(
            "grade", "C-1/isw/2024-05-24", Outcome.CHANGED, (FieldChange("credibility", 6, 2),)
        ),
    )


def test_what_is_added_is_told_field_by_field(session: Session, tmp_path: Path) -> None:
    text = "claimtrack: 1\nactors:\n  - {ref: isw, name: ISW, kind: organisation}\n"
    assert load_texts(session, tmp_path, text).rows == (
        LoadRow(
            "actor",
            "isw",
            Outcome.ADDED,
            (
                FieldChange("aliases", None, []),
                FieldChange("kind", None, "organisation"),
                FieldChange("name", None, "ISW"),
                FieldChange("protected", None, False),
                FieldChange("ref", None, "isw"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("stored", "rows"),
    [
        pytest.param(
            lambda case: case.actor("c").actor("b", parent="c").actor("a", parent="b"),
            ("actors", ["{ref: c, parent: a}", "{ref: b, parent: null}"]),
            id="a circle that another record opens",
        ),
        pytest.param(
            lambda case: case.topic("x").topic("c").topic("b", parent="c").topic("a", parent="b"),
            ("topics", ["{ref: c, parent: a}", "{ref: b, parent: x}"]),
            id="a circle that moving another record opens",
        ),
        pytest.param(
            lambda case: case.document("d1").document("d2", canonical="d1").document("d3"),
            ("documents", ["{ref: d1, canonical: d3}", "{ref: d2, canonical: d3}"]),
            id="a canonical document that becomes an address",
        ),
        pytest.param(
            lambda case: case.document("d1", url="u1").document("d3"),
            ("documents", ["{ref: d3, url: u1}", "{ref: d1, url: null}"]),
            id="an address that moves",
        ),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_is_right_in_the_end_loads_in_any_order(
    case: Casebook, tmp_path: Path, stored: Any, rows: tuple[str, list[str]], turned: bool
) -> None:
    stored(case)
    section, records = rows
    listed = ", ".join(reversed(records) if turned else records)
    report = load_texts(case.session, tmp_path, f"claimtrack: 1\n{section}: [{listed}]\n")
    assert report.count(Outcome.CHANGED) == 2


def test_a_text_and_its_quotation_are_corrected_together(case: Casebook, tmp_path: Path) -> None:
    case.document("D", body="he sayd so").claim("C").cite(
        "C", "D", exact="sayd", start_pos=3, end_pos=7
    )
    body = 'claimtrack: 1\ndocuments: [{ref: D, body: "he said so"}]\n'
    cited = "{document: D, role: primary, start_pos: 3, end_pos: 7, exact: said}"
    load_texts(case.session, tmp_path, f"{body}entries: [{{ref: C, citations: [{cited}]}}]\n")
    assert get(case.session, Document, "D").body == "he said so"
    (tmp_path / "a.yaml").write_text(body.replace("said", "says"), encoding="utf-8")
    with pytest.raises(InvalidRecords) as caught:
        loading.load(case.session, [tmp_path / "a.yaml"])
    [line] = caught.value.problems
    assert "would lose quotations in its body: those of C (3 to 7)" in line


def test_a_load_names_what_its_new_entries_look_like(case: Casebook, tmp_path: Path) -> None:
    case.claim("C", actor="a", summary="Putin wants a ceasefire soon", date_from="2024-05-24")
    case.document("D").cite("C", "D").actor("b")
    row = "kind: claim, summary: Putin wants the ceasefire soon, date: 2024-05-24"
    text = (
        f"claimtrack: 1\nentries:\n  - {{ref: X, actor: a, {row}}}\n"
        f"  - {{ref: Y, actor: b, {row}, citations: [{{document: D, role: relay}}]}}\n"
        f"  - {{ref: Z, actor: b, {row}}}\n"
    )
    load_texts(case.session, tmp_path, text)
    assert case.session.state.warnings == [
        f"{ref} looks like C, which already exists: Putin wants a ceasefire soon"
        for ref in ("X", "Y")
    ]
    load_texts(case.session, tmp_path, text)
    assert len(case.session.state.warnings) == 2


def test_actors_may_swap_places_in_one_load(case: Casebook, tmp_path: Path) -> None:
    case.actor("a").actor("b", parent="a")
    load_texts(
        case.session,
        tmp_path,
        "claimtrack: 1\nactors: [{ref: a, parent: b}, {ref: b, parent: null}]\n",
    )
    assert record_of(get(case.session, Actor, "a"))["parent"] == "b"


def test_an_actor_goes_by_an_alias_that_the_same_load_gives_it(
    case: Casebook, tmp_path: Path
) -> None:
    case.actor("zelensky", aliases=["Zelenskyy"])
    text = (
        "claimtrack: 1\n"
        "actors: [{ref: zelensky, aliases: [Зеленський]}]\n"
        "documents: [{ref: D, publisher: Зеленський}]\n"
    )
    load_texts(case.session, tmp_path, text)
    assert get(case.session, Document, "D").publisher.ref == "zelensky"
    clash = text.replace("publisher: Зеленський", "publisher: Zelenskyy")
    assert refuse_texts(case.session, tmp_path, clash) == [
        "a.yaml:3:33: no actor 'Zelenskyy'; did you mean zelensky?"
    ]


def test_progress_is_told_record_by_record(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    told: list[tuple[int, int]] = []
    loading.load(session, [path], on_progress=lambda done, of: told.append((done, of)))
    assert told == [(done, 23) for done in range(1, 24)]


def test_the_same_file_named_twice_is_read_once(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert len(loading.load(session, [path, path]).rows) == 23


def test_dates_need_no_quotes(session: Session, tmp_path: Path) -> None:
    for written, bounds in {
        "2024-05-24": ("2024-05-24", "2024-05-24"),
        "2024-05": ("2024-05-01", "2024-05-31"),
        "2024": ("2024-01-01", "2024-12-31"),
        "2023-12/2024-02": ("2023-12-01", "2024-02-29"),
        "2024-05-24/..": ("2024-05-24", "None"),
    }.items():
        load_texts(
            session,
            tmp_path,
            "claimtrack: 1\nactors: [{ref: a, name: A, kind: person}]\n"
            f"documents: [{{ref: D, publisher: a, published: {written}}}]\n",
        )
        document = get(session, Document, "D")
        assert (str(document.published_from), str(document.published_to)) == bounds


def test_small_aliases_and_json_are_yaml_too(session: Session, tmp_path: Path) -> None:
    text = (
        '{"claimtrack": 1, "actors": [{"ref": "a", "name": "\\ud83d\\ude00", "kind": "person"}],\n'
        ' "documents": [{ref: D, publisher: &who a}, {ref: E, publisher: *who}]}\n'
    )
    assert load_texts(session, tmp_path, text).count(Outcome.ADDED) == 3
    assert get(session, Actor, "a").name == "😀"


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in DATASET}))
def test_the_packaged_datasets_load(session: Session, folder: str) -> None:
    files = [path for path in DATASET if path.parent.name == folder]
    assert {row.outcome for row in loading.load(session, files).rows} == {Outcome.ADDED}
