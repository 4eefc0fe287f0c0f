"""The log protects what is or ever was protected, whatever has become of it since."""

import json
import re
from collections.abc import Iterator

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import sessions
from commandline import CommandLine
from conftest import NewTarget
from protection.canaries import assert_silent, log_secrets


@pytest.fixture
def line(backend: str, new_target: NewTarget) -> Iterator[CommandLine]:
    with new_target(backend) as target:
        log_secrets(target)
        yield CommandLine(target)


def said(line: CommandLine, *more: tuple[str, ...]) -> str:
    """Return what the log prints in every way, to somebody who is not to know."""
    change = line.does("log", "--format", "csv").splitlines()[-1].split(",")[3]
    ways = (("log",), ("log", "--format", "csv"), ("log", "show", change), *more)
    answers = [line.run(*words) for words in ways]
    assert all(answer.code == 0 for answer in answers), answers
    return "".join(answer.stdout + answer.stderr for answer in answers)


def last_change(line: CommandLine) -> str:
    return str(json.loads(line.does("log", "--limit", "1", "--format", "json"))[0]["change"])


FLAG = "--include-protected"


def remove_them(line: CommandLine) -> None:
    for words in ("link remove S responds_to C9 --asserted-by canary-judge", "claim remove C9",
                  "action remove A", "actor remove below", "actor remove canary-ref",
                  "document remove canary-doc"):  # fmt: skip
        line.does(*words.split(), FLAG)


def test_what_has_been_removed_stays_protected(line: CommandLine) -> None:
    assert_silent(said(line))
    remove_them(line)
    assert_silent(said(line, ("history", "C9"), ("history", "A"), ("dump",), ("check",)))
    for words in (("history", "canary-ref"), ("history", "canary-doc")):
        code, answer = line.refuses(*words)
        assert code == 3
        assert_silent(answer.replace(words[-1], ""))
    assert "Canary Name" in line.does("log", "--format", "csv", FLAG)
    assert "Canary Old" in line.does("history", "canary-ref", FLAG)


def test_a_message_that_names_what_has_been_removed_is_not_printed(line: CommandLine) -> None:
    remove_them(line)
    line.does("topic", "add", "More", "-m", "Canary Name and canary-ref asked for it")
    printed = said(line, ("history", "more", "--kind", "topic"))
    assert_silent(printed)
    assert re.search(r"protected-[0-9a-f]{12} and protected-[0-9a-f]{12} asked for it", printed)


def test_what_was_merged_stays_protected(line: CommandLine) -> None:
    line.does("actor", "merge", "canary-ref", "four", FLAG)
    assert_silent(said(line, ("history", "C9"), ("actor", "list", "--format", "csv"), ("dump",)))
    line.does("revert", line.does("log", "--format", "csv").splitlines()[1].split(",")[3])
    assert_silent(said(line, ("history", "C9"), ("actor", "list", "--format", "csv"), ("dump",)))


def test_what_was_merged_by_mistake_is_itself_again(line: CommandLine) -> None:
    before = line.does("history", "speaker", "--format", "csv")
    line.does("actor", "merge", "speaker", "canary-ref")
    assert "speaker" not in said(line)
    line.does("revert", last_change(line))
    assert line.does("history", "speaker", "--format", "csv").startswith(before)
    assert_silent(said(line, ("history", "S"), ("history", "speaker")))
    assert "actor: speaker" in line.does("history", "S", "--format", "csv")


def test_what_was_renamed_stays_protected_under_every_name(line: CommandLine) -> None:
    line.does("actor", "edit", "canary-ref", "--name", "Another Canary", FLAG)
    line.does("actor", "edit", "canary-ref", "--name", "Plain", FLAG)
    assert_silent(said(line))
    line.does("topic", "add", "More", "-m", "so Plain told us")
    assert "Plain told" not in said(line)


def test_what_is_unprotected_is_named_from_now_on_and_that_is_said(line: CommandLine) -> None:
    answer = line.run("actor", "edit", "canary-ref", "--name", "Ivan", "--no-protected", FLAG)
    assert answer.code == 0
    warned = r"^warning: actor \S+ is no longer protected: from now on, output shows its name$"
    assert re.search(warned, answer.stderr, re.MULTILINE)
    assert "Ivan" in line.does("actor", "list")
    line.does("actor", "edit", "canary-ref", "--name", "Ivan P")
    printed = line.does("history", "canary-ref")
    assert "name: Ivan -> Ivan P" in printed.replace("\n", " ")
    assert re.search("canary (name|old|alias)|canary words|71234567", printed, re.I) is None


def test_what_was_logged_of_it_before_it_was_unprotected_stays_inside(line: CommandLine) -> None:
    digest = line.does("document", "capture", "canary-doc", "-", input="<p>page</p>").strip()
    line.does("claim", "edit", "C9", "--capacity", "plain office")
    quoted = ("--label", "[canary]", "--start", "4")
    line.does("citation", "remove", "C9", "canary-doc", *quoted, FLAG)
    line.does("actor", "edit", "canary-ref", "--no-protected")
    line.does("document", "edit", "canary-doc", "--no-protected")
    for words in (("log",), ("history", "C9"), ("history", "canary-doc")):
        printed = line.does(*words, "--format", "csv")
        assert re.search(r"office|the canary|\[canary\]|_pos", printed) is None
        assert digest not in printed
    assert digest in line.does("document", "captures", "canary-doc", "--format", "csv")
    line.does("claim", "edit", "C9", "--capacity", "public office")
    assert "public office" in line.does("log", "--format", "csv")


def test_what_was_unprotected_and_removed_keeps_its_former_names(line: CommandLine) -> None:
    line.does("actor", "edit", "canary-judge", "--name", "Judy", "--no-protected", FLAG)
    line.does("link", "remove", "S", "responds_to", "C9", "--asserted-by", "canary-judge")
    line.does("stance", "remove", "S", "ready", "--asserted-by", "canary-judge")
    line.does("figure", "remove", "C9", "deaths", "--asserted-by", "canary-judge", FLAG)
    line.does("actor", "remove", "canary-judge")
    printed = line.does("history", "canary-judge", "--format", "csv")
    assert "Judy" in printed
    assert "Actor canary-judge" not in printed


def test_a_revert_brings_protection_back_with_the_record(line: CommandLine) -> None:
    line.does("actor", "edit", "canary-judge", "--no-protected", FLAG)
    assert "canary-judge" in line.does("actor", "list")
    line.does("revert", line.does("log", "--format", "csv").splitlines()[1].split(",")[3])
    assert_silent(said(line, ("actor", "list")))


def test_what_stands_in_the_way_of_a_revert_does_not_tell_what_was_hidden(
    line: CommandLine,
) -> None:
    line.does("actor", "add", "Above", "--ref", "above", "--kind", "organisation")
    more = ("--kind", "person", "--protected", "--parent", "above")
    line.does("actor", "add", "Canary Z", "--ref", "canary-z", *more)
    line.does("actor", "remove", "canary-z")
    removal = last_change(line)
    line.does("actor", "remove", "above")
    code, said = line.refuses("revert", removal)
    assert (code, said.endswith("refers to records removed since")) == (4, True)
    address = ("--publisher", "press", "--url", "https://canary.example/9")
    line.does("document", "add", "--ref", "canary-d2", "--protected", *address)
    line.does("document", "remove", "canary-d2")
    removal = last_change(line)
    line.does("document", "add", "--ref", "other", *address)
    code, said = line.refuses("revert", removal)
    assert (code, said.startswith("another document already has the address of")) == (4, True)
    assert_silent(said)


def test_what_a_document_is_cited_with_does_not_show_where_else_it_stands(
    line: CommandLine,
) -> None:
    before = line.does("log", "--format", "csv")
    line.does("citation", "add", "C8", "canary-doc", "--label", "2", FLAG)
    line.does("citation", "add", "A", "canary-doc", "--label", "ready", FLAG)
    assert line.does("log", "--format", "csv").endswith(before.split("\n", 1)[1])
    assert "value: 2" in before


def test_an_entry_given_to_somebody_else_does_not_show_whose_it_was(line: CommandLine) -> None:
    line.does("claim", "edit", "C9", "--actor", "four", "--capacity", "a clerk", FLAG)
    printed = said(line, ("history", "C9"))
    assert_silent(printed)
    assert "a clerk" in printed


def test_what_only_the_rows_protect_is_protected_in_the_log(case: Casebook) -> None:
    case.actor("plain", name="Plain Name")
    case.actor("plain", protected=True)
    case.session.flush()
    from claimtrack import protection

    mask = protection.get_mask(case.session.connection())
    assert mask("Plain Name said so").startswith("protected-")
    assert "name" in mask.hidden("actor", {"ref": "plain", "name": "Plain Name"}, 1)


def test_nothing_is_read_of_the_log_for_a_report(line: CommandLine) -> None:
    from claimtrack import protection
    from claimtrack.reports.claims import claims
    from conftest import count_queries

    with sessions.reading(db.connect(line.target), protection.protect) as session:
        with count_queries(session) as sent:
            list(claims(session))
        assert not any("revision" in statement for statement in sent)
        assert session.state.mask("of Canary Name").startswith("of protected-")


def test_the_name_of_a_protected_author_finds_nothing_for_whom_it_is_masked(
    line: CommandLine,
) -> None:
    CommandLine(line.target, author="Canary Name").does("topic", "add", "Aims", "--ref", "aims")
    [shown] = json.loads(line.does("log", "--table", "topic", "--limit", "1", "--format", "json"))
    assert_silent(shown["author"])
    assert line.does("log", "--by", "Canary Name", "--format", "csv").count("\n") == 1
    assert "topic aims" in line.does("log", "--by", shown["author"], "--format", "csv")
    assert "topic aims" in line.does("log", "--by", "Canary Name", "--format", "csv", FLAG)
