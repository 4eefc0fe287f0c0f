"""Rows of RIS, in the layouts that reference managers accept; columns have rispy's names of tags.

Source: the RIS format of Reference Manager and EndNote; the table of tags is that of rispy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.bibliographies import (
    choose_address,
    choose_date,
    make_work_row,
    parse_month,
    parse_season,
    split_addresses,
    to_edtf,
)
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.readers.text_files import Lines

_STRICT = re.compile(r"\s*([A-Z][A-Z0-9])  [-\u2013\u2014](.*)", re.DOTALL)
_LOOSE = re.compile(r"\s*([A-Za-z][A-Za-z0-9])\s*[-\u2013\u2014](?:\s|$)(.*)", re.DOTALL)
_ENDED = re.compile(r"\s*ER\s*(?:[-\u2013\u2014]\s*)?", re.IGNORECASE)
_DATES = ("DA", "PY", "Y1")
_SHOWN = frozenset(("TI", "T1", "JF", "JO", "JA", "T2", "PB", "DO", "LA", *_DATES))
"""Tags whose further values are quoted in notes."""
_PARTS = re.compile(r"([0-9]{4})(?:/([^/]*))?(?:/([^/]*))?(?:/(.*))?")

Tags = list[tuple[str, str]]
"""The tags of a work, in upper case, each with its text."""


def ris_rows(lines: Lines, notes: Notes) -> Iterator[Row]:
    """Yield the works of a RIS file, by rispy's names of their tags.

    The column `issued` is the date from DA, PY or Y1, `url` the first address of UR. A work without
    ER ends where the next begins, which is noted.

    Raises:
        Invalid: a work is too long.
    """
    found = False
    for line, lines_of_work in _works(lines, notes):
        found = True
        tags = _tags(lines_of_work)
        if not tags or tags[0][0] != "TY":
            fault = "a work begins with 'TY  - '"
            yield Row(line, fault=fault, written=["".join(lines_of_work).strip()])
        else:
            yield make_work_row(line, _cells(tags, notes))
    if not found:
        yield Row(1, fault="there is no work of RIS in it: one begins with 'TY  - '", written=[""])


def _works(lines: Lines, notes: Notes) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each work, complete or not, with the number of the first.

    Raises:
        Invalid: one is too long.
    """
    first_line, size, lines_of_work = 0, 0, list[str]()
    for read in lines:
        lines.buffer.clear()
        line = read.replace("\ufeff", "")
        tag = _tag(line)
        if lines_of_work and tag and tag[0] == "TY":
            yield first_line, _without_end(lines_of_work, notes)
            lines_of_work = []
        if not lines_of_work:
            first_line, size = lines.number, 0
        size += len(line)
        if size > lines.longest:
            raise lines.broken(
                f"a work is longer than {lines.longest:,} characters: end it", first_line
            )
        if _ENDED.fullmatch(line):
            if lines_of_work:
                yield first_line, lines_of_work
            lines_of_work = []
        elif lines_of_work or tag:
            lines_of_work.append(line)
        elif not _only_counts(line):
            notes.add("RIS", line.strip(), "is between works, and is left out")
    if lines_of_work:
        yield first_line, _without_end(lines_of_work, notes)


def _without_end(lines: list[str], notes: Notes) -> list[str]:
    while _only_counts(lines[-1]):
        lines.pop()
    if _tags(lines)[0][0] == "TY":
        notes.add("ER", "", "is missing at the end of a work, which may have been cut off")
    return lines


def _only_counts(line: str) -> bool:
    """Return whether a line between works is empty or a number."""
    text = line.strip().rstrip(".")
    return not text or text.isdecimal()


def _tag(line: str, *, small: bool = True) -> tuple[str, str] | None:
    """Return the tag of a line, in upper case, and its text; None where it has none.

    Besides the layout of RIS, other spacing and, with `small`, lower case are accepted where the
    tag is one of RIS; other lines continue the text before.
    """
    from rispy import TAG_KEY_MAPPING

    if found := _STRICT.fullmatch(line):
        return found[1], found[2].strip()
    found = _LOOSE.fullmatch(line)
    if not found or (found[1] != found[1].upper() and not small):
        return None
    tag = found[1].upper()
    return (tag, found[2].strip()) if tag in TAG_KEY_MAPPING and tag != "UK" else None


def _tags(lines: Sequence[str]) -> Tags:
    """Return the tags of a work; a line without one continues the text before."""
    tags = list[tuple[str, list[str]]]()
    small = lines[0].lstrip()[:2].islower()
    for line in lines:
        if tag := _tag(line, small=small or not tags):
            tags.append((tag[0], [tag[1]]))
        elif tags:
            tags[-1][1].append(line.strip())
    return [(name, " ".join(filter(None, parts))) for name, parts in tags]


def _cells(tags: Tags, notes: Notes) -> Mapping[str, Any]:
    """Return the texts of a work by the names of its tags."""
    from rispy import LIST_TYPE_TAGS, TAG_KEY_MAPPING

    cells, unknown = dict[str, Any](), dict[str, list[str]]()
    firsts = dict[str, str]()
    for tag, text in tags:
        name = TAG_KEY_MAPPING.get(tag)
        if name is None:
            unknown.setdefault(tag, []).append(text)
        elif tag == "UR":
            cells.setdefault(name, []).extend(split_addresses(text))
        elif tag in LIST_TYPE_TAGS:
            cells.setdefault(name, []).append(text)
        elif not firsts.get(tag):
            cells[name] = firsts[tag] = text
        elif text not in ("", firsts[tag]):
            shown = text if tag in _SHOWN else ""
            notes.add(tag, shown, "occurs again in one work: the first is used")
    if unknown:
        cells["unknown_tag"] = unknown
    found = [(tag, _date(tag, firsts[tag], notes)) for tag in _DATES if firsts.get(tag)]
    cells["issued"] = choose_date([(tag, date) for tag, date in found if date], notes)
    urls = [("UR", url) for url in cells.get("urls", ())]
    urls += [("LK", url) for text in unknown.get("LK", ()) for url in split_addresses(text)]
    cells["url"] = choose_address(urls, cells.get("doi", ""), notes)
    return cells


def _date(tag: str, text: str, notes: Notes) -> str:
    """Return a RIS date, `year/month/day/other`, as EDTF; any other text unchanged.

    A season counts where no month is given; other information is noted.
    """
    found = _PARTS.fullmatch(text)
    if not found:
        return to_edtf(text, tag, notes)
    year, month, day, other = (part.strip() for part in found.groups(""))
    other = other.strip("/ ")
    season = parse_season(month) or parse_season(day) or parse_season(other)
    number = parse_month(month)
    if not number and season and len([part for part in (month, day, other) if part]) == 1:
        return f"{year}-{season}"
    if (month and not number) or (day and not (number and day.isdecimal())):
        return text
    if other and not (season and number and 21 + (number - 3) % 12 // 3 == season):
        notes.add(tag, other, "follows the date, and is left out")
    date = [year, *([f"{number:02}"] if number else []), *([day.zfill(2)] if day else [])]
    return "-".join(date)
