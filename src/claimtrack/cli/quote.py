"""Where a quotation stands in the text of its document: found, asked for, or refused."""

from typing import TYPE_CHECKING, Any

from claimtrack.cli.options import Target, tell
from claimtrack.cli.prompt import ask, at_a_terminal
from claimtrack.errors import Invalid, InvalidValue

if TYPE_CHECKING:
    from claimtrack.quoting import Place

Given = dict[str, Any]
SHOWN = 20
"""Places that are shown where words stand several times."""


def located(db: Target, citation: Given, start: int | None = None) -> Given:
    """Return a citation whose quotation has its place, its words as they stand and those around.

    One that has a position already, and one of a document without a text, stay as they are.

    Raises:
        UnknownRef: there is no such document.
        Invalid: the words do not stand there, or several times and nobody can be asked.
    """
    from claimtrack.models import Document
    from claimtrack.records import get

    words, ref = citation.get("exact"), citation["document"]
    if words is None or citation.get("start_pos") is not None:
        return citation
    with db.reading() as session:
        document = get(session, Document, ref)
        body, ref = document.body, document.ref
    if body is None and start is None:
        tell(
            f"warning: document {ref} has no text, so the quotation is kept without a position: "
            f"'claimtrack document text {ref}' makes one of a capture"
        )
        return citation
    found = _found(body or "", words, ref, citation)
    if start is not None:
        found = [place for place in found if place.start == start] or _not_at(start, ref, found)
    place = found[0] if len(found) == 1 else _meant(words, ref, found)
    return {
        **citation,
        "exact": place.exact,
        "prefix": citation.get("prefix") or place.prefix or None,
        "suffix": citation.get("suffix") or place.suffix or None,
        "start_pos": place.start,
        "end_pos": place.end,
    }


def _found(body: str, words: str, ref: str, citation: Given) -> "list[Place]":
    """Return the places of words in a text that have the words around them which were given."""
    from claimtrack import quoting

    found = quoting.places(body, words)
    if not found:
        near = quoting.nearest(body, words)
        hint = f": the nearest there is {near!r}" if near else ""
        raise Invalid(f"quote {words!r} does not stand in the text of document {ref}{hint}")
    around = (citation.get("prefix") or "", citation.get("suffix") or "")
    fitting = [place for place in found if quoting.surrounded(body, place, around)]
    if not fitting:
        raise Invalid(
            f"quote {words!r} stands in the text of document {ref} at {_listed(found)}, and not "
            "between that prefix and suffix: leave them out, or correct them"
        )
    return fitting


def _not_at(start: int, ref: str, found: "list[Place]") -> "list[Place]":
    raise InvalidValue("start", start, f"where it stands in document {ref}: {_listed(found)}")


def _listed(found: "list[Place]") -> str:
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(str(place.start) for place in found[:SHOWN]) + more


def _meant(words: str, ref: str, found: "list[Place]") -> "Place":
    """Return the place that the person at the terminal chooses."""
    said = f"quote {words!r} stands {len(found)} times in the text of document {ref}"
    shown = [_shown(place) for place in found[:SHOWN]]
    if not at_a_terminal():
        raise Invalid("\n".join([f"{said}: say which with --start", *shown]))
    for line in [f"{said}:", *shown]:
        tell(line)
    starts = {str(place.start): place for place in found}

    def checked(answer: str) -> str:
        if answer not in starts:
            raise InvalidValue("start", answer, f"one of {_listed(found)}")
        return answer

    return starts[ask("Which one, by where it begins", checked)]


def _shown(place: "Place") -> str:
    around = f"{place.prefix}[{place.exact}]{place.suffix}"
    return f"  {place.start}: ... {' '.join(around.split())} ..."
