"""Rows of CSL-JSON, with dates converted to EDTF.

Source: the CSL 1.0.2 specification, appendix on input data (csl-data.json), and the EDTF strings of
CSL 1.1; months 13 to 16 for seasons are those of citeproc-js.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.bibliographies import (
    choose_address,
    choose_date,
    parse_month,
    parse_season,
    split_addresses,
    to_edtf,
)
from claimtrack.exchange.readers.rows import Row

_NOT_CIRCA = ("", "0", "false", "no")
_KEYS_OF_DATES = {"date-parts", "season", "circa", "raw", "literal"}


def csl_rows(rows: Iterator[Row], notes: Notes) -> Iterator[Row]:
    """Yield the works of CSL-JSON, the column `issued` as an EDTF date and `URL` as one address."""
    for row in rows:
        yield row if row.fault else replace(row, cells=_cells(row.cells, notes))


def _cells(work: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    cells = {**work}
    for name in ("URL", "DOI"):
        cells[name] = _text(work.get(name) or work.get(name.lower()))
    urls = [("URL", url) for url in split_addresses(cells["URL"])]
    cells["URL"] = choose_address(urls, cells["DOI"], notes)
    cells["issued"] = choose_date(_dates(work.get("issued"), notes), notes)
    return cells


def _text(value: object) -> str:
    """Return a string or number as text, anything else as JSON, and null as the empty text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _dates(value: Any, notes: Notes) -> Iterator[tuple[str, str]]:
    """Yield the dates in a date variable, with the keys that hold them."""
    if not isinstance(value, Mapping):
        if text := _text(value):
            yield "issued", text
        return
    for key, other in value.items():
        if key not in _KEYS_OF_DATES and (text := _text(other)):
            notes.add(f"issued.{key}", text, "is not read, and is left out")
    about = "" if _text(value.get("circa")).lower() in _NOT_CIRCA else "~"
    season = _text(value.get("season"))
    ends = _ends(value.get("date-parts"))
    if ends and season and len(ends) == 1 and "-" not in ends[0] and _season(season):
        ends, season = [f"{ends[0]}-{_season(season)}"], ""
    if season:
        notes.add("issued.season", season, "is not a season of one year, and is left out")
    if ends:
        dated = (end if end == ".." else f"{end}{about}" for end in ends)
        yield "issued.date-parts", "/".join(dated)
    elif ends is None:
        yield "issued.date-parts", _text(value["date-parts"])
    for key in ("raw", "literal"):
        if text := _text(value.get(key)):
            date = to_edtf(text, f"issued.{key}", notes)
            plain = about and date and date[-1:] not in "~?%"
            yield f"issued.{key}", f"{date}{about}" if plain else date


def _ends(parts: Any) -> list[str] | None:
    """Return the one or two dates of `date-parts` as EDTF; None where one is no date."""
    listed = parts if isinstance(parts, list) else [] if parts is None else [parts]
    ends = listed if any(isinstance(end, list) for end in listed) else [listed]
    texts = [_trimmed(end) for end in ends]
    is_open = len(texts) == 2 and not texts[1] and _is_zero(ends[1])
    while texts and not texts[-1]:
        texts.pop()
    read = [_end(end) for end in texts] + [".."] * is_open
    return read if len(read) <= 2 and all(read) else None


def _is_zero(end: Any) -> bool:
    """Return whether the end of a range is open, which citeproc-js writes `[0, 0, 0]`."""
    return "0" in [_text(part) for part in (end if isinstance(end, list) else [end])]


def _trimmed(end: Any) -> list[str]:
    """Return the parts of a date as texts, without empty ones at its end."""
    texts = [_text(part) for part in (end if isinstance(end, list) else [end])]
    while texts and texts[-1] in ("", "0"):
        texts.pop()
    return texts


def _end(parts: list[str]) -> str:
    """Return a year, month, season or day as EDTF; empty where it is none."""
    year, month, day = (*parts, "", "", "")[:3]
    if len(parts) > 3 or not (year.isdecimal() and year.isascii() and len(year) <= 4):
        return ""
    if not (month or day):
        return year.zfill(4)
    number = parse_month(month)
    if day and number and day.isdecimal():
        return f"{year.zfill(4)}-{number:02}-{day.zfill(2)}"
    named = f"{number:02}" if number else _season_of_month(month)
    return f"{year.zfill(4)}-{named}" if named and not day else ""


def _season(text: str) -> str:
    """Return the EDTF number of a season, given as 1 to 4, as 21 to 24 or by name.

    Empty if none.
    """
    if text in ("1", "2", "3", "4"):
        return f"2{text}"
    named = text if text in ("21", "22", "23", "24") else parse_season(text)
    return str(named or "")


def _season_of_month(text: str) -> str:
    """Return the EDTF number of a season, given as a month from 13 to 16 or as one of 21 to 24."""
    if text in ("13", "14", "15", "16"):
        return f"2{int(text) - 12}"
    return _season(text)
