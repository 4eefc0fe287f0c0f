"""The graph of oppositions, as another program reads it: entries, and pairs of the report."""

import io
from pathlib import Path
from typing import Any

import networkx
import pytest
from sqlalchemy.orm import Session

from casebook import Casebook
from claimtrack.cells import joined
from claimtrack.exchange import graph
from claimtrack.lookup import list_records
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.filters import Filters
from commandline import CommandLine
from conftest import Typed
from test_package import populate


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    populate(made)
    made.statement("F", denies="p", summary="<&> \"q\" 'a'\nnext\x01 ]]> é")
    session.flush()
    return made


def read(session: Session, ending: str, wanted: Filters) -> Any:
    out = io.BytesIO()
    graph.FORMATS[ending](session, out, wanted)
    out.seek(0)
    if ending == ".graphml":
        return networkx.read_graphml(out)
    return networkx.read_gexf(out, version="1.3")


FILTERS = {
    "all": Filters(),
    "of a principal": Filters(principal="boss"),
    "on a proposition": Filters(propositions=("p",)),
    "nothing opposed": Filters(propositions=("q",)),
}


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
        assert told.get("propositions", "") == joined(row.propositions)


def test_there_are_pairs_and_pairs_that_filters_leave_out(case: Casebook, session: Session) -> None:
    counts = {name: len(read(session, ".gexf", one).edges) for name, one in FILTERS.items()}
    assert counts["all"] > counts["of a principal"] == 0
    assert counts["on a proposition"] > counts["nothing opposed"] == 0


def test_a_gexf_has_the_parts_that_its_schema_asks_for_in_order(
    case: Casebook, session: Session
) -> None:
    from xml.etree import ElementTree as Tree

    out = io.BytesIO()
    graph.write_gexf(session, out, Filters())
    space = "{http://gexf.net/1.3}"
    root = Tree.fromstring(out.getvalue())  # noqa: S314 - our own
    (inner,) = root
    assert (root.tag, root.attrib) == (f"{space}gexf", {"version": "1.3"})
    assert [part.tag.removeprefix(space) for part in inner] == [
        *("attributes", "attributes", "nodes", "edges")
    ]
    known = {one.get("id") for part in inner[:2] for one in part}
    assert {one.get("for") for one in root.iter(f"{space}attvalue")} <= known
    ids = [node.get("id") for node in root.iter(f"{space}node")]
    assert len(ids) == len(set(ids))
    for edge in root.iter(f"{space}edge"):
        assert {edge.get("source"), edge.get("target")} <= set(ids)


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(populate)


def test_a_file_of_another_ending_is_refused(line: CommandLine, tmp_path: Path) -> None:
    code, said = line.refuses("export", "graph", str(tmp_path / "graph.txt"))
    assert (code, said.endswith("expected a file that ends in .graphml or .gexf")) == (2, True)
