"""Inheritance of fields through `crossref`.

Source: the biblatex manual, appendix B, default inheritance setup; BibTeX inherits the other fields
unchanged.
"""

from collections.abc import Mapping

_PARTS_OF_BOOKS = ("inbook", "bookinbook", "suppbook")
_PARTS_OF_COLLECTIONS = ("incollection", "inreference", "suppcollection")
_COLLECTIONS = ("collection", "reference", *_PARTS_OF_COLLECTIONS)
_PAPERS = ("inproceedings", "conference")
_TITLES_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "mvbook": {"main": ("book", *_PARTS_OF_BOOKS)},
    "mvcollection": {"main": _COLLECTIONS},
    "mvreference": {"main": _COLLECTIONS},
    "mvproceedings": {"main": ("proceedings", *_PAPERS)},
    "book": {"book": _PARTS_OF_BOOKS},
    "collection": {"book": _PARTS_OF_COLLECTIONS},
    "reference": {"book": _PARTS_OF_COLLECTIONS},
    "proceedings": {"book": _PAPERS},
    "periodical": {"journal": ("article", "suppperiodical")},
}
"""By the type of the parent: the prefix of its titles in the child, for which types of child."""
_TITLES = ("title", "subtitle", "titleaddon")
_OWN_TITLES = ("shorttitle", "sorttitle", "indextitle", "indexsorttitle")
_NEVER = {"ids", "crossref", "xref", "xdata", "entryset", "entrysubtype", "execute", "label", "key"}
_NEVER |= {"options", "presort", "related", "relatedoptions", "relatedstring", "relatedtype"}
_NEVER |= {"shorthand", "shorthandintro", "sortkey"}
_OF_THE_WHOLE = {"doi", "url", "urldate", "eprint", "eprinttype", "eprintclass", "archiveprefix"}
"""Fields that biblatex inherits and we do not: a part is not at the address of the whole."""
_OF_THE_WHOLE |= {"primaryclass", "file", "howpublished", "note", "annote", "abstract"}
_DATES = ("date", "year", "month", "day")
_JOURNALS = ("journal", "journaltitle")


def get_inherited_field(name: str, above: str, below: str, own: Mapping[str, str]) -> str:
    """Return the field of a work that inherits a field of its parent; empty when none does.

    An empty field counts as missing; a date is inherited as a whole or not at all.

    Args:
        name: The field of the parent.
        above: The type of the parent.
        below: The type of the work.
        own: The work's own fields.
    """
    if name in _NEVER or name in _OF_THE_WHOLE or name.startswith("bdsk-url"):
        return ""
    into = next((put for put, of in _TITLES_OF.get(above, {}).items() if below in of), "")
    if into and name in _OWN_TITLES:
        return ""
    target = f"{into}{name}" if into and name in _TITLES else name
    if name in _DATES and (own.get("date") or own.get("year")):
        return ""
    others = _JOURNALS if target in _JOURNALS else (target,)
    return "" if any(own.get(one) for one in others) else target
