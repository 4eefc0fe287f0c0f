"""Tables go out as CSV and come back as the same casebook, by the rules of single records."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select

from casebook import Casebook
from claimtrack import changes, db, replay, sql
from claimtrack.changes import Outcome
from claimtrack.db import Session, sessions
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import files_in
from claimtrack.models import Actor, Document, Entry, Revision, Stance
from claimtrack.records import IN_ORDER, find, get
from claimtrack.schemas import NewEntry, NewParticipation
from claimtrack.vocab import ParticipationRole
from conftest import BACKENDS, count_queries
from exchange.dossier.dossiers import count_revisions, everything, write_dossier
from exchange.tables.table_folders import put, refused_lines, written
from generated import Records, casebooks


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


def test_the_mirror_image_of_a_link_is_the_same_link(session: Session, tmp_path: Path) -> None:
    Casebook(session).claim("C").claim("D").link("C", "contradicts", "D")
    put(tmp_path, "link", "from,relation,to,asserted_by", "D,contradicts,C,coder")
    assert csv_tables.read_tables(session, files_in(tmp_path)) == {Outcome.UNCHANGED: 1}


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
    lines = refused_lines(session, tmp_path)
    assert lines[0].startswith("document.csv:1: D: document 'D' would lose quotations in its body")
    assert session.scalar(select(func.count()).select_from(Document)) == 1
