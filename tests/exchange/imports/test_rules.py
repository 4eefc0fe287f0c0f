"""The rules of a profile on one row."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.errors import Invalid
from claimtrack.exchange.imports.profiles import Each
from claimtrack.exchange.imports.rules import evaluate_rule, ref_made, split_parts
from claimtrack.vocab import REF_PATTERN
from exchange.imports.rule_cells import cells_of, rule_of


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("{a}-{n}", "x-3", id="cells"),
        pytest.param("{a}{b}", "", id="empty where one is"),
        pytest.param("{a} {missing}", "", id="empty where one is missing"),
        pytest.param(["{b}", "{a}", "z"], "x", id="the first that is not empty"),
        pytest.param("{{{a}}}", "{x}", id="braces of its own"),
        pytest.param(2, "2", id="a number"),
        pytest.param("{yes}", "true", id="a truth value"),
        pytest.param("{who.name}", "Ann; Bo", id="all of a list"),
        pytest.param("{who.1.name}", "Bo", id="one of a list"),
        pytest.param("{who.7.name}", "", id="none of a list"),
        pytest.param({"from": "{a}", "map": {"x": "y"}}, "y", id="mapped"),
        pytest.param({"from": "{a}", "map": {"x": None}}, "", id="mapped to nothing"),
        pytest.param({"from": "{a}", "map": {"z": 1}, "otherwise": 0}, "0", id="otherwise"),
        pytest.param({"from": "{a}", "map": {"z": 1}, "unknown": "keep"}, "x", id="kept"),
        pytest.param({"from": "{a}", "match": {"^z": 1, "^x": 2}}, "2", id="matched"),
        pytest.param({"from": "{a}{n}", "pattern": "[0-9]"}, "3", id="a part"),
        pytest.param({"from": "{a}{n}", "pattern": "x([0-9])"}, "3", id="a group"),
        pytest.param({"join": ["{n}", "{b}", "{a}"]}, "3; x", id="joined"),
        pytest.param(
            {"join": ["{a}", "{n}"], "with": "/", "sort": True}, "3/x", id="joined in order"
        ),
        pytest.param({"from": "{a}", "when": {"n": 3}}, "x", id="when it is one"),
        pytest.param({"from": "{a}", "when": {"n": [1, 2]}}, "", id="when it is none of some"),
        pytest.param({"from": "{a}", "when": {"b": True}}, "", id="when it is there"),
        pytest.param({"from": "{a}", "when": {"b": False}}, "x", id="when it is not"),
        pytest.param({"digest": ["{b}"]}, "", id="a digest of nothing"),
    ],
)
def test_a_rule_makes_a_text(said: Any, expected: str) -> None:
    assert evaluate_rule(rule_of(said), cells_of()[0], "it") == expected


def test_a_text_that_is_left_out_is_noted() -> None:
    cells, noted = cells_of()
    assert (
        evaluate_rule(rule_of({"from": "{a}", "map": {}, "unknown": "empty"}), cells, "kind") == ""
    )
    assert list(noted.lines(9)) == [
        "kind 'x' is unknown to the profile, and is left empty (1 time)"
    ]


def test_a_text_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid, match=r"kind \(column a\) 'x' is unknown to the profile: known"):
        evaluate_rule(rule_of({"from": "{a}", "map": {"y": 1, "z": 2}}), cells_of()[0], "kind")


def test_texts_that_say_nothing_are_empty() -> None:
    assert evaluate_rule(rule_of("{a}"), cells_of(empty=["x"])[0], "it") == ""


def test_a_value_of_several_columns_is_used_like_a_column() -> None:
    cells, _ = cells_of(let={"it": "{a}{n}", "more": "{it}!"})
    assert cells.text("more") == "x3!"


@given(st.text(max_size=90).filter(lambda text: text.strip() and "\0" not in text))
def test_a_ref_is_a_ref_whatever_the_id_and_the_same_each_time(text: str) -> None:
    cells, _ = cells_of({"id": text})
    ref = ref_made(rule_of("x-{id}"), cells)
    assert re.fullmatch(REF_PATTERN, ref)
    assert ref == ref_made(rule_of("x-{id}"), cells_of({"id": text})[0])
    assert ref == f"x-{text.strip()}" or re.fullmatch("x-[0-9a-f]{16}", ref)


def test_a_cell_is_taken_apart_by_its_separator_and_pattern() -> None:
    each = Each.model_validate(
        {"from": "it", "split": '";"', "strip": '"', "pattern": "(?P<who>.+?),(?P<what>.*)"}
    )
    cells, _ = cells_of({"it": '"A,one";"B,two, ""2"""'})
    parts = [(part.text("who"), part.text("what")) for part in split_parts(each, cells)]
    assert parts == [("A", "one"), ("B", 'two, ""2""')]


def test_a_part_that_does_not_fit_is_refused_kept_or_left_out() -> None:
    cells, noted = cells_of({"it": "A-1; B"})

    def parts(unknown: str) -> list[str]:
        said = {"from": "it", "split": ";", "pattern": "(?P<who>.)-1", "unknown": unknown}
        return [part.text("part") for part in split_parts(Each.model_validate(said), cells)]

    with pytest.raises(Invalid, match="it holds 'B', which does not fit its pattern"):
        parts("refuse")
    assert (parts("keep"), parts("empty")) == (["A-1", "B"], ["A-1"])
    assert list(noted.lines(9)) == ["it 'B' is unknown to the profile, and is left empty (1 time)"]
