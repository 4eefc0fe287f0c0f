"""Who says or does what, and by which documents it is known."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    exists,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimtrack import vocab
from claimtrack.models.base import (
    IS_REF,
    Base,
    Named,
    Texts,
    Whole,
    flag,
    none_misprotected,
)
from claimtrack.sql import each_text


class Actor(Named):
    """Whoever says, does, promises, judges, decides or publishes."""

    __tablename__ = "actor"
    __table_args__ = (
        CheckConstraint("(kind = 'anonymous') = (access IS NOT NULL)", name="anonymous_has_access"),
        CheckConstraint(
            "(kind = 'anonymous') = (described_as IS NOT NULL)", name="anonymous_is_described"
        ),
        CheckConstraint("count_min >= 1", name="count_min_from_1"),
        CheckConstraint("count_max >= count_min", name="count_max_from_count_min"),
        CheckConstraint("count_max IS NULL OR count_min IS NOT NULL", name="count_has_a_minimum"),
        CheckConstraint("parent_id <> id", name="parent_not_itself"),
        CheckConstraint(IS_REF, name="ref_is_one"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        none_misprotected("actor"),
    )

    name: Mapped[str]
    kind: Mapped[vocab.ActorKind]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"), index=True)
    access: Mapped[vocab.Access | None]
    described_as: Mapped[str | None]
    count_min: Mapped[int | None] = mapped_column(Whole)
    count_max: Mapped[int | None] = mapped_column(Whole)
    aliases: Mapped[list[str]] = mapped_column(Texts, default=list)
    protected: Mapped[bool] = mapped_column(flag("protected"), default=False)

    parent: Mapped["Actor | None"] = relationship(remote_side="Actor.id")


class Document(Named):
    """Something published that shows what was said or done."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("canonical_id <> id", name="canonical_not_itself"),
        CheckConstraint("published_from <= published_to", name="published_in_order"),
        none_misprotected("document"),
        CheckConstraint(IS_REF, name="ref_is_one"),
    )

    url: Mapped[str | None] = mapped_column(unique=True)
    canonical_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    publisher_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    title: Mapped[str | None]
    language: Mapped[str | None]
    published_from: Mapped[date | None]
    published_to: Mapped[date | None] = mapped_column(index=True)
    coverage: Mapped[vocab.Coverage] = mapped_column(default=vocab.Coverage.LISTED)
    archive_url: Mapped[str | None]
    body: Mapped[str | None] = mapped_column(deferred=True)
    protected: Mapped[bool] = mapped_column(flag("protected"), default=False)

    canonical: Mapped["Document | None"] = relationship(remote_side="Document.id")
    publisher: Mapped[Actor] = relationship()


def _time_checks(prefix: str, bounds: str) -> Iterator[CheckConstraint]:
    """Yield the constraints on two times: each needs its day and a zone, and they are in order."""
    for end in ("from", "to"):
        yield CheckConstraint(
            f"{prefix}time_{end} IS NULL "
            f"OR ({bounds}_{end} IS NOT NULL AND {prefix}zone IS NOT NULL)",
            name=f"{prefix}time_{end}_needs_day_and_zone",
        )
    yield CheckConstraint(f"{prefix}time_from <= {prefix}time_to", name=f"{prefix}times_in_order")


class Entry(Named):
    """Something claimed, stated, done, promised, judged or to be decided, by one actor."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("date_from <= date_to", name="date_in_order"),
        CheckConstraint("about_from <= about_to", name="about_in_order"),
        *_time_checks("", "date"),
        *_time_checks("about_", "about"),
        CheckConstraint(
            "kind = 'action' OR (action_code IS NULL AND latitude IS NULL AND longitude IS NULL)",
            name="only_actions_have_code_and_coordinates",
        ),
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_range"),
        CheckConstraint(IS_REF, name="ref_is_one"),
        CheckConstraint("length(summary) > 0", name="summary_not_empty"),
        Index("ix_entry_kind_ref", "kind", "ref"),
        # By day, undated last.
        Index("ix_entry_day", text("coalesce(date_from, date_to, '9999-12-31')"), "ref"),
    )

    kind: Mapped[vocab.EntryKind]
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("actor.id"), index=True)
    capacity: Mapped[str | None]
    summary: Mapped[str]
    date_from: Mapped[date | None] = mapped_column(index=True)
    date_to: Mapped[date | None] = mapped_column(index=True)
    time_from: Mapped[datetime | None]
    time_to: Mapped[datetime | None]
    zone: Mapped[str | None]
    precision: Mapped[vocab.Precision | None]
    date_text: Mapped[str | None]
    about_from: Mapped[date | None]
    about_to: Mapped[date | None]
    about_time_from: Mapped[datetime | None]
    about_time_to: Mapped[datetime | None]
    about_zone: Mapped[str | None]
    place: Mapped[str | None]
    action_code: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)

    actor: Mapped[Actor] = relationship(foreign_keys=actor_id)
    on_behalf_of: Mapped[Actor | None] = relationship(foreign_keys=on_behalf_of_id)


class Participation(Base):
    """An actor other than the agent, and what it is to the entry."""

    __tablename__ = "participation"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, index=True)
    role: Mapped[vocab.ParticipationRole] = mapped_column(primary_key=True)

    entry: Mapped[Entry] = relationship()
    actor: Mapped[Actor] = relationship()


class Citation(Base):
    """A document that stands behind an entry, and where in it."""

    __tablename__ = "citation"
    __table_args__ = (
        CheckConstraint("start_pos >= 0", name="start_pos_from_0"),
        CheckConstraint("start_pos < end_pos", name="positions_in_order"),
        CheckConstraint(
            "(start_pos IS NULL) = (end_pos IS NULL)", name="positions_both_or_neither"
        ),
        CheckConstraint("start_pos IS NULL OR exact IS NOT NULL", name="positions_need_exact"),
        Index(
            "uq_citation_place",
            "entry_id",
            "document_id",
            text("coalesce(via_id, 0)"),
            "label",
            text("coalesce(start_pos, -1)"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key, never shown")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    role: Mapped[vocab.CitationRole]
    via_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    label: Mapped[str] = mapped_column(default="")
    wording: Mapped[vocab.Wording | None]
    exact: Mapped[str | None]
    prefix: Mapped[str | None]
    suffix: Mapped[str | None]
    start_pos: Mapped[int | None] = mapped_column(Whole)
    end_pos: Mapped[int | None] = mapped_column(Whole)

    entry: Mapped[Entry] = relationship()
    document: Mapped[Document] = relationship(foreign_keys=document_id)
    via: Mapped[Document | None] = relationship(foreign_keys=via_id)


def has_alias(name: str) -> ColumnElement[bool]:
    """Whether an actor has exactly that name among its aliases."""
    alias = each_text(Actor.aliases).table_valued("value")
    return exists(select(alias.c.value).where(alias.c.value == name))
