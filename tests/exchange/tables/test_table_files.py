"""Tables of which some rows are wrong, or only some are wanted; rejected rows come back mended."""

import csv
import re
import zipfile
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import sql
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.exchange.imports.row_files import Feed, ImportOptions
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import files_in
from commandline import CommandLine
from conftest import NewTarget, Typed
from exchange.tables.table_folders import put, written

ACTORS = ("ref,name,kind,parent", "boss,Boss,person,", "a,A,nobody,boss", "below,B,person,a")
TOPICS = ("ref,name", "t,T", "u")
ENTRIES = (
    "ref,kind,actor,summary",
    'C,claim,boss,"=1, +2"',
    "D,claim,a,He is ready",
    "E,claim,boss,",
)
PROPOSITIONS = ("ref,text,topic", "p,He is ready,t", "q,He is not,u")
STANCES = (
    "entry,proposition,asserted_by,value",
    "C,p,boss,2",
    "D,p,boss,2",
    "C,p,a,1",
    "C,q,boss,1",
)
FILES = {
    "actor": ACTORS,
    "topic": TOPICS,
    "entry": ENTRIES,
    "proposition": PROPOSITIONS,
    "stance": STANCES,
}
TOO_FEW = "it has 1 cells, and the header has 2: correct the line, then empty rejected_because"
MENDED = (("nobody", "person"), ("\nu,,", "\nu,U,"), ("E,claim,boss,,", "E,claim,boss,x,"))
RIGHT = (("nobody", "person"), ("\nu", "\nu,U"), ("E,claim,boss,", "E,claim,boss,x"))


@pytest.fixture
def line(target: str) -> CommandLine:
    return CommandLine(target)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "casebook"
    made.mkdir()
    for table, rows in FILES.items():
        put(made, table, *rows)
    return made


def rejected(place: Path) -> list[list[str]]:
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def mend(place: Path) -> str:
    text = re.sub('"[^"]*, then empty rejected_because"', "", place.read_text(encoding="utf-8"))
    for wrong, right in MENDED:
        text = text.replace(wrong, right)
    place.write_text(text, encoding="utf-8")
    return str(place)


def test_wrong_rows_and_those_that_hang_on_them_are_put_beside_their_table(
    line: CommandLine, folder: Path
) -> None:
    answer = line.run("import", "--skip-invalid", "tables", str(folder))
    assert answer.code == 0
    assert answer.stderr.startswith(f"{folder}: 5 added, 0 changed, 0 unchanged\n")
    told = {place.name: rejected(place) for place in folder.glob("*.rejected.csv")}
    assert told == {
        "actor.csv.rejected.csv": [
            ["ref", "name", "kind", "parent", "rejected_line", "rejected_because"],
            ["a", "A", "nobody", "boss", "3", told["actor.csv.rejected.csv"][1][5]],
            ["below", "B", "person", "a", "4", "no actor 'a'"],
        ],
        "topic.csv.rejected.csv": [
            ["ref", "name", "rejected_line", "rejected_because"],
            ["u", "", "3", TOO_FEW],
        ],
        "entry.csv.rejected.csv": [
            ["ref", "kind", "actor", "summary", "rejected_line", "rejected_because"],
            ["E", "claim", "boss", "", "4", "summary is missing: an entry needs it"],
            ["D", "claim", "a", "He is ready", "3", "no actor 'a'"],
        ],
        "proposition.csv.rejected.csv": [
            ["ref", "text", "topic", "rejected_line", "rejected_because"],
            ["q", "He is not", "u", "3", "no topic 'u'"],
        ],
        "stance.csv.rejected.csv": [
            ["entry", "proposition", "asserted_by", "value", "rejected_line", "rejected_because"],
            ["D", "p", "boss", "2", "3", "no entry 'D'"],
            ["C", "p", "a", "1", "4", "no actor 'a'"],
            ["C", "q", "boss", "1", "5", "no proposition 'q'"],
        ],
    }
    assert told["actor.csv.rejected.csv"][1][5].startswith("kind 'nobody' is not one of")
    assert f"3 rows are in {folder}/stance.csv.rejected.csv: correct and import it" in answer.stderr
    assert {place.stat().st_mode & 0o777 for place in folder.glob("*.rejected.csv")} == {0o600}
    assert "account for every row" in line.run("log", "verify").stderr


def test_mended_rows_are_imported_together_in_whatever_order_and_are_those_of_right_tables(
    line: CommandLine, folder: Path, new_target: NewTarget
) -> None:
    line.does("import", "--skip-invalid", "tables", str(folder))
    mended = [mend(place) for place in sorted(folder.glob("*.rejected.csv"), reverse=True)]
    answer = line.run("import", "tables", *mended)
    assert (answer.code, "9 added, 0 changed, 0 unchanged" in answer.stderr) == (0, True)
    for table, rows in FILES.items():
        text = "\n".join(rows)
        for wrong, right in (
            ("nobody", "person"),
            ("\nu", "\nu,U"),
            ("E,claim,boss,", "E,claim,boss,x"),
        ):
            text = text.replace(wrong, right)
        put(folder, table, text)
    with new_target("sqlite") as other:
        CommandLine(other).does("import", "tables", str(folder))
        assert CommandLine(other).does("dump") == line.does("dump")
    before = line.revisions()
    line.does("import", "tables", str(folder), *mended)
    assert line.revisions() == before


def test_rows_that_are_still_wrong_are_put_aside_again(line: CommandLine, folder: Path) -> None:
    line.does("import", "--skip-invalid", "tables", str(folder))
    again = folder / "topic.csv.rejected.csv"
    answer = line.run("import", "--skip-invalid", "tables", str(again))
    assert f"1 row is in {again}.rejected.csv: correct and import it" in answer.stderr
    assert rejected(Path(f"{again}.rejected.csv")) == [
        ["ref", "name", "rejected_line", "rejected_because"],
        ["u", "", "2", TOO_FEW],
    ]


def test_rejected_rows_of_a_zip_are_put_beside_it(line: CommandLine, folder: Path) -> None:
    archived = folder.parent / "p.zip"
    with zipfile.ZipFile(archived, "w") as archive:
        for place in folder.iterdir():
            archive.write(place, place.name)
    code, said = line.refuses("import", "tables", str(archived))
    assert (code, said.splitlines()[1]) == (2, f"{archived}.actor.csv:4: no actor 'a'")
    line.does("import", "--skip-invalid", "tables", str(archived))
    places = sorted(archived.parent.glob("*.rejected.csv"))
    assert [place.name for place in places] == [
        f"p.zip.{table}.csv.rejected.csv" for table in sorted(FILES)
    ]
    line.does("import", "tables", *map(mend, places))
    assert "ref: below" in line.does("dump")


@pytest.mark.parametrize("raw", [False, True])
def test_rejected_texts_are_guarded_whether_or_not_those_of_the_table_were(
    line: CommandLine, tmp_path: Path, raw: bool
) -> None:
    name = "=1+1" if raw else "'=1+1"
    put(tmp_path, "topic", "ref,name,parent", f"t,{name},none", f"u,{name},")
    words = ["--raw"] if raw else []
    line.does("import", *words, "--skip-invalid", "tables", str(tmp_path))
    place = tmp_path / "topic.csv.rejected.csv"
    assert rejected(place)[1][:3] == ["t", "'=1+1", "none"]
    place.write_text(place.read_text().replace("none", "u"))
    line.does("import", *words, "tables", str(place))
    assert line.does("topic", "list", "--format", "csv").count(",'=1+1,") == 2


def test_columns_that_no_table_has_are_refused_whatever_is_skipped(
    line: CommandLine, folder: Path
) -> None:
    put(folder, "topic", "ref,nam", "t,T")
    code, said = line.refuses("import", "--skip-invalid", "tables", str(folder))
    assert (code, said.splitlines()) == (
        2,
        [
            f"{folder}/topic.csv:1: unknown column 'nam': the columns of topic are ref, name, "
            "parent, exclusive"
        ],
    )
    assert list(folder.glob("*.rejected.csv")) == []


def test_a_dry_run_tells_which_rows_would_be_left_out(line: CommandLine, folder: Path) -> None:
    answer = line.run("import", "--dry-run", "--skip-invalid", "tables", str(folder))
    assert f"{folder}/stance.csv:5: no proposition 'q'\n" in answer.stderr
    assert f"{folder}: 5 added, 0 changed, 0 unchanged: nothing was written\n" in answer.stderr
    assert answer.stderr.endswith("3 rows would be left out\n")
    assert (line.revisions(), list(folder.glob("*.rejected.csv"))) == (1, [])


def test_what_is_refused_warns_of_nothing(session: Session, tmp_path: Path) -> None:
    Casebook(session).actor("boss")
    put(tmp_path, "actor", "ref,name,kind,aliases,parent", 'x,X,person,"[""boss""]",none')
    csv_tables.read_tables(session, files_in(tmp_path), ImportOptions(on_reject=_nothing))
    assert session.state.warnings == []


def _nothing(_feed: Feed, _row: Row, _why: str) -> None:
    pass


@pytest.mark.parametrize(
    ("limit", "read"),
    [
        pytest.param(1, ["actor 1"], id="within the first table"),
        pytest.param(2, ["actor 2"], id="the first table"),
        pytest.param(4, ["actor 2", "topic 2"], id="two tables"),
        pytest.param(9, ["actor 2", "topic 2", "proposition 1"], id="more than there are"),
    ],
)
def test_a_limit_reads_so_many_rows_of_all_files_together(
    line: CommandLine, tmp_path: Path, limit: int, read: list[str]
) -> None:
    put(tmp_path, "actor", "ref,name,kind", "a,A,person", "b,B,person")
    put(tmp_path, "topic", "ref,name", "t,T", "u,U")
    other = tmp_path / "other"
    other.mkdir()
    put(other, "proposition", "ref,text,topic", "p,P,u")
    line.does("import", "--limit", str(limit), "tables", str(other), str(tmp_path))
    counts = {
        table: len(line.does(table, "list", "--format", "csv").splitlines()) - 1
        for table in ("actor", "topic", "proposition")
    }
    assert [f"{table} {count}" for table, count in counts.items() if count] == read


def test_rejected_rows_count_for_the_limit(line: CommandLine, folder: Path) -> None:
    line.does("import", "--limit", "2", "--skip-invalid", "tables", str(folder))
    assert len(line.does("actor", "list", "--format", "csv").splitlines()) == 2
    assert [place.name for place in folder.glob("*.rejected.csv")] == ["actor.csv.rejected.csv"]


def test_rows_below_those_beyond_the_limit_are_left_out_and_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "BATCH_SIZE", 2)
    rows = ("a,A,b", "b,B,z", "c,C,", "d,D,c", "z,Z,")
    put(tmp_path, "topic", "ref,name,parent", *rows)
    counts = csv_tables.read_tables(session, files_in(tmp_path), ImportOptions(limit=4))
    assert counts == {Outcome.ADDED: 2}
    assert session.state.warnings == [
        f"{tmp_path}/topic.csv: 2 of the rows read are below rows that were not: left out"
    ]


def quoted(case: Casebook) -> None:
    case.document("D", body="The old words").claim("C")
    case.cite("C", "D", exact="old", start_pos=4, end_pos=7)


def test_a_text_that_would_lose_a_quotation_is_put_aside_and_comes_back_with_its_citation(
    typed: Typed, tmp_path: Path
) -> None:
    line = typed(quoted)
    columns = "entry,document,via,label,start_pos,end_pos,exact,role"
    put(tmp_path, "document", "ref,title,body", "D,New,The new words")
    put(tmp_path, "citation", columns, "C,D,,,4,7,new,primary")
    line.does("import", "--skip-invalid", "tables", str(tmp_path))
    places = sorted(tmp_path.glob("*.rejected.csv"))
    assert [rejected(place)[1][-1].partition(":")[0] for place in places] == [
        "exact 'new' is not at 4 to 7 of document 'D'",
        "document 'D' would lose quotations in its body",
    ]
    assert "title: New" not in line.does("dump")
    line.does("import", "tables", *map(str, places))
    assert "body: The new words" in line.does("dump")
    assert "exact: new" in line.does("dump")


def test_a_capture_whose_bytes_are_missing_is_put_aside(session: Session, tmp_path: Path) -> None:
    Casebook(session).document("D").capture("D", b"one").capture("D", b"two")
    written(session, tmp_path)
    (lost, *_), told = sorted((tmp_path / csv_tables.CAPTURES).iterdir()), []
    lost.unlink()
    wanted = ImportOptions(
        on_reject=lambda feed, row, why: told.append((feed.path.name, row.line, why))
    )
    csv_tables.read_tables(session, files_in(tmp_path), wanted)
    assert [(name, "bytes of the capture are missing" in why) for name, _, why in told] == [
        ("capture.csv", True)
    ]


def test_a_table_is_read_by_itself(line: CommandLine, tmp_path: Path) -> None:
    put(tmp_path, "topic", "ref,name", "t,T")
    line.does("import", "tables", str(tmp_path / "topic.csv"))
    assert "ref: t" in line.does("dump")
    (tmp_path / "topics.csv").write_text("ref,name\n")
    assert line.refuses("import", "tables", str(tmp_path / "topics.csv")) == (
        2,
        f"file '{tmp_path / 'topics.csv'}' is not valid: expected a folder of tables, a ZIP of "
        "one, or a file such as topic.csv",
    )
