"""A connection that cannot read what is protected.

Wherever a statement names a table that holds something protected, a subquery takes its place in
which the protected columns are replaced. The statement itself is rewritten while it is compiled, so
that nothing is created on the server, nothing is left on the connection, and no search path, no
pooler and no read-only server makes a difference. A statement that was not rewritten is refused
before it is sent.

Of a protected source remain its kind and its principal; of a protected document its publisher, its
dates and how far it was coded. What is computed and never shown (whose principal somebody is, which
sources may be one) goes by the real rows: `TRUE_ACTOR` and `TRUE_DOCUMENT` hold the columns for
that, keys alone.
"""

import copy
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Integer, Table, TableClause, column, event, table
from sqlalchemy.sql.compiler import SQLCompiler

from claimtrack.models import Base
from claimtrack.protection.pseudonyms import BELONGING, WITHHELD, Live, Mask, live
from claimtrack.vocab import Access, ActorKind

TRUE_ACTOR = table("actor", column("id", Integer), column("parent_id", Integer), column("kind"))
"""Actors as they are: for computing, whoever reads. It names nobody."""
TRUE_DOCUMENT = table("document", column("id", Integer), column("canonical_id", Integer))
"""Documents as they are, likewise."""


class Unprotected(RuntimeError):
    """A statement would have read a protected table as it is: a fault of the program, no answer."""


def protect(connection: Connection) -> Mask:
    """Make a connection protect what is protected now, and return the mask for texts and the log.

    To be called in the transaction that reads. Where nothing is protected, nothing is rewritten.
    """
    rows = live(connection)
    if rows:
        _rewrite_statements(connection, rows)
    return Mask(connection, rows)


def _rewrite_statements(connection: Connection, rows: Iterable[Live]) -> None:
    dialect, reads_unprotected = _rewriting(connection.dialect, tuple(rows))
    connection.dialect = dialect

    @event.listens_for(connection, "before_cursor_execute")
    def refuse(
        _conn: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: Any
    ) -> None:
        compiled = getattr(context, "compiled", None)
        if reads_unprotected(statement, isinstance(compiled, dialect.statement_compiler)):
            raise Unprotected(f"a statement reads a protected table as it is: {statement[:200]}")


@lru_cache(maxsize=8)
def _rewriting(
    usual_dialect: Dialect, rows: tuple[Live, ...]
) -> tuple[Dialect, Callable[[str, bool], bool]]:
    """Return a dialect that rewrites statements, and what tells one that reads a table as it is.

    Kept for as long as the same is protected: statements are cached by the dialect they are for, so
    that the next reader of the same casebook need not compile them again.
    """
    selects = _selects(rows, postgresql=usual_dialect.name == "postgresql")
    true = {one.name: _columns_of(one) for one in (TRUE_ACTOR, TRUE_DOCUMENT)}
    dialect = copy.copy(usual_dialect)
    usual: type[SQLCompiler] = dialect.statement_compiler

    class Protecting(usual):  # type: ignore[valid-type, misc]  # the database decides which
        """Puts a subquery in the place of each protected table."""

        def visit_table(
            self, table: Any, asfrom: bool = False, enclosing_alias: Any = None, **kw: Any
        ) -> str:
            named: str = super().visit_table(
                table, asfrom=asfrom, enclosing_alias=enclosing_alias, **kw
            )
            chosen = selects if isinstance(table, Table) else true
            if not asfrom or table.name not in chosen:
                return named
            bare = self.preparer.quote(table.name)
            suffix = named.removeprefix(bare)
            aliased = enclosing_alias is not None and enclosing_alias.element is table
            return f"({chosen[table.name]}){suffix if suffix or aliased else f' AS {bare}'}"

    dialect.statement_compiler = Protecting
    replaced = re.compile("|".join(map(re.escape, [*selects.values(), *true.values()])))

    @lru_cache(maxsize=256)
    def reads_unprotected(statement: str, rewritten: bool) -> bool:
        named = _JOINED if rewritten else _LISTED
        return named.search(replaced.sub("", statement)) is not None

    return dialect, reads_unprotected


# --- what takes the place of a table --------------------------------------------------------------


def _selects(rows: Iterable[Live], *, postgresql: bool) -> Mapping[str, str]:
    """Return the subquery for each table that holds something protected."""
    rows = list(rows)
    of = {name: [row for row in rows if row.table == name] for name in ("actor", "document")}
    roots = {row.id: row.root for row in of["actor"] if row.root is not None}
    shown = {
        name: _looked_up({row.id: row.pseudonym for row in found}, postgresql=postgresql)
        for name, found in of.items()
    }
    root = f"CAST({_looked_up(roots, postgresql=postgresql)} AS INTEGER)"
    collate = ' COLLATE "C"' if postgresql else ""
    empty = "CAST('[]' AS json)" if postgresql else "'[]'"
    anonymous = f"CASE WHEN a.kind = '{ActorKind.ANONYMOUS.value}' THEN '{{}}' END"
    actor = {
        "ref": f"{shown['actor']}{collate}",
        "name": shown["actor"],
        "parent_id": root,
        "aliases": empty,
        "access": anonymous.format(Access.UNSPECIFIED.value),
        "described_as": anonymous.format(WITHHELD),
        "count_min": "NULL",
        "count_max": "NULL",
    }
    nulls = ("url", "canonical_id", "title", "language", "archive_url", "body")
    document = {"ref": f"{shown['document']}{collate}", **dict.fromkeys(nulls, "NULL")}
    selects = {
        "actor": _select("actor", "a.protected", actor),
        "document": _select(
            "document",
            "a.protected",
            document,
            # What is an address of a protected document would say which document that is.
            canonical_id=f"(a.protected OR a.canonical_id IN ({_PROTECTED['document']}))",
        ),
    }
    for name, (owner, columns) in BELONGING.items():
        if name == "capture":
            continue
        hidden = {one: "''" if one == "label" else "NULL" for one in columns}
        secret = f"a.{owner}_id IN ({_PROTECTED[owner]})"
        selects[name] = _select(name, secret, hidden)
    captured = f"a.document_id NOT IN ({_PROTECTED['document']})"
    selects["capture"] = f"{_select('capture', 'FALSE', {})} WHERE {captured}"
    return selects


_TABLE = r"(?:\w+\.)?\"?(?:actor|document|entry|citation|capture)\b"
_JOINED = re.compile(rf"\b(?:FROM|JOIN)\s+{_TABLE}", re.IGNORECASE)
"""A protected table as a statement reads it."""
_LISTED = re.compile(rf"(?:\b(?:FROM|JOIN)|,)\s+{_TABLE}", re.IGNORECASE)
"""The same where the text is not ours: behind a comma too, where it could also be a column."""


_PROTECTED = {
    "actor": "SELECT id FROM actor WHERE protected",
    "document": "SELECT id FROM document WHERE protected",
}


def _columns_of(true: TableClause) -> str:
    """Return the subquery that has some columns of a table as they are."""
    columns = ", ".join(str(one.name) for one in true.columns)
    return f"SELECT {columns} FROM {true.name}"  # noqa: S608 - every name is ours


def _select(name: str, secret: str, hidden: Mapping[str, str], **apart: str) -> str:
    """Return a subquery that has the columns of a table, the hidden ones replaced where secret.

    `apart` says of single columns by what other condition they are secret.
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
    """Return the expression that looks the key of `a` up in a constant; null where it is not there.

    The constant is part of the statement: no relation has to hold it. It holds keys and pseudonyms,
    nothing that would have to be escaped.
    """
    constant = json.dumps(values)
    if postgresql:
        return f"(CAST('{constant}' AS jsonb) ->> CAST(a.id AS text))"
    return f"json_extract('{constant}', '$.\"' || a.id || '\"')"
