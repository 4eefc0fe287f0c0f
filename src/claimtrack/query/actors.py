"""The tree of actors. All actors are read at once, since they are few."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import select

from claimtrack.db import Session
from claimtrack.models import Actor
from claimtrack.protection import UNMASKED_ACTOR
from claimtrack.vocab import ActorKind


def get_actor_refs(session: Session) -> dict[int, str]:
    """Return the ref of each actor by key, or its pseudonym if it is protected.

    Sends one statement.
    """
    return {row.id: row.ref for row in session.execute(select(Actor.id, Actor.ref))}


class ActorTree:
    """The parents of all actors, as keys. Sends one statement when it is made.

    Protection does not change it: it holds true parents, but no names.
    """

    def __init__(self, session: Session) -> None:
        actor = UNMASKED_ACTOR.c
        self._parents: dict[int, int | None] = {}
        self._anonymous = set[int]()
        for key, parent, kind in session.execute(select(actor.id, actor.parent_id, actor.kind)):
            self._parents[key] = parent
            if kind == ActorKind.ANONYMOUS.value:
                self._anonymous.add(key)
        self._cached_path: Any = cache(self._find_path)

    def get_path(self, key: int) -> tuple[int, ...]:
        """Return the keys of an actor and of all above it, from the actor to its principal."""
        above: tuple[int, ...] = self._cached_path(key)
        return above

    def get_ancestry(self, keys: Iterable[int]) -> frozenset[int]:
        """Return the keys of some actors and of all above them."""
        return frozenset(one for key in keys for one in self.get_path(key))

    def get_principal(self, key: int) -> int:
        """Return the key of an actor's principal, the root above it."""
        return self.get_path(key)[-1]

    def is_anonymous(self, key: int) -> bool:
        """Whether an actor is an anonymous source."""
        return key in self._anonymous

    def _find_path(self, key: int) -> tuple[int, ...]:
        """Return what `get_path` does, without the cache; ends at an actor that is repeated."""
        found = [key]
        while (parent := self._parents.get(found[-1])) is not None and parent not in found:
            found.append(parent)
        return tuple(found)
