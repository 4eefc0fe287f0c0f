"""How values are spelled, and what no text may become: a formula, markup, orders to a terminal."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import Enum
from typing import Any, TextIO

_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_MAY_BE_ONE = frozenset("'" + _SIGNS)
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
"""How a text begins that a spreadsheet would work out.

Source: OWASP, CSV Injection, with line feed (2025); the full-width signs are reported elsewhere. A
text that begins so behind apostrophes is one too, so that one can always be taken off again.
"""


_ACTS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal would act on: controls, and marks that turn the direction of writing."""


def harmless(text: str) -> str:
    """Return a text with each character that a terminal would act on spelled out."""
    shown = _ACTS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    return shown.replace("\t", " ")


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


def spelled(value: Any) -> str:
    """Return one value that is not a list as text: ISO dates, true and false, empty for missing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case Enum():
            return str(value.value)
        case _:
            return str(value)


def joined(value: Any) -> str:
    """Return one value as text, the parts of a list joined by `; `."""
    if type(value) is str:
        return value
    if isinstance(value, tuple | list):
        return "; ".join(map(spelled, value))
    return spelled(value)


def write_csv(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as RFC 4180 has them, under a header; no text is left a formula."""
    _write(stream, names, rows, _guarded_cell)


def _guarded_cell(value: Any) -> str:
    if value is None:
        return ""
    if type(value) is str:
        return guarded(value)
    # Numbers and dates are no text: -2 stays a number.
    said = joined(value)
    return said if isinstance(value, int | float | date) else guarded(said)


def write_csv_raw(stream: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows likewise, every text as it is."""
    _write(stream, names, rows, joined)


def _write(
    stream: TextIO,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    cell: Callable[[Any], str],
) -> None:
    writer = csv.writer(stream)  # quotes where needed, lines end in CR LF
    writer.writerow(names)
    writer.writerows(map(list, (map(cell, row) for row in rows)))
