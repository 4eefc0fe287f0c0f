"""The dossier: what loads, what is refused and where, and what comes back."""

import hashlib
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from casebook import Casebook
from claimtrack import changes, db, history
from claimtrack.changes import Outcome
from claimtrack.db import Session, sessions
from claimtrack.errors import InvalidRecords, MissingFile
from claimtrack.exchange.dossier import dumping, loading, sections
from claimtrack.exchange.dossier.loading import FieldChange, LoadRow
from claimtrack.exchange.dossier.yaml_reader import parse
from claimtrack.exchange.dossier.yaml_writer import field_lines
from claimtrack.models import Actor, Content, Document, Entry, Revision, Stance
from claimtrack.records import TABLES, get, record_of
from conftest import BACKENDS, count_queries
from generated import ANY_TEXT, WORDS, Records, casebooks

DATASET = sorted((Path(__file__).parents[3] / "data").glob("*/*.yaml"))

WHOLE = """\
claimtrack: 1
asserted_by: ISW
links:
  - {from: S-1, relation: responds_to, to: C-1, rationale: the report is quoted}
  - {from: S-1, relation: contradicts, to: C-1, strength: 1, asserted_by: coder}
grades:
  - {entry: C-1, graded_by: isw, graded_on: 2024-05-24, reliability: F, credibility: 6}
entries:
  - ref: S-1
    kind: statement
    actor: Песков
    summary: Nothing of the kind has been said
    date: 2024-01-26
    stances: [{proposition: nato-dropped, value: -2}]
  - ref: C-1
    kind: claim
    actor: SRC-1
    summary: He may drop it
    date: 2023-24
    about: 2023-12/2024-02
    participants: [{actor: peskov, role: subject}]
    citations: [{document: R, role: relay, via: D, label: "[1]"}, {document: D, role: primary}]
    stances:
      - {proposition: nato-dropped, value: 1, basis: inferred, hedge: may, asserted_by: coder}
propositions:
  - {ref: nato-dropped, text: He may drop it, topic: nato}
topics:
  - {ref: nato, name: NATO, parent: aims}
  - {ref: aims, name: Aims}
documents:
  - {ref: R, publisher: isw, canonical: D, url: "https://short.example/1"}
  - {ref: D, publisher: isw, url: "https://example.org/1", published: 2024-01, coverage: complete}
actors:
  - {ref: SRC-1, name: A source, kind: anonymous, parent: kremlin, access: close,
     described_as: close to the Kremlin, count_min: 2}
  - {ref: peskov, name: Dmitri Peskov, kind: person, parent: kremlin, aliases: [Песков, no]}
  - {ref: kremlin, name: Kremlin, kind: organisation}
  - {ref: isw, name: Institute, kind: organisation, aliases: [ISW]}
  - {ref: coder, name: The coder, kind: person}
"""


def _load(session: Session, folder: Path, *texts: str) -> loading.LoadReport:
    """Load texts as files a.yaml, b.yaml, ..."""
    paths = [folder / f"{letter}.yaml" for letter, _ in zip("abcdef", texts, strict=False)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return loading.load(session, paths)


def _refused(session: Session, folder: Path, *texts: str) -> list[str]:
    """Return the lines with which a load of texts is refused, the folder left out."""
    before = _revisions(session)
    with pytest.raises(InvalidRecords) as caught:
        _load(session, folder, *texts)
    assert _revisions(session) == before
    return [line.removeprefix(f"{folder}/") for line in caught.value.problems]


def _revisions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Revision)) or 0


def _dump(session: Session) -> str:
    stream = io.StringIO()
    dumping.dump(session, stream)
    return stream.getvalue()


def everything(session: Session) -> dict[str, list[str]]:
    """Return every row of every table but the log and the casebook's own, as the log has it.

    Of the bytes of captures, what they hash to.
    """
    session.flush()
    session.expire_all()
    rows = {
        table: sorted(
            history.canonical_json(record_of(row)) for row in session.scalars(select(model))
        )
        for table, model in TABLES.items()
        if table not in ("revision", "casebook", "content")
    }
    contents = session.scalars(select(Content.bytes))
    return {**rows, "content": sorted(hashlib.sha256(part).hexdigest() for part in contents)}


# --- loading ------------------------------------------------------------------------------------


def test_records_load_in_any_order_and_actors_go_by_any_name(
    session: Session, tmp_path: Path
) -> None:
    report = _load(session, tmp_path, WHOLE)
    assert report.count(Outcome.ADDED) == len(report.rows) == 20
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
    assert _load(case.session, tmp_path, entry, actor).count(Outcome.ADDED) == 3


def test_loading_again_writes_nothing_not_even_to_the_log(session: Session, tmp_path: Path) -> None:
    first = _load(session, tmp_path, WHOLE)
    before = _revisions(session)
    again = _load(session, tmp_path, WHOLE)
    assert _revisions(session) == before
    assert {row.outcome for row in again.rows} == {Outcome.UNCHANGED}
    assert {(row.table, row.key) for row in again.rows} == {
        (row.table, row.key) for row in first.rows
    }


def test_a_key_left_out_keeps_its_value_and_null_clears_it(
    session: Session, tmp_path: Path
) -> None:
    _load(session, tmp_path, WHOLE)
    report = _load(
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
    assert _load(session, tmp_path, text).rows == (
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


def test_without_asserted_by_the_author_is_the_judge(case: Casebook, tmp_path: Path) -> None:
    case.statement("S", stances={"p": 1})
    text = "claimtrack: 1\nentries: [{ref: S, stances: [{proposition: p, value: -1}]}]\n"
    rows = _load(case.session, tmp_path, text).rows
    assert [(row.table, row.key) for row in rows] == [
        ("actor", "test-analyst"),
        ("stance", "S/p/test-analyst"),
        ("entry", "S"),
    ]
    rows = _load(case.session, tmp_path, text.replace("value: -1", "hedge: may")).rows
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
    report = _load(case.session, tmp_path, text)
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
    [line] = _refused(
        case.session, tmp_path, f"claimtrack: 1\nentries: [{{ref: C, stances: {stances}}}]\n"
    )
    assert "stance C/p/N-7 is in this load already" in line


def test_a_new_judge_is_counted_under_the_ref_it_gets(case: Casebook, tmp_path: Path) -> None:
    case.claim("C").proposition("p")
    case.session.state.change = db.new_change("Анна")
    text = "claimtrack: 1\nentries: [{ref: C, stances: [{proposition: p, value: 1}]}]\n"
    rows = [(row.table, row.key, row.outcome) for row in _load(case.session, tmp_path, text).rows]
    assert rows == [
        ("actor", "N-1", Outcome.ADDED),
        ("stance", "C/p/N-1", Outcome.ADDED),
        ("entry", "C", Outcome.UNCHANGED),
    ]


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
    report = _load(case.session, tmp_path, f"claimtrack: 1\n{section}: [{listed}]\n")
    assert report.count(Outcome.CHANGED) == 2


def test_a_text_and_its_quotation_are_corrected_together(case: Casebook, tmp_path: Path) -> None:
    case.document("D", body="he sayd so").claim("C").cite(
        "C", "D", exact="sayd", start_pos=3, end_pos=7
    )
    body = 'claimtrack: 1\ndocuments: [{ref: D, body: "he said so"}]\n'
    cited = "{document: D, role: primary, start_pos: 3, end_pos: 7, exact: said}"
    _load(case.session, tmp_path, f"{body}entries: [{{ref: C, citations: [{cited}]}}]\n")
    assert get(case.session, Document, "D").body == "he said so"
    (tmp_path / "a.yaml").write_text(body.replace("said", "says"), encoding="utf-8")
    with pytest.raises(InvalidRecords) as caught:
        loading.load(case.session, [tmp_path / "a.yaml"])
    [line] = caught.value.problems
    assert "would lose quotations that its body holds: those of C (3 to 7)" in line


def test_a_load_names_what_its_new_entries_look_like(case: Casebook, tmp_path: Path) -> None:
    case.claim("C", actor="a", summary="Putin wants a ceasefire soon", date_from="2024-05-24")
    case.document("D").cite("C", "D").actor("b")
    row = "kind: claim, summary: Putin wants the ceasefire soon, date: 2024-05-24"
    text = (
        f"claimtrack: 1\nentries:\n  - {{ref: X, actor: a, {row}}}\n"
        f"  - {{ref: Y, actor: b, {row}, citations: [{{document: D, role: relay}}]}}\n"
        f"  - {{ref: Z, actor: b, {row}}}\n"
    )
    _load(case.session, tmp_path, text)
    assert case.session.state.warnings == [
        f"{ref} looks like C, which is there already: Putin wants a ceasefire soon"
        for ref in ("X", "Y")
    ]
    _load(case.session, tmp_path, text)
    assert len(case.session.state.warnings) == 2


def test_actors_may_swap_places_in_one_load(case: Casebook, tmp_path: Path) -> None:
    case.actor("a").actor("b", parent="a")
    _load(
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
    _load(case.session, tmp_path, text)
    assert get(case.session, Document, "D").publisher.ref == "zelensky"
    clash = text.replace("publisher: Зеленський", "publisher: Zelenskyy")
    assert _refused(case.session, tmp_path, clash) == [
        "a.yaml:3:33: no actor 'Zelenskyy'; did you mean zelensky?"
    ]


def test_progress_is_told_record_by_record(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    told: list[tuple[int, int]] = []
    loading.load(session, [path], on_progress=lambda done, of: told.append((done, of)))
    assert told == [(done, 20) for done in range(1, 21)]


def test_the_same_file_named_twice_is_read_once(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert len(loading.load(session, [path, path]).rows) == 20


def test_dates_need_no_quotes(session: Session, tmp_path: Path) -> None:
    for written, bounds in {
        "2024-05-24": ("2024-05-24", "2024-05-24"),
        "2024-05": ("2024-05-01", "2024-05-31"),
        "2024": ("2024-01-01", "2024-12-31"),
        "2023-12/2024-02": ("2023-12-01", "2024-02-29"),
        "2024-05-24/..": ("2024-05-24", "None"),
    }.items():
        _load(
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
    assert _load(session, tmp_path, text).count(Outcome.ADDED) == 3
    assert get(session, Actor, "a").name == "😀"


def test_the_packaged_datasets_load(session: Session) -> None:
    assert DATASET
    for folder in {path.parent for path in DATASET}:
        report = loading.load(session, [path for path in DATASET if path.parent == folder])
        assert {row.outcome for row in report.rows} == {Outcome.ADDED}


# --- what is refused ----------------------------------------------------------------------------

HEAD = "claimtrack: 1\nactors:\n  - {ref: isw, name: ISW, kind: organisation}\n"
TOPIC = "topics: [{ref: t, name: T}]\npropositions: [{ref: p, text: P, topic: t}]\n"


def _entry(rest: str, ref: str = "C") -> str:
    return (
        f"{HEAD}{TOPIC}entries:\n  - {{ref: {ref}, kind: claim, actor: isw, summary: x, {rest}}}\n"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "claimtrack: 1\nactors:\n\t- {ref: a}\n",
            ["a.yaml:3:1: a tab stands where YAML wants spaces: indent with spaces"],
            id="a tab in the indentation",
        ),
        pytest.param(
            f"{HEAD}    kind: person\n",
            [
                "a.yaml:4:5: the line does not line up with those above: mend the indentation",
            ],
            id="lines that do not line up",
        ),
        pytest.param(
            'claimtrack: 1\nactors:\n  - {ref: "a, name: A}\n',
            ["a.yaml:3:11: the quotation mark here is never closed: close it"],
            id="an open quotation mark",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, ref: b, name: A, kind: person}\n",
            ["a.yaml:3:14: the key ref stands in line 3 already: keep one of them"],
            id="a duplicate key",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, nam: A, kind: person}\n",
            [
                "a.yaml:3:5: name is missing: an actor needs it",
                "a.yaml:3:14: unknown key nam: did you mean name?",
            ],
            id="an unknown key",
        ),
        pytest.param(
            "claimtrack: 1\nactor: []\n",
            ["a.yaml:2:1: unknown key actor: did you mean actors?"],
            id="an unknown section",
        ),
        pytest.param(
            "claimtrack: 2\nactors: [{ref: a}]\nsources: []\n",
            ["a.yaml:1:13: the version 2 of the format is unknown: this claimtrack reads 1"],
            id="an unknown version",
        ),
        pytest.param(
            'claimtrack: "1"\n',
            ["a.yaml:1:13: claimtrack '1' is not a version: write 'claimtrack: 1'"],
            id="a version in quotes",
        ),
        pytest.param(
            "actors: []\n",
            ["a.yaml:1:1: claimtrack is missing: begin the file with 'claimtrack: 1'"],
            id="no version",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: [A], kind: person, protected: no}\n",
            [
                "a.yaml:3:20: name ['A'] is not valid: it should be a valid string",
                "a.yaml:3:50: protected 'no' is not valid: it should be a valid boolean",
            ],
            id="a wrong type",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n"
            "  - {ref: 2024, name: 1e3, kind: person, aliases: [no, true]}\n",
            [
                'a.yaml:3:11: 2024 is a number where text is wanted: put it in quotes, "2024"',
                'a.yaml:3:23: 1e3 is a number where text is wanted: put it in quotes, "1e3"',
                'a.yaml:3:56: true is a truth value where text is wanted: put it in quotes, "true"',
            ],
            id="numbers where text is wanted",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: A, kind: person, count_min: 3000000000}\n",
            [
                "a.yaml:3:48: count_min 3000000000 is not valid: it should be less than or equal "
                "to 2147483647"
            ],
            id="a number that no database holds",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: A, kind: perso}\n",
            [
                "a.yaml:3:29: kind 'perso' is not one of 'person', 'group', 'organisation', "
                "'state', 'outlet' or 'anonymous'"
            ],
            id="a word that is not in the vocabulary",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {name: A}\n  - {ref: b, kind: }\n",
            [
                "a.yaml:3:5: kind is missing: an actor needs it",
                "a.yaml:3:5: ref is missing: an actor needs it",
                "a.yaml:4:14: kind is empty: this actor needs it",
            ],
            id="a required key missing or empty",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a b, name: A, kind: person}\n",
            [
                "a.yaml:3:11: ref 'a b' is not a ref: expected 1 to 64 letters, digits, '.', '_' "
                "or '-', beginning with a letter or digit"
            ],
            id="a malformed ref",
        ),
        pytest.param(
            _entry("date: 2024-13"),
            [
                "a.yaml:7:57: date '2024-13' is not valid: expected a date such as 2024-05-24, "
                "2024-05, 2024, 2023-24 (winter) or 2023-12/2024-02, where one end may be open, "
                "as in 2024-05-24/.."
            ],
            id="a malformed date",
        ),
        pytest.param(
            _entry("date_from: 2024-05"),
            [
                "a.yaml:7:62: date_from: day '2024-05' is not valid: expected one day such as "
                "2024-05-24"
            ],
            id="a month where a day is wanted",
        ),
        pytest.param(
            _entry("date: 2024, date_to: 2024-05-24, about: 2024-02-31, place: 7"),
            [
                "a.yaml:7:57: give date, or date_from and date_to, not both",
                "a.yaml:7:91: about '2024-02-31' is not valid: expected a day that exists: the "
                "calendar has no 2024-02-31",
                'a.yaml:7:110: 7 is a number where text is wanted: put it in quotes, "7"',
            ],
            id="every fault of one record",
        ),
        pytest.param(
            _entry("date_to: 2024-05-01, date_from: 2024-05-24"),
            [
                "a.yaml:7:83: date_from 2024-05-24 is after date_to 2024-05-01: it would end "
                "before it begins"
            ],
            id="an end before its beginning",
        ),
        pytest.param(
            _entry("stances: [{proposition: p, value: 3}]"),
            ["a.yaml:7:85: value 3 is not valid: it should be less than or equal to 2"],
            id="a value outside -2 to 2",
        ),
        pytest.param(
            f'{HEAD}entries:\n  - {{ref: C, kind: claim, actor: isw, summary: "  "}}\n',
            ["a.yaml:5:48: summary is empty: write something"],
            id="an empty summary",
        ),
        pytest.param(
            _entry("latitude: 50.5"),
            ["a.yaml:7:61: latitude is for actions, and this is a claim"],
            id="coordinates of a claim",
        ),
        pytest.param(
            _entry("participants: [{actor: isw, role: target}]"),
            ["a.yaml:7:85: the role target is for an action, and this is a claim"],
            id="a target of a claim",
        ),
        pytest.param(
            _entry("place: x") + "links: [{from: C, relation: contradicts, to: C}]\n",
            ["a.yaml:8:46: an entry cannot be linked to itself ('C')"],
            id="a link to itself",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: A, kind: anonymous, described_as: x}\n",
            ["a.yaml:3:29: an anonymous actor needs access"],
            id="an anonymous actor without access",
        ),
        pytest.param(
            _entry("stances: [{proposition: q1, value: 1}]").replace("ref: p,", "ref: q10,"),
            ["a.yaml:7:75: no proposition 'q1'; did you mean q10?"],
            id="a reference to nothing",
        ),
        pytest.param(
            _entry("place: x").replace("actor: isw", "actor: isv"),
            ["a.yaml:7:34: no actor 'isv'; did you mean isw?"],
            id="an actor that nobody knows",
        ),
        pytest.param(
            HEAD.replace("actors", "asserted_by: isv\nactors"),
            ["a.yaml:2:14: no actor 'isv'; did you mean isw?"],
            id="a judge that nobody knows",
        ),
        pytest.param(
            f"{HEAD}  - {{ref: usa, name: U, kind: state, aliases: [us]}}\n"
            "  - {ref: pr, name: us, kind: group}\ndocuments: [{ref: D, publisher: us}]\n",
            ["a.yaml:6:33: 'us' is the name of pr and usa: write the ref of one"],
            id="a name that several actors have",
        ),
        pytest.param(
            f"{HEAD}  - {{ref: isw, name: Again, kind: person}}\n",
            ["a.yaml:4:11: actor isw is in this load already, at a.yaml:3: keep one of them"],
            id="the same ref twice",
        ),
        pytest.param(
            _entry(
                "stances: [{proposition: p, value: 1},\n      {proposition: p, value: 2, "
                "asserted_by: test-analyst}]"
            ).replace("ref: isw, name: ISW", "ref: test-analyst, name: isw"),
            [
                "a.yaml:8:7: stance C/p/test-analyst is in this load already, at a.yaml:7: keep "
                "one of them"
            ],
            id="the same stance twice",
        ),
        pytest.param(
            _entry("place: x") + "  - {ref: B, kind: claim, actor: isw, summary: x}\nlinks:\n"
            "  - {from: B, relation: contradicts, to: C, asserted_by: isw}\n"
            "  - {from: C, relation: contradicts, to: B, asserted_by: ISW}\n",
            [
                "a.yaml:11:5: link B/contradicts/C/isw is in this load already, at a.yaml:10: "
                "keep one of them"
            ],
            id="the same link twice, mirrored",
        ),
        pytest.param(
            _entry(
                "citations: [{document: D, role: primary},\n      {document: D, role: relay, "
                "label: }]"
            )
            + "documents: [{ref: D, publisher: isw}]\n",
            ["a.yaml:8:7: citation C/D/// is in this load already, at a.yaml:7: keep one of them"],
            id="the same citation twice",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: b, name: B, kind: person, parent: c}\n"
            "  - {ref: c, name: C, kind: person, parent: a}\n"
            "  - {ref: a, name: A, kind: person, parent: b}\n",
            [
                "a.yaml:5:45: parent closes a circle (a in b in c in a): give one that is not "
                "below it"
            ],
            id="a circle of parents",
        ),
        pytest.param(
            "- claimtrack: 1\n",
            ["a.yaml:1:1: this is no dossier: begin it with 'claimtrack: 1'"],
            id="a list at the top",
        ),
        pytest.param(
            "claimtrack: 1\nactors: {ref: a}\ntopics: [t]\n",
            [
                "a.yaml:2:9: actors is not a list: begin each of its records with '- '",
                "a.yaml:3:10: topics lists records, and this is none: write '- key: value'",
            ],
            id="a section that is no list of records",
        ),
        pytest.param(
            "# nothing here\n",
            ["a.yaml:1:1: the file is empty: begin it with 'claimtrack: 1'"],
            id="an empty file",
        ),
        pytest.param(
            "claimtrack: 1\n---\nclaimtrack: 1\n",
            ["a.yaml:2:1: a second document begins here: write one dossier per file"],
            id="two documents in one file",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: !person A, kind: person}\n",
            ["a.yaml:3:20: the tag !person has no meaning here: leave it out"],
            id="a tag",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: *b, kind: person}\n",
            ["a.yaml:3:20: *b repeats nothing: there is no &b before it"],
            id="an alias of nothing",
        ),
        pytest.param(
            "claimtrack: 1\nactors: " + "[" * 30 + "\n",
            ["a.yaml:2:28: values nest deeper than 20: flatten them"],
            id="values that nest too deep",
        ),
        pytest.param(
            'claimtrack: 1\nactors:\n  - {ref: a, name: "a\\0b\\ud800", kind: person}\n',
            [
                "a.yaml:3:20: it holds a NUL character: take it out",
                "a.yaml:3:20: it holds half a character (a lone surrogate): take it out",
            ],
            id="characters that are none",
        ),
        pytest.param(
            "claimtrack: 1\nactors:\n  - {ref: a, name: \x07, kind: person}\n",
            ["a.yaml:3:20: the character U+0007 has no place in text: take it out"],
            id="a control character",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    told: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(text, encoding="utf-8")
    before = _revisions(session)
    with pytest.raises(InvalidRecords) as caught:
        loading.load(session, [Path("a.yaml")])
    assert caught.value.problems == told
    assert _revisions(session) == before


def test_aliases_cannot_stand_for_a_vast_file(session: Session, tmp_path: Path) -> None:
    levels = ["  - &l0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    [line] = _refused(session, tmp_path, "claimtrack: 1\nactors:\n" + "\n".join(levels) + "\n")
    assert line.startswith("a.yaml:7:")
    assert line.endswith("aliases repeat more than 100,000 values: write them out")


def test_the_faults_of_all_files_are_told_at_once_and_in_order(
    session: Session, tmp_path: Path
) -> None:
    assert _refused(
        session,
        tmp_path,
        f"{HEAD}documents: [{{ref: D, publisher: isv}}]\n",
        "claimtrack: 1\ntopics:\n  - {ref: isw, name: }\n  - {ref: T, name: T, parent: U}\n",
    ) == [
        "a.yaml:4:33: no actor 'isv'; did you mean isw?",
        "b.yaml:3:16: name is empty: this topic needs it",
        "b.yaml:4:31: no topic 'U': add it to the load, or correct it",
    ]


def test_references_are_not_doubted_while_a_file_cannot_be_read(
    session: Session, tmp_path: Path
) -> None:
    assert _refused(
        session,
        tmp_path,
        "claimtrack: 1\ntopics: [{ref: T, name: T, parent: U}, {ref: W, name: 7}]\n",
        "claimtrack: 1\ntopics: [\n",
    ) == [
        'a.yaml:2:55: 7 is a number where text is wanted: put it in quotes, "7"',
        "b.yaml:3:1: this is not YAML: expected the node content, but found '<stream end>'",
    ]


def test_what_the_database_refuses_is_told_with_its_place(case: Casebook, tmp_path: Path) -> None:
    case.actor("isw").actor("a", parent="isw").document("D", url="https://x.example", body="abc")
    case.actor("gone").claim("C")
    changes.remove(case.session, "actor", "gone")
    text = (
        "claimtrack: 1\n"
        "actors:\n"
        "  - {ref: isw, parent: a}\n"
        "  - {ref: gone, name: Gone, kind: person}\n"
        "  - {ref: b, name: B, kind: person, parent: gone}\n"
        "documents:\n"
        '  - {ref: E, publisher: isw, url: "https://x.example"}\n'
        "entries:\n"
        "  - ref: C\n"
        "    citations:\n"
        "      - {document: D, role: relay, exact: bd, start_pos: 1, end_pos: 3}\n"
    )
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRecords) as caught:
        loading.load(case.session, [tmp_path / "a.yaml"])
    assert [line.removeprefix(f"{tmp_path}/") for line in caught.value.problems] == [
        "a.yaml:3:24: parent 'a' would close a circle (isw in a in isw): give a parent that is "
        "not below it",
        "a.yaml:4:11: actor 'gone' has been removed, and refs are never used again: choose "
        "another ref",
        "a.yaml:7:35: document 'D' has the address https://x.example already: use it",
        "a.yaml:11:43: exact 'bd' does not stand at 1 to 3 of document 'D': there stands 'bc'",
    ]


def test_what_the_database_refuses_is_told_beside_other_faults(
    case: Casebook, tmp_path: Path
) -> None:
    case.actor("isw").actor("a", parent="isw").document("D", url="https://x.example", body="abc")
    case.document("F", url="https://f.example").actor("gone").claim("C")
    changes.remove(case.session, "actor", "gone")
    assert _refused(
        case.session,
        tmp_path,
        "claimtrack: 1\n"
        "actors:\n"
        "  - {ref: isw, parent: a}\n"
        "  - {ref: gone, name: Gone, kind: person}\n"
        "  - {ref: b, name: 7, kind: person}\n"
        "documents:\n"
        '  - {ref: E, publisher: isw, url: "https://x.example"}\n'
        '  - {ref: G, publisher: isw, url: "https://f.example"}\n'
        "  - {ref: F, url: , title: 7}\n"
        "entries:\n"
        "  - ref: C\n"
        "    citations:\n"
        "      - {document: D, role: relay, exact: bd, start_pos: 1, end_pos: 3}\n",
    ) == [
        "a.yaml:3:24: parent 'a' would close a circle (isw in a in isw): give a parent that is "
        "not below it",
        "a.yaml:4:11: actor 'gone' has been removed, and refs are never used again: choose "
        "another ref",
        'a.yaml:5:20: 7 is a number where text is wanted: put it in quotes, "7"',
        "a.yaml:7:35: document 'D' has the address https://x.example already: use it",
        'a.yaml:9:28: 7 is a number where text is wanted: put it in quotes, "7"',
        "a.yaml:13:43: exact 'bd' does not stand at 1 to 3 of document 'D': there stands 'bc'",
    ]


def test_a_role_is_judged_though_other_values_are_wrong(session: Session, tmp_path: Path) -> None:
    text = _entry("place: 7,\n    participants: [{actor: nobody, role: target}]")
    problems = _refused(session, tmp_path, text)
    assert [line.split(": ", 1)[1] for line in problems] == [
        '7 is a number where text is wanted: put it in quotes, "7"',
        "no actor 'nobody': add it to the load, or correct it",
        "the role target is for an action, and this is a claim",
    ]


def test_a_missing_file_does_not_hide_what_is_wrong_in_another(
    session: Session, tmp_path: Path
) -> None:
    path, none = tmp_path / "a.yaml", tmp_path / "none.yaml"
    path.write_text("claimtrack: 1\ntopics: [{ref: T, name: 7, parent: U}]\n", encoding="utf-8")
    with pytest.raises(InvalidRecords) as caught:
        loading.load(session, [none, path])
    assert caught.value.problems == [
        f"{none}:1:1: there is no file {none}: check the name",
        f'{path}:2:25: 7 is a number where text is wanted: put it in quotes, "7"',
    ]


def test_neither_a_repeated_key_nor_a_missing_file_hides_what_the_database_refuses(
    case: Casebook, tmp_path: Path
) -> None:
    case.topic("T").topic("U", parent="T").document("D", url="u")
    wrong = (
        "claimtrack: 1\ntopics: [{ref: T, parent: U}]\n"
        "documents: [{ref: E, publisher: press, url: u}]\n"
    )
    told = [
        "parent 'U' would close a circle (T in U in T): give a parent that is not below it",
        "document 'D' has the address u already: use it",
    ]
    lines = _refused(case.session, tmp_path, wrong + "links: []\nlinks: []\n")
    assert [line.split(": ", 1)[1] for line in lines] == [
        *told,
        "the key links stands in line 4 already: keep one of them",
    ]
    path, none = tmp_path / "a.yaml", tmp_path / "none.yaml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(InvalidRecords) as caught:
        loading.load(case.session, [none, path])
    assert [line.split(": ", 1)[1] for line in caught.value.problems] == [
        f"there is no file {none}: check the name",
        *told,
    ]


@pytest.mark.parametrize("number", ["0x" + "f" * 6000, "0o" + "7" * 6000, "9" * 6000])
def test_a_number_of_thousands_of_digits_is_refused(
    session: Session, tmp_path: Path, number: str
) -> None:
    text = f"claimtrack: 1\nactors:\n  - {{ref: a, count_max: {number}}}\n"
    assert _refused(session, tmp_path, text) == [
        "a.yaml:3:25: the number has more than 1,000 digits: put it in quotes if it is text"
    ]


def test_a_file_that_is_missing_is_named(session: Session, tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match=r"there is no file .*none\.yaml: check the name"):
        loading.load(session, [tmp_path / "none.yaml"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            "claimtrack: 1\n# é".encode("latin-1"),
            "2:3: the byte 0xe9 is not UTF-8: save the file as UTF-8 text",
            id="Latin-1",
        ),
        pytest.param(
            "claimtrack: 1\n".encode("utf-16"),
            "1:1: the byte 0xff is not UTF-8: save the file as UTF-8 text",
            id="UTF-16",
        ),
        pytest.param(
            b"\x7fELF\x02\x01\x01\x00",
            "1:1: the character U+007F has no place in text: take it out",
            id="a program",
        ),
        pytest.param(
            b"SQLite format 3\x00",
            "1:16: the character U+0000 has no place in text: take it out",
            id="a database",
        ),
        pytest.param(b"", "1:1: the file is empty: begin it with 'claimtrack: 1'", id="nothing"),
    ],
)
def test_a_file_that_is_no_text_is_refused(
    session: Session, tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidRecords) as caught:
        loading.load(session, [path])
    assert caught.value.problems == [f"{path}:{told}"]


def test_a_folder_and_a_file_beyond_64_mib_are_refused(session: Session, tmp_path: Path) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(64 * 1024 * 1024 + 1)
    with pytest.raises(InvalidRecords) as caught:
        loading.load(session, [tmp_path, huge])
    assert caught.value.problems == [
        f"{tmp_path}:1:1: this is a folder: name the dossier files in it",
        f"{huge}:1:1: the file is larger than 64 MiB: split it, or import the data as tables",
    ]


def test_a_byte_order_mark_is_no_fault(session: Session, tmp_path: Path) -> None:
    assert _load(session, tmp_path, "\ufeff" + WHOLE).count(Outcome.ADDED) == 20


# --- dumping ------------------------------------------------------------------------------------


def test_a_dump_reads_like_a_dossier(session: Session, tmp_path: Path) -> None:
    _load(session, tmp_path, WHOLE)
    assert _dump(session) == (
        """\
claimtrack: 1
actors:
  - ref: SRC-1
    name: A source
    kind: anonymous
    parent: kremlin
    access: close
    described_as: close to the Kremlin
    count_min: 2
  - {ref: coder, name: The coder, kind: person}
  - {ref: isw, name: Institute, kind: organisation, aliases: [ISW]}
  - {ref: kremlin, name: Kremlin, kind: organisation}
  - {ref: peskov, name: Dmitri Peskov, kind: person, parent: kremlin, aliases: [Песков, "no"]}
documents:
  - {ref: D, url: "https://example.org/1", publisher: isw, published: 2024-01, coverage: complete}
  - {ref: R, url: "https://short.example/1", canonical: D, publisher: isw}
topics:
  - {ref: aims, name: Aims}
  - {ref: nato, name: NATO, parent: aims}
propositions:
  - {ref: nato-dropped, text: He may drop it, topic: nato}
entries:
  - ref: C-1
    kind: claim
    actor: SRC-1
    summary: He may drop it
    date_from: 2023-12-01
    date_to: 2024-02-29
    precision: season
    date_text: 2023-24
    about: 2023-12/2024-02
    participants:
      - {actor: peskov, role: subject}
    citations:
      - {document: D, role: primary}
      - {document: R, role: relay, via: D, label: "[1]"}
    stances:
      - {proposition: nato-dropped, value: 1, basis: inferred, hedge: may, asserted_by: coder}
  - ref: S-1
    kind: statement
    actor: peskov
    summary: Nothing of the kind has been said
    date: 2024-01-26
    stances:
      - {proposition: nato-dropped, value: -2, asserted_by: isw}
links:
  - {from: C-1, relation: contradicts, to: S-1, strength: 1, asserted_by: coder}
  - {from: S-1, relation: responds_to, to: C-1, asserted_by: isw, rationale: the report is quoted}
grades:
  - {entry: C-1, graded_by: isw, graded_on: 2024-05-24, reliability: F, credibility: 6}
"""
    )


def test_an_empty_casebook_dumps_as_an_empty_dossier(session: Session, tmp_path: Path) -> None:
    assert _dump(session) == "claimtrack: 1\n"
    assert _load(session, tmp_path, _dump(session)).rows == ()


def test_a_dump_sends_one_statement_for_each_table(case: Casebook) -> None:
    for ref in ("C1", "C2", "C3"):
        case.claim(ref, affirms="p", cites="D").grade(ref, "B2")
    case.session.expunge_all()
    with count_queries(case.session) as sent:
        _dump(case.session)
    assert len(sent) == 10


def test_prose_is_folded_and_lines_of_text_are_kept() -> None:
    prose = "A long summary, with a colon: and commas, that does not fit on one line of a file. "
    lines = [
        *field_lines("summary", prose * 2 + "End", 4),
        *field_lines("body", "First line\n\n  second: line\n", 4),
        *field_lines("body", " starts with a space\nand goes on", 4),
    ]
    assert lines == [
        "    summary: >-",
        "      A long summary, with a colon: and commas, that does not fit on one line of a file. "
        "A long",
        "      summary, with a colon: and commas, that does not fit on one line of a file. End",
        "    body: |",
        "      First line",
        "",
        "        second: line",
        '    body: " starts with a space\\nand goes on"',
    ]


# --- a dump loads as the same casebook ----------------------------------------------------------


def _write(session: Session, records: Records) -> None:
    for model, record, owner in records:
        entry = None if owner is None else get(session, Entry, owner)
        changes.accept_any_address(session)
        changes.put(session, model.model_validate(record), entry=entry)


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records=casebooks())
def test_a_dump_loads_as_the_same_casebook(
    backend: str,
    shared: dict[str, db.Database],
    tmp_path_factory: pytest.TempPathFactory,
    records: Records,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"dump-{backend}.yaml"
    with sessions.writing(shared[backend], author="Writer", dry_run=True) as session:
        _write(session, records)
        path.write_text(_dump(session), encoding="utf-8", newline="")
        written = everything(session)
        again = loading.load(session, [path])
        assert {row.outcome for row in again.rows} == {Outcome.UNCHANGED}
    with sessions.writing(shared[backend], author="Reader", dry_run=True) as session:
        loading.load(session, [path])
        assert everything(session) == written
        assert _dump(session) == path.read_text(encoding="utf-8")
    _accepted(path.read_text(encoding="utf-8"))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=casebooks())
def test_both_databases_dump_the_same_bytes(
    shared: dict[str, db.Database], records: Records
) -> None:
    dumps = []
    for backend in BACKENDS:
        with sessions.writing(shared[backend], author="Writer", dry_run=True) as session:
            _write(session, records)
            dumps.append(_dump(session))
    assert dumps[0] == dumps[1]


@settings(max_examples=300, deadline=None)
@given(WORDS, st.lists(ANY_TEXT, max_size=4), st.integers(0, 6))
def test_every_text_reads_back_letter_for_letter(
    text: str, several: list[str], indent: int
) -> None:
    record: dict[str, object] = {"text": text, "several": several}
    record["rows"] = [{"text": text, "none": None, "yes": True}, {"several": several, "n": -1.5}]
    lines = [line for key, value in record.items() for line in field_lines(key, value, indent)]
    node, faults = parse("\n".join(lines) + "\n")
    assert (node and node.plain(), faults) == (record, [])


# --- the JSON Schema ----------------------------------------------------------------------------


def _accepted(text: str) -> None:
    node, faults = parse(text)
    assert node is not None
    assert faults == []
    Draft202012Validator(sections.json_schema()).validate(node.plain())


def test_the_schema_that_ships_is_the_one_that_the_models_make() -> None:
    assert sections.SCHEMA_FILE.read_text(encoding="utf-8") == sections.schema_text()
    Draft202012Validator.check_schema(sections.json_schema())


def test_the_schema_says_what_every_key_means() -> None:
    bare = [
        f"{name}.{key}"
        for name, definition in sections.json_schema()["$defs"].items()
        for key, value in definition.get("properties", {}).items()
        if not value.get("description")
    ]
    assert bare == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WHOLE, id="records of every kind"),
        pytest.param(
            "claimtrack: 1\nactors: [{ref: isw, aliases: null, protected: null}]\nlinks:\n"
            "documents: [{ref: D, published: 2024, coverage: }]\n"
            "entries: [{ref: C-1, date: , about: 2024, stances: , "
            "citations: [{document: D, label: ~}]}]\n"
            "grades: [{entry: C-1, graded_on: ' 2024-05-24 '}]\n",
            id="records that are known already, keys cleared",
        ),
        *(pytest.param(path.read_text(encoding="utf-8"), id=path.name) for path in DATASET),
    ],
)
def test_the_schema_accepts_what_loads(text: str) -> None:
    _accepted(text)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"actors": []}, id="no version"),
        pytest.param({"claimtrack": 2}, id="another version"),
        pytest.param({"claimtrack": 1, "actor": []}, id="an unknown section"),
        pytest.param({"claimtrack": 1, "actors": [{"name": "A"}]}, id="no ref"),
        pytest.param({"claimtrack": 1, "actors": [{"ref": "a", "kind": "x"}]}, id="a bad word"),
        pytest.param({"claimtrack": 1, "topics": [{"ref": "a", "nam": "x"}]}, id="an unknown key"),
        pytest.param(
            {
                "claimtrack": 1,
                "entries": [{"ref": "a", "stances": [{"proposition": "p", "value": 3}]}],
            },
            id="a value out of range",
        ),
    ],
)
def test_the_schema_refuses_what_cannot_load(wrong: dict[str, Any]) -> None:
    assert not Draft202012Validator(sections.json_schema()).is_valid(wrong)
