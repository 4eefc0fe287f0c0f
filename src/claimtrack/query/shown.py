"""What reports show of entries and of others, by key, fetched for many at once."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Citation, Document, Entry, Proposition
from claimtrack.query.actors import ActorTree, refs_of_actors
from claimtrack.query.cache import Cache
from claimtrack.query.visibility import Scope, citation_counts
from claimtrack.sql import BATCH_SIZE, fetch_all, is_one_of

MOST_KEPT = 30_000
"""Rows of each kind that are kept."""


class ShownEntry(NamedTuple):
    """What reports show of an entry; actor and principal are refs."""

    ref: str
    kind: str
    actor: str
    principal: str
    date_from: date | None
    date_to: date | None
    summary: str


class Shown:
    """What reports show, as far as it may be shown and counts in a scope."""

    def __init__(self, session: Session, scope: Scope, tree: ActorTree) -> None:
        self._session, self._scope, self._tree = session, scope, tree
        self.entries = Cache(self.fetch_entries, MOST_KEPT)
        """By the key of an entry, what is shown of it."""
        self.urls = Cache(self.fetch_urls, MOST_KEPT)
        """By the key of an entry, the addresses of the documents that it cites, in order."""
        self.propositions = Cache(self._propositions, MOST_KEPT)
        """By the key of a proposition, its ref."""

    @cached_property
    def actors(self) -> dict[int, str]:
        """By the key of an actor, its ref."""
        return refs_of_actors(self._session)

    def fetch_entries(self, keys: list[int]) -> Iterator[tuple[int, ShownEntry]]:
        """Yield by key what is shown of entries, which keeps none."""
        refs, tree = self.actors, self._tree
        for key, ref, kind, actor, agent, *rest in self._rows(_entries(), keys):
            principal = refs[tree.principal(actor if agent is None else agent)]
            yield key, ShownEntry(ref, kind.value, refs[actor], principal, *rest)

    def fetch_urls(self, keys: list[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield by key the addresses that entries cite, which keeps none."""
        found = defaultdict[int, set[str]](set)
        for key, url in self._rows(_urls(self._scope), keys):
            found[key].add(url)
        return ((key, tuple(sorted(found[key])) if key in found else ()) for key in keys)

    def _propositions(self, keys: list[int]) -> Iterator[tuple[int, str]]:
        query = select(Proposition.id, Proposition.ref).where(is_one_of(Proposition.id, "keys"))
        return ((key, ref) for key, ref in self._rows(query, keys))

    def _rows(self, query: Select[*tuple[Any, ...]], keys: list[int]) -> Iterator[Any]:
        for first in range(0, len(keys), BATCH_SIZE):
            yield from fetch_all(self._session, query, {"keys": keys[first : first + BATCH_SIZE]})


@lru_cache(maxsize=1)
def _entries() -> Select[*tuple[Any, ...]]:
    columns = (Entry.id, Entry.ref, Entry.kind, Entry.actor_id, Entry.on_behalf_of_id)
    return select(*columns, Entry.date_from, Entry.date_to, Entry.summary).where(
        is_one_of(Entry.id, "keys")
    )


@lru_cache(maxsize=8)
def _urls(scope: Scope) -> Select[int, str | None]:
    citation, document = aliased(Citation), aliased(Document)
    return (
        select(citation.entry_id, document.url)
        .join(document, document.id == citation.document_id)
        .where(is_one_of(citation.entry_id, "keys"), document.url.is_not(None))
        .where(*citation_counts(citation, scope))
    )
