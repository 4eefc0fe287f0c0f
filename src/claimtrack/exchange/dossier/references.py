"""The records that a load can refer to: those in the database, and those in its own files."""

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from claimtrack import changes
from claimtrack.db import Session
from claimtrack.errors import UnknownRef
from claimtrack.models import Actor
from claimtrack.records import NAMED, actors_called, nearest

_AT_ONCE = 500
"""The number of refs in one statement."""


class RefResolver:
    """Resolves refs, and names of actors, among stored records and the records of a load."""

    def __init__(
        self,
        session: Session,
        records: Sequence[tuple[str, Mapping[str, Any]]],
        allowed: Mapping[str, set[str]],
    ) -> None:
        """Look up refs in the database.

        Args:
            session: The session.
            records: The table and the values of each record of the load.
            allowed: The refs that may be looked up, by table.
        """
        self._session = session
        self._loaded: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        self._names: dict[str, set[str]] = defaultdict(set)
        for table, values in records:
            self._loaded[table].setdefault(values["ref"], values)
            if table == "actor":
                for name in _names(values.get("name"), values.get("aliases")):
                    self._names[name].add(values["ref"])
        self._stored: dict[str, set[str]] = defaultdict(set)
        for table, refs in allowed.items():
            self._stored[table] = self._ask(table, sorted(refs))
        self._found: dict[tuple[str, str], tuple[str | None, str]] = {}

    def _ask(self, table: str, refs: Sequence[str]) -> set[str]:
        model = NAMED[table]
        return {
            ref
            for start in range(0, len(refs), _AT_ONCE)
            for ref in self._session.scalars(
                select(model.ref).where(model.ref.in_(refs[start : start + _AT_ONCE]))
            )
        }

    def stored(self, table: str, ref: str) -> bool:
        """Whether the database has a record with a ref, which must be one of `allowed`."""
        return ref in self._stored[table]

    def has(self, table: str, ref: str) -> bool:
        """Whether the database or the load has a record with a ref."""
        return self.stored(table, ref) or ref in self._loaded[table]

    def find(self, table: str, name: str) -> tuple[str | None, str]:
        """Return the ref for a ref or an actor's name, and no error; else None and the error."""
        if self.has(table, name):
            return name, ""
        if (table, name) not in self._found:
            self._found[table, name] = self._search(table, name)
        return self._found[table, name]

    def _search(self, table: str, name: str) -> tuple[str | None, str]:
        matches = self._find_actors(name.strip()) if table == "actor" else []
        if len(matches) == 1:
            return matches[0], ""
        if matches:
            return None, f"{name!r} is the name of {' and '.join(matches)}: write the ref of one"
        by_case = {ref.lower(): ref for ref in self._loaded[table]}
        close = difflib.get_close_matches(name.lower(), by_case, n=3, cutoff=0.5)
        near = [by_case[match] for match in close]
        near += [ref for ref in nearest(self._session, NAMED[table], name) if ref not in near]
        advice = "" if near else ": add it to the load, or correct it"
        return None, f"{UnknownRef(table, name, near[:3])}{advice}"

    def _find_actors(self, name: str) -> list[str]:
        """Return the refs of the actors that will have a name after the load."""
        refs = set(self._names.get(name, ()))
        if self.has("actor", name):
            refs.add(name)
        for actor in self._session.scalars(actors_called(name)):
            if self._keeps(actor, name):
                refs.add(actor.ref)
                self._stored["actor"].add(actor.ref)
        return sorted(refs)

    def judge(self, author: str) -> str | None:
        """Return the ref of the actor that the author of the load is.

        None if there is no such actor, or several; in that case writing raises an error.
        """
        ref = changes.make_slug(author)
        if ref and self.has("actor", ref):
            return ref
        matches = {*self._find_actors(author), *self._find_actors(ref)}
        return matches.pop() if len(matches) == 1 else None

    def _keeps(self, actor: Actor, name: str) -> bool:
        values = self._loaded["actor"].get(actor.ref, {})
        return name in _names(
            values.get("name", actor.name), values.get("aliases", actor.aliases) or []
        )


def _names(name: object, aliases: object) -> list[str]:
    """Return the texts among an actor's name and aliases, which nobody has validated yet."""
    several = aliases if isinstance(aliases, list) else []
    return [one.strip() for one in (name, *several) if isinstance(one, str)]
