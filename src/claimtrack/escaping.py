"""Formatting values as text, and escaping text for terminals, Markdown, spreadsheets and CSV."""

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
"""Beginnings of a text that a spreadsheet would evaluate as a formula.

Source: OWASP, CSV Injection, with line feed (2025); the full-width signs are reported elsewhere. A
text with apostrophes before such a beginning matches too, so that unescaping always restores it.
"""


_ACTS = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e"
    "\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000e0000-\\U000e007f]"
)
"""Characters that a terminal acts on or does not show: controls, direction marks, spaces of no
width, tags. Joiners and variation selectors are not among them: words and emoji need them.

Source: Unicode 16, Bidi_Control and Default_Ignorable_Code_Point (UAX 9, UTR 36).
"""
BYTE_ORDER_MARK = "\ufeff"
"""The mark by which Excel recognises a CSV file as UTF-8."""


def escape_controls(text: str) -> str:
    """Return a text with each character that a terminal would act on as a Python escape.

    A tab becomes a space.
    """
    shown = _ACTS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown.replace("\t", " ")


def escape_controls_json(text: str) -> str:
    """Return JSON text with each such character as a JSON escape; its strings keep their values."""
    return _ACTS.sub(lambda found: json.dumps(found[0])[1:-1], text)


_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])")
"""Characters with a meaning in Markdown or in HTML within it; `_` within a word has none."""


def escape_markdown(text: str) -> str:
    """Return a text as Markdown that renders as the text itself, line by line."""
    return _MARKUP.sub(r"\\\g<0>", escape_controls(text))


def escape_formula(text: str) -> str:
    """Return a text, with an apostrophe before it where a spreadsheet would evaluate it."""
    return f"'{text}" if text[:1] in _MAY_BE_ONE and _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """Return a text as it was before `escape_formula`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


_SPELLING: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    NoneType: lambda _: "",
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    datetime: datetime.isoformat,
}


def format_value(value: Any) -> str:
    """Return a value other than a list as text: ISO dates, `true` and `false`, empty for None."""
    if spelling := _SPELLING.get(type(value)):
        return spelling(value)
    return str(value.value if isinstance(value, Enum) else value)


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun, which gets an `s` in the plural: `1 row`, `1,200 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def format_stance(value: int) -> str:
    """Return the value of a stance with its sign: `+2`, `0`, `-1`."""
    return f"{value:+d}" if value else "0"


def format_cell(value: Any) -> str:
    """Return a value as the text of a cell; the parts of a list are joined by `; `."""
    if type(value) is str:
        return value
    if not isinstance(value, (tuple, list)):
        return format_value(value)
    try:
        return "; ".join(value)  # the common case, texts alone; a list may hold thousands
    except TypeError:
        return "; ".join(map(format_value, value))


_TOGETHER = 500
"""Lines that are joined before each write: fewer calls, and still streamed."""


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """The style of a CSV file.

    Attributes:
        raw: Do not escape formulas.
        bom: Begin with a byte order mark, except on a terminal.
    """

    raw: bool = False
    bom: bool = False

    def write(self, stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write a header and rows in this style."""
        self._begin(stream)
        (write_csv_raw if self.raw else write_csv)(stream, names, rows)

    def write_lines(self, stream: TextIO, names: Sequence[str], lines: Iterable[str]) -> None:
        """Write a header and lines that a `speller` has formatted; not for terminals."""
        self._begin(stream)
        csv.writer(stream).writerow(names)
        found = iter(lines)
        while some := list(islice(found, _TOGETHER)):
            stream.write("\r\n".join([*some, ""]))

    def speller(self) -> Callable[[Sequence[Any]], str]:
        """Return a function that formats consecutive cells as a part of a CSV line."""
        line = StringIO()
        writer = csv.writer(line)

        def spell(cells: Sequence[Any]) -> str:
            line.seek(0)
            line.truncate()
            # One empty cell more: a line of nothing but an empty cell would be written as "".
            writer.writerow([*(map(format_cell, cells) if self.raw else _guarded_row(cells)), ""])
            return line.getvalue().removesuffix(",\r\n")

        return spell

    def _begin(self, stream: TextIO) -> None:
        if self.bom and not stream.isatty():
            stream.write(BYTE_ORDER_MARK)


def write_csv(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and rows as CSV (RFC 4180), formulas escaped.

    On a terminal the control characters of each cell are escaped instead.
    """
    _write(stream, names, map(_guarded_row, rows))


def _guarded_row(row: Sequence[Any]) -> list[Any]:
    # Called for every cell of a report: most are texts without a sign, decided by two comparisons.
    return [
        value
        if (type(value) is str and value[:1] not in _MAY_BE_ONE) or value is None
        else _guarded_cell(value)
        for value in row
    ]


_NO_TEXT = (int, float, date)
"""Types whose values never are formulas, so that -2 stays a number."""


def _guarded_cell(value: Any) -> str:
    if type(value) is tuple:
        return _guarded_list(value)
    text = format_cell(value)
    return text if isinstance(value, _NO_TEXT) else escape_formula(text)


@lru_cache(maxsize=4_096)  # consecutive rows of a report often share their lists
def _guarded_list(parts: tuple[Any, ...]) -> str:
    return escape_formula(format_cell(parts))


def write_csv_raw(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a header and rows as CSV without escaping formulas."""
    _write(stream, names, (list(map(format_cell, row)) for row in rows))


def _write(stream: TextIO, names: Sequence[str], rows: Iterable[list[str]]) -> None:
    if stream.isatty():
        writer = csv.writer(stream, lineterminator="\n")
        rows = ([escape_controls(format_cell(cell)) for cell in row] for row in rows)
    else:
        writer = csv.writer(stream)  # quotes where needed, lines end in CR LF
    writer.writerow(names)
    writer.writerows(rows)
