"""Stances, links, citations and grades, added and taken back as users type it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from claimtrack.vocab import SYMMETRIC
from commandline import CommandLine, read_csv


def test_a_negative_value_works_as_typed(denial: CommandLine) -> None:
    denial.does("stance", "set", "C-1", "chan", "-2", "--basis", "inferred")
    denial.does("stance", "set", "--asserted-by", "bloomberg", "S-1", "chan", "-2")
    listed = read_csv(denial.does("stance", "list", "--format", "csv"))
    assert [(row["entry"], row["asserted_by"], row["value"], row["basis"]) for row in listed] == [
        ("C-1", "test-analyst", "-2", "inferred"),
        ("S-1", "bloomberg", "-2", "explicit"),
        ("S-1", "test-analyst", "-1", "explicit"),
    ]


def test_a_stance_is_taken_back(denial: CommandLine) -> None:
    denial.does("stance", "remove", "S-1", "chan")
    listed = read_csv(denial.does("stance", "list", "--format", "csv"))
    assert [row["entry"] for row in listed] == ["C-1"]


def test_links_are_added_and_taken_back(denial: CommandLine) -> None:
    denial.does("link", "add", "S-1", "contradicts", "C-1", "--strength", "1")
    assert denial.refuses("link", "add", "C-1", "contradicts", "S-1")[0] == 4
    denial.does("link", "remove", "S-1", "contradicts", "C-1")
    listed = read_csv(denial.does("link", "list", "--format", "csv"))
    assert [row["relation"] for row in listed] == ["responds_to"]


def test_a_link_without_direction_is_told_and_listed_as_it_was_typed(denial: CommandLine) -> None:
    typed = ("S-1", "contradicts", "C-1")
    assert denial.run("link", "add", *typed).stderr == "added link S-1 contradicts C-1\n"
    assert denial.refuses("link", "add", *typed)[1].startswith("the link S-1 contradicts C-1 by")
    listed = {
        named: read_csv(
            denial.does("link", "list", *named, "--min-strength", "2", "--format", "csv")
        )
        for named in ((), ("--entry", "S-1"), ("--entry", "C-1"))
    }
    ends = {
        named: [row["from"] for row in found if row["relation"] == "contradicts"]
        for named, found in listed.items()
    }
    assert ends == {(): ["C-1"], ("--entry", "S-1"): ["S-1"], ("--entry", "C-1"): ["C-1"]}
    removed = denial.run("link", "remove", *typed).stderr
    assert removed.startswith("removed link S-1/contradicts/C-1/")


@pytest.mark.parametrize("command", ["add", "list"])
def test_help_names_every_relation_without_direction(command: str) -> None:
    text = " ".join(CommandLine("unused.db").does("link", command, "--help").split())
    about = text.partition("Examples")[0]
    assert all(word.value in about for word in SYMMETRIC)
    assert "direction" in about


def test_citations_are_added_and_the_one_meant_is_taken_back(denial: CommandLine) -> None:
    denial.does("citation", "add", "C-1", "BBG-0125", "--via", "BBG-0125", "--label", "[1]")
    assert denial.refuses("citation", "remove", "C-1", "BBG-0125") == (
        4,
        "C-1 cites BBG-0125 2 times: choose the one without --via and --label or "
        "--via BBG-0125 --label [1]",
    )
    denial.does("citation", "remove", "C-1", "BBG-0125", "--label", "[1]")
    denial.does("citation", "remove", "C-1", "BBG-0125")
    assert read_csv(denial.does("citation", "list", "--format", "csv")) == []


@pytest.fixture
def another_day_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A time zone in which it is another day than in UTC."""
    ahead = datetime.now(UTC).hour >= 12
    monkeypatch.setenv("TZ", "Etc/GMT-14" if ahead else "Etc/GMT+12")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("another_day_here")
def test_a_grade_is_dated_today_in_utc_unless_another_day_is_given(denial: CommandLine) -> None:
    denial.does(
        "grade", "add", "C-1", "b2", "--graded-on", "2024-05-24", "--graded-by", "bloomberg"
    )
    before = datetime.now(UTC).date()
    denial.does("grade", "add", "C-1", "F6")
    days = {before.isoformat(), datetime.now(UTC).date().isoformat()}
    given, usual = read_csv(denial.does("grade", "list", "--format", "csv"))
    names = ("graded_by", "graded_on", "reliability", "credibility")
    assert [given[name] for name in names] == ["bloomberg", "2024-05-24", "B", "2"]
    assert [usual[name] for name in names if name != "graded_on"] == ["test-analyst", "F", "6"]
    assert usual["graded_on"] in days
