"""Rows that are wrong: reported together, written to a file, corrected and imported again."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from openpyxl import Workbook

from claimtrack.exchange.readers import rows
from commandline import CommandLine
from exchange.imports.row_imports import HEADER, PROFILE, REVIEW, ROWS, listed, written


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
            "rows.csv:6: it has 2 cells, and the header has 7: correct the line",
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
    assert f"3 rows are in {rejected}: correct and import it" in answer.stderr
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
    assert f"2 rows are in {rejected}.rejected.csv: correct and import it" in again.stderr
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
    because = "it has 5 cells, and the header has 7: correct the line, then empty rejected_because"
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
            "record 1: claimReviewed holds a NUL, or half a character: remove it", id="NUL",
        ),
        pytest.param(
            "claimreview", [{**REVIEW, "claimReviewed": "a\ud800"}],
            "record 1: claimReviewed holds a NUL, or half a character: remove it",
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
