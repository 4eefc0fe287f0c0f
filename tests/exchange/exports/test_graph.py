"""The graph of oppositions, as another program reads it: entries, and pairs of the report."""

import io
from pathlib import Path
from typing import Any

import networkx
import pytest
from xmlschema import XMLSchema

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.escaping import format_cell
from claimtrack.exchange.exports import graph
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import list_records
from claimtrack.query.filters import Filters
from claimtrack.reports.contradictions import contradictions
from commandline import CommandLine
from conftest import Typed
from exchange.exports.exported_casebooks import FILTERS, populate


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    populate(made)
    made.statement("F", denies="p", summary="<&> \"q\" 'a'\nnext\x01 ]]> é")
    session.flush()
    return made


def read(session: Session, ending: str, wanted: Filters) -> Any:
    out = io.BytesIO()
    graph.FORMATS[ending](session, out, wanted, Notes())
    out.seek(0)
    if ending == ".graphml":
        return networkx.read_graphml(out)
    return networkx.read_gexf(out, version="1.3")


@pytest.mark.parametrize("ending", list(graph.FORMATS))
@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_another_program_reads_the_entries_and_the_pairs_of_the_report(
    case: Casebook, session: Session, ending: str, wanted: Filters
) -> None:
    read_back = read(session, ending, wanted)
    entries = {row.ref: row for row in list_records(session, "entry", wanted)}
    assert set(read_back.nodes) == set(entries) != set()
    for ref, told in read_back.nodes(data=True):
        assert (told["kind"], told["actor"]) == (str(entries[ref].kind), entries[ref].actor)
        assert told["summary"] == entries[ref].summary.replace("\x01", "\ufffd")
    pairs = {
        frozenset((row.subject_ref, row.counter_ref)): row
        for row in contradictions(session, wanted)
        if {row.subject_ref, row.counter_ref} <= set(entries)
    }
    assert {frozenset(ends) for ends in read_back.edges} == set(pairs)
    for *ends, told in read_back.edges(data=True):
        row = pairs[frozenset(ends)]
        assert (told["class"], int(told["strength"])) == (row.klass, row.strength)
        assert told.get("propositions", "") == format_cell(row.propositions)
        assert told.get("measures", "") == format_cell(row.measures)
        assert told["subject_principal"] == row.subject_principal
        assert told["counter_principal"] == row.counter_principal
        assert (told["status"], told.get("timing")) == (row.status, row.timing)
        assert told.get("reconciled_by", "") == format_cell(row.reconciled_by)


def test_there_are_pairs_and_pairs_that_filters_leave_out(case: Casebook, session: Session) -> None:
    counts = {name: len(read(session, ".gexf", one).edges) for name, one in FILTERS.items()}
    assert counts["all"] > counts["of a principal"] == 0
    assert counts["on a proposition"] > counts["nothing opposed"] == 0


@pytest.mark.parametrize("ending", list(graph.FORMATS))
def test_a_pair_of_possible_timing_that_judges_dispute_says_so(
    case: Casebook, session: Session, ending: str
) -> None:
    case.commitment("K", actor="boss", affirms="kept")
    case.action("X", actor="a", on_behalf_of="boss", denies="kept")
    case.link("K", "reconciles", "X", judge="cam")
    session.flush()
    read_back = read(session, ending, Filters())
    told = read_back.edges["K", "X"]
    assert (told["class"], told["timing"], told["status"]) == ("breach", "possible", "disputed")
    assert told["reconciled_by"] == "cam"
    assert {read_back.nodes[ref]["principal"] for ref in ("K", "X", "S")} == {"boss"}


@pytest.fixture(scope="module")
def schema() -> XMLSchema:
    return XMLSchema(Path(__file__).with_name("gexf.xsd"))


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_a_gexf_is_what_its_schema_asks_for(
    case: Casebook, session: Session, schema: XMLSchema, wanted: Filters
) -> None:
    schema.validate(gexf(session, wanted))


@pytest.mark.parametrize(
    ("written", "spoilt"),
    [
        ('source="', 'source="?'),
        ('for="kind"', 'for="?"'),
        ('weight="', 'weight="?'),
        ('<node id="C"', '<node id="D"'),
        ("</edges>", "</edges><nodes/>"),
        ('version="1.3"', 'version="1.2"'),
    ],
)
def test_the_schema_refuses_a_gexf_that_is_spoilt(
    case: Casebook, session: Session, schema: XMLSchema, written: str, spoilt: str
) -> None:
    text = gexf(session, Filters())
    assert written in text
    assert not schema.is_valid(text.replace(written, spoilt))


def gexf(session: Session, wanted: Filters) -> str:
    out = io.BytesIO()
    graph.write_gexf(session, out, wanted, Notes())
    return out.getvalue().decode()


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(populate)


def test_a_file_of_another_ending_is_refused(line: CommandLine, tmp_path: Path) -> None:
    code, said = line.refuses("export", "graph", str(tmp_path / "graph.txt"))
    assert (code, said.endswith("expected a file that ends in .graphml or .gexf")) == (2, True)
