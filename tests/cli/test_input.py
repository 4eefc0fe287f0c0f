"""What bad input gets: one sentence, the right exit code, nothing on stdout, nothing written."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from claimtrack import db
from claimtrack.cli.options import Target
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
            "propositions",
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


@pytest.fixture
def paths(tmp_path: Path) -> CommandLine:
    """A casebook in SQLite, for what is about files."""
    cli = CommandLine(str(tmp_path / "claimtrack.db"))
    cli.does("init")
    return cli


def _fails(target: Path | str, *line: str) -> tuple[int, str, str]:
    answer = CommandLine(str(target)).run(*line)
    return answer.code, answer.stdout, answer.stderr.removesuffix("\n")


def test_a_database_that_is_absent_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    assert _fails(path, "claim", "list") == (
        3,
        "",
        f"there is no database {path}: run 'claimtrack init', or choose another with --db",
    )
    assert not path.exists()


@pytest.mark.parametrize("line", [("init",), ("claim", "list")])
def test_a_database_in_a_missing_folder(tmp_path: Path, line: tuple[str, ...]) -> None:
    path = tmp_path / "missing" / "claimtrack.db"
    assert _fails(path, *line) == (
        3,
        "",
        f"there is no folder {path.parent}: create it first, or choose another path",
    )


def test_a_database_that_is_a_folder(tmp_path: Path) -> None:
    assert _fails(tmp_path, "claim", "list") == (
        3,
        "",
        f"{tmp_path} is a folder: name a file, such as {tmp_path / 'claimtrack.db'}",
    )


@pytest.mark.parametrize("line", [("init",), ("claim", "list"), ("demo",)])
def test_a_file_that_is_no_database(tmp_path: Path, line: tuple[str, ...]) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 1000)
    assert _fails(path, *line) == (
        3,
        "",
        f"{path} is not a claimtrack database: it is another kind of file, or damaged at its head "
        "('claimtrack restore FILE --replace' restores your last backup)",
    )
    assert path.read_text() == "Dear reader, " * 1000


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        pytest.param(
            ("init",), 4, "holds something else: choose another database with --db", id="init"
        ),
        pytest.param(
            ("demo",), 4, "holds something else: choose another database with --db", id="demo"
        ),
        pytest.param(
            ("claim", "list"),
            3,
            "is not a claimtrack database, but holds something else: choose another with --db",
            id="any other",
        ),
    ],
)
def test_a_database_of_another_program(
    tmp_path: Path, line: tuple[str, ...], code: int, said: str
) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE x (y)")
    other.close()
    assert _fails(path, *line) == (code, "", f"{path} {said}")


def test_an_empty_file_is_no_casebook_yet(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    assert _fails(path, "claim", "list") == (
        3,
        "",
        f"{path} is not a claimtrack database: run 'claimtrack init' to create one; if it held "
        "one, "
        "'claimtrack restore FILE --replace' restores your last backup",
    )


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_database_cut_short_is_said_to_be_damaged(paths: CommandLine, kept: float) -> None:
    path = Path(paths.target)
    os.truncate(path, int(path.stat().st_size * kept))
    assert _fails(path, "claim", "list") == (
        1,
        "",
        f"{path} is damaged: 'claimtrack restore FILE --replace' restores your last backup",
    )


def test_a_value_that_nothing_can_read_is_damage_and_any_other_error_a_bug(
    paths: CommandLine,
) -> None:
    paths.does("actor", "add", "A", "--kind", "person", "--ref", "a")
    with pytest.raises(ValueError, match="a bug"), Target(paths.target, "a").reading():
        raise ValueError("a bug")
    with sqlite3.connect(paths.target) as file:
        file.execute("UPDATE actor SET aliases = '[\"cut off'")
    file.close()
    fault = "actor a: aliases holds text, and should hold a list of texts"
    said = f"{paths.target} has been changed by something other than claimtrack: {fault} ("
    for line in (("actor", "list"), ("backup", f"{paths.target}.kept"), ("actor", "show", "a")):
        code, stdout, stderr = _fails(paths.target, *line)
        assert (code, stdout, stderr.startswith(said)) == (1, "", True), stderr
    assert paths.run("log", "verify").code == 1


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Go on without the rights of root, whom no file refuses."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def lent() -> Iterator[Path]:
    """A folder that everybody may enter, and nobody but its owner may write to."""
    folder = Path("/tmp") / f"claimtrack-test-{os.getpid()}"  # noqa: S108 - pytest's are private
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_database_without_permission(lent: Path) -> None:
    path = lent / "claimtrack.db"
    CommandLine(str(path)).does("init")
    CommandLine(str(path)).does("claim", "list")
    path.chmod(0o000)
    with _as_nobody():
        answer = _fails(path, "claim", "list")
    assert answer == (1, "", f"{path} cannot be opened: you lack the permission")


def test_a_database_that_may_only_be_read(lent: Path) -> None:
    path = lent / "claimtrack.db"
    CommandLine(str(path)).does("init")
    CommandLine(str(path)).does("topic", "add", "First")
    path.chmod(0o444)
    with _as_nobody():
        listed = CommandLine(str(path)).run("topic", "list", "--format", "csv")
        refused = _fails(path, "topic", "add", "Talks")
    assert (listed.code, refused) == (
        0,
        (1, "", f"{path} cannot be written: you lack the permission"),
    )


def test_a_new_database_without_permission(lent: Path) -> None:
    path = lent / "new.db"
    with _as_nobody():
        answer = _fails(path, "init")
    assert answer == (1, "", f"{path} cannot be created: Permission denied")


def test_a_server_that_does_not_answer() -> None:
    url = "postgresql://reader:secret@127.0.0.1:1/casebook"
    code, stdout, stderr = _fails(url, "claim", "list")
    assert (code, stdout, stderr) == (
        1,
        "",
        "cannot use postgresql://reader:***@127.0.0.1:1/casebook: "
        "no PostgreSQL server answers there: is it running, and is the port right?",
    )


def test_a_database_that_the_server_does_not_have(postgres_url: str) -> None:
    code, stdout, stderr = _fails(postgres_url.replace("/postgres?", "/none?"), "claim", "list")
    assert (code, stdout) == (3, "")
    assert stderr.endswith(" on the server: create it first")


def _lets_in(url: str) -> bool:
    try:
        db.connect(url).engine.connect().close()
    except OperationalError:
        return False
    return True


@pytest.fixture
def with_password(postgres_url: str) -> Iterator[str]:
    """The address of the server for a user whom it asks for a password."""
    engine = db.connect(postgres_url).engine
    with engine.connect() as connection:
        run = connection.execution_options(isolation_level="AUTOCOMMIT").execute
        rules = Path(str(run(text("SHOW hba_file")).scalar()))
        before = rules.read_text()
        rules.write_text(f"local all guarded scram-sha-256\n{before}")
        run(text("CREATE ROLE guarded LOGIN PASSWORD 'right'"))
        run(text("SELECT pg_reload_conf()"))
        url = postgres_url.replace("postgres:@", "guarded:wrong@")
        deadline = monotonic() + 10
        while _lets_in(url):
            assert monotonic() < deadline, "the server does not follow its new rules"
            sleep(0.01)
        yield url
        run(text("DROP ROLE guarded"))
        rules.write_text(before)
        run(text("SELECT pg_reload_conf()"))


def test_a_wrong_password(with_password: str) -> None:
    code, stdout, stderr = _fails(with_password, "claim", "list")
    assert (code, stdout) == (1, "")
    assert stderr.endswith(": the user or the password is wrong")
    assert "wrong@" not in stderr


@pytest.mark.parametrize(
    ("target", "shown", "needed"),
    [
        pytest.param(
            "mysql://me@here/casebook",
            "mysql://...",
            "a path (SQLite), or a URL that begins with postgresql://",
            id="another kind of server",
        ),
        pytest.param(
            "postgresql://[::1/casebook",
            "postgresql://...",
            "postgresql://USER:PASSWORD@HOST:PORT/NAME, where signs such as @ / ? # in a user or "
            "a password are written %40 %2F %3F %23",
            id="an address that cannot be read",
        ),
    ],
)
def test_an_address_of_no_database(target: str, shown: str, needed: str) -> None:
    sentence = f"database '{shown}' is not valid: expected {needed}"
    assert _fails(target, "claim", "list") == (2, "", sentence)


def test_output_into_a_missing_folder(paths: CommandLine, tmp_path: Path) -> None:
    output = tmp_path / "missing" / "rows.csv"
    assert paths.refuses("claim", "list", "--output", str(output)) == (
        3,
        f"there is no folder {output.parent}: create it first, or write somewhere else",
    )


@pytest.mark.parametrize("line", [("claim", "list"), ("dump",), ("schema", "dossier")])
def test_output_over_a_folder(paths: CommandLine, tmp_path: Path, line: tuple[str, ...]) -> None:
    assert paths.refuses(*line, "--output", str(tmp_path)) == (
        2,
        f"output {str(tmp_path)!r} is not valid: expected the name of a file, but this is a folder",
    )


@pytest.mark.parametrize(
    "line", [("claim", "list", "--output"), ("dump", "--output"), ("export", "html")]
)
def test_no_output_takes_the_place_of_a_casebook(paths: CommandLine, line: tuple[str, ...]) -> None:
    before = Path(paths.target).read_bytes()
    expected = "expected the name of another file, but this is a database"
    assert paths.refuses(*line, paths.target) == (
        2,
        f"output {paths.target!r} is not valid: {expected}",
    )
    assert Path(paths.target).read_bytes() == before


FULL = "/dev/full"
needs_full_disk = pytest.mark.skipif(
    not Path(FULL).exists(), reason="only Linux has /dev/full, a disk without room"
)


@needs_full_disk
def test_output_onto_a_full_disk(paths: CommandLine) -> None:
    assert paths.refuses("claim", "list", "--format", "csv", "--output", FULL) == (
        1,
        f"{FULL} cannot be written: No space left on device",
    )


def _process(*line: str, stdout: int, first: str = "") -> tuple[int, str]:
    program = f"{first}\nfrom claimtrack.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *line],
        check=False,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.returncode, done.stderr.decode()


@needs_full_disk
def test_stdout_onto_a_full_disk(paths: CommandLine) -> None:
    full = os.open(FULL, os.O_WRONLY)
    line = ("--db", paths.target, "topic", "list", "--format", "csv")
    assert _process(*line, stdout=full) == (
        1,
        "the output cannot be written: No space left on device\n",
    )
    os.close(full)


@pytest.mark.parametrize("line", [("topic", "list", "--format", "csv"), ("export", "html", "-")])
def test_a_reader_that_has_gone_is_no_error_to_speak_of(
    paths: CommandLine, line: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert _process("--db", paths.target, *line, stdout=writer) == (1, "")
    os.close(writer)


@needs_full_disk
@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_onto_a_full_disk(words: tuple[str, ...]) -> None:
    full = os.open(FULL, os.O_WRONLY)
    assert _process(*words, stdout=full) == (
        1,
        "the output cannot be used: No space left on device\n",
    )
    os.close(full)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            ("topic", "list"), (1, "the output cannot be written: stdout is closed\n"), id="list"
        ),
        pytest.param(
            ("topic", "add", "Talks"),
            (1, "added topic talks\nthe output cannot be written: stdout is closed\n"),
            id="add",
        ),
        pytest.param(("topic", "add"), (2, "--name is missing: a topic needs it\n"), id="ask"),
    ],
)
def test_a_command_without_stdin_and_stdout(
    paths: CommandLine, line: tuple[str, ...], expected: tuple[int, str]
) -> None:
    first = "import sys; sys.stdin = sys.stdout = None"
    line = ("--db", paths.target, *line)
    assert _process(*line, stdout=subprocess.DEVNULL, first=first) == expected


@needs_full_disk
def test_a_report_cut_short_closes_what_it_reads(paths: CommandLine) -> None:
    for name in range(3):
        paths.does("topic", "add", f"Topic {name} {'x' * 9000}")
    full = os.open(FULL, os.O_WRONLY)
    for line in (("topic", "list"), ("log",)):
        assert _process("--db", paths.target, *line, "--format", "csv", stdout=full) == (
            1,
            "the output cannot be written: No space left on device\n",
        )
    os.close(full)


def test_ctrl_c_says_that_nothing_was_written(paths: CommandLine) -> None:
    # What a shell starts in the background ignores it otherwise, and so do the tests there.
    listen = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    editor = """import os; os.environ["VISUAL"] = 'sh -c "kill -INT $PPID; sleep 1"'"""
    first = f"{listen}; {editor}"
    line = ("--db", paths.target, "topic", "add", "Talks", "--edit")
    assert _process(*line, stdout=subprocess.DEVNULL, first=first) == (
        130,
        "stopped: nothing was written\n",
    )


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
    assert _process(*line, stdout=subprocess.DEVNULL) == (2, f"{sentence}\n")


def test_a_driver_that_is_not_installed() -> None:
    line = ("--db", "postgresql://me@127.0.0.1/casebook", "topic", "list")
    hidden = "import sys; sys.modules['psycopg'] = None"
    assert _process(*line, stdout=subprocess.DEVNULL, first=hidden) == (
        1,
        "PostgreSQL needs the psycopg driver: run pip install 'claimtrack[postgres]'\n",
    )


@pytest.mark.parametrize("name", ["x" * 300, f"{'x' * 300}/y"])
def test_names_that_no_disk_takes(paths: CommandLine, name: str) -> None:
    assert paths.refuses("claim", "list", "--output", name)[0] == 1
    assert _fails(name, "claim", "list")[:2] == (1, "")
    assert _fails(name, "init")[:2] == (1, "")
    assert paths.refuses("load", name)[0] == 1


def test_an_output_that_fails_leaves_the_old_file_as_it_was(
    paths: CommandLine, tmp_path: Path
) -> None:
    output = tmp_path / "rows.csv"
    output.write_text("old")
    code, _ = paths.refuses("claim", "list", "--sort", "none", "--output", str(output))
    assert (code, output.read_text(), sorted(path.name for path in tmp_path.iterdir())) == (
        2,
        "old",
        ["claimtrack.db", "rows.csv"],
    )


def test_the_demo_refuses_a_casebook_of_its_owner(paths: CommandLine) -> None:
    paths.does("topic", "add", "Mine")
    assert paths.refuses("demo") == (
        4,
        f"{paths.target} already holds another casebook: choose another file, "
        "as in 'claimtrack --db demo.db demo'",
    )


def test_an_author_needs_a_name(paths: CommandLine) -> None:
    answer = CommandLine(paths.target, author=" ").run("topic", "add", "Talks")
    assert (answer.code, answer.stderr) == (
        2,
        "author ' ' is not a name: set one with --author or CLAIMTRACK_AUTHOR\n",
    )
