"""Who takes a side of a proposition, fetched for many propositions at once.

What affirms an entry are those who take the same side as it (see `opposition`), and all on one side
have them in common. They are fetched once for many entries, and of large sides their origins are
worked out once: else a proposition on which thousands agree would be gone through for each of them.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import CompoundSelect, ScalarSelect, Select, select, union_all
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Entry, Stance
from claimtrack.query.visibility import entry_counts, stance_counts
from claimtrack.reports.filters import Filters
from claimtrack.reports.opposition import side
from claimtrack.reports.origins import Facts, Origins, origin_facts
from claimtrack.sql import is_one_of, json_list, json_row, stream

SideKey: TypeAlias = tuple[int, int]
"""The key of a proposition, and 1 for those who affirm it, -1 for those who deny it."""

_LARGE = 200
"""Entries from which on a side is kept for those who come later."""
_MOST_KEPT = 100_000
"""Entries of large sides that are kept at once."""
_MOST_ASKED = 10_000
"""Sides that one statement asks for: databases take some tens of thousands of values."""
_SIDES = {"affirmed": 1, "denied": -1}
"""Under which name a statement is given the propositions of which it tells a side."""


def sides_of(entry: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    """Return the sides that an entry takes, as a JSON list of `SideKey`."""
    stance = aliased(Stance)
    return (
        select(json_list(json_row(stance.proposition_id, side(stance))))
        .where(stance.entry_id == entry.id, stance.value != 0, *stance_counts(stance, scope))
        .correlate(entry)
        .scalar_subquery()
    )


class Sides:
    """The sides that are at hand, each as who takes it by `origin_facts`; large ones as origins.

    Of those asked for before, the large ones still are.
    """

    def __init__(self, session: Session, scope: Filters) -> None:
        self._session, self._scope = session, scope
        self._few: dict[SideKey, list[Facts]] = {}
        self._large: dict[SideKey, Origins] = {}

    def fetch(self, keys: Collection[SideKey]) -> None:
        """Have sides at hand, fetched where they are not, and let others go.

        One statement, but for very many sides.
        """
        while sum(large.size for large in self._large.values()) > _MOST_KEPT:
            del self._large[next(iter(self._large))]
        missing = [key for key in keys if key not in self._large]
        self._few = {key: [] for key in missing}
        for first in range(0, len(missing), _MOST_ASKED):
            self._fetch(missing[first : first + _MOST_ASKED])

    def _fetch(self, keys: Sequence[SideKey]) -> None:
        asked = {
            name: [proposition for proposition, of in keys if of == value]
            for name, value in _SIDES.items()
        }
        for proposition, value, facts in stream(self._session, _taking(self._scope), asked):
            self._take((proposition, value), facts)

    def _take(self, key: SideKey, facts: Facts) -> None:
        if key in self._large:
            self._large[key].add([facts])
            return
        self._few[key].append(facts)
        if len(self._few[key]) == _LARGE:
            self._large[key] = Origins(self._few.pop(key))

    def affirmers(self, own: Facts, keys: Collection[SideKey], more: Iterable[Facts]) -> Origins:
        """Return the origins of an entry that takes some sides, with all that affirms it.

        `more` is what is linked with it as corroborating.
        """
        large = [self._large[key] for key in keys if key in self._large]
        large.sort(key=lambda one: -one.size)
        origins = large[0].branch() if large else Origins()
        for other in large[1:]:
            origins.merge(other)
        for key in keys:
            origins.add(self._few.get(key, ()))
        return origins.add([own]).add(more)


@lru_cache(maxsize=8)
def _taking(scope: Filters) -> CompoundSelect[int, int, Any]:
    """Select who takes sides, with their `origin_facts`, of propositions named as in `_SIDES`."""
    arms: list[Select[int, int, Any]] = []
    for name, value in _SIDES.items():
        stance, entry = aliased(Stance), aliased(Entry)
        takes_it = stance.value > 0 if value > 0 else stance.value < 0
        arms.append(
            select(stance.proposition_id, side(stance), origin_facts(entry, scope))
            .join(entry, entry.id == stance.entry_id)
            .where(is_one_of(stance.proposition_id, name), takes_it)
            .where(*stance_counts(stance, scope), *entry_counts(entry, scope))
        )
    return union_all(*arms)
