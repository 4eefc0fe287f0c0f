"""Values that are fetched for many keys at once, of which the last used are kept."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Fetches values by key, and keeps those that were asked for last.

    Args:
        fetch: Returns the values of keys that are not at hand; every key has one.
        most: How many are kept.
    """

    def __init__(
        self, fetch: Callable[[list[Key]], Iterable[tuple[Key, Value]]], most: int
    ) -> None:
        self._fetch, self._most = fetch, most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def of(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """Return the values by key, in the order of the keys; what is not at hand is fetched."""
        kept = self._kept
        unique = dict.fromkeys(keys)
        missing = [key for key in unique if key not in kept]
        if missing:
            kept.update(self._fetch(missing))
        found = {key: kept[key] for key in unique}
        for key in unique:
            kept.move_to_end(key)
        while len(kept) > self._most:
            kept.popitem(last=False)
        return found


class Keys:
    """A set of keys of one table, which are small numbers: a bit for each up to the greatest."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def update(self, keys: Iterable[int]) -> None:
        """Add keys."""
        for key in keys:
            place, bit = divmod(key, 8)
            if place >= len(self._bits):
                self._bits.extend(bytes(place + 1 - len(self._bits)))
            self._bits[place] |= 1 << bit

    def __contains__(self, key: int) -> bool:
        place, bit = divmod(key, 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)
