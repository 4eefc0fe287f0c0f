"""From refs to rows and back: the names that people use for what the tables hold."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    bindparam,
    func,
    inspect,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from claimtrack import models
from claimtrack.db import Session, format_instant, is_masked
from claimtrack.errors import AmbiguousRef, InvalidValue, UnknownRef
from claimtrack.history import Image
from claimtrack.kinds import KINDS
from claimtrack.models import (
    KEY_TYPE,
    Actor,
    Base,
    Document,
    Entry,
    Measure,
    Named,
    Proposition,
    Topic,
)
from claimtrack.sql import each_text, plain_text

NamedT = TypeVar("NamedT", bound=Named)

TABLES: dict[str, type[Base]] = {
    mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers
}
"""All tables, by name."""

NAMED: dict[str, type[Named]] = {
    "actor": Actor,
    "document": Document,
    "topic": Topic,
    "proposition": Proposition,
    "measure": Measure,
    "entry": Entry,
}
"""The tables whose rows have a ref, by name."""

KEYS = {kind.name: kind.key for kind in KINDS.values() if kind.key != ("ref",)}
"""What names a row that has no ref of its own."""


IN_ORDER = tuple(KINDS)
"""The tables that hold records and their dependent rows, each after those that its rows need."""


ADDED_COLUMNS: Mapping[str, frozenset[str]] = {
    "entry": frozenset(
        {"time_from", "time_to", "zone", "about_time_from", "about_time_to", "about_zone"}
    )
}
"""Columns that are newer than their table, by table.

The log has them only where they have a value: so a row reads the same in a revision from before
there were such columns, and a casebook that was upgraded still agrees with its log.
"""


def refers(column: Column[Any]) -> bool:
    """Whether a column holds the key of a record, which goes by its ref elsewhere."""
    return any(key.column.table.name in NAMED for key in column.foreign_keys)


@cache
def references(model: type[Base]) -> Mapping[str, type[Named]]:
    """Return the columns that point at records, as people call them, with the tables of those."""
    mapper = inspect(model)
    return {
        column.name.removesuffix("_id"): mapper.relationships[
            relation_name(column.name)
        ].mapper.class_
        for column in mapper.columns
        if refers(column)
    }


@cache
def own_columns(model: type[Base]) -> tuple[str, ...]:
    """Return the columns that point at no record, but the internal key."""
    columns = inspect(model).columns
    return tuple(column.name for column in columns if column.name != "id" and not refers(column))


def pointing_at(table: str) -> Iterator[tuple[type[Base], Any, str]]:
    """Yield each foreign key to a table: the model that holds it, its column, its relation."""
    for name in sorted(TABLES):
        mapper = inspect(TABLES[name])
        for column in mapper.columns:
            if any(key.column.table.name == table for key in column.foreign_keys):
                yield mapper.class_, column, relation_name(column.name)


def record_of(row: Base) -> dict[str, Any]:
    """Return a row as people and files see it: no internal key, a ref for each foreign key."""
    record = {}
    for column in inspect(type(row)).columns:
        name = column.name
        if refers(column):
            other = getattr(row, relation_name(name))
            record[name.removesuffix("_id")] = other and other.ref
        elif name != "id":
            record[name] = getattr(row, name)
    return record


def values_of(table: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as the log has it, its JSON read, with the types that the columns have."""
    values = {**dict.fromkeys(ADDED_COLUMNS.get(table, ())), **record}
    for column in inspect(TABLES[table]).columns:
        kind, value = column.type.python_type, record.get(column.name)
        if value is None or refers(column):
            continue
        if kind in (date, datetime):
            values[column.name] = kind.fromisoformat(value)
        elif kind is float or issubclass(kind, Enum):
            values[column.name] = kind(value)
    return values


def relation_name(column: str) -> str:
    """Return the attribute that holds the row to which a foreign key column points."""
    name = column.removesuffix("_id")
    return "from_" if name == "from" else name


def image_of(row: Base) -> Image:
    """Return a row as the log keeps it."""
    table, record = row.__tablename__, record_of(row)
    return Image(table, key_of(table, record), without_empty_additions(table, record))


def without_empty_additions(table: str, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without the empty ones of its `ADDED_COLUMNS`."""
    added = ADDED_COLUMNS.get(table)
    if not added:
        return record
    return {name: value for name, value in record.items() if value is not None or name not in added}


def key_of(table: str, record: dict[str, Any]) -> str:
    """Return what names a record in the log: its ref, or the refs of its key joined by /."""
    if table in NAMED:
        return str(record["ref"])
    return "/".join(_spelled(record.get(name)) for name in KEYS[table])


def _spelled(part: object) -> str:
    if isinstance(part, datetime):
        return format_instant(part)
    return "" if part is None else str(part)


@cache  # to build it takes longer than to send it
def selected(table: str) -> Select[Any]:
    """Select the rows of a table as `record_of` has them: columns of those names, refs for keys."""
    model = TABLES[table]
    query = select().select_from(model)
    for column in inspect(model).columns:
        if refers(column):
            other = aliased(NAMED[next(iter(column.foreign_keys)).column.table.name])
            query = query.outerjoin(other, other.id == column)
            query = query.add_columns(other.ref.label(column.name.removesuffix("_id")))
        elif column.name != "id":
            query = query.add_columns(column.label(column.name))
    return query


def key_column(table: str, query: Select[Any]) -> ColumnElement[str]:
    """Return the key of each row that `selected` selects, as `key_of` spells it."""
    columns = query.selected_columns
    if table in NAMED:
        return columns["ref"]
    first, *rest = (func.coalesce(plain_text(columns[name]), "") for name in KEYS[table])
    joined: ColumnElement[str] = first
    for part in rest:
        joined = joined.concat("/").concat(part)
    return type_coerce(joined, KEY_TYPE)


def find(session: Session, model: type[NamedT], ref: str) -> NamedT | None:
    """Return the record with that ref, or None; a second call does not fetch it again.

    Raises:
        InvalidValue: the ref is no text.
    """
    if not isinstance(ref, str):
        raise InvalidValue("ref", str(ref), "a text")
    row = session.state.cached_records.get((model, ref))
    if row is None or not inspect(row).persistent:  # removed
        row = session.scalar(_with_ref(model), {"ref": ref})
        if row is not None:
            session.state.cached_records[model, ref] = row
    return cast(NamedT | None, row)


@cache  # an import asks for thousands: to build the statement takes as long as to send it
def _with_ref(model: type[NamedT]) -> Select[NamedT]:
    return select(model).where(model.ref == bindparam("ref"))


def forget_found(session: Session) -> None:
    """Let `find` fetch every record anew: a savepoint was taken back, or memory is to be freed."""
    session.state.cached_records.clear()


def get(session: Session, model: type[NamedT], ref: str) -> NamedT:
    """Return the record with that ref; an actor is found by name or alias too.

    Raises:
        UnknownRef: there is none; names the nearest.
        AmbiguousRef: several actors have that name.
    """
    found = find(session, model, ref)
    if found is None and model is Actor:
        named = session.scalars(actors_called(ref).limit(2)).all()
        if len(named) > 1:
            shared = " and ".join(actor.ref for actor in named)
            raise AmbiguousRef(
                f"several actors are called {ref!r}, {shared} among them: give a ref"
            )
        found = cast(NamedT, named[0]) if named else None
    if found is None:
        raise UnknownRef(model.__tablename__, ref, _guessed(session, model, ref))
    return found


def is_withheld(session: Session, row: Base) -> bool:
    """Return whether a record is protected, so that its hidden columns must not be shown."""
    return isinstance(row, Actor | Document) and row.protected and is_masked(session)


MOST_GUESSED = 100
"""Unknown refs for which one command looks for the nearest: each time it reads all names."""


def _guessed(session: Session, model: type[Named], ref: str) -> Sequence[str]:
    guessed = session.state.nearest_refs
    if (model, ref) not in guessed and len(guessed) < MOST_GUESSED:
        guessed[model, ref] = nearest(session, model, ref)
    return guessed.get((model, ref), ())


def actors_called(*names: str) -> Select[Actor]:
    """Select the actors whose name or alias is exactly one of those."""
    conditions = [(Actor.name == name) | models.has_alias(name) for name in names]
    return select(Actor).where(or_(*conditions)).order_by(Actor.ref)


MOST_COMPARED = 5000
"""Names that are compared with one that nothing has."""


def nearest(session: Session, model: type[Named], ref: str) -> Sequence[str]:
    """Return up to three existing refs that look most like a missing one; of actors, names too.

    What is protected is never suggested to somebody who must not know it.
    """
    names: list[Select[str, str]] = [select(model.ref, plain_text(model.ref).label("name"))]
    if model is Actor:
        alias = each_text(Actor.aliases).table_valued("value")
        names.append(select(Actor.ref, plain_text(Actor.name)))
        names.append(select(Actor.ref, plain_text(alias.c.value)).join(alias, true()))
    if is_masked(session) and issubclass(model, Actor | Document):
        names = [query.where(model.protected.is_(False)) for query in names]
    candidates = union_all(*names).subquery()
    begins_otherwise = func.lower(func.substr(candidates.c.name, 1, 1)) != ref[:1].lower()
    close = (
        select(candidates)
        .where(func.abs(func.length(candidates.c.name) - len(ref)) <= 2)
        .order_by(begins_otherwise, candidates.c.name)
        .limit(MOST_COMPARED)
    )
    named = {row.name.lower(): row.ref for row in session.execute(close)}
    least = 0.6 if model is Actor else 0.5  # long names share many letters by chance
    matches = difflib.get_close_matches(ref.lower(), named, n=9, cutoff=least)
    return list(dict.fromkeys(named[match] for match in matches))[:3]
