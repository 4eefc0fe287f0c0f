"""The profiles of CSL-JSON, BibTeX and RIS, which ship: what a work becomes."""

import json
from pathlib import Path

import pytest

from commandline import CommandLine
from exchange.imports.row_imports import listed

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
                     "issued.literal 'in press' is not a date that can be read", id="words"),
        pytest.param("csl-json", '{"date-parts": [[1723]], "circa": true}',
                     ("1723-01-01", "1723-12-31"),
                     "published '1723~' is approximate: read as 1723 (1 time)", id="circa"),
        pytest.param("bibtex", "date={1723-05%/..}", ("1723-05-01", None),
                     "published '1723-05%/..' is approximate and uncertain: read as 1723-05-01/..",
                     id="qualified"),
        pytest.param("bibtex", "year={2020/2021}, month={3}", ("2020-01-01", "2021-12-31"),
                     "month '3' is left out: it is not of one year", id="a month of two years"),
        pytest.param("bibtex", "year=2020, month=13", ("2020-01-01", "2020-12-31"),
                     "month '13' is not a month that can be read", id="a month that there is not"),
        pytest.param("bibtex", "year=2020, month=mar, day=5", ("2020-03-05", "2020-03-05"), "",
                     id="a day"),
        pytest.param("ris", "PY  - 2014/03/05/", ("2014-03-05", "2014-03-05"), "", id="PY"),
        pytest.param("ris", "DA  - 2014/3//Spring", ("2014-03-01", "2014-03-31"), "", id="DA"),
        pytest.param("ris", "Y1  - 2014///", ("2014-01-01", "2014-12-31"), "", id="Y1"),
        pytest.param("ris", "DA  - 2014-03-05T10:00:00Z", ("2014-03-05", "2014-03-05"), "",
                     id="ISO 8601"),
        pytest.param("ris", "DA  - May 5\nPY  - 2014", ("2014-01-01", "2014-12-31"),
                     "DA 'May 5' is not a date that can be read", id="another that is none"),
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
        "warning: the document at https://a.example/1 already exists as 'D' and is not changed\n"
        "document: 0 added, 0 changed, 1 unchanged\n1 row read\n"
    )
    assert line.revisions() == before
    line.does("document", "edit", "D", "--protected")
    told = line.run("import", "bibtex", str(path)).stderr
    assert ("already exists as" in told, "'D'" in told) == (True, False)


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
    assert (told.count("already exists as 'a"), "and 2 more documents" in told) == (8, True)


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
    told = f"{rejected}:2: record is not a JSON record: correct it"
    assert sqlite.refuses("import", name, str(rejected)) == (2, told)
