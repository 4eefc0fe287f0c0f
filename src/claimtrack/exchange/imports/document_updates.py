"""Updates of documents that rows cite: which value is kept, and which difference is noted.

Where rows describe a document differently, the values of the first row are kept, and bounds of
publication that include all the dates: so it counts as published no earlier than any row says.
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
from claimtrack.exchange.imports.unwritten_values import CHANGED, REPLACED, format_value
from claimtrack.exchange.imports.updates import (
    ImportedValues,
    Source,
    columns,
    get_imported_values,
    is_same,
    refuse_protected,
)
from claimtrack.models import (
    Citation,
    Document,
    Entry,
    Figure,
    Link,
    Measure,
    Named,
    Proposition,
    Stance,
)
from claimtrack.records import get, record_of
from claimtrack.schemas import NewDocument
from claimtrack.validation import validate_record

_DATES = ("published_from", "published_to")
Bounds = tuple[date | None, date | None]
"""The earliest and the latest day of publication."""


def note_differences(source: Source, stored: Named, values: Mapping[str, Any]) -> None:
    """Note where a row differs from a record that stays unchanged; empty values are no difference.

    Neither is a value that somebody has changed since an import wrote it.
    """
    stored_values = record_of(stored)
    other = [
        key for key, value in values.items() if value and not is_same(stored_values[key], value)
    ]
    before = (
        get_imported_values(source, stored.__tablename__, stored.ref) if other else ImportedValues()
    )
    for key in other:
        if not before.has(key, values[key]) or before.wrote_current[key]:
            source.differences.add(stored, key, values[key], stored_values[key])


@dataclass(frozen=True, slots=True)
class DocumentUpdate:
    """What a row changed in a document, and the wider bounds that are still to be written."""

    changed: bool = False
    bounds: Bounds | None = None


def update_document(
    source: Source,
    stored: Document,
    values: Mapping[str, Any],
    *,
    so_far: Bounds | None,
    is_first: bool,
    is_shared: Callable[[], bool],
) -> DocumentUpdate:
    """Write what a row says of a document that it cites, except wider bounds of publication.

    Args:
        source: The import.
        stored: The document.
        values: The values of the row.
        so_far: The bounds already to be written for other rows.
        is_first: Whether no other row of this import has described the document: then values that
            the source changed since the last import are written.
        is_shared: Tells whether others refer to the document.

    Raises:
        Invalid: a value is wrong, or the document is protected and would change.
    """
    stored_values = record_of(stored)
    own = {key: stored_values[key] for key in columns(NewDocument, stored_values)}
    said_here = {key for key, one in values.items() if one}
    if said_here.intersection(_DATES):
        said_here.update(_DATES)  # an end that is open is part of a date
    record = validate_record(NewDocument, {**own, **{key: values.get(key) for key in said_here}})
    new = {key: one for key, one in record.model_dump(by_alias=True).items() if key in said_here}
    other = [key for key in new if not is_same(stored_values[key], new[key])]
    if not other:
        return DocumentUpdate()
    before = get_imported_values(source, stored.__tablename__, stored.ref)
    written = _written(source, stored, {key: new[key] for key in other}, before, is_first=is_first)
    bounds = None
    if set(other) & set(_DATES):
        if is_first and _corrects(before, new) and not is_shared():
            written |= {key: new[key] for key in _DATES}
        else:
            bounds = _widened(source, stored, new, before, so_far)
    if written or bounds:
        refuse_protected(source, stored)
    for key in written if is_first else ():
        source.differences.add_change(key, stored, CHANGED)
    if written:
        changes.put(source.session, validate_record(NewDocument, {**own, **written}))
    return DocumentUpdate(bool(written or bounds), bounds)


def _written(
    source: Source,
    stored: Document,
    new: Mapping[str, Any],
    before: ImportedValues,
    *,
    is_first: bool,
) -> dict[str, Any]:
    """Return the values to write to a document; the others, except the dates, are noted."""
    written: dict[str, Any] = {}
    for key in (key for key in new if key not in _DATES):
        stored_value = getattr(stored, key)
        if before.has(key, new[key]):
            if before.wrote_current[key]:
                source.differences.add(stored, key, new[key], stored_value, REPLACED)
        elif before.is_made and (is_first or stored_value is None):
            written[key] = new[key]
        else:
            source.differences.add(stored, key, new[key], stored_value)
    return written


def _corrects(before: ImportedValues, new: Mapping[str, Any]) -> bool:
    """Return whether dates from this profile are new, and nobody has changed the old ones."""
    again = all(before.has(key, new[key]) for key in _DATES)
    return before.is_made and not again and not any(map(before.is_corrected, _DATES))


def _widened(
    source: Source,
    stored: Document,
    new: Mapping[str, Any],
    before: ImportedValues,
    so_far: Bounds | None,
) -> Bounds | None:
    """Return bounds of publication that include a row's dates; None where the present ones do.

    Where somebody has changed the bounds, the dates that imports gave before are known to them.
    """
    first, last = new["published_from"], new["published_to"] or new["published_from"]
    stored_bounds = so_far or (stored.published_from, stored.published_to or stored.published_from)
    bounds = _holding((first, last), stored_bounds)
    if before.is_corrected(_DATES[0]) or before.is_corrected(_DATES[1]):
        imported = before.extremes("published_from")[0], before.extremes("published_to")[1]
        if first and imported[0] <= first.isoformat() and last.isoformat() <= imported[1]:
            return None
    result = bounds if before.is_made or before.by_imports else stored_bounds
    if result != (first, last):
        span = dates.format_span(first, last)
        source.differences.add(stored, "published", span, dates.format_span(*result))
    return bounds if result == bounds != stored_bounds else None


def _holding(one: Bounds, other: Bounds) -> Bounds:
    """Return the bounds that include both; an open beginning stays open."""
    (first, last), (begins, ends) = one, other
    if last is None or ends is None:
        return one if ends is None else other
    return (min(first, begins) if first and begins else None), max(last, ends)


def write_bounds(source: Source, ref: str, bounds: Bounds) -> None:
    """Write the bounds of publication of a document."""
    stored_values = record_of(get(source.session, Document, ref))
    own = {key: stored_values[key] for key in columns(NewDocument, stored_values)}
    wider = dict(zip(_DATES, bounds, strict=True))
    changes.put(source.session, validate_record(NewDocument, {**own, **wider}))


def is_document_shared(session: Session, document: Document, entries: Collection[str]) -> bool:
    """Return whether rows other than some entries and their nested rows refer to a document."""
    own = select(Entry.id).where(Entry.ref.in_(entries))
    citation, link = aliased(Citation), aliased(Link)
    stance, figure = aliased(Stance), aliased(Figure)
    cited = or_(citation.document_id == document.id, citation.via_id == document.id)
    referring = (
        exists().where(cited, citation.entry_id.not_in(own)),
        exists().where(stance.document_id == document.id, stance.entry_id.not_in(own)),
        exists().where(figure.document_id == document.id, figure.entry_id.not_in(own)),
        exists().where(link.document_id == document.id),
    )
    return bool(session.scalar(select(or_(*referring))))


def refuse_different_meaning(
    source: Source, stored: Proposition | Measure, values: Mapping[str, str]
) -> None:
    """Refuse a stance or a figure if a row means another proposition or measure by the same ref.

    Args:
        source: The source.
        stored: The stored proposition or measure.
        values: The columns that make its meaning, as the row has them.

    Raises:
        Conflict: one differs, and nobody has changed it since an import wrote it.
    """
    stored_values = record_of(stored)
    other = [key for key, text in values.items() if stored_values[key].split() != text.split()]
    if not other:
        return
    before = get_imported_values(source, stored.__tablename__, stored.ref)
    for key in other:
        if not before.has(key, values[key]) or before.wrote_current[key]:
            both = format_value(stored_values[key]), format_value(values[key])
            shown = f", {both[0]!r} and {both[1]!r}" if all(both) else ""
            raise Conflict(
                f"{stored.__tablename__} {stored.ref!r} has another {key} than this row gives it"
                f"{shown}: correct one of them, or let the profile make another ref"
            )
