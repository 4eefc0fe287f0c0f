"""Finding and replacing the names of one actor in texts, in all spellings."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

_SHORTEST_PART = 4
"""Letters of a part of a name that is worth a warning even inside a word."""


def make_redacted_ref() -> str:
    """Return a random ref that reveals nothing, `redacted-` and 12 hexadecimal digits."""
    return f"redacted-{secrets.token_hex(6)}"


@dataclass(frozen=True)
class Identity:
    """The names of an actor, and what replaces them.

    Attributes:
        ref: The ref of the actor.
        names: Its names, ref included.
        parts: Single words of its names.
        instead: The ref that replaces each name.
    """

    ref: str
    names: frozenset[str]
    parts: frozenset[str] = frozenset()
    instead: str = field(default_factory=make_redacted_ref)

    @cached_property
    def _named(self) -> re.Pattern[str]:
        return _pattern(self.names)

    @cached_property
    def _nearly_named(self) -> re.Pattern[str]:
        return _pattern(self.names | self.parts)

    def is_named_in(self, text: str) -> bool:
        """Return whether a text names the actor."""
        return any(True for _ in self._matches(text))

    def replace_in(self, text: str) -> str:
        """Return a text with each name replaced."""
        parts, end = [], 0
        for match in self._matches(text):
            parts += [text[end : match.start()], self.instead]
            end = match.end()
        return "".join([*parts, text[end:]])

    def find_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the start and end of each name in a text."""
        return [match.span() for match in self._matches(text)]

    def _matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield names that are whole words; hyphens and combining marks belong to words."""
        for match in self._named.finditer(text):
            if not (_joins(text[match.start() - 1 : match.start()]) or _joins(_after(text, match))):
                yield match

    def find_near_matches(self, text: str) -> Iterator[str]:
        """Yield the words of a text that hold a name or a part of one and would not be replaced."""
        left = self.replace_in(text).replace(self.instead, " ")
        for match in self._nearly_named.finditer(left):
            start, end = match.span()
            while start and _joins(left[start - 1]):
                start -= 1
            while end < len(left) and _joins(left[end]):
                end += 1
            alone = (start, end) == match.span()
            if alone or len(match[0]) >= _SHORTEST_PART:
                yield left[start:end]


def _after(text: str, match: re.Match[str]) -> str:
    return text[match.end() : match.end() + 1]


def _joins(letter: str) -> bool:
    """Return whether a character continues a word; False for the empty string."""
    return bool(letter) and (
        letter.isalnum() or letter in "_-" or unicodedata.category(letter).startswith("M")
    )


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for names in any case, Unicode form and kind of hyphen, across lines."""
    cases = {form for name in names for form in (name, name.upper(), name.casefold())}
    spelled = {unicodedata.normalize(form, name) for name in cases for form in ("NFC", "NFD")}
    longest_first = sorted(spelled, key=lambda name: (-len(name), name))
    words = (_WHITE.join(map(_word, name.split())) for name in longest_first)
    return re.compile("|".join(filter(None, words)) or "(?!)", re.IGNORECASE)


_WHITE = r"\s+"


def _word(word: str) -> str:
    return r"[-\u00ad\u2010-\u2015]\s*".join(map(re.escape, word.split("-")))
