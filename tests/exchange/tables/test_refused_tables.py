"""Tables that are refused: every fault with its file and line."""

from pathlib import Path
from typing import Any

import pytest

from casebook import Casebook
from claimtrack import changes
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.errors import InvalidRecords, MissingFile, StorageFailure
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import files_in
from claimtrack.sql import BATCH_SIZE
from exchange.dossier.dossiers import count_revisions
from exchange.tables.table_folders import put, refused_lines, written

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
    assert refused_lines(session, tmp_path) == expected
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
    assert refused_lines(session, tmp_path) == [
        "topic.csv:3: topic 'gone' has been removed, and refs are never used again: choose "
        "another ref"
    ]


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
    assert refused_lines(session, tmp_path) == [
        f"topic.csv:{BATCH_SIZE + 3}: t {again}",
        f"topic.csv:{BATCH_SIZE + 4}: o1 {again}",
    ]


def test_a_hundred_faults_are_told_and_the_others_counted(session: Session, tmp_path: Path) -> None:
    put(tmp_path, "topic", "ref,name", *(f"t{number},T" for number in range(5)), *["!,T"] * 200)
    lines = refused_lines(session, tmp_path)
    assert len(lines) == 101
    assert lines[-1] == "and 100 more rows are wrong"


def test_a_folder_without_tables_and_a_file_that_is_no_utf_8(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(MissingFile, match=r"holds no table: expected actor.csv, document.csv"):
        csv_tables.read_tables(session, files_in(tmp_path))
    (tmp_path / "topic.csv").write_bytes(b"ref,name\nt,\xe9\n")
    assert refused_lines(session, tmp_path) == [
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
