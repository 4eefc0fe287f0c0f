"""Measures and figures, and room in the full-text index for further tables."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_IS_REF = (
    f"length(ref) BETWEEN 1 AND 64 AND ltrim(ref, '{_LETTERS}._-') = '' "
    "AND ltrim(substr(ref, 1, 1), '._-') <> ''"
)
_REF = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
_MOST = 10**15


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "ref",
            _REF,
            nullable=False,
            comment="Unique identifier of the record in commands and files",
        ),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="Quantity that the figures count or measure, as a phrase",
        ),
        sa.Column("topic_id", sa.Integer(), nullable=False, comment="Topic of the measure"),
        sa.Column(
            "unit",
            sa.Text(),
            nullable=False,
            comment="Unit of the figures, such as strikes, people or USD",
        ),
        sa.Column(
            "kind",
            _words("kind", "count", "level"),
            nullable=False,
            comment="Whether the figures add up over a period (count) or hold at a time (level)",
        ),
        sa.CheckConstraint(_IS_REF, name=op.f("ck_measure_ref_is_one")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_measure_text_not_empty")),
        sa.CheckConstraint("length(unit) > 0", name=op.f("ck_measure_unit_not_empty")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_measure_topic_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("ref", name=op.f("uq_measure_ref")),
    )
    op.create_index(op.f("ix_measure_topic_id"), "measure", ["topic_id"])
    op.create_table(
        "figure",
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="Entry that gives the figure"),
        sa.Column(
            "measure_id",
            sa.Integer(),
            nullable=False,
            comment="Measure that the figure is for",
        ),
        sa.Column(
            "asserted_by_id",
            sa.Integer(),
            nullable=False,
            comment="Judge, the actor that reads the entry this way",
        ),
        sa.Column(
            "low",
            sa.Float(),
            nullable=True,
            comment="Lower bound of the figure; empty: none",
        ),
        sa.Column(
            "high",
            sa.Float(),
            nullable=True,
            comment="Upper bound of the figure; empty: none",
        ),
        sa.Column(
            "basis",
            _words("basis", "explicit", "inferred"),
            nullable=False,
            comment="Whether the entry states the figure explicitly or the judge infers it",
        ),
        sa.Column(
            "hedge",
            sa.Text(),
            nullable=True,
            comment="Hedging words of the source; empty: none",
        ),
        sa.Column(
            "condition",
            sa.Text(),
            nullable=True,
            comment="Condition on which the figure depends; empty: none",
        ),
        sa.Column(
            "rationale",
            sa.Text(),
            nullable=True,
            comment="Reasons for this reading, in the judge's words; empty: self-evident",
        ),
        sa.Column(
            "document_id",
            sa.Integer(),
            nullable=True,
            comment="Document in which this reading was published; empty: published with the entry",
        ),
        sa.CheckConstraint(
            "low IS NOT NULL OR high IS NOT NULL", name=op.f("ck_figure_has_a_bound")
        ),
        sa.CheckConstraint("low <= high", name=op.f("ck_figure_bounds_in_order")),
        sa.CheckConstraint(f"low BETWEEN -{_MOST} AND {_MOST}", name=op.f("ck_figure_low_range")),
        sa.CheckConstraint(f"high BETWEEN -{_MOST} AND {_MOST}", name=op.f("ck_figure_high_range")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_figure_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_figure_measure_id_measure")
        ),
        sa.ForeignKeyConstraint(
            ["asserted_by_id"], ["actor.id"], name=op.f("fk_figure_asserted_by_id_actor")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_figure_document_id_document")
        ),
        sa.PrimaryKeyConstraint("entry_id", "measure_id", "asserted_by_id", name=op.f("pk_figure")),
    )
    op.create_index(op.f("ix_figure_asserted_by_id"), "figure", ["asserted_by_id"])
    op.create_index(op.f("ix_figure_document_id"), "figure", ["document_id"])
    op.create_index(
        "ix_figure_measure_id_low_high", "figure", ["measure_id", "low", "high", "entry_id"]
    )
    _make_room_in_index()


def _make_room_in_index() -> None:
    """Number the rows of the full-text index by eight tables; there was room for four."""
    if op.get_bind().dialect.name == "sqlite":
        # FTS5 cannot change row numbers in place without meeting numbers that are still taken.
        op.execute(
            "CREATE VIRTUAL TABLE new_fulltext USING fts5(kind UNINDEXED, ref UNINDEXED, words, "
            'tokenize = "porter unicode61 remove_diacritics 2")'
        )
        op.execute(
            "INSERT INTO new_fulltext (rowid, kind, ref, words) "
            "SELECT rowid / 4 * 8 + rowid % 4, kind, ref, words FROM fulltext"
        )
        op.execute("DROP TABLE fulltext")
        op.execute("ALTER TABLE new_fulltext RENAME TO fulltext")
        return
    # By way of negative numbers, which no row has: a new number may still be another row's.
    op.execute("UPDATE fulltext SET rowid = -(rowid / 4 * 8 + rowid % 4) - 1")
    op.execute("UPDATE fulltext SET rowid = -rowid - 1")
