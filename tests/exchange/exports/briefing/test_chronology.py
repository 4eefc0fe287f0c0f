"""The chronology of the briefing: every other entry, by date."""

from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import dates
from claimtrack.db import Session
from claimtrack.lookup import list_records
from claimtrack.query.filters import Filters
from exchange.exports.briefing.pages import shown, written
from exchange.exports.exported_casebooks import FILTERS


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_every_other_entry_stands_in_the_chronology_by_date_the_undated_last(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    case.window("W", date_from="2024-02-01", date_to="2024-03-01", affirms="p")
    case.assessment("Open", date_to="2023-05-01", denies="q", actor="boss")
    session.flush()
    page = written(session, tmp_path, language, wanted)
    rows = {row.ref: row for row in list_records(session, "entry", wanted)}
    found, told = page.chronology(), page.claims()
    assert {*found, *told} == set(rows) != set()
    assert found.keys().isdisjoint(told)
    days = [
        (str(rows[ref].date_from or rows[ref].date_to or "9999"), ref)  # as ISO dates sort
        for ref in found
    ]
    assert days == sorted(days)
    for ref, (node, _) in found.items():
        row = rows[ref]
        when = dates.format_span(row.date_from, row.date_to) or "undated"
        assert shown(node.query("strong")[0]).startswith(when)
        assert f"{row.kind} by Actor {row.actor} ({row.actor})" in shown(node)
        assert row.summary in shown(node)


def test_an_entry_of_the_chronology_has_its_stances_its_words_for_the_date_and_its_period(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.actor("kremlin", parent="boss")
    case.statement(
        "Told",
        actor="a",
        on_behalf_of="kremlin",
        date_from="2024-02-01",
        date_to="2024-02-29",
        date_text="in February",
        about_from="2024-03-01",
        stances={"new": 2, "newer": 0},
    )
    session.flush()
    node, items = written(session, tmp_path, language).chronology()["Told"]
    assert shown(node) == (
        "2024-02 (“in February”), about 2024-03-01/.., Told, statement by Actor a (a) on behalf of "
        "Actor kremlin (kremlin), of Actor boss (boss): What Told says."
    )
    assert [shown(item) for item in items] == [
        "affirms “Proposition new.” (new) outright (explicit; in the reading of Actor coder "
        "(coder))",
        "leaves open “Proposition newer.” (newer) (explicit; in the reading of Actor coder "
        "(coder))",
    ]


def test_an_entry_of_the_chronology_has_its_figures(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.measure("calls", text="calls to Kyiv", unit="calls").statement("Told", affirms="new")
    case.figure("Told", "calls", "80..", hedge="more than", condition="if all were logged")
    case.figure("Told", "calls", "..10", judge="b").figure("Told", "strikes", "30..50")
    session.flush()
    _, items = written(session, tmp_path, language).chronology()["Told"]
    coder, other = "in the reading of Actor coder (coder)", "in the reading of Actor b (b)"
    assert [shown(item) for item in items[1:]] == [
        f"gives at most 10 calls for “calls to Kyiv” (calls) (explicit; {other})",
        "gives at least 80 calls for “calls to Kyiv” (calls) (explicit; hedged: more than; on the "
        f"condition: if all were logged; {coder})",
        f"gives 30 to 50 strikes for “strikes” (strikes) (explicit; {coder})",
    ]
