"""How values are spelled, and what no text may become: a formula, markup, orders to a terminal."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Any

_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
"""How a text begins that a spreadsheet would work out.

Source: OWASP, CSV Injection, with line feed (2025); the full-width signs are reported elsewhere. A
text that begins so behind apostrophes is one too, so that one can always be taken off again.
"""
MAY_BEGIN_FORMULA = frozenset("'" + _SIGNS)
"""The first characters of all texts that may be formulas: a quick test before the exact one."""


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
    return f"'{text}" if text[:1] in MAY_BEGIN_FORMULA and _FORMULA.match(text) else text


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
