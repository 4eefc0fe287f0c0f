"""JSON objects for other programs: ids that last, values as JSON has them, written one by one."""

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
ACTING = r"\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""The characters that a terminal or an editor acts on, as a regular expression has them in
brackets: controls, and marks that turn the direction of writing. The controls of ASCII are missing:
JSON escapes them, and XML cannot hold them.
"""
_UNSAFE = re.compile(f"[<>&{ACTING}]")


def lasting_id(kind: str, *key: str) -> UUID:
    """Return the id of a record: the same for the same refs, in whichever casebook they stand."""
    return uuid5(_NAMESPACE, "/".join((kind, *key)))


def told(**values: Any) -> dict[str, Any]:
    """Return values as JSON has them, without those that are missing."""
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


def hanging_on(rows: Iterator[Any], key: str = "entry") -> Callable[[str], Iterator[Any]]:
    """Return what gives the rows that hang on a record, once for each, one ref after the other.

    The rows come in that order too. They are read as they are taken: what is left of those of one
    record is passed over when the next is asked for.
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
    """Write an object with the values of `head`, and a list of objects, each in its parts."""
    out.write(f"{dumped(head)[:-1]}, {dumped(name)}: [".encode())
    for number, parts in enumerate(objects):
        out.write(b",\n" if number else b"\n")
        for part in parts:
            out.write(part.encode())
    out.write(b"\n]}\n")


def whole(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield an object in its one part."""
    yield dumped(value)


def dumped(value: Any) -> str:
    """Return a value as JSON that may be put into a script element of a page.

    Escaped are, beside what JSON escapes, `<`, `>`, `&`, the separators of lines and paragraphs,
    and the characters that a terminal or an editor would act on. Any parser gives them back.
    """
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
