"""Notes on suspicious text in rows: HTML entities, control characters, replacement characters.

The text is kept unchanged: only the source can tell what it should be.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.rows import Row

_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_ODD = re.compile(rf"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]|{_ENTITY}")
_UNNAMED = "a column without a name"


def note_suspicious_text(
    rows: Iterator[Row], columns: Sequence[str], used: Collection[str], notes: Notes
) -> Iterator[Row]:
    """Yield the rows, and note suspicious text in some columns, and text in unnamed columns.

    Args:
        rows: The rows.
        columns: All columns of the file.
        used: The columns that the profile uses.
        notes: Takes the notes.
    """
    keys = {part for name in used for part in (name, name.partition(".")[0])}
    unnamed = [at for at, name in enumerate(columns) if not name]
    for row in rows:
        if not row.fault:
            for name in keys & row.cells.keys():
                _note(name, row.cells[name], notes)
            if any(row.written[at].strip() for at in unnamed):
                notes.add(_UNNAMED, "", "holds text, which is not read")
        yield row


def _note(name: str, value: Any, notes: Notes) -> None:
    if isinstance(value, str):
        for found in set(_ODD.findall(value)):
            if html.unescape(found) != found or len(found) == 1:
                notes.add(name, found, _reason(found))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            _note(f"{name}.{key}", part, notes)
    elif isinstance(value, list):
        for part in value:
            _note(name, part, notes)


def _reason(found: str) -> str:
    if found == "\ufffd":
        return "marks a lost character: look it up in the source"
    if unicodedata.category(found[0]) == "Cc":
        return "is a control character, and kept: remove it from the file if it says nothing"
    return f"is how HTML writes {html.unescape(found)!r}, and kept as written: replace it"
