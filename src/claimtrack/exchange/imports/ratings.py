"""Ratings of fact checks: a number on a scale, words, and whether both agree.

Source: https://schema.org/Rating, https://schema.org/ratingValue.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

_LONGEST_SHOWN = 60
_WORST, _BEST = "1", "5"
"""The ends of a scale that does not name them."""
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
_SHARE = re.compile(rf"({_NUMBER.pattern})\s*(?:/|of|out of)\s*({_NUMBER.pattern})", re.ASCII)
_PERCENT = re.compile(rf"({_NUMBER.pattern})\s*%", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d+,\d{3}", re.ASCII)
_DASHES = re.compile(r"[\s\u002d\u2010-\u2015\u2212_]+")
_ROUND_WORDS = " \t\r\n.!\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
"""Punctuation around words that does not change them; a question mark does."""


@dataclass(frozen=True, slots=True)
class Rating:
    """The value of a rating, from -2 to 2; None where it is unclear.

    `notes` has for each part that was not used the column and the reason, as for `Notes.add`.
    """

    value: int | None
    notes: list[tuple[str, str]] = field(default_factory=list)
    unknown: bool = False
    """Whether it has words alone, and unknown ones."""


def normalise_words(words: str) -> str:
    """Return the words of a rating for comparison: "Half-True." becomes "half true"."""
    plain = unicodedata.normalize("NFKC", words).strip(_ROUND_WORDS)
    return _DASHES.sub(" ", plain).casefold().strip()


def are_consistent(number: Fraction, words: int) -> bool:
    """Return whether a number and the value of words, both from -2 to 2, agree.

    They do with the same sign, or when less than one step apart.
    """
    return (number * words > 0 and round(number) != 0) or abs(number - words) < 1


def combine_rating(
    value: str, worst: str, best: str, words: str, meaning: Mapping[str, int]
) -> Rating:
    """Return the value of a rating from its parts as published; an empty part is missing.

    Without a number on a scale the words decide, and without known words the number. Where both
    agree, the weaker counts; where they do not, neither.

    Args:
        value: The number.
        worst: The worst end of the scale.
        best: The best end of the scale.
        words: The words.
        meaning: The values of known words, by `normalise_words`.
    """
    notes: list[tuple[str, str]] = []
    number, shown = _on_scale(value, worst, best, notes) if value else (None, "")
    meant = meaning.get(normalise_words(words))
    if number is None:
        return Rating(meant, notes, unknown=bool(words) and meant is None)
    if meant is None:
        return Rating(round(number), notes)
    if not are_consistent(number, meant):
        disagreement = (f"rating {shown} and {_short(words)!r}", "disagree: no stance is taken")
        return Rating(None, [*notes, disagreement])
    both = (round(number) or meant, meant)
    return Rating(min(both, key=abs), notes)


def _on_scale(
    value: str, worst: str, best: str, notes: list[tuple[str, str]]
) -> tuple[Fraction | None, str]:
    """Return a number's position between worst and best, from -2 to 2, and its text for notes."""
    value, own_worst, own_best = _parts(value)
    if best and own_best and _number(best) != _number(own_best):
        reason = f"has another best, {_short(best)}: it is left out"
        notes.append((f"rating {value}/{own_best}", reason))
        return None, ""
    first, last = worst or own_worst or _WORST, best or own_best or _BEST
    shown = " ".join([_short(value), "of", _short(first), "to", _short(last)])
    rating, low, high = map(_number, (value, first, last))
    if rating is None or low is None or high is None:
        notes.append((f"rating {shown!r}", "is not a number on a scale: it is left out"))
    elif low == high or (low > high and not (worst and best)):
        notes.append((f"rating {shown}", "is on no scale from worst to best: it is left out"))
    elif not min(low, high) <= rating <= max(low, high):
        notes.append((f"rating {shown}", "is not on its scale: it is left out"))
    else:
        if low > high:
            notes.append((f"rating {shown}", "has its best below its worst: it is read as it says"))
        return (rating - low) / (high - low) * 4 - 2, shown
    return None, shown


def _parts(value: str) -> tuple[str, str, str]:
    """Return the number of a rating, and the ends of its scale if it is written 4/5 or 80 %."""
    if share := _SHARE.fullmatch(value):
        return share[1], "", share[2]
    if percent := _PERCENT.fullmatch(value):
        return percent[1], "0", "100"
    return value, "", ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _number(text: str) -> Fraction | None:
    """Return a number written 2.5 or 2,5; None where it is none, or may be 1,000."""
    text = text.strip()
    if not _NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return None
    return Fraction(text.replace(",", "."))
