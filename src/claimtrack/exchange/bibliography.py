"""Rows of bibliographies: BibTeX through bibtexparser, RIS through rispy; one row a work."""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from claimtrack.exchange.filerows import Row
from claimtrack.exchange.textfile import Lines, undecoded


def bibtex_rows(lines: Lines) -> Iterator[Row]:
    """Yield the works of a BibTeX file: their fields, and `key` and `type`; LaTeX is decoded."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import LatexDecodingMiddleware, MonthIntMiddleware
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # faults are told as rows
    text = lines.rest()
    decoded = (MonthIntMiddleware(), LatexDecodingMiddleware())
    for found in parse_string(text, append_middleware=decoded).blocks:
        line, block = (found.start_line or 0) + 1, found
        if isinstance(found, DuplicateBlockKeyBlock):  # whether that is wrong is for others to say
            block = parse_string(str(found.raw), append_middleware=decoded).blocks[0]
        if isinstance(block, Entry):
            fields = {field.key.lower(): field.value for field in block.fields}
            yield _row(line, {**fields, "key": block.key, "type": block.entry_type})
        elif isinstance(block, ParsingFailedBlock):
            told = "this is not BibTeX: look for a brace or a comma that is missing"
            yield Row(line, fault=told, written=[str(block.raw)])


def ris_rows(lines: Lines) -> Iterator[Row]:
    """Yield the works of a RIS file, by the names that rispy gives their tags."""
    import rispy

    begun, held = 0, list[str]()
    for read in lines:
        lines.held.clear()
        line = read.removeprefix("\ufeff")
        if line.startswith("TY  -") and not begun:
            begun = lines.number
        if not begun:
            if line.strip() and not line.strip().rstrip(".").isdecimal():
                yield Row(lines.number, fault="a work begins with 'TY  - '", written=[line.strip()])
            continue
        held.append(line)
        if line.startswith("ER  -"):
            found = rispy.loads("".join(held))
            yield _row(begun, found[0]) if found else _unread(begun, held)
            begun, held = 0, []
    if begun:
        yield _unread(begun, held)


def _unread(line: int, held: list[str]) -> Row:
    told = "this is no work of RIS: begin it with 'TY  - ', and end it with 'ER  - '"
    return Row(line, fault=told, written=["".join(held)])


def _row(line: int, fields: Mapping[str, Any]) -> Row:
    kept = json.dumps(fields, ensure_ascii=False, default=str)
    return Row(line, fields, undecoded(kept, "the encoding"), [kept])
