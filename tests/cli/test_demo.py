"""The demo: the packaged dataset in a folder of its own."""

import re
import shlex
from pathlib import Path

import pytest

from commandline import CommandLine


def test_the_demo_shows_and_writes_the_contradictions_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli = CommandLine("claimtrack.db")
    first = cli.run("demo")
    revisions = cli.revisions()
    assert first.code == 0
    titles = [line for line in first.stdout.splitlines() if re.match(r"[A-Z][\w]*: ", line)]
    assert (
        titles[0] == "C1: Putin is ready for a negotiated ceasefire along the front lines of today"
    )
    assert len(titles) == len(set(titles)) > 5
    assert " of 79 pairs shown: use --limit, or --format markdown, for more\n" in first.stderr
    assert "all of them are in contradictions.csv" in first.stderr
    assert (tmp_path / "contradictions.csv").read_text().startswith("subject_ref,subject_kind,")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "claimtrack.db",
        "contradictions.csv",
    ]
    again = cli.run("demo")
    assert (again.code, again.stdout, cli.revisions()) == (0, first.stdout, revisions)
    advice = [line for line in first.stderr.splitlines() if line.startswith("  claimtrack ")]
    assert len(advice) >= 3
    for line in advice:
        assert cli.run(*line.split()[1:]).code == 0, line


def test_the_demo_refuses_a_casebook_of_its_owner(paths: CommandLine) -> None:
    paths.does("topic", "add", "Mine")
    assert paths.refuses("demo") == (
        4,
        f"{paths.target} already holds another casebook: choose another file, "
        "as in 'claimtrack --db demo.db demo'",
    )


def test_the_demo_loads_the_other_dataset_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli = CommandLine("truce.db")
    first = cli.run("demo", "truce")
    assert (first.code, first.stdout[:3]) == (0, "A2:")
    advice = [line for line in first.stderr.splitlines() if line.startswith("  claimtrack ")]
    assert len(advice) >= 3
    for line in advice:
        assert cli.run(*shlex.split(line)[1:]).code == 0, line
    assert cli.run("demo").code == 4
    answer = cli.run("demo", "peace")
    assert (answer.code, "'peace' is not one of talks, truce" in answer.stderr) == (2, True)
