"""What the readers of bibliographies share: months by name, which date counts, rows of works."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from claimtrack.dates import Span
from claimtrack.dois import doi_address
from claimtrack.errors import InvalidValue
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_dates import read_date
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.readers.text_files import undecoded

_MONTHS = "january february march april may june july august september october november december"
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
"""Source: ISO 8601-2:2019, 4.8, sub-year groupings."""
_CIRCA = re.compile(r"\(?(?:c|ca|circa|about|approx)\b[.\s]*(?=[0-9])", re.IGNORECASE)
_BETWEEN_YEARS = re.compile(r"(?<=[0-9]{4})\s*(?:--?|[\u2013\u2014/])\s*(?=[0-9]{4}(?![0-9]))")
_SEASON_OR_YEARS = re.compile(r"[0-9]{4}-2[1-4]")
_SCHEME = r"(?:https?|ftp)://"
_ADDRESS = re.compile(rf"{_SCHEME}\S+", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(rf"(?<![\s;,|])[\s;,|]++(?={_SCHEME})", re.IGNORECASE)
"""It begins where no such sign stands before it, so that a long run of them is read once."""


def month_of(text: str) -> int | None:
    """Return the number of a month: 1 to 12, its English name or the beginning of it (Sept.)."""
    word = text.strip().rstrip(".").lower()
    if re.fullmatch(r"0?[1-9]|1[0-2]", word):
        return int(word)
    named = (
        at for at, name in enumerate(_MONTHS.split(), 1) if len(word) >= 3 and name.startswith(word)
    )
    return next(named, None)


def season_of(text: str) -> int | None:
    """Return the number that ISO 8601-2 has for the name of a season."""
    return _SEASONS.get(text.strip().lower())


def year_of(text: str, field: str, notes: Notes) -> str:
    """Return a date that names its month or season, a year, or years, as EDTF: `c. 1950` is 1950~.

    2020-21 is noted and left out: it may be the years 2020 and 2021, or the spring of 2020.
    """
    text = text.strip()
    if _SEASON_OR_YEARS.fullmatch(text):
        notes.add(field, text, "may be two years or a season, and is left out")
        return ""
    if named := _with_name(text):
        return named
    year = _BETWEEN_YEARS.sub("/", _CIRCA.sub("", text, count=1))
    return f"{year.rstrip(')')}~" if _CIRCA.match(text) else year


def _with_name(text: str) -> str:
    """Return a date such as `May 3, 2020`, `3 May 2020`, `May 2020` or `Spring 2020` as EDTF.

    Empty for any other, such as one of two months, or without a year.
    """
    words = re.split(r"[\s,]+", text)
    years = [word for word in words if re.fullmatch(r"[0-9]{4}", word)]
    names = [word for word in words if word[:1].isalpha()]
    days = [word for word in words if re.fullmatch(r"[0-9]{1,2}(?:st|nd|rd|th)?", word)]
    counts = len(years), len(names), len(words) - len(years) - len(names)
    if counts not in ((1, 1, 0), (1, 1, 1)) or len(days) != counts[2]:
        return ""
    month, season = month_of(names[0]), season_of(names[0])
    if days:
        return f"{years[0]}-{month:02}-{days[0][:2].rstrip('strndh').zfill(2)}" if month else ""
    return f"{years[0]}-{month or season:02}" if month or season else ""


def issued(found: Iterable[tuple[str, str]], notes: Notes) -> str:
    """Return the date that a work gives itself, of one or several fields, the first in rank.

    `found` are the fields that give a date, and their texts. Where a later one lies within the
    first, it is more exact and counts. What cannot be read, and what contradicts the one that
    counts, is noted. Empty when no date can be read.
    """
    read = list[tuple[str, str, Span]]()
    for field, text in found:
        try:
            read.append((field, text, read_date(text)))
        except InvalidValue:
            notes.add(field, text, "is no date that can be read, and is left out")
    if not read:
        return ""
    counts = read[0]
    for other in read[1:]:
        if _within(other[2], counts[2]) and not _within(counts[2], other[2]):
            counts = other
    for field, text, span in read:
        if not _within(counts[2], span):
            notes.add(field, text, f"is not the date that {counts[0]} gives, and is left out")
    return counts[1]


def _within(inner: Span, outer: Span) -> bool:
    begins = outer.first is None or (inner.first is not None and inner.first >= outer.first)
    ends = outer.last is None or (inner.last is not None and inner.last <= outer.last)
    return begins and ends


def addresses_in(text: str) -> list[str]:
    """Return the addresses of a field that holds one or several; itself where it holds none."""
    return _BETWEEN_ADDRESSES.split(text.strip()) if text.strip() else []


def is_address(text: str) -> bool:
    """Whether a text is one address of the web, and nothing else."""
    return bool(_ADDRESS.fullmatch(text))


def first_address(found: Iterable[tuple[str, str]], doi: str, notes: Notes) -> str:
    """Return the first address of a work, of several fields; empty without any.

    What is no address, and every further address but that of its DOI, is noted: a document has one.
    """
    first, seen = "", {doi_address(doi)}
    for field, text in found:
        one = doi_address(text) or text
        if not (is_address(text) or is_address(one)):
            notes.add(field, text, "is no address, and is left out")
        elif not first:
            first = text if is_address(text) else one
        elif one not in seen:
            notes.add(field, text, "is a second address, and is left out: a document has one")
        seen.add(one)
    return first


def work_row(line: int, fields: Mapping[str, Any]) -> Row:
    """Return the row of a work, which is kept as JSON where it is rejected."""
    kept = json.dumps(fields, ensure_ascii=False, default=str)
    return Row(line, fields, undecoded(kept, "the encoding"), [kept])
