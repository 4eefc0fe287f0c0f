"""Fetching what lines of a briefing need besides their own rows, for many lines at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.lookup import names_of
from claimtrack.models import Actor, Document, Entry
from claimtrack.query.figure_grounds import ConflictingFigures, get_conflicts
from claimtrack.query.filters import Filters, match_filters
from claimtrack.query.pair_judgements import Judgement, PairRefs, get_judgements
from claimtrack.reports.citations import CitationRow, get_citations
from claimtrack.sql import batches, is_one_of, stream


class Needs(NamedTuple):
    """What a line mentions, by ref.

    Attributes:
        entries: Entries whose documents are marked.
        actors: Actors that are named.
        propositions: Propositions whose texts are quoted.
        pairs: Pairs of entries whose judges are named.
        measures: Measures whose texts are quoted.
        figures: Pairs of entries whose conflicting figures are named.
    """

    entries: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    propositions: tuple[str, ...] = ()
    pairs: tuple[PairRefs, ...] = ()
    measures: tuple[str, ...] = ()
    figures: tuple[PairRefs, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A document in its footnote.

    Attributes:
        ref: Its ref; for another address of a document, that of the document.
        publisher: The ref of its publisher.
        title: Its title.
        url: Its address.
        published_from: The first day on which it may have been published.
        published_to: The last.
        others: Its other addresses.
    """

    ref: str
    publisher: str
    title: str | None
    url: str | None
    published_from: date | None
    published_to: date | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookups:
    """What was fetched for some lines.

    Attributes:
        actors: Names, by ref.
        propositions: Texts, by ref.
        cited: Citations, by the ref of the entry.
        sources: Footnotes, by the ref of any cited document.
        judged: The judges who contradict and who reconcile pairs.
        here: The entries that have their own place in the briefing.
        measures: Texts of measures, by ref.
        conflicts: The figures of pairs that cannot both be right.
    """

    actors: Mapping[str, str]
    propositions: Mapping[str, str]
    cited: Mapping[str, list[CitationRow]]
    sources: Mapping[str, Source]
    judged: Mapping[PairRefs, tuple[Judgement, ...]]
    here: Collection[str]
    measures: Mapping[str, str]
    conflicts: Mapping[PairRefs, Sequence[ConflictingFigures]]

    def actor(self, ref: str) -> str:
        """Return an actor's name, with its ref where that differs."""
        name = self.actors.get(ref, ref)
        return name if name == ref else f"{name} ({ref})"

    def proposition(self, ref: str) -> str:
        """Return the text of a proposition in quotation marks, with its ref."""
        return f"{quoted(self.propositions.get(ref, ref))} ({ref})"

    def measure(self, ref: str) -> str:
        """Return the text of a measure in quotation marks, with its ref."""
        return f"{quoted(self.measures.get(ref, ref))} ({ref})"


def quoted(words: str) -> str:
    """Return words in quotation marks, unless they begin and end with some of their own."""
    own = len(words) > 1 and words[0] in _MARKS and words[-1] in _MARKS
    return words if own else f"“{words}”"


_MARKS = '"“”„‟«»「」『』'


def look_up(session: Session, filters: Filters, several: Iterable[Needs]) -> Lookups:
    """Fetch what lines need; some statements for each 500 lines."""
    entries, actors, propositions, pairs, measures, figures = (
        {one for needs in part for one in needs} for part in zip(*several, strict=True)
    )
    cited = get_citations(session, entries, filters)
    sources = _sources(session, {row.document_ref for rows in cited.values() for row in rows})
    return Lookups(
        actors=names_of(session, "actor", actors.union(one.publisher for one in sources.values())),
        propositions=names_of(session, "proposition", propositions),
        cited=cited,
        sources=sources,
        judged=get_judgements(session, filters, sorted(pairs)),
        here=_select_entries(session, filters, entries),
        measures=names_of(session, "measure", measures),
        conflicts=get_conflicts(session, filters, sorted(figures)),
    )


def _select_entries(
    session: Session, filters: Filters, entries: Collection[str]
) -> Collection[str]:
    """Return which of some entries the filters choose, so that the briefing has them."""
    if filters == Filters():
        return entries  # what nothing supersedes: others are not mentioned
    conditions = [Entry.ref.in_(entries), *match_filters(Entry, filters)]
    return frozenset(session.scalars(select(Entry.ref).where(*conditions)))


# --- documents ------------------------------------------------------------------------------------


def _sources(session: Session, documents: Iterable[str]) -> dict[str, Source]:
    """Return the footnotes of some documents, by ref; three statements for each 500."""
    found: dict[str, Source] = {}
    for some in batches(iter(sorted(documents))):
        itself = dict(_rows(session, _canonical(), some))
        canonical = sorted(set(itself.values()))
        others: dict[str, list[str]] = {ref: [] for ref in canonical}
        for ref, url in _rows(session, _addresses(), canonical):
            others[ref].append(url)
        sources = {
            row.ref: Source(**row._mapping, others=tuple(others[row.ref]))
            for row in _rows(session, _described(), canonical)
        }
        found.update((ref, sources[of]) for ref, of in itself.items())
    return found


def _rows(session: Session, query: Select[*tuple[Any, ...]], refs: list[str]) -> Iterator[Any]:
    return stream(session, query, {"refs": refs})


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _canonical() -> Select[str, str]:
    document, canonical = aliased(Document), aliased(Document)
    return (
        select(document.ref, func.coalesce(canonical.ref, document.ref))
        .outerjoin(canonical, canonical.id == document.canonical_id)
        .where(is_one_of(document.ref, "refs"))
    )


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _described() -> Select[*tuple[Any, ...]]:
    columns = (Document.title, Document.url, Document.published_from, Document.published_to)
    return (
        select(Document.ref, Actor.ref.label("publisher"), *columns)
        .join(Actor, Actor.id == Document.publisher_id)
        .where(is_one_of(Document.ref, "refs"))
    )


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _addresses() -> Select[str, str | None]:
    address, canonical = aliased(Document), aliased(Document)
    return (
        select(canonical.ref, address.url)
        .join(canonical, canonical.id == address.canonical_id)
        .where(is_one_of(canonical.ref, "refs"), address.url.is_not(None))
        .order_by(address.url)
    )
