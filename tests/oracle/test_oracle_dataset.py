"""The oracle gives the answers that the dataset of the project must give (model, section 7)."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable

import pytest
from ruamel.yaml import YAML

import oracle
from oracle import Casebook, Options

FOLDER = pathlib.Path(__file__).parents[2] / "data" / "isw-negotiations"
Pairs = set[tuple[str, str]]
AFFIRMERS = ("C1", "C8", "C9", "C11", "C12")


@pytest.fixture(scope="module")
def casebook() -> Casebook:
    """The dataset."""
    paths = sorted(FOLDER.glob("*.yaml"))
    return oracle.read_casebook(*(YAML(typ="safe").load(path.read_text("utf-8")) for path in paths))


def pairs(casebook: Casebook, **options: str) -> Pairs:
    """The refs of the pairs that the report lists."""
    rows = oracle.contradictions(casebook, oracle.read_options(options))
    return {(row["subject_ref"], row["counter_ref"]) for row in rows}


def each(subjects: Iterable[str], counters: Iterable[str]) -> Pairs:
    """Every one against every one."""
    counters = list(counters)
    return {(subject, counter) for subject in subjects for counter in counters}


def test_there_are_79_pairs(casebook: Casebook) -> None:
    assert len(oracle.contradictions(casebook)) == 79


def test_denials_are_the_replies_to_the_january_claims(casebook: Casebook) -> None:
    rows = oracle.contradictions(casebook, Options(cls="denial"))
    assert {
        (row["subject_ref"], row["counter_ref"], row["strength"], row["basis"]) for row in rows
    } == {
        ("C10b", "ST1", 2, "explicit"),
        ("C10", "ST1", 1, "inferred"),
        ("C9", "ST2", 1, "explicit"),
        ("C10", "ST2", 1, "explicit"),
        ("C10b", "ST2", 1, "explicit"),
    }


def test_claims_are_at_odds_with_the_record(casebook: Casebook) -> None:
    rows = oracle.contradictions(casebook, Options(cls="at_odds_with_record"))
    found = {(row["subject_ref"], row["counter_ref"]): row["days"] for row in rows}
    assert set(found) == (
        each(("C1", "C8", "C9", "C11", "C12"), ("ST3", "ST5", "ST11"))
        | each(("C10", "C10b"), ("ST5", "ST7", "ST9", "ST10"))
        | {("C8", "ST2")}
    )
    assert len(found) == 24
    assert found["C9", "ST3"] == -6


def test_words_are_at_odds_with_deeds_and_belied_by_none(casebook: Casebook) -> None:
    rows = oracle.contradictions(casebook, Options(cls="at_odds_with_action"))
    assert {(row["subject_ref"], row["counter_ref"]) for row in rows} == (
        each((*AFFIRMERS, "ST13"), ("X3", "X4", "X5")) | {("C6", "X6")}
    )
    assert {(row["strength"], row["basis"], row["timing"]) for row in rows} == {
        (1, "inferred", None)
    }
    assert all("isw" in row["asserted_by"] for row in rows)
    assert not pairs(casebook, cls="belied_by_action") | pairs(casebook, cls="countered_by_action")


def test_three_pairs_of_claims_conflict(casebook: Casebook) -> None:
    rows = oracle.contradictions(casebook, Options(cls="source_conflict"))
    assert {(row["subject_ref"], row["counter_ref"], *row["via"]) for row in rows} == {
        ("C2", "C3", "proposition"),
        ("C4", "C5", "link"),
        ("C12", "C13", "link"),
    }
    assert {row["strength"] for row in rows} == {1}


def test_three_commitments_are_breached(casebook: Casebook) -> None:
    rows = oracle.contradictions(casebook, Options(cls="breach"))
    assert {(row["subject_ref"], row["counter_ref"], row["timing"]) for row in rows} == {
        ("K1", "X1", "certain"),
        ("K2", "X1", "certain"),
        ("K3", "X1", "possible"),
    }


def test_one_voice_reversed_itself_twice(casebook: Casebook) -> None:
    assert pairs(casebook, cls="reversal") == {("ST13", "ST5"), ("ST13", "ST11")}
    assert pairs(casebook, cls="dispute") == {("ST13", "ST3")}
    assert not pairs(casebook, cls="inconsistent_line")


def test_assessments_stand_against_claims(casebook: Casebook) -> None:
    found = pairs(casebook, cls="assessed_against")
    assert found >= (
        each(("C10", "C10b"), ("A4", "A8", "A19"))
        | each(AFFIRMERS, ("A9",))
        | {("C5", "A15"), ("C6", "F1")}
    )
    assert len(found) == 22


def test_three_anonymous_claims_are_uncontradicted(casebook: Casebook) -> None:
    rows = oracle.claims(casebook, Options(principal="russia"))
    assert {
        row["ref"]
        for row in rows
        if oracle.uncontradicted(row) and casebook.actors[row["actor"]].kind == "anonymous"
    } == {"C1b", "C7", "C7b"}


def test_nothing_of_may_was_known_in_january(casebook: Casebook) -> None:
    found = pairs(casebook, known_by="2024-01-26")
    assert found >= {("C9", "ST2"), ("C9", "ST3"), ("C10b", "ST1"), ("C8", "ST3")}
    later = {"C1", "C11", "X3", "X4", "X5", "ST11", "A9", "A14", "A15", "A16", "A19", "F1"}
    assert not any(later & set(pair) for pair in found)


def test_two_war_aims_are_omitted(casebook: Casebook) -> None:
    rows = oracle.omissions(casebook, Options(topic="war-aims", principal="russia"))
    assert [(row["topic"], row["warrant"], row["warranted_by"]) for row in rows] == [
        ("demilitarisation", "not coded in full", ["A18"]),
        ("regime-change", "not coded in full", ["A18"]),
    ]


def test_signals_fall_into_windows(casebook: Casebook) -> None:
    options = Options(topic="ceasefire", kind=("claim", "statement"), affirming=True)
    assert {
        (row["window_ref"], row["entry_ref"], row["certainty"])
        for row in oracle.windows(casebook, options)
    } == {
        ("W1", "ST13", "certain"),
        ("W2", "C8", "certain"),
        ("W2", "C9", "certain"),
        ("W2", "C11", "certain"),
        ("W2", "C12", "possible"),
        ("W3", "C1", "certain"),
        ("W3", "C12", "possible"),
    }


def test_four_reports_of_one_side_are_one_to_four_origins(casebook: Casebook) -> None:
    view = oracle.view_of(casebook)
    assert oracle.origins(view, ["C1", "C8", "C9", "C11"]) == (1, 4)
    assert oracle.origins(view, [*AFFIRMERS, "ST13"]) == (2, 6)


def test_the_sum_of_a_hypothesis_that_one_entry_rates_is_not_given(casebook: Casebook) -> None:
    ready, feigned = oracle.hypothesis_sums(casebook, ["ceasefire-ready", "feigned"])
    assert ready["sum"] > 0
    assert (feigned["sum"], feigned["rated"]) == (None, 1)
    assert ready["assessments_left_out"] > 0


def test_no_source_has_a_record(casebook: Casebook) -> None:
    rows = oracle.track_record(casebook)
    assert rows
    assert {(row["resolved"], row["mean"]) for row in rows} == {(0, None)}


def test_january_claims_were_answered(casebook: Casebook) -> None:
    asked = {"C1", "C9", "C10", "C10b"}
    assert {
        (row["entry_ref"], row["reply_ref"], row["answer"])
        for row in oracle.answers(casebook)
        if row["entry_ref"] in asked
    } == {
        ("C1", None, "unanswered"),
        ("C9", "ST2", "disputes"),
        ("C9", "ST4", "answers"),
        ("C10", "ST1", "disputes"),
        ("C10", "ST2", "disputes"),
        ("C10b", "ST1", "denies"),
        ("C10b", "ST2", "disputes"),
    }


def test_promises_stand_as_of_may(casebook: Casebook) -> None:
    rows = oracle.promises(casebook, Options(as_of="2024-05-24"))
    assert {row["ref"]: row["state"] for row in rows} == {
        "K1": "broken",
        "K2": "broken",
        "K3": "possibly_broken",
        "K4": "open",
    }
