"""Records that rows make on the way, held against what the casebook has: one is kept, all is noted.

A document that rows describe differently keeps what the first of them said, and bounds of
publication that hold all the dates given: so it counts as published no earlier than any row says.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from claimtrack import changes, dates
from claimtrack.db import Session
from claimtrack.errors import Conflict
from claimtrack.exchange.imports.differences import CHANGED, REPLACED, spelled
from claimtrack.exchange.imports.updates import (
    Said,
    Source,
    columns,
    is_same,
    refuse_protected,
    said,
)
from claimtrack.models import Citation, Document, Entry, Link, Named, Proposition, Stance
from claimtrack.records import get, record_of
from claimtrack.schemas import NewDocument
from claimtrack.validation import validate_record

_DATES = ("published_from", "published_to")
Bounds = tuple[date | None, date | None]
"""The earliest and the latest day of publication."""


def note_differences(source: Source, there: Named, given: Mapping[str, Any]) -> None:
    """Note what a row says of a record that stays as it is; values that are empty say nothing.

    What somebody has changed since an import gave it is no difference.
    """
    held = record_of(there)
    other = [key for key, value in given.items() if value and not is_same(held[key], value)]
    before = said(source, there.__tablename__, there.ref) if other else Said()
    for key in other:
        if not before.has(key, given[key]) or before.ours[key]:
            source.differences.add(there, key, given[key], held[key])


@dataclass(frozen=True, slots=True)
class Taken:
    """What a row that cites a document changes of it; wider bounds are still to be written."""

    changed: bool = False
    bounds: Bounds | None = None


def take_over(
    source: Source,
    there: Document,
    given: Mapping[str, Any],
    *,
    so_far: Bounds | None,
    is_first: bool,
    is_shared: Callable[[], bool],
) -> Taken:
    """Write what a row that cites a document says of it, but for wider bounds of publication.

    `so_far` are the bounds that are to be written for other rows. `is_first` says that no row of
    this import has described it yet: what the source has changed since the last import is written
    then. `is_shared` tells whether others rely on the document.

    Raises:
        Invalid: a value is wrong, or the document is protected and would change.
    """
    held = record_of(there)
    own = {key: held[key] for key in columns(NewDocument, held)}
    said_here = {key for key, one in given.items() if one}
    if said_here.intersection(_DATES):
        said_here.update(_DATES)  # an end that is open is part of a date
    record = validate_record(NewDocument, {**own, **{key: given.get(key) for key in said_here}})
    new = {key: one for key, one in record.model_dump(by_alias=True).items() if key in said_here}
    other = [key for key in new if not is_same(held[key], new[key])]
    if not other:
        return Taken()
    before = said(source, there.__tablename__, there.ref)
    written = _written(source, there, {key: new[key] for key in other}, before, is_first=is_first)
    bounds = None
    if set(other) & set(_DATES):
        if is_first and _corrects(before, new) and not is_shared():
            written |= {key: new[key] for key in _DATES}
        else:
            bounds = _widened(source, there, new, before, so_far)
    if written or bounds:
        refuse_protected(source, there)
    for key in written if is_first else ():
        source.differences.add_change(key, there, CHANGED)
    if written:
        changes.put(source.session, validate_record(NewDocument, {**own, **written}))
    return Taken(bool(written or bounds), bounds)


def _written(
    source: Source, there: Document, new: Mapping[str, Any], before: Said, *, is_first: bool
) -> dict[str, Any]:
    """Return the values that a document takes over; of the others, but the dates, note it."""
    written: dict[str, Any] = {}
    for key in (key for key in new if key not in _DATES):
        held = getattr(there, key)
        if before.has(key, new[key]):
            if before.ours[key]:
                source.differences.add(there, key, new[key], held, REPLACED)
        elif before.is_made and (is_first or held is None):
            written[key] = new[key]
        else:
            source.differences.add(there, key, new[key], held)
    return written


def _corrects(before: Said, new: Mapping[str, Any]) -> bool:
    """Whether dates of a document of this profile are new, and nobody has changed them."""
    again = all(before.has(key, new[key]) for key in _DATES)
    return before.is_made and not again and not any(map(before.is_corrected, _DATES))


def _widened(
    source: Source, there: Document, new: Mapping[str, Any], before: Said, so_far: Bounds | None
) -> Bounds | None:
    """Return bounds of publication that hold what a row gives too; None where they do already.

    Somebody who has changed them knew of dates up to those that imports gave before.
    """
    first, last = new["published_from"], new["published_to"] or new["published_from"]
    held = so_far or (there.published_from, there.published_to or there.published_from)
    bounds = _holding((first, last), held)
    if before.is_corrected(_DATES[0]) or before.is_corrected(_DATES[1]):
        known = before.extremes("published_from")[0], before.extremes("published_to")[1]
        if first and known[0] <= first.isoformat() and last.isoformat() <= known[1]:
            return None
    result = bounds if before.is_made or before.by_imports else held
    if result != (first, last):
        span = dates.format_span(first, last)
        source.differences.add(there, "published", span, dates.format_span(*result))
    return bounds if result == bounds != held else None


def _holding(one: Bounds, other: Bounds) -> Bounds:
    """Return the bounds that hold both; a beginning that is open stays open."""
    (first, last), (begins, ends) = one, other
    if last is None or ends is None:
        return one if ends is None else other
    return (min(first, begins) if first and begins else None), max(last, ends)


def write_bounds(source: Source, ref: str, bounds: Bounds) -> None:
    """Write the bounds of publication of a document."""
    held = record_of(get(source.session, Document, ref))
    own = {key: held[key] for key in columns(NewDocument, held)}
    wider = dict(zip(_DATES, bounds, strict=True))
    changes.put(source.session, validate_record(NewDocument, {**own, **wider}))


def is_shared(session: Session, document: Document, entries: Collection[str]) -> bool:
    """Whether anything but some entries, and what hangs on them, refers to a document."""
    own = select(Entry.id).where(Entry.ref.in_(entries))
    citation, stance, link = aliased(Citation), aliased(Stance), aliased(Link)
    cited = or_(citation.document_id == document.id, citation.via_id == document.id)
    referring = (
        exists().where(cited, citation.entry_id.not_in(own)),
        exists().where(stance.document_id == document.id, stance.entry_id.not_in(own)),
        exists().where(link.document_id == document.id),
    )
    return bool(session.scalar(select(or_(*referring))))


def refuse_other_text(source: Source, there: Proposition, text: str) -> None:
    """Refuse a stance on a proposition that has another text than a row gives.

    Raises:
        Conflict: it has, and nobody has changed it since an import gave it that text.
    """
    if there.text.split() == text.split():
        return
    before = said(source, there.__tablename__, there.ref)
    if not before.has("text", text) or before.ours["text"]:
        both = spelled(there.text), spelled(text)
        told = f", {both[0]!r} and {both[1]!r}" if all(both) else ""
        raise Conflict(
            f"proposition {there.ref!r} has another text than this row gives it{told}: correct one "
            "of them, or let the profile make another ref"
        )
