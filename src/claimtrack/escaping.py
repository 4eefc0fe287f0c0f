"""Formatting values as text, and escaping text for terminals, Markdown, spreadsheets and CSV."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Any

_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
"""Beginnings of a text that a spreadsheet would evaluate as a formula.

Source: OWASP, CSV Injection, with line feed (2025); the full-width signs are reported elsewhere. A
text with apostrophes before such a beginning matches too, so that unescaping always restores it.
"""
MAY_BEGIN_FORMULA = frozenset("'" + _SIGNS)
"""The first characters of all texts that may be formulas: a quick test before the exact one."""


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
    """Return a text, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in MAY_BEGIN_FORMULA and _FORMULA.match(text) else text


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
