"""The evidence itself: captures of documents, and the texts that are made of them."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from claimtrack import quotations
from claimtrack.changes.merging import find_row
from claimtrack.changes.rows import columns_of, delete, insert, update
from claimtrack.db import Session
from claimtrack.errors import Duplicate, Invalid, InvalidValue
from claimtrack.models import Capture, Citation, Content, Document
from claimtrack.records import get
from claimtrack.schemas import NewCapture
from claimtrack.vocab import MOST_BYTES


def capture(session: Session, record: NewCapture, content: bytes) -> Capture:
    """Keep the bytes of a document exactly as they came, beside its other captures.

    Bytes that are kept already are not kept again.

    Raises:
        UnknownRef: there is no such document.
        Invalid: there are no bytes, or more than are taken.
        Duplicate: the same bytes were captured at that very time already.
    """
    if not content:
        raise Invalid("there is nothing to capture: the input is empty")
    if len(content) > MOST_BYTES:
        raise InvalidValue("size", len(content), f"{MOST_BYTES:,} bytes at most")
    digest = hashlib.sha256(content).hexdigest()
    known = {**record.model_dump(), "sha256": digest, "size": len(content)}
    known["document"] = get(session, Document, record.document)
    if find_row(session, "capture", {**known, "document": record.document}, None) is not None:
        raise Duplicate(f"{record.document} has that capture already: {digest} at the same time")
    if not session.scalar(select(exists().where(Content.sha256 == digest))):
        session.add(Content(sha256=digest, bytes=content))
        session.flush()
    row = Capture(**known)
    insert(session, row)
    return row


@dataclass(frozen=True, slots=True)
class Refound:
    """What became of one quotation when its document got a new text."""

    entry: str
    exact: str
    label: str
    was: int | None
    now: int | None


def retext(session: Session, ref: str, text: str) -> list[Refound]:
    """Give a document its text, find every quotation again, and return them by entry.

    A quotation whose words stand there is moved to them: where they stand several times, to where
    the words around them are most like its prefix and suffix, or those of the text before. One
    that is lost keeps its words and loses its position. Where that makes it the same citation as
    another, its label tells them apart.

    Raises:
        UnknownRef: there is no such document.
    """
    document = get(session, Document, ref)
    placed = _placed(session, document, text)
    told = [
        Refound(one.entry.ref, one.exact, to["label"], one.start_pos, to["start_pos"])
        for one, to in placed
        if one.exact is not None
    ]
    moved = [(one, to) for one, to in placed if not _stays(one, to)]
    anew = [{**columns_of(one), **to} for one, to in moved]
    # Their positions are part of their keys. Taken back, the old text is there before they are.
    for one, _ in moved:
        delete(session, one)
    update(session, document, {"body": text})
    for columns in anew:
        insert(session, Citation(**columns))
    return sorted(told, key=lambda row: (row.entry, row.was is None, row.was or 0))


Position = dict[str, Any]
"""The columns of a citation that say where its quotation stands."""


def _placed(session: Session, document: Document, text: str) -> list[tuple[Citation, Position]]:
    """Return each citation of a document with its position in a text, no two at the same."""
    query = select(Citation).where(Citation.document == document).order_by(Citation.id)
    found = [(one, _position(one, document.body or "", text)) for one in session.scalars(query)]
    taken = set()
    for one, to in sorted(found, key=lambda each: not _stays(*each)):
        number = 1
        while (key := (one.entry_id, one.via_id, to["label"], to["start_pos"])) in taken:
            number += 1
            to["label"] = f"{one.label} ({number})".strip()
        taken.add(key)
    return found


def _position(citation: Citation, old: str, text: str) -> Position:
    here = {name: getattr(citation, name) for name in ("label", "exact", "start_pos", "end_pos")}
    if citation.exact is None:
        return here
    start, end = citation.start_pos, citation.end_pos
    around = (citation.prefix or "", citation.suffix or "")
    if not any(around) and start is not None and end is not None:
        before = quotations.place_at(old, start, end)
        around = (before.prefix, before.suffix)
    place = quotations.best(text, quotations.places(text, citation.exact), around, start)
    if place is None:
        return {**here, "start_pos": None, "end_pos": None}
    return {**here, "exact": place.exact, "start_pos": place.start, "end_pos": place.end}


def _stays(citation: Citation, to: Position) -> bool:
    return all(getattr(citation, name) == value for name, value in to.items())
