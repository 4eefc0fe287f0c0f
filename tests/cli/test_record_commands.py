"""Records added, changed, merged and removed as users type it."""

import json

import pytest

from commandline import CommandLine, read_csv


def test_add_prints_the_ref_alone_and_says_what_it_did_on_stderr(cli: CommandLine) -> None:
    answer = cli.run("actor", "add", "Dmitry Peskov", "--kind", "person")
    assert (answer.stdout, answer.stderr) == (
        "dmitry-peskov\n",
        "added actor dmitry-peskov\n",
    )


def test_generated_refs_count_by_kind(denial: CommandLine) -> None:
    assert denial.does("claim", "add", "Another matter", "--actor", "russia") == "C-2\n"
    assert denial.does("action", "add", "A strike", "--actor", "russia") == "A-1\n"
    assert denial.does("document", "add", "A page", "--publisher", "bloomberg") == "D-1\n"


def test_a_name_that_is_taken_as_a_ref_gets_a_number(cli: CommandLine) -> None:
    assert cli.does("actor", "add", "Press", "--kind", "outlet") == "press\n"
    assert cli.does("actor", "add", "Press", "--kind", "outlet") == "N-1\n"


def test_a_name_is_a_ref_whatever_it_says(cli: CommandLine) -> None:
    assert cli.does("actor", "add", "Analyst", "--kind", "person") == "analyst\n"


def test_an_action_takes_its_code_its_place_and_its_participants(denial: CommandLine) -> None:
    denial.does(
        *("action", "add", "Drones strike the port", "--actor", "russia", "--date", "2024-02"),
        *("--action-code", "ASSAULT:drone", "--latitude", "46.5", "--longitude", "-30.7"),
        *("--participant", "target:bloomberg", "--participant", "co_actor:dmitry-peskov"),
    )
    [shown] = json.loads(denial.does("action", "show", "A-1", "--format", "json"))
    assert shown["participants"] == [
        {"actor": "dmitry-peskov", "role": "co_actor"},
        {"actor": "bloomberg", "role": "target"},
    ]
    assert (shown["table"], shown["date_from"], shown["place"]) == ("entry", "2024-02-01", None)
    assert (shown["latitude"], shown["grades"]) == (46.5, [])
    assert denial.run("claim", "add", "x", "--actor", "russia", "--latitude", "1").code == 2


def test_an_entry_like_one_already_there_is_named_before_it_is_saved(denial: CommandLine) -> None:
    answer = denial.run(
        *("claim", "add", "Signals reached the officials", "--actor", "SRC-2"),
        *("--date", "2024-01-25"),
    )
    assert (answer.code, answer.stderr.splitlines()) == (
        0,
        ["warning: looks like C-1: Signals reached US officials", "added claim C-2"],
    )


def test_edit_changes_the_fields_given_and_an_empty_text_clears_one(denial: CommandLine) -> None:
    edit = ("claim", "edit", "C-1", "--date", "2024-01", "--place", "Kyiv", "-m", "as printed")
    assert denial.run(*edit).stderr == "changed claim C-1\n"
    assert denial.run(*edit).stderr == "unchanged claim C-1\n"
    assert denial.run("claim", "edit", "C-1", "--place", "").stderr == "changed claim C-1\n"
    fields = [row["fields"] for row in read_csv(denial.does("history", "C-1", "--format", "csv"))]
    assert fields[-2:] == [
        "date_from: 2024-01-25 -> 2024-01-01; date_to: 2024-01-25 -> 2024-01-31; "
        "place: empty -> Kyiv; precision: day -> month",
        "place: Kyiv -> empty",
    ]


@pytest.mark.parametrize(
    ("set_", "clear", "changed"),
    [
        pytest.param(
            ("actor", "edit", "SRC-1"),
            ("--kind", "person", "--access", "", "--described-as", ""),
            "changed actor SRC-1\n",
            id="an anonymous source that is named",
        ),
        pytest.param(
            ("document", "edit", "PAGE-1", "--coverage", "complete"),
            ("--coverage", ""),
            "changed document PAGE-1\n",
            id="a word that has a default",
        ),
        pytest.param(
            ("actor", "edit", "SRC-1", "--count-min", "3"),
            ("--count-min", ""),
            "changed actor SRC-1\n",
            id="a number",
        ),
        pytest.param(
            ("claim", "edit", "C-1", "--date", "2024-05", "--precision", "vague"),
            ("--precision", "month"),
            "changed claim C-1\n",
            id="how exact a date is",
        ),
    ],
)
def test_words_and_numbers_are_cleared_too(
    cli: CommandLine, set_: tuple[str, ...], clear: tuple[str, ...], changed: str
) -> None:
    source = ("--kind", "anonymous", "--access", "close", "--described-as", "an aide")
    cli.does("actor", "add", "A source", "--ref", "SRC-1", *source)
    cli.does("document", "add", "A page", "--publisher", "SRC-1", "--ref", "PAGE-1")
    cli.does("claim", "add", "He waits", "--actor", "SRC-1", "--ref", "C-1")
    if set_[3:]:
        assert cli.run(*set_).stderr == changed
    assert cli.run(*set_[:3], *clear).stderr == changed


def test_the_message_and_the_author_are_in_the_log(denial: CommandLine) -> None:
    denial.does("claim", "edit", "C-1", "--place", "Kyiv", "--message", "as printed")
    newest = read_csv(denial.does("log", "--limit", "1", "--format", "csv"))[0]
    assert (newest["author"], newest["message"], newest["record"]) == (
        "Test Analyst",
        "as printed",
        "entry C-1",
    )


def test_remove_takes_what_the_entry_owns_and_refuses_what_others_name(denial: CommandLine) -> None:
    assert denial.refuses("proposition", "remove", "chan") == (
        4,
        "proposition 'chan' is still used by stance C-1/chan/test-analyst, "
        "stance S-1/chan/test-analyst: change or remove those first",
    )
    denial.does("claim", "remove", "C-1")
    assert [row["ref"] for row in read_csv(denial.does("claim", "list", "--format", "csv"))] == []
    assert read_csv(denial.does("link", "list", "--format", "csv")) == []


def test_merged_actors_are_one(denial: CommandLine) -> None:
    denial.does("actor", "add", "Peskov, Dmitri", "--kind", "person", "--ref", "peskov")
    denial.does("statement", "add", "No", "--actor", "peskov")
    denial.does("actor", "merge", "peskov", "Dmitry Peskov")
    listed = read_csv(denial.does("statement", "list", "--format", "csv"))
    assert [row["actor"] for row in listed] == ["dmitry-peskov", "dmitry-peskov"]
    assert denial.does("show", "peskov").startswith("actor dmitry-peskov\n")


def test_a_proposition_is_resolved(denial: CommandLine) -> None:
    denial.does("proposition", "resolve", "chan", "false", "--on", "2025-03-18", "--by", "S-1")
    [listed] = read_csv(denial.does("proposition", "list", "--format", "csv"))
    assert (listed["truth"], listed["resolved_on"]) == ("false", "2025-03-18")


def test_entries_of_all_kinds_are_in_one_list(denial: CommandLine) -> None:
    denial.does("action", "add", "A strike", "--actor", "russia", "--ref", "A-9")
    rows = read_csv(denial.does("entry", "list", "--format", "csv"))
    assert [(row["ref"], row["kind"]) for row in rows] == [
        ("A-9", "action"),
        ("C-1", "claim"),
        ("S-1", "statement"),
        ("W", "window"),
    ]
    some = read_csv(denial.does("entry", "list", "--kind", "claim", "--format", "csv"))
    assert [row["ref"] for row in some] == ["C-1"]


def test_a_search_that_no_record_meets_shows_those_with_some_words_and_says_so(
    denial: CommandLine,
) -> None:
    answer = denial.run("search", "officials absent", "--kind", "entry", "--format", "csv")
    assert [(row["ref"], row["matched"]) for row in read_csv(answer.stdout)] == [("C-1", "some")]
    assert answer.stderr == "no record has all of these words: each row has some of them\n"
    whole = denial.run("search", "reached officials", "--kind", "entry", "--format", "csv")
    assert [row["matched"] for row in read_csv(whole.stdout)] == ["all"]
    assert whole.stderr == ""
