"""Rows of bibliographies: BibTeX through bibtexparser, RIS through rispy; one row a work."""

import json
import logging
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from claimtrack.exchange.filerows import Row
from claimtrack.exchange.textfile import Lines, undecoded

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Block, Entry

_ADDRESSES = ("doi", "eprint", "url")
_VERBATIM = (*_ADDRESSES, "file", "verba", "verbb", "verbc")
"""The fields that are no LaTeX. Source: the biblatex manual, 2.2.1, fields verbatim and URI."""
_SIGN = re.compile(r"(?<!\\)((?:\\\\)*)([%&])")
"""What BibTeX takes as it is, and LaTeX does not."""
_WRAPPED = re.compile(r"\s*(?:\\(?:url|nolinkurl)\s*)?\{(.*)\}\s*", re.DOTALL)
_ESCAPED = re.compile(
    r"(\{)?(?:\\([%&_#$~^{}-])(?:\{\s*\})?|\\textasciitilde(?:\{\}|\s|(?![A-Za-z]))|\$\\sim\$)"
    r"(?(1)\})"
)
"""A sign in an address as some programs write it; a tilde where it is not its second group."""


def bibtex_rows(lines: Lines) -> Iterator[Row]:
    """Yield the works of a BibTeX file: their fields, and `key` and `type`; LaTeX is decoded."""
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # faults are told as rows
    text, decoding = lines.rest(), LatexDecodingMiddleware()
    library = _library(text)
    for found in library.blocks:
        line, block = (found.start_line or 0) + 1, found
        if isinstance(found, DuplicateBlockKeyBlock):  # whether that is wrong is for others to say
            block = _library(str(found.raw)).blocks[0]
        if isinstance(block, Entry):
            block = _decoded(block, decoding, library)
        if isinstance(block, Entry):
            fields = {field.key.lower(): field.value for field in block.fields}
            yield _row(line, {**fields, "key": block.key, "type": block.entry_type})
        elif isinstance(block, ParsingFailedBlock):
            told = "this is not BibTeX: look for a brace or a comma that is missing"
            yield Row(line, fault=told, written=[str(block.raw)])


def _library(text: str) -> "Library":
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import MonthIntMiddleware

    return parse_string(text, append_middleware=[MonthIntMiddleware()])


def _decoded(entry: "Entry", decoding: "LatexDecodingMiddleware", library: "Library") -> "Block":
    """Return a work whose fields are decoded, but for those that are no LaTeX."""
    written = {field.key: field.value for field in entry.fields if isinstance(field.value, str)}
    for key, value in written.items():
        entry[key] = _SIGN.sub(r"\1\\\2", value)
    block: Block = decoding.transform_entry(entry, library)
    for key, value in written.items():
        if key.lower() in _VERBATIM:
            entry[key] = _unescaped(value) if key.lower() in _ADDRESSES else value
    return block


def _unescaped(address: str) -> str:
    """Return an address without the LaTeX in which some programs write it."""
    while found := _WRAPPED.fullmatch(address):
        address = found[1]
    return _ESCAPED.sub(lambda sign: sign[2] or "~", address)


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
