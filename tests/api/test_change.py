"""Changes: records added, edited and removed through the library."""

import json
from typing import Any

import pytest

from claimtrack import open_casebook
from claimtrack.api import Casebook
from claimtrack.errors import (
    ClaimtrackError,
    Duplicate,
    InvalidValue,
    NoDatabase,
    RefTaken,
    UnknownRef,
    Usage,
)
from commandline import CommandLine
from conftest import NewTarget


def remove_and_fail(casebook: Casebook) -> None:
    with casebook.change() as change:
        change.remove("window", casebook.list_entries(kind="window")[0].ref)
        change.add_topic("Again", ref="talks")


def test_a_change_that_has_ended_refuses_further_calls(new_target: NewTarget) -> None:
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        with casebook.change() as change:
            change.add_topic("A")
        with pytest.raises(Usage, match="this change has ended: open another"):
            change.add_topic("B")


@pytest.mark.both_databases
def test_a_change_is_one_entry_of_the_log_or_nothing(backend: str, new_target: NewTarget) -> None:
    with new_target(backend) as target:
        line = CommandLine(target)
        with open_casebook(target, author="ada") as casebook:
            with casebook.change("first entries") as change:
                change.add_actor("Russia", kind="state")
                change.add_actor("The press", kind="outlet", ref="press")
                change.add_topic("Talks")
                change.add_proposition("Talks begin", topic="talks", ref="begin")
                document = change.add_document(
                    "A page", publisher="press", body="They will begin soon, they will."
                )
                claim = change.add_claim(
                    "Talks begin",
                    actor="russia",
                    stances={"begin": 2},
                    citations=[{"document": document, "role": "primary"}],
                )
                reply = change.add_statement(
                    "They do not",
                    actor="russia",
                    stances={"begin": {"value": -2, "basis": "explicit"}},
                    responds_to=claim,
                )
                change.add_action("They begin", actor="russia")
                change.add_commitment("They will begin", actor="russia")
                change.add_window("When they begin", actor="russia")
                change.add_assessment("They may begin", actor="press", stances=[])
                change.add_citation(reply, document, exact="begin soon")
                change.add_link(reply, "contradicts", claim)
                with pytest.raises(Duplicate, match="already exists"):
                    change.add_link(reply, "contradicts", claim)
                with pytest.raises(UnknownRef, match="no proposition 'nope'"):
                    change.add_claim("Half", actor="russia", stances={"begin": 1, "nope": 1})
                with pytest.raises(InvalidValue, match="one of actor, document"):
                    change.edit("claims", claim, summary="Other")
                with pytest.raises(Usage, match="open already"), casebook.change():
                    pass
                assert change.set_stance(claim, "begin", 1) == "changed"
                assert change.edit("claim", claim, summary="Talks are to begin") == "changed"
                assert change.edit("claim", claim, summary="Talks are to begin") == "unchanged"
            logged = json.loads(line.does("log", "--format", "json"))
            by_us = [row for row in logged if row["author"] != "claimtrack"]  # which made it
            assert {(row["author"], row["message"]) for row in by_us} == {("ada", "first entries")}
            assert len({row["change"] for row in by_us}) == 1
            assert [row.summary for row in casebook.list_entries(kind="claim")] == [
                "Talks are to begin"
            ]
            pair = casebook.contradictions()[0]
            assert (pair.klass, pair.status) == ("at_odds_with_record", "confirmed")
            with pytest.raises(RefTaken):
                remove_and_fail(casebook)
            with casebook.change(dry_run=True) as change:
                change.add_topic("Not written")
            assert json.loads(line.does("log", "--format", "json")) == logged


def test_an_entry_like_one_already_there_is_named_as_the_command_names_it(
    new_target: NewTarget,
) -> None:
    same = {"actor": "source", "date": "2024-01-25"}
    with new_target("sqlite") as target:
        line = CommandLine(target)
        with open_casebook(target, author="ada") as casebook:
            with casebook.change() as first:
                first.add_actor("A source", kind="person", ref="source")
                first.add_claim("Signals reached US officials", **same)
            with casebook.change(dry_run=True) as change:
                with pytest.raises(UnknownRef):
                    change.add_claim("Signals reached US officials", responds_to="C-9", **same)
                change.add_claim("Signals reached the officials", **same)
                change.add_claim("Talks begin", **same)
        said = line.run(
            *("claim", "add", "Signals reached the officials", "--actor", "source"),
            *("--date", "2024-01-25"),
        )
    assert first.warnings == ()
    assert change.warnings == ("looks like C-1: Signals reached US officials",)
    assert said.stderr.splitlines()[0] == f"warning: {change.warnings[0]}"


def test_words_that_are_quoted_twice_need_a_position(new_target: NewTarget) -> None:
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        with casebook.change() as change:
            change.add_actor("Press", kind="outlet")
            body = "They will begin. They will."
            text = change.add_document("A page", publisher="press", body=body)
            empty = change.add_document("Another", publisher="press")
            claim = change.add_claim("Talks begin", actor="press")
            change.add_citation(claim, empty, exact="They will")
        assert "has no text" in " ".join(change.warnings)
        with (
            pytest.raises(ClaimtrackError, match="at 0, 17: choose one"),
            casebook.change() as again,
        ):
            again.add_citation(claim, text, exact="They will")


def test_a_change_needs_an_author_and_a_casebook_must_be_there(
    dataset: str, new_target: NewTarget
) -> None:
    with open_casebook(dataset) as casebook:
        with pytest.raises(Usage, match="a change needs an author"), casebook.change():
            pass
        with pytest.raises(Usage, match="a change needs an author"):
            casebook.load("dossier.yaml")
    with pytest.raises(NoDatabase):
        open_casebook(f"{dataset}.not")


@pytest.mark.both_databases
def test_an_entry_is_added_with_figures_in_each_form(backend: str, new_target: NewTarget) -> None:
    with new_target(backend) as target, open_casebook(target, author="ada") as casebook:
        with casebook.change() as change:
            change.add_actor("Army", kind="organisation")
            change.add_topic("Truce")
            on = {"topic": "truce", "kind": "count"}
            strikes = change.add_measure("Strikes", unit="strikes", ref="strikes", **on)
            deaths = change.add_measure("Deaths", unit="people", ref="deaths", **on)
            of = {"actor": "army", "about": "2025-03"}
            one = change.add_statement("One", figures={strikes: "80..", deaths: 0}, **of)
            worded = {"measure": strikes, "low": 3, "high": 5, "hedge": "some"}
            other = change.add_claim("Other", figures=[worded], **of)
            third = change.add_claim("Third", figures={strikes: {"high": 4.5}}, **of)
            assert change.set_figure(third, deaths, "..7", hedge="at most") == "added"
            assert change.set_figure(third, deaths, 7.0) == "changed"
            assert change.set_figure(third, deaths, "7") == "unchanged"
        rows = casebook.list_figures()
        assert [(row.entry, row.measure, row.low, row.high, row.hedge) for row in rows] == [
            (other, strikes, 3, 5, "some"),
            (third, deaths, 7, 7, "at most"),
            (third, strikes, None, 4.5, None),
            (one, deaths, 0, 0, None),
            (one, strikes, 80, None, None),
        ]
        conflicts = {
            (row.entry_ref, row.measure): row.conflicts_with
            for row in casebook.figures(measure=strikes)
        }
        assert conflicts == {
            (one, strikes): (other, third),
            (other, strikes): (one,),
            (third, strikes): (one,),
        }
        assert [row.ref for row in casebook.list_measures()] == [deaths, strikes]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        pytest.param({"strikes": "many"}, "number 'many' is not valid", id="no number"),
        pytest.param({"strikes": "80 strikes"}, "the number alone, 80", id="a unit"),
        pytest.param({"strikes": -3}, "0 or more: strikes is a count", id="a negative count"),
        pytest.param({"strikes": {"low": 5, "high": 3}}, "low 5 is more than high 3", id="order"),
        pytest.param({"strikes": {}}, "a figure needs low, high or both", id="no bound"),
        pytest.param({"strike": 3}, "no measure 'strike'", id="an unknown measure"),
        pytest.param({"strikes": float("nan")}, "number", id="not a number"),
        pytest.param({"strikes": True}, "number", id="a truth"),
    ],
)
def test_a_figure_that_is_none_is_refused_by_the_library(
    new_target: NewTarget, figures: dict[str, Any], expected: str
) -> None:
    with new_target("sqlite") as target, open_casebook(target, author="ada") as casebook:
        with casebook.change() as change:
            change.add_actor("Army", kind="organisation")
            change.add_topic("Truce")
            on = {"topic": "truce", "kind": "count"}
            change.add_measure("Strikes", unit="strikes", ref="strikes", **on)
            with pytest.raises(ClaimtrackError) as refused:
                change.add_claim("One", actor="army", figures=figures)
        assert expected in str(refused.value)
        assert len(casebook.list_figures()) == len(casebook.list_entries()) == 0
