"""How judges read what entries say of propositions, in their words, fetched for many at once.

What the definitions need of it is in `facts`; this is what people are shown.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Document, Proposition, Stance
from claimtrack.query.cache import Cache
from claimtrack.query.visibility import Scope, stance_counts
from claimtrack.sql import BATCH_SIZE, is_one_of, stream

MOST_KEPT = 25_000
"""Entries whose readings are kept."""


class Reading(NamedTuple):
    """How one judge reads what an entry says of a proposition.

    Attributes:
        key: The keys of the proposition and of the judge.
        document: The ref of the document in which the reading was published, if any.
        url: The address of that.
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
    """The readings of entries, as far as they count in a scope."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self.entries = Cache(self._fetch, MOST_KEPT)
        """By the key of an entry, its readings, by the refs of proposition and judge."""

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, tuple[Reading, ...]]]:
        for first in range(0, len(keys), BATCH_SIZE):
            some = keys[first : first + BATCH_SIZE]
            found: dict[int, list[Reading]] = defaultdict(list)
            for entry, proposition, judge, *words in self._rows(some):
                found[entry].append(Reading((proposition, judge), *words))
            yield from ((key, tuple(found.get(key, ()))) for key in some)

    def _rows(self, keys: list[int]) -> Iterator[Any]:
        return stream(self._session, _readings(self._scope), {"entries": keys})


@lru_cache(maxsize=8)
def _readings(scope: Scope) -> Select[*tuple[Any, ...]]:
    judge, document = aliased(Actor), aliased(Document)
    keys = (Stance.entry_id, Stance.proposition_id, Stance.asserted_by_id)
    said = (Proposition.ref, Proposition.text, Stance.value, Stance.basis, Stance.hedge)
    weighed = (Stance.condition, Stance.likelihood, Stance.confidence)
    return (
        select(*keys, *said, *weighed, judge.ref, Stance.rationale, document.ref, document.url)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(judge, judge.id == Stance.asserted_by_id)
        .outerjoin(document, document.id == Stance.document_id)
        .where(is_one_of(Stance.entry_id, "entries"), *stance_counts(Stance, scope))
        .order_by(Proposition.ref, judge.ref)
    )
