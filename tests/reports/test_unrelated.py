"""That two entries are unrelated is recorded, shown, and changes no report and no graph."""

import io
import json
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from against_oracle import HYPOTHESES
from casebook import Casebook
from claimtrack.db import Session
from claimtrack.errors import ClaimtrackError
from claimtrack.exchange.exports import claimreview, graph, stix
from claimtrack.exchange.exports.exported_reports import list_exported_reports
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import show
from claimtrack.models import Entry, Link
from claimtrack.query.filters import Filters
from claimtrack.query.pair_filters import PairFilters
from claimtrack.reports.claims import ClaimFilters, claims
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.duplicate_lints import same_words
from claimtrack.reports.hypotheses import sums
from claimtrack.reports.positions import positions
from claimtrack.reports.windows import clustering
from claimtrack.vocab import Relation
from commandline import CommandLine
from conftest import Loaded, Typed
from drawn_casebooks import draw_dossier
from exchange.exports.exported_casebooks import populate

SEEDS = (0, 4)
"""Casebooks of which one or the other has rows in every report."""
SCOPES = {
    "all": Filters(),
    "superseded": Filters(include_superseded=True),
    "known by": Filters(known_by=date(2025, 4, 1)),
    "one judge": Filters(asserted_by=("institute",)),
    "one principal": Filters(principal="aland"),
}
PERIOD = (date(2025, 2, 15), date(2025, 6, 1))


def reported(session: Session, wanted: Filters) -> dict[str, list[Any]]:
    """The rows of every report that the filters give, by its name."""
    reports = list_exported_reports(wanted)
    found = {one.name: list(map(list, one.rows(session, wanted))) for one in reports}
    reconciled = PairFilters(include_reconciled=True)
    return {
        **found,
        "reconciled": list(contradictions(session, wanted, reconciled)),
        "uncorroborated": list(claims(session, wanted, ClaimFilters(uncorroborated=True))),
        "anonymous": list(positions(session, wanted, anonymous=True)),
        "sums": list(sums(session, HYPOTHESES, wanted)),
        "clustering": clustered(session, wanted),
    }


def clustered(session: Session, wanted: Filters) -> list[Any]:
    """The clustering test, where there is a window and something dated to test."""
    try:
        return [clustering(session, wanted, PERIOD)]
    except ClaimtrackError:
        return []


def unrelate_all(session: Session) -> int:
    """Link every two entries as unrelated, by three judges: how many links that makes."""
    case, before = Casebook(session), len(session.scalars(select(Link.id)).all())
    for one, other in combinations(session.scalars(select(Entry.ref)).all(), 2):
        for judge in ("coder", "institute", "aland"):
            case.link(one, "unrelated", other, judge=judge)
    session.flush()
    return len(session.scalars(select(Link.id)).all()) - before


@pytest.mark.both_databases
def test_no_report_changes_with_what_is_unrelated(backend: str, loaded: Loaded) -> None:
    rows: Counter[str] = Counter()
    for seed in SEEDS:
        with loaded(backend, draw_dossier(seed, entries=12, figures=True)) as session:
            before = {name: reported(session, wanted) for name, wanted in SCOPES.items()}
            assert unrelate_all(session) == 3 * 12 * 11 // 2
            assert {name: reported(session, wanted) for name, wanted in SCOPES.items()} == before
        for of in before.values():
            rows.update({name: len(found) for name, found in of.items()})
    assert min(rows.values()) > 0


def test_no_graph_and_no_review_changes_with_what_is_unrelated(
    session: Session, case: Casebook
) -> None:
    populate(case)
    case.assessment("J", cites="D").stance("J", "p", -1, judge="coder")
    session.flush()

    def written() -> list[bytes]:
        found = []
        for write in (*graph.FORMATS.values(), claimreview.write_claimreview):
            out = io.BytesIO()
            write(session, out, Filters(), Notes())
            found.append(out.getvalue())
        return found

    before = written()
    assert all(before)
    unrelate_all(session)
    assert written() == before


def test_a_bundle_connects_nothing_that_is_unrelated_and_says_so(
    session: Session, case: Casebook, tmp_path: Path
) -> None:
    case.claim("C", affirms="p").statement("S", denies="p").link("S", "unrelated", "C")
    case.claim("E").link("E", "unrelated", "C").link("E", "concerns", "C")
    session.flush()
    out, notes = io.BytesIO(), Notes()
    stix.write_stix(session, out, Filters(), tmp_path, notes)
    objects = json.loads(out.getvalue())["objects"]
    kinds = [one["relationship_type"] for one in objects if one["type"] == "relationship"]
    assert sorted(kinds) == ["concerns", "opposes"]
    reason = "link says that two entries are unrelated, and would connect them: left out (2 times)"
    assert reason in list(notes.lines())


def test_a_narrowed_bundle_counts_no_link_twice_that_is_unrelated(
    session: Session, case: Casebook, tmp_path: Path
) -> None:
    case.claim("C", affirms="p").claim("E", affirms="p").statement("S").link("C", "unrelated", "E")
    case.link("C", "unrelated", "S")
    session.flush()
    notes = Notes()
    stix.write_stix(session, io.BytesIO(), Filters(affirming=True), tmp_path, notes)
    assert [line for line in notes.lines() if line.startswith("link ")] == [
        "link has its other end outside the filters, or does not count: left out (1 time)",
        "link says that two entries are unrelated, and would connect them: left out (1 time)",
    ]


@pytest.mark.both_databases
def test_what_is_unrelated_is_not_taken_for_one_entry_logged_twice(case: Casebook) -> None:
    for ref in ("S-1", "S-2"):
        case.statement(ref, summary="Drones struck a depot.", date="2024-03-05", cites="D")
    assert [refs for refs, _ in same_words(case.session)] == [("S-1", "S-2")]
    case.link("S-2", "unrelated", "S-1")
    assert list(same_words(case.session)) == []


@pytest.mark.both_databases
@pytest.mark.parametrize("ref", ["C-1", "S-1"])
def test_what_is_unrelated_is_shown_at_either_end(
    case: Casebook, session: Session, ref: str
) -> None:
    case.claim("C-1").statement("S-1").link("S-1", "unrelated", "C-1", strength=1)
    shown = show(session, "entry", ref)
    [links] = [section.rows for section in shown.sections if section.heading == "Links"]
    [other] = {"C-1", "S-1"} - {ref}
    assert [(row.how, row.ref, row.strength) for row in links] == [("unrelated to", other, 1)]


@pytest.mark.both_databases
def test_what_is_unrelated_is_stored_once_with_the_lower_ref_first(
    case: Casebook, session: Session
) -> None:
    case.claim("C-1").statement("S-1").link("S-1", "unrelated", "C-1", rationale="two men")
    case.link("C-1", "unrelated", "S-1", rationale="two men")
    [link] = session.scalars(select(Link))
    assert (link.from_.ref, link.relation, link.to.ref) == ("C-1", Relation.UNRELATED, "S-1")


def test_a_dossier_brings_and_takes_what_is_unrelated(typed: Typed, tmp_path: Path) -> None:
    def log(case: Casebook) -> None:
        case.claim("C-1").statement("S-1")

    line = typed(log)
    dossier = tmp_path / "d.yaml"
    dossier.write_text(
        "claimtrack: 1\nlinks:\n  - {from: S-1, relation: unrelated, to: C-1, strength: 1}\n"
    )
    line.does("load", str(dossier))
    whole = line.does("dump")
    assert "- {from: C-1, relation: unrelated, to: S-1, strength: 1, asserted_by: " in whole
    other = CommandLine(str(tmp_path / "other.db"))
    other.does("init")
    (tmp_path / "whole.yaml").write_text(whole)
    other.does("load", str(tmp_path / "whole.yaml"))
    assert other.does("dump") == whole
