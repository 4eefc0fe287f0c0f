"""Locating the words that a citation quotes in the text of its document."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from claimtrack import quotations
from claimtrack.db import Session
from claimtrack.errors import Invalid, InvalidValue
from claimtrack.models import Document
from claimtrack.quotations import Place
from claimtrack.records import get, is_withheld

MOST_LISTED = 20
"""Positions that a message lists."""


class Quotation(NamedTuple):
    """The words that a citation quotes, and their places.

    Attributes:
        words: The words.
        document: The ref of the document.
        places: The places in its text, in order; None where it has no text.
    """

    words: str
    document: str
    places: Sequence[Place] | None


def find_quotation(
    session: Session, citation: Mapping[str, Any], start: int | None = None
) -> Quotation | None:
    """Return the places where the words of a citation may be.

    Args:
        session: The session.
        citation: The citation, by the keys of a dossier.
        start: Where the words begin, in code points from 0, if known.

    Returns:
        None where the citation quotes nothing, or has a position already.

    Raises:
        UnknownRef: there is no such document.
        Invalid: the words are not in its text, or not at `start`.
    """
    words = citation.get("exact")
    if words is None or citation.get("start_pos") is not None:
        return None
    document = get(session, Document, citation["document"])
    body = None if is_withheld(session, document) else document.body
    if body is None and start is None:
        return Quotation(words, document.ref, None)
    found = _find(body or "", words, document.ref, citation)
    if start is not None:
        found = [place for place in found if place.start == start] or _refuse(
            start, document.ref, found
        )
    return Quotation(words, document.ref, found)


def add_position(citation: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return a citation with the position of a place, and the words there and around it."""
    return {
        **citation,
        "exact": place.exact,
        "prefix": citation.get("prefix") or place.prefix or None,
        "suffix": citation.get("suffix") or place.suffix or None,
        "start_pos": place.start,
        "end_pos": place.end,
    }


def locate_quotation(session: Session, citation: Mapping[str, Any]) -> dict[str, Any]:
    """Return a citation with the position of its quotation, which must occur once.

    Where the document has no text it is returned unchanged, with a warning.

    Raises:
        UnknownRef, Invalid: as `find_quotation`.
        Invalid: the words occur several times.
    """
    found = find_quotation(session, citation)
    if found is None:
        return dict(citation)
    if found.places is None:
        session.state.warnings.append(
            f"document {found.document} has no text, so the quotation is kept without a position"
        )
        return dict(citation)
    if len(found.places) > 1:
        raise Invalid(
            f"quote {found.words!r} is in the text of document {found.document} at "
            f"{format_positions(found.places)}: choose one with start_pos and end_pos"
        )
    return add_position(citation, found.places[0])


def _find(body: str, words: str, ref: str, citation: Mapping[str, Any]) -> list[Place]:
    """Return the places of words in a text between the citation's prefix and suffix."""
    found = quotations.find_places(body, words)
    if not found:
        near = quotations.find_nearest_passage(body, words)
        hint = f": the closest match is {near!r}" if near else ""
        raise Invalid(f"quote {words!r} is not in the text of document {ref}{hint}")
    around = (citation.get("prefix") or "", citation.get("suffix") or "")
    fitting = [place for place in found if quotations.is_surrounded(body, place, around)]
    if not fitting:
        raise Invalid(
            f"quote {words!r} is in the text of document {ref} at {format_positions(found)}, "
            "but not between that prefix and suffix: leave them out, or correct them"
        )
    return fitting


def _refuse(start: int, ref: str, found: Sequence[Place]) -> list[Place]:
    expected = f"where it occurs in document {ref}: {format_positions(found)}"
    raise InvalidValue("start", start, expected)


def format_positions(found: Sequence[Place]) -> str:
    """Return the positions of places as text, `MOST_LISTED` at most."""
    more = f" and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
    return ", ".join(str(place.start) for place in found[:MOST_LISTED]) + more
