"""ClaimReview nodes of any shape, normalised to one row for each reviewed claim.

In schema.org any value may be a list; here the lists are resolved:

* `itemReviewed`, `claimReviewed`: a row for each claim; claims with the same text and authors are
  merged
* `itemReviewed.author`, `author`: the first, and the others as `co_authors`
* `itemReviewed.firstAppearance`, `appearance`, `url` and `sameAs`: `appearance`, each with at most
  one address; `subjectOf` likewise
* `reviewRating`: one

Three values are added for profiles: `claimed_by`, the author, where another claim has the same
text; `again`, in all but the first of such claims; `itemReviewed.appears_in_review`, where the
review names its own address as an appearance.

Source: schema.org 30.0, https://schema.org/ClaimReview.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from claimtrack.addresses import split_addresses, to_web_uri
from claimtrack.errors import Invalid
from claimtrack.exchange.imports.rules import shown
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_text import flatten_text

Object = dict[str, Any]
_LEFT = "and is left out"
_MOST_CLAIMS = 1_000
"""Claims of one review at most, as its places and authors are repeated for each."""
_AUTHORS = ("Person", "NewsMediaOrganization", "GovernmentOrganization", "Organization")
"""Known types of authors; of several, the first in this order counts."""
_APPEARANCES = ("firstAppearance", "appearance", "url", "sameAs")
_ADDRESSES = ("url", "contentUrl", "sameAs", "@id")
"""The keys of a work's address; the first that is not empty counts."""
_OF_WORKS = (*_ADDRESSES, "headline", "name", "datePublished", "publisher")
_PLACES = [f"itemReviewed.{name}" for name in (*_APPEARANCES, "subjectOf")]
READ = frozenset(
    (
        *("itemReviewed", "itemReviewed.text", "reviewRating", *_PLACES),
        *(f"{place}.{name}" for place in _PLACES for name in _OF_WORKS),
    )
)
"""The paths of a node that are read here, whatever a profile names."""


def split_claims(node: Mapping[str, Any], notes: Notes) -> Iterator[Object]:
    """Yield a row for each claim that a ClaimReview reviews.

    Raises:
        Invalid: its address is none, or it is unclear which text belongs to which claim.
    """
    reviewers = _authors(node.get("author"), "author", notes)
    common = {**node, **_led_by(reviewers)}
    if "url" in node:
        common["url"] = _address(node["url"], notes)
    found = _merge_same_claims(_reviewed(node, notes), notes)
    texts = Counter(claim["claimReviewed"] for claim in found)
    seen: set[str] = set()
    for claim in found:
        row, text = {**common, **claim}, claim["claimReviewed"]
        if texts[text] > 1:
            names = [one["name"] for one in claim["itemReviewed"]["authors"]]
            row["claimed_by"] = "; ".join(names) or "nobody named"
            if text in seen:
                row["again"] = "true"
            seen.add(text)
        yield {**row, "itemReviewed": _item(claim["itemReviewed"], row.get("url"), notes)}


def _reviewed(node: Mapping[str, Any], notes: Notes) -> Iterator[Object]:
    """Yield each claim with its text and its rating, its authors resolved.

    Raises:
        Invalid: there are too many, or it is unclear which text belongs to which claim.
    """
    items = [_as_object(one) for one in _listed(node.get("itemReviewed"))] or [{}]
    texts = _texts(node.get("claimReviewed"), "claimReviewed", notes)
    if max(len(texts), len(items)) > _MOST_CLAIMS:
        raise Invalid(f"it reviews more than {_MOST_CLAIMS:,} claims: write a ClaimReview for each")
    pairs = list(_pair_texts(texts, items, notes))
    ratings = [_as_rating(one) for one in _listed(node.get("reviewRating"))]
    several = len(ratings) == len(pairs) > 1
    common = {} if several else _one_rating(ratings, notes)
    for at, (text, item) in enumerate(pairs):
        authors = _authors(item.get("author"), "itemReviewed.author", notes)
        yield {
            "claimReviewed": text,
            "itemReviewed": {**item, "authors": authors},
            "reviewRating": ratings[at] if several else common,
        }


def _pair_texts(
    texts: list[str], items: list[Object], notes: Notes
) -> Iterator[tuple[str, Object]]:
    """Yield the text of each claim with its other values.

    Raises:
        Invalid: there are several of both, in different numbers.
    """
    own = [" ".join(_texts(item.get("text"), "itemReviewed.text", notes)) for item in items]
    if len(texts) > 1 and len(items) > 1:
        if len(texts) != len(items):
            problem = (
                f"claimReviewed holds {len(texts)} texts, and itemReviewed {len(items)} claims"
            )
            raise Invalid(
                f"{problem}: write a ClaimReview for each, so that all know whose is which"
            )
        if sorted(own) == sorted(texts):
            texts = own
        else:
            notes.add("claimReviewed", "", "is a list, put to those of itemReviewed in their order")
        yield from zip(texts, items, strict=True)
        return
    for text in texts or [""]:
        for item, other in zip(items, own, strict=True):
            several = len(items) > 1
            if other and other != text and text and not several:
                notes.add("itemReviewed.text", other, f"is not that of claimReviewed {_LEFT}")
            yield (other if other and (several or not text) else text), item
    for text in texts:
        if len(items) > 1 and all(own) and text not in own:
            notes.add("claimReviewed", text, f"is the text of no itemReviewed {_LEFT}")


def _merge_same_claims(claims: Iterable[Object], notes: Notes) -> list[Object]:
    """Return claims with those of the same text and authors merged, their places combined."""
    found: dict[tuple[Any, ...], Object] = {}
    for claim in claims:
        item = claim["itemReviewed"]
        key = (claim["claimReviewed"], *(one["name"] for one in item["authors"]))
        first = found.setdefault(key, claim)
        if first is claim:
            places = {name: _listed(item.get(name)) for name in (*_APPEARANCES, "subjectOf")}
            item.update(places)
            continue
        for name in (*_APPEARANCES, "subjectOf"):
            first["itemReviewed"][name].extend(_listed(item.get(name)))
        for name, one, other in (
            ("itemReviewed.datePublished", first["itemReviewed"], item),
            ("reviewRating", first, claim),
        ):
            last = name.rpartition(".")[2]
            if other.get(last) not in (None, {}, one.get(last)):
                reason = f"is another than that of the same claim above {_LEFT}"
                notes.add(name, _in_words(other[last]), reason)
    return list(found.values())


def _item(item: Object, reviewed_at: str | None, notes: Notes) -> Object:
    """Return a claim with its first author, its co-authors, and all its places in one list."""
    works = list(chain.from_iterable(_works(item.get(name), name, notes) for name in _APPEARANCES))
    about = [
        work
        for work in _works(item.get("subjectOf"), "subjectOf", notes)
        if work.get("url") != reviewed_at
    ]
    rest = {name: item[name] for name in item if name not in (*_APPEARANCES, "authors", "author")}
    here = any(work.get("url") == reviewed_at for work in works if reviewed_at)
    elsewhere = [work for work in works if not reviewed_at or work.get("url") != reviewed_at]
    if here:
        column = "itemReviewed.appearance"
        notes.add(column, str(reviewed_at), "is the review itself: it is taken as it says")
    return {
        **rest,
        **_led_by(item["authors"]),
        "appearance": _each_once(elsewhere),
        "subjectOf": _each_once(about),
        **({"appears_in_review": "true"} if here else {}),
    }


# --- values ---------------------------------------------------------------------------------------


def _plain(value: Any) -> str:
    """Return a value as text for inspection only, without notes."""
    return flatten_text(value, "", Notes())


def _listed(value: Any) -> list[Any]:
    """Return the items of a value that are not empty."""
    if isinstance(value, Mapping) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if isinstance(value, list):
        return [part for one in value for part in _listed(one)]
    return [] if value in (None, "", {}) else [value]


def _as_object(value: Any) -> Object:
    """Return a claim as an object; a bare text is its address, or else its words."""
    if isinstance(value, Mapping) and "@value" not in value:
        return dict(value)
    text = _plain(value).strip()
    return {"url": text} if _web_addresses(text) else {"text": text}


def _as_rating(value: Any) -> Object:
    if isinstance(value, Mapping) and "@value" not in value:
        return dict(value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"ratingValue" if number else "alternateName": value}


def _one_rating(ratings: list[Object], notes: Notes) -> Object:
    """Return the rating of a review; None where there are several that differ."""
    if ratings and all(one == ratings[0] for one in ratings):
        return ratings[0]
    for one in ratings:
        notes.add("reviewRating", _in_words(one), f"is one of several that differ {_LEFT}")
    return {}


def _in_words(value: Any) -> str:
    if not isinstance(value, Mapping):
        return _plain(value)
    names = ("ratingValue", "alternateName", "name")
    return " ".join(filter(None, (_plain(value.get(name)) for name in names)))


def _texts(value: Any, column: str, notes: Notes) -> list[str]:
    """Return the texts of a value without duplicates, in one language: the first."""
    languages = [one["@language"] for one in _listed(value) if _language(one)]
    found: dict[str, None] = {}
    for one in _listed(value):
        text = flatten_text(one, column, notes).strip()
        if _language(one) and one["@language"] != languages[0]:
            notes.add(column, text, f"is in another language, {one['@language']}, {_LEFT}")
        elif text:
            found[text] = None
    return list(found)


def _language(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value.get("@language"))


def _address(value: Any, notes: Notes) -> str:
    """Return the address of a review, the first of several.

    Raises:
        Invalid: it is no address.
    """
    texts = _texts(value, "url", notes)
    found = [(text, _web_addresses(text)) for text in texts]
    addresses = list(dict.fromkeys(one for _, several in found for one in several))
    if texts and not addresses:
        raise Invalid(f"url {shown(texts[0])} is not a web address: write https://... in full")
    for text in [text for text, several in found if not several] + addresses[1:]:
        notes.add("url", text, f"is not the first address of its review {_LEFT}")
    return addresses[0] if addresses else ""


def _web_addresses(text: str) -> list[str]:
    """Return the web addresses in a text that holds nothing else; else an empty list."""
    found = split_addresses(text)
    return found if all(map(to_web_uri, found)) else []


# --- authors --------------------------------------------------------------------------------------


def _authors(value: Any, column: str, notes: Notes) -> list[Object]:
    """Return the named authors, each name once, with their type where they have one."""
    found: dict[str, Object] = {}
    for one in _listed(value):
        author = one if isinstance(one, Mapping) and "@value" not in one else {"name": one}
        names = _texts(author.get("name"), f"{column}.name", notes)
        if not names:
            address = _plain(author.get("url")) or _plain(author.get("@id"))
            notes.add(column, address, f"has no name {_LEFT}")
        kind = _type(author.get("@type"))
        for name in names:
            found.setdefault(name, {**author, "@type": kind, "name": name})
    return list(found.values())


def _type(value: Any) -> str | None:
    """Return a type without the prefix of schema.org; of several, the first known one."""
    types = [_plain(one).rpartition("/")[2].rpartition(":")[2] for one in _listed(value)]
    return next((one for one in _AUTHORS if one in types), types[0] if types else None)


def _led_by(authors: list[Object]) -> Object:
    return {"author": authors[0], "co_authors": authors[1:]} if authors else {"author": None}


# --- works ----------------------------------------------------------------------------------------


def _works(value: Any, name: str, notes: Notes) -> Iterator[Object]:
    """Yield the works that a value names, one for each address.

    One without address needs a title.
    """
    column = f"itemReviewed.{name}"
    for one in _listed(value):
        work = dict(one) if isinstance(one, Mapping) and "@value" not in one else {"url": one}
        addresses = _addresses(work, column, notes)
        title = _plain(work.get("headline")) or _plain(work.get("name"))
        publishers = _authors(work.get("publisher"), f"{column}.publisher", notes)
        for other in publishers[1:]:
            notes.add(f"{column}.publisher", other["name"], f"is not the first {_LEFT}")
        plain = {**work, "url": None, "publisher": publishers[0] if publishers else None}
        if not addresses and title:
            yield plain
        elif not addresses and "url" not in work:
            notes.add(column, "", f"has neither an address nor a title {_LEFT}")
        for address in addresses:
            yield {**plain, "url": address}


def _addresses(work: Object, column: str, notes: Notes) -> list[str]:
    for name in _ADDRESSES:
        found: list[str] = []
        for text in (_plain(one).strip() for one in _listed(work.get(name))):
            several = _web_addresses(text)
            if not several and name == "url":
                notes.add(column, text, f"is not a web address, http or https, {_LEFT}")
            found += several
        if found:
            return list(dict.fromkeys(found))
    return []


def _each_once(works: list[Object]) -> list[Object]:
    """Return works with duplicate addresses merged."""
    found: dict[Any, Object] = {}
    for at, work in enumerate(works):
        key = work["url"] or at
        fields = {name: value for name, value in work.items() if value is not None}
        found[key] = {**fields, **found.get(key, {})}
    return list(found.values())
