"""What a load refuses as a whole: faults reported together, and files that cannot be read."""

from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import changes
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.errors import InvalidRecords, MissingFile
from claimtrack.exchange.dossier import loading
from exchange.dossier.dossiers import HEAD, WHOLE, entry_text, load_texts, refuse_texts


def test_aliases_cannot_stand_for_a_vast_file(session: Session, tmp_path: Path) -> None:
    levels = ["  - &l0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"  - &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    [line] = refuse_texts(session, tmp_path, "claimtrack: 1\nactors:\n" + "\n".join(levels) + "\n")
    assert line.startswith("a.yaml:7:")
    assert line.endswith("aliases repeat more than 100,000 values: write them out")


def test_the_faults_of_all_files_are_told_at_once_and_in_order(
    session: Session, tmp_path: Path
) -> None:
    assert refuse_texts(
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
    assert refuse_texts(
        session,
        tmp_path,
        "claimtrack: 1\ntopics: [{ref: T, name: T, parent: U}, {ref: W, name: 7}]\n",
        "claimtrack: 1\ntopics: [\n",
    ) == [
        'a.yaml:2:55: 7 is a number where text is expected: put it in quotes, "7"',
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
        "a.yaml:3:24: parent 'a' would create a cycle (isw in a in isw): choose a parent that is "
        "not below it",
        "a.yaml:4:11: actor 'gone' has been removed, and refs are never used again: choose "
        "another ref",
        "a.yaml:7:35: document 'D' already has the address https://x.example: use it",
        "a.yaml:11:43: exact 'bd' is not at 1 to 3 of document 'D': the text there is 'bc'",
    ]


def test_what_the_database_refuses_is_told_beside_other_faults(
    case: Casebook, tmp_path: Path
) -> None:
    case.actor("isw").actor("a", parent="isw").document("D", url="https://x.example", body="abc")
    case.document("F", url="https://f.example").actor("gone").claim("C")
    changes.remove(case.session, "actor", "gone")
    assert refuse_texts(
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
        "a.yaml:3:24: parent 'a' would create a cycle (isw in a in isw): choose a parent that is "
        "not below it",
        "a.yaml:4:11: actor 'gone' has been removed, and refs are never used again: choose "
        "another ref",
        'a.yaml:5:20: 7 is a number where text is expected: put it in quotes, "7"',
        "a.yaml:7:35: document 'D' already has the address https://x.example: use it",
        'a.yaml:9:28: 7 is a number where text is expected: put it in quotes, "7"',
        "a.yaml:13:43: exact 'bd' is not at 1 to 3 of document 'D': the text there is 'bc'",
    ]


def test_a_role_is_judged_though_other_values_are_wrong(session: Session, tmp_path: Path) -> None:
    text = entry_text("place: 7,\n    participants: [{actor: nobody, role: target}]")
    problems = refuse_texts(session, tmp_path, text)
    assert [line.split(": ", 1)[1] for line in problems] == [
        '7 is a number where text is expected: put it in quotes, "7"',
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
        f'{path}:2:25: 7 is a number where text is expected: put it in quotes, "7"',
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
        "parent 'U' would create a cycle (T in U in T): choose a parent that is not below it",
        "document 'D' already has the address u: use it",
    ]
    lines = refuse_texts(case.session, tmp_path, wrong + "links: []\nlinks: []\n")
    assert [line.split(": ", 1)[1] for line in lines] == [
        *told,
        "the key links is already in line 4: keep one of them",
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
    assert refuse_texts(session, tmp_path, text) == [
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
            "1:1: the character U+007F is not allowed in text: remove it",
            id="a program",
        ),
        pytest.param(
            b"SQLite format 3\x00",
            "1:16: the character U+0000 is not allowed in text: remove it",
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
    assert load_texts(session, tmp_path, "\ufeff" + WHOLE).count(Outcome.ADDED) == 23
