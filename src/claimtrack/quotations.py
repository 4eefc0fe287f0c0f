"""Finding the words of a quotation in a text: exact words, in code points, end exclusive.

White space matches white space of any kind and length, no-break spaces and line ends among it, and
a letter with a mark matches itself whether it is written as one code point or as two.

Source: W3C Web Annotation Data Model (2017), TextQuoteSelector and TextPositionSelector.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

AROUND = 32
"""Code points of a text that a prefix and a suffix hold at most."""
_WIDTH = 4
"""Code points that are looked at for each of a prefix: white space may take more room."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in a text, as they stand there, with those before and after."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


def places(body: str, words: str) -> list[Place]:
    """Return every place at which words stand in a text, in its order; none for no words."""
    parts = [_either_way(part) for part in words.split()]
    found = re.finditer(r"\s+".join(parts), body) if parts else ()
    return [
        place_at(body, match.start(), match.end())
        for match in found
        if not unicodedata.combining(body[match.end() : match.end() + 1] or " ")
    ]


def _either_way(part: str) -> str:
    """Return a pattern of a word, its letters with marks in one code point or in two."""
    pattern = []
    for letter in unicodedata.normalize("NFC", part):
        apart = unicodedata.normalize("NFD", letter)
        spelled = re.escape(letter)
        pattern.append(spelled if apart == letter else f"(?:{spelled}|{re.escape(apart)})")
    return "".join(pattern)


def place_at(body: str, start: int, end: int) -> Place:
    """Return a place in a text, with the words around it, cut where words end."""
    before, after = body[max(0, start - AROUND) : start], body[end : end + AROUND]
    if start > AROUND and not body[start - AROUND - 1].isspace():
        before = re.sub(r"^\S*(?=\s)", "", before).lstrip()
    if end + AROUND < len(body) and not body[end + AROUND].isspace():
        after = re.sub(r"(?<=\s)\S*$", "", after).rstrip()
    return Place(start, end, body[start:end], before, after)


def best(
    body: str, found: Sequence[Place], around: tuple[str, str], start: int | None
) -> Place | None:
    """Return the place whose surroundings are most like a prefix and a suffix.

    Between equals, the one that begins at `start`; None where nothing tells them apart.
    """
    alike = {place: _likeness(body, place, around) for place in found}
    most = [place for place in found if alike[place] == max(alike.values())]
    if len(most) == 1:
        return most[0]
    return next((place for place in most if place.start == start), None)


def surrounded(body: str, place: Place, around: tuple[str, str]) -> bool:
    """Whether a place stands between a prefix and a suffix; white space is even."""
    return _likeness(body, place, around) == sum(len(_even(part)) for part in around)


def _likeness(body: str, place: Place, around: tuple[str, str]) -> int:
    """Return how many code points before and after a place are those of a prefix and a suffix."""
    prefix, suffix = map(_even, around)
    before = _even(body[max(0, place.start - _WIDTH * len(prefix)) : place.start])
    after = _even(body[place.end : place.end + _WIDTH * len(suffix)])
    return _shared(reversed(before), reversed(prefix)) + _shared(after, suffix)


def _shared(one: Iterable[str], other: Iterable[str]) -> int:
    alike = (here == there for here, there in zip(one, other, strict=False))
    return sum(1 for _ in takewhile(bool, alike))


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def nearest(body: str, words: str) -> str | None:
    """Return the passage of a text that shares the longest run of words; None when few are shared.

    Compared without case and punctuation, so that other quotation marks are no difference.
    """
    there = list(re.finditer(r"\w+", body))
    wanted = [word.casefold() for word in re.findall(r"\w+", words)]
    said = [match[0].casefold() for match in there]
    run = difflib.SequenceMatcher(None, said, wanted, autojunk=False).find_longest_match()
    if not run.size or run.size < min(2, (len(wanted) + 1) // 2):
        return None
    first = there[max(0, run.a - run.b)]
    last = there[min(len(there), run.a - run.b + len(wanted)) - 1]
    return _even(body[first.start() : last.end()])
