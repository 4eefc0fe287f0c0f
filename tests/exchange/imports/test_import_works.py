"""Works of bibliographies, and dates, imported into a casebook: what is kept, and what noted."""

import json
from pathlib import Path
from typing import Any

import pytest

from commandline import CommandLine

BIB = """@article{one, title={First}, journal={J}, doi={https://doi.org/10.1000/Ex.1}}
@article{two, title={Second}, journal={J}, url={http://dx.doi.org/10.1000/EX.2}}
@article{three, title={Third}, journal={J}, url={https://j.example/3}, doi={10.1000/ex.3}}
@article{four, title={Fourth}, journal={J}, doi={n/a}}
"""
CSL = [{"id": "x", "title": "First", "DOI": "doi:10.1000/EX.1", "container-title": "J"}]
RIS = "TY  - JOUR\nTI  - Second\nJO  - J\nDO  - http://dx.doi.org/10.1000/ex.2\nER  - \n"


def listed(line: CommandLine, noun: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(line.does(noun, "list", "--format", "json"))
    return rows


def test_a_doi_in_any_spelling_is_one_document_over_all_formats(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    for name, text in (("bibtex", BIB), ("csl-json", json.dumps(CSL)), ("ris", RIS)):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        for _ in range(2):
            told = sqlite.run("import", name, str(path)).stderr
        if name == "bibtex":
            assert "url 'doi:n/a' is not a DOI, and is left out (1 time)" in told
            assert "url is also a DOI, a second address, and is left out" in told
        else:
            assert "already exists as" in told
    assert {row["ref"]: row["url"] for row in listed(sqlite, "document")} == {
        "one": "https://doi.org/10.1000/ex.1",
        "two": "https://doi.org/10.1000/ex.2",
        "three": "https://j.example/3",
        "four": None,
    }


def test_authors_and_publishers_that_a_document_has_no_place_for_are_noted(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    why = "is not imported: a document has one publisher, and another comes before it"
    csl = [{"id": "x", "title": "T", "container-title": "J", "author": [{"family": "A"}]}]
    works = {
        "bibtex": "@misc{a, author={A}, journal={J}, publisher={P}}\n@misc{b, author={A}}\n"
        "@misc{c, author={A}, url={https://c.example}}\n",
        "csl-json": json.dumps(csl),
        "ris": "TY  - JOUR\nTI  - T\nAU  - A\nJO  - J\nER  - \n",
    }
    told = []
    for name, text in works.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        stderr = sqlite.run("import", name, str(tmp_path / name)).stderr
        told.append([line for line in stderr.splitlines() if why in line])
    assert told == [
        [f"warning: author {why} (2 times)", f"warning: publisher {why} (1 time)"],
        [f"warning: author.family {why} (1 time)"],
        [f"warning: authors {why} (1 time)"],
    ]


def test_a_title_behind_another_is_noted(sqlite: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "works.ris"
    work = "TY  - JOUR\nTI  - Long title\nT1  - {}\nUR  - https://a.example/{}\nER  - \n"
    path.write_text(work.format("Another", 1) + work.format("Long title", 2), encoding="utf-8")
    told = sqlite.run("import", "ris", str(path)).stderr
    why = "is not imported: a document has one title, and another comes before it"
    assert [line for line in told.splitlines() if why in line] == [
        f"warning: primary_title 'Another' {why} (1 time)"
    ]
    assert {row["title"] for row in listed(sqlite, "document")} == {"Long title"}


def test_two_works_of_one_doi_are_refused_as_two_of_one_address_are(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "works.bib"
    path.write_text("@misc{a, doi={10.1000/X}}\n@misc{b, url={https://dx.doi.org/10.1000/x}}\n")
    assert sqlite.refuses("import", "bibtex", str(path)) == (
        2,
        f"{path}:2: its address https://doi.org/10.1000/x is that of an earlier row, 'a': keep one "
        "of them, or correct the address",
    )


def test_a_work_inherits_its_publisher_and_its_date(sqlite: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "works.bib"
    path.write_text(
        "@inproceedings{part, title={Part}, author={Roe, R.}, crossref={whole}}\n"
        "@proceedings{whole, title={Whole}, date={2019-05}, publisher={Foo Press}}\n"
    )
    sqlite.does("import", "bibtex", str(path))
    assert [
        (row["ref"], row["publisher"], row["published_from"]) for row in listed(sqlite, "document")
    ] == [("part", "foo-press", "2019-05-01"), ("whole", "foo-press", "2019-05-01")]


PROFILE = """claimtrack_profile: 1
name: mine
about: Dates
format: csv
actors: {a: {name: "{who}", kind: outlet}}
documents: {d: {ref: "d-{id}", publisher: a, published: "{when}"}}
records:
  - {make: claim, ref: "r-{id}", actor: a, summary: x, date: "{when}", about: "{when}",
     citations: [{document: d, role: primary}]}
"""


@pytest.mark.parametrize(
    ("when", "expected", "told"),
    [
        pytest.param("1723~", ("1723-01-01", "1723-12-31", "vague", "1723~"),
                     "'1723~' is approximate: read as 1723 (1 time)", id="about"),
        pytest.param("199X", ("1990-01-01", "1999-12-31", "vague", "199X"), "", id="a decade"),
        pytest.param("2004-6-XX", ("2004-06-01", "2004-06-30", "month", "2004-6-XX"), "",
                     id="no day"),
        pytest.param("../2024-7-5", (None, "2024-07-05", "day", None), "", id="open"),
    ],
)  # fmt: skip
def test_a_date_that_says_more_than_its_bounds_keeps_its_words_or_is_noted(
    sqlite: CommandLine, tmp_path: Path, when: str, expected: tuple[object, ...], told: str
) -> None:
    (tmp_path / "p.yaml").write_text(PROFILE)
    path = tmp_path / "rows.csv"
    path.write_text(f"id,who,when\n1,A,{when}\n")
    answer = sqlite.run("import", str(tmp_path / "p.yaml"), str(path)).stderr
    warned = [line for line in answer.splitlines() if line.startswith("warning: ")]
    assert warned == [f"warning: {key} {told}" for key in ("about", "published") if told]
    [shown] = json.loads(sqlite.does("show", "r-1", "--format", "json"))
    names = ("date_from", "date_to", "precision", "date_text")
    assert tuple(shown.get(name) for name in names) == expected


@pytest.mark.parametrize("when", ["2024-7/", "2024-07/.."])
def test_a_document_without_a_last_day_of_publication_is_noted(
    sqlite: CommandLine, tmp_path: Path, when: str
) -> None:
    (tmp_path / "p.yaml").write_text(PROFILE)
    path = tmp_path / "rows.csv"
    path.write_text(f"id,who,when\n1,A,{when}\n")
    why = "has no last day: it counts as published on 2024-07-01"
    imported = sqlite.run("import", str(tmp_path / "p.yaml"), str(path)).stderr
    assert f"warning: published {when!r} {why} (1 time)\n" in imported
    [publisher] = [one["ref"] for one in listed(sqlite, "actor")]
    added = sqlite.run("document", "add", "T", "--publisher", publisher, "--published", "2024-07/")
    assert f"warning: published '2024-07/' {why}\n" in added.stderr
    before = sqlite.revisions()
    sqlite.does("import", str(tmp_path / "p.yaml"), str(path))
    assert sqlite.revisions() == before


def test_a_qualified_date_that_keeps_no_words_is_warned_of(
    sqlite: CommandLine, tmp_path: Path
) -> None:
    told = "warning: published '1723?' is uncertain: read as 1723\n"
    sqlite.does("actor", "add", "Ann", "--kind", "person", "--ref", "ann")
    document = ("document", "add", "D", "--ref", "d", "--publisher", "ann")
    assert sqlite.run(*document, "--published", "1723?").stderr.count(told) == 1
    assert sqlite.run("document", "edit", "d", "--published", "1723?").stderr.count(told) == 1
    path = tmp_path / "d.yaml"
    path.write_text("claimtrack: 1\ndocuments:\n  - {ref: d, published: 1723?}\n")
    assert sqlite.run("load", str(path)).stderr.count(told) == 1
    path.write_text("claimtrack: 1\ndocuments:\n  - {ref: d, published: soon?}\n")
    assert "published 'soon?' is not valid" in sqlite.refuses("load", str(path))[1]
