"""Works of BibTeX, RIS and CSL-JSON, as reference managers write them."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import Invalid
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers import rows
from claimtrack.exchange.readers.bibtex import bibtex_rows
from claimtrack.exchange.readers.csl import csl_rows
from claimtrack.exchange.readers.json_rows import json_rows
from claimtrack.exchange.readers.latex import decode_latex
from claimtrack.exchange.readers.ris import ris_rows
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.readers.text_files import Lines


def _read(
    text: str, read: Callable[..., Any], longest: int = rows.MAX_RECORD_LENGTH
) -> tuple[Any, Any]:
    notes = Notes()
    lines = Lines(Path("works"), io.BytesIO(text.encode()), "utf-8", longest)
    return list(read(lines, notes)), list(notes.lines(100))


def bibtex(text: str) -> tuple[list[Row], list[str]]:
    """The rows of a BibTeX file, and what is noted."""
    rows, notes = _read(text, bibtex_rows)
    return rows, notes


def ris(text: str) -> tuple[list[Row], list[str]]:
    """The rows of a RIS file, and what is noted."""
    rows, notes = _read(text, ris_rows)
    return rows, notes


def csl(work: object) -> tuple[dict[str, Any], list[str]]:
    """The cells of one work of CSL-JSON, and what is noted."""
    rows, notes = _read(
        json.dumps([work]), lambda lines, notes: csl_rows(json_rows(lines, None, notes), notes)
    )
    return rows[0].cells, notes


def faults(rows: list[Row]) -> list[tuple[int, str]]:
    return [(row.line, row.fault) for row in rows if row.fault]


# --- BibTeX: what stands in a file ----------------------------------------------------------------


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
    assert notes == ["month 'jan' stands without a year, and is left out (1 time)"]


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
            [(2, "the field 'title' stands twice: keep one of them")],
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
            [(2, "this stands behind the end of a work: take out the brace that ends it too "
              "early")],
            id="fields behind the end",
        ),
        pytest.param(
            "@misc{a, journal = jj # { Physics}}",
            [(1, "journal joins 'jj', which is no abbreviation defined before it: define it with "
              "@string, or quote it")],
            id="an abbreviation in a sum",
        ),
        pytest.param(
            "@misc{a, title = {x} # }", [(1, "a value of title is missing")], id="half a sum",
        ),
        pytest.param(
            "@misc{a, =x}", [(1, "'=' stands where the name of a field was expected")], id="a sign",
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
    assert notes == ["@misc 'c' stands behind a %, and is left out (1 time)"]


def test_an_abbreviation_of_bibtex_is_for_what_stands_behind_it() -> None:
    rows, notes = bibtex(
        "@misc{a, title=bbc}\n@string{bbc = {BBC}}\n@STRING{x = bbc # { News}}\n"
        "@misc{b, title=BBC}\n@string{bbc = {other}}\n@misc{c, title=bbc, note = x # { } # 7}\n"
    )
    titles = [(row.line, row.cells["title"]) for row in rows]
    assert titles == [(1, "bbc"), (4, "BBC"), (6, "other")]
    assert rows[-1].cells["note"] == "BBC News 7"
    assert notes == [
        "title 'bbc' is no abbreviation that is defined before it, and is kept as it is (1 time)",
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
        _read("@misc{a, title={" + "x" * 50 + "}}", bibtex_rows, 50)


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


# --- BibTeX: what is inherited --------------------------------------------------------------------


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
            "crossref 'b' names no work of this file: nothing is inherited from it (1 time)",
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
            "@misc{a, note={x}, note={x}}", "note stands twice in a work, with the same text (1 "
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


# --- BibTeX: values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        pytest.param("title", "A 10% rise -- ``so''", "A 10% rise \u2013 “so”", id="percent"),
        pytest.param("title", r"5\% of A\\% B", "5% of A % B", id="escaped percent"),
        pytest.param("title", "A\n\t long  {T}itle~x", "A long Title x", id="white space"),
        pytest.param("title", r"\href{https://x.example}{here} {\it not}", "here not", id="href"),
        pytest.param("title", "cut off \\verb", "cut off \\verb", id="what cannot be decoded"),
        pytest.param("publisher", r"Q & A, AT\&T", "Q & A, AT&T", id="ampersand"),
        pytest.param(
            "url", "https://x.example/a%20b?q=1&r=_2#t", "https://x.example/a%20b?q=1&r=_2#t",
            id="address",
        ),
        pytest.param("url", "https://x.example/~u/a--b", "https://x.example/~u/a--b", id="tilde"),
        pytest.param(
            "url", r"\url{https://x.example/a\%20b\_c\&d\~{}e{\_}f\#g}",
            "https://x.example/a%20b_c&d~e_f#g", id="escaped address",
        ),
        pytest.param(
            "url", r"{https://x.example/{\textasciitilde}a/\textasciitilde{}b/$\sim$c}",
            "https://x.example/~a/~b/~c", id="tildes of other programs",
        ),
        pytest.param("DOI", "10.1002/(SICI)1097%3A1", "10.1002/(SICI)1097%3A1", id="doi"),
        pytest.param("doi", r"10.1007/978\_1", "10.1007/978_1", id="escaped doi"),
        pytest.param("eprint", "a~b%c", "a~b%c", id="eprint"),
        pytest.param("file", r"C\:\_a%~\%.pdf", r"C\:\_a%~\%.pdf", id="file"),
        pytest.param("date", "1723~", "1723~", id="date"),
    ],
)  # fmt: skip
def test_latex_is_decoded_where_it_is_latex_and_no_sign_is_lost(
    field: str, written: str, expected: str
) -> None:
    [row], _ = bibtex(f"@misc{{a, {field} = {{{written}}}, edition = 2}}\n")
    assert (row.cells[field.lower()], row.cells["edition"]) == (expected, "2")


def test_an_accent_does_not_end_a_quoted_value() -> None:
    [row], _ = bibtex('@misc{a, author = "K. G\\"odel", title = "a {"}b{"} c"}')
    assert (row.cells["author"], row.cells["title"]) == ("K. Gödel", 'a "b" c')


@given(
    st.text("aZ0-._~:/?#[]@!$&'()*+,;=%", max_size=40),
    st.sampled_from(["url", "doi", "eprint"]),
)
def test_an_address_of_bibtex_is_kept_whatever_its_signs(address: str, field: str) -> None:
    [row], _ = bibtex(f"@misc{{a, {field} = {{https://x.example/{address}x}}}}")
    assert row.cells[field] == f"https://x.example/{address}x"


@given(st.text("aB .,-'!?()[]:;\n{}", max_size=20))
def test_text_without_commands_is_decoded_as_pylatexenc_does(plain: str) -> None:
    balanced = plain.replace("{", "{a}").replace("}}", "}")
    if balanced.count("{") == balanced.count("}"):
        assert decode_latex(balanced) == decode_latex(f"{balanced}\\relax")


@pytest.mark.parametrize(
    ("fields", "url", "told"),
    [
        pytest.param(r"howpublished={\url{https://a.example/x_y}}", "https://a.example/x_y", [],
                     id="howpublished"),
        pytest.param(r"note={Last seen 2020, \url{https://a.example}}", "https://a.example", [],
                     id="note"),
        pytest.param(r"howpublished={\href{https://a.example}{here}}", "https://a.example", [],
                     id="a link"),
        pytest.param("howpublished={https://a.example}", "https://a.example", [], id="alone"),
        pytest.param("note={as https://a.example says}", None, [], id="an address of others"),
        pytest.param("bdsk-url-1={https://a.example}", "https://a.example", [], id="BibDesk"),
        pytest.param("url={https://a.example https://b.example}", "https://a.example",
                     ["url 'https://b.example' is a second address"], id="Mendeley"),
        pytest.param(r"url={https://a.example}, note={\url{https://b.example}}",
                     "https://a.example", ["note 'https://b.example' is a second address"],
                     id="two fields"),
        pytest.param(r"url={https://a.example}, howpublished={\url{https://a.example}}",
                     "https://a.example", [], id="the same twice"),
        pytest.param("url={https://a.example}, doi={10.1000/A}, "
                     "bdsk-url-1={http://dx.doi.org/10.1000/a}", "https://a.example", [],
                     id="that of the DOI"),
        pytest.param("url={www.a.example/x}", "", ["url 'www.a.example/x' is no address, and is"],
                     id="no scheme"),
        pytest.param("url={doi:10.1000/A}", "https://doi.org/10.1000/a", [], id="a DOI"),
    ],
)  # fmt: skip
def test_the_address_of_a_work_is_found_and_further_ones_are_noted(
    fields: str, url: str | None, told: list[str]
) -> None:
    [row], notes = bibtex(f"@misc{{a, {fields}}}")
    assert row.cells.get("url") == url
    assert [note[: len(one)] for note, one in zip(notes, told, strict=True)] == told


@pytest.mark.parametrize(
    ("fields", "issued", "told"),
    [
        pytest.param("year=2020", "2020", [], id="year"),
        pytest.param("year=2020, month=5", "2020-05", [], id="number"),
        pytest.param("year=2020, month=MAY", "2020-05", [], id="macro"),
        pytest.param("year=2020, month={Sept.}", "2020-09", [], id="abbreviated"),
        pytest.param("year=2020, month={OCTOBER}", "2020-10", [], id="capitals"),
        pytest.param('year=2020, month="10~" # jan', "2020-01-10", [], id="day and macro"),
        pytest.param('year=2020, month=jan # "~10th"', "2020-01-10", [], id="macro and day"),
        pytest.param('year=2020, month=jul # "--" # aug', "2020-07/2020-08", [], id="two months"),
        pytest.param("year=2020, month=jan, day={5}", "2020-01-05", [], id="day"),
        pytest.param("year=2020, month={Spring}", "2020-21", [], id="season"),
        pytest.param("year={2019/2020}", "2019/2020", [], id="years"),
        pytest.param("year={2019--2020}", "2019/2020", [], id="years with a dash"),
        pytest.param("year={c. 1950}", "1950~", [], id="circa"),
        pytest.param("year={1723~}, month=may", "1723-05~", [], id="about"),
        pytest.param("date={2019-05-01/..}", "2019-05-01/..", [], id="open"),
        pytest.param("date={2019}, year=2019, month=may", "2019-05", [], id="more exact"),
        pytest.param("date={1723~}, year=1723", "1723~", [], id="qualified"),
        pytest.param("date={2019-05}, year=2020", "2019-05",
                     ["year '2020' is not the date that date gives, and is left out (1 time)"],
                     id="two dates"),
        pytest.param("date={soon}, year=2020", "2020",
                     ["date 'soon' is no date that can be read, and is left out (1 time)"],
                     id="one is none"),
        pytest.param("year={in press}", None,
                     ["year 'in press' is no date that can be read, and is left out (1 time)"],
                     id="in press"),
        pytest.param("year={2020-21}", None,
                     ["year '2020-21' may be two years or a season, and is left out (1 time)"],
                     id="a year of a school"),
        pytest.param("year=2020, month={Mai}", "2020",
                     ["month 'Mai' is no month that can be read, and is left out (1 time)"],
                     id="no month"),
        pytest.param("year=2020, month={Dec/Jan}", "2020",
                     ["month 'Dec/Jan' is no month that can be read, and is left out (1 time)"],
                     id="months of two years"),
        pytest.param("year=2020, month=feb, day=31", "2020-02",
                     ["day '31' is no day that can be read, and is left out (1 time)"],
                     id="no such day"),
        pytest.param("year=2020, day=3", "2020",
                     ["day '3' stands without a month, and is left out (1 time)"], id="no month"),
        pytest.param("year={2020/2021}, month=3", "2020/2021",
                     ["month '3' is left out: it is not of one year, but of 2020/2021 (1 time)"],
                     id="a month of two years"),
        pytest.param("month=may", None,
                     ["month 'may' stands without a year, and is left out (1 time)"],
                     id="no year"),
    ],
)  # fmt: skip
def test_the_date_of_a_work_of_bibtex_is_read_or_noted(
    fields: str, issued: str | None, told: list[str]
) -> None:
    [row], notes = bibtex(f"@misc{{a, {fields}}}")
    assert (row.cells.get("issued"), notes) == (issued, told)


def test_month_macros_mean_their_month_whatever_a_file_makes_of_them() -> None:
    [row], _ = bibtex("@string{jan={Januar}}@misc{a, year=2020, month=jan, title=jan}")
    assert (row.cells["issued"], row.cells["title"]) == ("2020-01", "Januar")


# --- RIS ------------------------------------------------------------------------------------------


def test_works_of_ris_come_with_their_lines() -> None:
    rows, notes = ris(
        "Provider: X\n1.\nTY  - JOUR\nTI  - One\nUR  - https://example.org/1\nER  - \n\n2.\n"
        "TI  - stray\nER  -\nTY  - JOUR\nTI  - Two\n\n3.\nTY  - BOOK\nTI  - Three\n"
    )
    assert [(row.line, row.fault) for row in rows] == [
        (3, ""), (9, "a work begins with 'TY  - '"), (11, ""), (15, ""),
    ]  # fmt: skip
    assert [row.cells.get("title") for row in rows] == ["One", None, "Two", "Three"]
    assert rows[1].written == ["TI  - stray"]
    assert notes == [
        "ER is missing at the end of a work, which may have been cut off (2 times)",
        "RIS 'Provider: X' stands between works, and is left out (1 time)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("TY  - JOUR\nTI  - A title\nAU  - Doe\nER  - \n", id="as it should be"),
        pytest.param("TY  - JOUR\r\nTI  - A title\r\nAU  - Doe\r\nER  - \r\n", id="CRLF"),
        pytest.param("TY  - JOUR\rTI  - A title\rAU  - Doe\rER  - \r", id="CR"),
        pytest.param("TY - JOUR\nTI - A title\nAU - Doe\nER -\n", id="one space"),
        pytest.param("TY  -JOUR\nTI  -A title\nAU  -  Doe\nER  -", id="no space"),
        pytest.param("TY\t-\tJOUR\nTI\t-\tA title\nAU\t-\tDoe\nER", id="tabs"),
        pytest.param(
            "TY  \u2013 JOUR\nTI  \u2013 A title\nAU  \u2014 Doe\nER  \u2013\n", id="dashes"
        ),
        pytest.param("ty  - JOUR\nti  - A title\nau  - Doe\ner  - \n", id="lower case"),
        pytest.param("\ufeff  TY  - JOUR\n  TI  - A title\n  AU  - Doe\n  ER  - \n", id="indented"),
        pytest.param("TY  - JOUR\nTI  - A\n  title\nAU  -\nDoe\n\nER  - \n", id="lines go on"),
    ],
)
def test_ris_is_read_in_every_layout(text: str) -> None:
    rows, _ = ris(text)
    assert faults(rows) == []
    assert [(row.cells["title"], row.cells["authors"]) for row in rows] == [("A title", ["Doe"])]


def test_a_line_of_text_that_looks_like_a_tag_goes_on_with_the_text() -> None:
    [row], _ = ris("TY  - JOUR\nAB  - made by\nUS - based firms,\nas - is\nER  - \n")
    assert row.cells["abstract"] == "made by US - based firms, as - is"


def test_what_stands_again_in_a_work_of_ris_is_kept_or_noted() -> None:
    [row], notes = ris(
        "TY  - JOUR\nTI  - One\nTI  - Two\nSN  - 1\nSN  - 2\nUR  - https://a.example/x;y\n"
        'UR  - https://b.example; https://c.example\nUR  - {"d": 1}\nDO  - 10.1000/1\n'
        "KW  - a\nKW  - b\nER  - \n"
    )
    assert (row.cells["title"], row.cells["keywords"]) == ("One", ["a", "b"])
    assert row.cells["url"] == "https://a.example/x;y"
    assert notes == [
        "TI 'Two' stands again in one work: the first counts (1 time)",
        "SN stands again in one work: the first counts (1 time)",
        "UR 'https://b.example' is a second address, and is left out: a document has one (1 time)",
        "UR 'https://c.example' is a second address, and is left out: a document has one (1 time)",
        "UR '{\"d\": 1}' is no address, and is left out (1 time)",
    ]


@pytest.mark.parametrize(
    ("tags", "issued", "told"),
    [
        pytest.param("DA  - 2024/05/24/", "2024-05-24", [], id="DA"),
        pytest.param("PY  - 2024", "2024", [], id="PY"),
        pytest.param("Y1  - 2024/5//", "2024-05", [], id="Y1"),
        pytest.param("DA  - 2024///spring", "2024-21", [], id="season"),
        pytest.param("DA  - 2024/Fall", "2024-23", [], id="season for a month"),
        pytest.param("DA  - 2014/3//Spring", "2014-03", [], id="month of its season"),
        pytest.param("DA  - 2024/Mar/05", "2024-03-05", [], id="month by name"),
        pytest.param("DA  - 2024-05-24", "2024-05-24", [], id="ISO 8601"),
        pytest.param("PY  - 2024 May 3", "2024-05-03", [], id="in words"),
        pytest.param("PY  - May, 2024", "2024-05", [], id="a month in words"),
        pytest.param("PY  - 2014/2015", "2014/2015", [], id="two years"),
        pytest.param("PY  - 199X", "199X", [], id="EDTF"),
        pytest.param("PY  - ca. 1950", "1950~", [], id="circa"),
        pytest.param("PY  - 2024\nDA  - 2024/05", "2024-05", [], id="the most exact"),
        pytest.param("DA  - 2023/05\nPY  - 2024", "2023-05",
                     ["PY '2024' is not the date that DA gives, and is left out (1 time)"],
                     id="two dates"),
        pytest.param("DA  - 2024/05/24/Christmas", "2024-05-24",
                     ["DA 'Christmas' stands behind the date, and is left out (1 time)"],
                     id="other information"),
        pytest.param("DA  - May 5\nPY  - 2014", "2014",
                     ["DA 'May 5' is no date that can be read, and is left out (1 time)"],
                     id="no year"),
        pytest.param("PY  - 2014/02/31", "",
                     ["PY '2014-02-31' is no date that can be read, and is left out (1 time)"],
                     id="no such day"),
        pytest.param("PY  - 2020-21", "",
                     ["PY '2020-21' may be two years or a season, and is left out (1 time)"],
                     id="a year of a school"),
    ],
)  # fmt: skip
def test_the_date_of_a_work_of_ris_is_read_or_noted(
    tags: str, issued: str, told: list[str]
) -> None:
    [row], notes = ris(f"TY  - BOOK\n{tags}\nER  - \n")
    assert (row.cells["issued"], notes) == (issued, told)


def test_a_work_of_ris_is_not_endless() -> None:
    with pytest.raises(Invalid, match=r"^works:2: a work is longer than 50 characters: end it$"):
        _read("\nTY  - BOOK\n" + "KW  - a\n" * 10, ris_rows, 50)


def test_a_file_without_a_work_of_ris_is_refused() -> None:
    rows, _ = ris("id,what\n1,x\n")
    assert faults(rows) == [(1, "there is no work of RIS in it: one begins with 'TY  - '")]


@given(st.text("TYERUI -\n\rab1\u2013:/;", max_size=60))
def test_works_of_ris_are_read_whatever_stands_between_them(text: str) -> None:
    rows, _ = ris(f"TY  - BOOK\nTI  - one\nER  - \n{text}\nTY  - BOOK\nTI  - two\nER  - \n")
    assert (rows[0].cells["title"], rows[-1].cells["title"]) == ("one", "two")


# --- CSL-JSON -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued", "expected", "told"),
    [
        pytest.param({"date-parts": [[2021, 3, 5]]}, "2021-03-05", [], id="day"),
        pytest.param({"date-parts": [["2021", "03"]]}, "2021-03", [], id="texts"),
        pytest.param({"date-parts": [[2021.0]]}, "2021", [], id="number"),
        pytest.param({"date-parts": [[2021, 3, 5], [2021, 4]]}, "2021-03-05/2021-04", [], id="two"),
        pytest.param({"date-parts": [2021, 3]}, "2021-03", [], id="one list"),
        pytest.param({"date-parts": [[2021, 0, 0]]}, "2021", [], id="zeros"),
        pytest.param({"date-parts": [[2021, ""]]}, "2021", [], id="empty parts"),
        pytest.param({"date-parts": [[None]]}, "", [], id="nothing"),
        pytest.param({"date-parts": [[2021, 14]]}, "2021-22", [], id="month of a season"),
        pytest.param({"date-parts": [[2021]], "season": 2}, "2021-22", [], id="season"),
        pytest.param({"date-parts": [[2021]], "season": "Winter"}, "2021-24", [], id="by name"),
        pytest.param({"date-parts": [[2021, 5]], "circa": True}, "2021-05~", [], id="circa"),
        pytest.param({"date-parts": [[2021]], "circa": 0}, "2021", [], id="not circa"),
        pytest.param({"date-parts": [[2020], [2021]], "circa": "1"}, "2020~/2021~", [], id="both"),
        pytest.param({"date-parts": [[2021, 5], [0, 0]]}, "2021-05/..", [], id="an open end"),
        pytest.param({"raw": "2021-03"}, "2021-03", [], id="raw"),
        pytest.param({"raw": "May 3, 2020"}, "2020-05-03", [], id="month by name"),
        pytest.param({"raw": "22nd Sept. 2020"}, "2020-09-22", [], id="an ordinal"),
        pytest.param({"literal": "Fall 2020"}, "2020-23", [], id="season by name"),
        pytest.param({"raw": "May-June 2020"}, "", ["issued.raw 'May-June 2020'"], id="months"),
        pytest.param({"raw": "May 3 4 2020"}, "", ["issued.raw 'May 3 4 2020'"], id="two days"),
        pytest.param({"edtf": "2004", "timestamp": None}, "",
                     ["issued.edtf '2004' is not read, and is left out"], id="another key"),
        pytest.param({"literal": "c. 1950"}, "1950~", [], id="literal"),
        pytest.param("2021-03/2021-05", "2021-03/2021-05", [], id="EDTF"),
        pytest.param(2021, "2021", [], id="a number alone"),
        pytest.param({"literal": "in press"}, "", ["issued.literal 'in press'"], id="words"),
        pytest.param({"date-parts": [[2021, None, 5]]}, "",
                     ["issued.date-parts '[[2021, null, 5]]'"], id="a day without its month"),
        pytest.param({"date-parts": [[2021, 2, 31]]}, "", ["issued.date-parts '2021-02-31'"],
                     id="no such day"),
        pytest.param({"date-parts": [[-44]]}, "", ["issued.date-parts '[[-44]]'"], id="BC"),
        pytest.param({"date-parts": [[2021], [2022], [2023]]}, "",
                     ["issued.date-parts '[[2021], [2022], [2023]]'"], id="three"),
        pytest.param({"date-parts": [[2021, 5]], "season": 1}, "2021-05", ["issued.season '1'"],
                     id="month and season"),
        pytest.param({"date-parts": [[2021]], "literal": "Early 2021"}, "2021",
                     ["issued.literal 'Early 2021'"], id="numbers and words"),
        pytest.param({"date-parts": [[2021]], "raw": "2020"}, "2021", ["issued.raw '2020'"],
                     id="two dates"),
        pytest.param(["x"], "", ["issued '[\"x\"]'"], id="a list"),
    ],
)  # fmt: skip
def test_the_date_of_a_work_of_csl_is_read_or_noted(
    issued: object, expected: str, told: list[str]
) -> None:
    cells, notes = csl({"id": "a", "issued": issued})
    assert cells["issued"] == expected
    assert [note[: len(one)] for note, one in zip(notes, told, strict=True)] == told


def test_keys_of_csl_in_lower_case_are_read_and_a_second_address_is_noted() -> None:
    cells, notes = csl({"id": "a", "url": "https://a.example https://b.example", "doi": "10.1/x"})
    assert (cells["URL"], cells["DOI"]) == ("https://a.example", "10.1/x")
    assert notes[0].startswith("URL 'https://b.example' is a second address")


_SCALARS = st.none() | st.booleans() | st.integers(-5, 3000) | st.text("0123-/~X", max_size=6)
_JSON = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6)
_KEYS = st.sampled_from(["date-parts", "season", "circa", "raw", "literal"])


@given(_JSON | st.dictionaries(_KEYS, _JSON))
def test_whatever_a_date_of_csl_holds_it_is_read_or_noted(issued: Any) -> None:
    cells, notes = csl({"id": "a", "issued": issued})
    if isinstance(issued, dict):
        issued = [issued.get(key) for key in ("date-parts", "raw", "literal")]
    says_nothing = set(json.dumps(issued)) <= set('[]{}, nul"0')
    assert cells["issued"] or notes or says_nothing
