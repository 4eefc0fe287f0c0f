"""How the oracle reads the definitions where their text leaves room: it claims the less."""

from __future__ import annotations

from typing import Any

import pytest

import oracle
from drawn_casebooks import ACTORS, ANONYMOUS, MEASURES, PROPOSITIONS, TOPICS, anonymous
from oracle import Casebook, Options, read_casebook

Record = dict[str, Any]
DOCUMENTS: list[Record] = [
    {"ref": "D0", "publisher": "paper", "published": "2025-03-01", "coverage": "complete"},
    {"ref": "D1", "publisher": "gazette", "published": "2025-04-01", "coverage": "complete"},
    {"ref": "copy", "publisher": "gazette", "published": "2025-03-01", "canonical": "D1"},
]


def made(*entries: Record, links: str = "", **more: Any) -> Casebook:
    """A casebook of these entries; a link is written "A repeats B 2"."""
    parts = [line.split() for line in links.split(",") if line.strip()]
    return read_casebook(
        {
            "asserted_by": "coder",
            "actors": ACTORS + [anonymous(actor) for actor in ANONYMOUS],
            "documents": DOCUMENTS,
            "topics": TOPICS,
            "propositions": [{"ref": ref, "topic": topic} for ref, topic in PROPOSITIONS.items()],
            "measures": MEASURES,
            "entries": list(entries),
            "links": [
                {"from": one, "relation": relation, "to": other, "strength": int(strength)}
                for one, relation, other, strength in parts
            ],
            **more,
        }
    )


def entry(
    ref: str, actor: str, value: int | None = None, kind: str = "statement", **more: Any
) -> Record:
    """An entry that the paper shows, with a stance on `keeps` when it has a value."""
    return {
        "ref": ref,
        "kind": kind,
        "actor": actor,
        "date": "2025-03-01",
        "citations": [{"document": "D0"}],
        "stances": [] if value is None else [{"proposition": "keeps", "value": value}],
        **more,
    }


# ── Origins (4) ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("chosen", "links", "expected"),
    [
        pytest.param("ABW", "W repeats A 2, W repeats B 2", (2, 2), id="who-repeats-two"),
        pytest.param("ABW", "W repeats A 1, W repeats B 1", (1, 3), id="who-may-repeat-two"),
        pytest.param("W", "W repeats A 2, W repeats B 2", (1, 1), id="two-outsiders"),
        pytest.param("WX", "W repeats A 2, X repeats A 1", (1, 2), id="one-surely-one-perhaps"),
        pytest.param("AX", "X repeats W 2, W repeats A 2", (1, 1), id="chain-of-outsiders"),
        pytest.param("AX", "X repeats W 1, W repeats A 2", (1, 2), id="chain-that-may-break"),
        pytest.param("WX", "W repeats X 2, X repeats W 2", (1, 1), id="each-repeats-the-other"),
    ],
)
def test_what_repeats_goes_back_to_what_it_repeats(
    chosen: str, links: str, expected: tuple[int, int]
) -> None:
    casebook = made(
        entry("A", "cutter"),
        entry("B", "bland"),
        entry("W", "institute"),
        entry("X", "coder"),
        links=links,
    )
    assert oracle.origins(oracle.view_of(casebook), chosen) == expected


def test_what_surely_repeats_joins_nothing_by_who_says_it() -> None:
    casebook = made(
        entry("A", "cutter"), entry("W", "pell"), entry("P", "arlen"), links="W repeats A 2"
    )
    assert oracle.origins(oracle.view_of(casebook), "AWP") == (2, 2)


def test_what_is_not_in_the_set_shows_nothing() -> None:
    casebook = made(entry("A", "cutter"), entry("W", "pell", citations=[]), links="W repeats A 2")
    assert oracle.origins(oracle.view_of(casebook), "W") == (0, 1)


def test_a_deed_that_nothing_shows_joins_no_deeds() -> None:
    casebook = made(
        entry("A", "cutter", kind="action"),
        entry("B", "bland", kind="action", citations=[{"document": "D1"}]),
        entry("X", "coder", kind="action", citations=[]),
    )
    assert oracle.origins(oracle.view_of(casebook), "ABX") == (2, 3)


def test_who_repeats_two_origins_is_summed_with_one_of_them() -> None:
    casebook = made(
        entry("A", "cutter", -1),
        entry("B", "bland", -1),
        entry("W", "institute", -2),
        links="W repeats A 2, W repeats B 2",
    )
    (row,) = oracle.hypothesis_sums(casebook, ["keeps"])
    assert (row["sum"], row["rated"]) == (3, 3)


# ── Known by (3.5) ──────────────────────────────────────────────────────────────────────────────


def test_a_copy_is_known_with_what_it_is_a_copy_of() -> None:
    casebook = made(
        entry("A", "cutter", 2), entry("B", "bland", -2, citations=[{"document": "copy"}])
    )
    assert not oracle.contradictions(casebook, Options(known_by="2025-03-20"))
    assert oracle.contradictions(casebook, Options(known_by="2025-04-01"))


def test_what_a_later_entry_supersedes_is_there_until_then() -> None:
    casebook = made(
        entry("A", "cutter", 2),
        entry("B", "bland", -2),
        entry("C", "bland", 0, date="2025-04-01", citations=[{"document": "D1"}]),
        links="C supersedes B 2",
    )
    assert not oracle.contradictions(casebook)
    assert oracle.contradictions(casebook, Options(include_superseded=True))
    assert oracle.contradictions(casebook, Options(known_by="2025-03-20"))


# ── Steps (5) ───────────────────────────────────────────────────────────────────────────────────


def steps(casebook: Casebook) -> dict[str, str | None]:
    """The steps of the words of a casebook."""
    return {row["entry_ref"]: row["step"] for row in oracle.positions(casebook)}


def test_a_word_that_may_be_earlier_may_be_the_last_one() -> None:
    casebook = made(
        entry("A", "arlen", 2, date="2025-03-01"),
        entry("M", "arlen", -2, date="2025-03"),
        entry("Z", "arlen", 2, date="2025-03-20"),
    )
    assert steps(casebook)["Z"] == "order not known"


def test_what_others_said_decides_nothing_while_the_own_order_is_not_known() -> None:
    casebook = made(
        entry("A", "pell", 2, date="2025-03-01"),
        entry("M", "arlen", 2, date="2025-03"),
        entry("Z", "arlen", 2, date="2025-03-20"),
    )
    assert steps(casebook)["Z"] == "order not known"


def test_the_same_again_after_a_hedge_is_reaffirmed() -> None:
    casebook = made(
        entry("A", "arlen", 2, date="2025-03-01"),
        entry("B", "arlen", 0, date="2025-03-02"),
        entry("C", "arlen", 2, date="2025-03-03"),
    )
    assert steps(casebook) == {"A": None, "B": "hedged", "C": "reaffirmed"}


def test_after_nothing_but_zero_there_is_no_step() -> None:
    casebook = made(
        entry("A", "arlen", 0, date="2025-03-01"), entry("B", "arlen", 2, date="2025-03-02")
    )
    assert steps(casebook) == {"A": None, "B": None}


# ── Omissions, record, answers, figures (3.2, 5) ────────────────────────────────────────────────


def test_a_principal_for_whom_no_anonymous_source_speaks_omits_nothing() -> None:
    alone = made(entry("A", "arlen", 2))
    assert not oracle.omissions(alone)
    silent = made(entry("A", "arlen", 2), entry("C", "anon-al", kind="claim"))
    assert [row["warrant"] for row in oracle.omissions(silent)] == ["warranted"]
    relay = [{"document": "D0", "role": "relay"}]
    unknown = made(entry("A", "arlen", 2), entry("C", "anon-al", kind="claim", citations=relay))
    assert [row["warrant"] for row in oracle.omissions(unknown)] == ["not coded in full"]


def test_a_last_day_with_a_zero_counts_nothing() -> None:
    resolved = {"ref": "keeps", "topic": "truce", "truth": True, "resolved_on": "2025-05-01"}
    casebook = made(entry("A", "arlen", 2), entry("B", "arlen", 0), propositions=[resolved])
    assert [row["resolved"] for row in oracle.track_record(casebook)] == [0]


def test_a_promise_is_asked_about_when_somebody_else_replied() -> None:
    own = made(
        entry("K", "arlen", 2, kind="commitment"),
        entry("S", "aland", -2),
        links="S responds_to K 2",
    )
    assert {row["entry_ref"] for row in oracle.answers(own)} == {"S"}
    late = made(
        entry("K", "arlen", 2, kind="commitment"),
        entry("S", "bland", -2, date="2025-03-20"),
        links="S responds_to K 2",
    )
    rows = oracle.answers(late, Options(within=3))
    assert {row["entry_ref"]: row["answer"] for row in rows} == {
        "K": "unanswered",
        "S": "unanswered",
    }


def test_the_date_of_a_deed_lies_within_a_period_and_contains_none() -> None:
    def figure(low: int, high: int | None) -> list[Record]:
        return [{"measure": "strikes", "low": low, "high": high}]

    deed = entry("X", "aland", kind="action", date="2025-03-10", figures=figure(50, 50))
    month = entry("A", "bland", about="2025-03", figures=figure(1, 45))
    day = entry("B", "bland", about="2025-03-10", figures=figure(60, 60))
    assert len(oracle.contradictions(made(deed, month))) == 1
    assert not oracle.contradictions(made(deed, day))


def test_one_time_and_none_on_a_day_are_within_nothing() -> None:
    level = [{"measure": "troops", "low": 10, "high": 10}]
    more = [{"measure": "troops", "low": 20, "high": 20}]
    timed = entry("A", "aland", about="2025-03-10 08:00Z/2025-03-10 20:00Z", figures=level)
    dated = entry("B", "bland", about="2025-03-10", figures=more)
    assert not oracle.contradictions(made(timed, dated))


# ── Windows and clustering (5) ──────────────────────────────────────────────────────────────────


def test_what_falls_into_a_window() -> None:
    windows = {
        "W-open": "2025-03-10/..",
        "W-march": "2025-03",
        "W-spring": "2025-21",
        "W-until": "../2025-03-20",
        "W-undated": None,
    }
    dates = {
        "first": "2025-03-10",
        "later": "2025-04-10",
        "half": "../2025-03-12",
        "over": "2025-02-20/2025-03-05",
        "undated": None,
    }
    casebook = made(
        *(entry(ref, "bland", kind="window", date=date) for ref, date in windows.items()),
        *(entry(ref, "arlen", date=date) for ref, date in dates.items()),
    )
    found: dict[str, dict[str, str]] = {}
    for row in oracle.windows(casebook):
        found.setdefault(row["window_ref"], {})[row["entry_ref"]] = row["certainty"]
    assert found == {
        "W-open": {"first": "certain", "later": "possible", "half": "possible"},
        "W-march": {"first": "certain", "half": "possible", "over": "possible"},
        "W-spring": {
            "first": "certain",
            "later": "certain",
            "half": "possible",
            "over": "possible",
        },
        "W-until": {"first": "possible", "half": "possible", "over": "possible"},
    }


def test_claims_are_counted_in_windows_over_all_rotations() -> None:
    casebook = made(
        entry("W", "bland", kind="window", date="2025-03-02/2025-03-03"),
        entry("A", "anon-a", kind="claim", date="2025-03-02"),
        entry("B", "anon-al", kind="claim", date="2025-03-03"),
        entry("C", "anon-al", kind="claim", date="2025-03-09"),
        entry("D", "anon-al", kind="claim", date="2025-04-09"),
        entry("E", "anon-al", kind="claim", date=None),
        entry("F", "arlen", date="2025-03-02"),
        links="C repeats B 1",
    )
    row = oracle.clustering(casebook, "2025-03-01", "2025-03-10")
    assert row == {
        "groups": 2,
        "left_out": 2,
        "days": 10,
        "covered_days": 2,
        "T": 2,
        "p": 1 / 10,
    }


# ── Time (3.1, 3.2) ─────────────────────────────────────────────────────────────────────────────


def test_the_earlier_instant_comes_first_where_both_have_one() -> None:
    early = {"time_from": "2025-03-01T08:00Z", "time_to": "2025-03-01T08:00Z"}
    late = {"time_from": "2025-03-01T09:00Z", "time_to": "2025-03-01T09:00Z"}
    casebook = made(entry("A", "cutter", 2, **late), entry("B", "bland", -2, **early))
    (row,) = oracle.contradictions(casebook)
    assert (row["subject_ref"], row["counter_ref"], row["days"]) == ("B", "A", 0)
    casebook = made(entry("A", "cutter", 2, **late), entry("B", "bland", -2))
    (row,) = oracle.contradictions(casebook)
    assert (row["subject_ref"], row["counter_ref"]) == ("A", "B")


def test_an_hour_runs_to_its_last_second() -> None:
    hour = {"time_from": "2025-03-01T08:00Z", "time_to": "2025-03-01T08:00Z", "precision": "hour"}
    within = {"time_from": "2025-03-01T08:59Z", "time_to": "2025-03-01T08:59Z"}
    after = {"time_from": "2025-03-01T09:00Z", "time_to": "2025-03-01T09:00Z"}
    promise = entry("K", "arlen", 2, kind="commitment", **hour)
    for deed, timing in ((within, "possible"), (after, "certain")):
        casebook = made(promise, entry("X", "arlen", -2, kind="action", **deed))
        (row,) = oracle.contradictions(casebook)
        assert (row["class"], row["timing"]) == ("breach", timing)


# ── Status (3.4) ────────────────────────────────────────────────────────────────────────────────


def test_a_pair_that_every_judge_of_its_grounds_reconciles_leaves() -> None:
    one, other = entry("A", "anon-a", 2, kind="claim"), entry("B", "anon-al", -2, kind="claim")
    casebook = made(one, other, links="A reconciles B 2")
    assert not oracle.contradictions(casebook)
    (row,) = oracle.contradictions(casebook, Options(include_reconciled=True))
    assert (row["class"], row["status"], row["reconciled_by"]) == (
        "source_conflict",
        "reconciled",
        ["coder"],
    )
    assert [row["worst_strength"] for row in oracle.claims(casebook)] == [None, None]


def test_a_broken_promise_may_rest_on_a_condition_for_its_strength() -> None:
    """By the letter: the strength is that of the best ground, conditional or not."""
    promise = entry("K", "arlen", kind="commitment") | {
        "stances": [
            {"proposition": "keeps", "value": 2, "condition": "if asked"},
            {"proposition": "secret-talks", "value": 1},
        ]
    }
    deed = entry("X", "arlen", kind="action", date="2025-03-10") | {
        "stances": [
            {"proposition": "keeps", "value": -2},
            {"proposition": "secret-talks", "value": -1},
        ]
    }
    (row,) = oracle.promises(made(promise, deed), Options(as_of="2025-04-01"))
    assert row["state"] == "broken"
