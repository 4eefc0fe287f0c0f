"""Rows of bibliographies: BibTeX through bibtexparser, RIS through rispy; one row a work."""

import json
import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from claimtrack.exchange.filerows import Row
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.textfile import Lines, undecoded

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Block, Entry, ParsingFailedBlock

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

_PIECE = 2**18
"""Characters of BibTeX that are parsed together, at least."""
_BIBTEX_BEGUN = re.compile(r"\s*@(\w*)[ \t]*[{(]")
"""What bibtexparser takes for the beginning of a work, even within one that is not closed."""
_BIBTEX_CUT = re.compile(r"@\w*[ \t]*\Z")
"""How what cannot be read ends when it ran into the next."""

_BEGUN, _ENDED = "TY  -", "ER  -"
"""How the first and the last line of a work in RIS begin."""


def bibtex_rows(lines: Lines, notes: Notes) -> Iterator[Row]:
    """Yield the works of a BibTeX file: their fields, and `key` and `type`; LaTeX is decoded.

    It is read in pieces; an abbreviation stands before what uses it.

    Raises:
        Invalid: a work is too long.
    """
    from bibtexparser.middlewares import LatexDecodingMiddleware

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # faults are told as rows
    decoding, strings = LatexDecodingMiddleware(), dict[str, str]()
    for begun, piece in _pieces(lines):
        text = _with_strings(piece, strings)
        library = _library(text)
        parts = list(_parts(text, library))
        if piece.strip() and not parts:
            told = "there is no work of BibTeX in it: one begins with its type, such as '@book{'"
            yield Row(1, fault=told, written=[piece.strip()])
        for string in library.strings:
            strings.setdefault(string.key.lower(), str(string.raw))
        before = begun - 1 - (text.count("\n") - piece.count("\n"))
        for line, found, written in parts:
            yield from _work(before + line, found, written, strings, library, decoding)


def _work(
    line: int,
    found: "Block",
    written: str,
    strings: Mapping[str, str],
    library: "Library",
    decoding: "LatexDecodingMiddleware",
) -> Iterator[Row]:
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock, String

    block = found
    if isinstance(found, DuplicateBlockKeyBlock):  # whether that is wrong is for others to say
        if isinstance(found.ignore_error_block, String):
            return
        block = _library(_with_strings(str(found.raw), strings)).blocks[-1]
    if isinstance(block, Entry):
        block = _decoded(block, decoding, library)
    if isinstance(block, Entry):
        fields = {field.key.lower(): field.value for field in block.fields}
        yield _row(line, {**fields, "key": block.key, "type": block.entry_type})
    elif isinstance(block, ParsingFailedBlock):
        yield Row(line, fault=_why(block), written=[_with_strings(written, strings)])


def _pieces(lines: Lines) -> Iterator[tuple[int, str]]:
    """Yield a BibTeX file in pieces of some works, each with the number of its first line.

    At the beginning of a line, what begins a work ends the one before, whole or not. In no piece
    does an abbreviation stand behind a work, for it is for those after it.
    """
    begun, size, held, full = 1, 0, list[str](), False
    work, before = 0, 0  # the line where the last work begins, and how much is held before it
    number = 1  # the parser counts no line that ends with a carriage return alone
    for line in lines:
        lines.held.clear()
        if (found := _BIBTEX_BEGUN.match(line)) and (not held or held[-1].endswith("\n")):
            defines = found[1].lower() == "string"
            if work and (size >= _PIECE or (defines and full)):
                yield begun, "".join(held)
                begun, size, held, full = number, 0, [], False
            work, before, full = number, size, full or not defines
        number += line.endswith("\n")
        held.append(line)
        size += len(line)
        if size - before > lines.longest:
            told = f"a work is longer than {lines.longest:,} characters: look for a missing brace"
            raise lines.broken(told, work)
    yield begun, "".join(held)


def _why(block: "ParsingFailedBlock") -> str:
    from bibtexparser.model import DuplicateFieldKeyBlock

    if isinstance(block, DuplicateFieldKeyBlock):
        return f"the field {min(block.duplicate_keys)!r} stands twice: keep one of them"
    return "this is not BibTeX: look for a brace or a comma that is missing"


def _parts(text: str, library: "Library") -> Iterator[tuple[int, "Block", str]]:
    """Yield what is no text between works: its line, and all that stands before the next.

    Of what cannot be read, the parser gives no more than it went through, which may end with how
    the next begins; and the line that it tells is too low once a line ends with a backslash.
    """
    from bibtexparser.model import ImplicitComment, ParsingFailedBlock

    blocks = [block for block in library.blocks if not isinstance(block, ImplicitComment)]
    lines = [0, *(found.end() for found in re.finditer("\n", text))]
    starts, end = list[int](), 0
    for block in blocks:
        raw = str(block.raw)
        starts.append(text.index(raw, max(end, lines[block.start_line or 0])))
        next_begun = _BIBTEX_CUT.search(raw, 1) if isinstance(block, ParsingFailedBlock) else None
        end = starts[-1] + (next_begun.start() if next_begun else len(raw))
    for block, (start, stop) in zip(blocks, pairwise([*starts, len(text)]), strict=True):
        yield bisect_right(lines, start), block, text[start:stop].strip()


def _with_strings(text: str, strings: Mapping[str, str]) -> str:
    """Return what is written of some works behind the abbreviations that they may use."""
    small = text.lower()
    return "\n".join([*(raw for key, raw in strings.items() if key in small), text])


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


def ris_rows(lines: Lines, notes: Notes) -> Iterator[Row]:
    """Yield the works of a RIS file, by the names that rispy gives their tags.

    One that does not end ends where the next begins.
    """
    import rispy

    for line, held in _works(lines):
        text = "".join(held)
        if not held[0].startswith(_BEGUN):
            yield Row(line, fault="a work begins with 'TY  - '", written=[text.strip()])
        elif held[-1].startswith(_ENDED) and (found := rispy.loads(text)):
            yield _row(line, found[0])
        else:
            told = "this work of RIS has no end: end it with 'ER  - '"
            yield Row(line, fault=told, written=[text.strip()])


def _works(lines: Lines) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each work, whole or not, with the number of the first.

    Raises:
        Invalid: one is too long.
    """
    begun, size, held = 0, 0, list[str]()
    for read in lines:
        lines.held.clear()
        line = read.removeprefix("\ufeff")
        if held and line.startswith(_BEGUN):
            yield begun, _trimmed(held)
            held = []
        if held or not _only_counts(line):
            begun, size = (begun, size + len(line)) if held else (lines.number, len(line))
            held.append(line)
        if size > lines.longest:
            raise lines.broken(f"a work is longer than {lines.longest:,} characters: end it", begun)
        if held and line.startswith(_ENDED):
            yield begun, held
            held = []
    if held:
        yield begun, _trimmed(held)


def _only_counts(line: str) -> bool:
    """Whether a line between works says nothing of one: it is empty, or a number."""
    said = line.strip().rstrip(".")
    return not said or said.isdecimal()


def _trimmed(held: list[str]) -> list[str]:
    while _only_counts(held[-1]):
        held.pop()
    return held


def _row(line: int, fields: Mapping[str, Any]) -> Row:
    kept = json.dumps(fields, ensure_ascii=False, default=str)
    return Row(line, fields, undecoded(kept, "the encoding"), [kept])
