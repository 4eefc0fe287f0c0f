"""JSON for other programs: stable ids, values as JSON, and objects written one by one."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import groupby
from operator import attrgetter
from typing import IO, Any
from uuid import UUID, uuid5

from claimtrack.escaping import format_value

_NAMESPACE = UUID("053332ec-a50d-5282-9122-68b1232d364c")
CONTROL_CHARACTERS = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""Characters that a terminal or an editor acts on, for the brackets of a regular expression:
controls, and marks of the direction of writing. ASCII controls are not among them, as JSON
escapes them and XML does not allow them.
"""
_UNSAFE = re.compile(f"[<>&{CONTROL_CHARACTERS}]")


def make_stable_id(kind: str, *key: str) -> UUID:
    """Return the id of a record, a UUID (version 5) that depends on its refs alone."""
    return uuid5(_NAMESPACE, "/".join((kind, *key)))


def without_empty(**values: Any) -> dict[str, Any]:
    """Return values as JSON represents them, without None and empty ones."""
    return {
        name: _plain(value) for name, value in values.items() if value not in (None, "", (), [], {})
    }


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case bool() | int() | float() | str() | dict():
            return value
        case tuple() | list():
            return [_plain(part) for part in value]
    return format_value(value)


def group_by_ref(rows: Iterator[Any], key: str = "entry") -> Callable[[str], Iterator[Any]]:
    """Return a function that yields the rows for a ref; call it once for each ref, in order.

    The rows must come in the order of the refs too. They are read as needed: rows of a ref that
    were not taken are skipped at the next call.
    """
    groups = groupby(rows, attrgetter(key))
    ahead: tuple[str, Iterator[Any]] | None = next(groups, None)

    def of(ref: str) -> Iterator[Any]:
        nonlocal ahead
        while ahead is not None and ahead[0] < ref:
            ahead = next(groups, None)
        return ahead[1] if ahead is not None and ahead[0] == ref else iter(())

    return of


def write_objects(
    out: IO[bytes], head: Mapping[str, Any], name: str, objects: Iterable[Iterable[str]]
) -> None:
    """Write a JSON object: the values of `head`, and under `name` a list of objects in parts."""
    out.write(f"{dump_safe(head)[:-1]}, {dump_safe(name)}: [".encode())
    for number, parts in enumerate(objects):
        out.write(b",\n" if number else b"\n")
        for part in parts:
            out.write(part.encode())
    out.write(b"\n]}\n")


def in_one_part(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield an object as JSON in a single part."""
    yield dump_safe(value)


def dump_safe(value: Any) -> str:
    """Return a value as JSON that is safe within a script element of a page.

    Besides what JSON escapes, `<`, `>`, `&`, line and paragraph separators and the characters that
    a terminal or an editor acts on are escaped. Any parser restores them.
    """
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
