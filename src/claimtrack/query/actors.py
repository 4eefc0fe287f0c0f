"""Who belongs to whom: all actors, read once, since they are few."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import select

from claimtrack.db import Session
from claimtrack.models import Actor
from claimtrack.protection import UNMASKED_ACTOR
from claimtrack.vocab import ActorKind


def refs_of_actors(session: Session) -> dict[int, str]:
    """Return the ref of each actor by key, as it may be shown. Sends one statement."""
    return {row.id: row.ref for row in session.execute(select(Actor.id, Actor.ref))}


class ActorTree:
    """The actors by key, each with those above it. It names nobody: keys alone, as they truly are.

    Sends one statement.
    """

    def __init__(self, session: Session) -> None:
        actor = UNMASKED_ACTOR.c
        self._parents: dict[int, int | None] = {}
        self._anonymous = set[int]()
        for key, parent, kind in session.execute(select(actor.id, actor.parent_id, actor.kind)):
            self._parents[key] = parent
            if kind == ActorKind.ANONYMOUS.value:
                self._anonymous.add(key)
        self._up: Any = cache(self._walk)

    def up(self, key: int) -> tuple[int, ...]:
        """Return an actor and all above it, its principal last."""
        above: tuple[int, ...] = self._up(key)
        return above

    def above(self, keys: Iterable[int]) -> frozenset[int]:
        """Return some actors and all above them."""
        return frozenset(one for key in keys for one in self.up(key))

    def principal(self, key: int) -> int:
        """Return the root above an actor."""
        return self.up(key)[-1]

    def is_anonymous(self, key: int) -> bool:
        """Whether an actor is an anonymous source."""
        return key in self._anonymous

    def _walk(self, key: int) -> tuple[int, ...]:
        found = [key]
        while (parent := self._parents.get(found[-1])) is not None and parent not in found:
            found.append(parent)
        return tuple(found)
