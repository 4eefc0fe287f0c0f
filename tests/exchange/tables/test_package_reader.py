"""Data packages that are read: damaged ones, and those that were changed since."""

import zipfile
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import Invalid, InvalidRecords, InvalidValue, MissingFile
from claimtrack.exchange.exports import exporting
from claimtrack.exchange.tables import package_reader
from claimtrack.exchange.tables.table_files import DESCRIPTION
from claimtrack.models import Actor
from claimtrack.records import get
from exchange.exports.exported_casebooks import populate
from exchange.exports.packages import write_package_of


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    populate(made)
    session.flush()
    return made


def test_what_is_no_package_is_told(session: Session, tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="there is no folder or file"):
        package_reader.read_packages(session, [tmp_path / "none"])
    (tmp_path / "text.zip").write_text("no ZIP at all")
    with pytest.raises(InvalidValue, match="a folder of tables, a ZIP of one, or a file"):
        package_reader.read_packages(session, [tmp_path / "text.zip"])
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "topic.csv").write_text("ref,name\nt,T\n")
    (tmp_path / "p" / DESCRIPTION).write_text("{")
    with pytest.raises(InvalidRecords, match=r"datapackage.json:1: this is not valid JSON"):
        package_reader.read_packages(session, [tmp_path / "p"])
    for odd in ("[]", '{"claimtrack": 1}', '{"resources": 1}', '{"resources": [1, {"path": []}]}'):
        (tmp_path / "p" / DESCRIPTION).write_text(odd)
        package_reader.read_packages(session, [tmp_path / "p"])


def test_a_zip_that_is_damaged_is_told(case: Casebook, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with path.open("wb") as out:
        exporting.zipped(write_package_of(session, tmp_path / "p"), out)
    whole = path.read_bytes()
    middle = len(whole) // 4
    for damaged in (whole[:-10], whole[:50], whole[:middle] + b"damaged" + whole[middle + 7 :]):
        path.write_bytes(damaged)
        with pytest.raises(Invalid, match=r"p\.zip: the ZIP is damaged, or cannot be unpacked"):
            package_reader.read_packages(session, [path])


def test_tables_that_are_not_as_the_package_has_them_are_told_and_read(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = write_package_of(session, tmp_path / "p")
    package_reader.read_packages(session, [folder, folder / "actor.csv"])
    assert session.state.warnings == []
    actors = (folder / "actor.csv").read_text("utf-8")
    (folder / "actor.csv").write_text(actors.replace("Actor boss", "Actor Boss"), "utf-8")
    (folder / "grade.csv").unlink()
    package_reader.read_packages(session, [folder])
    with (tmp_path / "p.zip").open("wb") as out:
        exporting.zipped(folder, out)
    package_reader.read_packages(session, [tmp_path / "p.zip"])
    package_reader.read_packages(session, [folder / "actor.csv"])
    changed = "it is not as datapackage.json has it: it was edited since, or is damaged"
    missing = "datapackage.json lists grade.csv, which is missing"
    assert session.state.warnings == [
        f"{folder}/actor.csv: {changed}",
        f"{folder}: {missing}",
        f"{folder}.zip.actor.csv: {changed}",
        f"{folder}.zip: {missing}",
        f"{folder}/actor.csv: {changed}",
    ]
    assert get(session, Actor, "boss").name == "Actor Boss"


def test_nothing_is_unpacked_but_what_belongs_to_a_package(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("topic.csv", "ref,name\nt,T\n")
        archive.writestr("../../escaped.csv", "x")
        archive.writestr("/tmp/escaped.csv", "x")  # noqa: S108 - must not be written
    assert package_reader.read_packages(session, [tmp_path / "p.zip"]).total() == 1
    monkeypatch.setattr(package_reader, "MOST_UNPACKED", 5)
    with pytest.raises(Invalid, match="it unpacks to 13 bytes, and 5 are read at most: unpack it"):
        package_reader.read_packages(session, [tmp_path / "p.zip"])
