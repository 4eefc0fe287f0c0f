"""Reads the text of a search: words, phrases, alternatives and words to leave out."""

import re
from typing import NamedTuple

from claimtrack import fulltext
from claimtrack.errors import InvalidValue
from claimtrack.fulltext import STOP_WORDS
from claimtrack.lookup.spellings import Phrase

MOST_WORDS = 200
"""The greatest number of words in a search: PostgreSQL refuses thousands, SQLite takes minutes."""


class SearchTerms(NamedTuple):
    """What a record must have, and what it must not have.

    Attributes:
        required: Groups of phrases; of each group a record must have one phrase.
        excluded: Phrases of which a record must have none.
    """

    required: list[list[Phrase]]
    excluded: list[Phrase]


def read_terms(text: str) -> SearchTerms:
    """Return the terms of a search.

    `OR` between two terms makes them alternatives, a hyphen before a term excludes it, quotation
    marks make a phrase of several words, and so do other signs within a word, as in back-channel.
    The most common English words at the ends of a phrase are ignored.

    Raises:
        InvalidValue: There are no words to search for, or too many.
    """
    required, excluded = list[list[Phrase]](), list[Phrase]()
    joined = False
    for match in _TERM.finditer(text):
        if match[0] == "OR":
            joined = bool(required)
            continue
        phrase = _to_phrase(match["quoted"] or match["word"] or "")
        if not phrase:
            continue
        if match["minus"]:
            excluded.append(phrase)
        elif joined:
            required[-1].append(phrase)
        elif [phrase] not in required:
            required.append([phrase])
        joined = False
    every = [*(phrase for group in required for phrase in group), *excluded]
    if sum(map(len, every)) > MOST_WORDS:
        raise InvalidValue("search words", text[:60] + "...", f"at most {MOST_WORDS} words")
    if not required:
        besides = " besides those to leave out" if excluded else ""
        expected = f"a word or number{besides}, other than the commonest (the, of, is, not)"
        raise InvalidValue("search words", text, expected)
    return SearchTerms(required, excluded)


def _to_phrase(text: str) -> Phrase:
    """Return the words of a text, without common words at its ends."""
    phrase = fulltext.tokens(text)
    while phrase and phrase[0] in STOP_WORDS:
        del phrase[0]
    while phrase and phrase[-1] in STOP_WORDS:
        del phrase[-1]
    return tuple(phrase)


_QUOTES = '"“”„«»'
# A hyphen excludes only at the beginning of a term: within one, it joins words.
_TERM = re.compile(
    rf"(?:(?<!\S)(?P<minus>-))?(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]"
    rf"|(?P<word>[^\s{_QUOTES}]+))"
)
