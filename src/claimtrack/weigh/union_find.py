"""A union-find: which members are connected, directly or in a chain."""

from collections import ChainMap
from collections.abc import Hashable, Iterable, MutableMapping
from copy import copy
from typing import Generic, Self, TypeVar

Id = TypeVar("Id", bound=Hashable)
Value = TypeVar("Value")

_MANY = 200
"""The size from which a mapping is layered and not copied when groups are branched."""


def copy_on_write(below: MutableMapping[Id, Value]) -> MutableMapping[Id, Value]:
    """Return a mapping with the same items that can be written to without changing the original.

    A small mapping is copied, which makes reads faster. On a large one an empty layer is put, which
    is faster to make; later changes of the original show through it.
    """
    return dict(below) if len(below) < _MANY else ChainMap({}, below)


class UnionFind(Generic[Id]):
    """Groups of ids that are connected, directly or in a chain.

    Ids need not be members: an outsider connects members, but a group without any member is not
    counted.

    Attributes:
        count: The number of groups that have a member.
    """

    def __init__(self, members: Iterable[Id] = ()) -> None:
        self.count = 0
        self._members: MutableMapping[Id, None] = {}
        self._parents: MutableMapping[Id, Id] = {}
        self._has_member: MutableMapping[Id, bool] = {}
        for member in members:
            self.add(member)

    def branch(self) -> Self:
        """Return a copy that can be added to without changing this one.

        The copy may share its items with this one (see `copy_on_write`), which therefore must not
        change as long as the copy is used.
        """
        other = copy(self)
        other._members = copy_on_write(self._members)
        other._parents = copy_on_write(self._parents)
        other._has_member = copy_on_write(self._has_member)
        return other

    def add(self, member: Id) -> None:
        """Make an id a member."""
        self._members[member] = None
        root = self.find_root(member)
        if not self._has_member.get(root):
            self._has_member[root] = True
            self.count += 1

    def connect(self, one: Id, other: Id) -> None:
        """Put two ids into one group, whether or not they are members."""
        root, joined = self.find_root(one), self.find_root(other)
        if root == joined:
            return
        self._parents[joined] = root
        if self._has_member.get(joined):
            self.count -= bool(self._has_member.get(root))
            self._has_member[root] = True

    def has_member(self, one: Id) -> bool:
        """Whether the group of an id has a member."""
        return bool(self._has_member.get(self.find_root(one)))

    def list_groups(self) -> list[frozenset[Id]]:
        """Return the members of each group, the groups in the order of their first member."""
        found: dict[Id, set[Id]] = {}
        for member in self._members:
            found.setdefault(self.find_root(member), set()).add(member)
        return [frozenset(group) for group in found.values()]

    def find_root(self, one: Id) -> Id:
        """Return the id that represents the group of an id; it is the same for the whole group."""
        parents = self._parents
        while (parent := parents.get(one, one)) != one:  # path halving keeps the chains short
            parents[one] = grandparent = parents.get(parent, parent)
            one = grandparent
        return one
