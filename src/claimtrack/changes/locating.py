"""Where the words that a citation quotes are in the text of its document."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from claimtrack import quotations
from claimtrack.db import Session
from claimtrack.errors import Invalid, InvalidValue
from claimtrack.models import Document
from claimtrack.quotations import Place
from claimtrack.records import get, is_withheld

MOST_LISTED = 20
"""Places that a message lists."""


class Quotation(NamedTuple):
    """Words that a citation quotes, and where they are.

    Attributes:
        words: The words.
        document: The ref of the document.
        places: Where they are in its text, in order; None where it has no text.
    """

    words: str
    document: str
    places: Sequence[Place] | None


def find_quotation(
    session: Session, citation: Mapping[str, Any], start: int | None = None
) -> Quotation | None:
    """Return where the words of a citation may be; None where it quotes none, or has a position.

    Args:
        session: Where the document is.
        citation: The citation, by the keys of a dossier.
        start: Where they begin, in characters from 0, if that is known.

    Raises:
        UnknownRef: there is no such document.
        Invalid: the words are not in its text, or not where they should be.
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


def with_place(citation: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Return a citation with a position, its words as the text has them, and those around."""
    return {
        **citation,
        "exact": place.exact,
        "prefix": citation.get("prefix") or place.prefix or None,
        "suffix": citation.get("suffix") or place.suffix or None,
        "start_pos": place.start,
        "end_pos": place.end,
    }


def place_quotation(session: Session, citation: Mapping[str, Any]) -> dict[str, Any]:
    """Return a citation with the place of its quotation, which must be one.

    Where the document has no text it stays as it is, with a warning.

    Raises:
        UnknownRef, Invalid: as `find_quotation`.
        Invalid: the words are in the text several times.
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
            f"{list_places(found.places)}: say which with start_pos and end_pos"
        )
    return with_place(citation, found.places[0])


def _find(body: str, words: str, ref: str, citation: Mapping[str, Any]) -> list[Place]:
    """Return the places of words in a text that have the given words around them."""
    found = quotations.places(body, words)
    if not found:
        near = quotations.nearest(body, words)
        hint = f": the nearest there is {near!r}" if near else ""
        raise Invalid(f"quote {words!r} does not stand in the text of document {ref}{hint}")
    around = (citation.get("prefix") or "", citation.get("suffix") or "")
    fitting = [place for place in found if quotations.surrounded(body, place, around)]
    if not fitting:
        raise Invalid(
            f"quote {words!r} stands in the text of document {ref} at {list_places(found)}, and "
            "not between that prefix and suffix: leave them out, or correct them"
        )
    return fitting


def _refuse(start: int, ref: str, found: Sequence[Place]) -> list[Place]:
    expected = f"where it stands in document {ref}: {list_places(found)}"
    raise InvalidValue("start", start, expected)


def list_places(found: Sequence[Place]) -> str:
    """Return where places begin, in one line."""
    more = f" and {len(found) - MOST_LISTED} more" if len(found) > MOST_LISTED else ""
    return ", ".join(str(place.start) for place in found[:MOST_LISTED]) + more
