"""Full-text search: records by their words, and entries similar to one about to be written.

Queries and records are split into words by the same function, `fulltext.tokens`. Only these words
reach the database, so that a user's text cannot contain query syntax.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Float,
    String,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from claimtrack import fulltext, records
from claimtrack.db import Session, is_masked
from claimtrack.errors import InvalidValue, UnknownRef
from claimtrack.fulltext import ALIKE, FULLTEXT
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.lookup.rows import EntryRow
from claimtrack.lookup.search_terms import MOST_WORDS, SearchTerms, read_terms
from claimtrack.lookup.spellings import Phrase, spellings
from claimtrack.models import Actor, Citation, Document, Entry, Measure, Named, Proposition
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import spans_overlap
from claimtrack.schemas import NewEntry
from claimtrack.sql import stream
from claimtrack.vocab import EntryKind

SEARCHABLE = (
    "actor",
    "document",
    "proposition",
    "measure",
    "entry",
    *(kind.value for kind in EntryKind),
)
"""The values that the argument `kinds` of a search accepts; `entry` is all kinds of entry."""


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A record that has the words.

    Attributes:
        kind: `actor`, `document`, `proposition`, `measure`, or the kind of the entry.
        ref: Its ref.
        text: Its name, title (else address), text or summary.
        score: How well it fits, more is better; comparable within one search alone.
        matched: `all` if it meets the whole search; `some` if no record does, and this one has
            some of the words.
    """

    kind: str
    ref: str
    text: str
    score: float
    matched: str


def search(
    session: Session, words: str, *, kinds: Collection[str] = (), limit: int | None = None
) -> Iterator[SearchRow]:
    """Stream the records that contain all the words, the best match first, then by ref and kind.

    If no record contains all of them, streams those that contain some. A word is found in any of
    its English forms, in any case, with or without diacritics; the most common English words are
    ignored. See `search_terms` for phrases, alternatives and words to leave out. Names are also
    found in the other spellings that the casebook has of them (see `spellings`). Sends two
    statements, and one more if no record contains all words.

    Raises:
        InvalidValue: There are no words to search for, or too many, or a kind is not searchable.
    """
    terms = read_terms(words)
    for name in kinds:
        if name not in SEARCHABLE:
            raise InvalidValue("kind", name, f"one of {', '.join(SEARCHABLE)}")
    spelled = _with_spellings(session, terms)
    rows = _find(session, spelled, kinds, limit, every=True)
    first = next(rows, None)
    if first is not None:
        yield first
        yield from rows
    elif len(terms.required) > 1:
        yield from _find(session, spelled, kinds, limit, every=False)


def _with_spellings(session: Session, terms: SearchTerms) -> SearchTerms:
    """Return terms with the other spellings of their names as alternatives; one statement."""
    phrases = [*(phrase for group in terms.required for phrase in group), *terms.excluded]
    found = dict(zip(phrases, spellings(session, phrases), strict=True))
    return SearchTerms(
        [[one for phrase in group for one in found[phrase]] for group in terms.required],
        [one for phrase in terms.excluded for one in found[phrase]],
    )


def _find(
    session: Session,
    terms: SearchTerms,
    kinds: Collection[str],
    limit: int | None,
    *,
    every: bool,
) -> Iterator[SearchRow]:
    """Stream the records that have every required term, or any of them; one statement."""
    condition, score = _matching(session, terms, every=every)
    kind = func.coalesce(type_coerce(Entry.kind, String), FULLTEXT.c.kind)
    text = func.coalesce(
        *(Entry.summary, Proposition.text, Measure.text, Actor.name, Document.title, Document.url),
        FULLTEXT.c.ref,
    )
    searched = (Entry, Proposition, Measure, Actor, Document)
    query = (
        select(kind.label("kind"), FULLTEXT.c.ref, text.label("text"), score.label("score"))
        .select_from(FULLTEXT)
        .outerjoin(Entry, _is("entry", Entry))
        .outerjoin(Proposition, _is("proposition", Proposition))
        .outerjoin(Measure, _is("measure", Measure))
        .outerjoin(Actor, _is("actor", Actor))
        .outerjoin(Document, _is("document", Document))
        .where(condition, or_(*(model.id.is_not(None) for model in searched)))
        .order_by(score.desc(), FULLTEXT.c.ref, kind)
        .limit(limit)
    )
    if kinds:
        query = query.where(or_(kind.in_(kinds), FULLTEXT.c.kind.in_(kinds)))
    for row in stream(session, query):
        matched = "all" if every else "some"
        yield SearchRow(row.kind, row.ref, row.text, row.score, matched)


def similar_entries(session: Session, record: NewEntry) -> list[EntryRow]:
    """Return entries that a record about to be written may duplicate, the most similar first.

    At most 10, of the 200 best full-text matches. They have the same actor or cite one of its
    documents, their dates may be the same (an open end, or no date, is compatible with any), and
    both summaries contain at least half of all the words of the two, except the most common ones.
    The record itself is left out. Sends two statements, and one to find its actor.
    """
    words = fulltext.content(record.summary)
    if not words:
        return []
    any_word = SearchTerms([[(word,)] for word in sorted(words)[:MOST_WORDS]], [])
    condition, score = _matching(session, any_word, every=False)
    bounds = literal(record.date_from, Date), literal(record.date_to, Date)
    candidates = (
        select(Entry.ref, Entry.summary)
        .select_from(FULLTEXT)
        .join(Entry, _is("entry", Entry))
        .where(condition, Entry.ref != record.ref, _shares_origin(session, record))
        .where(spans_overlap((Entry.date_from, Entry.date_to), bounds))
        .order_by(score.desc(), Entry.ref)
        .limit(200)
    )
    alike: dict[str, float] = {}
    for ref, summary in session.execute(candidates):
        share = fulltext.likeness(words, fulltext.content(summary))
        if share >= ALIKE:
            alike[ref] = share
    best = sorted(alike, key=lambda ref: (-alike[ref], ref))[:10]
    whole = Filters(include_superseded=True)
    found = listed(session, LISTINGS["entry"], whole, Entry.ref.in_(best)) if best else ()
    return sorted(found, key=lambda row: best.index(row.ref))


def _shares_origin(session: Session, record: NewEntry) -> ColumnElement[bool]:
    """Whether an entry is of the record's actor, or cites a document that the record cites."""
    try:
        same_actor = Entry.actor_id == records.get(session, Actor, record.actor).id
    except UnknownRef:
        same_actor = false()
    cited, document = aliased(Document), aliased(Document)
    refs = [citation.document for citation in record.citations]
    origins = select(_itself(session, cited)).where(cited.ref.in_(refs))
    shared = (
        select(Citation.id)
        .join(document, document.id == Citation.document_id)
        .where(Citation.entry_id == Entry.id)
        .where(_itself(session, document).in_(origins))
    )
    return or_(same_actor, shared.exists()) if refs else same_actor


def _itself(session: Session, document: type[Document]) -> ColumnElement[int]:
    """Return the key of a document, or of its canonical document if it is another address.

    In a session that hides protected documents, their other addresses keep their own keys.
    """
    itself = func.coalesce(document.canonical_id, document.id)
    if not is_masked(session):
        return itself
    secret = select(Document.id).where(Document.protected.is_(True))
    apart = or_(document.protected.is_(True), document.canonical_id.in_(secret))
    return case((apart, document.id), else_=itself)


def _is(kind: str, model: type[Named]) -> ColumnElement[bool]:
    """Whether an indexed record is the row of a model, under the ref that the session may see.

    The row is found by its key, since the masked refs of protected records have no index.
    """
    number, _ = fulltext.SEARCHED[kind]
    of_key = model.id == (FULLTEXT.c.rowid - number) // fulltext.TABLE_SLOTS
    return and_(FULLTEXT.c.kind == kind, of_key, FULLTEXT.c.ref == model.ref)


def _matching(
    session: Session, terms: SearchTerms, *, every: bool
) -> tuple[ColumnElement[bool], ColumnElement[float]]:
    """Return the condition that a record matches, and the expression of its score.

    Args:
        session: The session.
        terms: The terms, with all spellings of their names.
        every: Whether a record must meet every group of required phrases; else any.
    """
    if session.get_bind().dialect.name == "sqlite":
        expression = _query(terms, " ", '"', " OR ", " AND " if every else " OR ", " NOT ")
        condition = FULLTEXT.c.words.op("MATCH")(expression)
        withheld = session.state.mask.pseudonyms
        bm25 = -func.bm25(literal_column("fulltext"), type_=Float)
        return condition, _fit_of_record() if withheld else bm25
    english: ColumnElement[Any] = literal_column("'pg_catalog.english'::regconfig")
    expression = _query(terms, "' <-> '", "'", " | ", " & " if every else " | ", " & !")
    query = func.to_tsquery(english, expression)
    vector: ColumnElement[Any] = literal_column("fulltext.vector")
    by_length = 1  # divides by 1 + log(length), as bm25 weighs long documents down
    return vector.op("@@")(query), func.ts_rank(vector, query, by_length, type_=Float)


def _fit_of_record() -> ColumnElement[float]:
    """Return the score of a record on SQLite, computed from this record alone.

    That is bm25 without the rarity of a word and the mean length of all records, which would give
    away whether protected records have the word: k1 = 1.2, b = 0.75.
    """
    words = FULLTEXT.c.words
    marked = func.highlight(literal_column("fulltext"), 2, "*", "")  # tokens hold no such sign
    found = func.length(marked) - func.length(words)
    length = func.length(words) / _USUAL_LENGTH
    return type_coerce(found * 2.2 / (found + 0.3 + 0.9 * length), Float)


_USUAL_LENGTH = 100.0
"""The typical number of characters of a summary."""


def _query(
    terms: SearchTerms, then: str, quote: str, either: str, between: str, without: str
) -> str:
    """Return terms in the query language of a database; words are letters and digits only.

    Args:
        terms: The terms.
        then: Operator between words that follow each other.
        quote: Stands at both ends of a phrase.
        either: Operator between alternatives.
        between: Operator between the groups of required phrases.
        without: Stands before what is excluded.
    """

    def spell(phrases: Sequence[Phrase]) -> str:
        spelled = [f"{quote}{then.join(phrase)}{quote}" for phrase in phrases]
        return f"({either.join(f'({one})' for one in spelled)})"

    required = f"({between.join(map(spell, terms.required))})"
    return f"{required}{without}{spell(terms.excluded)}" if terms.excluded else required
