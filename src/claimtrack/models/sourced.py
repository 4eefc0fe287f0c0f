"""Who says or does what, and by which documents it is known."""

from datetime import date

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

    name: Mapped[str] = mapped_column(comment="Its usual name")
    kind: Mapped[vocab.ActorKind] = mapped_column(comment="Person, group, ..., anonymous source")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("actor.id"),
        index=True,
        comment="Whom it serves, belongs to or is one of; empty: it is its own principal",
    )
    access: Mapped[vocab.Access | None] = mapped_column(
        comment="How near an anonymous source is said to be; empty: not anonymous"
    )
    described_as: Mapped[str | None] = mapped_column(
        comment="An anonymous source in its document's words; empty: not anonymous"
    )
    count_min: Mapped[int | None] = mapped_column(
        Whole, comment="Fewest people an anonymous source can be; empty: unspecified"
    )
    count_max: Mapped[int | None] = mapped_column(
        Whole, comment="Most people an anonymous source can be; empty: unspecified"
    )
    aliases: Mapped[list[str]] = mapped_column(
        Texts, default=list, comment="Other names and spellings, a list; empty list: none"
    )
    protected: Mapped[bool] = mapped_column(
        flag("protected"),
        default=False,
        comment="A source whose identity stays inside unless asked for by flag",
    )

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

    url: Mapped[str | None] = mapped_column(unique=True, comment="Its address; empty: none known")
    canonical_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id"),
        index=True,
        comment="The document of which this is another address; empty: itself",
    )
    publisher_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), index=True, comment="The actor that published it"
    )
    title: Mapped[str | None] = mapped_column(comment="Its title; empty: not recorded")
    language: Mapped[str | None] = mapped_column(comment="BCP 47 tag; empty: not recorded")
    published_from: Mapped[date | None] = mapped_column(
        comment="Earliest day of publication; empty: unknown"
    )
    published_to: Mapped[date | None] = mapped_column(
        index=True, comment="Latest day of publication; empty: as published_from"
    )
    coverage: Mapped[vocab.Coverage] = mapped_column(
        default=vocab.Coverage.LISTED, comment="How much of it has been coded"
    )
    archive_url: Mapped[str | None] = mapped_column(comment="An archived copy; empty: none")
    body: Mapped[str | None] = mapped_column(
        deferred=True, comment="Its text, to which positions of quotations refer; empty: not kept"
    )
    protected: Mapped[bool] = mapped_column(
        flag("protected"),
        default=False,
        comment="Would give a source away: stays inside unless asked for by flag",
    )

    canonical: Mapped["Document | None"] = relationship(remote_side="Document.id")
    publisher: Mapped[Actor] = relationship()


class Entry(Named):
    """Something claimed, stated, done, promised, judged or to be decided, by one actor."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("date_from <= date_to", name="date_in_order"),
        CheckConstraint("about_from <= about_to", name="about_in_order"),
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

    kind: Mapped[vocab.EntryKind] = mapped_column(comment="Claim, statement, action, ...")
    actor_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), index=True, comment="Who says, does, promises, judges or decides"
    )
    on_behalf_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("actor.id"),
        index=True,
        comment="For whom it spoke or acted then; empty: itself and what it belongs to",
    )
    capacity: Mapped[str | None] = mapped_column(
        comment="The office or role in which it spoke or acted; empty: not recorded"
    )
    summary: Mapped[str] = mapped_column(comment="What was said or done, in the coder's words")
    date_from: Mapped[date | None] = mapped_column(
        index=True, comment="Earliest day it can have happened; empty: open or unknown"
    )
    date_to: Mapped[date | None] = mapped_column(
        index=True, comment="Latest day it can have happened; empty: open or unknown"
    )
    precision: Mapped[vocab.Precision | None] = mapped_column(
        comment="How exactly it is dated; empty: undated"
    )
    date_text: Mapped[str | None] = mapped_column(
        comment="The date in the source's own words; empty: nothing beyond the bounds"
    )
    about_from: Mapped[date | None] = mapped_column(
        comment="First day of the period spoken of; empty: open or not given"
    )
    about_to: Mapped[date | None] = mapped_column(
        comment="Last day of the period spoken of; empty: open or not given"
    )
    place: Mapped[str | None] = mapped_column(comment="Where; empty: not recorded")
    action_code: Mapped[str | None] = mapped_column(
        comment="PLOVER category of an action, such as ASSAULT:drone; empty: not coded"
    )
    latitude: Mapped[float | None] = mapped_column(
        Float, comment="Degrees north (WGS 84) of an action; empty: not recorded"
    )
    longitude: Mapped[float | None] = mapped_column(
        Float, comment="Degrees east (WGS 84) of an action; empty: not recorded"
    )

    actor: Mapped[Actor] = relationship(foreign_keys=actor_id)
    on_behalf_of: Mapped[Actor | None] = relationship(foreign_keys=on_behalf_of_id)


class Participation(Base):
    """An actor other than the agent, and what it is to the entry."""

    __tablename__ = "participation"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entry.id"), primary_key=True, comment="The entry"
    )
    actor_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), primary_key=True, index=True, comment="Who takes part"
    )
    role: Mapped[vocab.ParticipationRole] = mapped_column(
        primary_key=True, comment="What the actor is to the entry"
    )

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
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), comment="What is cited for")
    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id"), index=True, comment="The document cited"
    )
    role: Mapped[vocab.CitationRole] = mapped_column(comment="How the document stands behind it")
    via_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id"),
        index=True,
        comment="The document in whose note it was found; empty: cited directly",
    )
    label: Mapped[str] = mapped_column(
        default="", comment="The note's label there, such as [12]; empty text: none"
    )
    wording: Mapped[vocab.Wording | None] = mapped_column(
        comment="Whose words the summary renders; empty: not recorded"
    )
    exact: Mapped[str | None] = mapped_column(
        comment="The words quoted (Web Annotation TextQuoteSelector); empty: no quotation"
    )
    prefix: Mapped[str | None] = mapped_column(comment="The words before; empty: not recorded")
    suffix: Mapped[str | None] = mapped_column(comment="The words after; empty: not recorded")
    start_pos: Mapped[int | None] = mapped_column(
        Whole, comment="First code point of the quotation in the body, from 0; empty: not located"
    )
    end_pos: Mapped[int | None] = mapped_column(
        Whole, comment="Code point after its last; empty: not located"
    )

    entry: Mapped[Entry] = relationship()
    document: Mapped[Document] = relationship(foreign_keys=document_id)
    via: Mapped[Document | None] = relationship(foreign_keys=via_id)


def has_alias(name: str) -> ColumnElement[bool]:
    """Whether an actor has exactly that name among its aliases."""
    alias = each_text(Actor.aliases).table_valued("value")
    return exists(select(alias.c.value).where(alias.c.value == name))
