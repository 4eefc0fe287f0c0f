"""Captures of documents, and the texts that are extracted from them."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select

from claimtrack import quotations
from claimtrack.changes.merging import find_row_by_key
from claimtrack.changes.rows import delete, get_columns, insert, update
from claimtrack.db import Session
from claimtrack.errors import Duplicate, Invalid, InvalidValue
from claimtrack.models import Capture, Citation, Content, Document
from claimtrack.records import get
from claimtrack.schemas import NewCapture
from claimtrack.vocab import MOST_BYTES


def capture(session: Session, record: NewCapture, content: bytes) -> Capture:
    """Store the bytes of a document unchanged, as one more capture; return its row.

    Bytes that are stored already are not stored again.

    Raises:
        UnknownRef: there is no such document.
        Invalid: there are no bytes, or more than `MOST_BYTES`.
        Duplicate: the same bytes were captured at the same time already.
    """
    if not content:
        raise Invalid("there is nothing to capture: the input is empty")
    if len(content) > MOST_BYTES:
        raise InvalidValue("size", len(content), f"{MOST_BYTES:,} bytes at most")
    digest = hashlib.sha256(content).hexdigest()
    values = {**record.model_dump(), "sha256": digest, "size": len(content)}
    values["document"] = get(session, Document, record.document)
    if (
        find_row_by_key(session, "capture", {**values, "document": record.document}, None)
        is not None
    ):
        raise Duplicate(f"{record.document} already has this capture: {digest} with the same time")
    if not session.scalar(select(exists().where(Content.sha256 == digest))):
        session.add(Content(sha256=digest, bytes=content))
        session.flush()
    row = Capture(**values)
    insert(session, row)
    return row


@dataclass(frozen=True, slots=True)
class MovedQuotation:
    """The position of one quotation before and after its document got a new text.

    Attributes:
        entry: The ref of the entry that quotes it.
        exact: The quoted words.
        label: The label of the citation.
        was: Where it began in the old text; None if it had no position.
        now: Where it begins in the new one; None if it is not there.
    """

    entry: str
    exact: str
    label: str
    was: int | None
    now: int | None


def replace_text(session: Session, ref: str, text: str) -> list[MovedQuotation]:
    """Set the text of a document, locate every quotation in it again, and return them by entry.

    Of several passages with the words of a quotation, the one is chosen whose surroundings are most
    like its prefix and suffix, or else the surroundings in the old text. A quotation that is not
    found keeps its words and loses its position. If two citations become the same, a number in the
    label distinguishes them.

    Raises:
        UnknownRef: there is no such document.
    """
    document = get(session, Document, ref)
    placed = _relocate_all(session, document, text)
    found = [
        MovedQuotation(one.entry.ref, one.exact, to["label"], one.start_pos, to["start_pos"])
        for one, to in placed
        if one.exact is not None
    ]
    moved = [(one, to) for one, to in placed if not _is_unchanged(one, to)]
    replacements = [{**get_columns(one), **to} for one, to in moved]
    # Their positions are part of their keys. Taken back, the old text is there before they are.
    for one, _ in moved:
        delete(session, one)
    update(session, document, {"body": text})
    for columns in replacements:
        insert(session, Citation(**columns))
    return sorted(found, key=lambda row: (row.entry, row.was is None, row.was or 0))


Position = dict[str, Any]
"""The columns of a citation that say where its quotation is."""


def _relocate_all(
    session: Session, document: Document, text: str
) -> list[tuple[Citation, Position]]:
    """Return each citation of a document with its position in a text, no two with the same key."""
    query = select(Citation).where(Citation.document == document).order_by(Citation.id)
    found = [(one, _relocate(one, document.body or "", text)) for one in session.scalars(query)]
    used = set()
    for one, to in sorted(found, key=lambda each: not _is_unchanged(*each)):
        number = 1
        while (key := (one.entry_id, one.via_id, to["label"], to["start_pos"])) in used:
            number += 1
            to["label"] = f"{one.label} ({number})".strip()
        used.add(key)
    return found


def _relocate(citation: Citation, old: str, text: str) -> Position:
    here = {name: getattr(citation, name) for name in ("label", "exact", "start_pos", "end_pos")}
    if citation.exact is None:
        return here
    start, end = citation.start_pos, citation.end_pos
    around = (citation.prefix or "", citation.suffix or "")
    if not any(around) and start is not None and end is not None:
        before = quotations.get_place(old, start, end)
        around = (before.prefix, before.suffix)
    place = quotations.find_best_place(
        text, quotations.find_places(text, citation.exact), around, start
    )
    if place is None:
        return {**here, "start_pos": None, "end_pos": None}
    return {**here, "exact": place.exact, "start_pos": place.start, "end_pos": place.end}


def _is_unchanged(citation: Citation, to: Position) -> bool:
    return all(getattr(citation, name) == value for name, value in to.items())
