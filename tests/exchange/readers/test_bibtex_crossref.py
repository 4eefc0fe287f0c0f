"""BibTeX: what a work inherits by `crossref` and `xdata`."""

from typing import Any

import pytest

from exchange.readers.works import bibtex


def _cells(text: str, key: str) -> dict[str, Any]:
    rows, _ = bibtex(text)
    return next(dict(row.cells) for row in rows if row.cells["key"] == key)


PARENT = (
    "@proceedings{C, title={Whole}, subtitle={Sub}, publisher={P}, date={2019-05}, doi={10.1/x},"
    " url={https://whole.example}, note={\\url{https://n.example}}, editor={E}}\n"
)


def test_a_work_inherits_by_crossref_what_biblatex_gives_it_but_no_address() -> None:
    cells = _cells("@inproceedings{a, title={Part}, crossref={C}}\n" + PARENT, "a")
    assert cells == {
        "title": "Part", "booktitle": "Whole", "booksubtitle": "Sub", "publisher": "P",
        "editor": "E", "date": "2019-05", "issued": "2019-05", "crossref": "C",
        "key": "a", "type": "inproceedings",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        pytest.param("year=2020", {"issued": "2020", "publisher": "P"}, id="a year of its own"),
        pytest.param("publisher={Own}", {"publisher": "Own"}, id="a field of its own"),
        pytest.param("publisher={}", {"publisher": "P"}, id="an empty field"),
        pytest.param("url={https://own.example}", {"url": "https://own.example"}, id="an address"),
    ],
)
def test_what_a_work_says_itself_counts_before_what_it_inherits(
    child: str, expected: dict[str, str]
) -> None:
    cells = _cells(PARENT + f"@inproceedings{{a, title={{Part}}, crossref={{c}}, {child}}}", "a")
    assert {name: cells.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        pytest.param("periodical", "article", {"journaltitle": "W"}, id="an issue"),
        pytest.param("book", "inbook", {"booktitle": "W"}, id="a chapter"),
        pytest.param("mvbook", "book", {"maintitle": "W"}, id="a volume"),
        pytest.param("book", "book", {"title": "W"}, id="any other"),
    ],
)
def test_a_title_is_inherited_under_the_name_that_it_has_in_a_part(
    above: str, below: str, expected: dict[str, str]
) -> None:
    cells = _cells(f"@{above}{{w, title={{W}}, year=2020}} @{below}{{a, crossref={{w}}}}", "a")
    given = {name: value for name, value in cells.items() if name.endswith("title")}
    assert given == expected


def test_a_work_inherits_over_several_steps_and_from_xdata() -> None:
    rows, notes = bibtex(
        "@article{a, crossref={i}, xdata={p, q}}\n@xdata{p, publisher={P}, xdata={q}}\n"
        "@xdata{q, langid={english}, url={https://x.example}}\n"
        "@periodical{i, title={J}, crossref={y}}\n@book{y, ids={z}, year=2020}\n"
        "@misc{b, publisher={xdata=p-publisher}, author={xdata=r-author-2}, crossref={z}}\n"
        "@xdata{r, author={A and B}}\n"
    )
    cells = rows[0].cells
    assert [row.cells["key"] for row in rows] == ["a", "i", "y", "b"]
    assert {name: cells[name] for name in ("journaltitle", "issued", "publisher", "langid")} == {
        "journaltitle": "J", "issued": "2020", "publisher": "P", "langid": "english",
    }  # fmt: skip
    assert cells["url"] == "https://x.example"
    assert (rows[3].cells["publisher"], rows[3].cells["author"]) == ("P", "B")
    assert rows[3].cells["issued"] == "2020"
    assert notes == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "@misc{a, crossref={b}}",
            "crossref 'b' is not a work in this file: nothing is inherited from it (1 time)",
            id="none",
        ),
        pytest.param(
            "@misc{a, crossref={b}}@misc{b, title {x}}",
            "crossref 'b' names a work that cannot be read: nothing is inherited from it (1 time)",
            id="broken",
        ),
        pytest.param(
            "@misc{a, xdata={a}}",
            "xdata 'a' leads back to itself, or too far, and is not followed (1 time)",
            id="itself",
        ),
        pytest.param(
            "@misc{a, title={xdata=b-title}}@xdata{b, x={y}}",
            "title 'xdata=b-title' names nothing in @xdata, and is left out (1 time)",
            id="no such field",
        ),
        pytest.param(
            "@set{a, entryset={b}}", "@set 'a' is a set of other works, and is left out (1 time)",
            id="a set",
        ),
        pytest.param(
            "@misc{a, note={x}, note={x}}", "note occurs twice in a work, with the same text (1 "
            "time)", id="a field twice",
        ),
        pytest.param(
            "@misc{a, title={A \\foo b}}",
            "title '\\\\foo' is LaTeX that is not known, and is left out (1 time)", id="a command",
        ),
    ],
)  # fmt: skip
def test_what_bibtex_does_not_give_is_noted(text: str, told: str) -> None:
    assert told in bibtex(text)[1]


def test_a_long_chain_of_works_is_followed_so_far_and_no_further() -> None:
    chain = "".join(f"@misc{{k{at}, crossref={{k{at + 1}}}}}\n" for at in range(3000))
    rows, notes = bibtex(chain + "@misc{k3000, year=2020}")
    assert (len(rows), rows[-2].cells["issued"]) == (3001, "2020")
    assert "leads back to itself, or too far, and is not followed" in notes[0]
