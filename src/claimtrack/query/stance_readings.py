"""The stances of entries with all their columns, for display, fetched in batches and cached.

`facts.StanceFacts` has the part of a stance that the definitions need.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Document, Proposition, Stance
from claimtrack.query.cache import BatchCache
from claimtrack.query.visibility import Scope, cached_by_scope, stance_in_scope
from claimtrack.sql import BATCH_SIZE, is_one_of, stream

CACHE_SIZE = 25_000
"""The greatest number of entries whose readings are cached."""


class Reading(NamedTuple):
    """The stance of an entry on one proposition, as one judge reads it.

    Attributes:
        key: The keys of the proposition and of the judge.
        proposition: The ref of the proposition.
        text: The text of the proposition.
        asserted_by: The ref of the judge.
        document: The ref of the document in which the reading was published, if any.
        url: The address of that document.

    The other attributes are columns of `stance`.
    """

    key: tuple[int, int]
    proposition: str
    text: str
    value: int
    basis: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    confidence: str | None
    asserted_by: str
    rationale: str | None
    document: str | None
    url: str | None


class Readings:
    """Looks up the readings of entries in a scope.

    Attributes:
        entries: A cache of the readings of entries, by key; those of an entry in the order of the
            refs of proposition and judge.
    """

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self.entries = BatchCache(self._fetch, CACHE_SIZE)

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, tuple[Reading, ...]]]:
        for first in range(0, len(keys), BATCH_SIZE):
            some = keys[first : first + BATCH_SIZE]
            found: dict[int, list[Reading]] = defaultdict(list)
            for entry, proposition, judge, *words in self._rows(some):
                found[entry].append(Reading((proposition, judge), *words))
            yield from ((key, tuple(found.get(key, ()))) for key in some)

    def _rows(self, keys: list[int]) -> Iterator[Any]:
        return stream(self._session, _select_readings(self._scope), {"entries": keys})


@cached_by_scope
def _select_readings(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the stances of some entries with the values for display, by proposition and judge."""
    judge, document = aliased(Actor), aliased(Document)
    keys = (Stance.entry_id, Stance.proposition_id, Stance.asserted_by_id)
    reading = (Proposition.ref, Proposition.text, Stance.value, Stance.basis, Stance.hedge)
    weighed = (Stance.condition, Stance.likelihood, Stance.confidence)
    return (
        select(*keys, *reading, *weighed, judge.ref, Stance.rationale, document.ref, document.url)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(judge, judge.id == Stance.asserted_by_id)
        .outerjoin(document, document.id == Stance.document_id)
        .where(is_one_of(Stance.entry_id, "entries"), *stance_in_scope(Stance, scope))
        .order_by(Proposition.ref, judge.ref)
    )
