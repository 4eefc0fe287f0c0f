"""Finds other spellings of the names in a search, among the names of actors in the casebook."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import TypeAlias

from sqlalchemy import select

from claimtrack import fulltext, name_matching
from claimtrack.db import Session
from claimtrack.models import Actor
from claimtrack.sql import stream

Phrase: TypeAlias = tuple[str, ...]
"""Words that follow each other."""

MOST = 20
"""The greatest number of spellings of one phrase that are searched for."""
_SHORTEST = 3
"""The least length of a word that is compared by sound: too many names sound like shorter ones."""
_PART = re.compile(r"[^\s,.;()/\u2010-\u2015-]+")


def spellings(session: Session, phrases: Iterable[Phrase]) -> list[list[Phrase]]:
    """Return the spellings of each phrase, the one that was typed first.

    `Peskov` is also looked for as `Песков` where the name or alias of an actor is spelled so, and
    the other way round (see `name_matching`). Sends one statement, which reads every name.
    """
    typed = list(phrases)
    sounds: dict[str, set[str]] = {}
    for phrase in typed:
        for word in {*phrase, "".join(phrase)}:
            if len(word) >= _SHORTEST and word.isalpha():
                sounds.setdefault(name_matching.phonetic_key(word), set()).add(word)
    others = _spelled_otherwise(session, sounds) if sounds else {}
    return [list(dict.fromkeys(islice(_spelled(phrase, others), MOST))) for phrase in typed]


def _spelled_otherwise(
    session: Session, sounds: dict[str, set[str]]
) -> dict[str, dict[Phrase, None]]:
    """Return how the words of names are spelled that sound like one of some words, by that word."""
    found: dict[str, dict[Phrase, None]] = {}
    for name, aliases in stream(session, select(Actor.name, Actor.aliases).order_by(Actor.ref)):
        for part in _PART.findall(" ".join((name, *aliases))):
            for word in sounds.get(name_matching.phonetic_key(part), ()):
                if name_matching.is_east_slavic(part) or name_matching.is_east_slavic(word):
                    found.setdefault(word, {})[tuple(fulltext.tokens(part))] = None
    return found


def _spelled(phrase: Phrase, others: dict[str, dict[Phrase, None]]) -> Iterable[Phrase]:
    """Yield a phrase, its spellings as one word, and all combinations of its words' spellings."""
    yield phrase
    yield from others.get("".join(phrase), ())
    ways: Sequence[Sequence[Phrase]] = [[(word,), *others.get(word, ())] for word in phrase]
    for way in product(*ways):
        yield tuple(word for part in way for word in part)
