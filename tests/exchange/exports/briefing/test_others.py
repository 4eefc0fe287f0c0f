"""Other pairs of the briefing, and how the page groups and orders what it shows."""

import re
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.reports.contradictions import contradictions
from claimtrack.vocab import GroupBy
from exchange.exports.briefing.pages import Page, ends, refs, shown, written
from exchange.exports.exported_casebooks import FILTERS


def test_contested_claims_come_first_then_other_pairs_then_all_other_entries(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language)
    assert [shown(node) for node in page.tree.query("h2")] == [
        "Contested claims",
        "Other contradictions",
        "Reconciled",
        "Chronology of all other entries",
        "Hypotheses: Topic either",
        "Notes",
    ]


def others(page: Page, heading: str = "Other contradictions") -> list[tuple[str, str]]:
    """The pairs that are listed below a heading."""
    items = [item for node in page.section(heading) for item in node.query("li")]
    told = [shown(item) for item in items if "Against it," in shown(item)]
    pairs = (re.match(r"([\w.-]+), .* Against it, [^:]*: ([\w.-]+), ", one) for one in told)
    return [(pair[1], pair[2]) for pair in pairs if pair]


@pytest.mark.parametrize(
    "wanted",
    [*FILTERS.values(), Filters(kinds=("statement",))],  # type: ignore[arg-type]
    ids=[*FILTERS, "statements alone"],
)
def test_no_pair_of_the_report_is_missing(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    case.claim("Against", denies="q", actor="boss")
    session.flush()
    page = written(session, tmp_path, language, wanted)
    claims = page.claims()
    of_claims = {
        frozenset((ref, other))
        for ref, told in claims.items()
        for other in refs(told["Speaks against it"])
    }
    rows = list(contradictions(session, wanted))
    expected = [(row.subject_ref, row.counter_ref) for row in rows if not ends(row) & {*claims}]
    assert others(page) == expected
    assert of_claims | set(map(frozenset, expected)) == {frozenset(ends(row)) for row in rows}


def test_other_pairs_are_grouped_by_subject(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.statement("X3", actor="a", affirms="e2")
    session.flush()
    page = written(session, tmp_path, language, group_by=GroupBy.SUBJECT)
    claims = page.claims()
    expected: dict[str, list[str]] = {}
    for row in contradictions(session):
        if not ends(row) & {*claims}:
            expected.setdefault(row.subject_ref, []).append(row.counter_ref)
    found: dict[str, list[str]] = {}
    for node in page.section("Other contradictions"):
        if node.name == "h3":
            found[shown(node).partition(":")[0]] = []
        elif node.name == "ul":
            found[list(found)[-1]] += refs(node.query("li"))
    assert found == expected
    assert max(map(len, found.values())) > 1


def test_contradictions_are_grouped_by_proposition(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("L").link("L", "contradicts", "Q", judge="linker")
    session.flush()
    page = written(session, tmp_path, language, group_by=GroupBy.PROPOSITION)
    heading = "Contradictions by proposition"
    titles = [shown(node) for node in page.section(heading) if node.name == "h3"]
    assert titles[-1] == "On no proposition"
    named = {one for row in contradictions(session) for one in row.propositions}
    assert titles[:-1] == sorted(f"{one}: Proposition {one}." for one in named)
    assert ("L", "Q") in others(page, heading)
    sides: dict[str, list[str]] = {}
    side = ""
    for node in page.section(heading):
        if node.name == "h3":
            side = shown(node)[:2]
        elif node.name == "p":
            side = f"{side[:2]} {shown(node)}"
        else:
            sides[side] = [shown(item) for item in node.query("li")]
    assert sides["e1 Affirm it:"] == ["Actor boss (boss), 2024-01-01: statement X1 (outright)"]
    assert sides["e1 Affirm e2 instead:"] == ["Actor boss (boss), undated: action X2 (outright)"]
    assert sides["e1 Deny it:"] == ["Actor boss (boss), undated: action X2 (weakly)"]
    told = [shown(node) for node in page.section(heading) if node.name == "p"]
    assert any(
        re.fullmatch(r"1 pair: \w[\w ]+ 1; in the reading of Actor coder.*", one) for one in told
    )


def test_pairs_on_figures_have_a_section_of_their_own(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.statement("N1", about="2024-01", affirms="n").figure("N1", "calls", "124")
    case.statement("N2", about="2024-01", denies="n").figure("N2", "calls", "..80")
    case.claim("L").link("L", "contradicts", "Q", judge="linker")
    session.flush()
    page = written(session, tmp_path, language, group_by=GroupBy.PROPOSITION)
    found: dict[str, list[str]] = {}
    for node in page.section("Contradictions by proposition"):
        if node.name == "h3":
            items = found.setdefault(shown(node), [])
        elif node.name == "ul":
            items.extend(map(shown, node.query("li")))
    assert list(found)[-2:] == ["On figures", "On no proposition"]
    assert "n: Proposition n." in found
    (pair,) = found["On figures"]
    assert pair.startswith("N1, statement by Actor speaker")
    assert "the figures 124 and at most 80 for “calls” (calls) cannot both be right" in pair
    assert not any("N2" in item for item in found["On no proposition"])
