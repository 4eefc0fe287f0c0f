"""What the cells of a CSV may not be: a formula that a spreadsheet would work out."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""How a text begins that a spreadsheet would work out.

Source: OWASP, CSV Injection, with line feed (2025); the full-width signs are reported elsewhere. A
text that begins so behind apostrophes is one too, so that one can always be taken off again.
"""


def guarded(text: str) -> str:
    """Return a text, behind an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return a text as it was before `guarded`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
