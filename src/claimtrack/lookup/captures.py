"""Captures of documents, and whether their bytes are still what they were."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, select, union

from claimtrack import replay
from claimtrack.db import Session, format_instant
from claimtrack.errors import AmbiguousRef, InvalidValue, StorageFailure, UnknownRef
from claimtrack.lookup import layouts
from claimtrack.models import Capture, Content, Document
from claimtrack.records import get, is_withheld
from claimtrack.sql import stream


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """The evidentiary copy of a document as it was retrieved once; its bytes apart."""

    layout = layouts.CAPTURE

    document: str
    sha256: str
    media_type: str
    size: int
    retrieved_at: str
    retrieved_by: str


def list_captures(session: Session, ref: str) -> list[CaptureRow]:
    """Return the captures of a document, oldest first, then by digest.

    Raises:
        UnknownRef: there is no such document.
    """
    document = get(session, Document, ref)
    query = _captures().where(Capture.document_id == document.id)
    query = query.order_by(Capture.retrieved_at, Capture.sha256)
    return [_row(*row) for row in session.execute(query)]


def _captures() -> Select[str, str, str, int, datetime, str]:
    columns = (Capture.sha256, Capture.media_type, Capture.size)
    return select(Document.ref, *columns, Capture.retrieved_at, Capture.retrieved_by).join(
        Document, Document.id == Capture.document_id
    )


def _row(
    ref: str, sha256: str, media_type: str, size: int, retrieved_at: datetime, retrieved_by: str
) -> CaptureRow:
    return CaptureRow(ref, sha256, media_type, size, format_instant(retrieved_at), retrieved_by)


def get_capture(session: Session, ref: str, prefix: str | None = None) -> CaptureRow:
    """Return the newest capture of a document, of those whose digest begins with `prefix`.

    Raises:
        UnknownRef: There is no such document, or no such capture of it.
        AmbiguousRef: The digests of captures with different bytes begin with `prefix`.
    """
    found = list_captures(session, ref)
    digests = list(dict.fromkeys(row.sha256 for row in found))
    if prefix is not None:
        if not prefix.strip():
            raise InvalidValue("sha256", prefix, "the first digits of a digest")
        found = [row for row in found if row.sha256.startswith(prefix.strip().lower())]
    if not found:
        withheld = is_withheld(session, get(session, Document, ref))
        near = [] if withheld else [one[:12] for one in digests[-3:]]
        raise UnknownRef("capture", f"{ref}/{prefix or ''}", near)
    digests_found = {row.sha256 for row in found}
    if prefix is not None and len(digests_found) > 1:
        raise AmbiguousRef(
            f"{len(digests_found)} captures of {ref} begin with {prefix!r}: use more digits"
        )
    return found[-1]


def bytes_of(session: Session, digest: str) -> bytes:
    """Return the bytes of a capture after verifying their digest.

    Raises:
        StorageFailure: The bytes do not have the digest, or are missing.
    """
    content = session.scalar(select(Content.bytes).where(Content.sha256 == digest))
    fault = _fault(content, digest)
    if content is None or fault:
        raise StorageFailure(f"capture {digest} cannot be used: {fault}")
    return content


def _fault(content: bytes | None, digest: str) -> str | None:
    if content is None:
        return "its bytes are missing"
    hashed = hashlib.sha256(content).hexdigest()
    return None if hashed == digest else f"its bytes have been changed: their SHA-256 is {hashed}"


@dataclass(frozen=True, slots=True)
class CaptureFinding:
    """Something wrong with the bytes of a capture; with bytes that none names, it has no document.

    Its fields name the capture as `CaptureRow` does.
    """

    layout = layouts.CAPTURE_FINDING

    document: str | None
    sha256: str
    retrieved_at: str | None
    finding: str


def verify_captures(session: Session, ref: str | None = None) -> Iterator[CaptureFinding]:
    """Verify the digests of all captures, or of one document's, and yield a row for each fault.

    By digest, then document and time. If all are verified, the faults of bytes without a capture
    come last. The bytes of one capture are held in memory at a time.

    Raises:
        UnknownRef: there is no such document.
    """
    query = _captures().order_by(Capture.sha256, Document.ref, Capture.retrieved_at)
    if ref is not None:
        query = query.where(Capture.document_id == get(session, Document, ref).id)
    rows = (_row(*row) for row in stream(session, query))
    for digest, alike in groupby(rows, key=lambda row: row.sha256):
        content = session.scalar(select(Content.bytes).where(Content.sha256 == digest))
        fault, length = _fault(content, digest), len(content or b"")
        del content
        for row in alike:
            size = f"it has {length:,} bytes, and its recorded size is {row.size:,}"
            finding = fault or (size if row.size != length else None)
            if finding:
                yield CaptureFinding(row.document, digest, row.retrieved_at, finding)
    for digest, finding in _without_capture(session) if ref is None else ():
        yield CaptureFinding(None, digest, None, finding)


def _without_capture(session: Session) -> Iterator[tuple[str, str]]:
    """Yield the digest and the fault of bytes that no capture refers to, by digest."""
    unnamed = set(replay.stream_unlogged_digests(session))
    stored = union(select(Content.sha256), replay.select_logged_digests()).subquery()
    query = select(stored.c.sha256).where(stored.c.sha256.not_in(select(Capture.sha256)))
    for (digest,) in stream(session, query.order_by(stored.c.sha256)):
        content = session.scalar(select(Content.bytes).where(Content.sha256 == digest))
        finding = replay.UNLOGGED_BYTES if digest in unnamed else _fault(content, digest)
        if finding:
            yield digest, finding
