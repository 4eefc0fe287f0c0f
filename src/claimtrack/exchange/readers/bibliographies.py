"""What the readers of bibliographies share: months, dates and addresses of works."""

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
from claimtrack.exchange.readers.text_files import describe_undecoded

_MONTHS = "january february march april may june july august september october november december"
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
"""The numbers of seasons in EDTF. Source: ISO 8601-2:2019, 4.8, sub-year groupings."""
_CIRCA = re.compile(r"\(?(?:c|ca|circa|about|approx)\b[.\s]*(?=[0-9])", re.IGNORECASE)
_BETWEEN_YEARS = re.compile(r"(?<=[0-9]{4})\s*(?:--?|[\u2013\u2014/])\s*(?=[0-9]{4}(?![0-9]))")
_SEASON_OR_YEARS = re.compile(r"[0-9]{4}-2[1-4]")
_SCHEME = r"(?:https?|ftp)://"
_ADDRESS = re.compile(rf"{_SCHEME}\S+", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(rf"(?<![\s;,|])[\s;,|]++(?={_SCHEME})", re.IGNORECASE)
"""It begins only where no such sign precedes, so that a long run of them is scanned once."""


def parse_month(text: str) -> int | None:
    """Return the number of a month: 1 to 12, its English name or a beginning of it (Sept.).

    None for anything else.
    """
    word = text.strip().rstrip(".").lower()
    if re.fullmatch(r"0?[1-9]|1[0-2]", word):
        return int(word)
    named = (
        at for at, name in enumerate(_MONTHS.split(), 1) if len(word) >= 3 and name.startswith(word)
    )
    return next(named, None)


def parse_season(text: str) -> int | None:
    """Return the EDTF number of a season's English name, 21 (spring) to 24.

    None for anything else.
    """
    return _SEASONS.get(text.strip().lower())


def to_edtf(text: str, field: str, notes: Notes) -> str:
    """Return a date as works give it in EDTF: a year, years, or a year with month or season.

    `c. 1950` becomes 1950~. 2020-21 is noted and left out: it may be two years, or the spring of
    2020. Other text is returned unchanged.
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
    month, season = parse_month(names[0]), parse_season(names[0])
    if days:
        return f"{years[0]}-{month:02}-{days[0][:2].rstrip('strndh').zfill(2)}" if month else ""
    return f"{years[0]}-{month or season:02}" if month or season else ""


def choose_date(found: Iterable[tuple[str, str]], notes: Notes) -> str:
    """Return the date of a work from the fields that give one; empty when none can be parsed.

    The first field counts, or a later one that is more exact and lies within it. Dates that cannot
    be parsed or contradict the chosen one are noted.

    Args:
        found: The fields and their texts, the most important first.
        notes: Takes the notes.
    """
    read = list[tuple[str, str, Span]]()
    for field, text in found:
        try:
            read.append((field, text, read_date(text)))
        except InvalidValue:
            notes.add(field, text, "is not a date that can be read, and is left out")
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


def split_addresses(text: str) -> list[str]:
    """Return the addresses in a field; the whole text where they cannot be separated."""
    return _BETWEEN_ADDRESSES.split(text.strip()) if text.strip() else []


def is_web_address(text: str) -> bool:
    """Return whether a text is one http, https or ftp address and nothing else."""
    return bool(_ADDRESS.fullmatch(text))


def choose_address(found: Iterable[tuple[str, str]], doi: str, notes: Notes) -> str:
    """Return the first address of a work from several fields; empty without any.

    A document has one address: texts that are none, and further addresses except that of the DOI,
    are noted.

    Args:
        found: The fields and their texts, the most important first.
        doi: The DOI of the work.
        notes: Takes the notes.
    """
    first, seen = "", {doi_address(doi)}
    for field, text in found:
        one = doi_address(text) or text
        if not (is_web_address(text) or is_web_address(one)):
            notes.add(field, text, "is not an address, and is left out")
        elif not first:
            first = text if is_web_address(text) else one
        elif one not in seen:
            notes.add(field, text, "is a second address, and is left out: a document has one")
        seen.add(one)
    return first


def make_work_row(line: int, fields: Mapping[str, Any]) -> Row:
    """Return the row of a work; its JSON is kept for the file of rejected rows."""
    json_text = json.dumps(fields, ensure_ascii=False, default=str)
    return Row(line, fields, describe_undecoded(json_text, "the encoding"), [json_text])
