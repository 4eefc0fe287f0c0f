"""The lints on actors, documents and entries that may be duplicates; `check` describes them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack import addresses, dates, fulltext, name_matching
from claimtrack.db import Session
from claimtrack.models import Actor, Citation, Document, Entry, Link
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import SHOWING_ROLES, entry_in_scope
from claimtrack.reports.findings import Found, join_listed
from claimtrack.sql import json_list, stream
from claimtrack.vocab import ActorKind

Spellings: TypeAlias = Mapping[str, str]
"""Names that look alike, by the ref of their actor."""

_COMPARED = 50
"""The greatest number of entries with a common word with which an entry is compared."""


# --- actors ---------------------------------------------------------------------------------------


def same_name(session: Session) -> Found:
    """Yield a finding for actors whose names look alike. Memory grows with the number of names."""
    query = (
        select(Actor.ref, Actor.name, Actor.aliases)
        .where(Actor.kind != ActorKind.ANONYMOUS)
        .order_by(Actor.ref)
    )
    spelled: dict[str, dict[str, str]] = {}
    names_by_sound: dict[str, list[tuple[str, str, name_matching.PhoneticName]]] = {}
    for ref, name, aliases in stream(session, query):
        for spelling in (name, *aliases):
            if key := _fold_name(spelling):
                spelled.setdefault(key, {}).setdefault(ref, spelling)
            if (sound := name_matching.get_phonetic_name(spelling)).words:
                names_by_sound.setdefault(sound.words, []).append((ref, spelling, sound))
    by_sound = list(chain.from_iterable(map(_alike_by_sound, names_by_sound.values())))
    wider: dict[str, list[Spellings]] = defaultdict(list)
    for actors in by_sound:
        for ref in actors:
            wider[ref].append(actors)
    alike: dict[tuple[str, ...], Spellings] = {}
    for actors in (*(actors for actors in spelled.values() if len(actors) > 1), *by_sound):
        if not any(actors.keys() < other.keys() for other in wider[next(iter(actors))]):
            alike.setdefault(tuple(actors), actors)
    for refs, actors in sorted(alike.items()):
        actor_list = " and ".join(f"{name!r} ({ref})" for ref, name in actors.items())
        yield (
            refs,
            f"{actor_list} look like one actor: merge them with 'claimtrack actor merge', or "
            "give them different names",
        )


def _fold_name(name: str) -> str:
    """Return a name reduced for comparison: letters only, common spelling variants made equal."""
    words = (re.sub(r"(\D)\1+", r"\1", word.replace("y", "i")) for word in fulltext.tokens(name))
    return " ".join(sorted(set(words)))


def _alike_by_sound(
    names: Sequence[tuple[str, str, name_matching.PhoneticName]],
) -> Iterator[Spellings]:
    """Yield the groups of actors, among those whose names sound alike, that may be one person.

    Names with different patronymics belong to two people; a name without one may belong to either.
    """
    if len(names) == 1 or not any(sound.theirs for _, _, sound in names):
        return
    for patronymic in sorted({sound.patronymic for _, _, sound in names} - {""}) or [""]:
        actors: dict[str, str] = {}
        for ref, spelling, sound in names:
            if sound.patronymic in ("", patronymic):
                actors.setdefault(ref, spelling)
        if len(actors) > 1:
            yield actors


# --- documents ------------------------------------------------------------------------------------


class DocumentAddress(NamedTuple):
    """A document, and its address."""

    ref: str
    url: str


def same_address(session: Session) -> Found:
    """Yield a finding for documents whose addresses may be the same.

    Memory grows with the number of addresses.
    """
    for found in sorted(find_similar_addresses(session)):
        documents = join_listed([f"{ref} ({url})" for ref, url in found])
        yield (
            tuple(document.ref for document in found),
            f"the addresses of {documents} may be one: keep one document, or make it the canonical "
            "one of the others with 'claimtrack document edit REF --canonical'",
        )


def find_similar_addresses(
    session: Session, *conditions: ColumnElement[bool]
) -> Iterator[list[DocumentAddress]]:
    """Yield groups of documents whose addresses may be the same, by ref. Sends one statement.

    Addresses of one canonical document are not compared with each other. `conditions` select the
    documents to be compared.
    """
    query = (
        select(Document.ref, Document.url, func.coalesce(Document.canonical_id, Document.id))
        .where(Document.url.is_not(None), *conditions)
        .order_by(Document.ref)
    )
    at: dict[str, list[tuple[DocumentAddress, int]]] = {}
    for ref, url, canonical in stream(session, query):
        at.setdefault(addresses.comparison_key(url), []).append(
            (DocumentAddress(ref, url), canonical)
        )
    for found in at.values():
        if len({canonical for _, canonical in found}) > 1:
            yield [document for document, _ in found]


# --- entries --------------------------------------------------------------------------------------


class _Wording(NamedTuple):
    """An entry, the significant words of its summary, and the entries it is linked with."""

    ref: str
    words: frozenset[str]
    linked: frozenset[str]


def same_words(session: Session) -> Found:
    """Yield a finding for entries of one actor, date, place and document with similar words.

    Entries are compared within such a group only, and looked up by their rarer words.
    """
    found: dict[tuple[str, ...], str] = {}
    for (actor, first, last, document, _), rows in groupby(
        stream(session, _of_one_source()), itemgetter(0, 1, 2, 3, 4)
    ):
        some = [
            _Wording(ref, _select_words(summary), frozenset(linked))
            for *_, ref, summary, linked in rows
        ]
        for refs in _group_similar(some):
            day = dates.format_span(first, last)
            every = "both" if len(refs) == 2 else "all"
            found.setdefault(
                refs,
                f"{join_listed(refs)} are {every} of {actor}, of {day} and in {document}, with "
                "nearly the same words: remove duplicates, or link one as superseding the other",
            )
    yield from sorted(found.items())


def _select_words(summary: str) -> frozenset[str]:
    return fulltext.content(summary) or frozenset(fulltext.tokens(summary))


def _select_dated_with_document() -> Select[Any]:
    """Select the key, actor, date, place and document of dated entries, a row per document."""
    place = func.lower(func.coalesce(Entry.place, ""))
    # Documents as displayed: must not reveal that two entries share a document of which one address
    # is protected.
    cited = aliased(Document)
    document = func.coalesce(cited.canonical_id, cited.id)
    return (
        select(
            Entry.id,
            Entry.actor_id,
            Entry.date_from,
            Entry.date_to,
            place.label("place"),
            document.label("document_id"),
        )
        .distinct()
        .join(Citation, Citation.entry_id == Entry.id)
        .join(cited, cited.id == Citation.document_id)
        .where(Citation.role.in_(SHOWING_ROLES), *entry_in_scope(Entry, Filters()))
        .where(or_(Entry.date_from.is_not(None), Entry.date_to.is_not(None)))
    )


def _of_one_source() -> Select[Any]:
    """Select the entries that have the same actor, date, place and document as another."""
    one = _select_dated_with_document().subquery()
    same = (one.c.actor_id, one.c.date_from, one.c.date_to, one.c.place, one.c.document_id)
    counted = select(one, func.count().over(partition_by=same).label("several")).subquery()
    same = tuple(counted.c[column.name] for column in same)
    other = aliased(Entry)
    linked = (
        select(json_list(other.ref))
        .select_from(Link)
        .join(other, or_(other.id == Link.from_id, other.id == Link.to_id))
        .where(or_(Link.from_id == Entry.id, Link.to_id == Entry.id), other.id != Entry.id)
        .correlate(Entry)
        .scalar_subquery()
    )
    whole = (counted.c.date_from, counted.c.date_to, Document.ref, counted.c.place)
    return (
        select(Actor.ref, *whole, Entry.ref, Entry.summary, linked)
        .select_from(counted)
        .join(Entry, Entry.id == counted.c.id)
        .join(Actor, Actor.id == counted.c.actor_id)
        .join(Document, Document.id == counted.c.document_id)
        .where(counted.c.several > 1)
        .order_by(*same, Entry.ref)
    )


def _group_similar(some: Sequence[_Wording]) -> Iterator[tuple[str, ...]]:
    """Yield the refs of entries with nearly the same words, grouped transitively.

    Two texts that have half of all their words in common have a word of the rarer half of either in
    common, so only these are looked up. Of the entries with one word, a bounded number is compared,
    so that the time does not grow with the square of their number.
    """
    how_often = Counter(word for one in some for word in one.words)
    having: dict[str, list[int]] = defaultdict(list)
    above = list(range(len(some)))

    def top(at: int) -> int:
        while above[at] != at:
            above[at] = above[above[at]]
            at = above[at]
        return at

    for at, one in enumerate(some):
        rarest = sorted(one.words, key=lambda word: (how_often[word], word))
        rarer = rarest[: len(rarest) // 2 + 1]
        for other in {other for word in rarer for other in having[word][-_COMPARED:]}:
            if top(other) != top(at) and _is_similar(one, some[other]):
                above[top(at)] = top(other)
        for word in rarer:
            having[word].append(at)
    groups: dict[int, list[str]] = defaultdict(list)
    for at, one in enumerate(some):
        groups[top(at)].append(one.ref)
    yield from (tuple(refs) for refs in groups.values() if len(refs) > 1)


def _is_similar(one: _Wording, other: _Wording) -> bool:
    if other.ref in one.linked:
        return False
    return fulltext.likeness(one.words, other.words) >= fulltext.ALIKE
