"""The data package: described for programs, read by another one, and back as the same casebook."""

import csv
import json
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from casebook import Casebook
from claimtrack import db, history
from claimtrack.db import Session, sessions
from claimtrack.errors import Invalid, InvalidRecords, InvalidValue, MissingFile
from claimtrack.escaping import format_cell
from claimtrack.exchange.exports import data_package, exporting
from claimtrack.exchange.exports.exported_reports import list_exported_reports
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.tables import csv_tables, package_reader
from claimtrack.exchange.tables.table_files import DESCRIPTION
from claimtrack.models import Actor, Stance
from claimtrack.present.csv_writer import CsvStyle
from claimtrack.query.filters import Filters
from claimtrack.records import IN_ORDER, get, selected
from commandline import CommandLine
from conftest import Logged, NewTarget, Typed
from exchange.dossier.dossiers import everything
from exchange.exports.exported_casebooks import populate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from frictionless import Package, validate


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    populate(made)
    session.flush()
    return made


def made(session: Session, folder: Path, wanted: Filters = Filters(), **how: Any) -> Path:  # noqa: B008
    folder.mkdir()
    data_package.write_package(session, folder, wanted, Notes(), **how)
    return folder


def faults(folder: Path) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(validate(str(folder / DESCRIPTION)).flatten(["rowNumber", "message"]))


def rows_read(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a resource as another program reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        resource: Any = Package(str(folder / DESCRIPTION)).get_resource(name)
        return [row.to_dict() for row in resource.read_rows()]


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def test_another_program_finds_it_valid(case: Casebook, session: Session, tmp_path: Path) -> None:
    assert faults(made(session, tmp_path / "p")) == []
    wanted = Filters(principal="boss", topics=("war",))
    assert faults(made(session, tmp_path / "q", wanted)) == []


def test_another_program_finds_what_is_spoilt(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = made(session, tmp_path / "p")
    file = folder / "stance.csv"
    file.write_text(file.read_text().replace("C,p,coder,2", "C,nobody,coder,3"))
    assert faults(folder) != []


def populate_more(case: Casebook) -> None:
    """Log what gives every report a row."""
    populate(case)
    case.actor("source", kind="anonymous", parent="boss")
    case.topic("other").proposition("r", topic="other")
    case.claim("N", actor="source", affirms="r", cites="D").topic("topic", exclusive=True)


BOSS = Filters(principal="boss")
Packaged = tuple[Session, dict[Filters, Path]]


@pytest.fixture(scope="module")
def packaged(logged: Logged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Packaged]:
    """A casebook, and the packages of all and of a part of it."""
    folder = tmp_path_factory.mktemp("packages")
    with logged("sqlite", populate_more) as case:
        parts = {"all": Filters(), "part": BOSS}
        yield (
            case.session,
            {
                wanted: made(case.session, folder / name, wanted, style=CsvStyle(raw=True))
                for name, wanted in parts.items()
            },
        )


@pytest.mark.parametrize("table", IN_ORDER)
def test_another_program_reads_the_rows_of_the_database(packaged: Packaged, table: str) -> None:
    session, folders = packaged
    folder = folders[Filters()]
    expected = [
        {name: plain(value) for name, value in row._mapping.items()}
        for row in session.execute(selected(table))
    ]
    for row in expected:
        if table == "citation":
            row["label"] = row["label"] or None
    read = rows_read(folder, table)
    assert sorted(map(_spelled, read)) == sorted(map(_spelled, expected)) != []


def _spelled(row: dict[str, Any]) -> str:
    def shown(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        return value if isinstance(value, list) or value is None else str(value)

    return json.dumps({name: shown(value) for name, value in row.items()}, sort_keys=True)


@pytest.mark.parametrize("answer", list_exported_reports(BOSS), ids=lambda one: one.name)
def test_another_program_reads_the_rows_of_the_reports(packaged: Packaged, answer: Any) -> None:
    session, folders = packaged
    wanted = BOSS if answer.name in ("coverage", "omissions") else Filters()
    read = rows_read(folders[wanted], f"report-{answer.name}")
    expected = [
        dict(zip(answer.columns, map(format_cell, row), strict=True))
        for row in answer.rows(session, wanted)
    ]
    assert (
        [{name: format_cell(value) for name, value in row.items()} for row in read]
        == expected
        != []
    )


def test_it_comes_back_as_the_same_casebook(
    case: Casebook,
    session: Session,
    backend: str,
    tmp_path: Path,
    new_target: NewTarget,
) -> None:
    stood = everything(session)
    for raw in (False, True):
        folder = made(session, tmp_path / f"p{raw:d}", style=CsvStyle(raw=raw))
        with (
            new_target(backend) as target,
            sessions.writing(db.connect(target), author="a") as other,
        ):
            package_reader.read_packages(other, [folder])
            assert everything(other) == stood


def test_a_chosen_part_holds_together_and_holds_nothing_else(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = made(session, tmp_path / "p", Filters(propositions=("q",)))
    refs = {}
    for table in ("actor", "document", "topic", "entry", "proposition"):
        with (folder / f"{table}.csv").open(newline="") as file:
            refs[table] = sorted(row["ref"] for row in csv.DictReader(file))
    assert refs == {
        "actor": ["coder", "source-E"],
        "document": [],
        "topic": ["topic"],
        "entry": ["E"],
        "proposition": ["q"],
    }
    assert not (folder / csv_tables.CAPTURES).exists()


def test_what_was_not_known_by_a_day_is_left_out(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    case.document("D", published="2024-01-25").document("Late", published="2024-05-24")
    case.stance("C", "late", 2, document="Late").cite("C", "Late", role="support")
    session.flush()
    folder = made(session, tmp_path / "p", Filters(known_by=date(2024, 1, 26)))
    said = {table: (folder / f"{table}.csv").read_text() for table in ("stance", "citation")}
    assert "C,p," in said["stance"]
    assert "C,D," in said["citation"]
    assert "late" not in said["stance"].lower() + said["citation"].lower()


def test_the_description_tells_head_licence_units_and_keys(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = made(session, tmp_path / "p", Filters(topics=("war",)), licence="CC-BY-4.0")
    told = json.loads((folder / DESCRIPTION).read_text())
    head = history.get_anchor(session)
    assert told["licenses"] == [{"name": "CC-BY-4.0"}]
    assert told["claimtrack"] == {
        "head": f"{head.seq}:{head.hash}",
        "guarded": True,
        "withheld": False,
        "filters": {"topics": ["war"]},
    }
    resources = {one["name"]: one["schema"] for one in told["resources"]}
    fields = {one["name"]: one for one in resources["entry"]["fields"]}
    assert fields["latitude"]["unit"] == "degree"
    assert fields["latitude"]["constraints"] == {"minimum": -90, "maximum": 90}
    assert fields["kind"]["constraints"]["enum"][0] == "commitment"
    assert resources["stance"]["primaryKey"] == ["entry", "proposition", "asserted_by"]
    assert resources["citation"]["uniqueKeys"] == [
        ["entry", "document", "via", "label", "start_pos"]
    ]
    assert all(one["description"] for one in told["resources"])
    reference = {"fields": ["parent"], "reference": {"resource": "", "fields": ["ref"]}}
    assert reference in resources["topic"]["foreignKeys"]


def test_duckdb_reads_the_tables_as_they_are(packaged: Packaged) -> None:
    session, folders = packaged
    folder = folders[Filters()]
    for table in IN_ORDER:
        file = str(folder / f"{table}.csv")
        query = "SELECT * FROM read_csv(?, all_varchar = true, header = true, delim = ',')"
        read = duckdb.execute(query, [file]).fetchall()
        rows = [tuple(map(_as_text, row)) for row in csv_tables.rows_of(session, table)]
        assert Counter(read) == Counter(rows), table
    crossed = duckdb.execute(
        "SELECT count(*) FROM read_csv(?) yes JOIN read_csv(?) no USING (proposition) "
        "WHERE yes.value > 0 AND no.value < 0",
        [str(folder / "stance.csv")] * 2,
    )
    yes, no = aliased(Stance), aliased(Stance)
    opposed = (
        select(func.count()).select_from(yes).join(no, no.proposition_id == yes.proposition_id)
    )
    assert crossed.fetchone() == (session.scalar(opposed.where(yes.value > 0, no.value < 0)),)


def _as_text(value: Any) -> str | None:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return format_cell(value) or None  # an empty cell is a missing value


# --- the commands ---------------------------------------------------------------------------------


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(populate)


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_what_is_exported_is_imported_and_imported_again_changes_nothing(
    line: CommandLine, backend: str, tmp_path: Path, name: str, new_target: NewTarget
) -> None:
    line.does("export", "datapackage", str(tmp_path / name))
    with new_target(backend) as target:
        other = CommandLine(target)
        other.does("import", "tables", str(tmp_path / name))
        assert other.does("dump") == line.does("dump")
        before = other.revisions()
        answer = other.run("import", "tables", str(tmp_path / name))
        assert (answer.code, other.revisions()) == (0, before)
        assert ": 0 added, 0 changed, " in answer.stderr
        assert "account for every row" in other.run("log", "verify").stderr


def test_a_dry_run_writes_nothing(line: CommandLine, tmp_path: Path, new_target: NewTarget) -> None:
    line.does("export", "datapackage", str(tmp_path / "p"))
    with new_target("sqlite") as target:
        answer = CommandLine(target).run("import", "--dry-run", "tables", str(tmp_path / "p"))
        assert answer.code == 0
        assert answer.stderr.endswith(" unchanged: nothing was written\n")
        assert CommandLine(target).revisions() == 1


def test_a_target_that_is_there_is_kept(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    code, said = line.refuses("export", "datapackage", str(tmp_path / "there"))
    assert (code, said) == (
        4,
        f"{tmp_path / 'there'} already exists: choose a new folder, or a file ending in .zip",
    )
    code, said = line.refuses("export", "datapackage", str(tmp_path / "no" / "p"))
    assert (code, said.startswith("there is no folder")) == (3, True)
    code, said = line.refuses("export", "datapackage", str(tmp_path / "p"), "--topic", "wa")
    assert (code, said) == (3, "no topic 'wa'; did you mean war?")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(("-",), "target '-' is not valid: expected a new folder", id="stdout"),
        pytest.param(
            ("x.zip", "--licence", "CC BY"),
            "licence 'CC BY' is not valid: expected an id without spaces, such as CC-BY-4.0",
            id="a licence that is no id",
        ),
    ],
)
def test_what_no_package_can_be_is_refused(
    line: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = list(tmp_path.iterdir())
    code, said = line.refuses("export", "datapackage", *words)
    assert (code, said[: len(told)]) == (2, told)
    assert list(tmp_path.iterdir()) == before


def test_protected_sources_stay_inside(line: CommandLine, tmp_path: Path) -> None:
    line.does("actor", "edit", "a", "--name", "Canary", "--alias", "Kanarie", "--protected")
    line.does("topic", "edit", "topic", "--exclusive")
    line.does("export", "datapackage", str(tmp_path / "p"), "--principal", "boss")
    matrix = (tmp_path / "p" / "report-hypotheses.csv").read_text(encoding="utf-8")
    assert matrix.splitlines()[1:] == ["topic,S,statement,What S says.,p,II,"]
    held = "".join(
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "p").rglob("*")
        if path.is_file() and path.parent.name != csv_tables.CAPTURES
    )
    assert "protected-" in held
    assert "Canary" not in held
    assert "Kanarie" not in held
    assert json.loads((tmp_path / "p" / DESCRIPTION).read_text())["claimtrack"]["withheld"]
    line.does("export", "datapackage", str(tmp_path / "q"), "--include-protected")
    assert "Canary" in (tmp_path / "q" / "actor.csv").read_text()


def test_protected_records_are_not_changed_by_tables(line: CommandLine, tmp_path: Path) -> None:
    line.does("actor", "edit", "a", "--protected")
    line.does("export", "datapackage", str(tmp_path / "p"))
    code, said = line.refuses("import", "tables", str(tmp_path / "p"))
    assert (code, said.startswith("this casebook has protected records")) == (4, True)
    code, said = line.refuses("import", "--include-protected", "tables", str(tmp_path / "p"))
    assert (code, said.startswith("the package withholds protected records of this")) == (4, True)
    line.does("export", "datapackage", str(tmp_path / "q"), "--include-protected")
    before = line.revisions()
    line.does("import", "--include-protected", "tables", str(tmp_path / "q"))
    assert line.revisions() == before


def test_what_is_no_package_is_told(session: Session, tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match="there is no folder or file"):
        package_reader.read_packages(session, [tmp_path / "none"])
    (tmp_path / "text.zip").write_text("no ZIP at all")
    with pytest.raises(InvalidValue, match="a folder of tables, a ZIP of one, or a file"):
        package_reader.read_packages(session, [tmp_path / "text.zip"])
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "topic.csv").write_text("ref,name\nt,T\n")
    (tmp_path / "p" / DESCRIPTION).write_text("{")
    with pytest.raises(InvalidRecords, match=r"datapackage.json:1: this is no JSON"):
        package_reader.read_packages(session, [tmp_path / "p"])
    for odd in ("[]", '{"claimtrack": 1}', '{"resources": 1}', '{"resources": [1, {"path": []}]}'):
        (tmp_path / "p" / DESCRIPTION).write_text(odd)
        package_reader.read_packages(session, [tmp_path / "p"])


def test_a_zip_that_is_damaged_is_told(case: Casebook, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with path.open("wb") as out:
        exporting.zipped(made(session, tmp_path / "p"), out)
    whole = path.read_bytes()
    middle = len(whole) // 4
    for damaged in (whole[:-10], whole[:50], whole[:middle] + b"damaged" + whole[middle + 7 :]):
        path.write_bytes(damaged)
        with pytest.raises(Invalid, match=r"p\.zip: the ZIP is damaged, or cannot be unpacked"):
            package_reader.read_packages(session, [path])


def test_tables_that_are_not_as_the_package_has_them_are_told_and_read(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = made(session, tmp_path / "p")
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
