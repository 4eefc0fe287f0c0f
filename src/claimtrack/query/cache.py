"""A bounded cache of values that are fetched for many keys at once, and a compact set of keys."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BatchCache(Generic[Key, Value]):
    """Fetches values by key and keeps the most recently used.

    Args:
        fetch: Takes the keys that are not in the cache and returns pairs of key and value, one for
            each key.
        most: The greatest number of values that are kept.
    """

    def __init__(
        self, fetch: Callable[[list[Key]], Iterable[tuple[Key, Value]]], most: int
    ) -> None:
        self._fetch, self._most = fetch, most
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return the values of keys, in their order; fetches those that are not in the cache."""
        values = self._values
        unique = dict.fromkeys(keys)
        missing = [key for key in unique if key not in values]
        if missing:
            values.update(self._fetch(missing))
        found = {key: values[key] for key in unique}
        for key in unique:
            values.move_to_end(key)
        while len(values) > self._most:
            values.popitem(last=False)
        return found


class KeySet:
    """A set of keys of one table.

    Stored as one bit for each number up to the greatest, since keys are small numbers and there can
    be millions of them.
    """

    def __init__(self) -> None:
        self._bits = bytearray()

    def update(self, keys: Iterable[int]) -> None:
        """Add keys to the set."""
        for key in keys:
            place, bit = divmod(key, 8)
            if place >= len(self._bits):
                self._bits.extend(bytes(place + 1 - len(self._bits)))
            self._bits[place] |= 1 << bit

    def __contains__(self, key: int) -> bool:
        place, bit = divmod(key, 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)
