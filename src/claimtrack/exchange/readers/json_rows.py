"""Rows of JSON: a list, a list within an object, JSON Lines, or nodes of JSON-LD."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_text import format_json, holds_anything
from claimtrack.exchange.readers.json_lists import (
    ObjectList,
    describe_lists,
    find_best_lists,
    is_empty_list,
    note_lists,
)
from claimtrack.exchange.readers.json_parser import DECODER, TOO_DEEP, Text, describe_fault
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.readers.text_files import Lines, describe_undecoded

_LISTS = ("dataFeedElement", "@graph", "items", "itemListElement")
"""Keys whose list is what an object is about."""
_HOLDERS = ("DataFeed", "ItemList")
"""The types of objects that only wrap such a list."""
_MOST_LEVELS = 50


def line_rows(lines: Lines) -> Iterator[Row]:
    """Yield the records of JSON Lines."""
    for line in lines:
        lines.buffer.clear()
        text = line.strip("\ufeff \t\r\n")
        if text:
            yield _row_of(lines.number, text)


def json_rows(lines: Lines, selector: str | None, notes: Notes) -> Iterator[Row]:
    """Yield the records of a JSON file.

    Args:
        lines: The file.
        selector: The `@type` of the nodes of JSON-LD, or the key of the list, at any depth; `a.b`
            is the key b within a. None takes all records.
        notes: Takes notes of what is not read.

    Raises:
        Invalid: the text is not JSON from some value on, or the selector matches nothing.
    """
    text, found = Text(lines), False
    for row in stream_records(text, selector, notes):
        found = True
        yield row
    if selector and not found and not is_empty_list(selector, text.lists):
        raise lines.broken(f"{NOTHING.format(selector)}{describe_lists(text.lists)}", 1)


def stream_records(
    text: Text, selector: str | None, notes: Notes, before: int = 0
) -> Iterator[Row]:
    """Yield the records of a text, numbered after `before`.

    None where the selector matches nothing.

    Raises:
        Invalid: it is not JSON.
    """
    number = before
    for line, value, is_record in _values(text, selector):
        if is_record is None:
            _note_beside(value, selector, notes)
            continue
        whole = is_record or selector is None or _is_deep(value)
        if not whole and number == before:
            note_lists(text.lists, "", value)
        first = number
        for record in [value] if whole else _named_in(value, selector):
            number += 1
            yield _row(line, record, number if text.record or number > 1 else 0)
        if number == first:
            _note_beside(value, selector, notes)


def _note_beside(value: Any, selector: str | None, notes: Notes) -> None:
    """Note a value without records: by its type, else by its keys."""
    kind = value.get("@type") if isinstance(value, dict) else None
    if kind and kind not in _HOLDERS:
        notes.add("@type", str(kind), f"is not a {selector or 'record'}: it is not read separately")
    elif isinstance(value, dict) and not kind:
        for key, one in value.items():
            if holds_anything(one) and not key.startswith("@"):
                notes.add(key, "", "is not one of the records, and is not read")
    elif holds_anything(value) and not kind:
        notes.add("record", format_json(value), "is none, and is not read")


NOTHING = "there is no {0} in the file: neither an @type {0} nor a list under the key {0}"


def _named_in(value: Any, selector: str | None) -> Iterator[Any]:
    """Yield the outermost nodes of a type within a value, and the records under a key."""
    if isinstance(value, list):
        for one in value:
            yield from _named_in(one, selector)
    elif isinstance(value, dict):
        if _is_a(value, selector):
            yield value
        elif selector and (found := _under(value, selector.split("."))) is not None:
            yield from found
        else:
            for one in value.values():
                yield from _named_in(one, selector)


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


def _is_a(node: Mapping[str, Any], selector: str | None) -> bool:
    types = node.get("@type")
    named = types if isinstance(types, list) else [types]
    return any(str(name).rpartition("/")[2].rpartition(":")[2] == selector for name in named)


def find_list_key(lines: Lines, columns: Collection[str]) -> str | None:
    """Return the key of the object's list that holds the rows; None where no key is needed.

    It is the list whose records have more of the columns than the object itself, and than any other
    list.

    Raises:
        Invalid: no list has any of the columns, or several have equally many; names the lists.
    """
    text = Text(lines)
    selector = {part for name in columns for part in (name, name.partition(".")[0])}
    if text.next() != "{" or not selector:
        return None
    own: set[str] = set()
    for _ in text.parts("{", "}"):
        key = text.key()
        own.add(key)
        if text.next() == "[":
            one = text.lists.setdefault(key, ObjectList())
            for _, value in text.elements():
                one.take(value)
        else:
            note_lists(text.lists, key, text.value())
    if selector.intersection(text.lists) or text.lists.keys() & set(_LISTS):
        return None
    best = find_best_lists(text.lists, own, selector)
    if best is None:
        return None
    if len(best) != 1:
        problem = "which of the lists in this object holds the rows is not clear"
        raise lines.broken(f"{problem}{describe_lists(text.lists)}", 1)
    return best[0]


def _values(text: Text, selector: str | None) -> Iterator[tuple[int, Any, bool | None]]:
    """Yield the values that hold records, each with its line and whether it is a record itself.

    None instead of a flag marks what is not one of the records. The values are those of the list,
    of the list that an object wraps, or the object.
    """
    first = text.next()
    if first == "[":
        yield from ((line, value, False) for line, value in text.elements())
    elif first == "{":
        yield from _object_values(text, selector, selector.split(".") if selector else [])
    else:
        text.value()  # what is no JSON at all says so
        raise text.broken("this is not JSON with records: write [{...}, {...}]")
    if text.next():
        problem = "the JSON has ended before this: put all records in one list, [{...}, {...}]"
        raise text.broken(problem)


def _object_values(
    text: Text, selector: str | None, path: Sequence[str]
) -> Iterator[tuple[int, Any, bool | None]]:
    line, length, streamed = text.here(), 0, False
    rest: dict[str, Any] = {}
    for _ in text.parts("{", "}"):
        begin, key = text.dropped + text.at, text.key()
        is_next, opening = path[:1] == [key], text.next()
        if is_next and len(path) > 1 and opening == "{":
            yield from _object_values(text, selector, path[1:])
        elif opening == "[" and (is_next or key in _LISTS) and not _is_a(rest, selector):
            streamed = True
            if is_next and len(path) == 1 and selector:
                text.lists.setdefault(selector, ObjectList())
            for at, value in text.elements():
                yield from _of_item(at, value, path[1:] if is_next else None)
        else:
            value = text.value()
            if rest.setdefault(key, value) != value:
                raise text.broken(f"the object has the key {key!r} twice: leave one")
            length += text.dropped + text.at - begin
            text.refuse_longer(length)
    if streamed and _is_a(rest, selector):
        raise text.lines.broken(f"put the @type of this {selector} before its list", line)
    yield line, rest, None if streamed and not selector else False


def _of_item(line: int, value: Any, path: Sequence[str] | None) -> Iterator[tuple[int, Any, bool]]:
    """Yield what an item of a list holds: the records under a path, if there is one."""
    records = [value] if path == [] else path and _under(value, path)
    if records:
        yield from ((line, record, True) for record in records)
    elif records is None:
        yield line, value, False


def _row_of(line: int, text: str) -> Row:
    try:
        return _row(line, DECODER.decode(text))
    except (ValueError, RecursionError) as error:
        return Row(line, fault=describe_fault(error), written=[text])


def _row(line: int, value: Any, number: int = 0) -> Row:
    if _is_deep(value):
        return Row(line, fault=TOO_DEEP, written=["{}"], record=number)
    json_text = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict):
        return Row(
            line, fault="it is not a record: write {...}", written=[json_text], record=number
        )
    return Row(line, value, _undecoded(value, json_text), [json_text], record=number)


def _undecoded(value: Mapping[str, Any], json_text: str) -> str:
    if not describe_undecoded(json_text, ""):
        return ""
    texts = ((name, json.dumps(part, ensure_ascii=False)) for name, part in value.items())
    faults = (describe_undecoded(text, "UTF-8", where=f", in {name!r}") for name, text in texts)
    return next(filter(None, faults), describe_undecoded(json_text, "UTF-8"))


def _is_deep(value: Any) -> bool:
    """Return whether lists and objects nest over 50 levels deep, which no profile addresses."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_MOST_LEVELS):
        holders = (one.values() if isinstance(one, dict) else one for one in level)
        level = [part for holder in holders for part in holder if isinstance(part, dict | list)]
        if not level:
            return False
    return True
