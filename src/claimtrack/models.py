"""The tables, and every rule that no writer can get around.

Integer keys stay inside; people and files use refs. Rows are written by `changes` alone.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    exists,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from claimtrack import vocab
from claimtrack.db import UtcDateTime
from claimtrack.sql import each_text

REF_TYPE = String(64).with_variant(String(64, collation="C"), "postgresql")
"""Refs compare by code point on both databases."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# `vocab.REF_PATTERN`, as both databases can check it.
_IS_REF = (
    f"length(ref) BETWEEN 1 AND 64 AND ltrim(ref, '{_LETTERS}._-') = '' "
    "AND ltrim(substr(ref, 1, 1), '._-') <> ''"
)
DIGEST_TYPE = String(64).with_variant(String(64, collation="C"), "postgresql")
"""A SHA-256, hexadecimal; digests compare likewise."""
KEY_TYPE = Text().with_variant(Text(collation="C"), "postgresql")
"""Keys made of refs compare likewise."""


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


def _few_protected() -> Index:
    """Return an index of the protected records alone: every reader asks whether there are any."""
    protected = text("protected")
    return Index(None, "protected", sqlite_where=protected, postgresql_where=protected)


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
        str: Text,
        datetime: UtcDateTime,
        vocab.EntryKind: _words(vocab.EntryKind, "kind"),
        vocab.ActorKind: _words(vocab.ActorKind, "kind"),
        vocab.Access: _words(vocab.Access, "access"),
        vocab.Coverage: _words(vocab.Coverage, "coverage"),
        vocab.Precision: _words(vocab.Precision, "precision"),
        vocab.ParticipationRole: _words(vocab.ParticipationRole, "role"),
        vocab.CitationRole: _words(vocab.CitationRole, "role"),
        vocab.Wording: _words(vocab.Wording, "wording"),
        vocab.Basis: _words(vocab.Basis, "basis"),
        vocab.Likelihood: _words(vocab.Likelihood, "likelihood"),
        vocab.Confidence: _words(vocab.Confidence, "confidence"),
        vocab.Relation: _words(vocab.Relation, "relation"),
        vocab.Reliability: _words(vocab.Reliability, "reliability"),
        vocab.Op: _words(vocab.Op, "op"),
    }


class Named(Base):
    """What all records with a ref share."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(
        primary_key=True, sort_order=-2, comment="Internal key, never shown"
    )
    ref: Mapped[str] = mapped_column(
        REF_TYPE, unique=True, sort_order=-1, comment="What people and files call it"
    )


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
        CheckConstraint(_IS_REF, name="ref_is_one"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        _few_protected(),
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
        comment="Fewest people an anonymous source can be; empty: unspecified"
    )
    count_max: Mapped[int | None] = mapped_column(
        comment="Most people an anonymous source can be; empty: unspecified"
    )
    aliases: Mapped[list[str]] = mapped_column(
        JSON, default=list, comment="Other names and spellings, a list; empty list: none"
    )
    protected: Mapped[bool] = mapped_column(
        default=False, comment="A source whose identity stays inside unless asked for by flag"
    )

    parent: Mapped["Actor | None"] = relationship(remote_side="Actor.id")


class Document(Named):
    """Something published that shows what was said or done."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("canonical_id <> id", name="canonical_not_itself"),
        CheckConstraint("published_from <= published_to", name="published_in_order"),
        _few_protected(),
        CheckConstraint(_IS_REF, name="ref_is_one"),
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
        default=False, comment="Would give a source away: stays inside unless asked for by flag"
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
        CheckConstraint(_IS_REF, name="ref_is_one"),
        CheckConstraint("length(summary) > 0", name="summary_not_empty"),
        Index("ix_entry_kind_ref", "kind", "ref"),
        # By day, undated last; and the last days of those that take more than one, or are open.
        Index("ix_entry_day", text("coalesce(date_from, date_to, '9999-12-31')"), "ref"),
        Index(
            "ix_entry_lasting",
            text("coalesce(date_to, '9999-12-31')"),
            sqlite_where=text("date_from IS NOT date_to"),
            postgresql_where=text("date_from IS DISTINCT FROM date_to"),
        ),
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
        comment="First code point of the quotation in the body, from 0; empty: not located"
    )
    end_pos: Mapped[int | None] = mapped_column(
        comment="Code point after its last; empty: not located"
    )

    entry: Mapped[Entry] = relationship()
    document: Mapped[Document] = relationship(foreign_keys=document_id)
    via: Mapped[Document | None] = relationship(foreign_keys=via_id)


class Topic(Named):
    """What propositions are about, in a tree."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="parent_not_itself"),
        CheckConstraint(_IS_REF, name="ref_is_one"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    name: Mapped[str] = mapped_column(comment="Its name")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("topic.id"), index=True, comment="The wider topic; empty: none"
    )
    exclusive: Mapped[bool] = mapped_column(
        default=False, comment="Only one of its propositions can be true"
    )

    parent: Mapped["Topic | None"] = relationship(remote_side="Topic.id")


class Proposition(Named):
    """A possible fact, neither asserted nor denied; entries take stances on it."""

    __tablename__ = "proposition"
    __table_args__ = (
        CheckConstraint("(truth IS NULL) = (resolved_on IS NULL)", name="truth_has_its_day"),
        CheckConstraint("resolved_by_id IS NULL OR truth IS NOT NULL", name="resolved_by_truth"),
        CheckConstraint(_IS_REF, name="ref_is_one"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
    )

    text: Mapped[str] = mapped_column(comment="The possible fact, as one sentence")
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id"), index=True, comment="What it is about"
    )
    truth: Mapped[bool | None] = mapped_column(comment="How it turned out; empty: not resolved")
    resolved_on: Mapped[date | None] = mapped_column(
        comment="The day it turned out so; empty: not resolved"
    )
    resolved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("entry.id"), index=True, comment="The entry that settles it; empty: none named"
    )

    topic: Mapped[Topic] = relationship()
    resolved_by: Mapped[Entry | None] = relationship()


class Stance(Base):
    """How far an entry affirms or denies a proposition, as one judge reads it."""

    __tablename__ = "stance"
    __table_args__ = (
        CheckConstraint("value BETWEEN -2 AND 2", name="value_from_minus_2_to_2"),
        Index("ix_stance_proposition_id_value", "proposition_id", "value", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entry.id"), primary_key=True, comment="The entry"
    )
    proposition_id: Mapped[int] = mapped_column(
        ForeignKey("proposition.id"), primary_key=True, comment="What it is a stance on"
    )
    asserted_by_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), primary_key=True, index=True, comment="Whose reading this is"
    )
    value: Mapped[int] = mapped_column(
        Integer,
        comment="-2 denies outright, -1 leans against, 0 leaves open, 1 leans for, 2 asserts",
    )
    basis: Mapped[vocab.Basis] = mapped_column(
        default=vocab.Basis.EXPLICIT, comment="Plainly said, or inferred"
    )
    hedge: Mapped[str | None] = mapped_column(comment="The hedging words; empty: none")
    condition: Mapped[str | None] = mapped_column(comment="What it hangs on; empty: nothing")
    likelihood: Mapped[vocab.Likelihood | None] = mapped_column(
        comment="ICD 203 term for the hedge; empty: the words give none"
    )
    confidence: Mapped[vocab.Confidence | None] = mapped_column(
        comment="The judge's confidence; empty: not stated"
    )
    rationale: Mapped[str | None] = mapped_column(
        comment="Why, in the judge's words; empty: self-evident"
    )
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id"),
        index=True,
        comment="Where this reading was published; empty: with the entry",
    )

    entry: Mapped[Entry] = relationship()
    proposition: Mapped[Proposition] = relationship()
    asserted_by: Mapped[Actor] = relationship()
    document: Mapped[Document | None] = relationship()


_LOWER = "(CASE WHEN from_id < to_id THEN from_id ELSE to_id END)"
_HIGHER = "(CASE WHEN from_id < to_id THEN to_id ELSE from_id END)"
_EITHER_WAY = ", ".join(f"'{word.value}'" for word in vocab.SYMMETRIC)
_WHICH_WAY = f"(CASE WHEN relation IN ({_EITHER_WAY}) THEN 0 ELSE from_id END)"


class Link(Base):
    """One judgement of how one entry bears on another, by one judge."""

    __tablename__ = "link"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="not_itself"),
        CheckConstraint("strength IN (1, 2)", name="strength_is_1_or_2"),
        UniqueConstraint("from_id", "to_id", "relation", "asserted_by_id"),
        Index(
            "uq_link_no_mirror_image",
            text(_LOWER),
            text(_HIGHER),
            "relation",
            "asserted_by_id",
            text(_WHICH_WAY),
            unique=True,
        ),
        Index("ix_link_to_id_relation", "to_id", "relation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Internal key, never shown")
    from_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), comment="The entry that bears")
    to_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), comment="The entry it bears on")
    relation: Mapped[vocab.Relation] = mapped_column(comment="How the first bears on the second")
    strength: Mapped[int] = mapped_column(
        Integer, default=2, comment="1 partial, possible, at odds; 2 outright"
    )
    asserted_by_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), index=True, comment="Whose judgement this is"
    )
    rationale: Mapped[str | None] = mapped_column(
        comment="Why, in the judge's words; empty: self-evident"
    )
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id"),
        index=True,
        comment="Where this judgement was published; empty: with its entries",
    )

    from_: Mapped[Entry] = relationship(foreign_keys=from_id)
    to: Mapped[Entry] = relationship(foreign_keys=to_id)
    asserted_by: Mapped[Actor] = relationship()
    document: Mapped[Document | None] = relationship()


class Grade(Base):
    """An Admiralty grade that one rater gave an entry on one day."""

    __tablename__ = "grade"
    __table_args__ = (CheckConstraint("credibility BETWEEN 1 AND 6", name="credibility_1_to_6"),)

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entry.id"), primary_key=True, comment="The entry graded"
    )
    graded_by_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), primary_key=True, index=True, comment="Who graded it"
    )
    graded_on: Mapped[date] = mapped_column(primary_key=True, comment="The day of the grade")
    reliability: Mapped[vocab.Reliability] = mapped_column(
        comment="Source reliability A to E; F cannot be judged, a missing value"
    )
    credibility: Mapped[int] = mapped_column(
        Integer, comment="Information credibility 1 to 5; 6 cannot be judged, a missing value"
    )
    rationale: Mapped[str | None] = mapped_column(
        comment="Why, in the rater's words; empty: self-evident"
    )

    entry: Mapped[Entry] = relationship()
    graded_by: Mapped[Actor] = relationship()


class Content(Base):
    """The bytes of captures, each once; they stay as long as the log names them. See `capture`."""

    __tablename__ = "content"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),)

    sha256: Mapped[str] = mapped_column(
        DIGEST_TYPE, primary_key=True, comment="SHA-256 of the bytes, hexadecimal"
    )
    bytes: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, comment="The bytes, exactly as they came"
    )


class Capture(Base):
    """The evidentiary copy of a document: its bytes as they were retrieved once, by whom and when.

    Source: Berkeley Protocol on Digital Open Source Investigations (OHCHR, HR/PUB/20/2, 2022).
    """

    __tablename__ = "capture"
    __table_args__ = (
        CheckConstraint("size >= 1", name="size_from_1"),
        CheckConstraint("length(media_type) > 0", name="media_type_not_empty"),
        CheckConstraint("length(retrieved_by) > 0", name="retrieved_by_not_empty"),
    )

    document_id: Mapped[int] = mapped_column(
        ForeignKey("document.id"), primary_key=True, comment="The document of which it is a copy"
    )
    sha256: Mapped[str] = mapped_column(
        DIGEST_TYPE,
        ForeignKey("content.sha256"),
        primary_key=True,
        index=True,
        comment="SHA-256 of its bytes, hexadecimal",
    )
    retrieved_at: Mapped[datetime] = mapped_column(
        primary_key=True, comment="When the bytes were retrieved, UTC"
    )
    retrieved_by: Mapped[str] = mapped_column(comment="Who retrieved them")
    media_type: Mapped[str] = mapped_column(
        comment="What they are, such as text/html; charset=utf-8"
    )
    size: Mapped[int] = mapped_column(Integer, comment="How many bytes they are")

    document: Mapped[Document] = relationship()


class Casebook(Base):
    """This database itself, in its one row."""

    __tablename__ = "casebook"
    __table_args__ = (CheckConstraint("singleton = 1", name="one_row"),)

    id: Mapped[str] = mapped_column(
        String(36), primary_key=True, comment="UUID, given when it was created"
    )
    singleton: Mapped[int] = mapped_column(
        Integer, default=1, unique=True, comment="Always 1: there is one row"
    )
    created_at: Mapped[datetime] = mapped_column(comment="When it was created, UTC")
    pseudonym_secret: Mapped[str] = mapped_column(
        comment="Key of the pseudonyms of protected sources, 64 hexadecimal digits"
    )


class Revision(Base):
    """One change of one row: append-only, each chained to the one before. See `history`."""

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_from_1"),
        Index("ix_revision_table_name_row_key", "table_name", "row_key"),
    )

    seq: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="1, 2, 3 ... without a gap"
    )
    at: Mapped[str] = mapped_column(
        String(27), comment="When, ISO 8601 in UTC with microseconds and Z"
    )
    author: Mapped[str] = mapped_column(comment="Who made the change")
    change: Mapped[str] = mapped_column(
        String(32), index=True, comment="The id of the one command or request"
    )
    message: Mapped[str | None] = mapped_column(comment="Why; empty: not said, or taken out")
    table_name: Mapped[str] = mapped_column(String(32), comment="The table of the row")
    row_key: Mapped[str | None] = mapped_column(
        KEY_TYPE, comment="The row's key, its refs joined by /; empty: taken out"
    )
    op: Mapped[vocab.Op] = mapped_column(comment="What happened to the row")
    before: Mapped[str | None] = mapped_column(
        comment="The row before, canonical JSON; empty: there was none, or taken out"
    )
    after: Mapped[str | None] = mapped_column(
        comment="The row after, canonical JSON; empty: there is none, or taken out"
    )
    salt: Mapped[str | None] = mapped_column(
        String(32), comment="Random salt of the digest, hexadecimal; empty: taken out"
    )
    content_digest: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of salt and content, hexadecimal"
    )
    prev_hash: Mapped[str] = mapped_column(
        String(64), comment="The hash of the revision before; 64 zeros for the first"
    )
    hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of prev_hash and this revision, hexadecimal"
    )


def has_alias(name: str) -> ColumnElement[bool]:
    """Whether an actor has exactly that name among its aliases."""
    alias = each_text(Actor.aliases).table_valued("value")
    return exists(select(alias.c.value).where(alias.c.value == name))
