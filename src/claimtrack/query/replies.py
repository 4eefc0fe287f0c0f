"""Finds the entries that are linked as replies; `weigh.answers` decides which of them count."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Entry, Link
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.visibility import (
    Scope,
    cached_by_scope,
    entry_in_scope,
    factual_link_in_scope,
)
from claimtrack.sql import BATCH_SIZE, fetch_all, is_one_of
from claimtrack.vocab import Relation
from claimtrack.weigh.answers import Reply, list_replies


class ReplyFinder:
    """Finds the replies to entries in a scope.

    Args:
        session: The session.
        scope: The scope.
        facts: Loads the facts of the entries, in the same scope.
    """

    def __init__(self, session: Session, scope: Scope, facts: FactsLoader) -> None:
        self._session, self._scope, self._facts = session, scope, facts

    def find_replies(self, keys: Collection[int]) -> Mapping[int, list[Reply]]:
        """Return the replies to each of some entries by its key, by ref; no key without any.

        Sends one statement for each `BATCH_SIZE` entries, and those of `FactsLoader.load` for all.
        """
        linked, ordered = defaultdict[int, list[int]](list), list(keys)
        for first in range(0, len(ordered), BATCH_SIZE):
            values = {"entries": ordered[first : first + BATCH_SIZE]}
            for entry, reply in fetch_all(self._session, _select_linked(self._scope), values):
                linked[entry].append(reply)
        facts = self._facts.load({*linked, *(key for some in linked.values() for key in some)})
        found = {
            key: list_replies(facts[key], [facts[reply] for reply in replies])
            for key, replies in linked.items()
        }
        return {key: replies for key, replies in found.items() if replies}


def has_linked_reply(entry: type[Entry], scope: Scope) -> ColumnElement[bool]:
    """Whether an entry in scope is linked as a reply to an entry."""
    link, reply = aliased(Link), aliased(Entry)
    return exists(
        select(link.id)
        .join(reply, reply.id == link.from_id)
        .where(link.to_id == entry.id, link.relation == Relation.RESPONDS_TO)
        .where(*factual_link_in_scope(link, scope), *entry_in_scope(reply, scope))
        .correlate(entry)
    )


@cached_by_scope
def _select_linked(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the keys of some entries and of those in scope that are linked as replies to each."""
    link, reply = aliased(Link), aliased(Entry)
    return (
        select(link.to_id, link.from_id)
        .join(reply, reply.id == link.from_id)
        .where(is_one_of(link.to_id, "entries"), link.relation == Relation.RESPONDS_TO)
        .where(*factual_link_in_scope(link, scope), *entry_in_scope(reply, scope))
        .distinct()
    )
