"""JSON objects for other programs: ids that last, values as JSON has them, written one by one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import IO, Any
from uuid import UUID, uuid5

from claimtrack.cells import spelled

_NAMESPACE = UUID("053332ec-a50d-5282-9122-68b1232d364c")


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
    return spelled(value)


def write_objects(
    out: IO[bytes], head: Mapping[str, Any], name: str, objects: Iterable[Iterable[str]]
) -> None:
    """Write an object with the values of `head`, and a list of objects, each in its parts."""
    text = json.dumps(head, ensure_ascii=False)
    out.write(f"{text[:-1]}, {json.dumps(name)}: [".encode())
    for number, parts in enumerate(objects):
        out.write(b",\n" if number else b"\n")
        for part in parts:
            out.write(part.encode())
    out.write(b"\n]}\n")


def whole(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield an object in its one part."""
    yield json.dumps(value, ensure_ascii=False)
