"""Rows of JSON: of a list, of the lists of an object, of JSON Lines, or nodes of JSON-LD."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from claimtrack.errors import Invalid
from claimtrack.exchange.filerows import LONGEST, Row
from claimtrack.exchange.textfile import Lines, undecoded

_BLOCK = 2**16
_LISTS = ("dataFeedElement", "@graph", "items", "itemListElement")
"""The keys for whose lists an object is there."""
_MOST_LEVELS = 50
_TOO_DEEP = "values nest too deeply: flatten them"
_SPACE = re.compile(r"[ \t\r\n]*")


def line_rows(lines: Lines) -> Iterator[Row]:
    """Yield the records of JSON Lines."""
    for line in lines:
        lines.held.clear()
        text = line.strip("\ufeff \t\r\n")
        if text:
            yield _row_of(lines.number, text)


def json_rows(lines: Lines, wanted: str | None) -> Iterator[Row]:
    """Yield the records of a file of JSON; where `wanted` is given, those that it names.

    It is the `@type` of nodes of JSON-LD, or the key under which a list of records is, wherever
    they are; `a.b` is the key b within a.

    Raises:
        Invalid: the text is not JSON; where one value is not, those after it cannot be found. Or
            nothing in it is wanted.
    """
    text, found = Text(lines), False
    for row in records_in(text, wanted):
        found = True
        yield row
    if wanted and not found and not _was_met(wanted, text.lists):
        raise lines.broken(f"{NOTHING.format(wanted)}{_lists_told(text.lists)}", 1)


def records_in(text: "Text", wanted: str | None, before: int = 0) -> Iterator[Row]:
    """Yield the records of a text, numbered from `before`; it may hold none of those wanted.

    Raises:
        Invalid: it is not JSON.
    """
    number = before
    for line, value, is_record in _values(text, wanted):
        whole = is_record or wanted is None or _is_deep(value)
        if not whole and number == before:
            _note_lists(text.lists, "", value)
        for record in [value] if whole else _named_in(value, wanted):
            number += 1
            yield _row(line, record, number if text.record or number > 1 else 0)


NOTHING = "there is no {0} in the file: neither an @type {0} nor a list under the key {0}"


def _named_in(value: Any, wanted: str | None) -> Iterator[Any]:
    """Yield the outermost nodes of a type within a value, and the records under a key."""
    if isinstance(value, list):
        for one in value:
            yield from _named_in(one, wanted)
    elif isinstance(value, dict):
        if _is_a(value, wanted):
            yield value
        elif wanted and (found := _under(value, wanted.split("."))) is not None:
            yield from found
        else:
            for one in value.values():
                yield from _named_in(one, wanted)


def _under(value: Any, path: Sequence[str]) -> list[Any] | None:
    """Return the records under a path of keys; None where there are none."""
    if not path:
        records = value if isinstance(value, list) else [value]
        return records if isinstance(value, list | dict) else None
    if isinstance(value, list):
        several = [one for one in (_under(part, path) for part in value) if one is not None]
        return [record for one in several for record in one] if several else None
    if isinstance(value, dict) and path[0] in value:
        return _under(value[path[0]], path[1:])
    return None


def _was_met(wanted: str, lists: Collection[str]) -> bool:
    """Whether a list of that name was there, which then is empty."""
    return any(name == wanted or name.endswith(f".{wanted}") for name in lists)


def _is_a(node: Mapping[str, Any], wanted: str | None) -> bool:
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(str(name).rpartition("/")[2].rpartition(":")[2] == wanted for name in named)


# --- which list of an object is meant -------------------------------------------------------------

_MOST_LISTS, _MOST_NOTED = 12, 1_000
"""Lists that a message names, and lists that are noted at all."""
_SAMPLED = 100


@dataclass(slots=True)
class _List:
    """A list of objects within an object: how many there are, and the keys of the first."""

    count: int = 0
    keys: set[str] = field(default_factory=set)

    def take(self, value: Any) -> None:
        """Count a part of the list, if it is an object."""
        if isinstance(value, dict):
            self.count += 1
            if self.count <= _SAMPLED:
                self.keys |= value.keys()


def list_named(lines: Lines, columns: Collection[str]) -> str | None:
    """Return the key of the list of an object that holds the rows; None where no key is needed.

    It is the list at the top of the object whose records have more of the columns than the object
    itself, and than every other list.

    Raises:
        Invalid: the object has none of the columns, or several lists fit, and names the lists.
    """
    text = Text(lines)
    wanted = {part for name in columns for part in (name, name.partition(".")[0])}
    if text.next() != "{" or not wanted:
        return None
    own: set[str] = set()
    for _ in text.parts("{", "}"):
        key = text.key()
        own.add(key)
        if text.next() == "[":
            one = text.lists.setdefault(key, _List())
            for _, value in text.elements():
                one.take(value)
        else:
            _note_lists(text.lists, key, text.value())
    if wanted.intersection(text.lists) or text.lists.keys() & set(_LISTS):
        return None
    fitting = {name: len(wanted & one.keys) for name, one in text.lists.items() if one.count}
    most = max(fitting.values(), default=0)
    best = [name for name, fits in fitting.items() if fits == most]
    if not fitting or 0 < len(wanted & own) >= most:
        return None
    if most == 0 or len(best) > 1:
        told = "which of the lists in this object holds the rows is not clear"
        raise lines.broken(f"{told}{_lists_told(text.lists)}", 1)
    return best[0]


def _note_lists(lists: dict[str, _List], path: str, value: Any, levels: int = 3) -> None:
    """Note the lists of objects within a value by the path to each."""
    if isinstance(value, list) and (path in lists or len(lists) < _MOST_NOTED):
        one = lists.setdefault(path, _List())
        for part in value:
            one.take(part)
    elif isinstance(value, dict) and levels:
        for key, part in value.items():
            _note_lists(lists, f"{path}.{key}" if path else key, part, levels - 1)


def _lists_told(lists: Mapping[str, _List]) -> str:
    there = [f"{name} ({one.count:,})" for name, one in lists.items() if one.count]
    if not there:
        return ""
    more = f" and {len(there) - _MOST_LISTS:,} more" if len(there) > _MOST_LISTS else ""
    shown = ", ".join(there[:_MOST_LISTS])
    return f"; its lists of objects are {shown}{more}: name one as 'rows' in the profile"


# --- JSON, read piece by piece --------------------------------------------------------------------


class Text:
    """A text that is read as far as it is needed; what is done with is dropped."""

    def __init__(self, lines: Lines, line: int = 1) -> None:
        self.lines, self.at, self.line, self.ended = lines, 0, line, False
        self.gone = 0
        """How many characters were dropped."""
        self.record = 0
        """The number of the record that is being read, of those in the same list; else 0."""
        self.lists: dict[str, _List] = {}
        """The lists of objects that were met."""
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
            raise self.broken(f"one record is longer than {LONGEST:,} characters: split the file")

    def broken(self, why: str, line: int | None = None) -> Invalid:
        """Return the error that the text cannot be read on, with the number of the record."""
        record = f"record {self.record:,}: " if self.record else ""
        return self.lines.broken(f"{record}{why}", line or self.here())

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
            raise self.broken(f"this is not JSON: expecting {sign!r}")

    def cut_off(self) -> Invalid:
        """Return the error that there is no more."""
        told = "the file ends before its JSON does: it may have been cut off"
        return self.broken(told, self.line + self.text.count("\n"))

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
                    raise self.broken(_fault(error), line) from None
            except (ValueError, RecursionError) as error:
                raise self.broken(_fault(error)) from None
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

    def elements(self) -> Iterator[tuple[int, Any]]:
        """Yield the values of a list, each with the line where it begins."""
        for number, _ in enumerate(self.parts("[", "]"), 1):
            self.record, line = number, self.here()
            yield line, self.value()
        self.record = 0

    def key(self) -> str:
        """Go behind a key of an object and its colon, and return it."""
        key = self.value()
        if not isinstance(key, str):
            raise self.broken("this is not JSON: expecting a key in quotes")
        self.need(":")
        return key


def _values(text: Text, wanted: str | None) -> Iterator[tuple[int, Any, bool]]:
    """Yield the values of which records are made, each with the line where it begins.

    They are those of a list; or of the lists that an object is there for; or it is that object.
    Whether they are known to be records comes with them.
    """
    first = text.next()
    if first == "[":
        yield from ((line, value, False) for line, value in text.elements())
    elif first == "{":
        yield from _object_values(text, wanted, wanted.split(".") if wanted else [])
    else:
        text.value()  # what is no JSON at all says so
        raise text.broken("this is no JSON of records: write [{...}, {...}]")
    if text.next():
        told = "the JSON has ended before this: put all records in one list, [{...}, {...}]"
        raise text.broken(told)


def _object_values(
    text: Text, wanted: str | None, path: Sequence[str]
) -> Iterator[tuple[int, Any, bool]]:
    line, length, streamed = text.here(), 0, False
    rest: dict[str, Any] = {}
    for _ in text.parts("{", "}"):
        begin, key = text.gone + text.at, text.key()
        is_next, opening = path[:1] == [key], text.next()
        if is_next and len(path) > 1 and opening == "{":
            yield from _object_values(text, wanted, path[1:])
        elif opening == "[" and (is_next or key in _LISTS) and not _is_a(rest, wanted):
            streamed = True
            if is_next and len(path) == 1 and wanted:
                text.lists.setdefault(wanted, _List())
            for at, value in text.elements():
                yield from _of_item(at, value, path[1:] if is_next else None)
        else:
            rest[key] = text.value()
            length += text.gone + text.at - begin
            text.refuse_longer(length)
    if streamed and _is_a(rest, wanted):
        raise text.lines.broken(f"put the @type of this {wanted} before its list", line)
    if wanted or not streamed:
        yield line, rest, False


def _of_item(line: int, value: Any, path: Sequence[str] | None) -> Iterator[tuple[int, Any, bool]]:
    """Yield what an item of a list holds: by its path, if it has one, the records there."""
    records = [value] if path == [] else path and _under(value, path)
    if records:
        yield from ((line, record, True) for record in records)
    elif records is None:
        yield line, value, False


def _row_of(line: int, text: str) -> Row:
    try:
        return _row(line, _DECODER.decode(text))
    except (ValueError, RecursionError) as error:
        return Row(line, fault=_fault(error), written=[text])


def _row(line: int, value: Any, number: int = 0) -> Row:
    if _is_deep(value):
        return Row(line, fault=_TOO_DEEP, written=["{}"], record=number)
    kept = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict):
        return Row(line, fault="it is no record: write {...}", written=[kept], record=number)
    return Row(line, value, _undecoded(value, kept), [kept], record=number)


def _undecoded(value: Mapping[str, Any], kept: str) -> str:
    if not undecoded(kept, ""):
        return ""
    texts = ((name, json.dumps(part, ensure_ascii=False)) for name, part in value.items())
    faults = (undecoded(text, "UTF-8", where=f", in {name!r}") for name, text in texts)
    return next(filter(None, faults), undecoded(kept, "UTF-8"))


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
