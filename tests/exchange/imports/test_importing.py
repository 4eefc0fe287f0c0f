"""Imports: what a row makes, what repeating and correcting changes, what is refused, and where."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from claimtrack import db
from claimtrack.db import sessions
from claimtrack.exchange.imports import import_files as importing
from claimtrack.exchange.imports import updates
from claimtrack.exchange.imports.profile_files import get_profile_path, read_profile
from claimtrack.exchange.readers import rows
from commandline import CommandLine
from conftest import AUTHOR

PROFILE = """\
claimtrack_profile: 1
name: mine
about: Estimates of a spreadsheet
format: csv
optional: [place]
dates: {day_first: true}
actors:
  who: {name: "{source}", kind: organisation}
  site: {name: {from: "{url}", pattern: "https?://([^/]+)"}, kind: outlet}
documents:
  page: {ref: {from: page-, digest: ["{url}"]}, publisher: site, url: "{url}", title: "{title}"}
records:
  - make: claim
    ref: "mine-{id}"
    actor: who
    summary: "{source} says {what}"
    date: "{day}"
    participants: [{actor: who, role: subject, when: {own: "yes"}}]
    citations: [{document: page, role: primary, label: "{id}"}]
"""
HEADER = "id,source,what,day,url,title,own"
ROWS = (
    "1,CIA,60000,17/9/2024,https://a.example/1,First,yes",
    "2,MoD,70000,05/02/2024,https://a.example/1,First,no",
    "3,Mod,80000,2024,https://b.example/2,Second,no",
)


@pytest.fixture
def line(target: str) -> CommandLine:
    return CommandLine(target)


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


def written(folder: Path, rows: Sequence[str] = ROWS, name: str = "rows.csv") -> str:
    path = folder / name
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return str(path)


def listed(line: CommandLine, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(line.does(*words, "--format", "json"))
    return rows


def cited(line: CommandLine) -> list[tuple[Any, ...]]:
    rows = listed(line, "report", "citations")
    return [(row["entry_ref"], row["url"], row["label"], row["publisher"]) for row in rows]


def test_a_row_makes_an_entry_that_cites_its_document_and_keeps_its_own_id(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    answer = line.run("import", profile, written(tmp_path))
    assert (answer.code, answer.stdout) == (0, "")
    assert "claim: 3 added, 0 changed, 0 unchanged\n" in answer.stderr
    assert answer.stderr.endswith("3 rows read\n")
    claims = listed(line, "claim", "list")
    assert [(row["ref"], row["actor"], row["date_from"], row["date_to"]) for row in claims] == [
        ("mine-1", "cia", "2024-09-17", "2024-09-17"),
        ("mine-2", "mod", "2024-02-05", "2024-02-05"),
        ("mine-3", claims[2]["actor"], "2024-01-01", "2024-12-31"),
    ]
    assert cited(line) == [
        ("mine-1", "https://a.example/1", "1", "a-example"),
        ("mine-2", "https://a.example/1", "2", "a-example"),
        ("mine-3", "https://b.example/2", "3", "b-example"),
    ]


def test_two_spellings_with_one_slug_stay_two_actors(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("import", profile, written(tmp_path))
    named = {row["ref"]: row["name"] for row in listed(line, "actor", "list")}
    other = next(ref for ref, name in named.items() if name == "Mod")
    assert (named["mod"], bool(re.fullmatch(r"mod-[0-9a-f]{16}", other))) == ("MoD", True)


def test_an_actor_that_is_there_under_the_name_is_used_and_left_alone(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("actor", "add", "Intelligence", "--kind", "group", "--ref", "us", "--alias", "CIA")
    line.does("import", profile, written(tmp_path, ROWS[:1]))
    assert listed(line, "claim", "list")[0]["actor"] == "us"
    assert listed(line, "actor", "show", "us")[0]["kind"] == "group"


def test_a_document_that_is_there_under_the_address_is_used(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("actor", "add", "A", "--kind", "outlet")
    line.does("document", "add", "--ref", "D", "--publisher", "a", "--url", "https://a.example/1")
    line.does("import", profile, written(tmp_path, ROWS[:2]))
    assert [row["ref"] for row in listed(line, "document", "list")] == ["D"]


def test_a_record_of_ones_own_that_has_the_ref_is_never_overwritten(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("actor", "add", "Ada", "--kind", "person")
    line.does("claim", "add", "Another claim", "--ref", "mine-1", "--actor", "ada")
    line.does("document", "add", "Mine", "--ref", "a", "--publisher", "ada")
    path = written(tmp_path, ROWS[:1])
    assert line.refuses("import", profile, path) == (
        2,
        f"{path}:2: entry 'mine-1' is there already, and no import by mine made it: let the "
        "profile make another ref",
    )
    works = tmp_path / "works.bib"
    works.write_text("@misc{a, title={x}, publisher={P}}\n")
    assert "document 'a' is there already" in line.refuses("import", "bibtex", str(works))[1]


def test_a_document_of_ones_own_is_cited_as_it_is(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    Path(profile).write_text(PROFILE.replace('{from: page-, digest: ["{url}"]}', "D"), "utf-8")
    line.does("actor", "add", "Ada", "--kind", "person")
    line.does("document", "add", "Mine", "--ref", "D", "--publisher", "ada")
    line.does("import", profile, written(tmp_path, ROWS[:1]))
    assert [row["title"] for row in listed(line, "document", "list")] == ["Mine"]
    assert cited(line) == [("mine-1", None, "1", "ada")]


def test_repeating_an_import_changes_nothing(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    line.does("import", profile, path)
    before = line.revisions()
    assert "claim: 0 added, 0 changed, 3 unchanged" in line.run("import", profile, path).stderr
    assert line.revisions() == before


def test_of_rows_that_describe_one_document_otherwise_the_first_counts_each_time(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, (ROWS[0], ROWS[1].replace("First", "Other")))
    line.does("import", profile, path)
    before = line.revisions()
    line.does("import", profile, path)
    assert line.revisions() == before
    assert [row["title"] for row in listed(line, "document", "list")] == ["First"]


def test_a_corrected_file_changes_exactly_what_was_corrected(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    line.does("import", profile, path)
    before = line.revisions()
    corrected = (ROWS[0].replace("yes", "no"), ROWS[1].replace("70000", "75000"), ROWS[2])
    answer = line.run("import", profile, written(tmp_path, corrected))
    assert "claim: 0 added, 2 changed, 1 unchanged" in answer.stderr
    changed = listed(line, "log", "--limit", "2")
    assert [(row["op"], row["record"]) for row in changed] == [
        ("update", "entry mine-2"),
        ("delete", "participation mine-1/cia/subject"),
    ]
    assert line.revisions() == before + 2


def test_what_the_source_takes_back_and_gives_again_is_there_again(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    for own, count in (("yes", 1), ("no", 0), ("yes", 1)):
        line.does("import", profile, written(tmp_path, [ROWS[0].replace("yes", own)]))
        assert line.does("dump").count("role: subject") == count


def test_after_two_actors_were_made_one_an_import_names_that_one(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, ROWS[:1])
    line.does("import", profile, path)
    line.does("actor", "add", "Agency", "--kind", "organisation")
    line.does("actor", "merge", "cia", "agency")
    before = line.revisions()
    line.does("import", profile, path)
    assert line.revisions() == before


def test_what_the_analyst_has_changed_since_stays(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, ROWS[:1])
    line.does("import", profile, path)
    line.does("claim", "edit", "mine-1", "--summary", "Better words")
    line.does("actor", "add", "Ada", "--kind", "person")
    line.does("document", "add", "--ref", "D", "--publisher", "ada")
    line.does("citation", "add", "mine-1", "D")
    line.does("citation", "remove", "mine-1", _page(line), "--label", "1")
    before = line.revisions()
    for _ in range(2):
        line.does("import", profile, path)
        assert line.revisions() == before
    written(tmp_path, [ROWS[0].replace("17/9", "18/9")])
    for _ in range(2):
        line.does("import", profile, path)
    [row] = listed(line, "claim", "list")
    assert (row["summary"], row["date_from"]) == ("Better words", "2024-09-18")
    assert len(cited(line)) == 1


def _page(line: CommandLine) -> str:
    return next(str(row["ref"]) for row in listed(line, "document", "list") if row["ref"] != "D")


def test_an_entry_that_was_removed_is_left_out_and_told(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path)
    line.does("import", profile, path)
    line.does("claim", "remove", "mine-2")
    answer = line.run("import", profile, path)
    assert answer.code == 0
    assert "1 record left out: removed from this casebook before" in answer.stderr
    assert [row["ref"] for row in listed(line, "claim", "list")] == ["mine-1", "mine-3"]


def test_rows_that_are_wrong_are_told_together_and_nothing_is_written(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        (
            ROWS[0],
            "4,CIA,1,31/02/2024,https://a.example/1,First,no",
            "5,CIA,1,2024,nowhere,First,no",
            "6,,1,2024,https://a.example/1,First,no",
            "7,CIA",
            ROWS[0],
            ",CIA,1,2024,https://a.example/1,First,no",
        ),
    )
    code, said = line.refuses("import", profile, path)
    assert (code, said.replace(path, "rows.csv").splitlines()) == (
        2,
        [
            "rows.csv:3: date (column day) '31/02/2024' is not valid: expected a day that exists: "
            "the calendar has no 2024-02-31",
            "rows.csv:4: name (column url) 'nowhere' is unknown to the profile: it fits no pattern",
            "rows.csv:5: there is no actor: actor who of the profile is made of source, which is "
            "empty",
            "rows.csv:6: it has 2 cells, and the header has 7: mend the line",
            "rows.csv:7: ref 'mine-1' is that of an earlier row: keep one of them",
            "rows.csv:8: there is nothing to make a ref of: id is empty",
        ],
    )


def test_of_very_many_faults_the_first_are_told_and_the_others_counted(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    path = written(tmp_path, ["x,CIA"] * (rows.MAX_FAULTS + 5))
    said = line.refuses("import", profile, path)[1].splitlines()
    assert (len(said), said[-1]) == (rows.MAX_FAULTS + 1, "and 5 more rows are wrong")


def test_wrong_rows_are_put_aside_to_be_mended_and_imported_again(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    wrong = '4,CIA,"=1, +2",31/02/2024,https://a.example/4,\'=Title,no'
    path = Path(written(tmp_path, (ROWS[0], wrong, "7,CIA,1,2024,a,b,c,d", '8,"CIA', ROWS[1])))
    answer = line.run("import", "--skip-invalid", profile, str(path))
    rejected = tmp_path / "rows.csv.rejected.csv"
    assert (answer.code, rejected.stat().st_mode & 0o777) == (0, 0o600)
    assert f"3 rows are in {rejected}: mend and import it" in answer.stderr
    header, *rows = csv.reader(io.StringIO(rejected.read_text(encoding="utf-8"), newline=""))
    assert header == [*HEADER.split(","), "rejected_line", "rejected_because"]
    assert rows[0][:6] == ["4", "CIA", "'=1, +2", "31/02/2024", "https://a.example/4", "''=Title"]
    assert [row[7] for row in rows] == ["3", "4", "5"]
    assert rows[1][9:] == ["d"]
    assert rows[2][0] == f'8,"CIA\n{ROWS[1]}'
    assert [row["ref"] for row in listed(line, "claim", "list")] == ["mine-1"]
    mended = rejected.read_text(encoding="utf-8").replace("31/02/2024", "28/02/2024")
    rejected.write_text(mended, encoding="utf-8")
    again = line.run("import", "--skip-invalid", profile, str(rejected))
    assert f"2 rows are in {rejected}.rejected.csv: mend and import it" in again.stderr
    left = Path(f"{rejected}.rejected.csv").read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(left, newline=""))
    assert header == [*HEADER.split(","), "rejected_line", "rejected_because"]
    assert [(row[0], row[7], row[9:]) for row in rows] == [
        ("7", "3", ["d"]),
        (f'8,"CIA\n{ROWS[1]}', "4", []),
    ]
    claims = listed(line, "claim", "list")
    assert [(row["ref"], row["summary"]) for row in claims] == [
        ("mine-1", "CIA says 60000"),
        ("mine-4", "CIA says =1, +2"),
    ]
    titles = {row["title"] for row in listed(line, "document", "list")}
    assert titles == {"First", "'=Title"}


def test_a_row_that_could_not_be_read_is_refused_until_its_reason_is_emptied(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    line.does("import", "--skip-invalid", profile, written(tmp_path, ["4,CIA,1,2024,https://a.b"]))
    rejected = tmp_path / "rows.csv.rejected.csv"
    because = "it has 5 cells, and the header has 7: mend the line, then empty rejected_because"
    for cells in ("https://a.b,,", "https://a.b,Title,no"):
        text = f'{HEADER},rejected_line,rejected_because\n4,CIA,1,2024,{cells},2,"{because}"\n'
        assert text == rejected.read_text("utf-8").replace("https://a.b,,", cells)
        rejected.write_text(text, "utf-8")
        assert line.refuses("import", profile, str(rejected)) == (2, f"{rejected}:2: {because}")
    line.does("import", "--skip-invalid", profile, str(rejected))
    assert Path(f"{rejected}.rejected.csv").read_text("utf-8") == text
    rejected.write_text(text.replace(f'"{because}"', ""), "utf-8")
    line.does("import", profile, str(rejected))
    assert [row["ref"] for row in listed(line, "claim", "list")] == ["mine-4"]


def test_a_formula_that_was_never_worked_out_is_put_aside_as_it_is_written(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    Path(profile).write_text(PROFILE.replace("format: csv", "format: xlsx"), "utf-8")
    book = Workbook()
    assert book.active is not None
    book.active.append(HEADER.split(","))
    book.active.append(["4", "CIA", "=1+1", "2024", "https://a.b", "Title", "no"])
    book.save(tmp_path / "rows.xlsx")
    line.does("import", "--skip-invalid", profile, str(tmp_path / "rows.xlsx"))
    rejected = tmp_path / "rows.xlsx.rejected.csv"
    text = rejected.read_text("utf-8")
    assert "4,CIA,'=1+1,2024," in text
    assert "C2 (what) holds a formula" in line.refuses("import", profile, str(rejected))[1]
    mended = re.sub('"C2 .what. holds.*"', "", text.replace("'=1+1", "2"))
    rejected.write_text(mended, "utf-8")
    line.does("import", profile, str(rejected))
    assert [row["summary"] for row in listed(line, "claim", "list")] == ["CIA says 2"]


def test_a_row_that_is_skipped_leaves_nothing_behind(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    wrong = PROFILE.replace('date: "{day}"', 'date: "{day}"\n    precision: "{title}"')
    Path(profile).write_text(wrong, encoding="utf-8")
    line.does("import", "--skip-invalid", profile, written(tmp_path, (ROWS[0], ROWS[1])))
    assert listed(line, "actor", "list") + listed(line, "document", "list") == []


def test_what_a_skipped_row_made_is_made_again_by_the_next(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    wrong = PROFILE.replace('date: "{day}"', 'date: "{day}"\n    precision: "{own}"')
    Path(profile).write_text(wrong, encoding="utf-8")
    rows = (ROWS[0], ROWS[0].replace("yes", "day"))
    line.does("import", "--skip-invalid", profile, written(tmp_path, rows))
    assert [(row["ref"], row["actor"]) for row in listed(line, "claim", "list")] == [
        ("mine-1", "cia")
    ]


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
    assert (code, "of a protected source: give --include-protected" in said) == (2, True)
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
    assert f"{path} is read as cp1252: if that is wrong, give the encoding in the profile" in said
    assert [row["title"] for row in listed(line, "document", "list")] == ["Léété"]


def test_memory_does_not_grow_with_the_rows(target: str, profile: str, tmp_path: Path) -> None:
    rows = [ROWS[0].replace("1,", f"{number},", 1) for number in range(importing._AT_ONCE + 20)]
    meant = read_profile(get_profile_path(profile))
    with sessions.writing(db.connect(target), author=AUTHOR, message="x") as session:
        importing.import_files(session, meant, [Path(written(tmp_path, rows))])
        assert len(session.identity_map) < 200


# --- the profiles that ship -----------------------------------------------------------------------


def test_events_of_ucdp_keep_their_bounds_and_no_perpetrator_is_invented(
    line: CommandLine, tmp_path: Path
) -> None:
    header = (
        "id,type_of_violence,dyad_name,side_a,side_b,source_article,where_description,adm_1,"
        "latitude,longitude,country,date_prec,date_start,date_end"
    )
    articles = '"""Agency,2014-05-03,One, and ""two"""";""Paper,2014-05-04,Three"""'
    rows = [
        f"7,1,Government of A - B,Government of A,B,{articles},near X,North,50.5,30.25,U,2,"
        "05/02/2014 00:00,5/3/2014 12:00:00 AM",
        "8,3,Government of A - Civilians,Government of A,Civilians,no article,,North,1,2,U,4,"
        "10/13/2014 12:00:00 AM,11/12/2014 12:00:00 AM",
    ]
    path = tmp_path / "ged.csv"
    path.write_bytes("\n".join([header, *rows, ""]).replace("near X", "near Xé").encode("cp1252"))
    line.does("import", "ucdp-ged", str(path))
    one, other = listed(line, "action", "list")
    kept = ("actor", "date_from", "date_to", "summary")
    assert [one[key] for key in kept] == [
        "government-of-a-b",
        "2014-05-02",
        "2014-05-03",
        "Government of A against B at near Xé",
    ]
    assert [other[key] for key in kept[:3]] == ["government-of-a", "2014-10-13", "2014-11-12"]
    dumped = line.does("dump")
    assert "{actor: civilians, role: target}" in dumped
    assert "{actor: b, role: co_actor}" in dumped
    assert "{actor: government-of-a, role: co_actor}" in dumped
    assert "precision: vague" in dumped
    assert "date_text: within a month (UCDP date_prec 4)" in dumped
    assert dumped.count("action_code: ASSAULT") == 2
    titles = {row["title"] for row in listed(line, "document", "list")}
    assert {'One, and "two"', "Three", "no article"} <= titles
    assert "stances" not in dumped
    assert {row[2] for row in cited(line)} == {"7", "8"}


def test_events_of_acled_have_the_dyad_for_their_actor_in_either_order(
    line: CommandLine, tmp_path: Path
) -> None:
    header = (
        "event_id_cnty,event_date,time_precision,sub_event_type,actor1,actor2,country,admin1,"
        "location,latitude,longitude,source,notes"
    )
    rows = [
        "U1,26 May 2024,1,Air/drone strike,Side A,Side B,U,North,Town,50,36,One; Two,First",
        "U2,26/05/2024 00:00:00,3,Armed clash,Side B,Side A,U,,Town,50,36,One,",
        "U3,2024-05-26,2,Peaceful protest,Side A,,U,,Town,50,36,One,Third",
    ]
    path = tmp_path / "acled.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    line.does("import", "acled", str(path))
    found = [
        (row["actor"], row["date_from"], row["date_to"]) for row in listed(line, "action", "list")
    ]
    assert found == [
        ("side-a-side-b", "2024-05-26", "2024-05-26"),
        ("side-a-side-b", "2024-05-01", "2024-05-31"),
        ("side-a", "2024-05-20", "2024-06-01"),
    ]
    dumped = line.does("dump")
    assert (dumped.count("role: co_actor"), dumped.count("role: target")) == (4, 0)
    assert re.findall(r"action_code: (\S+)", dumped) == ["ASSAULT", "ASSAULT", "PROTEST"]


def test_events_of_viina_have_nobody_for_their_actor(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "viina.csv"
    path.write_text(
        "event_id,date,asciiname,ADM1_NAME,ADM2_NAME,address,longitude,latitude,source,url,text,"
        "lang\n5,20240526,Town,North,,,36.2,50.0,paper,https://example.org/1,Обстріл,ua\n",
        encoding="utf-8",
    )
    line.does("import", "viina", str(path))
    [row] = listed(line, "action", "list")
    assert (row["ref"], row["actor"], row["date_from"]) == (
        "viina-5",
        "viina-unattributed",
        "2024-05-26",
    )
    [actor] = listed(line, "actor", "show", "viina-unattributed")
    assert actor["kind"] == "anonymous"
    assert "language: uk" in line.does("dump")


REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://facts.example/1",
    "datePublished": "2024-05-02",
    "claimReviewed": "The bridge is gone",
    "author": {"@type": "Organization", "name": "Desk"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Ivan"},
        "datePublished": "2024-05-01",
        "appearance": [{"url": "https://post.example/1"}],
    },
    "reviewRating": {"ratingValue": "1", "worstRating": 1, "bestRating": 5, "alternateName": "No"},
}


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(REVIEW, id="single"),
        pytest.param([REVIEW], id="list"),
        pytest.param({"@context": "x", "@graph": [{"@type": "WebPage"}, REVIEW]}, id="graph"),
        pytest.param(
            {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW]}]},
            id="DataFeed",
        ),
    ],
)
def test_a_fact_check_makes_a_claim_and_an_assessment_against_it(
    line: CommandLine, tmp_path: Path, shape: object
) -> None:
    path = tmp_path / "review.json"
    path.write_text(json.dumps(shape), encoding="utf-8")
    line.does("import", "claimreview", str(path))
    [pair] = listed(line, "report", "contradictions")
    assert (pair["subject_actor"], pair["counter_actor"], pair["class"], pair["strength"]) == (
        "ivan",
        "desk",
        "assessed_against",
        2,
    )
    assert pair["subject_urls"] == ["https://facts.example/1", "https://post.example/1"]


def test_a_corrected_rating_changes_one_stance(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "review.json"
    for value in (1, 2):
        rating = {**REVIEW["reviewRating"], "ratingValue": value}  # type: ignore[dict-item]
        path.write_text(json.dumps({**REVIEW, "reviewRating": rating}), encoding="utf-8")
        line.does("import", "claimreview", str(path))
    last, *_ = listed(line, "log", "--limit", "1")
    assert (last["op"], last["record"].split("/")[0][:17]) == ("update", "stance review-of-")
    [pair] = listed(line, "report", "contradictions")
    assert pair["strength"] == 1
    change = listed(line, "log", "show", last["change"])
    assert len(change) == 1


@pytest.mark.parametrize(
    ("rating", "value"),
    [
        pytest.param({"ratingValue": 5}, 2, id="the best of the usual scale"),
        pytest.param({"ratingValue": 2, "worstRating": 0, "bestRating": 10}, -1, id="a scale"),
        pytest.param({"ratingValue": 1, "worstRating": 5, "bestRating": 1}, 2, id="turned round"),
        pytest.param({"ratingValue": -1, "bestRating": -1, "worstRating": -1}, None, id="no scale"),
        pytest.param({"ratingValue": 9, "alternateName": "False"}, -2, id="words, off the scale"),
        pytest.param({"alternateName": "Half true"}, 0, id="words"),
        pytest.param({"alternateName": "Four noses"}, None, id="words nobody knows"),
    ],
)
def test_a_rating_becomes_a_stance_or_none_but_never_a_guess(
    tmp_path: Path, sqlite: CommandLine, rating: dict[str, object], value: int | None
) -> None:
    path = tmp_path / "review.json"
    path.write_text(json.dumps({**REVIEW, "reviewRating": rating}), encoding="utf-8")
    answer = sqlite.run("import", "claimreview", str(path))
    assert ("is unknown to the profile and left empty" in answer.stderr) is (
        rating.get("alternateName") == "Four noses"
    )
    stances = listed(sqlite, "stance", "list")
    assert [row["value"] for row in stances if row["entry"].startswith("review-")] == (
        [] if value is None else [value]
    )


@pytest.mark.parametrize(
    ("author", "kind"),
    [
        pytest.param({"@type": "Person", "name": "Ann"}, "person", id="of a known type"),
        pytest.param({"@type": "Brand", "name": "Ann"}, "group", id="of another"),
        pytest.param({"name": "Ann"}, "group", id="of none"),
        pytest.param("Ann", "group", id="a name alone"),
    ],
)
def test_a_claimant_is_taken_however_the_review_names_it(
    sqlite: CommandLine, tmp_path: Path, author: object, kind: str
) -> None:
    path = tmp_path / "review.json"
    review = {**REVIEW, "itemReviewed": {"@type": "Claim", "author": author}}
    path.write_text(json.dumps(review), encoding="utf-8")
    sqlite.does("import", "claimreview", str(path))
    assert [row["actor"] for row in listed(sqlite, "claim", "list")] == ["ann"]
    assert {row["ref"]: row["kind"] for row in listed(sqlite, "actor", "list")}["ann"] == kind


def test_nobody_is_named_where_the_review_names_nobody(sqlite: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "review.json"
    reviews = [
        {
            **REVIEW,
            "itemReviewed": {},
            "claimReviewed": text,
            "url": f"https://facts.example/{text}",
        }
        for text in "ab"
    ]
    path.write_text(json.dumps(reviews), encoding="utf-8")
    sqlite.does("import", "claimreview", str(path))
    actors = {row["actor"] for row in listed(sqlite, "claim", "list")}
    assert (len(actors), all(ref.startswith("unnamed-claimant-") for ref in actors)) == (2, True)


WORKS = {
    "csl-json": json.dumps(
        [
            {
                "id": "smith2024",
                "type": "article-newspaper",
                "title": "A title",
                "container-title": "The Paper",
                "URL": "https://paper.example/1",
                "issued": {"date-parts": [[2024, 5]]},
                "language": "en",
            }
        ]
    ),
    "bibtex": "@article{smith2024, title={A title}, journal={The Paper}, year=2024, month=may,\n"
    "url={https://paper.example/1}, language={en}}",
    "ris": "TY  - NEWS\nID  - smith2024\nTI  - A title\nJF  - The Paper\nPY  - 2024/05//\n"
    "UR  - https://paper.example/1\nLA  - en\nER  - \n",
}


@pytest.mark.parametrize("name", WORKS)
def test_a_work_of_a_bibliography_becomes_a_document(
    sqlite: CommandLine, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "works"
    path.write_text(WORKS[name], encoding="utf-8")
    for _ in range(2):
        sqlite.does("import", name, str(path))
    [row] = listed(sqlite, "document", "list")
    assert (row["title"], row["publisher"], row["url"]) == (
        "A title",
        "the-paper",
        "https://paper.example/1",
    )
    assert (row["published_from"], row["published_to"]) == ("2024-05-01", "2024-05-31")
    assert name == "ris" or row["ref"] == "smith2024"


@pytest.mark.parametrize(
    ("issued", "first", "last"),
    [
        pytest.param({"date-parts": [[2024, 1, 3], [2024, 2, 5]]}, "2024-01-03", "2024-02-05"),
        pytest.param({"date-parts": [[2024, 1], [2024, 3]]}, "2024-01-01", "2024-03-31"),
        pytest.param({"date-parts": [[2020], [2024]]}, "2020-01-01", "2024-12-31"),
        pytest.param({"date-parts": [[2020]], "season": 2}, "2020-06-01", "2020-08-31"),
        pytest.param({"date-parts": [[2020]], "season": "S"}, "2020-01-01", "2020-12-31"),
        pytest.param("2020-05", "2020-05-01", "2020-05-31"),
        pytest.param("2020-05-03T10:00:00Z", "2020-05-03", "2020-05-03"),
        pytest.param("2020-01/2020-03", "2020-01-01", "2020-03-31"),
        pytest.param("2020-21", "2020-03-01", "2020-05-31"),
        pytest.param("2020~", "2020-01-01", "2020-12-31"),
        pytest.param("2020?/2021-02~", "2020-01-01", "2021-02-28"),
        pytest.param(2020, "2020-01-01", "2020-12-31"),
        pytest.param({"literal": "2020"}, "2020-01-01", "2020-12-31"),
        pytest.param({"raw": "2020-02/2020-03"}, "2020-02-01", "2020-03-31"),
    ],
    ids=str,
)
def test_a_work_of_csl_keeps_both_ends_of_its_date(
    sqlite: CommandLine, tmp_path: Path, issued: object, first: str, last: str
) -> None:
    path = tmp_path / "works.json"
    work = {"id": "w", "title": "T", "publisher": "P", "issued": issued}
    path.write_text(json.dumps([work]), encoding="utf-8")
    sqlite.does("import", "csl-json", str(path))
    [row] = listed(sqlite, "document", "list")
    assert (row["published_from"], row["published_to"]) == (first, last)


@pytest.mark.parametrize(
    ("name", "written", "span", "told"),
    [
        pytest.param("csl-json", '"197X"', ("1970-01-01", "1979-12-31"), "", id="unspecified"),
        pytest.param("csl-json", '{"literal": "in press"}', (None, None),
                     "issued.literal 'in press' is no date that can be read", id="words"),
        pytest.param("csl-json", '{"date-parts": [[1723]], "circa": true}',
                     ("1723-01-01", "1723-12-31"),
                     "published '1723~' is approximate: read as 1723 (1 time)", id="circa"),
        pytest.param("bibtex", "date={1723-05%/..}", ("1723-05-01", None),
                     "published '1723-05%/..' is approximate and uncertain: read as 1723-05-01/..",
                     id="qualified"),
        pytest.param("bibtex", "year={2020/2021}, month={3}", ("2020-01-01", "2021-12-31"),
                     "month '3' is left out: it is not of one year", id="a month of two years"),
        pytest.param("bibtex", "year=2020, month=13", ("2020-01-01", "2020-12-31"),
                     "month '13' is no month that can be read", id="a month that there is not"),
        pytest.param("bibtex", "year=2020, month=mar, day=5", ("2020-03-05", "2020-03-05"), "",
                     id="a day"),
        pytest.param("ris", "PY  - 2014/03/05/", ("2014-03-05", "2014-03-05"), "", id="PY"),
        pytest.param("ris", "DA  - 2014/3//Spring", ("2014-03-01", "2014-03-31"), "", id="DA"),
        pytest.param("ris", "Y1  - 2014///", ("2014-01-01", "2014-12-31"), "", id="Y1"),
        pytest.param("ris", "DA  - 2014-03-05T10:00:00Z", ("2014-03-05", "2014-03-05"), "",
                     id="ISO 8601"),
        pytest.param("ris", "DA  - May 5\nPY  - 2014", ("2014-01-01", "2014-12-31"),
                     "DA 'May 5' is no date that can be read", id="another that is none"),
    ],
)  # fmt: skip
def test_a_date_of_a_work_is_read_whole_or_told(
    sqlite: CommandLine,
    tmp_path: Path,
    name: str,
    written: str,
    span: tuple[object, ...],
    told: str,
) -> None:
    work = {
        "csl-json": f'{{"id": "w", "title": "T", "publisher": "P", "issued": {written}}}',
        "bibtex": f"@misc{{w, title={{T}}, publisher={{P}}, {written}}}",
        "ris": f"TY  - BOOK\nTI  - T\nPB  - P\n{written}\nER  - \n",
    }
    path = tmp_path / "works"
    path.write_text(work[name], encoding="utf-8")
    answer = sqlite.run("import", name, str(path))
    [row] = listed(sqlite, "document", "list")
    assert (row["published_from"], row["published_to"]) == span
    noted = [line for line in answer.stderr.splitlines() if line.startswith("warning: ")]
    noted = [line for line in noted if "not read by this profile" not in line]
    assert [line.startswith(f"warning: {told}") for line in noted] == [True] * bool(told)


def test_a_work_that_stands_twice_is_told_and_kept_apart_as_a_record(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "works.bib"
    path.write_text("@misc{a, title={x}, publisher={P}}\n@misc{a, title={y}, publisher={P}}\n")
    assert sqlite.refuses("import", "bibtex", str(path))[1] == (
        f"{path}:2: ref 'a' is that of an earlier row: keep one of them"
    )
    sqlite.does("import", "--skip-invalid", "bibtex", str(path))
    assert [row["title"] for row in listed(sqlite, "document", "list")] == ["x"]
    rejected = Path(f"{path}.rejected.csv")
    mended = rejected.read_text(encoding="utf-8").replace('""key"": ""a""', '""key"": ""b""')
    rejected.write_text(mended, encoding="utf-8")
    sqlite.does("import", "bibtex", str(rejected))
    assert [row["title"] for row in listed(sqlite, "document", "list")] == ["x", "y"]


def test_a_work_at_an_address_that_is_there_is_that_document_and_told(
    line: CommandLine, tmp_path: Path
) -> None:
    line.does("actor", "add", "A", "--kind", "outlet")
    line.does(
        "document", "add", "Mine", "--ref", "D", "--publisher", "a", "--url", "https://a.example/1"
    )
    path = tmp_path / "works.bib"
    path.write_text("@misc{w, title={x}, publisher={P}, url={https://a.example/1}}\n")
    before = line.revisions()
    assert line.run("import", "bibtex", str(path)).stderr == (
        "warning: the document at https://a.example/1 is there already as 'D': it stays as it is\n"
        "document: 0 added, 0 changed, 1 unchanged\n1 row read\n"
    )
    assert line.revisions() == before
    line.does("document", "edit", "D", "--protected")
    told = line.run("import", "bibtex", str(path)).stderr
    assert ("is there already as" in told, "'D'" in told) == (True, False)


def test_of_very_many_works_that_are_there_some_are_told_and_the_others_counted(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "works.bib"
    for name in ("a", "b"):
        works = (
            f"@misc{{{name}{at}, publisher={{P}}, url={{https://a.example/{at}}}}}\n"
            for at in range(10)
        )
        path.write_text("".join(works))
        told = sqlite.run("import", "bibtex", str(path)).stderr
    assert (told.count("is there already as 'a"), "and 2 more documents" in told) == (8, True)


def test_two_works_at_one_address_are_told_with_it_until_it_is_mended(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    works = [
        {"id": name, "title": name, "publisher": "P", "URL": "https://a.example/1"}
        for name in "xyz"
    ]
    path = tmp_path / "works.json"
    path.write_text(json.dumps([*works[:1], {**works[1], "id": "x", "title": "other"}, works[2]]))
    told = (
        "its address https://a.example/1 is that of an earlier row, 'x': keep one of them, or "
        "correct the address"
    )
    said = sqlite.refuses("import", "csl-json", str(path))[1]
    assert said == f"{path}:1: record 2: {told}\n{path}:1: record 3: {told}"
    sqlite.does("import", "--skip-invalid", "csl-json", str(path))
    rejected = Path(f"{path}.rejected.csv")
    assert sqlite.refuses("import", "csl-json", str(rejected))[1].count(told) == 2
    text = rejected.read_text(encoding="utf-8")
    rejected.write_text(text.replace("example/1", "example/2", 1).replace('""x""', '""w""', 1))
    assert sqlite.refuses("import", "csl-json", str(rejected))[1].count(told) == 1
    rejected.write_text("\n".join(rejected.read_text(encoding="utf-8").splitlines()[:2]))
    sqlite.does("import", "csl-json", str(rejected))
    rows = [(row["ref"], row["url"]) for row in listed(sqlite, "document", "list")]
    assert rows == [("w", "https://a.example/2"), ("x", "https://a.example/1")]


@pytest.mark.parametrize(
    ("name", "content", "wrong", "right"),
    [
        pytest.param(
            "bibtex",
            "@string{p = {P}}\n@misc{a, title={One, publisher=p}\n@misc{b, title={Two}}\n",
            "{One,", "{One},", id="bibtex",
        ),
        pytest.param(
            "ris",
            "TI  - One\nPB  - P\nER  - \nTY  - BOOK\nTI  - Two\nER  - \n",
            "TI  - One", "TY  - BOOK\nTI  - One", id="ris",
        ),
    ],
)  # fmt: skip
def test_a_work_that_could_not_be_read_is_mended_where_it_stands(
    sqlite: CommandLine, tmp_path: Path, name: str, content: str, wrong: str, right: str
) -> None:
    path = tmp_path / "works"
    path.write_text(content, encoding="utf-8")
    sqlite.does("import", "--skip-invalid", name, str(path))
    rejected = Path(f"{path}.rejected.csv")
    code, told = sqlite.refuses("import", name, str(rejected))
    assert (code, told.startswith(f"{rejected}:2: ")) == (2, True)
    mended = rejected.read_text(encoding="utf-8").replace(wrong, right)
    rejected.write_text(mended, encoding="utf-8")
    sqlite.does("import", name, str(rejected))
    rows = {row["title"]: row["publisher"] for row in listed(sqlite, "document", "list")}
    assert rows == {"One": "p", "Two": "unknown-publisher"}
    rejected.write_text("record,rejected_line,rejected_because\n{,2,x\n", encoding="utf-8")
    told = f"{rejected}:2: record is not a record of JSON: mend it"
    assert sqlite.refuses("import", name, str(rejected)) == (2, told)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param(
            "csl-json", [{"a": 1}],
            "record 1: there is no document: document work of the profile is made of id, which is "
            "empty",
            id="nothing to make",
        ),
        pytest.param(
            "claimreview", [{**REVIEW, "claimReviewed": "a\0b"}],
            "record 1: claimReviewed holds a NUL, or half a character: take it out", id="NUL",
        ),
        pytest.param(
            "claimreview", [{**REVIEW, "claimReviewed": "a\ud800"}],
            "record 1: claimReviewed holds a NUL, or half a character: take it out",
            id="half a character",
        ),
        pytest.param(
            "claimreview", [{**REVIEW, "claimReviewed": "a" * 100_001}],
            "record 1: text is longer than 100,000 characters: shorten it (column claimReviewed)",
            id="too long",
        ),
        pytest.param(
            "claimreview", [{"@type": "Claim"}],
            "there is no ClaimReview in the file: neither an @type ClaimReview nor a list under "
            "the key ClaimReview", id="nothing of the type",
        ),
    ],
)  # fmt: skip
def test_a_record_that_no_database_can_hold_is_told_in_its_line(
    line: CommandLine, tmp_path: Path, name: str, content: object, told: str
) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert line.refuses("import", name, str(path)) == (2, f"{path}:1: {told}")


@pytest.fixture
def sqlite(new_target: Any) -> Any:
    """A command line at an empty SQLite casebook, for what no database can change."""
    with new_target("sqlite") as made:
        yield CommandLine(made)


def test_the_mark_of_an_import_is_its_profile() -> None:
    assert updates.make_message("mine", None) == "import mine"
    assert updates.make_message("mine", "why") == "import mine: why"


def test_a_repeated_row_put_aside_does_not_replace_the_first_until_it_is_mended(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    second = ROWS[0].replace("CIA", "MI6")
    path = Path(written(tmp_path, (ROWS[0], second)))
    line.does("import", "--skip-invalid", profile, str(path))
    rejected = tmp_path / "rows.csv.rejected.csv"
    before = listed(line, "claim", "list")
    answer = line.run("import", profile, str(rejected))
    assert (answer.code, "is that of an earlier row" in answer.stderr) == (2, True)
    assert listed(line, "claim", "list") == before
    text = rejected.read_text(encoding="utf-8")
    rejected.write_text(re.sub(r"^1,", "9,", text, flags=re.MULTILINE), encoding="utf-8")
    line.does("import", profile, str(rejected))
    assert [row["ref"] for row in listed(line, "claim", "list")] == ["mine-1", "mine-9"]
