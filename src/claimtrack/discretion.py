"""What stays inside: protected sources and documents, which leave only under a pseudonym.

A veiled connection has temporary views in the place of the tables that name them, so that whatever
is asked of it, by whichever report, can answer with nothing else. A pseudonym is stable within a
casebook, and keyed by its secret: it tells neither who it is nor how many there are.

Of a protected source remain its kind and its root principal; of a protected document its publisher,
its dates and how far it was coded.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import aliased

from claimtrack.models import Actor, Base, Casebook, Citation, Document, Revision

WITHHELD = "withheld"
"""What stands for the words that describe a protected source."""


@dataclass(frozen=True)
class Veil:
    """What must not be said, and what is said instead."""

    instead: Mapping[str, str]

    def __call__(self, said: str) -> str:
        """Return a text with every name of a protected record replaced by its pseudonym."""
        return self._named.sub(lambda found: self.instead[found[0]], said) if self.instead else said

    @property
    def pseudonyms(self) -> frozenset[str]:
        """What is said instead of the names."""
        return frozenset(self.instead.values())

    @cached_property
    def _named(self) -> re.Pattern[str]:
        longest_first = sorted(self.instead, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")

    def fields(self, table: str, record: Mapping[str, Any]) -> frozenset[str]:
        """Return the fields of a logged record that are withheld whole."""
        if not self.instead:
            return frozenset()
        if table in _NAMING and str(record.get("ref")) in self.instead:
            return frozenset(record) - {"ref", "kind", "protected", "publisher", "coverage"}
        of = {"entry": "actor", "citation": "document"}.get(table)
        if of and str(record.get(of)) in self.instead:
            return frozenset(chain(*(view.columns for view in _VIEWS if view.table == table)))
        return frozenset()

    def key(self, table: str, key: str) -> str:
        """Return what names a logged row, without what must not be said."""
        if table == "citation":
            entry, document, *_ = key.split("/")
            key = f"{entry}/{document}" if document in self.instead else key
        return self(key)


NOTHING = Veil({})


def pseudonym(secret: str, table: str, ref: str) -> str:
    """Return what a protected record is called outside: a ref that only the casebook can make."""
    made = hmac.new(bytes.fromhex(secret), f"{table}/{ref}".encode(), hashlib.sha256)
    return f"protected-{made.hexdigest()[:12]}"


def veil_of(connection: Connection) -> Veil:
    """Return what must not be said of the protected records, past names included.

    One statement where nothing is protected; otherwise a few more, and one for each document.
    """
    return Veil({name: row.instead for row in _protected(connection) for name in row.names})


def meanings(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the ref for which each pseudonym stands, by table and pseudonym; as `veil_of`."""
    return {(row.kind, row.instead): row.ref for row in _protected(connection)}


def draw(connection: Connection) -> Veil:
    """Put views that withhold the protected records before the tables, and return the veil.

    They go with the connection. Where nothing is protected, nothing is put.
    """
    rows = list(_protected(connection))
    if not rows:
        return NOTHING
    postgresql = connection.dialect.name == "postgresql"
    collation = ' COLLATE "C"' if postgresql else ""
    connection.execute(
        text(
            f"CREATE TEMPORARY TABLE veiled (kind TEXT, id INTEGER, ref VARCHAR(64){collation}, "
            "root_id INTEGER)"
        )
    )
    connection.execute(
        text("INSERT INTO veiled (kind, id, ref, root_id) VALUES (:kind, :id, :ref, :root)"),
        [{"kind": row.kind, "id": row.id, "ref": row.instead, "root": row.root} for row in rows],
    )
    for view in _VIEWS:
        connection.execute(text(view.statement(postgresql=postgresql)))
    return Veil({name: row.instead for row in rows for name in row.names})


@dataclass(frozen=True)
class _Protected:
    """A protected record: its root principal, what is said instead of its names, and those."""

    kind: str
    id: int
    ref: str
    root: int | None
    instead: str
    names: frozenset[str]


def _protected(connection: Connection) -> Iterator[_Protected]:
    # As text: the partial indexes hold just the rows of which this is true, spelled so; and most
    # casebooks keep no secrets, so that their readers wait for nothing to be compiled.
    anything = "SELECT 1 FROM {} WHERE protected"
    asked = " UNION ALL ".join(anything.format(table) for table in _NAMING)
    if connection.exec_driver_sql(f"{asked} LIMIT 1").first() is None:
        return
    actor = select(Actor.id, Actor.ref, Actor.name, Actor.aliases, Actor.described_as)
    document = select(Document.id, Document.ref, Document.url, Document.title, Document.archive_url)
    actors = connection.execute(actor.where(text("actor.protected"))).all()
    documents = connection.execute(document.where(text("document.protected"))).all()
    secret = connection.scalars(select(Casebook.pseudonym_secret)).one()
    roots = _roots(connection)
    past = past_names(connection, "actor", {row.ref for row in actors})
    past_papers = past_names(connection, "document", {row.ref for row in documents})
    for row in actors:
        root = roots[row.id] if roots[row.id] != row.id else None
        names = {row.ref, row.name, *row.aliases, row.described_as, *past[row.ref]}
        instead = pseudonym(secret, "actor", row.ref)
        yield _Protected("actor", row.id, row.ref, root, instead, _said(names))
    for paper in documents:
        quoted = select(Citation.label, Citation.exact).where(Citation.document_id == paper.id)
        known_by = {paper.ref, paper.url, paper.title, paper.archive_url}
        instead = pseudonym(secret, "document", paper.ref)
        names = known_by.union(past_papers[paper.ref], *connection.execute(quoted))
        yield _Protected("document", paper.id, paper.ref, None, instead, _said(names))


def _said(names: set[str | None]) -> frozenset[str]:
    return frozenset(name for name in names if name)


def _roots(connection: Connection) -> dict[int, int]:
    """Return the root principal of each protected actor, by key."""
    start, parent = aliased(Actor), aliased(Actor)
    above = (
        select(start.id.label("start"), start.id, start.parent_id)
        .where(start.protected.is_(True))
        .cte("above", recursive=True)
    )
    above = above.union(  # not of all: it ends where an actor is above itself
        select(above.c.start, parent.id, parent.parent_id).join(
            above, parent.id == above.c.parent_id
        )
    )
    found = select(above.c.start, above.c.id).where(above.c.parent_id.is_(None))
    return {row.start: row.id for row in connection.execute(found)}


_NAMING = {
    "actor": ("name", "aliases", "described_as"),
    "document": ("url", "title", "archive_url"),
}
"""The columns by which a record could be known."""


def past_names(connection: Connection, table: str, refs: set[str]) -> dict[str, set[str]]:
    """Return what records of a table were once called, by ref; the log keeps it all.

    With that what those actors were called that have been made one with them: each was the alias of
    the next. One statement, and for actors two more for each step back.
    """
    names = _logged_names(connection, table, refs)
    asked = {ref: {ref} for ref in refs}
    new = {ref: set(found) for ref, found in names.items()} if table == "actor" else {}
    while any(new.values()):
        former = _former_refs(connection, set().union(*new.values()))
        of_former = _logged_names(connection, table, former)
        for ref, found in new.items():
            asked[ref] |= found
            earlier = set().union(*(of_former[one] for one in found & former))
            names[ref] |= earlier
            new[ref] = earlier - asked[ref]
    return names


def _logged_names(connection: Connection, table: str, keys: set[str]) -> dict[str, set[str]]:
    names = {key: set[str]() for key in keys}
    query = select(Revision.row_key, Revision.before, Revision.after)
    of_rows = query.where(Revision.table_name == table, Revision.row_key.in_(keys))
    for key, *images in connection.execute(of_rows) if keys else ():
        for image in filter(None, images):
            names[str(key)].update(_texts(json.loads(image), _NAMING[table]))
    return names


def _former_refs(connection: Connection, names: set[str]) -> set[str]:
    """Return which names were refs of actors that are no more."""
    there = select(Actor.ref).where(Actor.ref.in_(names))
    known = select(Revision.row_key).where(
        Revision.table_name == "actor", Revision.row_key.in_(names), Revision.row_key.not_in(there)
    )
    return {str(ref) for ref in connection.scalars(known.distinct())} if names else set()


def _texts(record: Mapping[str, Any], columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        value = record.get(name)
        yield from value if isinstance(value, list) else [value] if value else []


# --- the views ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _View:
    """A view in the place of a table: the columns that are withheld, and when."""

    table: str
    when: str
    columns: Mapping[str, str]
    joined: str = ""
    only: str = "TRUE"

    def statement(self, *, postgresql: bool) -> str:
        """Return the statement that makes the view; the names are ours, none is the user's."""
        schema = "" if postgresql else "main."
        empty = "CAST('[]' AS json)" if postgresql else "'[]'"
        columns = ", ".join(
            f"CASE WHEN {self.when} THEN {self.columns[name].format(empty=empty)} "
            f'ELSE a."{name}" END AS "{name}"'
            if name in self.columns
            else f'a."{name}"'
            for name in (column.name for column in Base.metadata.tables[self.table].columns)
        )
        joined = self.joined.format(schema=schema)
        return (
            f'CREATE TEMPORARY VIEW "{self.table}" AS SELECT {columns} '  # noqa: S608 - all ours
            f'FROM {schema}"{self.table}" AS a {joined} WHERE {self.only}'
        )


_ANONYMOUS = "CASE WHEN a.kind = 'anonymous' THEN '{word}' END"
_VIEWS = (
    _View(
        "capture",
        "FALSE",
        {},
        "JOIN {schema}document AS d ON d.id = a.document_id",
        only="NOT d.protected",
    ),
    _View(
        "citation",
        "d.protected",
        {
            "label": "''",
            **dict.fromkeys(("exact", "prefix", "suffix", "start_pos", "end_pos"), "NULL"),
        },
        "JOIN {schema}document AS d ON d.id = a.document_id",
    ),
    _View(
        "entry",
        "s.protected",
        {"capacity": "NULL"},
        "JOIN {schema}actor AS s ON s.id = a.actor_id",
    ),
    _View(
        "actor",
        "a.protected",
        {
            "ref": "v.ref",
            "name": "v.ref",
            "parent_id": "v.root_id",
            "aliases": "{empty}",
            "access": _ANONYMOUS.format(word="unspecified"),
            "described_as": _ANONYMOUS.format(word=WITHHELD),
            "count_min": "NULL",
            "count_max": "NULL",
        },
        "LEFT JOIN veiled AS v ON v.kind = 'actor' AND v.id = a.id",
    ),
    _View(
        "document",
        "a.protected",
        {
            "ref": "v.ref",
            **dict.fromkeys(
                ("url", "canonical_id", "title", "language", "archive_url", "body"), "NULL"
            ),
        },
        "LEFT JOIN veiled AS v ON v.kind = 'document' AND v.id = a.id",
    ),
)
"""In this order: what a view reads of another table must still be the table itself."""
