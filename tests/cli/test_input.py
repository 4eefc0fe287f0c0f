"""What bad input gets: one sentence, the right exit code, nothing on stdout, nothing written."""

import subprocess

import pytest

from cli.own_process import run_process
from commandline import CommandLine
from conftest import Filled


def log_records(target: str) -> None:
    cli = CommandLine(target)
    cli.does("actor", "add", "Vladimir Putin", "--kind", "person", "--ref", "putin")
    cli.does("topic", "add", "Ceasefire")
    cli.does("proposition", "add", "He is ready", "--topic", "ceasefire", "--ref", "ready")
    cli.does("document", "add", "A page", "--publisher", "putin", "--ref", "PAGE-1")
    cli.does("claim", "add", "He is ready", "--actor", "putin", "--ref", "C9")


@pytest.fixture
def refusing(backend: str, filled: Filled) -> CommandLine:
    """A casebook with an actor, a topic, a proposition, a document and a claim."""
    return CommandLine(filled(backend, log_records))


def _claim(*more: str) -> tuple[str, ...]:
    return ("claim", "add", "Something else", "--actor", "putin", *more)


REFUSED = {
    "an unknown ref names the nearest": (
        ("claim", "show", "C99"),
        (3, "no entry 'C99'; did you mean C9?"),
    ),
    "an unknown actor": (
        ("claim", "add", "x", "--actor", "putim"),
        (3, "no actor 'putim'; did you mean putin?"),
    ),
    "an unknown filter": (
        ("report", "contradictions", "--topic", "ceasefir"),
        (3, "no topic 'ceasefir'; did you mean ceasefire?"),
    ),
    "an unknown filter on pairs": (
        ("report", "contradictions", "--within-principal", "putim"),
        (3, "no actor 'putim'; did you mean putin?"),
    ),
    "a ref that is taken": (
        _claim("--ref", "C9"),
        (
            4,
            "claim 'C9' exists already: choose another ref, or use 'claimtrack claim edit C9'",
        ),
    ),
    "a malformed ref": (
        _claim("--ref", "C 9"),
        (
            2,
            "ref 'C 9' is not a ref: expected 1 to 64 letters, digits, '.', '_' or '-', "
            "beginning with a letter or digit",
        ),
    ),
    "a malformed date": (
        _claim("--date", "24 May 2024"),
        (
            2,
            "date '24 May 2024' is not valid: expected a date such as 2024-05-24, 2024-05, 2024, "
            "2023-24 (winter) or 2023-12/2024-02, where one end may be open, as in 2024-05-24/..",
        ),
    ),
    "a day that does not exist": (
        _claim("--date", "2024-02-30"),
        (
            2,
            "date '2024-02-30' is not valid: expected a day that exists: "
            "the calendar has no 2024-02-30",
        ),
    ),
    "an end before the beginning": (
        _claim("--date", "2024-05/2024-02"),
        (
            2,
            "date '2024-05/2024-02' is not valid: expected an interval in order, "
            "but it ends (2024-02-29) before it begins (2024-05-01)",
        ),
    ),
    "a filter's date": (
        ("claim", "list", "--since", "yesterday"),
        (
            2,
            "--since 'yesterday' is not valid: expected a date such as 2024-05-24, 2024-05, 2024, "
            "2023-24 (winter) or 2023-12/2024-02, where one end may be open, as in 2024-05-24/..",
        ),
    ),
    "a value above 2": (
        ("stance", "set", "C9", "ready", "3"),
        (
            2,
            "value '3' is not valid: expected a whole number from -2 (denies outright) "
            "to 2 (asserts outright)",
        ),
    ),
    "a value below -2": (
        ("stance", "set", "C9", "ready", "-3"),
        (
            2,
            "value '-3' is not valid: expected a whole number from -2 (denies outright) "
            "to 2 (asserts outright)",
        ),
    ),
    "a value that is not whole": (
        ("stance", "set", "C9", "ready", "-1.5"),
        (
            2,
            "value '-1.5' is not valid: expected a whole number from -2 (denies outright) "
            "to 2 (asserts outright)",
        ),
    ),
    "a link to itself": (
        ("link", "add", "C9", "contradicts", "C9"),
        (2, "an entry cannot be linked to itself ('C9')"),
    ),
    "an unknown relation": (
        ("link", "add", "C9", "refutes", "C9"),
        (
            2,
            "invalid value for 'RELATION': 'refutes' is not one of corroborates, contradicts, "
            "reconciles, unrelated, repeats, responds_to, supersedes, concerns: "
            "see 'claimtrack link add --help'",
        ),
    ),
    "a stance on a proposition that is missing": (
        ("stance", "set", "C9", "redy", "2"),
        (3, "no proposition 'redy'; did you mean ready?"),
    ),
    "a stance without its proposition": (
        _claim("--value", "2"),
        (2, "--value needs --proposition, on which the entry takes the stance"),
    ),
    "a stance without its value": (
        _claim("--proposition", "ready"),
        (2, "--proposition needs --value: how far the entry affirms it, -2 to 2"),
    ),
    "an argument that is missing, for a script": (
        ("stance", "set", "C9"),
        (2, "missing argument 'PROPOSITION': see 'claimtrack stance set --help'"),
    ),
    "an anonymous actor without access": (
        ("actor", "add", "A source", "--kind", "anonymous", "--described-as", "a source"),
        (2, "--access is missing: an anonymous actor needs it"),
    ),
    "a grade beyond the scale": (
        ("grade", "add", "C9", "G7"),
        (
            2,
            "grade 'G7' is not valid: expected a reliability A to F and a credibility 1 to 6, "
            "such as B2",
        ),
    ),
    "an empty summary": (
        ("claim", "add", "", "--actor", "putin"),
        (2, "summary is empty: write something"),
    ),
    "an emptied summary": (
        ("claim", "edit", "C9", "--summary", ""),
        (2, "summary is empty: write something"),
    ),
    "what is needed and missing, for a script": (
        ("claim", "add"),
        (2, "--summary and --actor are missing: a claim needs it"),
    ),
    "a text given twice": (
        ("topic", "add", "One", "--name", "Two"),
        (2, "name is set twice: as an argument and as --name"),
    ),
    "a participant without a role": (
        _claim("--participant", "putin"),
        (
            2,
            "participant 'putin' is not valid: expected ROLE:ACTOR, where ROLE is subject, "
            "target, addressee, intermediary, counterparty, co_actor",
        ),
    ),
    "a target of what is no action": (
        _claim("--participant", "target:putin"),
        (2, "the role target is for an action, and this is a claim"),
    ),
    "a note without its document": (
        _claim("--label", "[1]"),
        (2, "--role, --via, --label, --wording and --quote need --document"),
    ),
    "an entry of another kind": (
        ("statement", "edit", "C9", "--place", "x"),
        (3, "'C9' is a claim, not a statement: use 'claimtrack claim' for it"),
    ),
    "a circle of topics": (
        ("topic", "edit", "ceasefire", "--parent", "ceasefire"),
        (2, "parent 'ceasefire' is the topic itself"),
    ),
    "an actor merged into itself": (
        ("actor", "merge", "putin", "Vladimir Putin"),
        (2, "'putin' and 'putin' are the same actor: there is nothing to merge"),
    ),
    "an address that is taken": (
        ("document", "edit", "PAGE-1", "--canonical", "PAGE-1"),
        (2, "canonical 'PAGE-1' is the document itself"),
    ),
    "a truth that is neither": (
        ("proposition", "resolve", "ready", "maybe", "--on", "2024-05-24"),
        (2, "truth 'maybe' is not valid: expected true or false"),
    ),
    "nothing to search for": (
        ("search", "the"),
        (
            2,
            "search words 'the' is not valid: expected a word or number, "
            "other than the commonest (the, of, is, not)",
        ),
    ),
    "a mistyped option": (
        ("stance", "set", "C9", "ready", "-2", "--bassis", "inferred"),
        (
            2,
            "no such option: --bassis (Possible options: --basis): "
            "see 'claimtrack stance set --help'",
        ),
    ),
    "a global option after the command": (
        ("claim", "list", "--db", "other.db"),
        (
            2,
            "--db goes before the command: see 'claimtrack claim list --help'",
        ),
    ),
    "a mistyped command": (
        ("clam", "add"),
        (2, "no such command 'clam'. Did you mean 'claim'?: see 'claimtrack --help'"),
    ),
    "a number that is none": (
        ("claim", "list", "--limit", "many"),
        (
            2,
            "invalid value for '--limit': 'many' is not a whole number from 0 to 2147483647: "
            "see 'claimtrack claim list --help'",
        ),
    ),
    "a limit that no database takes": (
        ("claim", "list", "--limit", "99999999999999999999"),
        (
            2,
            "invalid value for '--limit': '99999999999999999999' is not a whole number from 0 to "
            "2147483647: see 'claimtrack claim list --help'",
        ),
    ),
    "a limit of the log that no database takes": (
        ("log", "--limit", "2147483648"),
        (
            2,
            "invalid value for '--limit': '2147483648' is not a whole number from 0 to "
            "2147483647: see 'claimtrack log --help'",
        ),
    ),
    "an offset that no database takes": (
        ("report", "contradictions", "--offset", "99999999999999999999"),
        (
            2,
            "invalid value for '--offset': '99999999999999999999' is not a whole number from 0 to "
            "2147483647: see 'claimtrack report contradictions --help'",
        ),
    ),
    "more days than there are": (
        ("report", "contradictions", "--max-days", "99999999999999999999"),
        (
            2,
            "invalid value for '--max-days': '99999999999999999999' is not a whole number from 0 "
            "to 2147483647: see 'claimtrack report contradictions --help'",
        ),
    ),
    "a column that is none": (
        ("topic", "list", "--sort", "nme"),
        (
            2,
            "sort column 'nme' is not valid: expected one of ref, name, parent, exclusive, "
            "propositions, measures",
        ),
    ),
    "coverage of nobody": (
        ("report", "coverage"),
        (2, "--principal is missing: name the actor whose sources are compared"),
    ),
    "an open period": (
        ("report", "windows", "--period", "2024-05/.."),
        (
            2,
            "--period '2024-05/..' is not valid: expected a period with both ends, "
            "as in 2022-02-24/2024-05-24",
        ),
    ),
    "an argument that is not UTF-8": (
        ("claim", "show", "a\udcffb"),
        (
            2,
            "invalid value for 'REF': 'a\\udcffb' is not text in UTF-8: "
            "see 'claimtrack claim show --help'",
        ),
    ),
    "an empty reply": (
        _claim("--responds-to", ""),
        (2, "--responds-to is empty: give a ref, or leave it out"),
    ),
    "an empty document": (
        _claim("--document", ""),
        (2, "--document is empty: give a ref, or leave it out"),
    ),
    "a reply to an unknown entry": (
        _claim("--responds-to", "C-1"),
        (3, "no entry 'C-1'"),
    ),
    "the history of a ref that is of another kind": (
        ("history", "putin", "--kind", "claim"),
        (3, "no claim 'putin'"),
    ),
    "a kind cleared": (
        ("actor", "edit", "putin", "--kind", ""),
        (
            2,
            "invalid value for '--kind': '' is not one of person, group, organisation, state, "
            "outlet, anonymous: see 'claimtrack actor edit --help'",
        ),
    ),
    "a file that is missing": (
        ("load", "nowhere.yaml"),
        (3, "there is no file nowhere.yaml: check the name"),
    ),
}


@pytest.mark.parametrize(
    ("line", "expected"), [pytest.param(*case, id=name) for name, case in REFUSED.items()]
)
def test_bad_input_gets_one_sentence_and_writes_nothing(
    refusing: CommandLine, line: tuple[str, ...], expected: tuple[int, str]
) -> None:
    assert refusing.refuses(*line) == expected


def test_the_largest_numbers_are_taken(refusing: CommandLine) -> None:
    rows = ("--limit", "2147483647", "--offset", "2147483647")
    refusing.does("claim", "list", *rows)
    refusing.does("report", "contradictions", "--max-days", "2147483647", *rows)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        pytest.param(("--db",), "--db needs a value: see 'claimtrack --help'", id="no value"),
        pytest.param(
            ("topic", "list", "--db", "x"),
            "--db goes before the command: see 'claimtrack topic list --help'",
            id="too late",
        ),
    ],
)
def test_the_database_is_named_before_the_command(line: tuple[str, ...], sentence: str) -> None:
    assert run_process(*line, stdout=subprocess.DEVNULL) == (2, f"{sentence}\n")


def test_an_author_needs_a_name(paths: CommandLine) -> None:
    answer = CommandLine(paths.target, author=" ").run("topic", "add", "Talks")
    assert (answer.code, answer.stderr) == (
        2,
        "author ' ' is not a name: set one with --author or CLAIMTRACK_AUTHOR\n",
    )
