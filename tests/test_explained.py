"""What no command can read or weigh is told in one sentence, with its table and its row."""

import sqlite3
from contextlib import closing

import pytest

from casebook import Casebook
from claimtrack import db, open_casebook
from claimtrack.db import sessions
from claimtrack.errors import StorageFailure
from commandline import CommandLine
from conftest import AUTHOR, NewTarget

CHANGED = (
    "{} has been changed by something other than claimtrack: {} ('claimtrack log verify' lists all "
    "that differs, and an earlier backup has the original)"
)


def log_kept(case: Casebook) -> None:
    case.actor("root").actor("kid", parent="root")
    case.actor("SRC-9", kind="anonymous", parent="root", protected=True)
    case.topic("war").topic("t", parent="war")
    case.claim("C", actor="SRC-9", affirms="p", date_from="2024-01-25", date_to="2024-01-25")
    case.statement("S", actor="kid", denies="p", responds_to="C", cites="D").grade("C", "F6")


ODD = [
    pytest.param(
        "UPDATE actor SET protected = 2 WHERE ref = 'SRC-9'",
        "actor list",
        "actor id 3: protected is neither 0 nor 1",
        id="a 2 for a boolean",
    ),
    pytest.param(
        "UPDATE actor SET protected = 'true' WHERE ref = 'SRC-9'",
        "report claims",
        "actor id 3: protected is neither 0 nor 1",
        id="a word for a boolean",
    ),
    pytest.param(
        "UPDATE topic SET exclusive = 'no'",
        "topic list",
        "topic t: exclusive holds text, and should hold 0 or 1",
        id="a word for another boolean",
    ),
    pytest.param(
        "UPDATE entry SET kind = 'Claim' WHERE ref = 'C'",
        "show C",
        "entry C: kind holds text, and should hold a word of its vocabulary",
        id="a word of no vocabulary",
    ),
    pytest.param(
        "UPDATE entry SET date_from = 'soon' WHERE ref = 'C'",
        "report claims",
        "entry C: date_from holds text, and should hold a date, or nothing",
        id="a date that is none",
    ),
    pytest.param(
        "UPDATE actor SET aliases = '{\"a\": 1}' WHERE ref = 'kid'",
        "show kid",
        "actor kid: aliases holds text, and should hold a list of texts",
        id="no list",
    ),
    pytest.param(
        "UPDATE actor SET name = x'ff' WHERE ref = 'kid'",
        "show kid",
        "actor kid: name holds bytes, and should hold text",
        id="bytes for text",
    ),
    pytest.param(
        "UPDATE proposition SET topic_id = 99",
        "show p",
        "proposition p: topic holds nothing, and should hold the key of a record",
        id="a pointer at nothing",
    ),
    pytest.param(
        "UPDATE actor SET parent_id = 2 WHERE ref = 'root'",
        "report coverage --principal root",
        "actor id 1: it is its own ancestor",
        id="a circle of actors",
    ),
    pytest.param(
        "UPDATE topic SET parent_id = 2 WHERE ref = 'war'",
        "topic add More",
        "topic id 1: it is its own ancestor",
        id="a circle of topics",
    ),
    pytest.param(
        "UPDATE casebook SET pseudonym_secret = 'none'",
        "actor list",
        "casebook: it differs from the log: digest",
        id="no secret",
    ),
]


@pytest.mark.parametrize(("statement", "command", "told"), ODD)
def test_what_cannot_be_read_is_told_with_its_table_and_row(
    statement: str, command: str, told: str, new_target: NewTarget
) -> None:
    with new_target("sqlite") as target:
        with sessions.writing(db.connect(target), author=AUTHOR) as session:
            log_kept(Casebook(session))
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(statement)
            connection.commit()
        answer = CommandLine(target).run(*command.split())
        assert (answer.code, answer.stdout) == (1, "")
        assert answer.stderr == CHANGED.format(target, told) + "\n"


def test_on_postgresql_too(new_target: NewTarget) -> None:
    with new_target("postgresql") as target:
        with sessions.writing(db.connect(target), author=AUTHOR) as session:
            log_kept(Casebook(session))
        database = db.connect(target)
        for statement, command, told in (
            ("date_from = '-infinity'", "report claims", "date_from holds text"),
            ("date_from = '2024-01-25', date_to = 'infinity'", "show C", "date_to holds text"),
        ):
            with database.engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE entry SET {statement} WHERE ref = 'C'")
            answer = CommandLine(target).run(*command.split())
            fault = f"entry C: {told}, and should hold a date, or nothing"
            assert answer.stderr == CHANGED.format(database.name, fault) + "\n"


def test_verify_does_not_name_a_source_that_was_unprotected_with_sql(
    new_target: NewTarget,
) -> None:
    with new_target("sqlite") as target:
        with sessions.writing(db.connect(target), author=AUTHOR) as session:
            log_kept(Casebook(session))
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("UPDATE actor SET protected = 0")
            connection.commit()
        answer = CommandLine(target).run("log", "verify", "--format", "csv")
        finding = "actor,id 3,it differs from the log: protected"
        assert (answer.code, answer.stdout.splitlines()[1:]) == (1, [finding])
        shown = CommandLine(target).run("log", "verify", "--include-protected", "--format", "csv")
        assert shown.stdout.splitlines()[1:] == [finding.replace("id 3", "SRC-9")]


@pytest.mark.parametrize("include_protected", [False, True])
def test_the_error_keeps_what_it_was_made_of_only_where_protected_names_may_be_shown(
    new_target: NewTarget, *, include_protected: bool
) -> None:
    with new_target("sqlite") as target:
        with sessions.writing(db.connect(target), author=AUTHOR) as session:
            log_kept(Casebook(session))
        with closing(sqlite3.connect(target)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute("UPDATE entry SET date_from = 'soon' WHERE ref = 'C'")
            connection.commit()
        with open_casebook(target, include_protected=include_protected) as casebook:
            with pytest.raises(StorageFailure, match="date_from holds text") as refused:
                casebook.claims()
            assert (refused.value.__context__ is not None) is include_protected
            assert (refused.value.__cause__ is not None) is include_protected
