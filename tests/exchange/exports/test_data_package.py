"""The data package: described for programs, read by another one, and back as the same casebook."""

import csv
import json
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
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
from claimtrack.escaping import format_cell
from claimtrack.exchange.exports.exported_reports import list_exported_reports
from claimtrack.exchange.tables import csv_tables, package_reader
from claimtrack.exchange.tables.table_files import DESCRIPTION
from claimtrack.models import Stance
from claimtrack.present.csv_writer import CsvStyle
from claimtrack.query.filters import Filters
from claimtrack.records import IN_ORDER, selected
from conftest import Logged, NewTarget
from exchange.dossier.dossiers import everything
from exchange.exports.exported_casebooks import populate
from exchange.exports.packages import write_package_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from frictionless import Package, validate


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    populate(made)
    session.flush()
    return made


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
    assert faults(write_package_of(session, tmp_path / "p")) == []
    wanted = Filters(principal="boss", topics=("war",))
    assert faults(write_package_of(session, tmp_path / "q", wanted)) == []


def test_another_program_finds_what_is_spoilt(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = write_package_of(session, tmp_path / "p")
    file = folder / "stance.csv"
    file.write_text(file.read_text().replace("C,p,coder,2", "C,nobody,coder,3"))
    assert faults(folder) != []


def populate_more(case: Casebook) -> None:
    """Log what gives every report a row."""
    populate(case)
    case.actor("source", kind="anonymous", parent="boss")
    case.topic("other").proposition("r", topic="other")
    case.claim("N", actor="source", affirms="r", cites="D").topic("topic", exclusive=True)
    case.measure("strikes").figure("N", "strikes", "80..", hedge="more than")
    case.commitment("K", actor="a", affirms="p", about="2024-01")


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
                wanted: write_package_of(
                    case.session, folder / name, wanted, style=CsvStyle(raw=True)
                )
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


def test_promises_are_as_of_the_day_of_the_last_change(case: Casebook, session: Session) -> None:
    # Not as of today: the same casebook gives the same bytes whenever it is exported.
    session.state.change = replace(session.state.change, at="2999-02-03T00:00:00.000000Z")
    case.commitment("K", about="2999-01").commitment("L", about="2999-03")
    (found,) = (one for one in list_exported_reports(Filters()) if one.name == "promises")
    ref, state = map(found.columns.index, ("ref", "state"))
    states = {row[ref]: row[state] for row in found.rows(session, Filters())}
    assert states == {"K": "expired", "L": "open"}


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
        folder = write_package_of(session, tmp_path / f"p{raw:d}", style=CsvStyle(raw=raw))
        with (
            new_target(backend) as target,
            sessions.writing(db.connect(target), author="a") as other,
        ):
            package_reader.read_packages(other, [folder])
            assert everything(other) == stood


def test_a_chosen_part_holds_together_and_holds_nothing_else(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = write_package_of(session, tmp_path / "p", Filters(propositions=("q",)))
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
    folder = write_package_of(session, tmp_path / "p", Filters(known_by=date(2024, 1, 26)))
    said = {table: (folder / f"{table}.csv").read_text() for table in ("stance", "citation")}
    assert "C,p," in said["stance"]
    assert "C,D," in said["citation"]
    assert "late" not in said["stance"].lower() + said["citation"].lower()


def test_the_description_tells_head_licence_units_and_keys(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    folder = write_package_of(
        session, tmp_path / "p", Filters(topics=("war",)), licence="CC-BY-4.0"
    )
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
