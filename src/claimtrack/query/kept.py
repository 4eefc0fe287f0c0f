"""Values that are fetched for many keys at once, of which the last used are kept."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Fetches values by key, and keeps those that were asked for last.

    At most about twice `most` are kept: when so many have been asked for anew, those that were not
    asked for since the time before are dropped.

    Args:
        fetch: Returns the values of keys that are not at hand; every key has one.
        most: How many are kept of one time.
    """

    def __init__(
        self, fetch: Callable[[list[int]], Iterable[tuple[int, Value]]], most: int
    ) -> None:
        self._fetch, self._most = fetch, most
        self._now: dict[int, Value] = {}
        self._before: dict[int, Value] = {}

    def of(self, keys: Iterable[int]) -> dict[int, Value]:
        """Return the values by key, in the order of the keys; what is not at hand is fetched."""
        now, before = self._now, self._before
        found: dict[int, Value] = {}
        missing = []
        unique = dict.fromkeys(keys)
        for key in unique:
            if key in now:
                found[key] = now[key]
            elif key in before:
                now[key] = found[key] = before[key]
            else:
                missing.append(key)
        if missing:
            fetched = dict(self._fetch(missing))
            now.update(fetched)
            found.update(fetched)
            found = {key: found[key] for key in unique}
        if len(now) > self._most:
            self._before, self._now = now, {}
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
