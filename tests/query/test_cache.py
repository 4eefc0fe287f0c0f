"""Values that are fetched for many keys at once, of which the last used are kept."""

from collections.abc import Iterator

from claimtrack.query.cache import BatchCache, KeySet


class Fetched:
    """Fetches for each key its square, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, keys: list[int]) -> Iterator[tuple[int, int]]:
        self.asked.append(keys)
        return ((key, key * key) for key in keys)


def test_values_come_in_the_order_of_their_keys_each_once() -> None:
    kept = BatchCache(Fetched(), most=10)
    kept.get_many([2])
    assert list(kept.get_many([3, 2, 1, 3]).items()) == [(3, 9), (2, 4), (1, 1)]


def test_what_was_asked_for_lately_is_not_fetched_again() -> None:
    fetch = Fetched()
    kept = BatchCache(fetch, most=3)
    for key in (1, 2, 3, 1, 4, 1, 5, 1):
        kept.get_many([key])
    assert fetch.asked == [[1], [2], [3], [4], [5]]


def test_what_was_not_asked_for_in_a_long_time_is_dropped() -> None:
    fetch = Fetched()
    kept = BatchCache(fetch, most=2)
    for key in (1, 2, 3, 4, 5, 6, 1):
        kept.get_many([key])
    assert fetch.asked[-1] == [1]


def test_a_set_of_keys_holds_what_was_added_and_nothing_else() -> None:
    keys = KeySet()
    keys.update([3, 700])
    keys.update([8])
    assert [key for key in range(1_000) if key in keys] == [3, 8, 700]
