"""Members in groups of what is connected, directly or in a chain (model.md 4): a union-find."""

from collections import ChainMap
from collections.abc import Hashable, Iterable, MutableMapping
from copy import copy
from typing import Generic, Self, TypeVar

Id = TypeVar("Id", bound=Hashable)
Value = TypeVar("Value")

_MANY = 200
"""Items from which on they are not copied for a branch."""


def layer(below: MutableMapping[Id, Value]) -> MutableMapping[Id, Value]:
    """Return what holds the same and can be written to; what is below stays as it is.

    Of few items a copy, which is faster to read; above many a layer, which is faster to make, and
    shows what is written below it later.
    """
    return dict(below) if len(below) < _MANY else ChainMap({}, below)


class Groups(Generic[Id]):
    """Members in groups of one origin: those that are connected, directly or in a chain.

    An outsider connects members, and makes no group.

    Attributes:
        count: How many groups the members make.
    """

    def __init__(self, members: Iterable[Id] = ()) -> None:
        self.count = 0
        self._members: MutableMapping[Id, None] = {}
        self._above: MutableMapping[Id, Id] = {}
        self._inside: MutableMapping[Id, bool] = {}
        for member in members:
            self.add(member)

    def branch(self) -> Self:
        """Return groups that begin as these and may grow; until it is let go, these must not."""
        other = copy(self)
        other._members = layer(self._members)
        other._above, other._inside = layer(self._above), layer(self._inside)
        return other

    def add(self, member: Id) -> None:
        """Make an id a member."""
        self._members[member] = None
        root = self.root(member)
        if not self._inside.get(root):
            self._inside[root] = True
            self.count += 1

    def connect(self, one: Id, other: Id) -> None:
        """Let two ids be of one group, members or not."""
        root, joined = self.root(one), self.root(other)
        if root == joined:
            return
        self._above[joined] = root
        if self._inside.get(joined):
            self.count -= bool(self._inside.get(root))
            self._inside[root] = True

    def counts(self, one: Id) -> bool:
        """Whether the group of an id has a member, and so is counted."""
        return bool(self._inside.get(self.root(one)))

    def groups(self) -> list[frozenset[Id]]:
        """Return the groups, in the order of their first member."""
        found: dict[Id, set[Id]] = {}
        for member in self._members:
            found.setdefault(self.root(member), set()).add(member)
        return [frozenset(group) for group in found.values()]

    def root(self, one: Id) -> Id:
        """Return the id that stands for the group of another, the same for each of its members."""
        above = self._above
        while (parent := above.get(one, one)) != one:
            above[one] = grandparent = above.get(parent, parent)
            one = grandparent
        return one
