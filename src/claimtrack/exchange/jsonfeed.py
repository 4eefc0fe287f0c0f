"""Rows of JSON: of a list, of the lists of an object, of JSON Lines, or nodes of JSON-LD."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from claimtrack.errors import Invalid
from claimtrack.exchange.filerows import LONGEST, Row
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.textfile import Lines, undecoded

_BLOCK = 2**16
_LISTS = ("dataFeedElement", "@graph", "items", "itemListElement")
"""The keys for whose lists an object is there."""
_HOLDERS = ("DataFeed", "ItemList")
"""Types of such objects, which say nothing else."""
_MOST_LEVELS = 50
_TOO_DEEP = "values nest too deeply: flatten them"
_SPACE = re.compile(r"[ \t\r\n]*")


def line_rows(lines: Lines, notes: Notes) -> Iterator[Row]:
    """Yield the records of JSON Lines."""
    for line in lines:
        lines.held.clear()
        text = line.strip("\ufeff \t\r\n")
        if text:
            yield _row_of(lines.number, text)


def json_rows(lines: Lines, wanted: str | None, notes: Notes) -> Iterator[Row]:
    """Yield the records of a file of JSON; of JSON-LD, the nodes of the type that is wanted.

    Raises:
        Invalid: the text is not JSON; where one value is not, those after it cannot be found.
    """
    found = False
    for line, value in _values(_Text(lines), wanted):
        whole = wanted is None or _is_deep(value)
        records = [value] if whole else list(_nodes(value, wanted))
        found = found or bool(records)
        yield from (_row(line, record) for record in records)
        kind = value.get("@type") if isinstance(value, dict) and not records else None
        if kind and kind not in _HOLDERS:
            notes.add("@type", str(kind), f"is no {wanted}: it is not read by itself")
    if wanted and not found:
        raise lines.broken(f"there is no {wanted} in the file: look for its @type", 1)


def _nodes(value: Any, wanted: str | None) -> Iterator[Mapping[str, Any]]:
    """Yield the outermost objects of a type within a value."""
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, wanted)
    elif isinstance(value, dict):
        if _is_a(value, wanted):
            yield value
        else:
            for one in value.values():
                yield from _nodes(one, wanted)


def _is_a(node: Mapping[str, Any], wanted: str | None) -> bool:
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(str(name).rpartition("/")[2].rpartition(":")[2] == wanted for name in named)


class _Text:
    """A text that is read as far as it is needed; what is done with is let go."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.at, self.line, self.ended = lines, 0, 1, False
        self.gone = 0
        """How many characters were let go."""
        self.text = lines.block(_BLOCK).removeprefix("\ufeff")

    def more(self) -> None:
        """Read on, twice as much each time, so that a long record is not read over and over."""
        self.refuse_longer(len(self.text) - self.at)
        self.line += self.text.count("\n", 0, self.at)
        self.gone += self.at
        rest = self.text[self.at :]
        block = self.lines.block(max(_BLOCK, len(rest)))
        self.text, self.at, self.ended = rest + block, 0, not block

    def refuse_longer(self, length: int) -> None:
        """Refuse a record of so many characters, if they are too many."""
        if length > LONGEST:
            told = f"one record is longer than {LONGEST:,} characters: split the file"
            raise self.lines.broken(told, self.here())

    def here(self) -> int:
        """Return the number of the line that is being read."""
        return self.line + self.text.count("\n", 0, self.at)

    def next(self) -> str:
        """Go on to what is not white space, and return its first character; none at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self.more()

    def take(self, sign: str) -> bool:
        """Go behind a sign if it comes next, and return whether it did."""
        found = self.next()
        if not found:
            raise self.cut_off()
        self.at += found == sign
        return found == sign

    def need(self, sign: str) -> None:
        """Go behind a sign, which must come next."""
        if not self.take(sign):
            raise self.lines.broken(f"this is not JSON: expecting {sign!r}", self.here())

    def cut_off(self) -> Invalid:
        """Return the error that there is no more."""
        told = "the file ends before its JSON does: it may have been cut off"
        return self.lines.broken(told, self.line + self.text.count("\n"))

    def value(self) -> Any:
        """Return the value that comes next; more is read until it is whole."""
        self.next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
                if end < len(self.text) or self.ended:
                    self.at = end
                    return value
            except json.JSONDecodeError as error:
                if self.ended and error.pos >= len(self.text):
                    raise self.cut_off() from None
                if self.ended:
                    line = self.line + self.text.count("\n", 0, error.pos)
                    raise self.lines.broken(_fault(error), line) from None
            except (ValueError, RecursionError) as error:
                raise self.lines.broken(_fault(error), self.here()) from None
            self.more()

    def parts(self, opening: str, closing: str) -> Iterator[None]:
        """Stop at each part of a list or an object, as it begins."""
        self.need(opening)
        if self.take(closing):
            return
        while True:
            self.next()
            yield
            if self.take(closing):
                return
            self.need(",")

    def items(self) -> Iterator[tuple[int, Any]]:
        """Yield the values of a list, each with the line where it begins."""
        for _ in self.parts("[", "]"):
            line = self.here()
            yield line, self.value()


def _values(text: _Text, wanted: str | None) -> Iterator[tuple[int, Any]]:
    """Yield the values of which records are made, each with the line where it begins.

    They are those of a list; or of the lists that an object is there for; or it is that object.
    """
    first = text.next()
    if first == "[":
        yield from text.items()
    elif first == "{":
        yield from _object_values(text, wanted)
    else:
        text.value()  # what is no JSON at all says so
        raise text.lines.broken("this is no JSON of records: write [{...}, {...}]", text.here())
    if text.next():
        told = "the JSON has ended before this: put all records in one list, [{...}, {...}]"
        raise text.lines.broken(told, text.here())


def _object_values(text: _Text, wanted: str | None) -> Iterator[tuple[int, Any]]:
    line, length, streamed = text.here(), 0, False
    rest: dict[str, Any] = {}
    for _ in text.parts("{", "}"):
        begin, key = text.gone + text.at, text.value()
        if not isinstance(key, str):
            raise text.lines.broken("this is not JSON: expecting a key in quotes", text.here())
        text.need(":")
        if key in _LISTS and text.next() == "[" and not _is_a(rest, wanted):
            streamed = True
            yield from text.items()
        else:
            rest[key] = text.value()
            length += text.gone + text.at - begin
            text.refuse_longer(length)
    if streamed and _is_a(rest, wanted):
        raise text.lines.broken(f"put the @type of this {wanted} before its list", line)
    if wanted or not streamed:
        yield line, rest


def _row_of(line: int, text: str) -> Row:
    try:
        return _row(line, _DECODER.decode(text))
    except (ValueError, RecursionError) as error:
        return Row(line, fault=_fault(error), written=[text])


def _row(line: int, value: Any) -> Row:
    if _is_deep(value):
        return Row(line, fault=_TOO_DEEP, written=["{}"])
    kept = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict):
        return Row(line, fault="it is no record: write {...}", written=[kept])
    return Row(line, value, undecoded(kept, "UTF-8"), [kept])


def _is_deep(value: Any) -> bool:
    """Whether lists and objects nest deeper than anything that a profile would look for."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_MOST_LEVELS):
        holders = (one.values() if isinstance(one, dict) else one for one in level)
        level = [part for held in holders for part in held if isinstance(part, dict | list)]
        if not level:
            return False
    return True


def _fault(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    return "it holds a number that is none, or has too many digits: put it in quotes"


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
