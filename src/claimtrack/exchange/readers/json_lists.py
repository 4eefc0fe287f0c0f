"""Finding which list within a JSON object holds the rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_SHOWN, _MOST_NOTED = 12, 1_000
"""Lists that a sentence names, and lists that are collected, at most."""
_SAMPLED = 100


@dataclass(slots=True)
class ObjectList:
    """A list of objects: their number, and the keys of the first hundred."""

    count: int = 0
    keys: set[str] = field(default_factory=set)

    def take(self, value: Any) -> None:
        """Count an item, if it is an object."""
        if isinstance(value, dict):
            self.count += 1
            if self.count <= _SAMPLED:
                self.keys |= value.keys()


def note_lists(lists: dict[str, ObjectList], path: str, value: Any, levels: int = 3) -> None:
    """Add the lists of objects within a value to `lists`, by their path, three levels deep."""
    if isinstance(value, list) and (path in lists or len(lists) < _MOST_NOTED):
        one = lists.setdefault(path, ObjectList())
        for part in value:
            one.take(part)
    elif isinstance(value, dict) and levels:
        for key, part in value.items():
            note_lists(lists, f"{path}.{key}" if path else key, part, levels - 1)


def describe_lists(lists: Mapping[str, ObjectList]) -> str:
    """Return the end of a sentence that names the lists, twelve at most; empty without any."""
    filled = [f"{name} ({one.count:,})" for name, one in lists.items() if one.count]
    if not filled:
        return ""
    more = f" and {len(filled) - _MOST_SHOWN:,} more" if len(filled) > _MOST_SHOWN else ""
    shown = ", ".join(filled[:_MOST_SHOWN])
    return f"; its lists of objects are {shown}{more}: name one as 'rows' in the profile"


def is_empty_list(needed: str, lists: Collection[str]) -> bool:
    """Return whether the file has a list of that name: then the list is empty."""
    return any(name == needed or name.endswith(f".{needed}") for name in lists)


def find_best_lists(
    lists: Mapping[str, ObjectList], own: Collection[str], columns: Collection[str]
) -> list[str] | None:
    """Return the lists whose objects have the most of the columns.

    Several if they are equal; none where no object has a column; None where the object itself has
    at least as many.

    Args:
        lists: The lists, by path.
        own: The keys of the object.
        columns: The columns that the profile needs.
    """
    needed = set(columns)
    fitting = {name: len(needed & one.keys) for name, one in lists.items() if one.count}
    most = max(fitting.values(), default=0)
    if not fitting or 0 < len(needed.intersection(own)) >= most:
        return None
    return [name for name, fits in fitting.items() if fits == most] if most else []
