"""Figures and measures that a profile makes of rows: numbers, ranges, and what is no number."""

import csv
import io
import json
from datetime import datetime
from itertools import combinations
from math import inf
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from claimtrack import changes
from claimtrack.db import Session
from claimtrack.exchange.imports.profile_files import read_profile
from claimtrack.lookup import list_records
from claimtrack.models import Entry, Figure, Measure
from claimtrack.number_ranges import format_range
from claimtrack.records import get
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.figures import figures
from claimtrack.schemas import NewFigure
from commandline import CommandLine
from exchange.imports.imported_rows import CLAIM, Importer, row

MEASURES = {
    "lost": {
        "ref": "lost-{side}",
        "text": "Vehicles that {side} lost",
        "topic": "losses",
        "unit": "vehicles",
        "kind": "count",
    }
}
TOPICS = {"losses": {"ref": "losses", "name": "Losses"}}
GIVEN = {"measure": "lost", "number": "{number}", "asserted_by": "who"}


def making(*given: dict[str, Any], **said: Any) -> dict[str, Any]:
    """Return what a profile needs to make figures of rows."""
    records = [{**CLAIM, "figures": list(given or [GIVEN])}]
    named = {"measures": MEASURES, "topics": TOPICS, "records": records}
    return {"optional": ["title", "side", "number", "low", "high", "hedge"], **named, **said}


def figured(session: Session) -> list[tuple[str, str, str]]:
    """Return the entry, the measure and the number of each figure."""
    rows = list_records(session, "figure")
    return [(one.entry, one.measure, format_range(one.low, one.high)) for one in rows]


def numbered(number: str, **said: Any) -> dict[str, Any]:
    return row(side="north", number=number, **said)


@pytest.mark.parametrize("number", ["120", "0.5", "30..50", "80..", "..10", "1e3"])
def test_a_row_makes_a_figure_and_its_measure(importer: Importer, number: str) -> None:
    importer.reads([numbered(number)], **making())
    assert figured(importer.session) == [("r-1", "lost-north", number.replace("1e3", "1000"))]
    measure = importer.session.scalars(select(Measure)).one()
    assert (measure.text, measure.unit, measure.kind, measure.topic.ref) == (
        *("Vehicles that north lost", "vehicles", "count"),
        "losses",
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        pytest.param("30", "50", ["30..50"], id="both"),
        pytest.param("30", "", ["30.."], id="at least"),
        pytest.param("", "50", ["..50"], id="at most"),
        pytest.param("0", "0", ["0"], id="exact"),
        pytest.param("", "", [], id="neither"),
    ],
)
def test_the_bounds_of_a_figure_are_taken_from_two_columns(
    importer: Importer, low: str, high: str, expected: list[str]
) -> None:
    part = {**GIVEN, "number": None, "low": "{low}", "high": "{high}"}
    importer.reads([row(side="north", low=low, high=high)], **making(part))
    assert [number for *_, number in figured(importer.session)] == expected


def test_a_figure_has_how_it_is_worded_and_judged(importer: Importer) -> None:
    part = {
        **GIVEN,
        **{"basis": {"from": "inferred"}, "hedge": "{hedge}", "condition": "if {who} counts"},
        **{"rationale": "As {who} has it", "document": "page"},
    }
    importer.reads([numbered("80..", hedge="more than")], **making(part))
    one = importer.session.scalars(select(Figure)).one()
    assert (one.basis, one.hedge, one.condition, one.rationale) == (
        *("inferred", "more than", "if Ann counts"),
        "As Ann has it",
    )
    assert one.asserted_by.name == "Ann"
    assert one.document is not None
    assert one.document.url == "https://a.example/1"


@pytest.mark.parametrize(
    ("numbers", "number", "expected"),
    [
        pytest.param({"thousands": ","}, "1,234,567..", "1234567..", id="commas"),
        pytest.param({"thousands": ","}, "1200.5", "1200.5", id="none between"),
        pytest.param({"thousands": ".", "decimal": ","}, "1.200,5..2.000", "1200.5..2000", id="de"),
        pytest.param({"thousands": " ", "decimal": ","}, "-1 200,5", "-1200.5", id="spaces"),
        pytest.param({"decimal": ","}, "0,5", "0.5", id="a decimal comma"),
    ],
)
def test_numbers_are_read_as_the_profile_says(
    importer: Importer, numbers: dict[str, str], number: str, expected: str
) -> None:
    measures = {"lost": {**MEASURES["lost"], "kind": "level"}}
    importer.reads([numbered(number)], **making(numbers=numbers, measures=measures))
    assert [one for *_, one in figured(importer.session)] == [expected]


@pytest.mark.parametrize(
    ("number", "numbers", "expected"),
    [
        pytest.param(
            *("many", {}),
            "number 'many' is not valid: expected a number such as 120, 0.5, 30..50, 80.. (at "
            "least) or ..10 (at most)",
            id="no number",
        ),
        pytest.param(
            *("120 strikes", {}),
            "number '120 strikes' is not valid: expected the number alone, 120: the unit is that "
            "of the measure",
            id="a unit",
        ),
        pytest.param(
            *("50..30", {}),
            "number '50..30' is not valid: expected the lower number first, 30..50",
            id="low above high",
        ),
        pytest.param(
            *("1,200", {}),
            "number '1,200' is not valid: expected digits without signs between them, such as 1200",
            id="signs between digits",
        ),
        pytest.param(
            *("12,00", {"thousands": ","}),
            "number '12,00' is not valid: expected a number such as 120, 0.5, 30..50, 80.. (at "
            "least) or ..10 (at most)",
            id="signs at other places",
        ),
        pytest.param(
            *("0.5", {"decimal": ","}),
            "number '0.5' is not valid: expected ',' before decimals, as in the file",
            id="a point in a file with commas",
        ),
        pytest.param(
            *("-3", {}),
            "number '-3' is not valid: expected 0 or more: lost-north is a count, and is never "
            "negative",
            id="a negative count",
        ),
    ],
)
def test_a_row_with_a_bad_number_is_refused_with_one_sentence(
    importer: Importer, number: str, numbers: dict[str, str], expected: str
) -> None:
    good = numbered("7", id="2", url="https://a.example/2")
    refused = importer.refuses([numbered(number), good], **making(numbers=numbers))
    assert refused == f"a.csv:2: {expected}"
    assert figured(importer.session) == []


def test_a_bad_bound_is_named_with_its_columns(importer: Importer) -> None:
    part = {**GIVEN, "number": None, "low": "{low}", "high": "{high}"}
    rows = [row(side="north", low="900", high="700")]
    assert importer.refuses(rows, **making(part)) == (
        "a.csv:2: low..high (columns low, high) '900..700' is not valid: expected the lower number "
        "first, 700..900"
    )


def test_a_bad_number_is_left_empty_where_the_profile_says_so(importer: Importer) -> None:
    part = {**GIVEN, "number": {"from": "{number}", "unknown": "empty"}}
    notes = importer.reads([numbered("dozens")], **making(part))
    assert figured(importer.session) == []
    assert "number 'dozens' is unknown to the profile, and is left empty (1 time)" in notes


def test_invalid_numbers_are_put_aside_with_their_rows(
    line: CommandLine, tmp_path: Path, importer: Importer
) -> None:
    profile = tmp_path / "lost.yaml"
    profile.write_text(PROFILE, "utf-8")
    data = tmp_path / "lost.csv"
    data.write_text(f"{HEADER}1/2/2024,12 men,,,dead,A,https://a.example/1,north\n{ROWS}", "utf-8")
    answer = line.run("import", "--skip-invalid", str(profile), str(data))
    assert answer.code == 0
    assert "1 row is in" in answer.stderr
    text = (tmp_path / "lost.csv.rejected.csv").read_text("utf-8")
    [rejected] = csv.DictReader(io.StringIO(text))
    assert rejected["rejected_because"] == (
        "number (columns low, high, estimate) '12 men..' is not valid: expected the number alone, "
        "12: the unit is that of the measure"
    )
    assert len(json.loads(line.does("figure", "list", "--format", "json"))) == 10


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("80..100", "85..100", "85..100", id="one bound"),
        pytest.param("80..100", "90..", "90..", id="a bound less"),
        pytest.param("80", "..70", "..70", id="another end"),
    ],
)
def test_a_corrected_number_replaces_the_whole_number(
    importer: Importer, before: str, after: str, expected: str
) -> None:
    importer.reads([numbered(before)], **making())
    revisions = importer.revisions()
    importer.reads([numbered(before)], **making())
    assert importer.revisions() == revisions
    importer.reads([numbered(after)], **making())
    assert figured(importer.session) == [("r-1", "lost-north", expected)]
    importer.reads([row(side="north", number="")], **making())
    assert figured(importer.session) == []


def test_an_upper_bound_that_was_corrected_by_hand_never_joins_another_lower_one(
    importer: Importer,
) -> None:
    importer.reads([numbered("80..100")], **making())
    hand = {"measure": "lost-north", "low": 80, "high": 85, "asserted_by": "ann"}
    changes.put(
        importer.session,
        NewFigure.model_validate(hand),
        entry=get(importer.session, Entry, "r-1"),
    )
    importer.reads([numbered("80..100")], **making())
    assert figured(importer.session) == [("r-1", "lost-north", "80..85")]
    importer.reads([numbered("90..100")], **making())
    assert figured(importer.session) == [("r-1", "lost-north", "90..100")]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"unit": "tanks"}, "another unit than this row gives it", id="unit"),
        pytest.param({"kind": "level"}, "another kind than this row gives it", id="kind"),
        pytest.param({"text": "Tanks"}, "another text than this row gives it", id="text"),
    ],
)
def test_a_number_of_another_measure_by_the_same_ref_is_refused(
    importer: Importer, changed: dict[str, str], expected: str
) -> None:
    importer.reads([numbered("80")], **making())
    other = {"lost": {**MEASURES["lost"], **changed}}
    rows = [numbered("90", id="2", url="https://a.example/2")]
    refused = importer.refuses(rows, **making(measures=other))
    assert f"measure 'lost-north' has {expected}" in refused


def test_two_numbers_of_one_judge_for_one_measure_are_refused(importer: Importer) -> None:
    parts = ({**GIVEN, "number": "{low}.."}, {**GIVEN, "number": "..{high}"})
    refused = importer.refuses([row(side="north", low="30", high="50")], **making(*parts))
    assert refused == (
        "a.csv:2: two figures of 'ann' on 'lost-north' differ, with low 30.0 and None and high "
        "None and 50.0: keep one, or let the profile give each its own measure or judge"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            "measure: lost", "measure: last", "'last' is none of the measures of this profile: "
            "did you mean lost?", id="an unknown measure",
        ),
        pytest.param(
            'number: "{number}", ', "", "nothing is said of where the number comes from: give "
            "number, or low and high", id="no number",
        ),
        pytest.param(
            'number: "{number}"', 'number: "{number}", low: "{low}"',
            "number and a bound are given: give number, or low and high", id="number and bound",
        ),
        pytest.param(
            "kind: count", "kind: counts", "kind 'counts' is not one of count, level", id="kind"
        ),
        pytest.param(
            'number: "{number}"', 'numbr: "{number}"', "unknown key numbr: did you mean number?",
            id="a key",
        ),
        pytest.param(
            'thousands: ","', 'thousands: "."', "numbers: '.' stands between thousands and before "
            "decimals: say decimal too", id="one sign for both",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_profile_is_named(
    line: CommandLine, tmp_path: Path, old: str, new: str, expected: str
) -> None:
    profile = tmp_path / "lost.yaml"
    assert old in PROFILE
    profile.write_text(PROFILE.replace(old, new), "utf-8")
    assert expected in line.refuses("profile", "check", str(profile))[1]


# --- published estimates --------------------------------------------------------------------------

PROFILE = """\
claimtrack_profile: 1
name: lost
about: Published estimates
format: csv
dates: {day_first: true}
numbers: {thousands: ","}
let:
  number: ["{low}..{high}", "{estimate}", "{low}..", "..{high}"]
actors:
  who: {name: "{source}", kind: organisation}
  site: {name: {from: "{url}", pattern: "https?://([^/]+)"}, kind: outlet}
documents:
  page: {ref: {from: page-, digest: ["{url}"]}, publisher: site, url: "{url}"}
topics:
  losses: {ref: losses, name: Losses}
measures:
  lost: {ref: "{side}-{type}", text: "{side}: {type}", topic: losses, unit: people, kind: count}
records:
  - make: claim
    ref: {from: e-, digest: ["{date}", "{side}", "{type}", "{source}"]}
    actor: who
    summary: "{side} {type}: {number}"
    date: "{date}"
    about_from: {from: "2022-02-24"}
    about_to: "{date}"
    citations: [{document: page, role: primary}]
    figures:
      - {measure: lost, number: "{number}", asserted_by: who}
"""
HEADER = "date,low,high,estimate,type,source,url,side\n"
ROWS = """\
01/03/2022,,,"1,200",dead,A,https://a.example/1,north
01/03/2022,900,"1,100",,dead,B,https://b.example/1,north
01/03/2022,"1,100",,,dead,C,https://c.example/1,north
15/04/2022,,1000,,dead,D,https://d.example/1,north
15/04/2022,,,"2,000",dead,A,https://a.example/2,north
01/05/2022,1500,2500,1900,dead,B,https://b.example/2,north
01/05/2022,,,"2,600",dead,C,https://c.example/2,north
01/05/2022,,,800,dead,C,https://c.example/2,south
01/04/2022,,,"9,000",wounded,C,https://c.example/3,north
02/04/2022,,,"8,000",wounded,D,https://d.example/3,north
"""


def test_which_published_estimates_conflict_comes_out_of_the_data(
    importer: Importer, tmp_path: Path
) -> None:
    """The numbers only grow, so an earlier one that is more than a later one cannot be right."""
    expected = set()
    for one, other in combinations(csv.DictReader(io.StringIO(HEADER + ROWS)), 2):
        first, later = sorted((one, other), key=_day)
        (least, most), (later_least, later_most) = map(_bounds, (first, later))
        same_day = _day(first) == _day(later) and later_least > most
        of_one_measure = (one["side"], one["type"]) == (other["side"], other["type"])
        if of_one_measure and (least > later_most or same_day):
            expected.add(frozenset((_name(one), _name(other))))
    assert len(expected) == 6

    profile, data = tmp_path / "lost.yaml", tmp_path / "lost.csv"
    profile.write_text(PROFILE, "utf-8")
    data.write_text(HEADER + ROWS, "utf-8")
    session = importer.session
    importer.reads_files(read_profile(profile), [data])
    rows = list(figures(session))
    names = {
        one.entry_ref: (one.measure, str(one.period_to), one.actor.upper(), one.low, one.high)
        for one in rows
    }
    assert len(names) == 10
    found = [
        frozenset((names[one.subject_ref], names[one.counter_ref]))
        for one in contradictions(session)
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert {
        frozenset((names[one.entry_ref], names[other]))
        for one in rows
        for other in one.conflicts_with
    } == expected


def _day(estimate: dict[str, str]) -> str:
    return str(datetime.strptime(estimate["date"], "%d/%m/%Y").date())  # noqa: DTZ007  a day


def _bounds(estimate: dict[str, str]) -> tuple[float, float]:
    low, high, exact = (
        float(estimate[key].replace(",", "")) if estimate[key] else None
        for key in ("low", "high", "estimate")
    )
    if low is None and high is None:
        low = high = exact
    return -inf if low is None else low, inf if high is None else high


def _name(estimate: dict[str, str]) -> tuple[Any, ...]:
    low, high = _bounds(estimate)
    bounds = None if low == -inf else low, None if high == inf else high
    return f"{estimate['side']}-{estimate['type']}", _day(estimate), estimate["source"], *bounds
