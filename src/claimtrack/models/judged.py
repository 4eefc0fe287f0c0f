"""What entries are about, and what judges say of them."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimtrack import vocab
from claimtrack.models.base import IS_REF, Base, Named, Whole, flag
from claimtrack.models.sourced import Actor, Document, Entry


class Topic(Named):
    """What propositions are about, in a tree."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="parent_not_itself"),
        CheckConstraint(IS_REF, name="ref_is_one"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    name: Mapped[str] = mapped_column(comment="Its name")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("topic.id"), index=True, comment="The wider topic; empty: none"
    )
    exclusive: Mapped[bool] = mapped_column(
        flag("exclusive"), default=False, comment="Only one of its propositions can be true"
    )

    parent: Mapped["Topic | None"] = relationship(remote_side="Topic.id")


class Proposition(Named):
    """A possible fact, neither asserted nor denied; entries take stances on it."""

    __tablename__ = "proposition"
    __table_args__ = (
        CheckConstraint("(truth IS NULL) = (resolved_on IS NULL)", name="truth_has_its_day"),
        CheckConstraint("resolved_by_id IS NULL OR truth IS NOT NULL", name="resolved_by_truth"),
        CheckConstraint(IS_REF, name="ref_is_one"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
    )

    text: Mapped[str] = mapped_column(comment="The possible fact, as one sentence")
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id"), index=True, comment="What it is about"
    )
    truth: Mapped[bool | None] = mapped_column(
        flag("truth"), comment="How it turned out; empty: not resolved"
    )
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
        Whole,
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
        Whole, default=2, comment="1 partial, possible, at odds; 2 outright"
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
        Whole, comment="Information credibility 1 to 5; 6 cannot be judged, a missing value"
    )
    rationale: Mapped[str | None] = mapped_column(
        comment="Why, in the rater's words; empty: self-evident"
    )

    entry: Mapped[Entry] = relationship()
    graded_by: Mapped[Actor] = relationship()
