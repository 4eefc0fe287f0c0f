"""What opposes what is the same wherever it is told, on casebooks by chance.

The contradictions report has it; claims, show, report pair, groups, check and exports are compared
with that: which pairs, of which class and status.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from against_oracle import draw
from claimtrack.db import Session
from claimtrack.exchange.exports import graph, spreadsheet, stix, stix_objects
from claimtrack.exchange.exports.briefing.markup import MARKDOWN
from claimtrack.exchange.exports.briefing.page import Plan, write_page
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import list_records, show
from claimtrack.lookup.rows import BearingRow
from claimtrack.models import Entry, Link
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.check import check
from claimtrack.reports.claims import ClaimRefsRow, claims
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.reports.pair_explanation import explain
from claimtrack.reports.wording import spell_word
from claimtrack.vocab import PairClass, PairStatus, Relation
from conftest import Loaded

pytestmark = pytest.mark.both_databases
SEEDS = (18, 22, 35)
"""Casebooks with many pairs, of many classes."""
Told = dict[frozenset[str], tuple[str | None, str]]
"""The class and the status of each pair, by the refs of its two entries."""


@pytest.fixture(params=SEEDS)
def casebook(
    backend: str,
    loaded: Loaded,
    request: pytest.FixtureRequest,
) -> Iterator[Session]:
    """A casebook by chance."""
    with loaded(backend, draw(request.param)) as session:
        yield session


def rows_of(session: Session, **of_pairs: Any) -> dict[frozenset[str], ContradictionRow]:
    found = contradictions(session, Filters(), PairFilters(**of_pairs))
    return {frozenset((row.subject_ref, row.counter_ref)): row for row in found}


def told(session: Session, **of_pairs: Any) -> Told:
    """What the contradictions report says."""
    rows = rows_of(session, **of_pairs)
    assert rows
    return {pair: (row.klass, row.status) for pair, row in rows.items()}


def test_claims_count_the_pairs_in_which_they_stand(casebook: Session) -> None:
    rows = rows_of(casebook)
    for claim in claims(casebook, refs=True):
        assert isinstance(claim, ClaimRefsRow)
        against = {
            next(iter(pair - {claim.ref})): row for pair, row in rows.items() if claim.ref in pair
        }
        denials = [ref for ref, row in against.items() if row.klass == PairClass.DENIAL]
        assert claim.opposed_by_refs == tuple(sorted(against))
        assert claim.denied_by_refs == tuple(sorted(denials))
        strengths = [row.strength for row in against.values() if row.strength]
        assert claim.worst_strength == max(strengths, default=None)


def test_show_tells_of_an_entry_the_pairs_in_which_it_stands(casebook: Session) -> None:
    opposed = {
        pair: told
        for pair, told in told(casebook, include_reconciled=True).items()
        if told[0] is not None
    }
    for row in list_records(casebook, "entry", Filters()):
        shown = show(casebook, "entry", row.ref)
        against: Told = {
            frozenset((row.ref, one.ref)): (one.how, one.status)
            for section in shown.sections
            for one in section.rows
            if isinstance(one, BearingRow) and one.status is not None
        }
        assert against == {pair: told for pair, told in opposed.items() if row.ref in pair}


def test_report_pair_says_of_any_two_what_the_report_says(casebook: Session) -> None:
    rows = rows_of(casebook, include_reconciled=True)
    refs = [row.ref for row in list_records(casebook, "entry", Filters())]
    for one, other in combinations(refs, 2):
        explained = explain(casebook, one, other)
        assert explained.row == rows.get(frozenset((one, other)))
        assert explained.opposed == (explained.row is not None and explained.row.klass is not None)


@pytest.mark.parametrize("ending", list(graph.FORMATS))
def test_the_edges_of_a_graph_are_the_pairs(casebook: Session, ending: str) -> None:
    out = io.BytesIO()
    graph.FORMATS[ending](casebook, out, Filters(), Notes())
    out.seek(0)
    read: Any = networkx.read_graphml if ending == ".graphml" else networkx.read_gexf
    edges = read(out).edges(data=True)
    found = {frozenset(ends): (edge["class"], edge["status"]) for *ends, edge in edges}
    assert found == told(casebook)


def test_what_opposes_in_a_stix_bundle_are_the_pairs(casebook: Session, tmp_path: Path) -> None:
    out = io.BytesIO()
    stix.write_stix(casebook, out, Filters(), tmp_path, Notes())
    objects = json.loads(out.getvalue())["objects"]
    relations = [one for one in objects if one.get("relationship_type") == "opposes"]
    inner = [one["extensions"][stix_objects.EXTENSION] for one in relations]
    found = {
        frozenset((one["subject"], one["counter"])): (one["class"], one["status"]) for one in inner
    }
    assert found == told(casebook)


def test_the_sheet_of_contradictions_has_the_pairs(casebook: Session, tmp_path: Path) -> None:
    out = io.BytesIO()
    spreadsheet.write_workbook(casebook, out, Filters(), tmp_path, Notes())
    header, *rows = load_workbook(out)["contradictions"].iter_rows(values_only=True)
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    found = {
        frozenset((row["subject_ref"], row["counter_ref"])): (row["class"], row["status"])
        for row in cells
    }
    assert found == told(casebook)


def test_the_briefing_has_each_pair_once(casebook: Session, tmp_path: Path) -> None:
    out = io.BytesIO()
    write_page(casebook, out, Filters(), Plan(MARKDOWN, "Briefing"), tmp_path, Notes())
    sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", out.getvalue().decode(), re.M))
    found = list[tuple[frozenset[str], str, bool]]()
    contested = set[str]()
    for claim in re.split(r"^### ", sections["Contested claims"], flags=re.M)[1:]:
        ref, _, told_of_it = claim.partition(": ")
        contested.add(ref)
        against = told_of_it.partition("**Speaks against it**")[2]
        lines = re.findall(r"^- \*\*([a-z ]+).*?\*\*: \*\*([\w-]+)\*\*(.*)", against, re.M)
        found += (
            (frozenset((ref, other)), of_class, "disputed:" in rest)
            for of_class, other, rest in lines
            if other not in contested  # of which it was told before
        )
    for one, of_class, other, rest in re.findall(
        r"^- \*\*([\w-]+)\*\*.*Against it, \*\*([a-z ]+).*?\*\*: \*\*([\w-]+)\*\*(.*)",
        sections["Other contradictions"],
        re.M,
    ):
        found.append((frozenset((one, other)), of_class, "disputed:" in rest))
    expected = [
        (pair, spell_word(str(of_class)), status == PairStatus.DISPUTED)
        for pair, (of_class, status) in told(casebook).items()
    ]
    assert Counter(found) == Counter(expected)


def test_check_finds_what_links_say_against_the_pairs(casebook: Session) -> None:
    pairs = told(casebook)
    found: dict[str, set[frozenset[str]]] = {}
    for finding in check(casebook):
        found.setdefault(finding.lint, set()).add(frozenset(finding.refs))
    disputed = {pair for pair, (_, status) in pairs.items() if status == PairStatus.DISPUTED}
    assert found.get("disputed_compatibility", set()) <= disputed
    one, other, judge = Link.from_id, Link.to_id, Link.asserted_by_id
    refs = {row.id: row.ref for row in casebook.execute(select(Entry.id, Entry.ref))}
    linked = {
        relation: {
            (frozenset((refs[first], refs[second])), by)
            for first, second, by in casebook.execute(
                select(one, other, judge).where(Link.relation == relation)
            )
        }
        for relation in (Relation.CORROBORATES, Relation.RECONCILES)
    }
    agreeing = linked[Relation.CORROBORATES] - linked[Relation.RECONCILES]
    expected = {pair for pair, _ in agreeing if pair in pairs}
    assert found.get("corroboration_opposes", set()) == expected


def test_the_casebooks_hold_pairs_of_most_classes_and_statuses(
    backend: str, loaded: Loaded
) -> None:
    classes, statuses, lints = Counter[str | None](), Counter[str](), set[str]()
    for seed in SEEDS:
        with loaded(backend, draw(seed)) as session:
            for klass, status in told(session, include_reconciled=True).values():
                classes[klass] += 1
                statuses[status] += 1
            lints |= {finding.lint for finding in check(session)}
    assert len(classes) > 8
    assert set(statuses) == {status.value for status in PairStatus}
    assert lints >= {"disputed_compatibility", "corroboration_opposes"}
