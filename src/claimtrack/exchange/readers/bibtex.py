"""Rows of BibTeX and BibLaTeX: abbreviations expanded, fields inherited, LaTeX decoded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from claimtrack.errors import InvalidValue
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers import latex
from claimtrack.exchange.readers.bibliographies import (
    choose_address,
    choose_date,
    is_web_address,
    make_work_row,
    parse_month,
    parse_season,
    split_addresses,
    to_edtf,
)
from claimtrack.exchange.readers.bibtex_crossref import get_inherited_field
from claimtrack.exchange.readers.bibtex_parser import Block, Part, parse_blocks
from claimtrack.exchange.readers.cell_dates import read_date
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.readers.text_files import Lines

_ADDRESSES = ("doi", "eprint", "url")
_DATES = ("date", "eventdate", "origdate", "urldate")
_VERBATIM = (*_DATES, "file", "verba", "verbb", "verbc")
"""Fields that are not LaTeX. Source: the biblatex manual, 2.2.1: date, verbatim and URI."""
_NAMES = ("title", "journal", "journaltitle", "publisher", "organization", "institution", "school")
"""Fields in which an unknown LaTeX command is noted."""
_LINKED = ("howpublished", "note")
_NO_WORKS = {"set": "is a set of other works", "control": "holds settings"}
_NO_WORK = re.compile(r"@\s*(?:comment|preamble)", re.IGNORECASE)
_MACROS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MOST_ABOVE = 20
"""Levels of inheritance that are followed."""
_XDATA = re.compile(r"xdata=([^\s,{}]+)-([A-Za-z]+)(?:-([0-9]+))?")
_DAY_MONTH = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[\s.,~]*([A-Za-z]{3,}\.?)", re.ASCII)
_MONTH_DAY = re.compile(r"([A-Za-z]{3,}\.?)[\s.,~]*([0-9]{1,2})(?:st|nd|rd|th)?", re.ASCII)
_BETWEEN_MONTHS = re.compile(r"\s*(?:-{1,3}|[/\u2013\u2014&]|\band\b|\bto\b)\s*")


@dataclass(slots=True)
class _Work:
    """A parsed work, and its own fields as LaTeX, abbreviations expanded."""

    block: Block
    fields: dict[str, str] = field(default_factory=dict)


def bibtex_rows(lines: Lines, notes: Notes) -> Iterator[Row]:
    """Yield the works of a BibTeX file: their fields, `key` and `type`; LaTeX is decoded.

    The column `issued` is the date from `date`, or from `year`, `month` and `day`; `url` is the
    first address in `url`, `howpublished` and `note`.

    Raises:
        Invalid: the file is too long.
    """
    text = lines.block(lines.longest + 1)
    if len(text) > lines.longest:
        raise lines.broken(f"the file is longer than {lines.longest:,} characters: split it", 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = list(parse_blocks(text))
    if text.strip() and not blocks and not _NO_WORK.search(text):
        why = "there is no work of BibTeX in it: one begins with its type, such as '@book{'"
        yield Row(1, fault=why, written=[text.strip()])
    yield from _Bibliography(notes).rows(blocks)


class _Bibliography:
    """The works of a file by key, and the abbreviations defined so far."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self._strings: dict[str, str] = {}
        self._written: dict[str, str] = {}
        """The text of each abbreviation, which accompanies a rejected work that uses it."""
        self._works: dict[str, _Work] = {}

    def rows(self, blocks: Sequence[Block]) -> Iterator[Row]:
        """Yield a row for each work, and one with the fault for what cannot be parsed."""
        works = [work for block in blocks if (work := self._read(block)) is not None]
        for work in works:
            if work.block.faults:
                yield self._fault(work.block)
            elif work.block.type in _NO_WORKS:
                why = f"{_NO_WORKS[work.block.type]}, and is left out"
                self.notes.add(f"@{work.block.type}", work.block.key, why)
            elif work.block.type != "xdata":
                fields = self._inherited(work, ())
                yield make_work_row(work.block.line, self._cells(work.block, fields))

    def _read(self, block: Block) -> _Work | None:
        """Return a work with its abbreviations expanded.

        For an abbreviation, store it and return None.
        """
        if block.commented:
            self.notes.add(f"@{block.type}", block.key, "is commented out (%), and is left out")
            return None
        for name in block.repeated:
            self.notes.add(name, "", "occurs twice in a work, with the same text")
        fields = {name: self._joined(block, name, value) for name, value in block.fields.items()}
        if block.type == "string" and not block.faults:
            for name, text in fields.items():
                if self._strings.get(name, text) != text:
                    self.notes.add(
                        "@string", name, "is defined twice: the last before a work counts"
                    )
                self._strings[name], self._written[name] = text, block.written
            return None
        work = _Work(block, fields)
        aliases = re.split(r"\s*,\s*", fields.get("ids", ""))
        for key in filter(None, (block.key, *aliases)):
            self._works.setdefault(key, work)
            self._works.setdefault(key.lower(), work)
        return work

    def _joined(self, block: Block, name: str, value: Sequence[Part]) -> str:
        """Return the text of a value.

        An undefined abbreviation is kept, unless it is part of a join.
        """
        texts = list[str]()
        for part in value:
            word = part.text.lower()
            if not part.bare or part.text.isdecimal():
                texts.append(part.text)
            elif word in _MACROS and (name == "month" or word not in self._strings):
                texts.append(word)
            elif word in self._strings:
                texts.append(self._strings[word])
            elif len(value) == 1:
                why = "is not an abbreviation defined before it, and is kept unchanged"
                self.notes.add(name, part.text, why)
                texts.append(part.text)
            else:
                why = f"{name} joins {part.text!r}, which is not an abbreviation defined before it"
                block.faults.append((block.line, f"{why}: define it with @string, or quote it"))
        return "".join(texts)

    def _fault(self, block: Block) -> Row:
        first, *more = sorted(block.faults)
        why = "; ".join([first[1], *(f"in line {line}, {fault}" for line, fault in more)])
        small = block.written.lower()
        used = [raw for name, raw in self._written.items() if name in small]
        return Row(first[0], fault=why, written=["\n".join([*dict.fromkeys(used), block.written])])

    # --- what is inherited --------------------------------------------------------------------

    def _inherited(self, work: _Work, below: tuple[str, ...]) -> dict[str, str]:
        """Return the fields of a work, with those inherited from `xdata` and `crossref`."""
        fields = dict(work.fields)
        for key in filter(None, re.split(r"\s*,\s*", fields.get("xdata", "").strip())):
            if (above := self._above("xdata", key, below)) is not None:
                fields = {**self._inherited(above, (*below, key)), **fields}
        for name, value in work.fields.items():
            if found := _XDATA.fullmatch(value.strip()):
                fields[name] = self._part_of(found, name, below)
        key = fields.get("crossref", "").strip()
        above = self._above("crossref", key, below) if key else None
        if above is None:
            return fields
        inherited = dict[str, str]()
        for name, value in self._inherited(above, (*below, key)).items():
            if target := get_inherited_field(name, above.block.type, work.block.type, fields):
                inherited[target] = value
        return {**fields, **inherited}

    def _above(self, by: str, key: str, below: tuple[str, ...]) -> _Work | None:
        """Return the work that another inherits from; None, with a note, where there is none."""
        found = self._works.get(key) or self._works.get(key.lower())
        if key in below or len(below) >= _MOST_ABOVE:
            why = "leads back to itself, or too far, and is not followed"
        elif found is None:
            why = "is not a work in this file: nothing is inherited from it"
        elif found.block.faults:
            why = "names a work that cannot be read: nothing is inherited from it"
        else:
            return found
        self.notes.add(by, key, why)
        return None

    def _part_of(self, found: re.Match[str], name: str, below: tuple[str, ...]) -> str:
        """Return the field, or part of a list, that a field takes from `@xdata`."""
        above = self._above("xdata", found[1], below)
        inherited = self._inherited(above, (*below, found[1])) if above else {}
        value = inherited.get(found[2].lower(), "")
        if found[3]:
            parts = re.split(r"\s+and\s+", value)
            value = parts[int(found[3]) - 1] if 0 < int(found[3]) <= len(parts) else ""
        if above and not value:
            self.notes.add(name, found[0], "names nothing in @xdata, and is left out")
        return value

    # --- cells --------------------------------------------------------------------------------

    def _cells(self, block: Block, fields: Mapping[str, str]) -> dict[str, str | int]:
        texts = {name: _text(name, value) for name, value in fields.items()}
        for name in _NAMES:
            for command in latex.list_unknown_commands(fields.get(name, "")):
                self.notes.add(name, command, "is LaTeX that is not known, and is left out")
        cells: dict[str, str | int] = {**texts}
        found = [*_dates(fields, texts, self.notes)]
        cells["issued"] = choose_date(found, self.notes)
        cells["url"] = choose_address(_addresses(fields, texts), texts.get("doi", ""), self.notes)
        if month := parse_month(texts.get("month", "")):
            cells["month"] = month
        filled = {name: value for name, value in cells.items() if value or name in texts}
        return {**filled, "key": block.key, "type": block.type}


def _text(name: str, value: str) -> str:
    if name in _ADDRESSES:
        return latex.decode_address(value)
    return latex.collapse_space(value) if name in _VERBATIM else latex.decode_latex(value)


def _addresses(fields: Mapping[str, str], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the addresses of a work with their fields, the most important first."""
    yield from (("url", one) for one in split_addresses(texts.get("url", "")))
    for name in _LINKED:
        found = latex.list_links(fields.get(name, ""))
        whole = latex.decode_address(fields.get(name, ""))
        yield from ((name, one) for one in found or ([whole] if is_web_address(whole) else []))
    for name in sorted(texts):
        if name.startswith("bdsk-url-"):
            yield name, latex.decode_address(fields[name])


def _dates(
    fields: Mapping[str, str], texts: Mapping[str, str], notes: Notes
) -> Iterator[tuple[str, str]]:
    """Yield the dates of a work with their fields, the most important first."""
    if texts.get("date"):
        yield "date", texts["date"]
    written = latex.collapse_space(fields.get("year", ""))
    plain = re.fullmatch(r"[0-9X]{4}[~?%]?", written)  # ~ is a space in LaTeX
    year = to_edtf(written if plain else texts.get("year", ""), "year", notes)
    month, day = texts.get("month", ""), texts.get("day", "")
    if year:
        yield "year", _in_year(year, month, day, notes)
    elif not texts.get("date"):
        for name in ("month", "day"):
            if texts.get(name):
                notes.add(name, texts[name], "has no year, and is left out")
    if texts.get("issued"):
        yield "issued", texts["issued"]


def _in_year(year: str, month: str, day: str, notes: Notes) -> str:
    """Return a year with its month and day, as far as they can be parsed; the rest is noted."""
    found = re.fullmatch(r"([0-9]{4})([~?%]?)", year)
    if not found:
        for name, text in (("month", month), ("day", day)):
            if text:
                notes.add(name, text, f"is left out: it is not of one year, but of {year}")
        return year
    if not month:
        if day:
            notes.add("day", day, "has no month, and is left out")
        return year
    for name, text in (("day", day), ("month", month)):
        dated = _dated(found[1], month, day if name == "day" else "")
        if dated and _is_date(dated):
            return "/".join(f"{end}{found[2]}" for end in dated.split("/"))
        if text:
            notes.add(name, text, f"is not a {name} that can be read, and is left out")
    return year


def _dated(year: str, month: str, day: str) -> str:
    """Return a month, season, day or interval of months in a year; empty where it is none."""
    if number := parse_month(month):
        return f"{year}-{number:02}-{day.zfill(2)}" if day else f"{year}-{number:02}"
    if (season := parse_season(month)) and not day:
        return f"{year}-{season}"
    if not day and (found := _DAY_MONTH.fullmatch(month)) and parse_month(found[2]):
        return _dated(year, found[2], found[1])
    if not day and (found := _MONTH_DAY.fullmatch(month)) and parse_month(found[1]):
        return _dated(year, found[1], found[2])
    ends = _BETWEEN_MONTHS.split(month)
    numbers = [number for end in ends if (number := parse_month(end))]
    if day or not len(ends) == len(numbers) == 2:
        return ""
    return "/".join(f"{year}-{number:02}" for number in numbers)


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except InvalidValue:
        return False
    return True
