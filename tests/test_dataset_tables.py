"""The ISW dataset as tables, on a terminal of 80 columns."""

import re

import pytest

from commandline import CommandLine
from conftest import Filled
from packaged_dataset import load


@pytest.fixture
def casebook(backend: str, filled: Filled) -> str:
    """The dataset, loaded once into each kind of database."""
    return filled(backend, load)


@pytest.fixture
def narrow(casebook: str, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    return CommandLine(casebook)


def lines(narrow: CommandLine, *args: str) -> list[str]:
    found = narrow.does(*args).splitlines()
    assert max(map(len, found)) <= 80
    return found


@pytest.mark.one_database
def test_the_matrix_stays_a_matrix_on_a_narrow_terminal(narrow: CommandLine) -> None:
    found = lines(narrow, "report", "hypotheses", "ceasefire-ready", "feigned")
    assert found[0].split() == ["entry", "summary", "ceasefire-ready", "feigned", "diagnosticity"]
    assert [line.split() for line in found[-3:]] == [
        ["inconsistency", "3", "no", "sum"],
        ["12", "rated", "1", "rated"],
        ["0", "inferred"],
    ]


@pytest.mark.one_database
def test_a_claim_is_a_row_on_a_narrow_terminal(narrow: CommandLine) -> None:
    found = lines(narrow, "report", "claims")
    assert " ".join(found[0].split()) == "claim summary for other origins against grade"
    at = next(at for at, line in enumerate(found) if line.startswith("C9 "))
    assert re.search(r" 7 +1 to 5 +9 +F6$", found[at])
    assert [line[-16:].split() for line in found[at + 1 : at + 3]] == [
        ["1", "denies"],
        ["worst", "2"],
    ]


def test_the_rows_that_a_table_leaves_out_are_counted(narrow: CommandLine) -> None:
    for report in ("claims", "contradictions", "positions", "citations"):
        every = len(narrow.does("report", report, "--format", "jsonl").splitlines())
        told_of = narrow.run("report", report, "--limit", "3").stderr
        assert told_of.startswith(f"3 of {every} rows shown")


@pytest.mark.one_database
def test_coverage_shows_topics_down_and_sources_across(narrow: CommandLine) -> None:
    found = lines(narrow, "report", "coverage", "--principal", "russia")
    sources = ["BBG-0125", "NYT-1223", "RTR-0213", "RTR-0524"]
    assert found[0].split() == ["topic", "on", "record", *sources]
    at = found.index(next(line for line in found if line.startswith("back-channel ")))
    assert found[at].split() == ["back-channel", "0", *["addressed"] * 2, *["not", "coded"] * 2]
    assert found[at + 1].split() == ["3", "claims", "1", "claim"]
    cut = ("--format", "markdown", "--limit", "1", "--offset", "1")
    [*_, last] = narrow.does("report", "coverage", "--principal", "russia", *cut).splitlines()
    assert last.startswith("| ceasefire | 6 | addressed; 1 claim |")


@pytest.mark.one_database
def test_tables_name_the_judges_and_the_conditions(narrow: CommandLine) -> None:
    steps = lines(narrow, "report", "positions", "--actor", "russia", "--topic", "ceasefire")
    assert any(line.rstrip().endswith("by isw") for line in steps)
    assessed = narrow.does("report", "contradictions", "--class", "assessed_against")
    assert "by isw" in assessed
    assert "if: barring a" in assessed
