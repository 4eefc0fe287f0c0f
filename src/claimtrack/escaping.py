"""How values are spelled, and what no text may become: a formula, markup, orders to a terminal."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from io import StringIO
from itertools import islice
from types import NoneType
from typing import Any, TextIO

_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_MAY_BE_ONE = frozenset("'" + _SIGNS)
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
"""How a text begins that a spreadsheet would work out.

Source: OWASP, CSV Injection, with line feed (2025); the full-width signs are reported elsewhere. A
text that begins so behind apostrophes is one too, so that one can always be taken off again.
"""


_ACTS = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e"
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]"
)
"""What a terminal would act on, or show nothing of: controls, what turns the direction of writing,
spaces without width, tags. Joiners and variation selectors are kept: words and signs need them.

Source: Unicode 16, Bidi_Control and Default_Ignorable_Code_Point (UAX 9, UTR 36).
"""
BYTE_ORDER_MARK = "\ufeff"
"""By which Excel knows that a CSV file is UTF-8."""


def harmless(text: str) -> str:
    """Return a text with each character that a terminal would act on spelled out."""
    shown = _ACTS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown.replace("\t", " ")


def escaped(text: str) -> str:
    """Return a text with each such character escaped as in JSON, whose strings stay the same."""
    return _ACTS.sub(lambda found: json.dumps(found[0])[1:-1], text)


_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown, or HTML in it, would act on; behind a backslash it is shown. `_` inside words is
harmless.
"""


def marked_down(text: str) -> str:
    """Return a text as Markdown that shows it as it is, line by line."""
    return _MARKUP.sub(r"\\\g<0>", harmless(text))


def guarded(text: str) -> str:
    """Return a text, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in _MAY_BE_ONE and _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return a text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


_SPELLING: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    NoneType: lambda _: "",
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: datetime.isoformat,
}


def spelled(value: Any) -> str:
    """Return one value that is not a list as text: ISO dates, true and false, empty for missing."""
    if spelling := _SPELLING.get(type(value)):
        return spelling(value)
    return str(value.value if isinstance(value, Enum) else value)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, which takes an `s` in the plural: `1 row`, `1,200 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def signed(value: int) -> str:
    """Return the value of a stance as people write it: `+2`, `0`, `-1`."""
    return f"{value:+d}" if value else "0"


def joined(value: Any) -> str:
    """Return one value as text, the parts of a list joined by `; `."""
    if type(value) is str:
        return value
    if not isinstance(value, (tuple, list)):
        return spelled(value)
    try:
        return "; ".join(value)  # most are texts, and may be thousands
    except TypeError:
        return "; ".join(map(spelled, value))


_TOGETHER = 500
"""Lines that are written at once."""


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How a CSV file is written.

    Attributes:
        raw: No text is guarded against being a formula.
        bom: It begins with a byte order mark, but not on a terminal.
    """

    raw: bool = False
    bom: bool = False

    def write(self, stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows so, under a header."""
        self._begin(stream)
        (write_csv_raw if self.raw else write_csv)(stream, names, rows)

    def write_lines(self, stream: TextIO, names: Sequence[str], lines: Iterable[str]) -> None:
        """Write rows likewise that are lines, whose cells `speller` has spelled.

        Not on a terminal, where cells are spelled otherwise.
        """
        self._begin(stream)
        csv.writer(stream).writerow(names)
        found = iter(lines)
        while some := list(islice(found, _TOGETHER)):
            stream.write("\r\n".join([*some, ""]))

    def speller(self) -> Callable[[Sequence[Any]], str]:
        """Return what spells cells that follow each other in a line."""
        line = StringIO()
        writer = csv.writer(line)

        def spell(cells: Sequence[Any]) -> str:
            line.seek(0)
            line.truncate()
            # One empty cell more: a line of nothing but an empty cell would be written as "".
            writer.writerow([*(map(joined, cells) if self.raw else _guarded_row(cells)), ""])
            return line.getvalue().removesuffix(",\r\n")

        return spell

    def _begin(self, stream: TextIO) -> None:
        if self.bom and not stream.isatty():
            stream.write(BYTE_ORDER_MARK)


def write_csv(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as RFC 4180 has them, under a header; no text is left a formula.

    On a terminal each cell is `harmless`.
    """
    _write(stream, names, map(_guarded_row, rows))


def _guarded_row(row: Sequence[Any]) -> list[Any]:
    # Most cells are texts that are written as they are, and are asked no more than that.
    return [
        value
        if (type(value) is str and value[:1] not in _MAY_BE_ONE) or value is None
        else _guarded_cell(value)
        for value in row
    ]


_NO_TEXT = (int, float, date)
"""What is no text, so that -2 stays a number."""


def _guarded_cell(value: Any) -> str:
    if type(value) is tuple:
        return _guarded_list(value)
    said = joined(value)
    return said if isinstance(value, _NO_TEXT) else guarded(said)


@lru_cache(maxsize=4_096)  # rows that follow each other often have the same
def _guarded_list(parts: tuple[Any, ...]) -> str:
    return guarded(joined(parts))


def write_csv_raw(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows likewise, every text as it is."""
    _write(stream, names, (list(map(joined, row)) for row in rows))


def _write(stream: TextIO, names: Sequence[str], rows: Iterable[list[str]]) -> None:
    if stream.isatty():
        writer = csv.writer(stream, lineterminator="\n")
        rows = ([harmless(joined(cell)) for cell in row] for row in rows)
    else:
        writer = csv.writer(stream)  # quotes where needed, lines end in CR LF
    writer.writerow(names)
    writer.writerows(rows)
