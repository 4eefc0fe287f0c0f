"""Which records are protected, their pseudonyms, and the masking of their names in texts.

A record is protected while its row says so. In the log it stays protected after it has been
removed; after it has been unprotected, only what was logged before stays so.

A pseudonym is stable within a casebook, and keyed by its secret: it reveals neither the record nor
how many are protected.
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

from claimtrack.kinds import KINDS
from claimtrack.models import Actor, Casebook, Document, Revision
from claimtrack.models.log import EVER_PROTECTED
from claimtrack.sql import BATCH_SIZE

WITHHELD = "withheld"
"""The text that replaces the description of a protected source."""
NAMING = {kind.name: kind.names for kind in KINDS.values() if kind.names}
"""The columns by which a record could be known."""
BELONGING = {
    kind.name: (owner, frozenset(one.name for one in kind.hidden_with(owner)))
    for kind in KINDS.values()
    for owner in NAMING
    if kind.hidden_with(owner)
}
"""Tables whose rows belong to a record that may be protected: by which column, what they hide."""
_KEYED_BY_DOCUMENT = {
    name: KINDS[name].key.index(owner) + 1
    for name, (owner, _) in BELONGING.items()
    if owner == "document"
}
"""Tables whose keys name a document: how many parts of the key are shown where it is protected."""
_SHOWN = frozenset({"ref", "kind", "protected", "publisher", "coverage"})
"""The columns of a protected record that the log shows; all others are hidden."""
_ADDRESS_OF = frozenset({"canonical"})
"""The column hidden in an unprotected document that is another address of a protected one."""


@dataclass(frozen=True)
class ProtectedRow:
    """A record that is protected now.

    Attributes:
        table: Its table.
        id: Its internal key.
        ref: Its ref.
        root: The internal key of its principal, shown in place of its parent; None if it is its
            own.
        pseudonym: The pseudonym.
    """

    table: str
    id: int
    ref: str
    root: int | None
    pseudonym: str


def list_protected(connection: Connection) -> list[ProtectedRow]:
    """Return the records that are protected now, actors first, each table by internal key.

    One statement where there are none, else five.
    """
    # As text: spelled as the condition of the partial indexes, which hold just these rows. Most
    # casebooks protect nothing, and their reports need not wait until a statement is compiled.
    any_in = "SELECT 1 FROM {} WHERE protected"
    query = " UNION ALL ".join(any_in.format(table) for table in NAMING)
    if connection.exec_driver_sql(f"{query} LIMIT 1").first() is None:
        return []
    secret = _secret(connection)
    # Walked in Python: actors are few, and a recursive query joined to tables is slow.
    parents = {
        row.id: row.parent_id for row in connection.execute(select(Actor.id, Actor.parent_id))
    }
    found = []
    for table, model in (("actor", Actor), ("document", Document)):
        for key, ref in connection.execute(
            select(model.id, model.ref).where(model.protected.is_(True)).order_by(model.id)
        ):
            root = _root(key, parents) if table == "actor" else None
            pseudonym = make_pseudonym(secret, table, ref)
            found.append(ProtectedRow(table, key, ref, None if root == key else root, pseudonym))
    return found


def _root(key: int, parents: Mapping[int, int | None]) -> int:
    seen = set[int]()
    while (above := parents.get(key)) is not None and key not in seen:
        seen.add(key)
        key = above
    return key


def _secret(connection: Connection) -> str:
    return str(connection.scalars(select(Casebook.pseudonym_secret)).one())


def make_pseudonym(secret: str, table: str, ref: str) -> str:
    """Return the pseudonym of a record, `protected-` and 12 hexadecimal digits.

    Source: HMAC-SHA-256 (RFC 2104) of `table/ref`, keyed by the casebook's secret.
    """
    digest = hmac.new(bytes.fromhex(secret), f"{table}/{ref}".encode(), hashlib.sha256)
    return f"protected-{digest.hexdigest()[:12]}"


def get_refs_by_pseudonym(connection: Connection) -> dict[tuple[str, str], str]:
    """Return the ref of each record that is protected now, by table and pseudonym."""
    return {(one.table, one.pseudonym): one.ref for one in list_protected(connection)}


class Mask:
    """Masks the names of protected records, present and past, in texts and logged rows.

    The names are read from the rows and the log on first use: reports, which read masked tables and
    no log, do not need them.
    """

    def __init__(self, connection: Connection, rows: Iterable[ProtectedRow]) -> None:
        self._connection, self._rows = connection, list(rows)
        self.pseudonyms = frozenset(one.pseudonym for one in self._rows)
        """The pseudonyms of the records that are protected now."""

    def __call__(self, text: str) -> str:
        """Return a text with every name of a protected record replaced by its pseudonym."""
        names = self.names
        return self._pattern.sub(lambda found: names[found[0]], text) if names else text

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The pseudonym for each name, past ones included."""
        return {name: one.pseudonym for one in self._named_records for name in one.names}

    @cached_property
    def _named_records(self) -> Sequence["_Named"]:
        return list(_known_names(self._connection, self._rows))

    @cached_property
    def _unprotected(self) -> Mapping[tuple[str, str], int]:
        """The last revision that protected a record, by table and ref."""
        return {(one.table, one.ref): one.until for one in self._named_records}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.names, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")

    def hidden(self, table: str, image: Mapping[str, Any], seq: int) -> frozenset[str]:
        """Return the columns of a logged row that must not be shown; `seq` is its revision."""
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
        """Return the key of a row without the names of protected records.

        `seq` is the revision that logged the key; None for the present key.
        """
        if table in _KEYED_BY_DOCUMENT:
            *before, document = key.split("/")[: _KEYED_BY_DOCUMENT[table]]
            if self._was_protected("document", document, seq):
                key = "/".join([*before, document])
        return self(key)

    def _was_protected(self, table: str, ref: str, seq: int | None) -> bool:
        """Return whether a record is protected, or was when revision `seq` was logged."""
        until = self._unprotected.get((table, ref), 0)
        return ref in self.names or (seq is not None and seq <= until)


def get_mask(connection: Connection) -> Mask:
    """Return the mask for the messages of a command, with the names as they are now.

    A command that writes may change names; they must be masked as they were before too.
    """
    mask = Mask(connection, list_protected(connection))
    _ = mask.names
    return mask


# --- names, past ones included --------------------------------------------------------------------


@dataclass(frozen=True)
class _Named:
    """A record that is or was protected.

    Attributes:
        table: Its table.
        ref: Its ref.
        pseudonym: Its pseudonym.
        names: The names that would reveal it.
        until: The last revision in which it was protected.
    """

    table: str
    ref: str
    pseudonym: str
    names: frozenset[str]
    until: int


@dataclass
class _Logged:
    """The names of one record in the log.

    Attributes:
        names: Every name that it ever had.
        public: The names that it had while it was last unprotected; empty while it is protected.
        until: The last revision in which it was protected; 0 if never.
    """

    names: set[str] = field(default_factory=set)
    public: set[str] = field(default_factory=set)
    until: int = 0


def _known_names(connection: Connection, rows: Iterable[ProtectedRow]) -> Iterator[_Named]:
    """Yield each record that is or ever was protected, with the names that must not be shown.

    Unprotecting a record, by an edit or a revert, makes its present names public, but not its
    former ones.
    """
    of_table = {name: {one.ref: one for one in rows if one.table == name} for name in NAMING}
    once = _once_protected(connection)
    if not any(of_table.values()) and not any(once.values()):
        return
    secret = _secret(connection)
    for table, protected in of_table.items():
        refs = {*protected, *once[table]}
        logged = get_past_names(connection, table, refs)
        named = set[str]().union(*(logged_names.names for logged_names in logged.values()))
        others = _public_names(connection, named) if table == "actor" else set()
        for ref in refs:
            logged_names = logged[ref]
            names = {ref, *(logged_names.names - others)}
            if ref not in protected:
                names -= {*logged_names.public, ref} if logged_names.public else set()
            found = frozenset(filter(None, names))
            yield _Named(table, ref, make_pseudonym(secret, table, ref), found, logged_names.until)


def _once_protected(connection: Connection) -> dict[str, set[str]]:
    """Return the refs of the records that were protected in some revision, by table."""
    found: dict[str, set[str]] = {table: set() for table in NAMING}
    for table, key in connection.execute(select_once_protected()):
        found[table].add(str(key))
    return found


def select_once_protected() -> Select[str, str | None]:
    """Select the tables and refs of the records that were protected in some revision."""
    query = select(Revision.table_name, Revision.row_key).where(
        # Without a type: for a Boolean SQLAlchemy sends SQLite `= 1`, which the partial index of
        # this condition does not match.
        literal_column(f"({EVER_PROTECTED})"),
        Revision.table_name.in_(NAMING),
        Revision.row_key.is_not(None),
    )
    return query.distinct()


def get_past_names(connection: Connection, table: str, refs: set[str]) -> dict[str, _Logged]:
    """Return all names that records of a table ever had, by ref, from the log.

    Those of actors that were merged into them too: each merge made one the alias of the other. One
    statement for each batch of refs, and for actors two more for each step back.
    """
    found = _logged_names(connection, table, refs)
    searched = {ref: {ref} for ref in refs}
    new = (
        {ref: set(logged_names.names) for ref, logged_names in found.items()}
        if table == "actor"
        else {}
    )
    while any(new.values()):
        former = _former_refs(connection, set().union(*new.values()))
        of_former = _logged_names(connection, table, former)
        for ref, names in new.items():
            searched[ref] |= names
            earlier = set[str]().union(*(of_former[one].names for one in names & former))
            found[ref].names |= earlier
            new[ref] = earlier - searched[ref]
    return found


def _logged_names(connection: Connection, table: str, refs: set[str]) -> dict[str, _Logged]:
    found = {ref: _Logged() for ref in refs}
    columns = (Revision.row_key, Revision.seq, Revision.before, Revision.after)
    query = select(*columns).order_by(Revision.seq)
    for some in _in_batches(refs):
        of_rows = query.where(Revision.table_name == table, Revision.row_key.in_(some))
        for key, seq, *images in connection.execute(of_rows):
            names_of_row = found[str(key)]
            for image in (json.loads(image) for image in images if image):
                names = set(_texts(image, NAMING[table]))
                names_of_row.names |= names
                secret = image.get("protected") is True
                names_of_row.until = seq if secret else names_of_row.until
                names_of_row.public = set() if secret else {*names_of_row.public, str(key), *names}
    return found


def _in_batches(refs: Iterable[str]) -> Iterator[list[str]]:
    # A statement takes at most 32,766 parameters on SQLite, 65,535 on PostgreSQL.
    ordered = sorted(refs)
    return (ordered[first : first + BATCH_SIZE] for first in range(0, len(ordered), BATCH_SIZE))


def _former_refs(connection: Connection, names: set[str]) -> set[str]:
    """Return which names were refs of actors that have been removed."""
    found = set[str]()
    for some in _in_batches(names):
        present = select(Actor.ref).where(Actor.ref.in_(some))
        former = select(Revision.row_key).where(
            Revision.table_name == "actor",
            Revision.row_key.in_(some),
            Revision.row_key.not_in(present),
        )
        found |= {str(ref) for ref in connection.scalars(former.distinct())}
    return found


def _public_names(connection: Connection, names: set[str]) -> set[str]:
    """Return the refs and names of the unprotected actors whose refs are among some names.

    An actor that was merged into a protected one and exists again is not an alias of it any more.
    """
    found = set[str]()
    for some in _in_batches(names):
        actors = select(Actor.ref, Actor.name)
        public = actors.where(Actor.ref.in_(some), Actor.protected.is_(False))
        found.update(*connection.execute(public))
    return found


def _texts(record: Mapping[str, Any], columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        value = record.get(name)
        yield from value if isinstance(value, list) else [value] if value else []


def mask_value(mask: Callable[[str], str], value: Any) -> Any:
    """Return a value with all texts in it masked; mappings, lists and tuples are walked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {name: mask_value(mask, part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mask_value(mask, part) for part in value)
    return value
