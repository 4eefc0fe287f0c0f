"""Works of CSL-JSON, as reference managers write them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.exchange.readers.csl import csl_rows
from claimtrack.exchange.readers.json_rows import json_rows
from exchange.readers.works import read_works


def csl(work: object) -> tuple[dict[str, Any], list[str]]:
    """The cells of one work of CSL-JSON, and what is noted."""
    rows, notes = read_works(
        json.dumps([work]), lambda lines, notes: csl_rows(json_rows(lines, None, notes), notes)
    )
    return rows[0].cells, notes


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
