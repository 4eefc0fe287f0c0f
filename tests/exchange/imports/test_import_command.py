"""The command `import`: dry runs, progress, limits, messages, ids and memory."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from claimtrack import db
from claimtrack.db import sessions
from claimtrack.exchange.imports import import_files as importing
from claimtrack.exchange.imports import updates
from claimtrack.exchange.imports.profile_files import get_profile_path, read_profile
from commandline import CommandLine
from conftest import AUTHOR
from exchange.imports.row_imports import PROFILE, ROWS, cited, listed, written


def test_a_dry_run_tells_what_would_be_and_writes_nothing(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, (ROWS[0], "7,CIA"))
    answer = line.run("import", "--dry-run", "--skip-invalid", profile, path)
    assert "added entry mine-1\n  actor: cia\n" in answer.stdout
    assert f"{path}:3: it has 2 cells" in answer.stderr
    assert answer.stderr.endswith("1 row would be left out\n")
    assert (line.revisions(), list(tmp_path.glob("*.rejected.csv"))) == (1, [])


def test_a_dry_run_tells_what_would_be_changed_and_removed(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("import", profile, written(tmp_path, ROWS[:1]))
    corrected = [ROWS[0].replace("yes", "no").replace("60000", "65000")]
    answer = line.run("import", "--dry-run", profile, written(tmp_path, corrected))
    assert answer.stdout == (
        "changed entry mine-1\n  summary: CIA says 60000 -> CIA says 65000\n"
        "removed participation mine-1/cia/subject\n"
        "  actor: cia\n  entry: mine-1\n  role: subject\n"
    )


def test_a_person_at_a_terminal_sees_how_far_and_how_fast_it_goes(
    sqlite: CommandLine, profile: str, tmp_path: Path
) -> None:
    shown, terminal = pty.openpty()
    program = [sys.executable, "-c", "from claimtrack.cli import main; main()"]
    words = ["--db", sqlite.target, "import", profile, written(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([*program, *words], check=True, stderr=terminal, env=environment)
    os.close(terminal)
    said = os.read(shown, 65_536).decode()
    os.close(shown)
    assert re.search(r"\d rows, [\d,]+ a second", said)
    assert "%" in said


def test_a_limit_reads_no_more_rows(line: CommandLine, profile: str, tmp_path: Path) -> None:
    line.does("import", "--limit", "2", profile, written(tmp_path))
    assert [row["ref"] for row in listed(line, "claim", "list")] == ["mine-1", "mine-2"]


def test_the_log_names_the_import_and_why(line: CommandLine, profile: str, tmp_path: Path) -> None:
    line.does("import", "--message", "first batch", profile, written(tmp_path, ROWS[:1]))
    imported = [row for row in listed(line, "log") if not row["record"].startswith("casebook")]
    assert {row["message"] for row in imported} == {"import mine: first batch"}


def test_another_profile_takes_nothing_away(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, ROWS[:1])
    line.does("import", profile, path)
    other = PROFILE.replace("name: mine\n", "name: mine-too\n").replace('label: "{id}"', "label: x")
    Path(profile).write_text(other, encoding="utf-8")
    line.does("import", profile, path)
    assert [row[2] for row in cited(line)] == ["1", "x"]


def test_an_id_that_is_no_ref_gets_a_stable_one(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    row = ROWS[0].replace("1,CIA", "a/b c,CIA", 1)
    for _ in range(2):
        line.does("import", profile, written(tmp_path, [row]))
    [claim] = listed(line, "claim", "list")
    assert re.fullmatch(r"mine-[0-9a-f]{16}", claim["ref"])
    assert cited(line)[0][2] == "a/b c"


def test_what_a_protected_source_said_is_not_changed_unless_asked_for(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("import", profile, written(tmp_path, ROWS[:1]))
    line.does("actor", "edit", "cia", "--protected")
    path = written(tmp_path, [ROWS[0].replace("60000", "61000")])
    code, said = line.refuses("import", profile, path)
    assert (code, "of a protected source: use --include-protected" in said) == (2, True)
    assert "cia" not in said.lower()
    line.does("import", "--include-protected", profile, path)


def test_a_dry_run_names_no_protected_source(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("actor", "add", "CIA", "--kind", "group", "--ref", "hidden", "--protected")
    answer = line.run("import", "--dry-run", profile, written(tmp_path, ROWS[:1]))
    assert (answer.code, "added entry mine-1" in answer.stdout) == (0, True)
    assert not re.search("hidden|CIA", answer.stdout + answer.stderr)
    shown = line.does(
        "import", "--dry-run", "--include-protected", profile, written(tmp_path, ROWS[:1])
    )
    assert "actor: hidden" in shown


def test_an_encoding_that_was_guessed_is_told(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = Path(written(tmp_path, [ROWS[0].replace("First", "Léété")]))
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    said = line.run("import", profile, str(path)).stderr
    assert f"{path} is read as cp1252: if that is wrong, set the encoding in the profile" in said
    assert [row["title"] for row in listed(line, "document", "list")] == ["Léété"]


def test_memory_does_not_grow_with_the_rows(target: str, profile: str, tmp_path: Path) -> None:
    rows = [ROWS[0].replace("1,", f"{number},", 1) for number in range(importing._AT_ONCE + 20)]
    meant = read_profile(get_profile_path(profile))
    with sessions.writing(db.connect(target), author=AUTHOR, message="x") as session:
        importing.import_files(session, meant, [Path(written(tmp_path, rows))])
        assert len(session.identity_map) < 200


def test_the_mark_of_an_import_is_its_profile() -> None:
    assert updates.make_message("mine", None) == "import mine"
    assert updates.make_message("mine", "why") == "import mine: why"
