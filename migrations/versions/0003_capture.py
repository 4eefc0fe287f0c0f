"""Captures: the evidentiary copies of documents, and their bytes, each once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DIGEST = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("sha256", _DIGEST, nullable=False, comment="SHA-256 of the bytes, hexadecimal"),
        sa.Column(
            "bytes", sa.LargeBinary(), nullable=False, comment="The bytes, exactly as they came"
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_content_sha256_is_whole")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_content")),
    )
    op.create_table(
        "capture",
        sa.Column(
            "document_id",
            sa.Integer(),
            nullable=False,
            comment="The document of which it is a copy",
        ),
        sa.Column("sha256", _DIGEST, nullable=False, comment="SHA-256 of its bytes, hexadecimal"),
        sa.Column(
            "retrieved_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the bytes were retrieved, UTC",
        ),
        sa.Column("retrieved_by", sa.Text(), nullable=False, comment="Who retrieved them"),
        sa.Column(
            "media_type",
            sa.Text(),
            nullable=False,
            comment="What they are, such as text/html; charset=utf-8",
        ),
        sa.Column("size", sa.Integer(), nullable=False, comment="How many bytes they are"),
        sa.CheckConstraint("size >= 1", name=op.f("ck_capture_size_from_1")),
        sa.CheckConstraint("length(media_type) > 0", name=op.f("ck_capture_media_type_not_empty")),
        sa.CheckConstraint(
            "length(retrieved_by) > 0", name=op.f("ck_capture_retrieved_by_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_capture_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["content.sha256"], name=op.f("fk_capture_sha256_content")
        ),
        sa.PrimaryKeyConstraint("document_id", "sha256", "retrieved_at", name=op.f("pk_capture")),
    )
    op.create_index(op.f("ix_capture_sha256"), "capture", ["sha256"])
