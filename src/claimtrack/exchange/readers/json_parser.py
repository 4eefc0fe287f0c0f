"""An incremental parser of JSON, which holds no more of a file than one value."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from claimtrack.errors import Invalid
from claimtrack.exchange.readers.json_lists import ObjectList
from claimtrack.exchange.readers.rows import MAX_RECORD_LENGTH
from claimtrack.exchange.readers.text_files import Lines

_BLOCK = 2**16
TOO_DEEP = "values nest too deeply: flatten them"
_SPACE = re.compile(r"[ \t\r\n]*")


class Text:
    """A JSON text that is read in blocks as needed; the part that was parsed is dropped."""

    def __init__(self, lines: Lines, line: int = 1) -> None:
        self.lines, self.at, self.line, self.ended = lines, 0, line, False
        self.dropped = 0
        """The number of characters parsed and dropped."""
        self.record = 0
        """The number of the current record in its list; 0 outside of a list."""
        self.lists: dict[str, ObjectList] = {}
        """The lists of objects found so far, by path."""
        self.text = lines.block(_BLOCK).removeprefix("\ufeff")

    def more(self) -> None:
        """Read on, twice as much each time, so that a long record is not parsed over and over."""
        self.refuse_longer(len(self.text) - self.at)
        self.line += self.text.count("\n", 0, self.at)
        self.dropped += self.at
        rest = self.text[self.at :]
        block = self.lines.block(max(_BLOCK, len(rest)))
        self.text, self.at, self.ended = rest + block, 0, not block

    def refuse_longer(self, length: int) -> None:
        """Refuse a record longer than `MAX_RECORD_LENGTH`.

        Raises:
            Invalid: it is.
        """
        if length > MAX_RECORD_LENGTH:
            raise self.broken(
                f"one record is longer than {MAX_RECORD_LENGTH:,} characters: split the file"
            )

    def broken(self, why: str, line: int | None = None) -> Invalid:
        """Return the error for text that cannot be parsed, with its line and record number."""
        record = f"record {self.record:,}: " if self.record else ""
        return self.lines.broken(f"{record}{why}", line or self.here())

    def here(self) -> int:
        """Return the number of the current line."""
        return self.line + self.text.count("\n", 0, self.at)

    def next(self) -> str:
        """Skip white space and return the next character; empty at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self.more()

    def take(self, sign: str) -> bool:
        """Consume a character if it comes next, and return whether it did."""
        found = self.next()
        if not found:
            raise self.cut_off()
        self.at += found == sign
        return found == sign

    def need(self, sign: str) -> None:
        """Consume a character that must come next.

        Raises:
            Invalid: another one does.
        """
        if not self.take(sign):
            raise self.broken(f"this is not JSON: expecting {sign!r}")

    def cut_off(self) -> Invalid:
        """Return the error for a text that ends too early."""
        problem = "the file ends before its JSON does: it may have been cut off"
        return self.broken(problem, self.line + self.text.count("\n"))

    def value(self) -> Any:
        """Parse and return the next value, of any length up to the limit.

        Raises:
            Invalid: it is no JSON, or too long.
        """
        self.next()
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
                if end < len(self.text) or self.ended:
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                if self.ended and error.pos >= len(self.text):
                    raise self.cut_off() from None
                if self.ended:
                    line = self.line + self.text.count("\n", 0, error.pos)
                    raise self.broken(describe_fault(error), line) from None
            except (ValueError, RecursionError) as error:
                raise self.broken(describe_fault(error)) from None
            self.more()

    def parts(self, opening: str, closing: str) -> Iterator[None]:
        """Yield at the beginning of each item of a list or object; the caller parses the item."""
        self.need(opening)
        if self.take(closing):
            return
        while True:
            self.next()
            yield
            if self.take(closing):
                return
            self.need(",")

    def elements(self) -> Iterator[tuple[int, Any]]:
        """Yield the values of a list, each with the line where it begins."""
        for number, _ in enumerate(self.parts("[", "]"), 1):
            self.record, line = number, self.here()
            yield line, self.value()
        self.record = 0

    def key(self) -> str:
        """Parse a key of an object and its colon, and return the key."""
        key = self.value()
        if not isinstance(key, str):
            raise self.broken("this is not JSON: expecting a key in quotes")
        self.need(":")
        return key


def describe_fault(error: Exception) -> str:
    """Return what is wrong with a text that cannot be parsed as JSON."""
    if isinstance(error, json.JSONDecodeError):
        return f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, _Twice):
        return f"one object has the key {error.args[0]!r} twice, with two values: leave one"
    return "it holds a number that is none, or has too many digits: put it in quotes"


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(text)


class _Twice(ValueError):
    """An object has a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        for key, value in pairs:
            if members[key] != value:
                raise _Twice(key)
    return members


DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_object)
