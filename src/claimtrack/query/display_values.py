"""The refs, names and addresses that reports display, fetched by key in batches and cached.

`weigh` works on keys; what people see instead is looked up here.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property, lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Citation, Document, Entry, Measure, Named, Proposition
from claimtrack.query.actors import ActorTree, get_actor_refs
from claimtrack.query.cache import BatchCache
from claimtrack.query.local_times import get_local_times
from claimtrack.query.visibility import Scope, cached_by_scope, citation_in_scope
from claimtrack.sql import BATCH_SIZE, fetch_all, is_one_of

CACHE_SIZE = 30_000
"""The greatest number of values in each cache."""


class EntrySummary(NamedTuple):
    """The columns that reports display of an entry; actor and principal are refs."""

    ref: str
    kind: str
    actor: str
    principal: str
    date_from: date | None
    date_to: date | None
    time_from: datetime | None
    time_to: datetime | None
    summary: str


class DisplayValues:
    """Looks up values for display in a scope; protected sources appear under a pseudonym.

    Attributes:
        entries: A cache of the summaries of entries, by key.
        urls: A cache of the addresses of the documents that an entry cites, in order, by key.
        propositions: A cache of the refs of propositions, by key.
        measures: A cache of the refs of measures, by key.
    """

    def __init__(self, session: Session, scope: Scope, tree: ActorTree) -> None:
        self._session, self._scope, self._tree = session, scope, tree
        self.entries = BatchCache(self.fetch_entries, CACHE_SIZE)
        self.urls = BatchCache(self.fetch_urls, CACHE_SIZE)
        self.propositions = BatchCache(partial(self._refs, Proposition), CACHE_SIZE)
        self.measures = BatchCache(partial(self._refs, Measure), CACHE_SIZE)

    @cached_property
    def actors(self) -> dict[int, str]:
        """The ref of each actor, by its key."""
        return get_actor_refs(self._session)

    def fetch_entries(self, keys: list[int]) -> Iterator[tuple[int, EntrySummary]]:
        """Yield the key and the summary of entries, without caching them."""
        refs, tree = self.actors, self._tree
        for key, ref, kind, actor, agent, *rest in self._rows(_select_entries(), keys):
            principal = refs[tree.get_principal(actor if agent is None else agent)]
            yield key, EntrySummary(ref, kind.value, refs[actor], principal, *rest)

    def fetch_urls(self, keys: list[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the key of entries and the addresses that they cite, without caching them."""
        found = defaultdict[int, set[str]](set)
        for key, url in self._rows(_select_urls(self._scope), keys):
            found[key].add(url)
        return ((key, tuple(sorted(found[key])) if key in found else ()) for key in keys)

    def _refs(self, model: type[Named], keys: list[int]) -> Iterator[tuple[int, str]]:
        query = select(model.id, model.ref).where(is_one_of(model.id, "keys"))
        return ((key, ref) for key, ref in self._rows(query, keys))

    def _rows(self, query: Select[*tuple[Any, ...]], keys: list[int]) -> Iterator[Any]:
        """Yield the rows of a query for keys; sends a statement for each `BATCH_SIZE` of them."""
        for first in range(0, len(keys), BATCH_SIZE):
            yield from fetch_all(self._session, query, {"keys": keys[first : first + BATCH_SIZE]})


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_entries() -> Select[*tuple[Any, ...]]:
    columns = (Entry.id, Entry.ref, Entry.kind, Entry.actor_id, Entry.on_behalf_of_id)
    days = (Entry.date_from, Entry.date_to, *get_local_times(Entry))
    return select(*columns, *days, Entry.summary).where(is_one_of(Entry.id, "keys"))


@cached_by_scope
def _select_urls(scope: Scope) -> Select[int, str | None]:
    """Select the addresses of the documents that some entries cite, with the key of the entry."""
    citation, document = aliased(Citation), aliased(Document)
    return (
        select(citation.entry_id, document.url)
        .join(document, document.id == citation.document_id)
        .where(is_one_of(citation.entry_id, "keys"), document.url.is_not(None))
        .where(*citation_in_scope(citation, scope))
    )
