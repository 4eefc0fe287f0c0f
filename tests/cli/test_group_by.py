"""Contradictions as the command line shows them: their words, and their groups."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from casebook import Casebook
from commandline import CommandLine
from conftest import Typed

DAY = {"date_from": "2024-01-25", "date_to": "2024-01-25"}
CASES = Path(__file__).parents[2] / "data" / "isw-negotiations"


def log_pairs(case: Casebook) -> None:
    """Log a denial, a disputed pair, a breach of unknown order, and a reconciled pair."""
    case.actor("russia", kind="state").actor("peskov", parent="russia")
    case.claim("C", affirms="chan", actor="peskov", summary="A channel there is", **DAY)
    case.statement("S", denies="chan", responds_to="C", actor="envoy", **DAY)
    case.statement("T", stances={"chan": -1}, actor="envoy", date_from="2024-02-03")
    case.link("C", "contradicts", "T", judge="bea")
    case.link("C", "reconciles", "T", judge="cam", rationale="another channel")
    case.commitment("K", affirms="kept", actor="peskov", on_behalf_of="russia")
    case.action("X", denies="kept", actor="russia", **DAY)
    case.claim("Y", affirms="r", actor="peskov").claim("Z", denies="r", actor="envoy")
    case.link("Y", "reconciles", "Z", judge="coder", rationale="two weeks")


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(log_pairs)


def test_a_table_says_what_is_not_known_and_who_disputes_a_pair(line: CommandLine) -> None:
    told = line.does("report", "contradictions", "--subject-kind", "commitment")
    assert re.search(r"breach\n.* order not known", told)
    assert "of russia" in told
    told = line.does("report", "contradictions", "--status", "disputed")
    told = re.sub(r"\s+", " ", told)
    assert "disputed: bea contradicts, cam reconciles (another channel)" in told


def test_a_reconciled_pair_says_who_reconciles_it_and_why(line: CommandLine) -> None:
    assert "reconciled" not in line.does("report", "contradictions")
    told = line.does("report", "contradictions", "--status", "reconciled")
    assert "reconciled: coder" in told
    assert "reconciles (two weeks)" in told


def test_a_pair_that_is_not_opposed_says_so(line: CommandLine) -> None:
    line.does("link", "add", "K", "reconciles", "S", "--rationale", "no bearing")
    told = line.does("report", "contradictions", "--include-reconciled")
    assert "not opposed" in told
    assert "strength None" not in told


def test_each_subject_stands_once_above_what_opposes_it(line: CommandLine) -> None:
    answer = line.run("report", "contradictions", "--group-by", "subject")
    lines = answer.stdout.splitlines()
    assert lines[:4] == [
        "C: A channel there is",
        "═════════════════════",
        "claim by peskov, of russia, 2024-01-25",
        "",
    ]
    refs = [text.split()[0] for text in lines if re.match(r"  [A-Z] ", text)]
    assert refs == ["S", "T", "X"]
    titles = [before for before, text in pairwise(lines) if text[:1] == "═"]
    assert titles == ["C: A channel there is", "K: What K says."]
    assert answer.stderr == "3 pairs\n"


def test_each_proposition_stands_once_with_a_line_for_each_voice(line: CommandLine) -> None:
    answer = line.run("report", "contradictions", "--group-by", "proposition")
    assert [" ".join(text.split()) for text in answer.stdout.splitlines() if text] == [
        "chan: Proposition chan.",
        "═══════════════════════",
        "2 pairs: at_odds_with_record 1, denial 1; 1 disputed; in the reading of coder",
        "affirm it:",
        "peskov, of russia 2024-01-25 claim C +2",
        "deny it:",
        "envoy 2024-01-25/.. statement S -2; statement T -1",
        "kept: Proposition kept.",
        "═══════════════════════",
        "1 pair: breach (order or period not known) 1; in the reading of coder",
        "affirm it:",
        "peskov, of russia undated commitment K +2, also of russia",
        "deny it:",
        "russia 2024-01-25 action X -2",
    ]
    assert answer.stderr == "3 pairs\n"


@pytest.mark.parametrize("group_by", ["subject", "proposition"])
def test_a_limit_counts_pairs_and_what_is_left_out_is_said(
    line: CommandLine, group_by: str
) -> None:
    words = ("report", "contradictions", "--group-by", group_by)
    answer = line.run(*words, "--limit", "1")
    assert answer.stderr == "1 of 3 pairs shown: use --limit, or --format markdown, for more\n"
    assert "kept" not in answer.stdout
    markdown = line.does(*words, "--format", "markdown", "--limit", "1")
    assert markdown.count("### ") == 1
    assert line.run(*words, "--offset", "3").stderr == (
        "0 pairs: the page begins after the last row\n"
    )


def test_groups_in_markdown_are_headings_with_tables(line: CommandLine) -> None:
    words = ("report", "contradictions", "--format", "markdown", "--group-by")
    told = line.does(*words, "subject")
    assert told.startswith(
        "### C: A channel there is\n\nclaim by peskov, of russia, 2024-01-25\n\n"
        "| against it | how, and on what |\n| --- | --- |\n| S<br>statement, envoy<br>"
    )
    assert "<br>disputed: bea contradicts, cam reconciles (another channel) |" in told
    told = line.does(*words, "proposition")
    assert "**deny it:**\n\n| voice | first and last day | entries |\n" in told
    assert "| envoy | 2024-01-25/.. | statement S -2; statement T -1 |" in told


def test_pairs_on_no_proposition_come_last(line: CommandLine) -> None:
    line.does("link", "add", "S", "contradicts", "K")
    told = line.does("report", "contradictions", "--group-by", "proposition")
    _, _, last = told.partition("On no proposition\n")
    assert "dispute" in last
    assert re.search(r"^  K +S ", last, re.MULTILINE)


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_a_format_of_rows_has_no_groups(line: CommandLine, form: str) -> None:
    words = ("report", "contradictions", "--group-by", "subject", "--format", form)
    assert line.refuses(*words) == (
        2,
        f"--group-by is for --format table and markdown: {form} has one row for each pair",
    )


def test_groups_have_an_order_of_their_own(line: CommandLine) -> None:
    words = ("report", "contradictions", "--group-by", "subject", "--sort", "days")
    assert line.refuses(*words) == (2, "--group-by has an order of its own: leave out --sort")


def test_where_nothing_contradicts_anything_there_are_no_groups(typed: Typed) -> None:
    line = typed(lambda case: case.claim("C"))
    for group_by in ("subject", "proposition"):
        answer = line.run("report", "contradictions", "--group-by", group_by)
        assert (answer.stdout, answer.code) == ("", 0)
        assert answer.stderr.startswith("0 pairs: no entry has a stance yet")


@pytest.mark.parametrize("width", ["60", "80", "100"])
def test_groups_keep_to_the_width_of_the_terminal(
    line: CommandLine, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    line.does("load", *map(str, sorted(CASES.glob("*.yaml"))))
    for group_by in ("subject", "proposition"):
        words = ("report", "contradictions", "--group-by", group_by, "--limit", "100")
        assert 0 < max(map(len, line.does(*words).splitlines())) <= int(width)


def test_the_claims_table_counts_all_that_oppose_and_those_that_deny(line: CommandLine) -> None:
    told = line.does("report", "claims", "--contested")
    heading, _, *lines = told.splitlines()
    assert heading.split()[-4:] == ["other", "origins", "against", "grade"]
    at = heading.index("against")
    assert [text[at:].strip() for text in lines] == ["2", "1 denies", "worst 2"]


def test_a_voice_that_speaks_through_another_or_with_it_is_named(typed: Typed) -> None:
    def log(case: Casebook) -> None:
        case.actor("russia", kind="state").actor("peskov", parent="russia").actor("putin")
        together = [{"role": "co_actor", "actor": "putin"}]
        case.statement("S", affirms="p", actor="peskov", participants=together, **DAY)
        case.statement("T", denies="p", actor="putin", date_from="2024-02-03")
        case.statement("U", denies="p", actor="envoy", on_behalf_of="russia", **DAY)

    told = typed(log).does("report", "contradictions", "--group-by", "proposition")
    told = re.sub(r"\s+", " ", told)
    assert "statement S +2, also of putin" in told
    assert "statement U -2, also of russia" in told
    assert "statement T -2" in told
    assert "statement T -2, also" not in told
