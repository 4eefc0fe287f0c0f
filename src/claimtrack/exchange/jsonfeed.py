"""Rows of JSON: of an array, of a list within an object, of JSON Lines, or nodes of JSON-LD."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from claimtrack.exchange.filerows import LONGEST, Row
from claimtrack.exchange.textfile import Lines, undecoded

_BLOCK = 2**16
_LIST = re.compile(r'\s*\{[^\[]*?"(?:dataFeedElement|@graph|items|itemListElement)"\s*:\s*\[')
"""How an object begins that is there for the sake of a list."""
_MOST_LEVELS = 50
_TOO_DEEP = "values nest too deeply: flatten them"
_SPACE = re.compile(r"[\s,]*")


def line_rows(lines: Lines) -> Iterator[Row]:
    """Yield the records of JSON Lines."""
    for line in lines:
        lines.held.clear()
        text = line.strip("\ufeff \t\r\n")
        if text:
            yield _row_of(lines.number, text)


def json_rows(lines: Lines, wanted: str | None) -> Iterator[Row]:
    """Yield the records of a file of JSON; of JSON-LD, the nodes of the type that is wanted."""
    found = False
    for row in _records(lines):
        if row.fault or wanted is None:
            found = True
            yield row
            continue
        for node in _nodes(row.cells, wanted):
            found = True
            yield Row(row.line, node, written=[json.dumps(node, ensure_ascii=False)])
    if wanted and not found:
        raise lines.broken(f"there is no {wanted} in the file: look for its @type", 1)


def _nodes(value: Any, wanted: str) -> Iterator[Mapping[str, Any]]:
    """Yield the outermost objects of a type within a value."""
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, wanted)
    elif isinstance(value, dict):
        types = value.get("@type")
        named = types if isinstance(types, list) else [types]
        if any(str(name).rpartition("/")[2].rpartition(":")[2] == wanted for name in named):
            yield value
        else:
            for one in value.values():
                yield from _nodes(one, wanted)


class _Text:
    """A text that is read as far as it is needed; what is done with is let go."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.at, self.line, self.ended = lines, 0, 1, False
        self.text = lines.block(_BLOCK).removeprefix("\ufeff")

    def more(self) -> None:
        """Read on, twice as much each time, so that a long record is not read over and over."""
        if len(self.text) - self.at > LONGEST:
            told = f"one record is longer than {LONGEST:,} characters: split the file"
            raise self.lines.broken(told, self.here())
        self.line += self.text.count("\n", 0, self.at)
        rest = self.text[self.at :]
        block = self.lines.block(max(_BLOCK, len(rest)))
        self.text, self.at, self.ended = rest + block, 0, not block

    def here(self) -> int:
        """Return the number of the line that is being read."""
        return self.line + self.text.count("\n", 0, self.at)

    def skip_space(self) -> str:
        """Go on to what is not white space or a comma, and return its first letter."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self.more()


def _records(lines: Lines) -> Iterator[Row]:
    """Yield the records of an array, or of the list that an object is there for, or the object.

    Raises:
        Invalid: the text is not JSON; where one record is not, those after it cannot be found.
    """
    text = _Text(lines)
    listed = _LIST.match(text.text)
    if text.skip_space() == "[":
        text.at += 1
    elif listed is not None:
        text.at = listed.end()
    else:
        yield _record(text, whole=True)
        return
    while text.skip_space() not in ("]", ""):
        yield _record(text)
    if not text.text[text.at :]:
        told = "the file ends within its list: it may have been cut off"
        raise lines.broken(told, text.here())


def _record(text: _Text, *, whole: bool = False) -> Row:
    """Return the record that begins here; more is read until it is whole."""
    while True:
        try:
            value, end = _DECODER.raw_decode(text.text, text.at)
            if end < len(text.text) or text.ended:
                break
        except json.JSONDecodeError as error:
            if text.ended:
                line = text.line + text.text.count("\n", 0, error.pos)
                raise text.lines.broken(_fault(error), line) from None
        except (ValueError, RecursionError) as error:
            raise text.lines.broken(_fault(error), text.here()) from None
        text.more()
    line, text.at = text.here(), end
    if whole and (text.skip_space() or not isinstance(value, dict)):
        raise text.lines.broken("this is no JSON of records: write [{...}, {...}]", text.here())
    return _row(line, value)


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
