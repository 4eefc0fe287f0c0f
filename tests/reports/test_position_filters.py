"""Filters, order and pages of the report on positions, and what its table shows."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.present.layouts import layout_of
from claimtrack.query.filters import Filters
from claimtrack.records import find
from claimtrack.reports.positions import PositionRow, positions
from claimtrack.sql import Rows
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries
from reports.position_rows import gaps, steps


def test_an_actor_filter_takes_in_everyone_below_and_on_behalf(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia").actor("usa", kind="state")
    case.statement("S-1", actor="putin", affirms="p")
    case.statement("S-2", actor="nobody", on_behalf_of="russia", affirms="p")
    case.statement("S-3", actor="usa", affirms="p")
    for wanted in (Filters(actors=("russia",)), Filters(principal="russia")):
        assert [row.entry_ref for row in positions(case.session, wanted)] == ["S-1", "S-2"]


def log_changing(case: Casebook) -> None:
    case.topic("talks").topic("ceasefire", parent="talks").proposition("p", topic="ceasefire")
    case.statement("S-1", date="2023-01-01", affirms="p", cites="D-1")
    case.action("A-2", date="2023-06-01", stances={"p": 1}, cites="D-2")
    case.statement("S-3", date="2024-01-01", denies="p", cites="D-1")
    case.statement("S-4", date="2024-02-01", affirms="q", cites="D-2")


@pytest.fixture
def changing(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A principal that affirms p, acts by it, reverses, and affirms q."""
    with logged(backend, log_changing) as case:
        yield case


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            Filters(topics=("talks",)),
            [("S-1", None), ("A-2", None), ("S-3", "reversed")],
            id="topic and what is below it",
        ),
        pytest.param(Filters(propositions=("q",)), [("S-4", None)], id="proposition"),
        pytest.param(
            Filters(kinds=(EntryKind.STATEMENT,), propositions=("p",)),
            [("S-1", None), ("S-3", "reversed")],
            id="kind",
        ),
        pytest.param(Filters(sources=("D-1",)), [("S-1", None), ("S-3", "reversed")], id="source"),
        pytest.param(
            Filters(since=date(2024, 1, 1)),
            [("S-3", "reversed"), ("S-4", None)],
            id="since, with the step from before",
        ),
        pytest.param(Filters(until=date(2023, 12, 31)), [("S-1", None), ("A-2", None)], id="until"),
        pytest.param(Filters(denying=True), [("S-3", "reversed")], id="denying"),
        pytest.param(
            Filters(affirming=True),
            [("S-1", None), ("A-2", None), ("S-4", None)],
            id="affirming",
        ),
        pytest.param(
            Filters(min_strength=2),
            [("S-1", None), ("S-3", "reversed"), ("S-4", None)],
            id="strong",
        ),
        pytest.param(Filters(limit=1, offset=1), [("A-2", None)], id="a page"),
        pytest.param(
            Filters(sort=("-value", "entry_ref"), limit=2),
            [("S-1", None), ("S-4", None)],
            id="sort",
        ),
    ],
)
def test_filters_choose_the_rows_and_keep_the_steps(
    changing: Casebook, wanted: Filters, expected: list[Any]
) -> None:
    assert steps(changing.session, wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "step"),
    [
        pytest.param(Filters(), "reversed", id="none"),
        pytest.param(Filters(propositions=("p",)), "reversed", id="proposition"),
        pytest.param(Filters(since=date(2024, 1, 3)), "reversed", id="since"),
        pytest.param(Filters(denying=True), "reversed", id="denying"),
        pytest.param(Filters(min_strength=2), "reversed", id="strength"),
        pytest.param(Filters(kinds=(EntryKind.STATEMENT,)), "hardened", id="kind"),
        pytest.param(Filters(actors=("peskov",)), "reaffirmed", id="actor"),
        pytest.param(Filters(principal="peskov"), "reaffirmed", id="principal"),
        pytest.param(Filters(sources=("D-2",)), None, id="source"),
    ],
)
def test_what_filters_ask_of_entries_chooses_what_a_word_is_compared_with(
    case: Casebook, wanted: Filters, step: str | None
) -> None:
    case.actor("russia", kind="state").actor("peskov", parent="russia")
    case.statement("S-1", date="2023", actor="peskov", denies="p", cites="D-1")
    case.statement("S-2", date="2024-01-01", actor="russia", stances={"p": -1}, cites="D-1")
    case.commitment("K-3", date="2024-01-02", actor="russia", stances={"p": 1}, cites="D-1")
    case.statement("S-4", date="2024-01-03", actor="peskov", denies="p", cites="D-2")
    assert dict(steps(case.session, wanted))["S-4"] == step


def test_deeds_against_a_word_are_looked_for_beyond_the_record_that_is_shown(
    case: Casebook,
) -> None:
    case.actor("russia", kind="state").actor("peskov", parent="russia")
    case.statement("S", date="2024-01-01", actor="peskov", affirms="p", cites="D-1")
    case.action("A", date="2024-02-01", actor="russia", denies="p", cites="D-2")
    for wanted in (
        *(Filters(actors=("peskov",)), Filters(kinds=(EntryKind.STATEMENT,))),
        *(Filters(sources=("D-1",)), Filters(until=date(2024, 1, 2)), Filters(affirming=True)),
    ):
        assert gaps(case.session, wanted) == {"S": ("A",)}


def test_what_was_not_known_by_the_day_is_no_position_step_or_gap(case: Casebook) -> None:
    case.document("early", published="2024-01-31").document("late", published="2024-06-01")
    case.statement("S-1", date="2023-01-01", affirms="p", cites="late")
    case.action("A-2", date="2024-01-02", denies="p", cites="late")
    case.statement("S-3", date="2024-01-03", affirms="p", cites="early")
    found = positions(case.session, Filters(known_by=date(2024, 2, 1)))
    assert [(row.entry_ref, row.step, row.gap) for row in found] == [("S-3", None, ())]


def test_only_the_stances_of_the_judges_asked_for_count(case: Casebook) -> None:
    case.statement("S-1", date="2023-01-01", stances={"p": 2}, judge="isw")
    case.action("A-2", date="2024-01-02", denies="p", judge="other")
    case.statement("S-3", date="2024-01-03", stances={"p": 1}, judge="isw")
    found = positions(case.session, Filters(asserted_by=("isw",)))
    assert [(row.entry_ref, row.step, row.gap) for row in found] == [
        ("S-1", None, ()),
        ("S-3", "softened", ()),
    ]


def test_a_superseded_entry_is_no_position_unless_asked_for(case: Casebook) -> None:
    case.statement("S-1", date="2024-01-01", denies="p")
    case.statement("S-2", date="2024-01-02", affirms="p").link("S-2", "supersedes", "S-1")
    assert steps(case.session) == [("S-2", None)]
    wanted = Filters(include_superseded=True)
    assert steps(case.session, wanted) == [("S-1", None), ("S-2", "reversed")]


def test_rows_can_be_sorted_by_the_deeds_that_belie_them(case: Casebook) -> None:
    case.statement("S-1", date="2024-01-01", affirms="q").statement("S-2", affirms="p")
    case.statement("S-3", date="2024-01-02", affirms="r")
    case.action("A-2", date="2024-01-03", denies="p").action("A-1", date="2024-01-04", denies="r")
    wanted = Filters(sort=("gap",), kinds=(EntryKind.STATEMENT,))
    found = positions(case.session, wanted)
    assert [(row.entry_ref, row.gap) for row in found] == [
        ("S-3", ("A-1",)),
        ("S-2", ("A-2",)),
        ("S-1", ()),
    ]


def test_rows_can_be_sorted_by_their_step(case: Casebook) -> None:
    for number, value in enumerate((2, 1, -1), 1):
        case.statement(f"S-{number}", date=f"2024-01-0{number}", stances={"p": value})
    case.statement("S-0", date="2023", affirms="q")
    expected = [("S-2", "softened"), ("S-3", "reversed"), ("S-0", None), ("S-1", None)]
    assert steps(case.session, Filters(sort=("-step",))) == expected
    assert steps(case.session, Filters(sort=("-step",), offset=1, limit=2)) == expected[1:3]


@pytest.fixture
def many(case: Casebook) -> Casebook:
    """1,050 words and deeds on two propositions by two ministers of one state."""
    case.actor("russia", kind="state").proposition("p").proposition("q").actor("coder")
    ministers = [f"minister-{number}" for number in range(2)]
    for ref in ministers:
        case.actor(ref, parent="russia")
    found = {ref: find(case.session, Actor, ref) for ref in (*ministers, "coder")}
    on = [find(case.session, Proposition, ref) for ref in ("p", "q")]
    for number in range(1_050):
        day = date(2022, 1, 1) + timedelta(days=number * 7 % 900)
        entry = Entry(
            ref=f"E-{number * 11 % 1_050}",
            kind=EntryKind.STATEMENT if number % 100 else EntryKind.ACTION,
            actor=found[f"minister-{number % 2}"],
            summary="So it is.",
            date_from=day,
            date_to=day,
        )
        value = (-1) ** (number // 3) * (1 + number % 2)
        case.session.add(
            Stance(
                entry=entry,
                proposition=on[number % 3 // 2],
                asserted_by=found["coder"],
                value=value,
            )
        )
    case.session.flush()
    return case


@pytest.mark.parametrize(
    "sort",
    [
        pytest.param((), id="usual"),
        pytest.param(("-proposition", "value"), id="stored columns"),
        pytest.param(("gap", "-step"), id="weighed columns"),
    ],
)
def test_pages_hold_what_the_whole_does(many: Casebook, sort: tuple[str, ...]) -> None:
    whole = list(positions(many.session, Filters(sort=sort)))
    assert len(whole) == 1_050
    assert len({row.step for row in whole}) > 4
    assert any(len(row.gap) > 1 for row in whole)
    if not sort:
        assert whole == sorted(whole, key=lambda row: (row.date_from, row.entry_ref))
    for limit, offset in ((20, 500), (1_000, 40), (1_020, 20)):
        page = Filters(sort=sort, limit=limit, offset=offset)
        shown = whole[offset or 0 :][:limit]
        assert list(positions(many.session, page)) == shown, (limit, offset)


def test_a_table_is_shown_the_first_rows_and_how_many_there_are(many: Casebook) -> None:
    whole, asked = list(positions(many.session)), positions(many.session)
    assert isinstance(asked, Rows)
    assert (asked.first(20), asked.count(2_000), asked.count(100)) == (whole[:20], 1_050, 100)


def test_an_unknown_column_to_sort_by_is_refused(case: Casebook) -> None:
    with pytest.raises(InvalidValue, match="sort column 'colour' is not valid"):
        list(positions(case.session, Filters(sort=("colour",))))


def test_the_statements_sent_do_not_grow_with_the_rows(changing: Casebook) -> None:
    with count_queries(changing.session) as sent:
        assert len(list(positions(changing.session))) == 4
    few = len(sent)
    for number in range(5, 12):
        changing.statement(f"S-{number}", date="2024-02-02", stances={"p": 2, "q": -1})
    with count_queries(changing.session) as sent:
        assert len(list(positions(changing.session))) == 18
    assert len(sent) == few <= 12


def test_a_table_shows_the_hedge_the_condition_and_the_deeds_under_the_words() -> None:
    row = PositionRow(
        date_from=date(2024, 1, 1),
        date_to=date(2024, 1, 1),
        time_from=None,
        time_to=None,
        entry_ref="S",
        kind="statement",
        actor="putin",
        proposition="p",
        asserted_by="isw",
        value=-1,
        step="order not known",
        gap=("X", "X-2 (possible)"),
        hedge="likely",
        likelihood=None,
        condition="if asked",
        summary="He is ready.",
    )
    cells = [column.cell(row) for column in layout_of(PositionRow, (), [row])]
    assert [cell.whole for cell in cells[:2]] == [("2024-01-01",), ("S", "statement", "putin")]
    assert cells[2].text.splitlines() == [
        *("He is ready.", '"likely"', "if: if asked", "but did X", "but did X-2 (possible)")
    ]
    assert cells[3].whole == ("p", "-1 order not known", "by isw")
