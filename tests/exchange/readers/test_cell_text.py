"""Values of JSON as text, and lists and truth values in the rules of a profile."""

from typing import Any

import pytest

from claimtrack.errors import Invalid
from claimtrack.exchange.imports.rules import evaluate_rule
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_text import flatten_text
from exchange.imports.rule_cells import cells_of, rule_of

BOLD = {"type": "bold", "text": "not"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(["a truce is ", BOLD, " near"], "a truce is not near", id="formatted"),
        pytest.param(
            [{"type": "plain", "text": "is "}, BOLD], "is not", id="formatted, objects alone"
        ),
        pytest.param(["is ", [{"text": "not"}, " so"]], "is not so", id="formatted, nested"),
        pytest.param(["is ", {"text": [BOLD, " so"]}], "is not so", id="formatted within a piece"),
        pytest.param(["is ", {"#text": "not"}, 3], "is not3", id="formatted, with a number"),
        pytest.param(["is", {"type": "bold", "text": ""}], "is", id="an empty piece"),
        pytest.param(["is", {"type": "break"}, {"text": " so"}], "is so", id="a line break"),
        pytest.param([{"text": "One"}, {"text": "Two"}], "One; Two", id="several texts"),
        pytest.param(["Ann", {"name": "Bo"}], "Ann; Bo", id="names"),
        pytest.param(["a", ["b", "c"], None, ""], "a; b; c", id="nested lists"),
        pytest.param([1, True, 2.5], "1; true; 2.5", id="numbers and truth values"),
        pytest.param({"@value": "x", "@language": "en"}, "x", id="a value of JSON-LD"),
        pytest.param({"@list": ["a", "b"]}, "a; b", id="a list of JSON-LD"),
        pytest.param({"value": 5}, "5", id="a value"),
        pytest.param({"#text": "x", "@lang": "en"}, "x", id="an element of XML"),
        pytest.param({"@type": "Person", "name": "Ann"}, "Ann", id="a name"),
        pytest.param({"@type": "Person"}, "", id="an object that holds nothing"),
    ],
)
def test_every_word_of_a_value_is_kept(value: Any, expected: str) -> None:
    notes = Notes()
    assert (flatten_text(value, "it", notes), list(notes.lines(9))) == (expected, [])


@pytest.mark.parametrize(
    ("value", "text", "told"),
    [
        pytest.param(
            {"id": 5}, "", "it '{\"id\": 5}' is an object without text, and is left empty (1 time)",
            id="an object",
        ),
        pytest.param(
            [{"name": "Ann"}, {"@id": "x"}], "Ann",
            "it '{\"@id\": \"x\"}' is an object without text, and is left empty (1 time)",
            id="an object among others",
        ),
        pytest.param(
            {"value": 5, "unit": "km"}, "5",
            "it.unit is not read, since 'value' beside it is (1 time)", id="a unit",
        ),
        pytest.param(
            ["is ", {"type": "strikethrough", "text": "not"}], "is not",
            "it 'not' is struck out in the file, and is read as plain text (1 time)",
            id="struck out",
        ),
    ],
)  # fmt: skip
def test_what_a_text_leaves_out_is_noted(value: Any, text: str, told: str) -> None:
    notes = Notes()
    assert (flatten_text(value, "it", notes), list(notes.lines(9))) == (text, [told])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(
            ["is ", {"b": "not"}, " so"], 'object without text among its texts, {"b": "not"}'
        ),
        pytest.param(
            ["is ", BOLD, {"type": "who", "id": 1}], "object without text among its texts"
        ),
        pytest.param({"#text": "is so", "b": "not"}, "elements within its text, b, whose place"),
    ],
    ids=["an object", "an object among pieces", "elements of XML"],
)
def test_a_text_that_would_lack_words_is_refused(value: Any, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        flatten_text(value, "it", Notes())


AUTHORS = [{"given": "Ann", "family": "A"}, {"literal": "WHO"}, "Bo"]


@pytest.mark.parametrize(
    ("rule", "row", "expected"),
    [
        pytest.param("{who.name}", {"who": [{"name": "Ann"}]}, "Ann", id="a list of one"),
        pytest.param(
            ["{by.literal}", "{by.given} {by.family}", "{by}"],
            {"by": AUTHORS}, "Ann A; WHO; Bo", id="alternatives, for each item",
        ),
        pytest.param(
            {"from": "{by.type}", "map": {"P": "person"}},
            {"by": [{"type": "P"}, {"type": "P"}]}, "person", id="the same of each item",
        ),
        pytest.param(
            "{by.at.name}", {"by": [{"at": [{"name": "x"}, {"name": "y"}]}, {"at": {"name": "z"}}]},
            "x; y; z", id="a list in a list",
        ),
        pytest.param(
            "{by.name} in {at.name}",
            {"by": [{"name": "a"}, {"name": "b"}], "at": [{"name": "x"}, {"name": "y"}]},
            "a; b in x; y", id="two lists",
        ),
        pytest.param("{by.1.given}", {"by": [1, {"given": "Bo"}]}, "Bo", id="one, by its number"),
        pytest.param("{by.name}", {"by.name": "Ann", "by": []}, "Ann", id="a dot in a name"),
    ],
)  # fmt: skip
def test_a_path_through_a_list_takes_all_of_it(rule: Any, row: Any, expected: str) -> None:
    cells, notes = cells_of(row)
    assert evaluate_rule(rule_of(rule), cells, "name") == expected
    assert list(notes.lines(9)) == []


def test_an_item_that_gives_nothing_is_noted() -> None:
    cells, notes = cells_of({"by": [{"name": "Ann"}, "Bo", None]})
    assert evaluate_rule(rule_of("{by.name}"), cells, "name") == "Ann"
    assert list(notes.lines(9)) == ["by 'Bo' gives no name, as others do, and is left out (1 time)"]


@pytest.mark.parametrize(
    ("cell", "when", "fits"),
    [
        pytest.param(True, True, True, id="true is true"),
        pytest.param(False, True, False, id="false is not true"),
        pytest.param(False, False, True, id="false is false"),
        pytest.param(None, False, True, id="nothing is false"),
        pytest.param("FALSE", True, False, id="FALSE of a spreadsheet"),
        pytest.param("TRUE", False, False, id="TRUE of a spreadsheet"),
        pytest.param("No", True, True, id="a word that is no truth value"),
        pytest.param(0, True, True, id="a number is there"),
        pytest.param("TRUE", [True], True, id="TRUE is one of true"),
        pytest.param(False, [False, "no"], True, id="false is one of false"),
        pytest.param("TRUE", ["True"], False, id="a text is compared as it is"),
        pytest.param([{"id": 1}], True, True, id="a list of objects is there"),
        pytest.param([{"id": None}, ""], True, False, id="a list of nothing is not"),
        pytest.param(["a", "b"], ["b", "c"], True, id="one of a list"),
        pytest.param(["a", "b"], ["c"], False, id="none of a list"),
    ],
)
def test_a_condition_compares_truth_values(cell: object, when: object, fits: bool) -> None:
    cells, _ = cells_of({"it": cell})
    condition = rule_of({"from": "x", "when": {"it": when}}).when
    assert cells.fits(condition) is fits


def test_a_text_that_counts_as_absent_is_noted() -> None:
    cells, notes = cells_of({"rating": "False"})
    assert not cells.fits({"rating": True})
    assert list(notes.lines(9)) == [
        "rating 'False' counts as a cell that is not there, in a 'when' (1 time)"
    ]
