"""Casebooks of which the first version of the definitions said more than the evidence bears.

Each test says what was misleading, and that no command says it any more. The casebooks are those
of definitions/ (analyst-...), loaded and asked about as an analyst does.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commandline import CommandLine
from conftest import NewTarget

FOLDER = Path(__file__).parents[1] / "definitions"
Rows = list[dict[str, Any]]


class Analyst(CommandLine):
    """Asks for rows."""

    def asks(self, *command: str) -> Rows:
        """Return the rows that a command prints as JSON."""
        rows: Rows = json.loads(self.does(*command, "--format", "json"))
        return rows

    def pairs(self, *options: str) -> dict[str, str | None]:
        """Return the class of each pair that is listed, by its refs."""
        rows = self.asks("report", "contradictions", *options)
        return {f"{row['subject_ref']} {row['counter_ref']}": row["class"] for row in rows}


@pytest.fixture
def analyst(new_target: NewTarget, request: pytest.FixtureRequest) -> Iterator[Analyst]:
    """An analyst at the casebook whose number the name of a test ends in."""
    number = request.node.name.rpartition("_")[2]
    (casebook,) = FOLDER.glob(f"analyst-{number}-*/casebook.yaml")
    with new_target("sqlite") as target:
        found = Analyst(target, author="author")
        found.does("load", str(casebook))
        yield found


def row_of(rows: Rows, **having: Any) -> dict[str, Any]:
    """The one row that has these values."""
    (row,) = [row for row in rows if all(row[name] == value for name, value in having.items())]
    return row


# --- promises -------------------------------------------------------------------------------------


def test_a_strike_after_a_promise_of_30_days_has_ended_is_no_breach_01(analyst: Analyst) -> None:
    """It would have been one had the end been left out: only a control."""
    assert analyst.pairs() == {}


def test_a_strike_in_the_morning_before_a_promise_in_the_evening_is_a_possible_breach_02(
    analyst: Analyst,
) -> None:
    """A strike of the same day, or of some day of the month, was a breach like any other."""
    rows = analyst.asks("report", "contradictions")
    assert [(row["counter_ref"], row["class"], row["timing"]) for row in rows] == [
        ("X", "breach", "possible"),
        ("Y", "breach", "possible"),
    ]
    assert analyst.pairs("--class", "breach", "--timing", "certain") == {}


def test_a_promise_under_a_condition_is_not_broken_11(analyst: Analyst) -> None:
    """A deed against it was a dispute, as if strangers had differed; now it is out of line."""
    row = row_of(analyst.asks("report", "contradictions"), subject_ref="K")
    assert (row["counter_ref"], row["class"]) == ("X", "inconsistent_line")
    assert row["conditions"] == ["as long as Bland makes none"]
    assert analyst.pairs("--class", "breach") == {}


def test_another_president_does_not_break_the_promise_of_one_19(analyst: Analyst) -> None:
    """A vote after three years, by another president, was a breach of the state's promise."""
    assert analyst.pairs() == {"K X": "inconsistent_line"}


def test_where_nothing_is_dated_a_breach_is_possible_and_words_are_not_belied_20(
    analyst: Analyst,
) -> None:
    """Undated words were belied by an undated deed, and the promise was broken for sure."""
    rows = analyst.asks("report", "contradictions")
    assert {row["subject_ref"]: (row["class"], row["timing"]) for row in rows} == {
        "K": ("breach", "possible"),
        "S": ("at_odds_with_action", None),
    }
    assert {row["days"] for row in rows} == {None}


# --- words and deeds ------------------------------------------------------------------------------


def test_the_accuser_s_case_does_not_belie_the_accused_04(analyst: Analyst) -> None:
    """That one side opened a criminal case "belied" the denial of the other."""
    assert analyst.pairs() == {"S X": "countered_by_action"}


def test_words_of_2031_are_not_belied_by_a_deed_five_years_before_08(analyst: Analyst) -> None:
    """The deed was said to belie words that came later; the dates were not noticed."""
    row = row_of(analyst.asks("report", "contradictions"))
    assert (row["subject_ref"], row["counter_ref"]) == ("W", "X")
    assert (row["class"], row["days"]) == ("at_odds_with_action", -1826)
    answer = analyst.run("check", "--format", "json")
    late = [row for row in json.loads(answer.stdout) if row["lint"] == "dated_after_documents"]
    assert {ref for row in late for ref in row["refs"]} == {"W", "X"}


def test_a_deed_after_the_period_of_which_words_speak_says_nothing_of_them_18(
    analyst: Analyst,
) -> None:
    """It belied them, though they spoke of the time until April; the deed in that time does."""
    rows = analyst.asks("report", "contradictions")
    assert {
        (row["subject_ref"], row["counter_ref"], row["class"], row["timing"]) for row in rows
    } == {
        ("K", "X1", "breach", "certain"),
        ("S1", "X1", "belied_by_action", "certain"),
    }


def test_what_was_said_of_march_is_not_opposed_by_what_was_done_in_may_10(
    analyst: Analyst,
) -> None:
    """A deed of May belied words on March, and a statement was opposed in another month's name.

    They are kept apart in `contradictions`; the sides of the proposition are both listed.
    """
    assert analyst.pairs() == {}
    row = row_of(analyst.asks("report", "corroboration", "--proposition", "keeps"))
    assert (row["affirmers"], row["deniers"]) == (["S1"], ["S2", "S3", "X"])


# --- statements -----------------------------------------------------------------------------------


def test_two_presidents_reverse_nothing_03(analyst: Analyst) -> None:
    """What one president said and another said later was one voice's reversal."""
    assert analyst.pairs() == {"B T": "inconsistent_line"}
    assert analyst.pairs("--class", "reversal") == {}


def test_a_statement_of_ten_days_before_denies_nothing_07(analyst: Analyst) -> None:
    """A recorded reply was a denial even where it came before what it was to deny."""
    row = row_of(analyst.asks("report", "contradictions"))
    assert (row["class"], row["days"]) == ("at_odds_with_record", -10)
    assert row_of(analyst.asks("report", "claims"), ref="C1")["denied_by"] == 0
    assert row_of(analyst.asks("report", "claims"), ref="C1")["opposed_by"] == 1
    early = json.loads(analyst.run("check", "--format", "json").stdout)
    assert any({"C1", "S1"} <= set(row["refs"]) for row in early)


def test_a_step_by_step_retreat_is_a_reversal_by_its_last_word_alone_12(analyst: Analyst) -> None:
    """ "No comment" opposes nothing, and the reservation is printed with the condition it made."""
    rows = analyst.asks("report", "contradictions")
    assert {
        (row["subject_ref"], row["counter_ref"], row["class"], row["strength"]) for row in rows
    } == {
        ("S1", "S4", "reversal", 1),
        ("S2", "S4", "reversal", 1),
    }
    assert row_of(rows, subject_ref="S2")["conditions"] == ["unless they go on"]


def test_two_sides_that_accuse_each_other_deny_nothing_of_each_other_21(analyst: Analyst) -> None:
    """Each speaks of what the other did: there is no proposition on which they differ."""
    assert analyst.pairs() == {}
    assert {row["proposition"] for row in analyst.asks("report", "corroboration")} >= {
        "did",
        "keeps",
    }


# --- judges ---------------------------------------------------------------------------------------


def test_who_judged_nothing_does_not_take_a_pair_off_the_report_05(analyst: Analyst) -> None:
    """One word "may be compatible" of a judge without a reading made it vanish for everybody."""
    row = row_of(analyst.asks("report", "contradictions"))
    assert (row["class"], row["status"], row["reconciled_by"]) == (
        "countered_by_action",
        "disputed",
        ["bland"],
    )
    assert analyst.asks("report", "contradictions", "--include-reconciled") == [row]
    alone = row_of(analyst.asks("report", "contradictions", "--asserted-by", "cland"))
    assert (alone["status"], alone["reconciled_by"]) == ("confirmed", [])


def test_what_was_reconciled_though_nothing_opposes_it_can_be_seen_09(analyst: Analyst) -> None:
    """The judgement left no trace in any report, as if nobody had looked at the two."""
    assert analyst.pairs() == {}
    row = row_of(analyst.asks("report", "contradictions", "--include-reconciled"))
    assert (row["subject_ref"], row["counter_ref"], row["via"]) == ("S", "X", ["reconciles"])
    assert (row["class"], row["strength"], row["timing"]) == (None, None, None)
    assert (row["status"], row["reconciled_by"]) == ("reconciled", ["author"])


# --- origins --------------------------------------------------------------------------------------


def test_two_anonymous_groups_of_one_paper_may_be_the_same_people_06(analyst: Analyst) -> None:
    """They were two independent origins, and either claim was corroborated by the other."""
    row = row_of(analyst.asks("report", "corroboration", "--proposition", "talks"))
    assert (row["affirmed_by"], row["affirmed_publishers"]) == (2, 1)
    assert (row["affirmed_independent_min"], row["affirmed_independent_max"]) == (1, 2)
    for claim in analyst.asks("report", "claims"):
        assert (claim["independent_min"], claim["independent_max"]) == (0, 1)
    singles = analyst.asks("report", "claims", "--single-origin")
    assert {row["ref"] for row in singles} == {"C1", "C2"}
    assert "1 to 2 origins" in analyst.does("report", "corroboration", "--proposition", "talks")


def test_one_press_secretary_three_times_is_one_origin_and_one_record_13(analyst: Analyst) -> None:
    """He corroborated himself, and was wrong three times in one thing; uncited words counted."""
    row = row_of(analyst.asks("report", "claims"))
    assert (row["affirmed_by"], row["independent_min"], row["independent_max"]) == (4, 1, 2)
    analyst.does("proposition", "resolve", "keeps", "false", "--on", "2025-06-01")
    record = row_of(analyst.asks("report", "track-record"), source="pell")
    assert (record["resolved"], record["right"], record["wrong"]) == (1, 0, 1)
    assert record["mean"] == 0.25


def test_one_side_s_denials_count_once_against_a_hypothesis_16(analyst: Analyst) -> None:
    """Three denials of one side outweighed everything; a hypothesis rated once had a sum of 2."""
    rows = analyst.asks("report", "hypotheses", "did", "talks", "--sums")
    assert {row["proposition"]: (row["sum"], row["rated"]) for row in rows} == {
        "did": (2, 4),
        "talks": (None, 1),
    }


# --- refusals -------------------------------------------------------------------------------------


def test_every_error_of_a_file_is_named_at_once_15(new_target: NewTarget, tmp_path: Path) -> None:
    """The first alone was named, so that five errors took five loads."""
    file = tmp_path / "errors.yaml"
    said = 'kind: statement, actor: nobody, summary: x, date: "2025-01-01"'
    file.write_text(
        "claimtrack: 1\n"
        "entries:\n"
        f"  - {{ref: a, {said}}}\n"
        f"  - {{ref: b, {said}, stances: [{{proposition: none, value: 2}}]}}\n"
        f"  - {{ref: c, {said}, citations: [{{document: nix, role: primary}}]}}\n",
        encoding="utf-8",
    )
    with new_target("sqlite") as target:
        code, message = Analyst(target).refuses("load", str(file))
    named = [line.removeprefix(f"{file}:").split(":")[0] for line in message.splitlines()]
    assert (code, named) == (2, ["3", "4", "4", "5", "5"])
    for word in ("'nobody'", "'none'", "'nix'"):
        assert word in message
