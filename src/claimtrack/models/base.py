"""What all tables share: how columns are typed, how constraints are named, and refs."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from claimtrack import vocab
from claimtrack.db import UtcDateTime
from claimtrack.kinds import KINDS

REF_TYPE = String(64).with_variant(String(64, collation="C"), "postgresql")
"""Refs compare by code point on both databases."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# `vocab.REF_PATTERN`, as both databases can check it.
IS_REF = (
    f"length(ref) BETWEEN 1 AND 64 AND ltrim(ref, '{_LETTERS}._-') = '' "
    "AND ltrim(substr(ref, 1, 1), '._-') <> ''"
)
DIGEST_TYPE = String(64).with_variant(String(64, collation="C"), "postgresql")
"""A SHA-256, hexadecimal; digests compare likewise."""
KEY_TYPE = Text().with_variant(Text(collation="C"), "postgresql")
"""Keys made of refs compare likewise."""


_BOOLEANS = {None: None, 0: False, 1: True}


class _Flag(Boolean):
    """A boolean; what SQLite holds in its place is refused, unless it is 0 or 1."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Raise LookupError for what is no boolean."""
        return None if dialect.supports_native_boolean else _BOOLEANS.__getitem__


def flag(column: str) -> Boolean:
    """Return the type of a column of booleans: on SQLite a CHECK lets it hold 0 and 1 alone."""
    return _Flag(create_constraint=True, name=f"{column}_is_0_or_1")


class _Text(Text):
    """Text; where SQLite holds bytes or a number in its place, that is refused."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Raise LookupError for what is no text."""
        return None if dialect.supports_native_boolean else _as_text


def _as_text(value: Any) -> Any:
    if value is None or type(value) is str:
        return value
    raise LookupError("text was expected")


class Whole(Integer):
    """A whole number; where SQLite holds anything else in its place, that is refused."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Raise LookupError for what is no whole number."""
        return None if dialect.supports_native_boolean else _as_whole


def _as_whole(value: Any) -> Any:
    if value is None or type(value) is int:
        return value
    raise LookupError("a whole number was expected")


class Texts(TypeDecorator[list[str]]):
    """A list of texts, kept as JSON; anything else is refused."""

    impl = JSON
    cache_ok = True

    @property
    def python_type(self) -> type[list[str]]:
        """What its values are."""
        return list

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str] | None:
        """Raise LookupError for what is no list of texts."""
        if value is None or (type(value) is list and all(type(part) is str for part in value)):
            return value
        raise LookupError(f"a list of texts was expected, not {value!r}")


def _words(vocabulary: type[StrEnum], name: str) -> Enum:
    """Return the column type of a closed vocabulary: text, and a CHECK that holds its words."""
    return Enum(
        vocabulary,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda words: [word.value for word in words],
    )


MISPROTECTED = "protected IS NOT 0 AND protected IS NOT 1"
"""What SQLite has where a rule was switched off: such a record is neither protected nor not."""


def none_misprotected(table: str) -> Index:
    """Return an index, empty as it should be: every command asks SQLite whether it is."""
    index = Index(f"ix_{table}_misprotected", "protected", sqlite_where=text(MISPROTECTED))
    return index.ddl_if(dialect="sqlite")


class Base(DeclarativeBase):
    """What all tables share: named constraints, and columns typed by their vocabulary."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads a plain attribute
        str: _Text,
        datetime: UtcDateTime,
        vocab.Op: _words(vocab.Op, "op"),
        **{
            one.words: _words(one.words, one.name)
            for kind in KINDS.values()
            for one in kind.fields
            if one.words
        },
    }

    def __init_subclass__(cls, **options: Any) -> None:
        """Give each column of a record type the comment that `kinds` has for it."""
        super().__init_subclass__(**options)
        kind = KINDS.get(vars(cls).get("__tablename__", ""))
        meanings = {one.column: one.meaning for one in kind.fields} if kind else {}
        for column in Base.metadata.tables[kind.name].columns if kind else ():
            column.comment = meanings.get(column.name, column.comment)


class Named(Base):
    """What all records with a ref share."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-2, comment="Internal key, never shown"
    )
    ref: Mapped[str] = mapped_column(REF_TYPE, unique=True, sort_order=-1)
