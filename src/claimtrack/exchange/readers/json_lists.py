"""The lists of objects within an object of JSON, and which of them holds the rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_SHOWN, _MOST_NOTED = 12, 1_000
"""Lists that a message names, and lists that are noted at all."""
_SAMPLED = 100


@dataclass(slots=True)
class ObjectList:
    """A list of objects within an object: how many there are, and the keys of the first."""

    count: int = 0
    keys: set[str] = field(default_factory=set)

    def take(self, value: Any) -> None:
        """Count a part of the list, if it is an object."""
        if isinstance(value, dict):
            self.count += 1
            if self.count <= _SAMPLED:
                self.keys |= value.keys()


def note_lists(lists: dict[str, ObjectList], path: str, value: Any, levels: int = 3) -> None:
    """Note the lists of objects within a value by the path to each."""
    if isinstance(value, list) and (path in lists or len(lists) < _MOST_NOTED):
        one = lists.setdefault(path, ObjectList())
        for part in value:
            one.take(part)
    elif isinstance(value, dict) and levels:
        for key, part in value.items():
            note_lists(lists, f"{path}.{key}" if path else key, part, levels - 1)


def lists_shown(lists: Mapping[str, ObjectList]) -> str:
    """Return the end of a message that names the lists; empty where there are none."""
    there = [f"{name} ({one.count:,})" for name, one in lists.items() if one.count]
    if not there:
        return ""
    more = f" and {len(there) - _MOST_SHOWN:,} more" if len(there) > _MOST_SHOWN else ""
    shown = ", ".join(there[:_MOST_SHOWN])
    return f"; its lists of objects are {shown}{more}: name one as 'rows' in the profile"


def was_met(wanted: str, lists: Collection[str]) -> bool:
    """Whether a list of that name was there, which then is empty."""
    return any(name == wanted or name.endswith(f".{wanted}") for name in lists)


def best_lists(
    lists: Mapping[str, ObjectList], own: Collection[str], columns: Collection[str]
) -> list[str] | None:
    """Return the lists whose objects have the most of the columns; None where the object has more.

    Where nothing has any of the columns, there is no best one.
    """
    wanted = set(columns)
    fitting = {name: len(wanted & one.keys) for name, one in lists.items() if one.count}
    most = max(fitting.values(), default=0)
    if not fitting or 0 < len(wanted.intersection(own)) >= most:
        return None
    return [name for name, fits in fitting.items() if fits == most] if most else []
