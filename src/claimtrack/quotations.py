"""Locating quotations in a text; positions are in code points, their end exclusive.

White space matches white space of any kind and length, line ends and no-break spaces included. A
letter with a diacritic matches in its composed and its decomposed form.

Source: W3C Web Annotation Data Model (2017), TextQuoteSelector and TextPositionSelector.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

AROUND = 32
"""Code points of a prefix or suffix at most."""
_WIDTH = 4
"""Code points compared for each one of a prefix or suffix: white space may be longer there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage of a text: its position, its words as in the text, and the words around it.

    Attributes:
        start: The position of its first code point, from 0.
        end: The position after its last.
        exact: The text of the passage.
        prefix: The text before it, at most `AROUND` code points.
        suffix: The text after it, likewise.
    """

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def find_places(body: str, words: str) -> list[Place]:
    """Return every passage of a text that matches the words, in order; empty for no words."""
    parts = [_build_word_pattern(part) for part in words.split()]
    found = re.finditer(r"\s+".join(parts), body) if parts else ()
    return [
        get_place(body, match.start(), match.end())
        for match in found
        if not unicodedata.combining(body[match.end() : match.end() + 1] or " ")
    ]


def _build_word_pattern(part: str) -> str:
    """Return a regular expression for a word that matches composed and decomposed letters."""
    pattern = []
    for letter in unicodedata.normalize("NFC", part):
        decomposed = unicodedata.normalize("NFD", letter)
        spelled = re.escape(letter)
        pattern.append(
            spelled if decomposed == letter else f"(?:{spelled}|{re.escape(decomposed)})"
        )
    return "".join(pattern)


def get_place(body: str, start: int, end: int) -> Place:
    """Return the passage at a position, its prefix and suffix cut at word boundaries."""
    before, after = body[max(0, start - AROUND) : start], body[end : end + AROUND]
    if start > AROUND and not body[start - AROUND - 1].isspace():
        before = re.sub(r"^\S*(?=\s)", "", before).lstrip()
    if end + AROUND < len(body) and not body[end + AROUND].isspace():
        after = re.sub(r"(?<=\s)\S*$", "", after).rstrip()
    return Place(start, end, body[start:end], before, after)


def find_best_place(
    body: str, found: Sequence[Place], around: tuple[str, str], start: int | None
) -> Place | None:
    """Return the passage whose surroundings are most like a prefix and a suffix.

    Args:
        body: The text.
        found: The passages to choose from.
        around: The prefix and the suffix.
        start: Decides between equals: the one that begins there.

    Returns:
        None where equals remain.
    """
    alike = {place: _likeness(body, place, around) for place in found}
    most = [place for place in found if alike[place] == max(alike.values())]
    if len(most) == 1:
        return most[0]
    return next((place for place in most if place.start == start), None)


def is_surrounded(body: str, place: Place, around: tuple[str, str]) -> bool:
    """Return whether a prefix and a suffix surround a passage; all white space counts as equal."""
    return _likeness(body, place, around) == sum(len(_collapse_space(part)) for part in around)


def _likeness(body: str, place: Place, around: tuple[str, str]) -> int:
    """Return how many code points next to a passage equal those of a prefix and a suffix."""
    prefix, suffix = map(_collapse_space, around)
    before = _collapse_space(body[max(0, place.start - _WIDTH * len(prefix)) : place.start])
    after = _collapse_space(body[place.end : place.end + _WIDTH * len(suffix)])
    return _count_equal(reversed(before), reversed(prefix)) + _count_equal(after, suffix)


def _count_equal(one: Iterable[str], other: Iterable[str]) -> int:
    alike = (left == right for left, right in zip(one, other, strict=False))
    return sum(1 for _ in takewhile(bool, alike))


def _collapse_space(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def find_nearest_passage(body: str, words: str) -> str | None:
    """Return the passage that shares the longest run of words; None when few words are shared.

    Case and punctuation are ignored, so that other quotation marks make no difference. At least two
    words of the run must match, or one of a quotation of one or two.
    """
    matches = list(re.finditer(r"\w+", body))
    quoted = [word.casefold() for word in re.findall(r"\w+", words)]
    present = [match[0].casefold() for match in matches]
    # autojunk would ignore the frequent words of a long text.
    run = difflib.SequenceMatcher(None, present, quoted, autojunk=False).find_longest_match()
    if not run.size or run.size < min(2, (len(quoted) + 1) // 2):
        return None
    first = matches[max(0, run.a - run.b)]
    last = matches[min(len(matches), run.a - run.b + len(quoted)) - 1]
    return _collapse_space(body[first.start() : last.end()])
