"""A parser for BibTeX that keeps the line of each part and of each mistake.

Source: the grammar of BibTeX 0.99d (Patashnik, "BibTeXing"), in which braces count even after a
backslash, and the comments of biber (`%` to the end of the line, outside of values). A line that
begins like a work always begins one, so that an unclosed value cannot swallow the next work.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_BEGUN = re.compile(r"(?<![^\s})%\ufeff])@\s*(?P<type>[^\W\d][\w-]*)\s*(?P<open>[{(])")
_BEGUN_LINE = re.compile(
    r"^[ \t\ufeff]*@[ \t]*[^\W\d][\w-]*(?:[ \t]*\{|\()[^\n{}()=\"]*+(?![{(\"])", re.MULTILINE
)
_SKIPPED = re.compile(r"(?:[\s\ufeff]|%[^\n]*)*")
_NAME = re.compile(r"[^\s\"#%'(),={}@]+")
_KEY = re.compile(r"[^\s,{}]*(?:[ \t]+[^\s,{}=\"%#]+)*(?=\s*[,})])|[^\s,{}]*")
_WORD = re.compile(r"[^\s\"#%'(),={}]+")
_BRACE = re.compile(r"[{}]")
_QUOTED = re.compile(r"\\\"(?=[A-Za-z{\\])|[{}\"]")
r"""The characters that matter in a quoted value; an accent such as \\"o does not end it."""
_LEFT_BEHIND = re.compile(r"[\s},]*(?=[^\W\d][\w-]*\s*=\s*[\"{\d])")
"""A field after the end of a work."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value; parts are joined by `#`.

    Attributes:
        text: The text.
        bare: Whether it is a bare word, which is an abbreviation or a number.
    """

    text: str
    bare: bool = False


@dataclass(slots=True)
class Block:
    """A work, an abbreviation (type `string`), or text that cannot be parsed.

    Attributes:
        line: The line where it begins.
        type: Its type, in lower case.
        key: Its key.
        fields: The parts of each value, by field in lower case.
        faults: What is wrong, with the lines.
        repeated: Fields that occur twice with the same value.
        commented: Whether it is after a `%`.
        written: Its text.
    """

    line: int
    type: str = ""
    key: str = ""
    fields: dict[str, list[Part]] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    commented: bool = False
    written: str = ""


class _Broken(Exception):
    """The rest of a work, from a position on, cannot be parsed."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


def parse_blocks(text: str) -> Iterator[Block]:
    """Yield the works and abbreviations of a file in order, those after a `%` as commented.

    Lines must end with a line feed. Preambles, comments and text between works are skipped.
    """
    return _File(text).blocks()


class _File:
    """A text and the position up to which it has been parsed."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.end = text, 0, len(text)
        self._whole = False
        """Whether the last work was parsed to its end."""
        self._lines = [found.start() for found in re.finditer("\n", text)]
        self._starts = [found.start() for found in _BEGUN_LINE.finditer(text)]

    def line(self, at: int) -> int:
        """Return the number of the line at a position."""
        return bisect_right(self._lines, at - 1) + 1

    def blocks(self) -> Iterator[Block]:
        """Yield the works and abbreviations."""
        while True:
            found = _BEGUN.search(self.text, self.at)
            yield from self._left_behind(found.start() if found else len(self.text))
            if found is None:
                return
            start, kind = found.start(), found["type"].lower()
            since = max(self.at, self.text.rfind("\n", 0, start) + 1)
            self.at, self._whole = found.end(), False
            if "%" in self.text[since:start]:
                key = _KEY.match(self.text, self.at)
                yield Block(self.line(start), kind, key[0] if key else "", commented=True)
                self.at = _line_end(self.text, start)
            elif kind in ("comment", "preamble"):
                self._leave_out()
            else:
                yield self._block(start, kind, "}" if found["open"] == "{" else ")")

    def _left_behind(self, until: int) -> Iterator[Block]:
        """Yield a field after the end of a work as text that cannot be parsed."""
        found = _LEFT_BEHIND.match(self.text, self.at) if self._whole else None
        if found and found.end() < until:
            why = "this follows the end of a work: remove the brace that ends it too early"
            line = self.line(found.end())
            written = self.text[self.at : until].strip()
            yield Block(line, faults=[(line, why)], written=written)

    def _leave_out(self) -> None:
        """Skip a comment or preamble; where it is not closed, only its beginning."""
        self.end = len(self.text)
        start, opened = self.at, self.text[self.at - 1]
        try:
            if opened == "{":
                self._to_closing_brace(start - 1, "comment")
            else:
                self.at = self.text.index(")", start) + 1
        except (_Broken, ValueError):
            self.at = start

    def _block(self, start: int, kind: str, close: str) -> Block:
        later = bisect_right(self._starts, start)
        self.end = self._starts[later] if later < len(self._starts) else len(self.text)
        block = Block(self.line(start), kind)
        try:
            if kind == "string":
                self._fields(block, close)
            else:
                self._work(block, close)
            self._whole = True
        except _Broken as broken:
            block.faults.append((self.line(broken.at), broken.why))
            self.at = self.end
        block.written = self.text[start : self.at].strip()
        return block

    # --- within a work ------------------------------------------------------------------------

    def _skip(self) -> str:
        """Skip white space and comments; return the next character, empty at the end."""
        found = _SKIPPED.match(self.text, self.at, self.end)
        self.at = found.end() if found else self.at
        return self.text[self.at] if self.at < self.end else ""

    def _take(self, sign: str) -> bool:
        is_next = self._skip() == sign
        self.at += is_next
        return is_next

    def _unclosed(self, start: int, what: str) -> _Broken:
        last = self.end == len(self.text)
        end = "before the file ends" if last else f"before line {self.line(self.end)}"
        return _Broken(start, f"{what} is not closed {end}: look for a missing brace")

    def _work(self, block: Block, close: str) -> None:
        start = self.at
        self._skip()
        found = _KEY.match(self.text, self.at, self.end)
        block.key = found[0].rstrip(") \t" if close == ")" else " \t") if found else ""
        self.at = ended = self.at + len(block.key)
        if not self._take(","):
            if self._take(close):
                return
            if not self._skip():
                raise self._unclosed(start, "this work")
            raise _Broken(ended - 1, f"a comma is missing after the key {block.key!r}")
        self._fields(block, close)

    def _fields(self, block: Block, close: str) -> None:
        """Parse the fields up to the end of a work; parsing goes on after a missing comma."""
        start, before, ended = self.at, "", self.at
        while not self._take(close):
            comma = False
            while self._take(","):
                comma = True
            sign = self._skip()
            if sign == close:
                continue
            if not sign:
                raise self._unclosed(start, "this work")
            found = _NAME.match(self.text, self.at, self.end)
            if before and not comma:
                why = f"a comma is missing after {before}"
                if not found:
                    raise _Broken(ended - 1, why)
                block.faults.append((self.line(ended - 1), why))
            if not found:
                raise _Broken(self.at, f"{sign!r} is where the name of a field was expected")
            before, self.at = found[0].lower(), found.end()
            if not self._take("="):
                raise _Broken(found.start(), f"'=' is missing after {before}")
            self._add(block, before, self.line(found.start()), self._value(before))
            ended = self.at

    def _add(self, block: Block, name: str, line: int, value: list[Part]) -> None:
        if name in block.fields and block.fields[name] != value:
            block.faults.append((line, f"the field {name!r} occurs twice: keep one of them"))
        elif name in block.fields:
            block.repeated.append(name)
        block.fields.setdefault(name, value)

    def _value(self, name: str) -> list[Part]:
        """Parse a value and return its parts."""
        parts = list[Part]()
        while True:
            sign, start = self._skip(), self.at
            if sign == "{":
                self._to_closing_brace(start, name)
                parts.append(Part(self.text[start + 1 : self.at - 1]))
            elif sign == '"':
                self._to_closing_quote(start, name)
                parts.append(Part(self.text[start + 1 : self.at - 1]))
            elif word := _WORD.match(self.text, start, self.end):
                self.at = word.end()
                parts.append(Part(word[0], bare=True))
            elif parts or sign not in (",", "}", ")"):
                raise _Broken(start, f"a value of {name} is missing")
            behind = self.at
            if not (parts and self._take("#")):
                self.at = behind
                return parts

    def _to_closing_brace(self, start: int, name: str) -> None:
        depth = 0
        for found in _BRACE.finditer(self.text, start, self.end):
            depth += 1 if found[0] == "{" else -1
            if not depth:
                self.at = found.end()
                return
        raise self._unclosed(start, name)

    def _to_closing_quote(self, start: int, name: str) -> None:
        depth = 0
        for found in _QUOTED.finditer(self.text, start + 1, self.end):
            if found[0] == '"' and not depth:
                self.at = found.end()
                return
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if depth < 0:
                break
        raise self._unclosed(start, name)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
