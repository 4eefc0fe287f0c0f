"""What an imported row makes, and which records of the casebook it uses."""

import re
from pathlib import Path

from commandline import CommandLine
from exchange.imports.row_imports import PROFILE, ROWS, cited, listed, written


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
        f"{path}:2: entry 'mine-1' already exists, and no import by mine made it: let the "
        "profile make another ref",
    )
    works = tmp_path / "works.bib"
    works.write_text("@misc{a, title={x}, publisher={P}}\n")
    assert "document 'a' already exists" in line.refuses("import", "bibtex", str(works))[1]


def test_a_document_of_ones_own_is_cited_as_it_is(
    line: CommandLine, profile: str, tmp_path: Path
) -> None:
    Path(profile).write_text(PROFILE.replace('{from: page-, digest: ["{url}"]}', "D"), "utf-8")
    line.does("actor", "add", "Ada", "--kind", "person")
    line.does("document", "add", "Mine", "--ref", "D", "--publisher", "ada")
    line.does("import", profile, written(tmp_path, ROWS[:1]))
    assert [row["title"] for row in listed(line, "document", "list")] == ["Mine"]
    assert cited(line) == [("mine-1", None, "1", "ada")]
