"""Records that rows make on the way, held against what the casebook has: one is kept, all is noted.

A document that rows describe differently keeps what the first of them said, and bounds of
publication that hold all the dates given: so it counts as published no earlier than any row says.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack import changes, dates
from claimtrack.errors import Conflict
from claimtrack.exchange.differences import CHANGED, REPLACED, spelled
from claimtrack.exchange.sourced import Said, Source, columns, is_same, refuse_protected, said
from claimtrack.models import Citation, Document, Entry, Link, Named, Proposition, Stance
from claimtrack.records import record_of
from claimtrack.schemas import NewDocument
from claimtrack.validation import read

_DATES = ("published_from", "published_to")


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


def take_over(
    source: Source,
    there: Document,
    given: Mapping[str, Any],
    *,
    is_first: bool,
    is_shared: Callable[[], bool],
) -> bool:
    """Write what a row that cites a document says of it, and return whether it has changed.

    `is_first` says that no row of this import has described it yet: what the source has changed
    since the last import is written then. `is_shared` tells whether others rely on the document.

    Raises:
        Invalid: a value is wrong, or the document is protected and would change.
    """
    held = record_of(there)
    own = {key: held[key] for key in columns(NewDocument, held)}
    record = read(NewDocument, {**own, **{key: one for key, one in given.items() if one}})
    new = {key: one for key, one in record.model_dump(by_alias=True).items() if given.get(key)}
    other = [key for key in new if not is_same(held[key], new[key])]
    if not other:
        return False
    before = said(source, there.__tablename__, there.ref)
    written: dict[str, Any] = {}
    if set(other) & set(_DATES):
        replaces = is_first and not is_shared()
        written |= _dates(source, there, new, before, replaces=replaces)
    for key in (key for key in other if key not in _DATES):
        if before.has(key, new[key]):
            if before.ours[key]:
                source.differences.add(there, key, new[key], held[key], REPLACED)
        elif before.is_made and (is_first or held[key] is None):
            written[key] = new[key]
        else:
            source.differences.add(there, key, new[key], held[key])
    if not written:
        return False
    refuse_protected(source, there)
    for key in written if is_first else ():
        source.differences.add_change(key, there, CHANGED)
    changes.put(source.session, read(NewDocument, {**own, **written}))
    return True


def _dates(
    source: Source, there: Document, new: Mapping[str, Any], before: Said, *, replaces: bool
) -> dict[str, date]:
    """Return the bounds of publication that a document gets, where they are others than it has."""
    given = new["published_from"], new["published_to"]
    held = there.published_from, there.published_to or there.published_from
    again = all(before.has(key, new[key]) for key in _DATES)
    corrected = {key for key in _DATES if before.ever.get(key) and not before.ours[key]}
    if before.is_made and replaces and not again and not corrected:
        bounds = given
    elif before.is_made or before.by_imports:
        bounds = min(given[0], held[0] or given[0]), max(given[1], held[1] or given[1])
    else:
        bounds = held
    written = {
        key: value
        for key, value, old in zip(_DATES, bounds, held, strict=True)
        if value != old and not (key in corrected and before.has(key, value))
    }
    result = tuple({**dict(zip(_DATES, held, strict=True)), **written}.values())
    if result != given and (written or not corrected):
        source.differences.add(there, "published", _span(given), _span(result))
    return written


def _span(bounds: Sequence[date | None]) -> str | None:
    return dates.format_span(*bounds)


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
