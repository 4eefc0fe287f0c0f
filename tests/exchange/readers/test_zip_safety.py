"""ZIPs of tables that are no such thing, that say two things, or that unpack without end."""

import re
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from claimtrack import db
from claimtrack.db import Session, sessions
from claimtrack.errors import Invalid, InvalidRecords, MissingFile
from claimtrack.exchange.readers import zip_safety
from claimtrack.exchange.tables import package_reader

TOPICS = "ref,name\nt,T\n"


@pytest.fixture
def session(sqlite_template: Path, tmp_path: Path) -> Iterator[Session]:
    """A session at an SQLite casebook of its own: what is unpacked is not SQL."""
    shutil.copyfile(sqlite_template, tmp_path / "c.db")
    with sessions.writing(
        db.connect(str(tmp_path / "c.db")), author="tester", dry_run=True
    ) as session:
        yield session


def made(folder: Path, *parts: tuple[str | ZipInfo, str]) -> Path:
    path = folder / "p.zip"
    with warnings.catch_warnings(action="ignore"), ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return path


def refusal(session: Session, path: Path) -> str:
    with pytest.raises((Invalid, MissingFile)) as caught:
        package_reader.read_packages(session, [path])
    return str(caught.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize("name", ["topic.csv", "notes.txt"])
def test_a_zip_with_one_name_twice_is_refused(session: Session, tmp_path: Path, name: str) -> None:
    path = made(tmp_path, ("topic.csv", TOPICS), *[(name, TOPICS)] * 2)
    assert re.fullmatch(
        rf"p\.zip: it holds '{name}' \d times, and which one is meant is not clear: create the "
        "ZIP again",
        refusal(session, path),
    )


def test_a_symbolic_link_is_not_unpacked(session: Session, tmp_path: Path) -> None:
    link = ZipInfo("topic.csv")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert refusal(session, made(tmp_path, (link, "/etc/passwd"))) == (
        "p.zip: 'topic.csv' is a symbolic link: create the ZIP again with the file"
    )


def test_what_is_no_part_of_a_package_is_named_and_not_unpacked(
    session: Session, tmp_path: Path
) -> None:
    odd = ["../../topic.csv", "/topic.csv", "C:\\topic.csv", "captures/../topic.csv", "TOPIC.CSV"]
    usual = ["report-claims.csv", "captures/", "datapackage.json"]
    path = made(tmp_path, ("topic.csv", TOPICS), *((name, "{}") for name in (*odd, *usual)))
    assert package_reader.read_packages(session, [path]).total() == 1
    assert session.state.warnings == [
        f"{path} holds {', '.join(map(repr, odd))}: they are not part of a package, "
        "and are not read"
    ]


def test_tables_in_a_folder_of_a_zip_are_refused_with_what_it_holds(
    session: Session, tmp_path: Path
) -> None:
    assert refusal(session, made(tmp_path, ("casebook/topic.csv", TOPICS))) == (
        "p.zip holds no table: it has 'casebook/topic.csv': expected tables such as actor.csv, "
        "not in a folder"
    )


def test_a_zip_that_unpacks_to_many_times_its_size_is_refused_unless_it_is_small(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path, ("topic.csv", TOPICS + "\n" * 1_000_000))
    assert package_reader.read_packages(session, [path]).total() == 1
    monkeypatch.setattr(zip_safety, "ALWAYS", 100_000)
    assert refusal(session, path) == (
        "p.zip: it unpacks to 1,000,013 bytes, more than 100 times its own size: unpack it, and "
        "import the folder if you trust it"
    )


def _captures(folder: Path) -> Path:
    header = "document,sha256,retrieved_at,retrieved_by,media_type,size"
    row = f"d,{'0' * 64},2024-01-01T00:00:00Z,me,text/plain,1"
    return made(folder, ("capture.csv", f"{header}\n{row}\n"))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        pytest.param(
            lambda folder: made(folder, ("topic.csv", TOPICS), ("datapackage.json", "{")),
            "p.zip/datapackage.json:1: this is not valid JSON",
            id="a description",
        ),
        pytest.param(_captures, "there is no file p.zip/captures/0000", id="a capture"),
        pytest.param(
            lambda folder: made(folder, ("topic.csv", "ref,nam\n")),
            "p.zip.topic.csv:1: unknown column 'nam'",
            id="a table",
        ),
    ],
)
def test_messages_name_the_zip_and_not_where_it_is_unpacked(
    session: Session, tmp_path: Path, make: Callable[[Path], Path], told: str
) -> None:
    assert told in refusal(session, make(tmp_path))


def test_very_many_unknown_columns_of_a_table_are_one_fault(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "topic.csv"
    path.write_text(",".join(["ref", *(f"c{n}" for n in range(16_000))]), "utf-8")
    with pytest.raises(InvalidRecords) as caught:
        package_reader.read_packages(session, [path])
    (told,) = caught.value.problems
    assert told.startswith(
        f"{path}:1: unknown column 'c0' and 15,999 more: the columns of topic are"
    )
    path.write_text(",".join(f"c{n}" for n in range(200_000)), "utf-8")
    assert refusal(session, path).startswith("topic.csv:1: there are 200,000 columns, and 16,384")
