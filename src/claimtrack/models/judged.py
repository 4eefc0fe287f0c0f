"""What entries are about, and what judges say of them."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimtrack import vocab
from claimtrack.models.base import IS_REF, Base, Named, Whole, flag
from claimtrack.models.sourced import Actor, Document, Entry
from claimtrack.number_ranges import MOST


class Topic(Named):
    """What propositions are about, in a tree."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="parent_not_itself"),
        CheckConstraint(IS_REF, name="ref_is_one"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )

    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    exclusive: Mapped[bool] = mapped_column(flag("exclusive"), default=False)

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

    text: Mapped[str]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    truth: Mapped[bool | None] = mapped_column(flag("truth"))
    resolved_on: Mapped[date | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)

    topic: Mapped[Topic] = relationship()
    resolved_by: Mapped[Entry | None] = relationship()


class Stance(Base):
    """How far an entry affirms or denies a proposition, as one judge reads it."""

    __tablename__ = "stance"
    __table_args__ = (
        CheckConstraint("value BETWEEN -2 AND 2", name="value_from_minus_2_to_2"),
        Index("ix_stance_proposition_id_value", "proposition_id", "value", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    proposition_id: Mapped[int] = mapped_column(ForeignKey("proposition.id"), primary_key=True)
    asserted_by_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), primary_key=True, index=True
    )
    value: Mapped[int] = mapped_column(Whole)
    basis: Mapped[vocab.Basis] = mapped_column(default=vocab.Basis.EXPLICIT)
    hedge: Mapped[str | None]
    condition: Mapped[str | None]
    likelihood: Mapped[vocab.Likelihood | None]
    confidence: Mapped[vocab.Confidence | None]
    rationale: Mapped[str | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)

    entry: Mapped[Entry] = relationship()
    proposition: Mapped[Proposition] = relationship()
    asserted_by: Mapped[Actor] = relationship()
    document: Mapped[Document | None] = relationship()


class Measure(Named):
    """What figures are of: something counted over a period, or a level at a time."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint(IS_REF, name="ref_is_one"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
        CheckConstraint("length(unit) > 0", name="unit_not_empty"),
    )

    text: Mapped[str]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), index=True)
    unit: Mapped[str]
    kind: Mapped[vocab.MeasureKind]

    topic: Mapped[Topic] = relationship()


class Figure(Base):
    """The number that an entry gives for a measure, as one judge reads it."""

    __tablename__ = "figure"
    __table_args__ = (
        CheckConstraint("low IS NOT NULL OR high IS NOT NULL", name="has_a_bound"),
        CheckConstraint("low <= high", name="bounds_in_order"),
        # Also keeps infinity and NaN out, for which PostgreSQL's comparisons differ from SQLite's.
        CheckConstraint(f"low BETWEEN -{MOST} AND {MOST}", name="low_range"),
        CheckConstraint(f"high BETWEEN -{MOST} AND {MOST}", name="high_range"),
        Index("ix_figure_measure_id_low_high", "measure_id", "low", "high", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    asserted_by_id: Mapped[int] = mapped_column(
        ForeignKey("actor.id"), primary_key=True, index=True
    )
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    basis: Mapped[vocab.Basis] = mapped_column(default=vocab.Basis.EXPLICIT)
    hedge: Mapped[str | None]
    condition: Mapped[str | None]
    rationale: Mapped[str | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)

    entry: Mapped[Entry] = relationship()
    measure: Mapped[Measure] = relationship()
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
    from_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    relation: Mapped[vocab.Relation]
    strength: Mapped[int] = mapped_column(Whole, default=2)
    asserted_by_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), index=True)
    rationale: Mapped[str | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)

    from_: Mapped[Entry] = relationship(foreign_keys=from_id)
    to: Mapped[Entry] = relationship(foreign_keys=to_id)
    asserted_by: Mapped[Actor] = relationship()
    document: Mapped[Document | None] = relationship()


class Grade(Base):
    """An Admiralty grade that one rater gave an entry on one day."""

    __tablename__ = "grade"
    __table_args__ = (CheckConstraint("credibility BETWEEN 1 AND 6", name="credibility_1_to_6"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    graded_by_id: Mapped[int] = mapped_column(ForeignKey("actor.id"), primary_key=True, index=True)
    graded_on: Mapped[date] = mapped_column(primary_key=True)
    reliability: Mapped[vocab.Reliability]
    credibility: Mapped[int] = mapped_column(Whole)
    rationale: Mapped[str | None]

    entry: Mapped[Entry] = relationship()
    graded_by: Mapped[Actor] = relationship()
