"""BibTeX: which works a file holds, in every layout, and mistakes with their lines."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import Invalid
from claimtrack.exchange.readers.bibtex import bibtex_rows
from exchange.readers.works import bibtex, faults, read_works


def test_works_of_bibtex_come_with_their_lines_and_latex_decoded() -> None:
    rows, notes = bibtex(
        "@comment{x}\n@Article{a, Title={The {UN} and Kyj\\'{\\i}v}, month=jan}\n\n"
        '@book{b, title "x"}\n@misc{a, title={again}}\n'
    )
    assert [row.line for row in rows] == [2, 4, 5]
    title = "The UN and Kyjív"
    assert rows[0].cells == {"title": title, "month": 1, "key": "a", "type": "article"}
    assert rows[1].fault == "'=' is missing after title"
    assert rows[2].cells["title"] == "again"
    assert notes == ["month 'jan' has no year, and is left out (1 time)"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "@misc{a,\n url = {x}\n keywords = {y}\n year = 2011,\n}",
            [(2, "a comma is missing after url; in line 3, a comma is missing after keywords")],
            id="commas",
        ),
        pytest.param(
            "@misc{a, title={x}\n note={y}}", [(1, "a comma is missing after title")],
            id="a comma behind the last field of a line",
        ),
        pytest.param(
            "@misc{a\n title={x}}", [(1, "a comma is missing after the key 'a'")],
            id="a comma behind the key",
        ),
        pytest.param(
            "@misc{a, title={x} {y}}", [(1, "a comma is missing after title")], id="two values",
        ),
        pytest.param(
            "@misc{a, title={x},\n Title={y}}",
            [(2, "the field 'title' occurs twice: keep one of them")],
            id="a field twice",
        ),
        pytest.param(
            "@misc{a,\n title={One, year=2020}\n@misc{b, title={Two}}",
            [(1, "this work is not closed before line 3: look for a missing brace")],
            id="a work that is not closed",
        ),
        pytest.param(
            "@misc{a,\n title={One,\n year={2020},\n}\n@misc{b, title={Two}}\n}\n",
            [(1, "this work is not closed before line 5: look for a missing brace")],
            id="a brace that is missing and closed later",
        ),
        pytest.param(
            "@misc{a,\n title={One", [(2, "title is not closed before the file ends: look for a "
            "missing brace")], id="a value that is not closed",
        ),
        pytest.param(
            '@misc{a, title="One }", year=2020}',
            [(1, "title is not closed before the file ends: look for a missing brace")],
            id="a brace too many in quotes",
        ),
        pytest.param(
            "@misc{a, title={x}},\n year=2020}",
            [(2, "this follows the end of a work: remove the brace that ends it too early")],
            id="fields behind the end",
        ),
        pytest.param(
            "@misc{a, journal = jj # { Physics}}",
            [(1, "journal joins 'jj', which is not an abbreviation defined before it: define it "
              "with @string, or quote it")],
            id="an abbreviation in a sum",
        ),
        pytest.param(
            "@misc{a, title = {x} # }", [(1, "a value of title is missing")], id="half a sum",
        ),
        pytest.param(
            "@misc{a, =x}", [(1, "'=' is where the name of a field was expected")], id="a sign",
        ),
        pytest.param(
            "@misc{@misc{", [(1, "a comma is missing after the key '@misc'")], id="begun twice",
        ),
        pytest.param(
            "id,what\n1,a@b.example\n",
            [(1, "there is no work of BibTeX in it: one begins with its type, such as '@book{'")],
            id="a CSV",
        ),
        pytest.param("@string{x = {y}}\n@string{x = {y}}\n", [], id="abbreviations alone"),
        pytest.param("@comment{x}\n", [], id="a comment alone"),
        pytest.param("\n\n", [], id="empty lines"),
    ],
)  # fmt: skip
def test_a_mistake_of_bibtex_is_refused_with_its_line(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert faults(bibtex(text)[0]) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("@misc{a, title={T}, % a note, with = signs {\n journal={J}}", id="a comment"),
        pytest.param("@misc{a, title=\n{T} % x\n, journal={J} % y\n}", id="comments between"),
        pytest.param('@misc(a, title="T", journal="J")', id="parentheses"),
        pytest.param("@ misc {a\r\n,\r\ntitle\r=\r{T},\rjournal={J},\r\n}", id="line ends"),
        pytest.param("@misc{a, title={T},, journal={J},}", id="commas too many"),
        pytest.param("@misc{a, title={T}, journal={J}}}", id="a brace too many"),
        pytest.param("@MISC{a, TITLE={T}, Journal={J}}", id="capitals"),
        pytest.param("\ufeff@misc{a, title={T}, journal={J}}", id="a byte order mark"),
        pytest.param('@string{t="T"}@STRING(j={J})@misc{a, title=T, journal=j}', id="strings"),
        pytest.param("@string{j={J}}@string{t={T}}@misc{a, title=t#{}, journal=\"\"#j}", id="sums"),
        pytest.param("100 % of\n@comment{ {a} @misc{x, a={b}} }@misc{a,title={T},journal={J}}",
                     id="comments before"),
        pytest.param("@comment{ not closed\n@misc{a, title={T}, journal={J}}", id="open comment"),
        pytest.param("mail me@x.example {y}\n@misc{a, title={T}, journal={J}}", id="mail"),
        pytest.param("@misc{a, year = , title={T}, journal={J}}", id="an empty field"),
    ],
)  # fmt: skip
def test_bibtex_is_read_in_every_layout(text: str) -> None:
    rows, _ = bibtex(text)
    assert faults(rows) == []
    assert [(row.cells["key"], row.cells["title"], row.cells["journal"]) for row in rows] == [
        ("a", "T", "J")
    ]


def test_works_of_one_line_and_commented_works_are_told_apart() -> None:
    rows, notes = bibtex(
        "@misc{a, url={https://x.example/%20}} @misc{b, title={B}}\n  % @misc{c,\n%  title={C}}\n"
    )
    assert [(row.line, row.cells["key"]) for row in rows] == [(1, "a"), (1, "b")]
    assert notes == ["@misc 'c' is commented out (%), and is left out (1 time)"]


def test_an_abbreviation_of_bibtex_is_for_what_stands_behind_it() -> None:
    rows, notes = bibtex(
        "@misc{a, title=bbc}\n@string{bbc = {BBC}}\n@STRING{x = bbc # { News}}\n"
        "@misc{b, title=BBC}\n@string{bbc = {other}}\n@misc{c, title=bbc, note = x # { } # 7}\n"
    )
    titles = [(row.line, row.cells["title"]) for row in rows]
    assert titles == [(1, "bbc"), (4, "BBC"), (6, "other")]
    assert rows[-1].cells["note"] == "BBC News 7"
    assert notes == [
        "title 'bbc' is not an abbreviation defined before it, and is kept unchanged (1 time)",
        "@string 'bbc' is defined twice: the last before a work counts (1 time)",
    ]


def test_of_a_broken_work_of_bibtex_all_is_kept_with_the_abbreviations_that_it_uses() -> None:
    rows, _ = bibtex(
        "@string{bbc = {BBC}}\n@string{cnn = {CNN}}\nBetween\n"
        "@misc{a, year 2020,\n journal=bbc}\n@misc{b, journal=bbc}\n@misc{b, journal=cnn}\n"
    )
    assert rows[0].written == ["@string{bbc = {BBC}}\n@misc{a, year 2020,\n journal=bbc}"]
    assert [row.cells["journal"] for row in rows[1:]] == ["BBC", "CNN"]


def test_a_file_of_bibtex_is_read_up_to_a_limit() -> None:
    with pytest.raises(
        Invalid, match=r"^works:1: the file is longer than 50 characters: split it$"
    ):
        read_works("@misc{a, title={" + "x" * 50 + "}}", bibtex_rows, 50)


BITS = ["@misc{a, title={x}}\n", "@misc{b,\n", " @book(c, journal=x)\n", "@string{z = {1}}\n"]
BITS += ["title={p\n@q{r}},\n", "year=z}\n", "a@b{c}\n", "@comment{\n", "@string{x = {w}}\n"]
BITS += ["}\n", "\\\n", "\r", "\\@misc{", '"', "{", ")", "\n", "%", ",", "#", "=", "crossref={a},"]


@given(st.lists(st.sampled_from(BITS), max_size=12))
def test_a_work_that_begins_a_line_is_read_whatever_stands_before_it(parts: list[str]) -> None:
    before = "".join(parts).replace("@comment{", "")
    rows, _ = bibtex(f"{before}\n@misc{{last, title={{x}}}}\n")
    line = len(re.findall("\r\n|\r|\n", f"{before}\n")) + 1
    assert (rows[-1].line, rows[-1].cells.get("key")) == (line, "last")


@given(st.lists(st.sampled_from(BITS), max_size=12))
def test_whatever_stands_in_a_file_of_bibtex_each_row_has_a_line_of_it(parts: list[str]) -> None:
    text = "".join(parts)
    rows, _ = bibtex(text)
    assert all(1 <= row.line <= len(text.splitlines()) for row in rows)
