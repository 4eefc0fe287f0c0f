"""The bytes of documents, the casebook itself, and its log."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimtrack import vocab
from claimtrack.models.base import DIGEST_TYPE, KEY_TYPE, Base, Whole
from claimtrack.models.sourced import Document


class Content(Base):
    """The bytes of captures, each once; they stay as long as the log names them. See `capture`."""

    __tablename__ = "content"
    __table_args__ = (CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),)

    sha256: Mapped[str] = mapped_column(
        DIGEST_TYPE, primary_key=True, comment="SHA-256 of the bytes, in hexadecimal"
    )
    bytes: Mapped[bytes] = mapped_column(
        LargeBinary, deferred=True, comment="The bytes, exactly as retrieved"
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

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(
        DIGEST_TYPE, ForeignKey("content.sha256"), primary_key=True, index=True
    )
    retrieved_at: Mapped[datetime] = mapped_column(primary_key=True)
    retrieved_by: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(Whole)

    document: Mapped[Document] = relationship()


class Casebook(Base):
    """This database itself, in its one row."""

    __tablename__ = "casebook"
    __table_args__ = (CheckConstraint("singleton = 1", name="one_row"),)

    id: Mapped[str] = mapped_column(
        String(36), primary_key=True, comment="UUID of the casebook, made when it was created"
    )
    singleton: Mapped[int] = mapped_column(
        Whole, default=1, unique=True, comment="Always 1, since the table has one row"
    )
    created_at: Mapped[datetime] = mapped_column(
        comment="Time at which the casebook was created, in UTC"
    )
    pseudonym_secret: Mapped[str] = mapped_column(
        comment="Key of the pseudonyms of protected sources, 64 hexadecimal digits"
    )


_MARK = "'\"protected\":true'"
EVER_PROTECTED = f"replace(before, {_MARK}, '') <> before OR replace(after, {_MARK}, '') <> after"
"""Whether a revision says that a record is or was protected, as SQL that both databases read.

Spelled so, and in no other way, it is answered by `ix_revision_protected`. For `literal_column`:
`text` would take `:true` for a parameter.
"""


class Revision(Base):
    """One change of one row: append-only, each chained to the one before. See `history`."""

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("seq >= 1", name="seq_from_1"),
        Index("ix_revision_table_name_row_key", "table_name", "row_key"),
    )

    seq: Mapped[int] = mapped_column(
        primary_key=True,
        autoincrement=False,
        comment="Number of the revision: 1, 2, 3 and so on, without gaps",
    )
    at: Mapped[str] = mapped_column(
        String(27), comment="Time of the change, ISO 8601 in UTC with microseconds and Z"
    )
    author: Mapped[str] = mapped_column(comment="Who made the change")
    change: Mapped[str] = mapped_column(
        String(32), index=True, comment="Id of the command or request that made the change"
    )
    message: Mapped[str | None] = mapped_column(
        comment="Reason for the change; empty: none stated, or redacted"
    )
    table_name: Mapped[str] = mapped_column(String(32), comment="Table of the row")
    row_key: Mapped[str | None] = mapped_column(
        KEY_TYPE, comment="Key of the row, its refs joined by /; empty: redacted"
    )
    op: Mapped[vocab.Op] = mapped_column(comment="What the change did to the row")
    before: Mapped[str | None] = mapped_column(
        comment="Row before the change, as canonical JSON; empty: there was none, or redacted"
    )
    after: Mapped[str | None] = mapped_column(
        comment="Row after the change, as canonical JSON; empty: there is none, or redacted"
    )
    salt: Mapped[str | None] = mapped_column(
        String(32), comment="Random salt of the digest, in hexadecimal; empty: redacted"
    )
    content_digest: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of the salt and the content, in hexadecimal"
    )
    prev_hash: Mapped[str] = mapped_column(
        String(64), comment="Hash of the previous revision; 64 zeros for the first"
    )
    hash: Mapped[str] = mapped_column(
        String(64), comment="SHA-256 of prev_hash and this revision, in hexadecimal"
    )
