"""Finding a quotation in a text: exact words, in code points, with those around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack import quotations
from claimtrack.quotations import (
    AROUND,
    find_best_place,
    find_nearest_passage,
    find_places,
    get_place,
)


@pytest.mark.parametrize(
    ("body", "words", "starts"),
    [
        pytest.param("He said no, and no again.", "no", [8, 16], id="every place"),
        pytest.param("one two", "two", [4], id="the end"),
        pytest.param("one two", "Two", [], id="not in another case"),
        pytest.param("one\u00a0two", "one two", [0], id="a no-break space is a space"),
        pytest.param("one two", "one\u00a0two", [0], id="and the other way round"),
        pytest.param("one\n  two", " one two\n", [0], id="white space of any length"),
        pytest.param("😀 💬 two", "two", [4], id="code points, not UTF-16 units"),
        pytest.param("a.c abc", "a.c", [0], id="no pattern"),
        pytest.param("мой Кремль", "мои\u0306", [0], id="a letter in one code point or two"),
        pytest.param("мои\u0306 дом", "мой", [0], id="or two or one"),
        pytest.param("cafe\u0301s", "cafe", [], id="no letter without its mark"),
        pytest.param("anything", " \n", [], id="no words"),
    ],
)
def test_words_are_found_where_they_stand(body: str, words: str, starts: list[int]) -> None:
    found = find_places(body, words)
    assert [place.start for place in found] == starts
    assert all(body[place.start : place.end] == place.exact for place in found)


@pytest.mark.parametrize(
    ("body", "words", "prefix", "suffix"),
    [
        pytest.param("He said no today.", "no", "He said ", " today.", id="all there is"),
        pytest.param("x" * 40 + " he said no", "no", " he said "[1:], "", id="no half words"),
        pytest.param("no " + "y" * 40, "no", "", "", id="a word that is too long"),
        pytest.param("不" * 40 + "no", "no", "不" * AROUND, "", id="no spaces to cut at"),
    ],
)
def test_the_words_around_are_cut_where_words_end(
    body: str, words: str, prefix: str, suffix: str
) -> None:
    [place] = find_places(body, words)
    assert (place.prefix, place.suffix) == (prefix, suffix)


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_prefix_and_suffix_are_those_of_the_text(body: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(body)), min(other, len(body))))
    place = get_place(body, start, end)
    assert body[:start].endswith(place.prefix)
    assert body[end:].startswith(place.suffix)
    assert max(len(place.prefix), len(place.suffix)) <= AROUND


@given(
    st.text("ab é\u0301\n", max_size=80), st.text("ab é\u0301\n", min_size=1, max_size=5), st.text()
)
def test_what_is_put_into_a_text_is_found_in_it(before: str, words: str, after: str) -> None:
    place = f"{before} {words.strip() or 'a'} {after}"
    assert find_places(place, words.strip() or "a") != [] or words.strip()[:1] == "\u0301"


def test_the_surroundings_tell_places_apart() -> None:
    body = "First he said no. Then she said\nno too. Nobody said no."
    found = find_places(body, "no")
    assert [place.start for place in found] == [14, 32, 52]
    assert find_best_place(body, found, ("Then she said ", ""), None) == found[1]
    assert find_best_place(body, found, ("", " too. N"), None) == found[1]
    assert find_best_place(body, found, ("", ""), None) is None
    assert find_best_place(body, found, ("", ""), 52) == found[2]
    assert find_best_place(body, found[:1], ("something else", ""), None) == found[0]
    assert find_best_place(body, [], ("", ""), None) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("“No such talks”", "no such talks", id="other marks and another case"),
        pytest.param("told of no such talks", 'were "no such talks', id="a part of it"),
        pytest.param("quite yesterday", 'talks" yesterday', id="one of two words"),
        pytest.param("something else entirely", None, id="nothing like it"),
        pytest.param("...", None, id="no words"),
    ],
)
def test_the_nearest_passage_shares_the_longest_run_of_words(
    words: str, expected: str | None
) -> None:
    near = find_nearest_passage('He said there\nwere "no such talks" yesterday.', words)
    assert near is expected is None or str(near).endswith(str(expected))


def test_a_prefix_that_does_not_fit_is_known() -> None:
    body = "he said\nno"
    [place] = find_places(body, "no")
    assert quotations.is_surrounded(body, place, ("said ", ""))
    assert not quotations.is_surrounded(body, place, ("says ", ""))
