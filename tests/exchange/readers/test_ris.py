"""Works of RIS, as reference managers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import Invalid
from claimtrack.exchange.readers.ris import ris_rows
from claimtrack.exchange.readers.rows import Row
from exchange.readers.works import faults, read_works


def ris(text: str) -> tuple[list[Row], list[str]]:
    """The rows of a RIS file, and what is noted."""
    rows, notes = read_works(text, ris_rows)
    return rows, notes


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
        "RIS 'Provider: X' is between works, and is left out (1 time)",
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
        "TI 'Two' occurs again in one work: the first is used (1 time)",
        "SN occurs again in one work: the first is used (1 time)",
        "UR 'https://b.example' is a second address, and is left out: a document has one (1 time)",
        "UR 'https://c.example' is a second address, and is left out: a document has one (1 time)",
        "UR '{\"d\": 1}' is not an address, and is left out (1 time)",
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
                     ["DA 'Christmas' follows the date, and is left out (1 time)"],
                     id="other information"),
        pytest.param("DA  - May 5\nPY  - 2014", "2014",
                     ["DA 'May 5' is not a date that can be read, and is left out (1 time)"],
                     id="no year"),
        pytest.param("PY  - 2014/02/31", "",
                     ["PY '2014-02-31' is not a date that can be read, and is left out (1 time)"],
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
        read_works("\nTY  - BOOK\n" + "KW  - a\n" * 10, ris_rows, 50)


def test_a_file_without_a_work_of_ris_is_refused() -> None:
    rows, _ = ris("id,what\n1,x\n")
    assert faults(rows) == [(1, "there is no work of RIS in it: one begins with 'TY  - '")]


@given(st.text("TYERUI -\n\rab1\u2013:/;", max_size=60))
def test_works_of_ris_are_read_whatever_stands_between_them(text: str) -> None:
    rows, _ = ris(f"TY  - BOOK\nTI  - one\nER  - \n{text}\nTY  - BOOK\nTI  - two\nER  - \n")
    assert (rows[0].cells["title"], rows[-1].cells["title"]) == ("one", "two")
