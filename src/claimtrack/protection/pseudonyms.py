"""Who is protected, the pseudonym of each, and the texts that would name one.

A record is protected while its row says so. Its past stays protected when it has been removed, and,
for what was logged while it was protected, when it has been unprotected: the log keeps the flags.

A pseudonym is stable within a casebook, and keyed by its secret: it reveals neither who it is nor
how many there are.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from claimtrack.models import Actor, Casebook, Document, Revision
from claimtrack.models.log import EVER_PROTECTED
from claimtrack.sql import AT_ONCE

WITHHELD = "withheld"
"""What stands for the words that describe a protected source."""
NAMING = {
    "actor": ("name", "aliases", "described_as"),
    "document": ("url", "title", "archive_url"),
}
"""The columns by which a record could be known."""
BELONGING = {
    "entry": ("actor", frozenset({"capacity"})),
    "citation": (
        "document",
        frozenset({"label", "exact", "prefix", "suffix", "start_pos", "end_pos"}),
    ),
    "capture": (
        "document",
        frozenset({"sha256", "media_type", "size", "retrieved_at", "retrieved_by"}),
    ),
}
"""Tables whose rows belong to a record that may be protected: by which column, what they hide."""
_KEYED_BY_DOCUMENT = {"citation": 2, "capture": 1}
"""Tables whose keys name a document: how many parts of the key are shown where it is protected."""
_SHOWN = frozenset({"ref", "kind", "protected", "publisher", "coverage"})
"""The logged columns of a protected record that are shown; every other is hidden."""
_ADDRESS_OF = frozenset({"canonical"})
"""What is hidden of an open document that is another address of a protected one."""


@dataclass(frozen=True)
class Live:
    """A row that is protected now: its table, key, ref, and the principal that is shown instead.

    `root` is the key of its principal, None where it is its own.
    """

    table: str
    id: int
    ref: str
    root: int | None
    pseudonym: str


def live(connection: Connection) -> list[Live]:
    """Return the rows that are protected now; one statement where there are none, else five."""
    # As text: the partial indexes hold just the rows of which this is true, spelled so; and most
    # casebooks protect nothing, so that their readers wait for nothing to be compiled.
    there_are = "SELECT 1 FROM {} WHERE protected"
    query = " UNION ALL ".join(there_are.format(table) for table in NAMING)
    if connection.exec_driver_sql(f"{query} LIMIT 1").first() is None:
        return []
    secret = _secret(connection)
    # Walked here: actors are few, and a recursive statement would have to join them again.
    parents = {
        row.id: row.parent_id for row in connection.execute(select(Actor.id, Actor.parent_id))
    }
    found = []
    for table, model in (("actor", Actor), ("document", Document)):
        for key, ref in connection.execute(
            select(model.id, model.ref).where(model.protected.is_(True)).order_by(model.id)
        ):
            root = _root(key, parents) if table == "actor" else None
            made = pseudonym(secret, table, ref)
            found.append(Live(table, key, ref, None if root == key else root, made))
    return found


def _root(key: int, parents: Mapping[int, int | None]) -> int:
    seen = set[int]()
    while (above := parents.get(key)) is not None and key not in seen:
        seen.add(key)
        key = above
    return key


def _secret(connection: Connection) -> str:
    return str(connection.scalars(select(Casebook.pseudonym_secret)).one())


def pseudonym(secret: str, table: str, ref: str) -> str:
    """Return what a protected record is called in output: a ref that only the casebook can make."""
    made = hmac.new(bytes.fromhex(secret), f"{table}/{ref}".encode(), hashlib.sha256)
    return f"protected-{made.hexdigest()[:12]}"


def meanings(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the ref for which each pseudonym stands, by table and pseudonym, of live records."""
    return {(one.table, one.pseudonym): one.ref for one in live(connection)}


class Mask:
    """Replaces what would name a protected record, live or past, in texts and logged rows.

    The names are read from the rows and the log when the first text is asked for: reports, which
    read protected tables and no log, never wait for it.
    """

    def __init__(self, connection: Connection, rows: Iterable[Live]) -> None:
        self._connection, self._rows = connection, list(rows)
        self.pseudonyms = frozenset(one.pseudonym for one in self._rows)
        """What the rows that are protected now are called."""

    def __call__(self, text: str) -> str:
        """Return a text with every name of a protected record replaced by its pseudonym."""
        names = self.names
        return self._pattern.sub(lambda found: names[found[0]], text) if names else text

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The pseudonym that stands for each name, past ones included."""
        return {name: one.pseudonym for one in self._known for name in one.names}

    @cached_property
    def _known(self) -> Sequence["_Named"]:
        return list(_known_names(self._connection, self._rows))

    @cached_property
    def _unprotected(self) -> Mapping[tuple[str, str], int]:
        """The last revision that still protected a record which is not protected any more."""
        return {(one.table, one.ref): one.until for one in self._known}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.names, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")

    def hidden(self, table: str, image: Mapping[str, Any], seq: int) -> frozenset[str]:
        """Return the columns of a row, logged by a revision, that are not shown."""
        if table in NAMING:
            if image.get("protected") is True or str(image.get("ref")) in self.names:
                return frozenset(image) - _SHOWN
            of_secret = self._was_protected("document", str(image.get("canonical")), seq)
            return _ADDRESS_OF if of_secret else frozenset()
        if table not in BELONGING:
            return frozenset()
        column, columns = BELONGING[table]
        return columns if self._was_protected(column, str(image.get(column)), seq) else frozenset()

    def key(self, table: str, key: str, seq: int | None = None) -> str:
        """Return the key of a row without what would name a protected record.

        As a revision logged it, or else as it is now.
        """
        if table in _KEYED_BY_DOCUMENT:
            *before, document = key.split("/")[: _KEYED_BY_DOCUMENT[table]]
            if self._was_protected("document", document, seq):
                key = "/".join([*before, document])
        return self(key)

    def _was_protected(self, table: str, ref: str, seq: int | None) -> bool:
        """Whether a record is protected, or what a revision says of it was logged while it was."""
        until = self._unprotected.get((table, ref), 0)
        return ref in self.names or (seq is not None and seq <= until)


def get_mask(connection: Connection) -> Mask:
    """Return the mask for what a command says, its names read now, before it changes the rows."""
    mask = Mask(connection, live(connection))
    _ = mask.names
    return mask


# --- names, past ones included --------------------------------------------------------------------


@dataclass(frozen=True)
class _Named:
    """A record that is or was protected: its pseudonym, and the names that would reveal it.

    `until` is the last revision that protects it.
    """

    table: str
    ref: str
    pseudonym: str
    names: frozenset[str]
    until: int


@dataclass
class _Logged:
    """What the log says of one record: its names, and those that were public at a later time.

    Attributes:
        names: Every name it ever had.
        public: The names that it has had since it was last protected; none while it is.
        until: The last revision in which it was protected; 0 where there is none.
    """

    names: set[str] = field(default_factory=set)
    public: set[str] = field(default_factory=set)
    until: int = 0


def _known_names(connection: Connection, rows: Iterable[Live]) -> Iterator[_Named]:
    """Yield each record that is or ever was protected, with the names not to be shown.

    Of one that was unprotected by an edit, or a revert, these are its former names: its name, and
    whatever else it is called since, is public by that decision.
    """
    of_table = {name: {one.ref: one for one in rows if one.table == name} for name in NAMING}
    once = _once_protected(connection)
    if not any(of_table.values()) and not any(once.values()):
        return
    secret = _secret(connection)
    for table, protected in of_table.items():
        refs = {*protected, *once[table]}
        logged = past_names(connection, table, refs)
        named = set[str]().union(*(known.names for known in logged.values()))
        others = _public_names(connection, named) if table == "actor" else set()
        for ref in refs:
            known = logged[ref]
            names = {ref, *(known.names - others)}
            if ref not in protected:
                names -= {*known.public, ref} if known.public else set()
            found = frozenset(filter(None, names))
            yield _Named(table, ref, pseudonym(secret, table, ref), found, known.until)


def _once_protected(connection: Connection) -> dict[str, set[str]]:
    """Return the refs of the records that the log has marked as protected, by table."""
    found: dict[str, set[str]] = {table: set() for table in NAMING}
    for table, key in connection.execute(select_once_protected()):
        found[table].add(str(key))
    return found


def select_once_protected() -> Select[str, str | None]:
    """Select the tables and refs of the records that the log has marked as protected."""
    query = select(Revision.table_name, Revision.row_key).where(
        # Of no type: behind a Boolean SQLite is sent `= 1`, which the index does not answer.
        literal_column(f"({EVER_PROTECTED})"),
        Revision.table_name.in_(NAMING),
        Revision.row_key.is_not(None),
    )
    return query.distinct()


def past_names(connection: Connection, table: str, refs: set[str]) -> dict[str, _Logged]:
    """Return what records of a table have been called, by ref; the log keeps it all.

    With that what those actors were called that have been merged into them: each was the alias of
    the next. One statement for each batch of refs, and for actors two more for each step back.
    """
    found = _logged_names(connection, table, refs)
    asked = {ref: {ref} for ref in refs}
    new = {ref: set(known.names) for ref, known in found.items()} if table == "actor" else {}
    while any(new.values()):
        former = _former_refs(connection, set().union(*new.values()))
        of_former = _logged_names(connection, table, former)
        for ref, names in new.items():
            asked[ref] |= names
            earlier = set[str]().union(*(of_former[one].names for one in names & former))
            found[ref].names |= earlier
            new[ref] = earlier - asked[ref]
    return found


def _logged_names(connection: Connection, table: str, refs: set[str]) -> dict[str, _Logged]:
    found = {ref: _Logged() for ref in refs}
    columns = (Revision.row_key, Revision.seq, Revision.before, Revision.after)
    query = select(*columns).order_by(Revision.seq)
    for some in _in_batches(refs):
        of_rows = query.where(Revision.table_name == table, Revision.row_key.in_(some))
        for key, seq, *images in connection.execute(of_rows):
            known = found[str(key)]
            for image in (json.loads(image) for image in images if image):
                names = set(_texts(image, NAMING[table]))
                known.names |= names
                secret = image.get("protected") is True
                known.until = seq if secret else known.until
                known.public = set() if secret else {*known.public, str(key), *names}
    return found


def _in_batches(refs: Iterable[str]) -> Iterator[list[str]]:
    # Neither database takes an unlimited number of parameters.
    ordered = sorted(refs)
    return (ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE))


def _former_refs(connection: Connection, names: set[str]) -> set[str]:
    """Return which names were refs of actors that have been removed."""
    found = set[str]()
    for some in _in_batches(names):
        there = select(Actor.ref).where(Actor.ref.in_(some))
        known = select(Revision.row_key).where(
            Revision.table_name == "actor",
            Revision.row_key.in_(some),
            Revision.row_key.not_in(there),
        )
        found |= {str(ref) for ref in connection.scalars(known.distinct())}
    return found


def _public_names(connection: Connection, names: set[str]) -> set[str]:
    """Return the refs and names of the unprotected actors whose refs are among some names.

    One that was merged into a protected actor, and is there again, is itself and no alias.
    """
    found = set[str]()
    for some in _in_batches(names):
        there = select(Actor.ref, Actor.name)
        public = there.where(Actor.ref.in_(some), Actor.protected.is_(False))
        found.update(*connection.execute(public))
    return found


def _texts(record: Mapping[str, Any], columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        value = record.get(name)
        yield from value if isinstance(value, list) else [value] if value else []


def mask_value(mask: Callable[[str], str], value: Any) -> Any:
    """Return a value with its texts, or those in it, without what must not be shown."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {name: mask_value(mask, part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mask_value(mask, part) for part in value)
    return value
