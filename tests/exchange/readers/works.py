"""The works that a text of a bibliography holds, with what is noted."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers import rows
from claimtrack.exchange.readers.bibtex import bibtex_rows
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.readers.text_files import Lines


def read_works(
    text: str, read: Callable[..., Any], longest: int = rows.MAX_RECORD_LENGTH
) -> tuple[Any, Any]:
    """Return the works that a reader finds in a text, and what is noted."""
    notes = Notes()
    lines = Lines(Path("works"), io.BytesIO(text.encode()), "utf-8", longest)
    return list(read(lines, notes)), list(notes.lines(100))


def bibtex(text: str) -> tuple[list[Row], list[str]]:
    """The rows of a BibTeX file, and what is noted."""
    rows, notes = read_works(text, bibtex_rows)
    return rows, notes


def faults(rows: list[Row]) -> list[tuple[int, str]]:
    """Return the line and the fault of each row that could not be read."""
    return [(row.line, row.fault) for row in rows if row.fault]
