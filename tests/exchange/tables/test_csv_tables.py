"""Tables go out as CSV and come back as the same casebook, by the rules of single records."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select

from casebook import Casebook
from claimtrack import changes, db, replay, sql
from claimtrack.changes import Outcome
from claimtrack.db import Session, sessions
from claimtrack.errors import Invalid, InvalidRecords, MissingFile, StorageFailure
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import files_in
from claimtrack.models import Actor, Document, Entry, Revision, Stance
from claimtrack.records import IN_ORDER, find, get
from claimtrack.schemas import NewEntry, NewParticipation
from claimtrack.sql import BATCH_SIZE
from claimtrack.vocab import ParticipationRole
from conftest import BACKENDS, count_queries
from exchange.dossier.dossiers import count_revisions, everything, write_dossier
from exchange.tables.table_folders import put, written
from generated import Records, casebooks


def refused(session: Session, folder: Path) -> list[str]:
    """Return the lines with which a folder is refused, its own name left out."""
    savepoint = session.begin_nested()
    with pytest.raises(Invalid) as caught:
        csv_tables.read_tables(session, files_in(folder))
    savepoint.rollback()
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).splitlines()]


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(records=casebooks())
def test_tables_come_back_as_the_same_casebook(
    backend: str,
    shared: dict[str, db.Database],
    tmp_path_factory: pytest.TempPathFactory,
    records: Records,
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    with sessions.writing(shared[backend], author="Writer", dry_run=True) as session:
        write_dossier(session, records)
        written(session, folder)
        stood, revisions = everything(session), count_revisions(session)
        assert set(csv_tables.read_tables(session, files_in(folder))) <= {Outcome.UNCHANGED}
        assert count_revisions(session) == revisions
    with sessions.writing(shared[backend], author="Reader", dry_run=True) as session:
        counts = csv_tables.read_tables(session, files_in(folder))
        assert everything(session) == stood
        assert counts == Counter({Outcome.ADDED: sum(map(len, stood.values()))} if stood else {})
        assert list(replay.verify(session)) == []


def test_a_casebook_with_captures_comes_back_whole(
    shared: dict[str, db.Database], backend: str, tmp_path: Path
) -> None:
    with sessions.writing(shared[backend], author="a", dry_run=True) as session:
        case = Casebook(session).document("D").document("E")
        case.capture("D", b"as it came").capture("E", b"as it came").capture("E", b"\x00\xff")
        stood = everything(session)
        written(session, tmp_path)
        assert csv_tables.read_tables(session, files_in(tmp_path))[Outcome.ADDED] == 0
    with sessions.writing(shared[backend], author="b", dry_run=True) as session:
        csv_tables.read_tables(session, files_in(tmp_path))
        assert everything(session) == stood
        assert list(replay.verify(session)) == []


def test_records_written_together_are_found_by_their_words(
    session: Session, tmp_path: Path
) -> None:
    from claimtrack import lookup

    folder = put(tmp_path, "actor", "ref,name,kind", "a,Bundeskanzlerin Ángela,person")
    csv_tables.read_tables(session, files_in(folder))
    assert [row.ref for row in lookup.search(session, "angela")] == ["a"]


def test_many_rows_take_few_statements(session: Session, tmp_path: Path) -> None:
    columns = csv_tables.columns_of("stance")
    case = Casebook(session).proposition("p").actor("coder").actor("speaker")
    for number in range(40):
        case.statement(f"S{number}", judge="coder")
    rows = [f"S{number},p,coder,2,explicit,,,,,," for number in range(40)]
    folder = put(tmp_path, "stance", ",".join(columns), *rows)
    session.expire_all()
    with count_queries(session) as sent:
        assert csv_tables.read_tables(session, files_in(folder)) == {Outcome.ADDED: 40}
    assert len(sent) < 15


@pytest.mark.parametrize("table", ["participation", "citation", "stance", "link"])
def test_no_table_is_gone_through_for_the_rows_of_a_file(tmp_path: Path, table: str) -> None:
    database = db.connect(str(tmp_path / "c.db"))
    db.init(database)
    with sessions.writing(database, author="coder", dry_run=True) as session:
        case = Casebook(session).claim("C", affirms="p", cites="D").statement("S", denies="p")
        case.link("C", "corroborates", "S").actor("boss")
        boss = NewParticipation(actor="boss", role=ParticipationRole.SUBJECT)
        changes.put(session, boss, entry=get(session, Entry, "C"))
        folder = written(session, tmp_path)
        for other in IN_ORDER:
            if other != table:
                (folder / f"{other}.csv").unlink()
        with count_queries(session) as sent:
            csv_tables.read_tables(session, files_in(folder))
        (query,) = (one for one in sent if f"FROM {table} " in one)
        raw = session.connection().exec_driver_sql
        values = ("x",) * query.count("?")
        plan = [row[3] for row in raw(f"EXPLAIN QUERY PLAN {query}", values)]
    assert plan[0].startswith(f"SEARCH {table} USING")


def test_a_corrected_file_changes_exactly_what_was_corrected(
    session: Session, tmp_path: Path
) -> None:
    Casebook(session).claim("C", affirms="p").claim("D", affirms="p")
    folder = written(session, tmp_path)
    file = folder / "entry.csv"
    file.write_text(file.read_text().replace("What C says.", "What C really says."))
    before = count_revisions(session)
    counts = csv_tables.read_tables(session, files_in(folder))
    changed = session.scalars(select(Revision.row_key).where(Revision.seq > before)).all()
    assert (counts[Outcome.CHANGED], counts[Outcome.ADDED], changed) == (1, 0, ["C"])


def test_columns_that_are_left_out_keep_their_values_and_empty_cells_clear(
    session: Session, tmp_path: Path
) -> None:
    case = Casebook(session).actor("a", aliases=["x"], name="Old", protected=True)
    case.claim("C", place="Kyiv", capacity="cook").cite("C", "D", label="[1]", exact="words")
    put(tmp_path, "actor", "ref,name,kind", "a,New,person")
    put(tmp_path, "entry", "ref,capacity", "C,")
    put(tmp_path, "citation", "entry,document,via,label,start_pos,prefix", "C,D,,[1],,so")
    csv_tables.read_tables(session, files_in(tmp_path))
    session.expire_all()
    actor, entry = find(session, Actor, "a"), find(session, Entry, "C")
    assert actor is not None
    assert entry is not None
    assert (actor.name, actor.aliases, actor.protected) == ("New", ["x"], True)
    assert (entry.place, entry.capacity) == ("Kyiv", None)
    assert everything(session)["citation"][0].count('"exact":"words"') == 1


def test_rows_may_stand_below_later_ones(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "BATCH_SIZE", 2)
    rows = [f"a{number},A{number},person,a{number + 1}" for number in range(7)]
    folder = put(tmp_path, "actor", "ref,name,kind,parent", *rows, "a7,A7,person,")
    assert csv_tables.read_tables(session, files_in(folder)) == {Outcome.ADDED: 8}


def test_actors_go_by_name_and_without_a_judge_it_is_the_author(
    session: Session, tmp_path: Path
) -> None:
    case = Casebook(session).actor("putin", name="Vladimir Putin").proposition("p")
    case.statement("S")
    put(tmp_path, "entry", "ref,kind,actor,summary", "T,statement,Vladimir Putin,Yes.")
    put(tmp_path, "stance", "entry,proposition,asserted_by,value", "S,p,,1", "T,p,Actor speaker,2")
    csv_tables.read_tables(session, files_in(tmp_path))
    judges = {one.entry.ref: one.asserted_by.ref for one in session.scalars(select(Stance))}
    assert judges == {"S": "test-analyst", "T": "speaker"}
    entry = find(session, Entry, "T")
    assert entry is not None
    assert entry.actor.ref == "putin"


def test_texts_are_unguarded_unless_they_are_raw(session: Session, tmp_path: Path) -> None:
    Casebook(session).actor("a", name="=1+1").actor("b", name="'=x")
    folder = written(session, tmp_path)
    assert "a,'=1+1," in (folder / "actor.csv").read_text()
    assert csv_tables.read_tables(session, files_in(folder))[Outcome.CHANGED] == 0
    raw = [replace(file, raw=True) for file in files_in(folder)]
    assert csv_tables.read_tables(session, raw)[Outcome.CHANGED] == 2


def test_what_an_early_reply_warns_of_is_warned_of_in_bulk(
    session: Session, tmp_path: Path
) -> None:
    case = Casebook(session).claim("C", date_from="2024-02-01", date_to="2024-02-01")
    case.statement("S", date_from="2024-01-01", date_to="2024-01-01")
    put(tmp_path, "link", "from,relation,to,asserted_by", "S,responds_to,C,speaker")
    csv_tables.read_tables(session, files_in(tmp_path))
    assert session.state.warnings == [
        "S (2024-01-01) is dated before C (2024-02-01), to which it is recorded as a reply: "
        "check the dates"
    ]


WRONG: list[Any] = [
    pytest.param(
        {"topic": ["ref,nam", "t,T"]},
        [
            "topic.csv:1: unknown column 'nam': the columns of topic are ref, name, parent, "
            "exclusive"
        ],
        id="unknown column",
    ),
    pytest.param(
        {"topic": ["ref,name,name", "t,T,T"]},
        ["topic.csv:1: the column 'name' occurs twice: rename one"],
        id="column twice",
    ),
    pytest.param(
        {"topic": ["name", "T"]},
        [
            "topic.csv:1: the column 'ref' is missing: the columns of topic are ref, name, "
            "parent, exclusive"
        ],
        id="no key",
    ),
    pytest.param(
        {"topic": [""]},
        ["topic.csv:1: there are no columns: begin the file with their names"],
        id="empty file",
    ),
    pytest.param(
        {"topic": ["ref,name", "t", "u,U,x", "v,V"]},
        [
            "topic.csv:2: it has 1 cells, and the header has 2: correct the line",
            "topic.csv:3: it has 3 cells, and the header has 2: correct the line",
        ],
        id="cells too few and too many",
    ),
    pytest.param(
        {"topic": ["ref,name", 't,"T']},
        ["topic.csv:2: a quotation mark is opened here and never closed: close it"],
        id="quote left open",
    ),
    pytest.param(
        {"topic": ["ref,name", "t t,T"]},
        [
            "topic.csv:2: ref 't t' is not a ref: expected 1 to 64 letters, digits, '.', '_' or "
            "'-', beginning with a letter or digit"
        ],
        id="no ref",
    ),
    pytest.param(
        {"topic": ["ref,name,parent", "t,T,none", 'u,"U\nV",t', "v,V,none"]},
        [
            "topic.csv:2: no topic 'none'",
            "topic.csv:3: parent 't' creates a cycle, or is below a record that is wrong",
            "topic.csv:5: no topic 'none'",
        ],
        id="parent missing",
    ),
    pytest.param(
        {"topic": ["ref,name,parent", "t,T,u", "u,U,t"]},
        [
            "topic.csv:2: parent 'u' creates a cycle, or is below a record that is wrong",
            "topic.csv:3: parent 't' creates a cycle, or is below a record that is wrong",
        ],
        id="circle",
    ),
    pytest.param(
        {"actor": ["ref,name,kind,aliases", "a,A,person,x"]},
        ["actor.csv:2: aliases 'x' is not valid: expected a JSON array such as [\"IAEA\"]"],
        id="aliases that are no list",
    ),
    pytest.param(
        {"stance": ["entry,proposition,asserted_by,value", "C,q,coder,2", "X,p,coder,9"]},
        [
            "stance.csv:2: no proposition 'q'",
            "stance.csv:3: value '9' is not valid: it should be less than or equal to 2",
        ],
        id="unknown proposition and a wrong number",
    ),
    pytest.param(
        {"stance": ["entry,proposition,asserted_by,value", "X,p,coder,1", ",p,coder,1"]},
        ["stance.csv:2: no entry 'X'", "stance.csv:3: no entry ''"],
        id="no entry",
    ),
    pytest.param(
        {"participation": ["entry,actor,role", "C,coder,target"]},
        ["participation.csv:2: the role target is for an action, and this is a claim"],
        id="misplaced role",
    ),
    pytest.param(
        {"document": ["ref,publisher,url", "E,press,http://x", "F,press,http://x"]},
        ["document.csv:3: document 'E' already has the address http://x: use it"],
        id="an address twice",
    ),
    pytest.param(
        {"link": ["from,relation,to,asserted_by", "C,contradicts,S,coder", "C,repeats,C,coder"]},
        ["link.csv:3: an entry cannot be linked to itself ('C')"],
        id="linked to itself",
    ),
    pytest.param(
        {
            "citation": [
                "entry,document,via,label,start_pos,end_pos,exact,role",
                "C,D,,,0,2,no,relay",
            ]
        },
        [
            "citation.csv:2: document 'D' has no body: add its text first, or leave "
            "start_pos and end_pos out"
        ],
        id="quotation without a text",
    ),
    pytest.param(
        {
            "capture": [
                "document,sha256,retrieved_at,retrieved_by,media_type,size",
                f"D,{'0' * 64},2024-05-24T12:00Z,me,text/html,3",
                "D,../../x,2024-05-24T12:00Z,me,text/html,3",
            ]
        },
        [
            f"capture.csv:2: there is no file {{folder}}/captures/{'0' * 64}: the bytes of the "
            "capture are missing",
            "capture.csv:3: sha256 '../../x' is not valid: expected 64 hexadecimal digits",
        ],
        id="bytes missing, and a path for a digest",
    ),
]


@pytest.mark.parametrize(("files", "problems"), WRONG)
def test_what_is_wrong_is_told_with_its_line(
    session: Session, tmp_path: Path, files: dict[str, list[str]], problems: list[str]
) -> None:
    Casebook(session).claim("C", affirms="p", cites="D").statement("S").actor("coder")
    before = count_revisions(session)
    for table, rows in files.items():
        put(tmp_path, table, *rows)
    expected = [problem.replace("{folder}", str(tmp_path)) for problem in problems]
    assert refused(session, tmp_path) == expected
    assert count_revisions(session) == before


def test_bytes_that_have_another_digest_are_refused(session: Session, tmp_path: Path) -> None:
    Casebook(session).document("D").capture("D", b"as it came")
    folder = written(session, tmp_path)
    (file,) = (folder / csv_tables.CAPTURES).iterdir()
    file.write_bytes(b"something else")
    with pytest.raises(InvalidRecords, match=r"capture.csv:2: sha256 .* that of the bytes in"):
        csv_tables.read_tables(session, files_in(folder))


def test_a_ref_that_was_removed_is_not_used_again(session: Session, tmp_path: Path) -> None:
    Casebook(session).topic("gone")
    changes.remove(session, "topic", "gone")
    put(tmp_path, "topic", "ref,name,parent,exclusive", "new,New,,false", "gone,Gone,,false")
    assert refused(session, tmp_path) == [
        "topic.csv:3: topic 'gone' has been removed, and refs are never used again: choose "
        "another ref"
    ]


def test_the_mirror_image_of_a_link_is_the_same_link(session: Session, tmp_path: Path) -> None:
    Casebook(session).claim("C").claim("D").link("C", "contradicts", "D")
    put(tmp_path, "link", "from,relation,to,asserted_by", "D,contradicts,C,coder")
    assert csv_tables.read_tables(session, files_in(tmp_path)) == {Outcome.UNCHANGED: 1}


def test_a_row_that_stands_twice_is_written_once_and_may_not_say_two_things(
    session: Session, tmp_path: Path
) -> None:
    header = "ref,name,parent,exclusive"
    put(tmp_path, "topic", header, "t,One,,false", "u,Two,,false", "t,One,,false")
    assert csv_tables.read_tables(session, files_in(tmp_path)) == {
        Outcome.ADDED: 2,
        Outcome.UNCHANGED: 1,
    }
    others = [f"o{number},Other,,false" for number in range(BATCH_SIZE)]
    put(tmp_path, "topic", header, "t,New,,false", *others, "t,Newer,,false", "o1,Else,,false")
    again = "is that of an earlier row, which says something else"
    assert refused(session, tmp_path) == [
        f"topic.csv:{BATCH_SIZE + 3}: t {again}",
        f"topic.csv:{BATCH_SIZE + 4}: o1 {again}",
    ]


def test_a_hundred_faults_are_told_and_the_others_counted(session: Session, tmp_path: Path) -> None:
    put(tmp_path, "topic", "ref,name", *(f"t{number},T" for number in range(5)), *["!,T"] * 200)
    lines = refused(session, tmp_path)
    assert len(lines) == 101
    assert lines[-1] == "and 100 more rows are wrong"


def test_a_folder_without_tables_and_a_file_that_is_no_utf_8(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(MissingFile, match=r"holds no table: expected actor.csv, document.csv"):
        csv_tables.read_tables(session, files_in(tmp_path))
    (tmp_path / "topic.csv").write_bytes(b"ref,name\nt,\xe9\n")
    assert refused(session, tmp_path) == [
        "topic.csv:2: it holds the byte 0xe9, which UTF-8 does not have, in the column 'name': "
        "save it as UTF-8"
    ]


def test_a_file_that_may_not_be_read_is_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "topic", "ref,name", "t,T")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(StorageFailure, match=r"topic.csv cannot be read: Permission denied"):
        csv_tables.read_tables(session, files_in(tmp_path))


def test_progress_is_told_in_rows_and_bytes(session: Session, tmp_path: Path) -> None:
    put(tmp_path, "topic", "ref,name", "t,T", "u,U")
    told: list[tuple[int, int, int]] = []
    csv_tables.read_tables(session, files_in(tmp_path), on_progress=lambda *seen: told.append(seen))
    assert told == [(2, 17, 17)]


def test_every_cell_of_a_casebook_is_as_the_columns_say(session: Session, tmp_path: Path) -> None:
    case = Casebook(session).action("A", latitude=48.5, longitude=-0.25, date_from="2024-01-01")
    case.put(NewEntry, ref="A", date_to="2024-01-02").actor("z", aliases=["é; x", 'q"'])
    folder = written(session, tmp_path)
    with (folder / "entry.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["latitude"], row["longitude"]) == ("48.5", "-0.25")
    assert (row["date_from"], row["date_to"], row["capacity"]) == ("2024-01-01", "2024-01-02", "")
    assert '"[""é; x"", ""q\\""""]"' in (folder / "actor.csv").read_text(encoding="utf-8")


def test_a_table_is_written_with_one_statement(session: Session, tmp_path: Path) -> None:
    Casebook(session).claim("C", affirms="p", cites="D")
    session.flush()
    with count_queries(session) as sent, (tmp_path / "x").open("w") as out:
        csv_tables.write_table(session, "stance", out)
    assert len(sent) == 1


def test_a_new_text_may_follow_with_its_quotation(session: Session, tmp_path: Path) -> None:
    case = Casebook(session).document("D", body="The old words").claim("C")
    case.cite("C", "D", exact="old", start_pos=4, end_pos=7)
    put(tmp_path, "document", "ref,body", "D,The new words")
    lines = refused(session, tmp_path)
    assert lines[0].startswith("document.csv:1: D: document 'D' would lose quotations in its body")
    assert session.scalar(select(func.count()).select_from(Document)) == 1
