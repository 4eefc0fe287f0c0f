"""Connections that cannot read protected columns.

In every statement a protected table is replaced by a subquery that masks the protected columns. The
statement is rewritten while SQLAlchemy compiles it: nothing is created on the server and nothing is
left on the connection, so that it works with any search path, pooler or read-only server. A
statement that was not rewritten is refused before it is sent.

Of a protected source the kind and the principal remain visible; of a protected document the
publisher, the dates and the coverage. Computations that are never shown (who the principal is,
which sources may be one) use the real rows through `UNMASKED_ACTOR` and `UNMASKED_DOCUMENT`, which
have keys alone.
"""

import copy
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Connection, Dialect, Integer, Table, TableClause, column, event, table
from sqlalchemy.sql.compiler import SQLCompiler

from claimtrack.kinds import KINDS, SELF
from claimtrack.models import Base
from claimtrack.protection.pseudonyms import (
    BELONGING,
    NAMING,
    WITHHELD,
    Mask,
    ProtectedRow,
    list_protected,
)
from claimtrack.vocab import Access, ActorKind

UNMASKED_ACTOR = table("actor", column("id", Integer), column("parent_id", Integer), column("kind"))
"""Actors with their real keys and parents, for computations; it has no names."""
UNMASKED_DOCUMENT = table("document", column("id", Integer), column("canonical_id", Integer))
"""Documents with their real keys, likewise."""


class UnprotectedRead(RuntimeError):
    """A statement would have read a protected table unmasked: a bug in claimtrack."""


def protect(connection: Connection) -> Mask:
    """Make a connection mask what is protected now, and return the mask for texts and the log.

    Call it in the transaction that reads. Where nothing is protected, no statement is rewritten.
    """
    rows = list_protected(connection)
    if rows:
        _rewrite_statements(connection, rows)
    return Mask(connection, rows)


def _rewrite_statements(connection: Connection, rows: Iterable[ProtectedRow]) -> None:
    dialect, reads_unprotected = _rewriting(connection.dialect, tuple(rows))
    connection.dialect = dialect

    @event.listens_for(connection, "before_cursor_execute")
    def refuse(
        _conn: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any
    ) -> None:
        compiled = getattr(context, "compiled", None)
        if reads_unprotected(statement, isinstance(compiled, dialect.statement_compiler)):
            raise UnprotectedRead(
                f"a statement reads a protected table as it is: {statement[:200]}"
            )


@lru_cache(maxsize=8)
def _rewriting(
    usual_dialect: Dialect, rows: tuple[ProtectedRow, ...]
) -> tuple[Dialect, Callable[[str, bool], bool]]:
    """Return a dialect that rewrites statements, and a function that finds unmasked reads.

    Cached by the protected rows: SQLAlchemy caches compiled statements by dialect, so the next
    reader of the same casebook need not compile them again. At most 8 casebooks.
    """
    selects = _selects(rows, postgresql=usual_dialect.name == "postgresql")
    true = {one.name: _columns_of(one) for one in (UNMASKED_ACTOR, UNMASKED_DOCUMENT)}
    dialect = copy.copy(usual_dialect)
    usual: type[SQLCompiler] = dialect.statement_compiler

    class Protecting(usual):  # type: ignore[valid-type, misc]  # the database decides which
        """Puts a subquery in place of each protected table."""

        def visit_table(
            self, table: Any, asfrom: bool = False, enclosing_alias: Any = None, **kw: Any
        ) -> str:
            named: str = super().visit_table(
                table, asfrom=asfrom, enclosing_alias=enclosing_alias, **kw
            )
            replaces = selects if isinstance(table, Table) else true
            if not asfrom or table.name not in replaces:
                return named
            bare = self.preparer.quote(table.name)
            suffix = named.removeprefix(bare)
            aliased = enclosing_alias is not None and enclosing_alias.element is table
            return f"({replaces[table.name]}){suffix if suffix or aliased else f' AS {bare}'}"

    dialect.statement_compiler = Protecting
    replaced = re.compile("|".join(map(re.escape, [*selects.values(), *true.values()])))

    @lru_cache(maxsize=256)  # a report sends the same statement for each batch
    def reads_unprotected(statement: str, rewritten: bool) -> bool:
        named = _JOINED if rewritten else _LISTED
        return named.search(replaced.sub("", statement)) is not None

    return dialect, reads_unprotected


# --- what takes the place of a table --------------------------------------------------------------


def _selects(rows: Iterable[ProtectedRow], *, postgresql: bool) -> Mapping[str, str]:
    """Return the subquery for each table with protected rows."""
    rows = list(rows)
    of = {name: [row for row in rows if row.table == name] for name in ("actor", "document")}
    roots = {row.id: row.root for row in of["actor"] if row.root is not None}
    shown = {
        name: _looked_up({row.id: row.pseudonym for row in found}, postgresql=postgresql)
        for name, found in of.items()
    }
    root = f"CAST({_looked_up(roots, postgresql=postgresql)} AS INTEGER)"
    collate = ' COLLATE "C"' if postgresql else ""
    anonymous = f"CASE WHEN a.kind = '{ActorKind.ANONYMOUS.value}' THEN '{{}}' END"
    empty = partial(_empty, postgresql=postgresql)
    actor = {
        **empty("actor", SELF),
        "ref": f"{shown['actor']}{collate}",
        "name": shown["actor"],
        "parent_id": root,
        "access": anonymous.format(Access.UNSPECIFIED.value),
        "described_as": anonymous.format(WITHHELD),
    }
    document = {**empty("document", SELF), "ref": f"{shown['document']}{collate}"}
    selects = {
        "actor": _select("actor", "a.protected", actor),
        "document": _select(
            "document",
            "a.protected",
            document,
            # Another address of a protected document would reveal that document.
            canonical_id=f"(a.protected OR a.canonical_id IN ({_PROTECTED['document']}))",
        ),
    }
    for name, (owner, _) in BELONGING.items():
        if name == "capture":
            continue
        secret = f"a.{owner}_id IN ({_PROTECTED[owner]})"
        selects[name] = _select(name, secret, empty(name, owner))
    captured = f"a.document_id NOT IN ({_PROTECTED['document']})"
    selects["capture"] = f"{_select('capture', 'FALSE', {})} WHERE {captured}"
    return selects


def _empty(table: str, owner: str, *, postgresql: bool) -> Mapping[str, str]:
    """Return the replacement of each column that is hidden with a record, by name."""
    columns = Base.metadata.tables[table].columns
    no_list = "CAST('[]' AS json)" if postgresql else "'[]'"
    return {
        one.column: no_list if one.several else "NULL" if columns[one.column].nullable else "''"
        for one in KINDS[table].hidden_with(owner)
    }


_TABLE = rf"(?:\w+\.)?\"?(?:{'|'.join([*NAMING, *BELONGING])})\b"
_JOINED = re.compile(rf"\b(?:FROM|JOIN)\s+{_TABLE}", re.IGNORECASE)
"""A protected table in a statement that SQLAlchemy compiled."""
_LISTED = re.compile(rf"(?:\b(?:FROM|JOIN)|,)\s+{_TABLE}", re.IGNORECASE)
"""The same in a statement given as text: after a comma too, where it could also be a column."""


_PROTECTED = {
    "actor": "SELECT id FROM actor WHERE protected",
    "document": "SELECT id FROM document WHERE protected",
}


def _columns_of(true: TableClause) -> str:
    """Return the subquery that has some columns of a table unmasked."""
    columns = ", ".join(str(one.name) for one in true.columns)
    return f"SELECT {columns} FROM {true.name}"  # noqa: S608 - every name is ours


def _select(name: str, secret: str, hidden: Mapping[str, str], **apart: str) -> str:
    """Return a subquery for a table in which hidden columns are replaced where a condition holds.

    Args:
        name: The table.
        secret: The condition.
        hidden: The replacement for each hidden column, as SQL.
        apart: Other conditions for single columns.
    """
    columns = (
        f"CASE WHEN {apart.get(one.name, secret)} THEN {hidden[one.name]} "
        f"ELSE a.{one.name} END AS {one.name}"
        if one.name in hidden
        else f"a.{one.name}"
        for one in Base.metadata.tables[name].columns
    )
    return f"SELECT {', '.join(columns)} FROM {name} AS a"  # noqa: S608 - every name is ours


def _looked_up(values: Mapping[int, int | str], *, postgresql: bool) -> str:
    """Return an expression that looks the key of `a` up in a constant; NULL where it is missing.

    A constant in the statement, as no temporary table may be created. It holds keys and pseudonyms,
    which need no escaping.
    """
    constant = json.dumps(values)
    if postgresql:
        return f"(CAST('{constant}' AS jsonb) ->> CAST(a.id AS text))"
    return f"json_extract('{constant}', '$.\"' || a.id || '\"')"
